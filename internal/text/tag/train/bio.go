package main

import (
	"cmp"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

// bioSentence is a sentence of tokens with BIO labels.
type bioSentence struct {
	text   string // as it is written
	tokens []string
	labels []string
}

// readUNER reads UNER's file: # newdoc and # text lines, and the token and
// its label in the second and third columns. texts holds the sentences as the
// treebank spells them.
func readUNER(path string, texts map[string]string) ([]tag.Sample, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var docs [][]bioSentence
	for _, block := range strings.Split(string(b), "\n\n") {
		var s bioSentence
		id := ""
		for _, line := range strings.Split(block, "\n") {
			f := strings.Split(line, "\t")
			switch {
			case strings.HasPrefix(line, "# newdoc") || len(docs) == 0:
				docs = append(docs, nil)
			case strings.HasPrefix(line, "# sent_id = "):
				id = strings.TrimPrefix(line, "# sent_id = ")
			case strings.HasPrefix(line, "# text = "):
				s.text = strings.TrimPrefix(line, "# text = ")
			case len(f) > 2 && !strings.HasPrefix(line, "#"):
				s.tokens, s.labels = append(s.tokens, f[1]), append(s.labels, f[2])
			}
		}
		if better := (bioSentence{text: texts[id], tokens: s.tokens}); place(better, 0) != nil {
			s.text = better.text
		}
		docs[len(docs)-1] = append(docs[len(docs)-1], s)
	}
	types := map[string]tag.Type{"PER": tag.Person, "ORG": tag.Organisation, "LOC": tag.Location}
	var out []tag.Sample
	for _, sentences := range docs {
		s := assemble(sentences, gapAfter, func(typ string, words []string) (tag.Type, int, int) {
			return types[typ], 0, len(words)
		})
		out = append(out, s)
	}
	return out, nil
}

// re3dTypes are the entity types of re3d that are ours.
var re3dTypes = map[string]tag.Type{
	"Person": tag.Person, "Organisation": tag.Organisation, "Location": tag.Location, "Nationality": tag.People,
	"Weapon": tag.Equipment, "MilitaryPlatform": tag.Equipment, "Temporal": tag.Date, "Quantity": tag.Quantity, "Money": tag.Quantity,
}

// report is a document of re3d with the part it belongs to.
type report struct {
	tag.Sample
	part int // of five: 0 is held out, 1 is for tuning
}

// readRe3d reads the documents of re3d under a folder, by name.
func readRe3d(pattern string) ([]report, error) {
	paths, err := filepath.Glob(pattern)
	if err != nil {
		return nil, err
	}
	slices.Sort(paths)
	var out []report
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		var sentences []bioSentence
		for _, block := range strings.Split(string(b), "\n\n") {
			var s bioSentence
			for _, line := range strings.Split(block, "\n") {
				if f := strings.Split(line, "\t"); len(f) == 2 {
					s.tokens, s.labels = append(s.tokens, f[0]), append(s.labels, f[1])
				}
			}
			s.text = spell(s.tokens)
			sentences = append(sentences, s)
		}
		s := assemble(sentences, func(string) string { return "\n\n" }, re3dName)
		h := fnv.New32a()
		h.Write([]byte(filepath.Base(path)))
		out = append(out, report{s, int(h.Sum32() % 5)})
	}
	return out, nil
}

// spell joins tokens as they would be written.
func spell(tokens []string) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && !joined(tokens, i) {
			b.WriteByte(' ')
		}
		b.WriteString(t)
	}
	return b.String()
}

func joined(tokens []string, i int) bool {
	before, t := tokens[i-1], tokens[i]
	switch {
	case strings.Contains("-’'/", before) && i > 1, before == "(", before == "$", before == "£", before == "“":
		return true
	case before == ",":
		return i > 1 && isDigit(tokens[i-2]) && isDigit(t) && len(t) == 3
	case before == "." || before == ":":
		return i > 1 && isDigit(tokens[i-2]) && isDigit(t)
	}
	return strings.Contains("-’'/.,;:!?)%”", t)
}

func isDigit(s string) bool { return s[0] >= '0' && s[0] <= '9' }

