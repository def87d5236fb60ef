package statement

import (
	"cmp"
	"slices"
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// inside lets the network read what is reported, as a text of its own, for what
// it reports of others: “They told us to leave”, she said. Read are contents
// with a verb of communication that no proposal has as its cue.
func (f *finder) inside(p *page, found []proposal) []proposal {
	taken := p.cueTokens(found)
	var in excerpt
	for i := range found {
		if found[i].reject != "" || found[i].class != model.ClassStatement {
			continue
		}
		for _, c := range found[i].content {
			if c = p.trim(c); c.Len() >= minInner && f.untold(p, c, taken) {
				in.add(p, c)
				for k := c.Start; k < c.End; k++ {
					taken[k] = taken[k] || p.isCue[k] // once is enough
				}
			}
		}
	}
	if len(in.pieces) == 0 {
		return nil
	}
	var out []proposal
	for _, pr := range f.network(p, text.Parse(in.text.String()), &in) {
		if f.tells(p, &pr) {
			out = append(out, pr)
		}
	}
	return p.untaken(found, out)
}

// untold reports whether a verb that may tell of a report, and is not taken,
// stands in a range.
func (f *finder) untold(p *page, r text.Range, taken []bool) bool {
	for i := r.Start; i < r.End; i++ {
		if lemma := f.cues[p.low[i]].lemma; p.isCue[i] && !taken[i] && (relayed[lemma] || reported[lemma]) {
			return true
		}
	}
	return false
}

// tells reports whether a report inside what another reports tells of an
// utterance: not of one to come, of one to the source ("we were told"), or of the
// words in which the one quoted speaks ("I ask everyone to stay calm").
func (f *finder) tells(p *page, pr *proposal) bool {
	if pr.source.Len() == 0 || pr.content[0].Start < pr.cue.End || !relayed[pr.lemma] && !reported[pr.lemma] {
		return false
	}
	r := f.read(p, pr.cue)
	if firstPerson(p.low[pr.source.Start]) && r.verb.form&formPast == 0 || nounish[p.low[r.at]] && r.at == pr.cue.Start && p.low[r.at] == pr.lemma && !pronouns[p.low[pr.source.Start]] {
		return false
	}
	for k := r.at - 1; k >= max(pr.source.Start, r.at-3); k-- {
		w := p.low[k]
		if beForms[w] && r.verb.form&formPart != 0 && r.verb.form != formIng && pr.source.End <= r.at || w == "will" || w == "who" {
			return false
		}
	}
	return true
}

// reported are the verbs, beside those of relayed, by which what is reported
// tells of a report.
var reported = wordSet("conclude describe reject request confirm report allege add argue insist complain acknowledge assert accuse note state reply suggest threaten")

// untaken leaves out the proposals whose cue another has.
func (p *page) untaken(found, more []proposal) []proposal {
	taken := p.cueTokens(found)
	return slices.DeleteFunc(more, func(pr proposal) bool { return taken[pr.cue.Start] })
}

// cueTokens says of every token whether it stands in the cue of a proposal.
func (p *page) cueTokens(found []proposal) []bool {
	taken := make([]bool, len(p.Tokens))
	for i := range found {
		for k := found[i].cue.Start; k < found[i].cue.End; k++ {
			taken[k] = true
		}
	}
	return taken
}

// excerpt is a text of parts of a page, one a paragraph.
type excerpt struct {
	text   strings.Builder
	starts []int // where every part starts in the text
	pieces []text.Range
}

func (e *excerpt) add(p *page, r text.Range) {
	e.starts = append(e.starts, e.text.Len())
	e.pieces = append(e.pieces, r)
	e.text.WriteString(strings.ReplaceAll(p.Span(r).Of(p.Text), "\n", " "))
	e.text.WriteString("\n\n")
}

// back returns the tokens of the page that a range of the excerpt's tokens
// stands for, empty where they are cut otherwise.
func (e *excerpt) back(p *page, d *text.Doc, r text.Range) text.Range {
	if r.Len() == 0 {
		return text.Range{}
	}
	token := func(i int) int {
		at := d.Tokens[i].Start
		n, found := slices.BinarySearch(e.starts, at)
		if !found {
			n--
		}
		at += p.Tokens[e.pieces[n].Start].Start - e.starts[n]
		k, ok := slices.BinarySearchFunc(p.Tokens, at, func(t text.Token, at int) int { return cmp.Compare(t.Start, at) })
		if !ok {
			return -1
		}
		return k
	}
	a, b := token(r.Start), token(r.End-1)
	if a < 0 || b < a {
		return text.Range{}
	}
	return text.Range{Start: a, End: b + 1}
}
