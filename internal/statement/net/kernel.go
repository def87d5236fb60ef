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
	for r := 0; r < tileRows; r += 2 {
		a, b := x[r*ldx:][:in], x[(r+1)*ldx:][:in]
		for c := 0; c < panel; c += 4 {
			tile2x4(y[r*ldy+c:], y[(r+1)*ldy+c:], a, b, w[c:])
		}
	}
}

// tile2x4 adds two rows of four products: eight sums stay in registers.
func tile2x4(y, z, a, b, w []float32) {
	var y0, y1, y2, y3, z0, z1, z2, z3 float32
	b = b[:len(a)]
	for i, av := range a {
		v := (*[4]float32)(w[i*panel:])
		bv := b[i]
		y0 += av * v[0]
		y1 += av * v[1]
		y2 += av * v[2]
		y3 += av * v[3]
		z0 += bv * v[0]
		z1 += bv * v[1]
		z2 += bv * v[2]
		z3 += bv * v[3]
	}
	yo, zo := (*[4]float32)(y), (*[4]float32)(z)
	yo[0] += y0
	yo[1] += y1
	yo[2] += y2
	yo[3] += y3
	zo[0] += z0
	zo[1] += z1
	zo[2] += z2
	zo[3] += z3
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
