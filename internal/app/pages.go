package app

import (
	"context"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/store"
	"crosscheck/internal/web"
)

// pages is the store as the web sees it.
type pages struct {
	*store.Store
	now func() time.Time
}

// Stories implements web.Store.
func (p pages) Stories(ctx context.Context, limit int, before time.Time) ([]model.Story, error) {
	return p.Store.Stories(ctx, store.StoryQuery{Limit: limit, Before: before})
}

// Counts implements web.Store.
func (p pages) Counts(ctx context.Context) (map[string]int64, error) {
	c, err := p.Store.Counts(ctx)
	return map[string]int64{
		"sources": c.Sources, "articles": c.Articles, "statements": c.Statements, "stories": c.Stories,
	}, err
}

// DeadLetters implements web.Store.
func (p pages) DeadLetters(ctx context.Context, limit int) ([]web.DeadLetter, error) {
	letters, err := p.Store.DeadLetters(ctx, limit)
	out := make([]web.DeadLetter, len(letters))
	for i, l := range letters {
		out[i] = web.DeadLetter{Stage: l.Stage, ID: l.ID, Error: l.Problem, Attempts: l.Attempts, At: l.At}
	}
	return out, err
}

// Decide implements web.Store. The stages take it up with the next article.
func (p pages) Decide(ctx context.Context, d model.Decision) (*model.Decision, error) {
	return decide(ctx, p.Store, d)
}

// decide carries out a decision of a person.
func decide(ctx context.Context, st *store.Store, d model.Decision) (*model.Decision, error) {
	switch {
	case d.Noun == "story":
		return st.MoveArticles(ctx, d.Verb, d.ID, d.Other, d.Parts, d.Who, d.At)
	case d.Verb == "attitude":
		var last *model.Decision
		for _, id := range d.Parts {
			var err error
			if last, err = st.SetAttitude(ctx, id, model.Stance(d.Other), d.Who, d.At); err != nil {
				return nil, err
			}
		}
		return last, nil
	}
	return st.MoveStatements(ctx, d.Verb, d.ID, d.Other, d.Parts, d.Who, d.At)
}
