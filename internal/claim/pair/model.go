package pair

import "slices"

// Weights says how much each feature of Names speaks for one proposition.
type Weights []float64

// Learned are the weights that learn has fitted.
func Learned() Weights { return learned }

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

// Link is how near a statement or claim is to a claim, from the scores of their
// pairs: the mean of the best pair and of the average, so that neither one
// chance resemblance nor one odd wording decides. It needs one score at least.
func Link(scores []float64) float64 {
	best, all := scores[0], 0.0
	for _, s := range scores {
		best = max(best, s)
		all += s
	}
	return bestShare*best + (1-bestShare)*all/float64(len(scores))
}

const bestShare = 0.5
