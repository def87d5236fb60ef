package statement

import (
	"slices"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// spokeAs reports whether a body with this head noun has spoken.
func (c *cast) spokeAs(head string) bool {
	return slices.ContainsFunc(c.last[max(0, len(c.last)-turns):], func(t turn) bool { return t.who != nil && t.head == head })
}

// body resolves an organisation: named, or described by a noun, or owned by a
// person. What names none of these is people without a name.
func (c *cast) body(m *mention) turn {
	p := c.p
	r := m.core
	head, _ := p.head(r)
	if m.name.Len() > 0 && !possessors[p.low[r.Start]] {
		r = m.name
	}
	switch {
	case possessors[p.low[r.Start]] && r.Len() > 1:
		return c.owned(r, head)
	case p.capitalised(r):
		r = p.withoutPlace(p.newsName(r))
		if e := c.named(r, p.bodyNoun(r)); e != nil {
			return c.bodyTurn(e)
		}
		if m.name.Len() > 0 && orgNouns[head] && m.name.Start >= m.core.End {
			return c.apposedBody(m, head)
		}
		if e := c.bodyMeant(r, head); e != nil && orgNouns[head] && m.name.Len() == 0 {
			return c.bodyTurn(e)
		}
		return c.newBody(p.bodyName(r), head, m)
	case orgNouns[head]:
		if e := c.bodyMeant(r, head); e != nil {
			return c.bodyTurn(e)
		}
		if (p.low[r.Start] == "a" || p.low[r.Start] == "an") && !institutions[head] {
			return c.unnamed(r, head, false)
		}
		return c.newBody(p.bare(r), head, m)
	}
	return c.unnamed(r, head, pluralNoun(head))
}

// apposedBody names a body that was only described so far: "the UN refugee
// agency, UNHCR".
func (c *cast) apposedBody(m *mention, head string) turn {
	name := c.p.bodyName(m.name)
	for i := len(c.bodies) - 1; i >= max(0, len(c.bodies)-sightings); i-- {
		if e := c.bodies[i]; sameWords(e.words, bodyWords(c.p.bare(m.core))) {
			e.name, e.alias = name, append(e.alias, bodyWords(name)...)
			return c.bodyTurn(e)
		}
	}
	return c.newBody(name, head, m)
}

// newsName is the name before what sort of outlet it is: "China’s official |
// Xinhua | news agency".
func (p *page) newsName(r text.Range) text.Range {
	end := r.End
	for end > r.Start && !upper(p.Token(end-1)) && p.Tokens[end-1].Kind == text.Word {
		switch p.low[end-1] {
		case "agency", "news", "television", "tv", "radio", "newspaper", "newswire", "channel", "broadcaster", "website", "daily", "rebel", "group", "militia", "movement", "network":
			end--
		default:
			return r
		}
	}
	start := end
	for start > r.Start && (upper(p.Token(start-1)) || p.Tokens[start-1].Kind == text.Number && p.Tokens[start-1].Start == p.Tokens[start-2].End || p.low[start-1] == "-" && start-1 > r.Start && upper(p.Token(start-2))) && !determiners[p.low[start-1]] && !possessive(p.low[start-1]) {
		start--
	}
	if end == r.End || start == end || end == start+1 && (plainOutlet[p.low[start]] || demonymAdjective(p.low[start])) {
		return r
	}
	return text.Range{Start: start, End: end}
}

func (c *cast) newBody(name, head string, m *mention) turn {
	e := &entity{name: name, kind: model.SpeakerOrganisation, words: bodyWords(name), head: head, token: m.core.Start}
	c.bodies = append(c.bodies, e)
	at := c.before(m.core.Start)
	c.seen = slices.Insert(c.seen, at, sighting{token: m.core.Start, who: e, quote: c.p.quoted[m.core.Start] >= 0, opens: c.p.subject(m.core.Start)})
	return c.bodyTurn(e)
}

// plainOutlet are the words that with "television" name no outlet.
var plainOutlet = wordSet("state official local national public regional foreign government independent russian ukrainian")

// siteBodies are told apart by where they are.
var siteBodies = wordSet("embassy consulate court university hospital mission")

// withoutPlace cuts "in Hallin" off the name of a body.
func (p *page) withoutPlace(r text.Range) text.Range {
	for i := r.Start + 2; i+1 < r.End; i++ {
		if p.low[i] == "in" && upper(p.Token(i+1)) && !siteBodies[p.low[i-1]] && p.bodyNoun(text.Range{Start: r.Start, End: i}) != "" {
			return text.Range{Start: r.Start, End: i}
		}
	}
	return r
}
