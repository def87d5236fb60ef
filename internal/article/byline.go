package article

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// bylines lists the names of the authors, best evidence first: structured
// data, meta elements, then what the page shows.
func (r *reading) bylines() []string {
	var out []string
	add := func(s string) {
		for _, name := range r.names(s) {
			if !slices.ContainsFunc(out, func(o string) bool { return sameWords(o, name) }) {
				out = append(out, name)
			}
		}
	}
	for _, n := range r.facts.ld {
		if n.is(articleTypes...) || n.is("WebPage") {
			for _, s := range r.ldAuthors(n["author"]) {
				add(s)
			}
			if len(out) > 0 {
				return out
			}
		}
	}
	for _, key := range [...]string{"author", "article:author", "dc.creator", "byl", "parsely-author", "sailthru.author", "dcterms.creator", "cxenseparse:author", "citation_author"} {
		for _, s := range r.facts.meta[key] {
			add(s)
		}
		if len(out) > 0 {
			return out
		}
	}
	if out := r.shownBylines(); len(out) > 0 {
		return out
	}
	return r.cardByline()
}

// cardByline reads the author from the labels that pages give link previews.
func (r *reading) cardByline() []string {
	for _, n := range [...]string{"1", "2"} {
		if strings.EqualFold(r.facts.get("twitter:label"+n), "written by") {
			return r.names(r.facts.get("twitter:data" + n))
		}
	}
	return nil
}

// ldAuthors lists the names of a JSON-LD author value, following references
// to other objects of the page.
func (r *reading) ldAuthors(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, e := range v[:min(len(v), 20)] {
			out = append(out, r.ldAuthors(e)...)
		}
		return out
	case map[string]any:
		if name := ldNode(v).str("name"); name != "" {
			return []string{name}
		}
		id, _ := v["@id"].(string)
		for _, n := range r.facts.ld {
			if other, _ := n["@id"].(string); id != "" && other == id {
				return []string{n.str("name")}
			}
		}
	}
	return nil
}

// shownBylines reads the names that the page's template shows: elements marked
// as the author, then the lines at the headline, then links to the page of one
// author.
func (r *reading) shownBylines() []string {
	for _, i := range r.facts.authors {
		nd := &r.tree.nodes[i]
		if nd.tag == atom.Link || nd.tag == atom.Body || nd.end-i > 60 || !strings.Contains(attr(nd.n, "rel"), "author") && attr(nd.n, "itemprop") != "author" {
			continue
		}
		if names := r.names(r.tree.textOf(i)); len(names) > 0 {
			return names
		}
	}
	lines := r.lines()
	for k, b := range lines {
		if names := r.lineNames(b, lines[k+1:]); len(names) > 0 {
			return names
		}
	}
	return r.linkedAuthor(lines)
}

// lineNames reads a line such as "By Ann Example", with the name in the next
// line if need be, or a bare name in an element named for the author.
func (r *reading) lineNames(b *block, after []*block) []string {
	if len(b.text) > 160 || b.marks&(markComment|markRelated|markFoot) != 0 {
		return nil
	}
	if hasBy(b.text) {
		if names := r.names(b.text); len(names) > 0 && (personal(names[0]) || b.marks&markByline != 0) {
			return names
		}
	}
	label := strings.ToLower(strings.Trim(b.text, " :"))
	for _, w := range byWords {
		if label == strings.Trim(w, " :") && len(after) > 0 && len(after[0].text) < 80 {
			if names := r.names(after[0].text); len(names) > 0 && personal(names[0]) {
				return names
			}
		}
	}
	if b.marks&markByline != 0 && len(b.text) < 60 && r.named(b, "author", "byline", "contributor", "writer") {
		if names := r.names(b.text); len(names) > 0 && personal(names[0]) {
			return names
		}
	}
	return nil
}

