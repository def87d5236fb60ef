package speaker

import (
	"slices"
	"strconv"
	"strings"

	"crosscheck/internal/model"
)

// Keys says under which blocks a description is filed and looked for, and the
// outlet where its name says little without it. A role without a name has none.
func Keys(d model.SpeakerDescription) model.SpeakerKeys {
	var k model.SpeakerKeys
	switch s := newSubject(d); {
	case !s.named:
	case d.Type == model.SpeakerPerson:
		k = personKeys(s.person, d.Outlet)
		if s.person.eastern { // a guess, which may be wrong
			t := personKeys(s.person.turned(), d.Outlet)
			k.File, k.Look = union(k.File, t.File), union(k.Look, t.Look)
		}
	default:
		k = bodyKeys(s.body, d.Outlet)
	}
	return k
}

// personKeys: whoever has a given name is filed under it, and under the family
// name for those who go by it alone.
func personKeys(p person, outlet string) model.SpeakerKeys {
	family := coarse(p.family.plain)
	alone, all := "alone "+family, "family "+family
	if len(p.given) == 0 {
		own := "own " + outlet + " " + family
		return model.SpeakerKeys{File: []string{own, alone}, Look: []string{own, alone, all}, Scope: outlet}
	}
	var names, initials []string
	for _, w := range p.given[:min(len(p.given), 2)] { // some go by a middle name
		if !w.initial {
			names = append(names, pair(w, p.family))
		}
	}
	first := p.given[0]
	for _, f := range append(first.forms, first.plain) {
		initials = union(initials, []string{firstLetter(f) + " " + family})
	}
	if g, ok := lookupGiven(first.forms); ok {
		names = append(names, "given "+strconv.Itoa(g.name)+" "+family)
	}
	k := model.SpeakerKeys{File: append(names, all), Look: append(slices.Clone(names), alone)}
	for _, i := range initials {
		if first.initial {
			k.File, k.Look = append(k.File, "short "+i), append(k.Look, "short "+i, "long "+i)
		} else {
			k.File, k.Look = append(k.File, "long "+i), append(k.Look, "short "+i)
		}
	}
	return k
}

// pair is two names whatever their order.
func pair(a, b word) string {
	ends := []string{coarse(a.plain), coarse(b.plain)}
	slices.Sort(ends)
	return "name " + strings.Join(ends, " ")
}

func firstLetter(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

func bodyKeys(b body, outlet string) model.SpeakerKeys {
	words := strings.Join(b.words, " ")
	var blocks []string
	var scope string
	if b.unowned() {
		scope = outlet
		blocks = append(blocks, "own "+outlet+" "+words)
	}
	if b.owner != "" {
		blocks = append(blocks, "owned "+words+" "+b.owner)
	}
	for _, a := range []string{b.acronym, b.initials} {
		if len(a) > 1 {
			blocks = append(blocks, "acronym "+a)
		}
	}
	blocks = append(blocks, "body "+words)
	if b.head != "" {
		blocks = append(blocks, "body "+b.head)
	}
	return model.SpeakerKeys{File: blocks, Look: blocks, Scope: scope}
}

func union(a, b []string) []string {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}
