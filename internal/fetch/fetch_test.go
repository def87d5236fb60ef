package fetch

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}

// serve starts a web of one handler that answers for every *.example host.
func serve(t *testing.T, h http.HandlerFunc) (*httptest.Server, Config) {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	addr := srv.Listener.Addr().String()
	return srv, Config{
		Allow: loopback, Pace: -1, Timeout: 10 * time.Second,
		Hosts: map[string]string{"Aldwire.example": addr, "news.example": addr},
	}
}

func newClient(t *testing.T, cfg Config) *Client {
	t.Helper()
	c := New(slog.New(slog.DiscardHandler), cfg)
	t.Cleanup(c.Close)
	return c
}

// get fetches a URL from a web of one handler.
func get(t *testing.T, h http.HandlerFunc, r Request) (*Response, error) {
	t.Helper()
	_, cfg := serve(t, h)
	return newClient(t, cfg).Get(t.Context(), r)
}

func TestGet(t *testing.T) {
	var seen http.Header
	res, err := get(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Last-Modified", "Mon, 02 Mar 2026 10:00:00 GMT")
		_, _ = io.WriteString(w, "<p>Hello")
	}, Request{URL: "http://user:secret@aldwire.example/a#part"})
	if err != nil {
		t.Fatal(err)
	}
	if res.Capture.At.IsZero() {
		t.Error("Capture.At is not set")
	}
	res.Capture.At = time.Time{}
	want := &Response{
		Status: 200, Body: []byte("<p>Hello"), ETag: `"v1"`, LastModified: "Mon, 02 Mar 2026 10:00:00 GMT",
		Capture: model.Capture{
			Hash: model.HashOf([]byte("<p>Hello")), URL: "http://aldwire.example/a", FinalURL: "http://aldwire.example/a",
			ContentType: "text/html; charset=utf-8", Size: 8,
		},
	}
	if d := cmp.Diff(want, res); d != "" {
		t.Error(d)
	}
	if got := seen.Get("User-Agent"); got != DefaultUserAgent {
		t.Errorf("User-Agent = %q", got)
	}
	if got := seen.Get("Authorization"); got != "Basic dXNlcjpzZWNyZXQ=" {
		t.Errorf("Authorization = %q, want the address's own credentials", got)
	}
}

func TestConditional(t *testing.T) {
	h := func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == `"v1"` || r.Header.Get("If-Modified-Since") != "" || r.URL.Path == "/odd" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = io.WriteString(w, "body")
	}
	for _, r := range []Request{
		{URL: "http://aldwire.example/", ETag: `"v1"`},
		{URL: "http://aldwire.example/", LastModified: "Mon, 02 Mar 2026 10:00:00 GMT"},
	} {
		res, err := get(t, h, r)
		if err != nil || !res.NotModified || len(res.Body) != 0 {
			t.Errorf("Get(%+v) = %+v, %v, want not modified", r, res, err)
		}
	}
	if res, err := get(t, h, Request{URL: "http://aldwire.example/"}); err != nil || res.NotModified || string(res.Body) != "body" {
		t.Errorf("unconditional: %+v, %v", res, err)
	}
	if _, err := get(t, h, Request{URL: "http://aldwire.example/odd"}); !errors.Is(err, model.ErrInvalid) {
		t.Errorf("304 to an unconditional request: %v, want an ErrInvalid", err)
	}
}

func TestRedirects(t *testing.T) {
	h := func(w http.ResponseWriter, r *http.Request) {
		to := map[string]struct {
			status int
			loc    string
		}{
			"/old": {301, "/new"}, "/older": {308, "http://news.example/old"}, "/now": {302, "/new"}, "/mixed": {301, "/now"},
			"/loop": {302, "/loop"}, "/file": {302, "file:///etc/passwd"}, "/gopher": {302, "gopher://news.example/"},
			"/none": {302, ""}, "/bad": {302, "http://[::1"}, "/fragment": {303, "/new#top"},
		}[r.URL.Path]
		if to.status == 0 {
			_, _ = io.WriteString(w, "arrived at "+r.Host+r.URL.Path)
			return
		}
		if to.loc != "" {
			w.Header().Set("Location", to.loc)
		}
		w.WriteHeader(to.status)
	}
	for _, c := range []struct{ path, final, moved string }{
		{"/old", "http://aldwire.example/new", "http://aldwire.example/new"},
		{"/older", "http://news.example/new", "http://news.example/new"},
		{"/now", "http://aldwire.example/new", ""},
		{"/mixed", "http://aldwire.example/new", ""},
		{"/fragment", "http://aldwire.example/new", ""},
	} {
		res, err := get(t, h, Request{URL: "http://aldwire.example" + c.path})
		if err != nil {
			t.Errorf("Get(%s): %v", c.path, err)
			continue
		}
		if res.Capture.FinalURL != c.final || res.Moved != c.moved || res.Capture.URL != "http://aldwire.example"+c.path {
			t.Errorf("Get(%s): final %q, moved %q, want %q and %q", c.path, res.Capture.FinalURL, res.Moved, c.final, c.moved)
		}
	}
	for path, kind := range map[string]error{
		"/loop": model.ErrInvalid, "/file": model.ErrForbidden, "/gopher": model.ErrForbidden, "/none": model.ErrInvalid, "/bad": model.ErrInvalid,
	} {
		if _, err := get(t, h, Request{URL: "http://aldwire.example" + path}); !errors.Is(err, kind) {
			t.Errorf("Get(%s) = %v, want kind %v", path, err, kind)
		}
	}
}

