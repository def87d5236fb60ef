package app

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"crosscheck/internal/fetch"
	"crosscheck/internal/model"
	"crosscheck/internal/outage"
	"crosscheck/internal/probe"
	"crosscheck/internal/signal"
	"crosscheck/internal/store"
)

// subjectOutage is an outage that changed.
const subjectOutage = "outage.changed"

const (
	// tickEvery is the step in which the judge is told that time passes: the
	// times that are multiples of it, so that a replay tells it the same ones.
	tickEvery = 30 * time.Second
	// tickGrace is how much later it is told them, for what arrived before and is
	// being stored.
	tickGrace = 2 * time.Second
	// quietFor is how long after the last arrival time passes in steps. By then
	// every vantage point has fallen silent.
	quietFor = 4 * time.Hour
	// judgeBatch is how many arrivals are loaded at a time.
	judgeBatch = 1000
	// replayMost bounds what is judged again after a restart: from six vantage
	// points a day of 57 services, or 83 minutes of 1,000.
	replayMost = 500_000
	// syncEvery is how often services are looked at for changes.
	syncEvery = 5 * time.Second
	// noteEvery is how often it is stored how far was judged, where nothing
	// changed.
	noteEvery = time.Minute
)

// watch is what judges whether services can be reached. It is a function of the
// order in which observations and signals arrived, as the store has it, and of
// the clock in steps: after a restart the same arrivals bring it to where it
// stood.
type watch struct {
	mu       sync.Mutex // one at a time judges
	judge    *outage.Judge
	done     store.Judged // how far it has judged
	heard    time.Time    // when the last of it arrived
	saved    store.Judged // how far verdicts are stored
	noted    time.Time    // when that was stored
	unsaved  []model.Outage
	untold   []string // outages that changed and are not published yet
	services map[string]model.Service
	schedule *probe.Scheduler // nil: this machine measures nothing
	wake     chan struct{}    // something has arrived
	stats    atomic.Pointer[outage.Stats]
}

func newWatch() *watch {
	w := &watch{judge: outage.New(), services: map[string]model.Service{}, wake: make(chan struct{}, 1)}
	w.stats.Store(&outage.Stats{})
	return w
}

// poke says that something has arrived. It never blocks.
func (w *watch) poke() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// advance judges arrivals in their order.
func (w *watch) advance(rows []store.StoredObservation, signals []store.StoredSignal) error {
	for i := range rows {
		if err := w.signals(&signals, rows[i].N-1); err != nil {
			return err
		}
		w.pass(rows[i].Received)
		w.done.Observation, w.heard = rows[i].N, rows[i].Received
		w.keep(w.judge.Observe(&rows[i].Observation))
	}
	return w.signals(&signals, w.done.Observation)
}

// signals judges those that came before the observation after the n-th.
func (w *watch) signals(list *[]store.StoredSignal, n int64) error {
	for len(*list) > 0 && (*list)[0].After <= n {
		s := (*list)[0]
		*list = (*list)[1:]
		if s.N <= w.done.Signal {
			continue
		}
		w.done.Signal = s.N
		changes, err := w.judge.Signal(s.Signal)
		if err != nil {
			return err
		}
		w.keep(changes)
	}
	return nil
}

// pass tells the judge that time passes until now, in steps while something was
// heard of late, and then the last step.
func (w *watch) pass(now time.Time) {
	if w.heard.IsZero() {
		return
	}
	last := now.Truncate(tickEvery)
	at := w.done.At.Add(tickEvery)
	if w.done.At.IsZero() {
		at = w.heard.Truncate(tickEvery).Add(tickEvery)
	}
	for ; !at.After(last); at = at.Add(tickEvery) {
		if at.Sub(w.heard) > quietFor {
			at = last
		}
		w.done.At = at
		w.keep(w.judge.Tick(at))
	}
}

// keep takes changes that are not stored yet.
func (w *watch) keep(changes []model.Outage) {
	d, s := w.done, w.saved
	if d.Observation > s.Observation || d.Signal > s.Signal || d.At.After(s.At) {
		w.unsaved = append(w.unsaved, changes...)
	}
}

// watchServices measures and judges until ctx is done. The pages need not wait
// while it judges again what it knew before a restart.
func (a *App) watchServices(ctx context.Context) error {
	if err := a.restoreJudge(ctx); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return a.watchArrivals(ctx) })
	g.Go(func() error { return a.measure(ctx) })
	g.Go(func() error { return a.tidy(ctx) })
	return g.Wait()
}

