package collect

import (
	"compress/gzip"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/fetch"
	"crosscheck/internal/model"
)

// A source polled through the real door: compressed, by a name of the static
// table, and not sent again while it stays as it is.
func TestThroughFetch(t *testing.T) {
	body := feedOf(at, 0, time.Hour)
	sent := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept"), "rss") {
			t.Errorf("Accept = %q", r.Header.Get("Accept"))
		}
		w.Header().Set("ETag", `W/"v1"`)
		if r.Header.Get("If-None-Match") == `W/"v1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		sent++
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write([]byte(body))
		_ = z.Close()
	}))
	defer srv.Close()
	client := fetch.New(slog.New(slog.DiscardHandler), fetch.Config{
		Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Pace: -1,
		Hosts: map[string]string{"aldwire.example": srv.Listener.Addr().String()},
	})
	defer client.Close()
	src := source(t, model.SourceFeed, "http://aldwire.example/feed")
	c := newCollector(client)
	for i, want := range []int{2, 0, 0} {
		res, err := c.Poll(t.Context(), src)
		if err != nil || len(res.Items) != want || res.State.ETag != `W/"v1"` {
			t.Fatalf("poll %d: %d items, state %+v, %v", i, len(res.Items), res.State, err)
		}
		src.State = res.State
	}
	if sent != 1 {
		t.Errorf("the feed was sent %d times, want once", sent)
	}
}

// What goes wrong on the web stands in the source's state, in words.
func TestFailureThroughFetch(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7200")
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer srv.Close()
	client := fetch.New(slog.New(slog.DiscardHandler), fetch.Config{
		Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Pace: -1,
		Hosts: map[string]string{"aldwire.example": srv.Listener.Addr().String()},
	})
	defer client.Close()
	res, err := newCollector(client).Poll(t.Context(), source(t, model.SourceFeed, "http://aldwire.example/feed"))
	want := "http://aldwire.example/feed: the server answered 503 Service Unavailable; it asks us to come back in 2 h"
	if err == nil || res.State.LastError != want || res.State.NextPoll.Sub(at) < 2*time.Hour {
		t.Errorf("state %+v, want %q", res.State, want)
	}
}
