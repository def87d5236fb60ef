package speaker

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is one word of a name.
type word struct {
	plain   string
	forms   []string
	initial bool // a single letter
}

func newWord(s string) word {
	p := plain(s)
	return word{plain: p, forms: forms(s), initial: utf8.RuneCountInString(p) == 1 && !unicode.Is(unicode.Han, []rune(p)[0])}
}

// person is a person's name in its parts.
type person struct {
	given      []word // as written, initials among them
	family     word
	generation string // "jr", "sr", "iii"
	arabic     bool
	eastern    bool // the family name was written first
}

// words of the name in their order, the family name last.
func (p person) words() []word { return append(slices.Clone(p.given), p.family) }

func wordSet(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}

// Words of a name that are none of the person's own.
var (
	titleWords = wordSet(`the a an mr mrs ms miss mx dr prof professor sir dame lord lady gen general col colonel lt lieutenant maj major capt captain
		sgt sergeant brig brigadier adm admiral cdr commander cpl sen senator rep representative congressman congresswoman gov governor
		president vice deputy prime minister premier chancellor secretary foreign defence defense king queen prince princess emperor pope
		sheikh shaikh sheik ayatollah hojatoleslam mullah rev reverend father sister brother imam rabbi bishop archbishop cardinal patriarch
		metropolitan judge justice hon honourable mayor ambassador herr frau monsieur madame señor senor señora senora don dona acting former
		spokesman spokeswoman spokesperson chief director official minister-president`)
	postNominals = wordSet(`phd md mp mep qc kc cbe obe mbe esq msp`)
	generations  = wordSet(`jr sr junior senior ii iii iv`)
	particles    = wordSet(`bin ibn ben bint van von der den de del della di da do du la le los dos das zu af av ter ten el al ul as ash ad an ar at az`)
	articles     = wordSet(`al el ul as ash ad an ar at az`)
	patronymics  = []string{"ovich", "evich", "ovych", "evych", "yovych", "ovic", "ovna", "evna", "ivna", "yivna", "ichna", "inichna", "oglu", "ogly", "kyzy"}
	eastFamilies = wordSet(`wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie han tang feng yu dong xiao
		cheng cao yuan deng fu shen zeng peng lv su jiang cai jia ding wei xue ye yan pan du dai xia zhong wen tian ren fan fang shi yao tan liao
		zou xiong jin lu hao kong bai cui kang mao qiu qin gu hou shao meng long wan duan lei qian xi mo hua bo ban nie
		kim lee park choi jung kang cho yoon jang lim shin kwon hwang ahn moon nguyen tran pham hoang phan vo bui ngo duong ly
		abe kishida suga koizumi aso orban`)
)

// parsePerson takes a name apart; false where nothing of a person's own is
// left of it.
func parsePerson(name string) (person, bool) {
	var p person
	name = stripBrackets(name)
	if before, after, ok := strings.Cut(name, ","); ok {
		if g := plain(after); generations[g] || postNominals[g] {
			name = before + " " + after
		} else {
			name = after + " " + before // "Smith, John"
		}
	}
	parts := nameParts(name)
	for len(parts) > 1 && titleWords[plain(parts[0])] {
		parts = parts[1:]
	}
	for len(parts) > 1 {
		last := plain(parts[len(parts)-1])
		if generations[last] {
			p.generation = strings.NewReplacer("junior", "jr", "senior", "sr").Replace(last)
		} else if !postNominals[last] {
			break
		}
		parts = parts[:len(parts)-1]
	}
	p.arabic = slices.ContainsFunc(parts, func(s string) bool { return articles[s] })
	words := ownWords(parts)
	if len(words) == 0 || len(words) == 1 && (titleWords[words[0].plain] || words[0].initial) {
		return p, false
	}
	p.arrange(words)
	return p, true
}

// stripBrackets takes out what stands in brackets.
func stripBrackets(s string) string {
	for {
		i := strings.IndexByte(s, '(')
		if i < 0 {
			return s
		}
		j := strings.IndexByte(s[i:], ')')
		if j < 0 {
			return s[:i]
		}
		s = s[:i] + " " + s[i+j+1:]
	}
}

// nameParts cuts a name at spaces, at the full stops of initials ("J.R.") and
// behind an Arabic article ("al-Assad").
func nameParts(name string) []string {
	var out []string
	for _, f := range strings.Fields(name) {
		if strings.Count(f, ".") > 1 || strings.Index(f, ".") == 1 {
			out = append(out, strings.FieldsFunc(f, func(r rune) bool { return r == '.' })...)
			continue
		}
		if before, after, ok := strings.Cut(f, "-"); ok && articles[plain(before)] && after != "" {
			out = append(out, plain(before), after)
			continue
		}
		if strings.ContainsFunc(f, unicode.IsLetter) {
			out = append(out, f)
		}
	}
	return out
}

