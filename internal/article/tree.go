package article

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// tree is a parsed page laid out flat, in document order, so that every walk
// over it is a loop: a hostile page can be nested as deep as it likes.
type tree struct {
	nodes []node
	body  int32 // index of the body element, 0 when there is none
}

// node is one element or text node. Its subtree is nodes[i:end].
type node struct {
	n      *html.Node
	parent int32
	end    int32
	tag    atom.Atom // 0 for text and for unknown elements
	text   bool
	marks  mark
}

// flatten lays out the document. Comments and doctypes are left out.
func flatten(doc *html.Node) *tree {
	t := &tree{nodes: make([]node, 0, 4096)}
	parent := int32(-1)
	for n := doc; n != nil; {
		kept := n.Type == html.ElementNode || n.Type == html.TextNode || n.Type == html.DocumentNode
		if kept {
			i := int32(len(t.nodes))
			t.nodes = append(t.nodes, node{n: n, parent: parent, end: i + 1, tag: n.DataAtom, text: n.Type == html.TextNode})
			if n.DataAtom == atom.Body && t.body == 0 {
				t.body = i
			}
			if n.FirstChild != nil {
				parent, n = i, n.FirstChild
				continue
			}
		}
		for n != nil && n.NextSibling == nil {
			n = n.Parent
			if n != nil {
				t.nodes[parent].end = int32(len(t.nodes))
				parent = t.nodes[parent].parent
			}
		}
		if n != nil {
			n = n.NextSibling
		}
	}
	return t
}

// attr returns the value of an attribute, "" when absent.
func attr(n *html.Node, key string) string {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return n.Attr[i].Val
		}
	}
	return ""
}

// has reports whether the attribute is there, whatever its value.
func has(n *html.Node, key string) bool {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return true
		}
	}
	return false
}

// textOf joins the text below node i; block elements end a word. Scripts and
// styles have no text.
func (t *tree) textOf(i int32) string {
	var b strings.Builder
	for j := i; j < t.nodes[i].end; {
		nd := &t.nodes[j]
		switch {
		case nd.text:
			b.WriteString(nd.n.Data)
		case nd.tag == atom.Script || nd.tag == atom.Style || nd.tag == atom.Noscript || nd.tag == atom.Template || nd.tag == atom.Svg:
			j = nd.end
			continue
		case isBlock(nd.tag) || nd.tag == atom.Br:
			b.WriteByte(' ')
		}
		j++
	}
	return squeeze(b.String())
}

// contains reports whether node j lies in the subtree of node i.
func (t *tree) contains(i, j int32) bool { return i <= j && j < t.nodes[i].end }

// isBlock reports whether the element starts and ends a paragraph.
func isBlock(a atom.Atom) bool {
	switch a {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Center, atom.Dd, atom.Details,
		atom.Dialog, atom.Dir, atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer,
		atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hgroup, atom.Hr, atom.Html,
		atom.Legend, atom.Li, atom.Main, atom.Menu, atom.Nav, atom.Noscript, atom.Ol, atom.P, atom.Pre, atom.Section,
		atom.Summary, atom.Table, atom.Tbody, atom.Td, atom.Tfoot, atom.Th, atom.Thead, atom.Title, atom.Tr, atom.Ul:
		return true
	}
	return false
}

// isHeading reports whether the element is a heading.
func isHeading(a atom.Atom) bool {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// squeeze trims s and writes every run of white space as one blank. No-break
// blanks are part of the text and stay, except at the ends.
func squeeze(s string) string {
	return strings.Trim(strings.Join(strings.FieldsFunc(s, isBreakingSpace), " "), " \u00a0")
}

func isBreakingSpace(r rune) bool {
	return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f'
}
