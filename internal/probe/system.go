package probe

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"syscall"
	"time"

	"github.com/miekg/dns"
	probing "github.com/prometheus-community/pro-bing"
)

// System is the network of this machine. Connections to addresses outside the
// public internet are refused at connect time unless Allow names their
// network.
type System struct {
	dialer net.Dialer
	udp    dns.Client
	tcp    dns.Client
}

// NewSystem returns the network of this machine. allow holds the prefixes that
// may be dialled besides the public internet.
func NewSystem(allow []netip.Prefix) *System {
	g := newGuard(allow)
	return &System{
		dialer: net.Dialer{Control: g.control, KeepAlive: -1},
		udp:    dns.Client{Net: "udp", UDPSize: ednsSize, Timeout: dnsTimeout},
		tcp:    dns.Client{Net: "tcp", Timeout: dnsTimeout},
	}
}

// Dial implements Network.
func (s *System) Dial(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	return s.dialer.DialContext(ctx, "tcp", to.String())
}

// Exchange implements Network: over UDP, and over TCP when the answer was
// truncated.
func (s *System) Exchange(ctx context.Context, resolver netip.AddrPort, query *dns.Msg) (*dns.Msg, error) {
	reply, _, err := s.udp.ExchangeContext(ctx, query, resolver.String())
	if err == nil && reply.Truncated {
		reply, _, err = s.tcp.ExchangeContext(ctx, query, resolver.String())
	}
	return reply, err
}

// pingSpacing is the time between two echoes.
const pingSpacing = 400 * time.Millisecond

// Ping implements Network: through an ICMP datagram socket where the system
// has them for everybody, else through a raw one.
func (s *System) Ping(ctx context.Context, to netip.Addr) (time.Duration, error) {
	took, err := ping(ctx, to, false)
	if forbidden(err) {
		took, err = ping(ctx, to, true)
	}
	if forbidden(err) {
		return 0, ErrNotPermitted
	}
	return took, err
}

func ping(ctx context.Context, to netip.Addr, raw bool) (time.Duration, error) {
	p := probing.New("")
	p.SetIPAddr(&net.IPAddr{IP: to.AsSlice(), Zone: to.Zone()})
	p.SetPrivileged(raw)
	p.SetLogger(probing.NoopLogger{})
	p.Count, p.Interval, p.Timeout = 3, pingSpacing, pingTimeout
	var took time.Duration
	p.OnRecv = func(packet *probing.Packet) {
		took = packet.Rtt
		p.Stop()
	}
	if err := p.RunWithContext(ctx); err != nil && took == 0 {
		return 0, err
	}
	if p.Statistics().PacketsRecv == 0 {
		return 0, context.DeadlineExceeded
	}
	return took, nil
}

// forbidden reports that the system does not permit a socket. What is not
// supported is not permitted either.
func forbidden(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EPROTONOSUPPORT) || errors.Is(err, syscall.EAFNOSUPPORT)
}

// OtherResolver is asked besides the system's: Quad9's service that does not
// filter, run by a foundation.
var OtherResolver = netip.MustParseAddrPort("9.9.9.10:53")

// ThirdResolver stands in where the system names no resolver, or names
// OtherResolver.
var ThirdResolver = netip.MustParseAddrPort("1.1.1.1:53")

// DefaultResolvers returns the first resolver of the system and an independent
// one.
func DefaultResolvers() []netip.AddrPort {
	if c, err := dns.ClientConfigFromFile("/etc/resolv.conf"); err == nil {
		for _, s := range c.Servers {
			if a, err := netip.ParseAddr(s); err == nil && a != OtherResolver.Addr() {
				return []netip.AddrPort{netip.AddrPortFrom(a, 53), OtherResolver}
			}
		}
	}
	return []netip.AddrPort{ThirdResolver, OtherResolver}
}
