package web

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// gauge is what is measured beside a claim. It proves no cause.
type gauge struct {
	Service  string
	Words    string // "unreachable from 5 of 6 vantage points", "reachable throughout"
	Grade    string // "confirmed", "probable", or "" without an outage
	From, To time.Time
	Lost     bool
	Open     bool // the outage lasts
}

// Clock is the time of the gauge in words, UTC, to the nearest minute, as the
// report of the outage has it.
func (g *gauge) Clock() string {
	from, to := g.From.UTC().Round(time.Minute), g.To.UTC().Round(time.Minute)
	end := to.Format("15:04")
	if from.Format(time.DateOnly) != to.Format(time.DateOnly) {
		end = to.Format("2 Jan 15:04")
	}
	text := from.Format("2 Jan 15:04") + "–" + end
	if g.Open {
		text = "since " + from.Format("2 Jan 15:04")
	}
	return text + " UTC"
}

// fully is the share of the time from which a service counts as reached
// throughout: what is missing is single probes.
const fully = .995

// gaugeOf puts what is measured into words; nil where nothing is.
func gaugeOf(m model.Measured, now time.Time) *gauge {
	switch {
	case m.Outage != nil:
		o := m.Outage
		g := &gauge{Service: m.Service, Words: lostFrom(&o.Peak), Grade: string(o.State), From: o.Onset, To: o.End, Lost: true}
		if g.Open = o.End.IsZero(); g.Open {
			g.To = now
		}
		return g
	case m.Observed || m.Availability >= 0:
		g := &gauge{Service: m.Service, Words: "reachable throughout", From: m.From, To: m.To}
		if !m.Observed || m.Availability >= 0 && m.Availability < fully {
			g.Words = fmt.Sprintf("reached %.0f %% of the time", 100*m.Availability)
		}
		if g.To.IsZero() || g.To.After(now) {
			g.To = now
		}
		return g
	}
	return nil
}

// lostFrom says from how many of the vantage points that measured it a verdict
// has a service lost.
func lostFrom(o *model.Outage) string {
	all := measuringThen(o)
	if len(o.Down) == 0 || all == 0 {
		return "unreachable"
	}
	return fmt.Sprintf("unreachable from %d of %s", len(o.Down), countWord(all, "vantage point", "vantage points"))
}

// gauges sets what is measured beside the claims of a board, of which these are
// the statements.
func (s *Server) gauges(ctx context.Context, rows []boardRow, said []model.Ledger) error {
	if s.cfg.Situations == nil || len(rows) == 0 {
		return nil
	}
	shown := map[string]bool{}
	for i := range rows {
		shown[rows[i].ID] = true
	}
	said = slices.DeleteFunc(slices.Clone(said), func(l model.Ledger) bool { return !shown[l.Claim] })
	got, err := s.cfg.Situations.ClaimMeasured(ctx, said)
	if err != nil {
		return fmt.Errorf("web: what is measured beside claims: %w", err)
	}
	for i := range rows {
		rows[i].Gauged = true
		if m, ok := got[rows[i].ID]; ok {
			rows[i].Gauge = gaugeOf(m, s.cfg.Now())
		}
	}
	return nil
}

// measuredTable is the services of a situation: how each stands, and how it
// stood in the time the situation is followed.
type measuredTable struct {
	From, To time.Time
	Rows     []measuredRow
	Reports  []outageReport
	Lost     int // services that were lost in this time
	Down     int // that are lost now

	excluded map[string]bool // vantage points left out of the judgement of an outage of this time
}

// name is what a service of the table is called, else its ID.
func (t *measuredTable) name(id string) string {
	for i := range t.Rows {
		if t.Rows[i].ID == id {
			return t.Rows[i].Name
		}
	}
	return id
}

type measuredRow struct {
	model.ServiceFacts
	Now    standing
	Strip  []stripBar
	Window string // what was seen in this time, in words
	Share  string // of 14 days
	Lost   bool
}

type outageReport struct{ Text, URL string }

// stripBar is one bar of a strip of states, in percent of its width.
type stripBar struct {
	Class, X, Width string
	Y, Height       int
}

// Bounds of what is asked of the measurements, and the least and the longest
// time a strip shows.
const (
	situationServices = 20
	situationOutages  = 20
	stripLeast        = 24 * time.Hour
	stripMost         = 14 * 24 * time.Hour
)

