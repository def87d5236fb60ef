package statement

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

// page is an article cut up for the stages. It is read-only once built.
type page struct {
	*text.Doc
	article *model.Article
	low     []string // every token folded
	quoted  []int32  // for every token the outer quotation it stands in, as a number into outer, -1 for none
	outer   []text.Quote
	closer  []int32    // for every token the number of the quotation it closes + 1
	opens   []bool     // for every token whether a sentence starts there
	isCue   []bool     // for every token whether it is a verb of communication
	named   []tag.Type // for every token what the name that it stands in names, 0 for none
	units   []unit
	inner   []unit // the sentences inside outer quotations, token by token; paragraph is the number of the unit they stand in
}

// unit is a sentence in which every outer quotation counts as one item, so
// that `“Go. Now,” he said.` is one unit of five items.
type unit struct {
	items     []item
	paragraph int
	heading   bool // the title, a subheading or a caption: nothing is attributed in it
}

// item is a token, or a whole outer quotation.
type item struct {
	text.Range
	quote int // number into page.outer, -1 for a token
}

func newPage(a *model.Article, c cues, tagger *tag.Tagger) *page {
	p := &page{Doc: text.Parse(a.Text), article: a}
	tags := tagger.Tag(p.Doc)
	p.named = make([]tag.Type, len(p.Tokens))
	for _, n := range tags.Names {
		for i := n.Start; i < n.End; i++ {
			p.named[i] = n.Type
		}
	}
	p.low = make([]string, len(p.Tokens))
	p.quoted = make([]int32, len(p.Tokens))
	p.isCue = make([]bool, len(p.Tokens))
	for i := range p.Tokens {
		p.low[i] = text.Fold(p.Token(i))
		p.quoted[i] = -1
		_, p.isCue[i] = c[p.low[i]]
		p.isCue[i] = p.isCue[i] && !noun(tags.POS[i])
	}
	p.findOuter()
	p.cutUnits(c)
	p.cutInner()
	return p
}

// cutInner cuts the longer quotations into their sentences.
func (p *page) cutInner() {
	for _, q := range p.outer {
		in := q.Inner()
		if in.Len() < minInner {
			continue
		}
		u := unit{paragraph: p.unitOf(in.Start)}
		for i := in.Start; i < in.End; i++ {
			if p.opens[i] && len(u.items) > 0 {
				p.inner = append(p.inner, u)
				u.items = nil
			}
			u.items = append(u.items, item{text.Range{Start: i, End: i + 1}, -1})
		}
		p.inner = append(p.inner, u)
	}
}

// noun reports whether a tag is a noun's or an adjective's.
func noun(t tag.POS) bool {
	return t == tag.NN || t == tag.NNS || t == tag.NNP || t == tag.NNPS || t == tag.JJ
}

// minInner is the least length, in tokens, of a quotation that is searched for
// what it reports of others.
const minInner = 6

// findOuter keeps the quotations in running text.
func (p *page) findOuter() {
	p.closer = make([]int32, len(p.Tokens))
	for n, q := range p.Quotes {
		if q.Close >= 0 {
			p.closer[q.Close] = int32(n + 1)
		}
		if q.Depth > 0 || q.Inner().Len() == 0 {
			continue
		}
		for i := q.Tokens.Start; i < q.Tokens.End; i++ {
			p.quoted[i] = int32(len(p.outer))
		}
		p.outer = append(p.outer, q)
	}
}

func (p *page) cutUnits(c cues) {
	p.opens = make([]bool, len(p.Tokens)+1)
	for _, s := range p.Sentences {
		p.opens[s.Start], p.opens[s.End] = true, true
	}
	for n, par := range p.Paragraphs {
		heading := p.isHeading(n, par)
		u := unit{paragraph: n, heading: heading}
		for i := p.dateline(par); i < par.End; {
			it := item{text.Range{Start: i, End: i + 1}, -1}
			if q := p.quoted[i]; q >= 0 {
				it = item{p.outer[q].Tokens, int(q)}
			}
			u.items = append(u.items, it)
			if i = it.End; i == par.End || p.opens[i] && !(it.quote >= 0 && p.asksOn(i, par.End, c)) {
				p.units = append(p.units, u)
				u = unit{paragraph: n, heading: heading}
			}
		}
	}
}

