package statement

import (
	"strings"
	"unicode"
	"unicode/utf8"

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
	people   []*person
	byLast   map[string][]*person // folded surname
	placed   map[string]bool      // folded words the article uses as places
	seen     []sighting           // names in text order
	bodies   []body
	speakers []speaker // one for every proposal
	last     []turn    // resolved speakers so far
}

type person struct {
	name   string
	words  []string // folded
	role   string
	gender gender
	fields []string // of the role, folded; read through roleFields
}

// sighting is one place a person is named.
type sighting struct {
	token int
	who   *person
	quote bool
	opens bool // first word of a sentence
}

// turn is a resolved speaker and where it stood.
type turn struct {
	speaker
	token  int
	who    *person
	plural bool
	body   bool   // an organisation, named or not
	gender gender // of an unnamed one, once a pronoun has told
}

func upper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

func newCast(p *page, props []proposal) *cast {
	c := &cast{p: p, byLast: map[string][]*person{}, placed: map[string]bool{}}
	c.findPeople()
	c.speakers = make([]speaker, len(props))
	for i := range props {
		if l := props[i].leader; l > 0 {
			c.speakers[i] = c.speakers[l-1]
			continue
		}
		c.speakers[i] = c.resolve(&props[i])
	}
	return c
}

// findPeople collects the names of people: runs of two to four capitalised
// words that are no body and no place, with the title before them.
func (c *cast) findPeople() {
	p := c.p
	for i := 0; i < len(p.Tokens); i++ {
		if p.Tokens[i].Kind != text.Word || !upper(p.Token(i)) {
			c.office(i)
			continue
		}
		c.place(i)
		c.nameBody(i)
		end := p.nameRun(i)
		c.name(i, end)
		i = max(i, end-1)
	}
}

// office notes a person whom his office names at the start of a clause: "the
// minister took off his glasses".
func (c *cast) office(i int) {
	p := c.p
	if i < 1 || !roleNouns[p.low[i]] || pluralNoun(p.low[i]) || p.low[i-1] != "the" || p.quoted[i] >= 0 || i+1 < len(p.low) && prepositions[p.low[i+1]] {
		return
	}
	if !p.opens[i-1] && p.low[max(0, i-2)] != "," {
		return
	}
	n := max(0, len(c.seen)-sightings)
	for k := len(c.seen) - 1; k >= n; k-- {
		if who := c.seen[k].who; who.role != "" && c.roleFits(who.roleFields(), p.low[i], text.Range{Start: i - 1, End: i + 1}) {
			c.seen = append(c.seen, sighting{token: i, who: who, opens: true})
			return
		}
	}
}

// place notes a word that stands as a place: "in Hallin", "Tolmark’s army".
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

// particles stand inside a name in lower case.
var particles = wordSet(`al el bin ibn abu van von der den de da di la le dos ul ter ten af av`)

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
		case word && p.low[j-1] == "-":
		case particles[w] && j+1 < len(p.Tokens) && (upper(p.Token(j+1)) || p.low[j+1] == "-" || particles[p.low[j+1]]):
		default:
			return j
		}
		j++
	}
	return j
}

func possessive(w string) bool { return strings.HasSuffix(w, "'s") }

// name registers the person whom tokens i to end name, if they do.
func (c *cast) name(i, end int) {
	p := c.p
	k := p.afterTitles(i, end)
	titled := k > i || i > 0 && roleNouns[p.low[i-1]]
	if p.opens[i] && k == i && (determiners[p.low[i]] || prepositions[p.low[i]] || conjunctions[p.low[i]] || adverbs[p.low[i]] || pronouns[p.low[i]]) {
		k++
	}
	var words []string
	for j := k; j < end; j++ {
		w := strings.TrimSuffix(p.low[j], "'s")
		if orgNouns[w] || isDay(w) || monthNames[w] > 0 && len(w) > 3 && j == end-1 || determiners[w] || auxiliaries[w] {
			return
		}
		words = append(words, w)
	}
	if len(words) == 0 || notPeople[words[0]] || initialsOnly(words) || !titled && c.unlikely(k, end) {
		return
	}
	last := words[len(words)-1]
	if placeNouns[last] {
		return
	}
	spot := sighting{token: k, quote: p.quoted[i] >= 0, opens: p.opens[i] || p.low[max(0, i-1)] == ";"}
	if known := c.known(words); known != nil {
		spot.who = known
		if len(words) == len(known.words) && known.role == "" {
			known.role = c.roleOf(i, k, end)
		}
		c.title(known, i, k)
		c.seen = append(c.seen, spot)
		return
	}
	if len(words) < 2 && !titled || len(words) > 6 {
		return
	}
	who := &person{name: p.nameText(k, end), words: words, role: c.roleOf(i, k, end)}
	who.gender = guessGender(words)
	c.title(who, i, k)
	spot.who = who
	c.people = append(c.people, who)
	c.byLast[last] = append(c.byLast[last], who)
	c.seen = append(c.seen, spot)
}

// notPeople open names of places and bodies, not of people.
var notPeople = wordSet(`united north south east west northern southern eastern western new saudi great islamic european
	red black white central los san st supreme national international federal democratic republican central african
	american british french german russian ukrainian chinese middle wall capitol security human world state air
	foreign general royal free high sri hong abu tel costa el puerto cape mount lake river port fort ivory
	associated social health medicare obamacare second first twitter facebook telegram google apple`)

// unlikely reports whether an untitled run is no person's name: it starts with
// an acronym, or goes on with the name of a body ("Service of Special Works").
func (c *cast) unlikely(k, end int) bool {
	p := c.p
	if first := p.Token(k); len(first) > 1 && strings.ToUpper(first) == first && k+1 < end {
		return true
	}
	if k > 0 && p.low[k-1] == "the" {
		return true // "the Harbour List"
	}
	return k > 1 && (p.low[k-1] == "of" || p.low[k-1] == "for") && upper(p.Token(k-2)) && !titles[p.low[k-2]]
}

