package net

import "crosscheck/internal/text"

// maxRun is the most tokens, paragraph marks included, that the network reads
// at once: whole paragraphs, unless one alone is longer.
const maxRun = 2000

// The features of a place, in the order of the embeddings.
const (
	placeQuote = iota
	placeQuoteEnd
	placeSentence
	placeParagraph
	placeFeatures
)

// place is where a token stands.
type place [placeFeatures]uint8

// The place of a paragraph mark, but for its paragraph.
const (
	markQuote    = 18
	markSentence = 9
)

// run is a stretch of an article that the network reads at once.
type run struct {
	words  []word           // the distinct words, the paragraph mark first
	number map[string]int32 // a token's number in words
	seq    []int32          // the word of every token
	tokens []int32          // the token's number in the document, -1 for a mark
	marks  []int32          // where the paragraphs start, and the end of the run
	inside []bool           // in a quotation, its marks included
	cut    []bool           // a count of tokens inside or outside quotations starts
	places []place
	spell  speller
}

// piece is a paragraph, or a part of one that is longer than a run.
type piece struct {
	text.Range
	paragraph int
}

// fill reads pieces from the front until the run is full, and returns the rest.
func (r *run) fill(d *text.Doc, v vocab, pieces []piece) []piece {
	r.reset()
	for len(pieces) > 0 {
		p := pieces[0]
		if len(r.seq) > 0 && len(r.seq)+1+p.Len() > maxRun {
			break
		}
		r.add(0, -1)
		for i := p.Start; i < p.End; i++ {
			r.add(r.lookUp(v, d.Token(i)), int32(i))
		}
		r.place(int(r.marks[len(r.marks)-1]), p.paragraph)
		r.marks = append(r.marks, int32(len(r.seq)))
		pieces = pieces[1:]
	}
	return pieces
}

func (r *run) reset() {
	if r.number == nil {
		r.number = map[string]int32{}
	}
	clear(r.number)
	r.words = append(r.words[:0], markWord)
	r.marks = append(r.marks[:0], 0)
	r.seq, r.tokens, r.places = r.seq[:0], r.tokens[:0], r.places[:0]
	r.inside, r.cut = r.inside[:0], r.cut[:0]
}

func (r *run) add(word, token int32) {
	r.seq = append(r.seq, word)
	r.tokens = append(r.tokens, token)
	r.places = append(r.places, place{})
	r.inside = append(r.inside, false)
	r.cut = append(r.cut, false)
}

func (r *run) lookUp(v vocab, token string) int32 {
	k, ok := r.number[token]
	if !ok {
		k = int32(len(r.words))
		r.words = append(r.words, r.spell.read(v, token))
		r.number[token] = k
	}
	return k
}

// role returns the role of token i of the run.
func (r *run) role(i int) role { return r.words[r.seq[i]].role }

// place finds the places of the tokens of the paragraph whose mark is at from
// and which ends the run so far.
func (r *run) place(from, paragraph int) {
	end, para := len(r.seq), uint8(min(paragraph, 3))
	r.places[from] = place{markQuote, markQuote, markSentence, para}
	r.quotes(from+1, end)
	since, sentence := 0, 0
	for i := from + 1; i < end; i++ {
		since++
		sentence++
		if r.cut[i] {
			since = 0
		}
		if i == from+1 || r.opens(i) {
			sentence = 0
		}
		r.places[i] = place{inQuote(r.inside[i]) + bucket(since), 0, bucket(sentence), para}
	}
	until := 0
	for i := end - 1; i > from; i-- {
		until++
		if i+1 == end || r.cut[i+1] {
			until = 0
		}
		r.places[i][placeQuoteEnd] = inQuote(r.inside[i]) + bucket(until)
	}
}

// quotes marks what stands inside quotations and where that changes.
func (r *run) quotes(from, end int) {
	open := false
	for i := from; i < end; i++ {
		q := r.role(i)
		r.inside[i] = open || q&isQuote != 0
		switch {
		case q&isOpening != 0:
			open = true
		case q&isClosing != 0:
			open = false
		case q&isStraight != 0:
			open = !open
		}
		r.cut[i] = i == from || r.inside[i] != r.inside[i-1]
	}
}

// opens reports whether a sentence starts at token i, which is not the first
// of its paragraph.
func (r *run) opens(i int) bool {
	is, last := r.role(i), r.role(i-1)
	if last&isStop != 0 && r.role(i-2)&isLong != 0 && is&(isUpper|isOpening|isStraight) != 0 {
		return true
	}
	return last&(isClosing|isStraight) != 0 && r.role(i-2)&isStop != 0 && is&isUpper != 0 && !r.inside[i]
}

// bucket puts a distance into one of nine classes.
func bucket(d int) uint8 {
	n := uint8(0)
	for _, from := range [...]int{1, 2, 3, 4, 6, 9, 15, 26} {
		if d >= from {
			n++
		}
	}
	return n
}

const buckets = 9

func inQuote(is bool) uint8 {
	if is {
		return buckets
	}
	return 0
}

// piecesOf returns the paragraphs of a document, long ones in parts.
func piecesOf(d *text.Doc) []piece {
	out := make([]piece, 0, len(d.Paragraphs))
	for n, p := range d.Paragraphs {
		for from := p.Start; from < p.End; from += maxRun - 1 {
			out = append(out, piece{text.Range{Start: from, End: min(from+maxRun-1, p.End)}, n})
		}
	}
	return out
}
