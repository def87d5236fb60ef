package pair

import (
	"cmp"
	"math"
	"slices"
	"strings"
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
	part    []uint8
}

func (x *Stream) side(r *Reading) side {
	s := side{r: r, terms: slices.Concat(r.terms, r.title, r.who)}
	s.weights = x.weights(s.terms)
	s.senses = make([][]sense, len(s.terms))
	s.part = make([]uint8, len(s.terms))
	for i, t := range s.terms {
		if !t.name {
			s.senses[i] = t.senses
		}
		switch {
		case i >= len(r.terms)+len(r.title):
			s.part[i] = who
		case i >= len(r.terms):
			s.part[i] = title
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

// matching holds how near each word of a is to each of b, and how near the
// nearest word in each part of the other side is.
type matching struct {
	a, b         *side
	sim          []float32 // by a, then b
	opposite     []bool
	bestA, bestB [][parts]float32
}

// The parts of a side.
const (
	content = iota
	title
	who
	parts
)

// choice says what the words of each part weigh in a comparison; 0 leaves them
// out.
type choice [parts]float64

func (q *Query) match(b *side) *matching {
	n := len(b.terms)
	m := &matching{a: &q.all, b: b, sim: make([]float32, len(q.all.terms)*n), opposite: make([]bool, len(q.all.terms)*n)}
	m.bestA, m.bestB = make([][parts]float32, len(q.all.terms)), make([][parts]float32, n)
	for j, u := range b.terms {
		row := q.row(u.Word)
		for i := range q.all.terms {
			at := i*n + j
			m.sim[at], m.opposite[at] = alike(row[i], u.name, q.all.senses[i], b.senses[j])
			m.bestA[i][b.part[j]] = max(m.bestA[i][b.part[j]], m.sim[at])
			m.bestB[j][q.all.part[i]] = max(m.bestB[j][q.all.part[i]], m.sim[at])
		}
	}
	return m
}

// alike is how near two words are, given how near their vectors make them: a
// name is only like itself, a class of the lexicon says more than vectors.
func alike(vectors float32, name bool, sa, sb []sense) (sim float32, opposite bool) {
	if vectors == 1 {
		return 1, false
	}
	same, opposite := meet(sa, sb)
	switch {
	case same:
		return sameClass, false
	case opposite:
		return oppositeClass, true
	case name:
		return 0, false
	}
	return vectors, false
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

// cover is the share of the weight of some words of a that is met among some
// of b, and the other way round.
func (m *matching) cover(ca, cb choice) (a, b float64) {
	return covered(m.a, m.bestA, ca, cb), covered(m.b, m.bestB, cb, ca)
}

// covered is the share of the weight of the chosen words of s that is met in
// the chosen parts of the other side.
func covered(s *side, best [][parts]float32, own, other choice) float64 {
	var met, all float64
	for i, w := range s.weights {
		w *= own[s.part[i]]
		if w == 0 {
			continue
		}
		var near float32
		for p, factor := range other {
			if factor > 0 {
				near = max(near, best[i][p])
			}
		}
		met += w * float64(near)
		all += w
	}
	return ratio(met, all)
}

// mean is the mean of both covers.
func (m *matching) mean(ca, cb choice) float64 {
	a, b := m.cover(ca, cb)
	return (a + b) / 2
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

// Common is how many words of the content stand in that of b as well, as they
// are or in another word of the same act. Names count as one word together, and
// amounts as none: one ministry, or two of anything, is no common subject.
func (q *Query) Common(b *Reading) int {
	other := q.stream.side(b)
	m := q.match(&other)
	n, names := 0, 0
	na, nb := m.inside()
	for i, t := range m.a.terms[:na] {
		if strings.IndexAny(t.Stem, digits) == 0 || ordinals[t.Stem] {
			continue
		}
		for j := range nb {
			if m.sim[i*len(m.b.terms)+j] < common {
				continue
			}
			if t.name {
				names = 1
			} else {
				n++
			}
			break
		}
	}
	return n + names
}

const digits = "0123456789"

// common is how near two words are at least to count as one.
const common = 0.75

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

// Cover is the mean share of the weight of each content that is met in the
// other, 0 to 1.
func (q *Query) Cover(b *Reading) float64 {
	other := q.stream.side(b)
	m := q.match(&other)
	return m.mean(choice{content: 1}, choice{content: 1})
}
