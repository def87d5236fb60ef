package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/store"
	"crosscheck/internal/testkit"
)

const (
	killFeeds    = 4
	killPerFeed  = 100
	killArticles = killFeeds * killPerFeed
	killTimes    = 6
)

// TestKill kills the running program without warning, again and again while it
// polls, fetches, reads and groups, and counts: every captured article is there
// once, with its statement and its story.
func TestKill(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(serveArticles))
	defer srv.Close()
	dir := t.TempDir()
	data, file := filepath.Join(dir, "data"), writeConfig(t, dir, srv.URL)
	for i := range killTimes {
		serveAndKill(t, file, i)
	}
	st := openStore(t, data)
	before, err := st.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("after %d kills: %d captures, %d articles, %d statements", killTimes, before.Captures, before.Articles, before.Statements)
	stop := serve(t, file)
	st = openStore(t, data)
	testkit.Eventually(t, 90*time.Second, "every article grouped", func() bool {
		n, err := st.Counts(t.Context())
		return err == nil && n.Articles >= killArticles && n.Statements >= killArticles && allDone(t, st)
	})
	stop()
	checkOnce(t, st)
}

// serveArticles is a site of killFeeds feeds with killPerFeed articles each.
func serveArticles(w http.ResponseWriter, r *http.Request) {
	host := "http://" + r.Host
	part := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case len(part) == 2 && part[0] == "feed":
		fmt.Fprintf(w, `<?xml version="1.0"?><rss version="2.0"><channel><title>Feed %s</title>`, part[1])
		for i := range killPerFeed {
			fmt.Fprintf(w, `<item><title>Bulletin %s-%d</title><link>%s/article/%s/%d</link><pubDate>Tue, 11 Mar 2031 08:%02d:00 GMT</pubDate></item>`, part[1], i, host, part[1], i, i%60)
		}
		fmt.Fprint(w, `</channel></rss>`)
	case len(part) == 3 && part[0] == "article":
		writeArticle(w, part[1], part[2])
	default:
		http.NotFound(w, r)
	}
}

func writeArticle(w http.ResponseWriter, feed, number string) {
	n, _ := strconv.Atoi(number)
	word := func(k int) string { return "w" + strings.Repeat(string(rune('a'+(n+k)%26)), 3) + feed + "x" }
	fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>Bulletin %s-%s</title></head><body><article><h1>Bulletin %s-%s</h1>`, feed, number, feed, number)
	for p := range 6 {
		fmt.Fprintf(w, `<p>The clerk of office %s wrote down %s and %s before noon, as the book of the house asks for it, and then went over the list of %s once more with the ink still wet.</p>`, feed, word(p), word(p*p+1), word(3*p+2))
	}
	fmt.Fprintf(w, `<p>“The list %s of office %s is complete,” said Ann Bell, the chief clerk.</p></article></body></html>`, number, feed)
}

func writeConfig(t *testing.T, dir, site string) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "listen: 127.0.0.1:0\ndata: %s\nlog: error\n", filepath.Join(dir, "data"))
	b.WriteString("fetch: {allow: [127.0.0.1], pace: -1s, per_host: 4}\ncollect: {min: 1s, max: 2s}\nsources:\n")
	for i := range killFeeds {
		fmt.Fprintf(&b, "  - url: %s/feed/%d\n    outlet: Feed %d\n", site, i, i%60)
	}
	file := filepath.Join(dir, "crosscheck.yaml")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func program(t *testing.T, file string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exe, "serve", "-c", file)
	c.Env = append(os.Environ(), asMain+"=1")
	c.Stderr = t.Output()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

// serveAndKill runs the program and kills it a little later each time, so that
// each stage is hit.
func serveAndKill(t *testing.T, file string, round int) {
	t.Helper()
	c := program(t, file)
	<-time.After(time.Duration(300+150*round) * time.Millisecond)
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait() // killed
}

// serve runs the program until the returned function is called.
func serve(t *testing.T, file string) (stop func()) {
	t.Helper()
	c := program(t, file)
	return func() {
		if err := c.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		if err := c.Wait(); err != nil {
			t.Errorf("the program ended with %v", err)
		}
	}
}

func openStore(t *testing.T, data string) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), store.Config{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return st
}

func allDone(t *testing.T, st *store.Store) bool {
	for _, stage := range []string{store.StageFetch, store.StageRead, store.StageStatement, store.StageStory} {
		if ids, err := st.Pending(t.Context(), stage, 1); err != nil || len(ids) > 0 {
			return false
		}
	}
	return true
}

func checkOnce(t *testing.T, st *store.Store) {
	t.Helper()
	n, err := st.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n.Items != killArticles || n.Captures != killArticles || n.Articles != killArticles || n.Statements != killArticles || n.DeadLetters != 0 {
		t.Errorf("%+v, want %d items, captures, articles and statements and no dead letter", n, killArticles)
	}
	urls := map[string]int{}
	err = st.Recent(t.Context(), time.Time{}, func(a *model.Article) error {
		urls[a.URL]++
		if a.Revision != 1 || a.Story == "" {
			t.Errorf("%s: revision %d, story %q", a.URL, a.Revision, a.Story)
		}
		_, err := st.CaptureBody(t.Context(), a.Capture)
		return err
	})
	if err != nil || len(urls) != killArticles {
		t.Errorf("%d different articles, %v; want %d", len(urls), err, killArticles)
	}
}
