package tag

import (
	"cmp"
	"slices"

	"crosscheck/internal/text"
)

// settle looks at a document's names as a whole: a bare surname is the
// person's who has it elsewhere, and what no name takes in may still be a
// people's. The names come back in text order.
func settle(ws []word, names []Name) []Name {
	known := surnames(ws, names)
	covered := make([]bool, len(ws))
	for k := range names {
		n := &names[k]
		for i := n.Start; i < n.End; i++ {
			covered[i] = true
		}
		if w := &ws[n.Start]; n.Len() == 1 && modelled(n.Type) && known[w.hash] && w.kinds&(country|locality) == 0 {
			n.Type = Person
		}
	}
	for i := range ws {
		if t := leftover(&ws[i], known); t != 0 && !covered[i] {
			end := i + 1
			for t == People && end < len(ws) && ws[i].place == first && ws[end].place == inside && !covered[end] {
				covered[end] = true
				end++
			}
			covered[i] = true
			names = append(names, Name{text.Range{Start: i, End: end}, t})
		}
	}
	slices.SortFunc(names, func(a, b Name) int { return cmp.Compare(a.Start, b.Start) })
	return names
}

// modelled reports whether the model, not a rule, finds the type.
func modelled(t Type) bool { return t == Person || t == Organisation || t == Location }

// surnames are the last words of the people's names of more than one word.
func surnames(ws []word, names []Name) map[uint32]bool {
	known := map[uint32]bool{}
	for _, n := range names {
		if w := &ws[n.End-1]; n.Type == Person && n.Len() > 1 && !w.is(mark|numeral) {
			known[w.hash] = true
		}
	}
	return known
}

// leftover is the type of a word that no name takes in, 0 for none.
func leftover(w *word, known map[uint32]bool) Type {
	switch {
	case !w.is(capital):
		return 0
	case w.kinds&people != 0:
		return People
	case known[w.hash] && !w.is(headline):
		return Person
	}
	return 0
}
