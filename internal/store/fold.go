package store

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"crosscheck/internal/model"
)

// maxToken is where a word is cut for the index: longer ones are no words.
const maxToken = 64

// maxIndexed is how many words of an article are searchable.
const maxIndexed = 50_000

// token is a folded word and where it stands.
type token struct {
	model.Span
	word string
}

// tokens returns the folded words of text: lower case, without accents; in
// scripts that do not put spaces between words, single characters.
func tokens(text string) []string {
	var out []string
	scanTokens(text, func(t token) bool {
		out = append(out, t.word)
		return len(out) < maxIndexed
	})
	return out
}

// foldKey is a name as filters compare it.
func foldKey(name string) string { return strings.Join(tokens(name), " ") }

// scanTokens calls yield for each word of text until it returns false.
func scanTokens(text string, yield func(token) bool) {
	start := -1
	for i, r := range text {
		wordy := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsNumber(r) || (start >= 0 && unicode.IsMark(r))
		alone := wordy && r >= 0x0e00 && unspaced(r)
		if start >= 0 && (!wordy || alone) {
			if !emit(text, start, i, yield) {
				return
			}
			start = -1
		}
		switch {
		case alone:
			if !emit(text, i, i+utf8.RuneLen(r), yield) {
				return
			}
		case wordy && start < 0:
			start = i
		}
	}
	if start >= 0 {
		emit(text, start, len(text), yield)
	}
}

func emit(text string, start, end int, yield func(token) bool) bool {
	word := fold(text[start:end])
	return word == "" || yield(token{model.Span{Start: start, End: end}, word})
}

// unspaced reports whether a script is written without spaces.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// fold lowers a word and drops its accents and anything that is not a letter,
// digit or mark.
func fold(word string) string {
	ascii := true
	for i := 0; i < len(word); i++ {
		ascii = ascii && word[i] < utf8.RuneSelf
	}
	if !ascii {
		word = strings.Map(func(r rune) rune {
			switch {
			case r >= 0x300 && r < 0x370: // combining accents
				return -1
			case !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r):
				return -1
			}
			return unicode.ToLower(r)
		}, norm.NFKD.String(word))
	}
	return cut(strings.ToLower(word), maxToken)
}

// cut returns at most n bytes of s, whole characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
