package statement

import "crosscheck/internal/text"

// laterQuote is a quotation further on that a comma or colon sets behind the
// reporting clause: "told the mayors who had come, “…”".
func (s *scan) laterQuote(k, i int) []text.Range {
	for j := max(i, 1); j < s.limit(k); j++ {
		w := s.w(j - 1)
		if !s.u.isQuote(j) {
			continue
		}
		if s.u.items[j].Len() < 5 || w != "," && w != ":" {
			return nil
		}
		return []text.Range{{Start: j, End: s.contentEnd(k, j)}}
	}
	return nil
}

// colonQuote is the colon that sets a quotation behind the reporting clause,
// whatever stands between: "denied it to reporters on Tuesday: “…”"; 0 for
// none.
func (s *scan) colonQuote(k, i int) int {
	for j := max(i, 1); j+1 < len(s.u.items) && j < s.limit(k); j++ {
		if s.w(j) == ":" && s.u.isQuote(j+1) && s.u.items[j+1].Len() >= minQuote {
			return j
		}
	}
	return 0
}

// beside returns a proposal with the one that a colon at its end may part from
// it: "denied that they had left: “…”" reports a clause and a quotation.
func (s *scan) beside(k int, pr proposal) []proposal {
	r := &s.reports[k]
	other := pr
	other.content = nil
	if len(pr.content) > 0 && s.colonAtEnd(r) && pr.content[0].End == s.u.items[len(s.u.items)-1].End {
		return []proposal{pr, other} // the next paragraph quotes
	}
	if r.accordance || len(pr.content) == 0 {
		return []proposal{pr}
	}
	start, sure := s.skipAdjuncts(r, r.tail)
	if c := s.colonQuote(k, start); sure && c > start && pr.content[0].Start >= s.u.items[c].End && (s.w(start-1) == "that" || s.clauseIn(start, c)) {
		other.content = []text.Range{s.u.tokens(start, c)}
		return []proposal{other, pr}
	}
	return []proposal{pr}
}

// minQuote is the least length, in tokens with the marks, of a quotation that a
// colon announces: fewer are scare quotes.
const minQuote = 5
