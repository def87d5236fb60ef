package app

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crosscheck/internal/config"
	"crosscheck/internal/demo"
	"crosscheck/internal/model"
	"crosscheck/internal/store"
	"crosscheck/internal/testkit"

	"github.com/google/go-cmp/cmp"
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

// fiction is the scripted crisis, served at a time the test sets, and the
// configuration that reaches it.
type fiction struct {
	*demo.Web
	cfg config.Config
	at  atomic.Pointer[time.Time]
}

func (f *fiction) now() time.Time { return *f.at.Load() }

func newFiction(t *testing.T, at time.Time) *fiction {
	t.Helper()
	f := &fiction{}
	f.at.Store(&at)
	var err error
	if f.Web, err = demo.New(f.now); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(f.Web)
	t.Cleanup(srv.Close)
	f.cfg = config.Default()
	f.cfg.Listen, f.cfg.Data = "127.0.0.1:0", filepath.Join(t.TempDir(), "data")
	f.cfg.Collect = config.Collect{Min: time.Minute, Max: 10 * time.Minute}
	invent(&f.cfg, strings.TrimPrefix(srv.URL, "http://"), f.Web)
	return f
}

// siteOf is a program that follows one feed, at /feed of a server, without the
// script.
func siteOf(t *testing.T, srv *httptest.Server) *fiction {
	t.Helper()
	at := demo.Start
	f := &fiction{cfg: config.Default()}
	f.at.Store(&at)
	f.cfg.Listen, f.cfg.Data = "127.0.0.1:0", filepath.Join(t.TempDir(), "data")
	f.cfg.Fetch.Pace, f.cfg.Fetch.Allow = -1, []string{"127.0.0.1"}
	f.cfg.Sources = []config.Source{{URL: srv.URL + "/feed"}}
	return f
}

// options runs the program on the fiction's clock.
func (f *fiction) options() Options {
	return Options{Config: f.cfg, Now: f.now, Tick: 10 * time.Millisecond}
}

// settled waits until every source has been polled at the present time and
// every article has its story.
func (f *fiction) settled(t *testing.T, a *App) {
	t.Helper()
	testkit.Eventually(t, 60*time.Second, "everything polled and grouped", func() bool {
		due, err := a.store.DueSources(t.Context(), f.now(), 1)
		if err != nil || len(due) > 0 {
			return false
		}
		for _, s := range a.stages() {
			if ids, err := a.store.Pending(t.Context(), s.name, 1); err != nil || len(ids) > 0 {
				return false
			}
		}
		return true
	})
}

