package web

import (
	"slices"
	"strings"

	"crosscheck/internal/model"
)

// paragraph is one paragraph of an article as pages show it.
type paragraph struct {
	Pieces []piece
	Notes  []note
	New    bool // the whole paragraph stands only in the newer text
}

// longInsert is the length from which added text is marked lightly, in bytes.
const longInsert = 80

// piece is a run of text under the same marks.
type piece struct {
	Text   string
	N      int    // the innermost statement it belongs to, 0: none
	Class  string // of the mark: k, x, d or ""
	Starts []int  // statements that start here; the first is N's own anchor if it is N
	Ends   []int  // statements that end here
	Cont   bool   // goes on with a statement that has started before
	Ins    bool   // stands only in the newer text
	Long   bool   // more of it than a few words
	Del    string // what stood here in the older text
	Cut    bool   // text before it is left out
}

// note is what the margin says about one statement.
type note struct {
	model.Statement
	Also     []model.Ledger
	Reporter *model.Statement // the one that reports it, or nil
}

// Position reports whether it is held rather than said.
func (n note) Position() bool { return n.Class == model.ClassPosition }

// Own reports whether the mark of the piece carries its statement's anchor.
func (p piece) Own() bool { return slices.Contains(p.Starts, p.N) && p.N > 0 }

// Others are the statements that start here but have no mark of their own
// here.
func (p piece) Others() []int {
	return slices.DeleteFunc(slices.Clone(p.Starts), func(n int) bool { return n == p.N })
}

// mark is a statement's content with its place in the text made sane.
type mark struct {
	n     int
	class string
	spans []model.Span
	size  int
}

func marksOf(text string, list []model.Statement) []mark {
	var out []mark
	for i := range list {
		m := mark{n: list[i].N, class: markClass(list[i].Stance)}
		for _, sp := range list[i].Content {
			if sp = trim(text, sane(text, sp)); sp.Start < sp.End {
				m.spans = append(m.spans, sp)
				m.size += sp.End - sp.Start
			}
		}
		if len(m.spans) > 0 && m.n > 0 {
			out = append(out, m)
		}
	}
	return out
}

// markClass is the class of a mark's underline; asserting is the plain one.
func markClass(s model.Stance) string {
	if c := glyphs[s]; c != "a" {
		return c
	}
	return ""
}

// layout cuts a text into paragraphs of pieces. Only what lies in visible is
// shown; nil shows all. Marks may overlap and nest: each piece belongs to the
// shortest statement over it, so that elements never cross.
func layout(text string, marks []mark, changes []change, visible []model.Span) []paragraph {
	if visible == nil {
		visible = []model.Span{{End: len(text)}}
	}
	var out []paragraph
	shown := 0 // where the last visible text ended
	pos := 0
	for _, para := range strings.SplitAfter(text, "\n\n") {
		span := trim(text, model.Span{Start: pos, End: pos + len(para)})
		pos += len(para)
		if span.Start == span.End {
			continue
		}
		var p paragraph
		near := overlapping(marks, span)
		p.New = slices.ContainsFunc(changes, func(c change) bool { return c.Ins.Start <= span.Start && c.Ins.End >= span.End })
		for _, v := range visible {
			v = meet(v, span)
			if v.Start >= v.End {
				continue
			}
			pieces := cutPieces(text, v, near, changes)
			pieces[0].Cut = strings.ContainsFunc(text[shown:v.Start], letter)
			shown = v.End
			for i := range pieces {
				pieces[i].Ins = pieces[i].Ins && !p.New
			}
			p.Pieces = append(p.Pieces, pieces...)
		}
		if len(p.Pieces) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// meet is the part two spans share; empty when they share none.
func meet(a, b model.Span) model.Span {
	s := model.Span{Start: max(a.Start, b.Start), End: min(a.End, b.End)}
	s.End = max(s.End, s.Start)
	return s
}

func overlapping(marks []mark, span model.Span) []mark {
	var out []mark
	for _, m := range marks {
		if slices.ContainsFunc(m.spans, span.Overlaps) {
			out = append(out, m)
		}
	}
	return out
}

// cutPieces cuts one visible span wherever a mark or a change starts or ends.
func cutPieces(text string, v model.Span, marks []mark, changes []change) []piece {
	cuts := []int{v.Start, v.End}
	add := func(s model.Span) {
		for _, at := range []int{s.Start, s.End} {
			if at > v.Start && at < v.End {
				cuts = append(cuts, at)
			}
		}
	}
	for _, m := range marks {
		for _, sp := range m.spans {
			add(sp)
		}
	}
	var near []change
	for _, c := range changes {
		if c.Ins.Start <= v.End && c.Ins.End >= v.Start {
			add(c.Ins)
			near = append(near, c)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	out := make([]piece, 0, len(cuts))
	for i := range len(cuts) - 1 {
		out = append(out, pieceAt(text, model.Span{Start: cuts[i], End: cuts[i+1]}, marks, near))
	}
	return out
}

func pieceAt(text string, s model.Span, marks []mark, changes []change) piece {
	p := piece{Text: s.Of(text)}
	size := 0
	for _, m := range marks {
		for i, sp := range m.spans {
			if !sp.Overlaps(s) {
				continue
			}
			if p.N == 0 || m.size < size {
				p.N, p.Class, size = m.n, m.class, m.size
				p.Cont = i > 0 || sp.Start < s.Start
			}
			if i == 0 && sp.Start == s.Start {
				p.Starts = append(p.Starts, m.n)
			}
			if i == len(m.spans)-1 && sp.End == s.End {
				p.Ends = append(p.Ends, m.n)
			}
		}
	}
	for _, c := range changes {
		if c.Ins.Start < c.Ins.End && c.Ins.Overlaps(s) {
			p.Ins = true
			p.Long = len(c.Ins.Of(text)) > longInsert
		}
		if c.Ins.Start == s.Start && c.Del != "" {
			p.Del = clip(maxHunkText, squeeze(c.Del))
		}
	}
	return p
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }
