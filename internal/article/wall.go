package article

import (
	"strings"

	"crosscheck/internal/model"
)

// teaser is the length in bytes below which a text can be the part of an
// article that a pay wall lets through.
const teaser = 2500

// complete makes up for a page that shows no article, or only its start, with
// what its structured data or its feed entry carry, and marks what remains
// incomplete.
func (r *reading) complete(a *model.Article) {
	walled := len(a.Text) < teaser && r.walled()
	if a.Text == "" || walled {
		if s := r.otherText(); len(s) > len(a.Text)*3/2 {
			a.Text, walled = s, walled && len(s) < teaser
		}
	}
	switch {
	case a.Text == "" && walled:
		a.Readability, a.Problem = model.ReadPaywall, "the page serves its text to subscribers only"
	case a.Text == "":
		a.Readability, a.Problem = model.ReadEmpty, "the page has no article text"
	case walled:
		a.Readability, a.Problem = model.ReadPaywall, "only the beginning is served; the rest is for subscribers"
	}
}

// otherText returns the article as the page's JSON-LD or the feed entry has it.
func (r *reading) otherText() string {
	best := ""
	for _, n := range r.facts.ld {
		if s, _ := n["articleBody"].(string); n.is(articleTypes...) && len(s) > len(best) && len(s) >= 200 {
			best = s
		}
	}
	if best != "" {
		best = ldParagraphs(best)
	}
	if it := r.hints.Item; it != nil && len(it.Content) > len(best) {
		if s := fragmentText(it.Content); len(s) > len(best) {
			best = s
		}
	}
	return best
}

// ldParagraphs splits the text of an articleBody, which some publishers write
// as HTML, into paragraphs.
func ldParagraphs(s string) string {
	if strings.Contains(s, "</p>") || strings.Contains(s, "<br") {
		return fragmentText(s)
	}
	var out []string
	for p := range strings.SplitSeq(s, "\n") {
		if p = cleanLD(p); p != "" && !isFurnitureLine(p) {
			out = append(out, p)
		}
	}
	return strings.Join(out, "\n\n")
}

// fragmentText reads a piece of HTML that is all article.
func fragmentText(s string) string {
	doc, err := parseHTML(s)
	if err != nil {
		return ""
	}
	t := flatten(doc)
	t.markAll()
	b := &bodyReader{t: t, facts: &facts{}, fragment: true}
	return strings.Join(b.paragraphs(), "\n\n")
}

// walled reports whether the page says that its text is for subscribers.
func (r *reading) walled() bool {
	for _, n := range r.facts.ld {
		if free, ok := n["isAccessibleForFree"]; ok && n.is(articleTypes...) && (free == false || strings.EqualFold(n.str("isAccessibleForFree"), "false")) {
			return true
		}
	}
	if tier := r.facts.get("article:content_tier"); tier == "locked" {
		return true
	}
	for i := range r.body.blocks {
		b := &r.body.blocks[i]
		if len(b.text) < 300 && b.marks&(markFoot|markNav|markCookie) == 0 && saysWall(b.text) {
			return true
		}
	}
	return false
}

// saysWall reports whether a line asks readers to pay for the rest.
func saysWall(s string) bool {
	l := strings.ToLower(s)
	for _, w := range [...]string{"subscribe to continue", "subscribe to read", "subscribe now to read", "subscribe to keep reading", "to continue reading", "to read the full", "to read this article", "to read the rest", "for subscribers only", "subscriber-only", "subscribers only", "exclusive to subscribers", "only available to subscribers", "already a subscriber", "this content is for members", "register to read", "log in to read", "you have reached your limit", "nur für abonnenten", "jetzt weiterlesen", "réservé aux abonnés", "solo para suscriptores"} {
		if strings.Contains(l, w) {
			return true
		}
	}
	return false
}
