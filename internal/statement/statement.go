// Package statement finds the attributed statements of an article: who said
// what, in which words, how, to whom and when.
//
// A trained network (package net) proposes which tokens report, which name the
// source and which are reported; rules propose where it found nothing. The rest
// is deterministic: what reports no communication is put aside, quotations that
// go on are joined to their speaker, spans are trimmed to their form, speakers
// resolved inside the article, and kind, stance, channel and date read off.
package statement

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"crosscheck/internal/model"
	"crosscheck/internal/statement/net"
	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

// Extractor finds statements. It is safe for concurrent use.
type Extractor struct {
	tagger *tag.Tagger
	finder finder
}

// New returns an extractor. The first in a process unpacks the network.
func New() (*Extractor, error) {
	n, err := net.Load()
	if err != nil {
		return nil, fmt.Errorf("statement: %w", err)
	}
	t, err := tag.New()
	if err != nil {
		return nil, fmt.Errorf("statement: %w", err)
	}
	return &Extractor{tagger: t, finder: finder{lexicon: newLexicon(), net: n}}, nil
}

// Extract returns the statements of an article in text order, numbered from 1,
// and behind them its positions. It reads Text, Title, Published, ID and
// Revision, and changes nothing.
func (e *Extractor) Extract(a *model.Article) []model.Statement {
	p, _, props, cast := e.read(a)
	sts, _ := e.states(p, cast, props)
	return sts
}

// read returns everything proposed of an article, and what is kept of it with
// its speakers.
func (e *Extractor) read(a *model.Article) (p *page, all, props []proposal, c *cast) {
	p = newPage(a, e.finder.cues, e.tagger)
	all = e.finder.propose(p)
	props = trimAll(p, follow(p, kept(all)))
	return p, all, props, newCast(p, props)
}

// states reads proposals off into statements; numbers[i+1] is the number of the
// statement that proposal i became, and numbers[0] is 0.
func (e *Extractor) states(p *page, c *cast, props []proposal) (out []model.Statement, numbers []int) {
	order := make([]int, len(props))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int {
		a, b := &props[x], &props[y]
		return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(a.content[0].Start, b.content[0].Start), cmp.Compare(a.cue.Start, b.cue.Start))
	})
	numbers = make([]int, len(props)+1)
	for n, i := range order {
		numbers[i+1] = n + 1
	}
	var before *model.Statement
	unit := -1
	for n, i := range order {
		st := p.state(c.speakers[i], props, i)
		st.N, st.Outer = n+1, numbers[props[i].outer]
		st.ID = model.ID("statement", st.Article, strconv.Itoa(st.Revision), strconv.Itoa(st.N))
		carry(&st, before, props[i].lemma, props[i].unit == unit && props[i].cue.Len() > 0)
		out = append(out, st)
		if st.Outer == 0 {
			before, unit = &st, props[i].unit
		}
	}
	return out, numbers
}

// state reads one proposal off into a statement.
func (p *page) state(who speaker, props []proposal, i int) model.Statement {
	pr := &props[i]
	st := model.Statement{
		Article: p.article.ID, Revision: p.article.Revision, Class: pr.class,
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

// carry gives a statement that goes on with an utterance the channel and day of
// the one before it: "he added", a post after a post, and the second of two
// reports of one sentence.
func carry(st, before *model.Statement, lemma string, together bool) {
	if before == nil || st.Speaker != before.Speaker || st.Outer > 0 {
		return
	}
	switch {
	case together, lemma == "add", lemma == "continue", lemma == "conclude":
	case (lemma == "write" || lemma == "post") && posted[before.Channel]:
	default:
		return
	}
	if st.Channel == "" {
		st.Channel = before.Channel
	}
	if st.SaidOn == "" {
		st.SaidOn = before.SaidOn
	}
}

// posted are the channels on which one writes.
var posted = map[string]bool{"Telegram": true, "Twitter": true, "X": true, "Facebook": true, "Instagram": true, "Bluesky": true, "Mastodon": true}

// bytes converts a token range, an empty one to the zero span.
func (p *page) bytes(r text.Range) model.Span {
	if r.Len() <= 0 {
		return model.Span{}
	}
	return model.Span(p.Span(r))
}
