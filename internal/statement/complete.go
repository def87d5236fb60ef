package statement

import (
	"slices"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// withRules completes the proposals of the network by those that the rules make
// at the same cue, and adds what the rules alone find.
func (f *finder) withRules(p *page, found []proposal) []proposal {
	at := map[int]int{} // token of a cue to its proposal
	for n, pr := range found {
		for i := pr.cue.Start; i < pr.cue.End; i++ {
			at[i] = n + 1
		}
	}
	var alone []proposal
	for _, pr := range (rules{cues: f.cues}).propose(p) {
		n := 0
		for i := pr.cue.Start; i < pr.cue.End && n == 0; i++ {
			n = at[i]
		}
		switch {
		case n > 0 && p.beforeColon(&found[n-1], &pr):
			pr.by = "rules"
			alone = append(alone, pr)
		case n > 0 && found[n-1].by == contentByRules && len(pr.content) > 0 && !found[n-1].touchesAny(pr.content):
			pr.by = "rules" // "denied that X: “Y”" reports a clause and a quotation
			alone = append(alone, pr)
		case n > 0:
			p.complete(&found[n-1], &pr)
		case len(pr.content) > 0:
			pr.by = "rules"
			alone = append(alone, pr)
		}
	}
	near := byUnit(found)
	for i := range alone {
		alone[i].reject = p.doubtful(found, near[alone[i].unit], &alone[i])
	}
	return append(found, alone...)
}

const contentByRules = "network, content by rules"

// complete gives a proposal of the network what the rules at the same cue know
// better: a source where it has none, the quotation a cue stands beside, and a
// clause where it took a part of one.
func (p *page) complete(pr, rule *proposal) {
	pr.stance = rule.stance
	if pr.source.Len() == 0 && rule.source.Len() > 0 {
		pr.source = rule.source
		pr.by = "network, source by rules"
	}
	at := rule.cue.Start
	if rule.source.Len() > 0 && at > 0 && (p.low[at-1] == "as" || p.dateline(p.Paragraphs[p.paragraphOf(at)]) > pr.source.Start && rule.source.Start > pr.source.Start) {
		pr.source = rule.source // "was quoted by X as saying"; a dateline
	}
	if rule.source.Len() > 0 && pr.source.Len() > 0 && (p.misplaced(pr) && !p.misplaced(rule) || p.remote(pr) && p.beside(rule) || rule.behindCue() && pr.source.Start >= rule.source.End) {
		pr.source = rule.source
	}
	if pr.lemma == "according" && rule.source.Len() > 0 && rule.source.Start == pr.source.Start && rule.source.Len() < pr.source.Len() && p.low[rule.source.End] != "-" && p.low[rule.source.End] != "and" {
		pr.source = rule.source
	}
	if rule.source.Len() > 0 && pr.source.Start <= rule.source.Start && rule.source.Start < pr.source.End {
		pr.named = rule.named
	}
	if len(rule.content) > 0 && len(pr.content) > 0 && p.better(pr, rule) {
		pr.cue, pr.content = rule.cue, rule.content
		pr.by = contentByRules
	}
}

// better reports whether the rules know better than the network what a cue
// reports.
func (p *page) better(pr, rule *proposal) bool {
	net, old := p.kindOf(pr), p.kindOf(rule)
	first, last := pr.content[0], pr.content[len(pr.content)-1]
	end := rule.content[len(rule.content)-1].End
	switch {
	case old == model.KindDirect && net == model.KindDirect:
		return pr.touchesAny(rule.content)
	case old == model.KindDirect && net == model.KindMixed:
		return pr.touchesAny(rule.content) && (p.low[rule.content[0].Start-1] == ":" || !(first.Start < rule.content[0].Start && first.End > rule.content[0].Start))
	case pr.stance == model.StanceDemands && pr.cue.Len() > 3 && pr.cue.Start < rule.content[0].Start && rule.content[0].Start < pr.cue.End:
		return true // the cue swallowed whom it addresses
	case pr.stance == model.StanceDemands && rule.content[0].Start < first.Start && pr.cue.End <= rule.content[0].Start && end == last.End:
		return true // whom it addresses belongs to it
	case net == model.KindIndirect && first.Start >= pr.cue.Start && p.cueOutside(first.Start, rule.content[0].Start):
		return true
	case pr.lemma == "according" && first.Start < rule.content[0].Start && rule.content[0].Start < first.End && end >= last.End:
		return true // behind an apposition
	case net == old && len(pr.content) == 1 && first.Start <= rule.content[0].Start && end < last.End && end > first.Start && p.asideAt(end):
		return true // "accused X of Y, as Z"
	case rule.holds(first) && (pr.lemma == "according" || last.End <= pr.cue.Start) && p.cueOutside(rule.content[0].Start, first.Start):
		return true // "X told Y that Z", reported by another
	case net == model.KindIndirect && (p.low[first.Start] == "in" || pr.within(rule) && tokens(pr.content) < 3):
		return true
	case net == old && len(rule.content) > len(pr.content) && rule.holds(first):
		return true // what goes on behind the cue
	}
	return first.Start <= rule.content[0].Start+1 && rule.content[0].Start < first.End && end < last.End && p.joined(end, last.End)
}

// asideAt reports whether a comma at token i sets off what the writer adds:
// ", as drought left a million without water".
func (p *page) asideAt(i int) bool {
	return i+1 < len(p.low) && p.low[i] == "," && p.quoted[i] < 0 && (p.low[i+1] == "as" || p.low[i+1] == "while" || p.low[i+1] == "even")
}

// cueOutside reports whether a verb of saying stands in what the network or the
// rules take before the part that both take.
func (p *page) cueOutside(from, end int) bool {
	for i := from; i < end; i++ {
		if p.isReporting(p.low[i]) {
			return true
		}
	}
	return false
}

// joined reports whether a conjunction or semicolon and then a cue, with its
// subject at most, stand at token i.
func (p *page) joined(i, end int) bool {
	and := false
	for ; i < min(end, len(p.low)); i++ {
		switch w := p.low[i]; {
		case w == "and" || w == "but" || w == ";":
			and = true
		case and && (p.isCue[i] || w == "calls" && i+1 < end && (p.low[i+1] == "for" || p.low[i+1] == "on")):
			return true
		case !adverb(w) && w != "," && !auxiliaries[w] && !(and && pronouns[w]):
			return false
		}
	}
	return false
}

// beforeColon ends what the network takes for reported before the colon that
// sets a quotation behind it, and reports whether it did.
func (p *page) beforeColon(pr, rule *proposal) bool {
	if len(rule.content) == 0 || len(pr.content) == 0 || p.kindOf(rule) != model.KindDirect {
		return false
	}
	at := rule.content[0].Start - 1
	k := len(pr.content) - 1
	if last := pr.content[k]; at < 0 || p.low[at] != ":" || last.Start+4 > at || last.End <= at || pronouns[p.low[last.Start]] {
		return false
	}
	pr.content[k].End = at
	return true
}

func tokens(rs []text.Range) (n int) {
	for _, r := range rs {
		n += r.Len()
	}
	return n
}

// within reports whether every content of a proposal lies in one of another.
func (pr *proposal) within(other *proposal) bool {
	for _, c := range pr.content {
		if !other.holds(c) {
			return false
		}
	}
	return true
}

// doubtful says why a proposal that only the rules made is not taken, or "": it
// must lie inside what another reports, or quote what no other holds. A report
// that goes on without a cue gives way to it.
func (p *page) doubtful(found []proposal, near []int, pr *proposal) string {
	whole := text.Range{Start: min(pr.cue.Start, pr.content[0].Start), End: max(pr.cue.End, pr.content[len(pr.content)-1].End)}
	if pr.source.Len() > 0 && pr.source.Start > p.unitStart(pr) {
		whole.Start, whole.End = min(whole.Start, pr.source.Start), max(whole.End, pr.source.End)
	}
	sure := p.kindOf(pr) == model.KindDirect && (pr.content[0].Len() >= minQuote || pr.content[0].Start < pr.cue.Start) || pr.lemma == "according" || pr.coordinate || p.behindThat(pr) ||
		pr.lemma == "say" && len(near) == 0 && pr.content[0].Start < pr.source.Start
	for _, i := range near {
		o := &found[i]
		switch {
		case o.reject != "" || o.class == model.ClassPosition:
		case o.cue.Len() == 0 && o.touches(whole):
			if sure || p.kindOf(o) == model.KindIndirect {
				o.reject = ownCue
				sure = true
			}
		case o.holds(whole):
			if pr.source.Len() == 0 || p.kindOf(o) == model.KindDirect {
				return "inside a quotation"
			}
			return ""
		case pr.encloses(o):
			return ""
		case relayed[pr.lemma] && o.holds(pr.cue) && pr.source.Len() > 0 && o.holds(pr.source) && o.clips(pr):
			return ""
		case o.touches(whole) && !pr.coordinate:
			return "crosses what the network found"
		}
	}
	if sure || len(near) == 0 && tokens(pr.content) > 2 && (!p.noClause(pr.content[0]) || p.asksTo(pr)) {
		return ""
	}
	return "the network found nothing here"
}

// encloses reports whether another proposal, with its source, lies in what this
// one reports: "A told B that C", the indictment says.
func (pr *proposal) encloses(o *proposal) bool {
	if o.source.Len() == 0 || o.cue.Len() == 0 || pr.source.Len() == 0 || !pr.holds(o.cue) || !pr.holds(o.source) {
		return false
	}
	return o.within(pr)
}

// asksTo reports whether someone is asked or told to do something: "asked the
// ministry to send a lamp".
func (p *page) asksTo(pr *proposal) bool {
	if pr.stance != model.StanceAsks && pr.stance != model.StanceDemands {
		return false
	}
	c := pr.content[0]
	return slices.Contains(p.low[c.Start:c.End], "to")
}

// behindThat reports whether "that" says that a clause is reported.
func (p *page) behindThat(pr *proposal) bool {
	at := pr.content[0].Start
	return at > pr.cue.End-1 && p.low[at-1] == "that" && pr.source.Len() > 0
}

// clips ends what another proposal reports where this one's content around it
// ends, and reports whether a clause is left.
func (pr *proposal) clips(inner *proposal) bool {
	last := &inner.content[len(inner.content)-1]
	if last.Start < inner.cue.End {
		return false
	}
	for _, c := range pr.content {
		if c.Start <= last.Start && last.Start < c.End {
			last.End = min(last.End, c.End)
			return last.Len() > 2
		}
	}
	return false
}

// touches reports whether the cue or a content of a proposal overlaps a range.
func (pr *proposal) touches(r text.Range) bool {
	over := func(x text.Range) bool { return x.Start < r.End && r.Start < x.End }
	return over(pr.cue) || slices.ContainsFunc(pr.content, over)
}

func (pr *proposal) touchesAny(rs []text.Range) bool { return slices.ContainsFunc(rs, pr.touches) }

func (pr *proposal) holds(r text.Range) bool {
	for _, c := range pr.content {
		if c.Start <= r.Start && r.End <= c.End {
			return true
		}
	}
	return false
}
