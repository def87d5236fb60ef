package claim

import (
	"cmp"
	"slices"

	"crosscheck/internal/claim/pair"
	"crosscheck/internal/model"
)

const (
	// maxCandidates statements are compared in full.
	maxCandidates = 48
	// maxPostings statements are looked up by each word, the latest ones.
	maxPostings = 256
	// maxHere statements of the same article are candidates in any case, the
	// latest ones.
	maxHere = 24
	// leastLink is the score from which on a pair is remembered; a pair that is
	// not counts as much as apart, about the mean score of such pairs.
	leastLink = -1
	apart     = -3
	// maxAround statements are parted anew when one comes in: those of the
	// claims near it.
	maxAround = 96
	// maxWhole is the size from which on a claim is no longer parted; its first
	// and last statements, maxSpeakers of them, and those near the new one speak
	// for it.
	maxWhole    = 48
	maxSpeakers = 12
	// maxCompared restored statements are compared when one near them comes in;
	// the claims of further ones stay as they are until then.
	maxCompared = 6
)

// link is the score of a pair of statements, as it was when the later one came.
type link struct {
	to    *entry
	score float64
	alike bool // enough words are common to them to be joined
}

// assign finds the claim of e: it parts the statements of the claims near e
// anew, e with them, and returns the claims that changed. It notes in before
// where statements stood that move.
func (g *Grouper) assign(e *entry, before map[*entry]Assignment) []*group {
	g.compare(e)
	around, fixed := g.around(e)
	blocks := g.part(e, around, fixed)
	g.name(blocks)
	return g.settle(e, blocks, before)
}

// compare scores e against its candidates. For a statement that was restored
// that is put off until one near it comes in.
func (g *Grouper) compare(e *entry) {
	e.compared = true
	q := g.stream.Ask(e.reading)
	for _, c := range g.candidates(e) {
		if c == e || slices.ContainsFunc(e.links, func(l link) bool { return l.to == c }) {
			continue
		}
		var score float64
		if c.serial < e.serial {
			score = g.weights.Score(q.Features(c.reading))
		} else {
			score = g.weights.Score(g.stream.Ask(c.reading).Features(e.reading))
		}
		if score < leastLink {
			continue
		}
		alike := !g.cfg.Whole || q.Common(c.reading) >= wholeCommon
		e.links = append(e.links, link{c, score, alike})
		c.links = append(c.links, link{e, score, alike})
	}
}

// around lists the statements of the claims near e, nearest claim first, and
// what of them stays together: a claim that a person has decided about, a large
// one, and one of restored statements too many to compare now.
func (g *Grouper) around(e *entry) (list []*entry, fixed map[*entry]*group) {
	links := slices.Clone(e.links)
	slices.SortFunc(links, func(a, b link) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.to.serial, b.to.serial))
	})
	fixed = map[*entry]*group{}
	compared := 0
	var seen []*group
	for _, l := range links {
		c := l.to.claim
		if slices.Contains(seen, c) {
			continue
		}
		seen = append(seen, c)
		members := c.members
		whole := c.touched() || len(members) > maxWhole || compared+c.restored() > maxCompared
		if whole {
			members = speakers(c, links)
		}
		if len(list)+len(members) > maxAround {
			continue
		}
		for _, m := range members {
			if whole {
				fixed[m] = c
			} else if !m.compared {
				g.compare(m)
				compared++
			}
		}
		list = append(list, members...)
	}
	slices.SortFunc(list, bySerial)
	return list, fixed
}

// restored is how many statements of the claim have not been compared since
// they were restored.
func (c *group) restored() int {
	n := 0
	for _, m := range c.members {
		if !m.compared {
			n++
		}
	}
	return n
}

// speakers are the statements that speak for a claim that stays as it is: its
// first and last ones, and those that are linked.
func speakers(c *group, links []link) []*entry {
	out := ends(c.members, maxSpeakers)
	for _, l := range links {
		if len(out) == maxWhole {
			break
		}
		if l.to.claim == c && !slices.Contains(out, l.to) {
			out = append(out, l.to)
		}
	}
	return out
}

