package statement

import (
	"slices"
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// resolve says who the source of a proposal is.
func (c *cast) resolve(pr *proposal) speaker {
	r := pr.source
	if r.Len() <= 0 {
		return speaker{kind: model.SpeakerUnnamed, name: "unnamed: source"}
	}
	if pr.named.Len() > 0 {
		r = pr.named
	} else {
		r = c.p.withoutRole(r)
		pr.source = r
	}
	t := c.identify(r)
	t.token = r.Start
	c.last = append(c.last, t)
	return t.speaker
}

// withoutRole cuts the apposed role off a mention: "Ann Bell, Ostmere’s Prime
// Minister" names Ann Bell.
func (p *page) withoutRole(r text.Range) text.Range {
	for i := r.Start + 2; i+1 < r.End; i++ {
		if p.low[i] != "," {
			continue
		}
		if head := p.low[i-1]; !upper(p.Token(i-1)) || orgNouns[head] || p.nameRun(r.Start) != i {
			return r
		}
		for j := i + 1; j < r.End; j++ {
			if roleNouns[p.low[j]] {
				return text.Range{Start: r.Start, End: i}
			}
		}
		return r
	}
	return r
}

func (c *cast) identify(r text.Range) turn {
	p := c.p
	w := p.low[r.Start]
	if r.Len() == 1 && pronouns[w] {
		return c.pronoun(w, r.Start)
	}
	a, b := c.nameIn(r)
	if a < b {
		if t, ok := c.personNamed(r, a, b); ok {
			return t
		}
	}
	return c.common(r)
}

// nameIn finds the capitalised run that may be a person's name: behind the
// last title, at the end of the mention and before any preposition.
func (c *cast) nameIn(r text.Range) (int, int) {
	p := c.p
	for i := r.Start; i < r.End; i++ {
		if i > r.Start && prepositions[p.low[i]] {
			for i < r.End && p.low[i] != "," { // only an apposed name may follow
				i++
			}
			continue
		}
		if p.Tokens[i].Kind != text.Word || !upper(p.Token(i)) || determiners[p.low[i]] {
			continue
		}
		end := min(p.nameRun(i), r.End)
		k := p.afterTitles(i, end)
		if k < end && end == r.End && !possessive(p.low[end-1]) {
			return k, end
		}
		i = max(i, end-1)
	}
	return 0, 0
}

// afterTitles returns the token behind the last title of a capitalised run.
func (p *page) afterTitles(i, end int) int {
	k := i
	for j := i; j < end; j++ {
		if titles[p.low[j]] {
			if k = j + 1; k < end && p.low[k] == "." {
				k++
			}
		}
	}
	return k
}

// personNamed resolves a name to the person it means; false when it names
// something else.
func (c *cast) personNamed(r text.Range, a, b int) (turn, bool) {
	p := c.p
	var words []string
	for i := a; i < b; i++ {
		if orgNouns[p.low[i]] {
			return turn{}, false
		}
		words = append(words, p.low[i])
	}
	who := c.known(words)
	if who == nil {
		return c.surname(r, a, b)
	}
	if who.role == "" {
		who.role = p.mentionRole(r, a)
	}
	return turn{speaker: speaker{who.name, model.SpeakerPerson, who.role}, who: who}, true
}

// surname takes a single unknown name for a person's unless the article uses
// it as a place's or a body's.
func (c *cast) surname(r text.Range, a, b int) (turn, bool) {
	p := c.p
	w := p.low[a]
	if b != a+1 || r.Len() > 1 || c.placed[w] || placeName(w) || roleNouns[w] || p.opens[a] && pluralNoun(w) && speakerNoun(w) || innerCaps(p.Token(a)) || b < len(p.low) && (p.low[b] == "reported" || p.low[b] == "reports") {
		return turn{}, false
	}
	who := &person{name: p.Token(a), words: []string{w}}
	c.byLast[w] = append(c.byLast[w], who)
	return turn{speaker: speaker{name: who.name, kind: model.SpeakerPerson}, who: who}, true
}

// placeName reports whether a folded word is, or ends like, a country or town.
func placeName(w string) bool {
	if places[w] {
		return true
	}
	for _, end := range []string{"ia", "land", "stan", "burg", "grad", "abad"} {
		if len(w) > len(end)+2 && strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}

// innerCaps reports whether a word is an acronym or a made-up name.
func innerCaps(s string) bool { return strings.ToLower(s[1:]) != s[1:] }

// mentionRole is what stands before the name in a mention.
func (p *page) mentionRole(r text.Range, a int) string {
	i, j := r.Start, a
	if i < j && determiners[p.low[i]] {
		i++
	}
	for j > i && p.Tokens[j-1].Kind == text.Mark {
		j--
	}
	if i >= j {
		return ""
	}
	switch p.low[i] {
	case "mr", "mrs", "ms", "miss":
		return ""
	}
	return p.Text[p.Tokens[i].Start:p.Tokens[j-1].End]
}

// How far back a mention may refer: tokens for a name, sightings for a role,
// turns and bodies for a pronoun or a short form.
const (
	reach     = 400
	sightings = 400
	turns     = 60
)

// pronoun resolves he, she, it and they to the last that fits.
func (c *cast) pronoun(w string, at int) turn {
	switch w {
	case "he", "she":
		g := male
		if w == "she" {
			g = female
		}
		if t, ok := c.lastPerson(g, at); ok {
			return t
		}
	case "it":
		for i := len(c.last) - 1; i >= max(0, len(c.last)-turns); i-- {
			if t := c.last[i]; t.body || t.kind == model.SpeakerDocument {
				return t
			}
		}
	case "they":
		for i := len(c.last) - 1; i >= max(0, len(c.last)-turns); i-- {
			if t := c.last[i]; t.plural || t.body {
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
		if t := &c.last[i]; t.fits(g) {
			spoke, spokeAt = t, t.token
		}
	}
	who := c.namedSince(g, max(spokeAt, at-reach), at, spoke == nil)
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
	return turn{speaker: speaker{who.name, model.SpeakerPerson, who.role}, who: who}, true
}

// only is the one person the article names whom a pronoun of the gender can
// mean; nil when there are more.
func (c *cast) only(g gender) *person {
	var found *person
	for _, who := range c.people {
		if who.gender != g && who.gender != 0 {
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
		return t.who.gender == g || t.who.gender == 0
	}
	if t.kind != model.SpeakerUnnamed || t.plural || t.body {
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
// token from and before token at: at the start of a sentence, or anywhere.
func (c *cast) namedSince(g gender, from, at int, anywhere bool) *person {
	n, _ := slices.BinarySearchFunc(c.seen, at, func(s sighting, at int) int { return s.token - at })
	var other *person
	for i := n - 1; i >= 0 && c.seen[i].token > from; i-- {
		s := c.seen[i]
		if s.quote || s.who.gender != g && s.who.gender != 0 {
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

// common resolves a mention without a person's name: a role, a body, a
// writing, or people without a name.
func (c *cast) common(r text.Range) turn {
	p := c.p
	head, at := p.head(r)
	definite := !(p.low[r.Start] == "a" || p.low[r.Start] == "an" || p.low[r.Start] == "one" || p.low[r.Start] == "another")
	switch {
	case roleNouns[head] && !pluralNoun(head):
		if definite {
			if who := c.byRole(head, r); who != nil {
				return turn{speaker: speaker{who.name, model.SpeakerPerson, who.role}, who: who}
			}
			if t, ok := c.again(head, r); ok {
				return t
			}
		}
		return c.unnamed(r, false)
	case roleNouns[head]:
		return c.unnamed(r, true)
	case documentNouns[head] && !upper(p.Token(at)) && !orgNouns[head] || documentNouns[head] && !upper(p.Token(at)) && !c.spokeAs(head):
		return turn{speaker: speaker{name: p.bare(r), kind: model.SpeakerDocument}}
	case possessors[p.low[r.Start]] && !p.capitalised(r): // "his ministry": whose, the words alone do not say
		return c.owned(r, head)
	case orgNouns[head], p.capitalised(r):
		return c.body(r, head)
	}
	return c.unnamed(r, pluralNoun(head))
}

// again finds the unnamed speaker, or the holder of a like office, whom a
// bare "the official" or "the minister" takes up.
func (c *cast) again(head string, r text.Range) (turn, bool) {
	if r.Len() != 2 {
		return turn{}, false
	}
	for i := len(c.last) - 1; i >= max(0, len(c.last)-8); i-- {
		t := c.last[i]
		if t.kind == model.SpeakerUnnamed && !t.plural && !t.body && strings.Contains(t.name, " ") && slices.Contains(strings.Fields(t.name), head) {
			return t, true
		}
		if t.who != nil && slices.ContainsFunc(t.who.roleFields(), func(f string) bool { return slices.Contains(likeOffices[head], f) }) {
			return t, true
		}
	}
	return turn{}, false
}

// likeOffices are the words that may stand for one another's office.
var likeOffices = map[string][]string{
	"minister":  {"secretary", "premier"},
	"secretary": {"minister"},
	"leader":    {"president", "premier", "chancellor", "chairman", "minister", "chief", "head"},
	"chief":     {"head", "director", "commander", "secretary", "general", "chairman"},
	"head":      {"chief", "director", "chairman"},
	"official":  {"deputy", "director", "head", "secretary", "spokesman", "spokeswoman"},
	"diplomat":  {"ambassador", "envoy", "minister"},
	"analyst":   {"director", "researcher", "fellow"},
	"commander": {"general", "colonel", "gen", "col", "chief"},
	"general":   {"gen", "commander"},
}

func pluralNoun(w string) bool {
	return strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") || w == "people" || strings.HasSuffix(w, "men") && w != "women" || w == "some" || w == "many"
}

// spokeAs reports whether a body with this head noun has spoken.
func (c *cast) spokeAs(head string) bool {
	recent := c.bodies[max(0, len(c.bodies)-turns):]
	return slices.ContainsFunc(recent, func(b body) bool { return b.head == head })
}

// head is the noun a mention is about: the last word before a preposition.
func (p *page) head(r text.Range) (string, int) {
	at := r.Start
	for i := r.Start; i < r.End; i++ {
		w := p.low[i]
		if i > r.Start && (prepositions[w] || w == "," || w == "who" || i+1 < r.End && p.low[i+1] == "by" && strings.HasSuffix(w, "ed")) {
			break
		}
		if p.Tokens[i].Kind == text.Word {
			at = i
		}
	}
	return strings.TrimSuffix(p.low[at], "'s"), at
}

// bare is a mention as written, without a leading article.
func (p *page) bare(r text.Range) string {
	i := r.Start
	switch p.low[i] {
	case "the", "a", "an":
		if r.Len() > 1 {
			i++
		}
	}
	return strings.Join(strings.Fields(p.Text[p.Tokens[i].Start:p.Tokens[r.End-1].End]), " ")
}

func (c *cast) unnamed(r text.Range, plural bool) turn {
	return turn{speaker: speaker{name: c.p.unnamed(r), kind: model.SpeakerUnnamed}, plural: plural}
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

// capitalised reports whether a mention, up to a place or the like behind it,
// is a proper name.
func (p *page) capitalised(r text.Range) bool {
	for i := r.Start; i < r.End; i++ {
		if i > r.Start && prepositions[p.low[i]] && p.low[i] != "of" {
			return false
		}
		if p.Tokens[i].Kind == text.Word && upper(p.Token(i)) && !determiners[p.low[i]] && !possessive(p.low[i]) && !p.opensCommon(i) && !p.opensPlural(i, r.End) {
			return true
		}
	}
	return false
}

// opensCommon reports whether the capital of token i only opens a sentence:
// "Hauliers", "Forty".
func (p *page) opensCommon(i int) bool {
	w := p.low[i]
	return p.opens[i] && !places[w] && (determiners[w] || roleNouns[w] || pluralNoun(w) && speakerNoun(w) || strings.HasSuffix(w, "ty"))
}

// opensPlural reports whether token i opens a sentence with people, or what only
// modifies them: "Pilots reached by …", "Dock clerks".
func (p *page) opensPlural(i, end int) bool {
	return p.opens[i] && i+1 < end && !upper(p.Token(i+1)) && (pluralNoun(p.low[i]) || pluralNoun(p.low[i+1]))
}

// byRole finds the person a definite role means: "the foreign minister".
func (c *cast) byRole(head string, r text.Range) *person {
	n, _ := slices.BinarySearchFunc(c.seen, r.Start, func(s sighting, at int) int { return s.token - at })
	for i := n - 1; i >= max(0, n-sightings); i-- {
		who := c.seen[i].who
		if who.role != "" && c.roleFits(who.roleFields(), head, r) {
			return who
		}
	}
	return c.onlyRole(head, r)
}

// onlyRole is the one person of a role whom the article names later.
func (c *cast) onlyRole(head string, r text.Range) *person {
	var found *person
	for _, who := range c.people {
		if who.role == "" || !c.roleFits(who.roleFields(), head, r) {
			continue
		}
		if found != nil {
			return nil
		}
		found = who
	}
	return found
}

func (c *cast) roleFits(fields []string, head string, r text.Range) bool {
	if !slices.Contains(fields, head) && !sameOffice(fields, head) {
		return false
	}
	for i := r.Start; i < r.End && c.p.low[i] != head; i++ {
		w := strings.TrimSuffix(c.p.low[i], "'s")
		if determiners[w] || adverbs[w] || slices.ContainsFunc(fields, func(f string) bool { return strings.TrimSuffix(f, "'s") == w }) || demonym(fields, w) {
			continue
		}
		return false
	}
	return true
}

// sameOffice matches a spokesperson of either word.
func sameOffice(fields []string, head string) bool {
	return head == "spokesperson" && (slices.Contains(fields, "spokesman") || slices.Contains(fields, "spokeswoman"))
}

// demonym reports whether a field and w share a long beginning: Kestria,
// Kestrian.
func demonym(fields []string, w string) bool {
	for _, f := range fields {
		if n := min(len(f), len(w)) - 2; n >= 3 && len(f) > n && len(w) > n && f[:n] == w[:n] {
			return true
		}
	}
	return false
}
