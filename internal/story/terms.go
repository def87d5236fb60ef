package story

import (
	"slices"
	"unicode/utf8"

	"crosscheck/internal/text"
)

const (
	maxText    = 64 << 10 // bytes of an article that are looked at
	shingleLen = 5        // words in a shingle
	winnow     = 4        // one fingerprint is kept of so many shingles in a row
)

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
