package story

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"crosscheck/internal/text"
)

// slot is a place in the account of an event that two accounts of one event
// fill with the same value: which package of sanctions, where the earthquake,
// against whom the match, up or down.
type slot struct {
	kind  slotKind
	title bool   // it stands in the title, else in the first paragraphs
	head  string // what is told apart: "package", "" for places
	value string // "12", "hallin"
}

type slotKind uint8

const (
	ordinal slotKind = iota
	place
	owner
	opponent
	direction
)

const (
	slotBytes = 400 // of the text are searched for slots
	maxSlots  = 16  // kept of an article
)

// findSlots fills slots and mentions.
func (r *digest) findSlots(title, body []lexeme) {
	lead := body
	for i, w := range body {
		if w.at >= slotBytes {
			lead = body[:i]
			break
		}
	}
	for _, part := range []struct {
		ws    []lexeme
		title bool
	}{{title, true}, {lead, false}} {
		add := func(k slotKind, head, value string) {
			s := slot{k, part.title, strings.Clone(head), strings.Clone(value)} // not to keep the text
			if len(r.slots) < maxSlots && !slices.Contains(r.slots, s) {
				r.slots = append(r.slots, s)
			}
		}
		ordinals(part.ws, func(head, value string) { add(ordinal, head, value) })
		if part.title { // a first paragraph names where the reporter is, and much else
			places(part.ws, func(value string) { add(place, "", value) })
			owners(part.ws, func(head, value string) { add(owner, head, value) })
		}
		opponents(part.ws, func(a, b string) { add(opponent, a, b); add(opponent, b, a) })
		directions(part.ws, func(s pole, who string) {
			r.mentions = append(r.mentions, slot{direction, false, s.pair, s.value}.mention())
			if who != "" || !s.deed && part.title {
				add(direction, strings.TrimSpace(s.pair+" "+who), s.value)
			}
		})
	}
	r.mention(title, body)
}

// mention collects what an article names and says, wherever it does.
func (r *digest) mention(title, body []lexeme) {
	for _, ws := range [][]lexeme{title, body} {
		for i, w := range ws {
			if !w.name && !(w.first && w.capital) {
				continue
			}
			r.mentions = append(r.mentions, hash(w.low))
			if i > 0 && ws[i-1].name {
				r.mentions = append(r.mentions, hash(ws[i-1].low, w.low))
			}
		}
		ordinals(ws, func(head, value string) { r.mentions = append(r.mentions, slot{ordinal, false, head, value}.mention()) })
	}
	for _, s := range r.slots {
		r.mentions = append(r.mentions, s.mention())
	}
	slices.Sort(r.mentions)
	r.mentions = slices.Compact(r.mentions)
}

// mention is the hash an article has among its mentions that says so much as
// the value of s anywhere.
func (s slot) mention() uint32 {
	if s.soft() || s.kind == opponent {
		return hash(s.value)
	}
	head := s.head
	if s.kind == direction {
		head, _, _ = strings.Cut(head, " ")
	}
	return hash(string('0'+rune(s.kind)), head, s.value)
}

func hash(parts ...string) uint32 {
	h := fnv.New32a()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return h.Sum32()
}

// ordinalWords are the ordinals written out, from first.
var ordinalWords = strings.Fields(`first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
	thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth`)

// numberWords are the numbers written out, from one.
var numberWords = strings.Fields(`one two three four five six seven eight nine ten eleven twelve thirteen fourteen
	fifteen sixteen seventeen eighteen nineteen twenty`)

// numbered are the nouns whose number comes behind: round 3, phase two.
var numbered = text.Set(`round phase part stage season series episode chapter game day match week heat tranche package act lot
	flight reactor terminal runway unit block pier line route district ward zone sector division group level category no number`)

// loose are the nouns before which an ordinal tells no event from another: the
// first time, the second half.
var loose = text.Set(`time times day days half person place look step week month months year years degree lady minister world hand people class
	one thing things quarter since anniversary child son daughter`)

