package outage

import (
	"strings"
	"time"

	"crosscheck/internal/model"
)

const (
	// The belief after Trinocular (Quan, Heidemann, Pradkin, SIGCOMM 2013):
	// the probability that the service is down for this vantage point.
	prior     = 0.01
	floor     = 0.01
	ceiling   = 0.99
	isDown    = 0.9
	isUp      = 0.1
	okIfDown  = 0.03
	minLoss   = 0.01 // least P(fail | up)
	beliefAge = 10 * time.Minute

	// usualGap is the interval taken for a pair until it shows its own.
	usualGap = time.Minute
	leastGap = 10 * time.Second
	mostGap  = time.Hour
	// silentRounds intervals without a word, and at least silentFor, make a
	// vantage point absent.
	silentRounds = 3
	silentFor    = 3 * time.Minute
	// kept observations of each pair: half an hour of one a minute.
	kept = 32
)

// kind is what an observation says about reachability.
type kind uint8

const (
	reached     kind = iota
	refused          // reached and turned away
	certificate      // reached, with a certificate that does not hold
	failed
	invalid // the vantage point did not prove itself: says nothing
)

// cause is where a failure happened.
type cause uint8

const (
	causeNone cause = iota
	causeDNS
	causeTampered
	causeTCP
	causeRouting
	causeTLS
	causeHTTP
	causeMaintenance
)

// entry is what is kept of one observation.
type entry struct {
	at      int64   // nanoseconds
	latency float32 // milliseconds to the first byte, or to the connection; 0 when not measured
	belief  float32 // after it
	kind    kind
	cause   cause
	slow    bool
	timeout bool // failed by time-out, the name having been resolved
	strain  bool // the answer of a server, or of what stands before it, that cannot cope
}

// entryOf reads an observation. It does not yet know whether it is slow by the
// baseline.
func entryOf(o *model.Observation) entry {
	e := entry{at: o.At.UnixNano(), latency: float32(o.TTFB), slow: o.Outcome == model.OutcomeSlow, strain: strained(o)}
	if e.latency == 0 {
		e.latency = float32(o.TCP)
	}
	switch {
	case !o.Valid:
		e.kind = invalid
	case o.Outcome == model.OutcomeFail && o.Layer == model.LayerTLS && badCertificate(o.Failure):
		e.kind = certificate // whatever an impostor answers behind it
	case o.Outcome == model.OutcomeRefused, o.Outcome == model.OutcomeFail && refusal(o.Status):
		e.kind = refused
	case o.Outcome != model.OutcomeFail:
		e.kind = reached
	default:
		e.kind, e.cause = failed, causeOf(o)
		e.timeout = o.Layer != model.LayerDNS && strings.Contains(o.Failure, "time")
	}
	return e
}

// refusal reports whether a status means that the service answered and turned
// the probe away.
func refusal(status int) bool {
	switch status {
	case 401, 403, 407, 429, 451:
		return true
	}
	return false
}

// strained reports a status that overload brings about.
func strained(o *model.Observation) bool {
	return o.Status == 429 || o.Status >= 502 && o.Status <= 504 || o.Status >= 520 && o.Status <= 527 ||
		o.Outcome == model.OutcomeRefused && (o.Status == 0 || o.Status == 200)
}

func badCertificate(failure string) bool {
	for _, s := range [...]string{"certificate", "unknown_authority", "invalid_hostname", "expired", "x509"} {
		if strings.Contains(failure, s) {
			return true
		}
	}
	return false
}

func causeOf(o *model.Observation) cause {
	switch o.Layer {
	case model.LayerDNS:
		if strings.Contains(o.Failure, "bogon") || strings.Contains(o.Failure, "tampered") {
			return causeTampered
		}
		return causeDNS
	case model.LayerTCP:
		if strings.Contains(o.Failure, "unreachable") {
			return causeRouting
		}
		return causeTCP
	case model.LayerTLS:
		return causeTLS
	case model.LayerHTTP:
		if o.Maintenance {
			return causeMaintenance
		}
		return causeHTTP
	}
	return causeNone
}

// pair is what is known of one service from one vantage point.
type pair struct {
	service      *service
	vantage      *vantage
	ring         [kept]entry // oldest first from start
	start, n     int
	gap          int64 // interval between observations, smoothed
	belief       float64
	fails        int   // failures since the belief was last up
	runStart     int64 // the first of them
	certificates int   // bad certificates in a row
	refusals     int   // refusals in a row
	everReached  bool
	history      history
	availability float64 // of history
	latency      latency
	slowSince    int64
	evidence     *model.Evidence
}

func (p *pair) at(i int) *entry { return &p.ring[(p.start+i)%kept] }

func (p *pair) latest() *entry { return p.at(p.n - 1) }

// placed is what became of an entry.
type placed uint8

const (
	appended placed = iota
	inserted
	duplicate
	tooLate
)

