package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

// A timeline as it was known has statements in the claims and with the attitudes
// they had then, and what followed from that.
func testSituationReplay(t *testing.T, s *Store) {
	ctx := t.Context()
	id := newSituation(t, s, model.Situation{Words: []string{"bridge"}})
	nine := report{
		outlet: "p", name: "nine", text: "Our bridge is down, said Cy Moe.", at: at(9, 0), story: "fall",
		said: []claimed{{"Our bridge is down", "Cy Moe", "c", model.StanceAsserts}},
	}.file(t, s)
	ten := report{
		outlet: "o", name: "ten", text: "The bridge has fallen, said Bo Lind.", at: at(10, 0), story: "fall",
		said: []claimed{{"The bridge has fallen", "Bo Lind", "c", model.StanceAsserts}},
	}.file(t, s)
	eleven := report{
		outlet: "q", name: "eleven", text: "The bridge stands, said Bo Lind.", at: at(11, 0), story: "fall",
		said: []claimed{{"The bridge stands", "Bo Lind", "c", model.StanceDenies}},
	}.file(t, s)
	other := report{
		outlet: "q", name: "other", text: "The bridge is old, said Di Roe.", at: at(11, 30), story: "old",
		said: []claimed{{"The bridge is old", "Di Roe", "d", model.StanceAsserts}},
	}.file(t, s)
	first := must(s.SituationEntries(ctx, id, model.EntryQuery{}))(t)
	again := func() {
		t.Helper()
		for _, a := range []*model.Article{nine, ten, eleven, other} {
			check(t, s.Situate(ctx, a.ID))
		}
	}
	statement := func(a *model.Article) string { return must(s.Statements(ctx, a.ID))(t)[0].ID }
	split := must(s.MoveStatements(ctx, "split", "c", "", []string{statement(eleven)}, "Ada", at(15, 0)))(t).Other
	again()
	second := must(s.SituationEntries(ctx, id, model.EntryQuery{}))(t)
	must(s.SetAttitude(ctx, statement(nine), model.StanceDenies, "Ada", at(16, 0)))(t)
	again()
	must(s.MoveStatements(ctx, "merge", "d", split, nil, "Ada", at(17, 0)))(t)
	again()
	// Read anew, with the same outcome: what was before stays known.
	check(t, s.SaveStatements(ctx, nine.ID, 1, must(s.Statements(ctx, nine.ID))(t)))
	check(t, s.AssignClaims(ctx, nine.ID, 1, []ClaimAssignment{{Statement: statement(nine), Claim: "c", Attitude: model.StanceDenies}}, nil))
	again()

	of := func(known time.Time, q model.EntryQuery) []model.Entry {
		t.Helper()
		q.Known = known
		return must(s.SituationEntries(ctx, id, q))(t)
	}
	if d := cmp.Diff(first, of(at(14, 0), model.EntryQuery{})); d != "" {
		t.Errorf("before the split (-then +replayed):\n%s", d)
	}
	if d := cmp.Diff(second, of(at(15, 30), model.EntryQuery{})); d != "" {
		t.Errorf("after the split (-then +replayed):\n%s", d)
	}
	said := []model.EntryKind{model.EntryAsserted, model.EntryDenied, model.EntryReversal}
	for _, c := range []struct {
		name  string
		known time.Time
		q     model.EntryQuery
		want  []string
	}{
		{"a claim that has ended since", at(16, 30), model.EntryQuery{Kinds: said, Claim: "d"}, []string{"11:30 asserted The bridge is old"}},
		{"a claim that came later", at(14, 0), model.EntryQuery{Claim: split}, nil},
		{"a speaker who had not changed sides", at(14, 0), model.EntryQuery{Kinds: said[:2], Claims: []string{"c"}}, []string{"11:00 denied The bridge stands", "09:00 asserted Our bridge is down"}},
		{"the attitude by hand", at(16, 30), model.EntryQuery{Kinds: said, Claim: "c"}, []string{"10:00 asserted The bridge has fallen", "09:00 denied Our bridge is down"}},
		{"stories", at(14, 0), model.EntryQuery{Kinds: []model.EntryKind{model.EntryStory}, To: at(11, 0)}, []string{"09:00 story About nine"}},
	} {
		if d := cmp.Diff(c.want, lines(of(c.known, c.q))); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
	var paged []model.Entry
	for q := (model.EntryQuery{Limit: 2}); ; {
		page := of(at(14, 0), q)
		paged = append(paged, page...)
		if len(page) < q.Limit {
			break
		}
		q.Before = page[1].ID
	}
	if d := cmp.Diff(first, paged); d != "" {
		t.Errorf("page by page (-at once +paged):\n%s", d)
	}
	for _, e := range first {
		if d := cmp.Diff(&e, must(s.SituationEntry(ctx, id, e.ID, at(14, 0)))(t)); d != "" {
			t.Errorf("one entry (-then +replayed):\n%s", d)
		}
	}
}
