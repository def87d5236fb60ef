package text

import (
	"strings"

	"github.com/kljensen/snowball/english"
)

// Words returns the words and numbers of a text in order, lower-cased, without
// a possessive 's and with straight apostrophes: the terms to index.
func Words(text string) []string {
	toks := Tokenize(text)
	out := make([]string, 0, len(toks))
	for _, t := range toks {
		if t.Kind != Mark {
			out = append(out, Lower(text[t.Start:t.End]))
		}
	}
	return out
}

// Lower is the form of a token under which it is looked up: lower case, with a
// straight apostrophe, without a possessive 's.
func Lower(token string) string {
	s := Fold(token)
	return strings.TrimSuffix(s, "'s")
}

// Fold lower-cases a token and straightens its apostrophe.
func Fold(token string) string {
	s := strings.ToLower(token)
	if strings.Contains(s, "’") {
		s = strings.ReplaceAll(s, "’", "'")
	}
	return s
}

var stopWords = Set(`a about above after again against all also am an and any are as at be because been before being
	below between both but by can could did do does doing down during each few for from further had has have having
	he her here hers herself him himself his how i if in into is it its itself just me more most my myself no nor not
	now of off on once only or other our ours ourselves out over own same she should so some such than that the their
	theirs them themselves then there these they this those through to too under until up upon us very was we were what
	when where which while who whom why will with would you your yours yourself don't didn't doesn't isn't wasn't
	weren't won't wouldn't can't couldn't hasn't haven't hadn't it's he's she's i'm we're they're i've we've they've`)

// IsStop reports whether a word, as Words returns it, is a stop word.
func IsStop(word string) bool { return stopWords[word] }

// Stem returns the English stem of a word as Words returns it.
func Stem(word string) string { return english.Stem(word, false) }
