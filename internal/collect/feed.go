package collect

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"crosscheck/internal/fetch"
	"crosscheck/internal/model"
	"crosscheck/internal/text"
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

func readFeed(res *fetch.Response, j job) (*listing, error) {
	body, _ := text.Decode(res.Capture.ContentType, res.Body)
	doc, err := parseFeed(body, j.src.URL)
	if err != nil {
		return nil, err
	}
	base := baseOf(res, j)
	if u := resolve(base, doc.link); u != "" {
		base, _ = url.Parse(u)
	}
	l := &listing{title: cut(plain(doc.title), maxTitle), notes: doc.notes, res: res, broken: doc.broken}
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
	return parseXMLFeed(text[at:], strings.ToLower(name), address)
}

// parseXMLFeed reads a well-formed feed with gofeed, and any other entry by
// entry: a parser that forgives a tag that does not match its neighbour also
// swallows what lies between.
func parseXMLFeed(text, root, address string) (*document, error) {
	s := newScan(text)
	if parse := parsers[root]; parse != nil && s.matched() {
		if d, err := parse(text); err == nil {
			return d, nil
		}
	}
	title, link, found := scanFeed(s)
	if len(found) == 0 {
		return nil, model.Errorf(model.ErrInvalid, "%s: is broken XML; no item could be read", address)
	}
	d := &document{title: title, entries: found, broken: true, notes: []string{
		fmt.Sprintf("is broken XML; %s could be read", count(len(found), "item")),
	}}
	if root != "feed" {
		d.link = link
	}
	return d, nil
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
	if htmlRoot.MatchString(text[:m[0]]) {
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
