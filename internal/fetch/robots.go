package fetch

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/temoto/robotstxt"

	"crosscheck/internal/model"
)

const (
	robotsBytes  = 500 << 10 // RFC 9309, 2.5: parse at least this much
	robotsFresh  = 12 * time.Hour
	robotsFirst  = 30 * time.Second // first try again after a failure; doubles
	robotsLast   = 30 * time.Minute // longest distance between two tries
	robotsGiveUp = 24 * time.Hour   // unreachable so long means that there are no rules
	maxRobots    = 2048             // origins remembered
)

// robots remembers the robots.txt of the origins visited.
//
// No file (any 4xx but 429) allows everything. A file that cannot be had
// closes the origin for a while, unless an older copy is at hand, which then
// goes on to count; after a day without an answer the origin is treated as one
// without a file, so that a broken robots.txt does not silence an outlet for
// ever.
type robots struct {
	get   func(ctx context.Context, origin *url.URL) (*robotstxt.RobotsData, error)
	agent string
	now   func() time.Time

	mu    sync.Mutex
	table map[string]*rules
}

// rules is what is known about one origin.
type rules struct {
	busy     chan struct{} // holds one token: one asks, the others wait for the answer
	data     *robotstxt.RobotsData
	expires  time.Time
	failing  time.Time // since when the file cannot be had; zero while it can
	failures int
	err      error
}

func newRobots(get func(context.Context, *url.URL) (*robotstxt.RobotsData, error), agent string) *robots {
	return &robots{get: get, agent: agent, now: time.Now, table: map[string]*rules{}}
}

// allow returns nil when the origin lets us read the page.
func (r *robots) allow(ctx context.Context, u *url.URL) error {
	e := r.entry(u)
	select {
	case e.busy <- struct{}{}:
		defer func() { <-e.busy }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if !r.now().Before(e.expires) {
		if err := r.refresh(ctx, e, u); err != nil {
			return err
		}
	}
	return r.judge(e, u)
}

func (r *robots) judge(e *rules, u *url.URL) error {
	if e.data == nil {
		return &Error{
			URL: display(u), kind: model.ErrTemporary, err: e.err, RetryAfter: max(e.expires.Sub(r.now()), time.Second),
			Cause: "robots.txt of " + u.Host + " cannot be had, so we do not know whether we may read this page (" + causeOf(e.err) + ")",
		}
	}
	if !e.data.TestAgent(pathOf(u), r.agent) {
		return &Error{URL: display(u), kind: model.ErrForbidden, Cause: "robots.txt of " + u.Host + " does not allow " + r.agent + " to read this page"}
	}
	return nil
}

// refresh asks for the file. A cancelled ctx and a refusal of our own guard
// are the caller's affair; any other failure is remembered.
func (r *robots) refresh(ctx context.Context, e *rules, u *url.URL) error {
	data, err := r.get(ctx, u)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if blocked := (*blockedError)(nil); errors.As(err, &blocked) {
		return blocked
	}
	now := r.now()
	if err == nil {
		e.data, e.err, e.failing, e.failures = data, nil, time.Time{}, 0
		e.expires = now.Add(robotsFresh)
		return nil
	}
	if e.failing.IsZero() {
		e.failing = now
	}
	e.err = err
	e.expires = now.Add(min(robotsFirst<<min(e.failures, 10), robotsLast))
	e.failures++
	if now.Sub(e.failing) >= robotsGiveUp && e.data == nil {
		e.data, e.expires = &robotstxt.RobotsData{}, now.Add(robotsFresh)
	}
	return nil
}

// entry finds or makes what is known about u's origin.
func (r *robots) entry(u *url.URL) *rules {
	origin := u.Scheme + "://" + u.Host
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.table[origin]
	if e == nil {
		if len(r.table) >= maxRobots {
			r.forget()
		}
		e = &rules{busy: make(chan struct{}, 1)}
		r.table[origin] = e
	}
	return e
}

// forget drops half the table; what is needed again is asked for again. An
// entry in use stays with its user.
func (r *robots) forget() {
	for origin := range r.table {
		if len(r.table) <= maxRobots/2 {
			return
		}
		delete(r.table, origin)
	}
}

// fetchRobots gets the robots.txt of u's origin through the same door as
// everything else.
func (c *Client) fetchRobots(ctx context.Context, u *url.URL) (*robotstxt.RobotsData, error) {
	file := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	v := &visit{c: c, r: Request{Accept: "text/plain, */*;q=0.5"}, asked: file, lane: "robots.txt of ", limit: min(robotsBytes, c.cfg.MaxBody), truncate: true}
	res, err := v.follow(ctx, file)
	if err != nil {
		err = c.explain(ctx, file, err)
		if e := (*Error)(nil); errors.As(err, &e) && e.Status >= 400 && e.Status < 500 && !errors.Is(e, model.ErrTemporary) {
			return &robotstxt.RobotsData{}, nil
		}
		return nil, err
	}
	data, err := robotstxt.FromBytes(res.Body)
	if err != nil { // a file nobody can read forbids nothing
		return &robotstxt.RobotsData{}, nil
	}
	if g := data.FindGroup(c.robots.agent); g != nil {
		c.hosts.slow(u.Hostname(), g.CrawlDelay)
	}
	return data, nil
}

func pathOf(u *url.URL) string {
	p := u.EscapedPath()
	if p == "" {
		p = "/"
	}
	if u.RawQuery != "" {
		p += "?" + u.RawQuery
	}
	return p
}

func causeOf(err error) string {
	if e := (*Error)(nil); errors.As(err, &e) {
		return e.Cause
	}
	return "no answer"
}

// productToken is the name robots.txt files know us by: the first word of the
// User-Agent, without its version.
func productToken(agent string) string {
	name, _, _ := strings.Cut(agent, "/")
	name, _, _ = strings.Cut(name, " ")
	return strings.ToLower(name)
}
