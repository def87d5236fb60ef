// Package speaker tells whether two articles name the same person or
// organisation. It is pure: names, roles and outlets in, a verdict with its
// reason out. What it cannot tell it calls unsure.
package speaker

import (
	"slices"
	"strings"

	"crosscheck/internal/model"
)

// Verdict says whether two descriptions are of one speaker.
type Verdict string

// The verdicts.
const (
	Same      Verdict = "same"
	Different Verdict = "different"
	Unsure    Verdict = "unsure"
)

// Likeness is a verdict with its reason, in words for people.
type Likeness struct {
	Is  Verdict
	Why string
	// Lone says that an unsure pair is the same where no other speaker fits.
	Lone bool
	rank rank
}

// rank orders likenesses as evidence about one known speaker, who may have
// been described in several ways: the highest decides.
type rank int

const (
	rankPartial   rank = iota + 1 // unsure
	rankDifferent                 // a name of the speaker says no
	rankAlike                     // a name fits, nothing speaks against it
	rankClash                     // the name fits, a role speaks against it
	rankAgree                     // name and role fit
	rankKnown                     // this very description has been decided on
)

// Compare tells whether two descriptions are of one speaker. It is symmetric.
func Compare(a, b model.SpeakerDescription) Likeness {
	if a.Type != b.Type {
		return Likeness{Is: Different, Why: "a person and an organisation", rank: rankDifferent}
	}
	switch a.Type {
	case model.SpeakerPerson:
		return comparePersons(a, b)
	case model.SpeakerOrganisation:
		return compareBodies(a, b)
	}
	return Likeness{Is: Unsure, Why: "speakers without a name of their own", rank: rankPartial}
}

func comparePersons(a, b model.SpeakerDescription) Likeness {
	x, okX := parsePerson(a.Name)
	y, okY := parsePerson(b.Name)
	if !okX || !okY {
		return Likeness{Is: Unsure, Why: "a role is not a name", rank: rankPartial}
	}
	names, why := likeNames(x, y)
	roles, whyRoles := likeRoles(a.Role, b.Role)
	if names == partial && len(x.given) == 0 && len(y.given) == 0 && a.Outlet != "" && a.Outlet == b.Outlet {
		names = alike // one outlet's bare name
	}
	switch {
	case names == unlike:
		return Likeness{Is: Different, Why: why, rank: rankDifferent}
	case roles == agree:
		return Likeness{Is: Same, Why: why + "; " + whyRoles, rank: rankAgree}
	case names == alike && roles == clash:
		return Likeness{Is: Unsure, Why: why + ", but " + whyRoles, rank: rankClash}
	case roles == clash:
		return Likeness{Is: Different, Why: why + ", and " + whyRoles, rank: rankDifferent}
	case names == alike:
		return Likeness{Is: Same, Why: why, rank: rankAlike}
	}
	return Likeness{Is: Unsure, Why: why, Lone: names == partial, rank: rankPartial}
}

func compareBodies(a, b model.SpeakerDescription) Likeness {
	x, okX := parseBody(a.Name, a.Role)
	y, okY := parseBody(b.Name, b.Role)
	if !okX || !okY {
		return Likeness{Is: Unsure, Why: "no name", rank: rankPartial}
	}
	names, why := likeBodies(x, y)
	if names == related && x.unowned() && y.unowned() && a.Outlet != "" && a.Outlet == b.Outlet {
		names, why = alike, "one outlet's own"
	}
	switch names {
	case unlike:
		return Likeness{Is: Different, Why: why, rank: rankDifferent}
	case alike:
		return Likeness{Is: Same, Why: why, rank: rankAlike}
	}
	return Likeness{Is: Unsure, Why: why, rank: rankPartial}
}

// Keys says what a description is filed under: blocks that whoever may be the
// same shares, and the outlet where the name says nothing without it. A role
// without a name has none.
func Keys(d model.SpeakerDescription) model.SpeakerKeys {
	switch d.Type {
	case model.SpeakerPerson:
		p, ok := parsePerson(d.Name)
		if !ok {
			return model.SpeakerKeys{}
		}
		return personKeys(p, d.Outlet)
	case model.SpeakerOrganisation:
		b, ok := parseBody(d.Name, d.Role)
		if !ok {
			return model.SpeakerKeys{}
		}
		return bodyKeys(b, d.Outlet)
	}
	return model.SpeakerKeys{}
}

func personKeys(p person, outlet string) model.SpeakerKeys {
	k := model.SpeakerKeys{Blocks: []string{"p " + coarse(p.family.plain)}}
	if len(p.given) == 0 {
		k.Scope = outlet
		return k
	}
	all := p.words()
	ends := []string{coarse(all[0].plain), coarse(all[len(all)-1].plain)}
	slices.Sort(ends)
	k.Blocks = append(k.Blocks, "pp "+strings.Join(ends, " "))
	if p.eastern {
		k.Blocks = append(k.Blocks, "p "+coarse(p.turned().family.plain))
	}
	return k
}

func bodyKeys(b body, outlet string) model.SpeakerKeys {
	words := strings.Join(b.words, " ")
	k := model.SpeakerKeys{Blocks: []string{"o " + words}}
	if b.owner != "" {
		k.Blocks = append(k.Blocks, "oo "+words+" "+b.owner)
	}
	for _, a := range []string{b.acronym, b.initials} {
		if len(a) > 1 {
			k.Blocks = append(k.Blocks, "a "+a)
		}
	}
	if b.unowned() {
		k.Scope = outlet
	}
	return k
}
