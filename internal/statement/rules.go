package statement

import (
	"strings"

	"crosscheck/internal/model"
)

// rules finds attributions by a lexicon of cues and the order of their
// parts in the sentence.
type rules struct{ cues cues }

// report is one cue of a unit with what has been found around it. All numbers
// are items of the unit.
type report struct {
	at, end    int // the cue
	verb       cueVerb
	s0, s1     int  // the subject; equal when it is inherited
	inverted   bool // the subject stands behind the cue
	inherits   bool // takes the subject of the report before it, or of the unit
	tail       int  // first item behind cue, subject, apposition
	accordance bool // "according to"
	relative   bool // "X, who said …"
	who        int  // then the item of "who"
}

// propose returns the attributions of a page outside quotations.
func (r rules) propose(p *page) []proposal {
	var out []proposal
	for n := range p.units {
		u := &p.units[n]
		s := scan{p: p, u: u, n: n, cues: r.cues}
		for _, pr := range s.run() {
			if !u.heading || pr.lemma == "say" && len(pr.content) == 1 && pr.content[0].End < pr.cue.Start && pr.cue.End <= pr.source.Start {
				out = append(out, pr) // of a heading only "…, says X"
			}
		}
	}
	return out
}

// relayed are the verbs by which one who is quoted reports another.
var relayed = wordSet("say tell ask claim promise deny warn order demand admit write announce insist assure urge accuse call threaten explain recommend")

// proposeInside returns what the one quoted says that someone said: “They told
// us to leave”, she said.
func (r rules) proposeInside(p *page) []proposal {
	var out []proposal
	for n := range p.inner {
		u := &p.inner[n]
		s := scan{p: p, u: u, n: u.paragraph, cues: r.cues}
		for _, pr := range s.run() {
			if relayed[pr.lemma] && pr.source.Len() > 0 && !pr.coordinate && tokens(pr.content) > 1 && !(firstPerson(p.low[pr.source.Start]) && r.cues[p.low[pr.cue.Start]].form&formPast == 0) && !(nounish[p.low[pr.cue.Start]] && p.low[pr.cue.Start-1] != "they") && pr.content[0].Start > pr.cue.Start {
				pr.by = "rules, inside a quotation"
				out = append(out, pr)
			}
		}
	}
	return out
}

// scan is the reading of one unit.
type scan struct {
	p       *page
	u       *unit
	n       int
	cues    cues
	reports []report
	out     []proposal
}

// maxItems bounds the units that are read: a sentence of more items is not
// prose, and the searches inside a unit may look at all of it.
const maxItems = 400

func (s *scan) run() []proposal {
	if len(s.u.items) > maxItems {
		return nil
	}
	for i := range s.u.items {
		if r, ok := s.cueAt(i); ok {
			s.reports = append(s.reports, r)
		}
	}
	for k := range s.reports {
		s.propose(k)
	}
	return s.out
}

func (s *scan) w(i int) string { return s.p.folded(s.u, i) }

// cueAt recognises a cue and its subject at item i.
func (s *scan) cueAt(i int) (report, bool) {
	w := s.w(i)
	if w == "according" && s.w(i+1) == "to" {
		return s.accordingTo(i)
	}
	v, ok := s.cues[w]
	if !ok || s.p.isCap(s.u, i) && i > 0 {
		return report{}, false
	}
	r := report{at: i, end: i + 1, verb: v}
	s.particle(&r)
	if !s.usable(&r) {
		return r, false
	}
	if v.form == formIng {
		return r, s.participle(&r)
	}
	return r, s.finite(&r)
}

func (s *scan) accordingTo(i int) (report, bool) {
	r := report{at: i, end: i + 2, accordance: true, verb: cueVerb{lemma: "according", form: formPast, use: useClause, stance: model.StanceAsserts}}
	r.s0 = i + 2
	r.s1 = s.withName(r.s0, s.p.nounPhraseAfter(s.u, r.s0, len(s.u.items)))
	if r.s1 == r.s0 {
		for r.s1 < len(s.u.items) && r.s1 < r.s0+25 && s.p.isWord(s.u, r.s1) {
			r.s1++
		}
	}
	r.tail = r.s1
	switch s.w(r.s0) {
	case "plan", "plans", "schedule", "custom", "tradition":
		return r, false
	}
	return r, r.s1 > r.s0
}

// particle takes what belongs to the verb: "called on", "pointed out".
func (s *scan) particle(r *report) {
	next := s.w(r.end)
	switch {
	case r.verb.lemma == "call" && (next == "on" || next == "for" || next == "upon"):
		r.end++
		r.verb.stance = model.StanceDemands
	case r.verb.lemma == "call" && (next == "out" || next == "off" || next == "up" || next == "in" || next == "back" || next == "attention"):
		r.verb.use = useQuote
	case r.verb.lemma == "point" && next == "out":
		r.end++
	case r.verb.lemma == "cast" && next == "doubt":
		r.end++
		if s.w(r.end) == "on" {
			r.end++
		}
	case r.verb.lemma == "insist" && next == "on", r.verb.lemma == "appeal" && (next == "to" || next == "for"):
		r.end++
		r.verb.use |= useObject
		r.verb.stance = model.StanceDemands
	case r.verb.lemma == "warn" && (next == "of" || next == "against"), r.verb.lemma == "complain" && (next == "of" || next == "about"):
		r.verb.use |= useObject
	}
}

