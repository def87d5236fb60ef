// Package outage judges from the observations of several vantage points
// whether a service can be reached. It is a pure state machine: the same
// observations in the same order give the same verdicts, and time is what the
// observations say it is. docs/outages.md gives the rule, its constants and
// where they come from.
package outage

import (
	"cmp"
	"slices"
	"time"

	"crosscheck/internal/model"
)

// Rule is the version of the rule; a verdict carries it.
const Rule = "v1"

const (
	// sweepEvery is how often all services are looked at again while time
	// runs, so that silence is noticed where nothing is heard.
	sweepEvery = 30 * time.Second
	// forget is after how much silence a pair is dropped, with its baseline.
	forget = 14 * 24 * time.Hour
)

// Judge holds what is known of every service. It needs constant memory for
// each pair of service and vantage point. It is not safe for concurrent use.
type Judge struct {
	services map[string]*service
	order    []*service // by id
	vantages map[string]*vantage
	recent   []*vantage // last heard first, at most maxRecent
	now      int64      // nanoseconds; the latest believable time
	ticked   int64
	swept    int64
	cleaned  int64
	groups   []vote  // scratch of tally
	lonely   []*pair // scratch of quarantine
	out      []model.Outage
	stats    Stats
}

// Stats counts what became of the observations.
type Stats struct {
	Observations int // given to Observe
	Duplicates   int // the same service, vantage point and time again
	Skewed       int // at a time the other vantage points contradict
	Late         int // older than what is kept: only Review can use them
	Reordered    int // put in their place behind later ones
}

// service is the state of one service.
type service struct {
	info      model.Service
	pairs     []*pair // by group, then vantage point
	state     model.OutageState
	class     model.OutageClass
	pending   pending
	event     *event // open, or nil
	past      [4]window
	signals   []model.Signal // by source, the latest of each
	lost      bool           // the last turn was down
	turns     [8]int64       // times the service was lost or reached again, latest first
	lowSince  int64          // since when an open loss is below its quorum, 0 when it is not
	calmSince int64          // since when nothing is suspect, 0 when something is
}

// New returns a judge that has seen nothing.
func New() *Judge {
	return &Judge{services: map[string]*service{}, vantages: map[string]*vantage{}}
}

// Stats returns the counts so far.
func (j *Judge) Stats() Stats { return j.stats }

// Describe tells the judge what is known of a service besides its
// observations. It may be called again at any time.
func (j *Judge) Describe(s model.Service) error {
	if err := s.Validate(); err != nil {
		return err
	}
	j.service(s.ID).info = s
	return nil
}

// Observe takes one observation and returns the changes it brought about, in
// the order of the services' ids. The observation must be valid in the sense
// of model.Observation.Validate.
func (j *Judge) Observe(o *model.Observation) []model.Outage {
	j.out = nil
	j.stats.Observations++
	v, s := j.vantage(o), j.service(o.Service)
	p := j.pair(s, v)
	if j.skewed(v, p, o.At.UnixNano()) {
		j.stats.Skewed++
		j.evaluate(s)
		return j.out
	}
	e := entryOf(o)
	if !j.place(p, e) {
		return j.out
	}
	s.learn(o)
	p.evidence = o.Evidence
	j.now = max(j.now, e.at)
	j.trust(v, p, e)
	j.evaluate(s)
	j.sweep()
	return j.out
}

// place puts an entry among the pair's and reports whether it is new.
func (j *Judge) place(p *pair, e entry) bool {
	v := p.vantage
	if e.kind == failed && v.invalidAt != 0 && abs(e.at-v.invalidAt) <= p.bracket() {
		e.kind = invalid // not proven on both sides
	}
	switch p.add(e) {
	case duplicate:
		j.stats.Duplicates++
		return false
	case tooLate:
		j.stats.Late++
		return false
	case inserted:
		j.stats.Reordered++
	}
	return true
}

// Tick tells the judge that time has passed: silence is noticed by it. A time
// earlier than the last one changes nothing.
func (j *Judge) Tick(now time.Time) []model.Outage {
	j.out = nil
	j.ticked = max(j.ticked, now.UnixNano())
	j.now = max(j.now, j.ticked)
	j.sweep()
	return j.out
}

// Signal takes what an outside source says. It can lift a probable loss to a
// confirmed one and nothing else.
func (j *Judge) Signal(sig model.Signal) ([]model.Outage, error) {
	if err := sig.Validate(); err != nil {
		return nil, err
	}
	j.out = nil
	s := j.service(sig.Service)
	at, known := slices.BinarySearchFunc(s.signals, sig, func(a, b model.Signal) int { return cmp.Compare(a.Source, b.Source) })
	switch {
	case !known && len(s.signals) < maxSignals:
		s.signals = slices.Insert(s.signals, at, sig)
	case known && !sig.At.Before(s.signals[at].At):
		s.signals[at] = sig
	}
	if len(s.pairs) > 0 {
		j.evaluate(s)
	}
	return j.out, nil
}

// State returns how a service stands; ok is false for one never heard of. A
// service that is not up is to be probed more often.
func (j *Judge) State(id string) (o model.Outage, ok bool) {
	s, ok := j.services[id]
	if !ok {
		return model.Outage{}, false
	}
	return j.outage(s), true
}

// sweep looks at every service once in sweepEvery of the observations' time.
func (j *Judge) sweep() {
	if j.now-j.swept < int64(sweepEvery) {
		return
	}
	j.swept = j.now
	if j.now-j.cleaned > int64(time.Hour) {
		j.cleaned = j.now
		j.clean()
	}
	for _, s := range j.order {
		j.evaluate(s)
	}
}

// clean drops pairs that have been silent for too long.
func (j *Judge) clean() {
	old := func(p *pair) bool { return p.n > 0 && j.now-p.latest().at > int64(forget) }
	for _, s := range j.order {
		s.pairs = slices.DeleteFunc(s.pairs, old)
	}
	for id, v := range j.vantages {
		v.pairs = slices.DeleteFunc(v.pairs, old)
		if len(v.pairs) == 0 {
			delete(j.vantages, id)
			j.recent = slices.DeleteFunc(j.recent, func(r *vantage) bool { return r == v })
		}
	}
}

func (j *Judge) service(id string) *service {
	s := j.services[id]
	if s == nil {
		s = &service{info: model.Service{ID: id, Name: id}, state: model.StateUnknown}
		j.services[id] = s
		at, _ := slices.BinarySearchFunc(j.order, id, func(s *service, id string) int { return cmp.Compare(s.info.ID, id) })
		j.order = slices.Insert(j.order, at, s)
	}
	return s
}

// pair finds or makes the pair of a service and a vantage point.
func (j *Judge) pair(s *service, v *vantage) *pair {
	for _, p := range s.pairs {
		if p.vantage == v {
			return p
		}
	}
	p := &pair{service: s, vantage: v, gap: int64(usualGap), belief: prior}
	p.availability = p.history.share()
	s.pairs = append(s.pairs, p)
	s.sort()
	v.pairs = append(v.pairs, p)
	slices.SortFunc(v.pairs, func(a, b *pair) int { return cmp.Compare(a.service.info.ID, b.service.info.ID) })
	return p
}

// sort keeps the members of a group side by side.
func (s *service) sort() {
	slices.SortFunc(s.pairs, func(a, b *pair) int {
		return cmp.Or(cmp.Compare(a.vantage.asn, b.vantage.asn), cmp.Compare(a.vantage.group, b.vantage.group), cmp.Compare(a.vantage.id, b.vantage.id))
	})
}

func abs(d int64) int64 { return max(d, -d) }