// named reports whether an element close above the block has one of the words
// in its class.
func (r *reading) named(b *block, words ...string) bool {
	i := r.tree.nodes[b.first].parent
	for range 5 {
		if i < r.tree.body {
			return false
		}
		class := strings.ToLower(attr(r.tree.nodes[i].n, "class"))
		for _, w := range words {
			if strings.Contains(class, w) {
				return true
			}
		}
		i = r.tree.nodes[i].parent
	}
	return false
}

// authorPaths are the parts of addresses that lead to the page of an author.
var authorPaths = []string{"/author/", "/authors/", "/contributor/", "/contributors/", "/writer/", "/writers/", "/journalist/", "/journalists/", "/by/", "/columnist/", "/reporter/", "/reporters/", "/autor/", "/auteur/", "/staff/", "/profile/", "/people/"}

// linkedAuthor reads the name in a link to an author's page at the headline;
// elsewhere only where the page links to one author alone.
func (r *reading) linkedAuthor(lines []*block) []string {
	only, many := "", false
	for i := int(r.tree.body); i < len(r.tree.nodes); i++ {
		nd := &r.tree.nodes[i]
		if nd.tag != atom.A || r.body.furn[i]&(markComment|markRelated|markNav|markFoot) != 0 || !leadsToAuthor(attr(nd.n, "href")) {
			continue
		}
		names := r.names(r.tree.textOf(int32(i)))
		if len(names) != 1 || !personal(names[0]) {
			continue
		}
		for _, b := range lines {
			if r.tree.contains(int32(i), b.first) || b.first >= int32(i) && b.first < nd.end {
				return names
			}
		}
		many = many || only != "" && !sameWords(only, names[0])
		only = names[0]
	}
	if only != "" && !many {
		return []string{only}
	}
	return nil
}

func leadsToAuthor(href string) bool {
	for _, p := range authorPaths {
		if strings.Contains(href, p) {
			return true
		}
	}
	return false
}

// personal reports whether s is written as a person's name is: two to five
// words with capitals, particles aside.
func personal(s string) bool {
	words := strings.Fields(s)
	if len(words) < 2 || len(words) > 5 {
		return false
	}
	for _, w := range words {
		l := strings.ToLower(w)
		if particles[l] {
			continue
		}
		first, _ := utf8.DecodeRuneInString(strings.TrimLeft(w, "(“\"'"))
		if !unicode.IsUpper(first) && unicode.IsLower(first) || commonWords[l] {
			return false
		}
	}
	return true
}

var particles = map[string]bool{"de": true, "da": true, "do": true, "dos": true, "del": true, "della": true, "di": true, "van": true, "von": true, "der": true, "den": true, "la": true, "le": true, "bin": true, "ibn": true, "al": true, "el": true, "ter": true, "ten": true, "zu": true, "y": true, "e": true}

// commonWords never stand in a person's name.
var commonWords = map[string]bool{"the": true, "read": true, "more": true, "our": true, "your": true, "all": true, "posts": true, "articles": true, "view": true, "about": true, "contact": true, "home": true, "news": true, "blog": true, "share": true, "in": true, "on": true, "for": true, "to": true, "of": true, "with": true, "how": true, "what": true, "why": true, "best": true, "guide": true, "top": true, "page": true, "site": true, "subscribe": true, "follow": true, "sign": true, "log": true, "min": true, "minutes": true, "us": true, "is": true, "this": true, "it": true, "full": true, "bio": true, "profile": true, "author": true, "editor": true}

// hasBy reports whether a line starts as a byline does.
func hasBy(s string) bool {
	l := strings.ToLower(s)
	for _, p := range byWords {
		if strings.HasPrefix(l, p) {
			return true
		}
	}
	return false
}

// byWords introduce an author.
var byWords = []string{"written by: ", "written by ", "words by ", "text by ", "article by ", "authored by ", "contributed by ", "posted by ", "contributors: ", "contributor: ", "reported by ", "story by ", "words by ", "by: ", "by ", "von ", "par ", "por ", "di ", "door ", "author: ", "author ", "published by ", "text: ", "reviewed by "}

