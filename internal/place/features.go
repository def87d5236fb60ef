package place

import (
	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

// feature is something that speaks for or against a candidate.
type feature uint8

const (
	always feature = iota
	locSame
	locWithin
	locCross
	orgSame
	orgWithin
	orgCross
	perSame
	perWithin
	perCross
	otherName
	noName
	afterPreposition
	qualified
	qualifier
	afterCapital
	beforeCapital
	isCountry
	isAdmin1
	isAdmin2
	isWide
	onlyVariant
	renowned
	manyWords
	atStart
	inCapitals
	afterTitle
	afterThe
	beforeSpeech
	smallElsewhere
	notProper
	personElsewhere
	placeElsewhere
	beforeHyphen
	afterHyphen
	orgStart
	afterOf
	besidePerson
	tiny
	famous
	numFeatures
)

type features [numFeatures]float64

var prepositions = wordSet(`in at near from to into across through toward towards around outside inside throughout via within between off onto
	leaving left reached entering entered against for over beyond surrounding`)

var preposed = wordSet(`north south east west northern southern eastern western northeast northwest southeast southwest northeastern northwestern southeastern southwestern
	central downtown upstate nearby rural city town village port suburb outskirts province region state county capital district`)

var titles = wordSet(`mr mrs ms miss dr prof sir lord lady gen lt col sgt maj capt cpl rev sen rep gov president minister chancellor senator
	governor mayor judge justice general colonel major captain sergeant officer deputy coach king queen prince princess pope sheriff detective attorney`)

var speech = wordSet(`said says say saying told tells tell denied denies deny accused accuses accuse warned warns warn announced announces insisted insists
	claimed claims claim called calls demanded demands urged urges rejected rejects wants wanted agreed agrees condemned condemns vowed vows pledged pledges
	responded replied confirmed confirms declined refused refuses signed backed backs considers sees sought seeks expressed proposed has had will would must should can could may might`)

// features reads what speaks for and against a candidate.
func (p *page) features(c *candidate, seen *survey) features {
	var f features
	set := func(k feature, on bool) {
		if on {
			f[k] = 1
		}
	}
	f[always] = 1
	f[locSame], f[locWithin], f[locCross] = p.flags(c, tag.Location)
	f[orgSame], f[orgWithin], f[orgCross] = p.flags(c, tag.Organisation)
	f[perSame], f[perWithin], f[perCross] = p.flags(c, tag.Person)
	none, other := true, false
	for i := c.Start; i < c.End; i++ {
		switch p.nameType(i) {
		case 0:
		case tag.People, tag.Date, tag.Unit, tag.Equipment, tag.Quantity:
			other, none = true, false
		default:
			none = false
		}
	}
	set(otherName, other)
	set(noName, none)
	set(afterPreposition, p.afterPreposition(c.Start))
	set(qualified, p.qualified(c))
	set(qualifier, p.word(c.Start-1) == "," && p.capital(c.Start-2))
	set(afterCapital, p.capital(c.Start-1) && !(p.start[c.Start-1] && p.nameType(c.Start-1) == 0) || p.word(c.Start-1) == "." && p.capital(c.Start-2) && !p.start[c.Start])
	set(beforeCapital, p.capital(c.End) && !p.start[c.End])
	best := meaning{}
	top := -1.0
	variantOnly := true
	for _, m := range c.means {
		if k := p.g.known(m); k > top {
			best, top = m, k
		}
		variantOnly = variantOnly && m.rank == variant
	}
	if len(c.means) > 0 {
		switch p.g.kind[best.entry] {
		case Country:
			f[isCountry] = 1
		case Admin1:
			f[isAdmin1] = 1
		case Admin2:
			f[isAdmin2] = 1
		case Region, Sea:
			f[isWide] = 1
		}
		f[renowned] = top / 10
	}
	set(onlyVariant, variantOnly)
	words := 0
	for i := c.Start; i < c.End; i++ {
		if p.Tokens[i].Kind == text.Word {
			words++
		}
	}
	set(manyWords, words > 1)
	set(atStart, p.start[c.Start])
	set(inCapitals, p.upper(c.Start))
	before := c.Start - 1
	if p.word(before) == "." {
		before--
	}
	set(afterTitle, titles[p.word(before)] && p.capital(before))
	set(afterThe, p.word(c.Start-1) == "the")
	set(beforeSpeech, speech[p.word(c.End)])
	set(smallElsewhere, words == 1 && seen.small[p.word(c.Start)])
	proper := false
	for i := c.Start; i < c.End; i++ {
		proper = proper || p.pos[i] == tag.NNP || p.pos[i] == tag.NNPS
	}
	set(notProper, !proper)
	set(personElsewhere, words == 1 && seen.person[p.word(c.Start)] > 0)
	set(placeElsewhere, seen.place[c.folded] > 0)
	set(beforeHyphen, p.word(c.End) == "-" && p.touches(c.End-1))
	set(afterHyphen, p.word(c.Start-1) == "-" && p.touches(c.Start-1))
	set(orgStart, f[orgWithin] == 1 && p.names[p.at[c.Start]].Start == c.Start)
	set(afterOf, p.word(c.Start-1) == "of")
	set(besidePerson, p.nameType(c.Start-1) == tag.Person || p.nameType(c.End) == tag.Person)
	set(tiny, top < 3.5)
	set(famous, top > 6)
	return f
}

func (p *page) flags(c *candidate, t tag.Type) (same, within, crosses float64) {
	s, w, x := p.overlap(c, t)
	n := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	return n(s), n(w), n(x)
}

// afterPreposition reports whether what stands before token i says that a place
// follows: "in", "in the", "in southern", "outside of".
func (p *page) afterPreposition(i int) bool {
	i--
	for n := 0; n < 3; n++ {
		w := p.word(i)
		switch {
		case prepositions[w]:
			return true
		case w == "of" && (preposed[p.word(i-1)] || p.word(i-1) == "outside"):
			return true
		case w == "the" || preposed[w]:
			i--
		default:
			return false
		}
	}
	return false
}

// qualified reports whether a comma and the name of a larger region follow:
// ", Texas", ", Ill.", ", Ukraine".
func (p *page) qualified(c *candidate) bool {
	return len(p.qualifiers(c)) > 0
}

// qualifiers returns the countries and regions that follow a comma, or stand in
// brackets, after a candidate.
func (p *page) qualifiers(c *candidate) []meaning {
	if w := p.word(c.End); w != "," && w != "(" {
		return nil
	}
	i := c.End + 1
	if !p.capital(i) {
		return nil
	}
	for end := min(i+longest, len(p.Tokens)); end > i; end-- {
		ok := true
		for k := i + 1; k < end && ok; k++ {
			ok = p.joins(i, k)
		}
		if !ok {
			continue
		}
		q, ok := p.candidate(text.Range{Start: i, End: end})
		if !ok {
			continue
		}
		var out []meaning
		for _, m := range q.means {
			if k := p.g.kind[m.entry]; k == Country || k == Admin1 {
				out = append(out, m)
			}
		}
		return out
	}
	return nil
}

// survey is what the text as a whole says of its words.
type survey struct {
	small  map[string]bool // words that stand in small letters
	person map[string]int  // words that end the names of people, of two words or more
	place  map[string]int  // folded names found after a locative preposition or before a state
}

func (p *page) survey(cands []candidate) *survey {
	s := &survey{map[string]bool{}, map[string]int{}, map[string]int{}}
	for i := range p.Tokens {
		if p.Tokens[i].Kind == text.Word && !p.capital(i) {
			s.small[p.low[i]] = true
		}
	}
	for _, n := range p.names {
		if n.Type == tag.Person && n.Len() > 1 {
			s.person[p.low[n.End-1]]++
		}
	}
	for k := range cands {
		if c := &cands[k]; p.afterPreposition(c.Start) && !p.capital(c.Start-1) || p.qualified(c) {
			s.place[c.folded]++
		}
	}
	return s
}
