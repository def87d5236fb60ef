// Package app wires every part into the service: it opens the store and the
// bus, starts the roles a process takes, and stops them in reverse order. It is
// the only package that knows all the others.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"crosscheck/internal/alert"
	"crosscheck/internal/bus"
	"crosscheck/internal/claim"
	"crosscheck/internal/collect"
	"crosscheck/internal/config"
	"crosscheck/internal/fetch"
	"crosscheck/internal/model"
	"crosscheck/internal/outage"
	"crosscheck/internal/place"
	"crosscheck/internal/probe"
	"crosscheck/internal/speaker"
	"crosscheck/internal/statement"
	"crosscheck/internal/store"
	"crosscheck/internal/story"
	"crosscheck/internal/web"
)

// Options is what New needs. Config is required and must be valid.
type Options struct {
	Config  config.Config
	Version string
	// Now is the clock of what is seen and when sources are due; default
	// time.Now. Time-outs and back-off always run on the real clock.
	Now func() time.Time
	// Tick is how often the poller looks for due sources; default 1 s.
	Tick time.Duration
	// Sweep is how often ids that a crash lost are published again; default
	// 10 s.
	Sweep time.Duration
	// Probe is the world the server's own vantage point looks at; its zero value
	// is the machine's network.
	Probe probe.Config
}

// App is the running program.
type App struct {
	lg   *slog.Logger
	opt  Options
	cfg  config.Config
	now  func() time.Time
	boot time.Time

	store     *store.Store
	bus       *bus.Bus
	fetch     *fetch.Client
	collector *collect.Collector
	extractor *statement.Extractor
	grouper   *story.Grouper
	claims    *claim.Grouper
	grouping  sync.Mutex              // one article at a time is grouped and stored
	decided   int64                   // the newest decision of a person the groupers know; with grouping
	reread    []store.ClaimAssignment // attitudes that decisions changed, to be stored with the next claims; with grouping
	watch     *watch
	own       chan model.Observation // of the server's own vantage point
	alerts    *alert.Engine
	metrics   *metrics
	web       *web.Server
	listener  net.Listener
}

// New opens everything the configured roles need, and listens; nothing runs
// before Run. On an error everything opened is closed again.
func New(ctx context.Context, lg *slog.Logger, opt Options) (_ *App, err error) {
	a := &App{lg: lg, opt: withDefaults(opt), cfg: opt.Config, boot: time.Now()}
	a.now = a.opt.Now
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	if a.has("web") {
		if a.listener, err = listen(ctx, a.cfg.Listen); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(a.cfg.Data, 0o750); err != nil {
		return nil, fmt.Errorf("data folder %s: %w", a.cfg.Data, err)
	}
	if a.store, err = store.Open(ctx, lg, store.Config{Dir: a.cfg.Data, DSN: a.cfg.Database, Speakers: speakers, Around: around, Now: a.now}); err != nil {
		return nil, err
	}
	if a.bus, err = bus.Open(ctx, lg, bus.Config{Dir: busDir(a.cfg.Data), URL: a.cfg.Bus}); err != nil {
		return nil, err
	}
	if a.fetch, err = newFetcher(lg, a.cfg.Fetch); err != nil {
		return nil, err
	}
	a.collector = collect.New(lg, a.fetch, collect.Config{Min: a.cfg.Collect.Min, Max: a.cfg.Collect.Max, Now: a.now})
	if a.extractor, err = statement.New(); err != nil {
		return nil, err
	}
	if err := AddPlaces(a.cfg.Places); err != nil {
		return nil, err
	}
	a.grouper, a.claims = story.New(story.Config{}), claim.New(claim.Config{Whole: true})
	a.watch = newWatch()
	if err := a.openProber(); err != nil {
		return nil, err
	}
	registry := prometheus.NewRegistry()
	a.metrics = newMetrics(registry, a.store, a.bus, a.watch)
	if a.alerts, err = newAlerts(lg, a.store, &a.cfg, a.fetch.Transport(), a.now); err != nil {
		return nil, err
	}
	outlines, err := ownOutlines(a.cfg.Outlines)
	if err != nil {
		return nil, err
	}
	p := pages{a.store, a.now}
	a.web = web.New(lg, p, web.Config{
		Reach: p, Situations: p, Briefings: p, Report: outage.Sentence, Unknowns: outage.Unknowns,
		Now: a.now, Metrics: metricsHandler(registry), Version: opt.Version,
		Title: a.cfg.Title, BaseURL: a.cfg.BaseURL, Ready: a.ready, Vantage: newIngest(a),
		Outlines: outlines, Places: gazetteer{},
	})
	return a, errors.Join(a.followConfigured(ctx), a.measureConfigured(ctx))
}

// around lists the places one lies in.
func around(id int64) []int64 {
	var out []int64
	for _, p := range place.Containing(id) {
		out = append(out, p.ID)
	}
	return out
}

// AddPlaces adds the places of a configuration to the gazetteer, in the place of
// those that were added before. A fault is an ErrInvalid that names the place.
func AddPlaces(list []config.Place) error {
	out := make([]place.Own, len(list))
	for i, p := range list {
		out[i] = place.Own{Name: p.Name, Aliases: p.Aliases, Kind: model.PlaceKind(p.Kind), Country: p.Country, Lat: p.Lat, Lon: p.Lon}
	}
	return place.Add(out)
}

// speakers is how the store tells speakers apart.
var speakers = store.Speakers{Keys: speaker.Keys, Choose: speaker.Choose}

func withDefaults(opt Options) Options {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Tick == 0 {
		opt.Tick = time.Second
	}
	if opt.Sweep == 0 {
		opt.Sweep = 10 * time.Second
	}
	return opt
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w (choose another address with --listen)", addr, reason(err))
	}
	return l, nil
}

