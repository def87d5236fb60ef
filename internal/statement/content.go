package statement

import (
	"strings"

	"crosscheck/internal/text"
)

// propose finds what report k reports and adds the proposal.
func (s *scan) propose(k int) {
	r := &s.reports[k]
	leader := 0
	if r.inherits {
		if leader = s.inheritFrom(k); leader < 0 {
			return
		}
	}
	pr := proposal{unit: s.n, cue: s.u.tokens(r.at, r.end), lemma: r.verb.lemma, stance: r.verb.stance, coordinate: r.inherits}
	if r.s1 > r.s0 {
		pr.source = s.u.tokens(r.s0, r.s1)
	}
	if r.relative {
		pr.named = pr.source
		pr.source = s.u.tokens(r.who, r.who+1)
	}
	for _, c := range s.contentOf(k) {
		if c.Len() > 0 {
			pr.content = append(pr.content, s.u.tokens(c.Start, c.End))
		}
	}
	if len(pr.content) == 0 && !s.colonAtEnd(r) {
		return
	}
	s.out = append(s.out, s.beside(k, pr)...)
}

// inheritFrom gives report k the subject of the report before it, or the one
// the unit opens with; -1 when there is none.
func (s *scan) inheritFrom(k int) int {
	r := &s.reports[k]
	for j := k - 1; j >= 0; j-- {
		if q := &s.reports[j]; q.s1 > q.s0 && !q.accordance {
			r.s0, r.s1 = q.s0, q.s1
			return 0
		}
	}
	a, b := s.firstSubject(r.at)
	if b <= a || a >= r.at {
		return -1
	}
	r.s0, r.s1 = a, b
	return 0
}

// colonAtEnd reports whether the unit stops right behind the cue in a colon:
// the quotation is the next paragraph.
func (s *scan) colonAtEnd(r *report) bool {
	n := len(s.u.items)
	return s.w(n-1) == ":" && r.at < n && !r.accordance && r.verb.use&(useClause|useThat|useQuote|usePerson) != 0
}

// contentOf returns the items report k reports.
func (s *scan) contentOf(k int) []text.Range {
	r := &s.reports[k]
	if r.accordance {
		return s.accordingContent(k)
	}
	start, sure := s.skipAdjuncts(r, r.tail)
	if before, ok := s.before(k); ok {
		return append(before, s.restAfter(k, start)...)
	}
	if c := s.colonQuote(k, r.tail); c > 0 && s.w(start) != "that" {
		return []text.Range{{Start: c + 1, End: s.contentEnd(k, c+1)}}
	}
	if r.inverted && r.at > 0 {
		return s.laterQuote(k, start)
	}
	end := s.contentEnd(k, start)
	if !s.reportable(r, start, end, sure) {
		return s.laterQuote(k, start)
	}
	return []text.Range{{Start: s.skipThat(start), End: end}}
}

func (s *scan) skipThat(i int) int {
	for s.w(i) == ":" || s.w(i) == "," || s.w(i) == "that" {
		i++
	}
	return i
}

// before returns what stands before the subject and cue of report k when that
// is what they report.
func (s *scan) before(k int) ([]text.Range, bool) {
	r := &s.reports[k]
	first := r.at
	if !r.inverted && r.s0 < r.s1 && !r.inherits {
		first = r.s0
	}
	if r.inherits || r.relative || first == 0 || r.verb.use&useInvert == 0 && !s.u.isQuote(first-1) && r.verb.use&usePerson == 0 {
		return nil, false
	}
	end := first
	for end > 0 && (adverbs[s.w(end-1)] || s.w(end-1) == "and" || s.w(end-1) == "as") {
		end--
	}
	if end == 0 {
		return nil, false
	}
	switch w := s.w(end - 1); {
	case s.u.isQuote(end - 1):
	case w == "," || w == "—" || w == "–":
		end--
	default:
		return nil, false
	}
	if end == 0 {
		return nil, false
	}
	if !s.u.isQuote(end-1) && !r.inverted {
		after, _ := s.skipAdjuncts(r, r.tail)
		if !s.endsReport(after) && !s.listAfter(after) || !s.complete(0, end) && !s.parenthetic(k, after) {
			return nil, false
		}
		if r.verb.use&useClause == 0 && s.p.isWord(s.u, after) {
			return nil, false
		}
	}
	if r.inverted && !s.u.isQuote(end-1) && end < 4 && !s.complete(0, end) {
		return nil, false
	}
	return s.frontSpans(k, end)
}

// complete reports whether items a to b hold a main clause.
func (s *scan) complete(a, b int) bool {
	if !s.clauseIn(a, b) {
		return false
	}
	if !subordinators[s.w(a)] {
		return true
	}
	for i := a; i < b; i++ {
		if s.w(i) == "," {
			return true
		}
	}
	return false
}

