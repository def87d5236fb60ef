package story

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"crosscheck/internal/text"
)

const (
	maxTerms    = 80       // terms kept of an article, the heaviest
	maxText     = 64 << 10 // bytes of an article that are looked at
	titleWeight = 3        // a word of the title counts as three
	leadWeight  = 2        // a word of the first paragraphs as two
	leadBytes   = 600      // how long the first paragraphs are, bytes
	nameWeight  = 1.6      // a capitalised word weighs more: who and where
)

// countTerms returns the weight of each stem of an article: its frequency,
// damped, and raised where the word is a name.
func countTerms(title, body string) map[string]float64 {
	body = clip(body, maxText)
	counts, names := map[string]float64{}, map[string]bool{}
	count(counts, names, title, titleWeight, titleWeight)
	lead := clip(body, leadBytes)
	count(counts, names, lead, leadWeight, 1)
	count(counts, names, body[len(lead):], 1, 1)
	for t, n := range counts {
		w := 1 + math.Log(n)
		if names[t] {
			w *= nameWeight
		}
		counts[t] = w
	}
	return counts
}

// vector keeps the heaviest terms of an article.
func (g *Grouper) vector(counts map[string]float64) []weight {
	stems := slices.Collect(maps.Keys(counts))
	slices.SortFunc(stems, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	out := make([]weight, 0, min(len(stems), maxTerms))
	for _, s := range stems[:cap(out)] {
		t := g.terms[s]
		if t == nil {
			t = &term{stem: s}
		}
		out = append(out, weight{t, counts[s]})
	}
	return out
}

// count adds weight for each word of s that is no stop word; a word that
// is capitalised within a sentence is marked a name.
func count(counts map[string]float64, names map[string]bool, s string, weight, number float64) {
	start := true
	for _, tok := range text.Tokenize(s) {
		raw := s[tok.Start:tok.End]
		if tok.Kind == text.Mark {
			start = start || strings.ContainsAny(raw, ".!?“\"\n")
			continue
		}
		word := text.Lower(raw)
		capital := !start && startsUpper(raw)
		start = false
		if len(word) < 2 || text.IsStop(word) {
			continue
		}
		stem := text.Stem(word)
		if unicode.IsDigit(rune(word[0])) {
			counts[stem] += number
		} else {
			counts[stem] += weight
		}
		if capital {
			names[stem] = true
		}
	}
}

func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// clip cuts s to at most n bytes, at a code point.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
