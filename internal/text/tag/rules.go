package tag

import (
	"slices"

	"crosscheck/internal/text"
)

// line is a sentence as the rules see it. Positions outside it are allowed and
// hold nothing.
type line struct {
	d     *text.Doc
	ws    []word // of the sentence
	start int    // number of its first token
}

// rules find the types of names that have a form of their own. The first that
// matches at a token wins; each returns how many tokens it takes, 0 for none.
var rules = []struct {
	match func(line, int) int
	typ   Type
}{
	{unitAt, Unit},
	{equipmentAt, Equipment},
	{dateAt, Date},
	{quantityAt, Quantity},
}

// applyRules finds the names that have a form of their own, and marks their
// tokens in taken.
func applyRules(d *text.Doc, ws []word, taken []Type) []Name {
	var names []Name
	for _, s := range d.Sentences {
		l := line{d, ws[s.Start:s.End], s.Start}
		for i := 0; i < len(l.ws); {
			n, typ := l.rule(i)
			if n == 0 {
				i++
				continue
			}
			names = append(names, Name{text.Range{Start: s.Start + i, End: s.Start + i + n}, typ})
			for k := range n {
				taken[s.Start+i+k] = typ
			}
			i += n
		}
	}
	return names
}

func (l line) rule(i int) (int, Type) {
	for _, r := range rules {
		if n := r.match(l, i); n > 0 {
			return n, r.typ
		}
	}
	return 0, 0
}

// word is the word at i.
func (l line) word(i int) *word { return at(l.ws, i) }

// str is the token at i.
func (l line) str(i int) string {
	if i < 0 || i >= len(l.ws) {
		return ""
	}
	return l.d.Token(l.start + i)
}

// among reports whether the token at i is one of some, but for its case.
func (l line) among(i int, some ...uint32) bool {
	return i >= 0 && i < len(l.ws) && slices.Contains(some, l.ws[i].hash)
}

func (l line) has(i int, k kinds) bool { return l.word(i).kinds&k != 0 }

func (l line) isNumber(i int) bool { return l.word(i).is(numeral) }

// touches reports whether token i exists and follows the one before it
// without a gap.
func (l line) touches(i int) bool { return i > 0 && i < len(l.ws) && l.ws[i].is(touching) }

// hyphen reports whether token i is a hyphen that touches the token before.
func (l line) hyphen(i int) bool {
	if !l.touches(i) {
		return false
	}
	s := l.str(i)
	return s == "-" || s == "‑" || s == "–"
}

// entry is the number of tokens of the lists' entry that starts at i.
func (l line) entry(i int) int {
	n := 1
	for l.word(i).place == first && l.word(i+n).place == inside {
		n++
	}
	return n
}

// hashes returns the hashes of words.
func hashes(words ...string) []uint32 {
	out := make([]uint32, len(words))
	for i, w := range words {
		out[i] = hashOf(w)
	}
	return out
}
