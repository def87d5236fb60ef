package net

import (
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// Both files are written by gen.

//go:embed weights.zst
var packedWeights []byte

//go:embed vocab.zst
var packedVocab []byte

// magic starts a weights file of the one version this package reads.
const magic = "SNET0001"

var shared = sync.OnceValues(func() (*Net, error) { return read(packedWeights, packedVocab) })

// Load returns the trained network. The embedded weights are unpacked by the
// first call, some 60 ms; every later call returns the same network.
func Load() (*Net, error) { return shared() }

// read unpacks the two files that gen writes.
func read(weights, words []byte) (*Net, error) {
	w, err := unzip(weights)
	if err != nil {
		return nil, fmt.Errorf("net: weights: %w", err)
	}
	v, err := unzip(words)
	if err != nil {
		return nil, fmt.Errorf("net: vocabulary: %w", err)
	}
	f, err := readFile(w)
	if err != nil {
		return nil, err
	}
	n, err := build(f)
	if err != nil {
		return nil, err
	}
	n.vocab, err = readVocab(string(v))
	return n, err
}

func unzip(b []byte) ([]byte, error) {
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	return dec.DecodeAll(b, nil)
}

// file is a weights file: a header in JSON, then the tensors.
type file struct {
	Layers  []string `json:"layers"`
	Tensors []tensor `json:"tensors"`
	Data    int      `json:"data"`
	bytes   []byte
	err     error // the first tensor that was missing or of another size
}

type tensor struct {
	Name   string `json:"name"`
	Dtype  string `json:"dtype"`
	Shape  []int  `json:"shape"`
	Offset int    `json:"offset"`
}

func readFile(b []byte) (*file, error) {
	if len(b) < 12 || string(b[:8]) != magic {
		return nil, fmt.Errorf("net: weights are not of version %s", magic)
	}
	end := 12 + int(binary.LittleEndian.Uint32(b[8:]))
	if end > len(b) {
		return nil, fmt.Errorf("net: weights: header of %d bytes in a file of %d", end-12, len(b))
	}
	f := &file{bytes: b}
	if err := json.Unmarshal(b[12:end], f); err != nil {
		return nil, fmt.Errorf("net: weights: header: %w", err)
	}
	return f, nil
}

// raw returns the bytes of a tensor of size numbers and its type.
func (f *file) raw(name string, size int) ([]byte, string) {
	for _, t := range f.Tensors {
		if t.Name != name {
			continue
		}
		n := 1
		for _, s := range t.Shape {
			n *= s
		}
		from := f.Data + t.Offset
		to := from + n*map[string]int{"i8": 1, "f16": 2, "f32": 4}[t.Dtype]
		if n != size || from < 0 || to > len(f.bytes) {
			break
		}
		return f.bytes[from:to], t.Dtype
	}
	if f.err == nil {
		f.err = fmt.Errorf("net: weights: no tensor %q of %d numbers", name, size)
	}
	return nil, ""
}

// floats returns a tensor of size numbers as 32-bit floats.
func (f *file) floats(name string, size int) []float32 {
	b, dtype := f.raw(name, size)
	out := make([]float32, size)
	for i := range len(b) / max(1, len(b)/size) {
		switch dtype {
		case "f16":
			out[i] = half(binary.LittleEndian.Uint16(b[2*i:]))
		case "f32":
			out[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		case "i8":
			out[i] = float32(int8(b[i]))
		}
	}
	return out
}

// half widens an IEEE half that is neither infinite nor not a number.
func half(b uint16) float32 {
	sign, exp, frac := uint32(b>>15)<<31, uint32(b>>10&31), uint32(b&1023)
	if exp == 0 {
		return math.Float32frombits(math.Float32bits(float32(frac)/(1<<24)) | sign)
	}
	return math.Float32frombits(sign | (exp+112)<<23 | frac<<13)
}

// build lays the weights out for the forward pass.
func build(f *file) (*Net, error) {
	n := &Net{kernels: fastest()}
	q, _ := f.raw("glove.q", gloveRows*gloveWidth)
	n.glove = make([]int8, len(q))
	for i, b := range q {
		n.glove[i] = int8(b)
	}
	n.gloveScale = f.floats("glove.scale", gloveRows)
	for i := range n.tables {
		n.tables[i] = f.floats("table."+strconv.Itoa(i), tableRows[i]*tableWidth[i])
	}
	n.readFirst(f)
	n.readLayers(f)
	n.readLink(f)
	n.norm = f.readNorm("norm")
	n.out = f.readAffine("out", labels, width)
	copy(n.trans[:], f.floats("trans", labels*labels))
	n.setMoves()
	return n, f.err
}

// readFirst splits the first layer: what depends on the word stays a matrix,
// what depends on the place is multiplied out once.
func (n *Net) readFirst(f *file) {
	const in = wordWidth + placeWidth
	w, b := f.floats("in.w", width*in), f.floats("in.b", width)
	n.word = pack(width, wordPadded, func(o, i int) float32 {
		if i >= wordWidth {
			return 0
		}
		return w[o*in+i]
	})
	at := wordWidth
	for p := range n.places {
		t, d := n.tables[wordTables+p], tableWidth[wordTables+p]
		n.places[p] = make([]float32, len(t)/d*width)
		for r := range len(t) / d {
			for o := range width {
				sum := float32(0)
				if p == 0 {
					sum = b[o]
				}
				for i := range d {
					sum += w[o*in+at+i] * t[r*d+i]
				}
				n.places[p][r*width+o] = sum
			}
		}
		at += d
	}
}

func (n *Net) readLayers(f *file) {
	for i, kind := range f.Layers {
		p := strconv.Itoa(i) + "."
		l := layer{norm: f.readNorm(p + "norm")}
		switch kind {
		case "c1":
			w := f.floats(p+"conv.w", taps*width*width)
			l.conv = affine{
				matrix: pack(width, taps*width, func(o, i int) float32 { return w[i/width*width*width+o*width+i%width] }),
				bias:   f.floats(p+"conv.b", width),
			}
		case "g64":
			l.gate = f.readAffine(p+"in", 4*gates, width)
			l.mix = f.readAffine(p+"out", width, 2*gates)
		default:
			f.err = fmt.Errorf("net: weights: unknown layer %q", kind)
		}
		n.layers = append(n.layers, l)
	}
}

// readLink stacks the four projections of the linker into one matrix.
func (n *Net) readLink(f *file) {
	var w [linkParts][]float32
	for t := range 2 {
		for s, name := range []string{"anchor", "cand"} {
			p := "link." + strconv.Itoa(t) + "." + name
			w[2*t+s] = f.floats(p+".w", linkWidth*taps*width)
			n.link.bias = append(n.link.bias, f.floats(p+".b", linkWidth)...)
		}
		none := "link." + strconv.Itoa(t) + ".none"
		n.noneW[t], n.noneB[t] = f.floats(none+".w", linkWidth), f.floats(none+".b", 1)[0]
	}
	n.link.matrix = pack(linkParts*linkWidth, taps*width, func(o, i int) float32 {
		return w[o/linkWidth][o%linkWidth*taps*width+i]
	})
	for i, rows := range linkFeatures {
		n.linkFeat[i] = f.floats("link.feat."+strconv.Itoa(i), 2*rows)
	}
}

func (f *file) readNorm(name string) scale {
	return scale{f.floats(name+".g", width), f.floats(name+".b", width)}
}

func (f *file) readAffine(name string, out, in int) affine {
	w := f.floats(name+".w", out*in)
	a := affine{
		matrix: pack(out, in, func(o, i int) float32 { return w[o*in+i] }),
		bias:   make([]float32, pad(out, panel)),
	}
	copy(a.bias, f.floats(name+".b", out))
	return a
}

func readVocab(s string) (vocab, error) {
	v := make(vocab, strings.Count(s, "\n"))
	for line := range strings.Lines(s) {
		w, rest, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		ids := strings.Split(rest, "\t")
		if !ok || len(ids) != 3 {
			return nil, fmt.Errorf("net: vocabulary: entry %q", line)
		}
		var n [3]int
		for i, limit := range [...]int{gloveRows + 1, tableRows[0], tableRows[5]} {
			var err error
			if n[i], err = strconv.Atoi(ids[i]); err != nil || n[i] < 0 || n[i] >= limit {
				return nil, fmt.Errorf("net: vocabulary: entry %q", line)
			}
		}
		v[w] = entry{uint16(n[0]), uint16(n[1]), uint8(n[2])}
	}
	return v, nil
}
