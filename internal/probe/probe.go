// Package probe measures, from one vantage point, whether a service can be
// reached: DNS, TCP, TLS and HTTP in turn, each timed and failing under a
// stable name. What it returns are facts about one moment from one place;
// whether there is an outage is judged elsewhere, from many of them.
package probe

import (
	"context"
	"crypto/x509"
	"math/rand/v2"
	"net/http/cookiejar"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"crosscheck/internal/model"
)

const (
	// Spacing is the least time between two visits to a service. A visit is a
	// page with its redirects, and the second try of a failure belongs to it.
	Spacing = 15 * time.Second

	tryTimeout = 20 * time.Second // of one try, all stages
	retryMin   = 2 * time.Second  // before the second try
	retryMax   = 5 * time.Second
)

// UserAgent is what a probe calls itself unless configured.
const UserAgent = "Mozilla/5.0 (compatible; crosscheck-probe; reachability measurement)"

// Config is what a Prober is made from; only Vantage has no default.
type Config struct {
	Vantage   model.Vantage
	Resolvers []netip.AddrPort // nil: DefaultResolvers; two are enough
	Anchors   []Anchor         // nil: DefaultAnchors
	Allow     []netip.Prefix   // what may be probed besides the public internet
	Roots     *x509.CertPool   // nil: the system's
	UserAgent string
	Network   Network          // nil: NewSystem(Allow)
	Now       func() time.Time // nil: time.Now; dates observations and judges certificates
	// Wait lets time pass between visits and before a second try, on the clock
	// of Now; its error is that of ctx, when that ended first. nil: real time.
	// Time-outs are the Network's, in real time.
	Wait func(ctx context.Context, d time.Duration) error
}

// Prober probes services from one vantage point. It is safe for concurrent
// use.
type Prober struct {
	cfg       Config
	resolvers []netip.AddrPort
	network   Network
	guard     guard
	now       func() time.Time
	pacer     *Pacer
	checker   checker

	mu     sync.Mutex
	traced map[string]bool // services in a run of failures, traced already
}

