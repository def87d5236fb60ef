package demo

import (
	"sync"
	"time"
)

// stretches divides the script into stretches of even pace: each ends at a
// fictional time and takes its weight's share of the real length. Busy hours
// weigh much, the night little.
var stretches = []struct {
	until  time.Time
	weight int
}{
	{Start, 0},
	{time.Date(2031, time.March, 11, 11, 10, 0, 0, time.UTC), 15}, // the announcement and its copies
	{time.Date(2031, time.March, 11, 15, 10, 0, 0, time.UTC), 15}, // the answers
	{time.Date(2031, time.March, 11, 16, 35, 0, 0, time.UTC), 2},
	{time.Date(2031, time.March, 11, 18, 15, 0, 0, time.UTC), 10}, // the bank
	{time.Date(2031, time.March, 11, 22, 20, 0, 0, time.UTC), 3},
	{time.Date(2031, time.March, 12, 6, 0, 0, 0, time.UTC), 1}, // the night
	{time.Date(2031, time.March, 12, 7, 30, 0, 0, time.UTC), 3},
	{time.Date(2031, time.March, 12, 14, 25, 0, 0, time.UTC), 2},
	{time.Date(2031, time.March, 12, 16, 25, 0, 0, time.UTC), 8}, // the reversal
	{End, 2},
}

// Clock is the fictional clock. It runs from Start to End while the real clock
// runs from begin for the given length, quickly through quiet hours and slowly
// through busy ones, and then stands still. Safe for concurrent use.
type Clock struct {
	Real func() time.Time // the real clock; set it before the first Now

	begin  time.Time
	length time.Duration
	mu     sync.Mutex
	latest time.Time // what Now last said: it never goes back
	held   time.Time // Now says nothing later; zero: it runs free
}

// NewClock returns a clock that begins at a real time and plays the whole
// script in length. A length of zero or less stands at End from the beginning.
func NewClock(begin time.Time, length time.Duration) *Clock {
	return &Clock{Real: time.Now, begin: begin, length: length, latest: Start}
}

// Hold lets the clock come to t and wait there for whoever has work to do at
// that time, until it is held at a later one; with a zero time it runs free.
func (c *Clock) Hold(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = t
}

// Reached reports whether the clock has come to t, or would have if it were not
// held.
func (c *Clock) Reached(t time.Time) bool { return !c.fictional(c.Real().Sub(c.begin)).Before(t) }

// Now returns the present fictional time, in UTC. It never decreases, even
// where the real clock is set back.
func (c *Clock) Now() time.Time {
	t := c.fictional(c.Real().Sub(c.begin))
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.held.IsZero() && t.After(c.held) {
		t = c.held
	}
	if t.After(c.latest) {
		c.latest = t
	}
	return c.latest
}

// fictional maps real time since the beginning to fictional time.
func (c *Clock) fictional(elapsed time.Duration) time.Time {
	if elapsed >= c.length {
		return End
	}
	total := 0
	for _, s := range stretches {
		total += s.weight
	}
	done := float64(elapsed) / float64(c.length) * float64(total)
	for i, s := range stretches[1:] {
		if w := float64(s.weight); done > w {
			done -= w
			continue
		}
		from := stretches[i].until
		return from.Add(time.Duration(done / float64(s.weight) * float64(s.until.Sub(from))))
	}
	return End
}
