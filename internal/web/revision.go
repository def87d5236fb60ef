package web

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"crosscheck/internal/model"
)

// revision is one version of an article and what changed in it.
type revision struct {
	model.Revision
	First    bool
	Headline []diffRun // the new headline where it changed
	Flags    []string  // what of weight changed: "headline", "number", "statement"
	Added    int       // words
	Removed  int
	Hunks    []hunk
	More     int // places that changed and are not shown
}

// hunk is a changed place with the words round it.
type hunk struct{ Before, Del, Ins, After string }

// Long reports whether more than a few words were added.
func (h hunk) Long() bool { return len(h.Ins) > longInsert }

// Bounds of what one revision shows.
const (
	maxHunks    = 12
	maxHunkText = 600 // characters of removed or added text
	hunkContext = 5   // words on either side
)

// revisionsOf describes each revision against the one before; the comparison
// returned is the newest. Only the newest fifty are compared. The statements are
// those of the newest.
func revisionsOf(revs []model.Revision, statements []model.Statement) ([]revision, comparison) {
	var last comparison
	revs = revs[max(0, len(revs)-50):]
	out := make([]revision, 0, len(revs))
	for i, rv := range revs {
		x := revision{Revision: rv, First: i == 0}
		if i > 0 {
			before := revs[i-1]
			if before.Title != rv.Title {
				x.Headline = compareRuns(clip(maxTitle, before.Title), clip(maxTitle, rv.Title))
			}
			last = compare(before.Text, rv.Text)
			x.Added, x.Removed = last.Added, last.Removed
			x.hunks(rv.Text, last.Changes)
			x.flag(before, rv, last.Changes)
			if i == len(revs)-1 && touches(last.Changes, statements, rv.N) {
				x.Flags = append(x.Flags, "statement")
			}
		}
		x.Text = "" // shown nowhere whole
		out = append(out, x)
	}
	return out, last
}

// flag notes what of weight changed in headline and text.
func (x *revision) flag(before, now model.Revision, changes []change) {
	if before.Title != now.Title {
		x.Flags = append(x.Flags, "headline")
	}
	other := !slices.Equal(numbersIn(before.Title), numbersIn(now.Title))
	for _, c := range changes {
		// Words that were only added or removed change no number.
		ins := c.Ins.Of(now.Text)
		other = other || c.Del != "" && ins != "" && !slices.Equal(numbersIn(c.Del), numbersIn(ins))
	}
	if other {
		x.Flags = append(x.Flags, "number")
	}
}

// touches reports whether words changed inside a statement of that revision.
func touches(changes []change, statements []model.Statement, revision int) bool {
	for i := range statements {
		st := &statements[i]
		if st.Revision != revision || st.Class != model.ClassStatement {
			continue
		}
		for _, sp := range st.Content {
			for _, c := range changes {
				if c.Ins.Start < sp.End && sp.Start < max(c.Ins.End, c.Ins.Start+1) {
					return true
				}
			}
		}
	}
	return false
}

// numberWords are the numbers news writes out.
var numberWords = strings.Fields(`one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
	sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand
	thousands million millions billion billions dozen dozens`)

// numbersIn lists the numbers of a text in order, in digits or in words.
func numbersIn(s string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' && r != ','
	}) {
		w = strings.Trim(w, ".,")
		if strings.ContainsFunc(w, unicode.IsDigit) || slices.Contains(numberWords, w) {
			out = append(out, w)
		}
	}
	return out
}

// flagWords says what changed, for people: "the headline and a number changed".
func flagWords(flags []string) string {
	words := map[string]string{"headline": "the headline", "number": "a number", "statement": "a statement"}
	var parts []string
	for _, f := range flags {
		parts = append(parts, words[f])
	}
	if len(parts) == 0 {
		return ""
	}
	list := parts[len(parts)-1]
	if len(parts) > 1 {
		list = strings.Join(parts[:len(parts)-1], ", ") + " and " + list
	}
	return list + " changed"
}

func (x *revision) hunks(text string, changes []change) {
	for _, c := range changes {
		if len(x.Hunks) == maxHunks {
			x.More++
			continue
		}
		x.Hunks = append(x.Hunks, hunk{
			Before: lastWords(text[:c.Ins.Start], hunkContext), Del: clip(maxHunkText, squeeze(c.Del)),
			Ins: clip(maxHunkText, squeeze(c.Ins.Of(text))), After: firstWords(text[c.Ins.End:], hunkContext),
		})
	}
}

// hideChanges leaves the public at most budget characters of changed text and
// returns how many it used.
func (p *articlePage) hideChanges(budget int) int {
	spent := 0
	for i := len(p.Revisions) - 1; i >= 0; i-- {
		rv := &p.Revisions[i]
		keep := rv.Hunks[:0]
		for _, h := range rv.Hunks {
			h.Before, h.After = "", ""
			if n := utf8.RuneCountInString(h.Del) + utf8.RuneCountInString(h.Ins); spent+n <= budget {
				spent += n
				keep = append(keep, h)
			} else {
				rv.More++
			}
		}
		rv.Hunks = keep
	}
	return spent
}

func firstWords(s string, n int) string {
	s, _, _ = strings.Cut(s, "\n\n")
	spans := wordSpans(s[:runeStart(s, min(len(s), 40*n))])
	if len(spans) == 0 {
		return ""
	}
	return squeeze(s[:spans[min(n, len(spans))-1].End])
}

func lastWords(s string, n int) string {
	s = s[strings.LastIndex(s, "\n\n")+1:]
	s = s[runeStart(s, max(0, len(s)-40*n)):]
	spans := wordSpans(s)
	if len(spans) == 0 {
		return ""
	}
	return squeeze(s[spans[max(0, len(spans)-n)].Start:])
}
