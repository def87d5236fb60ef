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

// known is the renown of what a name means, by that name: a hundredth where it is
// but a name in another language, or an abbreviation.
func (g *gazetteer) known(m meaning) float64 {
	if m.rank == own {
		return g.renown(m.entry)
	}
	return g.renown(m.entry) - 2
}
