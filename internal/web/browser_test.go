package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crosscheck/internal/model"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromium returns the browser, or skips; in continuous integration its
// absence is a failure.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no chromium on this machine; install it (Debian: apt-get install chromium)")
	}
	t.Skip("no chromium on this machine: the pages were not looked at in a browser; install it (Debian: apt-get install chromium)")
	return ""
}

// tab opens a browser tab that collects what goes wrong in its pages.
func tab(t *testing.T) (context.Context, func() []string) {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true))
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, opts...)
	t.Cleanup(cancel)
	var mu sync.Mutex
	var faults []string
	note := func(s string) { mu.Lock(); defer mu.Unlock(); faults = append(faults, s) }
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithListener(func(ev any) {
		switch ev := ev.(type) {
		case *runtime.EventExceptionThrown:
			note(fmt.Sprint(ev.ExceptionDetails))
		case *runtime.EventConsoleAPICalled:
			note(fmt.Sprintf("console.%s", ev.Type))
		case *cdplog.EventEntryAdded: // breaches of the Content-Security-Policy among them
			note(ev.Entry.Text + " " + ev.Entry.URL)
		}
	}))
	t.Cleanup(cancel)
	return ctx, func() []string { mu.Lock(); defer mu.Unlock(); out := faults; faults = nil; return out }
}

func TestBrowser(t *testing.T) {
	ctx, faults := tab(t)
	srv := site(t, quernSound())
	web := httptest.NewServer(srv)
	defer web.Close()
	defer srv.Close()
	srv = New(srv.lg, quernSound(), Config{Now: srv.cfg.Now, Desk: func(*http.Request) bool { return false }})
	reader := httptest.NewServer(srv)
	defer reader.Close()
	defer srv.Close()
	gauge := measuring(t, quernSound(), measuredCrisis(t))
	measured := httptest.NewServer(gauge)
	defer measured.Close()
	defer gauge.Close()
	shots := os.Getenv("CROSSCHECK_SHOTS")
	pages := map[string]string{
		"front": web.URL + "/", "story": web.URL + "/story/withdrawal", "article": web.URL + "/article/lanthorn-1#s3", "search": web.URL + "/search?q=line",
		"speaker": web.URL + "/speaker/mod", "speakers": web.URL + "/speakers", "picked": web.URL + "/article/lanthorn-1?speaker=okafell&stance=denies",
		"services": measured.URL + "/services", "service": measured.URL + "/service/landbank", "outage": measured.URL + "/outage/o1",
		"sources": web.URL + "/sources", "missing": web.URL + "/story/none", "api": web.URL + "/api", "excerpt": reader.URL + "/article/lanthorn-1", "copy": reader.URL + "/article/weir-1",
	}
	widths := []int64{320, 390, 1440}
	schemes := []string{"light"}
	if shots != "" {
		widths, schemes = []int64{320, 390, 820, 1280, 1440, 2560}, []string{"light", "dark", "print"}
	}
	if _, err := chromedp.Call(ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Etc/UTC"}); err != nil {
		t.Fatal(err)
	}
	for _, width := range widths {
		for _, scheme := range schemes {
			dress(t, ctx, width, scheme)
			for name, path := range pages {
				where := fmt.Sprintf("%s at %d px", path, width)
				open(t, ctx, path)
				if wide := evaluate[string](t, ctx, tooWide); wide != "" {
					t.Errorf("%s scrolls sideways: %s", where, wide)
				}
				if n := evaluate[int](t, ctx, `document.querySelectorAll("h1").length`); n != 1 {
					t.Errorf("%s has %d h1", where, n)
				}
				for _, f := range faults() {
					if name != "missing" || !strings.Contains(f, "404") {
						t.Errorf("%s: %s", where, f)
					}
				}
				if shots != "" {
					shoot(t, ctx, filepath.Join(shots, fmt.Sprintf("%s-%d-%s.png", name, width, scheme)))
				}
			}
		}
	}
}

// growing is a store whose first story gets one more article on demand.
type growing struct {
	*memory
	grown atomic.Bool
}

func (g *growing) StoryArticles(ctx context.Context, id string) ([]model.Article, error) {
	list, err := g.memory.StoryArticles(ctx, id)
	if g.grown.Load() && id == "withdrawal" {
		list = append(list, model.Article{ID: "late", Story: id, Outlet: "The Weir", Title: "One more", Published: at("11 08:00")})
	}
	return list, err
}

