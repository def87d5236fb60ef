// Package drill makes up services, vantage points and faults on virtual time,
// at the level of observations, and puts the judge of package outage through
// them: drills with one right answer each, and long runs that count.
package drill

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"crosscheck/internal/model"
)

// World is what is simulated: every vantage point probes every service once
// an interval.
type World struct {
	Seed     uint64
	Start    time.Time // zero is a fixed date
	Length   time.Duration
	Interval time.Duration // zero is a minute
	Jitter   float64       // share of the interval a probe may be early or late; zero is a tenth
	Loss     float64       // probability that a probe fails by itself
	Services []string      // nil is one called "bank"
	Vantages []model.Vantage
	Faults   []Fault
	Disorder time.Duration // observations arrive up to this much late
}

// Fault is something that goes wrong from From to To, counted from the start
// of the world. The later of two faults that apply has the last word.
type Fault struct {
	From, To time.Duration
	Services []string // nil is all
	Vantages []string // nil is all
	Seen     float64  // probability that a probe meets it; zero is one
	Effect   Effect
}

// Effect is what a fault makes of an observation; keep false leaves it out.
type Effect func(o *model.Observation, r *rand.Rand) (keep bool)

// Fail fails probes at a layer.
func Fail(layer model.Layer, failure string) Effect {
	return func(o *model.Observation, _ *rand.Rand) bool {
		o.Outcome, o.Layer, o.Failure, o.Status, o.TTFB = model.OutcomeFail, layer, failure, 0, 0
		return true
	}
}

// Status fails probes with an HTTP status.
func Status(status int) Effect {
	return func(o *model.Observation, _ *rand.Rand) bool {
		o.Outcome, o.Layer, o.Status = model.OutcomeFail, model.LayerHTTP, status
		return true
	}
}

// Refuse turns probes away; 200 is a challenge page.
func Refuse(status int) Effect {
	return func(o *model.Observation, _ *rand.Rand) bool {
		o.Outcome, o.Layer, o.Status = model.OutcomeRefused, model.LayerHTTP, status
		return true
	}
}

// Slow multiplies latencies without the probe noticing.
func Slow(times float64) Effect {
	return func(o *model.Observation, _ *rand.Rand) bool {
		o.TCP, o.TLS, o.TTFB = o.TCP*times, o.TLS*times, o.TTFB*times
		return true
	}
}

// Uplink cuts the vantage point off; caught is the probability that its
// self-check notices.
func Uplink(caught float64) Effect {
	return func(o *model.Observation, r *rand.Rand) bool {
		o.Valid = r.Float64() >= caught
		return Fail(model.LayerTCP, "generic_timeout_error")(o, r)
	}
}

// Silence leaves observations out.
func Silence() Effect { return func(*model.Observation, *rand.Rand) bool { return false } }

// Clock sets the vantage point's clock wrong.
func Clock(by time.Duration) Effect {
	return func(o *model.Observation, _ *rand.Rand) bool {
		o.At = o.At.Add(by)
		return true
	}
}

// Move answers from another address.
func Move(address string) Effect {
	return func(o *model.Observation, _ *rand.Rand) bool {
		o.Addresses = []string{address}
		return true
	}
}

// Fleet is n vantage points, each in a network of its own, in the given
// countries in turn.
func Fleet(n int, countries ...string) []model.Vantage {
	out := make([]model.Vantage, n)
	for i := range out {
		out[i] = model.Vantage{ID: fmt.Sprintf("v%02d", i+1), ASN: uint32(64500 + i), Country: countries[i%len(countries)]}
	}
	return out
}

// IDs are the names of vantage points.
func IDs(vantages []model.Vantage) []string {
	out := make([]string, len(vantages))
	for i, v := range vantages {
		out[i] = v.ID
	}
	return out
}

func (w *World) defaults() {
	if w.Start.IsZero() {
		w.Start = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	}
	if w.Interval == 0 {
		w.Interval = time.Minute
	}
	if w.Jitter == 0 {
		w.Jitter = 0.1
	}
	if w.Services == nil {
		w.Services = []string{"bank"}
	}
	if w.Vantages == nil {
		w.Vantages = Fleet(6, "DE", "FR", "US")
	}
}

// arrival is an observation on its way.
type arrival struct {
	at time.Time
	o  model.Observation
}

// Observations makes the world's observations, in the order they arrive. The
// same world makes the same ones.
func (w World) Observations() []model.Observation {
	w.defaults()
	r := rand.New(rand.NewPCG(w.Seed, 0x6372)) // repeatable on purpose
	var all []arrival
	for _, service := range w.Services {
		for _, v := range w.Vantages {
			ms := 20 * math.Exp(r.NormFloat64()/2)
			phase := time.Duration(r.Float64() * float64(w.Interval))
			for t := phase; t < w.Length; t += w.Interval {
				at := t + time.Duration((r.Float64()*2-1)*w.Jitter*float64(w.Interval))
				if o, keep := w.probe(r, service, v, at, ms); keep {
					late := time.Duration(r.Float64() * float64(w.Disorder))
					all = append(all, arrival{w.Start.Add(at + late), o})
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b arrival) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	out := make([]model.Observation, len(all))
	for i := range all {
		out[i] = all[i].o
	}
	return out
}

// probe is one probe at a time of the world.
func (w *World) probe(r *rand.Rand, service string, v model.Vantage, at time.Duration, ms float64) (model.Observation, bool) {
	lag := math.Round(10*ms*math.Exp(r.NormFloat64()/8)) / 10
	o := model.Observation{
		At: w.Start.Add(at).Truncate(time.Millisecond), Service: service, Vantage: v.ID, ASN: v.ASN, Country: v.Country, Group: v.Group, Valid: true,
		Outcome: model.OutcomeOK, Status: 200, DNS: 5, TCP: lag, TLS: lag * 2, TTFB: lag * 3,
	}
	if r.Float64() < w.Loss {
		Fail(model.LayerTCP, "generic_timeout_error")(&o, r)
	}
	keep := true
	for i := range w.Faults {
		f := &w.Faults[i]
		if at < f.From || at >= f.To || f.Services != nil && !slices.Contains(f.Services, service) || f.Vantages != nil && !slices.Contains(f.Vantages, v.ID) {
			continue
		}
		if f.Seen != 0 && r.Float64() >= f.Seen {
			continue
		}
		keep = f.Effect(&o, r) && keep
	}
	return o, keep
}
