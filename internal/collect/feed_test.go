package collect

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"crosscheck/internal/fetch"
	"crosscheck/internal/model"
)

const feedURL = "https://aldwire.example/feed.xml"

func pollText(t testing.TB, kind model.SourceKind, body string) (Result, error) {
	t.Helper()
	src := model.Source{Kind: kind, URL: feedURL}
	if err := src.Validate(); err != nil {
		t.Fatal(err)
	}
	return newCollector(web{feedURL: page(feedURL, "text/xml", body)}).Poll(t.Context(), src)
}

func TestLimit(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel>`)
	for i := range 700 {
		fmt.Fprintf(&b, `<item><title>%d</title><link>https://a.example/%d</link><pubDate>%s</pubDate></item>`, i, i, at.Add(time.Duration(i)*time.Minute-1000*time.Hour).Format(time.RFC1123Z))
	}
	b.WriteString(`</channel></rss>`)
	res, err := pollText(t, model.SourceFeed, b.String())
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Items) != maxItems || res.Items[0].Title != "699" || res.Items[maxItems-1].Title != "200" {
		t.Errorf("%d items, from %q to %q", len(res.Items), res.Items[0].Title, res.Items[len(res.Items)-1].Title)
	}
	if want := "lists 700 items; the newest 500 were taken"; len(res.Notes) != 1 || res.Notes[0] != want {
		t.Errorf("notes %q, want %q", res.Notes, want)
	}
}

func TestLengthCaps(t *testing.T) {
	long := strings.Repeat("ü", 1<<17)
	res, err := pollText(t, model.SourceFeed, `<rss version="2.0"><channel><title>`+long+`</title><item><title>`+long+`</title><link>https://a.example/</link><author>`+long+`</author>
<guid>`+long+`</guid><description>`+long+`</description></item><item><title>x</title><link>https://a.example/`+long+`</link></item></channel></rss>`)
	if err != nil || len(res.Items) != 1 {
		t.Fatalf("%d items, %v", len(res.Items), err)
	}
	it := res.Items[0]
	for name, f := range map[string]struct {
		value string
		most  int
	}{
		"feed title": {res.State.Title, maxTitle}, "title": {it.Title, maxTitle}, "byline": {it.Byline, maxByline}, "guid": {it.GUID, maxGUID}, "summary": {it.Summary, maxSummary},
	} {
		if len(f.value) > f.most || len(f.value) < f.most-utf8.UTFMax || !utf8.ValidString(f.value) {
			t.Errorf("%s has %d bytes, want %d at most", name, len(f.value), f.most)
		}
	}
}

func TestResolve(t *testing.T) {
	for _, c := range []struct{ base, link, want string }{
		{"https://a.example/news/feed.xml", "one", "https://a.example/news/one"},
		{"https://a.example/news/feed.xml", "/one", "https://a.example/one"},
		{"https://a.example/news/feed.xml", "//b.example/one", "https://b.example/one"},
		{"https://a.example/news/feed.xml", "?p=1", "https://a.example/news/feed.xml?p=1"},
		{"https://a.example/", "HTTP://b.example/", "http://b.example/"},
		{"https://a.example/", "www.b.example/one", "https://www.b.example/one"},
		{"https://a.example/", "https://b.example/a\n  b", "https://b.example/a%20%20b"},
		{"https://a.example/", " https://u:p@b.example/ ", "https://b.example/"},
		{"https://a.example/", "mailto:x@b.example", ""},
		{"https://a.example/", "javascript:alert(1)", ""},
		{"https://a.example/", "tag:b.example,2026:1", ""},
		{"https://a.example/", "http://[::1", ""},
		{"https://a.example/", "", ""},
		{"", "one", ""},
	} {
		src := model.Source{URL: c.base}
		base := baseOf(&fetch.Response{}, job{src: src})
		if got := resolve(base, c.link); got != c.want {
			t.Errorf("resolve(%q, %q) = %q, want %q", c.base, c.link, got, c.want)
		}
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"  Two\n lines ": "Two lines", "5 < 6 and 7 > 2": "5 < 6 and 7 > 2", "<b>Bold</b> &amp; <i>thin</i>": "Bold & thin",
		"&lt;b&gt;Bold&lt;/b&gt;": "Bold", "a<!-- x -->b": "ab", "AT&T": "AT&T", "&quot;Yes&quot;": `"Yes"`, "": "",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
}

// Documents made to hurt are read, or refused, in moderate time.
func TestHostile(t *testing.T) {
	const size = 512 << 10
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	for name, body := range map[string]string{
		"nested":          "<rss><channel>" + fill("<a:b>"),
		"nested in item":  "<rss><channel><item><link>https://a.example/</link>" + fill("<a>"),
		"unclosed titles": "<rss><channel><item>" + fill("<title>"),
		"unclosed items":  "<rss><channel>" + fill("<item>"),
		"open quotes":     "<rss><channel>" + fill(`<item a="`),
		"open comments":   "<rss>" + fill("<!--"),
		"open cdata":      "<rss>" + fill("<![CDATA["),
		"brackets":        "<rss>" + fill("<"),
		"ampersands":      "<rss><channel><item><title>" + fill("&"),
		"many names":      "<rss><channel><item>" + manyNames(size/8),
		"entities":        `<!DOCTYPE rss [<!ENTITY a "` + fill("x") + `"><!ENTITY b "&a;&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>`,
		"declarations":    fill("<?xml ") + "<rss>",
		"json":            `{"items":` + fill("["),
		"json objects":    `{"version":"https://jsonfeed.org/version/1","items":[` + fill(`{"id":`),
		"bases":           `<rss>` + fill(` xml:base="`),
		"html":            "<html>" + fill("<link rel=alternate type=application/rss+xml>"),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			for _, kind := range []model.SourceKind{model.SourceFeed, model.SourceSitemap, model.SourcePage} {
				text := body
				if kind == model.SourceSitemap {
					text = strings.NewReplacer("<rss>", "<urlset>", "<item>", "<url>", "<title>", "<loc>").Replace(body)
				}
				_, _ = pollText(t, kind, text) // whatever comes of it
			}
			if d := time.Since(start); d > time.Minute { // what is not linear takes minutes
				t.Errorf("took %v", d)
			}
		})
	}
}

