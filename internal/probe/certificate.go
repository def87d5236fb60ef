package probe

import (
	"crypto/x509"
	"errors"
	"net/netip"
	"time"
)

// Certificate is what a server showed of itself, judged apart from whether it
// could be reached.
type Certificate struct {
	Subject  string    `json:"subject"`
	Issuer   string    `json:"issuer"`
	Names    []string  `json:"names,omitempty"` // at most ten
	From     time.Time `json:"from"`
	Until    time.Time `json:"until"`
	Verdicts []Verdict `json:"verdicts,omitempty"` // none: good
}

// Verdict is a fault of a certificate.
type Verdict string

// The verdicts. Soon is a warning, the others turn visitors away.
const (
	CertExpired       Verdict = "expired"
	CertNotYet        Verdict = "not yet valid"
	CertWrongName     Verdict = "wrong name"
	CertSelfSigned    Verdict = "self-signed"
	CertUnknownIssuer Verdict = "unknown issuer"
	CertInvalid       Verdict = "invalid"
	CertSoon          Verdict = "expires soon"
)

// certFailures are the failure names of the verdicts, the gravest first.
var certFailures = []struct {
	verdict Verdict
	name    string
}{
	{CertWrongName, failTLSName},
	{CertSelfSigned, failTLSAuthority},
	{CertUnknownIssuer, failTLSAuthority},
	{CertExpired, failTLSInvalid},
	{CertNotYet, failTLSInvalid},
	{CertInvalid, failTLSInvalid},
}

// Failure is the df-007 name of the gravest fault, or "".
func (c *Certificate) Failure() string {
	for _, f := range certFailures {
		if c.has(f.verdict) {
			return f.name
		}
	}
	return ""
}

func (c *Certificate) has(v Verdict) bool {
	for _, w := range c.Verdicts {
		if w == v {
			return true
		}
	}
	return false
}

const (
	certNames = 10                  // shown of a certificate
	certSoon  = 14 * 24 * time.Hour // renewal is due at 30 days of 90; at 14 it has been failing
)

// judge looks at a chain as the server sent it, leaf first, which must not be
// empty. Name, dates and issuer are judged each by itself, so that an expired
// certificate still tells whose it was.
func judge(chain []*x509.Certificate, host string, roots *x509.CertPool, now time.Time) *Certificate {
	leaf := chain[0]
	c := &Certificate{
		Subject: cut(printable(leaf.Subject.String()), maxFailure), Issuer: cut(printable(leaf.Issuer.String()), maxFailure),
		From: leaf.NotBefore.UTC(), Until: leaf.NotAfter.UTC(), Names: namesOf(leaf),
	}
	if leaf.VerifyHostname(verifiable(host)) != nil {
		c.Verdicts = append(c.Verdicts, CertWrongName)
	}
	at := now // the issuer is judged at a time the leaf was valid
	switch left := leaf.NotAfter.Sub(now); {
	case left < 0:
		c.Verdicts = append(c.Verdicts, CertExpired)
		at = leaf.NotAfter
	case now.Before(leaf.NotBefore):
		c.Verdicts = append(c.Verdicts, CertNotYet)
		at = leaf.NotBefore
	case left < min(certSoon, leaf.NotAfter.Sub(leaf.NotBefore)/4):
		c.Verdicts = append(c.Verdicts, CertSoon)
	}
	if v := issuer(chain, roots, at); v != "" && !c.has(v) {
		c.Verdicts = append(c.Verdicts, v)
	}
	return c
}

func issuer(chain []*x509.Certificate, roots *x509.CertPool, at time.Time) Verdict {
	leaf, between := chain[0], x509.NewCertPool()
	for _, cert := range chain[1:] {
		between.AddCert(cert)
	}
	_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at})
	var unknownAuthority x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &unknownAuthority) && len(chain) == 1 && leaf.CheckSignature(leaf.SignatureAlgorithm, leaf.RawTBSCertificate, leaf.Signature) == nil:
		return CertSelfSigned
	case errors.As(err, &unknownAuthority):
		return CertUnknownIssuer
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return CertExpired // one of those between
	}
	return CertInvalid
}

// verifiable is the host as x509 takes it: an address in brackets.
func verifiable(host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return "[" + host + "]"
	}
	return host
}

func namesOf(leaf *x509.Certificate) []string {
	var names []string
	for _, n := range leaf.DNSNames {
		names = append(names, cut(printable(n), maxFailure))
	}
	for _, ip := range leaf.IPAddresses {
		names = append(names, ip.String())
	}
	return names[:min(len(names), certNames)]
}
