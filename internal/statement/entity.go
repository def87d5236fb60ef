package statement

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

// entity is a person or an organisation that an article names, or an
// organisation it only describes ("the energy ministry").
type entity struct {
	name   string
	kind   model.SpeakerType
	words  []string // of the name, folded
	alias  []string // short forms, folded, such as an acronym in brackets
	role   string   // of a person, as written
	about  words    // folded words of every role and description
	head   string   // of an organisation, its noun, folded; "" where the name has none
	gender gender
	votes  [3]int // by pronouns near by, by gender
	age    string
	token  int // where it is first named
	named  int // how often a person is named
}

// sighting is one place where an entity is named or described.
type sighting struct {
	token int
	who   *entity
	quote bool
	opens bool // it is the subject a sentence opens with
}

func (e *entity) describe(role string) {
	if e.about == nil {
		e.about = words{}
	}
	for _, w := range strings.Fields(strings.NewReplacer(",", " ", ".", " ", "-", " ", "’s", " ", "'s", " ").Replace(text.Fold(role))) {
		e.about[w] = true
	}
}

func (e *entity) person() bool { return e.kind == model.SpeakerPerson }

// fits reports whether a pronoun of the gender may mean a person.
func (e *entity) fits(g gender) bool {
	switch {
	case !e.person():
		return false
	case e.gender != 0:
		return e.gender == g
	case e.votes[male] != e.votes[female]:
		return (e.votes[g] > e.votes[3-g])
	}
	return true
}

func upper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

func possessive(w string) bool { return strings.HasSuffix(w, "'s") }

// findEntities collects whom and what the article names, in text order.
func (c *cast) findEntities() {
	p := c.p
	c.findPlaces()
	for i := 0; i < len(p.Tokens); i++ {
		if p.Tokens[i].Kind != text.Word {
			continue
		}
		if !upper(p.Token(i)) {
			c.office(i)
			c.describedBody(i)
			c.vote(i)
			continue
		}
		c.vote(i)
		end := p.nameRun(i)
		if b := c.nameBody(i, end); b > i {
			i = b - 1
			continue
		}
		c.namePerson(i, end)
		i = max(i, end-1)
	}
	for _, e := range c.people {
		if e.gender == 0 && e.votes[male] != e.votes[female] {
			e.gender = male
			if e.votes[female] > e.votes[male] {
				e.gender = female
			}
		}
	}
}

// findPlaces notes the words that stand as places: "in Hallin", "Tolmark’s
// army".
func (c *cast) findPlaces() {
	p := c.p
	for i := range p.Tokens {
		if p.Tokens[i].Kind == text.Word && upper(p.Token(i)) {
			c.place(i)
		}
	}
}

func (c *cast) place(i int) {
	p := c.p
	w := p.low[i]
	if i > 0 && (p.low[i-1] == "in" || p.low[i-1] == "near" || p.low[i-1] == "across" || p.low[i-1] == "into" || p.low[i-1] == "outside") {
		c.placed[strings.TrimSuffix(w, "'s")] = true
	}
	if i > 1 && p.low[i-1] == "of" && (orgNouns[p.low[i-2]] || p.low[i-2] == "president" || p.low[i-2] == "minister") {
		c.placed[w] = true
	}
	if !possessive(w) {
		return
	}
	for j := i + 1; j < min(i+4, len(p.low)); j++ {
		switch p.low[j] {
		case "minister", "ministry", "president", "army", "military", "staff", "police", "parliament", "capital", "border", "forces":
			c.placed[strings.TrimSuffix(w, "'s")] = true
		}
	}
}

// vote lets a pronoun outside quotations tell the gender of the one person whom
// its paragraph has named before it.
func (c *cast) vote(i int) {
	var g gender
	switch c.p.low[i] {
	case "he", "his", "him", "himself":
		g = male
	case "she", "her", "herself":
		g = female
	default:
		return
	}
	if len(c.seen) == 0 || c.p.quoted[i] >= 0 {
		return
	}
	var who *entity
	for k := len(c.seen) - 1; k >= 0 && c.p.paragraphOf(c.seen[k].token) == c.p.paragraphOf(i); k-- {
		s := c.seen[k]
		if !s.who.person() || s.who == who {
			continue
		}
		if who != nil || s.quote || i-s.token > 40 {
			return
		}
		who = s.who
	}
	if who != nil {
		who.votes[g]++
	}
}

func (p *page) paragraphOf(i int) int {
	n, found := slices.BinarySearchFunc(p.Paragraphs, i, func(r text.Range, i int) int { return r.Start - i })
	if found {
		return n
	}
	return n - 1
}

// particles stand inside a name in lower case.
var particles = wordSet(`des du das dos do zu zum y al el bin ibn abu van von der den de da di la le dos ul ter ten af av`)