// ordinals calls fn with what is numbered, and its number.
func ordinals(ws []lexeme, fn func(head, value string)) {
	for i := 0; i < len(ws); i++ {
		value, next := ordinalAt(ws, i)
		if value == "" {
			if numbered[ws[i].low] && i+1 < len(ws) {
				if n := cardinalAt(ws, i+1); n != "" {
					fn(ws[i].stem, n)
				}
			}
			continue
		}
		for heads := 0; heads < 3 && next < len(ws); next++ {
			w := ws[next]
			if w.raw == "-" {
				continue
			}
			if w.stem == "" || w.kind != text.Word || loose[w.low] {
				break
			}
			fn(w.stem, value)
			heads++
		}
	}
}

// ordinalAt reads an ordinal at ws[i], and where what follows it begins.
func ordinalAt(ws []lexeme, i int) (value string, next int) {
	w := ws[i]
	switch {
	case w.kind == text.Word:
		if n := slices.Index(ordinalWords, w.low); n >= 0 {
			return strconv.Itoa(n + 1), i + 1
		}
	case w.kind == text.Number && i+1 < len(ws) && ws[i+1].at == w.at+len(w.raw):
		if slices.Contains([]string{"st", "nd", "rd", "th"}, ws[i+1].low) {
			return w.low, i + 2
		}
	}
	return "", 0
}

func cardinalAt(ws []lexeme, i int) string {
	if ws[i].kind == text.Number && len(ws[i].low) < 4 { // not a year
		return ws[i].low
	}
	if n := slices.Index(numberWords, ws[i].low); n >= 0 {
		return strconv.Itoa(n + 1)
	}
	return ""
}

// nameFrom returns the last word of the name that begins at ws[i], "" where none
// does.
func nameFrom(ws []lexeme, i int) (last string) {
	for ; i < len(ws) && ws[i].name && !calendar[ws[i].low]; i++ {
		last = ws[i].low
	}
	return last
}

// calendar words are capitalised and name nobody.
var calendar = text.Set(`monday tuesday wednesday thursday friday saturday sunday january february march april may june july
	august september october november december christmas easter`)

var (
	// placeWords stand before a place.
	placeWords = text.Set(`in near off outside hits hit strikes struck rocks rocked shakes shook jolts jolted batters devastates devastated`)
	// contest verbs stand between two that meet, or before the second of them.
	contest = text.Set(`beat beats beating defeat defeats defeated down downs downed edge edges edged thrash thrashes thrashed rout
		routs routed stun stuns stunned overcome overcomes overcame outplay outplays outplayed sink sinks sank hammer
		hammers hammered crush crushes crushed v vs versus against oust ousts ousted eliminate eliminates eliminated
		topple topples toppled dispatch dispatches dispatched`)
	// contestTo are verbs and nouns of a contest that take a preposition.
	contestTo = text.Set(`lose loses lost losing fall falls fell draw draws drew win wins won victory loss defeat draw triumph bow bows`)
	toward    = text.Set(`to over against with by`)
)

// places calls fn with the last word of each name a place word stands before.
func places(ws []lexeme, fn func(value string)) {
	for i, w := range ws {
		if !placeWords[w.low] {
			continue
		}
		j := i + 1
		for j < len(ws) && (ws[j].low == "the" || compass[ws[j].low] && !ws[j].name) {
			j++
		}
		if last := nameFrom(ws, j); last != "" {
			fn(last)
		}
	}
}

// owners calls fn with what belongs to a name, and the last word of that:
// Orland's central bank, the Bank of Orland.
func owners(ws []lexeme, fn func(head, value string)) {
	for i, w := range ws {
		if w.stem == "" || w.kind != text.Word {
			continue
		}
		if i+2 < len(ws) && ws[i+1].low == "of" {
			if last := nameFrom(ws, i+2); last != "" {
				fn(w.stem, last)
			}
		}
		if !w.name || w.bare() == w.raw {
			continue
		}
		for j := i + 1; j < len(ws) && j <= i+3 && ws[j].stem != ""; j++ {
			fn(ws[j].stem, w.low)
		}
	}
}

