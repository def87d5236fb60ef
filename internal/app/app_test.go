package app

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/config"
	"crosscheck/internal/demo"
	"crosscheck/internal/testkit"
)

// start runs the whole program on cfg until the test ends, and returns it.
func start(t *testing.T, opt Options) *App {
	t.Helper()
	a, err := New(t.Context(), testkit.Logger(t), opt)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return a
}

// fiction serves the scripted crisis as it stands at its end, and the
// configuration that reaches it.
func fiction(t *testing.T) (*demo.Web, config.Config) {
	t.Helper()
	web, err := demo.New(func() time.Time { return demo.End })
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(web)
	t.Cleanup(srv.Close)
	cfg := config.Default()
	cfg.Listen, cfg.Data = "127.0.0.1:0", filepath.Join(t.TempDir(), "data")
	cfg.Fetch.Pace = -1
	cfg.Fetch.Allow = []string{"127.0.0.1/32"}
	cfg.Fetch.Hosts = map[string]string{}
	addr := netip.MustParseAddrPort(strings.TrimPrefix(srv.URL, "http://"))
	for _, host := range web.Hosts() {
		cfg.Fetch.Hosts[host] = addr.String()
	}
	return web, cfg
}

func get(t *testing.T, url string) string {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s\n%s", url, res.Status, body)
	}
	return string(body)
}

var storyLink = regexp.MustCompile(`/story/[0-9a-f]+`)

// TestWholeProgram polls the scripted web and finds, on the rendered pages,
// the story, its copies and a statement with its speaker.
func TestWholeProgram(t *testing.T) {
	web, cfg := fiction(t)
	a := start(t, Options{Config: cfg, Now: func() time.Time { return demo.End }, Tick: 50 * time.Millisecond})
	for _, src := range web.Sources() {
		if err := a.Follow(t.Context(), src); err != nil {
			t.Fatal(err)
		}
	}
	var front string
	testkit.Eventually(t, 60*time.Second, "the lead story with 16 articles", func() bool {
		front = get(t, a.URL()+"/")
		return strings.Contains(front, "11 origins") && strings.Contains(front, "5 copies")
	})
	link := storyLink.FindString(front)
	story := get(t, a.URL()+link)
	for _, want := range []string{
		"Kestria says two brigades are returning to garrison",
		"Sennabruk Courier", "The Weir", "Ilse Varrenhof",
		"Units of the 4th and 9th Brigades that have completed their exercises have begun to return to garrison",
		"11 independent origins",
	} {
		if !strings.Contains(story, want) {
			t.Errorf("story page lacks %q", want)
		}
	}
	for _, path := range []string{"/feed.rss", "/feed.json", "/sources", "/search?q=Landbank", "/healthz", "/metrics"} {
		get(t, a.URL()+path)
	}
	if metrics := get(t, a.URL()+"/metrics"); !strings.Contains(metrics, `crosscheck_stored{noun="story"}`) {
		t.Error("/metrics lacks the stored counts")
	}
}

// TestRestartKeepsStories stops the program and starts it again on the same
// data: nothing is doubled, and a new article finds its old story.
func TestRestartKeepsStories(t *testing.T) {
	web, cfg := fiction(t)
	now := func() time.Time { return demo.End }
	counts := make([]string, 2)
	for i := range counts {
		ctx, cancel := context.WithCancel(t.Context())
		a, err := New(ctx, testkit.Logger(t), Options{Config: cfg, Now: now, Tick: 50 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- a.Run(ctx) }()
		for _, src := range web.Sources() {
			src.State.NextPoll = time.Time{}
			if err := a.Follow(ctx, src); err != nil {
				t.Fatal(err)
			}
		}
		testkit.Eventually(t, 60*time.Second, "every article grouped", func() bool {
			pending, err := a.store.Pending(ctx, "story", 1)
			n, cerr := a.store.Counts(ctx)
			counts[i] = fmt.Sprintf("%d articles, %d stories, %d statements", n.Articles, n.Stories, n.Statements)
			return err == nil && cerr == nil && len(pending) == 0 && n.Articles >= 27
		})
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	if counts[0] != counts[1] {
		t.Errorf("before the restart %s, after it %s", counts[0], counts[1])
	}
}

func TestPortInUse(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	defer srv.Close()
	cfg := config.Default()
	cfg.Data, cfg.Listen = t.TempDir(), strings.TrimPrefix(srv.URL, "http://")
	_, err := New(t.Context(), testkit.Logger(t), Options{Config: cfg})
	if err == nil || !strings.Contains(err.Error(), "listen on "+cfg.Listen+": address already in use") {
		t.Errorf("New = %v", err)
	}
}

func TestUnusableDataFolder(t *testing.T) {
	cfg := config.Default()
	cfg.Listen, cfg.Data = "127.0.0.1:0", "/dev/null/data"
	_, err := New(t.Context(), testkit.Logger(t), Options{Config: cfg})
	if err == nil || !strings.Contains(err.Error(), "data folder /dev/null/data") {
		t.Errorf("New = %v", err)
	}
}
