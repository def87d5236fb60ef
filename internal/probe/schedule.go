package probe

import (
	"container/heap"
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// The defaults of a Schedule.
const (
	Every        = 60 * time.Second
	EverySuspect = 20 * time.Second
	AtOnce       = 512 // enough for a thousand services that all stay silent
)

// Observer makes one observation: a Prober.
type Observer interface {
	Probe(ctx context.Context, t Target) Report
}

// Schedule says how often a Scheduler probes; zero fields have defaults.
type Schedule struct {
	Every        time.Duration // of a service
	EverySuspect time.Duration // of one that may be failing; not under Spacing
	AtOnce       int           // probes under way at a time
}

// Scheduler probes many services from one vantage point, each in its own slot
// of the interval, with a jitter of a tenth of it. Its methods are safe for
// concurrent use.
type Scheduler struct {
	observer Observer
	deliver  func(context.Context, Report)
	cfg      Schedule
	wake     chan struct{}

	mu       sync.Mutex
	services map[string]*slot
	queue    queue
}

// slot is when a service is due.
type slot struct {
	target  Target
	nominal time.Time // without jitter, so that slots do not drift
	due     time.Time
	index   int // in the queue, -1 while the probe is under way
	suspect bool
	gone    bool
}

// NewScheduler returns a Scheduler without services. deliver gets every report
// and may be called by many goroutines at once; while it blocks, its probe
// counts as under way.
func NewScheduler(observer Observer, cfg Schedule, deliver func(context.Context, Report)) *Scheduler {
	if cfg.Every <= 0 {
		cfg.Every = Every
	}
	if cfg.EverySuspect <= 0 {
		cfg.EverySuspect = min(EverySuspect, cfg.Every)
	}
	if cfg.AtOnce <= 0 {
		cfg.AtOnce = AtOnce
	}
	return &Scheduler{
		observer: observer, deliver: deliver, cfg: cfg, wake: make(chan struct{}, 1), services: map[string]*slot{},
	}
}

// Set makes targets the services that are probed, one target each. Those that
// were there keep their slots; new ones are spread evenly over one interval.
func (s *Scheduler) Set(targets []Target) {
	s.mu.Lock()
	defer s.mu.Unlock()
	wanted := make(map[string]bool, len(targets))
	var added []*slot
	for _, t := range targets {
		if wanted[t.Service] {
			continue
		}
		wanted[t.Service] = true
		if old := s.services[t.Service]; old != nil {
			old.target = t
			continue
		}
		n := &slot{target: t, index: -1}
		s.services[t.Service] = n
		added = append(added, n)
	}
	now := time.Now()
	for i, n := range added {
		n.nominal = now.Add(s.cfg.Every * time.Duration(i) / time.Duration(len(added)))
		n.due = n.nominal
		heap.Push(&s.queue, n)
	}
	for id, n := range s.services {
		if !wanted[id] {
			s.drop(id, n)
		}
	}
	s.poke()
}

func (s *Scheduler) drop(id string, n *slot) {
	n.gone = true
	if n.index >= 0 {
		heap.Remove(&s.queue, n.index)
	}
	delete(s.services, id)
}

// Suspect says whether a service may be failing: such a one is probed more
// often, the first time at once as far as Spacing allows.
func (s *Scheduler) Suspect(service string, suspect bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.services[service]
	if n == nil || n.suspect == suspect {
		return
	}
	n.suspect = suspect
	if suspect && n.index >= 0 {
		n.nominal = time.Now()
		n.due = n.nominal
		heap.Fix(&s.queue, n.index)
		s.poke()
	}
}

func (s *Scheduler) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Run probes until ctx ends, and returns when the probes under way have.
func (s *Scheduler) Run(ctx context.Context) {
	var wg sync.WaitGroup
	defer wg.Wait()
	places := make(chan struct{}, s.cfg.AtOnce)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		n, wait := s.pop()
		if n == nil {
			timer.Reset(wait)
			select {
			case <-ctx.Done():
				return
			case <-s.wake:
			case <-timer.C:
			}
			continue
		}
		select {
		case <-ctx.Done():
			return
		case places <- struct{}{}:
		}
		wg.Go(func() {
			defer func() { <-places }()
			s.probe(ctx, n)
		})
	}
}

// pop takes the service that is due, or says how long until one is.
func (s *Scheduler) pop() (*slot, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		return nil, s.cfg.Every
	}
	if wait := time.Until(s.queue[0].due); wait > 0 {
		return nil, wait
	}
	return heap.Pop(&s.queue).(*slot), 0
}

func (s *Scheduler) probe(ctx context.Context, n *slot) {
	s.mu.Lock()
	target := n.target
	s.mu.Unlock()
	report := s.observer.Probe(ctx, target)
	s.deliver(ctx, report)
	s.mu.Lock()
	defer s.mu.Unlock()
	if n.gone {
		return
	}
	n.plan(s.cfg, time.Now(), report.Detail.RetryAfter)
	heap.Push(&s.queue, n)
	s.poke()
}

// plan sets when a service is due next. Slots that were missed are left out,
// not made up for.
func (n *slot) plan(cfg Schedule, now time.Time, after time.Duration) {
	every := cfg.Every
	if n.suspect {
		every = cfg.EverySuspect
	}
	n.nominal = n.nominal.Add(every)
	if late := now.Sub(n.nominal); late > 0 {
		n.nominal = n.nominal.Add((late/every + 1) * every)
	}
	n.due = n.nominal.Add(rand.N(every/5+1) - every/10)
	if earliest := now.Add(after); n.due.Before(earliest) {
		n.due = earliest
	}
}

// queue is a heap of slots, the earliest first.
type queue []*slot

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].due.Before(q[j].due) }

func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

// Push implements heap.Interface.
func (q *queue) Push(x any) {
	n := x.(*slot)
	n.index = len(*q)
	*q = append(*q, n)
}

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	old := *q
	n := old[len(old)-1]
	old[len(old)-1] = nil
	n.index, *q = -1, old[:len(old)-1]
	return n
}
