package statement

import "crosscheck/internal/text"

// trimAll brings every content span to its form, without the outer quotation
// marks, a leading "that" and closing punctuation, and drops what is left
// without content or repeats another proposal.
func trimAll(p *page, props []proposal) []proposal {
	var out []proposal
	moved := make([]int, len(props)+1) // old number + 1 to new number + 1
	type claim struct {
		content text.Range
		source  int
	}
	seen, said := map[text.Range]bool{}, map[claim]bool{}
	for i, pr := range props {
		var kept []text.Range
		for _, r := range pr.content {
			if r = p.trim(r); r.Len() > 0 {
				kept = append(kept, r)
			}
		}
		if len(kept) == 0 || seen[kept[0]] && pr.cue.Len() == 0 || pr.source.Len() > 0 && said[claim{kept[0], pr.source.Start}] {
			continue
		}
		seen[kept[0]], said[claim{kept[0], pr.source.Start}] = true, true
		pr.content = kept
		out = append(out, pr)
		moved[i+1] = len(out)
	}
	return renumber(out, moved)
}

// trim drops marks and "that" at the edges of a content span. A mark that
// pairs with one inside stays.
func (p *page) trim(r text.Range) text.Range {
	for r.Len() > 0 {
		first, last := p.low[r.Start], p.low[r.End-1]
		switch {
		case edgeMark(last) && !p.closesInside(r):
			r.End--
		case edgeMark(first) && !p.opensInside(r):
			r.Start++
		case p.Token(r.Start) == "that" && p.quoted[r.Start] < 0 && r.Len() > 1 && !(auxiliaries[p.low[r.Start+1]] && !contraction(p.low[r.Start+1])) && (!edgeMark(p.low[r.Start+1]) || openMark(p.low[r.Start+1]) || p.low[r.Start+1] == ","):
			r.Start++
		default:
			return p.unwrap(r)
		}
	}
	return r
}

// unwrap drops a pair of quotation marks around the whole span.
func (p *page) unwrap(r text.Range) text.Range {
	if r.Len() < 3 || !openMark(p.low[r.Start]) {
		return r
	}
	for _, q := range p.quotesAt(r.Start) {
		if q.Close == r.End-1 {
			return p.trim(text.Range{Start: r.Start + 1, End: r.End - 1})
		}
	}
	return r
}

func edgeMark(s string) bool {
	switch s {
	case ".", ",", ";", ":", "!", "?", "…", "-", "–", "—", "'", "\"", "“", "”", "‘", "’", "«", "»", "„", "(", ")", "[", "]":
		return true
	}
	return false
}

func openMark(s string) bool {
	switch s {
	case "“", "\"", "‘", "'", "«", "„", "(", "[":
		return true
	}
	return false
}

// closesInside reports whether the last token closes a quotation or bracket
// that opens inside the span, or ends an abbreviation's full stop.
func (p *page) closesInside(r text.Range) bool {
	last := r.End - 1
	switch p.low[last] {
	case ")", "]":
		for i := last - 1; i > max(r.Start-1, last-200); i-- {
			if p.low[i] == "(" || p.low[i] == "[" {
				return true
			}
		}
		return false
	case ".":
		return last-2 >= r.Start && p.low[last-2] == "." && p.Tokens[last-1].Kind == text.Word &&
			p.Tokens[last].Start-p.Tokens[last-2].End == 1
	}
	for _, q := range p.quotesAtClose(last) {
		return q.Open > r.Start
	}
	return false
}

// opensInside reports whether the first token opens something that closes
// before the span ends.
func (p *page) opensInside(r text.Range) bool {
	switch p.low[r.Start] {
	case "(", "[":
		for i := r.Start + 1; i < min(r.End, r.Start+200); i++ {
			if p.low[i] == ")" || p.low[i] == "]" {
				return i < r.End
			}
		}
		return false
	}
	for _, q := range p.quotesAt(r.Start) {
		return q.Close >= 0 && q.Close < r.End
	}
	return false
}
