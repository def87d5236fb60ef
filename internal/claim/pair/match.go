package pair

import (
	"cmp"
	"math"
	"slices"
)

const (
	// How near two words of one class of the lexicon are, of its two ends, and
	// two words whose vectors are the same.
	sameClass     = 0.8
	oppositeClass = 0.75
	byVector      = 0.6
	// floor is the cosine of two vectors up to which they say nothing.
	floor = 0.3
	// titleShare is what a word of the title weighs beside one of the content.
	titleShare = 0.4
)

// Query compares one statement with others. It keeps what it has worked out
// about their words, and must not outlive a change of the stream.
type Query struct {
	stream *Stream
	a      *Reading
	all    side
	rows   map[*Word][]float32 // nearness by vectors to the words of a
}

// side is a statement's words in the order content, title, speaker, with what
// is needed to match them.
type side struct {
	r       *Reading
	terms   []term
	weights []float64
	senses  [][]sense
}

func (x *Stream) side(r *Reading) side {
	s := side{r: r, terms: slices.Concat(r.terms, r.title, r.who)}
	s.weights = x.weights(s.terms)
	s.senses = make([][]sense, len(s.terms))
	for i, t := range s.terms {
		if !t.name {
			s.senses[i] = t.senses
		}
	}
	for _, p := range r.phrases {
		s.senses[p.at] = append(slices.Clip(s.senses[p.at]), p.sense)
	}
	return s
}

// Ask prepares the comparison of a with others.
func (x *Stream) Ask(a *Reading) *Query {
	return &Query{stream: x, a: a, all: x.side(a), rows: map[*Word][]float32{}}
}

// row is how near a word is to each word of the statement asked about.
func (q *Query) row(w *Word) []float32 {
	if row, ok := q.rows[w]; ok {
		return row
	}
	row := make([]float32, len(q.all.terms))
	for i, t := range q.all.terms {
		if t.Word == w {
			row[i] = 1
		} else if !t.name {
			row[i] = byVector * near(t.Word, w)
		}
	}
	q.rows[w] = row
	return row
}

// near is how near two words are by their vectors, 0 to 1.
func near(a, b *Word) float32 {
	if a.vector == nil || b.vector == nil {
		return 0
	}
	var dot float32
	for i, x := range a.vector {
		dot += x * b.vector[i]
	}
	return max(0, (dot-floor)/(1-floor))
}

// matching holds how near each word of a is to each of b.
type matching struct {
	a, b     *side
	sim      []float32 // by a, then b
	opposite []bool
}

func (q *Query) match(b *side) *matching {
	n := len(b.terms)
	m := &matching{a: &q.all, b: b, sim: make([]float32, len(q.all.terms)*n), opposite: make([]bool, len(q.all.terms)*n)}
	for j, u := range b.terms {
		row := q.row(u.Word)
		for i := range q.all.terms {
			at := i*n + j
			m.sim[at] = row[i]
			if row[i] == 1 {
				continue
			}
			if u.name {
				m.sim[at] = 0
			}
			same, opposite := meet(q.all.senses[i], b.senses[j])
			switch {
			case same:
				m.sim[at] = sameClass
			case opposite:
				m.sim[at], m.opposite[at] = oppositeClass, true
			}
		}
	}
	return m
}

// meet reports whether two words stand in one class, at the same end of it or
// else at opposite ones.
func meet(a, b []sense) (same, opposite bool) {
	for _, s := range a {
		for _, t := range b {
			same = same || s == t
			opposite = opposite || s.opposite(t)
		}
	}
	return same, opposite && !same
}

// part is a choice of the words of a side and a factor for their weights.
type part struct {
	from, to int
	factor   float64
}

func (s *side) content() part { return part{0, len(s.r.terms), 1} }

func (s *side) title(factor float64) part {
	return part{len(s.r.terms), len(s.r.terms) + len(s.r.title), factor}
}

func (s *side) who() part { return part{len(s.r.terms) + len(s.r.title), len(s.terms), 1} }

// cover is the share of the weight of some words of a that is met among some
// of b, and the other way round.
func (m *matching) cover(pa, pb []part) (ca, cb float64) {
	n := len(m.b.terms)
	var sa, sb float64
	each(pa, func(i int, factor float64) {
		var best float32
		each(pb, func(j int, _ float64) { best = max(best, m.sim[i*n+j]) })
		w := m.a.weights[i] * factor
		ca += w * float64(best)
		sa += w
	})
	each(pb, func(j int, factor float64) {
		var best float32
		each(pa, func(i int, _ float64) { best = max(best, m.sim[i*n+j]) })
		w := m.b.weights[j] * factor
		cb += w * float64(best)
		sb += w
	})
	return ratio(ca, sa), ratio(cb, sb)
}

