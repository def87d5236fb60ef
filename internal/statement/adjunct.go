package statement

// skipAdjuncts goes from item i over the one spoken to, the channel, the place
// and the time, and returns where content may start, with whether "that" said
// so.
func (s *scan) skipAdjuncts(r *report, i int) (int, bool) {
	n := len(s.u.items)
	if r.verb.use&usePerson != 0 && !r.inverted {
		told := s.listener(r, i)
		if told > i && (s.w(told) == "to" || s.w(told) == "not" && s.w(told+1) == "to") && s.p.isWord(s.u, told+1) && !determiners[s.w(told+1)] {
			return i, true // "urged X to go": the one addressed belongs to it
		}
		i = told
	}
	for i < n {
		next := s.adjunct(r, i)
		if next == i {
			break
		}
		i = next
	}
	if s.w(i) == "that" && r.verb.lemma != "call" {
		return i + 1, true
	}
	if j := s.laterThat(i); j > 0 && !s.u.isQuote(i) && s.w(i) != ":" && r.verb.use&(useClause|useThat|usePerson) != 0 && !r.inverted {
		return j + 1, true
	}
	return i, false
}

// laterThat finds the "that" of "said in the capital of the province that",
// and of "said, citing X, that".
func (s *scan) laterThat(i int) int {
	comma := s.w(i) == ","
	for j := i + 1; j < min(i+14, len(s.u.items)-1); j++ {
		w := s.w(j)
		switch {
		case w == "that" && auxiliaries[s.w(j+1)]: // "of a trial that has"
			return 0
		case w == "that":
			if !comma && (prepositions[s.w(i)] && s.w(i) != "to" || adverbs[s.w(i)] || s.w(i) == "dated") || comma && s.w(j-1) == "," {
				return j
			}
			return 0
		case s.u.isQuote(j), w == ":", w == ";", w == "and", s.cues[w].form&formPast != 0:
			return 0
		case !comma && (w == "," || auxiliaries[w] || pronouns[w]):
			return 0
		}
	}
	return 0
}

// listener goes over the object of "told".
func (s *scan) listener(r *report, i int) int {
	w := s.w(i)
	if isObject(w) || w == "it" {
		return i + 1
	}
	if r.verb.lemma == "ask" && (w == "if" || w == "whether" || w == "why" || w == "how" || w == "what" || w == "for" || w == "about") {
		return i
	}
	if w == "to" || w == "that" {
		return i
	}
	end := s.p.nounPhraseAfter(s.u, i, len(s.u.items))
	if end == i && s.p.isWord(s.u, i) && !prepositions[w] && !conjunctions[w] {
		end = i + 1 // "told parliament"
		for end < len(s.u.items) && s.p.isWord(s.u, end) && channelNouns[s.w(end)] {
			end++
		}
	}
	switch s.w(end) {
	case "who":
		return s.behindRelative(end)
	case ",":
		return s.behindApposition(end)
	}
	return end
}

// behindApposition goes from the comma at item i to the "to" behind what it
// sets off: "asked Mara Olm, the mayor, to come"; i when none follows.
func (s *scan) behindApposition(i int) int {
	for j := i + 1; j < min(i+12, len(s.u.items)); j++ {
		switch w := s.w(j); {
		case w == ",":
			if s.w(j+1) == "to" {
				return j + 1
			}
			return i
		case !s.p.isWord(s.u, j) || auxiliaries[w] || pronouns[w]:
			return i
		}
	}
	return i
}

// behindRelative goes from the "who" at item i to the "to" behind its clause:
// "asked drivers who had seen it to call"; i when none follows.
func (s *scan) behindRelative(i int) int {
	for j := i + 2; j < min(i+16, len(s.u.items)); j++ {
		switch w := s.w(j); {
		case w == "to" && s.p.isWord(s.u, j+1) && !determiners[s.w(j+1)] && !s.p.isCap(s.u, j+1):
			return j
		case !s.p.isWord(s.u, j) || conjunctions[w] && w != "who":
			return i
		}
	}
	return i
}

// adjunct returns the item behind the adverb, date, channel or place that
// starts at item i; i when none does.
func (s *scan) adjunct(r *report, i int) int {
	w := s.w(i)
	switch {
	case w == "":
		return i
	case isDay(w):
		return s.dayParts(i + 1)
	case w == "last" || w == "this" || w == "late" || w == "early" || w == "earlier":
		return s.timeWords(i)
	case adverbs[w] && w != "not" && w != "never" && w != "only":
		return i + 1
	case w == "on" && isDay(s.w(i+1)):
		return s.dayParts(i + 2)
	case w == "of" || w == "about":
		if r.verb.use&(useClause|useThat) != 0 && r.verb.lemma != "warn" {
			return s.topic(i)
		}
		return i
	case prepositions[w]:
		return s.phrase(i)
	}
	return i
}

