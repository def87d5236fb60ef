package store

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"crosscheck/internal/model"
)

// ids are the ids of articles.
func ids(list []*model.Article) []string {
	out := make([]string, len(list))
	for i, a := range list {
		out[i] = a.ID
	}
	return out
}

func testStoriesByHand(t *testing.T, s *Store) {
	ctx := t.Context()
	var list []*model.Article
	for i, name := range []string{"one", "two", "three", "four"} {
		a := sample("ostmere", name, "Text of "+name+".", at(9+i, 0))
		must(s.SaveArticle(ctx, a))(t)
		check(t, s.AssignStory(ctx, Assignment{Article: a.ID, Story: "s" + string(rune('1'+i/2))}))
		list = append(list, a)
	}
	check(t, s.AssignStory(ctx, Assignment{Article: list[1].ID, Story: "s1", CopyOf: list[0].ID, Share: 1}))

	merge := must(s.MoveArticles(ctx, "merge", "s1", "s2", nil, "Ada", at(15, 0)))(t)
	if st := must(s.Story(ctx, "s1"))(t); st.ID != "s2" || st.Articles != 4 {
		t.Errorf("after the merge s1 leads to %+v", st)
	}
	check(t, s.AssignStory(ctx, Assignment{Article: list[2].ID, Story: "s9"})) // the machine thinks otherwise
	if got := must(s.StoryArticleIDs(ctx, "s2"))(t); !cmp.Equal(got, ids(list)) {
		t.Errorf("articles after the machine: %v", got)
	}
	split := must(s.MoveArticles(ctx, "split", "s1", "", []string{list[0].ID}, "Ada", at(16, 0)))(t)
	if split.ID != "s2" || len(split.Parts) != 2 { // the copy goes along
		t.Errorf("split = %+v", split)
	}
	if got := must(s.StoryArticleIDs(ctx, split.Other))(t); !cmp.Equal(got, ids(list[:2])) {
		t.Errorf("the story split off has %v", got)
	}
	move := must(s.MoveArticles(ctx, "move", "s2", split.Other, []string{list[3].ID}, "Bo", at(17, 0)))(t)
	if got := must(s.StoryArticleIDs(ctx, "s2"))(t); !cmp.Equal(got, ids(list[2:3])) {
		t.Errorf("after the move s2 has %v", got)
	}
	if d := cmp.Diff([]model.Decision{*merge, *split, *move}, must(s.DecisionsSince(ctx, 0))(t)); d != "" {
		t.Errorf("decisions (-want +got):\n%s", d)
	}
	if got := must(s.Decisions(ctx, "story", split.Other, 9))(t); len(got) != 2 || got[0].Who != "Bo" {
		t.Errorf("decisions on %s: %+v", split.Other, got)
	}
	for _, bad := range []struct {
		verb, id, other string
		parts           []string
		want            error
	}{
		{"merge", "s2", "s2", nil, model.ErrConflict},
		{"merge", "s2", "none", nil, model.ErrNotFound},
		{"merge", "none", "s2", nil, model.ErrNotFound},
		{"split", "s2", "", nil, model.ErrInvalid},
		{"split", "s2", "", []string{list[2].ID}, model.ErrConflict},
		{"move", "s2", split.Other, []string{"none"}, model.ErrNotFound},
	} {
		if _, err := s.MoveArticles(ctx, bad.verb, bad.id, bad.other, bad.parts, "Ada", at(18, 0)); !errors.Is(err, bad.want) {
			t.Errorf("%s %s %s %v = %v, want %v", bad.verb, bad.id, bad.other, bad.parts, err, bad.want)
		}
	}
}

// claims puts the only statement of each article into a claim and returns the
// statements' ids.
func claims(t *testing.T, s *Store, articles []*model.Article, claim string, attitude ...model.Stance) []string {
	t.Helper()
	var out []string
	for i, a := range articles {
		st := must(s.Statements(t.Context(), a.ID))(t)[0]
		as := ClaimAssignment{Statement: st.ID, Claim: claim, Attitude: attitude[i], Why: `{"near":"x"}`}
		check(t, s.AssignClaims(t.Context(), a.ID, a.Revision, []ClaimAssignment{as}, []ClaimText{{claim, st.ID, "words of " + st.Speaker}}))
		out = append(out, st.ID)
	}
	return out
}