// nameRun returns where the run of capitalised words at token i ends.
func (p *page) nameRun(i int) int {
	j := i + 1
	for j < len(p.Tokens) && j < i+12 {
		w := p.low[j]
		word := p.Tokens[j].Kind == text.Word
		touches := p.Tokens[j].Start == p.Tokens[j-1].End
		switch {
		case possessive(p.low[j-1]), p.opens[j]:
			return j
		case word && upper(p.Token(j)):
		case w == "." && touches && (p.Tokens[j-1].End-p.Tokens[j-1].Start == 1 || titles[p.low[j-1]]):
		case w == "-" && touches && j+1 < len(p.Tokens) && p.Tokens[j+1].Start == p.Tokens[j].End:
		case (w == "’" || w == "'") && touches && strings.HasSuffix(p.low[j-1], "s") && j+1 < len(p.Tokens) && upper(p.Token(j+1)) && !p.opens[j+1] && p.quoted[i] < 0:
		case word && p.low[j-1] == "-":
		case w == "&" && j+1 < len(p.Tokens) && upper(p.Token(j+1)):
		case particles[w] && j+1 < len(p.Tokens) && (upper(p.Token(j+1)) || p.low[j+1] == "-" || particles[p.low[j+1]]):
		default:
			return j
		}
		j++
	}
	return j
}

// namePerson registers the person whom tokens i to end name, if they do.
func (c *cast) namePerson(i, end int) {
	p := c.p
	k := p.behindLabels(p.afterTitles(i, end), end)
	titled := k > i || i > 0 && roleNouns[p.low[i-1]] && !pluralNoun(p.low[i-1]) || p.ageAt(end) != ""
	if (p.opens[i] || i > 0 && openMark(p.low[i-1])) && k == i && end > i+1 && (determiners[p.low[i]] || prepositions[p.low[i]] || conjunctions[p.low[i]] || adverb(p.low[i]) || pronouns[p.low[i]] || strings.HasSuffix(p.low[i], "ing") && forenames[p.low[i]] == 0) {
		k++
	}
	if k < end && (isDay(p.low[k]) || monthNames[p.low[k]] > 0) && end > k+1 {
		return
	}
	folded := c.personWords(k, end)
	if folded == nil || !titled && c.unlikely(k, end) {
		return
	}
	spot := sighting{token: k, quote: p.quoted[i] >= 0, opens: p.subject(i)}
	who := c.known(folded)
	if len(folded) == 1 {
		who = c.bearer(folded[0], i, k, who)
	}
	if who == nil {
		if len(folded) < 2 && !titled && !c.introduced(k, end) || len(folded) > 6 {
			return
		}
		who = c.newPerson(k, end, folded)
	}
	c.learn(who, i, k, end)
	spot.who = who
	who.named++
	c.seen = append(c.seen, spot)
}

// bearer is whom a surname alone, with what stands before it from token i,
// means where several bear it: of the title's gender, and rather the one just
// introduced, else the one named most; found where only one does.
func (c *cast) bearer(name string, i, k int, found *entity) *entity {
	var fit []*entity
	var g gender
	for j := i; j < k && g == 0; j++ {
		g = genderWords[c.p.low[j]]
	}
	list := c.byLast[name]
	for _, who := range list[max(0, len(list)-8):] {
		if g == 0 || who.fits(g) {
			fit = append(fit, who)
		}
	}
	if len(list) < 2 || len(fit) == 0 {
		return found
	}
	best := fit[0]
	if latest := fit[len(fit)-1]; c.p.paragraphOf(k)-c.p.paragraphOf(latest.token) < 2 {
		return latest
	}
	for _, who := range fit {
		if who.named > best.named {
			best = who
		}
	}
	return best
}

// sighted is the person seen at a name, nil for none.
func (c *cast) sighted(name text.Range) *entity {
	n := c.before(name.Start)
	if n < len(c.seen) && c.seen[n].token < name.End && c.seen[n].who.person() {
		return c.seen[n].who
	}
	return nil
}

func (c *cast) newPerson(k, end int, folded []string) *entity {
	who := &entity{name: c.p.nameText(k, end), kind: model.SpeakerPerson, words: folded, gender: guessGender(folded), token: k}
	c.people = append(c.people, who)
	last := folded[len(folded)-1]
	c.byLast[last] = append(c.byLast[last], who)
	return who
}