// frontSpans is the fronted content that ends before item end.
func (s *scan) frontSpans(k, end int) ([]text.Range, bool) {
	start := 0
	if k > 0 {
		if q := &s.reports[k-1]; s.u.isQuote(end-1) && s.reports[k-1].at < end-1 {
			start = end - 1
			switch embedded := s.w(start-1) != "," && s.w(start-1) != ":" && start > q.tail; {
			case embedded && s.w(q.s0) != "" && q.s0 < q.s1 && q.s1 <= q.at && (q.s0 == 0 || s.w(q.s0-1) == ","):
				start = q.s0 // "A said that it was “B,” C says": C reports all of it
			case embedded:
				start = q.tail
			}
			for start < end-1 && !s.p.isWord(s.u, start) && !s.u.isQuote(start) {
				start++
			}
		}
	}
	if k > 0 {
		start = max(start, s.lastSemicolon(s.reports[k-1].tail, end))
	}
	for start < end && (s.w(start) == "but" || s.w(start) == "and" || s.w(start) == "," || s.w(start) == ";" || s.w(start) == "—" || s.w(start) == "–") {
		start++
	}
	if start >= end {
		return nil, false
	}
	return []text.Range{{Start: start, End: end}}, true
}

// lastSemicolon returns the last semicolon from item a to before b, 0 for none.
func (s *scan) lastSemicolon(a, b int) int {
	for i := b - 1; i >= a; i-- {
		if s.w(i) == ";" {
			return i
		}
	}
	return 0
}

// endsReport reports whether nothing that could be content starts at item i.
func (s *scan) endsReport(i int) bool {
	if i >= len(s.u.items) {
		return true
	}
	switch s.w(i) {
	case ".", ",", ";", "!", "?", "—", "–", "…", ")":
		return true
	case "after", "when", "as", "while", "before", "during", "and", "but", "following", "because", "in", "on", "at", "of", "about", "to", "from", "with", "referring":
		return true
	}
	return strings.HasSuffix(s.w(i), "ing") && !s.p.isCap(s.u, i)
}

// clauseIn reports whether a finite verb seems to stand in items a to b.
func (s *scan) clauseIn(a, b int) bool {
	for i := a; i < min(b, len(s.u.items)); i++ {
		if s.u.isQuote(i) && s.u.items[i].Len() > 4 {
			return true
		}
		w := s.w(i)
		if auxiliaries[w] || commonVerbs[w] || i > a && s.p.looksVerb(s.u, i) || s.cues[w].form&(formPast|formThird) != 0 {
			return true
		}
		if len(w) > 4 && w[len(w)-1] == 's' && i > a && !s.p.isCap(s.u, i) && !strings.HasSuffix(w, "ss") && (determiners[s.w(i+1)] || isObject(s.w(i+1))) {
			return true
		}
		if len(w) > 3 && w[len(w)-1] == 's' && i > a && !s.p.isCap(s.u, i) && !strings.HasSuffix(w, "ss") && (s.p.isCap(s.u, i-1) || pronouns[s.w(i-1)]) {
			return true
		}
	}
	return false
}

// limit is the first item of the next report of the unit, or the unit's end.
func (s *scan) limit(k int) int {
	if k+1 == len(s.reports) {
		return len(s.u.items)
	}
	r := &s.reports[k+1]
	if !r.inverted && !r.inherits && r.s0 < r.s1 && r.s0 > s.reports[k].at {
		return r.s0
	}
	return r.at
}

// contentEnd is where the content of report k that starts at item i ends.
func (s *scan) contentEnd(k, i int) int {
	for j := k + 1; j < len(s.reports); j++ {
		r := &s.reports[j]
		if r.at < i {
			continue
		}
		if end, ok := s.cutBefore(r, i); ok {
			return s.cutAside(&s.reports[k], i, end)
		}
	}
	return s.cutAside(&s.reports[k], i, len(s.u.items))
}

// cutAside ends the object of a verb before an aside of the reporter's: a dash,
// ", while", "even as".
func (s *scan) cutAside(r *report, i, end int) int {
	for j := i + 2; j < end; j++ {
		w, next := s.w(j), s.w(j+1)
		switch {
		case w == "," && (next == "while" || next == "according"), w == ";" && !s.u.isQuote(j+1):
			return j
		case r.verb.use&useObject == 0 || s.w(r.end) == "that":
		case w == "—" || w == "–" || w == "even" && next == "as" || w == "," && (next == "when" || next == "who" || next == "as" || next == "but"):
			return j
		}
	}
	return end
}

// cutBefore returns where a later report of the same unit ends what an earlier
// one reports: joined to it by a conjunction or a comma.
func (s *scan) cutBefore(r *report, i int) (int, bool) {
	first := r.at
	if !r.inherits && !r.inverted && r.s0 < r.s1 {
		first = r.s0
	}
	if r.relative {
		return 0, false
	}
	j := first
	for j > i && adverbs[s.w(j-1)] {
		j--
	}
	joined := false
	for j > i {
		switch s.w(j - 1) {
		case "and", "but", ";", "while", "whereas", "—", "–":
			joined = true
		case ",":
			joined = joined || r.inherits || s.closing(r)
		default:
			return j, joined && j > i && (r.inherits || s.clauseIn(i, j))
		}
		j--
	}
	return j, false
}

