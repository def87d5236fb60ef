package outage

import (
	"slices"
	"time"

	"crosscheck/internal/model"
)

const (
	// maxRecent vantage points, those heard last, bear witness to the time.
	maxRecent = 16
	// skewSlack and an interval are allowed between an observation and
	// those of the others heard just before it: less than what makes a
	// vantage point absent.
	skewSlack = time.Minute
	// firstSlack is allowed while a pair has not shown its interval.
	firstSlack = 20 * time.Minute
	// alone is how many unrelated services, at least, fail from one vantage
	// point alone before its word is doubted.
	alone = 3
	// usuallyGood is the availability of the services that count for it, and
	// checkEvery how often a vantage point is looked at.
	usuallyGood = 0.9
	checkEvery  = 5 * time.Second
	// cleanRounds without that let it back in.
	cleanRounds = 3
)

// vantage is what is known of a vantage point.
type vantage struct {
	id          string
	asn         uint32
	country     string
	group       string
	pairs       []*pair // by service
	heard       int64   // the time it gave last
	accepted    int64   // the latest time that was believed
	invalidAt   int64   // the latest observation it could not prove itself for
	skew        int64   // how far its clock is off, 0 when it is not
	quarantined bool
	clean       int64 // since when a quarantined one behaves
	checked     int64 // when that was looked at last
}

// vantage finds or makes the vantage point of an observation, and follows it
// where it moves to another network.
func (j *Judge) vantage(o *model.Observation) *vantage {
	v := j.vantages[o.Vantage]
	if v == nil {
		v = &vantage{id: o.Vantage, asn: o.ASN, country: o.Country, group: o.Group}
		j.vantages[o.Vantage] = v
	}
	if v.asn != o.ASN || v.group != o.Group || v.country != o.Country {
		v.asn, v.group, v.country = o.ASN, o.Group, o.Country
		for _, p := range v.pairs {
			p.service.sort()
		}
	}
	return v
}

// out says why nothing the vantage point says counts, or "".
func (v *vantage) out() string {
	switch {
	case v.skew != 0:
		return "its clock is off"
	case v.quarantined:
		return "half of its services fail from it alone"
	}
	return ""
}

// skewed compares the time of an observation with what the vantage points
// heard since its own last one said, and reports whether most contradict it.
// Where none was heard in between, one that was believed is believed; one that
// was not is held against all others again.
func (j *Judge) skewed(v *vantage, p *pair, at int64) bool {
	slack := int64(skewSlack) + p.gap
	if p.n < 2 {
		slack = int64(firstSlack)
	}
	since := slices.Index(j.recent, v)
	if since < 0 || since == 0 && v.skew != 0 {
		since = len(j.recent)
	}
	balance, off := 1, int64(0) // its own word, those that agree, less those that contradict
	for _, u := range j.recent[:since] {
		switch d := at - u.heard; {
		case u == v:
		case abs(d) <= slack:
			balance++
		default:
			balance--
			off = d
		}
	}
	was := v.skew
	j.hear(v, at)
	if since > 0 {
		v.skew = 0
		if balance < 0 {
			v.skew = off
		}
	}
	if v.skew != 0 {
		if was == 0 && v.accepted == j.now {
			j.turnBack(v)
		}
		return true
	}
	v.accepted = max(v.accepted, at)
	return false
}

// hear notes the time a vantage point gave and puts it in front.
func (j *Judge) hear(v *vantage, at int64) {
	v.heard = at
	i := slices.Index(j.recent, v)
	if i < 0 {
		i = len(j.recent)
		if i < maxRecent {
			j.recent = append(j.recent, v)
		} else {
			i--
		}
	}
	copy(j.recent[1:i+1], j.recent[:i])
	j.recent[0] = v
}

// turnBack takes the time from the other vantage points, after v turned out to
// have led it astray.
func (j *Judge) turnBack(v *vantage) {
	j.now = j.ticked
	for _, u := range j.vantages {
		if u != v && u.skew == 0 {
			j.now = max(j.now, u.accepted)
		}
	}
	j.swept = min(j.swept, j.now)
	for _, p := range v.pairs {
		p.start, p.n, p.belief, p.fails, p.runStart = 0, 0, prior, 0, 0
	}
}

// trust follows whether the vantage point can be believed after an entry.
func (j *Judge) trust(v *vantage, p *pair, e entry) {
	if e.kind == invalid {
		v.invalidAt = max(v.invalidAt, e.at)
		for _, q := range v.pairs {
			q.disown(e.at)
		}
		return
	}
	if e.kind == failed && p.fails >= 2 || v.quarantined {
		j.quarantine(v)
	}
}

// disown takes back the failures just before a self-check that failed. A run
// that is long by then stands on what was proven.
func (p *pair) disown(at int64) {
	if p.fails == 0 || p.fails > 3 {
		return
	}
	changed := false
	for i := p.n - 1; i >= 0 && at-p.at(i).at <= p.bracket(); i-- {
		if e := p.at(i); e.kind == failed && e.at <= at {
			e.kind = invalid
			changed = true
		}
	}
	if changed {
		p.recompute()
	}
}

// quarantine doubts a vantage point half of whose usually good services, and
// enough unrelated ones, fail from it alone, and lets it back in after clean
// rounds.
func (j *Judge) quarantine(v *vantage) {
	if j.now-v.checked < int64(checkEvery) {
		return
	}
	v.checked = j.now
	usual, gap := 0, int64(0)
	bad := j.lonely[:0]
	for _, p := range v.pairs {
		if p.n == 0 || !p.everReached || p.availability < usuallyGood || j.now-p.latest().at > p.silence() {
			continue
		}
		gap = max(gap, p.gap)
		usual++
		if p.fails >= 2 && p.lonely() {
			bad = append(bad, p)
		}
	}
	j.lonely = bad
	switch {
	case len(bad) >= alone && 2*len(bad) >= usual && unrelated(bad) >= alone:
		v.quarantined, v.clean = true, 0
	case v.quarantined && v.clean == 0:
		v.clean = j.now
	case v.quarantined && j.now-v.clean >= cleanRounds*gap:
		v.quarantined, v.clean = false, 0
	}
}

// unrelated counts the pairs whose services share no infrastructure with those
// before them.
func unrelated(pairs []*pair) int {
	n := 0
	for i, p := range pairs {
		n += count(!slices.ContainsFunc(pairs[:i], func(q *pair) bool { return q.service.shares(p.service) }))
	}
	return n
}

// lonely reports whether fewer than a third of the other vantage points, of
// those heard since the failures began, fail too.
func (p *pair) lonely() bool {
	heard, failing := 0, 0
	for _, q := range p.service.pairs {
		if q == p || q.n == 0 || q.vantage.out() != "" {
			continue
		}
		e := q.latest()
		if e.kind == invalid || e.at < p.runStart {
			continue
		}
		heard++
		if e.kind == failed {
			failing++
		}
	}
	return heard >= 2 && 3*failing < heard
}
