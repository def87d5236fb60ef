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

// outagePage is one outage of one service.
type outagePage struct {
	chrome
	model.OutageFacts
	measured
	Back      string // address of the service's page
	Report    string
	Lasted    string
	Measuring int // vantage points, those excluded with them
	Symptoms  []symptom
	Unknowns  []string
	Judged    []judgement
	Corrected *correction
	Together  []model.OutageFacts
}

// symptom is one thing seen, beside the class it was taken for.
type symptom struct{ What, Seen string }

// judgement is one line of how an outage was judged.
type judgement struct {
	At       time.Time
	Word     string
	Detail   []string
	Grave    bool
	Reviewed bool
	Former   bool // a later judgement stands in its place
}

// correction sets what was judged first against what was judged again.
type correction struct {
	First, Now string // report sentences
	Rows       []corrected
}

type corrected struct {
	What, First, Now string
}

// Changed reports whether the two differ.
func (c corrected) Changed() bool { return c.First != c.Now }

// Same reports whether it left everything as it was.
func (c correction) Same() bool { return !slices.ContainsFunc(c.Rows, corrected.Changed) }

func (s *Server) outageFacts(ctx context.Context, id string) (*model.OutageFacts, error) {
	if err := s.noReach(); err != nil {
		return nil, err
	}
	o, err := s.cfg.Reach.Outage(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("web: outage: %w", hide(err, "There is no such outage."))
	}
	return o, nil
}

func (s *Server) outage(w http.ResponseWriter, r *http.Request) error {
	o, err := s.outageFacts(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	p := outagePage{chrome: s.chrome(r, "services"), OutageFacts: *o, Back: serviceURL(o.Service)}
	if p.ServiceName == "" {
		p.ServiceName = o.Service
	}
	p.PageTitle, p.Live = fmt.Sprintf("%s: %s, %s", clip(80, p.ServiceName), gravity(o.State), o.Onset.UTC().Format("2 January 2006")), true
	p.About = fmt.Sprintf("How the loss of %s was seen and judged, vantage point by vantage point.", clip(80, p.ServiceName))
	p.Lasted, p.Measuring = lasted(o, p.Now), measuringThen(&o.Peak)
	v := wholeOf(o.Peak, o, p.Now)
	p.Report, p.Unknowns = s.report(v, p.ServiceName), s.cfg.Unknowns(v)
	p.Judged = judgementsOf(o)
	p.Corrected = s.correctionOf(o, p.ServiceName, p.Now)
	if err := s.fillOutage(r.Context(), &p); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "outage", p)
}

func (s *Server) fillOutage(ctx context.Context, p *outagePage) error {
	vantages, err := s.vantages(ctx)
	if err != nil {
		return err
	}
	x := outageWindow(&p.OutageFacts, p.Now)
	usual, err := s.look(ctx, p.Service, axis{x.start.Add(-usualWindow), x.start}, model.RollupCoarse, vantages)
	if err != nil {
		return err
	}
	f := model.ServiceFacts{Service: model.Service{ID: p.Service, Name: p.ServiceName}}
	var l look
	if p.measured, l, err = s.measure(ctx, &f, x, &p.OutageFacts, []model.OutageFacts{p.OutageFacts}, vantages, usual); err != nil {
		return err
	}
	at := lookedAt(&p.OutageFacts)
	last, err := s.lastSeen(ctx, p.Service, at)
	if err != nil {
		return err
	}
	p.Layers = layersOf(last, at, p.Peak.Excluded)
	p.Symptoms = symptomsOf(&p.OutageFacts, last, &l, usual.usualTTFB(), p.Now)
	if p.Event == "" {
		return nil
	}
	list, err := s.outages(ctx, model.OutageQuery{From: x.start, To: x.end})
	for _, o := range list {
		if o.Event == p.Event && o.ID != p.ID {
			p.Together = append(p.Together, o)
		}
	}
	return err
}

// outageWindow is an outage with a third of its length, and at least an hour, on
// both sides, in whole hours.
func outageWindow(o *model.OutageFacts, now time.Time) axis {
	const longest = 92 * 24 * time.Hour
	end := o.End
	if end.IsZero() || end.Before(o.Onset) {
		end = later(now, o.Onset)
	}
	room := max(time.Hour, end.Sub(o.Onset)/3)
	x := axis{o.Onset.Add(-room).UTC().Truncate(time.Hour), earlier(end.Add(room+time.Hour-1).UTC().Truncate(time.Hour), now)}
	if !x.start.Before(x.end) {
		x.start = x.end.Add(-time.Hour)
	}
	if x.end.Sub(x.start) > longest {
		x.start = x.end.Add(-longest)
	}
	return x
}

