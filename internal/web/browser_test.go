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
	"github.com/chromedp/cdproto/page"
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
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	var mu sync.Mutex
	var faults []string
	note := func(s string) { mu.Lock(); defer mu.Unlock(); faults = append(faults, s) }
	chromedp.ListenTarget(ctx, func(ev any) {
		switch ev := ev.(type) {
		case *runtime.EventExceptionThrown:
			note(ev.ExceptionDetails.Error())
		case *runtime.EventConsoleAPICalled:
			note(fmt.Sprintf("console.%s", ev.Type))
		case *cdplog.EventEntryAdded: // Content-Security-Policy violations among them
			note(ev.Entry.Text + " " + ev.Entry.URL)
		}
	})
	return ctx, func() []string { mu.Lock(); defer mu.Unlock(); out := faults; faults = nil; return out }
}

func TestBrowser(t *testing.T) {
	ctx, faults := tab(t)
	srv := New(slog.New(slog.DiscardHandler), quernSound(), Config{Now: func() time.Time { return crisisNow }, Version: "test"})
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
	if err := chromedp.Run(ctx, emulation.SetTimezoneOverride("Etc/UTC")); err != nil {
		t.Fatal(err)
	}
	for _, width := range widths {
		for _, scheme := range schemes {
			for name, path := range pages {
				look := []chromedp.Action{
					emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
					chromedp.EmulateViewport(width, 900), chromedp.Navigate(web.URL + path), chromedp.WaitReady("footer"),
				}
				var wide string
				var headings int
				look = append(look, chromedp.Evaluate(tooWide, &wide), chromedp.Evaluate(`document.querySelectorAll("h1").length`, &headings))
				if err := chromedp.Run(ctx, look...); err != nil {
					t.Fatalf("%s at %d px: %v", path, width, err)
				}
				if wide != "" {
					t.Errorf("%s at %d px scrolls sideways: %s", path, width, wide)
				}
				if headings != 1 {
					t.Errorf("%s has %d h1", path, headings)
				}
				for _, f := range faults() {
					if name != "missing" || !strings.Contains(f, "404") {
						t.Errorf("%s at %d px: %s", path, width, f)
					}
				}
				if shots != "" {
					shoot(t, ctx, filepath.Join(shots, fmt.Sprintf("%s-%d-%s.png", name, width, scheme)))
				}
			}
		}
	}
}

// tooWide names the elements that reach beyond the window, "" for none.
const tooWide = `(() => { const w = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth <= w) return "";
return [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > w + 1).slice(0, 5).map(e => e.tagName + "." + e.className).join(" ") || "document"; })()`

func shoot(t *testing.T, ctx context.Context, path string) {
	t.Helper()
	var png []byte
	if err := chromedp.Run(ctx, chromedp.ActionFunc(func(ctx context.Context) (err error) {
		png, err = page.CaptureScreenshot().WithCaptureBeyondViewport(true).WithFromSurface(true).Do(ctx)
		return err
	}), chromedp.FullScreenshot(&png, 100)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, png, 0o644); err != nil {
		t.Fatal(err)
	}
}
