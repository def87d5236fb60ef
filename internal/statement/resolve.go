package statement

import (
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// identify says whom a mention means.
func (c *cast) identify(m *mention, pr *proposal) turn {
	p := c.p
	if w := barePronoun(p.low[m.core.Start]); m.core.Len() == 1 && (pronouns[w] || isObject(w)) {
		return c.pronoun(w, m.core.Start)
	}
	if m.name.Len() > 0 {
		if t, ok := c.personNamed(m); ok {
			return t
		}
	}
	if last := m.core.End - 1; possessive(p.low[last]) && upper(p.Token(last)) {
		return c.possessor(m.core) // "Moscow’s claim that"
	}
	return c.common(m, pr)
}

// outletHeads end names of outlets as well as saying what people do: "The
// Hollywood Reporter".
var outletHeads = wordSet("reporter observer guardian monitor correspondent inspector")

// barePronoun is the pronoun in a contraction or a possessive: "they’re", "his".
func barePronoun(w string) string {
	switch w {
	case "his":
		return "he"
	case "its":
		return "it"
	case "their":
		return "they"
	}
	head, _, _ := strings.Cut(w, "'")
	if contraction(w) {
		return head
	}
	return w
}

// possessor resolves a name with a possessive 's: a person known, or else a body.
func (c *cast) possessor(r text.Range) turn {
	p := c.p
	k := p.afterTitles(r.Start, r.End)
	if folded := c.personWords(min(k, r.End-1), r.End); folded != nil {
		if who := c.known(folded); who != nil {
			return c.personTurn(who)
		}
	}
	if e := c.named(r, p.bodyNoun(r)); e != nil {
		return c.bodyTurn(e)
	}
	return c.newBody(p.bare(r), "", &mention{core: r})
}

// personNamed resolves a name to the person it means; false when it names
// something else.
func (c *cast) personNamed(m *mention) (turn, bool) {
	p := c.p
	folded := c.personWords(m.name.Start, m.name.End)
	if folded == nil {
		return turn{}, false
	}
	if e := c.named(m.name, p.bodyNoun(m.name)); e != nil && c.known(folded) == nil {
		return c.bodyTurn(e), true
	}
	who := c.sighted(m.name)
	if who == nil {
		who = c.known(folded)
	}
	if who == nil {
		if who = c.newName(m, folded); who == nil {
			return turn{}, false
		}
	}
	if m.name.Start >= m.core.End {
		who.describe(p.Span(m.core).Of(p.Text)) // "a driver who gave his name as Osman"
	}
	if who.role == "" {
		who.role = p.mentionRole(m)
	}
	return c.personTurn(who), true
}

// newName takes a name that stands alone for a person's unless the article uses
// it as a place's or a body's.
func (c *cast) newName(m *mention, folded []string) *entity {
	p := c.p
	w := folded[0]
	alone := len(folded) == 1
	if alone && (m.core.Len() > 1 && m.name.Start > m.core.Start && m.name.Start < m.core.End && !titles[p.low[m.name.Start-1]] && p.low[m.name.Start-1] != "." ||
		c.placed[w] || roleNouns[w] || p.opens[m.name.Start] && pluralNoun(w) && speakerNoun(w) || innerCaps(p.Token(m.name.Start)) ||
		m.name.End < len(p.low) && (p.low[m.name.End] == "reported" || p.low[m.name.End] == "reports")) {
		return nil
	}
	if placeName(folded[len(folded)-1]) && alone || places[w] {
		return nil
	}
	if !alone && (c.placed[w] || m.name.Start > 0 && p.low[m.name.Start-1] == "the") {
		return nil
	}
	return c.newPerson(m.name.Start, m.name.End, folded)
}

// mentionRole is what stands before the name in a mention.
func (p *page) mentionRole(m *mention) string {
	i, j := m.core.Start, m.name.Start
	if i < j && determiners[p.low[i]] {
		i++
	}
	for j > i && p.Tokens[j-1].Kind == text.Mark {
		j--
	}
	if i >= j || p.low[i] == "mr" || p.low[i] == "mrs" || p.low[i] == "ms" || p.low[i] == "miss" {
		return ""
	}
	return p.Text[p.Tokens[i].Start:p.Tokens[j-1].End]
}

// owners are roles that bodies have too.
var owners = wordSet("owner operator publisher maker manager host founder sponsor")

// common resolves a mention without a person's name: a role, a body, a
// writing, or people without a name.
func (c *cast) common(m *mention, pr *proposal) turn {
	p := c.p
	r := m.core
	head, at := p.head(r)
	definite := !(p.low[r.Start] == "a" || p.low[r.Start] == "an" || p.low[r.Start] == "one" || p.low[r.Start] == "another")
	switch {
	case (p.low[r.Start] == "my" || p.low[r.Start] == "our") && roleNouns[head]:
		return c.unnamed(r, head, pluralNoun(head))
	case r.Len() == 2 && p.low[r.Start] == "the" && upper(p.Token(at)) && manOf(head) && c.lastSpoke(head) != nil:
		return c.personTurn(c.lastSpoke(head))
	case m.name.Len() > 0 && (!roleNouns[head] || owners[head]), orgNouns[head] && upper(p.Token(at)) && r.Len() > 1 && p.capitalised(r):
		return c.body(m)
	case p.low[r.Start] == "the" && r.Len() > 2 && upper(p.Token(at)) && outletHeads[head]:
		return c.body(m)
	case p.joinedNames(r):
		return c.body(m)
	case p.aged(r) > 0 && definite:
		if who := c.byAge(r); who != nil {
			return c.personTurn(who)
		}
		return c.unnamed(r, head, false)
	case (roleNouns[head] || descriptive[head]) && !pluralNoun(head):
		if definite {
			if t, ok := c.byRole(head, r); ok {
				return t
			}
		}
		return c.unnamed(r, head, false)
	case roleNouns[head]:
		if t, ok := c.groupTakenUp(head, r); ok {
			return t
		}
		return c.unnamed(r, head, true)
	case issued[head] && possessive(p.low[max(r.Start, at-1)]):
		return c.body(&mention{core: text.Range{Start: r.Start, End: at}})
	case issued[head] && !orgNouns[head] && definite && r.Len() <= 3:
		if t, ok := c.issuer(pr, head); ok {
			return t
		}
		return c.document(r, head)
	case documentNouns[head] && !upper(p.Token(at)) && !(orgNouns[head] && c.spokeAs(head)):
		return c.document(r, head)
	}
	return c.body(m)
}

// manOf reports whether a folded word says where a person is from: "Dutchman".
func manOf(w string) bool {
	return len(w) > 7 && (strings.HasSuffix(w, "man") || strings.HasSuffix(w, "woman")) && !roleNouns[w] || demonymAdjective(w) && strings.HasSuffix(w, "ian")
}

// lastSpoke is the last person who spoke, where a noun fits the gender.
func (c *cast) lastSpoke(head string) *entity {
	g := male
	if strings.HasSuffix(head, "woman") {
		g = female
	}
	for i := len(c.last) - 1; i >= max(0, len(c.last)-4); i-- {
		if t := c.last[i]; t.who != nil && t.who.person() {
			if strings.HasSuffix(head, "man") && !t.who.fits(g) {
				continue
			}
			return t.who
		}
	}
	return nil
}

func (c *cast) unnamed(r text.Range, head string, plural bool) turn {
	r = c.p.withDescription(r)
	return turn{speaker: speaker{name: c.p.unnamed(r), kind: model.SpeakerUnnamed}, head: head, plural: plural}
}

// withDescription extends people without a name over what says who they are:
// "two diplomats | briefed on the talks".
func (p *page) withDescription(r text.Range) text.Range {
	if r.End+1 >= len(p.low) || p.quoted[r.Start] >= 0 {
		return r
	}
	switch w := p.low[r.End]; {
	case postposed[w], w == "briefed", w == "involved", w == "with" && p.low[r.End+1] == "knowledge":
	default:
		return r
	}
	for i := r.End; i < min(r.End+9, len(p.low)); i++ {
		if p.Tokens[i].Kind == text.Mark && p.low[i] != "-" && p.low[i] != "’" || i > r.End && p.isCue[i] || p.opens[i] || conjunctions[p.low[i]] || auxiliaries[p.low[i]] {
			return text.Range{Start: r.Start, End: i}
		}
	}
	return r
}

// unnamed is what a speaker without a name is called: the mention, without the
// capital that only opens its sentence.
func (p *page) unnamed(r text.Range) string {
	name := p.bare(r)
	if first := p.Token(r.Start); p.opensCommon(r.Start) && strings.HasPrefix(name, first) {
		name = strings.ToLower(name[:1]) + name[1:]
	}
	return "unnamed: " + strings.TrimSuffix(name, " there")
}
