package statement

import (
	"slices"
	"strings"

	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

// owned resolves "his ministry" to the body named for the person's office, or
// calls it after the person.
func (c *cast) owned(r text.Range, head string) turn {
	who := c.owner(r)
	if place := c.ownerPlace(r); place != "" && orgNouns[head] {
		rest := c.p.Text[c.p.Tokens[r.Start+1].Start:c.p.Tokens[r.End-1].End]
		return c.newBody(place+"’s "+rest, head, &mention{core: r})
	}
	if who == nil {
		if e := c.bodyMeant(text.Range{Start: r.Start, End: r.End}, head); e != nil && orgNouns[head] {
			return c.bodyTurn(e)
		}
		return c.unnamed(r, head, pluralNoun(head))
	}
	if !orgNouns[head] {
		return c.unnamed(r, head, pluralNoun(head))
	}
	for i := len(c.bodies) - 1; i >= max(0, len(c.bodies)-turns); i-- {
		if b := c.bodies[i]; b.head == head && b.runBy(who) {
			return c.bodyTurn(b)
		}
	}
	rest := c.p.Text[c.p.Tokens[r.Start+1].Start:c.p.Tokens[r.End-1].End]
	return c.newBody(who.name+"’s "+rest, head, &mention{core: r})
}

// ownerPlace is the country that "its" means at the start of a mention such as
// "its Defence Ministry": the last one named as the subject before it.
func (c *cast) ownerPlace(r text.Range) string {
	p := c.p
	head, _ := p.head(r)
	if p.low[r.Start] != "its" || r.Len() < 2 || !institutions[head] {
		return ""
	}
	for i := r.Start - 1; i >= max(0, r.Start-120); i-- {
		if w := strings.TrimSuffix(p.low[i], "'s"); upper(p.Token(i)) && (places[w] || p.named[i] == tag.Location && p.opens[i]) && p.quoted[i] < 0 {
			return p.nameText(i, i+1)
		}
	}
	return ""
}

// runBy reports whether a body shares a word other than its head with the role
// of a person: "Defence Minister" and "Ministry of Defence".
func (e *entity) runBy(who *entity) bool {
	return slices.ContainsFunc(e.words, func(w string) bool { return w != e.head && !prepositions[w] && who.about[w] })
}

// owner is whom "his" or "her" means at the start of a mention.
func (c *cast) owner(r text.Range) *entity {
	var g gender
	switch c.p.low[r.Start] {
	case "her":
		g = female
	case "his":
		g = male
	default:
		return nil
	}
	t, _ := c.lastPerson(g, r.Start)
	return t.who
}
