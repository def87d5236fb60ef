// Package collect polls sources: it asks for what a source lists, reads the
// listing however broken it is, and decides when to ask again. What it returns
// are items; saving them, and telling new ones from old ones, is the store's
// affair, so every item a listing holds is returned at every poll.
package collect

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"crosscheck/internal/fetch"
	"crosscheck/internal/model"
)

// Getter is the door to the web; *fetch.Client is one.
type Getter interface {
	Get(ctx context.Context, r fetch.Request) (*fetch.Response, error)
}

// Config says how often sources may be polled. The zero value is usable.
type Config struct {
	Min  time.Duration    // shortest interval, default 1 min
	Max  time.Duration    // longest interval of a source that answers, default 1 h
	Now  func() time.Time // default time.Now
	Rand func() float64   // in [0, 1), for jitter; default math/rand/v2
}

// Collector polls sources. It is safe for concurrent use.
type Collector struct {
	lg  *slog.Logger
	get Getter
	cfg Config

	mu   sync.Mutex
	last map[string]string // Source.ID → digest of the listing last read, to see whether anything changed
}

// maxRemembered bounds the digests kept; losing one costs a poll that is
// taken for a change.
const maxRemembered = 100_000

// New returns a Collector that reaches the web through get.
func New(lg *slog.Logger, get Getter, cfg Config) *Collector {
	if cfg.Min <= 0 {
		cfg.Min = time.Minute
	}
	if cfg.Max <= 0 {
		cfg.Max = time.Hour
	}
	cfg.Max = max(cfg.Min, cfg.Max)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Rand == nil {
		cfg.Rand = rand.Float64
	}
	return &Collector{lg: lg, get: get, cfg: cfg, last: map[string]string{}}
}

// Result is what one poll brought.
type Result struct {
	Items []model.Item      // newest first, at most 500, no key twice
	State model.SourceState // to be stored whether or not the poll failed; Items in it is left as it was
	Notes []string          // what a person looking after the source should know, a sentence each
}

// listing is what a source lists at one time.
type listing struct {
	title     string
	items     []model.Item
	notes     []string
	res       *fetch.Response // the answer whose validators and address count
	unchanged bool            // the server said so
	broken    bool            // there may have been more; the next poll must not be conditional on this answer
}

// job is one poll under way.
type job struct {
	get Getter
	src model.Source
	now time.Time
}

// kinds holds the function that asks for and reads each kind of source.
var kinds = map[model.SourceKind]func(context.Context, job) (*listing, error){
	model.SourceFeed:    pollFeed,
	model.SourceSitemap: pollSitemap,
	model.SourcePage:    pollPage,
}

// Poll asks a source what it lists. Result.State is right also when err is
// not nil: it then says in words what went wrong and when to try again. A
// cancelled ctx is no failure of the source and leaves its state as it was.
func (c *Collector) Poll(ctx context.Context, src model.Source) (Result, error) {
	now := c.cfg.Now()
	poll, ok := kinds[src.Kind]
	if !ok {
		err := model.Errorf(model.ErrInvalid, "source %s: unknown kind %q", src.URL, src.Kind)
		return Result{State: c.failed(src.State, now, err)}, err
	}
	l, err := poll(ctx, job{get: c.get, src: src, now: now})
	if err != nil {
		return c.refuse(ctx, src, now, err)
	}
	if l.unchanged {
		return Result{State: c.unchanged(src.State, now), Notes: l.notes}, nil
	}
	items, notes := limit(l.items)
	res := Result{Items: items, Notes: append(l.notes, notes...)}
	if l.res.Moved != "" {
		res.Notes = append(res.Notes, "has moved for good to "+l.res.Moved+"; use that address")
	}
	res.State = c.succeeded(src, l, now)
	c.lg.DebugContext(ctx, "source polled", "source", src.ID, "items", len(items), "next", res.State.NextPoll)
	return res, nil
}

func (c *Collector) refuse(ctx context.Context, src model.Source, now time.Time, err error) (Result, error) {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		state := src.State
		if state.NextPoll.IsZero() {
			state.NextPoll = now
		}
		return Result{State: state}, err
	}
	state := c.failed(src.State, now, err)
	c.lg.DebugContext(ctx, "poll failed", "source", src.ID, "error", err, "failures", state.Failures, "next", state.NextPoll)
	return Result{State: state}, err
}

// changed remembers the digest of a listing and reports whether it differs
// from the one before.
func (c *Collector) changed(source string, items []model.Item) bool {
	parts := make([]string, len(items))
	for i := range items {
		parts[i] = items[i].Key + " " + items[i].Fingerprint()
	}
	digest := model.ID("listing", parts...)
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.last[source]
	if len(c.last) >= maxRemembered && before == "" {
		clear(c.last)
	}
	c.last[source] = digest
	return before != digest
}

// ask requests the source's own URL, on condition that it changed.
func (j job) ask(ctx context.Context, accept string, page bool) (*fetch.Response, error) {
	return j.get.Get(ctx, fetch.Request{
		URL: j.src.URL, ETag: j.src.State.ETag, LastModified: j.src.State.LastModified, Accept: accept, Page: page,
	})
}
