package statement

import (
	"strings"

	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

// misplaced reports whether a source cannot be the subject of its cue: it stands
// in another sentence, belongs to "according to", or is what a preposition right
// before it governs: "Five residents reached by | telephone | described".
func (p *page) misplaced(pr *proposal) bool {
	s := pr.source
	switch {
	case s.Len() == 0 || pr.lemma == "according" || p.quoted[pr.cue.Start] >= 0:
		return false
	case p.unitOf(s.Start) != pr.unit:
		return true
	case s.Start > 1 && p.low[s.Start-1] == "to" && p.low[s.Start-2] == "according":
		return true
	}
	if s.Start > 0 && p.low[s.Start-1] == "because" {
		return p.adjoins(s, pr.cue)
	}
	return p.governed(s) && p.adjoins(s, pr.cue) && !strings.HasSuffix(p.low[pr.cue.Start], "ing")
}

// remote reports whether a preposition governs a source that stands away from
// its cue: "In | Hallin |, residents said".
func (p *page) remote(pr *proposal) bool {
	return pr.lemma != "according" && p.governed(pr.source) && pr.source.End <= pr.cue.Start && !p.adjoins(pr.source, pr.cue) &&
		!strings.HasSuffix(p.low[pr.cue.Start], "ing")
}

// behindCue reports whether a source is the first thing behind its cue.
func (pr *proposal) behindCue() bool { return pr.source.Len() > 0 && pr.source.Start == pr.cue.End }

// governed reports whether a preposition stands right before a range.
func (p *page) governed(r text.Range) bool {
	i := r.Start - 1
	if w := p.low[r.Start]; pronouns[w] && r.Len() == 1 {
		return false
	}
	if i > 0 && determiners[p.low[i]] {
		i-- // "the | two camps"
	}
	if i < 0 || upper(p.Token(i)) && !p.opens[i] {
		return false
	}
	switch w := p.low[i]; w {
	case "than", "like", "per", "as", "since", "before", "until":
		return false
	default:
		return prepositions[w]
	}
}

// adjoins reports whether nothing but adverbs and auxiliaries stand between a
// source and the cue behind it.
func (p *page) adjoins(r, cue text.Range) bool {
	if r.End > cue.Start {
		return false
	}
	for i := r.End; i < cue.Start; i++ {
		if w := p.low[i]; !adverb(w) && !auxiliaries[w] {
			return false
		}
	}
	return true
}

// beside reports whether a source stands right before or behind its cue.
func (p *page) beside(pr *proposal) bool {
	return p.adjoins(pr.source, pr.cue) && !p.governed(pr.source) || pr.behindCue()
}

// subjectBefore is the phrase that opens the clause in which a governed source
// stands, empty where none does: "| The joint declaration | issued after the
// talks calls for", "Mara Olm, | who | hours after the blast told".
func (p *page) subjectBefore(pr *proposal) text.Range {
	u := &p.units[pr.unit]
	k := 0
	for k < len(u.items) && u.items[k].End <= pr.source.Start {
		k++
	}
	a := k
	for a > 0 && k-a < 40 && !u.isQuote(a-1) {
		if w := p.folded(u, a-1); w == "," || w == ";" || w == ":" || w == "—" || w == "–" || w == "that" {
			break
		}
		a--
	}
	for a < k && (p.folded(u, a) == "and" || p.folded(u, a) == "but") {
		a++
	}
	w := p.folded(u, a)
	switch {
	case a == k:
		return text.Range{}
	case w == "who" || w == "which":
		return u.tokens(a, a+1)
	case prepositions[w] && a > 1 && p.folded(u, a-1) == ",": // ", for its part"
		end := a - 2
		if p.folded(u, end) == ")" {
			for end > 0 && p.folded(u, end) != "(" {
				end--
			}
			end--
		}
		if s := p.nounPhraseBefore(u, 0, end); end >= 0 && s <= end {
			return u.tokens(s, end+1)
		}
		return text.Range{}
	case prepositions[w]:
		return text.Range{}
	}
	end := p.nounPhraseAfter(u, a, k)
	if end == a || end >= k || !p.speaks(u.tokens(a, end)) {
		return text.Range{}
	}
	before := p.low[pr.source.Start-1] // "after" and "because" may open a clause of their own
	if next := p.folded(u, end); next == "who" || before != "because" && (strings.HasSuffix(next, "ed") || prepositions[next] && before != "after") {
		return u.tokens(a, end)
	}
	return text.Range{}
}

// speaks reports whether the noun of a phrase names someone who speaks.
func (p *page) speaks(r text.Range) bool {
	head, at := p.head(r)
	return roleNouns[head] || orgNouns[head] || documentNouns[head] || p.named[at] == tag.Person || p.named[at] == tag.Organisation
}

// placeSources gives the proposals whose source cannot be the subject of their
// cue the one that opens the clause, and those that shared it, too.
func (p *page) placeSources(props []proposal) {
	near := byUnit(props)
	for i := range props {
		pr := &props[i]
		if pr.cue.Len() == 0 || !p.misplaced(pr) || p.unitOf(pr.source.Start) != pr.unit || !p.adjoins(pr.source, pr.cue) {
			continue
		}
		old, place := pr.source, p.subjectBefore(pr)
		if place.Len() == 0 {
			continue
		}
		for _, k := range near[pr.unit] {
			if props[k].source == old {
				props[k].source, props[k].named = place, text.Range{}
			}
		}
	}
}