// names splits a byline into names: the words before them, roles, addresses
// and dates after them are left out. A line that gives no name yields none.
func (r *reading) names(s string) []string {
	s = squeeze(strings.NewReplacer("\u00a0", " ", " And ", " and ").Replace(cleanLD(s)))
	for cut := true; cut; {
		cut = false
		for _, p := range byWords {
			if len(s) > len(p) && strings.EqualFold(s[:len(p)], p) {
				s, cut = strings.TrimSpace(s[len(p):]), true
			}
		}
	}
	if strings.Contains(s, "://") || s == "" {
		return nil
	}
	for _, sep := range [...]string{" | ", " • ", " · ", " – ", " — ", " - ", "\n", " on ", " Updated", " Published", " Posted", ", Published", " @ "} {
		if i := strings.Index(s, sep); i > 0 {
			s = s[:i]
		}
	}
	var out []string
	for _, part := range strings.FieldsFunc(strings.NewReplacer(" and ", ",", " & ", ",", " und ", ",", " et ", ",", " with ", ",", ";", ",").Replace(s), func(r rune) bool { return r == ',' || r == '/' }) {
		if part = strings.Trim(squeeze(part), " .,:;|-–—"); r.isName(part) {
			out = append(out, part)
		}
	}
	return out
}

// isName reports whether s can be an author's name.
func (r *reading) isName(s string) bool {
	n := utf8.RuneCountInString(s)
	words := strings.Fields(s)
	if n < 2 || n > 60 || len(words) == 0 || len(words) > 6 || strings.ContainsAny(s, "@{}<>=#?!_\"") {
		return false
	}
	if len(words) == 1 && n < 3 {
		return false
	}
	l := strings.ToLower(s)
	if notNames[l] || strings.HasPrefix(l, "http") || strings.HasPrefix(l, "www.") || strings.ContainsAny(l, "0123456789") {
		return false
	}
	if degree(words) || len(words) == 1 && strings.Count(s, ".") > 1 {
		return false
	}
	return strings.IndexFunc(s, unicode.IsLetter) >= 0
}

// degree reports whether the words are academic titles that follow a name.
func degree(words []string) bool {
	for _, w := range words {
		switch strings.Trim(strings.ToLower(strings.ReplaceAll(w, ".", "")), " ") {
		case "phd", "md", "mba", "ms", "ma", "ba", "rn", "dds", "jd", "mph", "jr", "sr", "esq", "cpa", "pt", "rd", "cfp", "psyd", "dabom", "foma", "mpas", "pa-c":
		default:
			return false
		}
	}
	return true
}

// notNames are what templates put where a name belongs.
var notNames = map[string]bool{
	"admin": true, "administrator": true, "editor": true, "editors": true, "author": true, "staff": true, "unknown": true, "guest": true, "webmaster": true,
	"anonymous": true, "user": true, "null": true, "written by": true, "posted by": true, "undefined": true, "none": true, "n/a": true, "root": true, "by": true, "website": true, "web": true, "home": true,
	"facebook": true, "twitter": true, "instagram": true, "linkedin": true, "view all posts": true, "more": true, "contributor": true, "read more": true,
}

// dropBio takes off the last paragraphs where they introduce one of the
// authors: "Ann Example is a reporter …".
func dropBio(paras, authors []string) []string {
	for n := len(paras); n > 1 && n > len(paras)-3; n-- {
		for _, name := range authors {
			rest, ok := strings.CutPrefix(paras[n-1], name)
			if ok && introduces(rest) && len(paras[n-1]) < 900 {
				return paras[:n-1]
			}
		}
	}
	return paras
}

// introduces reports whether what follows a name presents the person.
func introduces(rest string) bool {
	for _, w := range [...]string{" is a ", " is an ", " is the ", " has ", " writes ", " covers ", " joined ", " reports ", " lives ", ", a ", " contributed reporting"} {
		if strings.HasPrefix(rest, w) {
			return true
		}
	}
	return false
}
