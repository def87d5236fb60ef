package probe

import (
	"net/netip"
	"syscall"

	"code.dny.dev/ssrf"
)

// guard decides which addresses may be probed: those of the public internet,
// and the networks permitted explicitly. Names are resolved here and addresses
// are dialled as literals, so what was checked is what is dialled; System
// checks once more at connect time.
type guard struct{ inner *ssrf.Guardian }

// azureWire is a public address that answers only inside one cloud, with
// credentials for whoever asks.
var azureWire = netip.MustParsePrefix("168.63.129.16/32")

// Private lists the networks a desk may open with one word: loopback, private,
// shared and link-local addresses.
var Private = []netip.Prefix{
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"),
	netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("::1/128"), netip.MustParsePrefix("fc00::/7"), netip.MustParsePrefix("fe80::/10"),
}

func newGuard(allow []netip.Prefix) guard {
	var v4, v6 []netip.Prefix
	for _, p := range allow {
		if p.Addr().Is4() {
			v4 = append(v4, p.Masked())
		} else {
			v6 = append(v6, p.Masked())
		}
	}
	return guard{ssrf.New(ssrf.WithAnyPort(), ssrf.WithAnyNetwork(), ssrf.WithAllowedV4Prefixes(v4...),
		ssrf.WithAllowedV6Prefixes(v6...), ssrf.WithDeniedV4Prefixes(azureWire))}
}

// check returns why an address may not be probed, or nil.
func (g guard) check(a netip.Addr) error {
	a = a.Unmap().WithZone("") // ::ffff:10.0.0.1 is 10.0.0.1, and fe80::1%eth0 is fe80::1
	if g.inner.SafeAddr(a) != nil {
		return &forbiddenError{a}
	}
	return nil
}

// control is for net.Dialer.Control.
func (g guard) control(network, address string, conn syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return g.inner.Safe(network, address, conn)
	}
	return g.check(ap.Addr())
}

// forbiddenError is the guard's refusal.
type forbiddenError struct{ addr netip.Addr }

func (e *forbiddenError) Error() string {
	return "refused to connect to " + e.addr.String() + ": " + nature(e.addr) + ", not permitted"
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
