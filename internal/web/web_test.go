package web

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/outage"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

func site(t *testing.T, st Store) *Server {
	t.Helper()
	return New(slog.New(slog.NewTextHandler(t.Output(), nil)), st, Config{Now: func() time.Time { return crisisNow }, Version: "test"})
}

// measuring is a site that also measures.
func measuring(t *testing.T, st Store, m *instruments) *Server {
	t.Helper()
	return New(slog.New(slog.NewTextHandler(t.Output(), nil)), st, Config{
		Now: func() time.Time { return crisisNow }, Version: "test", Reach: m, Report: outage.Sentence, Unknowns: outage.Unknowns,
	})
}

// who asks: the machine itself, or a reader elsewhere.
type asker func(*http.Request)

func desk(r *http.Request)   { r.RemoteAddr, r.Host = "127.0.0.1:5000", "localhost:8080" }
func public(r *http.Request) { r.RemoteAddr, r.Host = "203.0.113.7:5000", "news.example" }

func get(t *testing.T, h http.Handler, path string, who ...asker) *httptest.ResponseRecorder {
	t.Helper()
	return ask(h, path, who...)
}

func ask(h http.Handler, path string, who ...asker) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	public(r)
	for _, set := range who {
		set(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// page is an answer that can be asked by selector.
type page struct {
	t    *testing.T
	root *html.Node
}

func load(t *testing.T, h http.Handler, path string, status int, who ...asker) page {
	t.Helper()
	w := get(t, h, path, who...)
	if w.Code != status {
		t.Fatalf("GET %s = %d, want %d\n%s", path, w.Code, status, clip(800, w.Body.String()))
	}
	root, err := html.Parse(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return page{t, root}
}

func (p page) all(selector string) []*html.Node {
	p.t.Helper()
	return cascadia.QueryAll(p.root, cascadia.MustCompile(selector))
}

func (p page) text(selector string) string {
	p.t.Helper()
	var b strings.Builder
	for _, n := range p.all(selector) {
		for d := range n.Descendants() {
			if d.Type == html.TextNode {
				b.WriteString(d.Data)
			}
		}
		b.WriteString("\n")
	}
	return strings.TrimSpace(b.String())
}

// says checks that the elements a selector finds hold a text.
func (p page) says(selector, want string) {
	p.t.Helper()
	if got := p.text(selector); !strings.Contains(squeeze(got), want) {
		p.t.Errorf("%s says %q, want %q in it", selector, clip(400, squeeze(got)), want)
	}
}

func (p page) count(selector string, want int) {
	p.t.Helper()
	if got := len(p.all(selector)); got != want {
		p.t.Errorf("%d of %s, want %d", got, selector, want)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// sound checks what must hold for every page: one h1, one main, unique ids,
// labels that lead somewhere, nothing inline that acts or dresses.
func (p page) sound() {
	p.t.Helper()
	for _, sel := range []string{"h1", "main", "head title", "nav[aria-label=Main]", "footer", "html[lang]", "a.skip[href='#main']"} {
		p.count(sel, 1)
	}
	p.count("style, [style], script:not([src]):not([type='application/ld+json'])", 0)
	p.count("script[src]:not([type=module])", 0)
	p.count("script[src*='/static/live.']", 1)
	p.count("iframe, object, embed, img, base", 0)
	p.count("form [name]:not([id]), th:not([scope])", 0)
	ids := map[string]bool{}
	for _, n := range p.all("[id]") {
		if id := attr(n, "id"); ids[id] {
			p.t.Errorf("id %q stands twice", id)
		} else {
			ids[id] = true
		}
	}
	for _, n := range p.all("[aria-labelledby], label[for], a[href^='#'], use[href]") {
		for _, name := range []string{"aria-labelledby", "for", "href"} {
			if id := strings.TrimPrefix(attr(n, name), "#"); id != "" && !ids[id] {
				p.t.Errorf("<%s %s=%q> leads nowhere", n.Data, name, id)
			}
		}
	}
	for _, n := range p.all("*") {
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
				p.t.Errorf("<%s %s=%q> could act", n.Data, a.Key, a.Val)
			}
		}
		if n.Data == "a" && attr(n, "href") == "" {
			p.t.Errorf("a link leads nowhere: %q", p.text("a:not([href])"))
		}
	}
}

func TestPages(t *testing.T) {
	s := site(t, quernSound())
	for _, c := range []struct {
		path, selector, want string
	}{
		{"/", "h2.lead1", "Kestria says two brigades are returning to garrison"},
		{"/", "main .stand", "11 origins ■■■■■■■■■■■□□□□□ at 7 outlets · 5 copies · 20 statements"},
		{"/", ".cards", "Landbank unreachable since late afternoon"},
		{"/", ".cards .voices", "denies Oda Rasmirel"},
		{"/", "section[aria-labelledby=h-l]", "Fathom Observatory, monitors internet activity: Nothing we measure says who sent the requests, or from where"},
		{"/", "section[aria-labelledby=h-c]", "1 + 5"},
		{"/", "nav[aria-label=Main] [aria-current=page]", "Stories"},
		{"/story/withdrawal", ".facts", "Articles16Origins ■11 at 7 outletsCopies □5Revisions1Speakers9 20 statements"},
		{"/", ".board.mini tbody tr:nth-child(1) td:nth-child(4)", "Mirrin Okafell11 Mar 11:022 origins"},
		{"/", ".board.mini tbody tr:nth-child(1) td:nth-child(5)", "Ilse Varrenhof11 Mar 10:313 origins"},
		{"/story/withdrawal", ".cast > li:nth-child(1)", "Ministry of Defence"},
		{"/story/withdrawal", ".cast > li:nth-child(2)", "Ilse Varrenhof"},
		{"/story/withdrawal", ".cast > li:nth-child(3) .led li:nth-child(1)", "12 Mar 14:38confirms I can confirm that two battalions of the 9th Brigade have left the camp at Dorrin said 12 Mar · Sennabruk Courier · via reporters"},
		{"/story/withdrawal", ".cast > li:nth-child(1)", "Aldwire with 5 copies, also in The Lanthorn"},
		{"/story/withdrawal", ".cast > li:last-child h3", "a lorry driver not named"},
		{"/story/withdrawal", ".tree", "Islemere Post 11 Mar 08:47, Kestria says two brigades are returning to garrison64 % of its text stands in the original"},
		{"/story/bank", ".arts", "doubts 1"},
		{"/article/lanthorn-1", "h1 del", "Forty"},
		{"/article/lanthorn-1", "h1 ins", "Fourteen"},
		{"/article/lanthorn-1", "main .stand", "by Wenna Tarrow"},
		{"/article/lanthorn-1", "main .stand", "modified 11 Mar 15:05 · first seen 11 Mar 13:34 · revision 2 seen 11 Mar 15:08"},
		{"/article/lanthorn-1", "#n3", "denies · Mirrin Okafell"},
		{"/article/lanthorn-1", "mark#s3.x", "Nothing in this morning’s pictures is leaving"},
		{"/article/courier-1", ".crumb", "□ copy of Aldwire, 11 Mar 08:24, 100 % of its text"},
		{"/sources", ".health tr.hot", "failing"},
		{"/search?q=line&outlet=Radio+Quern", "main h2", "1 article"},
		{"/search?q=Nirgends", "main .note", "Try fewer or other words"},
		{"/search?from=yesterday", "[role=alert]", "is not a date. Write the “from” date as 2031-03-12."},
		{"/search?from=2031-03-12&to=2031-03-01", "[role=alert]", "Swap the two dates"},
		{"/search?q=line&page=0", "[role=alert]", "There is no page"},
		{"/search?q=line&page=50", "main .note", "This page lies after the last answer. First page."},
		{"/search?q=" + strings.Repeat("x", 400), "[role=alert]", "Use fewer words"},
		{"/story/nowhere", "main", "There is no such story."},
		{"/article/nowhere", "main", "There is no such article."},
		{"/nowhere", "main h1", "There is no such page"},
		{"/?before=noon", "main", "“before” should be a moment"},
	} {
		status := 200
		switch {
		case strings.Contains(c.path, "nowhere"):
			status = 404
		case c.selector == "[role=alert]" || strings.Contains(c.path, "noon"):
			status = 400
		}
		p := load(t, s, c.path, status)
		p.sound()
		p.says(c.selector, c.want)
	}
}

func TestStatementLinks(t *testing.T) {
	s := site(t, quernSound())
	for _, n := range load(t, s, "/story/withdrawal", 200).all(".cast q a") {
		href := attr(n, "href")
		path, id, _ := strings.Cut(href, "#")
		p := load(t, s, path, 200)
		if len(p.all("mark#"+id)) != 1 {
			t.Errorf("%s leads to no marked words", href)
		}
	}
}

func TestEmpty(t *testing.T) {
	s := site(t, newMemory())
	load(t, s, "/", 200).says("main", "Nothing has been collected yet")
	load(t, s, "/?before=2031-03-12T00:00:00Z", 200).says("main", "Nothing older is stored")
	load(t, s, "/sources", 200, desk).says("main", "crosscheck source add")
	load(t, s, "/search", 200).says("main", "Searches headlines")
	load(t, s, "/speakers", 200).says("main", "Nobody is quoted or reported")
	m := newMemory()
	m.stories = []model.Story{{ID: "bare"}}
	m.articles = []model.Article{{ID: "bare", Story: "bare"}}
	m.sources = []model.Source{{ID: "bare"}}
	s = site(t, m)
	for _, path := range []string{"/", "/story/bare", "/article/bare", "/sources", "/search?q=", "/feed.rss", "/story/bare/feed.json"} {
		for _, who := range []asker{desk, public} {
			if p := load(t, s, path, 200, who); !strings.Contains(path, "feed") {
				p.sound()
			}
		}
	}
}

// bad is a string that tries to break out.
const bad = `"><script>alert(1)</script><img src=x onerror=alert(2)>{{.}}` + "\u202eعكس\x00 ' onmouseover='alert(3)"

// hostile is a store whose every string is bad.
func hostile() *memory {
	long := strings.Repeat("Donaudampfschiffahrt", 500)
	m := newMemory()
	for i, title := range []string{bad, long, strings.Repeat("قال المتحدث ", 900)} {
		id := string(rune('a' + i))
		a := model.Article{
			ID: id, Story: "s", Source: bad, URL: "javascript:alert(1)", Title: title, Bylines: []string{bad, long}, Outlet: title,
			PublishedFrom: bad, Language: `"><script>`, Origin: model.Origin{Name: bad, URL: "data:text/html,<script>alert(1)</script>"},
			Text: bad + "\n\n" + long + "\n\n" + bad, Readability: bad, Problem: bad, Capture: bad, Revision: 2, Future: true, CopyShare: 7,
		}
		m.articles = append(m.articles, a)
		n := len(a.Text)
		for j, spans := range [][]model.Span{{{Start: 0, End: n}}, {{Start: 3, End: 40}, {Start: 50, End: n - 10}}, {{Start: 20, End: 60}}, {{Start: -5, End: n + 50}}, {{Start: 9, End: 3}}, {{Start: 85, End: 86}}} {
			m.statements[id] = append(m.statements[id], model.Statement{
				Article: id, N: j + 1, Content: spans, Speaker: title, SpeakerID: []string{bad, "who"}[j%2], Role: title, Channel: bad, Outer: j, Class: model.Class([]string{"", "position"}[j%2]),
				Kind: bad, SaidOn: bad, Claim: "c", Attitude: model.Stances[j%6], Stance: model.Stance([]string{bad, "", "denies"}[j%3]), SpeakerType: bad, Cue: model.Span{Start: -1, End: 1 << 30},
			})
		}
		m.revisions[id] = []model.Revision{{Article: id, N: 1, Title: long, Text: long + bad, Capture: bad}, {Article: id, N: 2, Title: title, Text: a.Text, Capture: bad}}
	}
	m.articles[1].CopyOf, m.articles[2].CopyOf = "a", "c"
	m.stories = []model.Story{{ID: "s", Title: bad, Articles: 1 << 40, Origins: -3}}
	m.sources = []model.Source{{ID: bad, URL: "javascript:alert(1)//" + bad, Outlet: bad, Kind: bad, State: model.SourceState{LastError: bad, Failures: 3, Title: bad}}}
	m.dead = []DeadLetter{{Stage: bad, ID: bad, Error: bad}}
	m.counts = map[string]int64{"stories": 1 << 60}
	return m
}

func TestHostile(t *testing.T) {
	s := site(t, hostile())
	for _, path := range []string{"/", "/story/s", "/article/a", "/article/b", "/article/c", "/article/a?positions=1", "/speaker/who?positions=1", "/speaker/" + url.PathEscape(bad), "/speakers", "/sources", "/claims", "/claim/c", "/search?q=%3Cscript%3Ealert(1)%3C/script%3E&speaker=%22%3E", "/%3Cscript%3E"} {
		for _, who := range []asker{desk, public} {
			status := 200
			if strings.HasPrefix(path, "/%3C") {
				status = 404
			}
			p := load(t, s, path, status, who)
			p.sound()
			for _, n := range p.all("h1, h2, h3, .led q") {
				if len([]rune(page{t, n}.text("*"))) > 1000 {
					t.Errorf("%s: a heading or quotation of more than 1000 characters", path)
				}
			}
		}
	}
	var doc struct {
		Items []struct{} `xml:"channel>item"`
	}
	if err := xml.Unmarshal(get(t, s, "/feed.rss").Body.Bytes(), &doc); err != nil || len(doc.Items) != 1 {
		t.Errorf("feed.rss: %v, %d items", err, len(doc.Items))
	}
}

func TestHeaders(t *testing.T) {
	s := site(t, quernSound())
	for _, path := range []string{"/", "/story/bank", "/nowhere", "/feed.json", "/robots.txt", "/healthz", "/favicon.ico"} {
		h := get(t, s, path).Header()
		for name, want := range map[string]string{"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Set-Cookie": ""} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
	if strings.Contains(policy, "unsafe") || !strings.HasPrefix(policy, "default-src 'none'") {
		t.Errorf("policy is not strict: %s", policy)
	}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("x"))
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST / = %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func TestCaching(t *testing.T) {
	s := site(t, quernSound())
	for _, path := range []string{"/", "/story/bank", "/feed.rss"} {
		tag := get(t, s, path).Header().Get("ETag")
		again := get(t, s, path, func(r *http.Request) { r.Header.Set("If-None-Match", `"x", `+tag) })
		if tag == "" || again.Code != 304 || again.Body.Len() > 0 {
			t.Errorf("%s with its tag %q = %d, %d bytes", path, tag, again.Code, again.Body.Len())
		}
	}
	p := load(t, s, "/", 200)
	for _, sel := range []string{"link[rel=stylesheet]", "link[rel=icon]", "script"} {
		path := attr(p.all(sel)[0], "href") + attr(p.all(sel)[0], "src")
		w := get(t, s, path)
		if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Content-Type") == "" {
			t.Errorf("%s = %d, %q", path, w.Code, w.Header())
		}
	}
	w := get(t, s, "/", func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") })
	zr, err := gzip.NewReader(w.Body)
	if err != nil || w.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("not compressed: %v %v", err, w.Header())
	}
	if body, err := io.ReadAll(zr); err != nil || !bytes.HasPrefix(body, []byte("<!DOCTYPE html>")) {
		t.Errorf("compressed page: %v, %.40q", err, body)
	}
	if got := get(t, s, "/", desk).Header().Get("Cache-Control"); got != "private, no-cache" {
		t.Errorf("desk page is cached: %q", got)
	}
}

func TestFeeds(t *testing.T) {
	s := New(slog.New(slog.DiscardHandler), quernSound(), Config{Now: func() time.Time { return crisisNow }, BaseURL: "https://news.example/"})
	var rss struct {
		Channel struct {
			Link string `xml:"link"`
			Item []struct {
				Title   string `xml:"title"`
				Link    string `xml:"link"`
				PubDate string `xml:"pubDate"`
			} `xml:"item"`
		} `xml:"channel"`
	}
	w := get(t, s, "/feed.rss")
	if err := xml.Unmarshal(w.Body.Bytes(), &rss); err != nil {
		t.Fatal(err)
	}
	if len(rss.Channel.Item) != 6 || rss.Channel.Link != "https://news.example/" || rss.Channel.Item[1].Link != "https://news.example/story/withdrawal" ||
		rss.Channel.Item[1].PubDate != "Wed, 12 Mar 2031 16:10:00 +0000" {
		t.Errorf("feed.rss: %+v", rss)
	}
	var feed jsonFeed
	if err := json.Unmarshal(get(t, s, "/story/withdrawal/feed.json").Body.Bytes(), &feed); err != nil {
		t.Fatal(err)
	}
	if len(feed.Items) != 11 || feed.FeedURL != "https://news.example/story/withdrawal/feed.json" || feed.Items[10].ContentText != "Aldwire, with 5 copies; asserts 1" {
		t.Errorf("feed.json: %+v", feed)
	}
	s2 := site(t, quernSound())
	for host, want := range map[string]string{"localhost:8097": "http://localhost:8097/feed.json", "elsewhere.example": "/feed.json"} {
		w := ask(s2, "/feed.json", func(r *http.Request) { r.Host = host })
		if err := json.Unmarshal(w.Body.Bytes(), &feed); err != nil || feed.FeedURL != want {
			t.Errorf("without an address of its own, asked as %s: %q, %v", host, feed.FeedURL, err)
		}
	}
	p := load(t, s, "/story/withdrawal", 200)
	if got := attr(p.all("link[type='application/rss+xml']")[0], "href"); got != "/story/withdrawal/feed.rss" {
		t.Errorf("autodiscovery leads to %q", got)
	}
	if got := attr(p.all("link[rel=canonical]")[0], "href"); got != "https://news.example/story/withdrawal" {
		t.Errorf("canonical is %q", got)
	}
}

func TestPaging(t *testing.T) {
	m := newMemory()
	for i := range 45 {
		m.stories = append(m.stories, model.Story{ID: "s" + string(rune('A'+i)), Title: "Story", Latest: crisisNow.Add(-time.Duration(i) * time.Hour)})
	}
	s := site(t, m)
	seen := 0
	for path := "/"; path != ""; {
		p := load(t, s, path, 200)
		seen += len(p.all("h2.lead1, .cards > li"))
		path = ""
		for _, n := range p.all("a[rel=next]") {
			path = attr(n, "href")
		}
	}
	if seen != 45 {
		t.Errorf("paging shows %d stories, want 45", seen)
	}
}

// nodeLabel is the id of the heading a section is named by.
func nodeLabel(n *html.Node) string { return attr(n, "aria-labelledby") }

// wellFormed checks that an answer is XML.
func wellFormed(t *testing.T, path string, body []byte) {
	t.Helper()
	for d := xml.NewDecoder(bytes.NewReader(body)); ; {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Errorf("%s is no XML: %v", path, err)
			return
		}
	}
}