func TestBrowserRefreshes(t *testing.T) {
	ctx, faults := tab(t)
	st := &growing{memory: quernSound()}
	srv := site(t, st)
	web := httptest.NewServer(srv)
	defer web.Close()
	defer srv.Close()
	dress(t, ctx, 1280, "light")
	if _, err := chromedp.Call(ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Asia/Tokyo"}); err != nil {
		t.Fatal(err)
	}
	open(t, ctx, web.URL+"/story/withdrawal")
	if got := evaluate[string](t, ctx, `[...document.querySelectorAll(".arts td time")].slice(0, 1).map(e => e.textContent + " | " + e.title).join()`); got != "11 Mar 17:24 | 11 March 2031, 08:24 UTC" {
		t.Errorf("a reader in Tokyo sees %q", got)
	}
	evaluate[bool](t, ctx, `(() => { document.querySelector("details[data-key]").open = false;
const a = document.querySelector(".arts a[href='/article/courier-2']"); a.scrollIntoView({ block: "center" }); a.focus();
window.before = a.getBoundingClientRect().top; return true; })()`)
	waitFor(t, ctx, srv, func() { st.grown.Store(true) }, `document.querySelectorAll("section[aria-labelledby=articles] .arts tbody tr").length === 12`)
	if !evaluate[bool](t, ctx, `document.activeElement.getAttribute("href") === "/article/courier-2"`) {
		t.Error("the focus is lost")
	}
	if evaluate[bool](t, ctx, `document.querySelector("details[data-key='copies-aldwire-1']").open`) {
		t.Error("a fold that was closed is open")
	}
	if d := evaluate[float64](t, ctx, `Math.abs(document.activeElement.getBoundingClientRect().top - window.before)`); d > 2 {
		t.Errorf("what the reader looks at moved by %v px", d)
	}
	for _, f := range faults() {
		t.Error(f)
	}
}

// waitFor changes something, tells the pages, and waits until a condition
// holds in the page.
func waitFor(t *testing.T, ctx context.Context, srv *Server, change func(), condition string) {
	t.Helper()
	change()
	for range 200 {
		srv.Notify("test")
		script := `new Promise(done => setTimeout(() => done(` + condition + `), 50))`
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			return
		}
	}
	t.Fatalf("the page never came to %s", condition)
}

// dress sets the width of the window and the colour scheme.
func dress(t *testing.T, ctx context.Context, width int64, scheme string) {
	t.Helper()
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if scheme == "print" {
		media = emulation.SetEmulatedMediaParams{Media: "print"}
	}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, ctx context.Context, url string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		t.Fatalf("%s: %v", url, err)
	}
}

func evaluate[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return v
}

// tooWide names the elements that reach beyond the window, "" for none.
const tooWide = `(() => { const w = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth <= w) return "";
return [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > w + 1).slice(0, 5).map(e => e.tagName + "." + e.className).join(" ") || "document"; })()`

func shoot(t *testing.T, ctx context.Context, path string) {
	t.Helper()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, png, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestBrowserSituation looks at the pages of a situation.
func TestBrowserSituation(t *testing.T) {
	ctx, faults := tab(t)
	f := quernSoundFollowed()
	srv := situationSite(t, f)
	post(srv, "/desk/situation/quern-sound/briefing", load(t, srv, "/situation/quern-sound/briefing/new", 200, desk).formValues(), desk)
	web := httptest.NewServer(srv)
	defer web.Close()
	defer srv.Close()
	if _, err := chromedp.Call(ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Etc/UTC"}); err != nil {
		t.Fatal(err)
	}
	pages := situationPages
	shots := os.Getenv("CROSSCHECK_SHOTS")
	widths, schemes := []int64{320, 390, 1440}, []string{"light"}
	if shots != "" {
		widths, schemes = []int64{390, 1440}, []string{"light", "dark", "print"}
	}
	for _, width := range widths {
		for _, scheme := range schemes {
			dress(t, ctx, width, scheme)
			for name, path := range pages {
				where := fmt.Sprintf("%s at %d px", path, width)
				open(t, ctx, web.URL+path)
				if wide := evaluate[string](t, ctx, tooWide); wide != "" && scheme != "print" {
					t.Errorf("%s scrolls sideways: %s", where, wide)
				}
				for _, f := range faults() {
					t.Errorf("%s: %s", where, f)
				}
				if shots != "" {
					shoot(t, ctx, filepath.Join(shots, fmt.Sprintf("%s-%d-%s.png", name, width, scheme)))
				}
			}
		}
	}
	dress(t, ctx, 1280, "light")
	open(t, ctx, web.URL+"/situation/quern-sound")
	if got := evaluate[string](t, ctx, `(() => { const m = document.getElementById("map"); m.focus();
m.dispatchEvent(new KeyboardEvent("keydown", { key: "+", bubbles: true, cancelable: true })); return m.getAttribute("viewBox"); })()`); got != "40 30 320 240" {
		t.Errorf("the map drawn nearer shows %s", got)
	}
}

// situationPages are those of a situation, by the names of their pictures.
var situationPages = map[string]string{
	"situation": "/situation/quern-sound", "situations": "/situations", "followed": "/", "timeline": "/situation/quern-sound/timeline",
	"form": "/situation/quern-sound/edit", "briefing": "/situation/quern-sound/briefing/1", "briefingform": "/situation/quern-sound/briefing/new",
	"entry": "/situation/quern-sound/entry/e-courier-3-1", "members": "/situation/quern-sound/articles", "measuredclaim": "/claim/c5",
}
