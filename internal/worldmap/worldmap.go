// Package worldmap draws outlines of the world's land, coasts and borders as
// SVG paths for a stretch of the world, and arranges what is marked on it.
//
// The outlines are Natural Earth's countries at 1:50 million (public domain),
// made by the program in build. Borders are drawn as that source has them;
// they take no side.
package worldmap

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
)

// outlines is the compressed form of a world: four little-endian float64, the
// width and height of a step and the origin, in degrees; the number of arcs,
// each its number of points and their steps east and north; the number of
// countries, each its name and its rings, each the number of its arcs and
// their numbers, ^i being arc i backwards. Numbers are varints, signed for
// steps and arcs. All of it is gzipped.
//
//go:embed outlines.bin
var outlines []byte

// point is longitude and latitude in degrees.
type point struct{ lon, lat float64 }

// world is the outlines.
type world struct {
	arcs      []arc
	countries []country
}

// arc is a stretch of coast, of border where two countries share it.
type arc struct {
	points                   []point
	west, south, east, north float64
	uses                     int
}

type country struct {
	name  string
	rings [][]int
}

// theWorld decodes the embedded outlines once.
var theWorld = sync.OnceValue(func() *world {
	w, err := decode(outlines)
	if err != nil {
		panic(err) // embedded
	}
	return w
})

var errForm = errors.New("worldmap: outlines are damaged")

// decode reads the form described at outlines.
func decode(zipped []byte) (*world, error) {
	z, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		return nil, fmt.Errorf("worldmap: %w", err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("worldmap: %w", err)
	}
	d := decoder{raw: raw}
	var head [4]float64
	for i := range head {
		head[i] = d.float()
	}
	w := &world{arcs: make([]arc, d.count())}
	for i := range w.arcs {
		w.arcs[i] = d.arc(head)
	}
	w.countries = make([]country, d.count())
	for i := range w.countries {
		w.countries[i] = d.country(w.arcs)
	}
	if d.bad || len(d.raw) != 0 {
		return nil, errForm
	}
	return w, nil
}

// decoder reads numbers off the front of raw. After the first fault it reads
// zeros.
type decoder struct {
	raw []byte
	bad bool
}

func (d *decoder) take(n int) []byte {
	if d.bad || n < 0 || n > len(d.raw) {
		d.bad = true
		return nil
	}
	out := d.raw[:n]
	d.raw = d.raw[n:]
	return out
}

func (d *decoder) float() float64 {
	b := d.take(8)
	if b == nil {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b))
}

// count reads how many things follow, each at least one byte long.
func (d *decoder) count() int {
	n, size := binary.Uvarint(d.raw)
	if size <= 0 || n > uint64(len(d.raw)) {
		d.bad = true
		return 0
	}
	d.take(size)
	return int(n)
}

func (d *decoder) step() int64 {
	n, size := binary.Varint(d.raw)
	if size <= 0 {
		d.bad = true
		return 0
	}
	d.take(size)
	return n
}

func (d *decoder) arc(head [4]float64) arc {
	a := arc{points: make([]point, d.count()), west: 360, south: 90, east: -360, north: -90}
	var x, y int64
	for i := range a.points {
		x, y = x+d.step(), y+d.step()
		p := point{float64(x)*head[0] + head[2], float64(y)*head[1] + head[3]}
		a.points[i] = p
		a.west, a.east = min(a.west, p.lon), max(a.east, p.lon)
		a.south, a.north = min(a.south, p.lat), max(a.north, p.lat)
	}
	return a
}

func (d *decoder) country(arcs []arc) country {
	c := country{name: string(d.take(d.count()))}
	c.rings = make([][]int, d.count())
	for i := range c.rings {
		c.rings[i] = make([]int, d.count())
		for j := range c.rings[i] {
			n := int(d.step())
			at := n
			if at < 0 {
				at = ^at
			}
			if at >= len(arcs) {
				d.bad = true
				return c
			}
			arcs[at].uses++
			c.rings[i][j] = n
		}
	}
	return c
}

// ring is the points of a ring, the first not repeated at the end.
func (w *world) ring(refs []int) []point {
	var out []point
	for _, n := range refs {
		points := w.arcs[max(n, ^n)].points
		for i := range points {
			p := points[i]
			if n < 0 {
				p = points[len(points)-1-i]
			}
			if len(out) == 0 || out[len(out)-1] != p {
				out = append(out, p)
			}
		}
	}
	if n := len(out); n > 1 && out[0] == out[n-1] {
		out = out[:n-1]
	}
	return out
}
