package net

import "math"

// kernels are the inner loops, in Go or for a processor's vectors.
type kernels struct {
	// tile adds to six rows of 16 numbers of y, ldy apart, the products of six
	// rows of x, ldx apart, with a panel of weights.
	tile func(y, x, w []float32, ldy, ldx int)
	// norm sets rows of y to the layer-normalised rows of x.
	norm func(y, x, gain, bias []float32)
	// relu adds the positive numbers of y to x.
	relu func(x, y []float32)
	// sigmoid applies itself to the first half of every row of u.
	sigmoid func(u []float32)
	// scan runs the recurrence both ways over rows of u into rows of h.
	scan func(h, u []float32)
}

// plain runs everywhere.
var plain = kernels{tile: tilePlain, norm: normPlain, relu: reluPlain, sigmoid: sigmoidPlain, scan: scanPlain}

func tilePlain(y, x, w []float32, ldy, ldx int) {
	in := len(w) / panel
	for r := range tileRows {
		for c := 0; c < panel; c += 8 {
			addEight((*[8]float32)(y[r*ldy+c:]), x[r*ldx:][:in], w[c:])
		}
	}
}

// addEight adds the eight products of a row: the sums stay in registers.
func addEight(y *[8]float32, x, w []float32) {
	y0, y1, y2, y3, y4, y5, y6, y7 := y[0], y[1], y[2], y[3], y[4], y[5], y[6], y[7]
	for i, v := range x {
		p := (*[8]float32)(w[i*panel:])
		y0 += v * p[0]
		y1 += v * p[1]
		y2 += v * p[2]
		y3 += v * p[3]
		y4 += v * p[4]
		y5 += v * p[5]
		y6 += v * p[6]
		y7 += v * p[7]
	}
	*y = [8]float32{y0, y1, y2, y3, y4, y5, y6, y7}
}

// epsilon keeps the deviation of a row from being zero.
const epsilon = 1e-5

func normPlain(y, x, gain, bias []float32) {
	g, b := (*[width]float32)(gain), (*[width]float32)(bias)
	for ; len(x) >= width; x, y = x[width:], y[width:] {
		in, out := (*[width]float32)(x), (*[width]float32)(y)
		var sum, square float32
		for _, v := range in {
			sum += v
		}
		mean := sum / width
		for _, v := range in {
			square += (v - mean) * (v - mean)
		}
		s := float32(1 / math.Sqrt(float64(square/width+epsilon)))
		for i, v := range in {
			out[i] = (v-mean)*s*g[i] + b[i]
		}
	}
}

func reluPlain(x, y []float32) {
	y = y[:len(x)]
	for i, v := range y {
		if v > 0 {
			x[i] += v
		}
	}
}

func sigmoidPlain(u []float32) {
	for ; len(u) >= 4*gates; u = u[4*gates:] {
		z := u[:2*gates]
		for i, v := range z {
			z[i] = 1 / (1 + exp(-v))
		}
	}
}

// exp is e to the power of x to seven digits, for x clamped to ±87 (the
// polynomial is that of the Cephes library's expf).
func exp(x float32) float32 {
	const log2e, hi, lo = 1.44269504088896341, 0.693359375, -2.12194440e-4
	x = min(max(x, -87), 87)
	n := float32(int32(x*log2e+127.5)) - 127 // rounds: the sum is positive
	x -= n * hi
	x -= n * lo
	p := float32(1.9875691500e-4)
	p = p*x + 1.3981999507e-3
	p = p*x + 8.3334519073e-3
	p = p*x + 4.1665795894e-2
	p = p*x + 1.6666665459e-1
	p = p*x + 5.0000001201e-1
	return (p*x*x + x + 1) * math.Float32frombits(uint32(int32(n)+127)<<23)
}

func scanPlain(h, u []float32) {
	var f, b [gates]float32
	n := len(h) / (2 * gates)
	for t := range n {
		step(&f, h[t*2*gates:], u[t*4*gates:])
		s := n - 1 - t
		step(&b, h[s*2*gates+gates:], u[s*4*gates+gates:])
	}
}

// step moves the state towards the candidates by the gates.
func step(state *[gates]float32, h, u []float32) {
	z, c, out := (*[gates]float32)(u), (*[gates]float32)(u[2*gates:]), (*[gates]float32)(h)
	for i, v := range z {
		s := state[i] + v*(c[i]-state[i])
		state[i], out[i] = s, s
	}
}
