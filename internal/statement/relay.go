package statement

import (
	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

// quotedBy reads "X was quoted by Y as saying Z" as X's words, told through Y.
func (p *page) quotedBy(pr *proposal) {
	i := pr.source.Start - 1
	if pr.source.Len() > 1 && p.low[pr.source.Start] == "by" {
		i++
	}
	if pr.source.Len() == 0 || i < 2 || p.low[i] != "by" || p.low[i-1] != "quoted" && p.low[i-1] != "cited" {
		return
	}
	via := pr.source
	u := &p.units[pr.unit]
	k := 0
	for k < len(u.items) && u.items[k].Start < i-1 {
		k++
	}
	for k--; k >= 0 && (beForms[p.folded(u, k)] || auxiliaries[p.folded(u, k)] || p.folded(u, k) == "," || adverb(p.folded(u, k))); k-- {
	}
	if k < 0 {
		return
	}
	if head := p.folded(u, k); !roleNouns[head] && !p.isCap(u, k) {
		for i := u.items[0].Start; i < via.Start; i++ {
			if end := p.nameRun(i); p.named[i] == tag.Person && p.quoted[i] < 0 && p.low[end] == "," {
				pr.source, pr.via = text.Range{Start: i, End: end}, via // "X, who leads Y, was quoted by"
				return
			}
		}
	}
	if s := p.nounPhraseBefore(u, 0, k); s <= k {
		pr.source, pr.via = u.tokens(s, k+1), via
	}
}

// quotedAs reads "X quoted Y as saying Z" as Y's words.
func (p *page) quotedAs(pr *proposal) {
	if pr.lemma != "quote" && pr.lemma != "cite" || pr.content[0].Start < pr.cue.End {
		return
	}
	c := pr.content[0]
	for i := c.Start + 1; i+1 < min(c.End, c.Start+14); i++ {
		if p.low[i] == "as" && (p.low[i+1] == "saying" || p.low[i+1] == "telling" || p.low[i+1] == "warning") {
			pr.source, pr.cue.End = text.Range{Start: c.Start, End: i}, i+2
			pr.content[0].Start = min(i+2, c.End-1)
			return
		}
	}
}