// mean is the mean of both covers.
func (m *matching) mean(pa, pb []part) float64 {
	ca, cb := m.cover(pa, pb)
	return (ca + cb) / 2
}

func each(ps []part, fn func(i int, factor float64)) {
	for _, p := range ps {
		for i := p.from; i < p.to; i++ {
			fn(i, p.factor)
		}
	}
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// inside is the number of content words of each side.
func (m *matching) inside() (na, nb int) { return len(m.a.r.terms), len(m.b.r.terms) }

// cosine is that of the weights of the content words in both, and the weight
// of the rarest of them.
func (m *matching) cosine() (cos, rare float64) {
	var dot, sa, sb float64
	na, nb := m.inside()
	for i, w := range m.a.weights[:na] {
		sa += w * w
		for j := range nb {
			if m.a.terms[i].Word == m.b.terms[j].Word {
				dot += w * m.b.weights[j]
				rare = max(rare, w)
			}
		}
	}
	for _, w := range m.b.weights[:nb] {
		sb += w * w
	}
	return ratio(dot, math.Sqrt(sa*sb)), rare
}

// peaks are the two heaviest words of a that are met in b.
func (m *matching) peaks() (p1, p2 float64) {
	na, nb := m.inside()
	for i, w := range m.a.weights[:na] {
		best := 0.0
		for j := range nb {
			best = max(best, float64(m.sim[i*len(m.b.terms)+j])*min(w, m.b.weights[j]))
		}
		p1, p2 = max(p1, best), max(p2, min(p1, best))
	}
	return p1, p2
}

// agreeing is the weight of the words of a that meet another word of their
// class in b; opposing of those that only meet its other end.
func (m *matching) agreeing() (agreeing, opposing float64) {
	na, nb := m.inside()
	for i, w := range m.a.weights[:na] {
		same, opposite := false, false
		for j := range nb {
			at := i*len(m.b.terms) + j
			same = same || m.sim[at] == sameClass && !m.opposite[at]
			opposite = opposite || m.opposite[at]
		}
		if same {
			agreeing += w
		}
		if opposite {
			opposing += w
		}
	}
	return agreeing, opposing
}

// Shared lists the words that carry the nearness to b, heaviest first: a word
// of both as it is, two of one meaning joined by a slash.
func (q *Query) Shared(b *Reading) []string {
	other := q.stream.side(b)
	m := q.match(&other)
	type shared struct {
		words  string
		weight float64
	}
	var list []shared
	na, nb := m.inside()
	for i := range na {
		best, at := 0.0, -1
		for j := range nb {
			if x := float64(m.sim[i*len(m.b.terms)+j]) * min(m.a.weights[i], m.b.weights[j]); x > best {
				best, at = x, j
			}
		}
		if at < 0 || m.sim[i*len(m.b.terms)+at] < telling {
			continue
		}
		words := m.a.terms[i].Stem
		if o := m.b.terms[at].Stem; o != words {
			words = o + "/" + words
		}
		list = append(list, shared{words, best})
	}
	slices.SortStableFunc(list, func(x, y shared) int { return cmp.Compare(y.weight, x.weight) })
	var out []string
	for _, s := range list[:min(len(list), maxShared)] {
		out = append(out, s.words)
	}
	return out
}

const (
	maxShared = 6
	telling   = 0.3 // how near two words are at least to be named as evidence
)

// Opposite returns two words of the contents that are the two ends of one
// thing, the earlier statement's first, "" if there are none or if the
// contents agree about that thing as well.
func (q *Query) Opposite(b *Reading) string {
	other := q.stream.side(b)
	m := q.match(&other)
	words, best := "", 0.0
	na, nb := m.inside()
	for i := range na {
		for j := range nb {
			if !m.opposite[i*len(m.b.terms)+j] || m.agreeAbout(m.a.senses[i], m.b.senses[j]) {
				continue
			}
			if w := min(m.a.weights[i], m.b.weights[j]); w > best {
				words, best = m.b.terms[j].Stem+"/"+m.a.terms[i].Stem, w
			}
		}
	}
	return words
}

// agreeAbout reports whether elsewhere both contents stand at one end of a
// class whose two ends are among these.
func (m *matching) agreeAbout(sa, sb []sense) bool {
	na, nb := m.inside()
	for _, s := range sa {
		for _, t := range sb {
			if !s.opposite(t) {
				continue
			}
			for i := range na {
				for j := range nb {
					for _, end := range []sense{s, t} {
						if slices.Contains(m.a.senses[i], end) && slices.Contains(m.b.senses[j], end) {
							return true
						}
					}
				}
			}
		}
	}
	return false
}
