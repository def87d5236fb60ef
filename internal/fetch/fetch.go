// Package fetch is the only door to the web. Every request of the program goes
// through a Client, which refuses to connect to anything but public addresses
// and the networks a desk has allowed, bounds what a server may cost in bytes,
// time, redirects and connections, keeps a polite pace with every host, obeys
// robots.txt for pages, and turns what goes wrong into one sentence a person
// understands.
package fetch

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// The caps that are not worth a knob.
const (
	maxRedirects  = 5
	maxHeader     = 256 << 10
	dialTimeout   = 10 * time.Second
	tlsTimeout    = 10 * time.Second
	headerTimeout = 20 * time.Second
)

// DefaultUserAgent says what we are when Config.UserAgent is empty.
const DefaultUserAgent = "crosscheck/1 (news monitor)"

const defaultAccept = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8"

// Config bounds what a Client takes from the web. The zero value is usable.
type Config struct {
	UserAgent string            // DefaultUserAgent when empty; a desk should add a way to reach it
	Allow     []netip.Prefix    // a desk's own networks, reachable in spite of the guard
	Hosts     map[string]string // static host -> "ip:port" table consulted before DNS; the guard still applies to the address
	MaxBody   int64             // bytes after decompression, default 5 MiB
	Timeout   time.Duration     // whole request with its redirects, default 30 s; waiting for a host's turn is not counted
	PerHost   int               // concurrent requests a host, default 2
	Pace      time.Duration     // least time between two requests to one host, default 1 s; negative: none
	MaxWait   time.Duration     // longest wait for a host's turn before ErrTemporary; 0: as long as the context lasts
}

func (cfg Config) withDefaults() Config {
	if cfg.UserAgent == "" {
		cfg.UserAgent = DefaultUserAgent
	}
	if cfg.MaxBody <= 0 {
		cfg.MaxBody = 5 << 20
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = 30 * time.Second
	}
	if cfg.PerHost <= 0 {
		cfg.PerHost = 2
	}
	if cfg.Pace == 0 {
		cfg.Pace = time.Second
	}
	hosts := make(map[string]string, len(cfg.Hosts))
	for name, addr := range cfg.Hosts {
		hosts[strings.ToLower(name)] = addr
	}
	cfg.Hosts = hosts
	return cfg
}

// Client fetches. It is safe for concurrent use.
type Client struct {
	lg        *slog.Logger
	cfg       Config
	dialer    *net.Dialer
	transport *http.Transport
	hosts     *hosts
	robots    *robots
}

// New returns a Client that obeys cfg.
func New(lg *slog.Logger, cfg Config) *Client {
	cfg = cfg.withDefaults()
	c := &Client{lg: lg, cfg: cfg}
	c.dialer = &net.Dialer{Timeout: dialTimeout, Control: newGuard(cfg.Allow).control}
	c.transport = &http.Transport{
		Proxy:                  nil, // a proxy would dial for us, behind the guard's back
		DialContext:            c.dial,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // body.go decompresses, under the size cap
		TLSHandshakeTimeout:    tlsTimeout,
		ResponseHeaderTimeout:  headerTimeout,
		MaxResponseHeaderBytes: maxHeader,
		MaxIdleConns:           100,
		MaxIdleConnsPerHost:    cfg.PerHost,
		IdleConnTimeout:        time.Minute,
	}
	c.hosts = newHosts(cfg.PerHost, cfg.Pace, cfg.MaxWait)
	c.robots = newRobots(c.fetchRobots, productToken(cfg.UserAgent))
	return c
}

// Transport carries requests of others past the same guard: it connects to
// nothing that Get would not connect to. Size, pace and robots.txt are theirs to
// mind.
func (c *Client) Transport() http.RoundTripper { return c.transport }

// Close drops the idle connections. Requests under way are not disturbed.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Request is one thing to get.
type Request struct {
	URL          string
	ETag         string // of the copy at hand; "" for an unconditional request
	LastModified string // of the copy at hand, verbatim
	Accept       string // what is hoped for; a page when empty
	Page         bool   // obey robots.txt: set for pages, not for feeds made for machines
}

// Response is what came back.
type Response struct {
	Status       int
	NotModified  bool          // the copy at hand is still right; Body is empty and Capture has no hash
	Capture      model.Capture // the body's name, where it came from and when
	Body         []byte        // decompressed, in the charset the server sent
	ETag         string
	LastModified string
	Moved        string // the new address, when every redirect on the way was a permanent one
}

