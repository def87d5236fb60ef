package article

import (
	"strings"
	"unicode"
)

// headline chooses the article's title and takes the name of the site off it.
func (r *reading) headline() string {
	f := r.facts
	og := cleanLD(f.get("og:title", "twitter:title", "dc.title", "sailthru.title", "headline", "title"))
	doc := f.title
	ld := ""
	if n := f.article(); n != nil {
		ld = n.str("headline", "name")
	}
	if h := r.shownHeadline(og, doc, ld); h != "" {
		return h
	}
	for _, s := range [...]string{og, ld, doc} {
		if s != "" {
			return r.stripSite(s)
		}
	}
	return ""
}

// shownHeadline returns the heading of the first order that the page's own
// title, in its head, vouches for.
func (r *reading) shownHeadline(claims ...string) string {
	only := ""
	for _, i := range r.facts.h1 {
		h := r.tree.textOf(i)
		if h == "" || len(h) > 400 {
			continue
		}
		if only == "" {
			only = h
		}
		for _, c := range claims {
			if c != "" && vouches(c, h) && (!r.isSite(h) || letters(c) == letters(h)) {
				return h
			}
		}
	}
	if len(r.facts.h1) == 1 && len(strings.Fields(only)) >= 3 && !r.isSite(only) {
		return only
	}
	return ""
}

// vouches reports whether a title from the head and a heading are one
// headline, a site's name aside.
func vouches(claim, heading string) bool {
	a, b := letters(claim), letters(heading)
	if len(b) < 8 {
		return a == b
	}
	if strings.HasPrefix(a, b) || strings.HasSuffix(a, b) {
		return true
	}
	return len(a) >= 12 && strings.Contains(b, a)
}

// letters returns the lower-case letters and digits of s.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// separators stand between a headline and the name of the site.
var separators = []string{" | ", " - ", " – ", " — ", " :: ", " · ", " • ", " » ", " « ", " / ", " ∣ ", " ǀ "}

// stripSite takes the site's name off the end or the start of a title.
func (r *reading) stripSite(s string) string {
	for range 3 {
		cut := r.stripOnce(s)
		if cut == s {
			break
		}
		s = cut
	}
	return s
}

func (r *reading) stripOnce(s string) string {
	at, sep := -1, ""
	for _, c := range separators {
		if i := strings.LastIndex(s, c); i > at {
			at, sep = i, c
		}
	}
	if at <= 0 {
		return s
	}
	head, tail := strings.TrimSpace(s[:at]), strings.TrimSpace(s[at+len(sep):])
	if r.isSite(tail) || sep == " | " && len(strings.Fields(tail)) <= 5 && len(head) > len(tail) {
		return head
	}
	if i := strings.Index(s, sep); i > 0 && r.isSite(strings.TrimSpace(s[:i])) {
		return strings.TrimSpace(s[i+len(sep):])
	}
	if len(strings.Fields(tail)) <= 3 && len(strings.Fields(head)) >= 4 && !strings.ContainsAny(tail, "?!,0123456789") {
		return head
	}
	return s
}

// isSite reports whether s names the outlet or its host. A headline that merely
// begins with the name of a short host is longer than twice it.
func (r *reading) isSite(s string) bool {
	name := letters(s)
	if name == "" {
		return false
	}
	for _, site := range r.siteNames() {
		if l := letters(site); l != "" && (l == name || len(l) > 4 && len(name) <= 2*len(l) && strings.Contains(name, l) || len(name) > 4 && strings.Contains(l, name)) {
			return true
		}
	}
	return false
}
