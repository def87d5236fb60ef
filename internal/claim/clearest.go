package claim

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// What makes a statement stand well for its claim, in points.
const (
	upholdsPoints = 6.0 // it says the proposition and not its contrary
	plainPoints   = 3.0 // it holds no negation
	lengthPoints  = 3.0 // as long as a sentence is
	opensPoints   = 2.0 // its first word does not point at something before
	namesPoints   = 1.0 // for each name, up to maxNames
	maxNames      = 3
	onePoints     = 1.0 // one sentence
)

// The length of a sentence that says a thing, in words.
const (
	shortWords = 6
	longWords  = 32
)

// pointers open what can only be understood with what stands before it.
var pointers = map[string]bool{
	"it": true, "they": true, "he": true, "she": true, "this": true, "that": true, "these": true, "those": true, "we": true,
	"i": true, "you": true, "there": true, "so": true, "and": true, "but": true, "yes": true, "no": true, "what": true,
}

var negations = map[string]bool{
	"no": true, "not": true, "never": true, "none": true, "nothing": true, "nobody": true, "neither": true, "nor": true, "without": true,
}

// Clearest is the index of the statement whose words put the proposition of its
// claim best: it upholds it, is no fragment, names who and what it is about,
// and among equals came first. The list must not be empty.
func Clearest(list []Statement) int {
	best, most := 0, -1.0
	for i := range list {
		p := points(&list[i])
		if p > most || p == most && list[i].At.Before(list[best].At) {
			best, most = i, p
		}
	}
	return best
}

func points(s *Statement) float64 {
	var p float64
	stance := s.Attitude
	if stance == "" {
		stance = s.Stance
	}
	if stance.Side() == model.Upholds {
		p += upholdsPoints
	}
	words, names, negated, ends := 0, 0, false, 0
	for _, tok := range text.Tokenize(s.Content) {
		raw := s.Content[tok.Start:tok.End]
		if tok.Kind == text.Mark {
			if strings.ContainsAny(raw, ".!?…") && tok.End < len(strings.TrimRight(s.Content, " ”\"’")) {
				ends++
			}
			continue
		}
		low := text.Lower(raw)
		if words == 0 && !pointers[low] {
			p += opensPoints
		}
		if r, _ := utf8.DecodeRuneInString(raw); words > 0 && unicode.IsUpper(r) && low != "i" {
			names++
		}
		negated = negated || negations[low] || strings.HasSuffix(low, "n't") || strings.HasSuffix(low, "n’t")
		words++
	}
	if !negated {
		p += plainPoints
	}
	switch {
	case words > longWords:
		p += lengthPoints * longWords / float64(words)
	case words < shortWords:
		p += lengthPoints * float64(words) / shortWords
	default:
		p += lengthPoints
	}
	if ends == 0 {
		p += onePoints
	}
	return p + namesPoints*float64(min(names, maxNames))
}

// Members returns the statements of a claim that are inside, in the order they
// came in, with the attitudes they have now.
func (g *Grouper) Members(claim string) []Statement {
	g.mu.Lock()
	defer g.mu.Unlock()
	c := g.claims[claim]
	if c == nil {
		return nil
	}
	out := make([]Statement, len(c.members))
	for i, e := range c.members {
		out[i] = Statement{ID: e.id, At: e.at, Content: e.content, Claim: c.id, Attitude: e.attitude, Pinned: e.pinned}
	}
	return out
}
