package article

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// bodyReader finds the paragraphs of the article in a page.
type bodyReader struct {
	t        *tree
	facts    *facts
	blocks   []block
	root     int32 // the element that holds the article
	title    string
	fragment bool  // all of it is the article, as in the content of a feed entry
	kept     []int // the blocks that make up the article
	sums     []int // weight below each node
	furn     []mark
	inBody   []bool // below an element named as the article's body
	total    int    // weight of the page, furniture and all
}

// paragraphs returns the paragraphs of the article, in order.
func (r *bodyReader) paragraphs() []string {
	r.blocks = r.t.blocks(r.t.body, markDead)
	for i := range r.blocks {
		r.blocks[i].weigh()
	}
	r.sum(func(*block) bool { return true })
	r.total = r.sums[r.t.body]
	r.inherit(markFurniture)
	r.sum(func(b *block) bool { return b.marks == 0 })
	if all := r.total; r.sums[r.t.body]*5 < all {
		r.sum(func(*block) bool { return true })
		r.inherit(markFirm)
		r.sum(func(b *block) bool { return b.marks == 0 })
	}
	switch {
	case r.fragment:
		r.root = r.t.body
	case r.sums[r.t.body] == 0:
		return nil
	default:
		r.root = r.container()
	}
	r.markCards(r.root)
	r.kept = r.keep(r.root)
	out := make([]string, 0, len(r.kept))
	seen := map[string]bool{}
	for _, i := range r.kept {
		text := r.blocks[i].text
		if len(text) >= 60 && seen[text] {
			continue
		}
		seen[text] = true
		out = append(out, text)
	}
	return out
}

// sum adds up the weights of the blocks that count, for every node.
func (r *bodyReader) sum(counts func(*block) bool) {
	if r.sums == nil {
		r.sums = make([]int, len(r.t.nodes))
	}
	clear(r.sums)
	for i := range r.blocks {
		if b := &r.blocks[i]; b.weight > 0 && counts(b) {
			r.sums[b.el] += b.weight
		}
	}
	for i := len(r.t.nodes) - 1; i > 0; i-- {
		if s := r.sums[i]; s > 0 {
			r.sums[r.t.nodes[i].parent] += s
		}
	}
}

// inherit decides which furniture marks are in force and hands them down to
// the blocks. A mark on an element that holds most of the page's text is a
// statement about the page ("has-sidebar"), not about the element.
func (r *bodyReader) inherit(which mark) {
	nodes := r.t.nodes
	r.furn = make([]mark, len(nodes))
	r.inBody = make([]bool, len(nodes))
	total := r.sums[r.t.body]
	for i := range nodes {
		if nodes[i].parent < 0 {
			continue
		}
		r.inBody[i] = r.inBody[nodes[i].parent] || nodes[i].marks&markBody != 0
		m := nodes[i].marks & which
		if m != 0 && (int32(i) <= r.t.body || !r.inForce(int32(i), m, total)) {
			m = 0
		}
		r.furn[i] = r.furn[nodes[i].parent] | m
	}
	for i := range r.blocks {
		b := &r.blocks[i]
		b.marks = r.furn[nodes[b.first].parent] &^ markDead
	}
}

func (r *bodyReader) inForce(i int32, m mark, total int) bool {
	if r.t.nodes[i].marks&markBody != 0 && m&(markHidden|markComment) == 0 {
		return false
	}
	if m&^markSide == 0 && r.inBody[i] && r.t.nodes[i].tag != atom.Aside {
		return false
	}
	if m&(markComment|markCookie) != 0 {
		return r.sums[i]*10 < total*9
	}
	return r.sums[i]*5 < total*2
}

// container picks the element that holds the article.
func (r *bodyReader) container() int32 {
	total := r.sums[r.t.body]
	best := int32(-1)
	for i := range r.t.nodes {
		if r.t.nodes[i].marks&markBody != 0 && r.furn[i] == 0 && r.sums[i]*2 > total && (best < 0 || r.sums[i] > r.sums[best]) {
			best = int32(i)
		}
	}
	if best < 0 {
		best = r.t.body
	}
	return r.descend(r.widen(best))
}

// widen goes up to the parent where the article is cut into several elements
// of one kind: the siblings must look the same and hold running text.
func (r *bodyReader) widen(i int32) int32 {
	nodes := r.t.nodes
	for up := i; up > r.t.body && nodes[i].tag != atom.Article; up = nodes[up].parent {
		parent := nodes[up].parent
		for j := parent + 1; j < nodes[parent].end; j = nodes[j].end {
			if j != up && nodes[j].tag == nodes[up].tag && r.furn[j] == 0 && r.sums[j]*12 > r.sums[i] && attr(nodes[j].n, "class") == attr(nodes[up].n, "class") && r.sums[parent]*10 > r.sums[r.t.body]*9 {
				return parent
			}
		}
	}
	return i
}

// descend goes down while one child holds nearly all of the text.
func (r *bodyReader) descend(i int32) int32 {
	for {
		next := int32(-1)
		for j := i + 1; j < r.t.nodes[i].end; j = r.t.nodes[j].end {
			if r.sums[j]*100 >= r.sums[i]*92 {
				next = j
			}
		}
		if next < 0 || r.t.nodes[next].tag == atom.P {
			return i
		}
		i = next
	}
}

