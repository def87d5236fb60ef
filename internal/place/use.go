package place

import (
	"crosscheck/internal/model"
	"crosscheck/internal/text/tag"
)

// reporting are verbs after which the place before is who says so, or who acts
// as a state does.
var reporting = wordSet(`said says say told tells denied denies deny accused accuses warned warns announced announces insisted insists insist
	claimed claims claim demanded demands demand urged urges urge rejected rejects reject wants want agreed agrees condemned condemns vowed vows pledged
	pledges responded replied confirmed confirms declined refused refuses signed backed backs considers proposed called calls expressed summoned expelled
	recognised recognized recognises recognizes believes hopes fears plans intends threatened threatens argues argued maintains maintained stresses stressed
	described describes acknowledged admitted imposed imposes accepted accepts offered ordered orders blames blamed sees supports supported opposes opposed`)

// auxiliaries may stand before those.
var auxiliaries = wordSet("has have had also repeatedly later earlier again now will would could may should must immediately swiftly officially formally")

// towards are words after which a state, not its ground, is dealt with.
var towards = wordSet("with by against accuse accused accuses blame blamed blames urge urged urges ask asked asks tell told warn warned warns between both sanction sanctioned")

// belongings of a state that its possessive names; they are where they are.
var belongings = wordSet(`government president premier leader leaders leadership army forces military troops ministry minister foreign defence defense prime
	parliament embassy ambassador envoy intelligence security police central economy currency team officials delegation king queen ruling supreme`)

// heads of the names of institutions and offices that go on with "of".
var heads = wordSet(`university bank ministry mayor governor president king queen prince duke earl embassy republic bishop archbishop college institute
	government parliament council court church diocese chamber commonwealth federation congress senate secretary minister ambassador city county state`)

// use says what a name is used for.
func (p *page) use(c *candidate, n *Name, statements []model.Statement) Use {
	if p.partOfName(c) {
		return UseInstitution
	}
	if !n.Known || !p.governs(n) {
		return UsePlace
	}
	for i := range statements {
		if m := statements[i].Mention; m.Start <= n.Start && n.End <= m.End && !p.afterPreposition(c.Start) {
			return UseSpeaker
		}
	}
	if p.afterPreposition(c.Start) && !towards[p.word(c.Start-1)] {
		return UsePlace
	}
	i := c.End
	if belongings[p.word(i)] && p.possessive(c) {
		return UseSpeaker
	}
	if towards[p.word(c.Start-1)] {
		return UseSpeaker
	}
	for auxiliaries[p.word(i)] {
		i++
	}
	if reporting[p.word(i)] {
		return UseSpeaker
	}
	return UsePlace
}

// possessive reports whether a candidate ends in 's.
func (p *page) possessive(c *candidate) bool {
	return c.span.End < p.Tokens[c.End-1].End
}

// governs reports whether a government sits in a place, or goes by its name.
func (p *page) governs(n *Name) bool {
	i, ok := p.g.entry(n.Place.ID)
	return ok && (p.g.kind[i] == Country || p.g.kind[i] == Capital || p.g.kind[i] == Admin1 && p.g.population[i] > 1_000_000)
}

// partOfName reports whether a candidate is part of a longer name that is not
// one of a place.
func (p *page) partOfName(c *candidate) bool {
	if _, within, _ := p.overlap(c, tag.Organisation); within {
		return true
	}
	if p.possessive(c) {
		return false
	}
	if p.word(c.Start-1) == "of" && p.capital(c.Start-2) && heads[p.word(c.Start-2)] {
		return true
	}
	next := c.End
	return p.capital(next) && !p.start[next] && p.nameType(next) != tag.Person && p.nameType(next) != tag.Date &&
		p.nameType(next) != tag.Location && !p.upper(c.Start)
}
