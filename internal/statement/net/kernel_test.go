package net

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// noise returns n numbers around zero, the same for the same seed.
func noise(seed uint64, n int) []float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(r.NormFloat64())
	}
	return out
}

// TestKernelsAgree holds the kernels of this machine against the plain ones.
func TestKernelsAgree(t *testing.T) {
	const rows = 7
	for _, c := range []struct {
		name string
		size int
		run  func(k kernels, out []float32)
	}{
		{"tile", tileRows * 2 * panel, func(k kernels, out []float32) {
			k.tile(out, noise(2, tileRows*wordPadded), noise(3, wordPadded*panel), 2*panel, wordPadded)
		}},
		{"tile of overlapping rows", tileRows * panel, func(k kernels, out []float32) {
			k.tile(out, noise(2, (tileRows+2)*width), noise(3, taps*width*panel), panel, width)
		}},
		{"norm", rows * width, func(k kernels, out []float32) {
			k.norm(out, noise(4, rows*width), noise(5, width), noise(6, width))
		}},
		{"relu", rows * width, func(k kernels, out []float32) { k.relu(out, noise(7, rows*width)) }},
		{"sigmoid", rows * 4 * gates, func(k kernels, out []float32) {
			out[0], out[1], out[2], out[3] = 1000, -1000, 87, -87
			k.sigmoid(out)
		}},
		{"scan", rows * 2 * gates, func(k kernels, out []float32) {
			u := noise(8, rows*4*gates)
			k.sigmoid(u)
			k.scan(out, u)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := noise(1, c.size)
			got := slices.Clone(want)
			c.run(plain, want)
			c.run(fastest(), got)
			for i := range want {
				if !(math.Abs(float64(got[i]-want[i])) <= 1e-4) {
					t.Fatalf("number %d = %v, plain %v", i, got[i], want[i])
				}
			}
		})
	}
}

func TestExp(t *testing.T) {
	for x := float32(-86); x <= 86; x += 0.37 {
		want := math.Exp(float64(x))
		if got := float64(exp(x)); math.Abs(got-want) > 1e-6*want {
			t.Errorf("exp(%v) = %v, want %v", x, got, want)
		}
	}
}
