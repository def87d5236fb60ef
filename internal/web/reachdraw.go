package web

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// The measures of the drawings, in pixels.
const (
	chartTop   = 30  // y of all vantage points
	chartBase  = 150 // y of none
	chartRoom  = chartBase - chartTop
	beatBase   = 90 // y of the axis under the times to the first byte
	beatTop    = 8
	dayRoom    = 30 // height of a whole day's bar
	stripRoom  = 14
	maxSteps   = 288 // of a drawn line
	maxChanges = 7   // told in a title
)

// reachChart draws how many vantage points reached a service over time.
type reachChart struct {
	Title string // the finding in words
	Ticks []chartTick
	Area  string   // path of those that reached it, in a box 1000 wide and chartRoom high
	Out   []box    // excluded ones
	Band  *box     // usual range
	Lines []string // x of the moments of an outage
	Notes []chartText
	Total int // vantage points
	Half  int
	HalfY int
}

// chartTick is a time named along the top; the day stays where there is little
// room.
type chartTick struct {
	X           string
	Date, Clock string
	Narrow      bool
}

func chartTicks(x axis) []chartTick {
	const apart = .2 // of the width of a phone
	var out []chartTick
	last, at := -1, -1.0 // the newest that stays on a phone
	for i, t := range x.ticks() {
		c := chartTick{X: t.X, Clock: t.Label, Narrow: true}
		if day, clock, ok := strings.Cut(t.Label, ":"); t.Day && ok {
			j := strings.LastIndexByte(day, ' ')
			c.Date, c.Clock = day[:j], day[j+1:]+":"+clock
		} else if t.Day {
			c.Date, c.Clock = t.Label, ""
		}
		share := percentOf(t.X) / 100
		switch {
		case last < 0 || share-at > apart:
			c.Narrow = false
		case c.Date != "" && out[last].Date == "" || c.Date != "" && last == 0:
			c.Narrow, out[last].Narrow = false, true
		}
		if !c.Narrow {
			last, at = i, share
		}
		out = append(out, c)
	}
	return out
}

type chartText struct {
	X, Class, Text string
	DX, Y          int
}

// reachChartOf draws a look. The marked outage, if any, is named on the axis.
func reachChartOf(l *look, usual span, mark *model.OutageFacts, name string) reachChart {
	c := reachChart{Total: len(l.Lanes)}
	if c.Total == 0 {
		return c
	}
	tiers := thin(l.tiers(), l.axis)
	y := func(n float64) int { return chartBase - int(math.Round(n*chartRoom/float64(c.Total))) }
	var b strings.Builder
	for _, t := range tiers {
		x1, x2 := int(math.Round(1000*l.share(t.From))), int(math.Round(1000*l.share(t.To)))
		if b.Len() == 0 {
			fmt.Fprintf(&b, "M%d %dV%d", x1, chartRoom, y(float64(t.Reached))-chartTop)
		} else {
			fmt.Fprintf(&b, "V%d", y(float64(t.Reached))-chartTop)
		}
		fmt.Fprintf(&b, "H%d", x2)
		if t.Excluded > 0 {
			c.exclude(l, t, y(float64(c.Total-t.Excluded)))
		}
	}
	fmt.Fprintf(&b, "V%dZ", chartRoom)
	c.Area = b.String()
	if usual.Known {
		top, low := y(usual.High*float64(c.Total)), y(usual.Low*float64(c.Total))
		c.Band = &box{"band", "0", top, "100%", max(low-top, 5)}
	}
	if c.Total > 2 {
		c.Half = c.Total / 2
		c.HalfY = y(float64(c.Half))
	}
	c.Ticks = chartTicks(l.axis)
	c.name(l, tiers)
	if mark != nil {
		c.mark(l.axis, mark)
	}
	c.Title = chartTitle(tiers, l, name)
	return c
}

// exclude hatches the room of those whose word does not count; it joins what is
// beside it at the same height.
func (c *reachChart) exclude(l *look, t tier, low int) {
	x1, x2 := 100*l.share(t.From), 100*l.share(t.To)
	if n := len(c.Out); n > 0 && c.Out[n-1].Height == low-chartTop {
		var from, width float64
		if _, err := fmt.Sscanf(c.Out[n-1].X+c.Out[n-1].Width, "%f%%%f%%", &from, &width); err == nil && math.Abs(from+width-x1) < .02 {
			c.Out[n-1].Width = fmt.Sprintf("%.2f%%", x2-from)
			return
		}
	}
	c.Out = append(c.Out, box{"ex", fmt.Sprintf("%.2f%%", x1), chartTop, fmt.Sprintf("%.2f%%", x2-x1), low - chartTop})
}

