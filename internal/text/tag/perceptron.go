package tag

import "math"

// perceptron learns the weights of a linear model from its mistakes. The
// weights it gives away in the end are averages over all steps.
type perceptron struct {
	labels  int
	counts  map[uint32]uint8 // occurrences of features, until settle
	index   *table           // which features there are; its rows stay empty
	weights []int32
	totals  []int64 // of changes, times the step at which they were made
	step    int64
	sum     []int32
}

// rare is the number of occurrences below which a feature is left out.
const rare = 2

func newPerceptron(labels int) *perceptron {
	return &perceptron{labels: labels, counts: map[uint32]uint8{}, step: 1, sum: make([]int32, labels)}
}

// count notes that features occur.
func (p *perceptron) count(features []uint32) {
	for _, f := range features {
		if n := p.counts[f]; n < rare {
			p.counts[f] = n + 1
		}
	}
}

// settle fixes the features: all that are not rare.
func (p *perceptron) settle() {
	p.index = newTable(0, len(p.counts))
	for f, n := range p.counts {
		if n >= rare {
			p.index.add(f, nil)
		}
	}
	p.counts = nil
	p.weights = make([]int32, p.index.n*p.labels)
	p.totals = make([]int64, p.index.n*p.labels)
}

// know makes 0 to n-1 the features.
func (p *perceptron) know(n int) {
	for f := range uint32(n) {
		p.counts[f] = rare
	}
	p.settle()
}

// score adds up the present weights.
func (p *perceptron) score(features []uint32, sum []int32) {
	clear(sum)
	for _, f := range features {
		if row := p.row(f); row >= 0 {
			for k, w := range p.weights[row : row+p.labels] {
				sum[k] += w
			}
		}
	}
}

// row is where a feature's weights start, -1 if it has none.
func (p *perceptron) row(f uint32) int {
	s := p.index.slot(f)
	if s.row == 0 {
		return -1
	}
	return int(s.row-1) * p.labels
}

func (p *perceptron) best(features []uint32) int {
	p.score(features, p.sum)
	return best(p.sum)
}

// learn moves the weights of a token's features and takes a step.
func (p *perceptron) learn(features []uint32, right, guess int) {
	p.step++
	if right == guess {
		return
	}
	for _, f := range features {
		p.move(f, right, 1)
		p.move(f, guess, -1)
	}
}

func (p *perceptron) move(f uint32, label int, by int32) {
	if row := p.row(f); row >= 0 {
		p.weights[row+label] += by
		p.totals[row+label] += p.step * int64(by)
	}
}

// resolution is how many steps of a packed weight make one of the
// perceptron's.
const resolution = 8

// average is a weight's mean over all steps, in packed steps.
func (p *perceptron) average(i int) float64 {
	return resolution * (float64(p.weights[i]) - float64(p.totals[i])/float64(p.step))
}

// table packs the averages, without the features that come to nothing.
func (p *perceptron) table() *table {
	t := newTable(p.labels, p.index.n)
	row := make([]int8, p.labels)
	for _, s := range p.index.slots {
		if s.row == 0 {
			continue
		}
		kept := false
		for k := range row {
			row[k] = int8(min(max(math.Round(p.average(int(s.row-1)*p.labels+k)), -127), 127))
			kept = kept || row[k] != 0
		}
		if kept {
			t.add(s.key, row)
		}
	}
	return t
}

// transitions are the present weights of a perceptron whose features are the
// labels before.
func (p *perceptron) transitions() transitions {
	var t transitions
	for a := range t {
		p.score([]uint32{uint32(a)}, t[a][:])
	}
	return t
}

// averaged are the averages of the same.
func (p *perceptron) averaged() transitions {
	var t transitions
	for a := range t {
		row := p.row(uint32(a))
		for k := range t[a] {
			t[a][k] = int32(math.Round(p.average(row + k)))
		}
	}
	return t
}
