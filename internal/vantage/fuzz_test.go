package vantage

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/probe"
)

// FuzzOrders reads what a server sends, which need not mean well.
func FuzzOrders(f *testing.F) {
	f.Add([]byte(newDesk("bank tcp:5.0.1.1:22", "yard https://10.0.0.5/ private").config))
	f.Add([]byte(`{"vantage":{"id":"a"},"every_s":1e300,"suspect_s":-1,"services":[{"id":"x","target":"prefix:0.0.0.0/0"},{"id":"x","target":"bank.example","status":"200-","slow_ms":1e99}]}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, b []byte) {
		o, faults, err := parseOrders(b)
		if err != nil {
			if !errors.Is(err, model.ErrInvalid) {
				t.Errorf("error of no kind: %v", err)
			}
			return
		}
		if err := o.vantage.Validate(); err != nil {
			t.Error(err)
		}
		for _, d := range []time.Duration{o.schedule.Every, o.schedule.EverySuspect} {
			if d < probe.Spacing || d > maxEvery {
				t.Errorf("every %v", d)
			}
		}
		if len(o.targets)+len(faults) > maxServices {
			t.Errorf("%d services", len(o.targets))
		}
		known := map[string]bool{}
		for _, target := range o.targets {
			if err := target.Validate(); err != nil || known[target.Service] || target.Slow < 0 {
				t.Errorf("target %+v: %v", target, err)
			}
			known[target.Service] = true
		}
	})
}

// FuzzAnswer reads what a server says of a batch.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"accepted":2,"duplicates":1,"rejected":[{"line":3,"error":"no"}],"skew_ms":-12.5,"suspect":["bank"],"config":"abc"}`))
	f.Add([]byte(`{"accepted":0,"skew_ms":1e308}`))
	f.Add([]byte(`{"answer":{"accepted":1}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := parseAnswer(b)
		if err != nil {
			if !errors.Is(err, model.ErrInvalid) {
				t.Errorf("error of no kind: %v", err)
			}
			return
		}
		c := clock{lg: slog.New(slog.DiscardHandler)}
		if got.Skew != nil {
			c.heedSkew(*got.Skew, 0)
			if want := *got.Skew > 2000 || *got.Skew < -2000; c.off() != want {
				t.Errorf("off by %v ms: %v", *got.Skew, c.off())
			}
		}
	})
}
