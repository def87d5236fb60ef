package statement

import (
	_ "embed"
	"strings"

	"crosscheck/internal/model"
)

//go:embed lexicon/cues.txt
var cueList string

// cueUse says how a verb of communication reports what was said.
type cueUse uint8

const (
	useInvert cueUse = 1 << iota // may stand before its speaker
	useClause                    // reports a bare clause
	useThat                      // reports a clause behind "that", a colon or a quotation mark
	useQuote                     // reports only a quotation
	useObject                    // what is said may be any object
	usePerson                    // its first object is the one spoken to
)

var useNames = map[string]cueUse{
	"invert": useInvert, "clause": useClause, "that": useThat, "quote": useQuote, "object": useObject, "person": usePerson,
}

// cueForm is the grammatical form of a verb.
type cueForm uint8

const (
	formBase   cueForm = 1 << iota // say
	formThird                      // says
	formPast                       // said
	formPart                       // said, written: also the past of most verbs
	formIng                        // saying
	formFinite = formBase | formThird | formPast
)

// cueVerb is one form of one verb of communication.
type cueVerb struct {
	lemma  string
	form   cueForm
	use    cueUse
	stance model.Stance
}

// cues looks a folded word up; every word has at most one entry.
type cues map[string]cueVerb

// readCues reads the lexicon: "lemma past participle: words".
func readCues(list string) cues {
	c := cues{}
	for line := range strings.Lines(list) {
		line, _, _ = strings.Cut(line, "#")
		head, tail, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok {
			continue
		}
		v := cueVerb{stance: model.StanceAsserts}
		for _, w := range strings.Fields(tail) {
			if u, ok := useNames[w]; ok {
				v.use |= u
			} else {
				v.stance = model.Stance(w)
			}
		}
		c.add(strings.Fields(head), v)
	}
	return c
}

func (c cues) add(forms []string, v cueVerb) {
	v.lemma = forms[0]
	put := func(word string, f cueForm) {
		v := v
		if old, ok := c[word]; ok {
			v.use |= old.use
			v.form = old.form
		}
		v.form |= f
		c[word] = v
	}
	third, past, ing := regular(v.lemma)
	part := past
	switch len(forms) {
	case 2:
		past, part = forms[1], forms[1]
	case 3:
		past, part = forms[1], forms[2]
	}
	if len(forms) > 1 && strings.HasSuffix(past, "ed") && len(past) > len(v.lemma)+2 {
		ing = past[:len(past)-2] + "ing" // the doubled consonant
	}
	put(v.lemma, formBase)
	put(third, formThird)
	put(past, formPast)
	put(part, formPart)
	put(ing, formIng)
}

// regular derives the third person, the past and the -ing form of a verb.
func regular(lemma string) (third, past, ing string) {
	n := len(lemma)
	vowelY := n > 1 && strings.ContainsRune("aeiou", rune(lemma[n-2]))
	switch {
	case strings.HasSuffix(lemma, "y") && !vowelY:
		return lemma[:n-1] + "ies", lemma[:n-1] + "ied", lemma + "ing"
	case strings.HasSuffix(lemma, "ee"):
		return lemma + "s", lemma + "d", lemma + "ing"
	case strings.HasSuffix(lemma, "e"):
		return lemma + "s", lemma + "d", lemma[:n-1] + "ing"
	case strings.HasSuffix(lemma, "s"), strings.HasSuffix(lemma, "sh"), strings.HasSuffix(lemma, "ch"), strings.HasSuffix(lemma, "x"):
		return lemma + "es", lemma + "ed", lemma + "ing"
	}
	return lemma + "s", lemma + "ed", lemma + "ing"
}
