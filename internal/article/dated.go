package article

import (
	"net/url"
	"regexp"
	"time"

	"crosscheck/internal/model"
)

// dates finds when the article was published and modified, and where the first
// was found. A page that states only its last change was published, as it
// stands, at that time.
func (r *reading) dates() (pub time.Time, from model.DateFrom, mod time.Time) {
	pub, from = r.published()
	mod, modFrom := r.modified()
	if pub.IsZero() {
		var shown time.Time
		if pub, shown = r.dateline(); !pub.IsZero() {
			from = model.DateText
		}
		if !shown.IsZero() && (mod.IsZero() || modFrom == model.DateMeta) {
			mod, modFrom = shown, model.DateText
		}
	}
	if t, ok := r.firstParagraphDate(); pub.IsZero() && ok {
		pub, from = t, model.DateText
	}
	if pub.IsZero() {
		pub, from = r.weakDate()
	}
	if pub.IsZero() && !mod.IsZero() && modFrom != model.DateMeta {
		pub, from = mod, modFrom
	}
	if mod.Before(pub) {
		mod = time.Time{}
	}
	return r.inZone(pub), from, mod
}

// inZone writes a time given in UTC in the zone in which the page's own time
// elements state the same moment.
func (r *reading) inZone(t time.Time) time.Time {
	if _, offset := t.Zone(); offset != 0 || t.IsZero() {
		return t
	}
	for _, i := range r.facts.times {
		s := attr(r.tree.nodes[i].n, "datetime")
		if o, ok := parseDate(s); ok && len(s) > 16 && o.Sub(t).Abs() < time.Minute {
			return o
		}
	}
	return t
}

func (r *reading) firstParagraphDate() (time.Time, bool) {
	if len(r.body.kept) == 0 {
		return time.Time{}, false
	}
	return wireDate(r.body.blocks[r.body.kept[0]].text)
}

// weakDate reads what the feed and the address say.
func (r *reading) weakDate() (time.Time, model.DateFrom) {
	if it := r.hints.Item; it != nil && !it.Published.IsZero() {
		return it.Published, model.DateFeed
	}
	for _, raw := range [...]string{r.hints.URL, r.facts.canonical, r.facts.get("og:url")} {
		if t, ok := urlDate(raw); ok {
			return t, model.DateURL
		}
	}
	return time.Time{}, ""
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
	return time.Time{}, ""
}

// publishedMeta are the names under which pages state their date, best first.
var publishedMeta = []string{"article:published_time", "og:article:published_time", "og:published_time", "datepublished", "publishdate", "publish-date", "publish_date", "pubdate", "date_published", "publication_date", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "article.published", "rnews:datepublished", "article_date_original", "originalpublicationdate", "publicationdate", "displaydate", "date", "citation_publication_date"}

// timeElement reads the first time element at the headline that names a day.
func (r *reading) timeElement() (time.Time, bool) {
	lines := r.lines()
	for _, i := range r.facts.times {
		nd := &r.tree.nodes[i]
		near := false
		for _, b := range lines {
			near = near || b.first >= i && b.first < nd.end || r.tree.contains(b.el, i)
		}
		if !near {
			continue
		}
		if t, ok := parseDate(first(attr(nd.n, "datetime"), attr(nd.n, "content"), r.tree.textOf(i))); ok {
			return t, true
		}
	}
	return time.Time{}, false
}

func (r *reading) modified() (time.Time, model.DateFrom) {
	f := r.facts
	for _, n := range f.ld {
		if n.is(articleTypes...) || n.is("WebPage") {
			if t, ok := parseDate(n.str("dateModified")); ok {
				return t, model.DateStructured
			}
		}
	}
	for _, key := range [...]string{"article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified", "article:modified"} {
		if t, ok := parseDate(f.get(key)); ok {
			return t, model.DateMeta
		}
	}
	return time.Time{}, ""
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
