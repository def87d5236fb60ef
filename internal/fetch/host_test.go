package fetch

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"crosscheck/internal/model"
)

func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hs := newHosts(2, time.Second, 0)
		hs.slow("slow.example", 5*time.Second)
		start := time.Now()
		var mu sync.Mutex
		starts := map[string][]time.Duration{}
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				name := []string{"a.example", "slow.example"}[i%2]
				turn, err := hs.acquire(t.Context(), name)
				if err != nil {
					t.Error(err)
					return
				}
				defer turn.release()
				mu.Lock()
				starts[name] = append(starts[name], time.Since(start))
				mu.Unlock()
			})
		}
		wg.Wait()
		for name, step := range map[string]time.Duration{"a.example": time.Second, "slow.example": 5 * time.Second} {
			for i, at := range starts[name] {
				if want := time.Duration(i) * step; at != want {
					t.Errorf("%s: request %d started at %v, want %v", name, i, at, want)
				}
			}
		}
	})
}

func TestPerHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hs := newHosts(2, -1, 0)
		running, most := 0, 0
		var mu sync.Mutex
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				turn, err := hs.acquire(t.Context(), "a.example")
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				running++
				most = max(most, running)
				mu.Unlock()
				time.Sleep(time.Second) // fake: the bubble's clock
				mu.Lock()
				running--
				mu.Unlock()
				turn.release()
			})
		}
		wg.Wait()
		if most != 2 {
			t.Errorf("%d requests at a time, want 2", most)
		}
	})
}

func TestMaxWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hs := newHosts(1, 10*time.Second, 15*time.Second)
		first, err := hs.acquire(t.Context(), "a.example")
		if err != nil {
			t.Fatal(err)
		}
		busy := (*busyError)(nil)
		if _, err := hs.acquire(t.Context(), "a.example"); !errors.As(err, &busy) || !errors.Is(err, model.ErrTemporary) {
			t.Errorf("behind a long request: %v, want busy", err)
		}
		first.release()
		for range 2 {
			turn, err := hs.acquire(t.Context(), "a.example")
			if err != nil {
				t.Fatal(err)
			}
			turn.release()
		}
		hs.maxWait = 5 * time.Second
		if _, err := hs.acquire(t.Context(), "a.example"); !errors.As(err, &busy) || busy.wait != 10*time.Second {
			t.Errorf("behind the pace: %v, want busy for 10s", err)
		}
		if h := hs.table["a.example"]; h.users != 0 || len(h.slots) != 0 {
			t.Errorf("left behind: %d users, %d slots", h.users, len(h.slots))
		}
	})
}

func TestHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hs := newHosts(1, -1, 0)
		hs.hold("a.example", 0)
		if len(hs.table) != 0 {
			t.Error("a hold of no length is kept")
		}
		hs.hold("a.example", 48*time.Hour)
		busy := (*busyError)(nil)
		if _, err := hs.acquire(t.Context(), "a.example"); !errors.As(err, &busy) || busy.wait != maxHold {
			t.Errorf("held: %v, want busy for %v", err, maxHold)
		}
		time.Sleep(maxHold) // fake: the bubble's clock
		if _, err := hs.acquire(t.Context(), "a.example"); err != nil {
			t.Errorf("after the hold: %v", err)
		}
	})
}

func TestAcquireCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hs := newHosts(1, time.Hour, 0)
		turn, err := hs.acquire(t.Context(), "a.example")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := hs.acquire(ctx, "a.example"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waiting for a slot: %v", err)
		}
		turn.release()
		if _, err := hs.acquire(ctx, "a.example"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waiting for the pace: %v", err)
		}
	})
}

func TestHostsForget(t *testing.T) {
	hs := newHosts(1, time.Hour, 0)
	kept, err := hs.acquire(t.Context(), "kept.example")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 * maxHosts {
		turn, err := hs.acquire(t.Context(), fmt.Sprintf("h%d.example", i))
		if err != nil {
			t.Fatal(err)
		}
		turn.release()
	}
	if n := len(hs.table); n > maxHosts {
		t.Errorf("%d hosts remembered, want %d at most", n, maxHosts)
	}
	if hs.table["kept.example"] == nil {
		t.Error("a host with a request under way was forgotten")
	}
	kept.release()
}
