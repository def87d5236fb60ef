package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
)

func TestRules(t *testing.T) {
	const file = "\ufeff# rules\r\nUser-agent: other\nDisallow: /\n\n" +
		"User-Agent: *\nDisallow: /all\n\n" +
		"user-agent: CrossCheck/2.0\nUser-agent: second\nDisallow: /private # not for us\nAllow: /private/open\n" +
		"nonsense\nDisallow: /*.pdf$\nDisallow: /s%C3%BC\nDisallow: /q?*key=\nDisallow:\nCrawl-delay: 2.5\n\n" +
		"User-agent: crosscheck\nDisallow: /late\nDisallow: /tie\nAllow: /tie\nSitemap: http://x/\nDisallow: /%7Ehome\n"
	r := parseRules(file, "crosscheck")
	for path, want := range map[string]bool{
		"/": true, "/all": true, "/private": false, "/private/x": false, "/private/open/y": true, "/a.pdf": false, "/a.pdf?x": true,
		"/s%c3%bc": false, "/sü": false, "/q?a=1&key=2": false, "/q?a=1": true, "/late": false, "/tie": true, "/~home": false, "": true,
	} {
		if got := r.allows(path); got != want {
			t.Errorf("allows(%q) = %v, want %v", path, got, want)
		}
	}
	if r.delay != 2500*time.Millisecond {
		t.Errorf("delay = %v", r.delay)
	}
	other := parseRules(file, "pigeon")
	if other.allows("/all/x") || !other.allows("/private") {
		t.Error("an agent that is not named has the rules for everybody")
	}
	for _, odd := range []string{"", "<html><body>Disallow: /</body></html>", "Disallow: /", "User-agent: *\nDisallow:", "\x00\xff:::"} {
		if !parseRules(odd, "crosscheck").allows("/x") {
			t.Errorf("parseRules(%q) closes the site", odd)
		}
	}
	if parseRules("User-agent: *\nDisallow: *", "crosscheck").allows("/x") || parseRules("User-agent: *\nDisallow: /$", "crosscheck").allows("/") {
		t.Error("patterns of a star and of the root alone do not match")
	}
}

func TestRobots(t *testing.T) {
	asked := 0
	_, cfg := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			asked++
			_, _ = io.WriteString(w, "User-agent: *\nDisallow: /private\nCrawl-delay: 0.01\n")
			return
		}
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "http://news.example/private", http.StatusFound)
		}
	})
	cfg.PerHost = 1 // a robots.txt must not wait behind the page that waits for it
	c := newClient(t, cfg)
	_, err := c.Get(t.Context(), Request{URL: "http://aldwire.example/private/a?b=c", Page: true})
	want := "http://aldwire.example/private/a?b=c: robots.txt of aldwire.example does not allow crosscheck to read this page"
	if !errors.Is(err, model.ErrForbidden) || err.Error() != want {
		t.Errorf("Get = %v, want %q", err, want)
	}
	if _, err := c.Get(t.Context(), Request{URL: "http://aldwire.example/private/feed"}); err != nil {
		t.Errorf("a feed: %v", err)
	}
	if _, err := c.Get(t.Context(), Request{URL: "http://aldwire.example/open", Page: true}); err != nil {
		t.Errorf("an open page: %v", err)
	}
	if asked != 1 {
		t.Errorf("robots.txt was asked for %d times, want once", asked)
	}
	if _, err := c.Get(t.Context(), Request{URL: "http://aldwire.example/away", Page: true}); !errors.Is(err, model.ErrForbidden) {
		t.Errorf("a redirect to another host's private page: %v, want forbidden", err)
	}
	if got := c.hosts.table["aldwire.example"].delay; got != 10*time.Millisecond {
		t.Errorf("Crawl-delay kept: %v, want 10ms", got)
	}
}

func TestRobotsStatus(t *testing.T) {
	for _, c := range []struct {
		status int
		want   error
	}{{200, nil}, {403, nil}, {404, nil}, {410, nil}, {429, model.ErrTemporary}, {500, model.ErrTemporary}, {503, model.ErrTemporary}} {
		_, err := get(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				w.WriteHeader(c.status)
			}
		}, Request{URL: "http://aldwire.example/a", Page: true})
		if !errors.Is(err, c.want) {
			t.Errorf("robots.txt answers %d: %v, want %v", c.status, err, c.want)
		}
		if e := (*Error)(nil); c.want != nil && (!errors.As(err, &e) || e.RetryAfter <= 0 || !strings.Contains(err.Error(), "robots.txt")) {
			t.Errorf("robots.txt answers %d: %v, want a RetryAfter", c.status, err)
		}
	}
}

// A robots.txt too large is read as far as the cap goes.
func TestRobotsLarge(t *testing.T) {
	_, err := get(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			_, _ = io.WriteString(w, "User-agent: *\nDisallow: /a\n"+strings.Repeat("# filler\n", 200_000))
		}
	}, Request{URL: "http://aldwire.example/a", Page: true})
	if !errors.Is(err, model.ErrForbidden) {
		t.Errorf("Get = %v, want forbidden", err)
	}
}

func TestRobotsOverTime(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	var answer *rules
	asked := 0
	r := newRobots(func(context.Context, *url.URL) (*rules, error) {
		if asked++; answer == nil {
			return nil, errors.New("down")
		}
		return answer, nil
	}, "crosscheck")
	r.now = func() time.Time { return now }
	u, _ := url.Parse("https://aldwire.example/a")
	check := func(when string, want error, calls int) {
		t.Helper()
		if err := r.allow(t.Context(), u); !errors.Is(err, want) || asked != calls {
			t.Errorf("%s: %v after %d calls, want %v after %d", when, err, asked, want, calls)
		}
	}
	check("down at first", model.ErrTemporary, 1)
	check("asked again at once", model.ErrTemporary, 1)
	now = now.Add(robotsFirst)
	check("after the first wait", model.ErrTemporary, 2)
	now = now.Add(robotsGiveUp)
	check("after a day", nil, 3)
	answer = parseRules("User-agent: *\nDisallow: /", "crosscheck")
	now = now.Add(robotsFresh)
	check("up again, and closed", model.ErrForbidden, 4)
	answer = nil
	now = now.Add(robotsFresh)
	check("down again: the old copy counts", model.ErrForbidden, 5)
	answer = &rules{}
	now = now.Add(robotsFirst)
	check("up and open", nil, 6)
}

func TestRobotsForget(t *testing.T) {
	r := newRobots(func(context.Context, *url.URL) (*rules, error) { return &rules{}, nil }, "crosscheck")
	for i := range 3 * maxRobots {
		u, _ := url.Parse(fmt.Sprintf("https://h%d.example/", i))
		if err := r.allow(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	}
	if len(r.table) > maxRobots {
		t.Errorf("%d origins remembered, want %d at most", len(r.table), maxRobots)
	}
}

func FuzzRules(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /*a$\nCrawl-delay: 3", "/ba")
	f.Fuzz(func(t *testing.T, file, path string) {
		r := parseRules(file, "crosscheck")
		r.allows(path)
		if r.delay < 0 || r.delay > maxCrawlDelay {
			t.Errorf("delay %v", r.delay)
		}
	})
}
