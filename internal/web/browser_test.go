package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

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
	srv := New(slog.New(slog.NewTextHandler(t.Output(), nil)), quernSound(), Config{Now: func() time.Time { return crisisNow }, Version: "test"})
	web := httptest.NewServer(srv)
	defer web.Close()
	defer srv.Close()
	shots := os.Getenv("CROSSCHECK_SHOTS")
	pages := map[string]string{"front": "/", "story": "/story/withdrawal", "article": "/article/lanthorn-1#s3", "search": "/search?q=line", "sources": "/sources", "missing": "/story/none"}
	widths := []int64{320, 390, 1440}
	schemes := []string{"light"}
	if shots != "" {
		widths, schemes = []int64{320, 390, 820, 1280, 1440, 2560}, []string{"light", "dark"}
	}
	if _, err := chromedp.Call(ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Etc/UTC"}); err != nil {
		t.Fatal(err)
	}
	for _, width := range widths {
		for _, scheme := range schemes {
			dress(t, ctx, width, scheme)
			for name, path := range pages {
				where := fmt.Sprintf("%s at %d px", path, width)
				open(t, ctx, web.URL+path)
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

// dress sets the width of the window and the colour scheme.
func dress(t *testing.T, ctx context.Context, width int64, scheme string) {
	t.Helper()
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
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
