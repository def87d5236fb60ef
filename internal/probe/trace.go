package probe

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"time"

	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"

	"crosscheck/internal/model"
)

const (
	traceTimeout = 30 * time.Second
	hopTimeout   = time.Second
	maxHops      = 30
	maxSilent    = 5 // hops in a row that do not answer
)

// trace looks at the way to an address that could not be connected to, once
// per run of failures.
func (p *Prober) trace(ctx context.Context, r *Report, last *Try) {
	if r.Outcome != model.OutcomeFail {
		p.setTraced(r.Service, false)
		return
	}
	to, ok := lostAddress(last)
	if !ok || !r.Valid {
		return
	}
	if !p.setTraced(r.Service, true) {
		r.Detail.NoTrace = "skipped: made when the service began to fail"
		return
	}
	ctx, cancel := context.WithTimeout(ctx, traceTimeout)
	defer cancel()
	hops, err := p.network.Trace(ctx, to)
	if r.Detail.Trace = hops; err != nil {
		r.Detail.NoTrace = "skipped: " + err.Error()
	}
}

// setTraced notes whether the way to a service was looked at since it was last
// reached, and reports whether that is news.
func (p *Prober) setTraced(service string, traced bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.traced[service] == traced {
		return false
	}
	if traced {
		p.traced[service] = true
	} else {
		delete(p.traced, service)
	}
	return true
}

// lostAddress is the address that a try failed to reach below TLS.
func lostAddress(t *Try) (netip.Addr, bool) {
	if t.reached || t.Layer == model.LayerDNS || t.Layer == model.LayerTLS || t.Layer == model.LayerHTTP {
		return netip.Addr{}, false
	}
	for _, c := range t.Pings {
		a, err := netip.ParseAddr(c.Address)
		return a, err == nil
	}
	for i := len(t.Connects) - 1; i >= 0; i-- { // of the last host asked
		to, err := netip.ParseAddrPort(t.Connects[i].Address)
		if f := t.Connects[i].Failure; err == nil && f != "" && f != failNetwork {
			return to.Addr(), true
		}
	}
	return netip.Addr{}, false
}

// tracer is one trace under way.
type tracer struct {
	conn  *icmp.PacketConn
	to    netip.Addr
	id    int
	proto int // of ICMP, as icmp.ParseMessage takes it
}

// Trace implements Network, with echoes of growing time to live over a raw
// socket.
func (s *System) Trace(ctx context.Context, to netip.Addr) ([]Hop, error) {
	t := &tracer{to: to.Unmap(), id: rand.N(1 << 16), proto: 1} // traces at once see each other's answers
	network, local := "ip4:icmp", "0.0.0.0"
	if t.to.Is6() {
		network, local, t.proto = "ip6:ipv6-icmp", "::", 58
	}
	conn, err := icmp.ListenPacket(network, local)
	if forbidden(err) {
		return nil, ErrNotPermitted
	}
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	t.conn = conn
	var hops []Hop
	for ttl, silent := 1, 0; ttl <= maxHops && silent < maxSilent && ctx.Err() == nil; ttl++ {
		hop, err := t.hop(ctx, ttl)
		if err != nil {
			return hops, err
		}
		hops = append(hops, hop)
		if silent++; hop.Address != "" {
			silent = 0
		}
		if hop.Address == t.to.String() {
			break
		}
	}
	return hops, nil
}

func (t *tracer) hop(ctx context.Context, ttl int) (Hop, error) {
	hop := Hop{TTL: ttl}
	if err := t.setTTL(ttl); err != nil {
		return hop, err
	}
	var kind icmp.Type = ipv4.ICMPTypeEcho
	if t.to.Is6() {
		kind = ipv6.ICMPTypeEchoRequest
	}
	m := icmp.Message{Type: kind, Body: &icmp.Echo{ID: t.id, Seq: ttl, Data: []byte("crosscheck reachability trace")}}
	b, err := m.Marshal(nil)
	if err != nil {
		return hop, err
	}
	start := time.Now()
	if _, err := t.conn.WriteTo(b, &net.IPAddr{IP: t.to.AsSlice()}); err != nil {
		return hop, err
	}
	deadline := start.Add(hopTimeout)
	if d, ok := ctx.Deadline(); ok && d.Before(deadline) {
		deadline = d
	}
	if err := t.conn.SetReadDeadline(deadline); err != nil {
		return hop, err
	}
	buf := make([]byte, 1500)
	for {
		n, from, err := t.conn.ReadFrom(buf)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return hop, nil
		}
		if err != nil {
			return hop, err
		}
		if id, seq, ok := readReply(t.proto, buf[:n]); ok && id == t.id && seq == ttl {
			hop.Address, hop.Took = from.String(), ms(time.Since(start))
			return hop, nil
		}
	}
}

func (t *tracer) setTTL(ttl int) error {
	if t.to.Is6() {
		return t.conn.IPv6PacketConn().SetHopLimit(ttl)
	}
	return t.conn.IPv4PacketConn().SetTTL(ttl)
}

// readReply returns id and sequence of the echo that an ICMP message answers,
// or that it says was dropped.
func readReply(proto int, b []byte) (id, seq int, ok bool) {
	m, err := icmp.ParseMessage(proto, b)
	if err != nil {
		return 0, 0, false
	}
	switch body := m.Body.(type) {
	case *icmp.Echo:
		reply := m.Type == ipv4.ICMPTypeEchoReply || m.Type == ipv6.ICMPTypeEchoReply
		return body.ID, body.Seq, reply
	case *icmp.TimeExceeded:
		return readQuoted(proto, body.Data)
	case *icmp.DstUnreach:
		return readQuoted(proto, body.Data)
	}
	return 0, 0, false
}

// readQuoted reads the echo inside the packet that a router quotes.
func readQuoted(proto int, b []byte) (id, seq int, ok bool) {
	header := ipv6.HeaderLen
	if proto == 1 {
		if len(b) == 0 {
			return 0, 0, false
		}
		header = int(b[0]&0x0f) * 4
	}
	if header < ipv4.HeaderLen || len(b) < header+8 {
		return 0, 0, false
	}
	b = b[header:]
	return int(b[4])<<8 | int(b[5]), int(b[6])<<8 | int(b[7]), true
}
