// Package vantage runs this machine as a vantage point: it asks a server what
// to measure, probes that, and sends the observations back. While the server
// is away it goes on measuring, keeps what it saw in a spool, and sends it when
// the server is there again. It listens to nobody.
package vantage

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/probe"
)

const (
	flushEvery = 5 * time.Second // between two batches
	flushHurry = 2 * time.Second // where something failed: all vantage points see it at once
	drainEvery = 2 * time.Second // between two batches of the spool; together one a second
	askEvery   = time.Minute     // for the configuration, where no answer said which one holds
	lastWords  = 3 * time.Second // to send what is left at the end

	retryFirst = 2 * time.Second // before the server is tried again, twice as long each time
	retryMost  = time.Minute

	maxLines   = 10_000   // of a batch; the server takes 20,000
	maxBatch   = 2 << 20  // bytes of a batch; the server takes 8 MiB
	maxPending = 1 << 20  // bytes that wait for the next batch in memory
	maxAlone   = 64 << 10 // bytes of one observation: no honest one is larger

	// SpoolSize is how much a spool keeps before the oldest observations
	// shrink to counts, bytes.
	SpoolSize = 64 << 20

	ordersFile = "orders.json" // the last configuration, as the server sent it
)

// Config is what an Agent is made from.
type Config struct {
	Join         string // address of the server: https, or http on this machine
	Token        string // by which the server knows this vantage point
	Spool        string // folder; "": in memory only
	AllowPrivate bool   // services that the server marks as private may be probed at private addresses
	Version      string // of the program

	SpoolSize int64             // 0: SpoolSize
	Transport http.RoundTripper // to the server; nil: direct
	Network   probe.Network     // to probe through; nil: the machine's
}

// Agent is a vantage point.
type Agent struct {
	lg     *slog.Logger
	cfg    Config
	client *client
	spool  *spool
	clock  clock
	wake   chan struct{}

	mu      sync.Mutex
	pending []byte // lines for the next batch
	hurry   bool   // something failed

	// Of the goroutine that runs the agent:
	measuring *measuring
	orders    *orders
	suspects  []string
	tag       string // of the configuration the server sent last
	told      string // tag in its last answer to a batch, "" before any
	asked     time.Time
	flushed   time.Time
	drained   time.Time
	retry     time.Time // not before then
	pause     time.Duration
	trouble   string // why the server is away, "" while it is there
	most      int    // bytes of a batch, fewer after one that the server found too large
}

// New returns an Agent. Faults of the configuration are ErrInvalid, a spool
// that another vantage point uses is an ErrConflict.
func New(lg *slog.Logger, cfg Config) (*Agent, error) {
	base, err := parseJoin(cfg.Join)
	if err != nil {
		return nil, err
	}
	if cfg.Token == "" || strings.ContainsFunc(cfg.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, model.Errorf(model.ErrInvalid, "token: want one word of printable ASCII")
	}
	if cfg.SpoolSize == 0 {
		cfg.SpoolSize = SpoolSize
	}
	if cfg.Transport == nil {
		cfg.Transport = newTransport(base)
	}
	s, err := openSpool(lg, cfg.Spool, cfg.SpoolSize)
	if err != nil {
		return nil, err
	}
	return &Agent{
		lg: lg, cfg: cfg, client: newClient(base, cfg.Token, cfg.Version, cfg.Transport), spool: s, clock: clock{lg: lg},
		wake: make(chan struct{}, 1), most: maxBatch,
	}, nil
}

// Run measures until ctx ends, or until the server turns this vantage point
// away, which is an ErrForbidden. What is not sent by then stays in the spool.
func (a *Agent) Run(ctx context.Context) error {
	a.remember(ctx)
	var err error
	for err == nil && ctx.Err() == nil {
		if err = a.turn(ctx); err == nil {
			a.wait(ctx)
		}
	}
	if a.measuring != nil {
		a.measuring.stop()
	}
	if err == nil && a.trouble == "" {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
		defer cancel()
		if err = a.flush(last); err == nil {
			err = a.drain(last) // what the end interrupted
		}
	}
	a.spill()
	if cerr := a.spool.close(); cerr != nil {
		a.lg.Error("close the spool", "error", cerr)
	}
	return err
}

