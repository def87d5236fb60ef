package statement

import (
	"slices"
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// body is an organisation the article names, or one without a name of its own
// that has spoken.
type body struct {
	name  string
	head  string   // folded head noun
	words []string // folded
	token int      // where it is named
	kind  model.SpeakerType
}

func (b body) turn() turn {
	return turn{speaker: speaker{name: b.name, kind: b.kind}, body: true}
}

// body resolves an organisation: a short form means the fuller one named
// before it. One without a capital letter has no name.
func (c *cast) body(r text.Range, head string) turn {
	p := c.p
	for i := len(c.bodies) - 1; i >= max(0, len(c.bodies)-turns); i-- {
		if b := c.bodies[i]; b.token < r.Start && b.head == head && len(b.words) >= r.Len()-1 && p.shortFor(r, head, b) {
			return b.turn()
		}
	}
	b := body{name: p.bodyName(r), kind: model.SpeakerOrganisation}
	if !p.capitalised(r) && !p.ownedByName(r) {
		if known, ok := c.theBody(r, head); ok {
			return known.turn()
		}
		b.name, b.kind = p.unnamed(r), model.SpeakerUnnamed
	}
	return c.addBody(b, head, r.Start)
}

func (c *cast) addBody(b body, head string, token int) turn {
	b.head, b.token = head, token
	b.words = bodyWords(strings.TrimPrefix(b.name, "unnamed: "))
	c.bodies = append(c.bodies, b)
	return b.turn()
}

// ownedByName reports whether a mention belongs to a capitalised owner: "the
// President’s office".
func (p *page) ownedByName(r text.Range) bool {
	for i := r.Start; i < r.End; i++ {
		if possessive(p.low[i]) && upper(p.Token(i)) && !(p.opens[i] && roleNouns[strings.TrimSuffix(p.low[i], "'s")]) {
			return true
		}
	}
	return false
}

// theBody is the body "the bank" means: the Landbank named before it, or the
// only bank the article names.
func (c *cast) theBody(r text.Range, head string) (body, bool) {
	if r.Len() != 2 || c.p.low[r.Start] != "the" {
		return body{}, false
	}
	var found []body
	for i := len(c.bodies) - 1; i >= max(0, len(c.bodies)-turns); i-- {
		b := c.bodies[i]
		if !strings.HasSuffix(b.head, head) && !slices.Contains(b.words, head) {
			continue
		}
		if b.token < r.Start {
			return b, true
		}
		found = append(found, b)
	}
	if len(found) == 0 || slices.ContainsFunc(found, func(b body) bool { return b.name != found[0].name }) {
		return body{}, false
	}
	return found[0], true
}

// owned resolves "his ministry" to the ministry of the person meant; without
// one it stays unnamed.
func (c *cast) owned(r text.Range, head string) turn {
	if who := c.owner(r); who != nil {
		for i := len(c.bodies) - 1; i >= max(0, len(c.bodies)-turns); i-- {
			if b := c.bodies[i]; b.token < r.Start && b.head == head && b.runBy(who) {
				return b.turn()
			}
		}
	}
	return c.addBody(body{name: c.p.unnamed(r), kind: model.SpeakerUnnamed}, head, r.Start)
}

// runBy reports whether a body shares a word other than its head with the role
// of a person: "Defence Minister" and "Ministry of Defence".
func (b body) runBy(who *person) bool {
	return slices.ContainsFunc(b.words, func(w string) bool {
		return w != b.head && !prepositions[w] && slices.Contains(who.roleFields(), w)
	})
}

// owner is whom "his" or "her" means at the start of a mention.
func (c *cast) owner(r text.Range) *person {
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

// shortFor reports whether every word of the mention stands in the name of the
// body: "the Kestrian ministry" for "Ministry of Defence, Kestria".
func (p *page) shortFor(r text.Range, head string, b body) bool {
	for i := r.Start; i < r.End; i++ {
		w := strings.TrimSuffix(p.low[i], "'s")
		if p.Tokens[i].Kind == text.Mark || w == head || determiners[w] || prepositions[w] || slices.Contains(b.words, w) || demonym(b.words, w) {
			continue
		}
		return false
	}
	return true
}

func bodyWords(name string) []string {
	return strings.Fields(strings.ReplaceAll(text.Fold(name), ",", " "))
}

// nameBody notes an organisation that the capitalised run at token i names,
// so that a later short form can mean it.
func (c *cast) nameBody(i int) {
	p := c.p
	j := i
	if possessive(p.low[i]) {
		j++
	}
	if j >= len(p.low) || !upper(p.Token(j)) || i > 0 && p.Tokens[i-1].Kind == text.Word && upper(p.Token(i-1)) {
		return
	}
	end := p.nameRun(j)
	for end+1 < len(p.low) && end < i+12 && p.low[end] == "of" && upper(p.Token(end+1)) && !possessive(p.low[end+1]) {
		end = p.nameRun(end + 1)
	}
	r := text.Range{Start: i, End: end}
	head, _ := p.head(text.Range{Start: j, End: end})
	if r.Len() < 2 || r.Len() > 9 || !orgNouns[head] || possessive(p.low[end-1]) {
		return
	}
	c.addBody(body{name: p.bodyName(r), kind: model.SpeakerOrganisation}, head, i)
}

// bodyName is the name of an organisation; "Kestria’s Ministry of Defence"
// becomes "Ministry of Defence, Kestria".
func (p *page) bodyName(r text.Range) string {
	if possessive(p.low[r.Start]) && r.Len() > 1 && upper(p.Token(r.Start)) && upper(p.Token(r.Start+1)) {
		owner := p.nameText(r.Start, r.Start+1)
		return p.bare(text.Range{Start: r.Start + 1, End: r.End}) + ", " + owner
	}
	if i := r.End - 1; upper(p.Token(i)) && !orgNouns[p.low[i]] {
		for i > r.Start && upper(p.Token(i-1)) {
			i--
		}
		if i > r.Start && orgNouns[p.low[i-1]] && p.Tokens[i-1].Kind == text.Word {
			return p.bare(text.Range{Start: i, End: r.End}) // "the news agency KTA"
		}
	}
	return p.bare(r)
}
