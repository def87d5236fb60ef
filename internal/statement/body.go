package statement

import (
	"slices"
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

// classOf says what the best known bodies without a noun in their name are.
var classOf = map[string]string{
	"nato": "alliance", "eu": "bloc", "reuters": "agency", "tass": "agency", "interfax": "agency", "xinhua": "agency", "afp": "agency",
	"ap": "agency", "dpa": "agency", "bloomberg": "agency", "anadolu": "agency", "kremlin": "presidency", "pentagon": "department",
}

// nameBody registers the organisation that the capitalised run i to end names,
// with what "of" joins to it, and returns where its name ends; i when it names
// none.
func (c *cast) nameBody(i, end int) int {
	p := c.p
	j := i
	if i < p.dateline(p.Paragraphs[p.paragraphOf(i)]) {
		return i
	}
	if i+3 < len(p.low) && p.low[i+1] == "-" && (p.low[i+2] == "based" || p.low[i+2] == "backed" || p.low[i+2] == "led") {
		if !upper(p.Token(i + 3)) {
			return i
		}
		j, end = i+3, p.nameRun(i+3)
	}
	if p.opens[i] && end > i+1 && (determiners[p.low[i]] || prepositions[p.low[i]] || conjunctions[p.low[i]]) {
		j++
	}
	if possessive(p.low[j]) {
		j++
		if j >= len(p.low) || !upper(p.Token(j)) {
			return i
		}
		end = p.nameRun(j)
	}
	stop := p.bodyRun(j, end)
	if long := p.longRun(j, end); p.bracketed(long) != "" {
		stop = long
	}
	if titles[p.low[j]] && stop == end && !orgNouns[p.low[end-1]] {
		return i
	}
	r := text.Range{Start: j, End: stop}
	noun := p.bodyNoun(r)
	class := p.classAround(j, stop)
	switch {
	case p.bracketed(stop) != "" && r.Len() > 1 && p.low[stop] == "(":
	case noun != "" && (r.Len() > 1 || j > 0 && possessive(p.low[j-1])): // "the Ministry" alone is no name
	case class != "" && !roleNouns[class]:
		noun = class
	case r.Len() == 1 && acronym(p.Token(j)) || classOf[p.low[j]] != "" && r.Len() == 1:
		noun = classOf[p.low[j]]
	case p.named[j] == p.named[stop-1] && (p.named[j] == tag.Organisation || p.named[j] == tag.Unit) && p.quoted[j] < 0 && p.subject(j) && !c.placed[p.low[j]] && !orgNouns[p.low[j]]:
	default:
		return i
	}
	if r.Len() > 12 {
		return i
	}
	if j > i && possessive(p.low[j-1]) {
		r.Start = j - 1
	}
	e := c.addBody(p.bodyName(r), noun, i)
	if alias := p.bracketed(stop); alias != "" && !slices.Contains(e.alias, alias) {
		e.alias = append(e.alias, alias)
	}
	return stop
}

// bodyRun extends a capitalised run over "of", "for" and "and" with more
// capitals: "Ministry of Defence", "Office for the Coordination of Relief".
func (p *page) bodyRun(i, end int) int {
	for end+1 < len(p.low) && end < i+14 && !possessive(p.low[end-1]) {
		next := end + 1
		switch w := p.low[end]; {
		case w == "and" && end == i+1 && upper(p.Token(next)) && !p.personAt(i) && orgNouns[p.low[p.nameRun(next)-1]]:
			return p.nameRun(next) // "Securities and Exchange Commission"
		case w == "and" && end < i+4 && upper(p.Token(next)) && p.named[i] != tag.Person && !p.nounIn(i, end) && i > 0 && p.low[i-1] == "the" &&
			p.named[i] == p.named[next] && p.named[i] == tag.Organisation && orgNouns[p.low[p.nameRun(next)-1]]:
			return p.nameRun(next) // "the Coastal Trade and Credit Bank"
		case w == "of", w == "for" && p.nounIn(i, end), w == "on" && p.nounIn(i, end), w == "and" && p.nounIn(i, end) && !p.personAt(next):
			if p.low[next] == "the" && next+1 < len(p.low) {
				next++
			}
		default:
			return end
		}
		if !upper(p.Token(next)) || p.opens[next] || p.Tokens[next].Kind != text.Word || !p.nounIn(i, end) {
			return end
		}
		end = p.nameRun(next)
	}
	return end
}

// longRun extends a capitalised run over any "of", "for" and "and" with more
// capitals, and a noun in lower case behind it: the full name before an acronym
// in brackets, "Economic Community of West African States (ECOWAS)".
func (p *page) longRun(i, end int) int {
	for end+1 < len(p.low) && end < i+14 {
		next := end + 1
		switch p.low[end] {
		case "of", "for", "and", "on", "to":
			if p.low[next] == "the" && next+1 < len(p.low) {
				next++
			}
		default:
			if end > i+1 && orgNouns[p.low[end]] && p.Tokens[end].Kind == text.Word && p.bracketed(next) != "" {
				return next
			}
			return end
		}
		if !upper(p.Token(next)) || p.opens[next] {
			return end
		}
		end = p.nameRun(next)
	}
	return end
}

// personAt reports whether a title or forename stands at token i.
func (p *page) personAt(i int) bool {
	w := p.low[i]
	return titles[w] || forenames[w] != 0
}

func (p *page) nounIn(i, end int) bool {
	for ; i < end; i++ {
		if orgNouns[p.low[i]] {
			return true
		}
	}
	return false
}

// bodyNoun is the noun that says that a name is a body's: its last word, or the
// last before a preposition; "" for none.
func (p *page) bodyNoun(r text.Range) string {
	noun := ""
	for i := r.Start; i < r.End; i++ {
		w := p.low[i]
		if prepositions[w] && noun != "" {
			break
		}
		if p.Tokens[i].Kind == text.Word && w != "and" && !prepositions[w] && w != "the" {
			noun = ""
			if orgNouns[w] {
				noun = w
			}
		}
	}
	return noun
}

// classAround reads what an apposition says a name is: "the news agency X",
// "X, a state-owned oil company,"; a role where it is a person's.
func (p *page) classAround(i, end int) string {
	if i > 0 && p.Tokens[i-1].Kind == text.Word && genericHeads[p.low[i-1]] && !upper(p.Token(i-1)) && forenames[p.low[i]] == 0 {
		return p.low[i-1]
	}
	if i > 2 && p.low[i-1] == "," && genericHeads[p.low[i-2]] && (p.low[i-3] == "the" || p.low[i-3] == "that" || p.low[i-3] == "this") && (i < 4 || !prepositions[p.low[i-4]]) {
		return p.low[i-2]
	}
	if end+2 >= len(p.low) || p.low[end] != "," || !determiners[p.low[end+1]] && !possessive(p.low[end+1]) {
		return ""
	}
	last := ""
	for j := end + 2; j < min(len(p.low), end+10); j++ {
		w := p.low[j]
		if (w == "’" || w == "'") && p.Tokens[j].Start == p.Tokens[j-1].End {
			continue // "the headquarters’ deputy head"
		}
		if prepositions[w] || p.Tokens[j].Kind == text.Mark && w != "-" || w == "that" || w == "which" || w == "who" || w == "and" {
			break
		}
		last = w
	}
	if orgNouns[last] || roleNouns[last] {
		return last
	}
	return ""
}

// bracketed is the acronym in brackets at token i, folded.
func (p *page) bracketed(i int) string {
	if i+2 < len(p.low) && p.low[i] == "(" && p.low[i+2] == ")" && innerCaps(p.Token(i+1)) {
		return p.low[i+1]
	}
	if i+2 < len(p.low) && p.low[i] == "," && p.low[i+1] == "or" && innerCaps(p.Token(i+2)) {
		return p.low[i+2]
	}
	return ""
}

// acronym reports whether a token is all capitals.
func acronym(s string) bool { return len(s) > 1 && strings.ToUpper(s) == s && strings.ToLower(s) != s }

// addBody registers an organisation, or returns the one of that name.
func (c *cast) addBody(name, head string, token int) *entity {
	w := bodyWords(name)
	var e *entity
	if len(w) == 1 {
		e = c.shortened(w[0])
	}
	for i := len(c.bodies) - 1; i >= max(0, len(c.bodies)-sightings) && e == nil; i-- {
		if sameWords(c.bodies[i].words, w) {
			e = c.bodies[i]
		}
	}
	if e == nil {
		e = &entity{name: name, kind: model.SpeakerOrganisation, words: w, token: token, head: head}
		c.bodies = append(c.bodies, e)
	}
	if e.head == "" {
		e.head = head
	}
	c.seen = append(c.seen, sighting{token: token, who: e, quote: c.p.quoted[token] >= 0, opens: c.p.subject(token)})
	return e
}

// shortened is the body that an acronym stands for, nil for none.
func (c *cast) shortened(w string) *entity {
	for i := len(c.bodies) - 1; i >= max(0, len(c.bodies)-sightings); i-- {
		e := c.bodies[i]
		if slices.Contains(e.alias, w) || len(e.words) > 2 && len(w) > 2 && (initials(e.words) == w || letters(e.words) == w) {
			return e
		}
	}
	return nil
}

// letters are the first letters of all words of a name: ECOWAS.
func letters(words []string) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w[:min(1, len(w))])
	}
	return b.String()
}

