package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// measured is what the page of a service and that of an outage show of a
// stretch of time.
type measured struct {
	Look   axis
	Width  time.Duration
	Chart  reachChart
	Beats  beatChart
	Rows   []vantageRow
	Shared []string // vantage points that count as one vote, one text for each vote
	Votes  int      // of those in the table
	Layers layerTable
}

// From and To are the ends of the time looked at.
func (m measured) From() time.Time { return m.Look.start }

// To is where it ends.
func (m measured) To() time.Time { return m.Look.end }

// Coarse reports whether only counts by the hour are left of that time.
func (m measured) Coarse() bool { return m.Width >= model.RollupCoarse }

// Head is the times over its strips.
func (m measured) Head() stripHead { return headOf(m.Look) }

// Muted reports whether so few vantage points report that nothing is ever
// confirmed.
func (m measured) Muted() bool { return m.Votes <= mutedAt }

// vantageRow is a vantage point in a table.
type vantageRow struct {
	ID, Name, Country string
	ASN               uint32
	Strip             []box
	Words             []string
	Lost              bool
}

// measure looks at a stretch of time. The outage, if any, is named in the chart.
func (s *Server) measure(ctx context.Context, svc *model.ServiceFacts, x axis, mark *model.OutageFacts, events []model.OutageFacts, vantages map[string]model.VantageFacts, usual look) (measured, look, error) {
	width := model.RollupFine
	if x.end.Sub(x.start) > longestLook {
		width = model.RollupCoarse
	}
	l, err := s.look(ctx, svc.ID, x, width, vantages)
	if err == nil && len(l.Lanes) == 0 && width != model.RollupCoarse {
		l, err = s.look(ctx, svc.ID, x, model.RollupCoarse, vantages) // kept for longer
	}
	if err != nil {
		return measured{}, l, err
	}
	for i := range events {
		l.exclude(&events[i])
	}
	m := measured{Look: x, Width: l.Width, Chart: reachChartOf(&l, usual.usualShare(), mark, svc.Name), Beats: beatChartOf(&l, usual.usualTTFB())}
	ids := map[string]bool{}
	votes := map[string][]string{}
	for i := range l.Lanes {
		n := &l.Lanes[i]
		ids[n.ID] = true
		f := n.Facts
		row := vantageRow{ID: n.ID, Name: f.Name, Country: f.Country, ASN: f.ASN, Strip: l.strip(n), Words: l.inWords(n)}
		if row.Name == n.ID {
			row.Name = ""
		}
		row.Lost = slices.ContainsFunc(n.Stretches, func(s stretch) bool { return s.Kind == lost })
		m.Rows = append(m.Rows, row)
		votes[voteOf(f.Vantage)] = append(votes[voteOf(f.Vantage)], n.ID)
	}
	m.Votes = votesOf(ids, vantages)
	for _, list := range votes {
		if len(list) > 1 {
			m.Shared = append(m.Shared, someNames(list, 6))
		}
	}
	slices.Sort(m.Shared)
	return m, l, nil
}

// layerTable is what each vantage point met at each layer at one moment.
type layerTable struct {
	At   time.Time
	Rows []layerRow
}

type layerRow struct {
	Vantage string
	Whole   string // instead of cells
	Cells   []layerCell
}

type layerCell struct {
	Text string // "" where the probe did not come so far
	Bad  bool
}