// symptomsOf is what was seen of an outage, in numbers.
func symptomsOf(o *model.OutageFacts, last []model.Observation, l *look, usual span, now time.Time) []symptom {
	out := failuresSeen(o, last)
	end := o.End
	if end.IsZero() {
		end = now
	}
	ok, all := 0, 0
	for i := range l.Lanes {
		for j := range l.Lanes[i].cells {
			if c := &l.Lanes[i].cells[j]; !c.Start.Before(o.Onset) && !c.Start.Add(l.Width).After(end) {
				ok += count(c, reached)
				all += count(c, reached) + count(c, lost)
			}
		}
	}
	if all > 0 {
		out = append(out, symptom{"answered while it was lost", fmt.Sprintf("%s of %s", number(ok), countWord(all, "probe", "probes"))})
	}
	worst := 0.0
	for _, b := range l.beats() {
		if !b.At.Before(o.Onset.Add(-30*time.Minute)) && b.At.Before(o.Onset) {
			worst = max(worst, b.MS)
		}
	}
	if worst > 0 {
		seen := "up to " + millis(worst)
		if usual.Known {
			seen += fmt.Sprintf("; usually %s to %s", millis(usual.Low), millis(usual.High))
		}
		out = append(out, symptom{"time to first byte in the half hour before", seen})
	}
	if len(o.Peak.Support) > 0 {
		out = append(out, symptom{"outside signals that agree", someNames(o.Peak.Support, 6)})
	}
	return out
}

// failuresSeen counts how those that lost the service failed at the moment the
// layers are shown of, and whether the layers below answered.
func failuresSeen(o *model.OutageFacts, last []model.Observation) []symptom {
	at := lookedAt(o)
	counts := map[string]int{}
	var order []string
	down, dns := 0, 0
	var times []float64
	for i := range last {
		ob := &last[i]
		if !slices.Contains(o.Peak.Down, ob.Vantage) || at.Sub(ob.At) > vantageStale || ob.Outcome != model.OutcomeFail {
			continue
		}
		down++
		what := failureWord(ob)
		if name := layerName(ob.Layer); name != "" {
			what = name + ": " + what
		}
		if counts[what]++; counts[what] == 1 {
			order = append(order, what)
		}
		if ob.Layer != model.LayerDNS && ob.DNS > 0 {
			dns++
			times = append(times, ob.DNS)
		}
	}
	slices.SortStableFunc(order, func(a, b string) int { return counts[b] - counts[a] })
	var out []symptom
	for _, what := range order[:min(len(order), 6)] {
		out = append(out, symptom{what, fmt.Sprintf("%d of %d that lost it", counts[what], down)})
	}
	if dns > 0 {
		out = append(out, symptom{"its name was answered", fmt.Sprintf("at %d of %d, median %s", dns, down, millis(median(times)))})
	}
	return out
}

// judgementsOf tells an outage verdict by verdict, with its back-dated ends.
// Those of a review that another followed are left out.
func judgementsOf(o *model.OutageFacts) []judgement {
	var out []judgement
	first, now := firstJudged(o.Verdicts), model.InForce(o.Verdicts)
	add := func(list []model.Outage, former bool) {
		before := model.Outage{}
		for _, v := range list {
			out = append(out, judgement{
				At: v.At, Word: verdictWord(v.State), Detail: changesOf(&before, &v), Grave: v.State == model.StateConfirmed, Reviewed: v.Reviewed, Former: former,
			})
			before = v
		}
	}
	if reviewed(o) {
		add(first, true)
	}
	add(now, false)
	if !o.Onset.IsZero() {
		out = append(out, judgement{At: o.Onset.Round(time.Minute), Word: "onset", Detail: []string{"back-dated" + off(o.Uncertainty)}})
	}
	if !o.End.IsZero() {
		out = append(out, judgement{At: o.End.Round(time.Minute), Word: "end of the loss", Detail: []string{"back-dated" + off(o.Uncertainty)}})
	}
	slices.SortStableFunc(out, func(a, b judgement) int { return a.At.Compare(b.At) })
	return out
}

func off(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return ", ±" + minutes(max(d, time.Minute))
}

