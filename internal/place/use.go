package place

import (
	"crosscheck/internal/model"
	"crosscheck/internal/text/tag"
)

// auxiliaries may stand between who acts and the verb.
var auxiliaries = wordSet("has have had also repeatedly later earlier again now will would could may should must immediately swiftly officially formally")

// towards are words after which a state, not its ground, is dealt with.
var towards = wordSet("with by against accuse accused accuses blame blamed blames urge urged urges ask asked asks tell told warn warned warns both sanction sanctioned")

// dealings are what is between states, not between their grounds.
var dealings = wordSet("talks negotiations relations ties tensions war conflict truce ceasefire deal agreement treaty dispute meeting summit contacts trade cooperation")

// belongings are what acts for a place, or belongs to those who do.
var belongings = wordSet(`government governments president premier leader leaders leadership army forces military troops ministry minister ministers foreign
	defence defense prime parliament embassy ambassador envoy intelligence security police central currency team officials official delegation king queen
	ruling supreme governor mayor senator lawmakers lawmaker legislature authorities council councilman councillor councillors commissioners commission
	prosecutors negotiators diplomats regime navy company companies firm newspaper`)

// heads of the names of institutions and offices that go on with "of".
var heads = wordSet(`university bank ministry mayor governor president king queen prince duke earl embassy republic bishop archbishop college institute
	government parliament council court church diocese chamber commonwealth federation congress senate secretary minister ambassador city county state`)

// still are verbs by which a place only is, or something befalls it.
var still = wordSet(`is was are were be been lies lay has had have remains remained sits saw seen experienced became becomes borders looked looks seems seemed
	stands stood faces faced suffered suffers received recorded woke grew grows went feels felt does did gets got`)

// use says what a name is used for.
func (p *page) use(c *candidate, n *Name, statements []model.Statement) Use {
	if p.partOfName(c) {
		return UseInstitution
	}
	if belongings[p.word(c.End)] {
		return UseActor // "Kyiv's army", "Springfield police": theirs, wherever it is
	}
	if !n.Known || !p.governs(n) || p.possessive(c) {
		return UsePlace
	}
	for i := range statements {
		if m := statements[i].Mention; m.Start == n.Start && n.End <= m.End {
			return UseActor
		}
	}
	before := p.word(c.Start - 1)
	if towards[before] || before == "between" && dealings[p.word(c.Start-2)] {
		return UseActor
	}
	if p.afterPreposition(c.Start) {
		return UsePlace
	}
	i, helped := c.End, false
	for ; auxiliaries[p.word(i)]; i++ {
		helped = true
	}
	if i >= len(p.pos) || before == "," && p.capital(c.Start-2) {
		return UsePlace // "Kherson, Ukraine, …"
	}
	switch p.pos[i] {
	case tag.VBD, tag.VBZ, tag.VBP:
	case tag.VB, tag.VBN:
		if !helped {
			return UsePlace
		}
	default:
		return UsePlace
	}
	if still[p.word(i)] {
		return UsePlace
	}
	return UseActor
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
