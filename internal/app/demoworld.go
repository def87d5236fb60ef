package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"sync"
	"time"

	"crosscheck/internal/demo"
	"crosscheck/internal/model"
	"crosscheck/internal/probe"
	"crosscheck/internal/probe/fakenet"
)

// demoEvery and demoSuspect are how often a service of the script is probed, in
// fictional time: a day and a half of it passes in a minute.
const (
	demoEvery   = 4 * probe.Every
	demoSuspect = probe.EverySuspect
)

// demoThinks is how long a server of the script takes for a page.
const demoThinks = 40 * time.Millisecond

// demoWorld is the network of the script: every service as every vantage point
// sees it, probed by real probers on a time of their own.
type demoWorld struct {
	script    demo.Measured
	lines     []*demoLine
	suspected []string
}

// demoLine is one service as one vantage point sees it.
type demoLine struct {
	vantage demo.Vantage
	service demo.Service
	target  probe.Target
	host    string
	at      netip.AddrPort
	net     *fakenet.Net
	clock   *fakenet.Clock
	prober  *probe.Prober
	due     time.Time
	every   time.Duration
	pending *model.Observation // made, and not known before the line's own time
}

// demoResolver answers for the names of the script.
var demoResolver = netip.MustParseAddrPort("192.0.2.53:53")

// newDemoWorld builds the network as it is at a time of the script. The vantage
// points take turns within an interval, and so do the services.
func newDemoWorld(script demo.Measured, start time.Time) (*demoWorld, error) {
	w := &demoWorld{script: script}
	n := len(script.Vantages) * len(script.Services)
	for i, s := range script.Services {
		for j, v := range script.Vantages {
			l, err := newDemoLine(v, s, start)
			if err != nil {
				return nil, err
			}
			l.due = start.Add(demoEvery * time.Duration(i*len(script.Vantages)+j) / time.Duration(n))
			w.lines = append(w.lines, l)
		}
	}
	return w, nil
}

func newDemoLine(v demo.Vantage, s demo.Service, start time.Time) (*demoLine, error) {
	l := &demoLine{vantage: v, service: s, clock: fakenet.NewClock(start), every: demoEvery}
	var err error
	if l.target, err = probe.ParseTarget(s.Target); err != nil {
		return nil, err
	}
	l.target.Service = s.ID
	page, err := url.Parse(s.Target)
	if err != nil {
		return nil, err
	}
	if l.net, err = fakenet.New(start); err != nil {
		return nil, err
	}
	l.net.On(l.clock)
	l.host = page.Hostname()
	l.at = netip.AddrPortFrom(s.Address, 443)
	l.net.Resolve(demoResolver, l.host, fakenet.Answer{Addrs: []netip.Addr{s.Address}, Delay: v.Line / 2})
	var anchors []probe.Anchor
	for i := range 6 {
		at := netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(100 + i)}), 443)
		l.net.Listen(at, fakenet.Host{Delay: v.Line})
		anchors = append(anchors, probe.Anchor{Address: at.String(), Network: strconv.Itoa(i)})
	}
	l.prober, err = probe.New(probe.Config{
		Vantage: v.Vantage, Network: l.net, Roots: l.net.Roots(), Now: l.clock.Now, Wait: l.clock.Wait,
		Resolvers: []netip.AddrPort{demoResolver}, Anchors: anchors, Allow: demoNetworks,
	})
	return l, err
}

// demoNetworks are the documentation prefixes, in which the script takes place.
var demoNetworks = []netip.Prefix{
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"),
}

// round probes what is due at a fictional time, and returns by vantage point the
// observations that are complete.
func (w *demoWorld) round(ctx context.Context, now time.Time) map[string][]model.Observation {
	var wg sync.WaitGroup
	for _, l := range w.lines {
		if l.pending == nil && !l.due.After(now) {
			wg.Go(func() { l.probe(ctx, w.script.Faults) })
		}
	}
	wg.Wait()
	out := map[string][]model.Observation{}
	for _, l := range w.lines {
		if l.pending != nil && !l.clock.Now().After(now) {
			out[l.vantage.ID] = append(out[l.vantage.ID], *l.pending)
			l.pending = nil
		}
	}
	return out
}

// suspect sets which services are probed more often from now on.
func (w *demoWorld) suspect(services []string, now time.Time) {
	w.suspected = services
	listed := map[string]bool{}
	for _, id := range services {
		listed[id] = true
	}
	for _, l := range w.lines {
		l.every = demoEvery
		if listed[l.service.ID] {
			l.every = demoSuspect
			if next := now.Add(l.every); l.due.After(next) {
				l.due = next
			}
		}
	}
}

