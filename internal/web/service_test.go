package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
)

func TestDesk(t *testing.T) {
	with := func(name, value string) asker { return func(r *http.Request) { desk(r); r.Header.Set(name, value) } }
	host := func(h string) asker { return func(r *http.Request) { desk(r); r.Host = h } }
	for name, c := range map[string]struct {
		who  asker
		want bool
	}{
		"this machine":     {desk, true},
		"IPv6":             {func(r *http.Request) { desk(r); r.RemoteAddr, r.Host = "[::1]:9", "[::1]:8080" }, true},
		"mapped":           {func(r *http.Request) { desk(r); r.RemoteAddr = "[::ffff:127.0.0.1]:9" }, true},
		"public name":      {host("news.example"), false},
		"reader":           {public, false},
		"proxied":          {with("X-Forwarded-For", "127.0.0.1"), false},
		"proxied, RFC7239": {with("Forwarded", "for=127.0.0.1"), false},
		"rebound name":     {host("evil.example"), false},
		"localhost.evil":   {host("localhost.evil.example"), false},
		"old proxy":        {func(r *http.Request) { desk(r); r.Proto, r.ProtoMinor = "HTTP/1.0", 0 }, false},
		"no address":       {func(r *http.Request) { desk(r); r.RemoteAddr = "@" }, false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		c.who(r)
		if got := fromThisMachine(r); got != c.want {
			t.Errorf("%s: desk = %v, want %v", name, got, c.want)
		}
	}
}

func TestCapture(t *testing.T) {
	s := site(t, quernSound())
	load(t, s, "/article/aldwire-1/capture", 403).says("main", "That is for the desk")
	w := get(t, s, "/article/aldwire-1/capture", desk)
	if w.Code != 200 || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" || !strings.Contains(w.Header().Get("Content-Security-Policy"), "sandbox") ||
		w.Header().Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(w.Body.String(), "<script>alert(1)</script>") {
		t.Errorf("capture = %d %v %.80q", w.Code, w.Header(), w.Body)
	}
	if w := get(t, s, "/article/lanthorn-1/capture?revision=1", desk); w.Code != 200 {
		t.Errorf("capture of revision 1 = %d", w.Code)
	}
	load(t, s, "/article/lanthorn-1/capture?revision=9", 404, desk).says("main", "no revision 9")
	load(t, s, "/article/lanthorn-1/capture?revision=x", 400, desk).sound()
	m := quernSound()
	m.bodies[m.articles[0].Capture] = bytes.Repeat([]byte{0xff, 'x'}, maxCapture)
	w = get(t, site(t, m), "/article/aldwire-1/capture", desk)
	if !strings.HasSuffix(w.Body.String(), "more bytes are not shown]\n") {
		t.Error("a large capture is not cut")
	}
}

func TestService(t *testing.T) {
	fault := errors.New("bus is closed at /var/lib/x")
	s := New(slog.New(slog.DiscardHandler), quernSound(), Config{
		Ready:   func(context.Context) error { return fault },
		Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "up 1\n") }),
	})
	if w := get(t, s, "/healthz"); w.Code != 503 || strings.Contains(w.Body.String(), "bus") {
		t.Errorf("healthz for readers = %d %q", w.Code, w.Body)
	}
	if w := get(t, s, "/healthz", desk); w.Code != 503 || !strings.Contains(w.Body.String(), "bus is closed") {
		t.Errorf("healthz for the desk = %d %q", w.Code, w.Body)
	}
	fault = nil
	if w := get(t, s, "/healthz"); w.Code != 200 || w.Body.String() != "ok\n" {
		t.Errorf("healthz = %d %q", w.Code, w.Body)
	}
	if w := get(t, s, "/metrics", desk); w.Body.String() != "up 1\n" {
		t.Errorf("metrics = %d %q", w.Code, w.Body)
	}
	if w := get(t, s, "/metrics"); w.Code != 404 {
		t.Errorf("metrics for readers = %d", w.Code)
	}
}

func TestFaults(t *testing.T) {
	m := quernSound()
	for _, c := range []struct {
		err    error
		status int
	}{
		{errors.New("disk /secret/path is full"), 500}, {model.Errorf(model.ErrTemporary, "locked"), 503}, {context.DeadlineExceeded, 503},
	} {
		m.err = c.err
		p := load(t, New(slog.New(slog.DiscardHandler), m, Config{}), "/", c.status)
		p.sound()
		if strings.Contains(p.text("body"), "secret") {
			t.Error("the cause of an internal fault is shown")
		}
	}
	boom := New(slog.New(slog.DiscardHandler), nil, Config{}) // every question panics
	load(t, boom, "/", 500).says("main", "Something went wrong here")
}

func TestSourcesKeepSecrets(t *testing.T) {
	m := quernSound()
	m.sources[0].URL += "?key=hunter2"
	s := site(t, m)
	for path, secret := range map[string]string{"/sources": "hunter2"} {
		if strings.Contains(load(t, s, path, 200).text("body"), secret) {
			t.Errorf("%s shows %s to readers", path, secret)
		}
	}
	p := load(t, s, "/sources", 200, desk)
	p.says(".health", "certificate expired")
	p.says("section[aria-labelledby=h-d]", "holds no article text")
	if got := load(t, s, "/sources", 200).text("main"); strings.Contains(got, "certificate") || strings.Contains(got, "Given up") {
		t.Error("readers see the desk's part")
	}
}

func TestHealthWords(t *testing.T) {
	now := crisisNow
	for want, src := range map[string]model.Source{
		healthPaused:  {Paused: true, State: model.SourceState{Failures: 3}},
		healthFailing: {State: model.SourceState{Failures: 1, LastAttempt: now}},
		healthNew:     {},
		healthLate:    {State: model.SourceState{LastAttempt: now.Add(-time.Hour), NextPoll: now.Add(-40 * time.Minute), Interval: 15 * time.Minute}},
		healthOK:      {State: model.SourceState{LastAttempt: now, NextPoll: now.Add(time.Minute)}},
	} {
		if got := healthWord(&src, now); got != want {
			t.Errorf("healthWord = %q, want %q", got, want)
		}
	}
	if slices.Contains([]int{healthRank(healthPaused), healthRank(healthFailing)}, -1) {
		t.Error("a word has no rank")
	}
}
