package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/worldmap"
)

// atlas is the map of a situation and the list that says the same in words.
type atlas struct {
	Title    string // what it shows, in words
	View     worldmap.View
	Outlines worldmap.Outlines
	Marks    []atlasMark
	Scale    atlasScale
	Places   []atlasPlace
	More     int // places left out of the list
	Alone    bool
}

// atlasMark is one mark on the map, which may stand for several places.
type atlasMark struct {
	Kind   string // place, service, vantage
	X, Y   string
	Label  string
	LabelX string
	LabelY string
	Anchor worldmap.Anchor
	N      int // places it stands for
	Beside []atlasGlyph
}

// atlasGlyph is a service or a vantage point at a place.
type atlasGlyph struct {
	Kind string // service, vantage, excluded
	X, Y string
}

type atlasScale struct {
	Length string
	Text   string
}

// atlasPlace is one place in the list.
type atlasPlace struct {
	model.Spot
	Kind   string
	Where  string // "in the map", "beyond its edge", "where it lies is not known"
	Land   string // country code
	Note   []string
	Names  []string // of the services
	Seers  []string // vantage points, with what is excluded said
	Moves  []line   // what is said to have moved there
	Number int
}

// The map's measures in its own units, the distance at which marks become one,
// and how many places are listed.
const (
	atlasWidth  = 400
	atlasHeight = 300
	atlasReach  = 12
	atlasGlyphs = 4  // services and vantage points drawn at one mark
	atlasStep   = 12 // from one of them to the next, and from the mark
	maxPlaces   = 60
)

// located reports whether it is known where a place lies.
func located(p *model.Place) bool { return p.Lat != 0 || p.Lon != 0 }

// spotKind is what a place is on the map for: what is said of it comes first.
func spotKind(sp *model.Spot) string {
	switch {
	case sp.Statements > 0 || sp.Articles > 0:
		return "place"
	case len(sp.Services) > 0:
		return "service"
	}
	return "vantage"
}

func spotWeight(sp *model.Spot) int {
	return 10*sp.Statements + sp.Articles + 5*len(sp.Services) + len(sp.Vantages)
}

// atlasOf draws the places of a situation. The view holds those of which
// something is said, or in which a service is at home, and the vantage points
// that are not far from them.
func (s *Server) atlasOf(d *situationData) atlas {
	spots := slices.Clone(d.spots)
	slices.SortStableFunc(spots, func(a, b model.Spot) int { return spotWeight(&b) - spotWeight(&a) })
	a := atlas{View: viewOf(spots)}
	var marks []worldmap.Mark
	var marked []*model.Spot
	for i := range spots {
		sp := &spots[i]
		p := atlasPlace{Spot: *sp, Kind: spotKind(sp), Land: sp.Country, Note: spotNote(sp), Moves: d.moves[sp.ID]}
		p.Names = each(sp.Services, d.measured.name)
		p.Seers = each(sp.Vantages, func(id string) string {
			if d.measured.excluded[id] {
				return id + " (hatched: excluded)"
			}
			return id
		})
		if !located(&sp.Place) {
			p.Where = "where it lies is not known"
		} else if x, y, inside := a.View.XY(worldmap.Site{Lat: sp.Lat, Lon: sp.Lon}); !inside {
			p.Where = "beyond the map"
		} else {
			marks = append(marks, worldmap.Mark{X: x, Y: y, Label: clip(24, plain(sp.Name)), Weight: spotWeight(sp)})
			marked = append(marked, sp)
		}
		if len(a.Places) < maxPlaces {
			a.Places = append(a.Places, p)
		} else {
			a.More++
		}
	}
	if len(marks) == 0 {
		return a
	}
	a.mark(marks, marked, d.measured.excluded, s.cfg.Outlines)
	return a
}

// viewOf is the view of places. A vantage point counts where it lies no further
// beyond the others than half their span.
func viewOf(spots []model.Spot) worldmap.View {
	var sites, seers []worldmap.Site
	for i := range spots {
		switch sp := &spots[i]; {
		case !located(&sp.Place):
		case spotKind(sp) == "vantage":
			seers = append(seers, worldmap.Site{Lat: sp.Lat, Lon: sp.Lon})
		default:
			sites = append(sites, worldmap.Site{Lat: sp.Lat, Lon: sp.Lon})
		}
	}
	v := worldmap.Fit(sites, atlasWidth, atlasHeight)
	if len(sites) == 0 {
		return v
	}
	for _, at := range seers {
		if x, y, _ := v.XY(at); x > -v.Width/2 && x < 1.5*v.Width && y > -v.Height/2 && y < 1.5*v.Height {
			sites = append(sites, at)
		}
	}
	return worldmap.Fit(sites, atlasWidth, atlasHeight)
}

