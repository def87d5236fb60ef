package probe

import (
	"context"
	"sync"
	"time"
)

// Pacer keeps visits to one service apart. It is safe for concurrent use.
type Pacer struct {
	every time.Duration
	now   func() time.Time
	wait  func(context.Context, time.Duration) error
	mu    sync.Mutex
	next  map[string]time.Time
	prune int // size of next at which those that have passed are dropped
}

// NewPacer returns a Pacer that lets a service be visited once in every.
func NewPacer(every time.Duration) *Pacer { return newPacer(every, time.Now, wait) }

func newPacer(every time.Duration, now func() time.Time, wait func(context.Context, time.Duration) error) *Pacer {
	return &Pacer{every: every, now: now, wait: wait, next: map[string]time.Time{}, prune: 1024}
}

// Wait blocks until the service may be visited and counts the visit, or until
// ctx ends, whose error it returns.
func (p *Pacer) Wait(ctx context.Context, service string) error {
	return p.wait(ctx, p.reserve(service).Sub(p.now()))
}

// wait lets real time pass; the error is that of ctx, when it ended first.
func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (p *Pacer) reserve(service string) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if len(p.next) >= p.prune {
		for s, at := range p.next {
			if at.Before(now) {
				delete(p.next, s)
			}
		}
		p.prune = max(1024, 2*len(p.next))
	}
	at := p.next[service]
	if at.Before(now) {
		at = now
	}
	p.next[service] = at.Add(p.every)
	return at
}

// Touch counts a request of now that Wait was not asked for.
func (p *Pacer) Touch(service string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at := p.now().Add(p.every); at.After(p.next[service]) {
		p.next[service] = at
	}
}
