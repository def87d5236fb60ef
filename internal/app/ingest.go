package app

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"crosscheck/internal/model"
	"crosscheck/internal/outage"
)

// The limits of what a vantage point sends.
const (
	maxReport      = 8 << 20 // bytes, as it comes and unpacked
	maxReportLines = 20_000
	// maxRejected lines are named in the answer; all are counted.
	maxRejected = 100
	// maxSkew is how far the clock of a vantage point may be off before what it
	// observed is taken as not proven.
	maxSkew = 2 * time.Second
	// maxFuture is how far after the server's clock an observation may lie.
	maxFuture = 2 * time.Minute
	// A vantage point may send reportBurst reports at once and then one in
	// reportEvery: a round is a few of them, a spool many.
	reportBurst = 30
	reportEvery = time.Second
	// reportsAtOnce are read at a time, which bounds the memory they take.
	reportsAtOnce = 4
	// tokensFor is how long tokens are known before they are read again: how
	// long a revoked one may still be taken.
	tokensFor = time.Second
	// maxVersion bounds what a vantage point says of its program, bytes.
	maxVersion = 64
)

// ingest answers vantage points.
type ingest struct {
	a      *App
	places chan struct{}

	mu       sync.Mutex
	read     time.Time // when the vantage points were read
	vantages map[[sha256.Size]byte]model.VantageFacts
	buckets  map[string]*bucket // by vantage point
}

// bucket bounds the reports of one vantage point.
type bucket struct {
	left float64
	at   time.Time
}

func newIngest(a *App) *ingest {
	return &ingest{a: a, places: make(chan struct{}, reportsAtOnce), buckets: map[string]*bucket{}}
}

// refusal is an answer other than 200.
type refusal struct {
	status int
	reason string
}

func (r *refusal) Error() string { return r.reason }

