package article

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// parseHTML parses a page. The parser refuses pages nested hundreds of
// elements deep; those are parsed again without what nests.
func parseHTML(s string) (*html.Node, error) {
	s = cutTags(s)
	doc, err := html.Parse(strings.NewReader(s))
	if err != nil {
		doc, err = html.Parse(strings.NewReader(shallow(s)))
	}
	if err == nil && strings.Contains(s, `id="S:`) {
		settle(doc)
	}
	return doc, err
}

// maxTags bounds the time a page may take: the largest pages of real sites have
// a tenth of it.
const maxTags = 120_000

// cutTags cuts a page off after maxTags tags.
func cutTags(s string) string {
	if strings.Count(s, "<") <= maxTags {
		return s
	}
	at := 0
	for range maxTags {
		at += strings.IndexByte(s[at:], '<') + 1
	}
	return s[:at-1]
}

// shallow rewrites a page so that nothing nests: block elements become
// paragraphs, inline elements vanish, links stay.
func shallow(s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	z.SetMaxBuf(1 << 20)
	raw := false // inside a script or style that is left out
	for {
		tt := z.Next()
		switch tt {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			if !raw {
				b.Write(z.Raw())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			raw = shallowTag(&b, z.Token())
		case html.EndTagToken:
			name, _ := z.TagName()
			shallowEnd(&b, atom.Lookup(name))
			raw = false
		}
	}
}

// shallowTag writes a start tag where it may stay and reports whether the text
// after it is to be left out.
func shallowTag(b *strings.Builder, t html.Token) (raw bool) {
	switch a := t.DataAtom; {
	case a == atom.Meta || a == atom.Link || a == atom.Title || a == atom.Time || a == atom.Base || a == atom.Br || a == atom.Img || isHeading(a):
		b.WriteString(t.String())
	case a == atom.A:
		b.WriteString(t.String())
	case a == atom.Script && strings.Contains(t.String(), "ld+json"):
		b.WriteString(t.String())
	case a == atom.Script || a == atom.Style || a == atom.Noscript || a == atom.Textarea:
		return true
	case a == atom.Head || a == atom.Html || a == atom.Body:
	case isBlock(a):
		b.WriteString("<p>")
	}
	return false
}

func shallowEnd(b *strings.Builder, a atom.Atom) {
	switch {
	case a == atom.Title || a == atom.Time || a == atom.A || a == atom.Script || isHeading(a):
		b.WriteString("</" + a.String() + ">")
	case a == atom.Head || a == atom.Html || a == atom.Body || a == atom.Style || a == atom.Noscript || a == atom.Textarea:
	case isBlock(a):
		b.WriteString("<p>")
	}
}
