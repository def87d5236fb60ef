package bus

import (
	"context"
	"maps"
	"sync/atomic"

	"crosscheck/internal/model"
)

// Stats counts what a consumer has done since the bus was opened.
type Stats struct {
	Handled uint64 // done
	Retried uint64 // failed, to be tried again
	Dead    uint64 // given up
	Busy    int64  // handlers at work now
}

type tally struct {
	handled, retried, dead atomic.Uint64
	busy                   atomic.Int64
}

// tally returns the counters of a consumer.
func (b *Bus) tally(name string) *tally {
	b.mu.Lock()
	defer b.mu.Unlock()
	t, ok := b.tallies[name]
	if !ok {
		t = &tally{}
		b.tallies[name] = t
	}
	return t
}

// Stats returns the counts of every consumer by name.
func (b *Bus) Stats() map[string]Stats {
	b.mu.Lock()
	tallies := maps.Clone(b.tallies)
	b.mu.Unlock()
	out := make(map[string]Stats, len(tallies))
	for name, t := range tallies {
		out[name] = Stats{Handled: t.handled.Load(), Retried: t.retried.Load(), Dead: t.dead.Load(), Busy: t.busy.Load()}
	}
	return out
}

// Backlog returns how many messages wait for a consumer, those under way or to
// be tried again included.
func (b *Bus) Backlog(ctx context.Context, consumer string) (int, error) {
	c, err := b.js.Consumer(ctx, streamName, consumer)
	if err != nil {
		return 0, model.Errorf(model.ErrTemporary, "bus: backlog of %s: %w", consumer, err)
	}
	info := c.CachedInfo()
	return int(info.NumPending) + info.NumAckPending, nil
}
