// Package movement finds candidate events in an article: who or what moved,
// arrived, left, was struck, closed, opened, captured or fired, from where to
// where, when, and as stated by whom. It takes only what a sentence says has
// happened or is happening: nothing denied, doubted, asked, demanded, planned or
// supposed. Precision comes before completeness. It is pure.
package movement

import (
	"fmt"
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

// Extract returns the events an article tells of, in text order. Statements and
// mentions are the article's own. Time is linear in the length of the text. It
// is safe for concurrent use.
func Extract(a *model.Article, statements []model.Statement, mentions []model.Mention) []model.Movement {
	t, err := tag.Shared()
	if err != nil {
		panic(fmt.Sprintf("movement: %v", err)) // the model is embedded and tested
	}
	d := text.Parse(a.Text)
	tags := t.Tag(d)
	p := &page{Doc: d, article: a, statements: statements, mentions: mentions, pos: tags.POS, low: make([]string, len(d.Tokens))}
	for i := range d.Tokens {
		p.low[i] = text.Lower(d.Token(i))
	}
	p.place = p.places()
	var out []model.Movement
	for _, s := range d.Sentences {
		out = append(out, p.sentence(s)...)
	}
	return out
}

// mostBefore and mostAfter are the tokens of a sentence that are looked at before
// and after a verb.
const (
	mostBefore = 80
	mostAfter  = 60
)

// page is an article with its words.
type page struct {
	*text.Doc
	article    *model.Article
	statements []model.Statement
	mentions   []model.Mention
	pos        []tag.POS
	low        []string
	place      []int // of each token, the mention it stands in, from 1
}

// places says in which mention each token stands.
func (p *page) places() []int {
	out := make([]int, len(p.Tokens))
	m := 0
	for i, t := range p.Tokens {
		for m < len(p.mentions) && p.mentions[m].End <= t.Start {
			m++
		}
		if m < len(p.mentions) && p.mentions[m].Start <= t.Start {
			out[i] = m + 1
		}
	}
	return out
}

// sentence returns the events of one sentence.
func (p *page) sentence(s text.Range) []model.Movement {
	if p.asked(s) {
		return nil
	}
	var out []model.Movement
	var last text.Range // the subject of the verb before, which one after "and" shares
	passive := false    // that verb is in the passive
	for i := s.Start; i < s.End; i++ {
		v := verbs[p.low[i]]
		if v == nil || !p.isVerb(i) {
			continue
		}
		w := text.Range{Start: max(s.Start, i-mostBefore), End: min(s.End, i+mostAfter)}
		g := p.group(w, i)
		subject := p.subject(w, g)
		if subject.Len() == 0 && g.start > s.Start && (p.low[g.start-1] == "and" || p.low[g.start-1] == "then") {
			subject = last
			if passive && !p.fits(p.object(w, i+1), v.object) {
				g.passive = true
			}
		}
		if subject.Len() > 0 {
			last, passive = subject, g.passive
		}
		if !g.real || p.doubted(w, g) {
			continue
		}
		m, ok := p.event(w, g, v, subject)
		m.Start, m.End = p.Tokens[s.Start].Start, p.Tokens[s.End-1].End
		if !ok || !p.said(&m) {
			continue
		}
		out = append(out, m)
	}
	return out
}

// asked reports whether a sentence asks.
func (p *page) asked(s text.Range) bool {
	for i := s.End - 1; i >= s.Start && i > s.End-4; i-- {
		if p.low[i] == "?" {
			return true
		}
	}
	return false
}

// said fills who states an event, and reports whether it is stated as one: not
// by somebody who denies, doubts, demands or asks it, or only believes it.
func (p *page) said(m *model.Movement) bool {
	width := 0
	for i := range p.statements {
		st := &p.statements[i]
		for _, c := range st.Content {
			if c.Start > m.Cue.Start || m.Cue.End > c.End {
				continue
			}
			switch st.Stance {
			case model.StanceDenies, model.StanceDoubts, model.StanceDemands, model.StanceAsks:
				return false
			}
			if st.Class == model.ClassPosition {
				return false
			}
			if n := c.End - c.Start; width == 0 || n < width {
				width, m.Speaker, m.Statement = n, st.Speaker, st.N
			}
		}
	}
	return true
}

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		set[w] = true
	}
	return set
}