// restoreJudge brings the judge to where it stood: what arrived last is judged
// again, and what of it had not been stored yet is stored.
func (a *App) restoreJudge(ctx context.Context) (err error) {
	w := a.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.saved, err = a.store.Judged(ctx); err != nil {
		return err
	}
	if err := a.syncServices(ctx); err != nil {
		return err
	}
	last, err := a.store.LastArrival(ctx)
	if err != nil {
		return err
	}
	w.done.Observation = max(0, last-replayMost)
	start := time.Now()
	if err := a.judgeArrivals(ctx); err != nil {
		return err
	}
	if last > 0 {
		a.lg.Info("judged again what was observed", "observations", w.judge.Stats().Observations, "took", time.Since(start).Round(time.Millisecond))
	}
	return a.reconcile(ctx)
}

// reconcile stores how services stand where that is not what is stored: the
// replay may know less than what was judged at the time.
func (a *App) reconcile(ctx context.Context) error {
	w := a.watch
	if err := a.saveVerdicts(ctx); err != nil {
		return err
	}
	facts, err := a.store.Services(ctx)
	if err != nil {
		return err
	}
	for _, f := range facts {
		now, _ := w.judge.State(f.ID) // it was described
		if w.heard.IsZero() {
			now.At = a.now()
		}
		if now.State != f.Now.State || now.Class != f.Now.Class {
			w.unsaved = append(w.unsaved, now)
		}
		w.suspect(f.ID, now.State)
	}
	return a.saveVerdicts(ctx)
}

// suspect has a service probed more often, or not.
func (w *watch) suspect(service string, state model.OutageState) {
	if w.schedule != nil {
		w.schedule.Suspect(service, troubled(state))
	}
}

// troubled reports whether a service in that state may be failing.
func troubled(s model.OutageState) bool {
	switch s {
	case model.StateUnknown, model.StateUp, model.StateResolved:
		return false
	}
	return true
}

// watchArrivals judges what arrives until ctx is done.
func (a *App) watchArrivals(ctx context.Context) error {
	tick := time.NewTicker(a.opt.Tick)
	defer tick.Stop()
	synced := time.Now()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		case <-a.watch.wake:
		}
		sync := time.Since(synced) >= syncEvery
		if sync {
			synced = time.Now()
		}
		if err := a.judgeNew(ctx, sync); err != nil && ctx.Err() == nil {
			a.lg.Error("observations not judged; they are tried again", "error", err)
		}
	}
}

// judgeNew judges what has arrived, and that time has passed, and stores the
// verdicts. Verdicts that cannot be stored are kept for the next time.
func (a *App) judgeNew(ctx context.Context, sync bool) error {
	w := a.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	if sync {
		if err := a.syncServices(ctx); err != nil {
			return err
		}
	}
	if err := a.judgeArrivals(ctx); err != nil {
		return err
	}
	return a.saveVerdicts(ctx)
}

// judgeArrivals judges what is stored and not judged yet.
func (a *App) judgeArrivals(ctx context.Context) error {
	w := a.watch
	now := a.now()
	defer func() {
		stats := w.judge.Stats()
		w.stats.Store(&stats)
	}()
	for {
		rows, err := a.store.ObservationsAfter(ctx, w.done.Observation, judgeBatch)
		if err != nil {
			return err
		}
		signals, err := a.store.SignalsAfter(ctx, w.done.Signal, judgeBatch)
		if err != nil {
			return err
		}
		before := w.done
		if err := w.advance(rows, signals); err != nil {
			return err
		}
		if len(rows) < judgeBatch && (len(signals) < judgeBatch || w.done == before) {
			break
		}
	}
	w.pass(now.Add(-tickGrace))
	return nil
}

// saveVerdicts stores what was judged and tells of it.
func (a *App) saveVerdicts(ctx context.Context) error {
	w := a.watch
	if len(w.unsaved) > 0 || w.done != w.saved && time.Since(w.noted) >= noteEvery {
		if err := a.storeVerdicts(ctx); err != nil {
			return err
		}
	}
	return a.tellOutages(ctx)
}

func (a *App) storeVerdicts(ctx context.Context) error {
	w := a.watch
	changed, err := a.store.SaveVerdicts(ctx, w.unsaved, w.done)
	if err != nil {
		return err
	}
	list := w.unsaved
	w.unsaved, w.saved, w.noted, w.untold = nil, w.done, time.Now(), append(w.untold, changed...)
	for _, o := range list {
		level := slog.LevelDebug
		if o.Event != "" {
			level = slog.LevelInfo
		}
		a.lg.Log(ctx, level, "judged", "service", o.Service, "state", o.State, "class", o.Class, "down", len(o.Down), "asked", o.Asked)
		w.suspect(o.Service, o.State)
	}
	if len(list) > 0 {
		a.web.Notify("outage")
	}
	return nil
}