// thin leaves no more tiers than can be drawn: in each step the one in which
// fewest reached the service.
func thin(list []tier, x axis) []tier {
	if len(list) <= maxSteps {
		return list
	}
	step := x.end.Sub(x.start) / maxSteps
	var out []tier
	i := 0
	for at := x.start; at.Before(x.end) && i < len(list); at = at.Add(step) {
		end := at.Add(step)
		low := list[i]
		for ; i < len(list); i++ {
			if list[i].From.Before(end) && list[i].Reached < low.Reached {
				low = list[i]
			}
			if !list[i].To.Before(end) {
				break
			}
		}
		low.From, low.To = at, end
		out = append(out, low)
	}
	return out
}

// name writes the lowest stretch and the longest excluded one into the drawing,
// where there is room.
func (c *reachChart) name(l *look, tiers []tier) {
	room := func(t tier) float64 { return l.share(t.To) - l.share(t.From) }
	middle := func(t tier) string { return fmt.Sprintf("%.2f%%", 50*(l.share(t.From)+l.share(t.To))) }
	low := -1
	for i, t := range tiers {
		if t.Valid() > 0 && t.Lost*2 > t.Valid() && (low < 0 || room(t) > room(tiers[low])) {
			low = i
		}
	}
	if low >= 0 && room(tiers[low]) > .12 {
		t := tiers[low]
		class := "b halo mt c"
		if room(t) < .4 {
			class += " wide"
		}
		c.Notes = append(c.Notes, chartText{middle(t), class, fmt.Sprintf("%d of %d reach it", t.Reached, t.Valid()), 0, 104})
	}
	out := tier{}
	for i := 0; i < len(tiers); i++ {
		run := tiers[i]
		for i+1 < len(tiers) && tiers[i+1].Excluded == run.Excluded {
			i++
			run.To = tiers[i].To
		}
		if run.Excluded > 0 && room(run) > room(out) {
			out = run
		}
	}
	if room(out) > .2 {
		c.Notes = append(c.Notes, chartText{middle(out), "halo sf c wide", fmt.Sprintf("%d excluded", out.Excluded), 0, chartTop + 15})
	}
}

// mark names the moments of an outage under the axis, as far as there is room on
// a phone and on a wide screen.
func (c *reachChart) mark(x axis, o *model.OutageFacts) {
	clock := func(t time.Time) string { return t.UTC().Round(time.Minute).Format("15:04") }
	const base = chartBase + 13
	line := func(t time.Time) bool {
		if t.IsZero() || t.Before(x.start) || t.After(x.end) {
			return false
		}
		c.Lines = append(c.Lines, x.at(t))
		return true
	}
	free := 0.0 // right of this nothing is written yet, on a phone
	if line(o.Onset) {
		share, text := x.share(o.Onset), "onset "+clock(o.Onset)
		if share > .26 {
			c.Notes = append(c.Notes, chartText{x.at(o.Onset), "e halo", text, -4, base})
			free = share
		} else {
			c.Notes = append(c.Notes, chartText{x.at(o.Onset), "halo", text, 3, base})
			free = share + .28
		}
	}
	if line(o.Confirmed) && x.share(o.Confirmed) >= free {
		share := x.share(o.Confirmed)
		class := "halo"
		if share > .58 {
			class += " wide"
		} else {
			free = share + .36
		}
		if share < .86 {
			c.Notes = append(c.Notes, chartText{x.at(o.Confirmed), class, "confirmed " + clock(o.Confirmed), 3, base})
		}
	}
	if line(o.End) {
		share, text := x.share(o.End), "back "+clock(o.End)
		switch {
		case share > free+.28:
			c.Notes = append(c.Notes, chartText{x.at(o.End), "e halo", text, -4, base})
		case share < .86 && share > free-.2:
			c.Notes = append(c.Notes, chartText{x.at(o.End), "halo wide", text, 3, base})
		}
	}
}

