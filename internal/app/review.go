package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/outage"
	"crosscheck/internal/store"
)

const (
	// reviewAfter is how long after its end an outage is judged again, if
	// observations of it came late, by more than reviewLate.
	reviewAfter = time.Hour
	reviewLate  = 2 * time.Minute
	// reviewFor is how long after its end an outage is looked at.
	reviewFor = 13 * 24 * time.Hour
	// reviewEvery is how often that is looked for, and what is too old is
	// deleted.
	reviewEvery = 10 * time.Minute
	// reviewBefore is how much before an outage is judged with it, so that the
	// judge knows how things were.
	reviewBefore = 90 * time.Minute
	// reviewBeside is how many other services are judged with it: enough to see
	// that a vantage point fails alone.
	reviewBeside = 30
	// goodEvidence is how long the evidence of observations in which nothing
	// failed is kept: it is what others are compared with.
	goodEvidence = 48 * time.Hour
)

// tidy reviews outages and deletes what is too old, until ctx is done.
func (a *App) tidy(ctx context.Context) error {
	next := time.NewTimer(reviewEvery)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-next.C:
		}
		if err := a.reviewOutages(ctx); err != nil && ctx.Err() == nil {
			a.lg.Error("outages not reviewed", "error", err)
		}
		k := a.cfg.Keep
		gone, err := a.store.Forget(ctx, a.now(), store.Keep{Observations: k.Observations, Good: goodEvidence, Fine: k.Fine, Coarse: k.Coarse})
		if err != nil && ctx.Err() == nil {
			a.lg.Error("old observations not deleted", "error", err)
		}
		a.lg.Debug("old observations deleted", "count", gone)
		next.Reset(reviewEvery)
	}
}

// reviewOutages judges again outages of which observations came late.
func (a *App) reviewOutages(ctx context.Context) error {
	now, span := a.now(), reviewFor
	if kept := a.cfg.Keep.Observations; kept > 0 {
		span = min(span, kept-2*reviewBefore)
	}
	ids, err := a.store.ToReview(ctx, now.Add(-span), now.Add(-reviewAfter), reviewLate)
	if err != nil {
		return err
	}
	var faults []error // one that cannot be judged again leaves the others
	for _, id := range ids {
		if err := a.reviewOutage(ctx, id); err != nil {
			faults = append(faults, fmt.Errorf("outage %s: %w", id, err))
		}
	}
	return errors.Join(faults...)
}

// reviewOutage judges an outage again with every observation in its place. Where
// that comes to something else, the verdicts are stored beside the earlier ones.
func (a *App) reviewOutage(ctx context.Context, id string) error {
	was, err := a.store.Outage(ctx, id)
	if err != nil {
		return err
	}
	known, err := a.store.LastArrival(ctx)
	if err != nil {
		return err
	}
	services, err := a.beside(ctx, was.Service)
	if err != nil {
		return err
	}
	names := make([]string, len(services))
	for i, s := range services {
		names[i] = s.ID
	}
	from, to := was.Onset.Add(-reviewBefore), was.End.Add(reviewAfter)
	observations, err := a.store.Observations(ctx, names, from, to)
	if err != nil {
		return err
	}
	signals, err := a.store.Signals(ctx, was.Service, from, to)
	if err != nil {
		return err
	}
	changes, err := outage.Review(observations, signals, services...)
	if err != nil {
		return err
	}
	corrections := corrections(was, changes)
	if err := a.store.SaveReview(ctx, id, corrections, known); err != nil {
		return err
	}
	if len(corrections) == 0 {
		return nil
	}
	a.lg.Info("outage corrected", "service", was.Service, "outage", id)
	a.web.Notify("outage")
	a.watch.mu.Lock()
	a.watch.untold = append(a.watch.untold, id)
	a.watch.mu.Unlock()
	a.watch.poke()
	return nil
}

// beside is a service and some of the others that are measured.
func (a *App) beside(ctx context.Context, id string) ([]model.Service, error) {
	own, err := a.store.Service(ctx, id)
	if err != nil {
		return nil, err
	}
	list, err := a.store.Measured(ctx)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(s model.Service) bool { return s.ID == id })
	return append([]model.Service{own.Service}, list[:min(len(list), reviewBeside)]...), nil
}

// corrections are the verdicts of a review about the time of an outage, if they
// come to something else than it: another gravest state, or an onset or end that
// differs by more than its uncertainty. Where the review finds no loss, it is
// that the service was up.
func corrections(was *model.OutageFacts, changes []model.Outage) []model.Outage {
	var same []model.Outage
	slack := max(was.Uncertainty, time.Minute)
	for _, o := range changes {
		if o.Service == was.Service && o.Event != "" && !o.Onset.After(was.End) && (o.End.IsZero() || !o.End.Before(was.Onset)) {
			same = append(same, o)
		}
	}
	if len(same) == 0 {
		last := was.Verdicts[len(was.Verdicts)-1]
		return []model.Outage{{
			At: last.At, Service: was.Service, Event: was.Event, State: model.StateUp, Onset: was.Onset, Uncertainty: was.Uncertainty, End: was.End,
			Rule: outage.Rule, Reviewed: true,
		}}
	}
	now := store.Facts(same)
	apart := func(a, b time.Time) bool { return a.Sub(b).Abs() > slack }
	if now.State == was.State && !apart(now.Onset, was.Onset) && !apart(now.End, was.End) {
		return nil
	}
	return same
}
