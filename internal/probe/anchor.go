package probe

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"crosscheck/internal/model"
)

// Anchor is a host that is nearly always there. A vantage point that reaches
// most of its anchors is well.
type Anchor struct {
	Address string // host:port; a name proves DNS too
	Network string // whose network it is in
}

// DefaultAnchors are three addresses, which need no DNS, and three names, in
// six networks.
var DefaultAnchors = []Anchor{
	{"1.1.1.1:443", "Cloudflare"},
	{"8.8.8.8:443", "Google"},
	{"9.9.9.9:443", "Quad9"},
	{"www.wikipedia.org:443", "Wikimedia"},
	{"deb.debian.org:443", "Fastly"},
	{"www.ripe.net:443", "RIPE NCC"},
}

const (
	minAnchors    = 5
	minNetworks   = 3
	anchorTimeout = 3 * time.Second
	checkEvery    = 30 * time.Second // a self-check holds for failures that begin later by so much
	checkReuse    = 5 * time.Second  // and for failures that ended earlier by so much
)

// SelfCheck is how a vantage point stood with its anchors.
type SelfCheck struct {
	At     time.Time `json:"at"`
	OK     int       `json:"ok"`
	Of     int       `json:"of"`
	Failed []string  `json:"failed,omitempty"` // addresses of anchors, with the failure
}

// Healthy reports whether at least two thirds of the anchors answered.
func (s *SelfCheck) Healthy() bool { return 3*s.OK >= 2*s.Of }

// String is the check in words.
func (s *SelfCheck) String() string {
	return fmt.Sprintf("%d of %d anchors answered", s.OK, s.Of)
}

// checker runs self-checks, never two at a time, and lends their results.
type checker struct {
	p       *Prober
	anchors []anchor

	turn chan struct{} // held by the run under way
	mu   sync.Mutex
	last *SelfCheck
}

type anchor struct {
	text, host string
	port       uint16
}

func (c *checker) init(p *Prober, anchors []Anchor) error {
	c.p, c.turn = p, make(chan struct{}, 1)
	networks := map[string]bool{}
	for _, a := range anchors {
		host, port, err := net.SplitHostPort(a.Address)
		n, perr := strconv.ParseUint(port, 10, 16)
		if err == nil {
			host, err = asciiHost(host)
		}
		if err != nil || perr != nil || n == 0 {
			return model.Errorf(model.ErrInvalid, "probe anchor %q: want host:port", a.Address)
		}
		c.anchors = append(c.anchors, anchor{a.Address, host, uint16(n)})
		networks[strings.ToLower(a.Network)] = true
	}
	if len(c.anchors) < minAnchors || len(networks) < minNetworks {
		return model.Errorf(model.ErrInvalid, "probe anchors: %d in %d networks; want at least %d in %d", len(c.anchors), len(networks), minAnchors, minNetworks)
	}
	return nil
}

// recent returns a check not older than checkEvery.
func (c *checker) recent(ctx context.Context) *SelfCheck {
	return c.notBefore(ctx, c.p.now().Add(-checkEvery))
}

// since returns a check that began after the first loss and not long before
// now, so that many failures at once cost few checks.
func (c *checker) since(ctx context.Context, lost time.Time) *SelfCheck {
	from := c.p.now().Add(-checkReuse)
	if from.Before(lost) {
		from = lost
	}
	return c.notBefore(ctx, from)
}

func (c *checker) notBefore(ctx context.Context, from time.Time) *SelfCheck {
	if s := c.latest(); s != nil && !s.At.Before(from) {
		return s
	}
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return &SelfCheck{At: c.p.now().UTC(), Of: len(c.anchors)}
	}
	if s := c.latest(); s != nil && !s.At.Before(from) {
		return s // of the run that was waited for
	}
	s := c.run(ctx)
	if ctx.Err() == nil {
		c.mu.Lock()
		c.last = s
		c.mu.Unlock()
	}
	return s
}

func (c *checker) latest() *SelfCheck {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}

// run asks every anchor at once.
func (c *checker) run(ctx context.Context) *SelfCheck {
	s := &SelfCheck{At: c.p.now().UTC(), Of: len(c.anchors)}
	failures := make([]string, len(c.anchors))
	var wg sync.WaitGroup
	for i, a := range c.anchors {
		wg.Go(func() { failures[i] = c.ask(ctx, a) })
	}
	wg.Wait()
	for i, f := range failures {
		if f == "" {
			s.OK++
		} else {
			s.Failed = append(s.Failed, c.anchors[i].text+" "+f)
		}
	}
	return s
}

// ask connects to an anchor. Only System's guard stands before it: anchors are
// the operator's own choice, and are not redirected.
func (c *checker) ask(ctx context.Context, a anchor) string {
	ctx, cancel := context.WithTimeout(ctx, 2*anchorTimeout)
	defer cancel()
	addr, failure := c.resolve(ctx, a.host)
	if failure != "" {
		return failure
	}
	ctx, cancel = context.WithTimeout(ctx, anchorTimeout)
	defer cancel()
	conn, err := c.p.network.Dial(ctx, netip.AddrPortFrom(addr, a.port))
	if err != nil {
		return failureOf(err)
	}
	conn.Close()
	return ""
}

// resolve returns an address of an anchor, of IPv4 where it has one.
func (c *checker) resolve(ctx context.Context, host string) (netip.Addr, string) {
	if a, err := netip.ParseAddr(host); err == nil {
		return a, ""
	}
	failure := ""
	for _, a := range c.p.lookup(ctx, host) {
		if len(a.addrs) > 0 {
			return a.addrs[0], ""
		}
		if failure == "" {
			failure = a.failure
		}
	}
	return netip.Addr{}, failure
}
