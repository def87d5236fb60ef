//go:build !amd64

package net

// fastest returns the kernels for this processor.
func fastest() kernels { return plain }
