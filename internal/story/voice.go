package story

import (
	"strings"

	"crosscheck/internal/text"
)

// A copy repeats what a reporter wrote. Words that many reporters repeat
// independently, because somebody gave them out, are told apart here.

const (
	// minQuote is the number of tokens from which a quotation is somebody
	// else's text; below it is a word in quotation marks.
	minQuote = 5
	// minFirst is how often the first person occurs in a paragraph that is
	// given out without quotation marks.
	minFirst = 2
)

// tellings are words of a sentence that reports what somebody gave out.
var tellings = wordSet(`said say says saying told tell tells telling added adds adding announced announces stated states
	according statement statements wrote writes writing posted tweeted confirmed confirms denied denies claimed claims
	explained explains noted notes insisted insists stressed stresses argued argues replied reported reports warned
	warns urged acknowledged admitted called spokesman spokeswoman spokesperson communique communiqué`)

// documents are words of a line that introduces a text given out.
var documents = wordSet(`said says statement reads read wrote writes letter communique communiqué release post posted
	message notice text speech declaration remarks words full`)

var firstPerson = wordSet(`we our ours us i my me mine we're we've we'll i'm i've i'll`)

func wordSet(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// voices marks each token of a text that is lent, or in a sentence that
// reports speech.
func voices(doc *text.Doc) []word {
	marks := make([]word, len(doc.Tokens))
	for _, q := range doc.Quotes {
		if q.Depth == 0 && q.Inner().Len() >= minQuote {
			mark(marks, q.Tokens, lent)
		}
	}
	given := false
	for i, p := range doc.Paragraphs {
		given = givenOut(doc, marks, p, given, i > 0 && introduces(doc, doc.Paragraphs[i-1]))
		if given {
			mark(marks, p, lent)
		}
	}
	for _, s := range doc.Sentences {
		if countIn(doc, marks, s, tellings) > 0 {
			mark(marks, s, told)
		}
	}
	return marks
}

func mark(marks []word, r text.Range, m word) {
	for i := r.Start; i < r.End; i++ {
		marks[i] |= m
	}
}

// givenOut reports whether a paragraph without quotation marks is a passage of
// a document or a speech: it follows the line that introduces one, or speaks in
// the first person; going on takes one such word.
func givenOut(doc *text.Doc, marks []word, p text.Range, before, introduced bool) bool {
	n := countIn(doc, marks, p, firstPerson)
	return introduced || n >= minFirst || before && n > 0
}

// introduces reports whether a paragraph ends with a colon and names what
// follows.
func introduces(doc *text.Doc, p text.Range) bool {
	return doc.Token(p.End-1) == ":" && countIn(doc, nil, p, documents) > 0
}

// countIn counts the words of a set in a range, outside lent words.
func countIn(doc *text.Doc, marks []word, r text.Range, set map[string]bool) int {
	n := 0
	for i := r.Start; i < r.End; i++ {
		if doc.Tokens[i].Kind != text.Mark && (marks == nil || marks[i]&lent == 0) && set[text.Fold(doc.Token(i))] {
			n++
		}
	}
	return n
}
