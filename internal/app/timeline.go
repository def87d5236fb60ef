package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/outage"
	"crosscheck/internal/store"
)

// maxTimedOutages bounds the outages in one timeline, the newest ones.
const maxTimedOutages = 200

// timeOutage puts an outage that changed into the timelines of the situations
// that follow the service.
func (a *App) timeOutage(ctx context.Context, id string) error {
	o, err := a.store.Outage(ctx, id)
	if err != nil {
		return err
	}
	list, err := a.store.Definitions(ctx)
	if err != nil {
		return err
	}
	for i := range list {
		s := &list[i]
		if !follows(s, o) {
			continue
		}
		if err := a.store.SaveEntries(ctx, s.ID, outageEntries(o)); err != nil {
			return err
		}
		a.web.Notify("article")
	}
	return nil
}

// timeServices puts the outages of its services into the timeline of a situation
// that is new or was changed, and takes out those it no longer follows.
func (a *App) timeServices(ctx context.Context, s *model.Situation) error {
	list, err := a.followedOutages(ctx, s)
	if err != nil {
		return err
	}
	var entries []model.Entry
	listed := map[string]bool{}
	for i := range list {
		listed[list[i].ID] = true
		entries = append(entries, outageEntries(&list[i])...)
	}
	old, err := a.store.SituationEntries(ctx, s.ID, model.EntryQuery{
		Kinds: []model.EntryKind{model.EntryOnset, model.EntryConfirmed, model.EntryResolved}, Limit: 3 * maxTimedOutages,
	})
	if err != nil {
		return err
	}
	kept := map[string]bool{} // outages that are not listed, whether they are followed
	for _, e := range old {
		if listed[e.Outage] {
			continue
		}
		followed, known := kept[e.Outage]
		if !known {
			o, err := a.store.Outage(ctx, e.Outage)
			if err != nil {
				return err
			}
			if followed = follows(s, o); followed { // it is too old to be listed, or turned out not to be grave
				entries = append(entries, outageEntries(o)...)
			}
			kept[e.Outage] = followed
		}
		if !followed {
			e.Gone = a.now()
			entries = append(entries, e)
		}
	}
	return a.store.SaveEntries(ctx, s.ID, entries)
}

// followedOutages are the newest grave outages of a situation's services.
func (a *App) followedOutages(ctx context.Context, s *model.Situation) ([]model.OutageFacts, error) {
	if len(s.Services) == 0 {
		return nil, nil
	}
	return a.store.Outages(ctx, model.OutageQuery{Services: s.Services, From: s.From, To: s.Until, Grave: true, Limit: maxTimedOutages})
}

// follows reports whether an outage belongs to a situation.
func follows(s *model.Situation, o *model.OutageFacts) bool {
	return slices.Contains(s.Services, o.Service) && lasted(o, s.From, s.Until)
}

// lasted reports whether an outage lasted at some time in [from, to]; a zero
// time is open.
func lasted(o *model.OutageFacts, from, to time.Time) bool {
	return (o.End.IsZero() || from.IsZero() || !o.End.Before(from)) && (to.IsZero() || !o.Onset.After(to))
}

// outageEntries is an outage on a timeline: its onset, when it was confirmed, and
// its end, as the verdicts that stand have them. What was told before a review
// that does not bear it out is gone. One that was never probable is not told.
func outageEntries(o *model.OutageFacts) []model.Entry {
	out := entriesBy(o, model.InForce(o.Verdicts))
	for _, e := range entriesBy(o, o.Verdicts) {
		if !slices.ContainsFunc(out, func(x model.Entry) bool { return x.ID == e.ID }) {
			// When it was reviewed is not kept: not before this.
			e.Gone = slices.MaxFunc(o.Verdicts, func(a, b model.Outage) int { return a.At.Compare(b.At) }).At.Add(reviewAfter)
			out = append(out, e)
		}
	}
	return out
}

// entriesBy is an outage on a timeline as some verdicts have it.
func entriesBy(o *model.OutageFacts, verdicts []model.Outage) []model.Entry {
	var grave, confirmed, resolved *model.Outage // first verdicts of the kind
	for i := range verdicts {
		v := &verdicts[i]
		if grave == nil && (v.State == model.StateProbable || v.State == model.StateConfirmed) {
			grave = v
		}
		if confirmed == nil && v.State == model.StateConfirmed {
			confirmed = v
		}
		if v.State == model.StateResolved {
			resolved = v
		}
	}
	if grave == nil {
		return nil
	}
	entry := func(kind model.EntryKind, happened time.Time, v *model.Outage) model.Entry {
		return model.Entry{
			ID: model.ID("entry", string(kind), o.ID), Kind: kind, At: happened, Happened: happened, Seen: v.At,
			Text: outage.Sentence(*v, o.ServiceName), Service: o.Service, Outage: o.ID, Origins: 1,
		}
	}
	out := []model.Entry{entry(model.EntryOnset, o.Onset, grave)}
	if confirmed != nil {
		out = append(out, entry(model.EntryConfirmed, confirmed.At, confirmed))
	}
	if resolved != nil && !o.End.IsZero() {
		out = append(out, entry(model.EntryResolved, o.End, resolved))
	}
	return out
}

// alertBatch is how many entries are held against the rules at a time.
const alertBatch = 500

// watchEntries holds what becomes known in timelines against the rules of alerts
// until ctx is done.
func (a *App) watchEntries(ctx context.Context) error {
	return a.repeat(ctx, "entries held against alerts", func() (bool, error) { return a.alertNew(ctx) })
}

// alertNew takes the next entries; more reports whether there are others.
func (a *App) alertNew(ctx context.Context) (more bool, err error) {
	mark, err := a.store.AlertMark(ctx)
	if err != nil {
		return false, err
	}
	list, err := a.store.EntriesAfter(ctx, mark, alertBatch)
	if err != nil || len(list) == 0 {
		return false, err
	}
	for rest := list; len(rest) > 0; {
		n := slices.IndexFunc(rest, func(k store.KnownEntry) bool { return k.Situation != rest[0].Situation })
		if n < 0 {
			n = len(rest)
		}
		entries := make([]model.Entry, n)
		for i := range n {
			entries[i] = rest[i].Entry
		}
		if err := a.alerts.Take(ctx, rest[0].Situation, entries); err != nil && !errors.Is(err, model.ErrNotFound) {
			return false, err
		}
		rest = rest[n:]
	}
	return len(list) == alertBatch, a.store.SetAlertMark(ctx, list[len(list)-1].Serial)
}
