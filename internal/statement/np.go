package statement

import "strings"

// nounPhraseBefore returns the first item of the noun phrase whose last item
// is end, not going below lo; end+1 when none ends there.
func (p *page) nounPhraseBefore(u *unit, lo, end int) int {
	if end < lo || end < 0 {
		return end + 1
	}
	w := p.folded(u, end)
	if pronouns[w] {
		return end
	}
	start := p.minimalBefore(u, lo, end)
	for start <= end {
		next := p.extendBefore(u, lo, start)
		if next == start {
			break
		}
		start = next
	}
	return start
}

// minimalBefore takes the head and what stands before it up to a determiner,
// without crossing a preposition.
func (p *page) minimalBefore(u *unit, lo, end int) int {
	start := end + 1
	for i := end; i >= lo; i-- {
		w := p.folded(u, i)
		switch {
		case u.isQuote(i):
			if i == end || !p.isScare(u, i) {
				return start
			}
		case w == "." || w == "&" || w == "-" || w == "/":
			if !p.insideName(u, i) {
				return start
			}
		case !p.isWord(u, i), prepositions[w] && !p.isCapInside(u, i), conjunctions[w], auxiliaries[w]:
			return start
		case determiners[w] && i > lo && p.folded(u, i-1) == "-" && p.insideName(u, i-1): // "forty-one"
		case determiners[w] && !p.isCapInside(u, i):
			if i == end {
				return p.determinerAlone(i, w, start)
			}
			return i
		case adverbs[w] && !p.isCapInside(u, i), pronouns[w], isDay(w) && i == start-1 && start <= end && p.folded(u, start) != "":
			return start
		case p.looksVerb(u, i) && i < end:
			return start
		}
		start = i
	}
	return start
}

// isScare reports whether the quotation at item i is a few words inside a
// phrase rather than something said: “people’s militia”.
func (p *page) isScare(u *unit, i int) bool {
	q := p.outer[u.items[i].quote]
	in := q.Inner()
	return q.Close >= 0 && in.Len() <= 5 && !edgeMark(p.low[in.End-1]) && i > 0 && p.isWord(u, i-1)
}

// determinerAlone lets a few determiners stand for a speaker ("Some said").
func (p *page) determinerAlone(i int, w string, start int) int {
	switch w {
	case "some", "many", "several", "both", "all", "most", "another", "others", "one", "half", "few":
		return i
	}
	return start
}

func isDay(w string) bool { _, ok := dayNames[w]; return ok }

// isCapInside reports whether item i is capitalised although no sentence
// starts there.
func (p *page) isCapInside(u *unit, i int) bool { return i > 0 && p.isCap(u, i) }

// insideName reports whether the mark at i belongs to a name: an initial, an
// abbreviation, a hyphen.
func (p *page) insideName(u *unit, i int) bool {
	if i == 0 || i+1 >= len(u.items) || !p.isWord(u, i-1) {
		return false
	}
	before, here := u.items[i-1], u.items[i]
	touches := p.Tokens[before.Start].End == p.Tokens[here.Start].Start
	if p.folded(u, i) != "." {
		return touches
	}
	return touches && p.isCap(u, i-1) && p.Tokens[before.Start].End-p.Tokens[before.Start].Start <= 5
}

// looksVerb guesses whether a lower-case word is a finite verb or participle.
func (p *page) looksVerb(u *unit, i int) bool {
	w := p.folded(u, i)
	if w == "" || p.isCap(u, i) {
		return false
	}
	if auxiliaries[w] || commonVerbs[w] {
		return true
	}
	if !strings.HasSuffix(w, "ed") || len(w) < 5 {
		return false
	}
	// "the wounded soldier", "armed forces": a participle behind a determiner is an adjective
	return !determiners[p.folded(u, i-1)] && w != "armed" && w != "united" && !strings.HasSuffix(w, "eed")
}

// extendBefore goes on over "of", "for" and the like when a noun that takes
// one stands before: "a spokesman for | the ministry".
func (p *page) extendBefore(u *unit, lo, start int) int {
	i := start - 1
	if i-1 < lo {
		return start
	}
	w := p.folded(u, i)
	switch {
	case w == "by" && documentNouns[p.folded(u, i-1)]:
	case w == "by" && i-2 >= lo && strings.HasSuffix(p.folded(u, i-1), "ed"): // "drivers reached by the Gazette"
		if s := p.minimalBefore(u, lo, i-2); s <= i-2 {
			return s
		}
		return start
	case w == "of" || w == "for" || w == "from" || w == "with" || w == "at" || w == "in" || w == "to" || w == "on":
		if !p.takesPhrase(u, i-1, w) {
			return start
		}
		if w == "of" && determiners[p.folded(u, i-1)] {
			return i - 1
		}
	case w == "and" || w == "&" || w == "or":
		if !(p.isCap(u, i-1) && p.isCap(u, start)) && !(peopleNoun(p.folded(u, i-1)) && peopleNoun(p.folded(u, start))) {
			return start
		}
	default:
		return start
	}
	if s := p.minimalBefore(u, lo, i-1); s < i {
		return s
	}
	return start
}

func (p *page) takesPhrase(u *unit, i int, prep string) bool {
	w := p.folded(u, i)
	if peopleNoun(w) || prep == "of" && determiners[w] && w != "the" {
		return true
	}
	if (prep == "in" || prep == "at") && p.isCap(u, i) && (orgNouns[w] || p.folded(u, i-1) == "of" && orgNouns[p.folded(u, i-2)]) {
		return true // "the Ministry of Defence in Hallin"
	}
	return prep == "of" && (orgNouns[w] || documentNouns[w] || p.isCapInside(u, i) || titles[w] || strings.HasSuffix(w, "s")) ||
		prep == "for" && (orgNouns[w] && p.isCap(u, i) || documentNouns[w])
}

