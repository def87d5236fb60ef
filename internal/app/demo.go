package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"crosscheck/internal/config"
	"crosscheck/internal/demo"
	"crosscheck/internal/model"
	"crosscheck/internal/publish"
	"crosscheck/internal/store"
)

// DemoOptions sets up the scripted crisis.
type DemoOptions struct {
	Listen  string        // of the pages
	Length  time.Duration // real time the script takes
	Exit    bool          // Run returns when the script has been played
	Version string
}

// Demo is the program playing the scripted crisis: a fictional web inside the
// process, and everything else as in service.
type Demo struct {
	app       *App
	opt       DemoOptions
	clock     *demo.Clock
	desk      []demo.Decision // what the script's desk has yet to decide
	briefings []demo.Briefing // what it has yet to publish
	world     *demoWorld
	tokens    map[string]string // by vantage point
	dir       string
	web       *http.Server
}

const (
	// demoMin and demoMax bound the polling interval, in fictional time.
	demoMin = 4 * time.Minute
	demoMax = 8 * time.Minute
	// demoTick is how often the poller looks for due sources, in real time.
	demoTick = 100 * time.Millisecond
	// demoSettle is how long the pipeline gets to finish when the script ends.
	demoSettle = 3 * time.Second
)

// NewDemo starts the fictional web and opens the program on a temporary data
// folder that follows it.
func NewDemo(ctx context.Context, lg *slog.Logger, opt DemoOptions) (_ *Demo, err error) {
	d := &Demo{opt: opt, clock: demo.NewClock(time.Now(), opt.Length)}
	defer func() {
		if err != nil {
			d.close()
		}
	}()
	fiction, err := demo.New(d.clock.Now)
	if err != nil {
		return nil, err
	}
	inner, err := listen(ctx, "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	d.clock.Hold(demo.Start)
	if d.world, err = newDemoWorld(fiction.Measured(), demo.Start); err != nil {
		return nil, err
	}
	d.web = &http.Server{Handler: fiction, ReadHeaderTimeout: headerTimeout}
	go func() { _ = d.web.Serve(inner) }() // ends with close
	if d.dir, err = os.MkdirTemp("", "crosscheck-demo-"); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(d.dir, demoOutlines), demo.Outlines, 0o600); err != nil {
		return nil, err
	}
	d.app, err = New(ctx, lg, Options{Config: demoConfig(opt, d.dir, inner, fiction), Version: opt.Version, Now: d.clock.Now, Tick: demoTick})
	if err != nil {
		return nil, err
	}
	if err := d.begin(ctx, fiction); err != nil {
		return nil, errors.Join(err, d.app.Close())
	}
	return d, nil
}

// begin has the program follow what the script follows.
func (d *Demo) begin(ctx context.Context, fiction *demo.Web) (err error) {
	for _, src := range fiction.Sources() {
		if err := d.app.Follow(ctx, src); err != nil {
			return err
		}
	}
	if d.tokens, err = d.app.demoMeasured(ctx, d.world.script); err != nil {
		return err
	}
	for _, s := range fiction.Situations() {
		s.Changed = d.app.now()
		if err := d.app.store.SaveSituation(ctx, &s); err != nil {
			return err
		}
	}
	d.desk, d.briefings = fiction.Decisions(), fiction.Briefings()
	return nil
}

// demoOutlines is the file with the map of the script, in the demo's folder.
const demoOutlines = "outlines.geojson"

func demoConfig(opt DemoOptions, dir string, inner net.Listener, fiction *demo.Web) config.Config {
	cfg := config.Default()
	cfg.Listen, cfg.Data = opt.Listen, filepath.Join(dir, "data")
	cfg.Outlines = filepath.Join(dir, demoOutlines)
	cfg.Title = "crosscheck demo"
	cfg.Collect = config.Collect{Min: demoMin, Max: demoMax}
	invent(&cfg, inner.Addr().String(), fiction)
	return cfg
}

// invent has a configuration reach the invented web, which is served at an
// address, know the script's places, and leave measuring to its vantage points.
func invent(cfg *config.Config, address string, fiction *demo.Web) {
	cfg.Vantage.ID = ""
	for _, p := range fiction.Places() {
		cfg.Places = append(cfg.Places, config.Place{Name: p.Name, Aliases: p.Aliases, Kind: string(p.Kind), Country: p.Country, Lat: p.Lat, Lon: p.Lon})
	}
	cfg.Fetch.Allow, cfg.Fetch.Pace = []string{"127.0.0.1/32"}, -1
	cfg.Fetch.Hosts = map[string]string{}
	for _, host := range fiction.Hosts() {
		cfg.Fetch.Hosts[host] = address
	}
}

// URL is where the pages are served.
func (d *Demo) URL() string { return d.app.URL() }

