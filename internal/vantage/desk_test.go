package vantage

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/probe/fakenet"
)

const token = "wharf-7731"

// desk is a server as vantage points see it.
type desk struct {
	mu        sync.Mutex
	config    string
	tag       string
	away      bool                             // no connection stands
	refuse    func(w http.ResponseWriter) bool // answers in place of the server, or not
	limit     int                              // bytes of a batch, 0: any
	ahead     time.Duration                    // of its clock
	skew      bool                             // says skew_ms
	suspect   []string
	seen      map[string]bool
	lines     []string // accepted, in their order
	summaries []summary
	doubles   int
	requests  []time.Time
	gets      int
	times     []string // X-Vantage-Time of batches
	faults    []string // what was wrong with requests
}

func newDesk(services ...string) *desk {
	d := &desk{seen: map[string]bool{}}
	d.order(services...)
	return d
}

// order makes the configuration one of the services: "id target", and private
// after that.
func (d *desk) order(services ...string) {
	var list []string
	for _, s := range services {
		f := strings.Fields(s)
		list = append(list, fmt.Sprintf(`{"id":%q,"target":%q,"private":%v}`, f[0], f[1], len(f) > 2))
	}
	d.set(`{"vantage":{"id":"quay-1","asn":64500,"country":"DE","group":"rack"},"every_s":60,"suspect_s":20,"anchors":[` +
		`{"address":"5.0.0.1:443","network":"A"},{"address":"5.0.0.2:443","network":"B"},{"address":"5.0.0.3:443","network":"C"},` +
		`{"address":"5.0.0.4:443","network":"D"},{"address":"5.0.0.5:443","network":"E"}],"services":[` + strings.Join(list, ",") + `]}`)
}

func (d *desk) set(config string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.config, d.tag = config, model.ID("config", config)
}

func (d *desk) do(f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f()
}

