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
	shingleLen  = 5        // words in a shingle
	winnow      = 4        // one fingerprint is kept of so many shingles in a row
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

// shingles returns the fingerprints of a text: FNV-1a hashes of five words in
// a row, the least of every four kept (winnowing: Schleimer, Wilkerson and
// Aiken, 2003), sorted, without repeats. Quoted words are left out where the
// rest is long enough: quoting one press release is not copying one article.
func shingles(body string) []uint64 {
	doc := text.Parse(clip(body, maxText))
	prints := fingerprints(words(doc, true))
	if len(prints) < minPrints {
		prints = fingerprints(words(doc, false))
	}
	slices.Sort(prints)
	return slices.Compact(prints)
}

// words returns the words and numbers of doc, lower-cased; unquoted leaves out
// those inside quotation marks.
func words(doc *text.Doc, unquoted bool) []string {
	out := make([]string, 0, len(doc.Tokens))
	skip, quotes := 0, doc.Quotes
	for i, tok := range doc.Tokens {
		for unquoted && len(quotes) > 0 && quotes[0].Tokens.Start <= i {
			skip = max(skip, quotes[0].Tokens.End)
			quotes = quotes[1:]
		}
		if tok.Kind != text.Mark && (!unquoted || i >= skip) {
			out = append(out, text.Lower(doc.Token(i)))
		}
	}
	return out
}

func fingerprints(words []string) []uint64 {
	if len(words) < shingleLen {
		return nil
	}
	hashes := make([]uint64, len(words)-shingleLen+1)
	for i := range hashes {
		hashes[i] = hashWords(words[i : i+shingleLen])
	}
	if len(hashes) <= winnow {
		return hashes
	}
	out := make([]uint64, 0, 2*len(hashes)/winnow)
	last := -1
	for i := range len(hashes) - winnow + 1 {
		least := i
		for j := i + 1; j < i+winnow; j++ {
			if hashes[j] <= hashes[least] {
				least = j
			}
		}
		if least != last {
			out = append(out, hashes[least])
			last = least
		}
	}
	return out
}

// hashWords is FNV-1a over the words, each ended by a zero byte.
func hashWords(words []string) uint64 {
	h := uint64(14695981039346656037)
	for _, w := range words {
		for i := range len(w) {
			h = (h ^ uint64(w[i])) * 1099511628211
		}
		h *= 1099511628211
	}
	return h
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
