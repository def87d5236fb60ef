package story

import (
	"cmp"
	"slices"
)

// cluster is the articles of a story inside the window.
type cluster struct {
	id      string
	members []*entry // as they came in
	pinned  int      // how many of them are
}

// join puts e into a story.
func (g *Grouper) join(e *entry, story string) {
	st := g.stories[story]
	if st == nil {
		st = &cluster{id: story}
		g.stories[story] = st
	}
	e.story = story
	i, _ := slices.BinarySearchFunc(st.members, e, bySeq)
	st.members = slices.Insert(st.members, i, e)
	if e.pinned {
		st.pinned++
	}
}

func bySeq(a, b *entry) int { return cmp.Compare(a.seq, b.seq) }

// leave takes e out of its story.
func (g *Grouper) leave(e *entry) {
	st := g.stories[e.story]
	i, _ := slices.BinarySearchFunc(st.members, e, bySeq)
	st.members = slices.Delete(st.members, i, i+1)
	if e.pinned {
		st.pinned--
	}
	if len(st.members) == 0 {
		delete(g.stories, st.id)
	}
}

// newest returns up to n articles that speak for a story, without one.
func (g *Grouper) newest(st *cluster, n int, but *entry) []*entry {
	out := make([]*entry, 0, n)
	for i := len(st.members) - 1; i >= 0 && i >= len(st.members)-8*n && len(out) < n; i-- {
		if e := st.members[i]; e != but && g.speaks(e) {
			out = append(out, e)
		}
	}
	return out
}
