package collect

import (
	"errors"
	"slices"
	"sort"
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
	times := datesOf(items, now)
	if len(times) == 0 {
		return pace{}
	}
	silence := now.Sub(times[len(times)-1])
	recent := times[sort.Search(len(times), func(i int) bool { return now.Sub(times[i]) <= window }):]
	if len(recent) < 2 {
		return pace{gap: max(silence, 24*time.Hour), perDay: float64(len(recent)) / window.Hours() * 24}
	}
	span := max(now.Sub(recent[0]), time.Hour)
	mean := span / time.Duration(len(recent)-1)
	return pace{gap: max(min(median(recent, mean), mean), silence/perGap, 1), perDay: float64(len(recent)) / span.Hours() * 24}
}

// datesOf lists the dates of items that lie in the past, oldest first.
func datesOf(items []model.Item, now time.Time) []time.Time {
	var times []time.Time
	for _, it := range items {
		if at := when(it); !at.IsZero() && !at.After(now) {
			times = append(times, at)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// median is the middle distance between neighbours of sorted times that
// differ, or else when none do: what is published in one go, or dated by the
// day alone, says nothing of the distance.
func median(times []time.Time, otherwise time.Duration) time.Duration {
	var gaps []time.Duration
	for i := 1; i < len(times); i++ {
		if gap := times[i].Sub(times[i-1]); gap > 0 {
			gaps = append(gaps, gap)
		}
	}
	if len(gaps) == 0 {
		return otherwise
	}
	slices.Sort(gaps)
	return gaps[len(gaps)/2]
}