func peopleNoun(w string) bool { return roleNouns[w] || documentNouns[w] && w != "text" }

// speakerNoun reports whether a lower-case noun names someone who speaks.
func speakerNoun(w string) bool {
	if roleNouns[w] || orgNouns[w] || documentNouns[w] || pronouns[w] || determiners[w] {
		return true
	}
	w = strings.TrimSuffix(w, "s")
	for _, end := range []string{"er", "or", "ist", "ian", "man", "men", "woman", "ant", "ee", "person"} {
		if len(w) > len(end)+1 && strings.HasSuffix(w, end) {
			return true
		}
	}
	return orgNouns[w] || roleNouns[w]
}

// adverb reports whether a word is an adverb.
func adverb(w string) bool { return adverbs[w] || len(w) > 4 && strings.HasSuffix(w, "ly") }

// nounPhraseAfter returns the item behind the noun phrase that starts at
// item i; i when none starts there.
func (p *page) nounPhraseAfter(u *unit, i, hi int) int {
	w := p.folded(u, i)
	if i >= hi || w == "" || !p.isWord(u, i) {
		return i
	}
	if pronouns[w] {
		return i + 1
	}
	if !(determiners[w] || p.isCap(u, i) || peopleNoun(w) || orgNouns[w] || strings.HasSuffix(w, "'s") || p.leadsToRole(u, i, hi)) || isDay(w) {
		return i
	}
	j := i + 1
	for ; j < hi; j++ {
		if p.endsPhrase(u, i, j, hi) {
			break
		}
	}
	for j > i+1 && (p.folded(u, j-1) == "of" || p.folded(u, j-1) == "and" || determiners[p.folded(u, j-1)]) {
		j--
	}
	return j
}

// leadsToRole reports whether a lower-case modifier at i leads to a noun for a
// speaker: "senior officials", "military spokesman Ivo Brandt".
func (p *page) leadsToRole(u *unit, i, hi int) bool {
	for j := i; j < min(i+4, hi); j++ {
		w := p.folded(u, j)
		if peopleNoun(w) {
			return true
		}
		if !p.isWord(u, j) || prepositions[w] || conjunctions[w] || p.looksVerb(u, j) || pronouns[w] {
			return w == "-"
		}
	}
	return false
}

// endsPhrase reports whether the noun phrase that began at item i ends before
// item j.
func (p *page) endsPhrase(u *unit, i, j, hi int) bool {
	w := p.folded(u, j)
	switch {
	case u.isQuote(j):
		return !p.isScare(u, j) || j+1 >= hi || !p.isWord(u, j+1)
	case w == "." || w == "-" || w == "&" || w == "/":
		return !p.insideName(u, j) || j+1 >= hi
	case w == "of":
		return false
	case w == "for" || w == "from" || w == "at" || w == "with" || w == "in":
		return !p.phraseTaker(u, i, j) || p.namesChannel(u, j+1)
	case w == "and":
		return !(p.isCap(u, j-1) && p.isCap(u, j+1) && p.endsSpeaker(u, j+1, hi))
	case !p.isWord(u, j), prepositions[w], conjunctions[w], auxiliaries[w], isDay(w), pronouns[w]:
		return true
	case adverbs[w] && !p.isCap(u, j):
		return true
	case determiners[w] && !p.isCap(u, j) && p.folded(u, j-1) != "of" && !prepositions[p.folded(u, j-1)]:
		return true
	case strings.HasSuffix(w, "ing") && !p.isCap(u, j) && !determiners[p.folded(u, j-1)] && p.isCap(u, j-1):
		return true
	}
	return p.looksVerb(u, j)
}

// endsSpeaker reports whether the second of two joined names is followed by
// nothing verbal: "said Olm and Rask."
func (p *page) endsSpeaker(u *unit, i, hi int) bool {
	for j := i; j < min(i+5, hi); j++ {
		if !p.isCap(u, j) {
			return !p.isWord(u, j) || prepositions[p.folded(u, j)]
		}
	}
	return true
}

// phraseTaker reports whether a noun between i and j takes a prepositional
// phrase: "a spokesman", "an analyst".
func (p *page) phraseTaker(u *unit, i, j int) bool {
	return peopleNoun(p.folded(u, j-1)) || j-1 > i && peopleNoun(p.folded(u, j-1))
}

// channelNouns are the things one says something in, at or on.
var channelNouns = wordSet(`statement statements interview interviews conference briefing briefings post posts message messages
	tweet tweets report letter speech address video note memo email remarks comments broadcast podcast telegram twitter
	facebook channel television tv radio x website blog bulletin communiqué communique release reply response press
	appearance call rally hearing testimony ceremony meeting summit forum instagram thread newsletter column article
	op-ed essay book mastodon bluesky page account site visit signal whatsapp viber youtube tiktok notice telephone
	phone`)

// namesChannel reports whether a channel noun stands within a few items of i.
func (p *page) namesChannel(u *unit, i int) bool {
	for j := i; j < min(i+5, len(u.items)); j++ {
		w := p.folded(u, j)
		if channelNouns[w] {
			return true
		}
		if !p.isWord(u, j) && w != "-" {
			return false
		}
	}
	return false
}
