package signal

import (
	"net/netip"
	"sync"
	"time"

	"crosscheck/internal/model"
)

const (
	// risWindow is the time within which half of the peers must lose a prefix:
	// sessions that fail one by one over hours are no outage.
	risWindow = 10 * time.Minute
	// risPeers must have seen a prefix before for its loss to say something.
	risPeers = 10
	// maxPeers bounds the peers kept for one prefix; RIS has some 1,500.
	maxPeers = 4096
)

// routes keeps which peers of RIS see which prefixes. RIS Live tells changes
// only: how many peers saw a prefix before comes from RIPEstat, and a peer
// that says nothing still sees it. It is safe for concurrent use.
type routes struct {
	mu sync.Mutex
	of map[netip.Prefix]*route
}

type route struct {
	seen int                  // peers that saw it when it was last counted
	lost map[string]time.Time // peer → when it withdrew what it has not announced since
	gone time.Time            // since when fewer than half see it; zero: they do
}

// count sets how many peers see a prefix, which starts it anew.
func (r *routes) count(p netip.Prefix, seen int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.of == nil {
		r.of = map[netip.Prefix]*route{}
	}
	r.of[p] = &route{seen: seen, lost: map[string]time.Time{}}
}

// keep forgets all prefixes but some.
func (r *routes) keep(some map[netip.Prefix]bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for p := range r.of {
		if !some[p] {
			delete(r.of, p)
		}
	}
}

// forget drops what the peers said: after a gap it may be wrong.
func (r *routes) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range r.of {
		t.lost, t.gone = map[string]time.Time{}, time.Time{}
	}
}

// isGone reports whether a prefix is gone, which is no time to count its
// peers.
func (r *routes) isGone(p netip.Prefix) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.of[p]
	return t != nil && !t.gone.IsZero()
}

// take enters an update; now stands for a time of the update that is missing
// or not believable. It reports whether a prefix went or came back.
func (r *routes) take(u risUpdate, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := u.at
	if d := now.Sub(at); d < 0 || d > risWindow {
		at = now
	}
	changed := false
	for _, p := range u.withdrawn {
		if t := r.of[p]; t != nil && len(t.lost) < maxPeers {
			t.lost[u.peer] = at
			changed = t.judge(now) || changed
		}
	}
	for _, p := range u.announced {
		if t := r.of[p]; t != nil {
			delete(t.lost, u.peer)
			changed = t.judge(now) || changed
		}
	}
	return changed
}

// judge says since when a prefix is gone, and reports whether that changed:
// gone when more than half of those that saw it lost it within the window, and
// back when at least half see it.
func (t *route) judge(now time.Time) bool {
	if !t.gone.IsZero() {
		if 2*len(t.lost) > t.seen {
			return false
		}
		t.gone = time.Time{}
		return true
	}
	if t.seen < risPeers {
		return false
	}
	recent, last := 0, time.Time{}
	for _, at := range t.lost {
		if now.Sub(at) <= risWindow {
			recent++
			if at.After(last) {
				last = at
			}
		}
	}
	if 2*recent <= t.seen {
		return false
	}
	t.gone = last
	return true
}

// signals gives the services of which at least half of the prefixes are gone.
func (r *routes) signals(of map[string][]netip.Prefix, now time.Time) []model.Signal {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []model.Signal
	for service, prefixes := range of {
		gone := 0
		var f found
		for _, p := range prefixes {
			if t := r.of[p]; t != nil && !t.gone.IsZero() {
				gone++
				f = graver(f, found{t.gone, ratioStrong})
			}
		}
		if gone > 0 && 2*gone >= len(prefixes) {
			out = append(out, lasting(RIS, service, f, now, risEvery))
		}
	}
	return out
}
