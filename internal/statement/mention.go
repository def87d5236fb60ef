package statement

import (
	"strings"

	"crosscheck/internal/text"
)

// parse takes a mention apart: "Its founder, Lesia Kovalchuk, a retired teacher"
// names Lesia Kovalchuk; "the agency, citing X" is the agency.
func (c *cast) parse(r text.Range, unit int) mention {
	shown := c.clip(r)
	r = c.antecedent(shown, unit)
	m := c.parsePhrase(r)
	if r.Start != shown.Start {
		m.shown = shown // "who"
	}
	return m
}

func (c *cast) parsePhrase(r text.Range) mention {
	p := c.p
	segs := p.segments(r)
	m := mention{shown: r, core: segs[0]}
	if p.joinedNames(segs[0]) {
		m.shown = segs[0]
		return m
	}
	if name := c.nameIn(segs[0]); name.Len() > 0 {
		m.name, m.shown = name, segs[0]
		return m
	}
	if one := p.oneOf(segs[0]); one.Len() > 0 {
		m.core, m.shown = one, one
		return m
	}
	for _, s := range segs[1:] {
		if name := c.nameIn(s); name.Len() > 0 && (name.Start <= s.Start+2 || name.End == s.End) && p.apposed(segs[0], s) {
			m.name, m.shown.End = name, name.End
			return m
		}
	}
	m.shown = segs[0]
	if name := c.nameBehind(segs[0]); name.Len() > 0 {
		m.name, m.shown.End = name, name.End
	} else if name := c.nameBefore(segs[0]); name.Len() > 0 {
		m.name, m.shown.Start = name, name.Start
	}
	return m
}

// oneOf is the apposition that says who "one of them" is: "One of the survivors, |
// a pharmacist".
func (p *page) oneOf(first text.Range) text.Range {
	if p.low[first.Start] != "one" || first.Len() < 2 || p.low[first.Start+1] != "of" {
		return text.Range{}
	}
	i := first.End
	if i+2 >= len(p.low) || p.low[i] != "," || p.low[i+1] != "a" && p.low[i+1] != "an" && p.low[i+1] != "the" {
		return text.Range{}
	}
	end := i + 2
	for end < min(i+12, len(p.low)) && (p.Tokens[end].Kind != text.Mark || p.low[end] == "-" || p.low[end] == "’") && p.low[end] != "who" && p.low[end] != "that" && !p.isCue[end] {
		end++
	}
	return text.Range{Start: i + 1, End: end}
}

// nameBefore is the name that a mention is the apposition of: "| Oda Remmel, the
// union’s envoy, said".
func (c *cast) nameBefore(r text.Range) text.Range {
	p := c.p
	i := r.Start - 1
	head, _ := p.head(r)
	if i < 2 || p.low[i] != "," || !roleNouns[head] || pluralNoun(head) || r.End < len(p.low) && p.low[r.End] != "," {
		return text.Range{}
	}
	if p.Tokens[i-1].Kind == text.Number && p.low[i-2] == "," {
		i -= 2 // the age
	}
	start := i
	for start > 0 && i-start < 5 && (upper(p.Token(start-1)) || p.low[start-1] == "-" || particles[p.low[start-1]]) && !p.opens[start] {
		start--
	}
	if i-start < 2 || start > 0 && !p.opens[start] && !p.subject(start) {
		return text.Range{}
	}
	return c.nameIn(text.Range{Start: start, End: i})
}

// joinedNames reports whether a phrase is two names, "Levonia and Torgan", or a
// name with a number in it, "Frente Armado 14 de Mayo".
func (p *page) joinedNames(r text.Range) bool {
	i := r.Start
	if p.low[i] == "the" {
		i++
	}
	if i >= r.End || !upper(p.Token(i)) || !upper(p.Token(r.End-1)) || possessive(p.low[r.End-1]) {
		return false
	}
	end := p.nameRun(i)
	if end >= r.End-1 || p.low[end] != "and" && p.Tokens[end].Kind != text.Number || orgNouns[p.low[r.End-1]] {
		return false
	}
	for j := end + 1; j < r.End; j++ {
		if !upper(p.Token(j)) && !particles[p.low[j]] && p.Tokens[j].Kind == text.Word {
			return false
		}
	}
	return true
}

