package main

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

// gumTypes are the entity types of GUM that the name finder knows.
var gumTypes = map[string]tag.Type{"person": tag.Person, "organization": tag.Organisation, "place": tag.Location}

// entity is an annotated range of a document's words.
type entity struct {
	typ         tag.Type // 0 for types that are not ours
	first, last int
}

// entities reads the brackets of a document.
func (b treebank) entities() []entity {
	var out []entity
	open := map[string][]entity{}
	for i, w := range b.words {
		for s := w.entities; s != ""; {
			end := strings.IndexAny(s[1:], "()") + 1
			if end == 0 {
				end = len(s)
			}
			part, closed := strings.TrimPrefix(s[:end], "("), end < len(s) && s[end] == ')'
			id, rest, _ := strings.Cut(part, "-")
			if s[0] == '(' {
				typ, _, _ := strings.Cut(rest, "-")
				open[id] = append(open[id], entity{gumTypes[typ], i, i})
			}
			if n := len(open[id]); closed && n > 0 {
				e := open[id][n-1]
				open[id] = open[id][:n-1]
				e.last = i
				out = append(out, e)
			}
			if s = s[end:]; closed {
				s = s[1:]
			}
		}
	}
	return out
}

// named returns the names among the entities: those whose head is a proper
// noun, cut to the proper nouns around it. Longer entities come first, so that
// a name inside a name does not count.
func (b treebank) named(d *text.Doc) []tag.Name {
	es := b.entities()
	slices.SortStableFunc(es, func(x, y entity) int { return cmp.Compare(y.last-y.first, x.last-x.first) })
	used := make([]bool, len(b.words))
	var out []tag.Name
	for _, e := range es {
		core, ok := b.core(e)
		if !ok || e.typ == 0 || slices.Contains(used[core.first:core.last+1], true) {
			continue
		}
		for i := core.first; i <= core.last; i++ {
			used[i] = true
		}
		r := tokens(d, text.Span{Start: b.words[core.first].span.Start, End: b.words[core.last].span.End})
		if r.Start < r.End {
			out = append(out, tag.Name{Range: r, Type: e.typ})
		}
	}
	slices.SortFunc(out, func(x, y tag.Name) int { return cmp.Compare(x.Start, y.Start) })
	return apart(out)
}

// apart drops a name that shares a token with the one before it.
func apart(names []tag.Name) []tag.Name {
	end := 0
	return slices.DeleteFunc(names, func(n tag.Name) bool {
		if n.Start < end {
			return true
		}
		end = n.End
		return false
	})
}

// core cuts an entity to the proper nouns around its head.
func (b treebank) core(e entity) (entity, bool) {
	head := -1
	for i := e.first; i <= e.last && head < 0; i++ {
		if h := b.words[i].head; h < e.first || h > e.last {
			head = i
		}
	}
	if head < 0 || !b.proper(head) {
		return e, false
	}
	c := entity{e.typ, head, head}
	for c.first > e.first && b.reaches(c.first-1, e, -1) {
		c.first--
	}
	for c.last < e.last && b.reaches(c.last+1, e, 1) {
		c.last++
	}
	for c.first < c.last && !b.opens(c.first) {
		c.first++
	}
	for c.first < c.last && !b.proper(c.last) {
		c.last--
	}
	if e.typ == tag.Person {
		c.first = untitled(c.first, c.last+1, func(i int) string { return b.words[i].form })
	}
	group := e.typ == tag.Person && c.first == c.last && (b.words[c.last].tag == "NNPS" || demonym(b.words[c.last].form))
	return c, c.first <= c.last && !group
}

func (b treebank) proper(i int) bool { return strings.HasPrefix(b.words[i].tag, "NNP") }

// opens reports whether a name can start with the word: a proper noun, or an
// adjective with a capital.
func (b treebank) opens(i int) bool {
	r, _ := utf8.DecodeRuneInString(b.words[i].form)
	return b.proper(i) || strings.HasPrefix(b.words[i].tag, "JJ") && unicode.IsUpper(r)
}

// reaches reports whether the name goes on over word i, in the given
// direction: over proper nouns, initials' stops and hyphens, and except in
// people's names over "of" and the like before another proper noun.
func (b treebank) reaches(i int, e entity, step int) bool {
	w := b.words[i]
	next := i + step
	inside := next >= e.first && next <= e.last
	switch {
	case b.proper(i), w.tag == "HYPH" && inside:
		return true
	case e.typ == tag.Person:
		return false
	case b.opens(i):
		return true
	}
	link := w.form == "of" || w.form == "the" || w.form == "for" || w.form == "and" || w.form == "&" || w.form == "de"
	return link && inside && (b.opens(next) || b.words[next].form == "the" || b.words[next].form == "of")
}

// untitled returns where a person's name starts behind the titles.
func untitled(from, to int, word func(int) string) int {
	for i := from; i < to; i++ {
		if titles[strings.ToLower(word(i))] {
			from = i + 1
		}
	}
	return from
}

// titles do not belong to people's names.
var titles = set(`mr mrs ms miss dr prof professor sir dame lord lady king queen prince princess emperor pope saint
	president vice prime minister premier chancellor secretary senator sen representative rep congressman governor gov
	mayor ambassador judge justice general gen colonel col major maj captain capt lieutenant lt sergeant sgt admiral adm
	commander spokesman spokeswoman spokesperson director chief deputy foreign defense defence special envoy
	presidential advisor adviser he hon rev reverend father sister brother cardinal bishop archbishop mr. mrs. ms. dr.
	prof. gen. col. maj. capt. lt. sgt. adm. sen. rep. gov. spc. st. rev. sheikh ayatollah of state the foreign affairs fco
	coach officer detective attorney private corporal cpl. under-secretary undersecretary u.s. us uk former iraqi
	earl fellow chairman protector command middle east counter isil global coalition`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
