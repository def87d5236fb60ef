package pair

import "slices"

// Weights says how much each feature of Names speaks for one proposition.
type Weights []float64

// Learned are the weights that learn has fitted to statements picked because
// they bear on what is disputed.
func Learned() Weights { return learned }

// LearnedWhole are those fitted to all statements of whole articles, of which
// most are about nothing that another one speaks of.
func LearnedWhole() Weights { return learnedWhole }

// Score is how much speaks for one proposition in a pair with these features:
// log odds beside the other statements that stand to choice, so that what is
// a good score depends on how many there are; see claim.Config.
func (w Weights) Score(features []float64) float64 {
	var s float64
	for i, f := range features {
		s += w[i] * f
	}
	return s - apart*features[otherAmounts]
}

// apart is what two different amounts of one thing count against a pair, beyond
// what was learned: they are two claims by convention, however alike the words.
const apart = 8

var otherAmounts = slices.Index(Names, "other amounts of one thing")

// Link is how near two groups of statements are, from the best score of a pair
// and the mean of all: mostly the mean, so that no chance resemblance of two
// decides.
func Link(best, mean float64) float64 { return bestShare*best + (1-bestShare)*mean }

const bestShare = 0.25