// chartTitle says what a chart shows.
func chartTitle(tiers []tier, l *look, name string) string {
	title := fmt.Sprintf("Vantage points that reached %s, %s to %s UTC: ", clip(80, name), l.start.UTC().Format("2 January 2006 15:04"), clockAfter(l.end, l.start))
	type step struct {
		tier
		to time.Time
	}
	var steps []step
	for _, t := range tiers {
		if n := len(steps); n > 0 && steps[n-1].Reached == t.Reached && steps[n-1].Valid() == t.Valid() {
			steps[n-1].to = t.To
			continue
		}
		steps = append(steps, step{t, t.To})
	}
	say := func(t tier) string {
		if t.Valid() == 0 {
			return "not measured"
		}
		return fmt.Sprintf("%d of %d", t.Reached, t.Valid())
	}
	if len(steps) <= maxChanges {
		parts := make([]string, len(steps))
		for i, st := range steps {
			parts[i] = say(st.tier)
			if i+1 < len(steps) {
				parts[i] += " until " + clockIn(st.to.Round(time.Minute), l.axis)
			}
		}
		return title + strings.Join(parts, ", ") + "."
	}
	measured := slices.DeleteFunc(slices.Clone(steps), func(s step) bool { return s.Valid() == 0 })
	if len(measured) == 0 {
		return title + "not measured."
	}
	low := slices.MinFunc(measured, func(a, b step) int { // the fewest, for the longest time
		if a.Reached != b.Reached {
			return a.Reached - b.Reached
		}
		return int(b.to.Sub(b.From)/time.Second) - int(a.to.Sub(a.From)/time.Second)
	})
	return title + fmt.Sprintf("%s at first, the fewest, %s, %s, %s at the end; %d changes.", say(steps[0].tier), say(low.tier),
		within(low.From, low.to, l.axis), say(steps[len(steps)-1].tier), len(steps)-1)
}

// beatChart draws the time to the first byte, on a logarithmic scale.
type beatChart struct {
	Title string
	Path  string // in a box 1000 wide and beatBase high
	Ticks []chartTick
	Band  *box
	Lines []chartText // decades
	Notes []chartText
	Left  string
	Right string
}

func beatChartOf(l *look, usual span) beatChart {
	var c beatChart
	beats := l.beats()
	low, high := math.Inf(1), 0.0
	var known []beat
	for _, b := range beats {
		if b.MS > 0 {
			low, high = min(low, b.MS), max(high, b.MS)
			known = append(known, b)
		}
	}
	if len(known) < 2 {
		return c
	}
	first, last := known[0], known[len(known)-1]
	c.Title = fmt.Sprintf("Time to first byte, logarithmic: %s at first, between %s and %s, %s at the end.", millis(first.MS), millis(low), millis(high), millis(last.MS))
	if usual.Known {
		low, high = min(low, usual.Low), max(high, usual.High)
		c.Title += fmt.Sprintf(" Usually %s to %s.", millis(usual.Low), millis(usual.High))
	}
	from, to := math.Log10(low/1.3), math.Log10(max(high*1.3, low*10))
	y := func(ms float64) float64 { return beatBase - (math.Log10(ms)-from)/(to-from)*(beatBase-beatTop) }
	if usual.Known {
		top := int(y(usual.High))
		c.Band = &box{"band", "0", top, "100%", max(int(y(usual.Low))-top, 4)}
	}
	for d := math.Ceil(from); d <= to; d++ {
		c.Lines = append(c.Lines, chartText{Y: int(math.Round(y(math.Pow(10, d)))), Text: millis(math.Pow(10, d))})
	}
	c.draw(l, beats, y)
	c.Ticks = chartTicks(l.axis)
	c.Left, c.Right = l.start.UTC().Format("15:04"), clockAfter(l.end, l.start)
	return c
}