// places speak for their governments.
var places = wordSet(`afghanistan albania algeria argentina armenia australia austria azerbaijan belarus belgium bosnia brazil britain
	bulgaria canada chile china colombia croatia cuba cyprus czechia denmark egypt england estonia ethiopia finland france georgia
	germany greece hungary iceland india indonesia iran iraq ireland israel italy japan jordan kazakhstan kenya kosovo kuwait
	kyrgyzstan latvia lebanon libya lithuania mali malta mexico moldova mongolia montenegro morocco myanmar nepal netherlands
	nigeria norway pakistan palestine peru philippines poland portugal qatar romania russia rwanda scotland serbia singapore
	slovakia slovenia somalia spain sudan sweden switzerland syria taiwan tajikistan thailand tunisia turkey türkiye turkmenistan
	uganda ukraine uzbekistan venezuela vietnam wales yemen ankara athens baghdad baku beijing beirut belgrade berlin brussels
	bucharest budapest cairo chisinau copenhagen damascus delhi doha dublin geneva hague helsinki islamabad jerusalem kabul kiev
	kyiv lisbon london madrid minsk moscow oslo ottawa paris prague pyongyang riga riyadh rome seoul sofia stockholm tallinn tbilisi
	tehran tokyo vienna vilnius warsaw washington yerevan zagreb kremlin pentagon nato hamas hezbollah taliban fatah wagner
	reuters tass interfax bloomberg politico axios bellingcat facebook twitter telegram google microsoft meta apple congress
	parliament europe america africa asia crimea donetsk luhansk donbas gaza`)

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
// given names that disagree. The latest named wins.
func (c *cast) known(words []string) *person {
	list := c.byLast[words[len(words)-1]]
	for i := len(list) - 1; i >= 0 && i > len(list)-8; i-- {
		if len(words) == 1 || words[0] == list[i].words[0] {
			return list[i]
		}
	}
	return nil
}

// roleOf reads the role of the person named by tokens k to end, the run
// starting at i: the title before the name, or the apposition behind it.
func (c *cast) roleOf(i, k, end int) string {
	p := c.p
	if k > i {
		if r := p.titleText(i, k); r != "" {
			return r
		}
	}
	if s := p.roleBefore(i); s < i {
		return p.Text[p.Tokens[s].Start:p.Tokens[i-1].End]
	}
	return p.apposition(end)
}

// titleText is the title in tokens i to k; a bare form of address is none.
func (p *page) titleText(i, k int) string {
	switch p.low[i] {
	case "mr", "mrs", "ms", "miss":
		return ""
	}
	if determiners[p.low[i]] && k > i+1 {
		i++
	}
	return p.Text[p.Tokens[i].Start:p.Tokens[k-1].End]
}

// roleBefore returns where the lower-case role in front of token i starts:
// "foreign ministry spokesman | Ivo Brandt".
func (p *page) roleBefore(i int) int {
	if i == 0 || !roleNouns[p.low[i-1]] || p.Tokens[i-1].Kind != text.Word {
		return i
	}
	j := i - 1
	for j > 0 && i-j < 7 && p.Tokens[j-1].Kind == text.Word {
		w := p.low[j-1]
		if determiners[w] || prepositions[w] || conjunctions[w] || auxiliaries[w] || adverbs[w] || pronouns[w] || w == "and" || strings.HasSuffix(w, "ed") || p.isReporting(w) {
			break
		}
		j--
	}
	return j
}

func (p *page) isReporting(w string) bool {
	return w == "said" || w == "says" || w == "told" || w == "wrote"
}

// maxRole bounds an apposition that is read as a role.
const maxRole = 14

// apposition reads the role behind a name: ", director of the institute,".
func (p *page) apposition(end int) string {
	if end+1 >= len(p.Tokens) || p.low[end] != "," {
		return ""
	}
	i := end + 1
	if p.Tokens[i].Kind == text.Number && i+2 < len(p.Tokens) && p.low[i+1] == "," {
		i += 2 // the age
	}
	if determiners[p.low[i]] {
		i++
	}
	j := i
	found := false
	for j < len(p.Tokens) && j < i+maxRole {
		w := p.low[j]
		if w == "," || w == "." && !p.abbreviation(j) || w == ";" || w == "who" || w == "which" || w == "—" || openMark(w) || w == "”" {
			break
		}
		if p.isReporting(w) || auxiliaries[w] || pronouns[w] {
			return ""
		}
		found = found || roleNouns[w] || titles[w]
		j++
	}
	if !found || j == i || j == i+maxRole {
		return ""
	}
	return p.Text[p.Tokens[i].Start:p.Tokens[j-1].End]
}

func (p *page) abbreviation(i int) bool {
	return i > 0 && p.Tokens[i-1].End == p.Tokens[i].Start && p.Tokens[i-1].End-p.Tokens[i-1].Start == 1
}

// title learns a person's gender from the words before the name.
func (c *cast) title(who *person, i, k int) {
	for j := max(0, i-1); j < k; j++ {
		if g := genderWords[c.p.low[j]]; g != 0 {
			who.gender = g
		}
	}
	if who.gender == 0 && who.role != "" {
		for _, w := range who.roleFields() {
			if g := genderWords[w]; g != 0 {
				who.gender = g
			}
		}
	}
}

// roleFields are the folded words of a person's role.
func (who *person) roleFields() []string {
	if who.fields == nil && who.role != "" {
		who.fields = strings.Fields(strings.ReplaceAll(text.Fold(who.role), ",", " "))
	}
	return who.fields
}