// keep lists the blocks of the article: those below root that are no
// furniture.
func (r *bodyReader) keep(root int32) []int {
	var kept []int
	for i := range r.blocks {
		b := &r.blocks[i]
		if !r.t.contains(root, b.el) || b.marks != 0 {
			continue
		}
		if b.linkShare() > .7 && len(b.text) < 200 || r.underPicture(i, root) {
			continue
		}
		kept = append(kept, i)
	}
	kept = r.cutSections(root, kept)
	out := kept[:0]
	for _, i := range kept {
		if !isFurnitureLine(r.blocks[i].text) {
			out = append(out, i)
		}
	}
	return r.lead(r.trim(out))
}

// bylineLike reports whether a line gives an author, and a date perhaps.
func bylineLike(s string) bool {
	if len(s) > 140 || !hasBy(s) {
		return false
	}
	pub, mod := lineDate(s, true)
	return len(s) < 60 && !endsSentence(s) || !pub.IsZero() || !mod.IsZero()
}

// opens reports whether a short block is a heading of its own that stands
// directly before the first paragraph.
func (r *bodyReader) opens(b *block, kept []int) bool {
	return isHeading(b.tag) && b.tag != atom.H1 && len(kept) > 1 && r.blocks[kept[1]].weight > 0 && r.title != "" && !repeatsTitle(b.text, r.title) && r.t.nodes[b.el].parent == r.t.nodes[r.blocks[kept[1]].el].parent
}

// underPicture reports whether a block shares a small element with a picture
// and nothing else: a caption by another name.
func (r *bodyReader) underPicture(i int, root int32) bool {
	b := &r.blocks[i]
	nodes := r.t.nodes
	if len(b.text) > 300 || isHeading(b.tag) || b.tag == atom.Li {
		return false
	}
	for el, up := b.el, 0; el > root && up < 4; el, up = nodes[el].parent, up+1 {
		if nodes[el].end-el > 40 || i > 0 && r.blocks[i-1].last > el || i+1 < len(r.blocks) && r.blocks[i+1].first < nodes[el].end {
			return false
		}
		if up == 0 && nodes[el].tag == atom.P {
			continue
		}
		for j := el + 1; j < b.first; j++ {
			if tag := nodes[j].tag; tag == atom.Img || tag == atom.Picture || tag == atom.Video {
				return true
			}
		}
	}
	return false
}

// summary reports whether a block repeats the description that the page gives
// to search engines, or is named as one: a summary is not the article's text.
func (r *bodyReader) summary(b *block) bool {
	about := letters(cleanLD(r.facts.get("og:description", "description", "twitter:description")))
	if text := letters(b.text); len(about) > 20 && (strings.HasPrefix(text, about) || strings.HasPrefix(about, text)) {
		return true
	}
	for i, up := b.el, 0; i > r.t.body && up < 2; i, up = r.t.nodes[i].parent, up+1 {
		class := strings.ToLower(attr(r.t.nodes[i].n, "class"))
		for _, w := range [...]string{"excerpt", "summary", "subtitle", "description", "dek", "subhead"} {
			if strings.Contains(class, w) {
				return true
			}
		}
	}
	return false
}

// lead takes in the paragraphs between the headline and the body: many
// templates set the first paragraph apart.
func (r *bodyReader) lead(kept []int) []int {
	want := letters(r.title)
	if len(kept) == 0 || want == "" {
		return kept
	}
	from := max(kept[0]-40, 0)
	at := -1
	for i := kept[0] - 1; i >= from; i-- {
		if b := &r.blocks[i]; len(b.text) < 2*len(r.title)+20 && letters(b.text) == want {
			at = i
			break
		}
	}
	if at < 0 {
		return kept
	}
	var lead []int
	for i := at + 1; i < kept[0]; i++ {
		b := &r.blocks[i]
		if b.weight >= 150 && b.marks == 0 && !r.summary(b) && b.linkShare() < .3 && !isFurnitureLine(b.text) && !hasBy(b.text) && !r.underPicture(i, r.t.body) {
			lead = append(lead, i)
		}
	}
	return append(lead, kept...)
}

// trim drops headings that nothing follows and short lines before the first
// paragraph and after the last.
func (r *bodyReader) trim(kept []int) []int {
	if r.fragment {
		return kept
	}
	for len(kept) > 0 {
		b := &r.blocks[kept[len(kept)-1]]
		if b.weight > 0 || endsSentence(b.text) || b.tag == atom.Li {
			break
		}
		kept = kept[:len(kept)-1]
	}
	for len(kept) > 0 {
		b := &r.blocks[kept[0]]
		if (b.weight > 0 || len(b.text) > 80 || r.opens(b, kept)) && !bylineLike(b.text) {
			break
		}
		kept = kept[1:]
	}
	return kept
}

// sameWords reports whether two headlines have the same letters and digits.
func sameWords(a, b string) bool { return a != "" && strings.EqualFold(letters(a), letters(b)) }
