package web

import (
	"fmt"
	"time"
)

// figure is the drawing of articles over time: squares that stack, or bars
// where there are too many to stack.
type figure struct {
	Title  string // the finding in words
	Unit   string // "an hour"
	Height int
	Base   int // y of the axis
	Boxes  []box
	Labels []label
}

// box is one square or bar; X and W are in percent of the width where Wide.
type box struct {
	Class  string
	X      string
	Y      int
	Width  string
	Height int
}

type label struct {
	X, Class, Text string
}

// The drawing's measures, in pixels, and the most columns that stay apart on
// a phone.
const (
	maxColumns = 34
	maxStack   = 7
	squareSide = 8
	squareStep = 10
)

var steps = []struct {
	d    time.Duration
	unit string
}{
	{time.Hour, "an hour"},
	{3 * time.Hour, "in three hours"},
	{6 * time.Hour, "in six hours"},
	{24 * time.Hour, "a day"},
	{7 * 24 * time.Hour, "a week"},
	{28 * 24 * time.Hour, "in four weeks"},
	{364 * 24 * time.Hour, "a year"},
}

// articlesAnHour draws when articles came; the zero figure for fewer than
// three, where a drawing says nothing.
func articlesAnHour(origins []origin) figure {
	var first, last time.Time
	type tick struct {
		at   time.Time
		copy bool
	}
	var ticks []tick
	for _, o := range origins {
		ticks = append(ticks, tick{o.Dated(), false})
		for i := range o.Copies {
			ticks = append(ticks, tick{dated(&o.Copies[i]), true})
		}
	}
	for _, t := range ticks {
		if t.at.IsZero() {
			continue
		}
		if first.IsZero() || t.at.Before(first) {
			first = t.at
		}
		if t.at.After(last) {
			last = t.at
		}
	}
	if len(ticks) < 3 || first.IsZero() {
		return figure{}
	}
	step := steps[len(steps)-1]
	for _, s := range steps {
		if last.Sub(first.UTC().Truncate(s.d)) < maxColumns*s.d {
			step = s
			break
		}
	}
	start := first.UTC().Truncate(step.d)
	cols := min(max(int(last.Sub(start)/step.d)+1, 6), maxColumns*4)
	counts := make([][2]int, cols)
	for _, t := range ticks {
		if i := int(t.at.Sub(start) / step.d); !t.at.IsZero() && i >= 0 && i < cols {
			counts[i][kind(t.copy)]++
		}
	}
	return drawColumns(counts, start, step.d, step.unit)
}

func kind(isCopy bool) int {
	if isCopy {
		return 1
	}
	return 0
}

func drawColumns(counts [][2]int, start time.Time, step time.Duration, unit string) figure {
	var total [2]int
	most, busiest := 0, 0
	for i, c := range counts {
		total[0], total[1] = total[0]+c[0], total[1]+c[1]
		if c[0]+c[1] > most {
			most, busiest = c[0]+c[1], i
		}
	}
	stack := min(most, maxStack)
	f := figure{Unit: unit, Base: stack*squareStep + 6}
	f.Height = f.Base + 16
	width := 100 / float64(len(counts))
	for i, c := range counts {
		x := fmt.Sprintf("%.2f%%", float64(i)*width)
		if most <= maxStack {
			f.squares(x, c)
		} else {
			f.bars(x, fmt.Sprintf("%.2f%%", width*.7), c, most)
		}
	}
	end := start.Add(time.Duration(len(counts)) * step)
	f.Labels = axisLabels(start, end, step)
	f.Title = fmt.Sprintf("Articles %s: %s and %s; the most, %s, from %s UTC", unit, countWord(total[0], "origin", "origins"),
		countWord(total[1], "copy", "copies"), number(most), start.Add(time.Duration(busiest)*step).Format("2 Jan 2006 15:04"))
	return f
}

func (f *figure) squares(x string, c [2]int) {
	for n := range c[0] + c[1] {
		class := "or"
		if n >= c[0] {
			class = "cp"
		}
		f.Boxes = append(f.Boxes, box{class, x, f.Base - (n+1)*squareStep, fmt.Sprint(squareSide), squareSide})
	}
}

func (f *figure) bars(x, w string, c [2]int, most int) {
	room := maxStack * squareStep
	o := (c[0]*room + most - 1) / most
	k := (c[1]*room + most - 1) / most
	if o > 0 {
		f.Boxes = append(f.Boxes, box{"or", x, f.Base - o, w, o})
	}
	if k > 0 {
		f.Boxes = append(f.Boxes, box{"cp", x, f.Base - o - k, w, k})
	}
}

// axisLabels names the ends of the axis and, on a long one, a midnight near
// its middle.
func axisLabels(start, end time.Time, step time.Duration) []label {
	layout := "2 Jan 15:04"
	if step >= 24*time.Hour {
		layout = "2 Jan 2006"
	}
	right := end.Format(layout)
	if start.Format(time.DateOnly) == end.Format(time.DateOnly) {
		right = end.Format("15:04")
	}
	out := []label{{"0", "sf", start.Format(layout)}, {"100%", "sf e", right}}
	mid := start.Add(end.Sub(start) / 2).Truncate(24 * time.Hour)
	share := float64(mid.Sub(start)) / float64(end.Sub(start))
	if step < 24*time.Hour && share > .3 && share < .75 {
		out = append(out, label{fmt.Sprintf("%.2f%%", share*100), "sf", mid.Format("2 Jan")})
	}
	return out
}