// mark draws the outlines and the marks, each with the services and vantage
// points that are at it in a row below.
func (a *atlas) mark(marks []worldmap.Mark, spots []*model.Spot, excluded map[string]bool, own *worldmap.Own) {
	groups := worldmap.Cluster(marks, atlasReach)
	kinds := make([]string, len(groups))
	beside := make([][]string, len(groups))
	for i := range groups {
		g := &groups[i]
		if n := len(g.Group); n > 1 {
			g.Label = fmt.Sprintf("%s +%d", g.Label, n-1)
		}
		for _, n := range g.Group {
			if spotKind(spots[n]) == "place" {
				kinds[i] = "place"
			}
			beside[i] = append(beside[i], glyphsOf(spots[n], excluded)...)
		}
		slices.SortStableFunc(beside[i], func(x, y string) int { return glyphRank(x) - glyphRank(y) })
		if n := min(len(beside[i]), atlasGlyphs); n > 0 {
			beside[i] = beside[i][:n]
			x, y := rowAt(g, kinds[i], n)
			g.Beside = worldmap.Box{X: x - atlasStep/2, Y: y - atlasStep/2, Width: float64(n) * atlasStep, Height: atlasStep}
		}
	}
	a.View.Arrange(groups)
	a.Outlines = a.View.Outlines(own)
	for i := range a.Outlines.Names {
		a.Outlines.Names[i].Text = plain(a.Outlines.Names[i].Text)
	}
	a.Outlines.Names = worldmap.Clear(a.Outlines.Names, groups)
	tenth := func(f float64) string { return fmt.Sprintf("%.1f", f) }
	var named []string
	for i, g := range groups {
		m := atlasMark{Kind: kinds[i], X: tenth(g.X), Y: tenth(g.Y), N: len(g.Group)}
		if g.Text.Width > 0 {
			x, y := g.Base()
			m.Label, m.LabelX, m.LabelY, m.Anchor = g.Label, tenth(x), tenth(y), g.Anchor
		}
		x, y := rowAt(&g, kinds[i], len(beside[i]))
		for n, kind := range beside[i] {
			m.Beside = append(m.Beside, atlasGlyph{kind, tenth(x + float64(n)*atlasStep), tenth(y)})
		}
		if len(named) < 8 {
			named = append(named, g.Label)
		}
		a.Marks = append(a.Marks, m)
	}
	length, km := a.View.Kilometres()
	a.Scale = atlasScale{tenth(length), fmt.Sprintf("%d km", km)}
	a.Title = fmt.Sprintf("Map with %s: %s. The list beside it says the same in words.", countWord(len(marks), "place", "places"), strings.Join(named, ", "))
}

// rowAt is the middle of the first of n services and vantage points at a mark:
// below its circle, or in its place where nothing is said of it.
func rowAt(g *worldmap.Mark, kind string, n int) (x, y float64) {
	x, y = g.X-float64(n-1)*atlasStep/2, g.Y
	if kind == "place" {
		y += atlasStep
	}
	return x, y
}

// glyphsOf is what is measured at a place, or from it.
func glyphsOf(sp *model.Spot, excluded map[string]bool) []string {
	var out []string
	for range sp.Services {
		out = append(out, "service")
	}
	for _, id := range sp.Vantages {
		if excluded[id] {
			out = append(out, "excluded")
		} else {
			out = append(out, "vantage")
		}
	}
	return out
}

func glyphRank(kind string) int {
	return slices.Index([]string{"service", "vantage", "excluded"}, kind)
}

// movesBy is the movements, by the place they are at.
func movesBy(list []line) map[int64][]line {
	out := map[int64][]line{}
	for _, l := range list {
		if l.Kind == model.EntryMovement && l.Place != 0 {
			out[l.Place] = append(out[l.Place], l)
		}
	}
	return out
}

// spotNote says why a place is there.
func spotNote(sp *model.Spot) []string {
	var out []string
	if sp.Statements > 0 {
		out = append(out, "named in "+countWord(sp.Statements, "statement", "statements"))
	}
	if sp.Articles > 0 {
		out = append(out, "named in "+countWord(sp.Articles, "article", "articles"))
	}
	return out
}

