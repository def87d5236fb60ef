package tag

import (
	"unicode"
	"unicode/utf8"

	"crosscheck/internal/text"
)

// word is what the features and the rules know about a token. Everything is a
// number, so that no token costs an allocation.
type word struct {
	hash       uint32 // of the lower-cased word without 's; digits count as 0
	suf2, suf3 uint32 // hashes of its last two and three letters
	pre3       uint32 // hash of its first three letters
	shape      uint32 // hash of its shape: Xx for London, XX for NATO, d for 12
	kinds      kinds  // what the lists say about it
	place      place  // its place in the entry of the lists that says so
	flags      flags
	pos        POS
}

// flags are the yes-or-no properties of a token.
type flags uint16

const (
	capital  flags = 1 << iota // starts with an upper-case letter
	shouted                    // more than one letter, none of them lower-case
	clitic                     // ends in 's
	numeral                    // is a number
	mark                       // is neither word nor number
	initial                    // the first word of its sentence or quotation
	touching                   // nothing between it and the token before
	letter                     // is a single letter
	headline                   // stands in a sentence in capitals or title case
)

func (w *word) is(f flags) bool { return w.flags&f != 0 }

const (
	hashBasis = 2166136261
	hashPrime = 16777619
)

// spelling reads a token rune by rune.
type spelling struct {
	hash        uint32
	shape       uint32
	last        rune // class of the rune before
	run         int  // runes of that class so far
	tail        [3]rune
	pre3        uint32
	n           int
	upper, down int
}

func (s *spelling) add(r rune) {
	class := 'x'
	switch {
	case 'a' <= r && r <= 'z':
		s.down++
	case unicode.IsDigit(r):
		class, r = 'd', '0'
	case unicode.IsUpper(r):
		class, r = 'X', unicode.ToLower(r)
		s.upper++
	case unicode.IsLower(r):
		s.down++
	case !unicode.IsLetter(r):
		class = r
	}
	if class != s.last {
		s.last, s.run = class, 0
	}
	if s.run++; s.run <= 2 {
		s.shape = (s.shape ^ uint32(class)) * hashPrime
	}
	s.hash = (s.hash ^ uint32(r)) * hashPrime
	s.tail[0], s.tail[1], s.tail[2] = s.tail[1], s.tail[2], r
	if s.n++; s.n <= 3 {
		s.pre3 = s.hash
	}
}

// spell describes one token by its characters alone.
func spell(token string, kind text.Kind) word {
	stem, owned := token, false
	if kind == text.Word {
		stem, owned = cutClitic(token)
	}
	s := spelling{hash: hashBasis, shape: hashBasis}
	for _, r := range stem {
		if r == '’' {
			r = '\''
		}
		s.add(r)
	}
	w := word{hash: s.hash, shape: s.shape, pre3: s.pre3}
	w.suf2 = mix(uint32(s.tail[1]), uint32(s.tail[2]))
	w.suf3 = mix(uint32(s.tail[0]), w.suf2)
	if owned {
		w.flags |= clitic
	}
	switch kind {
	case text.Number:
		w.flags |= numeral
	case text.Mark:
		w.flags |= mark
	}
	if s.n == 1 && kind == text.Word {
		w.flags |= letter
	}
	if r, _ := utf8.DecodeRuneInString(token); unicode.IsUpper(r) {
		w.flags |= capital
		if s.down == 0 && s.upper > 1 {
			w.flags |= shouted
		}
	}
	return w
}

// cutClitic takes a final 's off a word.
func cutClitic(token string) (string, bool) {
	n := len(token)
	if n < 3 || token[n-1] != 's' && token[n-1] != 'S' {
		return token, false
	}
	if token[n-2] == '\'' {
		return token[:n-2], true
	}
	if n > 4 && token[n-4:n-1] == "’" {
		return token[:n-4], true
	}
	return token, false
}

// mix hashes two numbers into one.
func mix(a, b uint32) uint32 {
	x := (uint64(a)<<32 | uint64(b)) * 0x9E3779B97F4A7C15
	x ^= x >> 29
	return uint32(x * 0xBF58476D1CE4E5B9 >> 32)
}

// hashOf is the hash a word has as a token.
func hashOf(s string) uint32 {
	w := spell(s, text.Word)
	return w.hash
}

// words describes all tokens of a document.
func words(d *text.Doc, lists *gazetteer) []word {
	ws := make([]word, len(d.Tokens))
	for i, t := range d.Tokens {
		ws[i] = spell(d.Text[t.Start:t.End], t.Kind)
		if i > 0 && d.Tokens[i-1].End == t.Start {
			ws[i].flags |= touching
		}
	}
	for _, s := range d.Sentences {
		markSentence(d, ws[s.Start:s.End], s.Start)
	}
	lists.mark(d, ws)
	return ws
}

// markSentence finds the words whose capital says nothing: those that open
// the sentence or a quotation in it, and all of a headline's.
func markSentence(d *text.Doc, ws []word, start int) {
	opens, capitals, total := true, 0, 0
	for i := range ws {
		w := &ws[i]
		if w.is(mark) {
			opens = opens || opensQuote(d.Token(start+i))
			continue
		}
		if opens {
			w.flags |= initial
			opens = false
		}
		if d.Tokens[start+i].Kind == text.Word {
			total++
			if w.is(capital) {
				capitals++
			}
		}
	}
	if total < 4 || capitals*10 < total*7 {
		return
	}
	for i := range ws {
		ws[i].flags |= headline
	}
}

func opensQuote(mark string) bool {
	return mark == "“" || mark == "\"" || mark == "‘" || mark == "«" || mark == "(" || mark == ":"
}
