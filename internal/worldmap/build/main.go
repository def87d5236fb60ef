// Command build turns countries in TopoJSON into the outlines the program
// carries:
//
//	go run ./internal/worldmap/build <countries-50m.json >internal/worldmap/outlines.bin
//
// The input is Natural Earth's countries at 1:50 million, which are in the
// public domain, as the package world-atlas has them. The form of the output
// is described at worldmap.Outlines.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
)

// topology is the part of a TopoJSON file that is used.
type topology struct {
	Arcs      [][][2]int64
	Transform struct{ Scale, Translate [2]float64 }
	Objects   struct {
		Countries struct {
			Geometries []struct {
				Type       string
				Arcs       json.RawMessage
				Properties struct{ Name string }
			}
		}
	}
}

func main() {
	out, err := build(os.Stdin)
	if err == nil {
		_, err = os.Stdout.Write(out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

// build reads TopoJSON and returns the compressed outlines.
func build(r io.Reader) ([]byte, error) {
	var t topology
	if err := json.NewDecoder(r).Decode(&t); err != nil {
		return nil, fmt.Errorf("read TopoJSON: %w", err)
	}
	var raw []byte
	for _, f := range []float64{t.Transform.Scale[0], t.Transform.Scale[1], t.Transform.Translate[0], t.Transform.Translate[1]} {
		raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(f))
	}
	raw = binary.AppendUvarint(raw, uint64(len(t.Arcs)))
	for _, arc := range t.Arcs {
		raw = binary.AppendUvarint(raw, uint64(len(arc)))
		for _, p := range arc {
			raw = binary.AppendVarint(raw, p[0])
			raw = binary.AppendVarint(raw, p[1])
		}
	}
	list := t.Objects.Countries.Geometries
	raw = binary.AppendUvarint(raw, uint64(len(list)))
	for _, g := range list {
		rings, err := ringsOf(g.Type, g.Arcs)
		if err != nil {
			return nil, fmt.Errorf("country %s: %w", g.Properties.Name, err)
		}
		raw = binary.AppendUvarint(raw, uint64(len(g.Properties.Name)))
		raw = append(raw, g.Properties.Name...)
		raw = binary.AppendUvarint(raw, uint64(len(rings)))
		for _, ring := range rings {
			raw = binary.AppendUvarint(raw, uint64(len(ring)))
			for _, arc := range ring {
				raw = binary.AppendVarint(raw, arc)
			}
		}
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// ringsOf is the rings of a geometry, each a list of arcs as TopoJSON numbers
// them: ^i is arc i backwards.
func ringsOf(kind string, arcs json.RawMessage) ([][]int64, error) {
	switch kind {
	case "Polygon":
		var rings [][]int64
		err := json.Unmarshal(arcs, &rings)
		return rings, err
	case "MultiPolygon":
		var many [][][]int64
		if err := json.Unmarshal(arcs, &many); err != nil {
			return nil, err
		}
		var rings [][]int64
		for _, p := range many {
			rings = append(rings, p...)
		}
		return rings, nil
	}
	return nil, fmt.Errorf("geometry %q is not known", kind)
}