func (s *Server) measuredTable(ctx context.Context, d *situationData) (measuredTable, error) {
	var t measuredTable
	if s.cfg.Reach == nil || len(d.Services) == 0 {
		return t, nil
	}
	t.To = s.cfg.Now().UTC()
	t.From = windowOf(d, t.To)
	all, err := s.cfg.Reach.Services(ctx)
	if err != nil {
		return t, fmt.Errorf("web: services: %w", err)
	}
	outages, err := s.cfg.Reach.Outages(ctx, model.OutageQuery{Services: d.Services, From: t.From, To: t.To, Grave: true, Limit: situationOutages})
	if err != nil {
		return t, fmt.Errorf("web: outages: %w", err)
	}
	for i := range all {
		if !slices.Contains(d.Services, all[i].ID) || len(t.Rows) == situationServices {
			continue
		}
		rollups, err := s.cfg.Reach.Rollups(ctx, all[i].ID, model.RollupCoarse, t.From, t.To)
		if err != nil {
			return t, fmt.Errorf("web: observations of service %s: %w", all[i].ID, err)
		}
		t.add(all[i], outages, rollups)
	}
	slices.SortStableFunc(t.Rows, func(a, b measuredRow) int {
		if a.Lost != b.Lost {
			if a.Lost {
				return -1
			}
			return 1
		}
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	t.excluded = map[string]bool{}
	for i := range outages {
		for _, e := range outages[i].Peak.Excluded {
			t.excluded[e.Vantage] = true
		}
		t.Reports = append(t.Reports, outageReport{s.cfg.Report(verdictOf(&outages[i]), outages[i].ServiceName), outageURL(outages[i].ID)})
	}
	return t, nil
}

// verdictOf is the verdict that says most of an outage: its gravest, with the end
// that was found later.
func verdictOf(o *model.OutageFacts) model.Outage {
	v := o.Peak
	v.Onset, v.Uncertainty, v.End = o.Onset, o.Uncertainty, o.End
	return v
}

// windowOf is when the strips begin: with the first of what is said, on the
// hour.
func windowOf(d *situationData, now time.Time) time.Time {
	from := now.Add(-stripLeast)
	for i := range d.board.Rows {
		if at := d.board.Rows[i].Started; !at.IsZero() && at.Before(from) {
			from = at
		}
	}
	if least := now.Add(-stripMost); from.Before(least) {
		from = least
	}
	return from.Add(-time.Hour).UTC().Truncate(time.Hour)
}

func (t *measuredTable) add(f model.ServiceFacts, outages []model.OutageFacts, rollups []model.Rollup) {
	row := measuredRow{ServiceFacts: f, Now: standingOf(&f, t.To)}
	x := axis{t.From, t.To}
	var words []string
	seen := observed(rollups)
	cuts := []model.TimeInterval{}
	for i := range outages {
		o := &outages[i]
		if o.Service != f.ID {
			continue
		}
		end := o.End
		if end.IsZero() {
			end = t.To
		}
		cuts = append(cuts, model.TimeInterval{Start: o.Onset, End: end})
		g := gaugeOf(model.Measured{Service: f.ID, Outage: o}, t.To)
		text := fmt.Sprintf("%s %s (%s)", g.Words, g.Clock(), g.Grade)
		if n := len(o.Peak.Excluded); n > 0 {
			text += fmt.Sprintf("; %d excluded", n)
		}
		words = append(words, text)
	}
	for _, span := range seen {
		for _, part := range without(span, cuts) {
			row.Strip = append(row.Strip, x.bar("ok", part, 5, 4))
		}
	}
	for _, c := range cuts {
		row.Strip = append(row.Strip, x.bar("mb", c, 0, 14))
	}
	switch {
	case len(words) > 0:
		row.Lost = true
		t.Lost++
	case len(seen) == 0:
		words = []string{"not measured"}
	default:
		words = []string{"reachable throughout"}
	}
	if n, of := refusedFrom(rollups); n > 0 {
		words = append(words, fmt.Sprintf("turned away from %d of %s (not an outage)", n, countWord(of, "vantage point", "vantage points")))
	}
	row.Window = strings.Join(words, "; ")
	row.Share = availability(f.Availability)
	if st := row.Now.State; st == model.StateConfirmed || st == model.StateProbable {
		t.Down++
	}
	t.Rows = append(t.Rows, row)
}

// observed joins the intervals in which some vantage point looked and proved
// itself.
func observed(rollups []model.Rollup) []model.TimeInterval {
	list := slices.Clone(rollups)
	slices.SortFunc(list, func(a, b model.Rollup) int { return a.Start.Compare(b.Start) })
	var out []model.TimeInterval
	for i := range list {
		r := &list[i]
		if r.OK+r.Slow+r.Refused+r.Fail == 0 {
			continue
		}
		end := r.Start.Add(r.Width)
		if n := len(out); n > 0 && !r.Start.After(out[n-1].End) {
			if end.After(out[n-1].End) {
				out[n-1].End = end
			}
			continue
		}
		out = append(out, model.TimeInterval{Start: r.Start, End: end})
	}
	return out
}

// without is what is left of a span beside the cuts.
func without(span model.TimeInterval, cuts []model.TimeInterval) []model.TimeInterval {
	parts := []model.TimeInterval{span}
	for _, c := range cuts {
		var next []model.TimeInterval
		for _, p := range parts {
			if !c.Start.Before(p.End) || !p.Start.Before(c.End) {
				next = append(next, p)
				continue
			}
			if p.Start.Before(c.Start) {
				next = append(next, model.TimeInterval{Start: p.Start, End: c.Start})
			}
			if c.End.Before(p.End) {
				next = append(next, model.TimeInterval{Start: c.End, End: p.End})
			}
		}
		parts = next
	}
	return parts
}

// refusedFrom counts the vantage points that were turned away more often than
// not, and all that reached the service.
func refusedFrom(rollups []model.Rollup) (n, of int) {
	reached, refused := map[string]int{}, map[string]int{}
	for i := range rollups {
		r := &rollups[i]
		reached[r.Vantage] += r.OK + r.Slow + r.Refused
		refused[r.Vantage] += r.Refused
	}
	for v, all := range reached {
		if all == 0 {
			continue
		}
		of++
		if 2*refused[v] > all {
			n++
		}
	}
	return n, of
}

// bar draws an interval on the axis.
func (x axis) bar(class string, i model.TimeInterval, y, height int) stripBar {
	from, to := x.share(i.Start), x.share(i.End)
	return stripBar{class, fmt.Sprintf("%.1f%%", 100*from), fmt.Sprintf("%.1f%%", 100*max(.004, to-from)), y, height}
}
