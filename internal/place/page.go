package place

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

// page is a text with its words' parts of speech and names.
type page struct {
	*text.Doc
	g     *gazetteer
	pos   []tag.POS
	names []tag.Name
	at    []int    // of each token, the name it stands in, -1 for none
	low   []string // of each token, text.Lower
	start []bool   // the token starts a sentence
}

func newPage(g *gazetteer, body string) *page {
	t, err := tag.Shared()
	if err != nil {
		panic(fmt.Sprintf("place: %v", err)) // embedded and tested, as the gazetteer is
	}
	p := &page{Doc: text.Parse(body), g: g}
	tags := t.Tag(p.Doc)
	p.pos, p.names = tags.POS, tags.Names
	n := len(p.Tokens)
	p.at, p.low, p.start = make([]int, n), make([]string, n), make([]bool, n)
	for i := range n {
		p.at[i] = -1
		p.low[i] = text.Lower(p.Token(i))
	}
	for k, name := range p.names {
		for i := name.Start; i < name.End; i++ {
			p.at[i] = k
		}
	}
	for _, s := range p.Sentences {
		p.start[s.Start] = true
	}
	return p
}

// nameType is the type of the name a token stands in, 0 for none.
func (p *page) nameType(i int) tag.Type {
	if i < 0 || i >= len(p.at) || p.at[i] < 0 {
		return 0
	}
	return p.names[p.at[i]].Type
}

// capital reports whether token i is a word that starts with a capital letter.
func (p *page) capital(i int) bool {
	if i < 0 || i >= len(p.Tokens) || p.Tokens[i].Kind != text.Word {
		return false
	}
	r, _ := utf8.DecodeRuneInString(p.Token(i))
	return unicode.IsUpper(r)
}

// upper reports whether token i is a word of two or more letters, all capital.
func (p *page) upper(i int) bool {
	s := p.Token(i)
	return utf8.RuneCountInString(s) > 1 && s == strings.ToUpper(s) && p.capital(i)
}

// shouted reports whether the words around token i are in capitals as well, as
// in a headline or a dateline.
func (p *page) shouted(i int) bool {
	return i > 0 && p.upper(i-1) || i+1 < len(p.Tokens) && p.upper(i+1)
}

// word returns token i, folded, "" outside the text.
func (p *page) word(i int) string {
	if i < 0 || i >= len(p.low) {
		return ""
	}
	return p.low[i]
}

// touches reports whether tokens i and i+1 stand side by side without a space.
func (p *page) touches(i int) bool {
	return i >= 0 && i+1 < len(p.Tokens) && p.Tokens[i].End == p.Tokens[i+1].Start
}

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		set[w] = true
	}
	return set
}
