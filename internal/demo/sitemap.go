package demo

import (
	"encoding/xml"
	"time"
)

type newsSitemap struct {
	XMLName xml.Name      `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	News    string        `xml:"xmlns:news,attr"`
	URLs    []newsAddress `xml:"url"`
}

type newsAddress struct {
	Loc       string `xml:"loc"`
	LastMod   string `xml:"lastmod"`
	Name      string `xml:"news:news>news:publication>news:name"`
	Language  string `xml:"news:news>news:publication>news:language"`
	Published string `xml:"news:news>news:publication_date"`
	Title     string `xml:"news:news>news:title"`
}

// sitemap lists the outlet's articles as a news sitemap.
func sitemap(o *outlet, now time.Time) (document, error) {
	entries := o.at(now)
	s := newsSitemap{News: "http://www.google.com/schemas/sitemap-news/0.9"}
	for _, e := range entries {
		s.URLs = append(s.URLs, newsAddress{
			Loc: e.URL, LastMod: e.Modified.In(o.zone).Format(time.RFC3339), Name: o.Name, Language: "en",
			Published: e.Published.In(o.zone).Format(time.RFC3339), Title: e.Headline,
		})
	}
	return xmlDocument("application/xml; charset=utf-8", s, newest(entries))
}

// notices is the outlet's page of notices, to be watched for change: it says
// that there is none, or leads to the newest.
func (w *Web) notices(o *outlet, now time.Time) (document, error) {
	p := page{Outlet: o, Zone: o.zone, Now: now, Everything: o.at(now)}
	if len(p.Everything) > 0 {
		return document{location: p.Everything[0].URL}, nil
	}
	return w.render("notices.html", p, Start)
}
