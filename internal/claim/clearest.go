package claim

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clearest returns the index of the statement of a claim whose verbatim words
// state the proposition best: whole, without pronouns, naming who and what,
// near to what the others say, and not the contrary of it; among equals the
// first. It is -1 for an empty list.
func Clearest(list []Statement) int {
	if len(list) == 0 {
		return -1
	}
	g := New(Config{})
	var entries []*entry
	for _, s := range list[:min(len(list), maxClearest)] {
		e := g.enter(s)
		g.put(e, "claim")
		g.index(e)
		entries = append(entries, e)
	}
	anchor := g.proposition(entries[0].claim)
	best, at := 0.0, -1
	for i, e := range entries {
		c := g.clarity(e, anchor, list[i].Content)
		if at < 0 || c > best {
			best, at = c, i
		}
	}
	return at
}

// maxClearest statements of a claim are looked at, the first ones.
const maxClearest = 40

// clarity is how well the words of e state what anchor states. The numbers
// rank what is asked of it: not the contrary first, then whole words, then the
// rest.
func (g *Grouper) clarity(e, anchor *entry, content string) float64 {
	c := 0.0
	if e != anchor && len(g.turns(e.reading, anchor.reading))%2 == 1 || !plain(e) {
		c -= 4
	}
	words := strings.Fields(content)
	switch n := len(words); {
	case n < 4:
		c -= 3
	case n < 6:
		c--
	case n > 30:
		c--
	}
	if r, _ := utf8.DecodeRuneInString(content); unicode.IsUpper(r) {
		c++
	}
	for _, w := range words {
		if vague[strings.ToLower(strings.Trim(w, ".,;:!?“”\"'’"))] {
			c -= 0.7
		}
	}
	c += 0.5 * float64(min(e.reading.NameCount(), 3))
	return c + 2*g.centrality(e)
}

// centrality is the mean nearness of e to the other statements of its claim.
func (g *Grouper) centrality(e *entry) float64 {
	members := e.claim.members
	if len(members) < 2 {
		return 0
	}
	q := g.stream.Ask(e.reading)
	sum := 0.0
	for _, m := range members {
		if m != e {
			sum += q.Cover(m.reading)
		}
	}
	return sum / float64(len(members)-1)
}

// vague words need something outside the statement to be understood.
var vague = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields("it its he his him she her hers they their them this these that those we our us i my me you your there here") {
		m[w] = true
	}
	return m
}()
