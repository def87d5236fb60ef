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
			i++
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

// leads reports whether nothing but a conjunction stands before item i.
func (s *scan) leads(i int) bool {
	for j := 0; j < i; j++ {
		if w := s.w(j); !conjunctions[w] && !adverbs[w] && w != "and" {
			return false
		}
	}
	return true
}