var compass = text.Set(`northern southern eastern western central north south east west`)

// opponents calls fn with two who meet: Harwick beat Tolland.
func opponents(ws []lexeme, fn func(a, b string)) {
	for i, w := range ws {
		j := i + 1
		switch {
		case contest[w.low]:
		case contestTo[w.low] && j < len(ws) && toward[ws[j].low]:
			j++
		case contestTo[w.low] && j+1 < len(ws) && toward[ws[j+1].low]:
			j += 2
		default:
			continue
		}
		if j < len(ws) && (toward[ws[j].low] || ws[j].low == "past") {
			j++
		}
		b := nameFrom(ws, j)
		if b == "" {
			continue
		}
		for k := i - 1; k >= 0 && k >= i-4; k-- {
			if w := ws[k]; (w.name || w.first && w.capital && w.stem != "") && !calendar[w.low] {
				fn(ws[k].low, b)
				break
			}
		}
	}
}

// Opposites are the directions an event can take: a line is one pair, its two
// sides apart by "/". Things stand for themselves; deeds go with who or what
// does them.
const (
	oppositeThings = `import/export
		inflow/outflow
		north/south
		east/west
		northern/southern
		eastern/western
		surplus/deficit
		supply/demand
		men/women
		boys/girls
		upper/lower
		inbound/outbound
		immigration/emigration
		departures/arrivals`
	oppositeDeeds = `rise climb gain jump surge soar rally grow rebound advance/fall drop slip slide sink tumble plunge decline shrink retreat dip
		win/lose
		recapture retake regain seize capture/lose surrender abandon
		raise hike lift increase/cut lower reduce slash
		approve adopt accept agree/reject oppose refuse block veto
		open reopen/close shut
		hire appoint/fire sack dismiss
		buy acquire/sell
		launch begin start/halt suspend cancel scrap
		enter join/leave quit exit
		widen/narrow
		acquit/convict
		tighten/ease loosen`
)

// pole is one side of a pair of opposites.
type pole struct {
	pair  string
	value string
	deed  bool
}

// sides maps a stem to the sides it can stand for.
var sides = func() map[string][]pole {
	m := map[string][]pole{}
	for i, lines := range []string{oppositeThings, oppositeDeeds} {
		for line := range strings.Lines(lines) {
			a, b, _ := strings.Cut(strings.TrimSpace(line), "/")
			pair := text.Stem(strings.Fields(a)[0]) + "/" + text.Stem(strings.Fields(b)[0])
			for value, words := range []string{a, b} {
				for _, w := range strings.Fields(words) {
					m[text.Stem(w)] = append(m[text.Stem(w)], pole{pair, strings.Split(pair, "/")[value], i == 1})
				}
			}
		}
	}
	return m
}()

// past maps irregular forms to their verbs.
var past = map[string]string{
	"rose": "rise", "risen": "rise", "fell": "fall", "fallen": "fall", "grew": "grow", "sank": "sink", "slid": "slide", "shrank": "shrink",
	"won": "win", "lost": "lose", "loses": "lose", "losing": "lose", "retook": "retake", "retaken": "retake",
	"began": "begin", "left": "leave", "bought": "buy", "sold": "sell",
}

// directions calls fn with each word that stands for one side of a pair of
// opposites, and the word before it, of who or what goes that way.
func directions(ws []lexeme, fn func(s pole, who string)) {
	for i, w := range ws {
		stem := w.stem
		if verb, ok := past[w.low]; ok {
			stem = text.Stem(verb)
		}
		for _, s := range sides[stem] {
			who := ""
			if s.deed {
				who = subject(ws, i)
			}
			fn(s, who)
		}
	}
}

