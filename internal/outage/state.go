package outage

import (
	"math"
	"slices"
	"time"

	"crosscheck/internal/model"
)

const (
	// minGroups voting groups at least can say anything about a service.
	minGroups = 3
	// strongFails failures in its present run let a group count towards a
	// confirmation: it was suspect in one round and failed in two more.
	strongFails = 3
	// confirmAfter is the least time from the first failure (the median over
	// the groups that are down) to a confirmation.
	confirmAfter = 90 * time.Second
	// Failures of the groups of a quorum that begin within oneCause (or
	// three intervals) of each other are taken to be of one cause; otherwise
	// they may be faults of the vantage points that happen to meet, and are
	// to last chanceFor before they confirm.
	oneCause  = 5 * time.Minute
	chanceFor = 10 * time.Minute
	// supportAfter is how long a loss is probable before outside signals can
	// lift it.
	supportAfter = 5 * time.Minute
	// resolvedRounds good rounds and resolvedAfter end an event.
	resolvedRounds = 5
	resolvedAfter  = 5 * time.Minute
	// flapTurns turns (lost, reached, lost, …) in flapWithin are flapping:
	// lost a third time.
	flapTurns  = 5
	flapWithin = time.Hour
	// lowFor is how long a loss may stay below its quorum, without recovery,
	// before it is called partial.
	lowFor = 10 * time.Minute
	// calmFor is how long nothing is suspect before a suspicion is dropped.
	calmFor = time.Minute
)

// vote is the word of one group: all vantage points of one network and
// hosting group have one vote.
type vote struct {
	ballot  ballot
	asn     uint32
	country string
	speaker *pair // the first member that votes with the majority
	strong  bool
	slow    bool
	refused bool
	badCert bool
}

// tally is the count of the votes on a service.
type tally struct {
	n, down, up, unsure        int // groups with a vote, and how they voted
	known                      int // groups heard in the last day, with a vote or not
	networks, countries        int // distinct known ones among the groups down
	strong                     int // groups that count towards a confirmation
	strongNets, strongLands    int
	since                      int64 // from when the failures of a quorum of strong groups are taken to have gone on
	slow, badCert              int
	regional, fenced, turnedBy bool   // turnedBy: abroad is refused, at home it is not
	region                     string // country the groups down share, or ""
}

// tally counts the votes on a service.
func (j *Judge) tally(s *service) tally {
	j.groups = j.groups[:0]
	var t tally
	for i := 0; i < len(s.pairs); {
		k := i + 1
		a := s.pairs[i].vantage
		for k < len(s.pairs) && s.pairs[k].vantage.asn == a.asn && s.pairs[k].vantage.group == a.group {
			k++
		}
		v, heard := j.vote(s.pairs[i:k])
		if heard {
			t.known++
		}
		if v.ballot != absent {
			j.groups = append(j.groups, v)
		}
		i = k
	}
	t.count(j.groups)
	return t
}

