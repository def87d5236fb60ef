package speaker

import (
	_ "embed"
	"strings"
)

//go:embed given.txt
var givenText string

// given is where a given name stands in given.txt.
type given struct {
	name   int // line
	habit  int // part of the line
	arabic bool
}

// givens is given.txt by skeleton.
var givens = readGivens(givenText)

func readGivens(text string) map[string]given {
	out := map[string]given{}
	for i, line := range strings.Split(text, "\n") {
		line, arabic := strings.CutPrefix(line, "* ")
		if strings.HasPrefix(line, "#") {
			continue
		}
		for j, part := range strings.Split(line, "|") {
			for _, w := range strings.Fields(part) {
				for _, f := range forms(w) {
					if _, known := out[f]; !known {
						out[f] = given{i, j, arabic}
					}
				}
			}
		}
	}
	return out
}

func lookupGiven(fs []string) (given, bool) {
	for _, f := range fs {
		if g, ok := givens[f]; ok {
			return g, true
		}
	}
	return given{}, false
}
