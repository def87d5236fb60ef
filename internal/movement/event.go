package movement

import (
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

// subject returns the tokens of the noun phrase before a group of verbs: who
// acts, or in the passive who is acted on.
func (p *page) subject(s text.Range, g group) text.Range {
	i := g.start - 1
	if i >= s.Start && (p.pos[i] == tag.WDT || p.pos[i] == tag.WP || p.low[i] == "that" || p.low[i] == "which" || p.low[i] == "who") {
		i-- // the phrase that a relative pronoun takes up
		if i >= s.Start && p.low[i] == "," {
			i--
		}
		if i-2 >= s.Start && p.pos[i] == tag.CD && p.low[i-1] == "," {
			i -= 2 // the age in "Ann Bell, 41, who left"
		}
	} else if i >= s.Start && p.low[i] == "," {
		// an inserted phrase: "The convoy, seen on Monday, left"
		for k := i - 1; k >= s.Start && k > i-14; k-- {
			if p.low[k] == "," {
				i = k - 1
				break
			}
		}
	}
	return p.phraseBefore(s, i+1)
}

// phraseBefore returns the noun phrase that ends before a token, with phrases
// that depend on it: "the bridge over the Dnieper".
func (p *page) phraseBefore(s text.Range, end int) text.Range {
	start := p.measured(s, p.plainBefore(s, end), end)
	for start < end && start-1 > s.Start && (p.pos[start-1] == tag.IN || p.low[start-1] == "of") {
		more := p.measured(s, p.plainBefore(s, start-1), start-1)
		if more >= start-1 {
			break
		}
		if p.low[start-1] != "of" && !attaches[p.low[start-1]] {
			break
		}
		start = more
	}
	// "the railway between Kyiv and Chernihiv"
	if start < end && start-2 > s.Start && p.low[start-1] == "and" {
		before := p.plainBefore(s, start-1)
		if before < start-1 && before-1 > s.Start && p.low[before-1] == "between" {
			if more := p.plainBefore(s, before-1); more < before-1 {
				start = more
			}
		}
	}
	// "Craig and April Low"
	if start < end && start-2 > s.Start && p.low[start-1] == "and" && p.pos[start] == tag.NNP && p.pos[start-2] == tag.NNP && p.place[start-2] == 0 {
		start = p.plainBefore(s, start-1)
	}
	for start < end && start > s.Start && p.low[start] == "-" {
		start-- // the word before a hyphen
	}
	return text.Range{Start: start, End: end}
}

// measured takes "more than", "at least" and "up to" before a number in.
func (p *page) measured(s text.Range, start, end int) int {
	if start < end && start > s.Start && p.low[start] == "least" && p.low[start-1] == "at" {
		return start - 1
	}
	if start == end || start-2 < s.Start || p.pos[start] != tag.CD {
		return start
	}
	switch p.low[start-2] + " " + p.low[start-1] {
	case "more than", "fewer than", "less than", "at least", "up to":
		return start - 2
	}
	return start
}

// attaches are prepositions whose phrase may belong to the noun before.
var attaches = wordSet("of over between with across along from to on near at in")

// plainBefore returns where the run of a noun phrase that ends before a token
// starts; end itself where none does.
func (p *page) plainBefore(s text.Range, end int) int {
	i, noun := end, false
	for k := end - 1; k >= s.Start; k-- {
		switch p.pos[k] {
		case tag.NN, tag.NNS, tag.NNP, tag.NNPS, tag.PRP, tag.CD, tag.FW:
			noun = true
		case tag.VBZ: // "Air defences", taken for a verb
			if k != end-1 || k == s.Start || haves[p.low[k]] || beings[p.low[k]] || !p.noun(k-1) && p.pos[k-1] != tag.JJ {
				return i
			}
			noun = true
		case tag.JJ, tag.JJR, tag.JJS, tag.VBN, tag.VBG, tag.GEN, tag.Hyphen:
			if p.pos[k] == tag.Hyphen && !(p.touches(k-1) && p.touches(k)) {
				return i // the dash after a dateline
			}
			if !noun && (k != s.Start || k != end-1 || p.pos[k] != tag.VBG) {
				if k != end-1 || k == s.Start || p.pos[k-1] != tag.DT {
					return end // but "Shelling" alone, and "the wounded"
				}
				noun = true
			}
		case tag.DT, tag.PRPS, tag.PDT:
			if !noun {
				return end
			}
			return k
		default:
			if w := p.low[k]; noun && (w == "-" && p.touches(k-1) && p.touches(k) || w == "." && k+1 < end && p.touches(k-1)) {
				continue
			}
			return i
		}
		if p.pos[k] == tag.PRP {
			return k
		}
		i = k
	}
	return i
}

func (p *page) touches(i int) bool {
	return i >= 0 && i+1 < len(p.Tokens) && p.Tokens[i].End == p.Tokens[i+1].Start
}

// object returns the noun phrase that starts at token i, without what depends
// on it.
func (p *page) object(s text.Range, i int) text.Range {
	start, noun := i, false
	for ; i < s.End; i++ {
		switch p.pos[i] {
		case tag.NN, tag.NNS, tag.NNP, tag.NNPS, tag.CD:
			noun = true
			continue
		case tag.PRP:
			if !noun && i == start {
				i, noun = i+1, true
			}
		case tag.DT, tag.PRPS, tag.JJ, tag.JJR, tag.JJS, tag.PDT, tag.VBN, tag.GEN, tag.Hyphen, tag.VBG:
			if !noun || p.pos[i] == tag.GEN || p.pos[i] == tag.Hyphen {
				continue
			}
		default:
			if p.low[i] == "-" && p.touches(i-1) {
				continue
			}
			if !noun && p.pos[i] == tag.RB && i+1 < s.End && p.pos[i+1] == tag.CD {
				continue // "nearly 300 trucks"
			}
		}
		break
	}
	if !noun {
		return text.Range{Start: start, End: start}
	}
	return text.Range{Start: start, End: i}
}

// head is the head noun of a phrase, in the singular.
func (p *page) head(r text.Range) string {
	head := ""
	for i := r.Start; i < r.End; i++ {
		if i > r.Start && (p.pos[i] == tag.IN || p.pos[i] == tag.TO) {
			break
		}
		switch p.pos[i] {
		case tag.NN, tag.NNS, tag.NNP, tag.NNPS, tag.PRP:
			head = singular(p.low[i])
		}
	}
	return head
}

// fits reports whether a phrase is of the kind a verb needs.
func (p *page) fits(r text.Range, n need) bool {
	if r.Len() == 0 {
		return false
	}
	h := p.head(r)
	switch n {
	case target:
		return targets[h] || p.place[r.End-1] > 0 && !p.dependent(r)
	case way:
		return ways[h] || p.place[r.Start] > 0 && !p.dependent(r)
	case weapon:
		return weapons[h]
	}
	return true
}

// dependent reports whether a phrase has a preposition inside.
func (p *page) dependent(r text.Range) bool {
	for i := r.Start; i < r.End; i++ {
		if p.pos[i] == tag.IN || p.pos[i] == tag.TO {
			return true
		}
	}
	return false
}

func (p *page) words(r text.Range) string {
	if r.Len() == 0 {
		return ""
	}
	return p.Span(r).Of(p.Text)
}

// event builds the event of a group of verbs, and reports whether it is one.
func (p *page) event(s text.Range, g group, v *verb, subject text.Range) (model.Movement, bool) {
	m := model.Movement{
		Article: p.article.ID, Verb: v.kind,
		Cue: model.Span{Start: p.Tokens[g.verb].Start, End: p.Tokens[g.verb].End},
	}
	after := g.verb + 1
	for after < s.End && (p.pos[after] == tag.RP || p.pos[after] == tag.RB) && p.low[after] != "not" {
		after++
	}
	object := text.Range{Start: after, End: after}
	if !g.passive {
		object = p.object(s, after)
	}
	if p.low[g.verb] == "shot" && (g.verb+1 >= s.End || p.low[g.verb+1] != "down") {
		return m, false
	}
	if (p.low[g.verb] == "rocked" || p.low[g.verb] == "shook" || p.low[g.verb] == "shaken") && !blasts[p.head(subject)] {
		return m, false
	}
	switch {
	case v.goes:
		if !p.goes(g, v, subject, object, &m) {
			return m, false
		}
	case g.passive || g.reduced && !strings.HasSuffix(p.low[g.verb], "ing"):
		if !p.fits(subject, v.object) || g.reduced && !p.follows(after, s) {
			return m, false
		}
		m.What = p.words(subject)
		if after < s.End && p.low[after] == "by" {
			if by := p.object(s, after+1); !p.time(by) {
				m.By = p.words(by)
			}
		}
	case g.reduced:
		return m, false
	default:
		if subject.Len() == 0 {
			return m, false
		}
		if !p.fits(object, v.object) {
			return m, false
		}
		if object.End < s.End && (p.low[object.End] == "run" || p.low[object.End] == "runs") {
			return m, false
		}
		m.What, m.By = p.words(p.extend(s, object, v)), p.words(subject)
	}
	p.where(s, g, v, subject, object, &m)
	if v.goes && len(m.From)+len(m.To)+len(m.At) == 0 {
		return m, false
	}
	m.When = p.when(s, g)
	return m, true
}

// extend takes into an object what depends on it and names where it leads: "the
// road from Tbilisi to Gori", "its border crossing with Belarus".
func (p *page) extend(s text.Range, r text.Range, v *verb) text.Range {
	if v.kind != model.MovementClosed && v.kind != model.MovementOpened && v.kind != model.MovementStruck {
		return r
	}
	for r.End < s.End {
		w := p.low[r.End]
		if w != "of" && w != "with" && w != "between" && (w != "from" && w != "to" || v.kind == model.MovementStruck) {
			break
		}
		more := p.object(s, r.End+1)
		if more.Len() == 0 {
			break
		}
		r.End = more.End
	}
	return r
}

// follows reports whether what stands at token i shows the form before it to be
// a participle: "missiles fired from …".
func (p *page) follows(i int, s text.Range) bool {
	if i >= s.End {
		return false
	}
	switch p.low[i] {
	case "from", "by", "at", "into", "on", "towards", "toward", "in", "near":
		return true
	}
	return false
}

// goes fills who goes, and reports whether a verb of going is meant as one.
func (p *page) goes(g group, v *verb, subject, object text.Range, m *model.Movement) bool {
	if subject.Len() == 0 || loose[p.head(subject)] || loose[p.head(object)] {
		return false
	}
	if g.reduced && p.pos[g.verb] == tag.VBG && p.low[g.verb] != "moving" && p.low[g.verb] != "heading" && p.low[g.verb] != "advancing" && p.low[g.verb] != "fleeing" {
		return false
	}
	switch {
	case g.passive:
		m.What = p.words(subject)
	case object.Len() > 0 && p.place[object.End-1] == 0:
		// "The army moved tanks to Kursk": what was moved is the object; with a verb
		// that takes none the phrase is a time or a manner of speaking
		if v.kind != model.MovementMoved && p.low[g.verb] != "withdrew" && p.low[g.verb] != "withdrawn" && p.low[g.verb] != "evacuated" || p.time(object) {
			m.What = p.words(subject)
			return v.kind != model.MovementLeft && v.kind != model.MovementArrived || p.time(object)
		}
		if riders[p.low[g.verb]] && !targets[p.head(object)] && p.pos[object.Start] != tag.PRP {
			return false // "flew first class"
		}
		m.What, m.By = p.words(object), p.words(subject)
	default:
		m.What = p.words(subject)
	}
	return true
}

// prepositions say what a place after them is to the event.
var prepositions = map[string]role{
	"from": from, "off": from, "out": from,
	"to": to, "into": to, "towards": to, "toward": to, "onto": to, "for": to, "through": at,
	"in": at, "at": at, "near": at, "on": at, "over": at, "outside": at, "around": at, "inside": at, "across": at, "of": at, "between": at, "above": at, "along": at,
}

// ending are words at which what belongs to a verb ends.
var ending = wordSet("but while after before because although though which who where when since whereas according ; until that said says told")

// where fills the places of an event: what a preposition, or being the object,
// makes of each that stands between the verb and the next clause, in its
// subject, or in front of it.
func (p *page) where(s text.Range, g group, v *verb, subject, object text.Range, m *model.Movement) {
	add := func(r role, k int) {
		mention := p.mentions[k-1]
		switch {
		case r == from:
			m.From = append(m.From, mention)
		case r == to:
			m.To = append(m.To, mention)
		default:
			m.At = append(m.At, mention)
		}
	}
	scan := func(start, end int, inside bool) {
		now, last := at, at
		for i := start; i < end; i++ {
			if r, ok := prepositions[p.low[i]]; ok {
				if now = r; inside || r == to && (v.kind == model.MovementCaptured || v.kind == model.MovementStruck || v.kind == model.MovementClosed || v.kind == model.MovementOpened) ||
					r == from && (v.kind == model.MovementClosed || v.kind == model.MovementOpened) {
					now = at
				}
				if r == at && v.kind == model.MovementFired && p.low[i] == "at" {
					now = to
				}
				if p.low[i] == "of" && v.goes {
					now = last // "to within ten kilometres of", "out of"
				}
				last = now
			}
			k := p.place[i]
			if k == 0 || i > start && p.place[i-1] == k || i > start+1 && p.low[i-1] == "," && p.place[i-2] > 0 {
				continue // the rest of a name, or the region after a comma
			}
			if i >= object.Start && i < object.End && p.place[object.End-1] == k && !p.dependent(object) {
				if v.goes {
					add(v.direct, k)
				} else {
					add(at, k)
				}
				continue
			}
			if v.goes && now == at && v.kind == model.MovementArrived && !inside && p.low[g.verb] == "arrived" {
				add(to, k)
				continue
			}
			add(now, k)
		}
	}
	if lead := p.lead(s, subject, g); lead.Len() > 0 {
		scan(lead.Start, lead.End, true)
	}
	if !v.goes {
		scan(subject.Start, subject.End, true)
	}
	scan(g.verb+1, p.clauseEnd(s, g), false)
}

// lead is a phrase with a preposition in front of the subject, at the start of the
// sentence: "In Kherson, two shells hit a school".
func (p *page) lead(s, subject text.Range, g group) text.Range {
	end := g.start
	if subject.Len() > 0 {
		end = subject.Start
	}
	if _, ok := prepositions[p.low[s.Start]]; !ok || end-s.Start < 2 || end-s.Start > 8 {
		return text.Range{}
	}
	return text.Range{Start: s.Start, End: end}
}

// clauseEnd is where what belongs to a verb ends.
func (p *page) clauseEnd(s text.Range, g group) int {
	end := g.verb + 1
	for ; end < s.End; end++ {
		if ending[p.low[end]] || p.newClause(s, end) || p.pos[end] == tag.VBD || p.pos[end] == tag.MD || beings[p.low[end]] {
			break
		}
	}
	return end
}

// newClause reports whether a clause with a verb of its own begins at token i:
// "and reached", ", Ann Bell said".
func (p *page) newClause(s text.Range, i int) bool {
	if p.low[i] != "and" && p.low[i] != "," && p.pos[i] != tag.CloseQuote {
		return false
	}
	for k := i + 1; k < min(i+7, s.End); k++ {
		switch p.pos[k] {
		case tag.VBD, tag.VBZ, tag.VBP, tag.MD:
			return true
		case tag.IN, tag.Comma:
			return false
		}
	}
	return false
}