func sameWords(a, b []string) bool {
	for _, w := range a {
		if !slices.Contains(b, w) && !smallWord(w) {
			return false
		}
	}
	for _, w := range b {
		if !slices.Contains(a, w) && !smallWord(w) {
			return false
		}
	}
	return true
}

func smallWord(w string) bool {
	return w == "of" || w == "the" || w == "for" || w == "and" || w == "'s"
}

func bodyWords(name string) []string {
	name = strings.ReplaceAll(strings.ReplaceAll(text.Fold(name), ",", " "), "'s", " ")
	return strings.Fields(name)
}

// institutions are known by what they are as well as by a name.
var institutions = wordSet(`ministry department agency committee council army government court police parliament bank commission
	authority board embassy administration office service guard staff command regulator presidency cabinet military navy congress
	bureau directorate fund secretariat tribunal union panel inquiry`)

// describedBody registers a body that only a description names, at its noun:
// "the energy ministry", "Torgan’s defence ministry".
func (c *cast) describedBody(i int) {
	p := c.p
	if !institutions[p.low[i]] || i+1 < len(p.low) && (upper(p.Token(i+1)) || orgNouns[p.low[i+1]] || roleNouns[p.low[i+1]]) {
		return
	}
	j := i
	for j > 0 && i-j < 7 && (p.Tokens[j-1].Kind == text.Word || p.low[j-1] == "-" || p.inInitials(j-1)) && !p.opens[j] {
		w := p.low[j-1]
		if determiners[w] || prepositions[w] || conjunctions[w] || auxiliaries[w] || adverb(w) || pronouns[w] || p.isCue[j-1] || w == "and" {
			break
		}
		j--
		if possessive(w) {
			break
		}
	}
	if j == i || j > 0 && (p.low[j-1] == "a" || p.low[j-1] == "an") || possessive(p.low[j]) && !upper(p.Token(j)) {
		return
	}
	if j+3 < i && p.low[j+1] == "-" && !upper(p.Token(j)) && upper(p.Token(j+3)) {
		j += 3 // "state-run | Oschad bank"
	}
	e := c.addBody(p.bare(text.Range{Start: j, End: i + 1}), p.low[i], j)
	if i+3 < len(p.low) && (p.low[i+1] == "," || p.low[i+1] == "(") && acronym(p.Token(i+2)) && (p.low[i+3] == "," || p.low[i+3] == ")") {
		if p.low[i+1] == "," {
			e.name = p.Token(i + 2) // "the UN refugee agency, UNHCR,"
		}
		e.alias = append(e.alias, p.low[i+2])
	}
}

