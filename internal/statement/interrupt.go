package statement

import (
	"strings"

	"crosscheck/internal/text"
)

// parenthetic reports whether the cue stands between commas inside what it
// reports: "The plan, he said, was dead."
func (s *scan) parenthetic(k, after int) bool {
	return s.w(after) == "," && !s.u.isQuote(after+1) && s.cueFree(0, s.reports[k].at) && s.interrupts(k, after)
}

// restAfter is what goes on behind a cue that interrupts: `“…,” X said, “…”`.
func (s *scan) restAfter(k, i int) []text.Range {
	n := s.limit(k)
	for j := i; j < n; j++ {
		if s.u.isQuote(j) {
			if w := s.w(j - 1); w == "," || w == ":" || w == "—" || w == "–" || w == ";" {
				return []text.Range{{Start: j, End: j + 1}}
			}
			break
		}
	}
	if s.listAfter(i) {
		return []text.Range{{Start: i + 1, End: s.contentEnd(k, i+1)}}
	}
	r := &s.reports[k]
	joined := s.w(i+1) == "and" || s.w(i+1) == "but"
	if s.w(i) == "," && (!r.inverted || joined) && s.interrupts(k, i) {
		return []text.Range{{Start: i + 1, End: s.contentEnd(k, i+1)}}
	}
	return nil
}

// listAfter reports whether a colon at item i goes on with what stood before
// the cue: "The signs are clear, she said: full barns, empty yards."
func (s *scan) listAfter(i int) bool {
	w := s.w(0)
	return s.w(i) == ":" && !s.u.isQuote(i+1) && i+1 < len(s.u.items) && s.cues[w].form == 0 && !strings.HasSuffix(w, "ing") && !subordinators[w]
}

// interrupts reports whether the clause goes on behind the comma at item i,
// because what stands before the cue is none by itself or is joined on.
func (s *scan) interrupts(k, i int) bool {
	first := min(s.reports[k].s0, s.reports[k].at)
	next := s.w(i + 1)
	if s.reports[k].inverted && s.p.isCap(s.u, i+1) || next == "" || strings.HasSuffix(next, "ing") {
		return false
	}
	if prepositions[next] || next == "who" || next == "which" || next == "while" || next == "as" || next == "when" || next == "though" || next == "although" {
		return false
	}
	if next == "that" || auxiliaries[next] && !pronouns[s.w(i+2)] {
		return true
	}
	if next == "and" || next == "but" {
		return s.clauseIn(i+2, s.limit(k)) && s.cueFree(i+1, s.limit(k))
	}
	return auxiliaries[s.w(first-2)] || !s.complete(0, first-1)
}

func (s *scan) cueFree(a, b int) bool {
	for _, r := range s.reports {
		if a <= r.at && r.at < b {
			return false
		}
	}
	return true
}