// ends are the first and the last ones of a list, n in all.
func ends(list []*entry, n int) []*entry {
	if len(list) <= n {
		return slices.Clone(list)
	}
	return slices.Concat(list[:n/2], list[len(list)-n/2:])
}

// block is statements that belong together, and how near the other blocks are.
type block struct {
	members []*entry // in the order of their coming in
	stays   *group   // the claim that this is and remains, nil if it is up for parting
	id      string   // of the claim it becomes
	to      []nearness
}

// nearness is that of the pairs between two blocks.
type nearness struct {
	best, sum float64
	alike     bool
}

// part joins the nearest statements, then the nearest blocks of statements, and
// so on while they are near enough (agglomerative clustering).
func (g *Grouper) part(e *entry, around []*entry, fixed map[*entry]*group) []*block {
	blocks := blocksOf(append(slices.Clone(around), e), fixed)
	for {
		a, b := -1, -1
		most := g.cfg.Join
		for i := range blocks {
			for j := i + 1; j < len(blocks); j++ {
				n := blocks[i].to[j]
				if !n.alike || !joinable(blocks[i], blocks[j], e) {
					continue
				}
				if x := n.link(len(blocks[i].members) * len(blocks[j].members)); x > most || x == most && a < 0 {
					a, b, most = i, j, x
				}
			}
		}
		if a < 0 {
			return blocks
		}
		blocks = join(blocks, a, b)
	}
}

// joinable reports whether two blocks may become one. A claim that stays as it
// is takes in nothing but the new statement.
func joinable(a, b *block, e *entry) bool {
	if a.stays == nil && b.stays == nil {
		return true
	}
	if a.stays != nil {
		a, b = b, a
	}
	return a.stays == nil && len(a.members) == 1 && a.members[0] == e
}

func (n nearness) link(pairs int) float64 { return pair.Link(n.best, n.sum/float64(pairs)) }

// blocksOf puts every statement into a block of its own, those of a claim that
// stays into one.
func blocksOf(list []*entry, fixed map[*entry]*group) []*block {
	var blocks []*block
	of := make(map[*entry]int, len(list))
	whole := map[*group]int{}
	for _, m := range list {
		c := fixed[m]
		at, ok := whole[c]
		if c == nil || !ok {
			at = len(blocks)
			blocks = append(blocks, &block{stays: c})
			if c != nil {
				whole[c] = at
			}
		}
		blocks[at].members = append(blocks[at].members, m)
		of[m] = at
	}
	for i, x := range blocks {
		x.to = make([]nearness, len(blocks))
		for j, y := range blocks {
			x.to[j] = nearness{apart, apart * float64(len(x.members)*len(y.members)), false}
		}
		for _, m := range x.members {
			for _, l := range m.links {
				if j, ok := of[l.to]; ok && j != i {
					n := &x.to[j]
					n.best, n.sum, n.alike = max(n.best, l.score), n.sum+l.score-apart, n.alike || l.alike
				}
			}
		}
	}
	return blocks
}

// join makes blocks a and b one, in the place of a.
func join(blocks []*block, a, b int) []*block {
	x, y := blocks[a], blocks[b]
	x.members = append(x.members, y.members...)
	slices.SortFunc(x.members, bySerial)
	x.stays = cmp.Or(x.stays, y.stays)
	for k, z := range blocks {
		n, m := &x.to[k], y.to[k]
		n.best, n.sum, n.alike = max(n.best, m.best), n.sum+m.sum, n.alike || m.alike
		z.to[a] = *n
	}
	for _, z := range blocks {
		z.to = slices.Delete(z.to, b, b+1)
	}
	return slices.Delete(blocks, b, b+1)
}