// asksOn reports whether the quotation that ends before token i, in a question
// or exclamation mark, goes on with its reporting clause: “Why?” Olm asked.
func (p *page) asksOn(i, end int, c cues) bool {
	last := i - 2
	for last > 0 && (p.low[last] == "’" || p.low[last] == "'" || p.low[last] == "\"" || p.low[last] == "”") {
		last--
	}
	if last < 0 || !(p.low[last] == "?" || p.low[last] == "!" || p.low[last] == "…") || p.low[i] == "“" {
		return false
	}
	for j := i; j < min(i+7, end-1); j++ {
		if p.Tokens[j].Kind == text.Mark {
			return false
		}
		if v, ok := c[p.low[j]]; ok && j > i && v.form&formFinite != 0 && v.use&useInvert != 0 {
			next := p.low[j+1]
			return p.Tokens[j+1].Kind == text.Mark || prepositions[next] || isDay(next) || adverbs[next] || next == "last" || next == "this"
		}
	}
	return false
}

// dateline returns the first token behind a dateline such as "HALLIN, March 5
// (Aldwire) —", the paragraph's first token when there is none.
func (p *page) dateline(par text.Range) int {
	first := p.Token(par.Start)
	if len(first) < 3 || strings.ToUpper(first) != first || p.Tokens[par.Start].Kind != text.Word {
		return par.Start
	}
	for i := par.Start + 1; i < min(par.Start+14, par.End-1); i++ {
		switch p.low[i] {
		case "—", "–", "-":
			if p.Tokens[i].Start > p.Tokens[i-1].End || p.low[i] != "-" {
				return i + 1
			}
		}
		if p.quoted[i] >= 0 {
			break
		}
	}
	return par.Start
}

// isHeading reports whether a paragraph is the title or a line of its own
// without a closing mark, such as a subheading.
func (p *page) isHeading(n int, par text.Range) bool {
	s := p.Span(par).Of(p.Text)
	if s == p.article.Title {
		return true
	}
	if p.quotedLine(par) {
		return true
	}
	switch p.low[par.End-1] {
	case ".", "!", "?", "…", "”", "\"", "»", "'", "’", ")", ":", ",", ";", "—", "–":
		return false
	}
	return par.Len() <= 25 && (n == 0 || par.Len() <= 14)
}

// quotedLine reports whether a short paragraph is one quotation without a stop
// at its end, as a subheading may be.
func (p *page) quotedLine(par text.Range) bool {
	q := p.quoted[par.Start]
	if q < 0 || p.outer[q].Tokens != par || p.outer[q].Close < 0 || par.Len() > 16 {
		return false
	}
	return p.Tokens[p.outer[q].Inner().End-1].Kind != text.Mark
}

// folded returns item i of the unit folded, "" for a quotation or outside it.
func (p *page) folded(u *unit, i int) string {
	if i < 0 || i >= len(u.items) || u.items[i].quote >= 0 {
		return ""
	}
	return p.low[u.items[i].Start]
}

// isQuote reports whether item i of the unit is a quotation.
func (u *unit) isQuote(i int) bool {
	return i >= 0 && i < len(u.items) && u.items[i].quote >= 0
}

// isWord reports whether item i of the unit is a word or a number.
func (p *page) isWord(u *unit, i int) bool {
	return i >= 0 && i < len(u.items) && u.items[i].quote < 0 && p.Tokens[u.items[i].Start].Kind != text.Mark
}

// isCap reports whether item i of the unit is a word that starts with an
// upper-case letter.
func (p *page) isCap(u *unit, i int) bool {
	if !p.isWord(u, i) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(p.Text[p.Tokens[u.items[i].Start].Start:])
	return unicode.IsUpper(r)
}

// tokens returns the token range of items from to to, exclusive.
func (u *unit) tokens(from, to int) text.Range {
	return text.Range{Start: u.items[from].Start, End: u.items[to-1].End}
}

// quotesAt returns the quotation that token i opens, if any.
func (p *page) quotesAt(i int) []text.Quote {
	k, ok := slices.BinarySearchFunc(p.Quotes, i, func(q text.Quote, i int) int { return cmp.Compare(q.Open, i) })
	if !ok {
		return nil
	}
	return p.Quotes[k : k+1]
}

// quotesAtClose returns the quotation that token i closes, if any.
func (p *page) quotesAtClose(i int) []text.Quote {
	if k := p.closer[i]; k > 0 {
		return p.Quotes[k-1 : k]
	}
	return nil
}