// inInitials reports whether the full stop at token i belongs to initials such as
// "U.N.".
func (p *page) inInitials(i int) bool {
	return p.low[i] == "." && i > 0 && p.Tokens[i-1].End == p.Tokens[i].Start && p.Tokens[i-1].End-p.Tokens[i-1].Start == 1 && upper(p.Token(i-1))
}

// bodyName is the name of an organisation; "Kestria’s Ministry of Defence"
// becomes "Ministry of Defence, Kestria".
func (p *page) bodyName(r text.Range) string {
	if possessive(p.low[r.Start]) && r.Len() > 1 && upper(p.Token(r.Start)) && upper(p.Token(r.Start+1)) {
		if r.Len() > 5 {
			return p.bare(text.Range{Start: r.Start + 1, End: r.End}) // a long name is enough by itself
		}
		owner := p.nameText(r.Start, r.Start+1)
		return p.bare(text.Range{Start: r.Start + 1, End: r.End}) + ", " + owner
	}
	return p.bare(r)
}

// genericHeads may mean a body whose name does not say what it is.
var genericHeads = wordSet(`consortium company firm group agency airline carrier alliance bloc operator organisation organization newspaper paper
	magazine broadcaster station channel outlet publisher daily weekly charity watchdog movement militia union coalition
	observatory consultancy institute site website party network regulator body rights gang club retailer insurer start-up`)

