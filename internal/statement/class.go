package statement

import (
	_ "embed"
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

//go:embed lexicon/positions.txt
var positionList string

//go:embed lexicon/nouns.txt
var nounList string

// lexicon is every word the classes of cues are read from.
type lexicon struct {
	cues      cues
	positions words
	nouns     map[string]model.Stance // of communication
}

func newLexicon() lexicon {
	return lexicon{cues: readCues(cueList), positions: readPositions(positionList), nouns: readNouns(nounList)}
}

// readPositions reads "lemma [past [participle]]" lines into all forms.
func readPositions(list string) words {
	w := words{}
	for line := range strings.Lines(list) {
		line, _, _ = strings.Cut(line, "#")
		forms := strings.Fields(line)
		if len(forms) == 0 {
			continue
		}
		third, past, ing := regular(forms[0])
		for _, f := range append(forms, third, past, ing) {
			w[f] = true
		}
	}
	return w
}

// readNouns reads "noun… [stance]" lines.
func readNouns(list string) map[string]model.Stance {
	nouns := map[string]model.Stance{}
	for line := range strings.Lines(list) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		stance := model.StanceAsserts
		for _, s := range model.Stances {
			if len(words) > 1 && words[len(words)-1] == string(s) {
				stance, words = s, words[:len(words)-1]
			}
		}
		for _, w := range words {
			nouns[w] = stance
		}
	}
	return nouns
}

// reading is what the lexicon says of the tokens of a cue.
type reading struct {
	at    int // the word that reports
	verb  cueVerb
	class model.Class
	known bool // some word of the cue is in the lexicon
}

// read finds the word of a cue that reports: a verb of communication, "according
// to", a noun of communication, or a verb of belief.
func (l *lexicon) read(p *page, cue text.Range) reading {
	for i := cue.Start; i < cue.End; i++ {
		if v, ok := l.cues[p.low[i]]; ok && !l.asNoun(p, cue, i) {
			return reading{at: i, verb: v, known: true}
		}
		if p.low[i] == "according" {
			return reading{at: i, verb: cueVerb{lemma: "according", stance: model.StanceAsserts}, known: true}
		}
	}
	for i := cue.Start; i < cue.End; i++ {
		w := strings.TrimSuffix(p.low[i], "'s")
		if l.positions[w] {
			return reading{at: i, verb: cueVerb{lemma: w, stance: model.StanceAsserts}, class: model.ClassPosition, known: true}
		}
		if s, ok := l.nouns[w]; ok {
			return reading{at: i, verb: cueVerb{lemma: w, stance: s}, known: true}
		}
	}
	return reading{at: cue.Start, verb: cueVerb{lemma: p.low[cue.Start], stance: model.StanceAsserts}, class: model.ClassPosition}
}

// asNoun reports whether token i of a cue, a word that is a noun as well as a
// verb, is the noun of a longer cue: "made a promise", "has faced questions".
func (l *lexicon) asNoun(p *page, cue text.Range, i int) bool {
	if i == cue.Start {
		return false
	}
	prev := p.low[i-1]
	return determiners[prev] || possessive(prev)
}

// irrealis says why what a cue reports was not said, or "": "did not say
// whether", "would not comment", "is expected to announce", "if they say".
func (l *lexicon) irrealis(p *page, r reading, from int) string {
	neg := false
	for j := r.at - 1; j >= max(from, r.at-6); j-- {
		w := p.low[j]
		switch {
		case p.Tokens[j].Kind == text.Mark && w != "-":
			return ""
		case negations[w]:
			neg = true
		case refusals[w]:
			return refused
		}
		if neg {
			if able[w] || j > from && able[p.low[j-1]] || w == "cannot" || w == "can't" || w == "couldn't" {
				return notAble
			}
			return "negated"
		}
		if modals[w] && w != "to" && !(upper(p.Token(j)) && !p.opens[j]) {
			return "not yet said"
		}
		if w == "to" && !saidBefore(p, j) {
			return "not yet said"
		}
		if w == "without" {
			return "negated"
		}
		if pronouns[w] && j > from && (modals[p.low[j-1]] && p.low[j-1] != "to" || p.low[j-1] == "did" || p.low[j-1] == "does") {
			return "not yet said" // "Nor would he say"
		}
		if !(adverb(w) || auxiliaries[w] || w == "to" || w == "gone" || w == "went" || w == "on" || w == "and" || w == "have" || w == "-") {
			return ""
		}
	}
	return ""
}

// Two of the reasons irrealis gives.
const (
	notAble = "not able to say"
	refused = "refused to say"
)

var (
	refusals = wordSet("refused declined failed refuses declines refusing declining unable")
	able     = wordSet("can could able")
)

// saidBefore reports whether what stands before "to" at token i says that the
// report took place: "went on to say", "continued to insist".
func saidBefore(p *page, i int) bool {
	if i == 0 {
		return false
	}
	switch p.low[i-1] {
	case "on", "continued", "continues", "continuing", "began", "appeared", "seemed", "appears", "seems", "rushed", "moved", "took", "pains", "quick", "telegram", "twitter", "x", "facebook", "air", "stage", "only", "first", "last", "latest", "proceeded", "hastened":
		return true
	}
	return false
}
