package outage

import (
	"math"
	"time"
)

const (
	// priorChecks observations of which priorShare succeeded stand in for
	// days not seen yet.
	priorChecks = 50
	priorShare  = 0.99
	// minAvailability is the least that is believed of a path: one that
	// fails more often than it works can still say something.
	minAvailability = 0.5
	historyDays     = 14

	// A latency is slow beyond three medians, six robust deviations and 300
	// ms over the median, all three, once there are minPoints points.
	slowTimes   = 3
	slowSpread  = 6 * 1.4826
	slowBy      = 300 // ms
	minPoints   = 50
	acceptAfter = 7 * 24 * time.Hour // a level this old is the new ordinary
	hoursOfWeek = 168
)

// history counts successes by day for the last fortnight.
type history struct {
	day       [historyDays]int32
	good, all [historyDays]uint16
}

func (h *history) add(at int64, good bool) {
	day := int32(at / int64(24*time.Hour))
	i := day % historyDays
	if day < h.day[i] {
		return // of a fortnight ago
	}
	if h.day[i] != day {
		h.day[i], h.good[i], h.all[i] = day, 0, 0
	}
	if h.all[i] == math.MaxUint16 {
		return
	}
	h.all[i]++
	if good {
		h.good[i]++
	}
}

// share is the availability: successes among valid observations outside
// events, over the fortnight.
func (h *history) share() float64 {
	var newest int32
	for _, d := range h.day {
		newest = max(newest, d)
	}
	good, all := priorShare*priorChecks, float64(priorChecks)
	for i, d := range h.day {
		if newest-d < historyDays {
			good += float64(h.good[i])
			all += float64(h.all[i])
		}
	}
	return max(good/all, minAvailability)
}

// latency is the ordinary latency by hour of the week, of the day, and at all;
// the most particular one with enough points counts.
type latency struct {
	week [hoursOfWeek]centre
	day  [24]centre
	all  centre
}

// centre follows median and median absolute deviation of the logarithm of a
// stream in constant memory, by steps towards each value that shrink as points
// come in (stochastic approximation; the floor lets them follow a drift).
type centre struct {
	median, mad float32
	n           uint32
}

func (c *centre) add(x float32) {
	c.n++
	if c.n == 1 {
		c.median, c.mad = x, 0.1
		return
	}
	step := max(2/float32(c.n), 0.01)
	scale := max(c.mad, 0.01)
	if x > c.median {
		c.median += step * scale * 1.5
	} else {
		c.median -= step * scale * 1.5
	}
	if d := float32(math.Abs(float64(x - c.median))); d > c.mad {
		c.mad += step * scale
	} else {
		c.mad -= step * scale
	}
}

// limit is the latency above which an observation is slow, ms.
func (c *centre) limit() float64 {
	m := math.Exp(float64(c.median))
	spread := math.Exp(float64(c.median) + slowSpread*float64(c.mad))
	return max(slowTimes*m, spread, m+slowBy)
}

// at returns the centres of a time: hour of the week, hour of the day, all.
// The epoch was a Thursday; which hour of the week is first is of no matter.
func (l *latency) at(t int64) [3]*centre {
	h := t / int64(time.Hour)
	return [3]*centre{&l.week[h%hoursOfWeek], &l.day[h%24], &l.all}
}

// measure compares the latency of an observation with the ordinary, learns
// from it where the service is not in trouble, and reports whether it is slow.
func (p *pair) measure(e entry) bool {
	if e.latency <= 0 || e.kind == failed || e.kind == invalid {
		return false
	}
	slow := false
	centres := p.latency.at(e.at)
	for _, c := range centres {
		if c.n >= minPoints {
			slow = float64(e.latency) > c.limit()
			break
		}
	}
	switch {
	case !slow && !e.slow:
		p.slowSince = 0
	case p.slowSince == 0:
		p.slowSince = e.at
	case e.at-p.slowSince > int64(acceptAfter):
		p.latency, p.slowSince, slow = latency{}, 0, false // the ordinary is learnt anew
	}
	// Inpainting: trouble does not become the ordinary.
	if !p.service.during(e.at) && p.slowSince == 0 {
		x := float32(math.Log(float64(e.latency)))
		for _, c := range centres {
			c.add(x)
		}
	}
	return slow
}

// faded is a belief after a time without news: the distance to the prior
// halves every ten minutes.
func faded(b float64, silence int64) float64 {
	if silence <= 0 {
		return b
	}
	return prior + (b-prior)*math.Exp2(-float64(silence)/float64(beliefAge))
}
