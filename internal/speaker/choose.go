package speaker

import (
	"cmp"
	"slices"
	"strings"

	"crosscheck/internal/model"
)

// maxDoubts bounds the speakers recorded as perhaps the same as one.
const maxDoubts = 8

// fit is how a description fits a known speaker.
type fit struct {
	id string
	Likeness
	exact bool // by a name spelt the same
}

// Choose says which of the known speakers a description is of. Nobody is
// chosen where two fit equally well: who they are is left open, and said so.
func Choose(d model.SpeakerDescription, known []model.SpeakerProfile) model.SpeakerChoice {
	var fits []fit
	own, scope := newSubject(d), Keys(d).Scope
	for _, k := range known {
		if f := fitOf(own, scope, k); f.Is != Different {
			fits = append(fits, f)
		}
	}
	slices.SortStableFunc(fits, func(x, y fit) int { return cmp.Compare(y.weight(), x.weight()) })
	var c model.SpeakerChoice
	switch {
	case len(fits) == 0:
		return c
	case fits[0].Is == Same && (len(fits) == 1 || fits[1].weight() < fits[0].weight()):
		c.ID = fits[0].id
	case fits[0].Is == Same:
		c.Homonym = true
	case len(fits) == 1 && fits[0].Lone:
		c.ID = fits[0].id
	}
	for _, f := range fits {
		if f.id != c.ID && len(c.Unsure) < maxDoubts {
			c.Unsure = append(c.Unsure, model.SpeakerDoubt{ID: f.id, Why: f.Why})
		}
	}
	return c
}

// weight orders fits; those of one weight cannot be told apart.
func (f fit) weight() int {
	switch {
	case f.Is != Same:
		return 0
	case f.rank == rankKnown:
		return 4
	case f.rank == rankAgree && f.exact:
		return 3
	case f.rank == rankAgree:
		return 2
	}
	return 1
}

// fitOf compares a description with all a speaker is known by.
func fitOf(d subject, scope string, k model.SpeakerProfile) fit {
	best := fit{id: k.ID, Likeness: Likeness{Is: Different}}
	for _, a := range k.Aliases {
		exact := sameWords(a.Name, d.Name)
		l := Likeness{Is: Same, Why: "known by this name and role", rank: rankKnown}
		if !exact || !sameWords(a.Role, d.Role) || !a.ByHand && d.Role == "" || a.Outlet != scope {
			l = compare(d, newSubject(a.SpeakerDescription))
		}
		best.exact = best.exact || exact && l.Is == Same
		if l.rank > best.rank {
			best.Likeness = l
		}
	}
	return best
}

// sameWords reports whether two phrases differ in signs and capitals at most.
func sameWords(a, b string) bool {
	return a == b || strings.EqualFold(a, b) || folded(a) == folded(b)
}

func folded(s string) string { return strings.Join(foldedWords(s), " ") }
