package tag

import "crosscheck/internal/text"

// The part-of-speech tagger reads every sentence from left to right and takes
// the best tag of each token, given the two tags before it.

// posFeatures is the number of features of a token for its part of speech.
const posFeatures = 22

// around is a word outside the sentence.
var around = word{hash: 1, suf2: 1, suf3: 1, shape: 1}

// at is the word at i, or a stand-in outside the sentence.
func at(ws []word, i int) *word {
	if i < 0 || i >= len(ws) {
		return &around
	}
	return &ws[i]
}

// posContext fills in the features of ws[i] for its part of speech. The words
// are one sentence's; those before i have their tags.
func (t *Tagger) posContext(ws []word, i int, doc *seen, f *[posFeatures]uint32) {
	w, l1, r1 := &ws[i], at(ws, i-1), at(ws, i+1)
	l2, r2 := at(ws, i-2), at(ws, i+2)
	p1, p2 := tagOf(ws, i-1), tagOf(ws, i-2)
	style := uint32(w.flags & (capital | shouted | clitic | numeral | initial | headline))
	u1, u2 := t.usual.of(r1.hash), t.usual.of(r2.hash)
	*f = [posFeatures]uint32{
		mix(0, w.hash),
		mix(1, w.suf3),
		mix(2, w.suf2),
		mix(3, w.pre3),
		mix(4, p1),
		mix(5, mix(p1, p2)),
		mix(6, mix(p1, w.hash)),
		mix(7, l1.hash),
		mix(8, r1.hash),
		mix(9, mix(l1.hash, w.hash)),
		mix(10, mix(w.hash, r1.hash)),
		mix(11, r1.suf3),
		mix(12, l2.hash),
		mix(13, r2.hash),
		mix(14, mix(w.shape, style)),
		mix(15, mix(mix(w.shape, w.suf3), r1.shape)),
		mix(16, mix(style, uint32(hintsOf(doc, w)&(lower|proper)))),
		mix(17, mix(u1, p1)),
		mix(18, mix(u1, w.hash)),
		mix(19, mix(u1, u2)),
		mix(20, mix(mix(p1, w.suf3), u1)),
		mix(21, uint32(w.kinds&(given|surname|country|locality|people|month|weekday|number))<<1|1),
	}
}

func hintsOf(doc *seen, w *word) hints {
	if w.is(mark | numeral) {
		return 0
	}
	return doc.of(w)
}

// tagOf is a number for the tag at i, also outside the sentence.
func tagOf(ws []word, i int) uint32 {
	if i < 0 {
		return numPOS
	}
	return uint32(ws[i].pos)
}

// tagSpeech sets the part of speech of every word.
func (t *Tagger) tagSpeech(d *text.Doc, ws []word, doc *seen) {
	var f [posFeatures]uint32
	var sum [numPOS]int32
	for _, s := range d.Sentences {
		sentence := ws[s.Start:s.End]
		for i := range sentence {
			t.posContext(sentence, i, doc, &f)
			t.speech.score(f[:], sum[:])
			sentence[i].pos = POS(best(sum[:]))
		}
	}
}

// usual knows the usual tag of common words, for looking ahead.
type usual struct{ tags map[uint32]POS }

// of is a number for a word's usual tag.
func (u usual) of(hash uint32) uint32 {
	if p, ok := u.tags[hash]; ok {
		return uint32(p)
	}
	return numPOS
}