// personWords returns the folded words of a name, nil when it names something
// else.
func (c *cast) personWords(k, end int) []string {
	p := c.p
	var out []string
	for j := k; j < end; j++ {
		w := strings.TrimSuffix(p.low[j], "'s")
		if orgNouns[w] || isDay(w) || monthNames[w] > 0 && len(w) > 3 && j == end-1 || determiners[w] || auxiliaries[w] || innerCaps(p.Token(j)) && end-k == 1 {
			return nil
		}
		out = append(out, w)
	}
	if len(out) == 0 || notPeople[out[0]] || initialsOnly(out) || placeNouns[out[len(out)-1]] {
		return nil
	}
	return out
}

// introduced reports whether what follows a single name says it is a person's:
// ", 61," or ", a pharmacist".
func (c *cast) introduced(k, end int) bool {
	p := c.p
	w := p.low[k]
	if end != k+1 || c.placed[w] || placeName(w) || isDay(w) || monthNames[w] > 0 {
		return false
	}
	if end+2 >= len(p.low) || p.low[end] != "," {
		return forenames[w] != 0
	}
	if p.Tokens[end+1].Kind == text.Number && p.low[end+2] == "," {
		return true
	}
	return forenames[w] != 0 || (p.low[end+1] == "a" || p.low[end+1] == "an") && p.apposition(end) != ""
}

// learn reads what stands around a name: role, age and gender.
func (c *cast) learn(who *entity, i, k, end int) {
	p := c.p
	role := c.roleOf(i, k, end)
	if role != "" && !strings.EqualFold(role, "mr") {
		if who.role == "" || len(who.words) == end-k && strings.Count(who.role, " ") < strings.Count(role, " ") && who.token == k {
			who.role = role
		}
		who.describe(role)
		who.describe(p.apposition(end))
		if b := p.roleBefore(i); b < i {
			who.describe(p.Text[p.Tokens[b].Start:p.Tokens[i-1].End])
		}
		who.describe(p.appositionBefore(i, end))
	}
	if age := p.ageAt(end); age != "" {
		who.age = age
	}
	who.describe(p.namesHimself(k))
	for j := max(0, i-1); j < k; j++ {
		if g := genderWords[p.low[j]]; g != 0 {
			who.gender = g
		}
	}
	if who.gender == 0 {
		for w := range who.about {
			if g := genderWords[w]; g != 0 {
				who.gender = g
			}
		}
	}
}

// namesHimself is the description of someone who gives his name before token k:
// "a | lorry driver | who gave his name only as Osman"; "" where no one does.
func (p *page) namesHimself(k int) string {
	self := false
	for i := k - 1; i > max(0, k-9) && !p.opens[i+1]; i-- {
		switch p.low[i] {
		case "name", "himself", "herself", "sign":
			self = true
		case "who":
			j := i
			for j > 0 && i-j < 4 && p.Tokens[j-1].Kind == text.Word && !determiners[p.low[j-1]] && !prepositions[p.low[j-1]] {
				j--
			}
			if !self || j == i {
				return ""
			}
			return p.Span(text.Range{Start: j, End: i}).Of(p.Text)
		}
	}
	return ""
}

// ageAt is the age set behind a name that ends at a token: ", 61," or "(61)"; ""
// for none.
func (p *page) ageAt(end int) string {
	if end+2 < len(p.low) && (p.low[end] == "," || p.low[end] == "(") && p.Tokens[end+1].Kind == text.Number && len(p.low[end+1]) < 3 &&
		(p.low[end+2] == "," || p.low[end+2] == ")") {
		return p.low[end+1]
	}
	return ""
}

// subject reports whether token i opens a sentence or a clause.
func (p *page) subject(i int) bool {
	if p.opens[i] || i > 2 && p.low[i-1] == "," && p.roleOpens(i-1) || i == p.dateline(p.Paragraphs[p.paragraphOf(i)]) {
		return true
	}
	for j := i; j > 0 && j > i-8; j-- {
		if p.opens[j] {
			return true
		}
		switch w := p.low[j-1]; {
		case w == ";", w == "," && p.fronted(j-1), j == i && p.frontedPlace(j):
			return true
		case w == "," || prepositions[w] || auxiliaries[w] || w == "and" || p.isCue[j-1] || p.Tokens[j-1].Kind != text.Word && w != "-" && w != "." && w != "“":
			return false
		case j < i && !(titles[w] || roleNouns[w] || determiners[w] || upper(p.Token(j-1)) || strings.HasSuffix(w, "n")):
			return false
		}
	}
	return false
}

// roleOpens reports whether a sentence opens with the role that ends before the
// comma at token i: "His deputy, | Oda Remmel, disagreed".
func (p *page) roleOpens(i int) bool {
	role := false
	for j := i - 1; j >= 0 && j > i-10; j-- {
		w := p.low[j]
		if p.Tokens[j].Kind == text.Mark && w != "-" && w != "’" || p.isCue[j] || auxiliaries[w] || conjunctions[w] {
			return false
		}
		role = role || roleNouns[w] || orgNouns[w]
		if p.opens[j] {
			return role && (determiners[w] || w == "that" || possessors[w] || possessive(w))
		}
	}
	return false
}

