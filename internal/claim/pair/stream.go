package pair

import "math"

// Stream counts in how many statements each word stands. The zero value is
// empty and ready.
type Stream struct {
	n       int
	words   map[*Word]int
	classes map[sense]int
}

const (
	// prior stands in for the statements of other days: it keeps the weights
	// of words sane while few statements are inside.
	prior = 100
	// perStatement is how many words a statement has.
	perStatement = 20
	// nameWeight: who and where weigh more.
	nameWeight = 1.2
)

// Add counts a statement.
func (x *Stream) Add(r *Reading) { x.count(r, 1) }

// Remove takes away a statement that was added.
func (x *Stream) Remove(r *Reading) { x.count(r, -1) }

func (x *Stream) count(r *Reading, by int) {
	if x.words == nil {
		x.words, x.classes = map[*Word]int{}, map[sense]int{}
	}
	x.n += by
	for _, t := range r.terms {
		if x.words[t.Word] += by; x.words[t.Word] == 0 {
			delete(x.words, t.Word)
		}
	}
	for _, c := range r.classes() {
		x.classes[c] += by
	}
}

// Weight is the inverse document frequency of a word, in the stream and in
// running English together.
func (x *Stream) Weight(w *Word) float64 {
	expected := prior * min(1, perStatement*w.share)
	return math.Log((float64(x.n) + prior + 1) / (float64(x.words[w]) + expected + 1))
}

// classWeight is the same for a class of the lexicon.
func (x *Stream) classWeight(c sense) float64 {
	return math.Log((float64(x.n) + prior) / (float64(x.classes[c]) + 1.5))
}

func (x *Stream) weights(ts []term) []float64 {
	out := make([]float64, len(ts))
	for i, t := range ts {
		out[i] = x.Weight(t.Word)
		if t.name {
			out[i] *= nameWeight
		}
	}
	return out
}
