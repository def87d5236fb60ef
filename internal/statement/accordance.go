package statement

import "crosscheck/internal/text"

// accordingContent is the rest of the sentence around "according to X".
func (s *scan) accordingContent(k int) []text.Range {
	r := &s.reports[k]
	n := len(s.u.items)
	if s.leads(r.at) {
		i := r.s1
		for i < n && s.w(i) != "," && !s.u.isQuote(i) {
			i++
		}
		if i < n && s.w(i) == "," {
			i = s.behindAside(i) + 1
		}
		end := s.contentEnd(k, i)
		return []text.Range{{Start: min(i, end), End: end}}
	}
	end := r.at
	for end > 0 && !s.u.isQuote(end-1) && (!s.p.isWord(s.u, end-1) || s.w(end-1) == "and") {
		end--
	}
	front, ok := s.frontSpans(k, end)
	if !ok {
		return nil
	}
	return append(front, s.restAfter(k, r.s1)...)
}

// behindAside goes from the comma at item i to the one that closes an apposition
// behind it: "According to the Lakes Network, a league of clubs, | both towns".
func (s *scan) behindAside(i int) int {
	if w := s.w(i + 1); w != "a" && w != "an" && w != "the" && w != "which" && w != "who" && w != "whose" {
		return i
	}
	relative := conjunctions[s.w(i+1)]
	for j := i + 2; j < min(i+24, len(s.u.items)); j++ {
		switch w := s.w(j); {
		case w == ",":
			if s.complete(j+1, len(s.u.items)) {
				return j
			}
			return i
		case s.u.isQuote(j), !relative && (auxiliaries[w] || commonVerbs[w] || s.p.looksVerb(s.u, j)):
			return i
		}
	}
	return i
}

// leads reports whether nothing but a conjunction stands before item i.
func (s *scan) leads(i int) bool {
	for j := 0; j < i; j++ {
		if w := s.w(j); !conjunctions[w] && !adverbs[w] && w != "and" {
			return false
		}
	}
	return true
}