// RoundTrip implements http.RoundTripper without a network.
func (d *desk) RoundTrip(r *http.Request) (*http.Response, error) {
	d.mu.Lock()
	away := d.away
	d.mu.Unlock()
	if away {
		d.do(func() { d.requests = append(d.requests, time.Now()) })
		return nil, errors.New("connection refused")
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Result(), nil
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now().Add(d.ahead)
	d.requests = append(d.requests, time.Now())
	w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
	w.Header().Set("Content-Type", "application/json")
	if d.refuse != nil && d.refuse(w) {
		return
	}
	if r.Header.Get("Authorization") != "Bearer "+token {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	switch r.Method + " " + r.URL.Path {
	case "GET /api/v1/vantage/config":
		d.gets++
		w.Header().Set("ETag", `"`+d.tag+`"`)
		if r.Header.Get("If-None-Match") == `"`+d.tag+`"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = io.WriteString(w, d.config)
	case "POST /api/v1/vantage/observations":
		d.take(w, r, now)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func (d *desk) take(w http.ResponseWriter, r *http.Request, now time.Time) {
	fault := func(format string, args ...any) { d.faults = append(d.faults, fmt.Sprintf(format, args...)) }
	if r.Header.Get("Content-Type") != "application/x-ndjson" || r.Header.Get("Content-Encoding") != "gzip" {
		fault("headers %v", r.Header)
	}
	d.times = append(d.times, r.Header.Get("X-Vantage-Time"))
	sent, err := time.Parse(time.RFC3339Nano, r.Header.Get("X-Vantage-Time"))
	if err != nil {
		fault("time: %v", err)
	}
	var body []byte
	z, err := gzip.NewReader(r.Body)
	if err == nil {
		body, err = io.ReadAll(z)
	}
	if err != nil {
		fault("body: %v", err)
	}
	if d.limit > 0 && len(body) > d.limit {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	if len(body) > 8<<20 || bytes.Count(body, []byte("\n")) > 20_000 {
		fault("batch of %d bytes", len(body))
	}
	answer := map[string]any{"accepted": 0, "suspect": d.suspect, "config": d.tag}
	if d.skew {
		answer["skew_ms"] = sent.Sub(now).Milliseconds()
	}
	accepted, doubles, rejected := 0, 0, []map[string]any{}
	for line := range strings.Lines(string(body)) {
		var one struct {
			model.Observation
			Summary *summary
		}
		err := json.Unmarshal([]byte(line), &one)
		if err == nil && one.Summary == nil {
			err = one.Validate()
		}
		switch {
		case err != nil:
			rejected = append(rejected, map[string]any{"line": 1, "error": err.Error()})
			fault("line %s: %v", line, err)
		case d.seen[line]:
			doubles++
		case one.Summary != nil:
			d.seen[line] = true
			accepted++
			d.summaries = append(d.summaries, *one.Summary)
		default:
			d.seen[line] = true
			accepted++
			d.lines = append(d.lines, line)
		}
	}
	d.doubles += doubles
	answer["accepted"], answer["duplicates"], answer["rejected"] = accepted, doubles, rejected
	_ = json.NewEncoder(w).Encode(answer)
}

// observations are those the server accepted, in the order they came.
func (d *desk) observations(t *testing.T) []model.Observation {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.faults) > 0 {
		t.Errorf("requests: %s", strings.Join(d.faults, "\n"))
	}
	var all []model.Observation
	for _, line := range d.lines {
		var o model.Observation
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
	return all
}

// of are the observations of one service.
func of(all []model.Observation, service string) []model.Observation {
	return slices.DeleteFunc(slices.Clone(all), func(o model.Observation) bool { return o.Service != service })
}

// place is a machine in a network of its own, in virtual time.
type place struct {
	*testing.T
	desk *desk
	net  *fakenet.Net
	log  *bytes.Buffer
	cfg  Config

	cancel context.CancelFunc
	done   chan error
}

// at runs f where anchors and the hosts bank (5.0.1.1:22), mill (5.0.1.2:22)
// and yard (10.0.0.5:22) accept connections.
func at(t *testing.T, d *desk, f func(p *place)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		n, err := fakenet.New(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range []string{"5.0.0.1:443", "5.0.0.2:443", "5.0.0.3:443", "5.0.0.4:443", "5.0.0.5:443", "5.0.1.1:22", "5.0.1.2:22", "10.0.0.5:22"} {
			n.Listen(netip.MustParseAddrPort(a), fakenet.Host{})
		}
		p := &place{T: t, desk: d, net: n, log: &bytes.Buffer{}, cfg: Config{
			Join: "https://desk.example", Token: token, Spool: t.TempDir(), Version: "test", Transport: d, Network: n,
		}}
		f(p)
		n.Close()
	})
}

// start runs an agent.
func (p *place) start() *Agent {
	p.Helper()
	a, err := New(logTo(p.log), p.cfg)
	if err != nil {
		p.Fatal(err)
	}
	ctx, cancel := context.WithCancel(p.Context())
	p.cancel, p.done = cancel, make(chan error, 1)
	go func() { p.done <- a.Run(ctx) }()
	return a
}

// stop ends it and returns its error.
func (p *place) stop() error {
	p.cancel()
	return <-p.done
}

func (p *place) says(want string) {
	p.Helper()
	synctest.Wait() // whoever writes the log is done
	if !strings.Contains(p.log.String(), want) {
		p.Errorf("no %q in the log:\n%s", want, p.log)
	}
}

// whole checks that a service was observed without a gap for a time.
func whole(t *testing.T, all []model.Observation, d time.Duration) {
	t.Helper()
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b model.Observation) int { return a.At.Compare(b.At) })
	if want := int(d/time.Minute) - 1; len(all) < want {
		t.Fatalf("%d observations, want at least %d", len(all), want)
	}
	for i := 1; i < len(all); i++ {
		if gap := all[i].At.Sub(all[i-1].At); gap > 80*time.Second || gap == 0 {
			t.Errorf("gap of %v after %v", gap, all[i-1].At)
		}
	}
}

func logTo(b *bytes.Buffer) *slog.Logger { return slog.New(slog.NewTextHandler(b, nil)) }

func mustJoin(t *testing.T) *url.URL {
	t.Helper()
	u, err := parseJoin("https://desk.example")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// observationLine is a line of its own minute, service and outcome.
func observationLine(i int) string {
	start := time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC)
	outcome := [...]string{"ok", "fail", "slow", "refused", "ok"}[i%5]
	return fmt.Sprintf(`{"at":%q,"service":"s%d","vantage":"quay-1","valid":%v,"outcome":%q}`+"\n",
		start.Add(time.Duration(i)*time.Minute).Format(time.RFC3339), i%7, i%5 != 4, outcome)
}

// chunk is n lines from the i-th on.
func chunk(i, n int) string {
	var b strings.Builder
	for k := range n {
		b.WriteString(observationLine(i + k))
	}
	return b.String()
}
