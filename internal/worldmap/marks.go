package worldmap

import (
	"math"
	"slices"
	"unicode/utf8"
)

// Mark is something marked on a view.
type Mark struct {
	X, Y   float64
	Label  string
	Weight int   // the heavier is drawn and named first
	Beside Box   // what is drawn beside it; zero: nothing
	Group  []int // of Cluster: the marks it stands for, by their place in the list, the heaviest first
	Text   Box   // of Arrange: where the label stands; zero: there is no room
	Anchor Anchor
}

// Anchor is the end of a label at its mark.
type Anchor string

// The anchors, as SVG calls them.
const (
	AnchorStart  Anchor = "start"
	AnchorMiddle Anchor = "middle"
	AnchorEnd    Anchor = "end"
)

// Box is a rectangle of the drawing.
type Box struct{ X, Y, Width, Height float64 }

func (b Box) meets(o Box) bool {
	return b.X < o.X+o.Width && o.X < b.X+b.Width && b.Y < o.Y+o.Height && o.Y < b.Y+b.Height
}

// Cluster puts marks nearer than reach together under the heaviest of them. The
// order of the answer is by weight.
func Cluster(marks []Mark, reach float64) []Mark {
	order := make([]int, len(marks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return marks[b].Weight - marks[a].Weight })
	var out []Mark
	for _, i := range order {
		m := marks[i]
		at := slices.IndexFunc(out, func(o Mark) bool { return math.Hypot(o.X-m.X, o.Y-m.Y) < reach })
		if at < 0 {
			m.Group = []int{i}
			out = append(out, m)
			continue
		}
		out[at].Group = append(out[at].Group, i)
	}
	return out
}

// Measures of labels, in units of the drawing: of one letter, of a line, of the
// mark they stand at.
const (
	letterWide = 5.6
	lineHigh   = 11.0
	markHalf   = 7.0
)

// Arrange finds places for labels at which they meet neither each other nor a
// mark nor the edge, in the order of the list.
func (v View) Arrange(marks []Mark) {
	var taken []Box
	for _, m := range marks {
		taken = append(taken, Box{m.X - markHalf, m.Y - markHalf, 2 * markHalf, 2 * markHalf}, m.Beside)
	}
	for i := range marks {
		m := &marks[i]
		wide := letterWide*float64(utf8.RuneCountInString(m.Label)) + 2
		for _, try := range []struct {
			box    Box
			anchor Anchor
		}{
			{Box{m.X + markHalf + 1, m.Y - lineHigh/2, wide, lineHigh}, AnchorStart},
			{Box{m.X - markHalf - 1 - wide, m.Y - lineHigh/2, wide, lineHigh}, AnchorEnd},
			{Box{m.X - wide/2, m.Y - markHalf - lineHigh - 1, wide, lineHigh}, AnchorMiddle},
			{Box{m.X - wide/2, m.Y + markHalf + 1, wide, lineHigh}, AnchorMiddle},
		} {
			b := try.box
			if b.X < 0 || b.Y < 0 || b.X+b.Width > v.Width || b.Y+b.Height > v.Height || slices.ContainsFunc(taken, b.meets) {
				continue
			}
			m.Text, m.Anchor = b, try.anchor
			taken = append(taken, b)
			break
		}
	}
}

// Base is where the label's text is to be anchored.
func (m Mark) Base() (x, y float64) {
	y = m.Text.Y + lineHigh*.8
	switch m.Anchor {
	case AnchorEnd:
		return m.Text.X + m.Text.Width - 1, y
	case AnchorMiddle:
		return m.Text.X + m.Text.Width/2, y
	}
	return m.Text.X + 1, y
}

// Clear leaves out the names that meet a label or a mark, or one before them.
func Clear(names []Name, marks []Mark) []Name {
	var out []Name
	var taken []Box
	for _, m := range marks {
		taken = append(taken, Box{m.X - markHalf, m.Y - markHalf, 2 * markHalf, 2 * markHalf}, m.Beside, m.Text)
	}
	for _, n := range names {
		wide := 8 * float64(utf8.RuneCountInString(n.Text))
		b := Box{n.X - wide/2, n.Y - lineHigh, wide, lineHigh + 3}
		if !slices.ContainsFunc(taken, b.meets) {
			taken = append(taken, b)
			out = append(out, n)
		}
	}
	return out
}
