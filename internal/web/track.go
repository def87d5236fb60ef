package web

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// track is the drawing of positions over time: who upholds a claim above the
// line, who disputes it below, each a horizontal track; one that crosses the
// line is a reversal.
type track struct {
	Title  string // the finding in words
	Height int
	Ticks  []trackTick
	Lanes  []trackLane
	Cross  []trackCross
	LineY  int
	Up     bool // somebody upholds it
	Down   bool
	More   int // positions left out
}

type trackTick struct {
	X      string
	Label  string
	Day    bool
	Narrow bool // left out on a small screen
}

// trackLane is one position: a line from since to until and the speaker's name.
type trackLane struct {
	Class  string // of the line
	X1, X2 string
	Y      int
	Glyph  string
	Marks  []string // x of each article that shows it
	Name   string
	NameY  int
	End    bool // the name ends at the start of the line instead of following it
	Back   bool // it is a reversal
}

// trackCross joins the two positions of a reversal.
type trackCross struct {
	X      string
	Y1, Y2 int
}

// The drawing's measures, in pixels, and the most lanes of a side.
const (
	laneStep  = 26
	laneFirst = 40
	lineAbove = 25 // from the last upper lane to the line
	lineBelow = 43 // from the line to the first lower lane
	maxLanes  = 12
	maxMarks  = 24
)

var laneClasses = map[model.Stance]string{
	model.StanceAsserts: "thin", model.StanceConfirms: "thin", model.StanceDenies: "dash", model.StanceDoubts: "dots",
}

// trackOf draws positions until now, or until a little after the last of them.
// It is the zero track where there are fewer than two to compare.
func trackOf(positions []model.Position, now time.Time) track {
	var t track
	var up, down []model.Position
	for _, p := range positions {
		switch side := p.Stance.Side(); {
		case side == model.Upholds && len(up) < maxLanes:
			up = append(up, p)
		case side == model.Disputes && len(down) < maxLanes:
			down = append(down, p)
		case side != model.NoSide:
			t.More++
		}
	}
	if len(up)+len(down) < 2 {
		return track{}
	}
	x := axisOf(append(slices.Clone(up), down...), now)
	t.Ticks = x.ticks()
	t.Up, t.Down = len(up) > 0, len(down) > 0
	t.LineY = laneFirst
	if t.Up {
		t.LineY += laneStep*(len(up)-1) + lineAbove
	}
	y := map[string]int{} // of the last lane of a speaker
	for i, p := range up {
		t.lane(p, x, laneFirst+i*laneStep, y)
	}
	for i, p := range down {
		t.lane(p, x, t.LineY+lineBelow+i*laneStep, y)
	}
	t.Height = t.LineY + 24
	if t.Down {
		t.Height = t.LineY + lineBelow + (len(down)-1)*laneStep + 14
	}
	t.crossings(append(up, down...), x)
	t.Title = trackTitle(up, down)
	return t
}

func (t *track) lane(p model.Position, x axis, y int, at map[string]int) {
	end := x.end
	if !p.Until.IsZero() {
		end = p.Until
	}
	l := trackLane{
		Class: laneClasses[p.Stance], X1: x.at(p.Since), X2: x.at(end), Y: y, Glyph: glyph(p.Stance),
		Name: clip(44, speakerName(p.Speaker().Speaker)), NameY: y - 6, End: x.share(p.Since) > .66, Back: p.Reversal,
	}
	if l.End {
		l.NameY = y + 4
	}
	for i := range p.Said {
		if m := x.at(p.Said[i].Dated()); len(l.Marks) < maxMarks && (len(l.Marks) == 0 || l.Marks[len(l.Marks)-1] != m) {
			l.Marks = append(l.Marks, m)
		}
	}
	at[fmt.Sprint(p.Key, p.Since)] = y
	t.Lanes = append(t.Lanes, l)
}

// crossings joins each reversal to the position before it.
func (t *track) crossings(list []model.Position, x axis) {
	for i, p := range list {
		if !p.Reversal {
			continue
		}
		for j, q := range list {
			if q.Key == p.Key && q.Until.Equal(p.Since) && q.Stance.Side() != p.Stance.Side() {
				t.Cross = append(t.Cross, trackCross{x.at(p.Since), t.Lanes[i].Y, t.Lanes[j].Y})
			}
		}
	}
}

func trackTitle(up, down []model.Position) string {
	say := func(list []model.Position) string {
		parts := make([]string, len(list))
		for i, p := range list {
			parts[i] = fmt.Sprintf("%s %s from %s", clip(60, speakerName(p.Speaker().Speaker)), p.Stance, p.Since.UTC().Format("2 January 15:04"))
			if !p.Until.IsZero() {
				parts[i] += " until " + p.Until.UTC().Format("2 January 15:04")
			}
		}
		return strings.Join(parts, "; ")
	}
	title := "Positions on this claim over time."
	if len(up) > 0 {
		title += " Above the line: " + say(up) + "."
	}
	if len(down) > 0 {
		title += " Below: " + say(down) + "."
	}
	return title
}

// axis is the stretch of time a drawing shows.
type axis struct{ start, end time.Time }

// axisOf holds all positions, and some room behind the last of them.
func axisOf(list []model.Position, now time.Time) axis {
	x := axis{start: list[0].Since, end: list[0].Since}
	for _, p := range list {
		for i := range p.Said {
			if at := p.Said[i].Dated(); at.Before(x.start) {
				x.start = at
			} else if at.After(x.end) {
				x.end = at
			}
		}
	}
	room := max(x.end.Sub(x.start)/8, time.Hour)
	if now.After(x.end) && now.Before(x.end.Add(room)) {
		room = now.Sub(x.end)
	}
	x.start, x.end = x.start.Add(-room/2), x.end.Add(room)
	return x
}

func (x axis) share(t time.Time) float64 {
	return min(1, max(0, float64(t.Sub(x.start))/float64(x.end.Sub(x.start))))
}

func (x axis) at(t time.Time) string { return fmt.Sprintf("%.2f%%", 100*x.share(t)) }

// maxTicks bounds the times named along an axis.
const maxTicks = 9

var tickSteps = []time.Duration{
	10 * time.Minute, 30 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	24 * time.Hour, 48 * time.Hour, 7 * 24 * time.Hour, 28 * 24 * time.Hour, 84 * 24 * time.Hour, 364 * 24 * time.Hour,
}

// ticks names midnights by their day and other times by the hour.
func (x axis) ticks() []trackTick {
	step := tickSteps[len(tickSteps)-1]
	for _, s := range tickSteps {
		if x.end.Sub(x.start) <= maxTicks*s {
			step = s
			break
		}
	}
	var out []trackTick
	for at := x.start.UTC().Truncate(step).Add(step); at.Before(x.end) && len(out) < 2*maxTicks; at = at.Add(step) {
		t := trackTick{X: x.at(at), Label: at.Format("15:04"), Narrow: len(out)%2 == 1}
		if at.Truncate(24 * time.Hour).Equal(at) {
			t.Label, t.Day, t.Narrow = at.Format("2 Jan"), true, t.Narrow && step >= 24*time.Hour
		}
		if x.share(at) < .93 {
			out = append(out, t)
		}
	}
	if len(out) > 0 && !out[0].Day {
		out[0].Label, out[0].Day = x.start.UTC().Truncate(step).Add(step).Format("2 Jan 15:04"), true
	}
	return out
}