// reason strips what net wraps around the cause.
func reason(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	var sys *os.SyscallError
	if errors.As(err, &sys) {
		err = sys.Err
	}
	return err
}

func newFetcher(lg *slog.Logger, cfg config.Fetch) (*fetch.Client, error) {
	prefixes, err := cfg.Prefixes()
	if err != nil {
		return nil, err
	}
	return fetch.New(lg, fetch.Config{
		UserAgent: cfg.UserAgent, Allow: prefixes, Hosts: cfg.Hosts, MaxBody: cfg.MaxBody,
		Timeout: cfg.Timeout, PerHost: cfg.PerHost, Pace: cfg.Pace, MaxWait: time.Minute,
	}), nil
}

// has reports whether this process takes a role.
func (a *App) has(role string) bool {
	return slices.Contains(a.cfg.Roles, "all") || slices.Contains(a.cfg.Roles, role)
}

// URL is where the pages are served, "" without the web role.
func (a *App) URL() string {
	if a.listener == nil {
		return ""
	}
	return "http://" + a.listener.Addr().String()
}

// followConfigured adds the sources the configuration names.
func (a *App) followConfigured(ctx context.Context) error {
	for _, s := range a.cfg.Sources {
		src := s.Model()
		if err := a.store.SaveSource(ctx, &src); err != nil {
			return err
		}
	}
	return nil
}

// Follow adds a source or changes what is stated about a known one.
func (a *App) Follow(ctx context.Context, src model.Source) error {
	return a.store.SaveSource(ctx, &src)
}

// ready reports whether the database answers.
func (a *App) ready(ctx context.Context) error {
	_, err := a.store.Latest(ctx)
	return err
}

// Run runs every role until ctx is done or one of them fails, and closes the
// program in reverse order of its start.
func (a *App) Run(ctx context.Context) error {
	if err := a.restore(ctx); err != nil {
		if ctx.Err() != nil {
			err = nil // stopped before it had begun
		}
		return errors.Join(err, a.Close())
	}
	g, ctx := errgroup.WithContext(ctx)
	if a.has("judge") {
		g.Go(func() error { return a.watchServices(ctx) })
		g.Go(func() error { return a.askOutside(ctx) })
	}
	for _, s := range a.stages() {
		if a.has(s.role) {
			g.Go(func() error { return a.consume(ctx, s) })
		}
	}
	if a.has("collect") {
		g.Go(func() error { return a.poll(ctx) })
	}
	if a.has("read") {
		g.Go(func() error { return a.workSituations(ctx) })
		g.Go(func() error {
			return a.consume(ctx, stage{name: "timeline", subject: subjectOutage, workers: 1, handle: a.timeOutage})
		})
		g.Go(func() error { return a.watchEntries(ctx) })
		g.Go(func() error { return a.alerts.Run(ctx) })
	}
	g.Go(func() error { return a.sweep(ctx) })
	if a.has("web") {
		g.Go(func() error { return a.serve(ctx) })
	}
	err := g.Wait()
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	return errors.Join(err, a.Close())
}

// The limits of the web server; a slow or silent client holds a connection no
// longer than these.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 32 << 10
	stopTimeout   = 5 * time.Second
)

// serve answers requests until ctx is done.
func (a *App) serve(ctx context.Context) error {
	srv := &http.Server{
		Handler: a.web, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(a.lg.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(a.listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("web server: %w", err)
	case <-ctx.Done():
	}
	a.web.Close()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := srv.Shutdown(stop); err != nil {
		return errors.Join(srv.Close(), ctx.Err())
	}
	return ctx.Err()
}

// Close releases everything New opened. It is safe to call twice.
func (a *App) Close() error {
	var errs []error
	if a.bus != nil {
		errs = append(errs, a.bus.Close())
		a.bus = nil
	}
	if a.fetch != nil {
		a.fetch.Close()
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
		a.store = nil
	}
	if a.listener != nil {
		if err := a.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
