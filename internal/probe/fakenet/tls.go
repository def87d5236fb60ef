package fakenet

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"sync"
	"time"
)

// TLS is how a host's handshake goes.
type TLS string

// The ways.
const (
	TLSGood       TLS = "good"
	TLSSoon       TLS = "expires in two days"
	TLSExpired    TLS = "expired yesterday"
	TLSNotYet     TLS = "valid from tomorrow"
	TLSWrongName  TLS = "for other.example"
	TLSSelfSigned TLS = "signed by itself"
	TLSUnknown    TLS = "signed by an authority nobody knows"
	TLSSilent     TLS = "no answer to the hello"
	TLSReset      TLS = "reset at the hello"
	TLSHangup     TLS = "closed at the hello"
	TLSRefuse     TLS = "an alert in answer to the hello"
	TLSNot        TLS = "answers in plain text"
)

// authority issues the certificates of a Net.
type authority struct {
	now     time.Time
	root    *issuer
	unknown *issuer

	mu    sync.Mutex
	certs map[string]*tls.Certificate // by kind and name
}

type issuer struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(now time.Time) (*authority, error) {
	a := &authority{now: now, certs: map[string]*tls.Certificate{}}
	var err error
	if a.root, err = newIssuer("Fakenet Root", now); err != nil {
		return nil, err
	}
	a.unknown, err = newIssuer("Nobody's Root", now)
	return a, err
}

func newIssuer(name string, now time.Time) (*issuer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: now.AddDate(-5, 0, 0), NotAfter: now.AddDate(5, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return &issuer{cert, key}, err
}

// Roots is the pool a prober trusts.
func (n *Net) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(n.authority.root.cert)
	return pool
}

// Authority is the certificate of the root, DER.
func (n *Net) Authority() []byte { return n.authority.root.cert.Raw }

// Certificate issues, or returns, the certificate of a kind for a name or an
// address.
func (n *Net) Certificate(kind TLS, name string) (*tls.Certificate, error) {
	return n.authority.issue(kind, name)
}

func (a *authority) issue(kind TLS, name string) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if kind == TLSWrongName {
		name = "other.example"
	}
	id := string(kind) + " " + name
	if c := a.certs[id]; c != nil {
		return c, nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{
		SerialNumber: big.NewInt(int64(len(a.certs) + 2)), Subject: pkix.Name{CommonName: name},
		NotBefore: a.now.AddDate(0, 0, -30), NotAfter: a.now.AddDate(0, 0, 60), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if ip, err := netip.ParseAddr(name); err == nil {
		t.IPAddresses = []net.IP{ip.AsSlice()}
	} else {
		t.DNSNames = []string{name}
	}
	by := a.root
	switch kind {
	case TLSSoon:
		t.NotAfter = a.now.AddDate(0, 0, 2)
	case TLSExpired:
		t.NotAfter = a.now.AddDate(0, 0, -1)
	case TLSNotYet:
		t.NotBefore = a.now.AddDate(0, 0, 1)
	case TLSUnknown:
		by = a.unknown
	case TLSSelfSigned:
		by = &issuer{t, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, t, by.cert, key.Public(), by.key)
	if err != nil {
		return nil, fmt.Errorf("certificate for %s: %w", name, err)
	}
	c := &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	a.certs[id] = c
	return c, nil
}

// accept is the server's side of a handshake; nil when there is no more to do.
func (a *authority) accept(c *conn, h Host) net.Conn {
	hello := make([]byte, 1)
	cfg := &tls.Config{
		NextProtos: []string{"http/1.1"}, CurvePreferences: []tls.CurveID{tls.X25519}, SessionTicketsDisabled: true, // days are probed
	}
	switch h.TLS {
	case TLSSilent:
		drain(c)
		return nil
	case TLSReset:
		_, _ = c.Read(hello)
		c.reset()
		return nil
	case TLSHangup:
		_, _ = c.Read(hello)
		return nil
	case TLSNot:
		_, _ = c.Read(hello)
		_, _ = c.Write([]byte("220 mail.example ready\r\n"))
		drain(c)
		return nil
	case TLSRefuse:
		cfg.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) { return nil, fmt.Errorf("not you") }
	default:
		cert, err := a.issue(h.TLS, h.Name)
		if err != nil {
			return nil
		}
		cfg.Certificates = []tls.Certificate{*cert}
	}
	secure := tls.Server(c, cfg)
	if secure.Handshake() != nil {
		return nil
	}
	return secure
}
