package fetch

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

const (
	robotsBytes  = 500 << 10 // RFC 9309, 2.5: parse at least this much
	robotsFresh  = 12 * time.Hour
	robotsFirst  = 30 * time.Second // first try again after a failure; doubles
	robotsLast   = 30 * time.Minute // longest distance between two tries
	robotsGiveUp = 24 * time.Hour   // unreachable so long means that there are no rules
	maxRobots    = 1024             // origins remembered
)

// robots remembers the robots.txt of the origins visited.
//
// No file (any 4xx but 429) allows everything. A file that cannot be had
// closes the origin for a while, unless an older copy is at hand, which then
// goes on to count; after a day without an answer the origin is treated as one
// without a file, so that a broken robots.txt does not silence an outlet for
// ever.
type robots struct {
	get   func(ctx context.Context, origin *url.URL) (*rules, error)
	agent string
	now   func() time.Time

	mu    sync.Mutex
	table map[string]*origin
}

// origin is what is known about one scheme, host and port.
type origin struct {
	turn     chan struct{} // one asks, the others wait for the answer
	rules    *rules        // nil while unknown
	expires  time.Time
	failing  time.Time // since when the file cannot be had; zero while it can
	failures int
	err      error
}

func newRobots(get func(context.Context, *url.URL) (*rules, error), agent string) *robots {
	return &robots{get: get, agent: agent, now: time.Now, table: map[string]*origin{}}
}

// allow returns nil when u's origin lets us read the page.
func (r *robots) allow(ctx context.Context, u *url.URL) error {
	o := r.origin(u)
	select {
	case o.turn <- struct{}{}:
		defer func() { <-o.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if !r.now().Before(o.expires) {
		if err := r.refresh(ctx, o, u); err != nil {
			return err
		}
	}
	return r.judge(o, u)
}

func (r *robots) judge(o *origin, u *url.URL) error {
	if o.rules == nil {
		return r.unknown(o, u)
	}
	if !o.rules.allows(pathOf(u)) {
		return &Error{URL: display(u), kind: model.ErrForbidden, Cause: "robots.txt of " + u.Host + " does not allow " + r.agent + " to read this page"}
	}
	return nil
}

// unknown is the error for a page whose robots.txt cannot be had. Where the
// host gave no answer at all, that is what is wrong with the page too.
func (r *robots) unknown(o *origin, u *url.URL) error {
	e := &Error{
		URL: display(u), kind: model.ErrTemporary, err: o.err, RetryAfter: max(o.expires.Sub(r.now()), time.Second),
		Cause: "robots.txt of " + u.Host + " cannot be had, so we do not know whether we may read this page",
	}
	if cause := (*Error)(nil); errors.As(o.err, &cause) && cause.Status == 0 {
		e.Cause = cause.Cause
	} else if cause != nil {
		e.Cause += ": " + cause.Cause
	}
	return e
}

// refresh asks for the file. A cancelled ctx and a refusal of our own guard
// are the caller's affair; any other failure is remembered.
func (r *robots) refresh(ctx context.Context, o *origin, u *url.URL) error {
	got, err := r.get(ctx, u)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if blocked := (*blockedError)(nil); errors.As(err, &blocked) {
		return blocked
	}
	now := r.now()
	if err == nil {
		o.rules, o.err, o.failing, o.failures = got, nil, time.Time{}, 0
		o.expires = now.Add(robotsFresh)
		return nil
	}
	if o.failing.IsZero() {
		o.failing = now
	}
	o.err = err
	o.expires = now.Add(min(robotsFirst<<min(o.failures, 10), robotsLast))
	o.failures++
	if now.Sub(o.failing) >= robotsGiveUp && o.rules == nil {
		o.rules, o.expires = &rules{}, now.Add(robotsFresh)
	}
	return nil
}

// origin finds or makes what is known about u's origin.
func (r *robots) origin(u *url.URL) *origin {
	name := u.Scheme + "://" + u.Host
	r.mu.Lock()
	defer r.mu.Unlock()
	o := r.table[name]
	if o == nil {
		r.forget()
		o = &origin{turn: make(chan struct{}, 1)}
		r.table[name] = o
	}
	return o
}

// forget drops half of a full table; what is needed again is asked for again.
// An entry in use stays with its user.
func (r *robots) forget() {
	if len(r.table) < maxRobots {
		return
	}
	for name := range r.table {
		if len(r.table) <= maxRobots/2 {
			return
		}
		delete(r.table, name)
	}
}

// fetchRobots gets the robots.txt of u's origin through the same door as
// everything else.
func (c *Client) fetchRobots(ctx context.Context, u *url.URL) (*rules, error) {
	file := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	v := &visit{
		c: c, r: Request{Accept: "text/plain, */*;q=0.5"}, asked: file, lane: "robots.txt of ",
		limit: min(robotsBytes, c.cfg.MaxBody), truncate: true,
	}
	res, err := v.follow(ctx, file)
	if err != nil {
		err = c.explain(ctx, file, err)
		if e := (*Error)(nil); errors.As(err, &e) && e.Status >= 400 && e.Status < 500 && !errors.Is(e, model.ErrTemporary) {
			return &rules{}, nil
		}
		return nil, err
	}
	body, _ := text.Decode(res.Capture.ContentType, res.Body)
	rules := parseRules(string(body), c.robots.agent)
	c.hosts.slow(u.Hostname(), rules.delay)
	return rules, nil
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

// productToken is the name robots.txt files know a program by: the first word
// of its User-Agent, without the version.
func productToken(agent string) string {
	name, _, _ := strings.Cut(strings.TrimSpace(agent), "/")
	name, _, _ = strings.Cut(name, " ")
	return strings.ToLower(name)
}
