package probe

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"time"

	"crosscheck/internal/model"
)

const tlsTimeout = 8 * time.Second

// handshake is the TLS stage of a try. The certificate is not asked of the
// handshake: it is judged afterwards, so that a server with a bad one is told
// from a server that cannot be reached. It closes conn when it fails.
func (y *pass) handshake(ctx context.Context, conn net.Conn, host string, to netip.AddrPort) *tls.Conn {
	ctx, cancel := context.WithTimeout(ctx, tlsTimeout)
	defer cancel()
	cfg := &tls.Config{
		InsecureSkipVerify: true, // judge follows
		NextProtos:         []string{"http/1.1"},
		Time:               y.p.now,
	}
	if y.t.Kind == KindTLS {
		cfg.NextProtos = nil // whatever is spoken there
	}
	if _, err := netip.ParseAddr(host); err != nil {
		cfg.ServerName = host
	}
	start := y.p.now()
	secure := tls.Client(conn, cfg)
	err := secure.HandshakeContext(ctx)
	y.try.tls = y.p.now().Sub(start)
	h := Handshake{Attempt: model.Attempt{Address: to.String(), Host: host}, Took: ms(y.try.tls)}
	if err != nil {
		conn.Close()
		h.Failure = handshakeFailure(err)
		y.try.Handshakes = append(y.try.Handshakes, h)
		y.try.fail(model.LayerTLS, h.Failure)
		return nil
	}
	state := secure.ConnectionState()
	h.Version = tls.VersionName(state.Version)
	h.Certificate = judge(state.PeerCertificates, host, y.p.cfg.Roots, y.p.now())
	y.try.certificate = h.Certificate
	y.try.Handshakes = append(y.try.Handshakes, h)
	return secure
}
