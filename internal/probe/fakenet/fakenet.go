// Package fakenet is an internet in one process, to probe without a network:
// resolvers, hosts and their servers, each of which can be made to fail in the
// ways that real ones do. It opens no socket, so that it runs under
// testing/synctest with virtual time, and as well in real time.
package fakenet

import (
	"context"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/miekg/dns"

	"crosscheck/internal/probe"
)

// Net is a network. It implements probe.Network. Its methods are safe for
// concurrent use; what was configured may be changed while probes run.
type Net struct {
	authority *authority
	clock     *Clock // nil: real time
	wg        sync.WaitGroup

	mu        sync.Mutex
	resolvers map[netip.AddrPort]map[string]Answer
	hosts     map[netip.AddrPort]Host
	echoes    map[netip.Addr]Echo
	traces    int
	cut       bool
	dials     map[netip.AddrPort]int
}

// New returns a network without hosts whose certificates are dated around now.
func New(now time.Time) (*Net, error) {
	a, err := newAuthority(now)
	return &Net{
		authority: a,
		resolvers: map[netip.AddrPort]map[string]Answer{}, hosts: map[netip.AddrPort]Host{},
		echoes: map[netip.Addr]Echo{}, dials: map[netip.AddrPort]int{},
	}, err
}

// On makes every delay and every silence of the network pass on a clock. It
// comes before the first probe.
func (n *Net) On(c *Clock) { n.clock = c }

// Close waits for the servers to finish. Every connection must have been
// closed by its client.
func (n *Net) Close() { n.wg.Wait() }

// Answer is what a resolver says of a name.
type Answer struct {
	Addrs   []netip.Addr
	Alias   string        // a CNAME to this name, at which the addresses are
	Rcode   int           // dns.RcodeNameError, …
	Silent  bool          // no answer at all
	Delay   time.Duration // before the answer
	WrongID bool          // the answer is to another question
	Garbage []byte        // in place of a message
}

// Resolve makes a resolver answer questions about a name. Other names do not
// exist.
func (n *Net) Resolve(resolver netip.AddrPort, name string, a Answer) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.resolvers[resolver] == nil {
		n.resolvers[resolver] = map[string]Answer{}
	}
	n.resolvers[resolver][dns.Fqdn(name)] = a
}

// Connect is what a connection to a host comes to.
type Connect int

// The ways.
const (
	Accept      Connect = iota
	Refuse              // a reset to the SYN
	Silent              // no answer
	Unreachable         // a router says so
	NoNetwork           // this side has no such network
	Reset               // accepted, and reset at the first byte
	Hangup              // accepted, and closed at once
	NoSockets           // this side has none left
)

// Host is what listens at an address and port.
type Host struct {
	Connect Connect
	Delay   time.Duration // of the connection
	TLS     TLS           // "": none
	Name    string        // in the certificate
	Page    Page          // HTTP; nil: accepts and stays silent
}

// Listen puts a host at an address. Where none is, connections are refused.
func (n *Net) Listen(at netip.AddrPort, h Host) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hosts[at] = h
}

// Echo is how an address answers an ICMP echo.
type Echo struct {
	Silent       bool
	NotPermitted bool // this side may not send any
	Delay        time.Duration
}

// Answers sets how an address answers echoes; by default it does not.
func (n *Net) Answers(a netip.Addr, e Echo) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.echoes[a] = e
}

// Cut takes the vantage point's own line away, or gives it back: while it is
// cut, nothing answers.
func (n *Net) Cut(cut bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cut = cut
}

// Dials is how many connections to an address were tried.
func (n *Net) Dials(at netip.AddrPort) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.dials[at]
}

// Traces is how many traces were made.
func (n *Net) Traces() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.traces
}

// Exchange implements probe.Network; messages pass through their wire form.
func (n *Net) Exchange(ctx context.Context, resolver netip.AddrPort, query *dns.Msg) (*dns.Msg, error) {
	n.mu.Lock()
	zone, exists := n.resolvers[resolver]
	a, known := zone[query.Question[0].Name]
	silent := n.cut || !exists || a.Silent
	n.mu.Unlock()
	if silent {
		n.silence(ctx)
		return nil, &net.OpError{Op: "read", Net: "udp", Err: os.ErrDeadlineExceeded}
	}
	if err := n.sleep(ctx, a.Delay); err != nil {
		return nil, err
	}
	if !known {
		a.Rcode = dns.RcodeNameError
	}
	wire := a.Garbage
	if wire == nil {
		var err error
		if wire, err = a.reply(query).Pack(); err != nil {
			return nil, err
		}
	}
	reply := new(dns.Msg)
	if err := reply.Unpack(wire); err != nil {
		return nil, err
	}
	return reply, nil
}

