// Package netguard keeps addresses that other people name, in sources,
// redirects, webhooks and DNS answers, from leading into networks that are not
// public. It judges the address about to be dialled, so a name that comes to
// stand for another one is judged anew each time.
package netguard

import (
	"fmt"
	"net/netip"
	"syscall"

	"code.dny.dev/ssrf"
)

// Guard decides which addresses may be connected to: those of the public
// internet, on any port and by any protocol, and the networks permitted
// explicitly. It is safe for concurrent use.
type Guard struct{ inner *ssrf.Guardian }

// azureWire is a public address that answers only inside one cloud, with
// credentials for whoever asks.
var azureWire = netip.MustParsePrefix("168.63.129.16/32")

// New returns a Guard that also permits the networks given.
func New(allow []netip.Prefix) Guard {
	var v4, v6 []netip.Prefix
	for _, p := range allow {
		if p.Addr().Is4() {
			v4 = append(v4, p.Masked())
		} else {
			v6 = append(v6, p.Masked())
		}
	}
	return Guard{ssrf.New(ssrf.WithAnyPort(), ssrf.WithAnyNetwork(), ssrf.WithAllowedV4Prefixes(v4...),
		ssrf.WithAllowedV6Prefixes(v6...), ssrf.WithDeniedV4Prefixes(azureWire))}
}

// Check returns a Refused where an address may not be connected to, else nil.
func (g Guard) Check(a netip.Addr) error {
	a = a.Unmap().WithZone("") // ::ffff:10.0.0.1 is 10.0.0.1, and fe80::1%eth0 is fe80::1
	if g.inner.SafeAddr(a) != nil {
		return &Refused{a}
	}
	return nil
}

// Control is for net.Dialer.Control. What is no address and port is an error.
func (g Guard) Control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("netguard: %w", err)
	}
	return g.Check(ap.Addr())
}

// Refused is the refusal of an address.
type Refused struct{ Addr netip.Addr }

// Error says which address it is and of what kind.
func (e *Refused) Error() string {
	return "refused to connect to " + e.Addr.String() + ": " + Nature(e.Addr)
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

// Nature says in words what kind of address it is.
func Nature(a netip.Addr) string {
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
