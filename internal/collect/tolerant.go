package collect

import (
	"strings"
)

// blocks are the elements that hold one entry each.
var blocks = map[string]bool{"item": true, "entry": true, "rss:item": true, "atom:entry": true}

// fields are the children of an entry that are read, by the name they are
// filed under; "" marks those whose insides must not be taken for the entry's
// own.
var fields = map[string]string{
	"title": "title", "atom:title": "title", "dc:title": "dc:title",
	"link": "link", "atom:link": "link", "feedburner:origlink": "origlink",
	"guid": "guid", "id": "id", "atom:id": "id",
	"pubdate": "published", "published": "published", "issued": "published", "atom:published": "published", "dc:date": "dc:date",
	"updated": "updated", "modified": "updated", "atom:updated": "updated", "a10:updated": "updated", "dcterms:modified": "updated",
	"description": "summary", "summary": "summary", "atom:summary": "summary",
	"content:encoded": "content", "content": "content", "atom:content": "content",
	"dc:creator": "byline", "author": "author", "atom:author": "author",
	"source": "", "image": "", "contributor": "", "media:group": "", "textinput": "",
}

// scanFeed takes from a broken feed the entries that can be read.
func scanFeed(s *scan) (title, link string, entries []entry) {
	first := len(s.tokens)
	for i := 0; i < len(s.tokens); {
		t := s.tokens[i]
		if t.kind != startTag || !blocks[t.name] {
			i++
			continue
		}
		first = min(first, i)
		end := s.blockEnd(i)
		if e := s.entry(i, end); e.title != "" || e.link != "" || e.guid != "" {
			entries = append(entries, e)
		}
		i = max(end, i+1)
	}
	head := s.children(-1, first)
	return head.first("title"), head.first("link"), entries
}

// matched reports whether every tag of the root element has its match, and no
// element is nested more than maxDepth deep. What follows the root does not
// count.
func (s *scan) matched() bool {
	var open []string
	for _, t := range s.tokens {
		switch t.kind {
		case startTag:
			if open = append(open, t.name); len(open) > maxDepth {
				return false
			}
		case endTag:
			if len(open) == 0 || open[len(open)-1] != t.name {
				return false
			}
			if open = open[:len(open)-1]; len(open) == 0 {
				return true
			}
		}
	}
	return false
}

// blockEnd is where the entry that begins at token i ends: its end tag, the
// start of the next, or the end of what was received.
func (s *scan) blockEnd(i int) int {
	name := s.tokens[i].name
	end := s.endOf(name, i, len(s.tokens))
	if end < 0 {
		end = len(s.tokens)
	}
	for k := i + 1; k < end; k++ {
		if s.tokens[k].kind == startTag && s.tokens[k].name == name {
			return k
		}
	}
	return end
}

// child is one field of an entry.
type child struct {
	at    int // index of its start tag
	value string
}

type children map[string][]child

func (c children) first(name string) string {
	for _, ch := range c[name] {
		if ch.value != "" {
			return ch.value
		}
	}
	return ""
}

// children collects the known fields between tokens i and end (exclusive).
func (s *scan) children(i, end int) children {
	found := children{}
	for k := i + 1; k < end; {
		t := s.tokens[k]
		name, known := fields[t.name]
		switch {
		case !known || t.kind == endTag || t.kind == charData || t.kind == cdata:
			k++
		case t.kind == selfClosed:
			found[name] = append(found[name], child{at: k})
			k++
		default:
			k = s.field(found, name, k, end)
		}
	}
	return found
}

// field files the element that begins at token k and returns where to go on.
// One that is never closed has the text up to the next tag, unless the
// document was cut off inside it.
func (s *scan) field(found children, name string, k, end int) int {
	if close := s.endOf(s.tokens[k].name, k, end); close >= 0 {
		if name != "" {
			found[name] = append(found[name], child{at: k, value: s.value(k, close)})
		}
		return close + 1
	}
	next := k + 1
	for next < end && (s.tokens[next].kind == charData || s.tokens[next].kind == cdata) {
		next++
	}
	if next == len(s.tokens) {
		return next
	}
	found[name] = append(found[name], child{at: k, value: s.value(k, next)})
	return next
}

// entry reads the entry between tokens i and end.
func (s *scan) entry(i, end int) entry {
	c := s.children(i, end)
	e := entry{
		title: firstOf(c.first("title"), c.first("dc:title")), byline: firstOf(c.first("byline"), authorName(c.first("author"))),
		guid: firstOf(c.first("guid"), c.first("id")), published: firstOf(c.first("published"), c.first("dc:date")),
		updated: c.first("updated"), summary: c.first("summary"), content: c.first("content"),
	}
	e.link = firstOf(c.first("origlink"), s.link(c["link"]), s.attr(i, "rdf:about"))
	e.permalink = true
	for _, g := range c["guid"] {
		e.permalink = !strings.EqualFold(s.attr(g.at, "ispermalink"), "false")
	}
	return e
}

// link chooses among an entry's links: RSS has text, Atom a relation.
func (s *scan) link(links []child) string {
	for _, l := range links {
		if l.value != "" {
			return l.value
		}
		if rel := strings.ToLower(s.attr(l.at, "rel")); rel == "" || rel == "alternate" {
			if href := s.attr(l.at, "href"); href != "" {
				return href
			}
		}
	}
	return ""
}

// authorName is the name in an Atom author, or in an RSS "mail (Name)".
func authorName(raw string) string {
	s := newScan(raw)
	for i, t := range s.tokens {
		if t.kind == startTag && (t.name == "name" || t.name == "atom:name") {
			if end := s.endOf(t.name, i, len(s.tokens)); end >= 0 {
				return s.value(i, end)
			}
		}
	}
	if strings.Contains(raw, "<") {
		return ""
	}
	if _, after, ok := strings.Cut(raw, "("); ok {
		return strings.TrimSuffix(strings.TrimSpace(after), ")")
	}
	if strings.Contains(raw, "@") {
		return ""
	}
	return raw
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			return v
		}
	}
	return ""
}
