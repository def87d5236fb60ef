package place

import (
	"hash/fnv"
	"math"
	"slices"
	"strings"
	"sync/atomic"

	"crosscheck/internal/model"
)

// Own is a place that a desk adds to the gazetteer: a camp, a crossing, a quarter.
type Own struct {
	Name     string
	Aliases  []string        // further names
	Kind     model.PlaceKind // "": a city
	Country  string          // code of two letters, or ""; of a country: its own
	Lat, Lon float64         // degrees
}

// The ids of own places lie below ownID; the same name in the same country has
// the same id everywhere.
const (
	ownID = -1 << 30
	// ownCountry is the first of the numbers that stand for own countries where
	// others are counted from 0.
	ownCountry = 60_000
	// ownSize makes an own place better known than any town: who adds it means it.
	ownSize = 100_000_000
	maxOwn  = 1000
)

// current is the gazetteer with own places, nil while there are none.
var current atomic.Pointer[gazetteer]

// Add makes these the own places, in the place of those there were. A name that
// the gazetteer knows too most likely means the own place. Faults are ErrInvalid
// and name the place. It is for the start of a program: what was resolved before
// stays.
func Add(list []Own) error {
	if len(list) > maxOwn {
		return model.Errorf(model.ErrInvalid, "places: %d, want at most %d", len(list), maxOwn)
	}
	for i := range list {
		if err := list[i].validate(); err != nil {
			return err
		}
	}
	g, err := open()
	if err != nil {
		return err
	}
	if len(list) == 0 {
		current.Store(nil)
		return nil
	}
	g = g.copied()
	byCountry := func(o *Own) bool { return o.Kind == model.PlaceCountry }
	for _, countries := range []bool{true, false} { // what a place lies in comes before it
		for i := range list {
			if byCountry(&list[i]) == countries {
				g.add(&list[i])
			}
		}
	}
	slices.SortFunc(g.byID, func(a, b uint32) int { return int(g.id[a]) - int(g.id[b]) })
	current.Store(g)
	return nil
}

func (o *Own) validate() error {
	o.Name, o.Country = strings.TrimSpace(o.Name), strings.ToUpper(o.Country)
	switch {
	case fold(o.Name) == "":
		return model.Errorf(model.ErrInvalid, "place %q: want a name", o.Name)
	case o.Country != "" && (len(o.Country) != 2 || strings.Trim(o.Country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != ""):
		return model.Errorf(model.ErrInvalid, "place %s: country %q: want two letters or nothing", o.Name, o.Country)
	case o.Kind == model.PlaceCountry && o.Country == "":
		return model.Errorf(model.ErrInvalid, "place %s: a country needs its two letters", o.Name)
	case !(math.Abs(o.Lat) <= 90) || !(math.Abs(o.Lon) <= 180):
		return model.Errorf(model.ErrInvalid, "place %s at %v, %v: want degrees, latitude to 90 and longitude to 180", o.Name, o.Lat, o.Lon)
	}
	if _, known := ownKinds[o.Kind]; !known {
		return model.Errorf(model.ErrInvalid, "place %s: kind %q: want city, region, country or sea", o.Name, o.Kind)
	}
	return nil
}

var ownKinds = map[model.PlaceKind]Kind{
	"": Town, model.PlaceCity: Town, model.PlaceRegion: Admin1, model.PlaceCountry: Country, model.PlaceSea: Sea,
}

// id is the same for the same place in every process.
func (o *Own) id() int32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(fold(o.Name) + "\x00" + o.Country)) // never fails
	return ownID - int32(h.Sum32()>>3)
}

// copied is a gazetteer that can be added to.
func (g *gazetteer) copied() *gazetteer {
	c := *g
	c.id, c.kind, c.in = slices.Clone(g.id), slices.Clone(g.kind), slices.Clone(g.in)
	c.lat, c.lon, c.population = slices.Clone(g.lat), slices.Clone(g.lon), slices.Clone(g.population)
	c.shown, c.country, c.byID = slices.Clone(g.shown), slices.Clone(g.country), slices.Clone(g.byID)
	c.text, c.nameEnd, c.useEnd = slices.Clone(g.text), slices.Clone(g.nameEnd), slices.Clone(g.useEnd)
	c.own = map[string][]meaning{}
	return &c
}

// add appends a place, unless it is there already.
func (g *gazetteer) add(o *Own) {
	if slices.Contains(g.id, o.id()) {
		return
	}
	entry := uint32(len(g.id))
	country, in := g.countryOf(o.Country)
	if o.Kind == model.PlaceCountry {
		country, in = uint16(ownCountry+len(g.ownCode)), 0
		g.ownCode, g.ownEntry = append(g.ownCode, o.Country), append(g.ownEntry, entry)
	}
	g.id, g.kind, g.in = append(g.id, o.id()), append(g.kind, ownKinds[o.Kind]), append(g.in, in)
	g.lat, g.lon = append(g.lat, int32(math.Round(o.Lat*scale))), append(g.lon, int32(math.Round(o.Lon*scale)))
	g.population, g.country = append(g.population, ownSize), append(g.country, country)
	g.shown, g.byID = append(g.shown, uint32(len(g.nameEnd))), append(g.byID, entry)
	g.text = append(g.text, o.Name...)
	g.nameEnd = append(g.nameEnd, uint32(len(g.text)))
	g.useEnd = append(g.useEnd, uint32(len(g.uses)))
	for _, name := range append([]string{o.Name}, o.Aliases...) {
		if f := fold(name); f != "" {
			g.own[f] = append(g.own[f], meaning{entry: entry, rank: own})
		}
	}
}

// countryOf returns the number and the entry + 1 of the country with a code.
func (g *gazetteer) countryOf(code string) (number uint16, in uint32) {
	if i := slices.Index(g.ownCode, code); i >= 0 && code != "" {
		return uint16(ownCountry + i), g.ownEntry[i] + 1
	}
	if i := slices.Index(g.code, code); i >= 0 && code != "" {
		return uint16(i), uint32(i) + 1
	}
	return noCountry, 0
}

// countryEntry returns the entry and the code of the country with a number.
func (g *gazetteer) countryEntry(number uint16) (entry uint32, code string) {
	if i := int(number) - ownCountry; i >= 0 {
		return g.ownEntry[i], g.ownCode[i]
	}
	return uint32(number), g.code[number]
}
