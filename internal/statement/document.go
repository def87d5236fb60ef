package statement

import (
	"slices"
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// issued are the documents that speak for who issued them.
var issued = wordSet("statement post notice message tweet communique communiqué release dispatch caption bulletin")

// document is a writing that states something: a short form means the fuller
// description before it.
func (c *cast) document(r text.Range, head string) turn {
	if p := c.p; r.Len() > 3 && p.low[r.Start+2] == "-" && p.low[r.Start+3] == "page" {
		r.Start += 4 // "the 11-page | document"
		if r.Len() == 1 {
			return c.document(r, head)
		}
	}
	r = c.p.wholeDocument(r)
	if c.p.bareNoun(r) {
		for i := len(c.last) - 1; i >= max(0, len(c.last)-turns); i-- {
			if t := c.last[i]; t.kind == model.SpeakerDocument && (t.head == head || head == "document" || head == "text") {
				return t
			}
		}
		if full := c.p.fullDocument(r.Start, head); full.Len() > 0 {
			r = full
		}
	}
	return turn{speaker: speaker{name: c.p.documentName(r), kind: model.SpeakerDocument}, head: head}
}

// wholeDocument extends a writing over who issued it, where the mention stops
// before: "a report | published on Wednesday by Justice Without Borders".
func (p *page) wholeDocument(r text.Range) text.Range {
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
				return text.Range{Start: r.Start, End: p.bodyRun(k, p.nameRun(k))}
			}
			return r
		}
	}
	return r
}

// fullDocument finds the fuller description of a writing before token at: "a
// filing with the commission" for "the filing".
func (p *page) fullDocument(at int, head string) text.Range {
	for i := at - 1; i > max(0, at-reach); i-- {
		if p.low[i] != head || p.quoted[i] >= 0 || i+2 >= len(p.low) || !prepositions[p.low[i+1]] {
			continue
		}
		switch p.low[i+1] {
		case "of", "from", "by", "with", "to":
		default:
			continue
		}
		start := i
		for start > 0 && i-start < 4 && p.Tokens[start-1].Kind == text.Word && !determiners[p.low[start-1]] && !prepositions[p.low[start-1]] && !auxiliaries[p.low[start-1]] && !p.isCue[start-1] {
			start--
		}
		end := i + 2
		if determiners[p.low[end]] {
			end++
		}
		if end >= len(p.low) || !upper(p.Token(end)) {
			continue
		}
		return text.Range{Start: start, End: p.bodyRun(end, p.nameRun(end))}
	}
	return text.Range{}
}

// documentName is what a writing is called: its description without the day of
// its issue.
func (p *page) documentName(r text.Range) string {
	head, at := p.head(r)
	for i := at + 1; i+1 < r.End && head != "document"; i++ {
		if w := p.low[i]; (w == "seen" || w == "obtained" || w == "reviewed") && p.low[i+1] == "by" || w == "leaked" || w == "dated" || w == "published" && p.low[i+1] != "by" && !slices.Contains(p.low[i:r.End], "by") {
			return p.bare(text.Range{Start: r.Start, End: i})
		}
	}
	for i := at + 1; i+1 < r.End; i++ {
		if c := i; p.low[c] == "by" && c > at+2 && strings.HasSuffix(p.low[at+1], "ed") {
			return p.bare(text.Range{Start: r.Start, End: at + 1}) + " by " + p.bare(text.Range{Start: i + 1, End: r.End})
		}
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
