package net

import "slices"

// scratch is the memory of one run, reused from run to run.
type scratch struct {
	run      run
	embedded []float32 // the distinct words: embeddings,
	word     []float32 // and their part of the first layer
	x        []float32 // tokens between the layers
	y        []float32 // normalised, with an empty row before and behind
	u        []float32 // inside a layer
	logits   []float32
	labels   []uint8
	back     [][labels]uint8
	alpha    [][labels]float64
	emit     [][labels]float64
	sure     [][kinds]float64
	spans    []span
	reps     []float32
	parts    []float32
	counts   []counts
	spanOf   []counts
	picks    []pick
}

// forward computes the logits of a run, and in y the tokens as the last layer
// sees them.
func (n *Net) forward(r *run, s *scratch) {
	rows := len(r.seq)
	padded := pad(rows, tileRows)
	s.x = grow(s.x, padded*width)
	s.y = grow(s.y, (padded+2)*width)
	s.u = grow(s.u, padded*4*gates)
	clear(s.x[rows*width:])
	clear(s.y[:width])
	clear(s.y[(rows+1)*width:])
	n.embed(r, s)
	x, y := s.x[:rows*width], s.y[width:]
	for i := range n.layers {
		l := &n.layers[i]
		n.kernels.norm(y, x, l.norm.gain, l.norm.bias)
		if l.conv.matrix != nil {
			n.convolve(l, s, rows)
			continue
		}
		u := s.u[:padded*4*gates]
		l.gate.fill(u, padded)
		l.gate.addTo(n.kernels, u, y, padded, width)
		n.kernels.sigmoid(u[:rows*4*gates])
		n.kernels.scan(y[:rows*width], u[:rows*4*gates])
		for t := range rows {
			addRow(x[t*width:], l.mix.bias)
		}
		l.mix.addTo(n.kernels, s.x, y, padded, width)
	}
	n.kernels.norm(y, x, n.norm.gain, n.norm.bias)
	s.logits = grow(s.logits, padded*panel)
	n.out.fill(s.logits, padded)
	n.out.addTo(n.kernels, s.logits, y, padded, width)
}

// convolve reads three neighbouring rows of y as one: they follow each other.
func (n *Net) convolve(l *layer, s *scratch, rows int) {
	padded := pad(rows, tileRows)
	u := s.u[:padded*width]
	l.conv.fill(u, padded)
	l.conv.addTo(n.kernels, u, s.y, padded, width)
	n.kernels.relu(s.x[:rows*width], u)
}

// embed computes the first layer: the distinct words once, the places looked up.
func (n *Net) embed(r *run, s *scratch) {
	words := len(r.words)
	padded := pad(words, tileRows)
	s.embedded = grow(s.embedded, padded*wordPadded)
	s.word = grow(s.word, padded*width)
	for i := range r.words {
		n.embedWord(s.embedded[i*wordPadded:(i+1)*wordPadded], &r.words[i])
	}
	clear(s.embedded[words*wordPadded:])
	clear(s.word)
	n.word.addTo(n.kernels, s.word, s.embedded, padded, wordPadded)
	for t, w := range r.seq {
		x := s.x[t*width : (t+1)*width]
		copy(x, s.word[int(w)*width:])
		for i, row := range r.places[t] {
			addRow(x, n.places[i][int(row)*width:])
		}
	}
}

func (n *Net) embedWord(e []float32, w *word) {
	if g := int(w.ids[featGlove]); g > 0 {
		by := n.gloveScale[g-1]
		for i, q := range n.glove[(g-1)*gloveWidth : g*gloveWidth] {
			e[i] = float32(q) * by
		}
	} else {
		clear(e[:gloveWidth])
	}
	at := gloveWidth
	for i := range wordTables {
		d := tableWidth[i]
		row := int(w.ids[featOwn+i])
		at += copy(e[at:], n.tables[i][row*d:(row+1)*d])
	}
	clear(e[at:])
}

// addRow adds a row of y to one of x.
func addRow(x, y []float32) {
	a, b := (*[width]float32)(x), (*[width]float32)(y)
	for i, v := range b {
		a[i] += v
	}
}

// resize returns a slice of n elements, b's memory where it suffices.
func resize[T any](b []T, n int) []T { return slices.Grow(b[:0], n)[:n] }