func (a *Answer) reply(query *dns.Msg) *dns.Msg {
	m := new(dns.Msg)
	m.SetRcode(query, a.Rcode)
	if a.WrongID {
		m.Id++
	}
	q := query.Question[0]
	owner := q.Name
	if a.Alias != "" {
		owner = dns.Fqdn(a.Alias)
		m.Answer = append(m.Answer, &dns.CNAME{Hdr: header(q.Name, dns.TypeCNAME), Target: owner})
	}
	for _, addr := range a.Addrs {
		switch {
		case addr.Is4() && q.Qtype == dns.TypeA:
			m.Answer = append(m.Answer, &dns.A{Hdr: header(owner, dns.TypeA), A: addr.AsSlice()})
		case addr.Is6() && q.Qtype == dns.TypeAAAA:
			m.Answer = append(m.Answer, &dns.AAAA{Hdr: header(owner, dns.TypeAAAA), AAAA: addr.AsSlice()})
		}
	}
	return m
}

func header(name string, kind uint16) dns.RR_Header {
	return dns.RR_Header{Name: name, Rrtype: kind, Class: dns.ClassINET, Ttl: 60}
}

// Dial implements probe.Network.
func (n *Net) Dial(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	n.mu.Lock()
	n.dials[to]++
	h, listening := n.hosts[to]
	cut := n.cut
	n.mu.Unlock()
	if !listening {
		h.Connect = Refuse
	}
	if cut {
		h.Connect = Silent
	}
	if err := n.sleep(ctx, h.Delay); err != nil {
		return nil, dialError(err)
	}
	if h.Connect == Silent {
		return nil, dialError(n.silence(ctx))
	}
	if err := connectErrors[h.Connect]; err != 0 {
		return nil, dialError(os.NewSyscallError("connect", err))
	}
	client, server := pipe()
	n.wg.Go(func() { n.serve(server, h) })
	return client, nil
}

// connectErrors are the ways that the system has an error for.
var connectErrors = map[Connect]syscall.Errno{
	Refuse: syscall.ECONNREFUSED, Unreachable: syscall.EHOSTUNREACH, NoNetwork: syscall.ENETUNREACH, NoSockets: syscall.EMFILE,
}

func dialError(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }

// serve is a host's side of a connection.
func (n *Net) serve(c *conn, h Host) {
	defer c.Close()
	switch h.Connect {
	case Hangup:
		return
	case Reset:
		_, _ = c.Read(make([]byte, 1))
		c.reset()
		return
	}
	var stream net.Conn = c
	if h.TLS != "" {
		secure := n.authority.accept(c, h)
		if secure == nil {
			return
		}
		stream = secure
		defer secure.Close()
	}
	if h.Page == nil {
		drain(stream)
		return
	}
	h.Page.serve(stream, c)
}

// Ping implements probe.Network.
func (n *Net) Ping(ctx context.Context, to netip.Addr) (time.Duration, error) {
	n.mu.Lock()
	e, known := n.echoes[to]
	silent := n.cut || !known || e.Silent
	n.mu.Unlock()
	if e.NotPermitted {
		return 0, probe.ErrNotPermitted
	}
	if silent {
		if err := n.sleep(ctx, 3*time.Second); err != nil {
			return 0, err
		}
		return 0, context.DeadlineExceeded
	}
	return e.Delay, n.sleep(ctx, e.Delay)
}

// Trace implements probe.Network: one router, and silence behind it.
func (n *Net) Trace(ctx context.Context, _ netip.Addr) ([]probe.Hop, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.traces++
	return []probe.Hop{{TTL: 1, Address: "192.0.2.254", Took: 1}, {TTL: 2}}, ctx.Err()
}

// silence is no answer until ctx ends.
func (n *Net) silence(ctx context.Context) error {
	until, limited := ctx.Deadline()
	if n.clock == nil || !limited {
		<-ctx.Done()
		return ctx.Err()
	}
	if err := n.clock.Wait(ctx, time.Until(until)); err != nil {
		return err
	}
	return context.DeadlineExceeded
}

func (n *Net) sleep(ctx context.Context, d time.Duration) error {
	if n.clock != nil {
		return n.clock.Wait(ctx, d)
	}
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
