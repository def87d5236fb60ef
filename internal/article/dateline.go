package article

import (
	"strings"
	"time"

	"golang.org/x/net/html/atom"
)

// lines lists the blocks around the headline, nearest first among those after
// it: where a template shows the author and the date.
func (r *reading) lines() []*block {
	at := r.headlineBlock()
	blocks := r.body.blocks
	var out []*block
	texts := 0
	for i := at; i < len(blocks) && i < at+30 && texts < 3; i++ {
		out = append(out, &blocks[i])
		if blocks[i].weight > 60 {
			texts++
		}
	}
	for i := at - 1; i >= 0 && i >= at-8; i-- {
		out = append(out, &blocks[i])
	}
	return out
}

// headlineBlock returns the index of the block that is the headline, or of the
// first paragraph where the page shows none.
func (r *reading) headlineBlock() int {
	want := letters(r.title)
	best := -1
	for i := range r.body.blocks {
		b := &r.body.blocks[i]
		if len(b.text) > 2*len(r.title)+20 || letters(b.text) != want {
			continue
		}
		if b.tag == atom.H1 {
			return i
		}
		if best < 0 || isHeading(b.tag) && !isHeading(r.body.blocks[best].tag) {
			best = i
		}
	}
	if best < 0 && len(r.body.kept) > 0 {
		best = r.body.kept[0]
	}
	return max(best, 0)
}

// dateline reads the date that the template shows at the headline, or
// elsewhere with the word "published". stated tells a date of publication from
// a date of change.
func (r *reading) dateline() (pub, mod time.Time) {
	for _, b := range r.lines() {
		p, m := lineDate(b.text, b.marks&markByline != 0)
		if pub.IsZero() {
			pub = p
		}
		if mod.IsZero() {
			mod = m
		}
	}
	if pub.IsZero() && mod.IsZero() {
		for i := range r.body.blocks {
			if b := &r.body.blocks[i]; len(b.text) < 80 && saysWhen(b.text) {
				if pub, mod = lineDate(b.text, true); !pub.IsZero() || !mod.IsZero() {
					break
				}
			}
		}
	}
	if pub.IsZero() && mod.IsZero() {
		pub = r.onlyDate()
	}
	if pub.IsZero() && mod.IsZero() {
		pub = r.settledDate()
	}
	return pub, mod
}

// settledDepth is how many blocks are searched for a date in words.
const settledDepth = 2000

// settledDate reads a template's date such as 03/10/2023, which can mean two
// days, where the page writes one of the two, and not the other, in words.
func (r *reading) settledDate() time.Time {
	said := map[time.Time]bool{}
	for i := range min(len(r.body.blocks), settledDepth) {
		if b := &r.body.blocks[i]; len(b.text) < 120 {
			if t, ok := parseDate(b.text); ok {
				said[t] = true
			}
		}
	}
	for i := range r.body.blocks {
		b := &r.body.blocks[i]
		if b.marks&markByline == 0 || len(b.text) != len("03/10/2023") {
			continue
		}
		p := strings.FieldsFunc(b.text, func(c rune) bool { return c == '/' || c == '-' })
		if len(p) != 3 || !isDigits(p[0]) || !isDigits(p[1]) || !isDigits(p[2]) || atoi(p[0]) > 12 || atoi(p[1]) > 12 {
			continue
		}
		dm, ok1 := dmy(p[0], time.Month(atoi(p[1])), p[2])
		md, ok2 := dmy(p[1], time.Month(atoi(p[0])), p[2])
		if ok1 && said[dm] && !said[md] {
			return dm
		}
		if ok2 && said[md] && !said[dm] {
			return md
		}
	}
	return time.Time{}
}

// onlyDate returns the date that stands alone in a line of the template, where
// all such lines of the page agree.
func (r *reading) onlyDate() time.Time {
	var only time.Time
	for i := range r.body.blocks {
		b := &r.body.blocks[i]
		if len(b.text) > 40 || b.marks&(markByline|markSide) == 0 || b.marks&(markFoot|markComment|markRelated|markHidden) != 0 {
			continue
		}
		t, ok := parseDate(b.text)
		if !ok || len(letters(b.text)) > 24 {
			continue
		}
		if !only.IsZero() && !only.Equal(t) {
			return time.Time{}
		}
		only = t
	}
	return only
}

// lineDate reads a short line that is a date, or a byline with a date in it.
func lineDate(s string, named bool) (pub, mod time.Time) {
	if len(s) > 140 || len(s) > 60 && !named && !saysWhen(s) && !hasBy(s) {
		return pub, mod
	}
	l := strings.ToLower(s)
	u := -1
	for _, w := range [...]string{"updated", "modified", "reviewed", "edited", "revised", "aktualisiert", "actualizado", "mis à jour", "atualizado"} {
		if i := strings.Index(l, w); i >= 0 && (u < 0 || i < u) {
			u = i
		}
	}
	if u < 0 {
		pub, _ = parseDate(s)
		return pub, mod
	}
	mod, _ = parseDate(s[u:])
	if u > 8 {
		pub, _ = parseDate(s[:u])
	}
	return pub, mod
}

// saysWhen reports whether a line says that a date is one of publication or
// change.
func saysWhen(s string) bool {
	l := strings.ToLower(s)
	for _, p := range [...]string{"published", "posted", "updated", "last updated", "page last ", "last reviewed", "content last reviewed", "reviewed", "last modified", "date:", "date published", "first published", "created", "veröffentlicht", "publicado", "publié", "pubblicato", "опубликовано"} {
		if strings.HasPrefix(l, p) {
			return true
		}
	}
	return false
}

// wireDate reads the date in the place line of a wire story: "OSTMERE, Dec 20,
// 2025 (XNA) -".
func wireDate(first string) (time.Time, bool) {
	head := first[:min(len(first), 120)]
	cut := strings.IndexAny(head, "(-–—")
	if cut < 8 || !strings.Contains(head[:cut], ",") {
		return time.Time{}, false
	}
	return parseDate(head[:cut])
}
