package story

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

const (
	// maxPostings articles are looked up by the terms of an article, the
	// heaviest terms first.
	maxPostings = 30000
	// maxCandidates of them are compared in full.
	maxCandidates = 64
	// nameShare is how much of likeness is likeness of names.
	nameShare = 0.2
)

// query is an article made ready to be compared with many.
type query struct {
	e     *entry
	words []float32 // by term: its weight in e, all of them of length 1
	names []float32 // the same for names alone
}

// ask makes e the article asked about; the returned function takes it back.
func (g *Grouper) ask(e *entry) (done func()) {
	q := &g.query
	if n := len(g.vocab.terms) - len(q.words); n > 0 {
		q.words = append(q.words, make([]float32, n)...)
		q.names = append(q.names, make([]float32, n)...)
	}
	was := q.e
	q.clear()
	q.e = e
	q.fill(g)
	return func() {
		q.clear()
		if q.e = was; was != nil {
			q.fill(g)
		}
	}
}

func (q *query) fill(g *Grouper) {
	words, names := g.norms(q.e)
	for _, w := range q.e.vector {
		x := w.tf * g.idf(w.term)
		if w.kind != phrase {
			q.words[w.term] = x / words
		}
		if w.kind == name || w.kind == phrase {
			q.names[w.term] = x / names
		}
	}
}

func (q *query) clear() {
	if q.e == nil {
		return
	}
	for _, w := range q.e.vector {
		q.words[w.term], q.names[w.term] = 0, 0
	}
}

func (g *Grouper) idf(t uint32) float32 { return g.vocab.idf(t, len(g.docs)) }

// norms are the lengths of the vectors of e, of all words and of names.
func (g *Grouper) norms(e *entry) (words, names float32) {
	for _, w := range e.vector {
		x := w.tf * g.idf(w.term)
		if w.kind != phrase {
			words += x * x
		}
		if w.kind == name || w.kind == phrase {
			names += x * x
		}
	}
	return sqrt(words), sqrt(names)
}

func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// likeness is the TF-IDF cosine of c and the article asked about: of all words,
// and of their names.
func (g *Grouper) likeness(c *entry) float32 {
	var words, names, wordsNorm, namesNorm float32
	for _, w := range c.vector {
		x := w.tf * g.idf(w.term)
		if w.kind != phrase {
			words += x * g.query.words[w.term]
			wordsNorm += x * x
		}
		if w.kind == name || w.kind == phrase {
			names += x * g.query.names[w.term]
			namesNorm += x * x
		}
	}
	if words == 0 {
		return 0
	}
	s := words / sqrt(wordsNorm)
	if namesNorm > 0 {
		names /= sqrt(namesNorm)
	}
	return (1-nameShare)*s + nameShare*names
}

// likely is an article and how like it is to the one asked about.
type likely struct {
	e     *entry
	score float32
}

// candidates are the articles that share the most weight with the article
// asked about, the heaviest terms first; copies are left to their origins.
func (g *Grouper) candidates() []*entry {
	e := g.query.e
	vector := slices.Clone(e.vector)
	heavy := func(w weight) float32 { return g.query.words[w.term] }
	slices.SortStableFunc(vector, func(a, b weight) int { return cmp.Compare(heavy(b), heavy(a)) })
	if n := len(g.order) - len(g.sums); n > 0 {
		g.sums = append(g.sums, make([]float32, n)...)
	}
	left := maxPostings
	var found []uint32
	for _, w := range vector {
		if w.kind == phrase {
			continue
		}
		docs := g.vocab.terms[w.term].docs
		docs = docs[max(0, len(docs)-left):]
		left -= len(docs)
		for _, seq := range docs {
			if g.sums[seq-g.base] == 0 {
				found = append(found, seq)
			}
			g.sums[seq-g.base] += heavy(w) * heavy(w)
		}
		if left == 0 {
			break
		}
	}
	var best nearest
	for _, seq := range found {
		c := likely{g.order[seq-g.base], g.sums[seq-g.base]}
		g.sums[seq-g.base] = 0
		if c.e == e || !g.speaks(c.e) {
			continue
		}
		if len(best) < maxCandidates {
			heap.Push(&best, c)
		} else if best.less(best[0], c) {
			best[0] = c
			heap.Fix(&best, 0)
		}
	}
	slices.SortFunc(best, func(a, b likely) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.e.seq, b.e.seq))
	})
	out := make([]*entry, len(best))
	for i, m := range best {
		out[i] = m.e
	}
	return out
}

// nearest is a heap of matches with the worst on top.
type nearest []likely

func (h nearest) less(a, b likely) bool {
	return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(b.e.seq, a.e.seq)) < 0
}
func (h nearest) Len() int           { return len(h) }
func (h nearest) Less(i, j int) bool { return h.less(h[i], h[j]) }
func (h nearest) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *nearest) Push(x any)        { *h = append(*h, x.(likely)) }
func (h *nearest) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}

// speaks reports whether an article counts for its story: a copy whose origin
// is inside is left to that.
func (g *Grouper) speaks(e *entry) bool {
	return e.copyOf == "" || g.docs[e.copyOf] == nil
}
