package statement

import (
	"slices"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// speaker is whom a statement is attributed to.
type speaker struct {
	name string
	kind model.SpeakerType
	role string
}

// cast is who speaks in one article: every mention resolved, in text order.
type cast struct {
	p        *page
	people   []*entity
	bodies   []*entity
	byLast   map[string][]*entity // people by folded surname
	placed   map[string]bool      // folded words the article uses as places
	seen     []sighting           // in text order
	speakers []speaker            // one for every proposal
	last     []turn               // resolved speakers so far
}

// turn is a resolved speaker and where it stood.
type turn struct {
	speaker
	token  int
	unit   int
	who    *entity // nil for one without a name
	head   string  // the noun of one without a name
	plural bool
	joint  bool   // several who spoke together
	asked  bool   // it asked the question that the sentence answers
	gender gender // of an unnamed one, once a pronoun has told
}

// How far back a mention may refer: sightings for a name or a role, tokens for
// a person named by the way, turns for a pronoun or a short form.
const (
	sightings = 400
	reach     = 400
	turns     = 60
)

func newCast(p *page, props []proposal) *cast {
	c := &cast{p: p, byLast: map[string][]*entity{}, placed: map[string]bool{}}
	c.findEntities()
	c.speakers = make([]speaker, len(props))
	order := make([]int, len(props))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return props[a].at() - props[b].at() })
	for _, i := range order {
		if pr := &props[i]; pr.leader == 0 && !p.quotedSource(pr) {
			turns := c.last
			c.speakers[i] = c.resolve(pr)
			if pr.outer > 0 {
				c.last = turns // whoever is reported has not spoken here
			}
		}
	}
	c.followLeaders(props)
	for _, i := range order {
		if pr := &props[i]; pr.leader == 0 && p.quotedSource(pr) {
			c.speakers[i] = c.relayed(pr)
		}
	}
	c.followLeaders(props) // of what was said inside quotations
	return c
}

// followLeaders gives what goes on the speaker of what it goes on from.
func (c *cast) followLeaders(props []proposal) {
	for i := range props {
		if l := props[i].leader; l > 0 {
			c.speakers[i] = c.speakers[l-1]
		}
	}
}

// quotedSource reports whether a source stands in somebody's quoted words.
func (p *page) quotedSource(pr *proposal) bool {
	return pr.source.Len() > 0 && pr.cue.Len() > 0 && p.quoted[pr.cue.Start] >= 0
}

// relayed says who the source of a report inside a quotation is: the one quoted
// where he speaks of himself, nobody named where a pronoun points out of it.
func (c *cast) relayed(pr *proposal) speaker {
	w := c.p.low[pr.source.Start]
	if pr.source.Len() == 1 && pronouns[w] {
		if firstPerson(w) && pr.outer > 0 {
			return c.speakers[pr.outer-1]
		}
		return speaker{name: "unnamed: " + w, kind: model.SpeakerUnnamed}
	}
	turns := c.last
	s := c.resolve(pr)
	c.last = turns
	return s
}

// at is the token where a proposal names its speaker, or reports.
func (pr *proposal) at() int {
	switch {
	case pr.source.Len() > 0:
		return pr.source.Start
	case pr.cue.Len() > 0:
		return pr.cue.Start
	}
	return pr.content[0].Start
}

// before is how many sightings stand before a token.
func (c *cast) before(at int) int {
	n, _ := slices.BinarySearchFunc(c.seen, at, func(s sighting, at int) int { return s.token - at })
	return n
}

func (c *cast) personTurn(who *entity) turn {
	return turn{speaker: speaker{who.name, model.SpeakerPerson, who.role}, who: who}
}

func (c *cast) bodyTurn(e *entity) turn {
	return turn{speaker: speaker{name: e.name, kind: model.SpeakerOrganisation}, who: e, head: e.head}
}

// resolve says who the source of a proposal is.
func (c *cast) resolve(pr *proposal) speaker {
	if pr.source.Len() <= 0 {
		return c.alone(pr)
	}
	if t, ok := c.joint(pr); ok {
		t.token, t.unit = pr.source.Start, pr.unit
		c.last = append(c.last, t)
		return t.speaker
	}
	r := pr.source
	if pr.named.Len() > 0 {
		r = pr.named
	}
	m := c.parse(r, pr.unit)
	if pr.named.Len() == 0 {
		pr.source = m.shown
	}
	t := c.identify(&m, pr)
	t.token, t.unit = r.Start, pr.unit
	t.asked = pr.stance == model.StanceAsks && r.Start > 0 && (c.p.low[r.Start] == "by" || c.p.low[r.Start-1] == "by")
	if t.who != nil && t.who.person() {
		t.role = t.who.role
	}
	c.last = append(c.last, t)
	return t.speaker
}

// alone says who speaks a quotation on its own: the last who spoke, or the
// person with whom a sentence since opens.
func (c *cast) alone(pr *proposal) speaker {
	at := pr.content[0].Start
	var t turn
	if n := len(c.last); n > 0 {
		t = c.last[n-1]
	}
	for i := c.before(at) - 1; i >= 0 && c.seen[i].token > t.token; i-- {
		if s := c.seen[i]; s.who.person() && !s.quote && s.opens {
			t = c.personTurn(s.who)
			break
		}
	}
	if t.name == "" {
		return speaker{kind: model.SpeakerUnnamed, name: "unnamed: source"}
	}
	t.token, t.unit = at, pr.unit
	c.last = append(c.last, t)
	return t.speaker
}

// mention is the phrase that names a speaker, taken apart.
type mention struct {
	shown text.Range // the phrase without long appositions
	core  text.Range // what is resolved: its head with its modifiers
	name  text.Range // the proper name in it, empty for none
}
