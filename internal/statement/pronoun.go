package statement

import (
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

// pronoun resolves he, she, it and they to the last that fits.
func (c *cast) pronoun(w string, at int) turn {
	recent := c.last[max(0, len(c.last)-turns):]
	switch w {
	case "he", "she", "him", "her":
		g := male
		if w == "she" || w == "her" {
			g = female
		}
		if t, ok := c.lastPerson(g, at); ok {
			return t
		}
	case "it":
		if t, ok := c.lastBody(at); ok {
			return t
		}
	case "they", "them":
		for i := len(recent) - 1; i >= 0; i-- {
			if t := recent[i]; t.plural || t.who != nil && !t.who.person() {
				return t
			}
		}
	}
	return turn{speaker: speaker{name: "unnamed: " + w, kind: model.SpeakerUnnamed}, plural: w == "we" || w == "they"}
}

// lastPerson is whom "he" or "she" means: the last speaker that fits, or a
// person named since at the start of a sentence, whichever is nearer.
func (c *cast) lastPerson(g gender, at int) (turn, bool) {
	var spoke *turn
	spokeAt := -1
	for i := len(c.last) - 1; i >= max(0, len(c.last)-turns) && spoke == nil; i-- {
		if t := &c.last[i]; t.fits(g) && !t.asked && (t.who != nil || t.gender != 0 || c.p.paragraphOf(at)-c.p.paragraphOf(t.token) < 2) {
			spoke, spokeAt = t, t.token
		}
	}
	who := c.namedSince(g, max(spokeAt, at-reach), at, spoke == nil || c.p.paragraphOf(spokeAt) != c.p.paragraphOf(at))
	if who == nil && spoke == nil {
		who = c.only(g)
	}
	if who == nil && spoke == nil {
		who = c.namedNext(g, at)
	}
	if who == nil && spoke == nil {
		return turn{}, false
	}
	if who == nil {
		if spoke.who == nil {
			spoke.gender = g
			return *spoke, true
		}
		who = spoke.who
	}
	if who.gender == 0 {
		who.gender = g
	}
	return c.personTurn(who), true
}

// namedNext is the first person of the gender whom a sentence of the same
// paragraph opens with behind a pronoun: “…,” she said. Oda Remmel, who …
func (c *cast) namedNext(g gender, at int) *entity {
	for i := c.before(at); i < len(c.seen) && c.seen[i].token < at+reach && c.p.paragraphOf(c.seen[i].token) == c.p.paragraphOf(at); i++ {
		if s := c.seen[i]; !s.quote && s.opens && s.who.fits(g) {
			return s.who
		}
	}
	return nil
}

// only is the one person the article names whom a pronoun of the gender can
// mean; nil when there are more.
func (c *cast) only(g gender) *entity {
	var found *entity
	for _, who := range c.people {
		if !who.fits(g) {
			continue
		}
		if found != nil {
			return nil
		}
		found = who
	}
	return found
}

// fits reports whether a pronoun of the gender may mean the speaker of a turn.
func (t *turn) fits(g gender) bool {
	if t.who != nil {
		return t.who.fits(g)
	}
	if t.kind != model.SpeakerUnnamed || t.plural {
		return false
	}
	if t.gender != 0 {
		return t.gender == g
	}
	for _, w := range strings.Fields(strings.ToLower(t.name)) {
		if known := genderWords[w]; known != 0 {
			return known == g
		}
	}
	return true
}

// namedSince is the last person of the gender named outside quotations behind
// token from and before token at: as the subject of a sentence, or anywhere.
func (c *cast) namedSince(g gender, from, at int, anywhere bool) *entity {
	var other *entity
	for i := c.before(at) - 1; i >= 0 && c.seen[i].token > from; i-- {
		s := c.seen[i]
		if s.quote || !s.who.fits(g) {
			continue
		}
		if s.opens {
			return s.who
		}
		if other == nil && anywhere {
			other = s.who
		}
	}
	return other
}

// lastBody is what "it" means: the last body or document that spoke, or a body
// that a sentence since opens with.
func (c *cast) lastBody(at int) (turn, bool) {
	var spoke *turn
	from := max(-1, at-reach)
	for i := len(c.last) - 1; i >= max(0, len(c.last)-turns) && spoke == nil; i-- {
		if t := &c.last[i]; t.who != nil && !t.who.person() || t.kind == model.SpeakerDocument || t.kind == model.SpeakerOrganisation {
			spoke, from = t, max(from, t.token)
		}
	}
	var named *sighting
	for i := c.before(at) - 1; i >= 0 && c.seen[i].token > from && named == nil; i-- {
		if s := &c.seen[i]; !s.quote && s.opens && !s.who.person() {
			named, from = s, s.token
		}
	}
	if k := c.subjectCountry(from, at); k >= 0 {
		return c.country(k), true
	}
	if named != nil {
		return c.bodyTurn(named.who), true
	}
	if spoke == nil {
		return turn{}, false
	}
	return *spoke, true
}

// subjectCountry is the last country that a sentence opens with as its subject
// behind token from and before token at, in the same or the last paragraph;
// -1 for none.
func (c *cast) subjectCountry(from, at int) int {
	p := c.p
	for i := at - 1; i > from && p.paragraphOf(at)-p.paragraphOf(i) < 2; i-- {
		if w := p.low[i]; !upper(p.Token(i)) || p.quoted[i] >= 0 || !places[w] && p.named[i] != tag.Location || possessive(w) || !p.subject(i) {
			continue
		}
		if next := p.low[i+1]; p.Tokens[i+1].Kind == text.Word && !upper(p.Token(i+1)) && !prepositions[next] && !conjunctions[next] && !orgNouns[next] && !roleNouns[next] {
			return i
		}
	}
	return -1
}

// country is the country at token i as a body.
func (c *cast) country(i int) turn {
	r := text.Range{Start: i, End: i + 1}
	if e := c.named(r, ""); e != nil {
		return c.bodyTurn(e)
	}
	return c.newBody(c.p.nameText(i, i+1), "", &mention{core: r})
}
