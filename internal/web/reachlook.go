package web

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// reachKind is what a vantage point saw of a service over a stretch of time.
type reachKind int

const (
	unmeasured reachKind = iota
	reached
	lost
	excluded
)

// stretch is a time over which a vantage point saw the same.
type stretch struct {
	From, To time.Time
	Kind     reachKind
	Why      string // an excluded one's reason, where it is known
}

// lane is one vantage point over the time that is looked at.
type lane struct {
	ID        string
	Facts     model.VantageFacts // its ID is "" where nothing is known of it
	Stretches []stretch
	cells     []model.Rollup // by time
}

// look is what was measured of a service over a time, vantage point by vantage
// point.
type look struct {
	axis
	Width time.Duration // of the roll-ups
	Lanes []lane
}

// lookOf sorts roll-ups into lanes.
func lookOf(list []model.Rollup, x axis, width time.Duration, vantages map[string]model.VantageFacts) look {
	by := map[string][]model.Rollup{}
	for _, r := range list {
		if r.Start.Before(x.end) && r.Start.Add(width).After(x.start) && count(&r, reached)+count(&r, lost)+count(&r, excluded) > 0 {
			by[r.Vantage] = append(by[r.Vantage], r)
		}
	}
	l := look{axis: x, Width: width}
	for id, cells := range by {
		slices.SortFunc(cells, func(a, b model.Rollup) int { return a.Start.Compare(b.Start) })
		l.Lanes = append(l.Lanes, lane{ID: id, Facts: vantages[id], cells: cells, Stretches: stretchesOf(cells, x, width)})
	}
	slices.SortFunc(l.Lanes, func(a, b lane) int {
		return cmp.Or(strings.Compare(a.Facts.Country, b.Facts.Country), cmp.Compare(a.Facts.ASN, b.Facts.ASN), strings.Compare(a.ID, b.ID))
	})
	return l
}

// count is how many observations of a roll-up are of a kind. One that was turned
// away reached the service.
func count(r *model.Rollup, k reachKind) int {
	switch k {
	case reached:
		return max(0, r.OK) + max(0, r.Slow) + max(0, r.Refused)
	case lost:
		return max(0, r.Fail)
	case excluded:
		return max(0, r.Invalid)
	}
	return 0
}

// kindOf is what most of a roll-up's observations are.
func kindOf(r *model.Rollup) reachKind {
	ok, fail, out := count(r, reached), count(r, lost), count(r, excluded)
	switch {
	case ok+fail+out == 0:
		return unmeasured
	case out > ok+fail:
		return excluded
	case fail > ok:
		return lost
	}
	return reached
}

// stretchesOf reads the stretches of one vantage point out of its roll-ups. In a
// roll-up with both what came before and what comes after, the change is placed
// by their share: probes are spaced evenly.
func stretchesOf(cells []model.Rollup, x axis, width time.Duration) []stretch {
	var out []stretch
	spent := unmeasured // what the roll-up before has of this kind lies at its start
	for i := range cells {
		c := &cells[i]
		s := stretch{From: c.Start, To: c.Start.Add(width), Kind: kindOf(c)}
		if i > 0 {
			last := &out[len(out)-1]
			if before := &cells[i-1]; last.To.Equal(s.From) && last.Kind != s.Kind {
				edge := s.From.Add(shareOf(width, c, last.Kind))
				if spent != s.Kind {
					edge = edge.Add(-shareOf(width, before, s.Kind))
				}
				spent = last.Kind
				last.To, s.From = edge, edge
			} else {
				spent = unmeasured
			}
			if last.To.Equal(s.From) && last.Kind == s.Kind {
				last.To = s.To
				continue
			}
		}
		out = append(out, s)
	}
	return fit(out, x)
}

func shareOf(width time.Duration, r *model.Rollup, k reachKind) time.Duration {
	all := count(r, reached) + count(r, lost) + count(r, excluded)
	return width * time.Duration(count(r, k)) / time.Duration(max(all, 1))
}

