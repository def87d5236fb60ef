package collect

import (
	"fmt"
	"strings"
	"testing"

	"crosscheck/internal/model"
)

// Cosmetic changes leave a watched page's item as it is; changed words do not.
func TestPageChange(t *testing.T) {
	const base = `<html><head><title>Status</title></head><body><p>All services are <b>up</b>.</p></body></html>`
	first := pageItem(t, base)
	for _, same := range []string{
		`<!doctype html><html class="x"><head><meta name=csrf content=1234><title>Status</title><script nonce="n2">track()</script></head>` +
			"<body>\n\n<p class=big>All   services\nare <strong style='color:red'>up</strong>.</p><!-- built at noon --></body></html>",
		`<html><head><title>Status</title></head><body><nav>Menu 2</nav><p>All services are <b>up</b>.</p><time>12:01</time><footer>(c) 2026</footer>` +
			`<form><input value="token"></form><noscript>Turn on JavaScript</noscript></body></html>`,
		strings.ReplaceAll(base, "are", "&#97;re"),
	} {
		if got := pageItem(t, same); got.GUID != first.GUID || got.Fingerprint() != first.Fingerprint() || got.ID != first.ID {
			t.Errorf("%s\nis taken for a change: %q", same, got.Summary)
		}
	}
	for _, other := range []string{
		strings.ReplaceAll(base, "up", "down"), strings.ReplaceAll(base, "</p>", "</p><p>One more line.</p>"),
		strings.ReplaceAll(base, "All services", "Allservices"),
	} {
		if got := pageItem(t, other); got.GUID == first.GUID || got.Fingerprint() == first.Fingerprint() || got.ID != first.ID {
			t.Errorf("%s\nis taken for the same", other)
		}
	}
}

// A change far down a long page is seen as well.
func TestPageLong(t *testing.T) {
	long := strings.Repeat("word ", maxSummary/4)
	a, b := pageItem(t, "<p>"+long+"up"), pageItem(t, "<p>"+long+"down")
	if a.Fingerprint() == b.Fingerprint() || len(a.Summary) > maxSummary {
		t.Errorf("summaries of %d bytes, same fingerprint: %v", len(a.Summary), a.Fingerprint() == b.Fingerprint())
	}
}

// Where a page marks its main part, only that is watched.
func TestPageMain(t *testing.T) {
	frame := `<body><div>Today is %s</div><main><p>` + strings.Repeat("The bank is open. ", 20) + `</p></main></body>`
	if a, b := pageItem(t, fmt.Sprintf(frame, "Monday")), pageItem(t, fmt.Sprintf(frame, "Tuesday")); a.GUID != b.GUID {
		t.Error("a change outside the main part is taken for one")
	}
}

func pageItem(t *testing.T, body string) model.Item {
	t.Helper()
	const address = "https://landbank.example/status"
	res, err := newCollector(web{address: page(address, "text/html; charset=utf-8", body)}).Poll(t.Context(), source(t, model.SourcePage, address))
	if err != nil || len(res.Items) != 1 {
		t.Fatalf("Poll = %+v, %v", res, err)
	}
	return res.Items[0]
}
