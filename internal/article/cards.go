package article

import "golang.org/x/net/html/atom"

// markCards marks lists of teasers: runs of at least three siblings that look
// alike, each short, with a link and a picture or heading of its own.
func (r *bodyReader) markCards(root int32) {
	nodes := r.t.nodes
	text, link := make([]int, len(nodes)), make([]int, len(nodes))
	for i := range r.blocks {
		b := &r.blocks[i]
		text[b.el] += len(b.text)
		link[b.el] += min(b.link, len(b.text))
	}
	for i := len(nodes) - 1; i > int(root); i-- {
		text[nodes[i].parent] += text[i]
		link[nodes[i].parent] += link[i]
	}
	for i := root; i < nodes[root].end; i++ {
		if nodes[i].text || nodes[i].end-i < 10 || r.furn[i]&^markDead != 0 || r.sums[i]*3 > r.sums[root] {
			continue
		}
		if r.cards(i, text, link) {
			r.furnish(i, markTeaser)
			i = nodes[i].end - 1
		}
	}
}

// cards reports whether nearly all children of a node are teasers.
func (r *bodyReader) cards(i int32, text, link []int) bool {
	nodes := r.t.nodes
	all, good := 0, 0
	for j := i + 1; j < nodes[i].end; j = nodes[j].end {
		if nodes[j].text || text[j] == 0 {
			continue
		}
		all++
		if text[j] <= 450 && link[j] >= 12 && link[j]*5 >= text[j] && r.pictured(j) {
			good++
		}
	}
	return good >= 3 && good*10 >= all*8
}

// pictured reports whether there is a heading or a picture below a node.
func (r *bodyReader) pictured(i int32) bool {
	nodes := r.t.nodes
	for j := i + 1; j < nodes[i].end; j++ {
		if tag := nodes[j].tag; tag == atom.Img || isHeading(tag) {
			return true
		}
	}
	return false
}

// furnish marks the blocks below a node as furniture.
func (r *bodyReader) furnish(i int32, m mark) {
	for k := range r.blocks {
		if b := &r.blocks[k]; r.t.contains(i, b.first) {
			b.marks |= m
		}
	}
}
