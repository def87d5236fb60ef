package tag

import (
	"cmp"
	"slices"

	"crosscheck/internal/text"
)

// settle looks at a document's names as a whole: a word that names the same
// thing elsewhere, as a bare surname does, names it here, and what no name
// takes in may still be in the lists. The names come back in text order.
func settle(ws []word, names []Name, doc *seen) []Name {
	covered := make([]bool, len(ws))
	for k := range names {
		n := &names[k]
		untitle(ws, n)
		for i := n.Start; i < n.End; i++ {
			covered[i] = true
		}
	}
	v := poll(ws, names)
	for k := range names {
		if n := &names[k]; n.Len() == entryLen(ws[n.Start:n.End]) && modelled(n.Type) {
			n.Type = v.retype(ws[n.Start:n.End], n.Type)
		}
	}
	for i := 0; i < len(ws); {
		end := i + max(entryLen(ws[i:]), institution(ws[i:]))
		if t := v.leftover(ws[i:end], doc); t != 0 && !slices.Contains(covered[i:end], true) {
			names = append(names, Name{text.Range{Start: i, End: end}, t})
		}
		i = end
	}
	slices.SortFunc(names, func(a, b Name) int { return cmp.Compare(a.Start, b.Start) })
	return names
}

// modelled reports whether the model, not a rule, finds the type.
func modelled(t Type) bool { return t == Person || t == Organisation || t == Location }

// untitle cuts titles from the start of a person's name.
func untitle(ws []word, n *Name) {
	for n.Type == Person && n.Len() > 1 {
		w := &ws[n.Start]
		if w.kinds&title == 0 && !w.is(mark) || w.kinds&(given|surname) != 0 {
			return
		}
		n.Start++
	}
}

// votes say of which type the names are that a word makes up alone or, for
// people, ends.
type votes map[uint32]*[Location + 1]int

// fullName is how many names of one word a full name outweighs.
const fullName = 3

func poll(ws []word, names []Name) votes {
	v := votes{}
	for _, n := range names {
		w, weight := &ws[n.End-1], 1
		if n.Len() > 1 {
			weight = fullName
		}
		if w.is(mark|numeral) || !modelled(n.Type) || n.Len() > 1 && n.Type != Person {
			continue
		}
		if v[w.hash] == nil {
			v[w.hash] = new([Location + 1]int)
		}
		v[w.hash][n.Type] += weight
	}
	return v
}

// usual is the type a word's names have in the document, and its votes.
func (v votes) usual(w *word) (Type, int) {
	top := Type(0)
	c := v[w.hash]
	if c == nil {
		return 0, 0
	}
	for t := Person; t <= Location; t++ {
		if c[t] > c[top] {
			top = t
		}
	}
	return top, c[top]
}

// retype corrects the type of a name that is a single word or one entry of
// the lists.
func (v votes) retype(ws []word, t Type) Type {
	w := &ws[0]
	switch {
	case w.kinds&people != 0 && w.kinds&(given|surname|agency) == 0:
		return People
	case t == Organisation && w.kinds&(country|locality) != 0 && w.kinds&agency == 0:
		return Location // also where it acts, and in a dateline
	case w.kinds&(country|locality) != 0, len(ws) > 1:
		return t
	}
	most, _ := v.usual(w)
	return most
}

// leftover is the type of an entry of the lists, or of a single word, that no
// name takes in; 0 for none.
func (v votes) leftover(ws []word, doc *seen) Type {
	w := &ws[0]
	switch {
	case !w.is(capital):
		return 0
	case w.kinds&people != 0:
		return People
	case w.kinds&country != 0, w.kinds&locality != 0 && len(ws) > 1:
		return Location
	case w.kinds&agency != 0 && len(ws) > 1, institution(ws) > 0:
		return Organisation
	case w.is(headline|mark|numeral) || doc.of(w)&lower != 0:
		return 0
	case w.kinds&agency != 0 && w.kinds&(given|surname|locality) == 0:
		return Organisation
	}
	if t, n := v.usual(w); n >= fullName {
		return t
	}
	return 0
}

// entryLen is the number of words of the lists' entry the words start with.
func entryLen(ws []word) int {
	n := 1
	for ws[0].place == first && n < len(ws) && ws[n].place == inside {
		n++
	}
	return n
}

// institution is the number of capitalised words up to one that ends
// organisations' names: Tarnow Energy Agency. It is 0 where the first opens a
// sentence, for its capital says little.
func institution(ws []word) int {
	if ws[0].is(initial | headline | clitic) {
		return 0
	}
	for i := range ws[:min(len(ws), 6)] {
		if w := &ws[i]; !w.is(capital) || w.is(mark) {
			return 0
		} else if i > 0 && w.kinds&group != 0 && (i+1 == len(ws) || !ws[i+1].is(capital)) {
			return i + 1
		}
	}
	return 0
}
