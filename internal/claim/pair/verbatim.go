package pair

import (
	"hash/fnv"

	"crosscheck/internal/text"
)

const (
	// leastRun is how many words in a row are no chance.
	leastRun = 3
	// mostOf is the share from which on a run is most of a statement.
	mostOf = 0.7
	// A run of repeatRun words that is most of one of the two is a repetition, and
	// one of longRun whatever else is said.
	repeatRun = 4
	longRun   = 8
)

// stretch is a run of words: how long it is and where it ends in each of two
// statements.
type stretch struct{ length, endA, endB int }

// run is the longest run of words that stands in both, the first of them.
func run(a, b []uint32) stretch {
	var longest stretch
	row := make([]int, len(b)+1) // of the runs that end at the word of a and each of b
	for i, x := range a {
		for j := len(b); j > 0; j-- {
			if b[j-1] != x {
				row[j] = 0
				continue
			}
			row[j] = row[j-1] + 1
			if row[j] > longest.length {
				longest = stretch{row[j], i + 1, j}
			}
		}
	}
	return longest
}

// Repeats reports whether most of one of two statements, or a long part of both,
// is said in the other word for word, with nothing beside it in its sentence in
// either that would turn it round; whole, that this is all of a sentence of one.
func Repeats(a, b *Reading) (repeats, whole bool) {
	s := run(a.said, b.said)
	if s.length < repeatRun || s.length < longRun && float64(s.length) < mostOf*float64(min(len(a.said), len(b.said))) {
		return false, false
	}
	fromA, fromB := s.endA-s.length, s.endB-s.length
	if turned(a.said, fromA, s.endA) || turned(b.said, fromB, s.endB) {
		return false, false
	}
	return true, ends(a.said, fromA, s.endA) || ends(b.said, fromB, s.endB)
}

// ends reports whether a run begins and ends where sentences do.
func ends(said []uint32, from, to int) bool {
	return (from == 0 || said[from] == 0 || said[from-1] == 0) && (to == len(said) || said[to] == 0 || said[to-1] == 0)
}

// turned reports whether words before or behind a run, in the sentences in which
// it begins and ends, turn it round.
func turned(said []uint32, from, to int) bool {
	for i := from - 1; i >= 0 && said[i] != 0; i-- {
		if turning[said[i]] {
			return true
		}
	}
	for i := to; i < len(said) && said[i] != 0; i++ {
		if turning[said[i]] {
			return true
		}
	}
	return false
}

// turning are the hashes of words that turn round what stands beside them.
var turning = func() map[uint32]bool {
	out := map[uint32]bool{}
	for _, list := range []map[string]bool{negations, dismissals, text.Set("deny denies denied denying wrong lie lies")} {
		for w := range list {
			out[hash(w)] = true
		}
	}
	return out
}()

func hash(word string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(word))
	return h.Sum32()
}