// vote is the majority of the members of a group that can vote; heard reports
// whether any was heard in the last day.
func (j *Judge) vote(members []*pair) (v vote, heard bool) {
	var n, downs, ups, strong, slow, refusals, certs int
	var voice [down + 1]*pair
	for _, p := range members {
		heard = heard || p.n > 0 && j.now-p.latest().at < int64(24*time.Hour)
		b, _ := p.ballot(j.now)
		if b == absent {
			continue
		}
		n++
		if voice[b] == nil {
			voice[b] = p
		}
		switch b {
		case down:
			downs++
			if p.fails >= strongFails {
				strong++
			}
		case up:
			ups++
		}
		slow += count(p.slow())
		refusals += count(p.refusals >= strongFails)
		certs += count(p.certificates >= 2)
	}
	switch {
	case n == 0:
		return v, heard
	case 2*downs > n:
		v.ballot = down
	case 2*ups > n:
		v.ballot = up
	default:
		v.ballot = unsure
	}
	for _, b := range [...]ballot{v.ballot, unsure, down, up} {
		if v.speaker == nil {
			v.speaker = voice[b]
		}
	}
	v.asn, v.country = v.speaker.vantage.asn, v.speaker.vantage.country
	v.strong, v.slow, v.refused, v.badCert = 2*strong > n, 2*slow > n, 2*refusals > n, 2*certs > n
	return v, heard
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// count fills the tally from the votes.
func (t *tally) count(votes []vote) {
	for i := range votes {
		v := &votes[i]
		t.n++
		t.slow += count(v.slow)
		t.badCert += count(v.badCert)
		switch v.ballot {
		case up:
			t.up++
		case unsure:
			t.unsure++
		case down:
			t.down++
			t.strong += count(v.strong)
		}
	}
	if t.down > 0 {
		isDown := func(v *vote) bool { return v.ballot == down }
		isStrong := func(v *vote) bool { return v.ballot == down && v.strong }
		t.networks, t.countries = spread(votes, isDown)
		t.strongNets, t.strongLands = spread(votes, isStrong)
		t.since = since(votes, t.quorum())
		t.locate(votes)
	}
	t.turnedBy = abroadRefused(votes)
}

// spread counts the distinct known networks and countries of some votes.
func spread(votes []vote, some func(*vote) bool) (networks, countries int) {
	for i := range votes {
		v := &votes[i]
		if !some(v) {
			continue
		}
		newNet, newLand := v.asn != 0, v.country != ""
		for k := range votes[:i] {
			if u := &votes[k]; some(u) {
				newNet = newNet && u.asn != v.asn
				newLand = newLand && u.country != v.country
			}
		}
		networks += count(newNet)
		countries += count(newLand)
	}
	return networks, countries
}

// since is the time from which the failures of a quorum of strong groups
// count: the middle of their starts where they began together; where they did
// not, the time the quorum was complete, put off by chanceFor. It is never
// without a quorum.
func since(votes []vote, quorum int) int64 {
	const never = math.MaxInt64
	starts := make([]int64, 0, 16)
	apart := int64(oneCause)
	for i := range votes {
		if v := &votes[i]; v.ballot == down && v.strong {
			starts = append(starts, v.speaker.runStart)
			apart = max(apart, silentRounds*v.speaker.gap)
		}
	}
	if len(starts) < quorum {
		return never
	}
	slices.Sort(starts)
	best := starts[quorum-1] + int64(chanceFor-confirmAfter)
	for i := quorum - 1; i < len(starts); i++ {
		if starts[i]-starts[i-quorum+1] <= apart {
			best = min(best, starts[i-quorum/2])
		}
	}
	return best
}

// locate finds losses that keep to one side of a border: two groups or more of
// one country or network down while at least two elsewhere, and all of the
// rest, reach the service; or everybody down but two groups or more of one
// country. One group in four may be undecided.
func (t *tally) locate(votes []vote) {
	if t.down < 2 || t.up < 2 || 4*t.unsure > t.n {
		return
	}
	downIn, upIn := common(votes, down), common(votes, up)
	switch {
	case downIn != "" && !holds(votes, up, downIn):
		t.regional, t.region = true, downIn
	case t.networks == 1:
		t.regional = true
	case upIn != "" && !holds(votes, down, upIn):
		t.fenced = true
	}
}

// common is the country all groups that voted b share, or "".
func common(votes []vote, b ballot) string {
	country, first := "", true
	for i := range votes {
		switch v := &votes[i]; {
		case v.ballot != b:
		case first:
			country, first = v.country, false
		case v.country != country:
			return ""
		}
	}
	return country
}

// holds reports whether a group of the country voted b.
func holds(votes []vote, b ballot, country string) bool {
	return slices.ContainsFunc(votes, func(v vote) bool { return v.ballot == b && v.country == country })
}

// abroadRefused reports whether at least two groups are steadily turned away,
// none of them in the one country where the service lets everybody in.
func abroadRefused(votes []vote) bool {
	refusals, home, let := 0, "", 0
	for i := range votes {
		switch v := &votes[i]; {
		case v.refused:
			refusals++
		case v.ballot == up && (let == 0 || v.country == home):
			home = v.country
			let++
		default:
			return false
		}
	}
	if refusals < 2 || let == 0 || home == "" {
		return false
	}
	return !slices.ContainsFunc(votes, func(v vote) bool { return v.refused && v.country == home })
}

// half reports whether half of the groups, and at least two of two networks,
// are down.
func (t *tally) half() bool {
	return t.down >= max(2, (t.n+1)/2) && t.networks >= 2
}

// quorum is two thirds of the groups that can vote, at least three.
func (t *tally) quorum() int { return max(minGroups, (2*t.n+2)/3) }

// confirms reports whether two thirds of the groups, and at least three, of
// two networks and two countries, are down for two rounds and long enough.
// Where more than half of the fleet has no vote, nothing is confirmed.
func (t *tally) confirms(now int64) bool {
	return t.strong >= t.quorum() && 2*t.n >= t.known && t.strongNets >= 2 && t.strongLands >= 2 &&
		now >= t.since && now-t.since >= int64(confirmAfter)
}

// back reports whether two thirds of the groups reach the service.
func (t *tally) back() bool { return 3*t.up >= 2*t.n }

// evaluate judges a service anew and notes a change of state or class.
func (j *Judge) evaluate(s *service) {
	t := j.tally(s)
	state := j.next(s, &t)
	j.keepEvent(s, &t, state)
	class := j.classNow(s, &t, state)
	if state == s.state && class == s.class {
		return
	}
	s.state, s.class = state, class
	j.out = append(j.out, j.outage(s))
	if s.event != nil && closes(state) {
		s.close()
	}
}

// next is the state that follows from the votes.
func (j *Judge) next(s *service, t *tally) model.OutageState {
	if t.n < minGroups {
		return model.StateUnknown
	}
	inLoss := s.event != nil && s.event.lost
	local := (t.regional || t.fenced) && (!inLoss || s.state == model.StateProbable)
	lost := t.half() && !local
	turned := s.turn(j.now, lost, t.back())
	s.calm(j.now, t)
	switch {
	case s.state == model.StateFlapping && j.now-s.turns[0] < int64(flapWithin):
		return model.StateFlapping
	case turned && lost && s.turns[flapTurns-1] != 0 && j.now-s.turns[flapTurns-1] < int64(flapWithin):
		return model.StateFlapping
	case local:
		return model.StateRegional
	case inLoss, lost:
		return j.loss(s, t, lost)
	case t.down >= 2:
		return model.StatePartial
	case t.down == 1, t.unsure >= 2, (s.state == model.StateSuspect || s.state == model.StatePartial || s.state == model.StateRegional) && j.now-s.calmSince < int64(calmFor):
		return model.StateSuspect
	case s.state == model.StateResolved && j.now-s.past[0].end < int64(flapWithin):
		return model.StateResolved
	}
	return model.StateUp
}

// loss is the state inside a loss of half of the groups or more, until it is
// resolved.
func (j *Judge) loss(s *service, t *tally, lost bool) model.OutageState {
	ev := s.event
	if lost {
		s.lowSince = 0
	}
	switch {
	case lost && (t.confirms(j.now) || ev != nil && (ev.sure || j.supported(s))):
		return model.StateConfirmed
	case lost:
		return model.StateProbable
	case t.back() && j.good(s, t):
		return model.StateResolved
	case t.back():
		return model.StateRecovering
	case s.lowSince == 0:
		s.lowSince = j.now
	case j.now-s.lowSince >= int64(lowFor) && s.state != model.StateRecovering:
		return model.StatePartial
	}
	return s.state
}

// turn follows whether the service is lost, and reports a change.
func (s *service) turn(now int64, lost, back bool) bool {
	if !lost && !(s.lost && back) || lost == s.lost {
		return false
	}
	s.lost = lost
	copy(s.turns[1:], s.turns[:])
	s.turns[0] = now
	return true
}

// calm follows since when nothing is suspect.
func (s *service) calm(now int64, t *tally) {
	switch {
	case t.down > 0 || t.unsure >= 2:
		s.calmSince = 0
	case s.calmSince == 0:
		s.calmSince = now
	}
}

// good reports whether two thirds of the groups have had enough good rounds
// since the end of the loss.
func (j *Judge) good(s *service, t *tally) bool {
	ev := s.event
	if ev.end == 0 || j.now-ev.end < int64(resolvedAfter) {
		return false
	}
	good := 0
	for i := range j.groups {
		if v := &j.groups[i]; v.ballot == up && v.speaker.reachedSince(ev.end) >= resolvedRounds {
			good++
		}
	}
	return 3*good >= 2*t.n
}

// reachedSince counts the kept successes at or after a time.
func (p *pair) reachedSince(at int64) int {
	n := 0
	for i := p.n - 1; i >= 0 && p.at(i).at >= at; i-- {
		if k := p.at(i).kind; k != failed && k != invalid {
			n++
		}
	}
	return n
}
