package fakenet

import (
	"context"
	"sync"
	"time"
)

// Clock is a time that passes only where somebody waits for it, so that days of
// probing take as long as the work they are. Waits of several goroutines overlap
// or add up, as it happens. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that stands at a time.
func NewClock(at time.Time) *Clock { return &Clock{now: at} }

// Now is the present time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set puts the clock forward; it never goes back.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.now) {
		c.now = t
	}
}

// Wait returns at once, with the clock put forward by d from its time of now.
// The error is that of ctx.
func (c *Clock) Wait(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.Set(c.Now().Add(d))
	return nil
}