// closing reports whether nothing that could be content follows a report, so
// that it reports what stands before it.
func (s *scan) closing(r *report) bool {
	after, sure := s.skipAdjuncts(r, r.tail)
	return !sure && r.s0 < r.at && (after >= len(s.u.items) || s.w(after) == ".")
}

// reportable reports whether items start to end can be what the verb reports.
func (s *scan) reportable(r *report, start, end int, sure bool) bool {
	if start >= end || !s.hasWord(start, end) {
		return false
	}
	w := s.w(start)
	if !sure && !contraction(w) && (auxiliaries[w] || commonVerbs[w] || s.p.looksVerb(s.u, start) || w == "and" || w == "but" || w == "who" || w == "which") {
		return false
	}
	switch {
	case s.u.isQuote(start):
		return s.u.items[start].Len() > 3 || r.verb.use&(useClause|useThat|useObject) != 0
	case w == ":":
		return true
	case w == "," && s.u.isQuote(start+1):
		return true
	case w == "," || w == "." || w == ";" || w == "—":
		return sure
	case r.verb.use&(useClause|useThat|usePerson) != 0 && (sure || w == "that"):
		return true
	}
	return s.bareContent(r, start, end)
}

// bareContent judges content without "that" or quotation marks.
func (s *scan) bareContent(r *report, start, end int) bool {
	w := s.w(start)
	use := r.verb.use
	switch {
	case use&useObject != 0 && !s.onlyPronoun(start) && s.objectFits(r, start, end):
		return true
	case use&usePerson != 0:
		return w == "to" || w == "if" || w == "whether" || w == "not" || w == "why" || w == "how" || w == "what" || w == "about" && r.verb.lemma != "ask" || s.clauseIn(start, end) && (pronouns[w] || contraction(w) || determiners[w])
	case use&useClause != 0:
		if r.verb.lemma == "say" && end-start > 2 && !s.u.isQuote(start) && (!prepositions[w] || s.clauseIn(start, end)) {
			return true
		}
		return pronouns[w] || contraction(w) || s.clauseIn(start, min(start+16, end)) && !prepositions[w] || w == "to" && r.verb.lemma != "say" || r.end != r.at+1
	case use&useThat != 0:
		return (pronouns[w] || contraction(w) || w == "there") && s.clauseIn(start, min(start+6, end)) || w == "whether" || w == "if" || w == "how" || w == "why"
	}
	return false
}

// onlyPronoun reports whether the object at item i is no more than a pronoun:
// "denied it on Tuesday", "warned of that".
func (s *scan) onlyPronoun(i int) bool {
	if prepositions[s.w(i)] {
		i++
	}
	switch s.w(i) {
	case "it", "this", "that", "them", "these", "those":
		next := s.w(i + 1)
		return !s.p.isWord(s.u, i+1) && !s.u.isQuote(i+1) || prepositions[next] && next != "to" || isDay(next) || adverb(next) || next == "and" || next == "but" || next == "when"
	}
	return false
}

// objectFits rejects objects that make another sense of the verb.
func (s *scan) objectFits(r *report, start, end int) bool {
	w := s.w(start)
	if r.verb.form&formPart != 0 && r.verb.form != formIng && (w == "of" || w == "by" || w == "as" || w == "in" || w == "at") && r.end == start && r.verb.lemma != "warn" && r.verb.lemma != "complain" {
		return false
	}
	switch r.verb.lemma {
	case "call", "brand", "label":
		if r.end > r.at+1 {
			return true
		}
		return s.complement(start, end)
	case "express", "voice", "offer":
		return s.w(start) != "the"
	case "read", "report", "detail", "defend", "cite", "argue", "question":
		return r.verb.form != formThird
	}
	return true
}

// complement reports whether a second phrase follows the object: "called the
// claim a lie", "called it “absurd”".
func (s *scan) complement(start, end int) bool {
	i := max(s.p.nounPhraseAfter(s.u, start, end), start+1)
	for i < end && s.w(i) == "," {
		i++
	}
	w := s.w(i)
	if s.u.isQuote(start) || s.u.isQuote(i) || w == "a" || w == "an" || w == "the" {
		return i < end
	}
	return i < end && s.p.isWord(s.u, i) && !prepositions[w] && !conjunctions[w] && !adverb(w) && !auxiliaries[w] && w != "and" && !isDay(w) && s.quoteIn(i, min(i+6, end))
}

func (s *scan) quoteIn(a, b int) bool {
	for i := a; i < b; i++ {
		if s.u.isQuote(i) {
			return true
		}
	}
	return false
}

func (s *scan) hasWord(a, b int) bool {
	for i := a; i < b; i++ {
		if s.u.isQuote(i) || s.p.isWord(s.u, i) {
			return true
		}
	}
	return false
}
