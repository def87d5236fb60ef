package vantage

import (
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"
)

// maxSkew is how far this machine's clock may be from the server's. Onsets of
// outages are told to the minute.
const maxSkew = 2 * time.Second

// clock says whether this machine's clock can be trusted, by what the server
// says. It is safe for concurrent use.
type clock struct {
	lg  *slog.Logger
	bad atomic.Bool
}

// off reports that this clock is surely too far from the server's.
func (c *clock) off() bool { return c.bad.Load() }

// heed takes from and to between which this clock is ahead of the server's.
// What cannot be told from them changes nothing.
func (c *clock) heed(from, to time.Duration) {
	switch {
	case from > maxSkew || to < -maxSkew:
		if !c.bad.Swap(true) {
			c.lg.Warn("this clock differs from the server's: observations are marked not valid until it is set right",
				"ahead_s", ((from + to) / 2).Round(time.Second).Seconds())
		}
	case from >= -maxSkew && to <= maxSkew:
		if c.bad.Swap(false) {
			c.lg.Info("this clock agrees with the server's again")
		}
	}
}

// heedDate takes the Date of an answer, which leaves out fractions of a second.
func (c *clock) heedDate(x *exchange) {
	date, err := http.ParseTime(x.header.Get("Date"))
	if err != nil {
		return
	}
	ahead := x.sent.Sub(date)
	c.heed(ahead-time.Second, ahead+x.took)
}

// heedSkew takes the difference, in milliseconds, that the server saw while the
// request was on its way.
func (c *clock) heedSkew(ms float64, took time.Duration) {
	skew := seconds(ms / 1000)
	if ms < 0 {
		skew = -seconds(-ms / 1000)
	}
	c.heed(skew-took, skew+took)
}
