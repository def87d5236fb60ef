package statement

import (
	"slices"
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// aged is the token of an age in a mention, as in "the 58-year-old engineer",
// 0 for none.
func (p *page) aged(r text.Range) int {
	for i := r.Start; i+2 < r.End; i++ {
		if p.Tokens[i].Kind == text.Number && p.low[i+1] == "-" && p.low[i+2] == "year" {
			return i
		}
	}
	return 0
}

// byAge finds the person an age or, without one, the sentence before means.
func (c *cast) byAge(r text.Range) *entity {
	p := c.p
	age := p.low[p.aged(r)]
	head, _ := p.head(r)
	n := c.before(r.Start)
	var near *entity
	for i := n - 1; i >= max(0, n-sightings); i-- {
		s := c.seen[i]
		if !s.who.person() || s.quote {
			continue
		}
		if s.who.age == age || s.who.about[head] && s.who.age == "" {
			return s.who
		}
		if near == nil && s.who.age == "" && r.Start-s.token < 90 {
			near = s.who
		}
	}
	return near
}

// byRole finds whom a definite role means: a person known by it, the unnamed
// speaker it takes up, or the holder of a like office.
func (c *cast) byRole(head string, r text.Range) (turn, bool) {
	for i := len(c.last) - 1; i >= max(0, len(c.last)-6) && r.Len() == 2; i-- {
		t := c.last[i]
		if t.who != nil && t.who.person() && t.who.about[head] {
			break
		}
		if t.who == nil && t.head == head && !t.plural && t.kind == model.SpeakerUnnamed {
			return t, true
		}
	}
	n := c.before(r.Start)
	for i := n - 1; i >= max(0, n-sightings); i-- {
		if who := c.seen[i].who; who.person() && c.roleFits(who, head, r) {
			return c.personTurn(who), true
		}
	}
	if who := c.onlyRole(head, r); who != nil {
		return c.personTurn(who), true
	}
	if c.p.low[r.Start+min(1, r.Len()-1)] == "same" {
		for i := len(c.last) - 1; i >= max(0, len(c.last)-8); i-- {
			if t := c.last[i]; t.kind == model.SpeakerUnnamed && t.who == nil {
				return t, true
			}
		}
	}
	if t, ok := c.takenUp(head, r); ok {
		return t, true
	}
	if who := c.likeRole(head, r); who != nil {
		return c.personTurn(who), true
	}
	for i := len(c.last) - 1; i >= max(0, len(c.last)-8); i-- {
		t := c.last[i]
		if t.who == nil || !t.who.person() || r.Len() > 2 && !c.ofSame(t.who, r, head) {
			continue
		}
		if slices.ContainsFunc(likeOffices[head], func(f string) bool { return t.who.about[f] }) {
			return t, true
		}
	}
	for i := n - 1; i >= max(0, n-sightings) && r.Len() > 2; i-- {
		who := c.seen[i].who
		if who.person() && c.ofSame(who, r, head) && slices.ContainsFunc(likeOffices[head], func(f string) bool { return who.about[f] }) {
			return c.personTurn(who), true
		}
	}
	if who := c.described(head, r); who != nil {
		return c.personTurn(who), true
	}
	if n := len(c.last); n > 0 && r.Len() == 2 && !offices[head] {
		if t := c.last[n-1]; t.kind == model.SpeakerUnnamed && !t.plural && somebody[t.head] {
			return t, true
		}
	}
	return turn{}, false
}

// somebody are the nouns that say so little of an unnamed speaker that another
// may take them up.
var somebody = wordSet("member person source official employee participant man woman")

// takenUp is the unnamed speaker of the same noun that "the official" takes up.
func (c *cast) takenUp(head string, r text.Range) (turn, bool) {
	if r.Len() != 2 {
		return turn{}, false
	}
	g := genderWords[head]
	for i := len(c.last) - 1; i >= max(0, len(c.last)-8); i-- {
		t := c.last[i]
		if t.who == nil && t.kind == model.SpeakerUnnamed && !t.plural && (slices.Contains(strings.Fields(strings.ToLower(t.name)), head) || i == len(c.last)-1 && g != 0 && t.fits(g)) {
			return t, true
		}
	}
	return turn{}, false
}

// groupTakenUp is the unnamed group that "the officials" takes up.
func (c *cast) groupTakenUp(head string, r text.Range) (turn, bool) {
	if r.Len() != 2 || c.p.low[r.Start] != "the" {
		return turn{}, false
	}
	for i := len(c.last) - 1; i >= max(0, len(c.last)-12); i-- {
		if t := c.last[i]; t.plural && t.head == head && strings.Count(t.name, " ") > 1 {
			return t, true
		}
	}
	return turn{}, false
}

// described is the person just named whom a definite description, new to the
// article, must mean: "the former Navy lawyer". An office may be held by someone
// whom the article does not name, so it means only who has none yet and was
// named in the same paragraph.
func (c *cast) described(head string, r text.Range) *entity {
	p := c.p
	second := p.low[r.Start+min(1, r.Len()-1)]
	if p.low[r.Start] != "the" || r.Len() < 3 && !descriptive[head] && !offices[head] {
		return nil
	}
	held := offices[head] && second != "former" && second != "retired"
	for i := r.Start; i < r.End; i++ {
		if prepositions[p.low[i]] {
			return nil
		}
	}
	fits := func(e *entity, at int) bool {
		g := genderWords[head]
		return e != nil && e.person() && r.Start-at < 70 && (g == 0 || e.fits(g)) && !(held && (e.role != "" || p.paragraphOf(at) != p.paragraphOf(r.Start)))
	}
	var spoke *entity
	from := -1
	if n := len(c.last); n > 0 && fits(c.last[n-1].who, c.last[n-1].token) {
		spoke, from = c.last[n-1].who, c.last[n-1].token
	}
	for i := c.before(r.Start) - 1; i >= 0 && c.seen[i].token > from && r.Start-c.seen[i].token < 70; i-- {
		if s := c.seen[i]; !s.quote && s.opens && fits(s.who, s.token) {
			return s.who
		}
	}
	return spoke
}

// descriptive are nouns that describe a person rather than give a role.
var descriptive = wordSet(`paratrooper widow widower academic orphan boy girl teenager cleric priest monk nun migrant tourist pensioner
	grandmother grandfather billionaire tycoon oligarch novelist poet singer actor actress footballer politician technocrat reformist
	conservative liberal populist hardliner islamist nationalist dissident exile defector hacker blogger trader banker scholar think-tanker
	veteran native graduate newcomer incumbent challenger autocrat strongman statesman congressman congresswoman businessman businesswoman`)

// offices are roles that one person at a time holds.
var offices = wordSet(`president premier minister chancellor governor mayor spokesman spokeswoman spokesperson chief commander secretary
	ambassador director king queen pope prime speaker ombudsman commissioner prosecutor judge`)

// likeRole is the one person of a role, whatever lower-case words stand before
// it: "the regional governor".
func (c *cast) likeRole(head string, r text.Range) *entity {
	for i := r.Start; i < r.End && c.p.low[i] != head; i++ {
		if w := c.p.low[i]; possessive(w) && !upper(c.p.Token(i)) || upper(c.p.Token(i)) && !determiners[w] && !ofCountry(strings.TrimSuffix(w, "'s")) || w == "former" || w == "deputy" {
			return nil
		}
	}
	var found *entity
	for _, who := range c.people {
		if !who.about[head] {
			continue
		}
		if found != nil || c.elsewhere(who, r, head) {
			return nil
		}
		found = who
	}
	return found
}

// ofCountry reports whether a folded word is a country or what belongs to one.
func ofCountry(w string) bool { return places[w] || demonymAdjective(w) }

// elsewhere reports whether a mention names a country and a person's roles
// another: "the French president" is not the President of Poland.
func (c *cast) elsewhere(who *entity, r text.Range, head string) bool {
	for i := r.Start; i < r.End && c.p.low[i] != head; i++ {
		w := strings.TrimSuffix(c.p.low[i], "'s")
		if !upper(c.p.Token(i)) || !ofCountry(w) || who.about[w] || demonym(who.about, w) {
			continue
		}
		for a := range who.about {
			if ofCountry(a) {
				return true
			}
		}
	}
	return false
}

// ofSame reports whether the words before the head of a mention fit a person's
// roles: "the Turkish leader" for "President of Turkey".
func (c *cast) ofSame(who *entity, r text.Range, head string) bool {
	for i := r.Start; i < r.End && c.p.low[i] != head; i++ {
		w := strings.TrimSuffix(c.p.low[i], "'s")
		if !determiners[w] && !who.about[w] && !demonym(who.about, w) {
			return false
		}
	}
	return true
}

// onlyRole is the one person of a role whom the article names.
func (c *cast) onlyRole(head string, r text.Range) *entity {
	var found *entity
	for _, who := range c.people {
		if !c.roleFits(who, head, r) {
			continue
		}
		if found != nil {
			return nil
		}
		found = who
	}
	return found
}
