package collect

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/fetch"
	"crosscheck/internal/model"
)

// feedOf is an RSS feed of items of the given ages.
func feedOf(now time.Time, ages ...time.Duration) string {
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>T</title>`)
	for _, age := range ages {
		at := now.Add(-age)
		fmt.Fprintf(&b, `<item><title>At %s</title><link>https://a.example/%d</link><pubDate>%s</pubDate></item>`, at, at.Unix(), at.Format(time.RFC1123Z))
	}
	b.WriteString(`</channel></rss>`)
	return b.String()
}

// every lists n ages at a distance.
func every(d time.Duration, n int) []time.Duration {
	out := make([]time.Duration, n)
	for i := range out {
		out[i] = d * time.Duration(i)
	}
	return out
}

// days lists the ages of n items at each of some midnights.
func days(count, n int) []time.Duration {
	var out []time.Duration
	for d := range count {
		for range n {
			out = append(out, time.Duration(d)*24*time.Hour)
		}
	}
	return out
}

func TestInterval(t *testing.T) {
	for _, c := range []struct {
		name   string
		ages   []time.Duration
		want   time.Duration
		perDay float64
	}{
		{"every two minutes", every(2*time.Minute, 50), time.Minute, 735},
		{"every twenty minutes", every(20*time.Minute, 50), 5 * time.Minute, 73},
		{"every two hours", every(2*time.Hour, 50), 30 * time.Minute, 12},
		{"daily", every(24*time.Hour, 30), time.Hour, 1},
		{"all at once", []time.Duration{0, 0, 0, 0}, 5 * time.Minute, 96},
		{"twelve a day, dated by the day", days(10, 12), 27*time.Minute + 15*time.Second, 13},
		{"asleep for a year", []time.Duration{365 * 24 * time.Hour, 366 * 24 * time.Hour}, time.Hour, 0},
		{"busy, now silent for four hours", []time.Duration{4 * time.Hour, 4*time.Hour + time.Minute, 4*time.Hour + 2*time.Minute}, 15 * time.Minute, 18},
		{"tomorrow's items do not count", []time.Duration{-24 * time.Hour, 0, 20 * time.Minute, 40 * time.Minute}, 5 * time.Minute, 72},
	} {
		w := web{"https://a.example/feed": page("https://a.example/feed", "text/xml", feedOf(at, c.ages...))}
		res, err := newCollector(w).Poll(t.Context(), source(t, model.SourceFeed, "https://a.example/feed"))
		if err != nil {
			t.Fatal(err)
		}
		s := res.State
		if s.Interval.Round(5*time.Second) != c.want || s.NextPoll.Sub(at) != s.Interval {
			t.Errorf("%s: interval %v, next poll in %v, want %v", c.name, s.Interval, s.NextPoll.Sub(at), c.want)
		}
		if d := s.ItemsPerDay - c.perDay; d < -1 || d > 1 {
			t.Errorf("%s: %v items a day, want about %v", c.name, s.ItemsPerDay, c.perDay)
		}
		if !s.LastSuccess.Equal(at) || !s.LastAttempt.Equal(at) || s.LastError != "" {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
}

// clockwork is a collector whose clock the test moves from poll to poll.
type clockwork struct {
	t   *testing.T
	c   *Collector
	src model.Source
	now time.Time
}

func newClockwork(t *testing.T, get Getter, kind model.SourceKind) *clockwork {
	cw := &clockwork{t: t, now: at, src: source(t, kind, "https://a.example/feed")}
	cw.c = New(slog.New(slog.DiscardHandler), get, Config{Now: func() time.Time { return cw.now }, Rand: func() float64 { return 0.5 }})
	return cw
}

// poll polls when it is due.
func (cw *clockwork) poll() (Result, error) {
	if cw.src.State.NextPoll.After(cw.now) {
		cw.now = cw.src.State.NextPoll
	}
	res, err := cw.c.Poll(cw.t.Context(), cw.src)
	if !res.State.NextPoll.After(cw.now) {
		cw.t.Errorf("the next poll is not ahead: %v at %v", res.State.NextPoll, cw.now)
	}
	cw.src.State = res.State
	return res, err
}

// getter is a Getter made of a function.
type getter func(fetch.Request) (*fetch.Response, error)

func (g getter) Get(_ context.Context, r fetch.Request) (*fetch.Response, error) { return g(r) }

// The interval grows while nothing changes and returns with the first change.
func TestIntervalGrows(t *testing.T) {
	for _, etag := range []string{"", `"v"`} {
		fresh := every(40*time.Minute, 20)
		body := feedOf(at, fresh...)
		cw := newClockwork(t, getter(func(r fetch.Request) (*fetch.Response, error) {
			if etag != "" && r.ETag == etag {
				return &fetch.Response{Status: 304, NotModified: true, ETag: etag}, nil
			}
			res := page(r.URL, "text/xml", body)
			res.ETag = etag
			return res, nil
		}), model.SourceFeed)
		var last time.Duration
		for i := range 12 {
			if _, err := cw.poll(); err != nil {
				t.Fatal(err)
			}
			if now := cw.src.State.Interval; now < last {
				t.Errorf("etag %q, poll %d: interval %v after %v", etag, i, now, last)
			}
			last = cw.src.State.Interval
		}
		if last < 40*time.Minute || last > time.Hour {
			t.Errorf("etag %q: grown to %v", etag, last)
		}
		etag = ""
		body = feedOf(cw.now, fresh...)
		if _, err := cw.poll(); err != nil || cw.src.State.Interval != 10*time.Minute {
			t.Errorf("after a change: interval %v, want 10m (%v)", cw.src.State.Interval, err)
		}
	}
}

// A source without dates is met halfway.
func TestIntervalWithoutDates(t *testing.T) {
	n := 0
	cw := newClockwork(t, getter(func(r fetch.Request) (*fetch.Response, error) {
		return page(r.URL, "text/html", fmt.Sprintf("<title>Status</title><p>Version %d", n)), nil
	}), model.SourcePage)
	steps := func(changing bool, polls int) time.Duration {
		for range polls {
			if changing {
				n++
			}
			if _, err := cw.poll(); err != nil {
				t.Fatal(err)
			}
		}
		return cw.src.State.Interval
	}
	if got := steps(true, 1); got != firstGuess {
		t.Errorf("first interval %v, want %v", got, firstGuess)
	}
	if got := steps(false, 20); got != time.Hour {
		t.Errorf("unchanged: %v, want 1h", got)
	}
	if got := steps(true, 1); got != 30*time.Minute {
		t.Errorf("changed once: %v, want 30m", got)
	}
	if got := steps(true, 8); got != time.Minute {
		t.Errorf("changing always: %v, want 1m", got)
	}
}

func TestBackOff(t *testing.T) {
	down := errors.New("https://a.example/feed: no such host a.example")
	var err error
	cw := newClockwork(t, getter(func(r fetch.Request) (*fetch.Response, error) {
		if err != nil {
			return nil, err
		}
		res := page(r.URL, "text/xml", feedOf(at, every(20*time.Minute, 20)...))
		res.ETag = `"v1"`
		return res, nil
	}), model.SourceFeed)
	if _, err := cw.poll(); err != nil {
		t.Fatal(err)
	}
	good := cw.src.State
	err = down
	want := good.Interval
	for i := range 20 {
		if _, got := cw.poll(); !errors.Is(got, down) {
			t.Fatalf("Poll = %v", got)
		}
		s := cw.src.State
		if wait := s.NextPoll.Sub(cw.now); wait != min(want, maxBackOff) {
			t.Errorf("failure %d: next try in %v, want %v", i+1, wait, min(want, maxBackOff))
		}
		if s.Failures != i+1 || s.LastError != down.Error() || !s.LastSuccess.Equal(good.LastSuccess) || s.ETag != `"v1"` || s.Interval != good.Interval {
			t.Errorf("failure %d: state %+v", i+1, s)
		}
		want *= 2
	}
	err = nil
	if _, got := cw.poll(); got != nil || cw.src.State.Failures != 0 || cw.src.State.LastError != "" || cw.src.State.Interval > time.Hour {
		t.Errorf("after the failures: %v, %+v", got, cw.src.State)
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	for _, c := range []struct{ after, want time.Duration }{
		{3 * time.Hour, 3 * time.Hour}, {time.Second, time.Minute}, {500 * time.Hour, maxBackOff},
	} {
		cw := newClockwork(t, getter(func(fetch.Request) (*fetch.Response, error) {
			return nil, fmt.Errorf("wrapped: %w", &fetch.Error{URL: "https://a.example/feed", Status: 429, RetryAfter: c.after, Cause: "busy"})
		}), model.SourceFeed)
		_, _ = cw.poll()
		if got := cw.src.State.NextPoll.Sub(cw.now); got != c.want {
			t.Errorf("Retry-After %v: next try in %v, want %v", c.after, got, c.want)
		}
	}
}

// Jitter stays within a tenth, and no failure waits longer than 48 hours.
func TestJitter(t *testing.T) {
	for _, r := range []float64{0, 0.5, 0.999} {
		c := New(slog.New(slog.DiscardHandler), web{}, Config{Now: func() time.Time { return at }, Rand: func() float64 { return r }})
		got := c.shake(10 * time.Minute)
		if got < 9*time.Minute || got > 11*time.Minute {
			t.Errorf("rand %v: %v", r, got)
		}
		s := c.failed(model.SourceState{Failures: 1000, Interval: time.Hour}, at, errors.New("x"))
		if wait := s.NextPoll.Sub(at); wait > maxBackOff || wait < maxBackOff*9/10 {
			t.Errorf("rand %v: the thousandth failure waits %v", r, wait)
		}
	}
}

// A poll that is cancelled is nobody's failure.
func TestCancelledPoll(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := newCollector(getter(func(fetch.Request) (*fetch.Response, error) { return nil, fmt.Errorf("fetch: %w", context.Canceled) }))
	res, err := c.Poll(ctx, source(t, model.SourceFeed, "https://a.example/feed"))
	if !errors.Is(err, context.Canceled) || res.State.Failures != 0 || res.State.LastError != "" || res.State.NextPoll.IsZero() {
		t.Errorf("Poll = %+v, %v", res.State, err)
	}
}

func TestUnknownKind(t *testing.T) {
	res, err := newCollector(web{}).Poll(t.Context(), model.Source{Kind: "pigeon", URL: "https://a.example/"})
	if !errors.Is(err, model.ErrInvalid) || res.State.LastError == "" || res.State.NextPoll.IsZero() {
		t.Errorf("Poll = %+v, %v", res.State, err)
	}
}

// What cannot be read must be asked for in full the next time.
func TestUnreadableKeepsValidators(t *testing.T) {
	w := web{"https://a.example/feed": page("https://a.example/feed", "text/html", "<html><body>Sorry</body></html>")}
	w["https://a.example/feed"].ETag = `"error page"`
	res, err := newCollector(w).Poll(t.Context(), source(t, model.SourceFeed, "https://a.example/feed"))
	if err == nil || res.State.ETag != "" || res.State.Failures != 1 {
		t.Errorf("Poll = %+v, %v", res.State, err)
	}
}

// What was cut off must be asked for in full the next time, too.
func TestBrokenKeepsNoValidators(t *testing.T) {
	body := feedOf(at, 0, time.Hour)
	for name, c := range map[string]struct {
		body string
		want string
	}{"whole": {body, `"v1"`}, "cut": {body[:len(body)-40], ""}} {
		w := web{"https://a.example/feed": page("https://a.example/feed", "text/xml", c.body)}
		w["https://a.example/feed"].ETag = `"v1"`
		res, err := newCollector(w).Poll(t.Context(), source(t, model.SourceFeed, "https://a.example/feed"))
		if err != nil || len(res.Items) != 2 || res.State.ETag != c.want {
			t.Errorf("%s: %d items, ETag %q, want %q (%v)", name, len(res.Items), res.State.ETag, c.want, err)
		}
	}
}

func TestMovedIsNoted(t *testing.T) {
	w := web{"https://a.example/feed": page("https://b.example/feed", "text/xml", feedOf(at, 0))}
	w["https://a.example/feed"].Moved = "https://b.example/feed"
	res, err := newCollector(w).Poll(t.Context(), source(t, model.SourceFeed, "https://a.example/feed"))
	if err != nil || len(res.Notes) != 1 || !strings.Contains(res.Notes[0], "https://b.example/feed") {
		t.Errorf("notes %q, %v", res.Notes, err)
	}
}
