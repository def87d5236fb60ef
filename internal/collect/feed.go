package collect

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"

	"crosscheck/internal/fetch"
	"crosscheck/internal/model"
)

const acceptFeed = "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"

// pollFeed reads RSS, Atom and JSON Feed.
func pollFeed(ctx context.Context, j job) (*listing, error) {
	res, err := j.ask(ctx, acceptFeed, false)
	if err != nil {
		return nil, err
	}
	if res.NotModified {
		return &listing{res: res, unchanged: true}, nil
	}
	return readFeed(res, j)
}

// document is a feed of any format.
type document struct {
	title   string
	link    string // the site it belongs to; relative links start there, where the format says so
	entries []entry
	notes   []string
}

func readFeed(res *fetch.Response, j job) (*listing, error) {
	body, _ := fetch.Decode(res.Capture.ContentType, res.Body)
	doc, err := parseFeed(body, j.src.URL)
	if err != nil {
		return nil, err
	}
	base := baseOf(res, j)
	if u := resolve(base, doc.link); u != "" {
		base, _ = url.Parse(u)
	}
	l := &listing{title: cut(plain(doc.title), maxTitle), notes: doc.notes, res: res}
	items, notes := itemise(doc.entries, base, j)
	l.items, l.notes = items, append(l.notes, notes...)
	if len(doc.entries) == 0 {
		l.notes = append(l.notes, "lists no items")
	}
	return l, nil
}

// baseOf is the address a listing came from in the end.
func baseOf(res *fetch.Response, j job) *url.URL {
	for _, raw := range []string{res.Capture.FinalURL, j.src.URL} {
		if u, err := url.Parse(raw); err == nil && u.Host != "" {
			return u
		}
	}
	return &url.URL{}
}

// parseFeed reads a feed in UTF-8; address is for the error's text.
func parseFeed(body []byte, address string) (*document, error) {
	trimmed := bytes.TrimSpace(body)
	if len(trimmed) == 0 {
		return nil, model.Errorf(model.ErrInvalid, "%s: answered with an empty document, not a feed", address)
	}
	if trimmed[0] == '{' {
		return parseJSONFeed(trimmed, address)
	}
	text := repair(string(body))
	at, name := findRoot(text, feedRoot)
	if at < 0 {
		return nil, notAFeed(text, address)
	}
	return parseXMLFeed(text[at:], strings.ToLower(name)), nil
}

// parseXMLFeed reads a well-formed feed with gofeed, and any other entry by
// entry. A parser that forgives much also swallows much, so gofeed is believed
// only when it found as many entries as there are.
func parseXMLFeed(text, root string) *document {
	s := newScan(text)
	deepest, entries := s.survey()
	if deepest <= maxDepth {
		parser := gofeed.NewParser()
		parser.KeepOriginalFeed = true
		if feed, err := parser.ParseString(text); err == nil && len(feed.Items) >= entries {
			return fromGofeed(feed)
		}
	}
	title, link, found := scanFeed(s)
	d := &document{title: title, entries: found, notes: []string{
		fmt.Sprintf("is broken XML; %s could be read", count(len(found), "item")),
	}}
	if root != "feed" {
		d.link = link
	}
	return d
}

func fromGofeed(feed *gofeed.Feed) *document {
	d := &document{title: feed.Title}
	if feed.FeedType != "atom" { // Atom's links start from xml:base or the feed itself
		d.link = feed.Link
	}
	for _, it := range feed.Items {
		e := entry{
			link: it.Link, guid: it.GUID, permalink: true, title: it.Title, published: it.Published, updated: it.Updated,
			summary: it.Description, content: it.Content, byline: bylineOf(it.Authors),
		}
		if links := it.Extensions["feedburner"]["origLink"]; len(links) > 0 && links[0].Value != "" {
			e.link = links[0].Value
		}
		d.entries = append(d.entries, e)
	}
	switch original := feed.OriginalFeed().(type) {
	case *rss.Feed:
		d.fromRSS(original)
	case *atom.Feed:
		d.fromAtom(original)
	case *json.Feed:
		d.fromJSON(original)
	}
	return d
}

