package statement

import (
	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// cutAside ends a content before the writer's own comment on it: “…”, an
// apparent reference to X.
func (p *page) cutAside(pr *proposal) {
	k := len(pr.content) - 1
	c := &pr.content[k]
	if k > 0 && p.low[c.Start] == "in" && p.low[c.Start+1] == "what" {
		pr.content = pr.content[:k]
		return
	}
	if t := p.trim(*c); t.Len() > 0 {
		*c = t
	}
	for i := c.Start + 1; i+3 < c.End; i++ {
		if p.low[i] != "," {
			continue
		}
		j := i + 1
		for j < i+4 && j < c.End && (p.low[j] == "in" || p.low[j] == "an" || p.low[j] == "a" || p.low[j] == "apparent" || p.low[j] == "clear" || p.low[j] == "obvious" || p.low[j] == "thinly") {
			j++
		}
		if j < c.End && j > i+1 && (p.low[j] == "reference" || p.low[j] == "allusion" || p.low[j] == "nod" || p.low[j] == "swipe" || p.low[j] == "dig") || p.low[i+1] == "referring" || p.low[i+1] == "alluding" {
			c.End = i
			return
		}
	}
	p.cutComment(c)
	p.cutClaim(pr, c)
	if pr.stance != model.StanceDemands && !objectVerbs[pr.lemma] || p.kindOf(pr) != model.KindIndirect {
		return
	}
	p.cutAdjunct(c)
}

// cutComment ends a content before what the writer, or another, says of it: ", a
// number that two researchers called implausible".
func (p *page) cutComment(c *text.Range) {
	for i := c.Start + 2; i+3 < c.End; i++ {
		if p.low[i] != "," || p.quoted[i] >= 0 || p.low[i+1] != "a" && p.low[i+1] != "an" || !comments[p.low[i+2]] {
			continue
		}
		if next := p.low[i+3]; next == "that" || next == "which" || pronouns[next] || upper(p.Token(i+3)) {
			c.End = i
			return
		}
	}
}

// comments are nouns by which a text takes up what was said.
var comments = wordSet("number figure claim charge accusation assertion allegation demand step offer move idea suggestion position view account version estimate argument")

// cutClaim starts what is denied behind the noun that calls it a claim: "denied
// claims on several channels that | the well had been poisoned".
func (p *page) cutClaim(pr *proposal, c *text.Range) {
	if pr.stance != model.StanceDenies || len(pr.content) > 1 || c.Start < pr.cue.End || p.quoted[c.Start] >= 0 && p.quoted[c.Start] == p.quoted[c.End-1] {
		return
	}
	noun := false
	for i := c.Start; i < min(c.Start+14, c.End-3); i++ {
		switch w := p.low[i]; {
		case claimNouns[w] || w == "reports" || w == "rumours" || w == "rumors" || w == "notion" || w == "idea" || w == "charges":
			noun = true
		case w == "that" && noun:
			c.Start = i + 1
			return
		case auxiliaries[w]:
			return
		}
	}
}

// objectVerbs are the verbs whose object is short, so that a channel or day behind
// it is not part of it: "announced the offensive late on Saturday".
var objectVerbs = wordSet("announce declare order welcome condemn praise promise confirm")

// cutAdjunct ends an object without a verb before "in a statement" or "late on
// Saturday".
func (p *page) cutAdjunct(c *text.Range) {
	for i := c.Start + 1; i+1 < c.End; i++ {
		w := p.low[i]
		switch {
		case w == "on" && isDay(p.low[i+1]) && i+2 >= c.End-1:
			if l := p.low[i-1]; l == "late" || l == "early" {
				i--
			}
		case w == "in" && (p.low[i+1] == "a" || p.low[i+1] == "an") && (channelNouns[p.low[c.End-1]] || i+2 < c.End && channelNouns[p.low[i+2]]):
		default:
			continue
		}
		if p.noClause(text.Range{Start: c.Start, End: i}) {
			c.End = i
			return
		}
	}
}
