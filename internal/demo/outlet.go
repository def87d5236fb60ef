package demo

import (
	"time"

	"crosscheck/internal/model"
)

// outlet is a fictional publisher: one host, one page template, one feed.
type outlet struct {
	Host     string
	Name     string
	Tagline  string
	Template string
	FeedKind string // a key of feeds
	FeedPath string
	Robots   string
	Charset  string // of the pages; "" is UTF-8
	licence  model.Licence
	zone     *time.Location // in which the pages state their times
	articles []*article     // by first publication
}

// Home is the address of the front page.
func (o *outlet) Home() string { return scheme + o.Host + "/" }

// Feed is the address of the feed, sitemap or watched page.
func (o *outlet) Feed() string { return scheme + o.Host + o.FeedPath }

// at lists what the outlet shows at a time, newest first.
func (o *outlet) at(now time.Time) []entry {
	var out []entry
	for i := len(o.articles) - 1; i >= 0; i-- {
		if e, ok := o.articles[i].at(now); ok {
			out = append(out, e)
		}
	}
	return out
}

// find returns what stands at a path at a time.
func (o *outlet) find(path string, now time.Time) (entry, bool) {
	for _, a := range o.articles {
		if a.path == path {
			return a.at(now)
		}
	}
	return entry{}, false
}

// kinds says which kind of source each kind of feed is.
var kinds = map[string]model.SourceKind{
	"rss":      model.SourceFeed,
	"rss-full": model.SourceFeed,
	"atom":     model.SourceFeed,
	"json":     model.SourceFeed,
	"sitemap":  model.SourceSitemap,
	"page":     model.SourcePage,
}

func (o *outlet) source() model.Source {
	u := o.Feed()
	return model.Source{
		ID: model.ID("source", u), Kind: kinds[o.FeedKind], URL: u,
		Outlet: o.Name, Language: "en", Licence: o.licence,
	}
}
