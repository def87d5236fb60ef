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
	for _, key := range [...]string{"author", "article:author", "dc.creator", "byl", "parsely-author", "sailthru.author", "dcterms.creator", "cxenseparse:author", "twitter:data1", "citation_author"} {
		if key == "twitter:data1" && !strings.EqualFold(r.facts.get("twitter:label1"), "written by") {
			continue
		}
		for _, s := range r.facts.meta[key] {
			add(s)
		}
		if len(out) > 0 {
			return out
		}
	}
	return r.shownBylines()
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

// shownBylines reads the names that the page's template shows.
func (r *reading) shownBylines() []string {
	for pass := range 2 {
		for _, i := range r.facts.authors {
			nd := &r.tree.nodes[i]
			strong := strings.Contains(attr(nd.n, "rel"), "author") || attr(nd.n, "itemprop") == "author"
			if strong != (pass == 0) || nd.tag == atom.Link || nd.tag == atom.Body || nd.end-i > 60 {
				continue
			}
			s := r.tree.textOf(i)
			if !strong && !hasBy(s) {
				continue
			}
			if names := r.names(s); len(names) > 0 {
				return names
			}
		}
	}
	return nil
}

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
var byWords = []string{"written by ", "posted by ", "reported by ", "story by ", "words by ", "by: ", "by ", "von ", "par ", "por ", "di ", "door ", "author: ", "author ", "published by ", "text: ", "reviewed by "}

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
	if degree(words) {
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
	"anonymous": true, "user": true, "null": true, "undefined": true, "none": true, "n/a": true, "root": true, "by": true, "website": true, "web": true, "home": true,
	"facebook": true, "twitter": true, "instagram": true, "linkedin": true, "view all posts": true, "more": true, "contributor": true, "read more": true,
}
