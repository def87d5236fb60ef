package signal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

// at is when the tests play.
var at = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return at.Add(-d) }

var quiet = slog.New(slog.DiscardHandler)

// bank and mill are the services of the tests; no two share a network.
var (
	bank = model.Service{ID: "bank", Target: "https://bank.example/", ASN: 64500, Country: "QQ"}
	mill = model.Service{ID: "mill", Target: "https://mill.example/", ASN: 64501, Country: "XX"}
)

// serve answers each path with a fixed text, and keeps what was asked.
type serve struct {
	answers map[string]string // path → body
	status  int               // instead of 200

	mu    sync.Mutex
	asked []*http.Request
}

func (s *serve) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, req)
	s.mu.Unlock()
	body, known := s.answers[req.URL.Path]
	switch {
	case s.status != 0:
		w.Header().Set("Retry-After", "1800")
		w.WriteHeader(s.status)
	case !known:
		w.WriteHeader(http.StatusNotFound)
	}
	_, _ = io.WriteString(w, body)
}

func (s *serve) requests() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// runner asks a local server in the place of every source.
func runner(t *testing.T, h http.Handler) *Runner {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	r := New(quiet, Config{RadarToken: "hush", Transport: srv.Client().Transport, UserAgent: "test/1", Now: func() time.Time { return at }})
	r.base = bases{ioda: srv.URL, ooni: srv.URL, radar: srv.URL, stat: srv.URL, ris: srv.URL + "/ris"}
	return r
}

// asked is what a source is asked with, by its name.
func (r *Runner) asked(name string) func(context.Context, []model.Service) ([]model.Signal, error) {
	return map[string]func(context.Context, []model.Service) ([]model.Signal, error){
		IODA: r.askIODA, OONI: r.askOONI, Radar: r.askRadar,
		RIS: func(ctx context.Context, services []model.Service) ([]model.Signal, error) {
			f := newRIS(r, func() []model.Service { return services }, nil)
			f.prepare(ctx)
			return nil, f.fault
		},
	}[name]
}