// tellOutages publishes outages that changed. What the bus does not take is told
// the next time.
func (a *App) tellOutages(ctx context.Context) error {
	for w := a.watch; len(w.untold) > 0; w.untold = w.untold[1:] {
		if err := a.bus.Publish(ctx, subjectOutage, w.untold[0], fmt.Sprint(time.Now().UnixNano())); err != nil {
			return err
		}
	}
	return nil
}

// syncServices takes up services that were added, changed or removed.
func (a *App) syncServices(ctx context.Context) error {
	w := a.watch
	list, err := a.store.Measured(ctx)
	if err != nil {
		return err
	}
	services := make(map[string]model.Service, len(list))
	changed := len(list) != len(w.services)
	for _, s := range list {
		services[s.ID] = s
		if old, known := w.services[s.ID]; known && reflect.DeepEqual(old, s) {
			continue
		}
		changed = true
		if err := w.judge.Describe(s); err != nil {
			return err
		}
	}
	w.services = services
	if changed && w.schedule != nil {
		w.schedule.Set(a.targets(list))
	}
	return nil
}

// observe stores observations that came at a time and has them judged.
func (a *App) observe(ctx context.Context, list []model.Observation, received time.Time) (accepted, duplicates int, err error) {
	if accepted, duplicates, err = a.store.SaveObservations(ctx, list, received); err == nil {
		a.metrics.observed(accepted, duplicates)
		a.watch.poke()
	}
	return accepted, duplicates, err
}

// askOutside asks the configured outside sources about the services until ctx is
// done.
func (a *App) askOutside(ctx context.Context) error {
	token, err := a.cfg.Signals.RadarToken()
	if err != nil {
		return err
	}
	agent := a.cfg.Fetch.UserAgent
	if agent == "" {
		agent = fetch.DefaultUserAgent
	}
	asked := signal.New(a.lg, signal.Config{
		IODA: a.cfg.Signals.IODA, RIS: a.cfg.Signals.RIS, OONI: a.cfg.Signals.OONI, RadarToken: token,
		Transport: a.fetch.Transport(), UserAgent: agent, Now: a.now,
	})
	services := func() []model.Service {
		list, err := a.store.Measured(ctx)
		if err != nil && ctx.Err() == nil {
			a.lg.Error("services to ask about", "error", err)
		}
		return list
	}
	return asked.Run(ctx, services, func(ctx context.Context, sig model.Signal) {
		if err := a.signal(ctx, sig); err != nil && ctx.Err() == nil {
			a.lg.Error("signal not stored", "source", sig.Source, "service", sig.Service, "error", err)
		}
	})
}

// signal stores what an outside source says about a service and has it judged.
func (a *App) signal(ctx context.Context, sig model.Signal) error {
	err := a.store.SaveSignal(ctx, sig, a.now())
	if err == nil {
		a.watch.poke()
	}
	return err
}

// measureConfigured adds the services and the vantage point that the
// configuration names.
func (a *App) measureConfigured(ctx context.Context) error {
	list, err := ConfiguredServices(a.cfg)
	if err != nil {
		return err
	}
	for i := range list {
		if err := a.store.SaveService(ctx, &list[i]); err != nil {
			return err
		}
	}
	if v := a.cfg.Vantage; v.ID != "" && a.has("judge") {
		at, err := PlaceOf(v.Place)
		if err != nil {
			return model.Errorf(model.ErrInvalid, "vantage: %w", err)
		}
		return a.claimVantage(ctx, model.Vantage{ID: v.ID, ASN: v.ASN, Country: v.Country, Group: v.Group, Place: at})
	}
	return nil
}

// claimVantage states the server's own vantage point, unless its name is
// another's.
func (a *App) claimVantage(ctx context.Context, v model.Vantage) error {
	known, err := a.store.Vantages(ctx)
	if err != nil {
		return err
	}
	own := model.VantageFacts{Vantage: v, Created: a.now(), Own: true}
	for _, k := range known {
		if k.ID != v.ID {
			continue
		}
		if !k.Own {
			return model.Errorf(model.ErrConflict, "vantage.id %q is a vantage point with a token already: choose another id for this server", v.ID)
		}
		own.Name = k.Name
	}
	return a.store.SaveVantage(ctx, own, "")
}
