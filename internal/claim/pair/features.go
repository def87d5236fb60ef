package pair

import (
	"math"
	"slices"
	"strings"

	"crosscheck/internal/model"
)

// Names names the features of a pair, in order.
var Names = []string{
	"bias",
	// wording
	"cosine", "cosine²", "cover least", "cover most", "cover", "cover²", "with speaker", "with title", "with both titles",
	"heads", "peak", "second peak", "both peaks", "rarest word", "class agrees", "class opposes", "rarest class",
	"run", "run of the shorter", "run elsewhere", "run, most of the shorter", "names only", "names only, both",
	// names, amounts, days
	"names shared", "names apart", "names in one", "same amount", "other amounts", "other amounts of one thing", "amounts in one",
	"same amount and words", "same day", "other days", "another in one",
	// articles and speakers
	"one article", "next to it", "next but one", "next to it and words", "one article and words", "one article and peak",
	"one article, about its title", "earlier one about the title", "title says it", "titles", "hours apart",
	"one speaker", "speaker goes on", "speaker and peak", "repeated elsewhere", "speaker named", "speaker among the words", "we and another we", "we in one",
	// tone
	"tone differs", "tone differs here", "tone differs elsewhere", "tone differs, least", "tone differs, most", "answers", "one stance",
	"little said", "little said before", "short",
}

// Cosine is that of the weighed words of the two contents, 0 to 1.
func (q *Query) Cosine(b *Reading) float64 {
	other := q.stream.side(b)
	cos, _ := q.match(&other).cosine()
	return cos
}

// Features compares the statement asked about with an earlier one, b.
func (q *Query) Features(b *Reading) []float64 {
	other := q.stream.side(b)
	m := q.match(&other)
	f := make([]float64, 0, len(Names))
	f = append(f, 1)
	f, w := m.wording(f)
	f = append(f, q.stream.rarestClass(q.a, b)/4)
	f = verbatim(f, q.a, b)
	f = m.facts(f, w)
	f = q.places(f, m, w)
	f = q.speakers(f, m, w)
	return q.tones(f, m, w)
}

// wording is what later features need of the match of the words.
type wording struct {
	least, most, mean, speaker, peak float64
}

func (m *matching) wording(f []float64) ([]float64, wording) {
	said := choice{content: 1}
	ca, cb := m.cover(said, said)
	cos, rare := m.cosine()
	p1, p2 := m.peaks()
	agree, oppose := m.agreeing()
	w := wording{min(ca, cb), max(ca, cb), (ca + cb) / 2, m.withSpeaker(), p1 / 4}
	titled := choice{content: 1, title: titleShare}
	one, both := m.mean(titled, said), m.mean(titled, titled)
	f = append(f, cos, cos*cos, w.least, w.most, w.mean, w.mean*w.mean, w.speaker, one, both,
		m.heads(), w.peak, p2/4, w.peak*p2/4, rare/5, math.Log1p(agree/5), math.Log1p(oppose/5))
	return f, w
}

// withSpeaker is the mean cover where a statement that may speak of its
// speaker has the speaker's name among its words.
func (m *matching) withSpeaker() float64 {
	a, b := choice{content: 1}, choice{content: 1}
	a[who], b[who] = is(m.a.r.itself), is(m.b.r.itself)
	return m.mean(a, b)
}

// headWords is how many words a head has.
const headWords = 4

// heads compares the first words that carry meaning.
func (m *matching) heads() float64 {
	na, nb := m.inside()
	na, nb = min(headWords, na), min(headWords, nb)
	var a, b, sa, sb float64
	for i := range na {
		var near float32
		for j := range nb {
			near = max(near, m.sim[i*len(m.b.terms)+j])
		}
		a += m.a.weights[i] * float64(near)
		sa += m.a.weights[i]
	}
	for j := range nb {
		var near float32
		for i := range na {
			near = max(near, m.sim[i*len(m.b.terms)+j])
		}
		b += m.b.weights[j] * float64(near)
		sb += m.b.weights[j]
	}
	return (ratio(a, sa) + ratio(b, sb)) / 2
}