// bodyMeant finds the body a mention without a name means: of that noun, or,
// for a noun that says little, the last one named whose kind is not known.
func (c *cast) bodyMeant(r text.Range, head string) *entity {
	p := c.p
	n := c.before(r.Start)
	var generic *entity
	for i := n - 1; i >= max(0, n-sightings); i-- {
		e := c.seen[i].who
		if e.person() {
			continue
		}
		if e.head == head || slices.Contains(likeBodies[head], e.head) && p.plainNoun(r) || strings.HasSuffix(e.head, head) || slices.Contains(e.words, head) || classOf[strings.Join(e.words, " ")] == head {
			if p.shortFor(r, head, e) || slices.Contains(likeBodies[head], e.head) && p.plainNoun(r) {
				return e
			}
			continue
		}
		if generic == nil && (!orgNouns[e.head] || genericHeads[e.head] && e.head != "agency") && p.plainNoun(r) && (outlets[head] || !outlets[e.head]) {
			generic = e
		}
	}
	if generic != nil && (genericHeads[head] || head == "lender" || head == "tank") {
		return generic
	}
	if p.bareNoun(r) {
		return c.onlyBody(head)
	}
	return nil
}

// bareNoun reports whether a mention is no more than "the" and a noun.
func (p *page) bareNoun(r text.Range) bool {
	return r.Len() == 2 && p.low[r.Start] == "the" || r.Len() == 1
}

// likeBodies are the nouns that may stand for one another.
var likeBodies = map[string][]string{
	"army": {"military"}, "military": {"army"}, "bloc": {"union", "community", "association", "league"},
	"lender": {"bank"}, "bank": {"lender"}, "tank": {"institute", "centre", "center", "foundation", "consultancy", "school", "studies", "research"},
	"centre": {"center"}, "charity": {"organisation", "organization"}, "paper": {"newspaper", "daily"}, "newspaper": {"daily", "paper"},
	"group": {
		"organisation", "organization", "forces", "movement", "militia", "observatory", "centre", "center", "institute", "committee",
		"association", "foundation", "network", "coalition", "front", "lab", "laboratory", "project",
	},
	"organisation": {"organization", "committee", "centre", "center", "association", "foundation", "watch", "international"},
	"organization": {"organisation", "committee", "centre", "center", "association", "foundation", "watch", "international"}, "watchdog": {"agency", "commission", "observatory"},
	"think-tank": {"institute", "centre", "center"}, "monitor": {"observatory"},
}

// plainNoun reports whether a mention is "the" and a noun with nothing before it
// but lower-case words: "the paramilitary group".
func (p *page) plainNoun(r text.Range) bool {
	for i := r.Start; i < r.End; i++ {
		if p.Tokens[i].Kind == text.Word && upper(p.Token(i)) && !determiners[p.low[i]] && !(i+1 < r.End && p.low[i+1] == "-") {
			return false
		}
		if prepositions[p.low[i]] {
			return false
		}
	}
	return p.low[r.Start] == "the" || r.Len() == 1
}

// onlyBody is the one body of a noun that the article names anywhere.
func (c *cast) onlyBody(head string) *entity {
	var found *entity
	for _, e := range c.bodies {
		if e.head != head && !strings.HasSuffix(e.head, head) && !slices.Contains(e.words, head) {
			continue
		}
		if found != nil {
			return nil
		}
		found = e
	}
	return found
}

// shortFor reports whether every word of the mention stands in the name of the
// body: "the Kestrian ministry" for "Ministry of Defence, Kestria".
func (p *page) shortFor(r text.Range, head string, e *entity) bool {
	for i := r.Start; i < r.End; i++ {
		w := strings.TrimSuffix(p.low[i], "'s")
		if p.Tokens[i].Kind == text.Mark || w == head || determiners[w] || prepositions[w] || slices.Contains(e.words, w) || slices.Contains(e.alias, w) || demonym(set(e.words), w) {
			continue
		}
		return false
	}
	return true
}

func set(list []string) words {
	w := make(words, len(list))
	for _, s := range list {
		w[s] = true
	}
	return w
}

// named finds the body a capitalised mention means: the same words, a short
// form of them, or an acronym.
func (c *cast) named(r text.Range, head string) *entity {
	p := c.p
	w := bodyWords(p.bare(r))
	if len(w) == 1 {
		if e := c.shortened(w[0]); e != nil {
			return e
		}
	}
	for i := len(c.bodies) - 1; i >= max(0, len(c.bodies)-sightings); i-- {
		if e := c.bodies[i]; sameWords(e.words, w) || len(w) == 1 && slices.Contains(e.alias, w[0]) {
			return e
		}
	}
	for i := len(c.bodies) - 1; i >= max(0, len(c.bodies)-sightings); i-- {
		if e := c.bodies[i]; e.head == head && head != "" && len(e.words) >= len(w) && p.shortFor(r, head, e) {
			return e
		}
	}
	return nil
}

// initials are the first letters of the words of a name that count.
func initials(words []string) string {
	var b strings.Builder
	for _, w := range words {
		if !smallWord(w) && w != "" {
			b.WriteString(w[:1])
		}
	}
	return b.String()
}
