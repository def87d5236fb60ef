package outage

import (
	"net/netip"
	"slices"
	"time"

	"crosscheck/internal/model"
)

const (
	// classEvery is how often the class of an unchanged state is looked at;
	// a new one must be found twice in a row to be told.
	classEvery = time.Minute
	// symptomsWithin the onset are symptoms of overload looked for, and
	// strainBefore it.
	symptomsWithin = 30 * time.Minute
	strainBefore   = 10 * time.Minute
	// floodSymptoms of the five make the pattern.
	floodSymptoms = 3
)

// symptom is a set of symptoms of overload.
type symptom uint8

const (
	latencyFirst   symptom = 1 << iota // slow before it failed
	partialSuccess                     // a fifth to four fifths of the probes succeed
	mixedTimeouts                      // time-outs and answers in turn
	strain                             // 429, 502 to 504, 520 to 527 or a challenge page appear
	neighbours                         // services beside it in the address space fail too
)

func (s symptom) count() int {
	n := 0
	for ; s != 0; s &= s - 1 {
		n++
	}
	return n
}

// pending is a class that was found once.
type pending struct {
	class model.OutageClass
	at    int64
}

// classNow is the class that goes with a state that was just judged.
func (j *Judge) classNow(s *service, t *tally, state model.OutageState) model.OutageClass {
	switch state {
	case model.StateUp:
		return s.reachedClass(t)
	case model.StateUnknown, model.StateRecovering, model.StateResolved:
		if s.event == nil && state == model.StateUnknown {
			return ""
		}
		return s.class
	}
	if state == s.state && (j.now-s.pending.at < int64(classEvery) || state == model.StateFlapping && !s.lost) {
		return s.class
	}
	found := j.lossClass(s, t, state)
	before := s.pending.class
	s.pending = pending{found, j.now}
	if state == s.state && found != before {
		return s.class
	}
	return found
}

// reachedClass is the class of a service that is reached: what two thirds of
// the groups, and at least three, say of it, until fewer than half do.
func (s *service) reachedClass(t *tally) model.OutageClass {
	most := func(n int, c model.OutageClass) bool {
		if s.class == c {
			return 2*n >= t.n
		}
		return n >= t.quorum()
	}
	switch {
	case most(t.badCert, model.ClassCertificate):
		return model.ClassCertificate
	case t.turnedBy:
		return model.ClassGeoFenced
	case most(t.slow, model.ClassSlow):
		return model.ClassSlow
	}
	return ""
}

// lossClass is the class of a service that is not reached from everywhere.
func (j *Judge) lossClass(s *service, t *tally, state model.OutageState) model.OutageClass {
	now := stamp(j.now)
	if slices.ContainsFunc(s.info.Maintenance, func(m model.TimeInterval) bool { return m.Contains(now) }) {
		return model.ClassMaintenance
	}
	if state == model.StateRegional {
		switch {
		case t.fenced:
			return model.ClassGeoFenced
		case t.region != "" && t.networks >= 2:
			return model.ClassBlockedFrom + model.OutageClass(t.region)
		}
	}
	if ev := s.event; ev != nil && ev.lost {
		if ev.end == 0 && j.now-ev.onset <= int64(symptomsWithin) {
			ev.symptoms |= j.symptoms(s)
		}
		if ev.symptoms.count() >= floodSymptoms {
			return model.ClassFloodLike
		}
	}
	return j.majority(t)
}

// majority is the class most of the groups that are down show, or of those
// undecided where none is down; "mixed" for a tie.
func (j *Judge) majority(t *tally) model.OutageClass {
	which := down
	if t.down == 0 {
		which = unsure
	}
	classes := map[model.OutageClass]int{}
	most := 0
	for i := range j.groups {
		if v := &j.groups[i]; v.ballot == which {
			if c := j.classOf(v.speaker); c != "" {
				classes[c]++
				most = max(most, classes[c])
			}
		}
	}
	var first model.OutageClass
	for c, n := range classes {
		switch {
		case n < most:
		case first != "":
			return model.ClassMixed
		default:
			first = c
		}
	}
	if first == model.ClassDNSAuthority && !t.half() {
		return model.ClassDNSResolver // others resolve the name
	}
	return first
}

