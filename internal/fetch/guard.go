package fetch

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"syscall"

	"code.dny.dev/ssrf"
)

// guard decides, for each address about to be dialled, whether it may be. It
// runs at connect time on the address itself, so names that resolve to inside
// addresses, redirects and DNS answers that change between two look-ups all
// meet it.
//
// Any port of a public address is allowed: feeds live on odd ports, and what
// is spoken there is always HTTP.
type guard struct{ inner *ssrf.Guardian }

// azureWire is a public address that answers only inside one cloud, with
// credentials for whoever asks.
var azureWire = netip.MustParsePrefix("168.63.129.16/32")

func newGuard(allow []netip.Prefix) guard {
	var v4, v6 []netip.Prefix
	for _, p := range allow {
		if p.Addr().Is4() {
			v4 = append(v4, p.Masked())
		} else {
			v6 = append(v6, p.Masked())
		}
	}
	return guard{ssrf.New(ssrf.WithAnyPort(), ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...),
		ssrf.WithDeniedV4Prefixes(azureWire))}
}

// control is for net.Dialer.Control.
func (g guard) control(network, address string, conn syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return g.inner.Safe(network, address, conn)
	}
	ip := ap.Addr().Unmap().WithZone("") // ::ffff:10.0.0.1 is 10.0.0.1, and fe80::1%eth0 is fe80::1
	if err := g.inner.Safe(network, netip.AddrPortFrom(ip, ap.Port()).String(), conn); err != nil {
		return &blockedError{addr: ip, err: err}
	}
	return nil
}

// blockedError is the guard's refusal.
type blockedError struct {
	addr netip.Addr
	err  error
}

func (e *blockedError) Unwrap() error { return e.err }

func (e *blockedError) Error() string {
	return "refused to connect to " + e.addr.String() + ": " + nature(e.addr) + "; add it to fetch.allow to permit it"
}

// natures names the networks the standard library has no question for.
var natures = []struct {
	prefix netip.Prefix
	name   string
}{
	{netip.MustParsePrefix("100.64.0.0/10"), "an address behind a provider's shared NAT"},
	{netip.MustParsePrefix("64:ff9b::/96"), "a NAT64 address"},
	{netip.MustParsePrefix("64:ff9b:1::/48"), "a NAT64 address"},
	{netip.MustParsePrefix("2002::/16"), "a 6to4 address"},
	{netip.MustParsePrefix("2001::/32"), "a Teredo address"},
	{azureWire, "a cloud provider's internal address"},
}

// nature says in words what kind of address it is.
func nature(a netip.Addr) string {
	switch {
	case a.IsLoopback():
		return "a loopback address"
	case a.IsPrivate():
		return "a private address"
	case a.IsLinkLocalUnicast():
		return "a link-local address"
	case a.IsUnspecified():
		return "the unspecified address"
	case a.IsMulticast():
		return "a multicast address"
	}
	for _, n := range natures {
		if n.prefix.Contains(a) {
			return n.name
		}
	}
	return "an address reserved for special use"
}

// dial connects to a host of the static table, or to what DNS says.
func (c *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if fixed, ok := c.cfg.Hosts[strings.ToLower(host)]; ok {
		address = fixed
	}
	return c.dialer.DialContext(ctx, network, address)
}
