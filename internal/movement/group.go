package movement

import (
	"strings"

	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

// group is a verb with what stands before it and belongs to it.
type group struct {
	start   int // its first token
	verb    int
	passive bool
	reduced bool // "missiles fired from …", "troops moving towards …": no verb of a clause
	real    bool // it says that something has happened or is happening
}

var (
	haves  = wordSet("has have had having 've 'd")
	beings = wordSet("is are was were be been being am 's 're 'm got get gets")
	modals = wordSet("will would can could may might must shall should 'll ca wo need dare")
	nots   = wordSet("not n't never no neither nor hardly barely almost nearly yet without")
)

// isVerb reports whether token i, one of the forms of verbs, is used as a verb.
func (p *page) isVerb(i int) bool {
	switch p.pos[i] {
	case tag.VBD, tag.VBN, tag.VBG, tag.VBP, tag.VB:
		return true
	case tag.JJ: // "was closed"; and "the army advanced to" is often taken for one
		return i > 0 && (beings[p.low[i-1]] || p.pos[i-1] == tag.RB || p.noun(i-1))
	default:
		return false
	}
}

func (p *page) noun(i int) bool {
	switch p.pos[i] {
	case tag.NN, tag.NNS, tag.NNP, tag.NNPS, tag.PRP:
		return true
	}
	return false
}

// group reads the words before the verb at token i.
func (p *page) group(s text.Range, i int) group {
	g := group{start: i, verb: i}
	var have, being, modal, not, did bool
	for k := i - 1; k >= s.Start; k-- {
		w := p.low[k]
		switch {
		case nots[w] && p.pos[k] != tag.DT || w == "cannot" || len(w) > 3 && w[len(w)-3:] == "n't":
			not = true
			modal = modal || w == "cannot"
		case haves[w]:
			have = true
		case beings[w]:
			being = true
		case modals[w]:
			modal = true
		case w == "did" || w == "does" || w == "do":
			did = true
		case w == "to" && k == g.start-1:
			modal = true // "to leave": wished or planned
		case p.pos[k] == tag.RB || p.pos[k] == tag.RBR:
		default:
			k = s.Start - 1
			continue
		}
		g.start = k
	}
	if not || modal {
		return g
	}
	switch {
	case strings.HasSuffix(p.low[i], "ing"):
		g.real = being || !have
		g.reduced = !being
	case being:
		g.real, g.passive = true, true
	case have:
		g.real = true
	default:
		g.real = !did
		g.reduced = participles[p.low[i]] || p.goesOn(s, i)
	}
	return g
}

// participles are forms that are no past tense.
var participles = wordSet("driven flown withdrawn shaken retaken")

// goesOn reports whether a clause has its verb only after the form at token i,
// which then is a participle: "Missiles fired from Crimea hit a bridge". Taggers
// are little help there.
func (p *page) goesOn(s text.Range, i int) bool {
	for k := i + 1; k < s.End; k++ {
		w := p.low[k]
		switch {
		case ending[w] || w == "and" || w == "," || p.pos[k] == tag.CloseQuote:
			return false
		case beings[w] || modals[w] || haves[w] || p.pos[k] == tag.VBD || p.pos[k] == tag.VBZ || verbs[w] != nil && p.isVerb(k) && !strings.HasSuffix(w, "ing"):
			return true
		}
	}
	return false
}

var (
	supposing = wordSet("if unless whether should lest suppose supposing until provided")
	denying   = wordSet(`denied denies deny denying dismissed dismisses rejected rejects ruled untrue false falsely fake doubt doubts doubted doubtful unclear unconfirmed
		refused refuses failed fails unable impossible unlikely nobody none nothing hoax rumour rumours rumor rumors threatened threatens threatening planned plans
		planning intends intended wants wanted hopes hoped expects expected ordered orders order urged urges asked asks demanded demands called calls wished proposed agreed promised
		vowed pledged prepared preparing ready considering mulls scheduled due poised set`)
)

// doubted reports whether what stands before a verb in its sentence takes away
// that it happened: a supposition, a denial, a negated noun.
func (p *page) doubted(s text.Range, g group) bool {
	for k := g.start - 1; k >= s.Start; k-- {
		w := p.low[k]
		switch {
		case w == ";" || w == "but" || w == "although" || w == "though":
			return false
		case w == "before" && k > s.Start && !p.finished(k, g.start):
			return true // they may never have
		case supposing[w] || usual[w]:
			return true
		case w == "no" || w == "neither" || w == "without" || (w == "not" || w == "n't") && k+1 < s.End && (p.low[k+1] == "true" || p.low[k+1] == "a" || p.low[k+1] == "one" || p.low[k+1] == "clear"):
			return true
		case denying[w] && !p.finished(k, g.start):
			return true
		}
	}
	if p.low[s.Start] == "were" || p.low[s.Start] == "had" {
		return true // "Had they left, …"
	}
	return false
}

// finished reports whether a clause of its own has begun between a word and the
// verb, so that the word says nothing of the verb: "The army rejected the offer
// and left the town".
func (p *page) finished(k, verb int) bool {
	over := false
	for i := k + 1; i < verb; i++ {
		switch p.low[i] {
		case "that", "whether", "reports", "claims":
			return false
		case "to", "of":
			over = false
		case "and", "when", "after", "as", "while", "because", ",":
			over = true
		}
	}
	return over
}