func TestCredentialsStayWithTheirHost(t *testing.T) {
	var auth string
	_, err := get(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Host == "aldwire.example" {
			http.Redirect(w, r, "http://news.example/", http.StatusFound)
			return
		}
		auth = r.Header.Get("Authorization")
	}, Request{URL: "http://user:secret@aldwire.example/"})
	if err != nil || auth != "" {
		t.Errorf("the second host saw %q (%v), want nothing", auth, err)
	}
}

func TestInvalidAddresses(t *testing.T) {
	c := newClient(t, Config{})
	for _, raw := range []string{"", "news.example/a", "ftp://news.example/", "file:///etc/passwd", "http://", "http:///path", "http://[::1", "javascript:alert(1)"} {
		_, err := c.Get(t.Context(), Request{URL: raw})
		if e := (*Error)(nil); !errors.Is(err, model.ErrInvalid) || !errors.As(err, &e) {
			t.Errorf("Get(%q) = %v, want an *Error of kind ErrInvalid", raw, err)
		}
	}
}

func TestStatus(t *testing.T) {
	for _, c := range []struct {
		status int
		after  string
		kind   error
		wait   time.Duration
		text   string
	}{
		{404, "", model.ErrNotFound, 0, "http://aldwire.example/a: the server answered 404 Not Found"},
		{410, "", model.ErrNotFound, 0, "http://aldwire.example/a: the server answered 410 Gone"},
		{401, "", model.ErrForbidden, 0, "http://aldwire.example/a: the server answered 401 Unauthorized"},
		{402, "", model.ErrForbidden, 0, "http://aldwire.example/a: the server answered 402 Payment Required"},
		{403, "60", model.ErrForbidden, 0, "http://aldwire.example/a: the server answered 403 Forbidden"},
		{451, "", model.ErrForbidden, 0, "http://aldwire.example/a: the server answered 451 Unavailable For Legal Reasons"},
		{400, "", model.ErrInvalid, 0, "http://aldwire.example/a: the server answered 400 Bad Request"},
		{429, "120", model.ErrTemporary, 2 * time.Minute, "http://aldwire.example/a: the server answered 429 Too Many Requests; it asks us to come back in 2 min"},
		{503, "", model.ErrTemporary, 0, "http://aldwire.example/a: the server answered 503 Service Unavailable"},
		{500, "", model.ErrTemporary, 0, "http://aldwire.example/a: the server answered 500 Internal Server Error"},
		{599, "9", model.ErrTemporary, 9 * time.Second, "http://aldwire.example/a: the server answered 599; it asks us to come back in 9 s"},
	} {
		_, err := get(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", c.after)
			w.WriteHeader(c.status)
		}, Request{URL: "http://aldwire.example/a"})
		e := (*Error)(nil)
		if !errors.As(err, &e) {
			t.Errorf("status %d: %v", c.status, err)
			continue
		}
		if !errors.Is(err, c.kind) || e.Status != c.status || e.RetryAfter != c.wait || e.Error() != c.text {
			t.Errorf("status %d: %q, kind ok %v, wait %s", c.status, e, errors.Is(err, c.kind), e.RetryAfter)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		in   string
		want time.Duration
	}{
		{"", 0},
		{"120", 2 * time.Minute},
		{" 5 ", 5 * time.Second},
		{"-3", 0},
		{"99999999999", 48 * time.Hour},
		{"99999999999999999999999", 0},
		{"soon", 0},
		{"Mon, 02 Mar 2026 10:05:00 GMT", 5 * time.Minute},
		{"Monday, 02-Mar-26 10:05:00 GMT", 5 * time.Minute},
		{"Mon, 02 Mar 2026 09:00:00 GMT", 0},
		{"Mon, 02 Mar 2099 09:00:00 GMT", 48 * time.Hour},
	} {
		if got := retryAfter(c.in, now); got != c.want {
			t.Errorf("retryAfter(%q) = %v, want %v", c.in, got, c.want)
		}
	}
}

// A host that asked to be left alone is left alone, by every request.
func TestHostIsHeld(t *testing.T) {
	calls := 0
	_, cfg := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		calls++
		w.Header().Set("Retry-After", "300")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	c := newClient(t, cfg)
	for _, path := range []string{"/a", "/b"} {
		_, err := c.Get(t.Context(), Request{URL: "http://aldwire.example" + path})
		e := (*Error)(nil)
		if !errors.As(err, &e) || !errors.Is(err, model.ErrTemporary) || e.RetryAfter < 299*time.Second {
			t.Errorf("Get(%s) = %v", path, err)
		}
	}
	if calls != 1 {
		t.Errorf("the host saw %d requests, want 1", calls)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	_, cfg := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := newClient(t, cfg).Get(ctx, Request{URL: "http://aldwire.example/"})
	if !errors.Is(err, context.Canceled) || errors.Is(err, model.ErrTemporary) {
		t.Errorf("Get = %v, want context.Canceled and no kind", err)
	}
}

func TestTimeout(t *testing.T) {
	_, cfg := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	cfg.Timeout = 50 * time.Millisecond
	_, err := newClient(t, cfg).Get(t.Context(), Request{URL: "http://aldwire.example/slow"})
	want := "http://aldwire.example/slow: aldwire.example took too long: time-out after 50ms"
	if !errors.Is(err, model.ErrTemporary) || err.Error() != want {
		t.Errorf("Get = %v, want %q", err, want)
	}
}

func TestLongAddressesAreCut(t *testing.T) {
	_, err := get(t, http.NotFound, Request{URL: "http://aldwire.example/" + strings.Repeat("x", 5000)})
	if len(err.Error()) > 300 {
		t.Errorf("the message has %d characters", len(err.Error()))
	}
}

func TestDisplay(t *testing.T) {
	u, _ := url.Parse("https://u:p@news.example/a?b=c")
	if got := display(u); got != "https://news.example/a?b=c" {
		t.Errorf("display = %q", got)
	}
}
