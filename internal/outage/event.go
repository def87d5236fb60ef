package outage

import (
	"cmp"
	"math"
	"net/netip"
	"slices"
	"time"

	"crosscheck/internal/model"
)

const (
	// together is how near the onsets of services that share infrastructure
	// lie for their losses to be one event.
	together = 10 * time.Minute
	// maxSignals sources of outside signals are kept for each service.
	maxSignals = 8
	// Signals agree when their likelihood ratios multiply to enoughRatio;
	// together they count for no more than maxRatio. Both are guesses to be
	// fitted once there are labels.
	enoughRatio = 10
	maxRatio    = 50
	// maxAddresses of a service are kept.
	maxAddresses = 8
	// failAfter is the share of failures the search for the moment of change
	// expects in a loss: partial ones count too.
	failAfter = 0.9
)

// event is a loss that is going on.
type event struct {
	id       string
	onset    int64
	off      int64 // uncertainty of the onset
	end      int64 // 0 while it lasts
	lost     bool  // half of the groups were down at some time
	sure     bool  // confirmed, and not recovering since
	probable int64 // since when it is probable, 0 when it is not
	symptoms symptom
	support  []string
}

// window is an event that is over.
type window struct {
	id         string
	onset, end int64
}

// closes reports whether a state ends an event.
func closes(s model.OutageState) bool {
	return s == model.StateUp || s == model.StateResolved
}

// during reports whether a time lies in an event whose observations say
// nothing of the ordinary; one that lasts becomes the ordinary.
func (s *service) during(at int64) bool {
	if s.event != nil && at >= s.event.onset && at-s.event.onset < int64(acceptAfter) {
		return true
	}
	for _, w := range s.past {
		if at >= w.onset && at < w.end {
			return true
		}
	}
	return false
}

// keepEvent opens the event a state belongs to and dates it.
func (j *Judge) keepEvent(s *service, t *tally, state model.OutageState) {
	if state == s.state {
		if state == model.StateFlapping {
			switch {
			case s.lost:
				s.event.end = 0
			case s.event.end == 0:
				j.ended(s)
			}
		}
		return
	}
	switch state {
	case model.StatePartial, model.StateRegional:
		if s.event == nil {
			j.open(s)
		} else {
			s.event.sure, s.event.lost = false, s.event.lost && state == model.StatePartial
		}
	case model.StateProbable, model.StateConfirmed:
		j.open(s)
		ev := s.event
		if !ev.lost {
			ev.lost = true
			ev.id = cmp.Or(j.parent(s), ev.id)
		}
		ev.end = 0
		if ev.probable == 0 {
			ev.probable = j.now
		}
		ev.sure = state == model.StateConfirmed
		if ev.sure && !t.confirms(j.now) && j.supported(s) {
			ev.support = j.supporters(s)
		}
	case model.StateFlapping:
		j.flap(s)
	case model.StateRecovering:
		j.ended(s)
		s.event.sure, s.event.probable = false, 0
	case model.StateUp, model.StateResolved:
		if s.event != nil && s.event.end == 0 {
			j.ended(s)
		}
	}
}

// open opens an event, or dates the open one anew: more groups know more.
func (j *Judge) open(s *service) {
	if s.event == nil {
		s.event = &event{}
	}
	ev := s.event
	if ev.sure || ev.end != 0 {
		return
	}
	at, off := j.change(s, s.past[0].end, func(p *pair) bool { b, _ := p.ballot(j.now); return b == down }, 1)
	ev.onset, ev.off = at, off
	if ev.id == "" {
		ev.id = model.ID("outage", s.info.ID, time.Unix(0, at).UTC().Format(time.RFC3339Nano))
	}
}

// flap makes one event of the losses of the last hour.
func (j *Judge) flap(s *service) {
	j.open(s)
	ev := s.event
	for _, w := range s.past {
		if w.id != "" && j.now-w.end < int64(flapWithin) && w.onset < ev.onset {
			ev.id, ev.onset = w.id, w.onset
		}
	}
	ev.lost, ev.end = true, 0
}

// ended dates the end of the open event.
func (j *Judge) ended(s *service) {
	ev := s.event
	ev.end, _ = j.change(s, ev.onset, func(p *pair) bool { return p.failedSince(ev.onset) >= 2 }, -1)
}

// failedSince counts the kept failures at or after a time.
func (p *pair) failedSince(at int64) int {
	n := 0
	for i := p.n - 1; i >= 0 && p.at(i).at >= at; i-- {
		n += count(p.at(i).kind == failed)
	}
	return n
}

// close puts the open event with those that are over.
func (s *service) close() {
	ev := s.event
	copy(s.past[1:], s.past[:])
	s.past[0] = window{ev.id, ev.onset, ev.end}
	s.event = nil
	s.lowSince = 0
}

// point is an observation in the search for a moment of change.
type point struct {
	at     int64
	weight float64
}

// change dates a change after a time, from the observations of some pairs: the
// moment that splits them best, by likelihood, into mostly reached and mostly
// failed (sign 1) or the other way round (sign -1). Pairs that changed at
// another time than the middle one, for reasons of their own, are left out.
// The moment lies half-way between two observations; off is how far it may be
// wrong, one interval.
func (j *Judge) change(s *service, after int64, of func(*pair) bool, sign float64) (at, off int64) {
	var each [][]point
	var times []int64
	for _, p := range s.pairs {
		if !of(p) {
			continue
		}
		if points := p.points(after, sign); len(points) > 0 {
			off = max(off, p.gap)
			each = append(each, points)
			times = append(times, split(points, p.gap))
		}
	}
	if len(each) == 0 {
		return j.now, off
	}
	middle := slices.Sorted(slices.Values(times))[len(times)/2]
	var all []point
	for i, points := range each {
		if len(each) < 3 || abs(times[i]-middle) <= max(int64(oneCause), silentRounds*off) {
			all = append(all, points...)
		}
	}
	return split(all, off), off
}

