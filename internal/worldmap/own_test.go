package worldmap

import (
	"errors"
	"strings"
	"testing"

	"crosscheck/internal/model"
)

const twoLands = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"name":"West"},"geometry":{"type":"Polygon","coordinates":[[[-130,-48],[-128,-48],[-128,-46],[-130,-46],[-130,-48]]]}},
{"type":"Feature","properties":{"name":"East"},"geometry":{"type":"MultiPolygon","coordinates":[[[[-128,-48],[-126,-48],[-126,-46],[-128,-46],[-128,-48]]]]}},
{"type":"Feature","properties":{"name":"the front"},"geometry":{"type":"LineString","coordinates":[[-129,-47.8],[-129,-47],[-129,-46.2]]}},
{"type":"Feature","properties":{"name":"Zone","kind":"area"},"geometry":{"type":"Polygon","coordinates":[[[-127.5,-47.5],[-126.5,-47.5],[-126.5,-46.5],[-127.5,-47.5]]]}}]}`

func TestOwnOutlines(t *testing.T) {
	own, err := ParseOwn([]byte(twoLands))
	if err != nil {
		t.Fatal(err)
	}
	v := Fit([]Site{{-48, -130}, {-46, -126}}, 400, 300)
	if bare := v.Outlines(nil); bare.Land != "" || bare.Own {
		t.Fatalf("there is land in the open sea: %+v", bare)
	}
	o := v.Outlines(own)
	for what, c := range map[string]struct {
		path string
		pens int
	}{"land": {o.Land, 2}, "coast": {o.Coast, 3}, "borders": {o.Borders, 2}, "lines": {o.Lines, 1}} {
		if n := strings.Count(c.path, "M"); n != c.pens {
			t.Errorf("%s has %d strokes, want %d: %s", what, n, c.pens, c.path)
		}
	}
	var names []string
	for _, n := range o.Names {
		names = append(names, n.Text)
	}
	if got := strings.Join(names, ", "); !o.Own || !strings.Contains(got, "WEST, EAST, the front") {
		t.Errorf("names = %s, own %v", got, o.Own)
	}
	if far := Fit([]Site{{60, 10}}, 400, 300).Outlines(own); far.Own {
		t.Error("a view elsewhere shows the desk's own outlines")
	}
}

func TestOwnFaults(t *testing.T) {
	feature := func(name, kind, geometry, coordinates string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"` + name + `","kind":"` + kind + `"},"geometry":{"type":"` + geometry + `","coordinates":` + coordinates + `}}]}`
	}
	const ring = `[[[0,0],[1,0],[1,1],[0,0]]]`
	for _, c := range []struct{ text, want string }{
		{`x`, "no GeoJSON"},
		{`{"type":"Feature"}`, "want a FeatureCollection"},
		{feature("", "", "Polygon", ring), "want a name"},
		{feature("North", "front", "Polygon", ring), `feature 1 ("North"): kind "front"`},
		{feature("North", "land", "LineString", `[[0,0],[1,1]]`), `kind "land" of a LineString`},
		{feature("North", "", "Point", `[0,0]`), `geometry "Point"`},
		{feature("North", "", "Polygon", `[[[0,0],[1,0],[1,1]]]`), "a ring of 3 points"},
		{feature("North", "", "Polygon", `[[[0,0],[1,0],[1,1],[2,2]]]`), "the last as the first"},
		{feature("North", "", "LineString", `[[0,0]]`), "a line of 1 points"},
		{feature("North", "", "LineString", `[[0,0],[1]]`), "a point of 1 numbers"},
		{feature("North", "", "LineString", `[[0,0],[181,0]]`), "point 181, 0"},
		{feature("North", "", "LineString", `[[0,0],["a",0]]`), "coordinates"},
		{feature("North", "", "LineString", `[[0,0]`+strings.Repeat(`,[1,1]`, maxOwnPoints)+`]`), "want at most 20000"},
		{strings.Repeat(" ", maxOwnBytes+1), "larger than"},
	} {
		if _, err := ParseOwn([]byte(c.text)); !errors.Is(err, model.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.120s: %v, want an ErrInvalid with %q", c.text, err, c.want)
		}
	}
}

// FuzzOwn has whatever can be read be drawn.
func FuzzOwn(f *testing.F) {
	f.Add([]byte(twoLands))
	f.Fuzz(func(t *testing.T, text []byte) {
		own, err := ParseOwn(text)
		if err != nil {
			return
		}
		for _, at := range []Site{{-47, -128}, {0, 179}} {
			numbers(t, Fit([]Site{at}, 400, 300).Outlines(own).Land)
		}
	})
}
