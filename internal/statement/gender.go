package statement

import (
	_ "embed"
	"strings"
)

// gender is what a name or a title tells about whom "he" or "she" may mean.
type gender uint8

const (
	male gender = iota + 1
	female
)

var genderWords = map[string]gender{
	"he": male, "she": female, "mr": male, "sir": male, "lord": male, "king": male, "prince": male, "spokesman": male, "chairman": male, "congressman": male,
	"father": male, "brother": male, "husband": male, "son": male, "man": male, "imam": male, "sheikh": male, "pope": male,
	"businessman": male, "policeman": male, "mrs": female, "ms": female, "miss": female, "dame": female, "lady": female,
	"queen": female, "princess": female, "spokeswoman": female, "chairwoman": female, "congresswoman": female, "mother": female,
	"sister": female, "wife": female, "daughter": female, "woman": female, "businesswoman": female, "actress": female,
}

//go:embed lexicon/forenames.txt
var forenameList string

var forenames = readForenames(forenameList)

// readForenames reads names under "[male]" and "[female]".
func readForenames(list string) map[string]gender {
	names := map[string]gender{}
	g := male
	for line := range strings.Lines(list) {
		switch line, _, _ = strings.Cut(strings.TrimSpace(line), "#"); line {
		case "[male]":
			g = male
		case "[female]":
			g = female
		default:
			for _, w := range strings.Fields(line) {
				names[w] = g
			}
		}
	}
	return names
}

// guessGender reads the gender off a given name or a Slavic surname.
func guessGender(words []string) gender {
	first, last := words[0], words[len(words)-1]
	switch {
	case len(words) > 3 && words[1] == "-" && forenames[first+"-"+words[2]] != 0:
		return forenames[first+"-"+words[2]]
	case forenames[first] != 0:
		return forenames[first]
	}
	for _, end := range []string{"ova", "eva", "ina", "skaya", "ska", "aya"} {
		if len(last) > len(end)+2 && strings.HasSuffix(last, end) {
			return female
		}
	}
	for _, end := range []string{"ov", "yev", "iev", "aev", "eev", "chev", "nev", "sky", "skiy", "skyi", "skyy", "oglu", "oğlu"} {
		if len(last) > len(end)+2 && strings.HasSuffix(last, end) {
			return male
		}
	}
	return 0
}
