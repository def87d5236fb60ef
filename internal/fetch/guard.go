package fetch

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"syscall"

	"crosscheck/internal/netguard"
)

// guard decides, for each address about to be dialled, whether it may be. It
// runs at connect time on the address itself, so names that resolve to inside
// addresses, redirects and DNS answers that change between two look-ups all
// meet it.
//
// Any port of a public address is allowed: feeds live on odd ports, and what
// is spoken there is always HTTP.
type guard struct{ inner netguard.Guard }

func newGuard(allow []netip.Prefix) guard { return guard{netguard.New(allow)} }

// control is for net.Dialer.Control.
func (g guard) control(network, address string, conn syscall.RawConn) error {
	if !strings.HasPrefix(network, "tcp") {
		return errors.New("refused to speak " + network)
	}
	err := g.inner.Control(network, address, conn)
	if refused := (*netguard.Refused)(nil); errors.As(err, &refused) {
		return &blockedError{refused}
	}
	return err
}

// blockedError is the guard's refusal.
type blockedError struct{ refused *netguard.Refused }

func (e *blockedError) Unwrap() error { return e.refused }

func (e *blockedError) Error() string {
	return e.refused.Error() + "; add it to fetch.allow to permit it"
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
