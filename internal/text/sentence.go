package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// abbreviations never end a sentence by their full stop.
var abbreviations = Set(`mr mrs ms dr prof gen lt col maj capt sgt cpl sen rep gov adm brig cmdr rev hon st mt ft
	vs fig nos inc corp ltd bros jr sr jan feb mar apr aug sept sep oct nov dec approx dept est messrs pres sec supt det`)

// starters open a sentence when they stand capitalised after an initial or an
// abbreviation such as "U.S.".
var starters = Set(`the a an he she it they we i this that these those but and in on at as for when while after before
	if his her its their there according also however meanwhile no not one two such what who why how some many most both`)

// Set is the words of a list that blanks part.
func Set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// sentences cuts every paragraph after a full stop, question or exclamation
// mark and the quotation marks and brackets that close behind it.
func sentences(text string, toks []Token, paras []Range) []Range {
	var out []Range
	for _, p := range paras {
		start := p.Start
		for i := p.Start; i < p.End; i++ {
			if !isStop(text[toks[i].Start:toks[i].End]) {
				continue
			}
			next := closers(text, toks, i+1, p.End)
			if next < p.End && !(opensSentence(text, toks, next) && !abbreviated(text, toks, p.Start, i, next)) {
				continue
			}
			out = append(out, Range{start, next})
			start, i = next, next-1
		}
		if start < p.End {
			out = append(out, Range{start, p.End})
		}
	}
	return out
}

func isStop(s string) bool { return s == "." || s == "!" || s == "?" || s == "…" }

// closers returns the first token from i on that does not close what the stop
// before it ended: more stops, closing quotation marks and brackets.
func closers(text string, toks []Token, i, end int) int {
	for ; i < end; i++ {
		touches := toks[i].Start == toks[i-1].End
		switch s := text[toks[i].Start:toks[i].End]; {
		case isStop(s), s == "”", s == "»", s == ")", s == "]":
		case s == "\"" || s == "'" || s == "’":
			if !touches {
				return i
			}
		default:
			return i
		}
	}
	return i
}

// opensSentence reports whether token i can be the first of a sentence: it
// stands after white space and starts with an upper-case letter, a digit or an
// opening mark.
func opensSentence(text string, toks []Token, i int) bool {
	if toks[i].Start == toks[i-1].End && !strings.Contains("”\"»", text[toks[i-1].Start:toks[i-1].End]) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(text[toks[i].Start:])
	return unicode.IsUpper(r) || unicode.IsDigit(r) || strings.ContainsRune("“\"‘'«([—–•*", r) || unicode.Is(unicode.Lo, r)
}

// abbreviated reports whether the stop at token i belongs to an abbreviation
// or an initial, token next being the one that would open a sentence.
func abbreviated(text string, toks []Token, first, i, next int) bool {
	if text[toks[i].Start] != '.' || i == first || toks[i-1].Kind != Word || toks[i-1].End != toks[i].Start || next != i+1 {
		return false
	}
	word := text[toks[i-1].Start:toks[i-1].End]
	if abbreviations[strings.ToLower(word)] {
		r, _ := utf8.DecodeRuneInString(word)
		return unicode.IsUpper(r)
	}
	if strings.EqualFold(word, "no") {
		return toks[next].Kind == Number
	}
	if utf8.RuneCountInString(word) > 1 || word == "I" && i-1 > first {
		return false
	}
	return !starters[strings.ToLower(text[toks[next].Start:toks[next].End])]
}