// dayParts goes over "morning", "night" and a date behind a weekday.
func (s *scan) dayParts(i int) int {
	switch s.w(i) {
	case "morning", "afternoon", "evening", "night":
		return i + 1
	}
	return i
}

func (s *scan) timeWords(i int) int {
	j := i
	for j < i+4 {
		switch w := s.w(j); {
		case w == "last" || w == "this" || w == "late" || w == "early" || w == "earlier" || w == "on" || isDay(w),
			w == "week" || w == "month" || w == "year" || w == "night" || w == "morning" || w == "afternoon" || w == "evening",
			w == "summer" || w == "spring" || w == "winter" || w == "autumn" || w == "day", monthNames[w] > 0:
			j++
			continue
		}
		break
	}
	if j == i+1 && s.w(i) == "this" {
		return i
	}
	return j
}

// phrase goes over a prepositional phrase that names a channel, a place, a
// date or the ones spoken to.
func (s *scan) phrase(i int) int {
	w := s.w(i)
	next := i + 1
	if determiners[s.w(next)] {
		next++
	}
	if end := s.channelPhrase(i); end > i {
		return end
	}
	if end := s.clock(i + 1); end > i+1 && w != "to" {
		return end
	}
	switch {
	case monthNames[s.w(i+1)] > 0 || s.p.isWord(s.u, i+1) && monthNames[s.w(i+2)] > 0:
		return i + 3
	case w == "to" && (roleNouns[s.w(next)] || s.w(next) == "parliament" || s.p.isCap(s.u, next)):
		return s.p.nounPhraseAfter(s.u, i+1, len(s.u.items))
	case (w == "in" || w == "at" || w == "on" || w == "from" || w == "with" || w == "near") && s.p.isCap(s.u, next):
		return s.place(next)
	case (w == "during" || w == "at" || w == "in" || w == "after") && determiners[s.w(i+1)]:
		if end := s.p.nounPhraseAfter(s.u, i+1, len(s.u.items)); s.w(end) == "that" || s.w(end) == ":" || s.w(end) == "." || s.w(end) == "," {
			return end
		}
	case w == "in" && s.p.isWord(s.u, i+1) && len(s.w(i+1)) == 4 && s.w(i + 1)[0] >= '1' && s.w(i + 1)[0] <= '2':
		return i + 2
	}
	return i
}

// clock goes over a time of day: "15:40", "noon", "half past two"; i for none.
func (s *scan) clock(i int) int {
	for _, w := range []string{"a", "about", "shortly", "before", "after"} {
		if s.w(i) == w {
			i++
		}
	}
	w := s.w(i)
	switch {
	case w == "noon" || w == "midnight" || w == "dawn" || w == "dusk":
		return i + 1
	case s.p.isWord(s.u, i+2) && (s.w(i+1) == "past" || s.w(i+1) == "to" && (clockWords[w] || digits(w))):
		return i + 3
	case digits(w) && s.w(i+1) == ":" && digits(s.w(i+2)):
		return s.zone(i + 3)
	case (digits(w) || clockWords[w]) && (s.w(i+1) == "o'clock" || zones[s.w(i+1)]):
		return i + 2
	}
	return i
}

// zone goes over what tells the half of the day or the time zone.
func (s *scan) zone(i int) int {
	if zones[s.w(i)] {
		i++
	}
	return i
}

func digits(w string) bool { return w != "" && w[0] >= '0' && w[0] <= '9' && len(w) <= 2 }

// channelPhrase goes over "in a written statement", "on her channel".
func (s *scan) channelPhrase(i int) int {
	for j := i + 1; j < min(i+7, len(s.u.items)); j++ {
		w := s.w(j)
		if channelNouns[w] && !(channelNouns[s.w(j+1)] && s.p.isWord(s.u, j+1)) {
			if s.p.isCap(s.u, j) {
				return s.capRun(j)
			}
			return j + 1
		}
		if !s.p.isWord(s.u, j) && w != "-" && w != "." || prepositions[w] || auxiliaries[w] || pronouns[w] && w != "one" {
			return i
		}
	}
	return i
}

// place goes over a place name: "in Hallin", "in Hallin, Ostmere,".
func (s *scan) place(i int) int {
	i = s.capRun(i)
	if s.w(i) == "," && s.p.isCap(s.u, i+1) && s.w(s.capRun(i+1)) == "," {
		return s.capRun(i+1) + 1
	}
	return i
}

// topic goes over "said of the plan".
func (s *scan) topic(i int) int {
	if isObject(s.w(i + 1)) {
		return i + 2
	}
	end := s.p.nounPhraseAfter(s.u, i+1, len(s.u.items))
	if end > i+1 {
		return end
	}
	for end = i + 1; end < min(i+7, len(s.u.items)) && s.p.isWord(s.u, end); end++ {
	}
	if s.w(end) == ":" || s.w(end) == "," {
		return end
	}
	return i
}