// New returns a Prober. A configuration that cannot prove the vantage point is
// an ErrInvalid.
func New(cfg Config) (*Prober, error) {
	if err := cfg.Vantage.Validate(); err != nil {
		return nil, err
	}
	if cfg.Anchors == nil {
		cfg.Anchors = DefaultAnchors
	}
	if cfg.Resolvers == nil {
		cfg.Resolvers = DefaultResolvers()
	}
	if cfg.UserAgent == "" {
		cfg.UserAgent = UserAgent
	}
	if cfg.Network == nil {
		cfg.Network = NewSystem(cfg.Allow)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Wait == nil {
		cfg.Wait = wait
	}
	p := &Prober{
		cfg: cfg, resolvers: cfg.Resolvers, network: cfg.Network, guard: newGuard(cfg.Allow), now: cfg.Now,
		pacer: newPacer(Spacing, cfg.Now, cfg.Wait), traced: map[string]bool{},
	}
	if len(p.resolvers) == 0 {
		return nil, model.Errorf(model.ErrInvalid, "probe resolvers: want at least 1")
	}
	return p, p.checker.init(p, cfg.Anchors)
}

// Probe observes a target once: a try, and when it failed a second one 2 to 5
// seconds later. It blocks until Spacing has passed since the last visit to
// the service. What fails is data, an invalid target too: such a report is not
// Valid and says why.
func (p *Prober) Probe(ctx context.Context, t Target) Report {
	err := t.Validate()
	if err == nil {
		err = p.refusal(&t)
	}
	if err == nil {
		err = p.pacer.Wait(ctx, t.Service)
	}
	r := Report{Observation: model.Observation{
		At: p.now().UTC(), Service: t.Service, Vantage: p.cfg.Vantage.ID, ASN: p.cfg.Vantage.ASN,
		Country: p.cfg.Vantage.Country, Group: p.cfg.Vantage.Group, Valid: true, Outcome: model.OutcomeFail,
	}, Detail: Detail{Target: t.String()}}
	if err != nil {
		r.Failure = failureOf(err)
		r.invalid(err.Error())
		return r
	}
	before := p.checker.recent(ctx)
	first := p.try(ctx, t, 0, nil)
	lost := p.now()
	r.Detail.Tries = []Try{first.try}
	last := &first.try
	if last.Outcome == model.OutcomeFail && last.skipped == "" && p.pause(ctx) {
		second := p.try(ctx, t, 1, first.used)
		p.pacer.Touch(t.Service)
		r.Detail.Tries = append(r.Detail.Tries, second.try)
		last = &second.try
	}
	r.fill(last)
	if r.Evidence = r.evidence(); r.Outcome != model.OutcomeFail && first.try.Outcome == model.OutcomeFail {
		r.Detail.Lost = first.try.Failure
	}
	p.prove(ctx, &r, last, before, lost)
	p.trace(ctx, &r, last)
	return r
}

func (r *Report) invalid(why string) { r.Valid, r.Detail.Invalid = false, why }

// refusal says why a target that is an address may not be probed. What a name
// stands for is seen when it is resolved.
func (p *Prober) refusal(t *Target) error {
	host := t.Host
	if t.Kind == KindHTTP {
		u, err := pageURL(t.URL)
		if err != nil {
			return err
		}
		host = u.Hostname()
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return p.guard.check(a)
	}
	for _, block := range t.Prefixes {
		if err := p.guard.check(block.Addr()); err != nil {
			return err
		}
	}
	return nil
}

// proven reports that the service itself answered, under its own certificate:
// such a failure needs no word of the vantage point's.
func (t *Try) proven() bool {
	bad := slices.ContainsFunc(t.Handshakes, func(h Handshake) bool {
		return h.Certificate != nil && h.Certificate.Failure() != ""
	})
	return t.reached && t.certificate != nil && !bad
}

// prove sets whether a failure counts: the vantage point must have been well
// before and after it. lost is when the first try had failed.
func (p *Prober) prove(ctx context.Context, r *Report, last *Try, before *SelfCheck, lost time.Time) {
	if r.Outcome != model.OutcomeFail || last.proven() {
		return
	}
	switch {
	case last.skipped != "":
		r.invalid(last.skipped)
		return
	case r.Failure == failHere:
		r.invalid(strings.TrimPrefix(failHere, failUnknown+": "))
		return
	}
	after := p.checker.since(ctx, lost)
	r.Detail.Before, r.Detail.After = before, after
	switch {
	case ctx.Err() != nil:
		r.invalid("interrupted")
	case !before.Healthy():
		r.invalid("this vantage point was cut off before: " + before.String())
	case !after.Healthy():
		r.invalid("this vantage point was cut off: " + after.String())
	}
}

// pause waits before the second try; false when ctx ended.
func (p *Prober) pause(ctx context.Context) bool {
	return p.cfg.Wait(ctx, retryMin+rand.N(retryMax-retryMin)) == nil
}

// pass is one try under way.
type pass struct {
	p      *Prober
	t      *Target
	number int          // 0, or 1 for the second try
	avoid  []netip.Addr // addresses the first try used
	try    Try

	known   map[string]answer // hosts resolved in this try
	used    []netip.Addr
	pending []*connecting
	jar     *cookiejar.Jar
	ownHost string
}

// kinds are the stages of each kind of target.
var kinds = map[Kind]func(*pass, context.Context){
	KindHTTP:   (*pass).page,
	KindTCP:    (*pass).port,
	KindTLS:    (*pass).port,
	KindDNS:    (*pass).name,
	KindICMP:   (*pass).echo,
	KindPrefix: (*pass).blocks,
}

// try passes a target through its stages once.
func (p *Prober) try(ctx context.Context, t Target, number int, avoid []netip.Addr) *pass {
	y := &pass{p: p, t: &t, number: number, avoid: avoid, known: map[string]answer{}}
	y.try.At = p.now().UTC()
	whole, cancel := context.WithTimeout(ctx, tryTimeout)
	defer cancel()
	kinds[t.Kind](y, whole)
	for _, c := range y.pending {
		c.wg.Wait()
		y.try.Connects = append(y.try.Connects, c.connects...)
	}
	if len(y.pending) > 0 {
		y.try.family4, y.try.family6 = families(y.try.Connects, y.ownHost)
	}
	return y
}

// port is the stages of a connection, with or without TLS.
func (y *pass) port(ctx context.Context) {
	conn, to := y.reach(ctx, y.t.Host, y.t.Port)
	if conn == nil {
		return
	}
	defer conn.Close()
	if y.t.Kind == KindTLS && y.handshake(ctx, conn, y.t.Host, to) == nil {
		return
	}
	y.try.reached, y.try.Outcome = true, model.OutcomeOK
	y.judgeCertificate()
}

// name is the one stage of a DNS target.
func (y *pass) name(ctx context.Context) {
	addrs := y.resolve(ctx, y.t.Host)
	y.try.ownAddresses = texts(addrs)
	if len(addrs) > 0 {
		y.try.reached, y.try.Outcome = true, model.OutcomeOK
	}
}
