package statement

import (
	"slices"
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// identify says whom a mention means.
func (c *cast) identify(m *mention, pr *proposal) turn {
	p := c.p
	if w := p.low[m.core.Start]; m.core.Len() == 1 && (pronouns[w] || isObject(w)) {
		return c.pronoun(w, m.core.Start)
	}
	if m.name.Len() > 0 {
		if t, ok := c.personNamed(m); ok {
			return t
		}
	}
	return c.common(m, pr)
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
	who := c.known(folded)
	if who == nil {
		if who = c.newName(m, folded); who == nil {
			return turn{}, false
		}
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
	if alone && (m.core.Len() > 1 && m.name.Start > m.core.Start && !titles[p.low[m.name.Start-1]] && p.low[m.name.Start-1] != "." ||
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
	from := max(0, at-reach)
	for i := len(c.last) - 1; i >= max(0, len(c.last)-turns) && spoke == nil; i-- {
		if t := &c.last[i]; t.who != nil && !t.who.person() || t.kind == model.SpeakerDocument || t.kind == model.SpeakerOrganisation {
			spoke, from = t, max(from, t.token)
		}
	}
	for i := c.before(at) - 1; i >= 0 && c.seen[i].token > from; i-- {
		if s := c.seen[i]; !s.quote && s.opens && !s.who.person() {
			return c.bodyTurn(s.who), true
		}
	}
	if spoke == nil {
		return turn{}, false
	}
	return *spoke, true
}

// owners are roles that bodies have too.
var owners = wordSet("owner operator publisher maker manager host founder sponsor")

// issued are the documents that speak for who issued them.
var issued = wordSet("statement post notice message tweet communique communiqué release dispatch caption bulletin")

// common resolves a mention without a person's name: a role, a body, a
// writing, or people without a name.
func (c *cast) common(m *mention, pr *proposal) turn {
	p := c.p
	r := m.core
	head, at := p.head(r)
	definite := !(p.low[r.Start] == "a" || p.low[r.Start] == "an" || p.low[r.Start] == "one" || p.low[r.Start] == "another")
	switch {
	case m.name.Len() > 0 && (!roleNouns[head] || owners[head]), orgNouns[head] && upper(p.Token(at)) && r.Len() > 1 && p.capitalised(r):
		return c.body(m, pr)
	case p.joinedNames(r):
		return c.body(m, pr)
	case p.aged(r) > 0 && definite:
		if who := c.byAge(r); who != nil {
			return c.personTurn(who)
		}
		return c.unnamed(r, head, false)
	case roleNouns[head] && !pluralNoun(head):
		if definite {
			if t, ok := c.byRole(head, r); ok {
				return t
			}
		}
		return c.unnamed(r, head, false)
	case roleNouns[head]:
		return c.unnamed(r, head, true)
	case issued[head] && possessive(p.low[max(r.Start, at-1)]):
		return c.body(&mention{core: text.Range{Start: r.Start, End: at}, unit: m.unit}, pr)
	case issued[head] && !orgNouns[head] && definite && r.Len() <= 3:
		if t, ok := c.issuer(pr, head); ok {
			return t
		}
		return c.document(r, head)
	case documentNouns[head] && !upper(p.Token(at)) && !(orgNouns[head] && c.spokeAs(head)):
		return c.document(r, head)
	}
	return c.body(m, pr)
}

// document is a writing that states something: a short form means the fuller
// description before it.
func (c *cast) document(r text.Range, head string) turn {
	r = c.p.wholeDocument(r)
	if c.p.bareNoun(r) {
		for i := len(c.last) - 1; i >= max(0, len(c.last)-turns); i-- {
			if t := c.last[i]; t.kind == model.SpeakerDocument && t.head == head {
				return t
			}
		}
		if full := c.p.fullDocument(r.Start, head); full.Len() > 0 {
			r = full
		}
	}
	return turn{speaker: speaker{name: c.p.documentName(r), kind: model.SpeakerDocument}, head: head}
}

// wholeDocument extends a writing over who issued it, where the mention stops
// before: "a report | published on Wednesday by Justice Without Borders".
func (p *page) wholeDocument(r text.Range) text.Range {
	i := r.End
	if p.bareNoun(r) || i+2 >= len(p.low) || !p.participle(i) && p.low[i] != "by" && p.low[i] != "of" && p.low[i] != "from" {
		if i+2 >= len(p.low) || p.low[i-1] != "seen" && p.low[i-1] != "obtained" {
			return r
		}
	}
	for j := i; j < min(i+6, len(p.low)-2); j++ {
		if p.opens[j] || p.low[j] == "," {
			return r
		}
		if w := p.low[j]; w == "by" || w == "of" && j == i || w == "from" && j == i {
			k := j + 1
			if determiners[p.low[k]] {
				k++
			}
			if k < len(p.low) && upper(p.Token(k)) {
				return text.Range{Start: r.Start, End: p.bodyRun(k, p.nameRun(k))}
			}
			return r
		}
	}
	return r
}

// fullDocument finds the fuller description of a writing before token at: "a
// filing with the commission" for "the filing".
func (p *page) fullDocument(at int, head string) text.Range {
	for i := at - 1; i > max(0, at-reach); i-- {
		if p.low[i] != head || p.quoted[i] >= 0 || i+2 >= len(p.low) || !prepositions[p.low[i+1]] {
			continue
		}
		switch p.low[i+1] {
		case "of", "from", "by", "with", "to":
		default:
			continue
		}
		start := i
		for start > 0 && i-start < 4 && p.Tokens[start-1].Kind == text.Word && !determiners[p.low[start-1]] && !prepositions[p.low[start-1]] && !auxiliaries[p.low[start-1]] && !p.isCue[start-1] {
			start--
		}
		end := i + 2
		if determiners[p.low[end]] {
			end++
		}
		if end >= len(p.low) || !upper(p.Token(end)) {
			continue
		}
		return text.Range{Start: start, End: p.bodyRun(end, p.nameRun(end))}
	}
	return text.Range{}
}

// documentName is what a writing is called: its description without the day of
// its issue.
func (p *page) documentName(r text.Range) string {
	_, at := p.head(r)
	for i := at + 1; i+1 < r.End; i++ {
		if c := i; p.low[c] == "by" && c > at+2 && strings.HasSuffix(p.low[at+1], "ed") {
			return p.bare(text.Range{Start: r.Start, End: at + 1}) + " by " + p.bare(text.Range{Start: i + 1, End: r.End})
		}
	}
	return p.bare(r)
}

// issuer is who issued "the statement": the last whose sentence speaks of one,
// else the last body, else the last who spoke.
func (c *cast) issuer(pr *proposal, head string) (turn, bool) {
	var body, any *turn
	for i := len(c.last) - 1; i >= max(0, len(c.last)-8); i-- {
		t := &c.last[i]
		if t.who == nil || pr.unit-t.unit > 8 {
			continue
		}
		if t.unit != pr.unit && c.p.mentions(t.unit, head) {
			return *t, true
		}
		if body == nil && !t.who.person() {
			body = t
		}
		if any == nil {
			any = t
		}
	}
	if body != nil {
		any = body
	}
	if any == nil {
		return turn{}, false
	}
	return *any, true
}

// mentions reports whether a word stands in a unit, outside quotations.
func (p *page) mentions(unit int, word string) bool {
	for _, it := range p.units[unit].items {
		if it.quote < 0 && p.low[it.Start] == word {
			return true
		}
	}
	return false
}

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
	if who := c.likeRole(head, r); who != nil {
		return c.personTurn(who), true
	}
	bare := r.Len() == 2
	for i := len(c.last) - 1; i >= max(0, len(c.last)-8); i-- {
		t := c.last[i]
		if bare && t.who == nil && t.kind == model.SpeakerUnnamed && !t.plural && slices.Contains(strings.Fields(strings.ToLower(t.name)), head) {
			return t, true
		}
		if t.who == nil || !t.who.person() || !bare && !c.ofSame(t.who, r, head) {
			continue
		}
		if slices.ContainsFunc(likeOffices[head], func(f string) bool { return t.who.about[f] }) {
			return t, true
		}
	}
	return turn{}, false
}

// likeRole is the one person of a role, whatever lower-case words stand before
// it: "the regional governor".
func (c *cast) likeRole(head string, r text.Range) *entity {
	for i := r.Start; i < r.End && c.p.low[i] != head; i++ {
		if upper(c.p.Token(i)) && !determiners[c.p.low[i]] || c.p.low[i] == "former" || c.p.low[i] == "deputy" {
			return nil
		}
	}
	var found *entity
	for _, who := range c.people {
		if who.about[head] {
			if found != nil {
				return nil
			}
			found = who
		}
	}
	return found
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

// spokeAs reports whether a body with this head noun has spoken.
func (c *cast) spokeAs(head string) bool {
	return slices.ContainsFunc(c.last[max(0, len(c.last)-turns):], func(t turn) bool { return t.who != nil && t.head == head })
}

func (c *cast) unnamed(r text.Range, head string, plural bool) turn {
	return turn{speaker: speaker{name: c.p.unnamed(r), kind: model.SpeakerUnnamed}, head: head, plural: plural}
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

// body resolves an organisation: named, or described by a noun, or owned by a
// person. What names none of these is people without a name.
func (c *cast) body(m *mention, pr *proposal) turn {
	p := c.p
	r := m.core
	head, _ := p.head(r)
	if m.name.Len() > 0 {
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
		if p.low[r.Start] == "a" || p.low[r.Start] == "an" {
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
	for end > r.Start && !upper(p.Token(end-1)) {
		switch p.low[end-1] {
		case "agency", "news", "television", "tv", "radio", "newspaper", "newswire", "channel", "broadcaster", "website", "daily":
			end--
		default:
			return r
		}
	}
	start := end
	for start > r.Start && upper(p.Token(start-1)) && !determiners[p.low[start-1]] && !possessive(p.low[start-1]) {
		start--
	}
	if end == r.End || start == end || end == start+1 && plainOutlet[p.low[start]] {
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

// withoutPlace cuts "in Hallin" off the name of a body.
func (p *page) withoutPlace(r text.Range) text.Range {
	for i := r.Start + 2; i+1 < r.End; i++ {
		if p.low[i] == "in" && upper(p.Token(i+1)) && p.bodyNoun(text.Range{Start: r.Start, End: i}) != "" {
			return text.Range{Start: r.Start, End: i}
		}
	}
	return r
}

// owned resolves "his ministry" to the body named for the person's office, or
// calls it after the person.
func (c *cast) owned(r text.Range, head string) turn {
	who := c.owner(r)
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