// fit cuts stretches to the time looked at and fills what is missing.
func fit(list []stretch, x axis) []stretch {
	var out []stretch
	at := x.start
	add := func(s stretch) {
		if n := len(out); n > 0 && out[n-1].Kind == s.Kind {
			out[n-1].To, out[n-1].Why = s.To, cmp.Or(out[n-1].Why, s.Why)
			return
		}
		out = append(out, s)
	}
	for _, s := range list {
		if s.From.Before(at) {
			s.From = at
		}
		if s.To.After(x.end) {
			s.To = x.end
		}
		if !s.From.Before(s.To) {
			continue
		}
		if at.Before(s.From) {
			add(stretch{From: at, To: s.From})
		}
		add(s)
		at = s.To
	}
	if at.Before(x.end) {
		add(stretch{From: at, To: x.end})
	}
	return out
}

// exclude marks the times over which verdicts left a vantage point out, and why.
func (l *look) exclude(o *model.OutageFacts) {
	list := model.InForce(o.Verdicts)
	for i := range list {
		to := l.end
		switch {
		case i+1 < len(list):
			to = list[i+1].At
		case !o.End.IsZero():
			to = list[i].At
		}
		for _, e := range list[i].Excluded {
			for j := range l.Lanes {
				if l.Lanes[j].ID == e.Vantage {
					l.Lanes[j].leaveOut(list[i].At, to, e.Why, l.axis)
				}
			}
		}
	}
}

// leaveOut marks what a lane says from one moment to another as excluded. A time
// without any observation stays one.
func (l *lane) leaveOut(from, to time.Time, why string, x axis) {
	var out []stretch
	for _, s := range l.Stretches {
		a, b := later(s.From, from), earlier(s.To, to)
		if s.Kind == unmeasured || !a.Before(b) && !(s.Kind == excluded && !s.To.Before(from) && !s.From.After(to)) {
			out = append(out, s)
			continue
		}
		if s.Kind == excluded {
			s.Why = cmp.Or(s.Why, why)
			out = append(out, s)
			continue
		}
		out = append(out, stretch{s.From, a, s.Kind, s.Why}, stretch{a, b, excluded, why}, stretch{b, s.To, s.Kind, s.Why})
	}
	l.Stretches = fit(out, x)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// tier is how many vantage points saw what over a time.
type tier struct {
	From, To                time.Time
	Reached, Lost, Excluded int
}

// Valid counts those whose word counts.
func (t tier) Valid() int { return t.Reached + t.Lost }

// tiers adds the lanes up: one tier for each time over which nothing changes.
func (l *look) tiers() []tier {
	type change struct {
		at   time.Time
		kind reachKind
		by   int
	}
	var changes []change
	for i := range l.Lanes {
		for _, s := range l.Lanes[i].Stretches {
			changes = append(changes, change{s.From, s.Kind, 1}, change{s.To, s.Kind, -1})
		}
	}
	slices.SortStableFunc(changes, func(a, b change) int { return a.at.Compare(b.at) })
	var out []tier
	var n [excluded + 1]int
	for i, c := range changes {
		n[c.kind] += c.by
		if i+1 == len(changes) || !c.at.Before(changes[i+1].at) {
			continue
		}
		t := tier{c.at, changes[i+1].at, n[reached], n[lost], n[excluded]}
		if k := len(out); k > 0 && out[k-1].Reached == t.Reached && out[k-1].Lost == t.Lost && out[k-1].Excluded == t.Excluded {
			out[k-1].To = t.To
			continue
		}
		out = append(out, t)
	}
	return out
}

// beat is the median time to the first byte in one interval.
type beat struct {
	At time.Time
	MS float64 // 0: nobody reached it
}

// beats is the time to the first byte over time, of the vantage points that
// reached the service.
func (l *look) beats() []beat {
	by := map[int64][]float64{}
	for i := range l.Lanes {
		for _, c := range l.Lanes[i].cells {
			if ms := finite(c.TTFB); ms > 0 && count(&c, reached) > 0 {
				at := c.Start.UTC().Truncate(l.Width).Unix()
				by[at] = append(by[at], ms)
			}
		}
	}
	var out []beat
	for at := l.start.UTC().Truncate(l.Width); at.Before(l.end); at = at.Add(l.Width) {
		out = append(out, beat{at, median(by[at.Unix()])})
	}
	return out
}

func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	list = slices.Clone(list)
	slices.Sort(list)
	n := len(list)
	return (list[(n-1)/2] + list[n/2]) / 2
}