// classOf is the class of the failures of a pair's present run.
func (j *Judge) classOf(p *pair) model.OutageClass {
	var n [causeMaintenance + 1]int
	for i := p.n - 1; i >= 0 && p.at(i).at >= p.runStart; i-- {
		if e := p.at(i); e.kind == failed {
			n[e.cause]++
		}
	}
	most := causeNone
	for c := range n {
		if n[c] > n[most] {
			most = cause(c)
		}
	}
	if most != causeNone && p.tampered() {
		return model.ClassDNSTampered
	}
	switch most {
	case causeDNS:
		return model.ClassDNSAuthority
	case causeTampered:
		return model.ClassDNSTampered
	case causeTCP:
		return model.ClassTCP
	case causeRouting:
		return model.ClassRouting
	case causeTLS:
		return model.ClassTLS
	case causeHTTP:
		return model.ClassHTTP
	case causeMaintenance:
		return model.ClassMaintenance
	}
	return ""
}

// tampered reports whether the evidence of a pair, set against that of another
// vantage point that reaches the service, shows false answers to its lookups.
func (p *pair) tampered() bool {
	if p.evidence == nil {
		return false
	}
	for _, q := range p.service.pairs {
		if q.evidence != nil && q.fails == 0 && q.n > 0 && q.latest().kind == reached {
			return Contrast(p.evidence, q.evidence) == VerdictDNS && p.answered()
		}
	}
	return false
}

// answered reports whether any lookup of the evidence gave addresses.
func (p *pair) answered() bool {
	return slices.ContainsFunc(p.evidence.Lookups, func(l model.Lookup) bool { return len(l.Addresses) > 0 })
}

// symptoms looks for symptoms of overload around the onset of the open event.
// A symptom counts where half of the vantage points that can vote show it, an
// answer of strain where a third do.
func (j *Judge) symptoms(s *service) symptom {
	var n, slowFirst, mixed, strained, partly, good, all int
	for _, p := range s.pairs {
		if b, _ := p.ballot(j.now); b == absent {
			continue
		}
		n++
		l := p.look(s.event.onset)
		slowFirst += count(l.slowBefore >= 2)
		mixed += count(l.timeouts > 0 && l.answers > 0)
		strained += count(l.strain > 0)
		partly += count(l.answers > 0 && l.fails >= 2)
		good += l.answers
		all += l.answers + l.fails
	}
	var found symptom
	set := func(s symptom, ok bool) {
		if ok {
			found |= s
		}
	}
	set(latencyFirst, 2*slowFirst >= n)
	set(partialSuccess, 2*partly >= n && 5*good >= all && 5*good <= 4*all)
	set(mixedTimeouts, 2*mixed >= n)
	set(strain, 3*strained >= n)
	set(neighbours, j.besides(s))
	return found
}

// looked is what a pair saw around an onset.
type looked struct {
	slowBefore, strain       int
	answers, fails, timeouts int // since the onset; answers after the first failure
}

func (p *pair) look(onset int64) looked {
	var l looked
	for i := range p.n {
		e := p.at(i)
		if e.kind == invalid || e.at < onset-int64(strainBefore) {
			continue
		}
		l.strain += count(e.strain)
		switch {
		case e.at < onset:
			l.slowBefore += count(e.slow)
		case e.kind == failed:
			l.fails++
			l.timeouts += count(e.timeout)
		case l.fails > 0:
			l.answers++
		}
	}
	return l
}

// besides reports whether another service within the same /24 (IPv6: /48) is
// in trouble.
func (j *Judge) besides(s *service) bool {
	return slices.ContainsFunc(j.order, func(o *service) bool {
		return o != s && o.event != nil && overlap(prefixes(o.info.Addresses), prefixes(s.info.Addresses))
	})
}

func prefixes(addrs []netip.Addr) []netip.Prefix {
	out := make([]netip.Prefix, 0, len(addrs))
	for _, a := range addrs {
		bits := 24
		if a.Is6() {
			bits = 48
		}
		if p, err := a.Prefix(bits); err == nil {
			out = append(out, p)
		}
	}
	return out
}
