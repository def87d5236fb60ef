package tag

import (
	"math/rand/v2"
	"slices"

	"crosscheck/internal/text"
)

// Sample is a document with the right answers.
type Sample struct {
	Doc   *text.Doc
	POS   []POS  // nil where they are not known
	Names []Name // of people, organisations and places
	Named bool   // Names are known
}

// Learn makes a tagger from samples: averaged perceptrons, the one for parts
// of speech greedy, the one for names over whole sentences. Samples with parts
// of speech teach the first, those with names the second. The names are
// learned from parts of speech as a tagger gives them that has seen only
// plain, so that they are as good and as bad as on a text not seen before. The
// result depends on nothing but the samples and their order.
func Learn(samples, plain []Sample) (*Tagger, error) {
	t, err := blank()
	if err != nil {
		return nil, err
	}
	t.learnSpeech(plain)
	prepared := t.prepareNames(samples)
	if len(plain) < len(samples) {
		t.learnSpeech(samples)
	}
	t.learnNames(prepared)
	return t, nil
}

// blank is a tagger that has learned nothing.
func blank() (*Tagger, error) {
	lists, err := loadGazetteer()
	if err != nil {
		return nil, err
	}
	t := &Tagger{lists: lists, speech: newTable(numPOS, 0), names: newTable(numLabels, 0)}
	t.spare.New = func() any { return new(decoder) }
	return t, nil
}

const (
	speechRounds = 8
	nameRounds   = 12
	hidden       = 7 // sentences of ten in which the capitalised words are hidden
	usualFrom    = 4 // occurrences from which a word's usual tag is kept
)

// learnSpeech learns the parts of speech.
func (t *Tagger) learnSpeech(samples []Sample) {
	samples = slices.DeleteFunc(slices.Clone(samples), func(s Sample) bool { return s.POS == nil })
	var docs [][]word
	var seens []*seen
	for _, s := range samples {
		ws, doc := t.prepare(s.Doc)
		docs, seens = append(docs, ws), append(seens, doc)
	}
	t.usual = learnUsual(samples, docs)
	p := newPerceptron(numPOS)
	var f [posFeatures]uint32
	each := func(k int, visit func(s Sample, sentence []word, i, at int)) {
		for _, r := range samples[k].Doc.Sentences {
			for i := range docs[k][r.Start:r.End] {
				t.posContext(docs[k][r.Start:r.End], i, seens[k], &f)
				visit(samples[k], docs[k][r.Start:r.End], i, r.Start+i)
			}
		}
	}
	for k := range samples {
		each(k, func(s Sample, sentence []word, i, at int) {
			p.count(f[:])
			sentence[i].pos = s.POS[at]
		})
	}
	p.settle()
	for _, k := range rounds(len(samples), speechRounds) {
		each(k, func(s Sample, sentence []word, i, at int) {
			guess, right := POS(p.best(f[:])), s.POS[at]
			sentence[i].pos = guess
			p.learn(f[:], int(right), int(guess))
		})
	}
	t.speech = p.table()
}

// learnUsual finds the most frequent tag of every word that is not rare.
func learnUsual(samples []Sample, docs [][]word) usual {
	counts := map[uint32]*[numPOS]int{}
	for k, s := range samples {
		for i, w := range docs[k] {
			if counts[w.hash] == nil {
				counts[w.hash] = new([numPOS]int)
			}
			counts[w.hash][s.POS[i]]++
		}
	}
	u := usual{map[uint32]POS{}}
	for hash, c := range counts {
		total, top := 0, 0
		for p, n := range c {
			total += n
			if n > c[top] {
				top = p
			}
		}
		if total >= usualFrom {
			u.tags[hash] = POS(top)
		}
	}
	return u
}

// rounds is the order in which to go through n samples, several times.
func rounds(n, times int) []int {
	rng := rand.New(rand.NewPCG(1, 2))
	var out []int
	for range times {
		out = append(out, rng.Perm(n)...)
	}
	return out
}

// lesson is one sample made ready for learning names.
type lesson struct {
	sample Sample
	ws     []word
	doc    *seen
	taken  []Type
	gold   []label
}

// prepareNames tags the samples' parts of speech and lays out their labels.
func (t *Tagger) prepareNames(samples []Sample) []lesson {
	var out []lesson
	for _, s := range samples {
		if !s.Named {
			continue
		}
		ws, doc := t.prepare(s.Doc)
		t.tagSpeech(s.Doc, ws, doc)
		l := lesson{sample: s, ws: ws, doc: doc, taken: make([]Type, len(ws)), gold: make([]label, len(ws))}
		applyRules(s.Doc, ws, l.taken)
		for _, n := range s.Names {
			l.set(n)
		}
		out = append(out, l)
	}
	return out
}

// set lays out the labels of one name, unless a rule has taken part of it.
func (l *lesson) set(n Name) {
	begin, in := labelsFor(n.Type)
	if begin == none || slices.ContainsFunc(l.taken[n.Start:n.End], func(t Type) bool { return t != 0 }) {
		return
	}
	l.gold[n.Start] = begin
	for i := n.Start + 1; i < n.End; i++ {
		l.gold[i] = in
	}
}

// learnNames learns the labels.
func (t *Tagger) learnNames(lessons []lesson) {
	p, trans := newPerceptron(numLabels), newPerceptron(numLabels)
	dec := new(decoder)
	each := func(l *lesson, visit func(from, to int)) {
		for _, s := range l.sample.Doc.Sentences {
			for from := s.Start; from < s.End; from += window {
				visit(from, min(from+window, s.End))
			}
		}
	}
	for k := range lessons {
		l := &lessons[k]
		each(l, func(from, to int) {
			findRuns(l.ws[from:to], dec.runs[:to-from])
			for i := range l.ws[from:to] {
				dec.nameContext(l.ws[from:to], i, l.doc)
				p.count(dec.f[:])
			}
		})
	}
	p.settle()
	trans.know(numLabels + 1)
	guess := make([]label, window)
	rng := rand.New(rand.NewPCG(3, 4))
	for _, k := range rounds(len(lessons), nameRounds) {
		l := &lessons[k]
		each(l, func(from, to int) {
			dec.dim = rng.IntN(10) < hidden
			tr := trans.transitions()
			dec.decode(p, &tr, l.ws[from:to], l.taken[from:to], l.doc, guess)
			correct(dec, p, trans, l, from, guess[:to-from])
		})
	}
	t.names = p.table()
	t.trans = trans.averaged()
}

// correct moves the weights from the guess towards the right labels.
func correct(dec *decoder, p, trans *perceptron, l *lesson, from int, guess []label) {
	before, guessed := uint32(start), uint32(start)
	ws := l.ws[from : from+len(guess)]
	for i, g := range guess {
		right := l.gold[from+i]
		if g != right {
			dec.nameContext(ws, i, l.doc)
			p.learn(dec.f[:], int(right), int(g))
		}
		if g != right || before != guessed {
			trans.move(before, int(right), 1)
			trans.move(guessed, int(g), -1)
		}
		before, guessed = uint32(right), uint32(g)
	}
	p.step++
	trans.step++
}