// ServeHTTP implements http.Handler for what web.Config.Vantage says.
func (g *ingest) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	arrived := g.a.now()
	w.Header().Set("Cache-Control", "no-store")
	err := g.serve(w, r, arrived)
	if err == nil {
		return
	}
	var no *refusal
	if !errors.As(err, &no) {
		if r.Context().Err() == nil {
			g.a.lg.Error("vantage point not answered", "path", r.URL.Path, "error", err)
		}
		no = &refusal{http.StatusServiceUnavailable, "not available for the moment"}
	}
	switch no.status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="vantage"`)
	case http.StatusTooManyRequests:
		w.Header().Set("Retry-After", "1")
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "10")
	}
	answer(w, no.status, map[string]string{"error": no.reason})
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client is gone, or was told
}

func (g *ingest) serve(w http.ResponseWriter, r *http.Request, arrived time.Time) error {
	v, err := g.authorize(r)
	if err != nil {
		return err
	}
	if r.Method == http.MethodPost {
		return g.report(w, r, v, arrived)
	}
	return g.config(w, r, v)
}

// authorize returns the vantage point whose token the request carries.
func (g *ingest) authorize(r *http.Request) (model.VantageFacts, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") || token == "" {
		return model.VantageFacts{}, &refusal{http.StatusUnauthorized, "want Authorization: Bearer TOKEN"}
	}
	known, err := g.known(r.Context())
	if err != nil {
		return model.VantageFacts{}, err
	}
	sum := sha256.Sum256([]byte(strings.TrimSpace(token)))
	var v model.VantageFacts
	found := 0
	for hash, k := range known { // all of them, whichever it is
		if subtle.ConstantTimeCompare(hash[:], sum[:]) == 1 {
			v, found = k, 1
		}
	}
	switch {
	case found == 0:
		return v, &refusal{http.StatusUnauthorized, "this token is not known"}
	case !v.Revoked.IsZero():
		return v, &refusal{http.StatusForbidden, "revoked"}
	}
	return v, nil
}

// known returns the vantage points by the hash of their tokens.
func (g *ingest) known(ctx context.Context) (map[[sha256.Size]byte]model.VantageFacts, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if time.Since(g.read) < tokensFor {
		return g.vantages, nil
	}
	tokens, err := g.a.store.VantageTokens(ctx)
	if err != nil {
		return nil, err
	}
	list, err := g.a.store.Vantages(ctx)
	if err != nil {
		return nil, err
	}
	vantages := make(map[[sha256.Size]byte]model.VantageFacts, len(list))
	for _, v := range list {
		var sum [sha256.Size]byte
		if n, err := hex.Decode(sum[:], []byte(tokens[v.ID])); err == nil && n == len(sum) {
			vantages[sum] = v
		}
	}
	g.vantages, g.read = vantages, time.Now()
	return vantages, nil
}

// take counts a report of a vantage point, or says that there are too many.
func (g *ingest) take(id string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	b := g.buckets[id]
	if b == nil {
		b = &bucket{left: reportBurst, at: g.a.now()}
		g.buckets[id] = b // no more than there are tokens
	}
	now := g.a.now()
	b.left = min(reportBurst, b.left+now.Sub(b.at).Seconds()/reportEvery.Seconds())
	b.at = now
	if b.left < 1 {
		return &refusal{http.StatusTooManyRequests, "too many reports"}
	}
	b.left--
	return nil
}

// rejection is a line that was not taken.
type rejection struct {
	Line  int    `json:"line"`
	Error string `json:"error"`
}

// receipt is the answer to a report.
type receipt struct {
	Accepted   int         `json:"accepted"`
	Duplicates int         `json:"duplicates"`
	Rejected   []rejection `json:"rejected"` // the first ones
	Skew       int64       `json:"skew_ms"`  // the vantage point's clock against the server's
	Suspect    []string    `json:"suspect"`  // services to probe more often
	Config     string      `json:"config"`   // ETag of the configuration
}

// report takes observations.
func (g *ingest) report(w http.ResponseWriter, r *http.Request, v model.VantageFacts, arrived time.Time) error {
	if err := g.take(v.ID); err != nil {
		return err
	}
	sent, err := time.Parse(time.RFC3339Nano, r.Header.Get("X-Vantage-Time"))
	if err != nil {
		return &refusal{http.StatusBadRequest, "want X-Vantage-Time: the sender's clock, RFC 3339"}
	}
	select {
	case g.places <- struct{}{}:
		defer func() { <-g.places }()
	case <-r.Context().Done():
		return r.Context().Err()
	}
	body, err := unpack(w, r)
	if err != nil {
		return err
	}
	services, err := g.a.store.Measured(r.Context())
	if err != nil {
		return err
	}
	skew := sent.Sub(arrived)
	in := reading{v: v, now: g.a.now(), keep: g.a.cfg.Keep.Observations, unproven: skew.Abs() > maxSkew, services: map[string]bool{}}
	for _, s := range services {
		in.services[s.ID] = true
	}
	if err := in.lines(body); err != nil {
		return err
	}
	out := receipt{Rejected: in.rejected, Skew: skew.Milliseconds()}
	if out.Accepted, out.Duplicates, err = g.a.observe(r.Context(), in.observations, g.a.now()); err != nil {
		return err
	}
	spooled, err := g.a.store.SaveSpooled(r.Context(), in.spooled)
	if err != nil {
		return err
	}
	out.Accepted, out.Duplicates = out.Accepted+spooled, out.Duplicates+len(in.spooled)-spooled
	g.a.metrics.reported(in.why, in.unproven, len(in.observations))
	if err := g.a.store.TouchVantage(r.Context(), v.ID, g.a.now(), skew, version(r)); err != nil {
		return err
	}
	if out.Suspect, err = g.a.suspects(r.Context()); err != nil {
		return err
	}
	_, out.Config = g.configOf(v, services)
	answer(w, http.StatusOK, out)
	return nil
}

// version is what a vantage point says of its program: "crosscheck/v1.2.0".
func version(r *http.Request) string {
	s := r.UserAgent()
	return s[:min(len(s), maxVersion)]
}

// unpack reads the body of a report.
func unpack(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	var in io.Reader = http.MaxBytesReader(w, r.Body, maxReport)
	switch coding := strings.ToLower(r.Header.Get("Content-Encoding")); coding {
	case "", "identity":
	case "gzip":
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, unreadable(err)
		}
		in = z
	case "zstd":
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxReport), zstd.WithDecoderMaxMemory(2*maxReport))
		if err != nil {
			return nil, unreadable(err)
		}
		defer z.Close()
		in = z
	default:
		return nil, &refusal{http.StatusUnsupportedMediaType, "want Content-Encoding gzip, zstd or none"}
	}
	body, err := io.ReadAll(io.LimitReader(in, maxReport+1))
	if err != nil {
		return nil, unreadable(err)
	}
	if len(body) > maxReport {
		return nil, &refusal{http.StatusRequestEntityTooLarge, "larger than 8 MiB unpacked"}
	}
	return body, nil
}

func unreadable(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return &refusal{http.StatusRequestEntityTooLarge, "larger than 8 MiB"}
	}
	return &refusal{http.StatusBadRequest, "the body cannot be read"}
}

// reading takes the lines of a report apart.
type reading struct {
	v        model.VantageFacts
	now      time.Time
	keep     time.Duration   // how long observations are kept, 0: for ever
	unproven bool            // the clock is off
	services map[string]bool // that are measured

	observations []model.Observation
	spooled      []model.Rollup
	rejected     []rejection
	why          map[string]int // rejected lines by reason
}

// lines takes each line or rejects it.
func (in *reading) lines(body []byte) error {
	in.rejected, in.why = []rejection{}, map[string]int{}
	n := 0
	for line := range bytes.Lines(body) {
		n++
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if n > maxReportLines {
			return &refusal{http.StatusRequestEntityTooLarge, "more than 20000 lines"}
		}
		if err := in.line(line); err != nil {
			if len(in.rejected) < maxRejected {
				in.rejected = append(in.rejected, rejection{n, err.Error()})
			}
			reason := "malformed"
			var no *lineError
			if errors.As(err, &no) {
				reason = no.reason
			}
			in.why[reason]++
		}
	}
	return nil
}

// lineError is a line that can be read and is not taken.
type lineError struct{ reason, text string }

func (e *lineError) Error() string { return e.text }

func (in *reading) line(line []byte) error {
	l, err := outage.ParseReportLine(line)
	if err != nil {
		return err
	}
	if l.Summary != nil {
		return in.summary(*l.Summary)
	}
	o := l.Observation
	if err := in.admit(o.Vantage, o.Service, o.At, o.At); err != nil {
		return err
	}
	o.ASN, o.Country, o.Group = in.v.ASN, in.v.Country, in.v.Group
	o.Valid = o.Valid && !in.unproven
	in.observations = append(in.observations, o)
	return nil
}

// admit says why nothing is taken of a vantage point about a service in a span
// of time.
func (in *reading) admit(vantage, service string, from, to time.Time) error {
	switch {
	case vantage != in.v.ID:
		return &lineError{"other vantage point", "this token is of vantage point " + in.v.ID}
	case !in.services[service]:
		return &lineError{"unknown service", "this service is not measured"}
	case to.Sub(in.now) > maxFuture:
		return &lineError{"future", "it lies in the future"}
	case in.keep > 0 && in.now.Sub(from) > in.keep:
		return &lineError{"too old", "it is older than what is kept"}
	}
	return nil
}

// summary takes the counts of observations that were dropped unsent.
func (in *reading) summary(r model.Rollup) error {
	r.Vantage = in.v.ID
	if err := in.admit(r.Vantage, r.Service, r.Start, r.Start.Add(r.Width)); err != nil {
		return err
	}
	if in.unproven {
		r.Invalid, r.OK, r.Fail, r.Slow, r.Refused = r.Invalid+r.OK+r.Fail+r.Slow+r.Refused, 0, 0, 0, 0
	}
	in.spooled = append(in.spooled, r)
	return nil
}

// suspects lists the services that may be failing, by id.
func (a *App) suspects(ctx context.Context) ([]string, error) {
	states, err := a.store.States(ctx)
	out := []string{}
	for id, s := range states {
		if troubled(s) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out, err
}

// vantageConfig is what a vantage point is told to do.
type vantageConfig struct {
	Vantage struct {
		ID      string `json:"id"`
		ASN     uint32 `json:"asn"`
		Country string `json:"country"`
		Group   string `json:"group"`
	} `json:"vantage"`
	Every    float64         `json:"every_s"`
	Suspect  float64         `json:"suspect_s"`
	Anchors  []anchorConfig  `json:"anchors"`
	Services []serviceConfig `json:"services"`
}

type anchorConfig struct {
	Address string `json:"address"`
	Network string `json:"network"`
}

type serviceConfig struct {
	ID      string `json:"id"`
	Target  string `json:"target"`
	Status  string `json:"status"`
	Text    string `json:"text"`
	Slow    int64  `json:"slow_ms"`
	Private bool   `json:"private"`
}

// configOf returns the configuration of a vantage point and its ETag.
func (g *ingest) configOf(v model.VantageFacts, services []model.Service) ([]byte, string) {
	var c vantageConfig
	c.Vantage.ID, c.Vantage.ASN, c.Vantage.Country, c.Vantage.Group = v.ID, v.ASN, v.Country, v.Group
	own := g.a.cfg.Vantage
	c.Every, c.Suspect = own.Every.Seconds(), own.EverySuspect.Seconds()
	for _, a := range anchors(own) {
		c.Anchors = append(c.Anchors, anchorConfig{a.Address, a.Network})
	}
	c.Services = []serviceConfig{}
	for _, s := range services {
		c.Services = append(c.Services, serviceConfig{s.ID, s.Target, s.Status, s.Text, s.Slow.Milliseconds(), s.Private})
	}
	body, _ := json.Marshal(c) // finite numbers and strings
	return body, `"` + model.HashOf(body)[:16] + `"`
}

// config tells a vantage point what to measure.
func (g *ingest) config(w http.ResponseWriter, r *http.Request, v model.VantageFacts) error {
	services, err := g.a.store.Measured(r.Context())
	if err != nil {
		return err
	}
	body, etag := g.configOf(v, services)
	w.Header().Set("ETag", etag)
	w.Header().Set("Cache-Control", "private, no-cache")
	if strings.Contains(r.Header.Get("If-None-Match"), strings.Trim(etag, `"`)) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write(body)
	return err
}
