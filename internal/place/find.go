package place

import (
	_ "embed"
	"maps"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

// longest is the most tokens a name has: "Saint Vincent and the Grenadines" has
// five, points and hyphens count too.
const longest = 8

// candidate is a stretch of text that reads like a name of the gazetteer.
type candidate struct {
	text.Range
	span   text.Span // without a possessive ending
	folded string
	means  []meaning
	f      features
	alone  float64 // score by what stands around it
	score  float64 // with what the rest of the text says
}

// candidates returns what in the text may name a place, in text order, the
// longer of two that start at one token first.
func (p *page) candidates() []candidate {
	var out []candidate
	for i := range p.Tokens {
		if !p.capital(i) || p.insideWord(i) {
			continue
		}
		var here []candidate
		for end := i + 1; end <= min(i+longest, len(p.Tokens)); end++ {
			if !p.joins(i, end-1) {
				break
			}
			if c, ok := p.candidate(text.Range{Start: i, End: end}); ok {
				here = append(here, c)
			}
		}
		for k := len(here) - 1; k >= 0; k-- {
			out = append(out, here[k])
		}
	}
	return out
}

// insideWord reports whether token i goes on from a character that makes it part
// of a longer word, an address or a handle.
func (p *page) insideWord(i int) bool {
	r, _ := utf8.DecodeLastRuneInString(p.Text[:p.Tokens[i].Start])
	if p.Tokens[i].Start == 0 {
		return false
	}
	if r == '.' || r == '/' {
		// "U.S" and "Kyiv/Moscow" are no addresses; "www.Paris" is one
		before, _ := utf8.DecodeLastRuneInString(p.Text[:p.Tokens[i].Start-1])
		return p.Tokens[i].Start > 1 && unicode.IsLower(before)
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || strings.ContainsRune("_@=&%\\", r) || r == utf8.RuneError
}

// ends reports whether a name may end with the token before end.
func (p *page) ends(end int) bool {
	at := p.Tokens[end-1].End
	if at == len(p.Text) {
		return true
	}
	r, n := utf8.DecodeRuneInString(p.Text[at:])
	if r == '.' || r == '@' {
		after, _ := utf8.DecodeRuneInString(p.Text[at+n:])
		return !unicode.IsLower(after) && !unicode.IsDigit(after)
	}
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) && !strings.ContainsRune("_@=&%\\", r)
}

// joins reports whether token i may be part of a name that starts at from.
func (p *page) joins(from, i int) bool {
	if i == from {
		return true
	}
	gap := p.Text[p.Tokens[i-1].End:p.Tokens[i].Start]
	if strings.ContainsRune(gap, '\n') || len(gap) > 3 {
		return false
	}
	switch p.Tokens[i].Kind {
	case text.Word:
		return true
	case text.Mark:
		return strings.Contains(".-–‑'’‘&", p.Token(i)) && gap == ""
	default:
		return false
	}
}

func (p *page) candidate(r text.Range) (candidate, bool) {
	first, last := p.Tokens[r.Start], p.Tokens[r.End-1]
	if last.Kind != text.Word && (p.Token(r.End-1) != "." || r.Len() < 2) || !p.ends(r.End) {
		return candidate{}, false
	}
	if last.Kind == text.Word && !p.capital(r.End-1) && !lowerEnd[p.low[r.End-1]] && r.Len() > 1 && !strings.Contains("–-‑", p.Token(r.End-2)) {
		return candidate{}, false
	}
	c := candidate{Range: r, span: text.Span{Start: first.Start, End: last.End}}
	c.folded = fold(c.span.Of(p.Text))
	if c.means = p.g.find(c.folded); len(c.means) == 0 {
		whole := c.span.Of(p.Text)
		bare := strings.TrimSuffix(strings.TrimSuffix(whole, "'s"), "’s")
		if bare == whole {
			return c, false
		}
		c.span.End -= len(whole) - len(bare)
		c.folded = fold(bare)
		c.means = p.g.find(c.folded)
	}
	if c.means = p.spelled(&c); len(c.means) == 0 || otherWords()[c.folded] {
		return c, false
	}
	return c, true
}

// lowerEnd are words in small letters that a name may end with.
var lowerEnd = wordSet("region peninsula river oblast province state states county district territories")

// acronyms are names in capitals alone. In small letters they are other words.
var acronyms = wordSet("bc nsw pei la nyc us usa uk uae ussr drc dprk prc dr dc ksa png car dpr lpr dnr lnr")

// spelled leaves of a candidate's meanings those that its spelling allows.
func (p *page) spelled(c *candidate) []meaning {
	written := c.span.Of(p.Text)
	dotted := strings.HasSuffix(written, ".")
	capitals := written == strings.ToUpper(written)
	if acronyms[c.folded] && !capitals {
		return nil
	}
	if capitals && c.Len() == 1 && len(written) <= 5 && !acronyms[c.folded] && !p.shouted(c.Start) && !p.start[c.Start] && p.nameType(c.Start) != tag.Location {
		return p.shorts(c)
	}
	if dotted && (!capitals || strings.Count(written, ".") < 2) {
		return p.shorts(c)
	}
	points := strings.Count(written, ".") > 1
	var out []meaning
	for _, m := range c.means {
		// "O.K." is not Oklahoma, nor "U.N." the town of Un
		if points && capitals && len(c.folded) < 4 && !acronyms[c.folded] && !m.dotted || !points && m.rank == short {
			continue
		}
		out = append(out, m)
	}
	return out
}

// shorts returns the meanings of an abbreviation, where it follows a comma as
// that of a state does.
func (p *page) shorts(c *candidate) []meaning {
	if p.word(c.Start-1) != "," {
		return nil
	}
	var out []meaning
	for _, m := range c.means {
		if m.rank == short {
			out = append(out, m)
		}
	}
	return out
}

//go:embed lists/words.txt
var wordText string

// otherWords are folded names that nearly always mean something else.
var otherWords = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(wordText) {
		if line[0] == '#' {
			continue
		}
		for part := range strings.SplitSeq(strings.TrimSpace(line), "|") {
			if !strings.Contains(line, "|") {
				maps.Copy(set, wordSet(part))
			} else {
				set[part] = true
			}
		}
	}
	return set
})

// overlap says how a candidate lies to the names of a type that a tagger found.
func (p *page) overlap(c *candidate, t tag.Type) (same, within, crosses bool) {
	last := -1
	for i := c.Start; i < c.End; i++ {
		k := p.at[i]
		if k < 0 || k == last || p.names[k].Type != t {
			continue
		}
		last = k
		n := &p.names[k]
		switch {
		case n.Start == c.Start && (n.End == c.End || n.End+1 == c.End && p.Token(n.End) == "."):
			return true, false, false
		case n.Start <= c.Start && c.End <= n.End:
			within = true
		default:
			crosses = true
		}
	}
	return false, within, crosses
}