// observe takes a report of the scheduler.
func (a *Agent) observe(ctx context.Context, r probe.Report) {
	o := r.Observation
	if !o.Valid && ctx.Err() != nil {
		return // interrupted by the end of the probing, not by the network
	}
	if a.clock.off() {
		o.Valid = false
	}
	line, err := json.Marshal(&o)
	if err != nil {
		a.lg.Error("an observation cannot be written", "service", o.Service, "error", err)
		return
	}
	a.mu.Lock()
	a.pending = append(append(a.pending, line...), '\n')
	a.hurry = a.hurry || urgent(&o)
	hurry, full := a.hurry, len(a.pending) > maxPending
	a.mu.Unlock()
	if full { // a request takes long
		a.spill()
	}
	if hurry {
		select {
		case a.wake <- struct{}{}:
		default:
		}
	}
}

// take returns the lines that wait.
func (a *Agent) take() []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	lines := a.pending
	a.pending, a.hurry = nil, false
	return lines
}

// spill moves the lines that wait into the spool.
func (a *Agent) spill() { a.spool.append(a.take()) }

// next returns how long it is until the next batch is due.
func (a *Agent) next() time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.hurry {
		return time.Until(a.flushed.Add(flushHurry))
	}
	return time.Until(a.flushed.Add(flushEvery))
}

// wait blocks until there may be something to do.
func (a *Agent) wait(ctx context.Context) {
	d := a.next()
	switch now := time.Now(); {
	case now.Before(a.retry):
		d = min(a.retry.Sub(now), flushEvery)
	case !a.spool.empty():
		d = min(d, time.Until(a.drained.Add(drainEvery)))
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-a.wake:
	case <-timer.C:
	}
}

// turn does what is to be done now: it asks for the configuration, sends what
// is fresh, and then the oldest of the spool. The error is an ErrForbidden;
// anything else is tried again later.
func (a *Agent) turn(ctx context.Context) error {
	if time.Now().Before(a.retry) {
		a.spill()
		return nil
	}
	if a.stale() {
		if err := a.ask(ctx); err != nil {
			return a.away(ctx, err)
		}
	}
	if a.next() <= 0 {
		if err := a.flush(ctx); err != nil || a.trouble != "" {
			return err
		}
	}
	if time.Since(a.drained) < drainEvery {
		return nil
	}
	return a.drain(ctx)
}

// drain sends the oldest of the spool.
func (a *Agent) drain(ctx context.Context) error {
	lines, waits := a.spool.oldest()
	if !waits {
		return nil
	}
	a.drained = time.Now()
	_, err := a.deliver(ctx, lines)
	a.spool.done(err == nil)
	return a.away(ctx, err)
}

// stale reports that the configuration has to be asked for.
func (a *Agent) stale() bool {
	return a.asked.IsZero() || a.told != "" && a.told != plainTag(a.tag) || time.Since(a.asked) >= askEvery
}

// plainTag is an ETag without its marks.
func plainTag(tag string) string { return strings.Trim(strings.TrimPrefix(tag, "W/"), `"`) }

// flush sends what is fresh. What the server does not take goes to the spool.
func (a *Agent) flush(ctx context.Context) error {
	a.flushed = time.Now()
	rest, err := a.deliver(ctx, a.take())
	a.spool.append(rest)
	return a.away(ctx, err)
}

// away takes the outcome of a request: nil, an ErrForbidden, which it returns,
// or a reason to wait.
func (a *Agent) away(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil && !errors.Is(err, model.ErrForbidden) {
		return nil
	}
	if errors.Is(err, model.ErrForbidden) {
		return err
	}
	var away *awayError
	asked := time.Duration(0)
	if errors.As(err, &away) {
		asked = away.after
	}
	a.pause = min(max(2*a.pause, retryFirst), retryMost)
	wait := max(asked, a.pause/2+rand.N(a.pause/2))
	a.retry = time.Now().Add(wait)
	if a.trouble != err.Error() {
		a.trouble = err.Error()
		a.lg.Warn("the server is away: observations are kept until it takes them", "server", a.client.base.Redacted(), "error", err, "next_try_s", wait.Round(time.Second).Seconds())
	}
	return nil
}

