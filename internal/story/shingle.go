package story

import (
	"math"

	"crosscheck/internal/text"
)

// sketchGap sets the size of a sketch: 18 prints of 400 words, 10 bytes each.
const sketchGap = 2.2

const (
	gramLen  = 5 // words in a shingle
	wordBits = 12
	wordMask = 1<<wordBits - 1
	gramMask = 1<<(gramLen*wordBits) - 1
)

// word is a word of a text as the search for copies sees it: wordBits of a
// hash, so that a shingle is one number, and marks above.
type word uint16

const (
	opens  word = 1 << (wordBits + iota) // the first of a sentence
	lent                                 // not the article's own: quoted, or a standing notice
	told                                 // in a sentence that reports what somebody said
	starts                               // the first of a paragraph
)

// hashWord is FNV-1a over the bytes, folded to wordBits.
func hashWord(s string) word {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return word((h ^ h>>wordBits ^ h>>(2*wordBits)) & wordMask)
}

// shingle is five words in a row: their hashes side by side.
type shingle uint64

// print is the fingerprint of a shingle (the finaliser of SplitMix64).
func (s shingle) print() uint64 {
	h := uint64(s) + 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// shingles returns the shingles of a text, one for each word that has four
// behind it.
func shingles(ws []word) []shingle {
	if len(ws) < gramLen {
		return nil
	}
	out := make([]shingle, 0, len(ws)-gramLen+1)
	var s shingle
	for i, w := range ws {
		s = (s<<wordBits | shingle(w&wordMask)) & gramMask
		if i >= gramLen-1 {
			out = append(out, s)
		}
	}
	return out
}

// sketch returns the numbers of the shingles an article is found by: nearly as
// many as the square root of its length, winnowed (Schleimer, Wilkerson and
// Aiken, 2003), so that a passage of sketchGap times the root, in words, holds
// at least one of them. Shingles of lent words are left out. gs are the shingles of ws.
func sketch(ws []word, gs []shingle) []int {
	own := make([]int, 0, len(gs))
	for i := range gs {
		if lentWords(ws[i:i+gramLen]) == 0 {
			own = append(own, i)
		}
	}
	window := max(4, int(sketchGap*math.Sqrt(float64(len(own))))-1)
	return winnow(gs, own, window)
}

func lentWords(ws []word) int {
	n := 0
	for _, w := range ws {
		if w&lent != 0 {
			n++
		}
	}
	return n
}

// winnow keeps, of every window shingles in a row, the one with the least
// print, the last of equals.
func winnow(gs []shingle, at []int, window int) []int {
	var kept, queue []int // queue: numbers into at, prints growing
	for i := range at {
		p := gs[at[i]].print()
		for len(queue) > 0 && gs[at[queue[len(queue)-1]]].print() >= p {
			queue = queue[:len(queue)-1]
		}
		queue = append(queue, i)
		if queue[0] <= i-window {
			queue = queue[1:]
		}
		full := i >= window-1 || i == len(at)-1
		if least := at[queue[0]]; full && (len(kept) == 0 || kept[len(kept)-1] != least) {
			kept = append(kept, least)
		}
	}
	return kept
}

// gramIndex finds the places of a shingle in one text.
type gramIndex struct {
	grams []shingle
	heads []int32 // by hash: 1 + the last place of the shingle there, 0 for none
	prev  []int32 // 1 + the place before with the same shingle
}

func indexGrams(gs []shingle) *gramIndex {
	size := 1
	for size < 2*len(gs) {
		size *= 2
	}
	x := &gramIndex{grams: gs, heads: make([]int32, size), prev: make([]int32, len(gs))}
	for i, g := range gs {
		slot := x.slot(g)
		x.prev[i], x.heads[slot] = x.heads[slot], int32(i+1)
	}
	return x
}

// slot is where the head of g is, or would be.
func (x *gramIndex) slot(g shingle) uint64 {
	mask := uint64(len(x.heads) - 1)
	slot := g.print() & mask
	for x.heads[slot] != 0 && x.grams[x.heads[slot]-1] != g {
		slot = (slot + 1) & mask
	}
	return slot
}

// first reports whether no earlier place holds the shingle at i.
func (x *gramIndex) first(i int) bool { return x.prev[i] == 0 }

// common marks the shingles that the indexed text and another have in common:
// in a for the indexed one, in b for the other.
func (x *gramIndex) common(other []shingle) (a, b []bool) {
	a, b = make([]bool, len(x.grams)), make([]bool, len(other))
	for j, g := range other {
		at := x.heads[x.slot(g)]
		b[j] = at != 0
		for at != 0 && !a[at-1] {
			a[at-1] = true
			at = x.prev[at-1]
		}
	}
	return a, b
}

// covered marks the n words that stand in a marked shingle.
func covered(grams []bool, n int) []bool {
	out := make([]bool, n)
	end := 0
	for i, hit := range grams {
		if hit {
			for j := max(i, end); j < i+gramLen; j++ {
				out[j] = true
			}
			end = i + gramLen
		}
	}
	return out
}

// bodyWords returns the words and numbers of a text, marked.
func bodyWords(body string) []word {
	doc := text.Parse(clip(body, maxText))
	voice := voices(doc)
	out := make([]word, 0, len(doc.Tokens))
	var pending word
	s, p := 0, 0
	for i, tok := range doc.Tokens {
		if s < len(doc.Sentences) && doc.Sentences[s].Start == i {
			pending |= opens
			s++
		}
		if p < len(doc.Paragraphs) && doc.Paragraphs[p].Start == i {
			pending |= starts
			p++
		}
		if tok.Kind != text.Mark {
			out = append(out, hashWord(text.Lower(doc.Token(i)))|voice[i]|pending)
			pending = 0
		}
	}
	return ownOrAll(out)
}

const (
	minOwn      = 40   // words of its own that an article is judged by, if it has as many
	minOwnShare = 0.15 // and the least share of all words
)

// ownOrAll takes the lent marks away where next to nothing is left: such a text
// is the quotation.
func ownOrAll(ws []word) []word {
	if own := len(ws) - lentWords(ws); own < minOwn || float64(own) < minOwnShare*float64(len(ws)) {
		for i := range ws {
			ws[i] &^= lent
		}
	}
	return ws
}
