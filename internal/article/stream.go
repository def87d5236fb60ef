package article

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// settle puts the parts of a streamed page where its script would: React sends
// late parts as <div hidden id="S:1"> at the end of the page and leaves a
// <template id="B:1"> or "P:1" in their place.
func settle(doc *html.Node) {
	parts := map[string]*html.Node{}
	var places []*html.Node
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		id := attr(n, "id")
		if len(id) < 3 || id[1] != ':' {
			continue
		}
		switch {
		case id[0] == 'S' && n.DataAtom == atom.Div && has(n, "hidden"):
			parts[id[2:]] = n
		case n.DataAtom == atom.Template && strings.Contains("BP", id[:1]):
			places = append(places, n)
		}
	}
	for _, place := range places {
		part := parts[attr(place, "id")[2:]]
		if part == nil || place.Parent == nil || under(place, part) {
			continue
		}
		delete(parts, attr(place, "id")[2:])
		for c := part.FirstChild; c != nil; c = part.FirstChild {
			part.RemoveChild(c)
			place.Parent.InsertBefore(c, place)
		}
		dropFallback(place)
	}
}

// dropFallback takes out what stood in the place of a part until it came: the
// nodes up to the comment that ends it.
func dropFallback(place *html.Node) {
	if attr(place, "id")[0] != 'B' {
		return
	}
	for n := place.NextSibling; n != nil && n.Type != html.CommentNode; n = place.NextSibling {
		place.Parent.RemoveChild(n)
	}
}

// under reports whether n stands below top.
func under(n, top *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == top {
			return true
		}
	}
	return false
}
