package statement

import (
	"cmp"
	"slices"

	"crosscheck/internal/model"
)

// Finding says where a statement comes from, or why something that looked like
// one is none. Spans are byte offsets into the article's text.
type Finding struct {
	Statement int // N of the statement, 0 for one that was rejected
	Follows   int // N of the statement whose quotation this one continues, 0 for none
	Cue       model.Span
	Mention   model.Span
	Content   []model.Span
	By        string  // what found it: the network, the rules, or a quotation that goes on
	Score     float64 // how sure the network is of its least sure part, 0 where it was not asked
	Why       string  // why it was rejected, "" for a statement
}

// Explain returns what Extract returns and a finding for everything that was
// looked at, in text order.
func (e *Extractor) Explain(a *model.Article) ([]model.Statement, []Finding) {
	p, all, props, cast := e.read(a)
	sts, numbers := e.states(p, cast, props)
	var out []Finding
	for i := range props {
		f := p.finding(&props[i])
		f.Statement, f.Follows = numbers[i+1], numbers[props[i].leader]
		out = append(out, f)
	}
	for i := range all {
		if all[i].reject != "" {
			out = append(out, p.finding(&all[i]))
		}
	}
	slices.SortStableFunc(out, func(x, y Finding) int {
		return cmp.Or(cmp.Compare(x.start(), y.start()), cmp.Compare(x.Statement, y.Statement))
	})
	return sts, out
}

func (f *Finding) start() int {
	if len(f.Content) == 0 {
		return f.Cue.Start
	}
	return f.Content[0].Start
}

func (p *page) finding(pr *proposal) Finding {
	f := Finding{Cue: p.bytes(pr.cue), Mention: p.bytes(pr.source), By: pr.by, Score: pr.score, Why: pr.reject}
	for _, c := range pr.content {
		f.Content = append(f.Content, p.bytes(c))
	}
	return f
}
