package speaker

import (
	_ "embed"
	"strings"
	"unicode"
)

//go:embed countries.txt
var countryText string

// countries maps the folded words of a country's names to its code.
var countries = readCountries(countryText)

func readCountries(text string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(text) {
		names := strings.Fields(line)
		if len(names) < 2 || names[0] == "#" {
			continue
		}
		for _, n := range names[1:] {
			out[strings.ReplaceAll(n, "_", " ")] = names[0]
		}
	}
	return out
}

// longestCountry is the most words a country's name has here.
const longestCountry = 4

// takeCountry takes the first country out of folded words; "" where none is
// named.
func takeCountry(words []string) (code string, rest []string) {
	for i := range words {
		for n := min(longestCountry, len(words)-i); n > 0; n-- {
			if code := countries[strings.Join(words[i:i+n], " ")]; code != "" {
				return code, append(append([]string{}, words[:i]...), words[i+n:]...)
			}
		}
	}
	return "", words
}

// owned is a phrase like "Defence Minister of Kestria" or "Kestria’s Defence
// Minister", folded and taken apart.
type owned struct {
	owner string   // country code, or the owner's name folded; "" where none is given
	words []string // the others, one spelling for each
}

// britishWords gives words with two spellings, or two forms, one.
var britishWords = strings.NewReplacer("defense", "defence", "labor ", "labour ", "center", "centre", "organization", "organisation", "program ", "programme ",
	"spokeswoman", "spokesman", "spokesperson", "spokesman", "chairwoman", "chairman", "chairperson", "chairman", "interior affairs", "interior")

// smallWords join others and say nothing by themselves.
var smallWords = wordSet(`the a an of for and on to at by in its his her their our from s de la du des und et`)

// parseOwned takes a phrase apart.
func parseOwned(phrase string) owned {
	phrase = strings.ReplaceAll(phrase, "’", "'")
	if i := strings.Index(phrase, "'s "); i > 0 {
		return phraseOwned(phrase[:i], phrase[i+3:])
	}
	if i := strings.Index(phrase, "s' "); i > 0 {
		return phraseOwned(phrase[:i+1], phrase[i+3:])
	}
	if before, after, ok := strings.Cut(phrase, ", "); ok && ownerName(after) && generic(meaning(foldedWords(before))) {
		return phraseOwned(after, before)
	}
	words := foldedWords(phrase)
	if code, rest := takeCountry(words); code != "" {
		return owned{code, meaning(rest)}
	}
	if i := strings.LastIndex(phrase, " of "); i > 0 && ownerName(phrase[i+4:]) && generic(meaning(foldedWords(phrase[:i]))) {
		return phraseOwned(phrase[i+4:], phrase[:i])
	}
	return leading(phrase)
}

// leading takes a proper name before the words of an institution for its
// owner: "Kestria defence ministry".
func leading(phrase string) owned {
	words := meaning(foldedWords(phrase))
	for i := 1; i < len(words); i++ {
		if properName(phrase) && !genericWords[words[i-1]] && institution(words[i:]) {
			return owned{strings.Join(words[:i], " "), words[i:]}
		}
	}
	return owned{"", words}
}

func phraseOwned(owner, thing string) owned {
	words := foldedWords(owner)
	code, _ := takeCountry(words)
	if code == "" {
		code = strings.Join(meaning(words), " ")
	}
	return owned{code, meaning(foldedWords(thing))}
}

// ownerName reports whether a phrase can name an owner: "Kestria", but not
// "Defence".
func ownerName(s string) bool { return properName(s) && !generic(meaning(foldedWords(s))) }

// properName reports whether a phrase, without an article, begins with a
// capital.
func properName(s string) bool {
	s = strings.TrimPrefix(strings.TrimSpace(s), "the ")
	for _, r := range s {
		return unicode.IsUpper(r)
	}
	return false
}

// foldedWords are the words of a phrase, lower case and without accents.
func foldedWords(s string) []string {
	var out []string
	s = britishWords.Replace(strings.ToLower(strings.ReplaceAll(s, ".", "")) + " ")
	for _, f := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }) {
		if w := plain(f); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// meaning drops the small words.
func meaning(words []string) []string {
	var out []string
	for _, w := range words {
		if !smallWords[w] {
			out = append(out, w)
		}
	}
	return out
}
