package tag

import (
	"strings"

	"crosscheck/internal/text"
)

var (
	oneHash   = hashOf("one")
	ofHash    = hashOf("of")
	plusNames = hashes("plus")
	dateMarks = "/:[("
)

// quantityAt finds an amount: a number, in digits or words, with its scale and
// its unit, or money.
func quantityAt(l line, i int) int {
	if isCurrency(l.str(i)) {
		if n := count(l, i+1); n > 0 && l.touches(i+1) {
			return 1 + n
		}
		return 0
	}
	if !loose(l, i) {
		return 0
	}
	n := count(l, i)
	if n == 0 {
		return 0
	}
	if k := measureAt(l, i+n); k > 0 {
		return n + k
	}
	if n == 1 && (l.among(i, oneHash) || isYear(l, i) || l.has(i, scale) && l.word(i).pos != CD && l.word(i).pos != NNS) {
		return 0
	}
	return n
}

func isCurrency(s string) bool {
	return s == "$" || s == "€" || s == "£" || s == "¥" || s == "₴" || s == "₽"
}

// loose reports whether the number at i is neither part of a longer code nor
// the number of a list's item or a note.
func loose(l line, i int) bool {
	if l.touches(i) {
		for _, r := range l.str(i - 1) {
			if !l.word(i-1).is(mark) || r == '-' || strings.ContainsRune(dateMarks, r) {
				return false
			}
		}
	}
	if !l.isNumber(i) {
		return true
	}
	if l.str(i-1) == "[" || l.word(i-1).is(capital) && !l.word(i-1).is(initial|headline) && l.d.Tokens[l.start+i-1].Kind == text.Word {
		return false // Resolution 2254
	}
	next := l.word(i + 1)
	if !l.touches(i + 1) {
		return true
	}
	return next.is(mark) && l.str(i+1) != ":" && l.str(i+1) != "/" && !(i == 0 && l.str(i+1) != "%") ||
		l.has(i+1, measure|scale)
}

// count is the number of tokens of a number at i: 1,200; 2.5 million; twenty-
// five; hundreds of thousands.
func count(l line, i int) int {
	if !l.isNumber(i) && !l.has(i, number) || l.word(i).is(shouted) {
		return 0
	}
	n := 1
	for {
		switch {
		case l.has(i+n, number|scale) && !l.isNumber(i+n):
			n++
		case l.hyphen(i+n) && l.touches(i+n+1) && l.has(i+n+1, number) && !l.isNumber(i):
			n += 2
		case l.among(i+n, ofHash) && l.has(i+n-1, scale|number) && l.has(i+n+1, scale):
			n += 2
		case (l.hyphen(i+n) || l.str(i+n) == "to") && l.isNumber(i) && l.isNumber(i+n+1) && l.has(i+n+2, measure|scale|period):
			n += 2 // 15 to 20 per cent
		case l.hyphen(i+n) && l.among(i+n+1, plusNames...):
			n += 2
		default:
			return n
		}
	}
}

// measureAt is the number of tokens of a unit of measurement at i, or behind
// a hyphen there.
func measureAt(l line, i int) int {
	if l.hyphen(i) && l.touches(i+1) && l.has(i+1, measure) {
		return 1 + l.entry(i+1)
	}
	if l.has(i, measure) && l.word(i).place != inside {
		return l.entry(i)
	}
	return 0
}
