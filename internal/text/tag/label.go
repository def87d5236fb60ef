package tag

import "crosscheck/internal/text"

// The name finder proper labels tokens as part of a person's, an
// organisation's or a place's name. Everything else is found by rules.

// label is a token's part in a name.
type label uint8

const (
	none label = iota
	beginPerson
	inPerson
	beginOrganisation
	inOrganisation
	beginLocation
	inLocation

	numLabels = iota
	start     = numLabels // the state before the first token
)

// labelTypes are the types the labels stand for, by half the label's number
// rounded up.
var labelTypes = [...]Type{0, Person, Organisation, Location}

// typeOf is the type of the name a token with the label stands in.
func typeOf(l label) Type { return labelTypes[(l+1)/2] }

func begins(l label) bool { return l%2 == 1 }

// labelsFor returns the labels of a name of the given type, none for types
// that rules find.
func labelsFor(t Type) (begin, in label) {
	for l := beginPerson; l < numLabels; l += 2 {
		if typeOf(l) == t {
			return l, l + 1
		}
	}
	return none, none
}

// may reports whether label b can follow label a.
func may(a, b label) bool {
	return b == none || begins(b) || a == b || a+1 == b && begins(a)
}

// window bounds the tokens decoded at once.
const window = 512

// decoder finds the best labels of a sentence; it is scratch space for one
// document at a time.
type decoder struct {
	scores [window][numLabels]int32
	back   [window][numLabels]label
	runs   [window]run
	f      [nameFeatures]uint32
	dim    bool // hide which capitalised words there are, when learning
}

// transitions are the scores of a label after another.
type transitions [numLabels + 1][numLabels]int32

// scorer adds up the weights of features: a table, or a model being learned.
type scorer interface {
	score(features []uint32, sum []int32)
}

// decode writes the best labels of at most window words to out. Words that
// rules have taken get none.
func (d *decoder) decode(t scorer, trans *transitions, ws []word, taken []Type, doc *seen, out []label) {
	findRuns(ws, d.runs[:len(ws)])
	for i := range ws {
		d.nameContext(ws, i, doc)
		t.score(d.f[:], d.scores[i][:])
		d.step(trans, i, taken[i] != 0)
	}
	last := best(d.scores[len(ws)-1][:])
	for i := len(ws) - 1; i >= 0; i-- {
		out[i] = label(last)
		last = int(d.back[i][last])
	}
}

// step adds the best way to each label of token i to its score.
func (d *decoder) step(trans *transitions, i int, taken bool) {
	for l := range label(numLabels) {
		if taken && l != none {
			d.scores[i][l] = impossible
			continue
		}
		from, score := d.bestWay(trans, i, l)
		d.back[i][l] = from
		d.scores[i][l] += score
	}
}

const impossible = -1 << 28

func (d *decoder) bestWay(trans *transitions, i int, l label) (label, int32) {
	if i == 0 {
		if !may(none, l) {
			return none, impossible
		}
		return none, trans[start][l]
	}
	from, most := none, int32(impossible)
	for k := range label(numLabels) {
		if s := d.scores[i-1][k] + trans[k][l]; may(k, l) && s > most {
			from, most = k, s
		}
	}
	return from, most
}

// run is the stretch of capitalised words a word stands in.
type run struct{ start, end int32 }

// findRuns finds the stretches of capitalised words: their tokens may be
// joined by hyphens, initials' stops and apostrophes.
func findRuns(ws []word, runs []run) {
	for i := 0; i < len(ws); {
		j := i + 1
		if ws[i].is(capital) {
			for j < len(ws) && (ws[j].is(capital) || joins(ws, j)) {
				j++
			}
		}
		for k := i; k < j; k++ {
			runs[k] = run{int32(i), int32(j)}
		}
		i = j
	}
}

// joins reports whether a mark holds the words beside it together.
func joins(ws []word, j int) bool {
	return ws[j].is(mark) && ws[j].is(touching) && ws[j].hash != commaHash && j+1 < len(ws) && ws[j+1].is(capital) &&
		(ws[j+1].is(touching) || ws[j].hash == stopHash && ws[j-1].is(letter))
}

var (
	stopHash  = markHash(".")
	commaHash = markHash(",")
)

func markHash(s string) uint32 {
	w := spell(s, text.Mark)
	return w.hash
}
