package app

import (
	"context"
	"net/netip"
	"time"

	"golang.org/x/sync/errgroup"

	"crosscheck/internal/config"
	"crosscheck/internal/model"
	"crosscheck/internal/probe"
)

// CheckService reports why a service cannot be measured: its target or its
// statuses cannot be read, or it lies outside the public internet without
// being said to be private. It fills defaults.
func CheckService(s *model.Service) error {
	if err := s.Validate(); err != nil {
		return err
	}
	t, err := target(*s)
	if err != nil {
		return model.Errorf(model.ErrInvalid, "service %s: %w", s.ID, err)
	}
	if err := probe.Permitted(t, allowed(s.Private)); err != nil {
		return model.Errorf(model.ErrInvalid, "service %s: %w (say that it is private, if it is meant: --private, or private: true in a file)", s.ID, err)
	}
	return nil
}

// ConfiguredServices returns the services a configuration names, checked.
func ConfiguredServices(cfg config.Config) ([]model.Service, error) {
	var out []model.Service
	for _, c := range cfg.Services {
		s, err := c.Model()
		if err != nil {
			return nil, err
		}
		if s.Place, err = PlaceOf(c.Place); err != nil {
			return nil, model.Errorf(model.ErrInvalid, "service %s: %w", s.ID, err)
		}
		if err := CheckService(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// allowed is what may be probed besides the public internet.
func allowed(private bool) []netip.Prefix {
	if private {
		return probe.Private
	}
	return nil
}

// target is what to probe of a service.
func target(s model.Service) (probe.Target, error) {
	t, err := probe.ParseTarget(s.Target)
	if err != nil {
		return t, err
	}
	if s.Status != "" {
		if t.Status, err = probe.ParseStatus(s.Status); err != nil {
			return t, err
		}
	}
	t.Service, t.Text, t.Slow = s.ID, s.Text, s.Slow
	return t, t.Validate()
}

// targets is what to probe of services; one that cannot be is left out with a
// word in the log.
func (a *App) targets(services []model.Service) []probe.Target {
	var out []probe.Target
	for _, s := range services {
		if err := CheckService(&s); err != nil {
			a.lg.Error("service is not measured", "error", err)
			continue
		}
		t, _ := target(s) // it was checked
		out = append(out, t)
	}
	return out
}

// prober measures services from this machine: those said to be private with
// another prober, so that a public name that comes to stand for an address
// inside is not followed there.
type prober struct {
	watch           *watch
	public, private *probe.Prober
}

// Probe implements probe.Observer.
func (p *prober) Probe(ctx context.Context, t probe.Target) probe.Report {
	p.watch.mu.Lock()
	private := p.watch.services[t.Service].Private
	p.watch.mu.Unlock()
	if private {
		return p.private.Probe(ctx, t)
	}
	return p.public.Probe(ctx, t)
}

// newProber makes the server's own vantage point from the configuration; base
// holds what tests put in place of the machine's network.
func newProber(w *watch, v config.Vantage, base probe.Config) (*prober, error) {
	resolvers, err := v.ResolverAddrs()
	if err != nil {
		return nil, err
	}
	base.Vantage = model.Vantage{ID: v.ID, ASN: v.ASN, Country: v.Country, Group: v.Group}
	if len(resolvers) > 0 {
		base.Resolvers = resolvers
	}
	if len(v.Anchors) > 0 {
		base.Anchors = anchors(v)
	}
	p := &prober{watch: w}
	if p.public, err = probe.New(base); err != nil {
		return nil, err
	}
	base.Allow = probe.Private
	p.private, err = probe.New(base)
	return p, err
}

// anchors are those the configuration names, or the program's own.
func anchors(v config.Vantage) []probe.Anchor {
	if len(v.Anchors) == 0 {
		return probe.DefaultAnchors
	}
	var out []probe.Anchor
	for _, c := range v.Anchors {
		out = append(out, probe.Anchor{Address: c.Address, Network: c.Network})
	}
	return out
}

const (
	// ownBatch and ownWait say when the server's own observations are stored:
	// when there are so many, and so long after the first.
	ownBatch = 500
	ownWait  = time.Second
	// ownKept is how many of them wait while the store does not take any; those
	// after are lost, and counted.
	ownKept = 20_000
)

// openProber makes the server's own vantage point, unless the configuration
// says that it measures nothing.
func (a *App) openProber() error {
	v := a.cfg.Vantage
	if !a.has("judge") || v.ID == "" {
		return nil
	}
	p, err := newProber(a.watch, v, a.opt.Probe)
	if err != nil {
		return err
	}
	a.own = make(chan model.Observation, ownBatch)
	a.watch.schedule = probe.NewScheduler(p, probe.Schedule{Every: v.Every, EverySuspect: v.EverySuspect}, a.deliver)
	return nil
}

// deliver takes a report of the scheduler.
func (a *App) deliver(ctx context.Context, r probe.Report) {
	a.metrics.probed(r.Observation)
	select {
	case a.own <- r.Observation:
	case <-ctx.Done(): // it was interrupted and says nothing
	}
}

// measure probes the services from this machine until ctx is done.
func (a *App) measure(ctx context.Context) error {
	if a.watch.schedule == nil {
		return nil
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { a.watch.schedule.Run(ctx); return ctx.Err() })
	g.Go(func() error { return a.storeOwn(ctx) })
	return g.Wait()
}

// storeOwn stores what this machine observed, a batch at a time.
func (a *App) storeOwn(ctx context.Context) error {
	var batch []model.Observation
	timer := time.NewTimer(ownWait)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
			defer cancel()
			a.flushOwn(last, batch)
			return ctx.Err()
		case o := <-a.own:
			if len(batch) >= ownKept {
				a.metrics.rejected("not stored")
				continue
			}
			if batch = append(batch, o); len(batch)%ownBatch != 0 {
				continue
			}
		case <-timer.C:
		}
		batch = a.flushOwn(ctx, batch)
		timer.Reset(ownWait)
	}
}

// flushOwn stores a batch and returns what is left of it.
func (a *App) flushOwn(ctx context.Context, batch []model.Observation) []model.Observation {
	if len(batch) == 0 {
		return batch
	}
	if _, _, err := a.observe(ctx, batch, a.now()); err != nil {
		if ctx.Err() == nil {
			a.lg.Error("own observations not stored; they are tried again", "waiting", len(batch), "error", err)
		}
		return batch
	}
	if err := a.store.TouchVantage(ctx, a.cfg.Vantage.ID, a.now(), 0, a.opt.Version); err != nil && ctx.Err() == nil {
		a.lg.Error("own vantage point", "error", err)
	}
	return batch[:0]
}