// TestBadAnswers asks every source for what it cannot give.
func TestBadAnswers(t *testing.T) {
	about := []model.Service{bank}
	about[0].Prefixes = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	for _, source := range []string{IODA, OONI, Radar, RIS} {
		for _, c := range []struct {
			name    string
			handler http.HandlerFunc
			kind    error
			want    string
		}{
			{"empty", func(http.ResponseWriter, *http.Request) {}, model.ErrTemporary, "empty answer"},
			{"broken", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"data":[{`) }, model.ErrUnsupported, "cannot be read"},
			{"a page", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `<html>`) }, model.ErrUnsupported, "cannot be read"},
			{"huge", func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, `{"data":"`+strings.Repeat("x", maxAnswer)+`"}`)
			}, model.ErrTooLarge, "more than 4194304 bytes"},
			{"busy", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }, model.ErrTemporary, "status 429"},
			{"down", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, model.ErrTemporary, "status 502"},
			{"refused", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, model.ErrForbidden, "refuses us"},
			{"gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }, model.ErrUnsupported, "status 404"},
			{"cut off", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "100")
				_, _ = io.WriteString(w, `{`)
			}, model.ErrTemporary, "127.0.0.1"},
		} {
			t.Run(source+" "+c.name, func(t *testing.T) {
				signals, err := runner(t, c.handler).asked(source)(t.Context(), about)
				if len(signals) != 0 || !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, %v, want a %v with %q", signals, err, c.kind, c.want)
				}
				if err != nil && strings.Contains(err.Error(), "hush") {
					t.Errorf("the error %q has the token", err)
				}
			})
		}
	}
}

// answer stands for the web in tests on a false clock.
type answer func(*http.Request) (*http.Response, error)

func (a answer) RoundTrip(req *http.Request) (*http.Response, error) { return a(req) }

func text(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

// TestRun lets a source fail and come back on a false clock.
func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var tries []time.Duration
		transport := answer(func(req *http.Request) (*http.Response, error) {
			if strings.HasSuffix(req.URL.Path, "/outages/events") {
				return text(200, `{"data":[]}`), nil
			}
			if strings.HasSuffix(req.URL.Query().Get("entityType"), "country") {
				return text(200, `{"data":[]}`), nil
			}
			tries = append(tries, time.Since(start))
			switch len(tries) {
			case 1:
				<-req.Context().Done() // slow
				return nil, req.Context().Err()
			case 2:
				resp := text(503, "")
				resp.Header.Set("Retry-After", "3600")
				return resp, nil
			}
			return text(200, fmt.Sprintf(`{"data":[{"datasource":"bgp","entity":{"type":"asn","code":"64500"},"time":%d,"level":"critical"}]}`, start.Unix())), nil
		})
		secret := bank
		secret.ID, secret.ASN, secret.Private = "secret", 64999, true
		r := New(quiet, Config{IODA: true, Transport: transport})
		ctx, cancel := context.WithCancel(t.Context())
		var got []model.Signal
		err := make(chan error)
		go func() {
			err <- r.Run(ctx, func() []model.Service { return []model.Service{bank, secret} }, func(_ context.Context, s model.Signal) { got = append(got, s) })
		}()
		time.Sleep(time.Minute)
		synctest.Wait()
		if h := r.Health(); len(h) != 1 || !strings.HasPrefix(h[0].Err, "ioda: ") || !strings.Contains(h[0].Err, "deadline") || !h[0].OK.IsZero() {
			t.Errorf("Health after a slow answer = %+v", h)
		}
		time.Sleep(90 * time.Minute)
		cancel()
		if e := <-err; !errors.Is(e, context.Canceled) {
			t.Errorf("Run = %v", e)
		}
		within := func(name string, d, least, most time.Duration) {
			if d < least || d > most {
				t.Errorf("%s after %s, want %s to %s", name, d, least, most)
			}
		}
		within("second try", tries[1]-tries[0], 9*time.Minute, 12*time.Minute)
		within("third try", tries[2]-tries[1], 54*time.Minute, 66*time.Minute)
		within("fourth try", tries[3]-tries[2], 4*time.Minute, 6*time.Minute)
		if len(got) < 2 {
			t.Fatalf("got %v, want signals that last", got)
		}
		for i, s := range got {
			if s.Source != IODA || s.Service != "bank" || s.Ratio != 10 || !s.At.Equal(start) {
				t.Errorf("signal %d = %+v", i, s)
			}
		}
		if a, b := got[0], got[1]; b.Stale <= a.Stale {
			t.Errorf("Stale %s, then %s: want it to grow while the loss lasts", a.Stale, b.Stale)
		}
		if h := r.Health(); h[0].Err != "" || h[0].OK.IsZero() {
			t.Errorf("Health after good answers = %+v", h)
		}
	})
}

func TestNothingConfigured(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := New(quiet, Config{}).Run(ctx, func() []model.Service { return []model.Service{bank} }, func(context.Context, model.Signal) {})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Run = %v", err)
	}
}

func TestBackOff(t *testing.T) {
	for _, c := range []struct {
		fails int
		err   error
		want  time.Duration
	}{
		{1, io.EOF, 10 * time.Minute},
		{3, io.EOF, 40 * time.Minute},
		{90, io.EOF, maxBackOff},
		{1, &busyError{after: time.Hour}, time.Hour},
		{1, &busyError{after: 100 * time.Hour}, maxBackOff},
	} {
		if got := backOff(5*time.Minute, c.fails, c.err); got < c.want*9/10 || got > c.want*11/10 {
			t.Errorf("backOff(%d, %v) = %s, want about %s", c.fails, c.err, got, c.want)
		}
	}
}

func same(t *testing.T, got, want []model.Signal) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for _, s := range got {
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
	}
}
