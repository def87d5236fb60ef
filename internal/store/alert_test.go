package store

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

func testAlertRules(t *testing.T, s *Store) {
	ctx := t.Context()
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	r := model.AlertRule{
		ID: "r1", Name: "Garrison", Kinds: []model.EntryKind{model.EntryDenied}, Words: []string{"garrison"}, MinOrigins: 2,
		Quiet: model.QuietHours{From: "22:00", To: "07:00"}, Digest: time.Hour, To: []string{"mailto:desk@example.org"}, Created: at,
	}
	if err := s.SaveAlertRule(ctx, &r); err != nil {
		t.Fatal(err)
	}
	first := r
	r.Words, r.Created = nil, at.Add(time.Hour)
	if err := s.SaveAlertRule(ctx, &r); err != nil {
		t.Fatal(err)
	}
	if !r.Created.Equal(first.Created) {
		t.Errorf("created %s, want that of the first time", r.Created)
	}
	other := model.AlertRule{ID: "r0", Name: "Zinc", To: []string{"chat:x"}}
	if err := s.SaveAlertRule(ctx, &other); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]model.AlertRule{r, other}, must(s.AlertRules(ctx))(t)); d != "" {
		t.Error(d)
	}
	waiting := model.Delivery{ID: "d1", Rule: "r1", To: "chat:x", Since: at, Due: at, State: model.DeliveryWaiting}
	if err := s.KeepAlerts(ctx, "s", at, nil, []model.Alert{{ID: "a1", Rule: "r1", Changed: at}}, []model.Delivery{waiting}); err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteAlertRule(ctx, "r1"); err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteAlertRule(ctx, "r1"); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("deleted twice: %v", err)
	}
	if left := must(s.Deliveries(ctx, "", 9))(t); len(left) != 0 {
		t.Errorf("deliveries left: %v", left)
	}
	if left := must(s.AlertsByID(ctx, []string{"a1"}))(t); len(left) != 0 {
		t.Errorf("alerts left: %v", left)
	}
}

func testOutbox(t *testing.T, s *Store) {
	ctx := t.Context()
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	if next := must(s.NextDelivery(ctx))(t); !next.IsZero() {
		t.Errorf("next delivery of none: %s", next)
	}
	item := model.AlertItem{Alert: "a1", RuleName: "Garrison", At: at, Entry: model.AlertEntry{ID: "e1", Text: "Words\x00 of one.", Said: at}}
	d := model.Delivery{ID: "d1", Rule: "r1", To: "https://hooks.example/x", Item: item, Gather: true, Since: at, Due: at.Add(time.Minute), State: model.DeliveryWaiting}
	later := model.Delivery{ID: "d2", Rule: "r1", To: "chat:x", Item: item, Since: at, Due: at.Add(time.Hour), State: model.DeliveryWaiting}
	alert := model.Alert{ID: "a1", Rule: "r1", Situation: "s", Event: "claim:c", Kind: model.EntryDenied, Origins: 2, Speakers: []string{"A"}, Entries: []string{"e1"}, Opened: at, Changed: at, Told: 1, ToldKind: model.EntryDenied, ToldOrigins: 2}
	for range 2 { // done twice is done once
		if err := s.KeepAlerts(ctx, "s", at, nil, []model.Alert{alert}, []model.Delivery{later, d}); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]model.Alert{alert}, must(s.AlertsByID(ctx, []string{"none", "a1"}))(t)); diff != "" {
		t.Error(diff)
	}
	if next := must(s.NextDelivery(ctx))(t); !next.Equal(d.Due) {
		t.Errorf("next delivery %s, want %s", next, d.Due)
	}
	if due := must(s.DueDeliveries(ctx, at, 9))(t); len(due) != 0 {
		t.Errorf("due too early: %v", due)
	}
	if diff := cmp.Diff([]model.Delivery{d}, must(s.DueDeliveries(ctx, at.Add(time.Minute), 9))(t)); diff != "" {
		t.Error(diff)
	}
	if due := must(s.DueDeliveries(ctx, at.Add(time.Hour), 1))(t); len(due) != 1 || due[0].ID != "d1" {
		t.Errorf("the oldest one due: %v", due)
	}
	d.Tries, d.Err, d.State, d.Done = 3, "no such user", model.DeliveryGivenUp, at.Add(2*time.Hour)
	if err := s.KeepDeliveries(ctx, []model.Delivery{d, {ID: "gone"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.KeepAlerts(ctx, "s", at, nil, nil, []model.Delivery{{ID: "d1", State: model.DeliveryWaiting}}); err != nil { // comes again
		t.Fatal(err)
	}
	if diff := cmp.Diff([]model.Delivery{d}, must(s.Deliveries(ctx, model.DeliveryGivenUp, 9))(t)); diff != "" {
		t.Error(diff)
	}
	if n := len(must(s.Deliveries(ctx, "", 9))(t)); n != 2 {
		t.Errorf("%d deliveries, want 2", n)
	}
	if err := s.PruneAlerts(ctx, at.Add(24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if left := must(s.Deliveries(ctx, "", 9))(t); len(left) != 1 || left[0].ID != "d2" {
		t.Errorf("left after pruning: %v, want the one that waits", left)
	}
	if left := must(s.AlertsByID(ctx, []string{"a1"}))(t); len(left) != 0 {
		t.Errorf("alerts left after pruning: %v", left)
	}
}

func testAlertEntries(t *testing.T, s *Store) {
	ctx := t.Context()
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	keep := func(situation string, minutes, origins int) {
		t.Helper()
		e := model.Entry{ID: "e1", Kind: model.EntryAsserted, Text: "Words.", Origins: origins, Claim: "c"}
		if err := s.KeepAlerts(ctx, situation, at.Add(time.Duration(minutes)*time.Minute), []model.Entry{e}, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	keep("s", 0, 1)
	keep("s", 1, 1)
	keep("s", 2, 4)
	keep("other", 3, 1)
	got := must(s.AlertEntries(ctx, "", at))(t)
	if len(got) != 2 || len(got["s"]) != 2 || len(got["other"]) != 1 {
		t.Fatalf("entries %v, want one for each number of origins", got)
	}
	if a, b := got["s"][0], got["s"][1]; !a.Seen.Equal(at) || !b.Seen.Equal(at.Add(2*time.Minute)) || b.Origins != 4 || b.Claim != "c" {
		t.Errorf("entries %+v and %+v", a, b)
	}
	if got := must(s.AlertEntries(ctx, "s", at.Add(time.Minute)))(t); len(got) != 1 || len(got["s"]) != 1 {
		t.Errorf("entries of one situation since a minute later: %v", got)
	}
	if err := s.PruneAlerts(ctx, at.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if got := must(s.AlertEntries(ctx, "s", at))(t); len(got["s"]) != 1 {
		t.Errorf("entries after pruning: %v", got)
	}
}
