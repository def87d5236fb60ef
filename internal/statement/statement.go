// Package statement finds the attributed statements of an article: who said
// what, in which words, how, to whom and when.
//
// A proposer says which tokens report, which name the source and which are
// reported; everything behind it is the same whatever proposed: continued
// quotations are added, spans trimmed to their form, speakers resolved inside
// the article, and kind, stance, channel and date read off.
package statement

import (
	"cmp"
	"slices"
	"strconv"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// Extractor finds statements. It is safe for concurrent use.
type Extractor struct {
	cues     cues
	proposer proposer
}

// New returns an extractor that proposes by rules.
func New() *Extractor {
	c := readCues(cueList)
	return &Extractor{cues: c, proposer: rules{cues: c}}
}

// Extract returns the statements of an article in text order, numbered from 1.
// It reads Text, Title, Published, ID and Revision, and changes nothing.
func (e *Extractor) Extract(a *model.Article) []model.Statement {
	p := newPage(a, e.cues)
	props := follow(p, e.proposer.propose(p))
	props = trimAll(p, props)
	cast := newCast(p, props)
	var out []model.Statement
	for i := range props {
		out = append(out, e.state(p, cast, props, i))
	}
	return number(a, out)
}

// state reads one proposal off into a statement.
func (e *Extractor) state(p *page, c *cast, props []proposal, i int) model.Statement {
	pr := &props[i]
	who := c.speakers[i]
	st := model.Statement{
		Article: p.article.ID, Revision: p.article.Revision,
		Cue: p.bytes(pr.cue), Mention: p.bytes(pr.source),
		Speaker: who.name, SpeakerType: who.kind, Role: who.role,
		Kind: p.kindOf(pr), Stance: p.stanceOf(pr),
	}
	for _, c := range pr.content {
		st.Content = append(st.Content, p.bytes(c))
	}
	said := pr
	if pr.leader > 0 {
		said = &props[pr.leader-1]
	}
	st.Channel, st.SaidOn = p.channelOf(said), p.saidOn(said)
	return st
}

// bytes converts a token range, an empty one to the zero span.
func (p *page) bytes(r text.Range) model.Span {
	if r.Len() <= 0 {
		return model.Span{}
	}
	return model.Span(p.Span(r))
}

// number sorts statements by where they start and gives them their names.
func number(a *model.Article, sts []model.Statement) []model.Statement {
	slices.SortStableFunc(sts, func(x, y model.Statement) int {
		return cmp.Or(cmp.Compare(x.Content[0].Start, y.Content[0].Start), cmp.Compare(x.Cue.Start, y.Cue.Start))
	})
	for i := range sts {
		sts[i].N = i + 1
		sts[i].ID = model.ID("statement", a.ID, strconv.Itoa(a.Revision), strconv.Itoa(i+1))
	}
	return sts
}