// fronted reports whether the comma at token i ends a phrase that its sentence
// opens with: "At the crossing, …".
func (p *page) fronted(i int) bool {
	for j := i - 1; j >= 0 && j > i-14; j-- {
		switch w := p.low[j]; {
		case p.opens[j]:
			return prepositions[w] || adverb(w) || subordinators[w] || isDay(w)
		case p.isCue[j], p.quoted[j] >= 0:
			return false
		}
	}
	return false
}

// frontedPlace reports whether a short phrase of place stands between the start
// of the sentence and token i: "At Reading station | Anneka Powell".
func (p *page) frontedPlace(i int) bool {
	for j := i - 1; j >= 0 && j > i-6; j-- {
		switch {
		case p.opens[j]:
			return (p.low[j] == "at" || p.low[j] == "in" || p.low[j] == "outside" || p.low[j] == "on" || p.low[j] == "near") && j < i-1
		case p.Tokens[j].Kind != text.Word, p.isCue[j], auxiliaries[p.low[j]], prepositions[p.low[j]]:
			return false
		}
	}
	return false
}

// notPeople open names of places and bodies, not of people.
var notPeople = wordSet(`united north south east west northern southern eastern western new saudi great islamic european
	red black white central los san st supreme national international federal democratic republican central african
	american british french german russian ukrainian chinese middle wall capitol security human world state air
	foreign general royal free high hong tel costa el puerto cape mount lake river port fort ivory
	associated social health medicare obamacare second first twitter facebook telegram google apple operation`)

// unlikely reports whether an untitled run is no person's name: it starts with
// an acronym, or goes on with the name of a body ("Service of Special Works").
func (c *cast) unlikely(k, end int) bool {
	p := c.p
	switch t := p.named[k]; {
	case t != p.named[end-1]:
	case t == tag.Person && end > k+1:
		return false
	case t == tag.Location || t == tag.Organisation || t == tag.Unit:
		return true
	}
	if first := p.Token(k); len(first) > 1 && strings.ToUpper(first) == first && k+1 < end {
		return true
	}
	if k > 0 && p.low[k-1] == "the" || end > k+2 && p.low[k+1] == "-" && p.low[k+2] == "based" {
		return true // "the Harbour List", "Paris-based Géovigie"
	}
	return k > 1 && (p.low[k-1] == "of" || p.low[k-1] == "for") && upper(p.Token(k-2)) && !titles[p.low[k-2]]
}

// initialsOnly reports whether the words are single letters, as in "U.S.".
func initialsOnly(words []string) bool {
	for _, w := range words {
		if len(w) > 1 {
			return false
		}
	}
	return true
}

// nameText is a name as written, without a possessive 's.
func (p *page) nameText(a, b int) string {
	s := p.Text[p.Tokens[a].Start:p.Tokens[b-1].End]
	s = strings.TrimSuffix(strings.TrimSuffix(s, "'s"), "’s")
	return strings.Join(strings.Fields(s), " ")
}

// known finds the person the words name: all of them, or the surname, with no
// given names that disagree; or, of a single word, the first name of one person
// alone. The latest named wins.
func (c *cast) known(words []string) *entity {
	list := c.byLast[words[len(words)-1]]
	for i := len(list) - 1; i >= 0 && i > len(list)-8; i-- {
		if w := list[i].words; len(words) == 1 || words[0] == w[0] || len(w) == 1 || len(w) > len(words) && slices.Equal(w[len(w)-len(words):], words) {
			return list[i]
		}
	}
	if len(words) != 1 {
		return nil
	}
	var found *entity
	for _, e := range c.people[max(0, len(c.people)-sightings):] {
		if e.words[0] == words[0] {
			if found != nil {
				return nil
			}
			found = e
		}
	}
	return found
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

// behindLabels goes on behind a nationality or an acronym that stands before a
// name: "the Irish MEP | Fergal Considine".
func (p *page) behindLabels(k, end int) int {
	if k < end-2 && k > 0 && places[p.low[k]] && (p.low[k-1] == "to" || p.low[k-1] == "in") {
		k++ // "ambassador to Britain | Liu Xiaoming"
	}
	for k < end-2 && (demonymAdjective(p.low[k]) || acronym(p.Token(k))) && !orgNouns[p.low[end-1]] {
		k++
	}
	return k
}

// innerCaps reports whether a word is an acronym or a made-up name.
func innerCaps(s string) bool { return len(s) > 1 && strings.ToLower(s[1:]) != s[1:] }