// points weighs the pair's observations after a time for the search.
func (p *pair) points(after int64, sign float64) []point {
	loss := max(minLoss, 1-p.availability)
	ifFailed, ifReached := math.Log(failAfter/loss), math.Log((1-failAfter)/(1-loss))
	var points []point
	for i := range p.n {
		e := p.at(i)
		switch {
		case e.kind == invalid || e.at <= after:
		case e.kind == failed:
			points = append(points, point{e.at, sign * ifFailed})
		default:
			points = append(points, point{e.at, sign * ifReached})
		}
	}
	return points
}

// split is the time from which on the weights sum to the most, half-way from
// the observation before it if that lies within gap.
func split(points []point, gap int64) int64 {
	slices.SortFunc(points, func(a, b point) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.weight, b.weight)) })
	best, sum, at := math.Inf(-1), 0.0, int64(0)
	for i := len(points) - 1; i >= 0; i-- {
		if sum += points[i].weight; sum > best {
			best, at = sum, points[i].at
			if i > 0 {
				at -= min(at-points[i-1].at, gap) / 2
			}
		}
	}
	return at
}

// parent is the event of a service that shares infrastructure with this one
// and was lost at about the same time, or "".
func (j *Judge) parent(s *service) string {
	for _, o := range j.order {
		if o == s || !o.shares(s) {
			continue
		}
		if ev := o.event; ev != nil && ev.lost && abs(ev.onset-s.event.onset) <= int64(together) {
			return ev.id
		}
		for _, w := range o.past {
			if w.id != "" && abs(w.onset-s.event.onset) <= int64(together) {
				return w.id
			}
		}
	}
	return ""
}

// shares reports whether two services share an address, a network or a name
// server.
func (s *service) shares(o *service) bool {
	a, b := &s.info, &o.info
	return a.ASN != 0 && a.ASN == b.ASN || overlap(a.Addresses, b.Addresses) || overlap(a.NameServers, b.NameServers)
}

func overlap[T comparable](a, b []T) bool {
	return slices.ContainsFunc(a, func(x T) bool { return slices.Contains(b, x) })
}

// learn keeps the addresses a service was last reached at.
func (s *service) learn(o *model.Observation) {
	if len(o.Addresses) == 0 || !o.Valid || o.Outcome == model.OutcomeFail {
		return
	}
	for _, text := range o.Addresses {
		a, err := netip.ParseAddr(text)
		if err != nil || slices.Contains(s.info.Addresses, a) {
			continue
		}
		if len(s.info.Addresses) >= maxAddresses {
			s.info.Addresses = s.info.Addresses[1:]
		}
		s.info.Addresses = append(s.info.Addresses, a)
	}
}

// supported reports whether a loss that is probable for long enough is borne
// out by outside signals of its time that are not stale.
func (j *Judge) supported(s *service) bool {
	ev := s.event
	if ev == nil || ev.probable == 0 || j.now-ev.probable < int64(supportAfter) {
		return false
	}
	ratio := 1.0
	for i := range s.signals {
		if j.agrees(s, &s.signals[i]) {
			ratio *= s.signals[i].Ratio
		}
	}
	return min(ratio, maxRatio) >= enoughRatio
}

// agrees reports whether a signal is of the time of the open event and holds.
func (j *Judge) agrees(s *service, sig *model.Signal) bool {
	at := sig.At.UnixNano()
	return sig.Ratio > 1 && at >= s.event.onset-int64(together) && at <= j.now+int64(skewSlack) && j.now <= at+int64(sig.Stale)
}

func (j *Judge) supporters(s *service) []string {
	var out []string
	for i := range s.signals {
		if j.agrees(s, &s.signals[i]) {
			out = append(out, s.signals[i].Source)
		}
	}
	return out
}

// outage is how a service stands now, for others.
func (j *Judge) outage(s *service) model.Outage {
	o := model.Outage{
		At: stamp(j.now), Service: s.info.ID, State: s.state, Class: s.class, Rule: Rule,
		Down: []string{}, Up: []string{}, Excluded: []model.Exclusion{},
	}
	networks, countries := map[uint32]bool{}, map[string]bool{}
	for _, p := range s.pairs {
		b, why := p.ballot(j.now)
		switch b {
		case absent:
			o.Excluded = append(o.Excluded, model.Exclusion{Vantage: p.vantage.id, Why: why})
			continue
		case down:
			o.Down = append(o.Down, p.vantage.id)
			networks[p.vantage.asn], countries[p.vantage.country] = true, true
		case up:
			o.Up = append(o.Up, p.vantage.id)
		}
		o.Asked++
	}
	delete(networks, 0)
	delete(countries, "")
	o.Networks, o.Countries = len(networks), len(countries)
	slices.Sort(o.Down)
	slices.Sort(o.Up)
	slices.SortFunc(o.Excluded, func(a, b model.Exclusion) int { return cmp.Compare(a.Vantage, b.Vantage) })
	switch ev := s.event; {
	case ev != nil:
		o.Event, o.Onset, o.Uncertainty, o.Support = ev.id, stamp(ev.onset), time.Duration(ev.off), ev.support
		if ev.end != 0 {
			o.End = stamp(ev.end)
		}
	case s.state == model.StateResolved:
		w := s.past[0]
		o.Event, o.Onset, o.End = w.id, stamp(w.onset), stamp(w.end)
	}
	return o
}

func stamp(ns int64) time.Time { return time.Unix(0, ns).UTC() }