// clip cuts off what does not belong to a mention: a preposition or dateline
// before it, a day or a place behind it.
func (c *cast) clip(r text.Range) text.Range {
	p := c.p
	for i := r.Start; i+3 < r.End && i < r.Start+2; i++ {
		if p.low[i+1] == "-" && (p.low[i+2] == "based" || p.low[i+2] == "backed" || p.low[i+2] == "linked" || p.low[i+2] == "run" || p.low[i+2] == "led") && upper(p.Token(i+3)) {
			r.Start = i + 3 // "the Warsaw-based | Centre for Eastern Studies"
			break
		}
	}
	if i := r.Start; i+4 < r.End && determiners[p.low[i]] && !upper(p.Token(i+1)) && p.low[i+2] == "-" && upper(p.Token(i+4)) {
		r.Start = i + 4 // "the state-run | Oschad bank"
	}
	if r.End+2 < len(p.low) && p.low[r.End] == "-" && (p.low[r.End+1] == "based" || p.low[r.End+1] == "backed") && upper(p.Token(r.End+2)) {
		return text.Range{Start: r.End + 2, End: p.bodyRun(r.End+2, p.nameRun(r.End+2))}
	}
	for r.Len() > 1 && (p.low[r.Start] == "by" || p.low[r.Start] == "to" || p.low[r.Start] == "from" || p.low[r.Start] == "as" || p.low[r.Start] == "and" || p.low[r.Start] == "but") {
		r.Start++
	}
	for i := r.Start + 1; i+1 < r.End; i++ {
		w := p.low[i]
		if w == "," || w == "who" || w == "which" || w == "that" {
			break
		}
		if (w == "-" || w == "–" || w == "—") && p.Tokens[i].Start > p.Tokens[i-1].End {
			r.Start = i + 1
		}
		if (w == "the" || w == "a") && p.Tokens[i-1].Kind == text.Word && !prepositions[p.low[i-1]] && p.low[i-1] != "and" && p.low[i-1] != "or" && !determiners[p.low[i-1]] && !p.isCue[i-1] && i-1 > r.Start {
			r.Start = i // "in a post on Telegram the headquarters"
		}
	}
	if r.Len() > 2 && p.opens[r.Start] && strings.HasSuffix(p.low[r.Start], "ing") && possessive(p.low[r.Start+1]) {
		r.Start++ // "Neighbouring Algeria’s foreign ministry"
	}
	for r.Len() > 2 {
		last := p.low[r.End-1]
		before := p.low[r.End-2]
		switch {
		case isDay(last) && (before == "on" || before == "last"):
			r.End -= 2
		case last == "itself" || last == "himself" || last == "herself" || last == "themselves", isDay(last) || adverb(last) && !upper(p.Token(r.End-1)):
			r.End--
		default:
			return r
		}
	}
	return r
}

// antecedent turns a relative pronoun into the phrase before it.
func (c *cast) antecedent(r text.Range, unit int) text.Range {
	p := c.p
	if w := p.low[r.Start]; r.Start == 0 || w != "who" && w != "which" && w != "that" && w != "whose" {
		return r
	}
	if p.low[r.Start] == "whose" && r.Len() > 1 {
		return text.Range{Start: r.Start + 1, End: r.End}
	}
	u := &p.units[unit]
	k := 0
	for k < len(u.items) && u.items[k].Start < r.Start {
		k++
	}
	for k--; k >= 0 && !p.isWord(u, k); k-- {
	}
	if k < 0 {
		return r
	}
	if s := p.nounPhraseBefore(u, 0, k); s <= k {
		return u.tokens(s, k+1)
	}
	return r
}

// segments cuts a mention at commas, brackets, dashes and relative clauses.
func (p *page) segments(r text.Range) []text.Range {
	var out []text.Range
	start := r.Start
	add := func(end int) {
		if end > start {
			out = append(out, text.Range{Start: start, End: end})
		}
	}
	for i := r.Start; i < r.End; i++ {
		w := p.low[i]
		spaced := i > 0 && p.Tokens[i].Start > p.Tokens[i-1].End
		switch {
		case w == "," || w == "(" || w == ")" || w == ";" || w == ":" || (w == "—" || w == "–") && spaced:
			add(i)
			start = i + 1
		case i > r.Start && (w == "who" || w == "which" || w == "whose" || w == "speaking" || w == "citing" || w == "quoting"):
			add(i)
			start = i + 1
		}
	}
	add(r.End)
	if len(out) == 0 {
		return []text.Range{r}
	}
	return out
}

// apposed reports whether a phrase can be what a name behind a comma is: "its
// founder", "the dam’s owner", but not "Monday".
func (p *page) apposed(first, second text.Range) bool {
	if upper(p.Token(first.Start)) && !determiners[p.low[first.Start]] && !possessive(p.low[first.Start]) && !roleNouns[p.low[first.Start]] && p.nameRun(first.Start) >= first.End {
		return false
	}
	return !determiners[p.low[second.Start]] || p.low[second.Start] == "the"
}

// nameBehind is the name set behind a role by a comma, where the mention stops
// before it: "The head of the service, | Oda Remmel,".
func (c *cast) nameBehind(r text.Range) text.Range {
	p := c.p
	if r.End+3 < len(p.low) && p.low[r.End] == "(" && p.low[r.End+2] == ")" {
		r.End += 3
	}
	if r.End+1 >= len(p.low) || p.low[r.End] != "," {
		return c.selfNamed(r)
	}
	if name := c.selfNamed(r); name.Len() > 0 {
		return name
	}
	head, _ := p.head(r)
	if !roleNouns[head] && !orgNouns[head] {
		return text.Range{}
	}
	i := r.End + 1
	end := i
	for end < len(p.low) && end < i+10 && p.low[end] != "," && !p.isCue[end] && !p.opens[end] && (p.Tokens[end].Kind == text.Word || p.low[end] == "-" || p.low[end] == ".") {
		end++
	}
	if end >= len(p.low) || p.low[end] != "," && !p.isCue[end] || isDay(p.low[i]) {
		return text.Range{}
	}
	name := c.nameIn(text.Range{Start: i, End: end})
	if name.Len() > 0 && name.End < end {
		return text.Range{}
	}
	return name
}

