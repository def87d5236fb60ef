package article

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// block is one paragraph, heading, list item or table row of a page.
type block struct {
	text   string
	el     int32 // innermost block element it stands in
	first  int32 // first and last text node
	last   int32
	tag    atom.Atom // what the block is: h2, li, tr, pre … or p
	link   int       // bytes of text inside links
	bold   int       // bytes of text inside bold type
	marks  mark      // furniture marks in force here
	weight int       // how much it speaks for running text
}

// linkShare is the share of the block's text that stands inside links.
func (b *block) linkShare() float64 {
	if len(b.text) == 0 {
		return 0
	}
	return float64(b.link) / float64(len(b.text))
}

// blocks cuts the text under node root into blocks, leaving out subtrees
// whose marks meet skip.
func (t *tree) blocks(root int32, skip mark) []block {
	w := blockWriter{t: t, out: make([]block, 0, 256), skip: skip}
	w.walk(root)
	return w.out
}

// blockWriter collects the text of one block at a time.
type blockWriter struct {
	t    *tree
	skip mark
	out  []block

	buf         []byte
	open        []int32 // block elements we are inside of
	link, bold  int32   // end of the link and of the bold type we are inside of
	pre         int32   // end of the preformatted text we are inside of
	first, last int32
	linkBytes   int
	boldBytes   int
	breaks      int   // line breaks since the last text
	row         int32 // end of the table row written as one block
}

func (w *blockWriter) walk(root int32) {
	nodes := w.t.nodes
	w.open = append(w.open, root)
	for i := root; i < nodes[root].end; {
		w.leave(i)
		nd := &nodes[i]
		if nd.text {
			w.addText(i, nd.n.Data)
			i++
			continue
		}
		if nd.marks&w.skip != 0 && i != root {
			if isBlock(nd.tag) {
				w.flush()
			}
			i = nd.end
			continue
		}
		w.enter(i, nd)
		i++
	}
	w.flush()
}

// leave closes the elements that end before node i.
func (w *blockWriter) leave(i int32) {
	for len(w.open) > 1 && w.t.nodes[w.open[len(w.open)-1]].end <= i {
		w.flush()
		w.open = w.open[:len(w.open)-1]
	}
	if i >= w.row {
		w.row = 0
	}
}

func (w *blockWriter) enter(i int32, nd *node) {
	switch {
	case nd.tag == atom.Br:
		w.breaks++
		if w.breaks == 2 && i >= w.pre {
			w.flush()
		} else if len(w.buf) > 0 {
			w.buf = append(trimRight(w.buf), '\n')
		}
		return
	case nd.tag == atom.A:
		if has(nd.n, "href") {
			w.link = max(w.link, nd.end)
		}
	case nd.tag == atom.B || nd.tag == atom.Strong:
		w.bold = max(w.bold, nd.end)
	case w.row > 0 && (nd.tag == atom.Td || nd.tag == atom.Th):
		if len(w.buf) > 0 {
			w.buf = append(trimRight(w.buf), ' ')
		}
		return
	case nd.tag == atom.Pre:
		w.pre = max(w.pre, nd.end)
	}
	if isBlock(nd.tag) || w.customBlock(i, nd) {
		w.flush()
		w.open = append(w.open, i)
		if nd.tag == atom.Tr && w.t.plainRow(i) {
			w.row = nd.end
		}
	}
}

// customBlock reports whether an unknown element such as <story-card> makes
// blocks of its own: it does outside running text.
func (w *blockWriter) customBlock(i int32, nd *node) bool {
	if nd.tag != 0 || nd.n.Type != html.ElementNode || !strings.Contains(nd.n.Data, "-") {
		return false
	}
	return w.t.nodes[w.open[len(w.open)-1]].tag != atom.P
}

// plainRow reports whether a table row holds no blocks besides its cells.
func (t *tree) plainRow(i int32) bool {
	for j := i + 1; j < t.nodes[i].end; j++ {
		switch tag := t.nodes[j].tag; {
		case tag == atom.Td || tag == atom.Th:
		case isBlock(tag) || tag == atom.Br && j+1 < t.nodes[i].end && t.nodes[j+1].tag == atom.Br:
			return tag == atom.P && t.nodes[i].end-i < 24
		}
	}
	return true
}