func BenchmarkFeed(b *testing.B) {
	var good strings.Builder
	good.WriteString(`<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Bench</title><link>https://a.example/</link>`)
	for i := range 50 {
		fmt.Fprintf(&good, "<item><title>Harbour &amp;amp; quay %d</title><link>https://a.example/%d</link><guid>%d</guid><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate><description><![CDATA[%s]]></description></item>\n",
			i, i, i, strings.Repeat("<p>The harbour reopened on Monday.</p> ", 50))
	}
	for name, body := range map[string]string{"whole": good.String() + "</channel></rss>", "cut": good.String()} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if res, err := pollText(b, model.SourceFeed, body); err != nil || len(res.Items) != 50 {
					b.Fatal(len(res.Items), err)
				}
			}
		})
	}
}

func manyNames(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<n%x>", i)
	}
	return b.String()
}

// seeds adds every document of testdata of a kind.
func seeds(f *testing.F, kind string) {
	names, err := filepath.Glob("testdata/" + kind + "/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range txtar.Parse(data).Files {
			if file.Name != "want" {
				f.Add([]byte(unquote(file.Data)))
			}
		}
	}
}

// sound checks what holds for every poll, whatever was polled.
func sound(t *testing.T, res Result, err error) {
	t.Helper()
	keys := map[string]bool{}
	for _, it := range res.Items {
		if it.ID != model.ID("item", it.Key) || it.Key != model.URLKey(it.URL) || keys[it.Key] || !strings.HasPrefix(it.URL, "http") {
			t.Errorf("item %+v", it)
		}
		keys[it.Key] = true
		for _, s := range []string{it.Title, it.Byline, it.GUID, it.Summary, it.Content} {
			if !utf8.ValidString(s) {
				t.Errorf("%s: %q is not UTF-8", it.URL, s)
			}
		}
	}
	if !res.State.NextPoll.After(at) || (err != nil) != (res.State.LastError != "") || len(res.Items) > maxItems {
		t.Errorf("state %+v, error %v", res.State, err)
	}
}

func FuzzFeed(f *testing.F) {
	seeds(f, "feed")
	f.Fuzz(func(t *testing.T, body []byte) {
		res, err := pollText(t, model.SourceFeed, string(body))
		sound(t, res, err)
	})
}

func FuzzSitemap(f *testing.F) {
	seeds(f, "sitemap")
	f.Fuzz(func(t *testing.T, body []byte) {
		res, err := pollText(t, model.SourceSitemap, string(body))
		sound(t, res, err)
	})
}

func FuzzPage(f *testing.F) {
	seeds(f, "page")
	f.Fuzz(func(t *testing.T, body []byte) {
		res, err := pollText(t, model.SourcePage, string(body))
		sound(t, res, err)
	})
}