// follow adds the fiction's sources.
func (f *fiction) follow(t *testing.T, a *App) {
	t.Helper()
	for _, src := range f.Sources() {
		if err := a.Follow(t.Context(), src); err != nil {
			t.Fatal(err)
		}
	}
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

// TestWholeProgram plays the script hour by hour, and minute by minute while
// something happens that is measured, and reads what came of it.
func TestWholeProgram(t *testing.T) {
	f := newFiction(t, demo.Start)
	a := start(t, f.options())
	measuredFrom, measuredTo := demo.Start.Add(8*time.Hour), demo.Start.Add(15*time.Hour)
	world, err := newDemoWorld(f.Measured(), measuredFrom)
	if err != nil {
		t.Fatal(err)
	}
	d := &Demo{app: a, world: world}
	if err := d.begin(t.Context(), f.Web); err != nil {
		t.Fatal(err)
	}
	for at := demo.Start; !at.After(demo.End); at = at.Add(time.Hour) {
		for m := at.Add(demoSuspect - time.Hour); m.After(measuredFrom) && !m.After(at) && !at.After(measuredTo); m = m.Add(demoSuspect) {
			f.at.Store(&m)
			if err := d.observe(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
		f.at.Store(&at)
		f.settled(t, a)
		if err := d.due(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, b := range d.briefings {
		t.Errorf("not published: %v", a.briefScripted(t.Context(), b))
	}
	if len(d.desk) > 0 {
		t.Errorf("the desk could not decide %v", d.desk)
	}
	f.settled(t, a)
	t.Run("pages", func(t *testing.T) { readPages(t, a) })
	t.Run("situation", func(t *testing.T) { readSituation(t, a) })
	t.Run("briefing", func(t *testing.T) { readBriefing(t, a) })
}

// readPages finds, on the rendered pages, the story, its copies, a revision, and
// a statement with its speaker.
func readPages(t *testing.T, a *App) {
	front := get(t, a.URL()+"/")
	for _, want := range []string{"11 origins", "5 copies", "Landbank"} {
		if !strings.Contains(front, want) {
			t.Errorf("front lacks %q", want)
		}
	}
	story := get(t, a.URL()+storyLink.FindString(front))
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
	speaker := get(t, a.URL()+speakerLink(t, story, "Ministry of Defence of Kestria"))
	for _, want := range []string{"Ministry of Defence, Kestria", "Aldwire</b> with 5 copies", "also in", "May be the same as"} {
		if !strings.Contains(speaker, want) {
			t.Errorf("the page of a ministry that two outlets name in two ways lacks %q", want)
		}
	}
	for _, path := range []string{"/feed.rss", "/feed.json", "/speakers", "/sources", "/search?q=Landbank", "/healthz"} {
		get(t, a.URL()+path)
	}
	if metrics := get(t, a.URL()+"/metrics"); !strings.Contains(metrics, `crosscheck_stored{noun="story"}`) {
		t.Error("/metrics lacks the stored counts")
	}
	revised := get(t, a.URL()+articleLink(t, story, "companies still at the line"))
	if !strings.Contains(revised, "<del>Forty</del>") || !strings.Contains(revised, "<ins>Fourteen</ins>") {
		t.Error("article page does not show what was changed in it")
	}
}

// speakerLink is the link of a speaker's name.
func speakerLink(t *testing.T, page, name string) string {
	t.Helper()
	for _, m := range speakerLinks.FindAllStringSubmatch(page, -1) {
		if m[2] == name {
			return m[1]
		}
	}
	t.Fatalf("no link to the speaker %q", name)
	return ""
}

var speakerLinks = regexp.MustCompile(`<a href="(/speaker/[0-9a-f]+)">([^<]*)`)

// articleLink is the link whose text contains title.
func articleLink(t *testing.T, page, title string) string {
	t.Helper()
	for _, m := range articleLinks.FindAllStringSubmatch(page, -1) {
		if strings.Contains(m[2], title) {
			return m[1]
		}
	}
	t.Fatalf("no link to an article %q", title)
	return ""
}

var articleLinks = regexp.MustCompile(`<a[^>]*href="(/article/[0-9a-f]+)"[^>]*>([^<]*)`)

// TestRestart stops the program and starts it again on the same data, with
// every source polled anew: nothing is doubled.
func TestRestart(t *testing.T) {
	f := newFiction(t, demo.End)
	var counts [2]string
	for i := range counts {
		f.session(t, demo.End.Add(time.Duration(i)*time.Hour), func(a *App) {
			n, err := a.store.Counts(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			counts[i] = fmt.Sprintf("%d articles, %d stories, %d statements", n.Articles, n.Stories, n.Statements)
		})
	}
	if counts[0] != counts[1] || !strings.HasPrefix(counts[0], "27 articles") {
		t.Errorf("before the restart %s, after it %s", counts[0], counts[1])
	}
}

// TestDecisionsStay has the script's desk decide, stops, and has every stage
// from the statements on done again: the reversal the decisions show is still
// there, with who stands where.
func TestDecisionsStay(t *testing.T) {
	f := newFiction(t, demo.End)
	var ids, boards [2]string
	for i := range ids {
		f.session(t, demo.End.Add(time.Duration(i)*time.Hour), func(a *App) {
			if i == 0 {
				for _, d := range f.Decisions() {
					if err := a.decideScripted(t.Context(), d, demo.End); err != nil {
						t.Fatal(err)
					}
				}
			}
			into, err := a.passage(t.Context(), f.Decisions()[0].Into)
			if err != nil {
				t.Fatal(err)
			}
			ledger, err := a.store.ClaimLedger(t.Context(), into.Claim)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range model.Positions(ledger) {
				if name := p.Speaker().Speaker; name == "Joran Pellmark" || name == "Oda Rasmirel" || name == "Ilse Varrenhof" {
					boards[i] += fmt.Sprintf("%s %s, reversal %v; ", name, p.Stance, p.Reversal)
				}
			}
			ids[i] = into.Claim
			if i == 0 {
				for _, stage := range []string{store.StageStatement, store.StageStory, store.StageClaim} {
					if _, err := a.store.ResetStage(t.Context(), stage, time.Time{}); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
	want := "Joran Pellmark denies, reversal false; Ilse Varrenhof doubts, reversal false; Oda Rasmirel confirms, reversal false; Joran Pellmark confirms, reversal true; "
	if ids[0] != ids[1] || boards[0] != want || boards[1] != want {
		t.Errorf("claim %s:\n%s\nafter reprocessing claim %s:\n%s\nwant\n%s", ids[0], boards[0], ids[1], boards[1], want)
	}
}

// session runs the program at a time until everything is done, looks at it, and
// stops it.
func (f *fiction) session(t *testing.T, at time.Time, look func(*App)) {
	t.Helper()
	f.at.Store(&at)
	ctx, cancel := context.WithCancel(t.Context())
	a, err := New(ctx, testkit.Logger(t), f.options())
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	f.follow(t, a)
	f.settled(t, a)
	look(a)
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// TestStatedAgain groups a copy again when its original is older than what the
// grouper remembers: it stays a copy.
func TestStatedAgain(t *testing.T) {
	f := newFiction(t, demo.End)
	stories := func(a *App) []model.Story {
		list, err := a.store.Stories(t.Context(), store.StoryQuery{Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	var before, after []model.Story
	f.session(t, demo.End, func(a *App) { before = stories(a) })
	f.session(t, demo.End.AddDate(0, 2, 0), func(a *App) {
		for _, st := range before {
			list, err := a.store.StoryArticles(t.Context(), st.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, art := range list {
				if art.CopyOf == "" {
					continue
				}
				if err := a.group(t.Context(), art.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
		after = stories(a)
	})
	if d := cmp.Diff(before, after); d != "" {
		t.Errorf("stories (-before +after):\n%s", d)
	}
}

// TestSilentEdit changes an article without a word in its feed: the program
// looks again, and keeps both versions.
func TestSilentEdit(t *testing.T) {
	var edited atomic.Bool
	var asked atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		companies := map[bool]string{false: "forty", true: "fourteen"}[edited.Load()]
		switch r.URL.Path {
		case "/feed":
			fmt.Fprintf(w, `<rss version="2.0"><channel><title>x</title><item><title>Companies</title><link>http://%s/a</link></item></channel></rss>`, r.Host)
		case "/a":
			asked.Add(1)
			w.Header().Set("ETag", `"`+companies+`"`)
			if r.Header.Get("If-None-Match") == w.Header().Get("ETag") {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			fmt.Fprintf(w, `<!doctype html><title>Companies</title><article><h1>Companies</h1><p>There are %s companies by the line this morning, the clerk of the staff said before noon, and he read the number twice from a card.</p><p>He would not say who counts them, nor from where, and went in again without his hat.</p></article>`, companies)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	f := siteOf(t, srv)
	a := start(t, f.options())
	f.settled(t, a)
	for i, edit := range []bool{false, true} {
		edited.Store(edit)
		later := demo.Start.Add(time.Duration(1+2*i) * time.Hour)
		f.at.Store(&later)
		testkit.Eventually(t, 30*time.Second, "another look", func() bool { return int(asked.Load()) >= 2+i })
		f.settled(t, a)
	}
	testkit.Eventually(t, 30*time.Second, "a second revision", func() bool {
		revisions, err := a.store.Revisions(t.Context(), model.ID("article", model.URLKey(srv.URL+"/a")))
		return err == nil && len(revisions) == 2 && strings.Contains(revisions[0].Text, "forty") && strings.Contains(revisions[1].Text, "fourteen")
	})
}

// TestSameBytesElsewhere has two outlets publish the same page to the byte: they
// are two articles, and one is a copy of the other.
func TestSameBytesElsewhere(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/feed":
			fmt.Fprintf(w, `<rss version="2.0"><channel><title>x</title><item><title>Companies</title><link>http://%s/a</link></item></channel></rss>`, r.Host)
		case "/a":
			fmt.Fprint(w, `<!doctype html><title>Companies</title><article><h1>Companies</h1><p>There are forty companies by the line this morning, the clerk of the staff said before noon, and he read the number twice from a card.</p><p>He would not say who counts them, nor from where, and went in again without his hat.</p></article>`)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	f := siteOf(t, srv)
	f.cfg.Sources = nil
	f.cfg.Fetch.Hosts = map[string]string{}
	hosts := []string{"courier.example", "herald.example"}
	for _, host := range hosts {
		f.cfg.Fetch.Hosts[host] = strings.TrimPrefix(srv.URL, "http://")
		f.cfg.Sources = append(f.cfg.Sources, config.Source{URL: "http://" + host + "/feed", Outlet: host})
	}
	a := start(t, f.options())
	f.settled(t, a)
	var copies int
	for _, host := range hosts {
		testkit.Eventually(t, 30*time.Second, "the article of "+host, func() bool {
			art, err := a.store.Article(t.Context(), model.ID("article", host+"/a"))
			if err != nil || art.Story == "" {
				return false
			}
			if art.Outlet != host {
				t.Errorf("the article of %s has the outlet %q", host, art.Outlet)
			}
			if art.CopyOf != "" {
				copies++
			}
			return true
		})
	}
	if copies != 1 {
		t.Errorf("%d copies, want 1", copies)
	}
}

// TestGivenUpPageIsTriedLater gives up a page whose server asks for patience:
// it is a dead letter, and due again half an hour later.
func TestGivenUpPageIsTriedLater(t *testing.T) {
	cfg := config.Default()
	cfg.Listen, cfg.Data = "127.0.0.1:0", t.TempDir()
	a, err := New(t.Context(), testkit.Logger(t), Options{Config: cfg, Now: func() time.Time { return demo.Start }})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for kind, want := range map[error]int{model.ErrTemporary: 1, model.ErrNotFound: 0} {
		it := &model.Item{URL: "http://busy.example/" + kind.Error(), Source: "s", Seen: demo.Start}
		if _, err := a.store.SaveItem(t.Context(), it); err != nil {
			t.Fatal(err)
		}
		if err := a.giveUp(t.Context(), "fetch", it.ID, 8, model.Errorf(kind, "the server asks for patience")); err != nil {
			t.Fatal(err)
		}
		ids, err := a.store.TakeChecks(t.Context(), demo.Start.Add(time.Hour), checkLease, 10)
		if err != nil || len(ids) != want {
			t.Errorf("%v: to be tried later %v, %v; want %d", kind, ids, err, want)
		}
		if err := a.store.SetItemCheck(t.Context(), it.ID, "", "", time.Time{}); err != nil {
			t.Fatal(err)
		}
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
