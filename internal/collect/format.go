package collect

import (
	"html"
	"strings"

	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"
)

// document is a feed of any format.
type document struct {
	title   string
	link    string // the site it belongs to; relative links start there, where the format says so
	entries []entry
	notes   []string
	broken  bool // there may have been more
}

// parsers read a well-formed feed by the local name of its root element.
// gofeed's own common form is not used: it takes the date of an update for
// that of a publication and does not say whether a guid is a link.
var parsers = map[string]func(text string) (*document, error){
	"rss": parseRSS,
	"rdf": parseRSS,
	"feed": func(text string) (*document, error) {
		f, err := (&atom.Parser{}).Parse(strings.NewReader(text))
		if err != nil {
			return nil, err
		}
		return fromAtom(f), nil
	},
}

func parseRSS(text string) (*document, error) {
	f, err := (&rss.Parser{}).Parse(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	return fromRSS(f), nil
}

func fromRSS(f *rss.Feed) *document {
	d := &document{title: f.Title, link: f.Link}
	for _, it := range f.Items {
		a := it.Extensions["atom"]
		e := entry{
			link: firstOf(value(it.Extensions["feedburner"], "origLink"), it.Link, alternate(a)), permalink: true,
			title: it.Title, byline: authorName(firstOf(it.Author, inside(a, "author", "name"))),
			published: firstOf(it.PubDate, value(a, "published")), updated: firstOf(value(a, "updated"), value(it.Extensions["dcterms"], "modified")),
			summary: firstOf(it.Description, value(a, "summary")), content: firstOf(it.Content, value(a, "content")),
		}
		if it.GUID != nil {
			e.guid, e.permalink = it.GUID.Value, !strings.EqualFold(it.GUID.IsPermalink, "false")
		}
		if dc := it.DublinCoreExt; dc != nil {
			e.title = firstOf(e.title, firstOf(dc.Title...))
			e.byline = firstOf(strings.Join(dc.Creator, ", "), strings.Join(dc.Author, ", "), e.byline)
			e.published = firstOf(e.published, firstOf(dc.Date...))
			e.summary = firstOf(e.summary, firstOf(dc.Description...))
		}
		if it.ITunesExt != nil {
			e.byline = firstOf(e.byline, it.ITunesExt.Author)
		}
		d.entries = append(d.entries, e)
	}
	return d
}

// value is the text of the first extension element of the name.
func value(m map[string][]ext.Extension, name string) string {
	for _, e := range m[name] {
		if e.Value != "" {
			return e.Value
		}
	}
	return ""
}

// inside is the text of an element within another.
func inside(m map[string][]ext.Extension, outer, inner string) string {
	for _, e := range m[outer] {
		if v := value(e.Children, inner); v != "" {
			return v
		}
	}
	return ""
}

// alternate is the address of an Atom link inside an RSS item.
func alternate(m map[string][]ext.Extension) string {
	for _, l := range m["link"] {
		if rel := l.Attrs["rel"]; rel == "" || rel == "alternate" {
			return l.Attrs["href"]
		}
	}
	return ""
}

// fromAtom leaves the document's link empty: Atom's relative links start from
// xml:base, which gofeed has resolved, or from the feed itself.
func fromAtom(f *atom.Feed) *document {
	d := &document{title: f.Title}
	for _, it := range f.Entries {
		e := entry{
			guid: it.ID, permalink: true, title: it.Title, published: it.Published, updated: it.Updated, summary: it.Summary,
			link: value(it.Extensions["feedburner"], "origLink"),
		}
		for _, l := range it.Links {
			if e.link == "" && l.Rel == "alternate" {
				e.link = l.Href
			}
		}
		var names []string
		for _, p := range it.Authors {
			names = append(names, p.Name)
		}
		e.byline = joined(names)
		if it.Content != nil {
			e.content = it.Content.Value
		}
		d.entries = append(d.entries, e)
	}
	return d
}

func fromJSON(f *json.Feed) *document {
	d := &document{title: f.Title, link: f.HomePageURL}
	for _, it := range f.Items {
		if it == nil {
			continue
		}
		authors := it.Authors
		if it.Author != nil {
			authors = append(authors, it.Author)
		}
		var names []string
		for _, a := range authors {
			if a != nil {
				names = append(names, a.Name)
			}
		}
		d.entries = append(d.entries, entry{
			link: firstOf(it.URL, it.ExternalURL), guid: it.ID, permalink: true, title: it.Title, byline: joined(names),
			published: it.DatePublished, updated: it.DateModified, summary: it.Summary,
			content: firstOf(it.ContentHTML, asHTML(it.ContentText)),
		})
	}
	return d
}

// joined lists the names that are not empty, each once.
func joined(names []string) string {
	var kept []string
	seen := map[string]bool{}
	for _, n := range names {
		if n = strings.TrimSpace(n); n != "" && !seen[n] {
			kept, seen[n] = append(kept, n), true
		}
	}
	return strings.Join(kept, ", ")
}

// asHTML writes plain text as paragraphs, as other content is.
func asHTML(text string) string {
	var b strings.Builder
	for _, p := range strings.Split(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			b.WriteString("<p>" + html.EscapeString(p) + "</p>")
		}
	}
	return b.String()
}