// draw makes the path; it is broken where nobody reached the service.
func (c *beatChart) draw(l *look, beats []beat, y func(float64) float64) {
	var b strings.Builder
	each := (len(beats) + maxSteps - 1) / maxSteps
	pen, gap := false, time.Time{}
	for i := 0; i < len(beats); i += each {
		var group []float64
		for _, g := range beats[i:min(i+each, len(beats))] {
			if g.MS > 0 {
				group = append(group, g.MS)
			}
		}
		at := beats[i].At
		if len(group) == 0 {
			if pen {
				gap = at
			}
			pen = false
			continue
		}
		mid := at.Add(l.Width * time.Duration(each) / 2)
		letter := "L"
		if !pen {
			letter = "M"
			if wide := l.share(at) - l.share(gap); !gap.IsZero() && wide > .15 {
				c.Notes = append(c.Notes, chartText{fmt.Sprintf("%.2f%%", 50*(l.share(at)+l.share(gap))), "sf c halo", "no answer", 0, 50})
			}
		}
		pen = true
		fmt.Fprintf(&b, "%s%d %.1f", letter, int(math.Round(1000*l.share(mid))), y(median(group)))
	}
	c.Path = b.String()
}

// strip is the row of a vantage point: thin where it reached the service, full
// where it did not, hatched where its word does not count, empty where it said
// nothing.
func (l *look) strip(n *lane) []box {
	var out []box
	for _, s := range n.Stretches {
		if b, ok := bar(s.Kind, l.axis, s.From, s.To); ok {
			out = append(out, b)
		}
		if len(out) == maxSteps {
			break
		}
	}
	return out
}

// stripHead is the times over a column of strips; the ends stand for them where
// there is little room.
type stripHead struct {
	Ticks       []trackTick
	Left, Right string
}

func headOf(x axis) stripHead {
	h := stripHead{x.ticks(), x.start.UTC().Format("15:04"), x.end.UTC().Format("15:04")}
	for i := range h.Ticks {
		h.Ticks[i].Label = h.Ticks[i].Label[strings.LastIndexByte(h.Ticks[i].Label, ' ')+1:]
		if h.Ticks[i].Day && !strings.Contains(h.Ticks[i].Label, ":") {
			h.Ticks[i].Label = x.ticks()[i].Label
		}
	}
	if x.end.Sub(x.start) > 26*time.Hour {
		h.Left, h.Right = x.start.UTC().Format("2 Jan"), x.end.UTC().Format("2 Jan")
	}
	return h
}

// bar is a stretch of a strip. What lasted a moment is still seen.
func bar(k reachKind, x axis, from, to time.Time) (box, bool) {
	width := 100 * (x.share(to) - x.share(from))
	b := box{"ok", x.at(from), 5, fmt.Sprintf("%.2f%%", width), 4}
	switch k {
	case unmeasured:
		return b, false
	case lost:
		b = box{"mb", b.X, 0, fmt.Sprintf("%.2f%%", max(width, .35)), stripRoom}
	case excluded:
		b = box{"ex", b.X, 0, b.Width, stripRoom}
	}
	return b, true
}

// inWords says what a strip shows: what was lost first.
func (l *look) inWords(n *lane) []string {
	const most = 3
	var out []string
	for _, k := range []struct {
		kind reachKind
		word string
	}{{lost, "lost"}, {excluded, "excluded"}, {unmeasured, "not measured"}} {
		var times []string
		why, more := "", 0
		for _, s := range n.Stretches {
			if s.Kind != k.kind {
				continue
			}
			if why == "" {
				why = s.Why
			}
			if len(times) == most {
				more++
				continue
			}
			times = append(times, within(s.From, s.To, l.axis))
		}
		if len(times) == 0 {
			continue
		}
		text := k.word + " " + strings.Join(times, ", ")
		if more > 0 {
			text += fmt.Sprintf(" and %d times more", more)
		}
		if why != "" {
			text += ": " + clip(80, why)
		}
		out = append(out, text)
	}
	if len(out) == 0 {
		out = []string{"reachable throughout"}
	}
	return out
}

