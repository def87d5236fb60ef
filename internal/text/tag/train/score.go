package main

import (
	"fmt"
	"io"

	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

// score counts names found against names there are.
type score struct{ right, found, there int }

func (s score) String() string {
	p, r := share(s.right, s.found), share(s.right, s.there)
	f := 0.0
	if p+r > 0 {
		f = 2 * p * r / (p + r)
	}
	return fmt.Sprintf("P %5.1f  R %5.1f  F1 %5.1f  (%d there, %d found)", p, r, f, s.there, s.found)
}

// add counts one more thing, found or missed.
func (s *score) add(right bool) {
	s.there++
	if right {
		s.right++
	}
}

func share(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return 100 * float64(a) / float64(b)
}

// nameTypes are the types that every set of names knows.
var nameTypes = []tag.Type{tag.Person, tag.Organisation, tag.Location}

// printNames measures the names of the given types, exact in their tokens and
// type. Where a set has no units, a unit counts as an organisation.
func printNames(w io.Writer, title string, t *tag.Tagger, samples []tag.Sample, types ...tag.Type) {
	scores := map[tag.Type]*score{}
	for _, typ := range types {
		scores[typ] = new(score)
	}
	for _, s := range samples {
		there := map[tag.Name]bool{}
		for _, n := range s.Names {
			if sc := scores[n.Type]; sc != nil {
				sc.there++
				there[n] = true
			}
		}
		for _, n := range t.Tag(s.Doc).Names {
			if n.Type == tag.Unit {
				n.Type = tag.Organisation
			}
			if sc := scores[n.Type]; sc != nil {
				sc.found++
				if there[n] {
					sc.right++
				}
			}
		}
	}
	var all score
	for _, typ := range types {
		s := scores[typ]
		fmt.Fprintf(w, "%-28s %-6s %v\n", title, typ, s)
		all.right, all.found, all.there = all.right+s.right, all.found+s.found, all.there+s.there
	}
	fmt.Fprintf(w, "%-28s %-6s %v\n", title, "all", all)
}

// printSpeech measures the parts of speech, token by token.
func printSpeech(w io.Writer, title string, t *tag.Tagger, samples []tag.Sample) {
	var all, words score
	for _, s := range samples {
		for i, p := range t.Tag(s.Doc).POS {
			all.add(p == s.POS[i])
			if s.Doc.Tokens[i].Kind == text.Word {
				words.add(p == s.POS[i])
			}
		}
	}
	fmt.Fprintf(w, "%-28s %-6s %.2f %% of %d tokens, %.2f %% of %d words\n", title, "POS",
		share(all.right, all.there), all.there, share(words.right, words.there), words.there)
}