// ownWords drops particles and joins what is one name written as two ("Abdul
// Rahman").
func ownWords(parts []string) []word {
	var out []word
	for i := 0; i < len(parts); i++ {
		w := plain(parts[i])
		switch {
		case w == "":
		case particles[w] && i+1 < len(parts) && (i > 0 || parts[i] == w): // "Van Morrow" is no particle, "van Morrow" is
		case strings.HasPrefix(w, "abd") && len(w) <= 5 && i+1 < len(parts):
			next := i + 1
			for articles[plain(parts[next])] && next+1 < len(parts) {
				next++
			}
			out = append(out, newWord("abd"+parts[next]))
			i = next
		default:
			for _, pre := range []string{"abdul", "abdel", "abdal", "abdur", "abder"} {
				if rest, ok := strings.CutPrefix(w, pre); ok && len(rest) > 2 {
					parts[i] = "abd" + rest
				}
			}
			out = append(out, newWord(parts[i]))
		}
	}
	return out
}

// arrange says which of the words is the family name.
func (p *person) arrange(words []word) {
	last := len(words) - 1
	p.family, p.given = words[last], words[:last]
	if last > 0 && eastFamilies[words[0].plain] && !eastFamilies[words[last].plain] && !words[last].initial {
		p.family, p.given, p.eastern = words[0], words[1:], true
	}
	for _, w := range words {
		if g, ok := lookupGiven(w.forms); ok && g.arabic || strings.HasPrefix(w.plain, "abd") {
			p.arabic = true
		}
	}
}

// turned is the name with its other end as the family name.
func (p person) turned() person {
	all := p.words()
	if p.eastern {
		all = append([]word{p.family}, p.given...)
		p.family, p.given = all[len(all)-1], all[:len(all)-1]
	} else {
		p.family, p.given = all[0], all[1:]
	}
	p.eastern = !p.eastern
	return p
}

// How alike two names are, from unlike to alike.
type likeness int

const (
	unlike  likeness = iota
	related          // another language's form, or a short form: the same only where the role agrees
	partial          // one says less: the same only where the role agrees or nobody else fits
	alike
)

// likeNames compares two names and says why.
func likeNames(a, b person) (likeness, string) {
	l, why := likeInOrder(a, b)
	if l != unlike {
		return l, why
	}
	if len(a.given) > 0 && len(b.given) > 0 {
		if l, _ := likeInOrder(a, b.turned()); l == alike {
			return alike, "the same name, written family name first"
		}
	}
	if a.eastern { // a guess, which may be wrong
		if l, w := likeInOrder(a.turned(), b); l != unlike {
			return l, w
		}
	}
	if b.eastern {
		if l, w := likeInOrder(a, b.turned()); l != unlike {
			return l, w
		}
	}
	return unlike, why
}

func likeInOrder(a, b person) (likeness, string) {
	arabic := a.arabic || b.arabic
	if likeWords(a.family, b.family, arabic) != alike {
		return unlike, "other family names"
	}
	if a.generation != "" && b.generation != "" && a.generation != b.generation {
		return unlike, "of another generation"
	}
	l, why := likeGiven(a.given, b.given, arabic)
	if l == alike && a.generation != b.generation {
		return partial, "only one is called by a generation"
	}
	return l, why
}

// likeWords compares two words of a name.
func likeWords(a, b word, arabic bool) likeness {
	switch {
	case sharesForm(a.forms, b.forms):
		return alike
	case a.initial || b.initial:
		if begins(a, b) || begins(b, a) {
			return partial
		}
		return unlike
	case arabic && loose(a.forms[0]) == loose(b.forms[0]):
		return alike
	}
	x, okX := lookupGiven(a.forms)
	y, okY := lookupGiven(b.forms)
	switch {
	case !okX || !okY || x.name != y.name:
		return unlike
	case x.habit == y.habit:
		return alike
	}
	return related
}

// begins reports whether a word begins with an initial, in any of its forms.
func begins(initial, w word) bool {
	return initial.initial && (strings.HasPrefix(w.plain, initial.plain) || slices.ContainsFunc(w.forms, func(f string) bool {
		return slices.ContainsFunc(initial.forms, func(i string) bool { return strings.HasPrefix(f, i) })
	}))
}

// likeGiven compares what stands beside the family name.
func likeGiven(a, b []word, arabic bool) (likeness, string) {
	if len(a) == 0 || len(b) == 0 {
		if len(a) == len(b) {
			return partial, "a family name alone"
		}
		return partial, "one is a family name alone"
	}
	if sharesForm(joined(a), joined(b)) {
		return alike, "the same name"
	}
	first := likeWords(a[0], b[0], arabic)
	if first == unlike {
		if len(a) > 1 && likeWords(a[1], b[0], arabic) == alike || len(b) > 1 && likeWords(b[1], a[0], arabic) == alike {
			return related, "one may go by a middle name"
		}
		return unlike, "other given names"
	}
	a, b = a[1:], b[1:]
	for i := range min(len(a), len(b)) {
		if likeWords(a[i], b[i], arabic) == unlike && patronymic(a[i]) == patronymic(b[i]) {
			return unlike, "other middle names"
		}
	}
	switch first {
	case partial:
		return partial, "one has an initial only"
	case related:
		return related, "given names of one root in two languages or forms"
	}
	return alike, "the same name"
}

// joined is given names written as one: "Jong-un", "Jong Un".
func joined(ws []word) []string {
	var s strings.Builder
	for _, w := range ws {
		s.WriteString(w.plain)
	}
	return forms(s.String())
}

func patronymic(w word) bool {
	return slices.ContainsFunc(patronymics, func(end string) bool { return len(w.plain) > len(end)+1 && strings.HasSuffix(w.plain, end) })
}
