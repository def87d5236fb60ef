// Package signal asks outside observers of the internet what they see of the
// networks in which the services lie: IODA, RIPE RIS, OONI and Cloudflare
// Radar. What they say supports a loss that the vantage points have measured
// and proves none; that they say nothing means nothing. Each source may fail by
// itself: what it cannot say is left out. docs/outages.md has the method.
package signal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"crosscheck/internal/model"
)

// The names of the sources, as model.Signal.Source has them.
const (
	IODA  = "ioda"
	RIS   = "ris"
	OONI  = "ooni"
	Radar = "radar"
)

// The likelihood ratios of a loss against none. They are guesses to be fitted
// once there are labels; the judge caps their product.
const (
	ratioStrong  = 20 // a prefix gone from half of the peers; what people of Radar verified
	ratioGrave   = 10 // a critical alert of IODA
	ratioWarning = 3  // a warning, or what a machine found
	ratioNone    = 1  // says nothing of a loss
)

// Config says which sources are asked, and how.
type Config struct {
	IODA       bool
	RIS        bool
	OONI       bool
	RadarToken string            // of the Cloudflare API; "": Radar is not asked
	Transport  http.RoundTripper // carries every request, the web socket's included; required
	UserAgent  string
	Now        func() time.Time // default time.Now
}

// Runner asks the sources of a Config. It is safe for concurrent use.
type Runner struct {
	lg     *slog.Logger
	cfg    Config
	now    func() time.Time
	client *http.Client
	base   bases

	mu     sync.Mutex
	health map[string]Health
}

// bases are the addresses of the sources.
type bases struct{ ioda, ooni, radar, ris, stat string }

// New returns a Runner that has asked nothing yet.
func New(lg *slog.Logger, cfg Config) *Runner {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Runner{
		lg: lg, cfg: cfg, now: cfg.Now, client: &http.Client{Transport: cfg.Transport}, health: map[string]Health{},
		base: bases{
			ioda:  "https://api.ioda.inetintel.cc.gatech.edu/v2",
			ooni:  "https://api.ooni.io/api/v1",
			radar: "https://api.cloudflare.com/client/v4/radar",
			ris:   "wss://ris-live.ripe.net/v1/ws/?client=crosscheck",
			stat:  "https://stat.ripe.net/data",
		},
	}
}

// Health is how a source has answered.
type Health struct {
	Source string
	Asked  time.Time // last try
	OK     time.Time // last good answer; zero: none yet
	Err    string    // of the last try, "" when it was good
}

// Health lists the sources asked so far, sorted by name.
func (r *Runner) Health() []Health {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []Health
	for _, h := range r.health {
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b Health) int { return cmp.Compare(a.Source, b.Source) })
	return out
}

// note keeps how a source answered, and logs when that changes.
func (r *Runner) note(ctx context.Context, source string, err error) {
	if ctx.Err() != nil {
		return // it is we who stop
	}
	r.mu.Lock()
	h := r.health[source]
	before := h.Err
	h.Source, h.Asked, h.Err = source, r.now(), ""
	if err == nil {
		h.OK = h.Asked
	} else {
		h.Err = err.Error()
	}
	r.health[source] = h
	r.mu.Unlock()
	switch {
	case err != nil && before == "":
		r.lg.WarnContext(ctx, "outside source does not answer", "source", source, "error", err)
	case err == nil && before != "":
		r.lg.InfoContext(ctx, "outside source answers again", "source", source)
	}
}

// Run asks the configured sources about the services until ctx is done, and
// delivers what they say. Deliver is called by one goroutine for each source,
// more often than once for what lasts: the same At, a longer Stale. Private
// services are not asked about. The error is that of ctx.
func (r *Runner) Run(ctx context.Context, services func() []model.Service, deliver func(context.Context, model.Signal)) error {
	public := func() []model.Service {
		return slices.DeleteFunc(slices.Clone(services()), func(s model.Service) bool { return s.Private })
	}
	var wg sync.WaitGroup
	for _, p := range r.pollers() {
		wg.Go(func() { r.poll(ctx, p, public, deliver) })
	}
	if r.cfg.RIS {
		wg.Go(func() { r.follow(ctx, public, deliver) })
	}
	wg.Wait()
	<-ctx.Done()
	return ctx.Err()
}