// mapSVG is the map by itself, with its own style.
func (s *Server) mapSVG(w http.ResponseWriter, r *http.Request) error {
	d, err := s.situationPlaces(r)
	if err != nil {
		return err
	}
	if len(d.atlas.Marks) == 0 {
		return tell(model.ErrNotFound, "No place of this situation can be drawn.")
	}
	d.atlas.Alone = true
	var b bytes.Buffer
	if err := s.pages["situation"].ExecuteTemplate(&b, "atlas", d.atlas); err != nil {
		return fmt.Errorf("web: draw map: %w", err)
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	s.send(w, r, http.StatusOK, "image/svg+xml; charset=utf-8", b.Bytes())
	return nil
}

// situationPlaces is what the map of a situation needs.
func (s *Server) situationPlaces(r *http.Request) (*situationData, error) {
	facts, err := s.situationFacts(r)
	if err != nil {
		return nil, err
	}
	d := &situationData{SituationFacts: *facts}
	if d.spots, err = s.cfg.Situations.SituationSpots(r.Context(), d.ID); err != nil {
		return nil, fmt.Errorf("web: places of situation %s: %w", d.ID, err)
	}
	moves, err := s.entries(r, d.ID, model.EntryQuery{Kinds: []model.EntryKind{model.EntryMovement}, Limit: situationEntries}, nil)
	if err != nil {
		return nil, err
	}
	d.moves = movesBy(moves.list)
	if d.measured, err = s.measuredTable(r.Context(), d); err != nil {
		return nil, err
	}
	d.atlas = s.atlasOf(d)
	return d, nil
}

// geoFeatures is a GeoJSON feature collection (RFC 7946).
type geoFeatures struct {
	Type     string       `json:"type"`
	Features []geoFeature `json:"features"`
}

type geoFeature struct {
	Type       string        `json:"type"`
	ID         int64         `json:"id,omitempty"`
	Geometry   *geoPoint     `json:"geometry"` // null: it is not known where it lies
	Properties geoProperties `json:"properties"`
}

type geoPoint struct {
	Type        string     `json:"type"`
	Coordinates [2]float64 `json:"coordinates"` // longitude, latitude
}

type geoProperties struct {
	Name       string   `json:"name"`
	Country    string   `json:"country"`
	Kind       string   `json:"kind"`
	Articles   int      `json:"article_count"`
	Statements int      `json:"statement_count"`
	Services   []string `json:"services"`
	Vantages   []string `json:"vantages"`
}

func (s *Server) placesGeoJSON(w http.ResponseWriter, r *http.Request) error {
	d, err := s.situationPlaces(r)
	if err != nil {
		return err
	}
	body, err := json.Marshal(geoFeatures{"FeatureCollection", each(d.spots, geoOf)})
	if err != nil {
		return fmt.Errorf("web: write GeoJSON: %w", err)
	}
	if !s.cfg.Desk(r) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
	}
	s.send(w, r, http.StatusOK, "application/geo+json", body)
	return nil
}

func geoOf(sp model.Spot) geoFeature {
	f := geoFeature{Type: "Feature", ID: sp.ID, Properties: geoProperties{
		sp.Name, sp.Country, string(sp.Kind), sp.Articles, sp.Statements, each(sp.Services, same), each(sp.Vantages, same),
	}}
	if located(&sp.Place) {
		f.Geometry = &geoPoint{"Point", [2]float64{sp.Lon, sp.Lat}}
	}
	return f
}

// atlasStyle dresses a map that stands by itself, in the colours of the sheet.
const atlasStyle = template.CSS(`svg{font:10.5px sans-serif;background:#fdfdfb}.land{fill:#f1f3f4}.coast{fill:none;stroke:#8b9197}.border{fill:none;stroke:#15181b;stroke-width:.6;stroke-dasharray:4 2 1 2}` +
	`.sf{fill:#565d64}.b{font-weight:600}.halo{paint-order:stroke;stroke:#fdfdfb;stroke-width:3px}.gp{fill:#fdfdfb;stroke:#15181b}.gi{fill:#15181b}.mb,.mt{fill:#0b4c86}.axis{fill:none;stroke:#15181b}.ex{fill:url(#hatch)}.hl{stroke:#565d64;stroke-width:1.2}.edge{stroke:#0b4c86}`)
