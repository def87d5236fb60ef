package claim

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// maxClearest statements of a claim are looked at, the first ones.
const maxClearest = 40

// Clearest returns the statement of a claim inside the window, and its words,
// that states the proposition best: whole, a sentence, without pronouns, naming
// who and what, near to what the others say, and not the contrary of it; among
// equals the first. Both are "" for a claim that has none.
func (g *Grouper) Clearest(claim string) (id, words string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	c := g.claims[claim]
	if c == nil {
		return "", ""
	}
	anchor := g.proposition(c)
	var best *entry
	most := 0.0
	for _, e := range c.members[:min(len(c.members), maxClearest)] {
		if x := g.clarity(e, anchor); best == nil || x > most {
			best, most = e, x
		}
	}
	return best.id, best.content
}

// clarity is how well the words of e state what anchor states. The numbers
// rank what is asked of it: not the contrary first, then whole words, then the
// rest.
func (g *Grouper) clarity(e, anchor *entry) float64 {
	c := 0.0
	if e.attitude.Side() != model.Upholds {
		c -= 4
	}
	if e == anchor {
		c++ // the others were measured against it
	}
	if e != anchor && len(g.turns(e.reading, anchor.reading))%2 == 1 || !plain(e) {
		c -= 4
	}
	words := strings.Fields(e.content)
	switch n := len(words); {
	case n < 4:
		c -= 3
	case n < 6:
		c--
	case n > 30:
		c--
	}
	if r, _ := utf8.DecodeRuneInString(e.content); unicode.IsUpper(r) {
		c++
	} else if len(words) > 0 && hanging[words[0]] {
		c -= 3
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

// hanging words begin what is a part of a sentence, not one.
var hanging = text.Set(`who whom whose which that what where when why how whether if to of about with by for from in on at as than and or but
	because while since until after before being having`)

// vague words need something outside the statement to be understood.
var vague = text.Set(`it its he his him she her hers they their them this these that those we our us i my me you your there here`)
