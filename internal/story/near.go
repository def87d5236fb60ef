package story

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"
)

const (
	// priorDocs stands in for the news of other days: it keeps the weights of
	// terms sane while few articles are inside.
	priorDocs = 40
	// commonShare of the articles holding a term make it too common to look
	// candidates up by, once there are commonFrom articles.
	commonShare = 0.15
	commonFrom  = 400
	// maxCandidates articles are compared in full.
	maxCandidates = 64
	// storyDepth articles of a story, the nearest ones, speak for it: one
	// chance resemblance does not carry a large story.
	storyDepth = 3
)

// idf is the inverse document frequency of a term over the window, smoothed by
// priorDocs.
func (g *Grouper) idf(t *term) float64 {
	return math.Log(float64(len(g.docs)+priorDocs+1) / float64(len(t.docs)+1))
}

// norm is the length of the TF-IDF vector of e.
func (g *Grouper) norm(e *entry) float64 {
	var sum float64
	for _, w := range e.vector {
		x := w.tf * g.idf(w.term)
		sum += x * x
	}
	return math.Sqrt(sum)
}

// ask marks the terms of e with their weight in it, for cosine; the returned
// function takes the marks off.
func (g *Grouper) ask(e *entry) (done func()) {
	norm := g.norm(e)
	for _, w := range e.vector {
		w.term.query = w.tf * g.idf(w.term) / norm
	}
	return func() {
		for _, w := range e.vector {
			w.term.query = 0
		}
	}
}

// cosine is the TF-IDF cosine of c and the article asked about.
func (g *Grouper) cosine(c *entry) float64 {
	var dot, sum float64
	for _, w := range c.vector {
		x := w.tf * g.idf(w.term)
		dot += x * w.term.query
		sum += x * x
	}
	if dot == 0 {
		return 0
	}
	return dot / math.Sqrt(sum)
}

// nearest returns the article that best speaks for the story nearest to e, and
// the nearness of that story: the mean cosine of its nearest articles, halved
// by every half-life between them and e.
func (g *Grouper) nearest(e *entry) (*entry, float64) {
	defer g.ask(e)()
	type match struct {
		e     *entry
		score float64
	}
	stories := map[string][]match{}
	for _, c := range g.candidates(e) {
		if s := g.cosine(c) * g.decay(e.at, c.at); s > 0 {
			stories[c.story] = append(stories[c.story], match{c, s})
		}
	}
	var best match
	for _, name := range slices.Sorted(maps.Keys(stories)) {
		m := stories[name]
		slices.SortStableFunc(m, func(a, b match) int { return cmp.Compare(b.score, a.score) })
		m = m[:min(len(m), storyDepth)]
		var sum float64
		for _, x := range m {
			sum += x.score
		}
		if mean := sum / float64(len(m)); mean > best.score {
			best = match{m[0].e, mean}
		}
	}
	return best.e, best.score
}

// candidates are the articles that share the most weight with the article
// asked about, through terms that are not common; copies are left to their
// origins.
func (g *Grouper) candidates(e *entry) []*entry {
	var out []*entry
	for _, w := range e.vector {
		t := w.term
		if len(g.docs) > commonFrom && float64(len(t.docs)) > commonShare*float64(len(g.docs)) {
			continue
		}
		for _, c := range t.docs {
			if c.copyOf != "" || c == e {
				continue
			}
			if c.sum == 0 {
				out = append(out, c)
			}
			c.sum += t.query * t.query
		}
	}
	slices.SortFunc(out, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(b.sum, a.sum), cmp.Compare(a.id, b.id))
	})
	for _, c := range out {
		c.sum = 0
	}
	return out[:min(len(out), maxCandidates)]
}

func (g *Grouper) decay(a, b time.Time) float64 {
	gap := a.Sub(b).Abs()
	return math.Exp2(-float64(gap) / float64(g.cfg.HalfLife))
}

// shared lists the stems that carry the nearness of a and b, heaviest first.
func (g *Grouper) shared(a, b *entry) []string {
	defer g.ask(a)()
	var common []weight
	for _, w := range b.vector {
		if w.term.query > 0 {
			common = append(common, weight{w.term, w.tf * g.idf(w.term) * w.term.query})
		}
	}
	slices.SortFunc(common, func(x, y weight) int {
		return cmp.Or(cmp.Compare(y.tf, x.tf), cmp.Compare(x.term.stem, y.term.stem))
	})
	stems := make([]string, 0, 6)
	for _, w := range common[:min(len(common), cap(stems))] {
		stems = append(stems, w.term.stem)
	}
	return stems
}
