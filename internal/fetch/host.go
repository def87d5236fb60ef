package fetch

import (
	"context"
	"fmt"
	"sync"
	"time"

	"crosscheck/internal/model"
)

// maxHosts is how many idle hosts are remembered. Hosts with a request under
// way or waiting are never forgotten, and their number is bounded by that of
// the callers.
const maxHosts = 4096

// maxHold bounds how long one answer's Retry-After closes a whole host.
const maxHold = time.Hour

// maxCrawlDelay bounds what a robots.txt can slow us down to.
const maxCrawlDelay = 30 * time.Second

// hosts keeps a polite distance from every host: at most perHost requests at
// a time, and at least pace between the starts of two.
type hosts struct {
	perHost int
	pace    time.Duration
	maxWait time.Duration

	mu    sync.Mutex
	table map[string]*host
}

type host struct {
	slots  chan struct{}
	users  int           // holding or waiting for a slot
	next   time.Time     // when the next request may start
	closed time.Time     // no request before: the host asked for it
	delay  time.Duration // the robots.txt's Crawl-delay
}

func newHosts(perHost int, pace, maxWait time.Duration) *hosts {
	return &hosts{perHost: perHost, pace: max(pace, 0), maxWait: maxWait, table: map[string]*host{}}
}

// turn is the right to make a request to a host, until released.
type turn struct {
	host string
	hs   *hosts
	h    *host
}

func (t *turn) release() {
	<-t.h.slots
	t.hs.leave(t.h)
}

// busyError says that a host's turn does not come soon enough.
type busyError struct {
	host  string
	wait  time.Duration
	asked bool // by the host itself
}

func (e *busyError) Error() string {
	if e.asked {
		return fmt.Sprintf("%s asked us to wait; the next try is possible in %s", e.host, inWords(e.wait))
	}
	return fmt.Sprintf("too many requests to %s are waiting; its next turn is in %s", e.host, inWords(e.wait))
}

func (e *busyError) Unwrap() error { return model.ErrTemporary }

// acquire waits for the host's turn, or says how long that would take.
func (hs *hosts) acquire(ctx context.Context, name string) (*turn, error) {
	h := hs.join(name)
	if err := hs.slot(ctx, name, h); err != nil {
		hs.leave(h)
		return nil, err
	}
	t := &turn{host: name, hs: hs, h: h}
	wait, err := hs.reserve(name, h, time.Now())
	if err == nil {
		err = sleep(ctx, wait)
	}
	if err != nil {
		t.release()
		return nil, err
	}
	return t, nil
}

// slot waits for one of the host's places.
func (hs *hosts) slot(ctx context.Context, name string, h *host) error {
	var late <-chan time.Time
	if hs.maxWait > 0 {
		t := time.NewTimer(hs.maxWait)
		defer t.Stop()
		late = t.C
	}
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-late:
		return &busyError{host: name, wait: hs.maxWait}
	case <-ctx.Done():
		return ctx.Err()
	}
}

// reserve takes the next start time of the host and returns how long it is
// until then.
func (hs *hosts) reserve(name string, h *host, now time.Time) (time.Duration, error) {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	if wait := h.closed.Sub(now); wait > 0 {
		return 0, &busyError{host: name, wait: wait, asked: true}
	}
	wait := max(h.next.Sub(now), 0)
	if hs.maxWait > 0 && wait > hs.maxWait {
		return 0, &busyError{host: name, wait: wait}
	}
	h.next = now.Add(wait + max(hs.pace, h.delay))
	return wait, nil
}

// hold closes a host for a while, as it asked.
func (hs *hosts) hold(name string, wait time.Duration) {
	if wait <= 0 {
		return
	}
	hs.with(name, func(h *host) { h.closed = time.Now().Add(min(wait, maxHold)) })
}

// slow sets the least distance a host's robots.txt asks for.
func (hs *hosts) slow(name string, delay time.Duration) {
	hs.with(name, func(h *host) { h.delay = min(delay, maxCrawlDelay) })
}

func (hs *hosts) with(name string, set func(*host)) {
	h := hs.join(name)
	hs.mu.Lock()
	set(h)
	hs.mu.Unlock()
	hs.leave(h)
}

// join finds or makes the entry of a host and keeps it from being forgotten
// until leave.
func (hs *hosts) join(name string) *host {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	h := hs.table[name]
	if h == nil {
		hs.forget(time.Now())
		h = &host{slots: make(chan struct{}, hs.perHost)}
		hs.table[name] = h
	}
	h.users++
	return h
}

func (hs *hosts) leave(h *host) {
	hs.mu.Lock()
	h.users--
	hs.mu.Unlock()
}

// forget makes room in a full table: first by dropping the hosts that could be
// visited at once anyway, then, if half the table is still taken, any that is
// idle.
func (hs *hosts) forget(now time.Time) {
	if len(hs.table) < maxHosts {
		return
	}
	for name, h := range hs.table {
		if h.users == 0 && !h.next.After(now) && !h.closed.After(now) {
			delete(hs.table, name)
		}
	}
	for name, h := range hs.table {
		if len(hs.table) <= maxHosts/2 {
			return
		}
		if h.users == 0 {
			delete(hs.table, name)
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
