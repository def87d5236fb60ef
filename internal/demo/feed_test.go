package demo

import (
	"encoding/xml"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
)

// wanted lists what the feed of an outlet must hold at a time.
func wanted(o *outlet, now time.Time) (titles []string, published, updated []time.Time) {
	for _, e := range o.at(now) {
		titles = append(titles, e.Headline)
		published = append(published, e.Published)
		updated = append(updated, e.Modified)
	}
	return titles, published, updated
}

func TestFeeds(t *testing.T) {
	types := map[string]bool{}
	for _, now := range []time.Time{Start, at(t, "2031-03-11T14:00Z"), End} {
		w := stopped(t, now)
		for _, host := range w.hosts {
			o := w.outlets[host]
			if o.FeedKind == "page" || o.FeedKind == "sitemap" {
				continue
			}
			f, err := gofeed.NewParser().Parse(get(w, o.Feed()).Body)
			if err != nil {
				t.Errorf("%s at %s: %v", o.Feed(), now, err)
				continue
			}
			types[f.FeedType] = true
			titles, published, _ := wanted(o, now)
			var gotTitles []string
			var gotPublished []time.Time
			for _, it := range f.Items {
				gotTitles = append(gotTitles, it.Title)
				gotPublished = append(gotPublished, it.PublishedParsed.UTC())
			}
			if d := cmp.Diff(titles, gotTitles); d != "" {
				t.Errorf("%s at %s: titles (-want +got):\n%s", o.Feed(), now, d)
			}
			if d := cmp.Diff(published, gotPublished); d != "" {
				t.Errorf("%s at %s: times (-want +got):\n%s", o.Feed(), now, d)
			}
		}
	}
	if len(types) != 3 {
		t.Errorf("types of feed: %v, want three", types)
	}
}

func TestFeedShowsRevision(t *testing.T) {
	for _, c := range []struct{ at, title, updated string }{
		{"2031-03-11T15:04Z", "Forty companies still at the line, Tolmark says", "2031-03-11T13:30Z"},
		{"2031-03-11T15:05Z", "Fourteen companies still at the line, Tolmark says", "2031-03-11T15:05Z"},
	} {
		w := stopped(t, at(t, c.at))
		f, err := gofeed.NewParser().Parse(get(w, w.outlets["lanthorn.example"].Feed()).Body)
		if err != nil {
			t.Fatal(err)
		}
		it := f.Items[0]
		if it.Title != c.title || !it.UpdatedParsed.Equal(at(t, c.updated)) || !it.PublishedParsed.Equal(at(t, "2031-03-11T13:30Z")) {
			t.Errorf("at %s: %q published %s updated %s", c.at, it.Title, it.Published, it.Updated)
		}
	}
}

func TestSitemap(t *testing.T) {
	w := stopped(t, End)
	o := w.outlets["gazette.example"]
	var got struct {
		URLs []struct {
			Loc  string `xml:"loc"`
			News struct {
				Date  time.Time `xml:"publication_date"`
				Title string    `xml:"title"`
				Name  string    `xml:"publication>name"`
			} `xml:"http://www.google.com/schemas/sitemap-news/0.9 news"`
		} `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 url"`
	}
	if err := xml.Unmarshal(get(w, o.Feed()).Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	titles, published, _ := wanted(o, End)
	var gotTitles []string
	var gotPublished []time.Time
	for _, u := range got.URLs {
		if u.News.Name != o.Name || !strings.HasPrefix(u.Loc, o.Home()) {
			t.Errorf("entry %+v", u)
		}
		gotTitles = append(gotTitles, u.News.Title)
		gotPublished = append(gotPublished, u.News.Date.UTC())
	}
	if d := cmp.Diff(titles, gotTitles); d != "" {
		t.Errorf("titles (-want +got):\n%s", d)
	}
	if d := cmp.Diff(published, gotPublished); d != "" {
		t.Errorf("times (-want +got):\n%s", d)
	}
}

func TestWatchedPage(t *testing.T) {
	w := stopped(t, at(t, "2031-03-11T16:57Z"))
	page := w.outlets["notices.landbank.example"].Feed()
	if got := get(w, page).Body.String(); !strings.Contains(got, "<h1>No notice at present</h1>") {
		t.Errorf("before the notice: %s", got)
	}
	w.now = func() time.Time { return at(t, "2031-03-11T16:58Z") }
	rec := get(w, page)
	if rec.Code != http.StatusFound {
		t.Fatalf("after the notice: %d, want a redirect", rec.Code)
	}
	if got := get(w, rec.Header().Get("Location")).Body.String(); !strings.Contains(got, "<h1>Landbank unreachable</h1>") {
		t.Errorf("the notice: %s", got)
	}
}
