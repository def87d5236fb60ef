package statement

import (
	"slices"
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// issued are the documents that speak for who issued them.
var issued = wordSet("statement post notice message tweet communique communiqué release dispatch caption bulletin")

// document is a writing that states something: a short form, or one that only
// adds its length, means the fuller description before it.
func (c *cast) document(r text.Range, head string) turn {
	p := c.p
	r = p.wholeDocument(r)
	short := p.withoutLength(r)
	if p.bareNoun(short) {
		if t, ok := c.writingBefore(head, short.Len() < r.Len()); ok {
			return t
		}
		if full := p.fullDocument(r.Start, head); full.Len() > 0 {
			r = full
		}
	}
	return turn{speaker: speaker{name: c.documentName(r), kind: model.SpeakerDocument}, head: head}
}

// withoutLength cuts "11-page" off "the 11-page document".
func (p *page) withoutLength(r text.Range) text.Range {
	if r.Len() > 3 && p.low[r.Start] == "the" && p.low[r.Start+2] == "-" && p.low[r.Start+3] == "page" {
		r.Start += 4
	}
	return r
}

// writingBefore is the writing that "the report" takes up, or whatever the last
// one is called where its length is told now.
func (c *cast) writingBefore(head string, length bool) (turn, bool) {
	for i := len(c.last) - 1; i >= max(0, len(c.last)-turns); i-- {
		t := c.last[i]
		if t.kind == model.SpeakerDocument && (t.head == head || head == "document" || head == "text" || length && i >= len(c.last)-3) {
			return t, true
		}
	}
	return turn{}, false
}

// wholeDocument extends a writing over who issued it, where the mention stops
// before: "a report | published on Wednesday by Justice Without Borders", and
// ends it before a relative clause.
func (p *page) wholeDocument(r text.Range) text.Range {
	for i := r.Start + 1; i < r.End; i++ {
		if w := p.low[i]; w == "that" || w == "which" {
			r.End = i
		}
	}
	i := r.End
	if p.bareNoun(r) || i+2 >= len(p.low) || !p.participle(i) && p.low[i] != "by" && p.low[i] != "of" && p.low[i] != "from" {
		if i+2 >= len(p.low) || p.low[i-1] != "seen" && p.low[i-1] != "obtained" {
			return r
		}
	}
	for j := i; j < min(i+6, len(p.low)-2); j++ {
		if p.opens[j] || p.low[j] == "," {
			return r
		}
		if w := p.low[j]; w == "by" || w == "of" && j == i || w == "from" && j == i {
			k := j + 1
			if determiners[p.low[k]] {
				k++
			}
			if k < len(p.low) && upper(p.Token(k)) {
				return text.Range{Start: r.Start, End: p.issuerEnd(k)}
			}
			return r
		}
	}
	return r
}

// issuerEnd is where the name at token k of who issued a writing ends, with the
// body that it owns: "the U.N.’s humanitarian office".
func (p *page) issuerEnd(k int) int {
	end := p.bodyRun(k, p.nameRun(k))
	switch {
	case end < len(p.low) && p.low[end] == "'s": // behind "U.N."
		end++
	case possessive(p.low[end-1]):
	case end < len(p.low) && roleNouns[p.low[end]]:
		return end + 1 // "U.N. investigators"
	default:
		return end
	}
	for j := end; j < min(end+5, len(p.low)) && p.Tokens[j].Kind == text.Word; j++ {
		if orgNouns[p.low[j]] {
			return j + 1
		}
	}
	return end
}

// fullDocument finds the fuller description of a writing before token at: "a
// filing with the commission" or "a joint filing" for "the filing".
func (p *page) fullDocument(at int, head string) text.Range {
	for i := at - 1; i > max(0, at-reach); i-- {
		if p.low[i] != head || p.quoted[i] >= 0 || i+2 >= len(p.low) {
			continue
		}
		start := i
		for start > 0 && i-start < 4 && p.Tokens[start-1].Kind == text.Word && !determiners[p.low[start-1]] && !prepositions[p.low[start-1]] && !auxiliaries[p.low[start-1]] && !p.isCue[start-1] {
			start--
		}
		if end := p.documentEnd(i); end > i+1 {
			return text.Range{Start: start, End: end}
		}
		end := i + 1
		if documentNouns[p.low[end]] && !p.isCue[end] {
			end++ // "a draft agreement"
		}
		if end-start > 1 && start > 0 && (p.low[start-1] == "a" || p.low[start-1] == "an") {
			return text.Range{Start: start, End: end}
		}
	}
	return text.Range{}
}

// documentEnd is where the one behind a writing's noun at token i, who wrote it
// or to whom, ends; i+1 where none is named.
func (p *page) documentEnd(i int) int {
	switch p.low[i+1] {
	case "of", "from", "by", "with", "to":
	default:
		return i + 1
	}
	end := i + 2
	if determiners[p.low[end]] {
		end++
	}
	if end >= len(p.low) || !upper(p.Token(end)) {
		return i + 1
	}
	return p.issuerEnd(end)
}

// documentName is what a writing is called: its description without the day of
// its issue, and with the name of a body it only mentions: "a report by the
// network".
func (c *cast) documentName(r text.Range) string {
	p := c.p
	head, at := p.head(r)
	for i := at + 1; i+1 < r.End && head != "document"; i++ {
		if w := p.low[i]; (w == "seen" || w == "obtained" || w == "reviewed") && p.low[i+1] == "by" || w == "leaked" || w == "dated" || w == "published" && p.low[i+1] != "by" && !slices.Contains(p.low[i:r.End], "by") {
			return p.bare(text.Range{Start: r.Start, End: i})
		}
	}
	for i := at + 1; i+1 < r.End; i++ {
		if p.low[i] != "by" || i > at+1 && !strings.HasSuffix(p.low[at+1], "ed") {
			continue
		}
		by := text.Range{Start: i + 1, End: r.End}
		issuer := p.Span(by).Of(p.Text)
		if noun, _ := p.head(by); p.bareNoun(by) && orgNouns[noun] {
			if e := c.bodyMeant(by, noun); e != nil {
				issuer = "the " + e.name
			}
		}
		return p.bare(text.Range{Start: r.Start, End: at + 1}) + " by " + strings.Join(strings.Fields(issuer), " ")
	}
	return p.bare(r)
}

// issuer is who issued "the statement": the last whose sentence speaks of one,
// else the last body, else the last who spoke.
func (c *cast) issuer(pr *proposal, head string) (turn, bool) {
	var body, any *turn
	for i := len(c.last) - 1; i >= max(0, len(c.last)-8); i-- {
		t := &c.last[i]
		if t.who == nil || pr.unit-t.unit > 8 {
			continue
		}
		if t.unit != pr.unit && c.p.mentions(t.unit, head) {
			return *t, true
		}
		if body == nil && !t.who.person() {
			body = t
		}
		if any == nil {
			any = t
		}
	}
	if body != nil {
		any = body
	}
	if any == nil {
		return turn{}, false
	}
	return *any, true
}

// mentions reports whether a word stands in a unit, outside quotations.
func (p *page) mentions(unit int, word string) bool {
	for _, it := range p.units[unit].items {
		if it.quote < 0 && p.low[it.Start] == word {
			return true
		}
	}
	return false
}
