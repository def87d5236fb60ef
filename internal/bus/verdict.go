package bus

import (
	"errors"
	"math/rand/v2"
	"time"

	"crosscheck/internal/model"
)

// action is what becomes of a message.
type action int

const (
	done   action = iota // acknowledged
	again                // delivered again after a while
	giveUp               // dead letter
)

// verdicts maps the kind of a handler's error to an action; the first that
// matches counts. An error of no kind is tried again.
var verdicts = []struct {
	kind error
	act  action
}{
	{model.ErrTemporary, again},
	{model.ErrInvalid, giveUp},
	{model.ErrNotFound, giveUp},
	{model.ErrUnsupported, giveUp},
	{model.ErrForbidden, giveUp},
	{model.ErrTooLarge, giveUp},
}

func verdict(err error) action {
	if err == nil {
		return done
	}
	for _, v := range verdicts {
		if errors.Is(err, v.kind) {
			return v.act
		}
	}
	return again
}

// retryPolicy says how often and when a message is tried.
type retryPolicy struct {
	attempts int
	first    time.Duration
	factor   float64
	most     time.Duration
	silence  time.Duration // a delivery nobody reports on for so long is made again
}

// defaultRetry tries eight times within about half an hour.
var defaultRetry = retryPolicy{attempts: 8, first: 2 * time.Second, factor: 3, most: 30 * time.Minute, silence: 10 * time.Second}

// delay is the time until the next try after attempt tries: exponential, of
// which a random part, at most half, is taken off so that what failed together
// does not come back together.
func (p retryPolicy) delay(attempt int) time.Duration {
	d := float64(p.first)
	for range attempt - 1 {
		d = min(d*p.factor, float64(p.most))
	}
	return time.Duration(d * (1 - rand.Float64()/2))
}