// back says that the server answered.
func (a *Agent) back() {
	a.pause = 0
	if a.trouble != "" {
		a.trouble = ""
		a.lg.Info("the server is there again")
	}
}

// deliver sends lines in batches that the server takes. rest is what it did
// not take, for err.
func (a *Agent) deliver(ctx context.Context, lines []byte) (rest []byte, err error) {
	for len(lines) > 0 {
		n := cut(lines, a.most)
		x, err := a.client.observations(ctx, lines[:n])
		if errors.Is(err, model.ErrTooLarge) {
			switch {
			case bytes.Count(lines[:n], []byte{'\n'}) > 1:
				a.most = n / 2
				continue
			case n > maxAlone:
				a.lg.Error("the server finds a single observation too large; it is left out", "bytes", n)
				lines = lines[n:]
				continue
			}
		}
		if err == nil {
			err = a.heed(x)
		}
		if err != nil {
			return lines, err
		}
		a.most = min(a.most+a.most/8+1, maxBatch)
		lines = lines[n:]
	}
	return nil, nil
}

// cut returns how many bytes of lines make a batch: whole lines, at least one.
func cut(lines []byte, most int) int {
	n := 0
	for range maxLines {
		i := bytes.IndexByte(lines[n:], '\n')
		if i < 0 {
			return len(lines)
		}
		if n > 0 && n+i+1 > most {
			break
		}
		n += i + 1
	}
	return n
}

// heed takes the answer to a batch.
func (a *Agent) heed(x *exchange) error {
	got, err := parseAnswer(x.body)
	if err != nil {
		return &awayError{err: err}
	}
	a.back()
	if got.Skew != nil {
		a.clock.heedSkew(*got.Skew, x.took)
	} else {
		a.clock.heedDate(x)
	}
	if len(got.Rejected) > 0 {
		first := got.Rejected[0]
		a.lg.Warn("the server rejects observations", "lines", len(got.Rejected), "first", first.Line, "error", first.Error)
	}
	if a.told = plainTag(got.Config); a.told != "" && a.told == plainTag(a.tag) {
		a.asked = time.Now()
	}
	a.suspect(got.Suspect)
	return nil
}

// ask asks for the configuration and follows it. One that cannot be followed
// is said, and the former holds until the server has another.
func (a *Agent) ask(ctx context.Context) error {
	x, err := a.client.orders(ctx, a.tag)
	if err != nil {
		return err
	}
	if x.status == http.StatusNotModified {
		a.asked, a.told = time.Now(), ""
		a.clock.heedDate(x)
		a.back()
		return nil
	}
	o, faults, err := parseOrders(x.body)
	if err != nil && !json.Valid(x.body) {
		return &awayError{err: err} // a page of a gate on the way, or a wrong address
	}
	a.back()
	a.asked, a.told, a.tag = time.Now(), "", x.header.Get("ETag")
	a.clock.heedDate(x)
	for _, fault := range faults {
		a.lg.Warn("a service of the configuration is left out", "error", fault)
	}
	if err == nil {
		err = a.follow(ctx, o)
	}
	if err != nil {
		a.lg.Error("the server's configuration is not followed", "error", err)
		return nil
	}
	if a.spool.dir == "" {
		return nil
	}
	if err := writeFile(filepath.Join(a.spool.dir, ordersFile), json.RawMessage(x.body)); err != nil {
		a.lg.Warn("the configuration cannot be kept for the next start", "error", err)
	}
	return nil
}

// remember follows the configuration of the last run, until the server has
// spoken.
func (a *Agent) remember(ctx context.Context) {
	if a.spool.dir == "" {
		return
	}
	b, err := os.ReadFile(filepath.Join(a.spool.dir, ordersFile))
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	var o *orders
	if err == nil {
		o, _, err = parseOrders(b)
	}
	if err == nil {
		err = a.follow(ctx, o)
	}
	if err != nil {
		a.lg.Warn("the configuration of the last run is not followed", "error", err)
	}
}
