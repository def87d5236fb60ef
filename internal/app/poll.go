package app

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"crosscheck/internal/model"
)

const (
	// pollers is how many sources are polled at a time.
	pollers = 16
	// dueAtOnce is how many due sources are taken from the store at a time.
	dueAtOnce = 200
)

// poll asks every due source what it lists, until ctx is done.
func (a *App) poll(ctx context.Context) error {
	var g errgroup.Group
	g.SetLimit(pollers)
	var busy sync.Map
	tick := time.NewTicker(a.opt.Tick)
	defer tick.Stop()
	for ctx.Err() == nil {
		due, err := a.store.DueSources(ctx, a.now(), dueAtOnce)
		if err != nil && ctx.Err() == nil {
			a.lg.Error("due sources", "error", err)
		}
		for _, src := range due {
			if _, taken := busy.LoadOrStore(src.ID, true); taken {
				continue
			}
			g.Go(func() error {
				defer busy.Delete(src.ID)
				a.pollSource(ctx, src)
				return nil
			})
		}
		if err := a.lookAgain(ctx); err != nil && ctx.Err() == nil {
			a.lg.Error("pages to look at again", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	_ = g.Wait() // pollSource reports its own errors
	return ctx.Err()
}

// lookAgain sends the items whose page may have been edited to be fetched.
func (a *App) lookAgain(ctx context.Context) error {
	now := a.now()
	ids, err := a.store.TakeChecks(ctx, now, checkLease, dueAtOnce)
	for _, id := range ids {
		if err := a.bus.Publish(ctx, subjectItem, id, fmt.Sprint("check ", now.UnixNano())); err != nil {
			return err
		}
	}
	return err
}

// pollSource polls one source and passes its new items on. What was learnt
// about the source is stored last: a crash before polls it again.
func (a *App) pollSource(ctx context.Context, src model.Source) {
	res, err := a.collector.Poll(ctx, src)
	if ctx.Err() != nil {
		return
	}
	a.metrics.polled(err)
	if err != nil {
		a.lg.Warn("source cannot be read", "source", src.URL, "error", err)
	}
	for _, note := range res.Notes {
		a.lg.Debug("poll", "source", src.URL, "note", note)
	}
	taken, err := a.take(ctx, src, res.Items)
	if err != nil {
		a.lg.Error("items not stored; the source is polled again", "source", src.URL, "error", err)
		return
	}
	res.State.Items = src.State.Items + taken
	if err := a.store.SaveSourceState(ctx, src.ID, res.State); err != nil {
		a.lg.Error("source state", "source", src.URL, "error", err)
	}
}

// take stores the items of a poll, the oldest first, and publishes those that
// are new or changed. It returns how many are new.
func (a *App) take(ctx context.Context, src model.Source, items []model.Item) (taken int64, err error) {
	for i := len(items) - 1; i >= 0; i-- {
		it := items[i]
		it.Source = src.ID
		seen := it.Seen
		changed, err := a.store.SaveItem(ctx, &it)
		if err != nil {
			return taken, err
		}
		if !changed {
			continue
		}
		if it.Seen.Equal(seen) {
			taken++
		}
		if err := a.bus.Publish(ctx, subjectItem, it.ID, it.Fingerprint()); err != nil {
			return taken, err
		}
	}
	return taken, nil
}
