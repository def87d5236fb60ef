package demo

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
)

// stopped is the web standing still at a time.
func stopped(t *testing.T, at time.Time) *Web {
	t.Helper()
	w, err := New(func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse("2006-01-02T15:04Z", s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func get(w *Web, url string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, url, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, r)
	return rec
}

const (
	wire     = "http://aldwire.example/2031/03/11/kestria-brigades-returning"
	lanthorn = "http://lanthorn.example/abroad/2031/mar/11/companies-still-at-the-line"
)

func TestStatus(t *testing.T) {
	w := stopped(t, at(t, "2031-03-11T08:24Z"))
	for _, c := range []struct {
		url  string
		want int
	}{
		{wire, 200},
		{"http://aldwire.example:8080/robots.txt", 200},
		{"http://ALDWIRE.example/", 200},
		{"http://aldwire.example/feed/world.xml", 200},
		{"http://aldwire.example/media/0824.jpg", 404},
		{"http://nowhere.example/", 404},
		{lanthorn, 404}, // not yet published
	} {
		if got := get(w, c.url).Code; got != c.want {
			t.Errorf("GET %s = %d, want %d", c.url, got, c.want)
		}
	}
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, wire, nil))
	if rec.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST = %d, want 405", rec.Code)
	}
}

func TestConditionalGet(t *testing.T) {
	w := stopped(t, at(t, "2031-03-11T09:00Z"))
	const feed = "http://aldwire.example/feed/world.xml"
	first := get(w, feed)
	if got := get(w, feed, "If-None-Match", first.Header().Get("ETag")).Code; got != http.StatusNotModified {
		t.Errorf("with the ETag: %d, want 304", got)
	}
	if got := get(w, feed, "If-Modified-Since", first.Header().Get("Last-Modified")).Code; got != http.StatusNotModified {
		t.Errorf("with Last-Modified: %d, want 304", got)
	}
	w.now = func() time.Time { return End }
	if got := get(w, feed, "If-None-Match", first.Header().Get("ETag")).Code; got != http.StatusOK {
		t.Errorf("after more was published: %d, want 200", got)
	}
}

// Every article is served from its minute on and not before, and nothing the
// web shows at a time names an article that is still to come.
func TestNothingFromTheFuture(t *testing.T) {
	all := stopped(t, End)
	for _, o := range all.outlets {
		for _, a := range o.articles {
			url, first := scheme+o.Host+a.path, a.versions[0]
			before := stopped(t, first.At.Add(-time.Second))
			if got := get(before, url).Code; got != http.StatusNotFound {
				t.Errorf("%s before %s: %d, want 404", url, first.At, got)
			}
			if got := get(stopped(t, first.At), url).Code; got != http.StatusOK {
				t.Errorf("%s at %s: %d, want 200", url, first.At, got)
			}
			for _, page := range pagesOf(before, o.Host) {
				if strings.Contains(page, a.path) {
					t.Errorf("before %s a page of %s names %s", first.At, o.Host, a.path)
				}
			}
		}
	}
}

// pagesOf renders everything a host serves but robots.txt.
func pagesOf(w *Web, host string) []string {
	o := w.outlets[host]
	out := []string{get(w, o.Home()).Body.String(), get(w, o.Feed()).Body.String()}
	for _, e := range o.at(w.now()) {
		out = append(out, get(w, e.URL).Body.String())
	}
	return out
}

func TestRevision(t *testing.T) {
	const correction = "Correction, 15:05. An earlier version of this article, and its headline, gave the number of companies as forty."
	before, after := get(stopped(t, at(t, "2031-03-11T15:04Z")), lanthorn), get(stopped(t, at(t, "2031-03-11T15:05Z")), lanthorn)
	for _, c := range []struct {
		text          string
		first, second bool
	}{
		{"<h1>Forty companies still at the line, Tolmark says</h1>", true, false},
		{"<h1>Fourteen companies still at the line, Tolmark says</h1>", false, true},
		{"<p>Forty companies remain within fifteen kilometres of the line, Tolmark’s General Staff told The Lanthorn.", true, false},
		{"<p>Fourteen companies remain within fifteen kilometres of the line, Tolmark’s General Staff told The Lanthorn.", false, true},
		{correction, false, true},
		{`"dateModified":"2031-03-11T13:30:00Z"`, true, false},
		{`"dateModified":"2031-03-11T15:05:00Z"`, false, true},
		{"Oda Rasmirel, the Foreign Ministry’s spokeswoman, wrote on her channel.", true, true},
	} {
		if got := strings.Contains(before.Body.String(), c.text); got != c.first {
			t.Errorf("at 15:04 contains %q = %v, want %v", c.text, got, c.first)
		}
		if got := strings.Contains(after.Body.String(), c.text); got != c.second {
			t.Errorf("at 15:05 contains %q = %v, want %v", c.text, got, c.second)
		}
	}
}

func TestSources(t *testing.T) {
	w := stopped(t, End)
	seen := map[model.Licence]int{}
	kinds := map[model.SourceKind]int{}
	for _, s := range w.Sources() {
		want := s
		if err := s.Validate(); err != nil || s != want {
			t.Errorf("source %s is not ready to be stored: %v", s.URL, err)
		}
		if got := get(w, s.URL).Code; got >= 400 {
			t.Errorf("GET %s = %d", s.URL, got)
		}
		seen[s.Licence]++
		kinds[s.Kind]++
	}
	if len(seen) != 3 || len(kinds) != 3 || len(w.Sources()) != 11 || len(w.Hosts()) != 11 {
		t.Errorf("%d sources on %d hosts, licences %v, kinds %v; want 11, 11 and every licence and kind", len(w.Sources()), len(w.Hosts()), seen, kinds)
	}
}

// One outlet's server says nothing of the charset; its pages do.
func TestWindows1252(t *testing.T) {
	rec := get(stopped(t, End), "http://islemerepost.example/2031-03-11/brigades.html")
	body := rec.Body.String()
	if got := rec.Header().Get("Content-Type"); got != "text/html" {
		t.Errorf("Content-Type = %q", got)
	}
	if !strings.Contains(body, "charset=windows-1252") || !strings.Contains(body, "ministry\x92s spokesman") {
		t.Error("the page is not in windows-1252")
	}
}
