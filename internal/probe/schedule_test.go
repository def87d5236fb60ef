package probe_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"crosscheck/internal/probe"
)

// visits notes when each service was probed; a probe takes a while.
type visits struct {
	mu    sync.Mutex
	took  time.Duration
	after time.Duration
	at    map[string][]time.Time
	now   int
	most  int
}

func (v *visits) Probe(_ context.Context, t probe.Target) (r probe.Report) {
	v.mu.Lock()
	v.at[t.Service] = append(v.at[t.Service], time.Now())
	v.now++
	v.most = max(v.most, v.now)
	v.mu.Unlock()
	time.Sleep(v.took)
	v.mu.Lock()
	v.now--
	v.mu.Unlock()
	r.Service, r.Detail.RetryAfter = t.Service, v.after
	return r
}

func services(n int) []probe.Target {
	targets := make([]probe.Target, n)
	for i := range targets {
		targets[i] = probe.Target{Service: fmt.Sprintf("s%d", i)}
	}
	return targets
}

// schedule runs n services for a while of virtual time.
func schedule(t *testing.T, v *visits, cfg probe.Schedule, n int, d time.Duration, meanwhile func(*probe.Scheduler)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		v.at = map[string][]time.Time{}
		reports := 0
		var mu sync.Mutex
		s := probe.NewScheduler(v, cfg, func(context.Context, probe.Report) { mu.Lock(); reports++; mu.Unlock() })
		s.Set(services(n))
		ctx, cancel := context.WithTimeout(t.Context(), d)
		defer cancel()
		done := make(chan struct{})
		go func() {
			s.Run(ctx)
			close(done)
		}()
		if meanwhile != nil {
			meanwhile(s)
		}
		<-done
		made := 0
		for _, at := range v.at {
			made += len(at)
		}
		if made != reports || v.now != 0 {
			t.Errorf("%d probes, %d reports, %d left under way", made, reports, v.now)
		}
	})
}

func gaps(at []time.Time) (least, most time.Duration) {
	least = time.Hour
	for i := 1; i < len(at); i++ {
		gap := at[i].Sub(at[i-1])
		least, most = min(least, gap), max(most, gap)
	}
	return least, most
}

func TestScheduleSpreadsEvenly(t *testing.T) {
	v := &visits{took: 100 * time.Millisecond}
	schedule(t, v, probe.Schedule{}, 600, 10*time.Minute, nil)
	perSecond := map[int]int{}
	for id, at := range v.at {
		if len(at) < 9 || len(at) > 11 {
			t.Errorf("%s: %d probes in ten minutes", id, len(at))
		}
		if least, most := gaps(at); least < 47*time.Second || most > 73*time.Second {
			t.Errorf("%s: gaps from %v to %v", id, least, most)
		}
		for _, a := range at {
			perSecond[int(a.Unix())]++
		}
	}
	for s, n := range perSecond {
		if n > 35 { // ten are due a second
			t.Errorf("second %d: %d probes", s, n)
		}
	}
}

func TestScheduleSuspect(t *testing.T) {
	v := &visits{took: time.Second}
	schedule(t, v, probe.Schedule{}, 3, 10*time.Minute, func(s *probe.Scheduler) {
		time.Sleep(3*time.Minute + 5*time.Second)
		s.Suspect("s0", true)
		s.Suspect("nobody", true)
		time.Sleep(3 * time.Minute)
		s.Suspect("s0", false)
	})
	count := 0
	start := v.at["s1"][0].Add(-20 * time.Second)
	for _, at := range v.at["s0"] {
		if d := at.Sub(start); d >= 3*time.Minute && d < 6*time.Minute {
			count++
		}
	}
	if count < 8 || count > 11 {
		t.Errorf("%d probes in three suspect minutes, want one in 20 s", count)
	}
	if n := len(v.at["s1"]); n > 11 {
		t.Errorf("the others were probed %d times", n)
	}
}

func TestScheduleIsBounded(t *testing.T) {
	v := &visits{took: 50 * time.Second}
	schedule(t, v, probe.Schedule{AtOnce: 5}, 100, 10*time.Minute, nil)
	if v.most > 5 {
		t.Errorf("%d probes at once, want at most 5", v.most)
	}
	for id, at := range v.at {
		if len(at) > 1 {
			if least, _ := gaps(at); least < 50*time.Second {
				t.Errorf("%s: probed again after %v, while under way", id, least)
			}
		}
	}
}

func TestScheduleSet(t *testing.T) {
	v := &visits{}
	var cut time.Time
	schedule(t, v, probe.Schedule{}, 4, 10*time.Minute, func(s *probe.Scheduler) {
		time.Sleep(4*time.Minute + 30*time.Second)
		s.Set(append(services(2), probe.Target{Service: "new"}, probe.Target{Service: "new"}))
		cut = time.Now()
	})
	for _, id := range []string{"s2", "s3"} {
		if at := v.at[id]; at[len(at)-1].After(cut) {
			t.Errorf("%s was probed after it was taken out", id)
		}
	}
	if n := len(v.at["s0"]); n < 9 || n > 11 {
		t.Errorf("s0 was probed %d times", n)
	}
	if at := v.at["new"]; len(at) < 5 || at[0].Sub(cut) > time.Second {
		t.Errorf("new was probed at %v", at)
	}
}

func TestScheduleHeedsRetryAfter(t *testing.T) {
	v := &visits{after: 5 * time.Minute}
	schedule(t, v, probe.Schedule{}, 1, 21*time.Minute, nil)
	if n := len(v.at["s0"]); n > 5 {
		t.Errorf("%d probes, asked to wait five minutes each time", n)
	}
}
