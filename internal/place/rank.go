package place

import "math"

// renown says how likely a text means an entry by its name when nothing else is
// known: the decimal logarithm of its inhabitants, with what makes places known
// beyond their size.
func (g *gazetteer) renown(i uint32) float64 {
	r := math.Log10(float64(g.population[i]) + 10)
	switch g.kind[i] {
	case Country:
		return r + 2
	case Admin1:
		return r - 1
	case Admin2:
		return r - 2
	case Region, Sea:
		return 7
	case Capital:
		return r + 1.5
	case Part:
		return r - 0.5
	default:
		return r
	}
}

// known is the renown of what a name means, by that name.
func (g *gazetteer) known(m meaning) float64 {
	return g.renown(m.entry) - float64(m.rank)
}
