package probe

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/miekg/dns"
)

// Network is the world a Prober looks at: System, or an emulator. Errors are
// those of package net, which the failure names are read from.
type Network interface {
	// Dial opens a TCP connection to a literal address.
	Dial(ctx context.Context, to netip.AddrPort) (net.Conn, error)
	// Exchange asks one resolver one question.
	Exchange(ctx context.Context, resolver netip.AddrPort, query *dns.Msg) (*dns.Msg, error)
	// Ping sends up to three echoes and returns the round trip of the first
	// that comes back, or ErrNotPermitted.
	Ping(ctx context.Context, to netip.Addr) (time.Duration, error)
	// Trace returns the routers on the way to an address, or ErrNotPermitted.
	Trace(ctx context.Context, to netip.Addr) ([]Hop, error)
}

// Hop is one router on the way, counted from 1.
type Hop struct {
	TTL     int     `json:"ttl"`
	Address string  `json:"address,omitempty"` // "" when it did not answer
	Took    float64 `json:"ms,omitempty"`
}

// ErrNotPermitted reports that this system does not let the process send ICMP.
var ErrNotPermitted = errors.New("not permitted: ICMP needs a privilege that this process lacks")