// selfNamed is the name that someone gives himself: "a spokesman, who identified
// himself only as | Abu Tariq", "a group calling itself | BlackHeron".
func (c *cast) selfNamed(r text.Range) text.Range {
	p := c.p
	for i := r.Start + 1; i+2 < min(len(p.low), r.End+18) && !p.opens[i]; i++ {
		switch p.low[i] {
		case "himself", "herself", "itself", "themselves":
		case "sign":
			if p.low[i-1] != "call" {
				continue
			}
		case "name":
			if p.low[i+1] != "as" && p.low[i+1] != "only" && !(p.low[i+1] == "," && p.low[i-1] == "first") {
				continue
			}
		default:
			continue
		}
		for j := i + 1; j < min(i+5, len(p.low)); j++ {
			if w := p.low[j]; w == "only" || w == "as" || w == "simply" || w == "the" || w == "," {
				continue
			}
			if !upper(p.Token(j)) {
				break
			}
			return text.Range{Start: j, End: p.nameRun(j)}
		}
	}
	return text.Range{}
}

// nameIn finds the proper name a segment ends with, or that "of" or the like
// goes on from: "foreign minister | Ann Bell", "| Ann Bell of the Institute".
func (c *cast) nameIn(r text.Range) text.Range {
	p := c.p
	for i := r.Start; i < r.End; i++ {
		if i > r.Start && prepositions[p.low[i]] {
			if k := i + 2; p.low[i] == "to" && k+1 < r.End && places[p.low[i+1]] && p.nameRun(i+1) == r.End {
				return text.Range{Start: k, End: r.End}
			}
			return text.Range{}
		}
		if p.Tokens[i].Kind != text.Word || !upper(p.Token(i)) || determiners[p.low[i]] && i == r.Start {
			continue
		}
		end := min(p.nameRun(i), r.End)
		k := p.behindLabels(p.afterTitles(i, end), end)
		if orgNouns[p.low[end-1]] && !roleNouns[p.low[end-1]] {
			k = i // "Defence Ministry" has no title
		}
		if k == i && p.nounIn(k, end) && i > r.Start && possessive(p.low[i-1]) && upper(p.Token(i-1)) {
			k-- // "Russia’s | Defence Ministry"
		}
		if k < end && (end == r.End || end > k && c.goesOn(k, end, r.End)) && !possessive(p.low[end-1]) {
			return text.Range{Start: k, End: end}
		}
		i = max(i, end-1)
	}
	return text.Range{}
}

// goesOn reports whether a name is followed by where it belongs: "Marcus Oduya
// of Fieldglass".
func (c *cast) goesOn(k, end, stop int) bool {
	w := c.p.low[end]
	if w != "of" && w != "from" && w != "at" && w != "with" && w != "in" && w != "on" {
		return false
	}
	folded := c.personWords(k, end)
	return folded != nil && (len(folded) > 1 || c.known(folded) != nil)
}

// head is the noun a mention is about: the last word before a preposition.
func (p *page) head(r text.Range) (string, int) {
	at := r.Start
	for i := r.Start; i < r.End; i++ {
		w := p.low[i]
		if i > r.Start && (prepositions[w] || postposed[w] || w == "," || w == "who" || i+1 < len(p.low) && p.participle(i)) {
			break
		}
		if p.Tokens[i].Kind == text.Word {
			at = i
		}
	}
	if at > r.Start+1 && p.low[at] == "elect" {
		return p.low[at-2], at // "the president-elect"
	}
	return strings.TrimSuffix(p.low[at], "'s"), at
}

// postposed are adjectives that stand behind the noun they describe: "officials
// familiar with the matter".
var postposed = wordSet("familiar close aware present involved able privy")

// participle reports whether token i says what was done to the noun before it:
// "a report | published on Wednesday by", "a document | seen by".
func (p *page) participle(i int) bool {
	w := p.low[i]
	switch w {
	case "seen", "drawn", "written", "sent", "known", "made", "given":
		return prepositions[p.low[i+1]]
	}
	if next := p.low[i+1]; !prepositions[next] && !isDay(next) && next != "last" && next != "this" && next != "earlier" && next != "yesterday" {
		return false
	}
	return strings.HasSuffix(w, "ed")
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
	name := strings.Join(strings.Fields(p.Text[p.Tokens[i].Start:p.Tokens[r.End-1].End]), " ")
	return strings.TrimSuffix(strings.TrimSuffix(name, "’s"), "'s")
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

func pluralNoun(w string) bool {
	return strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") || w == "people" || strings.HasSuffix(w, "men") && w != "women" || w == "some" || w == "many"
}