// fromRSS adds what gofeed's common form leaves out: whether a guid is a link,
// and that one date is not two.
func (d *document) fromRSS(f *rss.Feed) {
	for i := range min(len(f.Items), len(d.entries)) {
		e := &d.entries[i]
		if g := f.Items[i].GUID; g != nil {
			e.permalink = !strings.EqualFold(g.IsPermalink, "false")
		}
		if e.updated == e.published {
			e.updated = ""
		}
	}
}

// fromAtom undoes gofeed's taking the date of an update for that of the
// publication.
func (d *document) fromAtom(f *atom.Feed) {
	for i := range min(len(f.Entries), len(d.entries)) {
		d.entries[i].published = f.Entries[i].Published
	}
}

// fromJSON makes content that is plain text HTML, as other content is.
func (d *document) fromJSON(f *json.Feed) {
	for i := range min(len(f.Items), len(d.entries)) {
		if it := f.Items[i]; it.ContentHTML == "" && it.ContentText != "" {
			d.entries[i].content = asHTML(it.ContentText)
		}
	}
}

// asHTML writes plain text as paragraphs.
func asHTML(text string) string {
	var b strings.Builder
	for _, p := range strings.Split(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			b.WriteString("<p>" + html.EscapeString(p) + "</p>")
		}
	}
	return b.String()
}

func bylineOf(people []*gofeed.Person) string {
	var names []string
	for _, p := range people {
		if p != nil && strings.TrimSpace(p.Name) != "" {
			names = append(names, strings.TrimSpace(p.Name))
		}
	}
	return strings.Join(names, ", ")
}

var (
	feedRoot    = regexp.MustCompile(`(?i)<((?:[a-z0-9]{1,10}:)?(?:rss|feed|rdf))[\s/>]`)
	sitemapRoot = regexp.MustCompile(`(?i)<((?:[a-z0-9]{1,10}:)?(?:urlset|sitemapindex))[\s/>]`)
	htmlRoot    = regexp.MustCompile(`(?i)<(html|!doctype\s+html|head|body)[\s/>]`)
)

// findRoot returns where the root element begins, and its local name, or -1
// when there is none or an HTML page begins before it.
func findRoot(text string, root *regexp.Regexp) (int, string) {
	m := root.FindStringSubmatchIndex(text)
	if m == nil {
		return -1, ""
	}
	if h := htmlRoot.FindStringIndex(text); h != nil && h[0] < m[0] {
		return -1, ""
	}
	name := text[m[2]:m[3]]
	return m[0], name[strings.IndexByte(name, ':')+1:]
}

// notAFeed says what a document is that was taken for a feed.
func notAFeed(text, address string) error {
	if at, _ := findRoot(text, sitemapRoot); at >= 0 {
		return model.Errorf(model.ErrInvalid, "%s: is a sitemap, not a feed; add it with the kind sitemap", address)
	}
	return notA("feed", text, address)
}

// notA says what a document is that was taken for a listing of some kind.
func notA(want, text, address string) error {
	if htmlRoot.MatchString(text) {
		if feed := discover(text, address); feed != "" {
			return model.Errorf(model.ErrInvalid, "%s: is an HTML page, not a %s; it links to the feed %s", address, want, feed)
		}
		return model.Errorf(model.ErrInvalid, "%s: is an HTML page, not a %s", address, want)
	}
	start := cut(strings.Join(strings.Fields(text), " "), 60)
	return model.Errorf(model.ErrInvalid, "%s: is not a %s; it begins with %q", address, want, start)
}

// discover returns the first feed an HTML page links to, or "".
func discover(page, address string) string {
	base, err := url.Parse(address)
	if err != nil {
		return ""
	}
	s := newScan(page)
	for i, t := range s.tokens {
		if t.name != "link" || t.kind == endTag || !strings.Contains(strings.ToLower(s.attr(i, "rel")), "alternate") {
			continue
		}
		switch strings.ToLower(s.attr(i, "type")) {
		case "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml":
			if feed := resolve(base, s.attr(i, "href")); feed != "" && feed != address {
				return feed
			}
		}
	}
	return ""
}
