package tag

import (
	"cmp"
	"slices"

	"crosscheck/internal/text"
)

// settle looks at a document's names as a whole: a bare surname is the
// person's who has it elsewhere, and what no name takes in may still be in
// the lists. The names come back in text order.
func settle(ws []word, names []Name) []Name {
	known := surnames(ws, names)
	covered := make([]bool, len(ws))
	for k := range names {
		n := &names[k]
		for i := n.Start; i < n.End; i++ {
			covered[i] = true
		}
		if n.Len() == 1 && modelled(n.Type) {
			n.Type = retype(&ws[n.Start], n.Type, known)
		}
	}
	for i := 0; i < len(ws); {
		end := i + 1
		for ws[i].place == first && end < len(ws) && ws[end].place == inside {
			end++
		}
		if t := leftover(ws[i:end], known); t != 0 && !slices.Contains(covered[i:end], true) {
			names = append(names, Name{text.Range{Start: i, End: end}, t})
		}
		i = end
	}
	slices.SortFunc(names, func(a, b Name) int { return cmp.Compare(a.Start, b.Start) })
	return names
}

// retype corrects the type of a name of one word.
func retype(w *word, t Type, known map[uint32]bool) Type {
	switch {
	case w.kinds&people != 0 && w.kinds&(given|surname) == 0:
		return People
	case known[w.hash] && w.kinds&(country|locality) == 0:
		return Person
	}
	return t
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

// leftover is the type of an entry of the lists, or of a single word, that no
// name takes in; 0 for none.
func leftover(ws []word, known map[uint32]bool) Type {
	w := &ws[0]
	switch {
	case !w.is(capital):
		return 0
	case w.kinds&people != 0:
		return People
	case known[w.hash] && !w.is(headline):
		return Person
	case w.kinds&country != 0, w.kinds&locality != 0 && len(ws) > 1:
		return Location
	case w.kinds&agency != 0 && len(ws) > 1:
		return Organisation
	}
	return 0
}
