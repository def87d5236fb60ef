package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"crosscheck/internal/claim"
	"crosscheck/internal/model"
	"crosscheck/internal/store"
)

// claim puts the statements of an article into claims. Earlier statements that
// turn out to be about the same proposition are moved with them.
func (a *App) claim(ctx context.Context, id string) error {
	a.grouping.Lock()
	defer a.grouping.Unlock()
	done, err := a.store.Done(ctx, store.StageClaim, id)
	if err != nil || done {
		return err
	}
	if err := a.takeUp(ctx); err != nil {
		return err
	}
	art, err := a.store.Article(ctx, id)
	if err != nil {
		return err
	}
	list, err := a.store.Claimables(ctx, id)
	if err != nil {
		return err
	}
	out := slices.Clone(a.reread)
	for i := range list {
		st := claimStatement(&list[i], art)
		if !st.Pinned {
			st.Claim, st.Attitude = "", ""
		}
		out = append(out, claimAssignments(a.claims.Add(st))...)
	}
	if err := a.store.AssignClaims(ctx, id, art.Revision, out, a.claimTexts(out)); err != nil {
		return err
	}
	a.reread = nil
	a.web.Notify("article")
	return a.bus.Publish(ctx, subjectClaimed, id, fmt.Sprint(art.Revision))
}

// readAgain keeps what is to be stored with the next claims.
func (a *App) readAgain(list []claim.Assignment) {
	for _, as := range claimAssignments(list) {
		a.reread = append(slices.DeleteFunc(a.reread, func(o store.ClaimAssignment) bool { return o.Statement == as.Statement }), as)
	}
}

// claimAssignments is what the store keeps of assignments.
func claimAssignments(list []claim.Assignment) []store.ClaimAssignment {
	out := make([]store.ClaimAssignment, len(list))
	for i, as := range list {
		why, _ := json.Marshal(as.Why) // strings and finite numbers
		out[i] = store.ClaimAssignment{Statement: as.ID, Claim: as.Claim, Attitude: as.Stance, Why: string(why)}
	}
	return out
}

// claimTexts are the clearest words of the claims that were assigned to.
func (a *App) claimTexts(list []store.ClaimAssignment) []store.ClaimText {
	var out []store.ClaimText
	seen := map[string]bool{}
	for _, as := range list {
		if seen[as.Claim] {
			continue
		}
		seen[as.Claim] = true
		if id, words := a.claims.Clearest(as.Claim); id != "" {
			out = append(out, store.ClaimText{Claim: as.Claim, Statement: id, Text: words})
		}
	}
	return out
}

// claimStatement is what the claim stage needs of a statement.
func claimStatement(c *store.Claimable, art *model.Article) claim.Statement {
	return claim.Statement{
		ID: c.ID, Article: c.Article, Title: art.Title, Outlet: art.Outlet, At: articleTime(art), Seen: art.FirstSeen,
		Speaker: c.Speaker, SpeakerKey: c.Voice(), SpeakerType: c.SpeakerType, Stance: c.Stance,
		Content: c.Text, Claim: c.Claim, Attitude: c.Attitude, Pinned: c.Pinned,
	}
}

// restoreClaims fills the claim grouper with the statements of an article, as
// they were grouped before the program stopped.
func (a *App) restoreClaims(ctx context.Context, art *model.Article) error {
	list, err := a.store.Claimables(ctx, art.ID)
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].Claim != "" {
			st := claimStatement(&list[i], art)
			st.Restored = true
			a.claims.Add(st)
		}
	}
	return nil
}

// takeUp tells the groupers what people have decided since the last time.
func (a *App) takeUp(ctx context.Context) error {
	list, err := a.store.DecisionsSince(ctx, a.decided)
	if err != nil {
		return err
	}
	for _, d := range list {
		if err := a.takeUpOne(ctx, d); err != nil {
			return err
		}
		a.decided = d.N
	}
	return nil
}

func (a *App) takeUpOne(ctx context.Context, d model.Decision) error {
	for _, id := range []string{d.ID, d.Other} {
		switch {
		case d.Noun == "story":
			articles, err := a.store.StoryArticleIDs(ctx, id)
			if err != nil {
				return err
			}
			a.grouper.Move(articles, id, true) // the store has moved them already
		case d.Verb != "attitude":
			statements, err := a.store.ClaimStatementIDs(ctx, id)
			if err != nil {
				return err
			}
			a.readAgain(a.claims.Move(statements, id))
		}
	}
	return nil
}
