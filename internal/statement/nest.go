package statement

import (
	"slices"

	"crosscheck/internal/model"
)

// cueless rejects what is said to go on without a cue, unquoted, in a sentence
// that has a report of its own.
func cueless(p *page, props []proposal) {
	for _, same := range byUnit(props) {
		for _, i := range same {
			pr := &props[i]
			if pr.leader == 0 || p.kindOf(pr) != model.KindIndirect {
				continue
			}
			if slices.ContainsFunc(same, func(j int) bool { return props[j].cue.Len() > 0 && props[j].reject == "" }) {
				pr.reject = ownCue
			}
		}
	}
}

const ownCue = "has a cue of its own"

// nest says which proposals stand inside what another of the same sentence
// reports.
func nest(props []proposal) {
	for _, same := range byUnit(props) {
		for _, i := range same {
			for _, j := range same {
				a, b := &props[i], &props[j]
				if i != j && a.cue.Len() > 0 && b.reject == "" && b.class == model.ClassStatement && b.holds(a.cue) && !a.holds(b.cue) {
					a.outer = j + 1
				}
			}
		}
	}
}

// maxReports bounds how many proposals of one sentence are compared.
const maxReports = 40

// byUnit returns the numbers of the proposals of every sentence, the first of
// each where a sentence has too many.
func byUnit(props []proposal) map[int][]int {
	out := map[int][]int{}
	for i := range props {
		if n := props[i].unit; len(out[n]) < maxReports {
			out[n] = append(out[n], i)
		}
	}
	return out
}

// unitOf returns the number of the unit that holds token i.
func (p *page) unitOf(i int) int {
	n, found := slices.BinarySearchFunc(p.units, i, func(u unit, i int) int { return u.items[0].Start - i })
	if found {
		return n
	}
	return max(0, n-1)
}