// dayStrip draws and tells the last day of a service: the hours in which it was
// measured, and over them its outages.
func dayStrip(l look, events []model.OutageFacts) ([]box, string) {
	var out []box
	var gaps []string
	measured := false
	tiers := l.tiers()
	for i, t := range tiers {
		if t.Reached+t.Lost+t.Excluded > 0 {
			measured = true
			kind := reached
			if t.Valid() == 0 {
				kind = excluded
			}
			b, _ := bar(kind, l.axis, t.From, t.To)
			if n := len(out); n > 0 && out[n-1].Class == b.Class && i > 0 && tiers[i-1].Reached+tiers[i-1].Lost+tiers[i-1].Excluded > 0 {
				out[n-1].Width = fmt.Sprintf("%.2f%%", 100*l.share(t.To)-percentOf(out[n-1].X))
				continue
			}
			out = append(out, b)
		} else if t.To.Sub(t.From) >= time.Hour || !measured {
			gaps = append(gaps, within(t.From, t.To, l.axis))
		}
	}
	if !measured {
		return nil, "not measured"
	}
	var said []string
	for i := range events {
		o := &events[i]
		to := o.End
		if to.IsZero() {
			to = l.end
		}
		if !to.After(l.start) {
			continue
		}
		b, _ := bar(lost, l.axis, o.Onset, to)
		if !graveOutage(o) {
			b.Y, b.Height = 4, 6 // lost to some
			b.Class = "mb"
		}
		out = append(out, b)
		if len(said) < 3 {
			said = append(said, eventWords(o, l.axis))
		}
	}
	if n := len(events) - len(said); n > 0 && len(said) == 3 {
		said = append(said, fmt.Sprintf("%d more", n))
	}
	if len(said) == 0 {
		said = append(said, "reachable throughout")
		if len(gaps) > 0 {
			said[0] = "reachable when measured"
		}
	}
	if len(gaps) > 0 {
		said = append(said, "not measured "+strings.Join(gaps[:min(2, len(gaps))], ", "))
	}
	return out, strings.Join(said, "; ")
}

func percentOf(s string) float64 {
	var v float64
	if _, err := fmt.Sscanf(s, "%f%%", &v); err != nil {
		return 0
	}
	return v
}

// eventWords tells an outage for a text about a stretch of time: "unreachable
// 16:41–22:07 from 5 of 6 (confirmed), 1 excluded".
func eventWords(o *model.OutageFacts, x axis) string {
	to := o.End
	if to.IsZero() {
		to = x.end
	}
	lead := "lost"
	if graveOutage(o) {
		lead = "unreachable"
	}
	text := lead + " " + within(o.Onset, to, x)
	if who := fromHowMany(&o.Peak); who != "" {
		text += " from " + who
	}
	return text + " (" + verdictWord(o.State) + ")"
}

func verdictWord(st model.OutageState) string {
	if w := verdictWords[st]; w != "" {
		return w
	}
	return "not known"
}

// measuringThen is how many vantage points measured a service at a verdict, those
// whose word did not count with them.
func measuringThen(o *model.Outage) int { return max(0, o.Asked) + len(o.Excluded) }

// fromHowMany writes who lost a service, of all that measure it: "5 of 6, 1
// excluded".
func fromHowMany(o *model.Outage) string {
	all := measuringThen(o)
	if all == 0 {
		return ""
	}
	text := fmt.Sprintf("%d of %d", len(o.Down), all)
	if n := len(o.Excluded); n > 0 {
		text += fmt.Sprintf(", %d excluded", n)
	}
	return text
}

// dayBar is one day in the drawing of days.
type dayBar struct {
	box
	reachDay
}

// dayBars draws the availability of days.
func dayBars(days []reachDay) []dayBar {
	out := make([]dayBar, len(days))
	each := 100 / float64(max(len(days), 1))
	for i, d := range days {
		b := box{"ok", fmt.Sprintf("%.2f%%", float64(i)*each), 0, fmt.Sprintf("%.2f%%", each*.9), dayRoom}
		switch {
		case d.Availability < 0:
			b.Class, b.Y, b.Height = "ex", dayRoom-6, 6
		case d.Grave:
			b.Class = "mb"
			fallthrough
		default:
			b.Height = max(1, int(math.Round(d.Availability*dayRoom)))
			b.Y = dayRoom - b.Height
		}
		out[i] = dayBar{b, d}
	}
	return out
}

func daysTitle(days []reachDay) string {
	low, n := -1, 0
	for i, d := range days {
		if d.Availability >= 0 {
			n++
			if low < 0 || d.Availability < days[low].Availability {
				low = i
			}
		}
	}
	if low < 0 {
		return "Availability by day: nothing was measured."
	}
	title := fmt.Sprintf("Availability by day, %s to %s: measured on %s; lowest %s on %s", days[0].Day.Format("2 January"), days[len(days)-1].Day.Format("2 January 2006"),
		countWord(n, "day", "days"), availability(days[low].Availability), days[low].Day.Format("2 January"))
	return title + "."
}