// usable rejects nouns, passives, negations and what was not yet said.
func (s *scan) usable(r *report) bool {
	i, prev := r.at, s.w(r.at-1)
	if determiners[prev] && prev != "all" && prev != "both" || s.w(r.end) == "by" && r.verb.form&formPart != 0 && !channelNouns[s.w(r.end+1)] {
		return false
	}
	if prepositions[prev] && prev != "to" && r.verb.form != formIng && !s.p.isCap(s.u, i-1) {
		return false
	}
	if s.nothingSaid(r) {
		return false
	}
	for j := i - 1; j >= 0 && j > i-5; j-- {
		w := s.w(j)
		switch {
		case negations[w], modals[w] && !(w == "to" && s.w(j-1) == "on"), w == "rarely", w == "hardly", w == "barely":
			return false
		case beForms[w]:
			return r.verb.form == formIng
		case !adverbs[w] && !auxiliaries[w]:
			return true
		}
	}
	return true
}

// nothingSaid recognises "said nothing", "said little", "told him so".
func (s *scan) nothingSaid(r *report) bool {
	if r.verb.lemma == "ask" || r.verb.lemma == "request" { // not to be named
		if next := s.w(r.end); next == "not" || next == "anonymity" || next == "for" && s.w(r.end+1) == "anonymity" || next == "to" && s.w(r.end+1) == "remain" {
			return true
		}
	}
	if r.verb.lemma == "cast" && s.w(r.end-1) != "doubt" && s.w(r.end-1) != "on" {
		return true
	}
	switch next := s.w(r.end + 1); s.w(r.end) {
	case "so":
		return next != "many" && next != "much" && next != "far" && next != "long" && next != ":"
	case "nothing", "little", "goodbye", "hello", "yes", "no":
		return !s.u.isQuote(r.end+1) && next != "more" && !s.p.isWord(s.u, r.end+1)
	}
	return false
}

// participle finds whose words ", adding that …" reports.
func (s *scan) participle(r *report) bool {
	prev := s.w(r.at - 1)
	r.tail = r.end
	for j := r.at - 1; j >= 0 && j > r.at-4; j-- {
		if beForms[s.w(j)] {
			if r.s0 = s.p.nounPhraseBefore(s.u, 0, s.skipBack(j)); r.s0 > s.skipBack(j) {
				return false
			}
			r.s1 = s.skipBack(j) + 1
			return s.canSpeak(r.s0, r.s1) && !s.supposed(r.s0)
		}
	}
	switch {
	case prev == "as":
		return s.quotedAs(r)
	case prev == "," || prev == "by" || prev == "and" || documentNouns[prev] || channelNouns[prev] || dayNames[prev] > 0 ||
		prev == "—" || prev == "–" || s.p.isWord(s.u, r.at-1) && r.verb.lemma == "say":
		r.inherits = true
		return r.at > 1
	}
	return false
}

// supposed reports whether the clause whose subject starts at item i only asks
// or supposes: "whether she was calling anybody a liar".
func (s *scan) supposed(i int) bool {
	switch s.w(i - 1) {
	case "whether", "if", "unless":
		return true
	}
	return false
}

// quotedAs handles "X was quoted as saying" and "the agency quoted X as
// saying".
func (s *scan) quotedAs(r *report) bool {
	for i := r.at - 2; i >= 0 && i > r.at-14; i-- {
		switch s.w(i) {
		case "quoted", "cited", "quoting", "citing", "quotes", "cites":
			if r.s0, r.s1 = i+1, r.at-1; r.s0 < r.s1 {
				return s.canSpeak(r.s0, r.s1)
			}
			j := s.skipBack(i - 1)
			r.s0, r.s1 = s.p.nounPhraseBefore(s.u, 0, j), j+1
			return r.s0 < r.s1
		}
	}
	return false
}

// firstSubject is the noun phrase the main clause opens with, for a report
// without a subject of its own and none before it.
func (s *scan) firstSubject(before int) (int, int) {
	for i := 0; i < before; i++ {
		if i > 0 && s.w(i-1) != "," {
			continue
		}
		w := s.w(i)
		if prepositions[w] || conjunctions[w] || adverb(w) || strings.HasSuffix(w, "ing") || s.cues[w].form&formPart != 0 {
			continue
		}
		end := s.p.nounPhraseAfter(s.u, i, before)
		if end > i && s.canSpeak(i, end) && (s.w(end) == "," || s.p.isWord(s.u, end) && !prepositions[s.w(end)]) {
			return i, end
		}
	}
	return 0, 0
}
