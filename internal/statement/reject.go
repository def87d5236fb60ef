package statement

import (
	"slices"
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// sourced trims the source of a proposal to the name or phrase itself, and
// rejects what nobody is named for.
func (f *finder) sourced(p *page, pr *proposal) {
	if pr.cue.Len() == 0 || pr.reject != "" {
		return
	}
	if cue := p.trim(pr.cue); cue.Len() > 0 {
		pr.cue = cue
	}
	p.quotedAs(pr)
	p.quotedBy(pr)
	if pr.source.Len() > 0 && possessive(p.low[pr.source.End-1]) && pr.cue.Start == pr.source.End && pr.cue.Len() > 1 {
		pr.source.End++ // "the bank’s | notice read"
		pr.cue.Start++
	}
	pr.source = p.trimSource(pr.source)
	if rest := slices.DeleteFunc(slices.Clone(pr.content), func(c text.Range) bool { return pr.source.Start <= c.Start && c.End <= pr.source.End }); len(rest) > 0 {
		pr.content = rest // not the speaker's name
	}
	p.cutAside(pr)
	switch why := f.empty(p, pr); {
	case why != "":
		pr.reject = why
	case pr.source.Len() == 0:
		pr.reject = "no one is named"
	case p.quoted[pr.source.Start] < 0 && p.quoted[pr.cue.Start] < 0 && firstPerson(p.low[pr.source.Start]) && pr.source.Len() == 1:
		pr.reject = "the writer's own words"
	case f.asked(p, pr):
		pr.reject = "asked by no one named"
	}
}

// empty says why a report states nothing, or "": "denied it", "stopped short of
// blaming", "neither ministry confirmed", "offered no proof".
func (f *finder) empty(p *page, pr *proposal) string {
	c := pr.content[0]
	first := p.low[c.Start]
	short := len(pr.content) == 1
	switch {
	case pr.source.Start > 0 && pr.source.End <= pr.cue.Start && (p.low[pr.source.Start-1] == "whether" || p.low[pr.source.Start-1] == "if" || p.low[pr.source.Start-1] == "unless"):
		return "not yet said"
	case pr.lemma == "quote" && short && c.End <= pr.cue.Start && p.kindOf(pr) == model.KindIndirect:
		return "names who is quoted"
	case short && first == "it" && c.Len() > 1 && c.Len() < 6 && p.onlyTime(text.Range{Start: c.Start + 1, End: c.End}):
		return "reports no more than a pronoun"
	case short && c.Len() == 1 && (isObject(first) || first == "it" || first == "that" || first == "this" || first == "so" || first == "nothing"):
		return "reports no more than a pronoun"
	case p.low[pr.cue.Start] == "stopped" || pr.cue.Start > 2 && p.low[pr.cue.Start-1] == "of" && p.low[pr.cue.Start-2] == "short":
		return "negated"
	case pr.source.Len() > 0 && (nobody[p.low[pr.source.Start]] || p.low[pr.source.Start] == "no" && pr.source.Len() > 1):
		return "said by no one"
	case short && first == "no" && (pr.lemma == "offer" || pr.lemma == "announce" || pr.lemma == "express" || pr.lemma == "voice" || pr.lemma == "publish"):
		return "negated"
	case short && first == "the" && c.Len() > 1 && p.low[c.Start+1] == "condition" || first == "anonymity", pr.lemma == "ask" && p.unnaming(c):
		return "asks for anonymity"
	case pr.lemma == "refuse" || pr.lemma == "decline":
		return "refused to say"
	case pr.lemma == "write" && p.low[c.Start] == "down" || p.low[pr.cue.End-1] == "down":
		return "writes down a thing"
	case short && pr.lemma == "claim" && p.low[pr.cue.End-1] != "that" && p.kindOf(pr) == model.KindIndirect && p.noClause(c) && first != "responsibility" && first != "victory" && first != "credit":
		return "claims a thing"
	}
	return ""
}

// unnaming reports whether what is asked for is not to be named.
func (p *page) unnaming(c text.Range) bool {
	for i := c.Start; i+2 < min(c.End, c.Start+6); i++ {
		if p.low[i] == "not" && (p.low[i+1] == "be" || p.low[i+1] == "to" && p.low[i+2] == "be") {
			last := p.low[min(i+3, c.End-1)]
			if p.low[i+1] == "be" {
				last = p.low[i+2]
			}
			return last == "named" || last == "identified" || last == "used" || last == "quoted"
		}
	}
	return c.Len() > 2 && (p.low[c.Start] == "for" && p.low[c.Start+1] == "anonymity" || p.low[c.Start] == "to" && p.low[c.Start+1] == "remain")
}

// onlyTime reports whether a range says no more than when or to whom.
func (p *page) onlyTime(r text.Range) bool {
	if next := p.low[r.Start+1]; p.low[r.Start] == "to" && !determiners[next] && next != "reporters" && next != "journalists" && !upper(p.Token(r.Start+1)) {
		return false // "urged it to vote"
	}
	if !prepositions[p.low[r.Start]] && !adverb(p.low[r.Start]) && !isDay(p.low[r.Start]) {
		return false
	}
	for i := r.Start; i < r.End; i++ {
		if w := p.low[i]; auxiliaries[w] || pronouns[w] || p.isCue[i] || p.quoted[i] >= 0 {
			return false
		}
	}
	return true
}

var nobody = wordSet("nobody none neither no-one nothing")

// noClause reports whether no finite verb seems to stand in a range.
func (p *page) noClause(r text.Range) bool {
	for i := r.Start; i < r.End; i++ {
		w := p.low[i]
		if auxiliaries[w] || commonVerbs[w] || pronouns[w] || strings.HasSuffix(w, "ed") && len(w) > 3 || w == "that" {
			return false
		}
	}
	return true
}

func firstPerson(w string) bool { return w == "i" || w == "we" || w == "you" }

// asked recognises the participle that opens a sentence: "Asked about X, he said".
func (f *finder) asked(p *page, pr *proposal) bool {
	i := pr.cue.Start
	v := f.cues[p.low[i]]
	if v.form&formPart == 0 || v.stance != model.StanceAsks || pr.cue.End < len(p.low) && (p.low[pr.cue.End] == "by" || p.low[pr.cue.End-1] == "by") {
		return false
	}
	if pr.source.Start > i || p.opens[i] {
		return true
	}
	return i > 0 && p.low[i-1] == "," && pr.source.End == i-1 && f.laterCue(p, pr)
}

// laterCue reports whether the sentence goes on with a report behind what a
// participle reports: "X, asked whether Y, said Z".
func (f *finder) laterCue(p *page, pr *proposal) bool {
	u := &p.units[pr.unit]
	for _, it := range u.items {
		if _, cue := f.cues[p.low[it.Start]]; cue && it.quote < 0 && it.Start > pr.cue.End && p.low[it.Start-1] == "," {
			return true
		}
	}
	return false
}

// trimSource cuts relative clauses and what stands behind commas off a source
// that is more than a name with a role: "X, who leads Y," is X.
func (p *page) trimSource(r text.Range) text.Range {
	for r.Len() > 0 && edgeMark(p.low[r.Start]) && p.low[r.Start] != "“" {
		r.Start++
	}
	for i := r.Start + 1; i < r.End; i++ {
		w := p.low[i]
		if w == "who" || w == "whose" || w == "which" || w == "that" && i+1 < r.End && auxiliaries[p.low[i+1]] || w == "where" || w == "(" || w == "—" || w == "–" ||
			w == "as" && i+1 < r.End && pronouns[p.low[i+1]] {
			r.End = i
		}
	}
	for r.Len() > 0 && edgeMark(p.low[r.End-1]) && !(p.low[r.End-1] == "." && p.abbreviation(r.End-1)) && p.low[r.End-1] != "”" {
		r.End--
	}
	return r
}