func testClaims(t *testing.T, s *Store) {
	ctx := t.Context()
	one := voice(t, s, "ostmere", "1", "Mara Lind", "", at(9, 0))
	two := voice(t, s, "wire", "2", "Mara Lind", "", at(10, 0))
	three := voice(t, s, "kestria", "3", "Bo Dahl", "", at(11, 0))
	if got := must(s.Pending(ctx, StageClaim, 9))(t); len(got) != 0 {
		t.Errorf("articles not yet in a story wait for claims: %v", got)
	}
	for _, a := range []*model.Article{one, two, three} {
		check(t, s.AssignStory(ctx, Assignment{Article: a.ID, Story: "s1"}))
	}
	if got := must(s.Pending(ctx, StageClaim, 9))(t); len(got) != 3 {
		t.Errorf("pending = %v, want 3", got)
	}
	said := claims(t, s, []*model.Article{one, two, three}, "c1", model.StanceAsserts, model.StanceAsserts, model.StanceDenies)
	want := model.Claim{
		ID: "c1", Text: "words of Bo Dahl", Statement: said[2], Started: at(9, 0), Latest: at(11, 0),
		Statements: 3, Origins: 3, Speakers: 2, Upheld: 1, Disputed: 1,
	}
	if d := cmp.Diff(want, *must(s.Claim(ctx, "c1"))(t)); d != "" {
		t.Errorf("claim (-want +got):\n%s", d)
	}
	if got := must(s.ClaimWhy(ctx, "c1"))(t); len(got) != 3 || got[said[0]] != `{"near":"x"}` {
		t.Errorf("why = %v", got)
	}
	// One turns out to be a copy: its words are no second origin.
	check(t, s.AssignStory(ctx, Assignment{Article: two.ID, Story: "s1", CopyOf: one.ID, Share: 1}))
	want.Origins = 2
	if d := cmp.Diff([]model.Claim{want}, must(s.StoryClaims(ctx, "s1"))(t)); d != "" {
		t.Errorf("claims of the story (-want +got):\n%s", d)
	}
	if got := must(s.Claims(ctx, model.ClaimQuery{Disputed: true, Carried: true, Limit: 9}))(t); len(got) != 1 {
		t.Errorf("disputed claims = %v", got)
	}
	ledger := must(s.ClaimLedger(ctx, "c1", "c9"))(t)
	if len(ledger) != 3 || ledger[1].CopyOf != one.ID || ledger[2].Attitude != model.StanceDenies || ledger[0].Text == "" {
		t.Errorf("ledger = %+v", ledger)
	}
	// The words change: the statements of the old revision leave the claim.
	check(t, s.SaveStatements(ctx, three.ID, 1, nil))
	if got := must(s.Claim(ctx, "c1"))(t); got.Disputed != 0 || got.Statements != 2 {
		t.Errorf("claim without its denial = %+v", got)
	}
	if got := must(s.Pending(ctx, StageClaim, 9))(t); !cmp.Equal(got, []string{three.ID}) {
		t.Errorf("pending after statements were found anew = %v", got)
	}
	// All of a claim goes into another: its id leads there.
	claims(t, s, []*model.Article{one, two}, "c2", model.StanceAsserts, model.StanceAsserts)
	if got := must(s.Claim(ctx, "c1"))(t); got.ID != "c2" {
		t.Errorf("c1 leads to %+v", got)
	}
	if _, err := s.Claim(ctx, "none"); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("Claim(none) = %v", err)
	}
}

func testClaimsByHand(t *testing.T, s *Store) {
	ctx := t.Context()
	var list []*model.Article
	for i, name := range []string{"Mara Lind", "Bo Dahl", "Ida Holm"} {
		a := voice(t, s, "ostmere", name, name, "", at(9+i, 0))
		check(t, s.AssignStory(ctx, Assignment{Article: a.ID, Story: "s1"}))
		list = append(list, a)
	}
	said := claims(t, s, list[:2], "c1", model.StanceAsserts, model.StanceAsserts)
	said = append(said, claims(t, s, list[2:], "c2", model.StanceDenies)...)
	must(s.MoveStatements(ctx, "merge", "c2", "c1", nil, "Ada", at(15, 0)))(t)
	if c := must(s.Claim(ctx, "c2"))(t); c.ID != "c1" || c.Statements != 3 {
		t.Errorf("after the merge c2 leads to %+v", c)
	}
	must(s.SetAttitude(ctx, said[1], model.StanceDoubts, "Ada", at(16, 0)))(t)
	// The statements are found anew and the machine thinks otherwise.
	for _, a := range list {
		check(t, s.SaveStatements(ctx, a.ID, 1, must(s.Statements(ctx, a.ID))(t)))
	}
	claims(t, s, list, "c7", model.StanceConfirms, model.StanceConfirms, model.StanceConfirms)
	c := must(s.Claim(ctx, "c1"))(t)
	if c.Statements != 3 || c.Upheld != 2 || c.Disputed != 1 {
		t.Errorf("claim after the machine = %+v", c)
	}
	if got := must(s.Claimables(ctx, list[1].ID))(t); len(got) != 1 || !got[0].Pinned || got[0].Claim != "c1" || got[0].Attitude != model.StanceDoubts {
		t.Errorf("claimables = %+v", got)
	}
	split := must(s.MoveStatements(ctx, "split", "c1", "", said[:1], "Ada", at(17, 0)))(t)
	if c := must(s.Claim(ctx, split.Other))(t); c.Statements != 1 || c.Statement != said[0] || c.Text == "" {
		t.Errorf("the claim split off = %+v", c)
	}
	if c := must(s.Claim(ctx, "c1"))(t); c.Statement == said[0] || c.Text == "" {
		t.Errorf("what is left of the claim = %+v", c)
	}
	if _, err := s.SetAttitude(ctx, said[0], "shrugs", "Ada", at(18, 0)); !errors.Is(err, model.ErrInvalid) {
		t.Errorf("SetAttitude(shrugs) = %v", err)
	}
	if _, err := s.SetAttitude(ctx, "none", model.StanceDoubts, "Ada", at(18, 0)); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("SetAttitude(none) = %v", err)
	}
	got := must(s.Decisions(ctx, "claim", "c1", 9))(t)
	want := []model.Decision{{Noun: "claim", Verb: "split", ID: "c1"}, {Noun: "claim", Verb: "attitude", ID: "c1"}, {Noun: "claim", Verb: "merge", ID: "c2"}}
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(model.Decision{}, "N", "Other", "Parts", "Who", "At")); d != "" {
		t.Errorf("decisions (-want +got):\n%s", d)
	}
}
