package collect

import (
	"errors"
	"slices"
	"time"

	"crosscheck/internal/fetch"
	"crosscheck/internal/model"
)

const (
	perGap     = 4                   // polls in the usual distance between two items
	firstGuess = 5 * time.Minute     // interval of a source that dates nothing
	grow       = 1.25                // per poll that brings nothing
	maxGrown   = 10                  // times the interval the source's pace asks for
	jitter     = 0.1                 // of an interval, either way
	maxBackOff = 48 * time.Hour      // between two tries of a source that fails
	window     = 14 * 24 * time.Hour // how far back dates tell the pace of now
)

// succeeded is the state after a listing was read.
func (c *Collector) succeeded(src model.Source, l *listing, now time.Time) model.SourceState {
	s := src.State
	s.ETag, s.LastModified = l.res.ETag, l.res.LastModified
	if l.broken {
		s.ETag, s.LastModified = "", ""
	}
	if l.title != "" {
		s.Title = l.title
	}
	p := paceOf(l.items, now)
	s.ItemsPerDay = p.perDay
	want := c.wanted(p, s.Interval)
	if !c.changed(src.ID, l.items) {
		want = c.grown(max(s.Interval, want), want)
	}
	return c.settle(s, want, now)
}

// unchanged is the state after the server said that nothing changed.
func (c *Collector) unchanged(s model.SourceState, now time.Time) model.SourceState {
	base := c.cfg.Max
	if s.ItemsPerDay > 0 {
		base = c.clamp(time.Duration(float64(24*time.Hour) / s.ItemsPerDay / perGap))
	}
	return c.settle(s, c.grown(max(s.Interval, c.cfg.Min), base), now)
}

// settle records a success and when to ask again.
func (c *Collector) settle(s model.SourceState, interval time.Duration, now time.Time) model.SourceState {
	s.LastAttempt, s.LastSuccess, s.LastError, s.Failures = now, now, "", 0
	s.Interval = c.clamp(interval)
	s.NextPoll = now.Add(c.shake(s.Interval))
	return s
}

// failed is the state after a failure: the distance to the next try doubles
// with each, and is never shorter than the server asked for.
func (c *Collector) failed(s model.SourceState, now time.Time, err error) model.SourceState {
	s.LastAttempt, s.LastError = now, err.Error()
	s.Failures++
	wait := max(s.Interval, c.cfg.Min) << min(s.Failures-1, 20)
	if wait <= 0 || wait > maxBackOff {
		wait = maxBackOff
	}
	wait = min(c.shake(wait), maxBackOff)
	if e := (*fetch.Error)(nil); errors.As(err, &e) {
		wait = max(wait, min(e.RetryAfter, maxBackOff))
	}
	s.NextPoll = now.Add(wait)
	return s
}

// wanted is the interval a source's pace asks for. A source that dates
// nothing is met halfway: each change halves the interval it had.
func (c *Collector) wanted(p pace, before time.Duration) time.Duration {
	switch {
	case p.gap > 0:
		return c.clamp(p.gap / perGap)
	case before > 0:
		return c.clamp(before / 2)
	}
	return c.clamp(firstGuess)
}

// grown stretches an interval, but not out of all proportion to base.
func (c *Collector) grown(interval, base time.Duration) time.Duration {
	return c.clamp(min(time.Duration(float64(interval)*grow), base*maxGrown))
}

func (c *Collector) clamp(d time.Duration) time.Duration {
	return min(max(d, c.cfg.Min), c.cfg.Max)
}

// shake spreads polls, so that sources added together drift apart.
func (c *Collector) shake(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (1 - jitter + 2*jitter*c.cfg.Rand()))
}

// pace is how often a source publishes.
type pace struct {
	gap    time.Duration // the usual distance between two items, or the silence since the last if longer; 0 when unknown
	perDay float64
}

// paceOf measures the pace from the dates of the last fortnight's items.
func paceOf(items []model.Item, now time.Time) pace {
	var times []time.Time
	var newest time.Time
	for i := range items {
		at := items[i].Published
		if at.IsZero() {
			at = items[i].Updated
		}
		if at.IsZero() || at.After(now) {
			continue
		}
		if at.After(newest) {
			newest = at
		}
		if now.Sub(at) <= window {
			times = append(times, at)
		}
	}
	if newest.IsZero() {
		return pace{}
	}
	silence := now.Sub(newest)
	if len(times) < 2 {
		return pace{gap: max(silence, 24*time.Hour), perDay: float64(len(times)) / window.Hours() * 24}
	}
	slices.SortFunc(times, time.Time.Compare)
	span := max(now.Sub(times[0]), time.Hour)
	return pace{gap: max(median(times), silence/perGap, 1), perDay: float64(len(times)) / span.Hours() * 24}
}

// median is the middle distance between neighbours of sorted times.
func median(times []time.Time) time.Duration {
	gaps := make([]time.Duration, 0, len(times)-1)
	for i := 1; i < len(times); i++ {
		gaps = append(gaps, times[i].Sub(times[i-1]))
	}
	slices.Sort(gaps)
	return gaps[len(gaps)/2]
}
