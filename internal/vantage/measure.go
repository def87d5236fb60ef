package vantage

import (
	"context"
	"reflect"
	"slices"
	"sync/atomic"

	"crosscheck/internal/model"
	"crosscheck/internal/probe"
)

// measuring is the probing that orders ask for.
type measuring struct {
	public, private probe.Observer // private: for services that lie outside the public internet; may be nil
	scheduler       *probe.Scheduler
	hidden          atomic.Pointer[map[string]bool] // services for private
	cancel          context.CancelFunc
	done            chan struct{}
}

// Probe implements probe.Observer.
func (m *measuring) Probe(ctx context.Context, t probe.Target) probe.Report {
	if m.private != nil && (*m.hidden.Load())[t.Service] {
		return m.private.Probe(ctx, t)
	}
	return m.public.Probe(ctx, t)
}

// start begins to probe, without services yet. Only services that are private
// reach private addresses, and only where this machine's operator agreed:
// elsewhere such an answer of a resolver is a sign that somebody tampers.
func (a *Agent) start(ctx context.Context, o *orders) (*measuring, error) {
	cfg := probe.Config{Vantage: o.vantage, Anchors: o.anchors, Network: a.cfg.Network}
	public, err := probe.New(cfg)
	if err != nil {
		return nil, err
	}
	m := &measuring{public: public, done: make(chan struct{})}
	if a.cfg.AllowPrivate {
		cfg.Allow = probe.Private
		private, err := probe.New(cfg)
		if err != nil {
			return nil, err
		}
		m.private = private
	}
	m.scheduler = probe.NewScheduler(m, o.schedule, a.observe)
	m.hidden.Store(&o.private)
	ctx, m.cancel = context.WithCancel(ctx)
	go func() {
		defer close(m.done)
		m.scheduler.Run(ctx)
	}()
	return m, nil
}

// stop ends the probing and waits for it.
func (m *measuring) stop() {
	m.cancel()
	<-m.done
}

// follow makes the probing what the orders say. Services that stay keep their
// slots, unless the vantage point itself, its anchors or intervals changed.
func (a *Agent) follow(ctx context.Context, o *orders) error {
	if a.measuring == nil || !sameBasis(a.orders, o) {
		m, err := a.start(ctx, o)
		if err != nil {
			return err
		}
		if a.measuring != nil {
			a.measuring.stop()
		}
		a.measuring = m
	}
	a.orders = o
	a.measuring.hidden.Store(&o.private)
	targets := o.targets
	if !a.cfg.AllowPrivate {
		targets = slices.DeleteFunc(slices.Clone(targets), func(t probe.Target) bool { return o.private[t.Service] })
	}
	if n := len(o.targets) - len(targets); n > 0 {
		a.lg.Warn("private services are not measured here; --allow-private permits it", "services", n)
	}
	a.measuring.scheduler.Set(targets)
	a.suspect(a.suspects)
	a.lg.Info("measuring", "vantage", o.vantage.ID, "services", len(targets), "every", o.schedule.Every)
	return nil
}

func sameBasis(a, b *orders) bool {
	return a.vantage == b.vantage && a.schedule == b.schedule && reflect.DeepEqual(a.anchors, b.anchors)
}

// suspect takes over which services may be failing; the others are not.
func (a *Agent) suspect(services []string) {
	a.suspects = services
	if a.measuring == nil {
		return
	}
	failing := make(map[string]bool, len(services))
	for _, s := range services {
		failing[s] = true
	}
	for _, t := range a.orders.targets {
		a.measuring.scheduler.Suspect(t.Service, failing[t.Service])
	}
}

// urgent reports that the server should hear of an observation at once.
func urgent(o *model.Observation) bool { return o.Valid && o.Outcome == model.OutcomeFail }
