package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// wrapAt is the length from which a line that stops in mid-sentence counts as
// wrapped by hand, so that the next line continues its paragraph.
const wrapAt = 50

// paragraphs cuts at line breaks. A single break stays inside the paragraph
// where it looks like a hard wrap: a long line without a closing mark before
// it, and a lower-case letter after it.
func paragraphs(text string, toks []Token) []Range {
	var out []Range
	start, line := 0, 0 // first token of the paragraph, first byte of the line
	for i := 1; i < len(toks); i++ {
		gap := text[toks[i-1].End:toks[i].Start]
		breaks := strings.Count(gap, "\n")
		if breaks == 0 {
			continue
		}
		wrapped := breaks == 1 && toks[i-1].End-line >= wrapAt && midSentence(text, toks[i-1], toks[i])
		line = toks[i].Start
		if !wrapped {
			out = append(out, Range{start, i})
			start = i
		}
	}
	if start < len(toks) {
		out = append(out, Range{start, len(toks)})
	}
	return out
}

func midSentence(text string, before, after Token) bool {
	last := text[before.Start:before.End]
	if before.Kind == Mark && last != "," && last != "-" {
		return false
	}
	r, _ := utf8.DecodeRuneInString(text[after.Start:])
	return unicode.IsLower(r)
}
