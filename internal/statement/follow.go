package statement

import (
	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// follow adds the quotations without a cue of their own: those a colon at the
// end of a paragraph announces, those that go on in the next sentence, and
// those that run over paragraphs. Each is a proposal of its own that shares
// the speaker of the one it goes on with.
func follow(p *page, props []proposal) []proposal {
	f := follower{p: p, taken: make([]int, len(p.outer)), last: -1}
	byUnit := make([][]int, len(p.units))
	for i, pr := range props {
		byUnit[pr.unit] = append(byUnit[pr.unit], i)
		for _, r := range pr.content {
			for t := r.Start; t < r.End; t++ {
				if q := p.quoted[t]; q >= 0 {
					f.taken[q] = i + 1
					t = p.outer[q].Tokens.End - 1
				}
			}
		}
	}
	f.props = props
	for n := range p.units {
		f.unit(n, byUnit[n])
	}
	return f.props
}

type follower struct {
	p     *page
	props []proposal
	taken []int // for every outer quotation the proposal + 1 that holds it
	last  int   // the proposal a bare quotation would go on with, -1 for none
	colon int   // proposal + 1 that waits for its quotation
}

func (f *follower) unit(n int, own []int) {
	u := &f.p.units[n]
	newParagraph := n > 0 && f.p.units[n-1].paragraph != u.paragraph
	if u.heading {
		return
	}
	if len(own) > 0 {
		f.last = f.speakerOf(n, own)
		f.colon = 0
		if i := own[len(own)-1]; len(f.props[i].content) == 0 {
			f.colon = i + 1
		}
		return
	}
	if !f.bare(u) {
		f.colon = 0
		if newParagraph || !f.quoteIn(u) {
			f.last = -1
		}
		return
	}
	f.quotation(n, u, newParagraph)
}

// speakerOf is the statement of a unit that a bare quotation would go on with:
// the last whose content is quoted.
func (f *follower) speakerOf(n int, own []int) int {
	for k := len(own) - 1; k >= 0; k-- {
		if f.p.kindOf(&f.props[own[k]]) != model.KindIndirect {
			return own[k]
		}
	}
	return own[len(own)-1]
}

// bare reports whether a unit is nothing but quotation.
func (f *follower) bare(u *unit) bool {
	for i, it := range u.items {
		if it.quote < 0 && (f.p.isWord(u, i) || f.p.folded(u, i) == ":") {
			return false
		}
	}
	return f.quoteIn(u)
}

func (f *follower) quoteIn(u *unit) bool {
	for _, it := range u.items {
		if it.quote >= 0 {
			return true
		}
	}
	return false
}

// quotation attributes a unit that is nothing but quotation.
func (f *follower) quotation(n int, u *unit, newParagraph bool) {
	span := u.tokens(0, len(u.items))
	first := f.p.outer[f.firstQuote(u)]
	switch {
	case f.colon > 0:
		pr := &f.props[f.colon-1]
		pr.content = []text.Range{span}
		f.last, f.colon = f.colon-1, 0
		return
	case f.last < 0 || newParagraph && !first.Continues && f.p.kindOf(&f.props[f.last]) == model.KindIndirect:
		f.last = -1
		return
	}
	leader := f.last + 1
	if l := f.props[f.last].leader; l > 0 {
		leader = l
	}
	f.props = append(f.props, proposal{unit: n, content: []text.Range{span}, leader: leader, stance: f.props[leader-1].stance})
	f.last = len(f.props) - 1
}

func (f *follower) firstQuote(u *unit) int {
	for _, it := range u.items {
		if it.quote >= 0 {
			return it.quote
		}
	}
	return -1
}
