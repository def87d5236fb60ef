package web

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"crosscheck/internal/model"
)

// chart is the drawing of claims over time: for each claim a line, marks above
// it where it was upheld and below it where it was disputed, and a bar for what
// was measured. X is in percent of the width, Y in pixels.
type chart struct {
	Title  string // what it shows, in words
	Height int
	Ticks  []trackTick
	Rows   []chartRow
	Bars   []chartBar
}

type chartRow struct {
	Number int
	Words  string
	TextY  int
	X1, X2 string
	Y      int // of the line
	Marks  []chartMark
}

type chartMark struct {
	X, Glyph, Name string
	Y              int
	End            bool // the name stands before the mark
}

// GlyphY is the top of the mark's glyph.
func (m chartMark) GlyphY() int { return m.Y - 6 }

// TextY is the base of its name.
func (m chartMark) TextY() int { return m.Y + 4 }

type chartBar struct {
	X, Width, End string
	Y             int
	Text          string
	Left          bool // the text ends where the bar begins
}

// TextY is the base of the bar's text.
func (b chartBar) TextY() int { return b.Y + 9 }

// The drawing's measures, in pixels, and how much of it there is. The width is
// that of a common window: names are stacked so that they do not meet at it.
const (
	chartWidth  = 1100
	chartClaims = 8
	chartLanes  = 5
	chartLane   = 15
	chartLetter = 6.4 // width of one letter of a name
	claimsTop   = 20
)

// chartOf draws the claims of a board until now. It is the zero chart where
// there is no position to draw.
func chartOf(rows []boardRow, now time.Time) chart {
	var all []model.Position
	var shown []boardRow
	for _, row := range rows {
		if len(shown) < chartClaims && len(row.Positions) > 0 {
			shown = append(shown, row)
			all = append(all, row.Positions...)
		}
	}
	if len(all) == 0 {
		return chart{}
	}
	x := axisOf(all, now)
	c := chart{Ticks: x.ticks()}
	y := claimsTop
	var told []string
	for _, row := range shown {
		y = c.row(row, x, y)
		told = append(told, fmt.Sprintf("%d, “%s”: upheld by %d, disputed by %d", row.Number, clip(60, row.Words), row.held(model.Upholds), row.held(model.Disputes)))
	}
	c.Height = y
	c.Title = fmt.Sprintf("When each claim was upheld (above its line) and disputed (below), %s to %s UTC. %s. The list below says the same in words.",
		x.start.UTC().Format("2 January 15:04"), x.end.UTC().Format("2 January 15:04"), strings.Join(told, ". "))
	return c
}

// held counts the speakers who stand or stood on a side.
func (r *boardRow) held(side model.Side) int {
	seen := map[string]bool{}
	for _, p := range r.Positions {
		if p.Stance.Side() == side {
			seen[p.Key] = true
		}
	}
	return len(seen)
}

// row draws one claim from y on and returns where the next may begin.
func (c *chart) row(row boardRow, x axis, y int) int {
	r := chartRow{Number: row.Number, Words: clip(70, row.Words), TextY: y + 12, X1: x.at(row.Positions[0].Since), X2: x.at(x.end)}
	up, down := lanesOf(row.Positions, model.Upholds, x), lanesOf(row.Positions, model.Disputes, x)
	r.Y = y + 18 + chartLane*max(1, depth(up)) + 2
	for _, m := range up {
		m.Y = r.Y - 10 - chartLane*m.Y
		r.Marks = append(r.Marks, m)
	}
	for _, m := range down {
		m.Y = r.Y + 12 + chartLane*m.Y
		r.Marks = append(r.Marks, m)
	}
	c.Rows = append(c.Rows, r)
	next := r.Y + 8 + chartLane*depth(down)
	if g := row.Gauge; g != nil && g.Lost {
		c.bar(g, x, next)
		next += 14
	}
	return next + 8
}

// depth is how many lanes marks take.
func depth(marks []chartMark) int {
	n := 0
	for _, m := range marks {
		n = max(n, m.Y+1)
	}
	return n
}

// lanesOf sets the marks of one side so that their names do not meet: Y is the
// lane, counted from the line.
func lanesOf(positions []model.Position, side model.Side, x axis) []chartMark {
	var out []chartMark
	var ends [chartLanes][][2]float64
	for _, p := range positions {
		if p.Stance.Side() != side {
			continue
		}
		m := chartMark{X: x.at(p.Since), Glyph: glyph(p.Stance), Name: clip(28, speakerName(p.Speaker().Speaker)), End: x.share(p.Since) > .8}
		if p.Reversal {
			m.Name = "⇄ " + m.Name
		}
		at, wide := chartWidth*x.share(p.Since), 26+chartLetter*float64(utf8.RuneCountInString(m.Name))
		span := [2]float64{at - 8, at + wide}
		if m.End {
			span = [2]float64{at - wide, at + 8}
		}
		for m.Y = 0; m.Y < chartLanes-1 && meets(ends[m.Y], span); m.Y++ {
		}
		if meets(ends[m.Y], span) {
			m.Name = "" // the list names them
		}
		ends[m.Y] = append(ends[m.Y], span)
		out = append(out, m)
	}
	return out
}

func meets(taken [][2]float64, span [2]float64) bool {
	for _, t := range taken {
		if span[0] < t[1] && t[0] < span[1] {
			return true
		}
	}
	return false
}

func (c *chart) bar(g *gauge, x axis, y int) {
	from, to := x.share(g.From), x.share(g.To)
	b := chartBar{X: fmt.Sprintf("%.2f%%", 100*from), Width: fmt.Sprintf("%.2f%%", 100*max(.002, to-from)), Y: y, Text: "measured: " + g.Words + " " + g.Clock(), Left: to > .6}
	b.End = fmt.Sprintf("%.2f%%", 100*to)
	c.Bars = append(c.Bars, b)
}
