package demo

import (
	"encoding/json"
	"encoding/xml"
	"time"
)

// feeds are the ways an outlet lists what it publishes.
var feeds = map[string]func(*Web, *outlet, time.Time) (document, error){
	"rss":      func(_ *Web, o *outlet, now time.Time) (document, error) { return rss(o, now, false) },
	"rss-full": func(_ *Web, o *outlet, now time.Time) (document, error) { return rss(o, now, true) },
	"atom":     func(_ *Web, o *outlet, now time.Time) (document, error) { return atom(o, now) },
	"json":     func(_ *Web, o *outlet, now time.Time) (document, error) { return jsonFeed(o, now) },
	"sitemap":  func(_ *Web, o *outlet, now time.Time) (document, error) { return sitemap(o, now) },
	"page":     (*Web).notices,
}

type rssFeed struct {
	XMLName xml.Name  `xml:"rss"`
	Version string    `xml:"version,attr"`
	DC      string    `xml:"xmlns:dc,attr"`
	Content string    `xml:"xmlns:content,attr"`
	Title   string    `xml:"channel>title"`
	Link    string    `xml:"channel>link"`
	About   string    `xml:"channel>description"`
	Lang    string    `xml:"channel>language"`
	Built   string    `xml:"channel>lastBuildDate"`
	Items   []rssItem `xml:"channel>item"`
}

type rssItem struct {
	Title   string  `xml:"title"`
	Link    string  `xml:"link"`
	GUID    rssGUID `xml:"guid"`
	PubDate string  `xml:"pubDate"`
	Creator string  `xml:"dc:creator,omitempty"`
	Section string  `xml:"category,omitempty"`
	About   string  `xml:"description"`
	Content string  `xml:"content:encoded,omitempty"`
}

type rssGUID struct {
	PermaLink bool   `xml:"isPermaLink,attr"`
	Value     string `xml:",chardata"`
}

func rss(o *outlet, now time.Time, full bool) (document, error) {
	entries := o.at(now)
	f := rssFeed{
		Version: "2.0", DC: "http://purl.org/dc/elements/1.1/", Content: "http://purl.org/rss/1.0/modules/content/",
		Title: o.Name, Link: o.Home(), About: o.Tagline, Lang: "en", Built: newest(entries).In(o.zone).Format(time.RFC1123Z),
	}
	for _, e := range entries {
		it := rssItem{
			Title: e.Headline, Link: e.URL + "?utm_source=rss", GUID: rssGUID{Value: "tag:" + o.Host + e.Path},
			PubDate: e.Published.In(o.zone).Format(time.RFC1123Z), Creator: e.Byline, Section: e.Section, About: e.Summary(),
		}
		if full {
			it.Content = e.HTML()
		}
		f.Items = append(f.Items, it)
	}
	return xmlDocument("application/rss+xml; charset=utf-8", f, newest(entries))
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Link    []atomLink  `xml:"link"`
	Updated string      `xml:"updated"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string    `xml:"id"`
	Title     string    `xml:"title"`
	Link      atomLink  `xml:"link"`
	Published string    `xml:"published"`
	Updated   string    `xml:"updated"`
	Author    string    `xml:"author>name"`
	Summary   atomTexts `xml:"summary"`
}

type atomTexts struct {
	Type  string `xml:"type,attr"`
	Value string `xml:",chardata"`
}

func atom(o *outlet, now time.Time) (document, error) {
	entries := o.at(now)
	f := atomFeed{
		ID: o.Feed(), Title: o.Name, Updated: newest(entries).In(o.zone).Format(time.RFC3339),
		Link: []atomLink{{"self", o.Feed()}, {"alternate", o.Home()}},
	}
	for _, e := range entries {
		f.Entries = append(f.Entries, atomEntry{
			ID: "tag:" + o.Host + ",2031:" + e.Path, Title: e.Headline, Link: atomLink{"alternate", e.URL},
			Published: e.Published.In(o.zone).Format(time.RFC3339), Updated: e.Modified.In(o.zone).Format(time.RFC3339),
			Author: e.Byline, Summary: atomTexts{"html", "<p>" + escape.Replace(e.Summary()) + "</p>"},
		})
	}
	return xmlDocument("application/atom+xml; charset=utf-8", f, newest(entries))
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Title     string       `json:"title"`
	Content   string       `json:"content_html,omitempty"`
	Summary   string       `json:"summary"`
	Published string       `json:"date_published"`
	Modified  string       `json:"date_modified,omitempty"`
	Authors   []jsonAuthor `json:"authors,omitempty"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

func jsonFeed(o *outlet, now time.Time) (document, error) {
	entries := o.at(now)
	items := make([]jsonItem, 0, len(entries))
	for _, e := range entries {
		it := jsonItem{
			ID: e.URL, URL: e.URL, Title: e.Headline, Content: "<p>" + escape.Replace(e.Summary()) + "</p>", Summary: e.Summary(),
			Published: e.Published.In(o.zone).Format(time.RFC3339),
		}
		if e.Edited() {
			it.Modified = e.Modified.In(o.zone).Format(time.RFC3339)
		}
		if e.Byline != "" {
			it.Authors = []jsonAuthor{{e.Byline}}
		}
		items = append(items, it)
	}
	body, err := json.MarshalIndent(map[string]any{
		"version": "https://jsonfeed.org/version/1.1", "title": o.Name, "language": "en",
		"home_page_url": o.Home(), "feed_url": o.Feed(), "description": o.Tagline, "items": items,
	}, "", " ")
	return document{contentType: "application/feed+json", body: body, at: newest(entries)}, err
}

func xmlDocument(contentType string, v any, at time.Time) (document, error) {
	body, err := xml.MarshalIndent(v, "", " ")
	return document{contentType: contentType, body: append([]byte(xml.Header), body...), at: at}, err
}
