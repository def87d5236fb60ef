package web

import (
	"strings"

	"crosscheck/internal/model"
)

// maxHappenings bounds the movements listed on the page of an article.
const maxHappenings = 40

// happening is a movement or incident of an article that may be shown.
type happening struct {
	model.Movement
	Sentence string           // verbatim
	Stated   *model.Statement // that says it; nil: the article itself does
}

// Way is where it went, or took place, in the article's words; "" where it names
// no place.
func (h happening) Way() string {
	var parts []string
	for _, p := range []struct {
		word string
		list []model.Mention
	}{{"from", h.From}, {"to", h.To}, {"at", h.At}} {
		if len(p.list) > 0 {
			names := each(p.list, func(m model.Mention) string { return clip(60, m.Name) })
			parts = append(parts, p.word+" "+strings.Join(names, ", "))
		}
	}
	return strings.Join(parts, " ")
}

// happenings are the movements of an article whose sentence is visible, and how
// many others there are.
func (d *articleData) happenings(visible []model.Span) (list []happening, held int) {
	for _, m := range d.moves {
		sentence := sane(d.Text, model.Span{Start: m.Start, End: m.End})
		if !coveredBy(sentence, visible) {
			held++
			continue
		}
		h := happening{Movement: m, Sentence: strings.TrimSpace(sentence.Of(d.Text))}
		for i := range d.all {
			if d.all[i].N == m.Statement {
				h.Stated = &d.all[i]
			}
		}
		list = append(list, h)
	}
	return list, held
}

// coveredBy reports whether a span that is not empty lies in one of some others.
func coveredBy(sp model.Span, spans []model.Span) bool {
	for _, v := range spans {
		if sp.Start < sp.End && v.Start <= sp.Start && sp.End <= v.End {
			return true
		}
	}
	return false
}
