package app

import (
	"context"
	"slices"
	"testing"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/testkit"
)

// TestOutageEntries tells an outage as the verdicts that stand have it.
func TestOutageEntries(t *testing.T) {
	at := func(minute int) time.Time { return reachStart.Add(time.Duration(minute) * time.Minute) }
	verdict := func(minute int, s model.OutageState, reviewed bool) model.Outage {
		return model.Outage{At: at(minute), Service: "bank", Event: "e", State: s, Onset: at(20), Reviewed: reviewed}
	}
	first := []model.Outage{verdict(22, model.StateProbable, false), verdict(24, model.StateConfirmed, false), verdict(45, model.StateResolved, false)}
	for _, c := range []struct {
		name   string
		review []model.Outage
		stands []model.EntryKind
		seen   int // minute of the first
		gone   []model.EntryKind
	}{
		{"not reviewed", nil, []model.EntryKind{model.EntryOnset, model.EntryConfirmed, model.EntryResolved}, 22, nil},
		{
			"not confirmed after all",
			[]model.Outage{verdict(23, model.StateProbable, true), verdict(45, model.StateResolved, true)},
			[]model.EntryKind{model.EntryOnset, model.EntryResolved},
			23,
			[]model.EntryKind{model.EntryConfirmed},
		},
		{"no loss after all", []model.Outage{verdict(45, model.StateUp, true)}, nil, 0, []model.EntryKind{model.EntryOnset, model.EntryConfirmed, model.EntryResolved}},
	} {
		o := &model.OutageFacts{ID: "o", Service: "bank", ServiceName: "Bank", Onset: at(20), End: at(40), Verdicts: append(slices.Clone(first), c.review...)}
		var stands, gone []model.EntryKind
		for _, e := range outageEntries(o) {
			if e.Gone.IsZero() {
				stands = append(stands, e.Kind)
			} else {
				gone = append(gone, e.Kind)
			}
			if e.Gone.IsZero() && len(stands) == 1 && !e.Seen.Equal(at(c.seen)) {
				t.Errorf("%s: seen %s, want minute %d", c.name, e.Seen, c.seen)
			}
		}
		if !slices.Equal(stands, c.stands) || !slices.Equal(gone, c.gone) {
			t.Errorf("%s: %v stand and %v are gone, want %v and %v", c.name, stands, gone, c.stands, c.gone)
		}
	}
}

// TestServiceNoLongerFollowed takes a service out of a situation: its outages
// leave the timeline. An outage that the bus did not take is told later.
func TestServiceNoLongerFollowed(t *testing.T) {
	d := newDesk(t, threeServices...)
	s := model.Situation{Title: "Bank", Services: []string{"bank"}, By: "Ada"}
	if err := d.store().SaveSituation(t.Context(), &s); err != nil {
		t.Fatal(err)
	}
	for minute := range 28 {
		d.round(minute, func(service string) bool { return service == "bank" && minute >= 20 })
	}
	kinds := func() (out []model.EntryKind) {
		for _, e := range timeline(t, d.store(), s.ID, time.Time{}) {
			out = append(out, e.Kind)
		}
		return out
	}
	testkit.Eventually(t, 20*time.Second, "the outage on the timeline", func() bool { return slices.Contains(kinds(), model.EntryConfirmed) })
	s.Services, s.Words = nil, []string{"bank"}
	if err := d.store().SaveSituation(t.Context(), &s); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, 20*time.Second, "the outage off the timeline", func() bool { return len(kinds()) == 0 })

	w := d.app.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	w.untold = []string{"a", "b"}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.app.tellOutages(ended); err == nil || len(w.untold) != 2 {
		t.Errorf("told %v, %v although the bus took nothing", w.untold, err)
	}
	if err := d.app.tellOutages(t.Context()); err != nil || len(w.untold) != 0 {
		t.Errorf("not told: %v, %v", w.untold, err)
	}
}