// Get fetches r.URL. Its errors are *Error, except that a cancelled ctx gives
// an error for which errors.Is(err, context.Canceled) holds.
func (c *Client) Get(ctx context.Context, r Request) (*Response, error) {
	u, err := parseURL(r.URL)
	if err != nil {
		return nil, err
	}
	v := &visit{c: c, r: r, asked: u, limit: c.cfg.MaxBody}
	res, err := v.follow(ctx, u)
	if err != nil {
		err = c.explain(ctx, v.asked, err)
		c.lg.DebugContext(ctx, "fetch failed", "url", display(u), "error", err)
		return nil, err
	}
	return res, nil
}

// visit is the state of one Get.
type visit struct {
	c        *Client
	r        Request
	asked    *url.URL
	limit    int64
	truncate bool   // cut an oversized body instead of refusing it
	lane     string // keeps robots.txt apart from the pages that wait for it
	hops     int
	moved    bool // a redirect was followed, and all of them were permanent
	turn     *turn
	cancel   context.CancelFunc
}

// follow makes the request and the redirects it leads to.
func (v *visit) follow(ctx context.Context, u *url.URL) (*Response, error) {
	defer v.leave()
	for {
		if v.r.Page {
			if err := v.c.robots.allow(ctx, u); err != nil {
				return nil, err
			}
		}
		var err error
		if ctx, err = v.enter(ctx, u); err != nil {
			return nil, err
		}
		res, next, err := v.hop(ctx, u)
		if err != nil || next == nil {
			return res, err
		}
		u = next
	}
}

// enter waits for the host's turn, and starts the clock of the whole request
// at the first one. Redirects within a host belong to the same turn.
func (v *visit) enter(ctx context.Context, u *url.URL) (context.Context, error) {
	name := v.lane + u.Hostname()
	if v.turn != nil && v.turn.host == name {
		return ctx, nil
	}
	if v.turn != nil {
		v.turn.release()
		v.turn = nil
	}
	turn, err := v.c.hosts.acquire(ctx, name)
	if err != nil {
		return nil, err
	}
	v.turn = turn
	if v.cancel == nil {
		ctx, v.cancel = context.WithTimeout(ctx, v.c.cfg.Timeout)
	}
	return ctx, nil
}

func (v *visit) leave() {
	if v.turn != nil {
		v.turn.release()
	}
	if v.cancel != nil {
		v.cancel()
	}
}

// hop makes one request. It returns a response, or where to go next.
func (v *visit) hop(ctx context.Context, u *url.URL) (*Response, *url.URL, error) {
	req, err := v.request(ctx, u)
	if err != nil {
		return nil, nil, err
	}
	resp, err := v.c.transport.RoundTrip(req)
	if err != nil {
		return nil, nil, err
	}
	defer discard(resp)
	if isRedirect(resp.StatusCode) {
		next, err := v.redirect(u, resp)
		return nil, next, err
	}
	res, err := v.response(u, resp)
	return res, nil, err
}

func (v *visit) request(ctx context.Context, u *url.URL) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &Error{URL: display(u), Cause: "not a valid address", kind: model.ErrInvalid, err: err}
	}
	if u.User != nil {
		pass, _ := u.User.Password()
		req.SetBasicAuth(u.User.Username(), pass)
	}
	set := func(name, value string) {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	set("User-Agent", v.c.cfg.UserAgent)
	set("Accept", defaultAccept)
	set("Accept", v.r.Accept)
	set("Accept-Encoding", acceptEncoding)
	set("If-None-Match", v.r.ETag)
	set("If-Modified-Since", v.r.LastModified)
	return req, nil
}

// response reads what a server finally answered.
func (v *visit) response(u *url.URL, resp *http.Response) (*Response, error) {
	res := &Response{
		Status: resp.StatusCode, ETag: resp.Header.Get("ETag"), LastModified: resp.Header.Get("Last-Modified"),
		Capture: model.Capture{URL: display(v.asked), FinalURL: display(u), ContentType: resp.Header.Get("Content-Type"), At: time.Now().UTC()},
	}
	if v.moved {
		res.Moved = display(u)
	}
	switch {
	case resp.StatusCode == http.StatusNotModified && (v.r.ETag != "" || v.r.LastModified != ""):
		res.NotModified = true
		return res, nil
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		err := statusError(u, resp, time.Now())
		v.c.hosts.hold(v.lane+u.Hostname(), err.RetryAfter)
		return nil, err
	}
	body, err := readBody(resp, v.limit, v.truncate)
	if err != nil {
		return nil, err
	}
	res.Body = body
	res.Capture.Hash = model.HashOf(body)
	res.Capture.Size = int64(len(body))
	return res, nil
}

// discard closes a body. A short one is read to its end first, so that its
// connection can be used again.
func discard(resp *http.Response) {
	if resp.ContentLength > 0 && resp.ContentLength <= 4<<10 {
		_, _ = io.Copy(io.Discard, resp.Body) // nobody is told: the answer is already decided
	}
	_ = resp.Body.Close()
}
