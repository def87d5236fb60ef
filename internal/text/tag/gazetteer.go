package tag

import (
	"embed"
	"fmt"
	"path"
	"strings"

	"crosscheck/internal/text"
)

// The lists are facts, put together by hand for this package: a file per
// kind, entries apart by white space, words of an entry joined by "_".
//
//go:embed lists/*.txt
var listFiles embed.FS

// kinds are the lists a word is in, one bit each.
type kinds uint32

const (
	given      kinds = 1 << iota // given names
	surname                      // family names
	country                      // countries and their common abbreviations
	locality                     // cities, regions, seas, rivers
	people                       // nationalities, peoples, religions, parties
	title                        // titles, ranks and offices before names
	agency                       // organisations by name
	group                        // words that end or start organisations' names
	feature                      // words that end or start places' names
	locative                     // prepositions of place
	saying                       // verbs of saying
	month                        // months
	weekday                      // days of the week
	number                       // numbers in words
	scale                        // hundred, thousand, million
	measure                      // units of measurement and money
	ordinal                      // first, second, third
	unitKind                     // brigade, division, regiment
	unitWord                     // words inside units' names: guards, airborne
	weapon                       // weapons and platforms by name
	maybeArm                     // names of weapons that also name other things
	armNoun                      // tank, missile, howitzer
	armWord                      // words before those: anti-tank, surface-to-air
	ship                         // prefixes of ships' names
	period                       // week, month, year
	designator                   // letters that begin a weapon's designation: T-72
)

// properKinds are the lists whose entries have a capital.
const properKinds = given | surname | country | locality | people | agency | month | weekday | weapon | maybeArm | ship

// kindNames are the lists' file names.
var kindNames = map[string]kinds{
	"given": given, "surname": surname, "country": country, "locality": locality, "people": people, "title": title,
	"agency": agency, "group": group, "feature": feature, "locative": locative, "saying": saying, "month": month,
	"weekday": weekday, "number": number, "scale": scale, "measure": measure, "ordinal": ordinal, "unit-kind": unitKind,
	"unit-word": unitWord, "weapon": weapon, "maybe-arm": maybeArm, "arm-noun": armNoun, "arm-word": armWord,
	"ship": ship, "period": period, "designator": designator,
}

// place is a token's place in the entry it was found by.
type place uint8

const (
	outside place = iota
	alone
	first
	inside
)

// longestEntry is the greatest number of tokens an entry may have.
const longestEntry = 8

// gazetteer holds the lists by the hashes of their entries and of the
// beginnings of longer entries.
type gazetteer struct {
	entries map[uint32]entry
}

type entry struct {
	kinds  kinds
	begins bool // longer entries begin with it
}

func loadGazetteer() (*gazetteer, error) {
	g := &gazetteer{entries: map[uint32]entry{}}
	names, err := listFiles.ReadDir("lists")
	if err != nil {
		return nil, fmt.Errorf("tag: lists: %w", err)
	}
	for _, f := range names {
		b, err := listFiles.ReadFile(path.Join("lists", f.Name()))
		if err != nil {
			return nil, fmt.Errorf("tag: lists: %w", err)
		}
		kind, known := kindNames[strings.TrimSuffix(f.Name(), ".txt")]
		if !known {
			return nil, fmt.Errorf("tag: list %s is of no kind", f.Name())
		}
		for _, item := range strings.Fields(string(b)) {
			g.add(strings.ReplaceAll(item, "_", " "), kind)
		}
	}
	return g, nil
}

func (g *gazetteer) add(item string, kind kinds) {
	toks := text.Tokenize(item)
	key := uint32(0)
	for i, t := range toks[:min(len(toks), longestEntry)] {
		w := spell(item[t.Start:t.End], t.Kind)
		key = join(key, i, w.hash)
		if w.is(shouted) {
			key = loud(key)
		}
		e := g.entries[key]
		if i == len(toks)-1 {
			e.kinds |= kind
		} else {
			e.begins = true
		}
		g.entries[key] = e
	}
}

// join extends the key of an entry's first i tokens by one more.
func join(key uint32, i int, hash uint32) uint32 {
	if i == 0 {
		return hash
	}
	return mix(key, hash)
}

// loud is the key of an entry whose last word is in capitals: US is not us.
func loud(key uint32) uint32 { return mix(key, uint32(shouted)) }

// find looks up the key of some tokens, w being the last.
func (g *gazetteer) find(key uint32, w *word) (uint32, entry, bool) {
	if w.is(shouted) && !w.is(headline) {
		if e, ok := g.entries[loud(key)]; ok {
			return loud(key), e, true
		}
	}
	e, ok := g.entries[key]
	return key, e, ok
}

// mark finds the longest entries, from left to right.
func (g *gazetteer) mark(d *text.Doc, ws []word) {
	for _, s := range d.Sentences {
		for i := s.Start; i < s.End; {
			i += g.match(ws[i:s.End])
		}
	}
}

// match marks the longest entry the words start with and returns how many
// tokens to go on.
func (g *gazetteer) match(ws []word) int {
	known := ^kinds(0)
	if !ws[0].is(capital) {
		known = ^properKinds
	}
	key, n, found := uint32(0), 0, kinds(0)
	for i := range ws[:min(len(ws), longestEntry)] {
		var e entry
		var ok bool
		if key, e, ok = g.find(join(key, i, ws[i].hash), &ws[i]); !ok {
			break
		}
		if e.kinds&known != 0 {
			n, found = i+1, e.kinds&known
		}
		if i == 0 && n > 0 {
			ws[0].kinds, ws[0].place = found, alone
		}
		if !e.begins {
			break
		}
	}
	if n < 2 {
		return 1
	}
	for i := range ws[:n] {
		ws[i].kinds = found
		ws[i].place = inside
	}
	ws[0].place = first
	return n
}
