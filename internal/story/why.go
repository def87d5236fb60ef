package story

import (
	"cmp"
	"slices"
	"strings"
)

// Why is the evidence for an assignment. Of an article that moved with its
// story, it is that of the two articles which brought the stories together.
type Why struct {
	Near    string   `json:"near,omitempty"`    // the article that decided
	Score   float64  `json:"score,omitempty"`   // nearness to its story, or share of its text, 0 to 1
	Terms   []string `json:"terms,omitempty"`   // the shared stems that weigh most
	Names   []string `json:"names,omitempty"`   // the shared names that weigh most
	Numbers []string `json:"numbers,omitempty"` // the shared numbers that weigh most
	Hours   float64  `json:"hours,omitempty"`   // between the two articles
	// Against is what kept the article out of the story of Near, which it is else
	// near enough to: "package 12 / package 13". Score does not count it.
	Against []string `json:"against,omitempty"`
}

// maxShown terms, names and numbers are kept as evidence.
const maxShown = 6

// why is the evidence that x is near y.
func (g *Grouper) why(x, y *entry, score float32) Why {
	defer g.ask(x)()
	type common struct {
		term   uint32
		weight float32
	}
	lists := map[kind][]common{}
	for _, w := range y.vector {
		if q := max(g.query.words[w.term], g.query.names[w.term]); q > 0 {
			lists[w.kind] = append(lists[w.kind], common{w.term, w.tf * g.idf(w.term) * q})
		}
	}
	heaviest := func(kinds ...kind) []string {
		var all []common
		for _, k := range kinds {
			all = append(all, lists[k]...)
		}
		slices.SortFunc(all, func(a, b common) int {
			return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(g.vocab.terms[a.term].stem, g.vocab.terms[b.term].stem))
		})
		var out []string
		for _, c := range all[:min(len(all), maxShown)] {
			out = append(out, g.vocab.terms[c.term].shown)
		}
		return out
	}
	var names []string
	all := heaviest(name, phrase)
	for _, s := range all {
		if !slices.ContainsFunc(all, func(t string) bool { return strings.HasPrefix(t, s+" ") || strings.HasSuffix(t, " "+s) }) {
			names = append(names, s) // no part of a longer one
		}
	}
	return Why{
		Near: y.id, Score: float64(score), Terms: heaviest(plain), Names: names, Numbers: heaviest(number),
		Hours: x.at.Sub(y.at).Abs().Hours(),
	}
}
