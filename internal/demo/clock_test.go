package demo

import (
	"testing"
	"time"
)

func TestClock(t *testing.T) {
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	real := begin
	c := NewClock(begin, time.Minute)
	c.Real = func() time.Time { return real }
	if got := c.Now(); !got.Equal(Start) {
		t.Errorf("at the beginning: %s, want %s", got, Start)
	}
	last := Start
	for ; real.Before(begin.Add(time.Minute)); real = real.Add(10 * time.Millisecond) {
		now := c.Now()
		if now.Before(last) || now.After(End) {
			t.Fatalf("after %s: %s, before it %s", real.Sub(begin), now, last)
		}
		last = now
	}
	for _, late := range []time.Duration{time.Minute, time.Hour} {
		real = begin.Add(late)
		if got := c.Now(); !got.Equal(End) {
			t.Errorf("after %s: %s, want %s", late, got, End)
		}
	}
	real = begin
	if got := c.Now(); !got.Equal(End) {
		t.Errorf("after the real clock was set back: %s, want %s", got, End)
	}
}

func TestClockPace(t *testing.T) {
	c := NewClock(Start, time.Minute)
	took := func(from, to time.Time) (d time.Duration) {
		for e := time.Duration(0); e < c.length; e += 10 * time.Millisecond {
			if f := c.fictional(e); !f.Before(from) && f.Before(to) {
				d += 10 * time.Millisecond
			}
		}
		return d
	}
	morning := took(Start, Start.Add(3*time.Hour))
	night := took(time.Date(2031, 3, 11, 22, 20, 0, 0, time.UTC), time.Date(2031, 3, 12, 6, 0, 0, 0, time.UTC))
	if morning < 10*time.Second || night > 3*time.Second {
		t.Errorf("of a minute, three morning hours take %s and the night %s", morning, night)
	}
}

func TestClockHeld(t *testing.T) {
	c := NewClock(time.Now(), 0) // it would stand at the end
	noon := Start.Add(4 * time.Hour)
	c.Hold(noon)
	if !c.Reached(End) || !c.Now().Equal(noon) {
		t.Errorf("held at %s: now %s, reached the end %v", noon, c.Now(), c.Reached(End))
	}
	c.Hold(Start)
	if !c.Now().Equal(noon) {
		t.Errorf("held at the start: went back to %s", c.Now())
	}
	if c.Hold(time.Time{}); !c.Now().Equal(End) {
		t.Errorf("let go: %s, want %s", c.Now(), End)
	}
}

func TestClockWithoutLength(t *testing.T) {
	if got := NewClock(time.Now(), 0).Now(); !got.Equal(End) {
		t.Errorf("Now() = %s, want %s", got, End)
	}
}
