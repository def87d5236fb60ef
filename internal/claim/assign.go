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
	// maxLinks claims are looked at as wholes: those of the nearest statements.
	maxLinks = 8
	// maxMembers statements speak for a claim: the first ones and the last.
	maxMembers = 6
	// maxUnions claims may be united by one statement, if that many of their
	// statements speak for each of them.
	maxUnions  = 3
	maxUniting = 4
)

// assign finds the claim of e: the nearest one, or one of its own. It notes in
// before where statements stood that a union moves.
func (g *Grouper) assign(e *entry, before map[*entry]Assignment) {
	q := g.stream.Ask(e.reading)
	scores := map[*entry]float64{}
	score := func(c *entry) float64 {
		s, ok := scores[c]
		if !ok {
			s = g.weights.Score(q.Features(c.reading))
			scores[c] = s
		}
		return s
	}
	near := g.candidates(e)
	var links []link
	for _, c := range nearest(near, score) {
		links = append(links, linkTo(c, near, score))
	}
	slices.SortFunc(links, func(a, b link) int {
		return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(a.claim.members[0].serial, b.claim.members[0].serial))
	})
	if len(links) == 0 || links[0].value < g.cfg.Join {
		g.put(e, model.ID("claim", e.id))
		return
	}
	best := links[0]
	g.put(e, best.claim.id)
	e.why = Why{Near: best.near.id, Score: best.value, Terms: q.Shared(best.near.reading)}
	for _, l := range links[1:min(len(links), 1+maxUnions)] {
		if l.value >= g.cfg.Join && g.claims[l.claim.id] == l.claim {
			g.unite(e.claim, l.claim, before)
		}
	}
}

// link is how near a claim is.
type link struct {
	claim *group
	value float64
	near  *entry // its statement nearest of all
}

// linkTo measures how near a claim is, by its statements among the candidates
// and its first and last ones.
func linkTo(c *group, near []*entry, score func(*entry) float64) link {
	l := link{claim: c}
	var scores []float64
	best := 0.0
	for _, m := range speakers(c, near) {
		s := score(m)
		scores = append(scores, s)
		if l.near == nil || s > best {
			l.near, best = m, s
		}
	}
	l.value = pair.Link(scores)
	return l
}

// speakers are the statements that speak for a claim: its first and last ones,
// and those among the candidates.
func speakers(c *group, near []*entry) []*entry {
	out := ends(c.members, maxMembers)
	for _, e := range near {
		if e.claim == c && !slices.Contains(out, e) {
			out = append(out, e)
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

// nearest lists the claims of the statements with the best scores.
func nearest(list []*entry, score func(*entry) float64) []*group {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b *entry) int { return cmp.Compare(score(b), score(a)) })
	var out []*group
	for _, e := range list {
		if len(out) == maxLinks {
			break
		}
		if !slices.Contains(out, e.claim) {
			out = append(out, e.claim)
		}
	}
	return out
}

// unite makes two claims one if all of their statements together are near
// enough; the one that began first keeps its name. A claim that a person has
// decided about stays as it is.
func (g *Grouper) unite(a, b *group, before map[*entry]Assignment) {
	if a.touched() || b.touched() {
		return
	}
	var scores []float64
	for _, m := range ends(a.members, maxUniting) {
		q := g.stream.Ask(m.reading)
		for _, n := range ends(b.members, maxUniting) {
			scores = append(scores, g.weights.Score(q.Features(n.reading)))
		}
	}
	if pair.Link(scores) < g.cfg.Unite {
		return
	}
	if b.members[0].serial < a.members[0].serial {
		a, b = b, a
	}
	for _, m := range slices.Clone(b.members) {
		if _, known := before[m]; !known {
			before[m] = m.assignment()
		}
		g.leave(m)
		g.put(m, a.id)
	}
	a.anchor = nil
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
