package net

import "golang.org/x/sys/cpu"

// fastest returns the kernels for this processor.
func fastest() kernels {
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		return kernels{tile: tileAVX2, norm: normAVX2, relu: reluAVX2, sigmoid: sigmoidAVX2, scan: scanAVX2}
	}
	return plain
}

// The slices are as long as the plain kernels need them; the inputs of a panel
// are a multiple of four.

//go:noescape
func tileAVX2(y, x, w []float32, ldy, ldx int)

//go:noescape
func normAVX2(y, x, gain, bias []float32)

//go:noescape
func reluAVX2(x, y []float32)

//go:noescape
func sigmoidAVX2(u []float32)

//go:noescape
func scanAVX2(h, u []float32)
