package web

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"crosscheck/internal/model"
)

// excerptRunes is how much of a text a public page may show beyond the
// statements with their sentences, in characters.
const excerptRunes = 200

// minOpening is the least of an opening that is worth showing, in bytes.
const minOpening = 40

// maxSentence bounds how far a sentence is followed, in bytes each way.
const maxSentence = 500

// excerpt is what a public page may show of a text.
type excerpt struct {
	Visible []model.Span // in text order, apart from each other
	Left    int          // characters of the allowance not used
}

// excerptOf chooses the sentences of the statements and an opening of at most
// extra characters. It is never the whole text: where statements are all
// there is, first the opening goes, then the sentences round the words, then
// the last words.
func excerptOf(text string, list []model.Statement, extra int) excerpt {
	var sentences, bare []model.Span
	for i := range list {
		for _, sp := range list[i].Content {
			if sp = sane(text, sp); sp.Start < sp.End {
				bare = append(bare, sp)
			}
		}
		sentences = append(sentences, sentencesOf(text, &list[i])...)
	}
	sentences, bare = union(text, sentences), union(text, bare)
	opening, left := openingOf(text, sentences, extra)
	for _, try := range []excerpt{{union(text, append(opening, sentences...)), left}, {sentences, extra}, {bare, extra}} {
		if !whole(text, try.Visible) {
			return try
		}
	}
	for len(bare) > 1 && whole(text, bare) {
		bare = bare[:len(bare)-1]
	}
	for len(bare) > 0 && whole(text, bare) { // one statement is the whole text
		half := bare[0].Of(text)
		bare[0].End = bare[0].Start + clipAt(half, utf8.RuneCountInString(half)/2)
	}
	return excerpt{bare, extra}
}

// sentencesOf is the spans of the sentences a statement stands in, speaker and
// cue included where they stand in the same paragraph.
func sentencesOf(text string, st *model.Statement) []model.Span {
	var out []model.Span
	for _, sp := range st.Content {
		if sp = sane(text, sp); sp.Start == sp.End {
			continue
		}
		for _, near := range []model.Span{sane(text, st.Cue), sane(text, st.Mention)} {
			lo, hi := min(sp.Start, near.Start), max(sp.End, near.End)
			if near.Start < near.End && hi-lo < sp.End-sp.Start+maxSentence && !strings.Contains(text[lo:hi], "\n\n") {
				sp = model.Span{Start: lo, End: hi}
			}
		}
		out = append(out, sentenceRound(text, sp))
	}
	return out
}

// sentenceRound widens a span to the ends of its sentences, never beyond its
// paragraphs.
func sentenceRound(text string, sp model.Span) model.Span {
	lo := max(0, sp.Start-maxSentence)
	if i := strings.LastIndex(text[lo:sp.Start], "\n\n"); i >= 0 {
		lo += i + 2
	}
	hi := min(len(text), sp.End+maxSentence)
	if i := strings.Index(text[sp.End:hi], "\n\n"); i >= 0 {
		hi = sp.End + i
	}
	lo, hi = runeStart(text, lo), runeStart(text, hi)
	start, end := lo, hi
	for i := sp.Start; i > lo; i-- {
		if sentenceEnds(text, i, lo) {
			start = i
			break
		}
	}
	for i := sp.End; i < hi; i++ {
		if sentenceEnds(text, i, lo) {
			end = i
			break
		}
	}
	return trim(text, model.Span{Start: start, End: end})
}

// sentenceEnds reports whether a sentence ends right before the white space at
// i: a full stop, question or exclamation mark, closing quotation marks after
// it, and no abbreviation.
func sentenceEnds(text string, i, from int) bool {
	if i >= len(text) || !unicode.IsSpace(rune(text[i])) {
		return false
	}
	s := strings.TrimRight(text[from:i], "\"'”’»)]")
	r, size := utf8.DecodeLastRuneInString(s)
	if !strings.ContainsRune(".!?…。", r) {
		return false
	}
	if r != '.' {
		return true
	}
	word := s[strings.LastIndexAny(s[:len(s)-size], " \n.(")+1 : len(s)-size]
	first, _ := utf8.DecodeRuneInString(word)
	return utf8.RuneCountInString(word) > 3 || !unicode.IsUpper(first)
}

// openingOf is the start of the text, so far that at most extra characters of
// it are not visible anyway, and what is left of them.
func openingOf(text string, visible []model.Span, extra int) ([]model.Span, int) {
	left, end := extra, 0
	for i, r := range text {
		if !covered(visible, i) {
			if left == 0 {
				break
			}
			left--
		}
		end = i + utf8.RuneLen(r)
		if r == utf8.RuneError {
			end = i + 1
		}
	}
	if end < len(text) && end > 0 && !covered(visible, end-1) {
		end = openingEnd(text, end, visible)
	}
	if end < minOpening && end < len(text) {
		return nil, extra
	}
	return []model.Span{trim(text, model.Span{End: end})}, left
}

// openingEnd moves the end of an opening back to the end of a sentence, or of
// a word where there is none.
func openingEnd(text string, end int, visible []model.Span) int {
	for i := end; i >= minOpening && !covered(visible, i-1); i-- {
		if sentenceEnds(text, i, max(0, i-maxSentence)) {
			return i
		}
	}
	if cut := strings.LastIndexAny(text[:end], " \n"); cut > 0 && !covered(visible, cut) {
		return cut
	}
	return end
}

func covered(spans []model.Span, i int) bool {
	n, _ := slices.BinarySearchFunc(spans, i, func(s model.Span, i int) int {
		if s.End <= i {
			return -1
		}
		return 1
	})
	return n < len(spans) && spans[n].Start <= i
}

// union joins spans that overlap or have only white space between them within
// one paragraph.
func union(text string, spans []model.Span) []model.Span {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b model.Span) int { return a.Start - b.Start })
	var out []model.Span
	for _, s := range spans {
		if s.Start >= s.End {
			continue
		}
		if n := len(out); n > 0 && (s.Start <= out[n-1].End || onlySpace(text[out[n-1].End:s.Start])) {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}

func onlySpace(s string) bool { return strings.TrimSpace(s) == "" }

// whole reports whether the spans leave out no letter of a text that has any.
func whole(text string, spans []model.Span) bool {
	pos := 0
	for _, s := range spans {
		if strings.ContainsFunc(text[pos:s.Start], letter) {
			return false
		}
		pos = s.End
	}
	return !strings.ContainsFunc(text[pos:], letter) && strings.ContainsFunc(text, letter)
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func trim(text string, s model.Span) model.Span {
	t := s.Of(text)
	s.Start += len(t) - len(strings.TrimLeftFunc(t, unicode.IsSpace))
	s.End = s.Start + len(strings.TrimSpace(t))
	return s
}

// sane puts a span inside the text, on character boundaries.
func sane(text string, s model.Span) model.Span {
	s.Start = runeStart(text, min(max(s.Start, 0), len(text)))
	s.End = runeStart(text, min(max(s.End, s.Start), len(text)))
	return s
}

func runeStart(s string, i int) int {
	for i > 0 && i < len(s) && !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}