// poller is a source that is asked from time to time. What it gives beside an
// error counts.
type poller struct {
	name  string
	every time.Duration
	ask   func(context.Context, []model.Service) ([]model.Signal, error)
}

func (r *Runner) pollers() []poller {
	var out []poller
	if r.cfg.IODA {
		out = append(out, poller{IODA, iodaEvery, r.askIODA})
	}
	if r.cfg.OONI {
		out = append(out, poller{OONI, ooniEvery, r.askOONI})
	}
	if r.cfg.RadarToken != "" {
		out = append(out, poller{Radar, radarEvery, r.askRadar})
	}
	return out
}

// poll asks one source until ctx is done.
func (r *Runner) poll(ctx context.Context, p poller, services func() []model.Service, deliver func(context.Context, model.Signal)) {
	for fails := 0; ; {
		wait := jitter(p.every)
		if about := services(); len(about) > 0 {
			signals, err := p.ask(ctx, about)
			r.deliver(ctx, signals, deliver)
			if err != nil {
				err = fmt.Errorf("%s: %w", p.name, err)
				fails++
				wait = backOff(p.every, fails, err)
			} else {
				fails = 0
			}
			r.note(ctx, p.name, err)
		}
		if !pause(ctx, wait) {
			return
		}
	}
}

// deliver hands on what is valid; a source's nonsense stops here.
func (r *Runner) deliver(ctx context.Context, signals []model.Signal, to func(context.Context, model.Signal)) {
	for _, s := range signals {
		if err := s.Validate(); err != nil {
			r.lg.DebugContext(ctx, "outside signal left out", "source", s.Source, "error", err)
			continue
		}
		to(ctx, s)
	}
}

// maxBackOff is the longest time between two tries at a source that fails.
const maxBackOff = 2 * time.Hour

// backOff doubles the time between tries, or takes what the source asked for
// where that is longer.
func backOff(every time.Duration, fails int, err error) time.Duration {
	wait := every
	for range fails {
		wait = min(2*wait, maxBackOff)
	}
	var busy *busyError
	if errors.As(err, &busy) {
		wait = max(wait, min(busy.after, maxBackOff))
	}
	return jitter(wait)
}

// jitter spreads a time by a tenth either way, so that many installations do
// not ask at once.
func jitter(d time.Duration) time.Duration {
	return d + time.Duration((rand.Float64()-0.5)*0.2*float64(d))
}

// pause waits and reports whether ctx still lasts.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// found is a loss that an outside source sees going on in a network.
type found struct {
	at    time.Time // since when
	ratio float64
}

// maxAge bounds how long a loss is said to last.
const maxAge = 30 * 24 * time.Hour

// graver prefers the stronger and then the newer of two.
func graver(a, b found) found {
	if b.ratio > a.ratio || b.ratio == a.ratio && b.at.After(a.at) {
		return b
	}
	return a
}

// lasting is the signal of a loss that goes on: it is given again at each
// round, and holds for three rounds from now.
func lasting(source, service string, f found, now time.Time, every time.Duration) model.Signal {
	age := min(max(now.Sub(f.at), 0), maxAge)
	return model.Signal{Source: source, Service: service, At: f.at.UTC(), Ratio: f.ratio, Stale: age + 3*every}
}

// network is a country or an autonomous system, as IODA writes it: "country/DE"
// or "asn/3320".
type network string

func country(code string) network { return network("country/" + code) }
func system(asn uint32) network   { return network(fmt.Sprintf("asn/%d", asn)) }

// networks are those a service is known to lie in.
func networks(s *model.Service) []network {
	var out []network
	if s.ASN != 0 {
		out = append(out, system(s.ASN))
	}
	if s.Country != "" {
		out = append(out, country(s.Country))
	}
	return out
}

// lastingOf gives each service the gravest loss of its networks.
func lastingOf(source string, services []model.Service, seen map[network]found, now time.Time, every time.Duration) []model.Signal {
	var out []model.Signal
	for i := range services {
		var worst found
		for _, n := range networks(&services[i]) {
			worst = graver(worst, seen[n])
		}
		if worst.ratio > ratioNone {
			out = append(out, lasting(source, services[i].ID, worst, now, every))
		}
	}
	return out
}
