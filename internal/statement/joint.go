package statement

import (
	"slices"
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// joint resolves a mention of two or more who speak together, each known by a
// name, to all of them: "Lithuania and the African Union", "the regional
// director, Oda Remmel, and the mayor, Ivo Brandt". It reports false for the
// name of one body that holds "and", and where one of them has no name.
func (c *cast) joint(pr *proposal) (turn, bool) {
	p := c.p
	r := p.listStart(pr.source)
	if t, ok := c.jointTakenUp(pr); ok {
		return t, true
	}
	r = p.lastPair(r)
	for i := r.Start + 1; i+1 < r.End; i++ {
		if p.low[i] != "and" && p.low[i] != "&" || p.quoted[i] >= 0 || p.insideBody(r.Start, i) {
			continue
		}
		left, right := text.Range{Start: r.Start, End: i}, text.Range{Start: i + 1, End: r.End}
		if left.Len() > 1 && p.low[i-1] == "," {
			left.End--
		}
		if p.low[i] == "&" || !c.holdsName(left) || !c.holdsName(right) {
			continue
		}
		all := append(c.listed(left), right)
		names := make([]string, 0, len(all))
		kind := model.SpeakerPerson
		for _, one := range all {
			t := c.part(one, pr)
			if t.who == nil {
				return turn{}, false
			}
			if !t.who.person() {
				kind = model.SpeakerOrganisation
			}
			names = append(names, t.name)
		}
		if len(names) == 2 && names[0] == names[1] {
			return turn{}, false
		}
		last := len(names) - 1
		pr.source = r
		return turn{speaker: speaker{name: strings.Join(names[:last], ", ") + " and " + names[last], kind: kind}, plural: true, joint: true}, true
	}
	return turn{}, false
}

// lastPair is the pair of names that an apposition gives two offices: "the
// ministers of Estonia and Finland, | Kadri Lepik and Aleksi Vuorela".
func (p *page) lastPair(r text.Range) text.Range {
	segs := p.segments(r)
	last := segs[len(segs)-1]
	if len(segs) > 1 && p.joinedNames(last) && slices.Contains(p.low[r.Start:last.Start], "and") {
		return last
	}
	return r
}

// part resolves one of those who speak together.
func (c *cast) part(r text.Range, pr *proposal) turn {
	w := c.p.low[r.Start]
	if r.Len() == 1 && (w == "he" || w == "she") {
		return c.pronoun(w, r.Start)
	}
	m := c.parse(r, pr.unit)
	return c.identify(&m, pr)
}

// listed cuts "Estonia, Latvia" at its commas where it is a list of names of
// one word; what else stands before "and" is one.
func (c *cast) listed(r text.Range) []text.Range {
	segs := c.p.segments(r)
	for _, s := range segs {
		if s.Len() != 1 || !upper(c.p.Token(s.Start)) {
			return []text.Range{r}
		}
	}
	return segs
}

// listStart goes back over the names of one word before a source that the
// network cut off: "Estonia, | Latvia and Lithuania".
func (p *page) listStart(r text.Range) text.Range {
	for r.Len() > 2 && r.Start > 1 && p.low[r.Start-1] == "," && placeName(p.low[r.Start-2]) && placeName(p.low[r.Start]) && !p.opens[r.Start] {
		r.Start -= 2
	}
	return r
}

// holdsName reports whether someone known by name, a country, or "he" or "she"
// stands in a range.
func (c *cast) holdsName(r text.Range) bool {
	if w := c.p.low[r.Start]; r.Len() == 1 && (w == "he" || w == "she") {
		return true
	}
	for i := r.Start; i < r.End; i++ {
		if w := strings.TrimSuffix(c.p.low[i], "'s"); places[w] && upper(c.p.Token(i)) && i+1 == r.End {
			return true
		}
	}
	n := c.before(r.Start)
	return n < len(c.seen) && c.seen[n].token < r.End
}

// insideBody reports whether the "and" at token i belongs to a name that starts
// behind token from: "the Ministry of Labour and Welfare".
func (p *page) insideBody(from, i int) bool {
	k := i
	for k > from && (upper(p.Token(k-1)) || p.low[k-1] == "of" || p.low[k-1] == "for" || p.low[k-1] == "the") {
		k--
	}
	for k < i && !upper(p.Token(k)) {
		k++
	}
	return k < i && p.bodyRun(k, p.nameRun(k)) > i
}

// jointTakenUp is those who spoke together whom "they", "both", "each" or "the
// two" takes up.
func (c *cast) jointTakenUp(pr *proposal) (turn, bool) {
	p := c.p
	words := p.low[pr.source.Start:pr.source.End]
	switch strings.Join(words, " ") {
	case "they", "both", "each", "the two", "the pair", "the two sides", "both sides", "both men", "both women", "the two men", "the two women":
	default:
		return turn{}, false
	}
	for i := len(c.last) - 1; i >= max(0, len(c.last)-4); i-- {
		t := c.last[i]
		if t.joint {
			return t, true
		}
		if words[0] == "they" && (t.plural || t.who != nil && !t.who.person()) {
			break
		}
	}
	return turn{}, false
}
