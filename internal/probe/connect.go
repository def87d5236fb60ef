package probe

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"crosscheck/internal/model"
)

const (
	tcpTimeout = 5 * time.Second
	perFamily  = 2 // addresses of each family that are connected to
)

// connecting is the connections being made to the addresses of one host.
type connecting struct {
	wg       sync.WaitGroup
	mu       sync.Mutex
	connects []Connect
	taken    bool // by the stage that follows; what connects later is closed
}

type connected struct {
	conn net.Conn
	to   netip.AddrPort
	took time.Duration
	err  error
}

// connect is the TCP stage of a try: it connects to the addresses of both
// families at once and returns the first connection that stands. The others go
// on, to be told by the end of the try. On a second try, addresses come first
// that the first did not use.
func (y *pass) connect(ctx context.Context, host string, addrs []netip.Addr, port uint16) (net.Conn, netip.AddrPort) {
	addrs = y.choose(addrs)
	c := &connecting{connects: make([]Connect, len(addrs))}
	y.pending = append(y.pending, c)
	results := make(chan connected, len(addrs))
	for i, a := range addrs {
		to := netip.AddrPortFrom(a, port)
		c.connects[i].Attempt = model.Attempt{Address: to.String(), Host: host}
		c.wg.Go(func() { y.p.dial(ctx, c, i, to, results) })
	}
	var failure string
	for range addrs {
		r := <-results
		if r.err == nil {
			y.try.tcp = r.took
			y.used = append(y.used, r.to.Addr())
			return r.conn, r.to
		}
		// A family that this vantage point does not have says least.
		if name := failureOf(r.err); failure == "" || failure == failNetwork {
			failure, y.try.tcp = name, r.took
		}
	}
	y.used = append(y.used, addrs...)
	y.try.fail(model.LayerTCP, failure)
	return nil, netip.AddrPort{}
}

// dial makes one connection and notes what became of it. Only the first to
// stand is handed on; the rest prove their address and are closed.
func (p *Prober) dial(ctx context.Context, c *connecting, i int, to netip.AddrPort, results chan<- connected) {
	ctx, cancel := context.WithTimeout(ctx, tcpTimeout)
	defer cancel()
	start := p.now()
	conn, err := p.network.Dial(ctx, to)
	took := p.now().Sub(start)
	c.mu.Lock()
	c.connects[i].Failure, c.connects[i].Took = failureOf(err), ms(took)
	first := err == nil && !c.taken
	c.taken = c.taken || first
	c.mu.Unlock()
	if err == nil && !first {
		conn.Close()
		return
	}
	results <- connected{conn, to, took, err}
}

// choose returns at most two addresses of each family.
func (y *pass) choose(addrs []netip.Addr) []netip.Addr {
	addrs = slices.Clone(addrs)
	slices.SortStableFunc(addrs, func(a, b netip.Addr) int { return y.uses(a) - y.uses(b) })
	var chosen []netip.Addr
	count := map[bool]int{}
	for _, a := range addrs {
		if count[a.Is4()] < perFamily {
			count[a.Is4()]++
			chosen = append(chosen, a)
		}
	}
	return chosen
}

// uses is 1 for an address that an earlier try used in vain.
func (y *pass) uses(a netip.Addr) int {
	if slices.Contains(y.avoid, a) {
		return 1
	}
	return 0
}

// families tells the two families of the target's own host apart.
func families(connects []Connect, host string) (v4, v6 Family) {
	v4, v6 = FamilyNone, FamilyNone
	for _, c := range connects {
		to, err := netip.ParseAddrPort(c.Address)
		if err != nil || c.Host != host {
			continue
		}
		family := &v6
		if to.Addr().Is4() {
			family = &v4
		}
		switch {
		case c.Failure == "":
			*family = FamilyOK
		case c.Failure == failNetwork && *family == FamilyNone:
			*family = FamilyNotHere
		case c.Failure != failNetwork && *family != FamilyOK:
			*family = FamilyFail
		}
	}
	return v4, v6
}
