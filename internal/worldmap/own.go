package worldmap

import (
	"encoding/json"
	"math"
	"strings"
	"unicode/utf8"

	"crosscheck/internal/model"
)

// Own is outlines that a desk adds: land with its coasts and borders, areas,
// and lines such as a front. The zero value has none.
type Own struct{ shapes []ownShape }

// ownShape is one feature of a desk's outlines.
type ownShape struct {
	name  string
	kind  string
	rings [][]point // of land and areas, the first point not repeated; lines as they are
}

// What a feature is drawn as, in its property "kind". Without one polygons are
// land and lines are lines.
const (
	ownLand = "land" // filled; what two of them share is a border, the rest coast
	ownArea = "area" // a border without land
	ownLine = "line"
)

// Bounds of a desk's outlines.
const (
	maxOwnBytes    = 1 << 20
	maxOwnFeatures = 200
	maxOwnPoints   = 20_000
	maxOwnName     = 80 // bytes
)

// ParseOwn reads outlines out of a GeoJSON feature collection (RFC 7946) of
// polygons and lines, each with a "name" among its properties and perhaps a
// "kind". Faults are ErrInvalid and name the feature.
func ParseOwn(text []byte) (*Own, error) {
	if len(text) > maxOwnBytes {
		return nil, model.Errorf(model.ErrInvalid, "outlines: larger than %d bytes", maxOwnBytes)
	}
	var file struct {
		Type     string       `json:"type"`
		Features []ownFeature `json:"features"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, model.Errorf(model.ErrInvalid, "outlines: no GeoJSON: %w", err)
	}
	if file.Type != "FeatureCollection" || len(file.Features) > maxOwnFeatures {
		return nil, model.Errorf(model.ErrInvalid, "outlines: %q of %d features, want a FeatureCollection of at most %d", file.Type, len(file.Features), maxOwnFeatures)
	}
	own, points := &Own{}, 0
	for i := range file.Features {
		f := &file.Features[i]
		shape, err := f.shape()
		if err != nil {
			return nil, model.Errorf(model.ErrInvalid, "outlines: feature %d (%.80q): %w", i+1, f.Properties.Name, err)
		}
		for _, r := range shape.rings {
			points += len(r)
		}
		own.shapes = append(own.shapes, shape)
	}
	if points > maxOwnPoints {
		return nil, model.Errorf(model.ErrInvalid, "outlines: %d points, want at most %d", points, maxOwnPoints)
	}
	return own, nil
}

type ownFeature struct {
	Type       string `json:"type"`
	Properties struct {
		Name string `json:"name"`
		Kind string `json:"kind"`
	} `json:"properties"`
	Geometry struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
}

// shape checks a feature.
func (f *ownFeature) shape() (ownShape, error) {
	s := ownShape{name: strings.TrimSpace(f.Properties.Name), kind: f.Properties.Kind}
	g := &f.Geometry
	rings, err := parts(g.Type, g.Coordinates)
	polygon := strings.HasSuffix(g.Type, "Polygon")
	switch {
	case err != nil:
		return s, err
	case f.Type != "Feature":
		return s, model.Errorf(model.ErrInvalid, "type %.40q, want Feature", f.Type)
	case s.name == "" || len(s.name) > maxOwnName || !utf8.ValidString(s.name):
		return s, model.Errorf(model.ErrInvalid, "want a name of at most %d bytes", maxOwnName)
	case s.kind == "" && polygon:
		s.kind = ownLand
	case s.kind == "":
		s.kind = ownLine
	case polygon != (s.kind == ownLand || s.kind == ownArea) || !polygon && s.kind != ownLine:
		return s, model.Errorf(model.ErrInvalid, "kind %.40q of a %s: want land or area of a polygon, line of a line, or nothing", s.kind, g.Type)
	}
	for _, r := range rings {
		for _, p := range r {
			if !(math.Abs(p.lon) <= 180) || !(math.Abs(p.lat) <= 90) {
				return s, model.Errorf(model.ErrInvalid, "point %v, %v: want longitude to 180 and latitude to 90 degrees", p.lon, p.lat)
			}
		}
		switch {
		case polygon && (len(r) < 4 || r[0] != r[len(r)-1]):
			return s, model.Errorf(model.ErrInvalid, "a ring of %d points: want at least 4, the last as the first", len(r))
		case polygon:
			r = r[:len(r)-1]
		case len(r) < 2:
			return s, model.Errorf(model.ErrInvalid, "a line of %d points: want at least 2", len(r))
		}
		s.rings = append(s.rings, r)
	}
	return s, nil
}

// parts are the rings or lines of a geometry.
func parts(kind string, raw json.RawMessage) ([][]point, error) {
	var polygons [][][][]float64
	var err error
	switch kind {
	case "LineString":
		polygons = [][][][]float64{{nil}}
		err = json.Unmarshal(raw, &polygons[0][0])
	case "Polygon", "MultiLineString":
		polygons = [][][][]float64{nil}
		err = json.Unmarshal(raw, &polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(raw, &polygons)
	default:
		return nil, model.Errorf(model.ErrInvalid, "geometry %.40q: want Polygon, MultiPolygon, LineString or MultiLineString", kind)
	}
	if err != nil {
		return nil, model.Errorf(model.ErrInvalid, "coordinates: %w", err)
	}
	var out [][]point
	for _, rings := range polygons {
		for _, r := range rings {
			line := make([]point, len(r))
			for i, c := range r {
				if len(c) < 2 {
					return nil, model.Errorf(model.ErrInvalid, "a point of %d numbers: want longitude and latitude", len(c))
				}
				line[i] = point{c[0], c[1]}
			}
			out = append(out, line)
		}
	}
	return out, nil
}

// stretch is a step of an outline, the same both ways.
type stretch struct{ a, b point }

func stretchOf(a, b point) stretch {
	if a.lon > b.lon || a.lon == b.lon && a.lat > b.lat {
		a, b = b, a
	}
	return stretch{a, b}
}

// shared counts in how many outlines of land each step is.
func (o *Own) shared() map[stretch]int {
	out := map[stretch]int{}
	for i := range o.shapes {
		if s := &o.shapes[i]; s.kind == ownLand {
			for _, r := range s.rings {
				for j, p := range r {
					out[stretchOf(p, r[(j+1)%len(r)])]++
				}
			}
		}
	}
	return out
}

// pens are where outlines are drawn to.
type pens struct {
	land, coast, borders, lines strings.Builder
	names                       []Name
}

// own draws a desk's outlines.
func (v View) own(o *Own, shift float64, to *pens) {
	uses := o.shared()
	for i := range o.shapes {
		s := &o.shapes[i]
		if s.kind == ownLine {
			v.ownLine(s, shift, to)
			continue
		}
		land := &to.land
		if s.kind == ownArea {
			land = &strings.Builder{}
		}
		v.land(s.name, s.rings, shift, land, &to.names)
		for _, r := range s.rings {
			v.ownEdge(s.kind, r, uses, shift, to)
		}
	}
}

// ownEdge draws the edge of a polygon: what it shares with another as a border,
// once, and the rest as coast; that of an area as a border.
func (v View) ownEdge(kind string, r []point, uses map[stretch]int, shift float64, to *pens) {
	edge := func(i int) int {
		if kind == ownArea {
			return 2
		}
		n := uses[stretchOf(r[i], r[(i+1)%len(r)])]
		if n > 1 {
			uses[stretchOf(r[i], r[(i+1)%len(r)])] = -1 // drawn
		}
		return n
	}
	var run []point
	was := 0
	end := func() {
		pen := &to.coast
		if was > 1 {
			pen = &to.borders
		}
		if was >= 1 {
			for _, part := range v.clipLine(run, shift) {
				writePath(pen, simplify(part), false)
			}
		}
		run = nil
	}
	for i := range r {
		if n := edge(i); n != was {
			end()
			was = n
		}
		if run == nil {
			run = append(run, r[i])
		}
		run = append(run, r[(i+1)%len(r)])
	}
	end()
}

// ownLine draws a line and names it in the middle of what shows of it.
func (v View) ownLine(s *ownShape, shift float64, to *pens) {
	var longest []xy
	for _, r := range s.rings {
		for _, part := range v.clipLine(r, shift) {
			writePath(&to.lines, simplify(part), false)
			if len(part) > len(longest) {
				longest = part
			}
		}
	}
	if len(longest) == 0 {
		return
	}
	wide := 8 * float64(utf8.RuneCountInString(s.name))
	p := longest[len(longest)/2]
	if x := p.x + wide/2 + 4; x+wide/2 < v.Width && p.x > 0 && p.y > 12 && p.y < v.Height-12 {
		to.names = append(to.names, Name{s.name, x, p.y})
	}
}