// Run plays the script until ctx is done, tells say how it goes, and removes
// everything it made.
func (d *Demo) Run(ctx context.Context, say func(string)) error {
	defer d.close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	told := make(chan struct{})
	go func() {
		defer close(told)
		d.tell(ctx, say)
		if d.opt.Exit {
			cancel()
		}
	}()
	var wg sync.WaitGroup
	wg.Go(func() { d.decide(ctx) })
	wg.Go(func() { d.measure(ctx) })
	err := d.app.Run(ctx)
	cancel()
	<-told
	wg.Wait()
	return err
}

// decide does what the script's desk does until there is nothing left.
func (d *Demo) decide(ctx context.Context) {
	for len(d.desk)+len(d.briefings) > 0 && pause(ctx, demoTick) {
		if err := d.due(ctx); err != nil && ctx.Err() == nil {
			d.app.lg.Error("script's desk", "error", err)
		}
	}
}

// due does what the script's desk does next, once its time has come and what it
// is about has been read; what fails otherwise is left undone.
func (d *Demo) due(ctx context.Context) error {
	now := d.app.now()
	if len(d.desk) > 0 && !now.Before(d.desk[0].At) {
		if err := d.app.decideScripted(ctx, d.desk[0], now); !errors.Is(err, model.ErrNotFound) {
			d.desk = d.desk[1:]
			return err
		}
	}
	if len(d.briefings) > 0 && !now.Before(d.briefings[0].At) {
		if err := d.app.briefScripted(ctx, d.briefings[0]); !errors.Is(err, model.ErrNotFound) {
			d.briefings = d.briefings[1:]
			return err
		}
	}
	return nil
}

// briefScripted publishes a briefing of the script, as the desk's form does. What
// it takes is found in the draft by its first words.
func (a *App) briefScripted(ctx context.Context, b demo.Briefing) error {
	draft, err := a.web.Draft(ctx, b.Situation)
	if err != nil {
		return err
	}
	var picks []publish.Pick
	for i, p := range b.Parts {
		pick := publish.Pick{Words: p.Words, Order: i}
		if p.Kind != model.SentenceDesk {
			n := slices.IndexFunc(draft, p.Means)
			if n < 0 {
				return model.Errorf(model.ErrNotFound, "briefing of %s: nothing in the draft begins with %q yet", b.Situation, p.Words)
			}
			pick = publish.Pick{Key: draft[n].Key, Order: i}
		}
		picks = append(picks, pick)
	}
	_, err = a.web.Publish(ctx, model.Briefing{Situation: b.Situation, N: b.Corrects, Title: b.Title, By: b.By}, picks)
	return err
}

// decideScripted merges the claims of two passages, unless they are one already,
// and sets the attitude of the first, also where the machine found the same: what
// it finds may change with the merge.
func (a *App) decideScripted(ctx context.Context, d demo.Decision, at time.Time) error {
	from, err := a.passage(ctx, d.From)
	if err != nil {
		return err
	}
	into, err := a.passage(ctx, d.Into)
	if err != nil {
		return err
	}
	if from.Claim != into.Claim {
		_, err = decide(ctx, a.store, model.Decision{Noun: "claim", Verb: "merge", ID: from.Claim, Other: into.Claim, Who: d.By, At: at})
	}
	if err == nil && d.Attitude != "" {
		_, err = decide(ctx, a.store, model.Decision{Noun: "claim", Verb: "attitude", Other: string(d.Attitude), Parts: []string{from.ID}, Who: d.By, At: at})
	}
	return err
}

// passage finds the statement that begins with given words.
func (a *App) passage(ctx context.Context, p demo.Passage) (*model.Ledger, error) {
	list, err := a.store.Claimables(ctx, model.ID("article", model.URLKey(p.URL)))
	if err != nil {
		return nil, err
	}
	for i := range list {
		if strings.HasPrefix(list[i].Text, p.Words) && list[i].Claim != "" {
			return &list[i].Ledger, nil
		}
	}
	return nil, model.Errorf(model.ErrNotFound, "%s: no claim begins with %q yet", p.URL, p.Words)
}

// tell reports the state of the script every tenth of its length.
func (d *Demo) tell(ctx context.Context, say func(string)) {
	tick := time.NewTicker(max(d.opt.Length/10, time.Second))
	defer tick.Stop()
	for over := false; !over; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		over = !d.clock.Now().Before(demo.End)
		if over && !pause(ctx, demoSettle) {
			return
		}
		n, err := d.app.store.Counts(ctx)
		if err != nil {
			return
		}
		say(d.line(n))
	}
	if !d.opt.Exit {
		say("The script has been played; the pages stay until Ctrl-C.")
	}
}

func (d *Demo) line(n store.Counts) string {
	return fmt.Sprintf("%s  %2d articles  %2d stories  %3d statements", d.clock.Now().Format("2 Jan 15:04"), n.Articles, n.Stories, n.Statements)
}

// pause waits, and reports false when ctx ended first.
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

func (d *Demo) close() {
	if d.web != nil {
		_ = d.web.Close() // its connections are our own
	}
	if d.dir != "" {
		_ = os.RemoveAll(d.dir)
	}
}
