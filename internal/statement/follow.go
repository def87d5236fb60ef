package statement

import (
	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// follow adds the quotations without a cue of their own: those a colon at the
// end of a paragraph announces, those that go on in the next sentence, and
// those that run over paragraphs. Each is a proposal of its own that shares
// the speaker of the one it goes on with. A quotation that fills a paragraph
// and goes on with none is a proposal without a source.
func follow(p *page, props []proposal) []proposal {
	f := follower{p: p, last: -1}
	own := make([][]int, len(p.units)) // of every sentence

	for i := range props {
		if pr := &props[i]; pr.class == model.ClassStatement && (pr.cue.Len() == 0 || p.quoted[pr.cue.Start] < 0) {
			own[pr.unit] = append(own[pr.unit], i)
		}
	}
	f.props = props
	for n := range p.units {
		f.unit(n, own[n])
	}
	return f.props
}

type follower struct {
	p     *page
	props []proposal
	last  int // the proposal a bare quotation would go on with, -1 for none
	colon int // proposal + 1 that waits for its quotation
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

// minAlone is the least length, in tokens, of a quotation that is taken for
// somebody's words although no one is said to have said it.
const minAlone = 8

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
		if span.Len() >= minAlone {
			f.props = append(f.props, proposal{unit: n, content: []text.Range{span}, stance: model.StanceAsserts, by: "a quotation on its own"})
			f.last = len(f.props) - 1
		}
		return
	}
	leader := f.last + 1
	if l := f.props[f.last].leader; l > 0 {
		leader = l
	}
	f.props = append(f.props, proposal{unit: n, content: []text.Range{span}, leader: leader, stance: f.props[leader-1].stance, by: "goes on from the one before"})
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
