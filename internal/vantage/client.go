package vantage

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"crosscheck/internal/model"
)

const (
	requestTimeout = 20 * time.Second
	maxAnswer      = maxOrders
	maxRetryAfter  = time.Hour // a vantage point that waits longer is blind too long
)

// client speaks to the server.
type client struct {
	base    *url.URL
	token   string
	version string // the program's
	http    *http.Client
}

// exchange is a request that was answered.
type exchange struct {
	status int
	header http.Header
	body   []byte
	sent   time.Time     // on this clock
	took   time.Duration // to the end of the answer
}

// awayError says that the server could not take a request for the moment.
type awayError struct {
	err   error
	after time.Duration // what it asked to wait, or 0
}

func (e *awayError) Error() string   { return e.err.Error() }
func (e *awayError) Unwrap() []error { return []error{model.ErrTemporary, e.err} }

// parseJoin reads the address of a server: https, or http on this machine.
func parseJoin(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, model.Errorf(model.ErrInvalid, "server %q: want an address such as https://monitor.example.org", s)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, model.Errorf(model.ErrInvalid, "server %q: want no user, query or fragment", u.Redacted())
	}
	if u.Scheme == "http" && u.Hostname() != "localhost" {
		if a, err := netip.ParseAddr(u.Hostname()); err != nil || !a.IsLoopback() {
			return nil, model.Errorf(model.ErrInvalid, "server %q: want https; http would show the token to everybody on the way", s)
		}
	}
	return u, nil
}

// newTransport returns the way to the server: direct, and for http never off
// this machine.
func newTransport(u *url.URL) *http.Transport {
	dialer := net.Dialer{Timeout: requestTimeout / 2}
	if u.Scheme == "http" {
		dialer.Control = onlyLoopback
	}
	return &http.Transport{
		DialContext: dialer.DialContext, ForceAttemptHTTP2: true, MaxIdleConns: 1, IdleConnTimeout: time.Minute,
		TLSHandshakeTimeout: requestTimeout / 2,
	}
}

func onlyLoopback(_, address string, _ syscall.RawConn) error {
	if a, err := netip.ParseAddrPort(address); err != nil || !a.Addr().IsLoopback() {
		return fmt.Errorf("%s is not on this machine: want https", address)
	}
	return nil
}

func newClient(base *url.URL, token, version string, transport http.RoundTripper) *client {
	return &client{base: base, token: token, version: version, http: &http.Client{
		Transport: transport, Timeout: requestTimeout,
		CheckRedirect: func(req *http.Request, _ []*http.Request) error { // the token is for this server alone
			return fmt.Errorf("it redirects to %s: join it there", req.URL.Redacted())
		},
	}}
}

// orders asks for the configuration; the body is nil when it is still the one
// of the tag.
func (c *client) orders(ctx context.Context, tag string) (*exchange, error) {
	req, err := c.request(ctx, http.MethodGet, "config", nil)
	if err != nil {
		return nil, err
	}
	if tag != "" {
		req.Header.Set("If-None-Match", tag)
	}
	return c.do(req)
}

// observations sends lines and returns the answer to them, unread.
func (c *client) observations(ctx context.Context, lines []byte) (*exchange, error) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write(lines)
	if err = errors.Join(err, z.Close()); err != nil {
		return nil, err
	}
	req, err := c.request(ctx, http.MethodPost, "observations", bytes.NewReader(packed.Bytes()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-ndjson")
	req.Header.Set("Content-Encoding", "gzip")
	x, err := c.do(req)
	if err == nil && x.status != http.StatusOK {
		err = &awayError{err: fmt.Errorf("it answered %d", x.status)}
	}
	return x, err
}

func (c *client) request(ctx context.Context, method, what string, body io.Reader) (*http.Request, error) {
	return http.NewRequestWithContext(ctx, method, c.base.JoinPath("api/v1/vantage", what).String(), body)
}

// do sends a request. The error is an ErrForbidden when the server turned this
// vantage point away, an ErrTooLarge, or an awayError.
func (c *client) do(req *http.Request) (*exchange, error) {
	x := &exchange{}
	now := func() {
		x.sent = time.Now()
		req.Header.Set("X-Vantage-Time", x.sent.UTC().Format(time.RFC3339Nano))
	}
	now()
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("User-Agent", "crosscheck-vantage/"+c.version)
	// The time is that of the request, not of the connection before it, which
	// takes seconds on a bad line.
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { now() }}
	resp, err := c.http.Do(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) { // it repeats method and address
			err = wrapped.Err
		}
		return nil, &awayError{err: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err == nil && len(body) > maxAnswer {
		err = fmt.Errorf("its answer is larger than %d bytes", maxAnswer)
	}
	if err != nil {
		return nil, &awayError{err: err}
	}
	x.status, x.header, x.body, x.took = resp.StatusCode, resp.Header, body, time.Since(x.sent)
	return x, x.fault()
}

// fault is what the status says. A page is not the server's own word: a gate
// on the way that forbids something does not take the token away.
func (x *exchange) fault() error {
	page := strings.HasPrefix(x.header.Get("Content-Type"), "text/html")
	switch {
	case x.status == http.StatusOK || x.status == http.StatusNotModified:
		return nil
	case x.status == http.StatusUnauthorized && !page:
		return model.Errorf(model.ErrForbidden, "the server does not know this token (401)")
	case x.status == http.StatusForbidden && !page:
		return model.Errorf(model.ErrForbidden, "the server has revoked this vantage point (403)")
	case x.status == http.StatusRequestEntityTooLarge:
		return model.Errorf(model.ErrTooLarge, "the server takes no batch of this size (413)")
	}
	return &awayError{
		err:   fmt.Errorf("it answered %d %s", x.status, http.StatusText(x.status)),
		after: retryAfter(x.header.Get("Retry-After"), time.Now()),
	}
}

// retryAfter reads a Retry-After header, seconds or a date: 0 when it does not
// say, an hour at most.
func retryAfter(value string, now time.Time) time.Duration {
	wait := time.Duration(0)
	if n, err := strconv.ParseUint(value, 10, 31); err == nil {
		wait = time.Duration(n) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), maxRetryAfter)
}
