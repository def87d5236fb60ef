package claim

import (
	"cmp"
	"slices"
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

const (
	// surelyAgainst and surelyFor are the log odds above and below which a
	// statement is against its proposition or for it; between them it has no side.
	surelyAgainst = 0.3
	surelyFor     = -0.6
	// wholeAgainst are the log odds from which on an assertion of whole articles
	// may be against its proposition.
	wholeAgainst = 1.0
	// sameWords is from which cosine on words are those of the proposition, maybe
	// turned round: on these the rule alone decides.
	sameWords = 0.4
	// maxNamed words are named that turned a verdict, which count loud or more.
	maxNamed = 3
	loud     = 0.2
)

// Cues are the words that say something about a statement's side whatever it is
// about. What each counts was learned.
var Cues = strings.Fields(`
	all already always am another any anybody anyone anything are at be been before but can cannot could did each either else even ever every
	everybody everyone everything few full had has have is just last least less many more most neither never no nobody none nor not
	nothing now once one only open other own same should simply since so some still than what where whole would yesterday yet`)

var cueAt = func() map[string]uint8 {
	at := map[string]uint8{}
	for i, w := range Cues {
		at[w] = uint8(i)
	}
	return at
}()

// cuesIn are the places in Cues of those among the words, each once.
func cuesIn(content string) []uint8 {
	var out []uint8
	for _, w := range text.Words(content) {
		if c, ok := cueAt[w]; ok && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// Circumstances names what the verdict on a statement goes by beside its words.
var Circumstances = []string{"bias", "side by rule", "denies by itself", "confirms by itself", "side by rule, negated", "first", "share of denials beside it"}

// circumstances are those of e in its claim, of whose statements so many, denials,
// deny by their own stance.
func (e *entry) circumstances(denials int) []float64 {
	members := e.claim.members
	side := 0.0
	switch e.rule.Side() {
	case model.Upholds:
		side = 1
	case model.Disputes:
		side = -1
	}
	denies := is(e.reading.Stance == model.StanceDenies)
	return []float64{
		1, side, denies, is(e.reading.Stance == model.StanceConfirms), side * is(e.reading.Tone.Negated), is(members[0] == e),
		(float64(denials) - denies) / float64(len(members)-1),
	}
}

// verdict is the attitude of e to the proposition of its claim, and what makes it
// another than its own. The rule alone decides on what has the proposition's
// words, where there is nothing beside e, and on what has no side of its own or
// doubts. The statement taken for the proposition may come out against it: then
// the claim is about the contrary, which others say. Where whole articles come,
// the rule decides on whoever asserts or confirms too, but a denial needs odds of
// wholeAgainst; else there is no side.
func (e *entry) verdict(denials int, whole bool) (model.Stance, []string) {
	if !e.weighed() {
		return e.rule, e.turned
	}
	odds := 0.0
	for i, x := range e.circumstances(denials) {
		odds += learnedCircumstances[i] * x
	}
	for _, c := range e.cues {
		odds += learnedCues[c]
	}
	out := model.Stance("")
	switch own := e.reading.Stance; {
	case whole && own.Side() == model.Upholds:
		if e.rule.Side() != model.Disputes || odds >= wholeAgainst {
			out = e.rule
		}
	case odds > surelyAgainst:
		out = model.StanceDenies
	case odds < surelyFor && own == model.StanceConfirms:
		out = own
	case odds < surelyFor:
		out = model.StanceAsserts
	}
	switch {
	case out == e.rule:
		return out, e.turned
	case out == "":
		return out, []string{"could be read either way"}
	}
	return out, e.wording(odds > 0)
}

// weighed reports whether more than the rule decides on e.
func (e *entry) weighed() bool {
	own := e.reading.Stance
	return len(e.claim.members) > 1 && (e.near < sameWords || e == e.claim.anchor) && own.Side() != model.NoSide && own != model.StanceDoubts && e.rule != model.StanceDoubts
}

// wording is what a verdict is explained with that goes against the rule.
func (e *entry) wording(against bool) []string {
	sign := 1.0
	if !against {
		sign = -1
	}
	named := slices.DeleteFunc(slices.Clone(e.cues), func(c uint8) bool { return sign*learnedCues[c] < loud })
	if len(named) == 0 {
		return []string{"as the statements beside it go"}
	}
	slices.SortFunc(named, func(a, b uint8) int { return cmp.Compare(sign*learnedCues[b], sign*learnedCues[a]) })
	var words []string
	for _, c := range named[:min(maxNamed, len(named))] {
		words = append(words, Cues[c])
	}
	return []string{"words such as " + strings.Join(words, ", ")}
}

func is(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Example is what the verdict on a statement goes by, for fitting what each
// thing counts.
type Example struct {
	Claim         string
	Circumstances []float64
	Cues          []uint8 // places in Cues
}

// Examples are those of all statements inside the window on which more than the
// rule decides, by ID.
func (g *Grouper) Examples() map[string]Example {
	g.mu.Lock()
	defer g.mu.Unlock()
	out := map[string]Example{}
	for _, c := range g.claims {
		denials := c.denials()
		for _, e := range c.members {
			if e.weighed() {
				out[e.id] = Example{c.id, e.circumstances(denials), e.cues}
			}
		}
	}
	return out
}

// denials is how many statements of the claim deny by their own stance.
func (c *group) denials() int {
	n := 0
	for _, e := range c.members {
		if e.reading.Stance == model.StanceDenies {
			n++
		}
	}
	return n
}
