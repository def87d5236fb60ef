package story

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
)

// maxTerms are kept of an article, the heaviest.
const maxTerms = 100

// weight is how much a term counts in one article, before its rarity.
type weight struct {
	term uint32
	tf   float32
	kind kind
}

// term is a stem, or two of a name, and the articles that hold it, by number.
type term struct {
	stem  string
	shown string   // a name as it was first written, else the stem
	docs  []uint32 // entry.seq, rising
}

// vocabulary holds the terms of the articles inside; their numbers are given
// out again when no article holds them.
type vocabulary struct {
	ids   map[string]uint32
	terms []term
	free  []uint32
}

// vector keeps the heaviest terms of an article, and makes room for them.
func (v *vocabulary) vector(r digest) []weight {
	stems := slices.Collect(maps.Keys(r.counts))
	slices.SortFunc(stems, func(a, b string) int {
		return cmp.Or(cmp.Compare(r.counts[b], r.counts[a]), cmp.Compare(a, b))
	})
	stems = stems[:min(len(stems), maxTerms)]
	out := make([]weight, len(stems))
	for i, s := range stems {
		out[i] = weight{v.id(s, r.written[s]), r.counts[s], r.kinds[s]}
	}
	return out
}

// id is the number of a term, and how it is written where it is a name.
func (v *vocabulary) id(stem, written string) uint32 {
	if id, ok := v.ids[stem]; ok {
		return id
	}
	stem = strings.Clone(stem) // not to keep the text
	t := term{stem: stem, shown: stem}
	if written != "" {
		t.shown = strings.Clone(written)
	}
	var id uint32
	if n := len(v.free); n > 0 {
		id, v.free = v.free[n-1], v.free[:n-1]
		v.terms[id] = t
	} else {
		id = uint32(len(v.terms))
		v.terms = append(v.terms, t)
	}
	v.ids[stem] = id
	return id
}

// put notes that article seq holds the terms of a vector.
func (v *vocabulary) put(seq uint32, vector []weight) {
	for _, w := range vector {
		t := &v.terms[w.term]
		if i, ok := slices.BinarySearch(t.docs, seq); !ok {
			t.docs = slices.Insert(t.docs, i, seq)
		}
	}
}

// take undoes put. The oldest article stands first in every list, so that it
// leaves at no cost.
func (v *vocabulary) take(seq uint32, vector []weight) {
	for _, w := range vector {
		t := &v.terms[w.term]
		i, ok := slices.BinarySearch(t.docs, seq)
		switch {
		case !ok:
		case len(t.docs) == 1:
			delete(v.ids, t.stem)
			*t = term{}
			v.free = append(v.free, w.term)
		case i == 0:
			t.docs = t.docs[1:]
		default:
			t.docs = slices.Delete(t.docs, i, i+1)
		}
	}
}

const (
	// priorDocs articles of other days, each term in priorShare of them, stand
	// in for the news before: they keep the weights of terms sane while few
	// articles are inside.
	priorDocs  = 200
	priorShare = 0.01
)

// idf is the inverse document frequency of a term among n articles.
func (v *vocabulary) idf(t uint32, n int) float32 {
	df := float64(len(v.terms[t].docs)) + priorDocs*priorShare + 0.5
	return float32(math.Log((float64(n) + priorDocs + 1) / df))
}
