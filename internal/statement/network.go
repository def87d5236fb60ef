package statement

import (
	"slices"

	"crosscheck/internal/model"
	"crosscheck/internal/statement/net"
	"crosscheck/internal/text"
)

// finder proposes: what the trained network finds, filtered and completed by
// the rules.
type finder struct {
	lexicon
	net *net.Net
}

// propose returns every proposal of a page, those that are no statements with
// the reason.
func (f *finder) propose(p *page) []proposal {
	props := p.part(f.network(p, p.Doc, nil))
	props = append(props, f.inside(p, props)...)
	props = f.withRules(p, props)
	props = append(props, p.untaken(props, rules{cues: f.cues}.proposeInside(p))...)
	props = append(props, f.nounCues(p, props)...)
	props = append(props, p.colons(props)...)
	nest(props)
	for i := range props {
		if pr := &props[i]; pr.by == insideReport && pr.outer == 0 && pr.reject == "" {
			pr.reject = "in no report"
		}
	}
	cueless(p, props)
	p.placeSources(props)
	for i := range props {
		f.sourced(p, &props[i])
	}
	return props
}

const insideReport = "network, inside a report"

// network returns what the network finds in a document: the page itself, or an
// excerpt of it.
func (f *finder) network(p *page, d *text.Doc, part *excerpt) []proposal {
	at := func(r text.Range) text.Range { return r }
	by := "network"
	if part != nil {
		at = func(r text.Range) text.Range { return part.back(p, d, r) }
		by = insideReport
	}
	var out []proposal
	for _, a := range f.net.Propose(d) {
		if a.Cue.Len() == 0 || len(a.Content) == 0 {
			continue
		}
		pr := proposal{cue: at(a.Cue.Range), source: at(a.Source.Range), by: by}
		pr.score = a.Cue.P
		for _, c := range a.Content {
			if r := at(c.Range); r.Len() > 0 {
				pr.content = append(pr.content, r)
			}
			pr.score = min(pr.score, c.P, c.Link)
		}
		if pr.cue.Len() == 0 || len(pr.content) == 0 {
			continue
		}
		pr.unit = p.unitOf(pr.cue.Start)
		f.judge(p, &pr)
		out = append(out, pr)
	}
	return out
}

// judge reads the class and the stance of a proposal off its cue, and rejects
// what reports no communication.
func (f *finder) judge(p *page, pr *proposal) {
	r := f.read(p, pr.cue)
	pr.lemma, pr.stance, pr.class = r.verb.lemma, r.verb.stance, r.class
	if !r.known && p.kindOf(pr) != model.KindIndirect {
		pr.class = model.ClassStatement // whatever the verb, it is quoted
	}
	if pr.class == model.ClassPosition && p.states(pr) {
		pr.class = model.ClassStatement
	}
	why := f.irrealis(p, r, p.unitStart(pr))
	switch {
	case why != "" && unverified(pr.lemma) && (why == notAble || why == refused):
		pr.stance = model.StanceDoubts
	case why != "":
		pr.reject = why
	case slices.ContainsFunc(p.low[pr.cue.Start:pr.cue.End], func(w string) bool { return refusals[w] }) && !r.known:
		pr.reject = refused
	}
}

// states reports whether a cue outside the lexicon says that something was
// communicated: "puts the toll at 71", "made clear that", "the study found that".
func (p *page) states(pr *proposal) bool {
	words := p.low[pr.cue.Start:pr.cue.End]
	c := pr.content[0]
	has := func(list ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
	}
	switch {
	case has("put", "puts", "putting"):
		for i := c.Start + 1; i+1 < c.End; i++ {
			if p.low[i] == "at" && (p.Tokens[i+1].Kind == text.Number || quantity[p.low[i+1]]) {
				return true
			}
		}
	case has("made", "makes", "make", "making") && has("clear"):
		return true
	case has("found", "finds", "shows", "showed", "show", "counted", "counts", "documented", "concludes") && !p.noClause(c):
		for i := pr.source.Start; i < pr.source.End; i++ {
			if w := p.low[i]; documentNouns[w] || w == "poll" || w == "investigation" || w == "analysis" || w == "inquiry" || w == "panel" {
				return true
			}
		}
	}
	return false
}

var quantity = wordSet("about around more less at between over under up nearly almost some two three four five six seven eight nine ten dozens hundreds")

// unverified reports whether the negation of a verb withholds belief: "could
// not confirm".
func unverified(lemma string) bool {
	return lemma == "confirm" || lemma == "verify" || lemma == "corroborate"
}

func (p *page) unitStart(pr *proposal) int { return p.units[pr.unit].items[0].Start }
