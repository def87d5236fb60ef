package app

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/demo"
	"crosscheck/internal/model"
	"crosscheck/internal/publish"
	"crosscheck/internal/testkit"
)

// TestSituationPages plays the script and reads the situation as a reader and as
// the desk do: every entry of the timeline has its page, and a briefing's every
// word stands in a stored capture's text.
func TestSituationPages(t *testing.T) {
	f := newFiction(t, demo.Start)
	a := start(t, f.options())
	f.follow(t, a)
	f.at.Store(&demo.End)
	f.settled(t, a)
	ask := func(method, path string, form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr, r.Host = "127.0.0.1:5000", "localhost:8080"
		w := httptest.NewRecorder()
		a.web.ServeHTTP(w, r)
		return w
	}
	form := url.Values{"title": {"Quern Sound"}, "words": {"brigade*\ngarrison"}, "phrases": {"flood of requests"}, "by": {"Ada"}, "verb": {"preview"}}
	if w := ask("POST", "/desk/situation/new", form); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "What it would take in") {
		t.Fatalf("preview = %d", w.Code)
	}
	form.Set("verb", "save")
	w := ask("POST", "/desk/situation/new", form)
	home := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || home != "/situation/quern-sound" {
		t.Fatalf("save = %d to %q", w.Code, home)
	}
	testkit.Eventually(t, 30*time.Second, "the articles gone through", func() bool {
		facts, err := a.store.Situation(t.Context(), "quern-sound")
		return err == nil && !facts.Working && facts.Articles > 0
	})
	for _, path := range []string{"/", "/situations", home, home + "/articles", home + "/edit", home + "/places.geojson", home + "/feed.atom", "/api/v1" + strings.Replace(home, "situation", "situations", 1), "/api/v1/situations/quern-sound/timeline.csv"} {
		if w := ask("GET", path, nil); w.Code != http.StatusOK {
			t.Errorf("GET %s = %d %s", path, w.Code, w.Body)
		}
	}
	entries := regexp.MustCompile(`href="(/situation/quern-sound/entry/[^"]+)"`).FindAllStringSubmatch(ask("GET", home+"/timeline", nil).Body.String(), -1)
	if len(entries) < 10 {
		t.Fatalf("the timeline links to %d entries", len(entries))
	}
	for _, m := range entries {
		if w := ask("GET", m[1], nil); w.Code != http.StatusOK {
			t.Errorf("GET %s = %d", m[1], w.Code)
		}
	}
	a.briefed(t, ask)
}

// briefed publishes a briefing of all there is and follows its words.
func (a *App) briefed(t *testing.T, ask func(method, path string, form url.Values) *httptest.ResponseRecorder) {
	t.Helper()
	page := ask("GET", "/situation/quern-sound/briefing/new", nil).Body.String()
	form := url.Values{"title": {"Evening"}, "by": {"Ada"}}
	for _, m := range regexp.MustCompile(`name="key" value="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		form.Add("key", m[1])
		form.Add("order", "1")
	}
	if w := ask("POST", "/desk/situation/quern-sound/briefing", form); w.Code != http.StatusSeeOther {
		t.Fatalf("publish = %d %s", w.Code, w.Body)
	}
	versions, err := a.store.Briefing(t.Context(), "quern-sound", 1)
	if err != nil {
		t.Fatal(err)
	}
	traced := 0
	for _, s := range versions[0].Sentences {
		if s.Kind != model.SentenceStatement {
			continue
		}
		revisions, err := a.store.Revisions(t.Context(), s.Article)
		if err != nil {
			t.Fatal(err)
		}
		for _, rev := range revisions {
			if rev.N != s.Revision {
				continue
			}
			traced++
			if err := publish.Trace(s, rev.Text); err != nil || rev.Capture != s.Capture {
				t.Errorf("%s, capture %s: %v", s.Key, s.Capture, err)
			}
			if body, err := a.store.CaptureBody(t.Context(), s.Capture); err != nil || model.HashOf(body) != s.Capture {
				t.Errorf("capture %s is not kept: %v", s.Capture, err)
			}
		}
	}
	if traced < 5 {
		t.Errorf("%d statements were followed", traced)
	}
}

// TestSpotsOfTheMeasured has the services of a situation and the vantage points
// stand where they are.
func TestSpotsOfTheMeasured(t *testing.T) {
	f := newFiction(t, demo.Start)
	a := start(t, f.options())
	oslo, err := FindPlace("3143244")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []model.Service{{ID: "bank", Target: "https://bank.example/", Place: oslo}, {ID: "other", Target: "https://other.example/", Place: oslo}} {
		if err := a.store.SaveService(t.Context(), &s); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range []string{"osl-1", "osl-2"} {
		if err := a.store.SaveVantage(t.Context(), model.VantageFacts{Vantage: model.Vantage{ID: v, Place: oslo}, Created: demo.Start}, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.store.RevokeVantage(t.Context(), "osl-2", demo.Start); err != nil {
		t.Fatal(err)
	}
	sit := model.Situation{Title: "Bank", Services: []string{"bank"}, By: "Ada"}
	if err := a.store.SaveSituation(t.Context(), &sit); err != nil {
		t.Fatal(err)
	}
	spots, err := pages{a.store, a.now}.SituationSpots(t.Context(), sit.ID)
	if err != nil || len(spots) != 1 || spots[0].Name != "Oslo" || strings.Join(append(spots[0].Services, spots[0].Vantages...), " ") != "bank osl-1" {
		t.Errorf("places = %+v, %v: want Oslo with bank and osl-1", spots, err)
	}
}