// add takes an observation: at the end, or in its place among those kept.
func (p *pair) add(e entry) placed {
	i := p.n
	for i > 0 && p.at(i-1).at > e.at {
		i--
	}
	switch {
	case i > 0 && p.at(i-1).at == e.at:
		return duplicate
	case i == p.n:
		p.append(e)
		return appended
	case i == 0 && p.n == kept:
		return tooLate
	case i == 0:
		e.belief = prior
	case p.n == kept:
		p.drop()
		i--
	}
	p.n++
	for k := p.n - 1; k > i; k-- {
		*p.at(k) = *p.at(k - 1)
	}
	*p.at(i) = e
	p.recompute()
	return inserted
}

// append takes an observation that is the latest.
func (p *pair) append(e entry) {
	if p.n > 0 {
		p.pace(e.at - p.latest().at)
	}
	e.slow = p.measure(e) || e.slow
	if p.n == kept {
		p.drop()
	}
	p.n++
	*p.latest() = e
	p.step(p.n - 1)
}

// drop forgets the oldest entry: what it says of the ordinary is learnt now
// that it is known whether it belonged to an event.
func (p *pair) drop() {
	if e := p.at(0); e.kind != invalid && !p.service.during(e.at) {
		p.history.add(e.at, e.kind != failed)
		p.availability = p.history.share()
	}
	p.start = (p.start + 1) % kept
	p.n--
}

// pace follows the interval of the pair: the first one seen, which later ones
// move little by little.
func (p *pair) pace(d int64) {
	if p.n > 1 {
		d = p.gap + (min(max(d, p.gap/2), 2*p.gap)-p.gap)/4
	}
	p.gap = min(max(d, int64(leastGap)), int64(mostGap))
}

// bracket is how near to a failed self-check a failure proves nothing.
func (p *pair) bracket() int64 { return min(p.gap+p.gap/5, int64(2*time.Minute)) }

// silence is after how long without a word the vantage point is absent.
func (p *pair) silence() int64 { return max(silentRounds*p.gap, int64(silentFor)) }

// step takes entry i, the latest of those taken, into belief and run.
func (p *pair) step(i int) {
	e := p.at(i)
	if i > 0 {
		p.belief = faded(p.belief, e.at-p.at(i-1).at-2*p.gap)
	}
	loss := max(minLoss, 1-p.availability)
	switch e.kind {
	case invalid:
		e.belief = float32(p.belief)
		return
	case failed:
		if p.fails == 0 {
			p.runStart = e.at
		}
		p.fails++
		p.belief = bayes(p.belief, 1-okIfDown, loss)
	default:
		p.belief = bayes(p.belief, okIfDown, 1-loss)
		p.everReached = true
	}
	p.certificates = next(p.certificates, e.kind == certificate)
	p.refusals = next(p.refusals, e.kind == refused)
	if p.belief < isUp && e.kind != failed {
		p.fails, p.runStart = 0, 0
	}
	e.belief = float32(p.belief)
}

func next(n int, again bool) int {
	if again {
		return n + 1
	}
	return 0
}

// recompute takes the kept entries again, after their order or kind changed.
// The belief starts from what it was after the oldest of them, and a run of
// failures that began before them goes on.
func (p *pair) recompute() {
	first := p.at(0)
	p.belief = float64(first.belief)
	if first.kind == invalid {
		p.belief = prior
	}
	began := p.runStart
	p.fails, p.runStart, p.certificates, p.refusals = 0, 0, 0, 0
	switch {
	case began != 0 && began < first.at:
		p.fails, p.runStart = 1, began
	case first.kind == failed:
		p.fails, p.runStart = 1, first.at
	}
	for i := 1; i < p.n; i++ {
		p.step(i)
	}
}

// bayes is the belief after an observation of the given likelihoods.
func bayes(b, ifDown, ifUp float64) float64 {
	b = b * ifDown / (b*ifDown + (1-b)*ifUp)
	return min(max(b, floor), ceiling)
}

// ballot is how a pair votes.
type ballot uint8

const (
	absent ballot = iota
	unsure
	up
	down
)

// ballot returns the pair's vote, and why it has none.
func (p *pair) ballot(now int64) (ballot, string) {
	if why := p.vantage.out(); why != "" {
		return absent, why
	}
	if p.n == 0 {
		return absent, "nothing heard yet"
	}
	last := p.latest()
	switch {
	case now-last.at > p.silence():
		return absent, "silent"
	case last.kind == invalid:
		return absent, "its own uplink was down"
	case p.belief > isDown:
		return down, ""
	case p.belief < isUp:
		return up, ""
	}
	return unsure, ""
}

// slow reports whether three of the last five valid observations were slow.
func (p *pair) slow() bool {
	n, seen := 0, 0
	for i := p.n - 1; i >= 0 && seen < 5; i-- {
		if e := p.at(i); e.kind != invalid {
			seen++
			if e.slow {
				n++
			}
		}
	}
	return n >= 3
}
