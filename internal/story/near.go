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
	priorDocs = 400
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
func (g *Grouper) idf(term string) float64 {
	return math.Log(float64(len(g.docs)+priorDocs+1) / float64(len(g.terms[term])+1))
}

// weighted returns the TF-IDF vector of e, scaled to length 1.
func (g *Grouper) weighted(e *entry) map[string]float64 {
	out := make(map[string]float64, len(e.vector))
	var sum float64
	for t, tf := range e.vector {
		w := tf * g.idf(t)
		out[t] = w
		sum += w * w
	}
	norm := math.Sqrt(sum)
	if norm == 0 {
		return out
	}
	for t := range out {
		out[t] /= norm
	}
	return out
}

// nearest returns the article that best speaks for the story nearest to e, and
// the nearness of that story: the mean cosine of its nearest articles, halved
// by every half-life between them and e.
func (g *Grouper) nearest(e *entry) (*entry, float64) {
	v := g.weighted(e)
	type match struct {
		e     *entry
		score float64
	}
	stories := map[string][]match{}
	for _, c := range g.candidates(e, v) {
		if s := dot(v, g.weighted(c)) * g.decay(e.at, c.at); s > 0 {
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

// candidates are the articles that share the most weight with v through terms
// that are not common; copies are left to their origins.
func (g *Grouper) candidates(e *entry, v map[string]float64) []*entry {
	sums := map[*entry]float64{}
	for t, w := range v {
		list := g.terms[t]
		if len(g.docs) > commonFrom && float64(len(list)) > commonShare*float64(len(g.docs)) {
			continue
		}
		for _, c := range list {
			if c.copyOf == "" && c.id != e.id {
				sums[c] += w * w
			}
		}
	}
	out := slices.Collect(maps.Keys(sums))
	slices.SortFunc(out, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(sums[b], sums[a]), cmp.Compare(a.id, b.id))
	})
	return out[:min(len(out), maxCandidates)]
}

func (g *Grouper) decay(a, b time.Time) float64 {
	gap := a.Sub(b).Abs()
	if gap > g.cfg.Window {
		return 0
	}
	return math.Exp2(-float64(gap) / float64(g.cfg.HalfLife))
}

// shared lists the terms that carry the nearness of a and b, heaviest first.
func (g *Grouper) shared(a, b *entry) []string {
	va, vb := g.weighted(a), g.weighted(b)
	var terms []string
	for t := range va {
		if vb[t] > 0 {
			terms = append(terms, t)
		}
	}
	slices.SortFunc(terms, func(x, y string) int {
		return cmp.Or(cmp.Compare(va[y]*vb[y], va[x]*vb[x]), cmp.Compare(x, y))
	})
	return terms[:min(len(terms), 6)]
}

func dot(a, b map[string]float64) float64 {
	if len(b) < len(a) {
		a, b = b, a
	}
	var sum float64
	for t, w := range a {
		sum += w * b[t]
	}
	return sum
}
