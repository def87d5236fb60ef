// Package text cuts running text into tokens, paragraphs, sentences and
// quotations. Every offset it returns is a byte offset into the string it was
// given, so that text[s.Start:s.End] is the thing itself; nothing is
// normalised, re-spelled or dropped. All functions are pure, linear in the
// length of the text, and accept any bytes, valid UTF-8 or not.
package text

// Span is a half-open range of byte offsets [Start, End) into a text.
type Span struct{ Start, End int }

// Of returns the part of text the span covers.
func (s Span) Of(text string) string { return text[s.Start:s.End] }

// Range is a half-open range of token numbers [Start, End).
type Range struct{ Start, End int }

// Len is the number of tokens in the range.
func (r Range) Len() int { return r.End - r.Start }

// Doc is a text cut into its parts. The slices are in text order and must not
// be changed.
type Doc struct {
	Text       string
	Tokens     []Token
	Paragraphs []Range
	Sentences  []Range // never cross a paragraph
	Quotes     []Quote // by opening mark; an inner quote follows the one it stands in
}

// Parse cuts a text into all its parts.
func Parse(text string) *Doc {
	toks := Tokenize(text)
	paras := paragraphs(text, toks)
	return &Doc{
		Text:       text,
		Tokens:     toks,
		Paragraphs: paras,
		Sentences:  sentences(text, toks, paras),
		Quotes:     quotes(text, toks, paras),
	}
}

// Token returns the characters of token i.
func (d *Doc) Token(i int) string { return d.Text[d.Tokens[i].Start:d.Tokens[i].End] }

// Span returns the bytes from the first token of r to its last. The range must
// not be empty.
func (d *Doc) Span(r Range) Span {
	return Span{d.Tokens[r.Start].Start, d.Tokens[r.End-1].End}
}

// Sentences returns the spans of the sentences of a text.
func Sentences(text string) []Span {
	toks := Tokenize(text)
	return spans(toks, sentences(text, toks, paragraphs(text, toks)))
}

// Paragraphs returns the spans of the paragraphs of a text, without the white
// space around them.
func Paragraphs(text string) []Span {
	toks := Tokenize(text)
	return spans(toks, paragraphs(text, toks))
}

// Quotes returns the quotations of a text, by opening mark.
func Quotes(text string) []Quote {
	toks := Tokenize(text)
	return quotes(text, toks, paragraphs(text, toks))
}

func spans(toks []Token, rs []Range) []Span {
	out := make([]Span, len(rs))
	for i, r := range rs {
		out[i] = Span{toks[r.Start].Start, toks[r.End-1].End}
	}
	return out
}