// assemble puts sentences together and aligns their labels with our tokens.
// cut says which words of an entity are the name, and of which type it is.
func assemble(sentences []bioSentence, gap func(string) string, cut func(string, []string) (tag.Type, int, int)) tag.Sample {
	var b strings.Builder
	type found struct {
		span text.Span
		typ  tag.Type
	}
	var spans []found
	for k, s := range sentences {
		if k > 0 {
			b.WriteString(gap(sentences[k-1].text))
		}
		at := place(s, b.Len())
		b.WriteString(s.text)
		for i := 0; i < len(s.labels); i++ {
			if at == nil || !strings.HasPrefix(s.labels[i], "B-") {
				continue
			}
			j := i + 1
			for j < len(s.labels) && strings.HasPrefix(s.labels[j], "I-") {
				j++
			}
			if typ, lo, hi := cut(s.labels[i][2:], s.tokens[i:j]); typ != 0 && lo < hi {
				spans = append(spans, found{text.Span{Start: at[i+lo].Start, End: at[i+hi-1].End}, typ})
			}
		}
	}
	d := text.Parse(b.String())
	out := tag.Sample{Doc: d, Named: true}
	for _, f := range spans {
		if r := tokens(d, f.span); r.Start < r.End {
			out.Names = append(out.Names, tag.Name{Range: r, Type: f.typ})
		}
	}
	slices.SortStableFunc(out.Names, func(x, y tag.Name) int { return cmp.Compare(x.Start, y.Start) })
	out.Names = apart(out.Names)
	return out
}

// place finds the tokens in the sentence's text; nil where they differ.
func place(s bioSentence, offset int) []text.Span {
	var out []text.Span
	cursor := 0
	for _, t := range s.tokens {
		k := strings.Index(s.text[cursor:], t)
		if k < 0 || k > 8 {
			return nil
		}
		out = append(out, text.Span{Start: offset + cursor + k, End: offset + cursor + k + len(t)})
		cursor += k + len(t)
	}
	return out
}

// re3dName cuts an entity of re3d, which may be a long phrase or a pronoun, to
// the name in it: the last capitalised words, for organisations the first. A
// country is a place also where it acts. Types with a form of their own lose
// only an article.
func re3dName(kind string, words []string) (tag.Type, int, int) {
	typ := re3dTypes[kind]
	switch typ {
	case 0:
		return 0, 0, 0
	case tag.Date, tag.Quantity, tag.Equipment:
		return typ, article(words), len(words)
	case tag.People:
		return typ, 0, len(words)
	}
	runs := capitals(words, typ)
	if len(runs) == 0 {
		return 0, 0, 0
	}
	r := runs[len(runs)-1]
	if typ == tag.Organisation {
		r = runs[0]
	}
	if typ == tag.Person {
		r.Start = untitled(r.Start, r.End, func(i int) string { return words[i] })
		if r.Len() == 0 || r.End < len(words) || len(runs) > 1 && r.Len() < 2 && !titles[strings.ToLower(words[r.Start-1])] {
			return 0, 0, 0
		}
	}
	if r.Len() == 1 && demonym(words[r.Start]) {
		typ = tag.People
	}
	if typ == tag.Organisation && countries[strings.ToLower(strings.Join(words[r.Start:r.End], " "))] {
		typ = tag.Location
	}
	return typ, r.Start, r.End
}

func article(words []string) int {
	if w := strings.ToLower(words[0]); len(words) > 1 && (w == "the" || w == "a" || w == "an") {
		return 1
	}
	return 0
}

// capitals returns the stretches of capitalised words, without articles and
// pronouns at their start. In organisations' names "of" and the like may stand
// between.
func capitals(words []string, typ tag.Type) []text.Range {
	var out []text.Range
	for i := 0; i < len(words); i++ {
		if !isName(words[i]) {
			continue
		}
		end := i + 1
		for j := i + 1; j < len(words); j++ {
			if isName(words[j]) {
				end = j + 1
				continue
			}
			link := words[j] == "-" || words[j] == "'" || words[j] == "’" || words[j] == "al" || words[j] == "bin"
			if typ == tag.Organisation {
				link = link || words[j] == "of" || words[j] == "for" || words[j] == "the" || words[j] == "and"
			}
			if !link {
				break
			}
		}
		out = append(out, text.Range{Start: i, End: end})
		i = end
	}
	return out
}

var pronouns = set(`i we he she it they you his her their our my the a an this that these those its us them all both two some many`)

func isName(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r) && !pronouns[strings.ToLower(s)]
}

func demonym(s string) bool {
	s = strings.ToLower(strings.TrimSuffix(s, "s"))
	return strings.HasSuffix(s, "ian") || strings.HasSuffix(s, "ese") || demonyms[s]
}

var demonyms = set(`iraqi afghan american british french german turkish kurdish kurd israeli saudi yemeni sunni shia
	shiite yazidi arab muslim christian european libyan chinese uk-based alawite druze turkmen`)

var countries = func() map[string]bool {
	m := set(`iraq syria france turkey russia australia iran jordan canada uk us u.s. britain egypt qatar germany china
		israel lebanon kuwait bahrain uae ukraine libya yemen italy spain afghanistan pakistan netherlands`)
	for _, s := range []string{"united states", "united kingdom", "saudi arabia", "united arab emirates", "new zealand", "united states of america"} {
		m[s] = true
	}
	return m
}()