// name finds which claim each block is: the one that most of it came from; of
// several blocks that came from one claim, the one with most of it. The others
// are new claims, named after a statement of theirs.
func (g *Grouper) name(blocks []*block) {
	type origin struct {
		b     *block
		claim *group
		n     int
	}
	var origins []origin
	taken := map[string]bool{}
	for _, b := range blocks {
		if b.stays != nil {
			b.id = b.stays.id
			taken[b.id] = true
			continue
		}
		for _, m := range b.members {
			if m.claim == nil {
				continue
			}
			i := slices.IndexFunc(origins, func(o origin) bool { return o.b == b && o.claim == m.claim })
			if i < 0 {
				i = len(origins)
				origins = append(origins, origin{b, m.claim, 0})
			}
			origins[i].n++
		}
	}
	slices.SortStableFunc(origins, func(a, b origin) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.claim.members[0].serial, b.claim.members[0].serial))
	})
	for _, o := range origins {
		if o.b.id == "" && !taken[o.claim.id] {
			o.b.id = o.claim.id
			taken[o.b.id] = true
		}
	}
	for _, b := range blocks {
		if b.id == "" {
			b.id = g.fresh(b, taken)
			taken[b.id] = true
		}
	}
}

// fresh is a name for a new claim.
func (g *Grouper) fresh(b *block, taken map[string]bool) string {
	for _, m := range b.members {
		if id := model.ID("claim", m.id); !taken[id] && g.claims[id] == nil {
			return id
		}
	}
	id := b.members[0].id
	for {
		id = model.ID("claim", id)
		if !taken[id] && g.claims[id] == nil {
			return id
		}
	}
}

// settle moves the statements of each block into its claim and says why.
func (g *Grouper) settle(e *entry, blocks []*block, before map[*entry]Assignment) []*group {
	var changed []*group
	for _, b := range blocks {
		for _, m := range b.members {
			if m.claim != nil && m.claim.id == b.id {
				continue
			}
			if m != e {
				before[m] = m.assignment()
				m.claim.anchor = nil
				changed = append(changed, m.claim)
				g.leave(m)
			}
			g.put(m, b.id)
			m.claim.anchor = nil
			m.why = g.reason(m, b)
			changed = append(changed, m.claim)
		}
	}
	slices.SortFunc(changed, func(a, b *group) int { return cmp.Compare(a.id, b.id) })
	changed = slices.Compact(changed)
	return slices.DeleteFunc(changed, func(c *group) bool { return len(c.members) == 0 })
}

// reason says what ties a statement to the others of its block.
func (g *Grouper) reason(m *entry, b *block) Why {
	n, best := nearness{best: apart, sum: apart * float64(len(b.members)-1)}, (*entry)(nil)
	for _, l := range m.links {
		if !slices.Contains(b.members, l.to) {
			continue
		}
		if best == nil || l.score > n.best {
			n.best, best = l.score, l.to
		}
		n.sum += l.score - apart
	}
	if best == nil {
		return Why{}
	}
	return Why{Near: best.id, Score: n.link(len(b.members) - 1), Terms: g.stream.Ask(m.reading).Shared(best.reading)}
}

// unlink lets go of the scores of e.
func (e *entry) unlink() {
	for _, l := range e.links {
		l.to.links = slices.DeleteFunc(l.to.links, func(o link) bool { return o.to == e })
	}
	e.links = nil
}

// candidates are the statements to compare e with: those that share the most
// weight with it, looked up by its words, and the latest of its article.
func (g *Grouper) candidates(e *entry) []*entry {
	var out []*entry
	for _, w := range e.keys {
		weight := g.stream.Weight(w)
		list := g.lookup[w]
		for _, c := range list[max(0, len(list)-maxPostings):] {
			if c.sum == 0 {
				out = append(out, c)
			}
			c.sum += weight * weight
		}
	}
	slices.SortFunc(out, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(b.sum, a.sum), cmp.Compare(b.serial, a.serial))
	})
	for _, c := range out {
		c.sum = 0
	}
	out = out[:min(len(out), maxCandidates)]
	here := g.articles[e.reading.Article]
	for _, c := range here[max(0, len(here)-maxHere):] {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}
