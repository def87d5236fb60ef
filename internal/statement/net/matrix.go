package net

// The tile of a product: tileRows tokens by one panel of outputs.
const (
	tileRows = 6
	panel    = 16
)

// matrix holds the weights of y = W x in panels of 16 outputs; in a panel the
// 16 weights of an input stand together.
type matrix struct {
	in, panels int
	weights    []float32
}

// pack lays out a matrix of out rows and in columns. Missing rows of the last
// panel are zero.
func pack(out, in int, at func(o, i int) float32) *matrix {
	m := &matrix{in: in, panels: pad(out, panel) / panel}
	m.weights = make([]float32, m.panels*in*panel)
	for o := range out {
		p := m.weights[o/panel*in*panel:]
		for i := range in {
			p[i*panel+o%panel] = at(o, i)
		}
	}
	return m
}

// pad rounds n up to a multiple of to.
func pad(n, to int) int { return (n + to - 1) / to * to }

// addTo adds the products of rows vectors to y. Row r of x starts at
// r*stride, row r of y at r*16*panels; rows is rounded up to whole tiles, for
// which both must have room.
func (m *matrix) addTo(k kernels, y, x []float32, rows, stride int) {
	ldy := m.panels * panel
	for p := range m.panels {
		w := m.weights[p*m.in*panel : (p+1)*m.in*panel]
		for r := 0; r < rows; r += tileRows {
			k.tile(y[r*ldy+p*panel:], x[r*stride:], w, ldy, stride)
		}
	}
}

// fill sets rows of y to the bias.
func (a affine) fill(y []float32, rows int) {
	for r := range rows {
		copy(y[r*len(a.bias):(r+1)*len(a.bias)], a.bias)
	}
}

// grow returns a slice of n numbers, b's memory where it suffices.
func grow(b []float32, n int) []float32 {
	if cap(b) < n {
		return make([]float32, n, n+n/4)
	}
	return b[:n]
}
