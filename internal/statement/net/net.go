// Package net finds attributions with a small trained network: it labels every
// token of an article as part of a source, a cue, a content or nothing, and
// then says which source and which content belong to which cue.
//
// Three blocks of a convolution and a bidirectional gated linear recurrence
// read the whole article at once; nothing in them multiplies a matrix from one
// token to the next, so that every product is over all tokens. docs/MODEL.md
// says what the network was trained on and what it is good for.
package net

import (
	"sync"

	"crosscheck/internal/text"
)

// The sizes of the network.
const (
	width  = 128 // of a token between the layers
	gates  = 64  // of the recurrence, one way
	taps   = 3   // of the convolution; also the parts of a span for the linker
	labels = 7

	gloveRows  = 60000
	gloveWidth = 100
	wordTables = 6 // tables whose row depends on the word alone
	wordWidth  = 202
	wordPadded = 208
	placeWidth = 28

	linkWidth = 32
	linkParts = 4
)

// The other tables, in the order of the features.
var (
	tableRows  = [wordTables + placeFeatures]int{8192, 4097, 4097, 513, 10, 8, 19, 19, 10, 4}
	tableWidth = [wordTables + placeFeatures]int{32, 24, 16, 16, 6, 8, 8, 8, 8, 4}
)

// linkFeatures are the rows of the linker's tables, for one kind of link.
var linkFeatures = [...]int{18, 8, 8, 6, 8}

// Net is the trained network. It is safe for concurrent use.
type Net struct {
	vocab      vocab
	glove      []int8
	gloveScale []float32
	tables     [wordTables + placeFeatures][]float32
	word       *matrix                  // first layer, from the word
	places     [placeFeatures][]float32 // first layer, multiplied out by place
	layers     []layer
	norm       scale
	out        affine
	trans      [labels * labels]float32
	moves      [labels * labels]float64 // trans as factors, 0 where forbidden
	link       affine
	noneW      [2][]float32
	noneB      [2]float32
	linkFeat   [len(linkFeatures)][]float32
	kernels    kernels
	pool       sync.Pool
}

// layer is a convolution, or a recurrence where conv is empty.
type layer struct {
	norm            scale
	conv, gate, mix affine
}

type scale struct{ gain, bias []float32 }

type affine struct {
	*matrix
	bias []float32
}

// Span is a stretch of tokens that the network labelled.
type Span struct {
	text.Range
	P    float64 // how sure the label is: of its tokens, the least probable one's
	Link float64 // how sure it is that the span belongs to the cue, or to none where there is none; 0 for a cue
}

// Attribution is a cue with the source and the contents that belong to it. One
// without a cue (an empty range) is a content that no cue of its paragraph
// claims, such as a quotation that goes on.
type Attribution struct {
	Cue     Span
	Source  Span // empty where none stands in the paragraph
	Content []Span
}

// Propose returns the attributions of a document in text order. No span
// crosses a paragraph, and spans never overlap, though one source may serve
// several cues. Time is linear in the length of the text. Memory is bounded but
// for the result: a long text is read in runs of whole paragraphs.
func (n *Net) Propose(d *text.Doc) []Attribution {
	var out []Attribution
	n.each(d, func(r *run, s *scratch) {
		n.decode(r, s)
		n.marginals(r, s)
		n.spans(r, s)
		out = n.linkAll(out, r, s)
	})
	return out
}

// each reads a document run by run, up to the logits.
func (n *Net) each(d *text.Doc, do func(*run, *scratch)) {
	s, ok := n.pool.Get().(*scratch)
	if !ok {
		s = new(scratch)
	}
	defer n.pool.Put(s)
	for rest := piecesOf(d); len(rest) > 0; {
		rest = s.run.fill(d, n.vocab, rest)
		n.forward(&s.run, s)
		do(&s.run, s)
	}
}
