package story

import (
	"cmp"
	"slices"
)

const (
	// minPrints is the least number of fingerprints two texts must share: short
	// notices resemble one another by chance.
	minPrints = 8
	// otherShare is the least share of the longer text that a copy covers, or
	// is covered by.
	otherShare = 0.2
)

// overlap is the number of fingerprints each article shares with e.
func (g *Grouper) overlap(e *entry) map[*entry]int {
	shared := map[*entry]int{}
	for _, p := range e.prints {
		for _, c := range g.prints[p] {
			if c.id != e.id {
				shared[c]++
			}
		}
	}
	return shared
}

// copied reports whether two articles with n fingerprints in common are copies
// of one text: one of them is contained in the other for the most part.
func (g *Grouper) copied(a, b *entry, n int) bool {
	if n < minPrints {
		return false
	}
	x, y := float64(n)/float64(len(a.prints)), float64(n)/float64(len(b.prints))
	return max(x, y) >= g.cfg.CopyShare && min(x, y) >= otherShare
}

// originOf returns the earlier origin whose text e repeats, and the share of e
// that stands there; nil when e repeats none.
func (g *Grouper) originOf(e *entry) (*entry, float64) {
	shared := g.overlap(e)
	var matches []*entry
	for c, n := range shared {
		if g.copied(e, c, n) {
			matches = append(matches, c)
		}
	}
	slices.SortFunc(matches, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(shared[b], shared[a]), a.at.Compare(b.at), cmp.Compare(a.id, b.id))
	})
	for _, c := range matches {
		if root, ok := g.docs[c.copyOf]; ok {
			c = root
		}
		if !c.at.After(e.at) {
			return c, float64(shared[c]) / float64(len(e.prints))
		}
	}
	return nil, 0
}

// adopt makes articles published after e that repeat its text copies of e,
// with their own copies, and moves e into their story.
func (g *Grouper) adopt(e *entry) []Assignment {
	shared := g.overlap(e)
	var moved []Assignment
	for c, n := range shared {
		if !c.at.After(e.at) || !g.copied(e, c, n) {
			continue
		}
		if root, ok := g.docs[c.copyOf]; ok && !root.at.After(e.at) {
			continue
		}
		c.copyOf, c.share = e.id, float64(n)/float64(len(c.prints))
		moved = append(moved, Assignment{ID: c.id, Story: c.story, CopyOf: c.copyOf, Share: c.share, Why: Why{Near: e.id, Score: c.share}})
	}
	slices.SortFunc(moved, func(a, b Assignment) int { return cmp.Compare(a.ID, b.ID) })
	return moved
}
