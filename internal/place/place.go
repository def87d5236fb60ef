// Package place finds the places that a text names and says which they are. Its
// gazetteer, packed into the binary, holds towns, administrative regions,
// countries, seas, and regions by custom: facts from GeoNames
// (www.geonames.org, CC BY 4.0) and lists of its own; docs/places.md says
// which.
//
// Towns come from GeoNames with their ids. Places for which no GeoNames id was
// at hand have negative ids, the same in every build of the same lists.
package place

import (
	"cmp"
	"slices"

	"crosscheck/internal/model"
)

// Credit is what the licence of the gazetteer asks for.
const Credit = "Places: GeoNames (www.geonames.org), CC BY 4.0, selected and repacked."

// ByID returns the place with an id.
func ByID(id int64) (model.Place, bool) {
	g := must()
	i, ok := g.entry(id)
	if !ok {
		return model.Place{}, false
	}
	return g.place(i), true
}

// Find returns the places a name may mean, the best known first. Case, accents,
// hyphens and points do not count.
func Find(name string) []model.Place {
	g := must()
	found := g.find(fold(name))
	slices.SortStableFunc(found, func(a, b meaning) int {
		return -cmp.Compare(g.known(a), g.known(b))
	})
	out := make([]model.Place, len(found))
	for i, m := range found {
		out[i] = g.place(m.entry)
	}
	return out
}

// Containing returns what a place lies in, the smallest first: its district and
// its region, the country, and after each the regions by custom that hold it.
func Containing(id int64) []model.Place {
	g := must()
	i, ok := g.entry(id)
	if !ok {
		return nil
	}
	var out []model.Place
	for _, j := range g.containing(i) {
		out = append(out, g.place(j))
	}
	return out
}

// Around names what a place lies in, for people: a town's region and country, a
// region's country, "" for the others.
func Around(p model.Place) string {
	g := must()
	i, ok := g.entry(p.ID)
	if !ok || g.in[i] == 0 {
		return ""
	}
	region := g.region(g.in[i] - 1)
	country, _ := g.countryEntry(g.country[i])
	if region == 0 || g.kind[i] == Capital {
		return g.name(g.shown[country])
	}
	return g.name(g.shown[region-1]) + ", " + g.name(g.shown[country])
}

// Within reports whether a place is another, or lies in it.
func Within(id, around int64) bool {
	g := must()
	i, ok := g.entry(id)
	j, ok2 := g.entry(around)
	return ok && ok2 && (i == j || slices.Contains(g.containing(i), j))
}

func (g *gazetteer) containing(i uint32) []uint32 {
	var out []uint32
	add := func(i uint32) {
		for _, r := range g.around[i] {
			if !slices.Contains(out, r) {
				out = append(out, r)
			}
		}
	}
	add(i)
	for in := g.in[i]; in != 0; in = g.in[in-1] {
		out = append(out, in-1)
		add(in - 1)
	}
	return out
}
