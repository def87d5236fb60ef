package probe

import (
	"net/netip"
	"syscall"

	"crosscheck/internal/netguard"
)

// guard decides which addresses may be probed. Names are resolved here and
// addresses are dialled as literals, so what was checked is what is dialled;
// System checks once more at connect time.
type guard struct{ netguard.Guard }

// Private lists the networks a desk may open with one word: loopback, private,
// shared and link-local addresses.
var Private = []netip.Prefix{
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"),
	netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("::1/128"), netip.MustParsePrefix("fc00::/7"), netip.MustParsePrefix("fe80::/10"),
}

func newGuard(allow []netip.Prefix) guard { return guard{netguard.New(allow)} }

// check returns why an address may not be probed, or nil.
func (g guard) check(a netip.Addr) error { return refusalOf(g.Check(a)) }

// control is for net.Dialer.Control.
func (g guard) control(network, address string, conn syscall.RawConn) error {
	return refusalOf(g.Control(network, address, conn))
}

func refusalOf(err error) error {
	if err == nil {
		return nil
	}
	return &forbiddenError{err}
}

// forbiddenError is the guard's refusal.
type forbiddenError struct{ err error }

func (e *forbiddenError) Unwrap() error { return e.err }

func (e *forbiddenError) Error() string { return e.err.Error() + ", not permitted" }