// span is a usual range: from the twentieth to the nineteenth twentieth of what
// was seen. It says nothing where Known is false.
type span struct {
	Low, High float64
	Known     bool
}

// leastUsual is the hours a usual range needs.
const leastUsual = 24

func spanOf(list []float64) span {
	if len(list) < leastUsual {
		return span{}
	}
	slices.Sort(list)
	at := func(q float64) float64 { return list[int(q*float64(len(list)-1)+.5)] }
	return span{at(.05), at(.95), true}
}

// usualShare is the ordinary share of the vantage points that reach the service,
// of those whose word counts.
func (l *look) usualShare() span {
	var list []float64
	for at := l.start.UTC().Truncate(l.Width); at.Before(l.end); at = at.Add(l.Width) {
		ok, all := 0, 0
		for i := range l.Lanes {
			if c := l.Lanes[i].cell(at); c != nil {
				switch kindOf(c) {
				case reached:
					ok++
					all++
				case lost:
					all++
				}
			}
		}
		if all > 0 {
			list = append(list, float64(ok)/float64(all))
		}
	}
	return spanOf(list)
}

func (l *lane) cell(at time.Time) *model.Rollup {
	i, ok := slices.BinarySearchFunc(l.cells, at, func(c model.Rollup, t time.Time) int { return c.Start.Compare(t) })
	if !ok {
		return nil
	}
	return &l.cells[i]
}

// usualTTFB is the ordinary time to the first byte, milliseconds.
func (l *look) usualTTFB() span {
	var list []float64
	for _, b := range l.beats() {
		if b.MS > 0 {
			list = append(list, b.MS)
		}
	}
	return spanOf(list)
}

// reachDay is one day of a service.
type reachDay struct {
	Day          time.Time
	Availability float64 // as model.ServiceDay has it; -1: nothing was measured
	Lost         time.Duration
	Grave        bool // a probable or confirmed loss lies in it
}

// reachDays is the availability of each day of a stretch of time, with the time
// lost.
func reachDays(list []model.ServiceDay, x axis, events []model.OutageFacts) []reachDay {
	known := map[int64]float64{}
	for _, d := range list {
		known[d.Day.Unix()] = d.Availability
	}
	var out []reachDay
	for day := x.start.UTC().Truncate(24 * time.Hour); day.Before(x.end); day = day.Add(24 * time.Hour) {
		d := reachDay{Day: day, Availability: -1}
		if share, ok := known[day.Unix()]; ok {
			d.Availability = share
		}
		d.lose(events, x.end)
		out = append(out, d)
	}
	return out
}

func (d *reachDay) lose(events []model.OutageFacts, now time.Time) {
	for i := range events {
		o := &events[i]
		if !graveOutage(o) {
			continue
		}
		to := o.End
		if to.IsZero() {
			to = now
		}
		if a, b := later(o.Onset, d.Day), earlier(to, d.Day.Add(24*time.Hour)); a.Before(b) {
			d.Lost += b.Sub(a)
			d.Grave = true
		}
	}
}

func graveOutage(o *model.OutageFacts) bool { return isGrave(o.State) }

// isGrave reports whether a service in that state was probably lost to everybody.
func isGrave(st model.OutageState) bool {
	switch st {
	case model.StateConfirmed, model.StateProbable, model.StateFlapping:
		return true
	}
	return false
}
