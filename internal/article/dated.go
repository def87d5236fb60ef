package article

import (
	"net/url"
	"regexp"
	"time"

	"crosscheck/internal/model"
)

// dates finds when the article was published and modified, and where the first
// was found.
func (r *reading) dates() (pub time.Time, from model.DateFrom, mod time.Time) {
	pub, from = r.published()
	mod = r.modified()
	if mod.Before(pub) {
		mod = time.Time{}
	}
	return pub, from, mod
}

func (r *reading) published() (time.Time, model.DateFrom) {
	f := r.facts
	for _, n := range f.ld {
		if n.is(articleTypes...) || n.is("WebPage") {
			if t, ok := parseDate(n.str("datePublished", "dateCreated")); ok {
				return t, model.DateStructured
			}
		}
	}
	if t, ok := parseDate(f.get("datepublished")); ok {
		return t, model.DateStructured
	}
	for _, key := range publishedMeta {
		if t, ok := parseDate(f.get(key)); ok {
			return t, model.DateMeta
		}
	}
	if t, ok := r.timeElement(); ok {
		return t, model.DateTime
	}
	if it := r.hints.Item; it != nil && !it.Published.IsZero() {
		return it.Published, model.DateFeed
	}
	for _, raw := range [...]string{r.hints.URL, f.canonical, f.get("og:url")} {
		if t, ok := urlDate(raw); ok {
			return t, model.DateURL
		}
	}
	return time.Time{}, ""
}

// publishedMeta are the names under which pages state their date, best first.
var publishedMeta = []string{"article:published_time", "og:article:published_time", "og:published_time", "datepublished", "publishdate", "publish-date", "publish_date", "pubdate", "date_published", "publication_date", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "article.published", "rnews:datepublished", "article_date_original", "originalpublicationdate", "publicationdate", "displaydate", "date", "citation_publication_date", "last-updated-placeholder"}

func (r *reading) timeElement() (time.Time, bool) {
	for _, i := range r.facts.times {
		nd := &r.tree.nodes[i]
		s := first(attr(nd.n, "datetime"), attr(nd.n, "content"), r.tree.textOf(i))
		if t, ok := parseDate(s); ok {
			return t, true
		}
	}
	return time.Time{}, false
}

func (r *reading) modified() time.Time {
	f := r.facts
	for _, n := range f.ld {
		if n.is(articleTypes...) || n.is("WebPage") {
			if t, ok := parseDate(n.str("dateModified")); ok {
				return t
			}
		}
	}
	for _, key := range [...]string{"article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified", "article:modified"} {
		if t, ok := parseDate(f.get(key)); ok {
			return t
		}
	}
	return time.Time{}
}

var urlDay = regexp.MustCompile(`/(20[0-3]\d)[/-]?(0?[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?:/|-|\b)`)

// urlDate reads a date such as /2024/03/05/ out of an address.
func urlDate(raw string) (time.Time, bool) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return time.Time{}, false
	}
	m := urlDay.FindStringSubmatch(u.Path)
	if m == nil {
		return time.Time{}, false
	}
	t, err := time.Parse("2006-1-2", m[1]+"-"+m[2]+"-"+m[3])
	return t, err == nil
}
