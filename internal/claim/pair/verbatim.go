package pair

import "hash/fnv"

const (
	// leastRun is how many words in a row are no chance.
	leastRun = 3
	// mostOf is the share from which on a run is most of a statement.
	mostOf = 0.7
	// A run of repeatRun words, or of longRun whatever else is said, is a
	// repetition; what stands so many words beside it can turn it round.
	repeatRun = 4
	longRun   = 8
	beside    = 4
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

// Repeats reports whether most of one of two statements is said in the other,
// word for word, with nothing beside it in either that would turn it round.
func Repeats(a, b *Reading) bool {
	s := run(a.said, b.said)
	if s.length < repeatRun || s.length < longRun && float64(s.length) < mostOf*float64(min(len(a.said), len(b.said))) {
		return false
	}
	return !turned(a.said, s.endA-s.length, s.endA) && !turned(b.said, s.endB-s.length, s.endB)
}

// turned reports whether words just before or behind a run turn it round.
func turned(said []uint32, from, to int) bool {
	for i := max(0, from-beside); i < min(len(said), to+beside); i++ {
		if (i < from || i >= to) && turning[said[i]] {
			return true
		}
	}
	return false
}

// turning are the hashes of words that turn round what stands beside them.
var turning = func() map[uint32]bool {
	out := map[uint32]bool{}
	for _, list := range []map[string]bool{negations, dismissals, set("deny denies denied denying wrong")} {
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
