package statement

import "strings"

// finite finds the subject of a finite verb.
func (s *scan) finite(r *report) bool {
	j := s.skipBack(r.at - 1)
	if w := s.w(j - 2); s.w(j) == "to" && s.w(j-1) == "on" && (w == "went" || w == "goes" || w == "go") {
		j = s.skipBack(j - 3) // "went on to say"
	}
	r.tail = r.end
	if j < 0 || s.u.isQuote(j) {
		return s.invert(r)
	}
	switch w := s.w(j); {
	case w == "," && adverbs[s.w(j-1)] && s.w(j-2) == ",": // "Others, however, say"
		j = s.skipBack(j - 3)
	case w == "," && s.w(r.at-1) == "then":
		r.inherits = true
		return true
	case w == "," || w == "—" || w == "–" || w == "-" && j > 0:
		return s.afterComma(r, j)
	case w == "and" || w == "but" || w == "or" || w == "then":
		r.inherits = true
		return true
	case w == "who" || w == "which" || w == "that":
		return s.relativeSubject(r, j)
	case w == ")":
		return s.afterBracket(r, j)
	}
	if r.verb.form&formFinite == 0 && !s.perfect(r.at) {
		return false
	}
	if r.s0 = s.p.nounPhraseBefore(s.u, 0, j); r.s0 > j {
		return s.wholeSegment(r, j)
	}
	r.s1 = j + 1
	if w := s.w(r.s0 - 1); r.verb.form&formBase != 0 && r.verb.form&formPast == 0 && (modals[w] && w != "to" || w == "did" || w == "does" || w == "do") {
		return false // "Nor would he say", "Did she say"
	}
	s.trimSubject(r)
	if s.ourOwn(r) {
		return false
	}
	return s.agrees(r) || r.verb.form&formPast != 0 && s.wholeSegment(r, j)
}

// ourOwn reports whether the writers speak of their own words: "Where we write".
func (s *scan) ourOwn(r *report) bool {
	switch s.w(r.s0) {
	case "we", "i", "you":
		w := s.w(r.s0 - 1)
		return w == "where" || w == "wherever" || w == "when" || w == "if" || w == "as"
	}
	return false
}

// wholeSegment takes everything since the last comma as the subject where it
// names someone and holds no verb: "a source close to him".
func (s *scan) wholeSegment(r *report, j int) bool {
	a := j
	for a > 0 && j-a < 12 && s.p.isWord(s.u, a-1) {
		a--
	}
	if a > 0 && s.w(a-1) != "," || !determiners[s.w(a)] && !peopleNoun(s.w(a)) {
		return false
	}
	for i := a; i <= j; i++ {
		if w := s.w(i); auxiliaries[w] || commonVerbs[w] || w == "who" || w == "that" || pronouns[w] {
			return false
		}
	}
	if !s.canSpeak(a, j+1) {
		return false
	}
	r.s0, r.s1 = a, j+1
	return true
}

// perfect reports whether "has", "have" or "had" stands before item i.
func (s *scan) perfect(i int) bool {
	for j := i - 1; j >= 0 && j > i-4; j-- {
		switch w := s.w(j); {
		case w == "has" || w == "have" || w == "had" || w == "having":
			return true
		case !adverbs[w]:
			return false
		}
	}
	return false
}

// skipBack goes left over adverbs, auxiliaries and times.
func (s *scan) skipBack(j int) int {
	for j >= 0 {
		w := s.w(j)
		switch {
		case isDay(w) && s.w(j-1) == "on", timeUnits[w] && (s.w(j-1) == "last" || s.w(j-1) == "this"):
			j -= 2
		case (adverbs[w] || auxiliaries[w]) && !(s.p.isCap(s.u, j) && j > 0) || isDay(w) && j > 0 && s.p.isWord(s.u, j-1):
			j--
		default:
			return j
		}
	}
	return j
}

// invert takes the noun phrase behind the verb as its subject.
func (s *scan) invert(r *report) bool {
	if r.verb.use&useInvert == 0 || r.verb.form&formFinite == 0 {
		return false
	}
	i := r.end
	for adverbs[s.w(i)] {
		i++
	}
	if isObject(s.w(i)) {
		return false
	}
	end := s.p.nounPhraseAfter(s.u, i, len(s.u.items))
	if end == i && s.u.isQuote(r.at-1) {
		end = s.loosePhrase(i)
	}
	if end == i || s.p.looksVerb(s.u, end) {
		return false
	}
	end = s.withName(i, end)
	r.s0, r.s1, r.inverted, r.tail = i, end, true, end
	return r.at > 0 || s.u.isQuote(end+1)
}

