package fetch

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
)

// certificate makes one for aldwire.example, and a pool that trusts it.
func certificate(t *testing.T, from, until time.Time) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "aldwire.example"}, DNSNames: []string{"aldwire.example"},
		NotBefore: from, NotAfter: until, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func TestTLS(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		name, url   string
		from, until time.Time
		trusted     bool
		want        string
	}{
		{"good", "https://aldwire.example/", now.Add(-time.Hour), now.Add(time.Hour), true, ""},
		{"expired", "https://aldwire.example/", now.Add(-48 * time.Hour), now.Add(-24 * time.Hour), true, "the TLS certificate of aldwire.example expired on " + now.Add(-24*time.Hour).UTC().Format(time.DateOnly)},
		{"not yet", "https://aldwire.example/", now.Add(24 * time.Hour), now.Add(48 * time.Hour), true, "the TLS certificate of aldwire.example is valid only from " + now.Add(24*time.Hour).UTC().Format(time.DateOnly)},
		{"wrong name", "https://news.example/", now.Add(-time.Hour), now.Add(time.Hour), true, "the TLS certificate is for another name than news.example"},
		{"unknown issuer", "https://aldwire.example/", now.Add(-time.Hour), now.Add(time.Hour), false, "the TLS certificate of aldwire.example was issued by an authority we do not know"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cert, pool := certificate(t, c.from, c.until)
			srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
			srv.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
			srv.Config.ErrorLog = log.New(io.Discard, "", 0)
			srv.StartTLS()
			defer srv.Close()
			addr := srv.Listener.Addr().String()
			client := newClient(t, Config{Allow: loopback, Pace: -1, Hosts: map[string]string{"aldwire.example": addr, "news.example": addr}})
			client.transport.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool()}
			if c.trusted {
				client.transport.TLSClientConfig.RootCAs = pool
			}
			_, err := client.Get(t.Context(), Request{URL: c.url})
			if c.want == "" && err == nil {
				return
			}
			if want := c.url + ": " + c.want; err == nil || err.Error() != want || !errors.Is(err, model.ErrTemporary) {
				t.Errorf("Get = %v, want %q", err, want)
			}
		})
	}
}

func TestConnectionErrors(t *testing.T) {
	refused, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := refused.Addr().String()
	_ = refused.Close()

	_, cfg := serve(t, func(w http.ResponseWriter, r *http.Request) {
		conn, buf, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		answers := map[string]string{
			"/garbage": "220 mail.example ESMTP\r\n",
			"/short":   "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
			"/headers": "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", maxHeader+10) + "\r\n\r\n",
			"/nothing": "",
		}
		_, _ = buf.WriteString(answers[r.URL.Path])
		_ = buf.Flush()
	})
	cfg.Hosts["gone.example"] = gone
	c := newClient(t, cfg)
	for _, tc := range []struct{ url, want string }{
		{"http://gone.example/", "connection refused by gone.example"},
		{"http://aldwire.example/garbage", "aldwire.example did not answer in HTTP"},
		{"http://aldwire.example/short", "aldwire.example broke off in the middle of its answer"},
		{"http://aldwire.example/nothing", "aldwire.example broke off in the middle of its answer"},
		{"http://aldwire.example/headers", "aldwire.example sent headers that are too long"},
		{"https://aldwire.example/", "aldwire.example does not speak TLS on this port; try http instead of https"},
	} {
		_, err := c.Get(t.Context(), Request{URL: tc.url})
		if want := tc.url + ": " + tc.want; err == nil || err.Error() != want || !errors.Is(err, model.ErrTemporary) {
			t.Errorf("Get(%s) = %v, want %q", tc.url, err, want)
		}
	}
	_, err = c.Get(t.Context(), Request{URL: "http://gone.example/page", Page: true})
	if want := "http://gone.example/page: connection refused by gone.example"; err == nil || err.Error() != want {
		t.Errorf("a page of a host that is gone: %v, want %q", err, want)
	}
}

func TestDNSErrors(t *testing.T) {
	u, err := parseURL("https://aldwire.example/feed")
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, Config{})
	for _, tc := range []struct {
		err  *net.DNSError
		want string
	}{
		{&net.DNSError{Err: "no such host", IsNotFound: true}, "no such host aldwire.example"},
		{&net.DNSError{Err: "i/o timeout", IsTimeout: true}, "looking up aldwire.example took too long: no answer from DNS"},
		{&net.DNSError{Err: "server misbehaving", IsTemporary: true}, "looking up aldwire.example failed: DNS could not answer"},
	} {
		got := c.explain(t.Context(), u, &net.OpError{Op: "dial", Net: "tcp", Err: tc.err})
		if want := "https://aldwire.example/feed: " + tc.want; got.Error() != want || !errors.Is(got, model.ErrTemporary) {
			t.Errorf("explain = %v, want %q", got, want)
		}
	}
}

func TestInWords(t *testing.T) {
	for d, want := range map[time.Duration]string{
		50 * time.Millisecond: "50ms", 30 * time.Second: "30 s", 90 * time.Second: "90 s", 5 * time.Minute: "5 min", 48 * time.Hour: "48 h",
	} {
		if got := inWords(d); got != want {
			t.Errorf("inWords(%v) = %q, want %q", d, got, want)
		}
	}
}