// subject is the stem of the nearest word before ws[i] in the clause that is no
// stop word.
func subject(ws []lexeme, i int) string {
	for j := i - 1; j >= 0 && (ws[j].kind != text.Mark || ws[j].raw == "-"); j-- {
		if ws[j].stem != "" {
			return ws[j].stem
		}
	}
	return ""
}

// clash is a slot that two articles fill with different values.
type clash struct {
	a, b   slot
	factor float32 // what it leaves of the nearness
}

const (
	titleClash = 0.15 // two titles contradict each other
	leadClash  = 0.4  // a title or first paragraph contradicts another, or two places or owners do
)

// clashes compares the slots of two articles. A slot clashes where no value is
// the same and at least one of them knows nothing of the other's: the report on
// the thirteenth package names the twelfth, but not the other way round. Of
// places neither may know: the one may be inside the other. Titles that name two
// numbers or two opponents clash whatever the texts know. A slot with the same
// value is in the list too, with the factor 1.
func clashes(a, b *entry) (out []clash) {
	for i, s := range a.slots {
		if slices.ContainsFunc(a.slots[:i], s.like) {
			continue
		}
		x, y := prominent(a.slots, s), prominent(b.slots, s)
		if len(y) == 0 {
			continue
		}
		if common(x, y) {
			out = append(out, clash{x[0], y[0], 1})
			continue
		}
		titles := x[0].title && y[0].title
		aKnows, bKnows := knows(a, y), knows(b, x)
		apart := !aKnows || !bKnows
		switch s.kind {
		case place, owner:
			apart = !aKnows && !bKnows
		case ordinal:
			apart = apart || titles
		case opponent:
			apart = apart || titles && !oneName(a, b, x[0].value, y[0].value)
		}
		if !apart {
			continue
		}
		c := clash{x[0], y[0], leadClash}
		if titles && !s.soft() {
			c.factor = titleClash
		}
		out = append(out, c)
	}
	return out
}

// oneName reports whether two words are of one name in either article: the
// Cleveland Indians.
func oneName(a, b *entry, x, y string) bool {
	return slices.ContainsFunc([]uint32{hash(x, y), hash(y, x)}, func(h uint32) bool { return a.says(h) || b.says(h) })
}

// says reports whether the hash is among the mentions of e.
func (e *entry) says(h uint32) bool {
	_, ok := slices.BinarySearch(e.mentions, h)
	return ok
}

// soft reports whether two accounts of one event can differ in a slot.
func (s slot) soft() bool { return s.kind == place || s.kind == owner }

func (s slot) like(t slot) bool { return s.kind == t.kind && s.head == t.head }

// prominent are the slots like s that stand in the title, or else all.
func prominent(slots []slot, s slot) []slot {
	var out []slot
	for _, t := range slots { // those of the title come first
		if t.like(s) && (t.title || len(out) == 0 || !out[0].title) {
			out = append(out, t)
		}
	}
	return out
}

func common(a, b []slot) bool {
	return slices.ContainsFunc(a, func(s slot) bool {
		return slices.ContainsFunc(b, func(t slot) bool { return s.value == t.value })
	})
}

// knows reports whether e mentions one of the values.
func knows(e *entry, values []slot) bool {
	return slices.ContainsFunc(values, func(s slot) bool { return e.says(s.mention()) })
}

// String says what clashes, for people: "package 12 / package 13".
func (c clash) String() string { return c.a.String() + " / " + c.b.String() }

func (s slot) String() string {
	switch s.kind {
	case ordinal:
		return s.head + " " + s.value
	case owner:
		return s.head + " of " + s.value
	case opponent:
		return s.head + " and " + s.value
	case direction:
		_, who, _ := strings.Cut(s.head, " ")
		return strings.TrimSpace(who + " " + s.value)
	}
	return s.value
}