// probe makes the network as the script says it is, and observes the service.
// Turns that pass meanwhile are left out.
func (l *demoLine) probe(ctx context.Context, faults []demo.Fault) {
	l.clock.Set(l.due)
	defer func() {
		for l.due = l.due.Add(l.every); l.due.Before(l.clock.Now()); l.due = l.due.Add(l.every) {
		}
	}()
	host := fakenet.Host{Delay: l.vantage.Line, TLS: fakenet.TLSGood, Name: l.host, Page: fakenet.Status(http.StatusOK, "<title>"+l.service.Name+"</title>")}
	cut := false
	for i := range faults {
		f := &faults[i]
		if !f.Holds(l.service.ID, l.vantage.ID, l.clock.Now()) {
			continue
		}
		switch f.Kind {
		case demo.FaultCut:
			cut = true
		case demo.FaultSilent:
			host.Connect = fakenet.Silent
		case demo.FaultSlow:
			host.Page = l.late(f.Delay, host.Page)
		case demo.FaultRefused:
			host.Page = fakenet.Status(http.StatusForbidden, "Not from where you are.")
		}
	}
	host.Page = l.late(l.vantage.Line+demoThinks, host.Page)
	l.net.Cut(cut)
	l.net.Listen(l.at, host)
	report := l.prober.Probe(ctx, l.target)
	l.pending = &report.Observation
}

// late answers like page after a while of the line's own time.
func (l *demoLine) late(d time.Duration, page fakenet.Page) fakenet.Page {
	return func(w io.Writer, req *http.Request, tear func()) {
		_ = l.clock.Wait(req.Context(), d) // never cancelled: the script's own
		page(w, req, tear)
	}
}

// demoMeasured adds the services and vantage points of the script, and returns
// the tokens of these.
func (a *App) demoMeasured(ctx context.Context, script demo.Measured) (map[string]string, error) {
	for i := range script.Services {
		s := &script.Services[i]
		var err error
		if s.Place, err = PlaceOf(s.At); err != nil {
			return nil, err
		}
		if err := a.store.SaveService(ctx, &s.Service); err != nil {
			return nil, err
		}
	}
	tokens := map[string]string{}
	for _, v := range script.Vantages {
		tokens[v.ID] = newToken()
		var err error
		if v.Place, err = PlaceOf(v.At); err != nil {
			return nil, err
		}
		facts := model.VantageFacts{Vantage: v.Vantage, Name: v.Name, Created: a.now()}
		if err := a.store.SaveVantage(ctx, facts, model.HashOf([]byte(tokens[v.ID]))); err != nil {
			return nil, err
		}
	}
	return tokens, nil
}

// demoStep is how long the clock is let go between two rounds, at most, in real
// time.
const demoStep = 5 * time.Millisecond

// measure plays the measured half of the script: the vantage points probe and
// report over HTTP as they would from elsewhere. The clock waits for each round,
// so that a slow machine plays the script more slowly and not otherwise.
func (d *Demo) measure(ctx context.Context) {
	defer d.clock.Hold(time.Time{})
	for at := demo.Start; !at.After(demo.End); at = at.Add(demoSuspect) {
		d.clock.Hold(at)
		for !d.clock.Reached(at) {
			if !pause(ctx, demoStep) {
				return
			}
		}
		err := d.observe(ctx, at)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			d.app.lg.Error("scripted vantage point", "error", err)
		}
	}
}

// observe has the vantage points probe what is due at a time, report it, and
// hear what the server suspects.
func (d *Demo) observe(ctx context.Context, at time.Time) error {
	suspect, err := d.report(ctx, d.world.round(ctx, at))
	d.world.suspect(suspect, at)
	return err
}

// report sends what the vantage points have observed, and returns which services
// the server suspects.
func (d *Demo) report(ctx context.Context, observed map[string][]model.Observation) ([]string, error) {
	suspect := d.world.suspected
	for vantage, list := range observed {
		var body bytes.Buffer
		lines := json.NewEncoder(&body)
		for i := range list {
			if err := lines.Encode(&list[i]); err != nil {
				return suspect, err
			}
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.app.URL()+"/api/v1/vantage/observations", &body)
		if err != nil {
			return suspect, err
		}
		req.Header.Set("Authorization", "Bearer "+d.tokens[vantage])
		req.Header.Set("Content-Type", "application/x-ndjson")
		req.Header.Set("X-Vantage-Time", d.app.now().Format(time.RFC3339Nano))
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return suspect, err
		}
		var got receipt
		err = json.NewDecoder(resp.Body).Decode(&got)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK || len(got.Rejected) > 0 {
			return suspect, fmt.Errorf("report of %s: %s, %v, rejected %v", vantage, resp.Status, err, got.Rejected)
		}
		suspect = got.Suspect
	}
	return suspect, nil
}
