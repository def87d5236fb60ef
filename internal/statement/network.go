package statement

import (
	"slices"
	"strings"

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
	props := p.part(f.network(p))
	props = f.withRules(p, props)
	props = append(props, rules{cues: f.cues}.proposeInside(p)...)
	nest(props)
	cueless(p, props)
	for i := range props {
		f.sourced(p, &props[i])
	}
	return props
}

// cueless rejects what is said to go on without a cue, unquoted, in a sentence
// that has a report of its own.
func cueless(p *page, props []proposal) {
	for _, same := range byUnit(props) {
		for _, i := range same {
			pr := &props[i]
			if pr.leader == 0 || p.kindOf(pr) != model.KindIndirect {
				continue
			}
			if slices.ContainsFunc(same, func(j int) bool { return props[j].cue.Len() > 0 && props[j].reject == "" }) {
				pr.reject = ownCue
			}
		}
	}
}

const ownCue = "has a cue of its own"

// network returns what the network finds.
func (f *finder) network(p *page) []proposal {
	var out []proposal
	for _, a := range f.net.Propose(p.Doc) {
		if a.Cue.Len() == 0 || len(a.Content) == 0 {
			continue
		}
		pr := proposal{unit: p.unitOf(a.Cue.Start), cue: a.Cue.Range, source: a.Source.Range, by: "network"}
		pr.score = a.Cue.P
		for _, c := range a.Content {
			pr.content = append(pr.content, c.Range)
			pr.score = min(pr.score, c.P, c.Link)
		}
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
	why := f.irrealis(p, r, p.unitStart(pr))
	switch {
	case why != "" && unverified(pr.lemma) && (why == notAble || why == refused):
		pr.stance = model.StanceDoubts
	case why != "":
		pr.reject = why
	}
}

// unverified reports whether the negation of a verb withholds belief: "could
// not confirm".
func unverified(lemma string) bool {
	return lemma == "confirm" || lemma == "verify" || lemma == "corroborate"
}

func (p *page) unitStart(pr *proposal) int { return p.units[pr.unit].items[0].Start }

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
	if pr.lemma == "according" && rule.source.Len() > 0 && rule.source.Start == pr.source.Start && rule.source.Len() < pr.source.Len() {
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
	case net == model.KindIndirect && p.cueOutside(pr, rule):
		return true
	case net == model.KindIndirect && (p.low[first.Start] == "in" || pr.within(rule) && tokens(pr.content) < 3):
		return true
	case net == old && len(rule.content) > len(pr.content) && rule.holds(first):
		return true // what goes on behind the cue
	}
	return first.Start <= rule.content[0].Start+1 && rule.content[0].Start < first.End && end < last.End && p.joined(end, last.End)
}

// cueOutside reports whether a verb of saying stands in what a proposal reports
// before the part that the rules take.
func (p *page) cueOutside(pr, rule *proposal) bool {
	for i := pr.content[0].Start; i < rule.content[0].Start; i++ {
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
		case p.isCue[i] && and:
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

// sourced trims the source of a proposal to the name or phrase itself, and
// rejects what nobody is named for.
func (f *finder) sourced(p *page, pr *proposal) {
	if pr.cue.Len() == 0 || pr.reject != "" {
		return
	}
	pr.cue = p.trim(pr.cue)
	p.quotedAs(pr)
	p.quotedBy(pr)
	if pr.source.Len() > 0 && possessive(p.low[pr.source.End-1]) && pr.cue.Start == pr.source.End && pr.cue.Len() > 1 {
		pr.source.End++ // "the bank’s | notice read"
		pr.cue.Start++
	}
	pr.source = p.trimSource(pr.source)
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

// empty says why a report states nothing, or "": "denied it", "stopped short of
// blaming", "neither ministry confirmed", "offered no proof".
func (f *finder) empty(p *page, pr *proposal) string {
	c := pr.content[0]
	first := p.low[c.Start]
	short := len(pr.content) == 1
	switch {
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
	case short && first == "the" && c.Len() > 1 && p.low[c.Start+1] == "condition" || first == "anonymity":
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
	return i > 0 && p.low[i-1] == "," && pr.source.End == i-1 && p.laterCue(pr)
}

// laterCue reports whether the sentence goes on with a report behind what a
// participle reports: "X, asked whether Y, said Z".
func (p *page) laterCue(pr *proposal) bool {
	u := &p.units[pr.unit]
	for _, it := range u.items {
		if it.quote < 0 && it.Start > pr.cue.End && p.isCue[it.Start] && p.low[it.Start-1] == "," {
			return true
		}
	}
	return false
}

// cutAside ends a content before the writer's own comment on it: “…”, an
// apparent reference to X.
func (p *page) cutAside(pr *proposal) {
	k := len(pr.content) - 1
	c := &pr.content[k]
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

// trimSource cuts relative clauses and what stands behind commas off a source
// that is more than a name with a role: "X, who leads Y," is X.
func (p *page) trimSource(r text.Range) text.Range {
	for r.Len() > 0 && edgeMark(p.low[r.Start]) && p.low[r.Start] != "“" {
		r.Start++
	}
	for i := r.Start + 1; i < r.End; i++ {
		w := p.low[i]
		if w == "who" || w == "whose" || w == "which" || w == "where" || w == "(" || w == "—" || w == "–" {
			r.End = i
		}
	}
	for r.Len() > 0 && edgeMark(p.low[r.End-1]) && !(p.low[r.End-1] == "." && p.abbreviation(r.End-1)) && p.low[r.End-1] != "”" {
		r.End--
	}
	return r
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

// nest says which proposals stand inside what another of the same sentence
// reports.
func nest(props []proposal) {
	for _, same := range byUnit(props) {
		for _, i := range same {
			for _, j := range same {
				a, b := &props[i], &props[j]
				if i != j && a.cue.Len() > 0 && b.reject == "" && b.class == model.ClassStatement && b.holds(a.cue) && !a.holds(b.cue) {
					a.outer = j + 1
				}
			}
		}
	}
}

// maxReports bounds how many proposals of one sentence are compared.
const maxReports = 40

// byUnit returns the numbers of the proposals of every sentence, the first of
// each where a sentence has too many.
func byUnit(props []proposal) map[int][]int {
	out := map[int][]int{}
	for i := range props {
		if n := props[i].unit; len(out[n]) < maxReports {
			out[n] = append(out[n], i)
		}
	}
	return out
}

func (pr *proposal) holds(r text.Range) bool {
	for _, c := range pr.content {
		if c.Start <= r.Start && r.End <= c.End {
			return true
		}
	}
	return false
}

// unitOf returns the number of the unit that holds token i.
func (p *page) unitOf(i int) int {
	n, found := slices.BinarySearchFunc(p.units, i, func(u unit, i int) int { return u.items[0].Start - i })
	if found {
		return n
	}
	return max(0, n-1)
}
