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
	if pr.stance != model.StanceDemands && !objectVerbs[pr.lemma] || p.kindOf(pr) != model.KindIndirect {
		return
	}
	p.cutAdjunct(c)
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