// loosePhrase takes "retired Gen. Olm" or "master of ceremonies Olm" as a
// phrase where a quotation leaves no doubt that a speaker follows.
func (s *scan) loosePhrase(i int) int {
	for j := i; j < min(i+6, len(s.u.items)); j++ {
		w := s.w(j)
		if s.p.isCap(s.u, j) {
			return s.p.nounPhraseAfter(s.u, j, len(s.u.items))
		}
		if !s.p.isWord(s.u, j) && w != "-" || auxiliaries[w] || pronouns[w] || conjunctions[w] || prepositions[w] && w != "of" {
			break
		}
	}
	return i
}

func isObject(w string) bool {
	switch w {
	case "him", "her", "them", "us", "me":
		return true
	}
	return false
}

// afterComma decides between `…, said X` and `X, apposition, said`.
func (s *scan) afterComma(r *report, comma int) bool {
	if s.u.isQuote(comma - 1) {
		return s.invert(r)
	}
	if s.apposition(r, comma) {
		return true
	}
	return s.invert(r)
}

// apposition finds the subject before the apposition that ends at the comma.
func (s *scan) apposition(r *report, comma int) bool {
	if end := s.beforeBracket(comma); end < comma && end > 0 {
		if start := s.p.nounPhraseBefore(s.u, 0, end-1); start < end && s.canSpeak(start, end) && s.opensClause(start) {
			r.s0, r.s1 = start, end
			return true
		}
	}
	for c := comma - 1; c > 0; c-- {
		if s.u.isQuote(c) && s.u.items[c].Len() > 8 {
			return false
		}
		if w := s.w(c); w != "," && w != "—" && w != "–" {
			continue
		}
		end := s.beforeBracket(c)
		start := s.p.nounPhraseBefore(s.u, 0, end-1)
		if !s.opensClause(start) {
			start = s.segment(end)
		}
		if start >= end || !s.canSpeak(start, end) || !s.appositive(c+1, comma) {
			continue
		}
		r.s0, r.s1 = start, end
		if s.isName(c+1, comma) {
			r.s1 = comma
		}
		return true
	}
	return false
}

// beforeBracket returns where a bracket that closes right before item i opens,
// i when none does.
func (s *scan) beforeBracket(i int) int {
	if s.w(i-1) != ")" {
		return i
	}
	for j := i - 2; j > 0 && j > i-12; j-- {
		if s.w(j) == "(" {
			return j
		}
	}
	return i
}

// segment returns the item after the last mark before item end, when what
// stands between is a phrase without a verb; end when it is not.
func (s *scan) segment(end int) int {
	a := end
	for a > 0 && end-a < 12 && s.p.isWord(s.u, a-1) {
		a--
		if w := s.w(a); auxiliaries[w] || commonVerbs[w] || conjunctions[w] || pronouns[w] || s.p.looksVerb(s.u, a) {
			return end
		}
	}
	if w := s.w(a); a > 0 && s.w(a-1) != "," || !determiners[w] && !s.p.isCap(s.u, a) || prepositions[w] {
		return end
	}
	return a
}

// canSpeak reports whether items a to b look like someone who speaks: a name,
// or a noun for a person or a body.
func (s *scan) canSpeak(a, b int) bool {
	if determiners[s.w(a)] && s.w(a+1) == "of" && isObject(s.w(a+2)) { // "one of them"
		return a+2 < b
	}
	for i := a; i < b; i++ {
		w := s.w(i)
		if s.p.isCap(s.u, i) && !determiners[w] && !isDay(w) && !prepositions[w] && !adverbs[w] {
			return true
		}
		if roleNouns[w] || orgNouns[w] || documentNouns[w] || pronouns[w] {
			return true
		}
	}
	return false
}

// opensClause reports whether a subject that starts at item i starts a clause.
func (s *scan) opensClause(i int) bool {
	if i == 0 || !s.p.isWord(s.u, i-1) {
		return true
	}
	w := s.w(i - 1)
	return conjunctions[w] || adverbs[w] || w == "and"
}

// appositive reports whether items a to b are no clause of their own.
func (s *scan) appositive(a, b int) bool {
	if a >= b {
		return false
	}
	switch w := s.w(a); {
	case w == "who" || w == "whose" || w == "which" || w == "whom":
		return true
	case pronouns[w] || w == "and" || w == "but" || w == "when" || w == "while":
		return false
	}
	for i := a; i < b; i++ {
		if auxiliaries[s.w(i)] && s.relativeFree(a, i) {
			return false
		}
	}
	return true
}