func (w *blockWriter) addText(i int32, s string) {
	if i < w.pre {
		w.append(i, strings.Trim(s, "\r\n"), len(s))
		return
	}
	start := len(w.buf)
	lead := s != "" && isBreakingSpace(rune(s[0]))
	space := lead && start > 0 && w.buf[start-1] != '\n' && w.buf[start-1] != ' '
	seen := 0
	for k := 0; k < len(s); k++ {
		c := s[k]
		if c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' {
			space = space || seen > 0
			continue
		}
		if space {
			w.buf = append(w.buf, ' ')
			space = false
		}
		w.buf = append(w.buf, c)
		seen++
	}
	if seen == 0 {
		if space {
			w.buf = append(w.buf, ' ')
		}
		return
	}
	if space {
		w.buf = append(w.buf, ' ')
	}
	w.note(i, seen)
}

func (w *blockWriter) append(i int32, s string, n int) {
	w.buf = append(w.buf, s...)
	w.note(i, n)
}

// note counts text just written for the block's statistics.
func (w *blockWriter) note(i int32, n int) {
	if w.first == 0 {
		w.first = i
	}
	w.last, w.breaks = i, 0
	if i < w.link {
		w.linkBytes += n
	}
	if i < w.bold {
		w.boldBytes += n
	}
}

// flush ends the block.
func (w *blockWriter) flush() {
	text := strings.TrimFunc(string(w.buf), isTrim)
	if text != "" && w.first > 0 {
		el := w.open[len(w.open)-1]
		w.out = append(w.out, block{
			text: text, el: el, first: w.first, last: w.last, tag: w.t.blockTag(el),
			link: w.linkBytes + w.linkBytes/6, bold: w.boldBytes + w.boldBytes/6,
		})
	}
	w.buf, w.first, w.last, w.linkBytes, w.boldBytes, w.breaks = w.buf[:0], 0, 0, 0, 0, 0
}

// isTrim reports white space at a block's ends, the invisible kinds included.
func isTrim(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || r == '\u200e' || r == '\u200f'
}

// blockTag names what a block is by its nearest telling ancestor.
func (t *tree) blockTag(el int32) atom.Atom {
	for depth := 0; el >= 0 && depth < 5; depth++ {
		switch tag := t.nodes[el].tag; tag {
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Li, atom.Tr, atom.Pre, atom.Blockquote, atom.Dt, atom.Dd, atom.Td, atom.Th:
			return tag
		case atom.Article, atom.Section, atom.Body, atom.Main, atom.Table, atom.Ul, atom.Ol:
			return atom.P
		}
		el = t.nodes[el].parent
	}
	return atom.P
}

func trimRight(b []byte) []byte {
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}

// weigh sets how much the block speaks for running text: long, punctuated
// text outside links does.
func (b *block) weigh() {
	n := len(b.text)
	free := n - min(b.link, n)
	if n < 25 || isHeading(b.tag) || free*2 < n {
		return
	}
	ends := endsSentence(b.text)
	switch {
	case ends && n >= 40, n >= 140:
		b.weight = free
	case ends, n >= 80:
		b.weight = free / 2
	}
	if b.tag == atom.Li || b.tag == atom.Tr || b.tag == atom.Td {
		b.weight /= 2
	}
}

// endsSentence reports whether s ends as a sentence does.
func endsSentence(s string) bool {
	for len(s) > 0 {
		r, size := utf8.DecodeLastRuneInString(s)
		switch r {
		case '.', '!', '?', '…', '。', '！', '？', ':', '।', '؟', '۔':
			return true
		case '"', '\'', '”', '’', '»', ')', ']', '“', '」', '』', '›', ' ', '\u00a0':
			s = s[:len(s)-size]
		default:
			return false
		}
	}
	return false
}
