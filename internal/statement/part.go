package statement

import "crosscheck/internal/text"

// part brings contents to one sentence each, a quotation counting as one: what
// is reported beyond the sentence of the cue becomes a proposal of its own that
// shares the speaker.
func (p *page) part(props []proposal) []proposal {
	out := make([]proposal, 0, len(props))
	var rest []proposal
	for _, pr := range props {
		pieces := p.pieces(pr.content)
		home := -1
		for k, c := range pieces {
			if c.unit == pr.unit || home < 0 {
				home = c.unit
				if k > 0 && c.unit == pr.unit {
					break
				}
			}
		}
		pr.content = nil
		for _, c := range pieces {
			if c.unit == home {
				pr.content = append(pr.content, c.tokens)
			}
		}
		out = append(out, pr)
		last := home
		for _, c := range pieces {
			if c.unit == home {
				continue
			}
			if c.unit == last && last != home {
				r := &rest[len(rest)-1]
				r.content = append(r.content, c.tokens)
				continue
			}
			last = c.unit
			rest = append(rest, proposal{
				unit: c.unit, content: []text.Range{c.tokens}, leader: len(out), stance: pr.stance, class: pr.class,
				lemma: pr.lemma, by: pr.by + ", goes on", score: pr.score, reject: pr.reject,
			})
		}
	}
	return append(out, rest...)
}

// piece is a part of a content inside one sentence.
type piece struct {
	unit   int
	tokens text.Range
}

// pieces cuts contents where sentences end.
func (p *page) pieces(content []text.Range) []piece {
	var out []piece
	for _, c := range content {
		for c.Len() > 0 {
			n := p.unitOf(c.Start)
			u := &p.units[n]
			end := min(c.End, u.items[len(u.items)-1].End)
			if end <= c.Start { // between units
				end = c.End
			}
			out = append(out, piece{n, text.Range{Start: c.Start, End: end}})
			c.Start = end
		}
	}
	return out
}