// relativeFree reports whether no relative pronoun stands between a and i.
func (s *scan) relativeFree(a, i int) bool {
	for ; a < i; a++ {
		switch s.w(a) {
		case "who", "which", "that", "whose", "where":
			return false
		}
	}
	return true
}

// withName lengthens a role that ends at item end by the name set behind it:
// "the regional governor, Pell Anders".
func (s *scan) withName(i, end int) int {
	if end <= i || s.w(end) != "," || s.p.isCap(s.u, end-1) || !peopleNoun(s.w(s.headOf(i, end))) {
		return end
	}
	j := s.capRun(end + 1)
	if s.w(j-1) == "," {
		j--
	}
	if !s.isName(end+1, j) || s.p.isWord(s.u, j) {
		return end
	}
	return j
}

// capRun returns where the capitalised words at item i end.
func (s *scan) capRun(i int) int {
	for i < len(s.u.items) && (s.p.isCap(s.u, i) && !pronouns[s.w(i)] || s.p.insideName(s.u, i)) {
		i++
	}
	return i
}

// isName reports whether items a to b are a bare name of two to four words.
func (s *scan) isName(a, b int) bool {
	if b-a < 2 || b-a > 5 {
		return false
	}
	for i := a; i < b; i++ {
		if !s.p.isCap(s.u, i) && !s.p.insideName(s.u, i) || orgNouns[s.w(i)] {
			return false
		}
	}
	return true
}

// relativeSubject finds the antecedent of "who said".
func (s *scan) relativeSubject(r *report, j int) bool {
	end := j - 1
	if s.w(end) == "," {
		end--
	}
	start := s.p.nounPhraseBefore(s.u, 0, end)
	if start > end || !s.canSpeak(start, end+1) || s.w(j) == "that" && s.w(end+1) == "," {
		return false
	}
	r.s0, r.s1, r.relative, r.who = start, end+1, true, j
	return true
}

// afterBracket takes the phrase before a bracket as the subject.
func (s *scan) afterBracket(r *report, j int) bool {
	for ; j > 0; j-- {
		if s.w(j) == "(" {
			if r.s0 = s.p.nounPhraseBefore(s.u, 0, j-1); r.s0 >= j {
				return false
			}
			r.s1 = j
			return true
		}
	}
	return false
}

// trimSubject drops a leading adverbial from a subject: "Later that day the".
func (s *scan) trimSubject(r *report) {
	for r.s0 < r.s1-1 {
		w := s.w(r.s0)
		if !(adverbs[w] || w == "and" || w == "but" || w == "so" || w == "yet" || w == "." || isDay(w)) {
			return
		}
		r.s0++
	}
}

// agrees rejects a subject that is none: a noun read as a verb behind it.
func (s *scan) agrees(r *report) bool {
	w := s.w(r.s0)
	if r.s1-r.s0 == 1 && (prepositions[w] || adverbs[w] || conjunctions[w] || determiners[w] && s.p.determinerAlone(0, w, 1) == 1) {
		return false
	}
	head := s.w(s.headOf(r.s0, r.s1))
	if possessive(head) {
		return false
	}
	if r.verb.lemma == "say" || r.s0 > 0 && s.u.isQuote(r.s0-1) {
		return true
	}
	if r.verb.form == formBase || r.verb.form == formThird && nounish[r.verb.lemma] {
		if !s.verbLike(r) {
			return false
		}
	}
	if r.verb.form == formBase {
		return pronouns[head] || s.plural(s.headOf(r.s0, r.s1))
	}
	return pronouns[head] || s.p.isCap(s.u, s.headOf(r.s0, r.s1)) || speakerNoun(head)
}

// headOf is the item of the noun a subject is about.
func (s *scan) headOf(a, b int) int {
	for i := a + 1; i < b; i++ {
		if w := s.w(i); prepositions[w] || w == "," || w == "and" || s.w(i+1) == "by" && strings.HasSuffix(w, "ed") {
			return i - 1
		}
	}
	return b - 1
}

// verbLike reports whether what follows a word that may be a noun makes it a
// verb.
func (s *scan) verbLike(r *report) bool {
	w := s.w(r.end)
	if !nounish[r.verb.lemma] {
		return true
	}
	if r.verb.lemma == "state" {
		return w == "that" || w == ":" || s.u.isQuote(r.end)
	}
	return w == "that" || w == ":" || s.u.isQuote(r.end) || pronouns[w] || determiners[w] || w == "there" || s.p.isCap(s.u, r.end) || r.end > r.at+1
}

func (s *scan) plural(i int) bool {
	w := s.w(i)
	return len(w) > 2 && w[len(w)-1] == 's' || w == "people" || w == "police" || w == "some" || w == "many"
}
