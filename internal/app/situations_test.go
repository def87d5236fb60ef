package app

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"crosscheck/internal/demo"
	"crosscheck/internal/model"
	"crosscheck/internal/store"
	"crosscheck/internal/testkit"
)

// timeline is all of a situation's timeline at a time, page by page.
func timeline(t *testing.T, st *store.Store, id string, known time.Time) []model.Entry {
	t.Helper()
	var out []model.Entry
	for q := (model.EntryQuery{Limit: 100, Known: known}); ; q.Before = out[len(out)-1].ID {
		page, err := st.SituationEntries(t.Context(), id, q)
		if err != nil {
			t.Fatal(err)
		}
		if out = append(out, page...); len(page) < q.Limit {
			return out
		}
	}
}

// TestSituation plays the script with a situation there from the start and
// another with the same definition that comes at the end: both are the same, and
// the first one, asked what was known at an hour, says what it said then.
func TestSituation(t *testing.T) {
	f := newFiction(t, demo.Start)
	a := start(t, f.options())
	f.follow(t, a)
	defined := func(title string) string {
		t.Helper()
		s := model.Situation{Title: title, Words: []string{"brigade*", "garrison"}, Phrases: []string{"flood of requests"}, Exclude: []string{"football"}, By: "Ada"}
		if err := a.store.SaveSituation(t.Context(), &s); err != nil {
			t.Fatal(err)
		}
		testkit.Eventually(t, 30*time.Second, "the articles gone through", func() bool {
			facts, err := a.store.Situation(t.Context(), s.ID)
			return err == nil && !facts.Working
		})
		return s.ID
	}
	id := defined("From the start")
	then := map[time.Time][]string{}
	for at := demo.Start; !at.After(demo.End); at = at.Add(6 * time.Hour) {
		f.at.Store(&at)
		f.settled(t, a)
		then[at] = words(timeline(t, a.store, id, time.Time{}))
	}
	got := timeline(t, a.store, id, time.Time{})
	kinds := map[model.EntryKind]int{}
	for _, e := range got {
		kinds[e.Kind]++
	}
	for _, k := range []model.EntryKind{model.EntryStatement, model.EntryStory, model.EntryAsserted, model.EntryDenied, model.EntryRevision} {
		if kinds[k] == 0 {
			t.Errorf("no %s in %v", k, kinds)
		}
	}
	late := timeline(t, a.store, defined("At the end"), time.Time{})
	if d := cmp.Diff(got, late); d != "" {
		t.Errorf("a situation that came later differs (-first +later):\n%s", d)
	}
	for at, want := range then {
		if d := cmp.Diff(want, words(timeline(t, a.store, id, at)), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("known at %s (-then +now):\n%s", at, d)
		}
	}
	if _, err := a.store.ResetStage(t.Context(), store.StageSituation, time.Time{}); err != nil {
		t.Fatal(err)
	}
	f.settled(t, a)
	if d := cmp.Diff(got, timeline(t, a.store, id, time.Time{})); d != "" {
		t.Errorf("the stage done again (-before +after):\n%s", d)
	}
}

// words are what was said and how stories began: what a later reading of the
// claims leaves as it was.
func words(list []model.Entry) []string {
	var out []string
	for _, e := range list {
		if e.Kind == model.EntryStatement || e.Kind == model.EntryRevision {
			out = append(out, e.At.Format(time.RFC3339)+" "+string(e.Kind)+" "+e.Text)
		}
	}
	slices.Sort(out)
	return out
}