// layersOf lays observations out by layer. What is long past is not told as if
// it were of then.
func layersOf(list []model.Observation, at time.Time, out []model.Exclusion) layerTable {
	t := layerTable{At: at}
	why := map[string]string{}
	for _, e := range out {
		why[e.Vantage] = e.Why
	}
	for i := range list {
		o := &list[i]
		row := layerRow{Vantage: o.Vantage}
		if at.Sub(o.At) > boardWindow {
			continue // it has gone
		}
		switch reason, left := why[o.Vantage]; {
		case at.Sub(o.At) > vantageStale:
			row.Whole = "silent since " + clockAfter(o.At, at)
		case left:
			row.Whole = "excluded: " + clip(80, reason)
		case !o.Valid:
			row.Whole = "excluded: it could not prove itself"
		default:
			row.Cells = layerCells(o)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

var layerOrder = []model.Layer{model.LayerDNS, model.LayerTCP, model.LayerTLS, model.LayerHTTP}

func layerCells(o *model.Observation) []layerCell {
	times := []float64{o.DNS, o.TCP, o.TLS, o.TTFB}
	cells := make([]layerCell, len(layerOrder))
	failed := -1
	if o.Outcome == model.OutcomeFail {
		if failed = slices.Index(layerOrder, o.Layer); failed < 0 {
			cells[0] = layerCell{failureWord(o), true}
			return cells
		}
	}
	for i := range cells {
		switch {
		case failed >= 0 && i > failed:
		case i == failed:
			cells[i] = layerCell{failureWord(o), true}
		case times[i] > 0:
			cells[i].Text = "ok " + millis(times[i])
		}
	}
	if last := &cells[len(cells)-1]; failed < 0 {
		switch {
		case o.Outcome == model.OutcomeRefused && o.Status > 0:
			last.Text = fmt.Sprintf("turned away (%d)", o.Status)
		case o.Outcome == model.OutcomeRefused:
			last.Text = "turned away"
		case o.Outcome == model.OutcomeSlow:
			last.Text = strings.TrimSpace("slow " + millis(o.TTFB))
		}
	}
	return cells
}

// outageRow is an outage in a list.
type outageRow struct {
	model.OutageFacts
	Lasted   string
	Who      string
	Reviewed bool
}

func outageRows(list []model.OutageFacts, now time.Time) []outageRow {
	return each(list, func(o model.OutageFacts) outageRow {
		row := outageRow{OutageFacts: o, Who: fromHowMany(&o.Peak), Lasted: lasted(&o, now)}
		row.Reviewed = reviewed(&o)
		return row
	})
}

// reviewed reports whether an outage was judged again.
func reviewed(o *model.OutageFacts) bool {
	return slices.ContainsFunc(o.Verdicts, func(v model.Outage) bool { return v.Reviewed })
}

func lasted(o *model.OutageFacts, now time.Time) string {
	if o.Onset.IsZero() {
		return ""
	}
	if o.End.IsZero() {
		return minutes(now.Sub(o.Onset)) + " so far"
	}
	return minutes(o.End.Sub(o.Onset))
}

// servicePage is one service.
type servicePage struct {
	chrome
	model.ServiceFacts
	standing
	measured
	Now       time.Time // of the page; ServiceFacts.Now is the newest verdict
	Target    string
	Day       string // the day looked at, YYYY-MM-DD; "" is the last hours
	Reaching  int    // vantage points that reach it now
	Reporting int    // that are heard now
	Median    string // time to the first byte now
	Shown     *model.OutageFacts
	Report    string
	Unknowns  []string
	Outages   []outageRow
	Grave     int // of 14 days
	Days      []dayBar
	DaysTitle string
	Lost      time.Duration        // in those days
	Work      []model.TimeInterval // announced, now or to come
	Said      []model.Ledger
	Held      int
	Badge     string // HTML that embeds it elsewhere
	Picture   string
}

func (s *Server) service(w http.ResponseWriter, r *http.Request) error {
	f, err := s.serviceFacts(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	p := servicePage{chrome: s.chrome(r, "services"), ServiceFacts: *f}
	p.Now = p.chrome.Now
	p.standing = standingOf(f, p.Now)
	p.PageTitle, p.Live = clip(80, f.Name)+": reachability", true
	p.About = fmt.Sprintf("Whether %s can be reached, from how many vantage points, and since when.", clip(80, f.Name))
	home := serviceURL(f.ID)
	p.Feeds = []feedLink{{"application/rss+xml", "Outages of this service", home + "/feed.rss"}, {"application/feed+json", "Outages of this service", home + "/feed.json"}}
	p.Target = targetShown(&f.Service, p.Desk)
	for _, m := range f.Maintenance {
		if m.End.After(p.Now) && len(p.Work) < 5 {
			p.Work = append(p.Work, m)
		}
	}
	p.Badge, p.Picture = s.embed(r, f, "badge"), s.embed(r, f, "chart")
	if err := s.fillService(r, &p); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "service", p)
}

func (s *Server) serviceFacts(ctx context.Context, id string) (*model.ServiceFacts, error) {
	if err := s.noReach(); err != nil {
		return nil, err
	}
	f, err := s.cfg.Reach.Service(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("web: service: %w", hide(err, "There is no such service."))
	}
	return f, nil
}

func (s *Server) fillService(r *http.Request, p *servicePage) error {
	ctx := r.Context()
	vantages, err := s.vantages(ctx)
	if err != nil {
		return err
	}
	usual, err := s.usual(ctx, p.ID, p.Now, vantages)
	if err != nil {
		return err
	}
	events, err := s.outages(ctx, model.OutageQuery{Services: []string{p.ID}, From: usual.start, To: p.Now})
	if err != nil {
		return err
	}
	x, err := p.choose(r.URL.Query().Get("day"), events)
	if err != nil {
		return err
	}
	p.Shown = shownOutage(events, x)
	if p.measured, _, err = s.measure(ctx, &p.ServiceFacts, x, p.Shown, events, vantages, usual); err != nil {
		return err
	}
	if err := s.now(ctx, p); err != nil {
		return err
	}
	switch {
	case p.Shown != nil:
		v := wholeOf(p.Shown.Peak, p.Shown, p.Now)
		p.Report, p.Unknowns = s.report(v, p.Name), s.cfg.Unknowns(v)
	case p.known() && p.Day == "":
		p.Report = s.report(p.ServiceFacts.Now, p.Name)
	}
	p.Outages = outageRows(events[:min(len(events), maxOutages)], p.Now)
	days, err := s.days(ctx, p.ID, usual.axis, events)
	if err != nil {
		return err
	}
	for _, d := range days {
		p.Lost += d.Lost
	}
	for i := range events {
		if graveOutage(&events[i]) {
			p.Grave++
		}
	}
	p.Days, p.DaysTitle = dayBars(days), daysTitle(days)
	return s.said(r, p)
}

// choose is the time the page looks at: the day asked for, or the last one,
// reaching back to before an outage that lasted into it.
func (p *servicePage) choose(day string, events []model.OutageFacts) (axis, error) {
	now := p.Now
	if day != "" {
		t, err := time.Parse(time.DateOnly, day)
		if err != nil {
			return axis{}, tell(model.ErrInvalid, "“day” should be a date such as 2031-03-11.")
		}
		if !t.Before(now) || t.Before(now.AddDate(-10, 0, 0)) {
			return axis{}, tell(model.ErrInvalid, "Nothing was measured on that day.")
		}
		p.Day, p.NoIndex, p.Live = day, true, false
		return axis{t, earlier(t.Add(24*time.Hour), now)}, nil
	}
	x := axis{now.Add(-boardWindow), now}
	for i := range events {
		o := &events[i]
		if o.End.IsZero() || o.End.After(x.start) {
			if from := o.Onset.Add(-time.Hour).Truncate(time.Hour); from.Before(x.start) {
				x.start = later(from, now.Add(-longestLook))
			}
		}
	}
	return x, nil
}

// shownOutage is the outage within a time that a page tells of: the newest grave
// one, else the newest.
func shownOutage(events []model.OutageFacts, x axis) *model.OutageFacts {
	var best *model.OutageFacts
	for i := range events {
		o := &events[i]
		if o.Onset.After(x.end) || !o.End.IsZero() && o.End.Before(x.start) {
			continue
		}
		if best == nil || graveOutage(o) && !graveOutage(best) {
			best = o
		}
	}
	return best
}

// maxReport bounds a report sentence on a page, in characters: a verdict may
// name any number of outside sources and reasons.
const maxReport = 700

// report is the report sentence on a verdict.
func (s *Server) report(o model.Outage, name string) string {
	return clip(maxReport, s.cfg.Report(o, clip(160, name)))
}

// wholeOf is a verdict on an outage with the outage's ends, as it reads now.
func wholeOf(v model.Outage, o *model.OutageFacts, now time.Time) model.Outage {
	v.Onset, v.Uncertainty, v.End, v.At = o.Onset, o.Uncertainty, o.End, now
	return v
}

// now fills in what is seen at present, and the table of layers.
func (s *Server) now(ctx context.Context, p *servicePage) error {
	at := p.Now
	last, err := s.lastSeen(ctx, p.ID, at)
	if err != nil {
		return err
	}
	var times []float64
	for _, o := range last {
		if at.Sub(o.At) > vantageStale || !o.Valid {
			continue
		}
		p.Reporting++
		if o.Outcome != model.OutcomeFail {
			p.Reaching++
			if o.TTFB > 0 {
				times = append(times, o.TTFB)
			}
		}
	}
	p.Median = millis(median(times))
	out := p.ServiceFacts.Now.Excluded
	if p.Day != "" {
		at, out = p.Look.end, nil
	}
	if p.Shown != nil {
		at, out = lookedAt(p.Shown), p.Shown.Peak.Excluded
	}
	if !at.Equal(p.Now) {
		if last, err = s.lastSeen(ctx, p.ID, at); err != nil {
			return err
		}
	}
	p.Layers = layersOf(last, at, out)
	return nil
}

// lookedAt is when an outage is looked at layer by layer: when it was confirmed,
// else at its worst.
func lookedAt(o *model.OutageFacts) time.Time {
	switch {
	case !o.Confirmed.IsZero():
		return o.Confirmed
	case !o.Peak.At.IsZero():
		return o.Peak.At
	}
	return o.Onset
}

// said adds what is said about the service, as far as it may be quoted.
func (s *Server) said(r *http.Request, p *servicePage) error {
	h, ok := s.cfg.Reach.(Heard)
	if !ok {
		return nil
	}
	list, err := h.ServiceLedger(r.Context(), p.ID, maxSaid)
	if err != nil {
		return fmt.Errorf("web: what is said about service %s: %w", p.ID, err)
	}
	a, err := s.access(r.Context(), r)
	if err != nil {
		return err
	}
	for _, l := range list {
		if a.words(l.Source) {
			p.Said = append(p.Said, l)
		} else {
			p.Held++
		}
	}
	return nil
}
