package text

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Kind says what a token is.
type Kind uint8

// The kinds of token.
const (
	Word   Kind = iota // letters, with one inner apostrophe: "Syria’s", "don't"
	Number             // digits with inner points and commas: "1,200.5"
	Mark               // any other single character, or one invalid byte
)

// Token is the smallest part of a text.
type Token struct {
	Start, End int
	Kind       Kind
}

// Tokenize cuts text into tokens: a run of letters, optionally followed by one
// apostrophe and more letters; a run of decimal digits, then any number of "."
// or "," and more digits; else any single character that is not white space.
// Tokens are in order, do not overlap and are never empty. A combining mark
// that composes with the letter before it belongs to that letter's word.
func Tokenize(text string) []Token {
	toks := make([]Token, 0, len(text)/5+1)
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsSpace(r):
			i += n
			continue
		case isLetter(r):
			toks = append(toks, Token{i, word(text, i), Word})
		case unicode.Is(unicode.Nd, r):
			toks = append(toks, Token{i, number(text, i), Number})
		default:
			toks = append(toks, Token{i, i + n, Mark})
		}
		i = toks[len(toks)-1].End
	}
	return toks
}

func isLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.Is(unicode.Nl, r) || unicode.Is(unicode.No, r)
}

// word returns where the word that starts at i ends.
func word(text string, i int) int {
	i = letters(text, i)
	r, n := utf8.DecodeRuneInString(text[i:])
	if r == '\'' || r == '’' {
		if j := letters(text, i+n); j > i+n {
			return j
		}
	}
	return i
}

// letters returns where the run of letters at i ends.
func letters(text string, i int) int {
	var last rune
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !isLetter(r) {
			if last = compose(last, r); last == 0 {
				break
			}
		} else {
			last = r
		}
		i += n
	}
	return i
}

// compose returns the letter that base and a combining mark make, 0 for none.
func compose(base, mark rune) rune {
	if base == 0 || mark < 0x300 || !unicode.Is(unicode.Mn, mark) {
		return 0
	}
	s := norm.NFC.String(string([]rune{base, mark}))
	if r, n := utf8.DecodeRuneInString(s); n == len(s) {
		return r
	}
	return 0
}

// number returns where the number that starts at i ends.
func number(text string, i int) int {
	for i = digits(text, i); i < len(text); {
		if text[i] != '.' && text[i] != ',' {
			break
		}
		j := digits(text, i+1)
		if j == i+1 {
			break
		}
		i = j
	}
	return i
}

func digits(text string, i int) int {
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !unicode.Is(unicode.Nd, r) {
			break
		}
		i += n
	}
	return i
}