// firstJudged is the verdicts that were given as the observations came.
func firstJudged(list []model.Outage) []model.Outage {
	return slices.DeleteFunc(slices.Clone(list), func(v model.Outage) bool { return v.Reviewed })
}

// changesOf is what a verdict has that the one before it had not.
func changesOf(before, v *model.Outage) []string {
	var out []string
	say := func(list []string, one, many string) {
		switch len(list) {
		case 0:
		case 1:
			out = append(out, someNames(list, 4)+" "+one)
		default:
			out = append(out, someNames(list, 4)+" "+many)
		}
	}
	say(newIn(before.Down, v.Down), "loses it", "lose it")
	say(slices.DeleteFunc(newIn(v.Down, before.Down), func(x string) bool { return !slices.Contains(v.Up, x) }), "reaches it again", "reach it again")
	why := map[string][]string{}
	was := each(before.Excluded, func(e model.Exclusion) string { return e.Vantage })
	for _, e := range v.Excluded {
		if !slices.Contains(was, e.Vantage) {
			why[e.Why] = append(why[e.Why], e.Vantage)
		}
	}
	for _, e := range v.Excluded {
		if list := why[e.Why]; list != nil {
			out = append(out, someNames(list, 4)+" left out: "+clip(80, e.Why))
			delete(why, e.Why)
		}
	}
	if c := className(v.Class); c != "" && v.Class != before.Class {
		out = append(out, c)
	}
	if n := newIn(before.Support, v.Support); len(n) > 0 {
		out = append(out, "borne out by "+someNames(n, 4))
	}
	if v.Asked > 0 && len(v.Down) > 0 {
		out = append(out, fmt.Sprintf("%d of %d lost", len(v.Down), v.Asked))
	}
	return out
}

// newIn is what is in b and not in a.
func newIn(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(b), func(x string) bool { return slices.Contains(a, x) })
}

// correctionOf sets the verdicts that were judged again against the first ones;
// nil where none was.
func (s *Server) correctionOf(o *model.OutageFacts, name string, now time.Time) *correction {
	first := firstJudged(o.Verdicts)
	if len(first) == 0 || !reviewed(o) {
		return nil
	}
	a, b := summed(first), summed(model.InForce(o.Verdicts))
	c := &correction{First: s.report(wholeOf(a.Peak, &a, now), name), Now: s.report(wholeOf(b.Peak, &b, now), name)}
	moment := func(t time.Time) string {
		if t.IsZero() {
			return "–"
		}
		return t.UTC().Round(time.Minute).Format("2 Jan 15:04")
	}
	down := func(v model.Outage) string { return strings.Join(v.Down, ", ") }
	out := func(v model.Outage) string {
		return strings.Join(each(v.Excluded, func(e model.Exclusion) string { return e.Vantage }), ", ")
	}
	for _, row := range []corrected{
		{"judged", gravity(a.State), gravity(b.State)},
		{"onset", moment(a.Onset), moment(b.Onset)},
		{"end", moment(a.End), moment(b.End)},
		{"class", className(a.Peak.Class), className(b.Peak.Class)},
		{"lost from", down(a.Peak), down(b.Peak)},
		{"excluded", out(a.Peak), out(b.Peak)},
	} {
		row.First, row.Now = dashed(clip(160, row.First)), dashed(clip(160, row.Now))
		c.Rows = append(c.Rows, row)
	}
	return c
}

func dashed(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// gravest orders the states of an event.
var gravest = []model.OutageState{
	model.StateConfirmed, model.StateProbable, model.StateFlapping, model.StatePartial, model.StateRegional, model.StateSuspect,
}

// summed is what a list of verdicts comes to: the gravest with most vantage
// points down, and the times of the last that has them.
func summed(list []model.Outage) model.OutageFacts {
	o := model.OutageFacts{State: model.StateUnknown}
	rank := func(st model.OutageState) int {
		if i := slices.Index(gravest, st); i >= 0 {
			return i
		}
		return len(gravest)
	}
	for i, v := range list {
		if i == 0 || rank(v.State) < rank(o.State) || rank(v.State) == rank(o.State) && len(v.Down) > len(o.Peak.Down) {
			o.State, o.Peak = v.State, v
		}
		if !v.Onset.IsZero() {
			o.Onset, o.Uncertainty = v.Onset, max(o.Uncertainty, v.Uncertainty)
		}
		o.End = v.End
		if v.Event == "" {
			o.End = v.At // up again, and no event is known any more
		}
	}
	return o
}
