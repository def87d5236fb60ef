// Package speaker tells whether two articles name the same person or
// organisation. It is pure: names, roles and outlets in, a verdict with its
// reason out. What it cannot tell it calls unsure.
package speaker

import "crosscheck/internal/model"

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

// subject is a description taken apart once, to be compared often.
type subject struct {
	model.SpeakerDescription
	named  bool // it has a name of its own
	person person
	body   body
	role   role // of persons
}

func newSubject(d model.SpeakerDescription) subject {
	s := subject{SpeakerDescription: d}
	switch d.Type {
	case model.SpeakerPerson:
		s.person, s.named = parsePerson(d.Name)
		s.role = parseRole(d.Role)
	case model.SpeakerOrganisation:
		s.body, s.named = parseBody(d.Name, d.Role)
	}
	return s
}

// Compare tells whether two descriptions are of one speaker. It is symmetric.
func Compare(a, b model.SpeakerDescription) Likeness {
	return compare(newSubject(a), newSubject(b))
}

func compare(a, b subject) Likeness {
	switch {
	case a.Type != b.Type:
		return Likeness{Is: Different, Why: "speakers of different kinds", rank: rankDifferent}
	case !a.named || !b.named:
		return Likeness{Is: Unsure, Why: "without a name of one's own", rank: rankPartial}
	case a.Type == model.SpeakerPerson:
		return comparePersons(a, b)
	}
	return compareBodies(a, b)
}

func comparePersons(a, b subject) Likeness {
	names, why := likeNames(a.person, b.person)
	if names == unlike {
		return Likeness{Is: Different, Why: why, rank: rankDifferent}
	}
	bare := len(a.person.given) == 0 && len(b.person.given) == 0
	if names == partial && bare && a.Outlet != "" && a.Outlet == b.Outlet {
		names = alike // one outlet's bare name
	}
	roles, whyRoles := likeRoles(a.role, b.role)
	switch {
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

func compareBodies(a, b subject) Likeness {
	names, why := likeBodies(a.body, b.body)
	if names == related && a.body.unowned() && b.body.unowned() && a.Outlet != "" && a.Outlet == b.Outlet {
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