func (r *Reading) classes() []sense {
	var out []sense
	add := func(s sense) {
		if c := s.class(); !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	for _, t := range r.terms {
		if !t.name {
			for _, s := range t.senses {
				add(s)
			}
		}
	}
	for _, p := range r.phrases {
		add(p.sense)
	}
	return out
}

// Verbatim are the places in Names of what compares the words as they follow one
// another.
func Verbatim() []int {
	var out []int
	for i, name := range Names {
		if strings.HasPrefix(name, "run") || strings.HasPrefix(name, "names only") {
			out = append(out, i)
		}
	}
	return out
}

// verbatim compares what stands in both word for word: reports of one quotation
// cut it differently.
func verbatim(f []float64, a, b *Reading) []float64 {
	n := run(a.said, b.said).length
	if n < leastRun {
		n = 0
	}
	share := ratio(float64(n), float64(min(len(a.said), len(b.said))))
	one, other := a.namesOnly(), b.namesOnly()
	return append(f, math.Log1p(float64(n)), share, is(a.Article != b.Article)*share, is(share > mostOf), is(one || other), is(one && other))
}

// namesOnly reports whether no word of the content but names carries meaning: it
// says nothing of them.
func (r *Reading) namesOnly() bool {
	return !slices.ContainsFunc(r.terms, func(t term) bool { return !t.name })
}

// rarestClass is the weight of the rarest class of the lexicon in both.
func (x *Stream) rarestClass(a, b *Reading) float64 {
	best, in := 0.0, b.classes()
	for _, c := range a.classes() {
		if slices.Contains(in, c) {
			best = max(best, x.classWeight(c))
		}
	}
	return best
}

// facts compares names, amounts and days.
func (m *matching) facts(f []float64, w wording) []float64 {
	var shared float64
	ha, hb, common := false, false, false
	na, nb := m.inside()
	for i, t := range m.a.terms[:na] {
		if !t.name {
			continue
		}
		ha = true
		for _, u := range m.b.terms[:nb] {
			if u.Word == t.Word {
				shared += m.a.weights[i]
				common = true
			}
		}
	}
	for _, u := range m.b.terms[:nb] {
		hb = hb || u.name
	}
	f = append(f, math.Log1p(shared/4), is(ha && hb && !common), is(ha != hb))
	a, b := m.a.r, m.b.r
	same, unit := amounts(a, b)
	na, nb = len(a.nums), len(b.nums)
	f = append(f, is(same), is(na > 0 && nb > 0 && !same), is(unit && !same), is((na > 0) != (nb > 0)), is(same)*w.speaker)
	day := slices.ContainsFunc(a.days, func(d string) bool { return slices.Contains(b.days, d) })
	return append(f, is(day), is(len(a.days) > 0 && len(b.days) > 0 && !day), is(a.again != b.again))
}

// amounts reports whether an amount stands in both, and whether both have
// amounts of one thing that differ.
func amounts(a, b *Reading) (same, unit bool) {
	for _, n := range a.nums {
		for _, o := range b.nums {
			if n.rounds(o) {
				same = true
			} else if n.unit != nil && o.unit != nil {
				alike, _ := meet(n.unit.senses, o.unit.senses)
				unit = unit || alike || n.unit == o.unit
			}
		}
	}
	return same, unit
}

// places compares where the two stand: articles, titles, time.
func (q *Query) places(f []float64, m *matching, w wording) []float64 {
	a, b := q.a, m.b.r
	here := a.Article == b.Article
	gap := a.Pos - b.Pos
	titles, words := choice{title: 1}, choice{content: 1}
	earlier, later := m.mean(titles, words), m.mean(words, titles)
	both, between := 0.0, 0.0
	if here {
		both = min(earlier, later)
	} else {
		between = m.mean(titles, titles)
	}
	return append(f, is(here), is(here && gap == 1), is(here && gap == 2), is(here && gap == 1)*w.speaker, is(here)*w.speaker, is(here)*w.peak,
		both, earlier, later, between, math.Log1p(a.At.Sub(b.At).Abs().Hours()))
}

// utterance is how long one utterance is reported, hours.
const utterance = 30

func (q *Query) speakers(f []float64, m *matching, w wording) []float64 {
	a, b := q.a, m.b.r
	one, here := a.Key == b.Key, a.Article == b.Article
	named := 0.0
	if a.itself {
		named = max(named, m.met(who, content))
	}
	if b.itself {
		named = max(named, m.met(content, who))
	}
	speaks := m.met(who, content) > 0 || m.met(content, who) > 0
	repeated := one && !here && a.At.Sub(b.At).Abs().Hours() < utterance
	return append(f, is(one), is(one && here && a.Pos-b.Pos == 1), is(one)*w.peak, is(repeated)*w.mean,
		is(speaks), named/4, is(a.we && b.we && !one), is(a.we != b.we && !one))
}

// met is the weight of the heaviest word that stands in a part of a and a part
// of b.
func (m *matching) met(pa, pb uint8) float64 {
	best := 0.0
	for i, w := range m.a.weights {
		if m.a.part[i] == pa && m.bestA[i][pb] == 1 {
			best = max(best, w)
		}
	}
	return best
}

func (q *Query) tones(f []float64, m *matching, w wording) []float64 {
	a, b := q.a, m.b.r
	here := a.Article == b.Article
	na, nb := a.Against(), b.Against()
	answers := a.Stance == model.StanceDenies && !nb && here && a.Key != b.Key
	ia, ib := m.inside()
	sa, sb := sum(m.a.weights[:ia]), sum(m.b.weights[:ib])
	return append(f, is(na != nb), is(na && !nb && here), is(na && !nb && !here), is(na != nb)*w.least, is(na != nb)*w.most,
		is(answers)*w.most, is(a.Stance == b.Stance), math.Exp(-sa/6), math.Exp(-sb/6), math.Exp(-min(sa, sb)/15))
}

// Against reports whether the statement says no to something, in its stance or
// in its words.
func (r *Reading) Against() bool {
	return r.Stance == model.StanceDenies || r.Stance == model.StanceDoubts || r.Tone.Negated || r.Tone.Dismisses || r.Tone.Doubts
}

func is(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func sum(v []float64) float64 {
	var s float64
	for _, x := range v {
		s += x
	}
	return s
}
