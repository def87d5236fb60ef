package probe_test

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"crosscheck/internal/model"
	"crosscheck/internal/probe"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// onLoopback returns a prober of this machine whose anchors are its own
// listeners.
func onLoopback(t *testing.T, resolver netip.AddrPort, roots *x509.CertPool) *probe.Prober {
	t.Helper()
	var anchors []probe.Anchor
	for _, network := range []string{"a", "b", "c", "d", "e"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		anchors = append(anchors, probe.Anchor{Address: l.Addr().String(), Network: network})
	}
	p, err := probe.New(probe.Config{Vantage: here, Resolvers: []netip.AddrPort{resolver}, Anchors: anchors, Allow: loopback, Roots: roots})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// onePort listens on a port that is free for UDP and for TCP.
func onePort(t *testing.T) (net.PacketConn, net.Listener) {
	t.Helper()
	for range 20 {
		pc, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		l, err := net.Listen("tcp", pc.LocalAddr().String())
		if err == nil {
			return pc, l
		}
		pc.Close()
	}
	t.Fatal("no port is free for both")
	return nil, nil
}

// nameServer answers on UDP and TCP: over UDP what is truncated only.
func nameServer(t *testing.T) netip.AddrPort {
	t.Helper()
	pc, l := onePort(t)
	answer := func(truncated bool) dns.HandlerFunc {
		return func(w dns.ResponseWriter, q *dns.Msg) {
			m := new(dns.Msg)
			m.SetReply(q)
			if m.Truncated = truncated; !truncated && q.Question[0].Qtype == dns.TypeA {
				m.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: q.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET}, A: net.IPv4(127, 0, 0, 1)}}
			}
			_ = w.WriteMsg(m)
		}
	}
	for _, s := range []*dns.Server{{PacketConn: pc, Handler: answer(true)}, {Listener: l, Handler: answer(false)}} {
		started := make(chan struct{})
		s.NotifyStartedFunc = func() { close(started) }
		done := make(chan struct{})
		go func() {
			defer close(done)
			_ = s.ActivateAndServe()
		}()
		<-started
		t.Cleanup(func() {
			_ = s.Shutdown()
			<-done
		})
	}
	return netip.MustParseAddrPort(pc.LocalAddr().String())
}

func TestSystem(t *testing.T) {
	site := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("User-Agent") == "" || r.Proto != "HTTP/1.1" {
			w.WriteHeader(http.StatusBadRequest)
		}
		_, _ = w.Write([]byte("<title>Here</title>"))
	}))
	defer site.Close()
	_, port, _ := net.SplitHostPort(site.Listener.Addr().String())
	p := onLoopback(t, nameServer(t), site.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs)

	r := p.Probe(t.Context(), target(t, "https://example.com:"+port+"/")) // the name in httptest's certificate
	if r.Outcome != model.OutcomeOK || r.Status != 200 || r.Evidence.Fetches[0].Title != "Here" || r.DNS == 0 || r.TCP == 0 || r.TLS == 0 || r.TTFB == 0 {
		t.Errorf("%+v\n%+v", r.Observation, r.Detail)
	}
	r = p.Probe(t.Context(), target(t, "https://other.example:"+port+"/"))
	if r.Failure != "ssl_invalid_hostname" || !r.Detail.Reached || !r.Valid {
		t.Errorf("%+v\n%+v", r.Observation, r.Detail)
	}
	site.Close()
	r = p.Probe(t.Context(), target(t, "tcp:example.com:"+port))
	if r.Layer != model.LayerTCP || r.Failure != "connection_refused" || !r.Valid {
		t.Errorf("%+v\n%+v", r.Observation, r.Detail)
	}
}

// The system's network refuses at connect time what the guard refuses before.
func TestSystemGuards(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, err = probe.NewSystem(nil).Dial(t.Context(), netip.MustParseAddrPort(l.Addr().String()))
	if err == nil || !strings.Contains(err.Error(), "a loopback address") {
		t.Errorf("dialled the loopback: %v", err)
	}
	conn, err := probe.NewSystem(loopback).Dial(t.Context(), netip.MustParseAddrPort(l.Addr().String()))
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

func TestSystemEcho(t *testing.T) {
	s := probe.NewSystem(loopback)
	to := netip.MustParseAddr("127.0.0.1")
	took, err := s.Ping(t.Context(), to)
	if errors.Is(err, probe.ErrNotPermitted) {
		t.Skip(err)
	}
	if err != nil || took <= 0 || took > time.Second {
		t.Errorf("echo of the loopback: %v, %v", took, err)
	}
	hops, err := s.Trace(t.Context(), to)
	if errors.Is(err, probe.ErrNotPermitted) {
		t.Skip(err)
	}
	if err != nil || len(hops) != 1 || hops[0].Address != "127.0.0.1" {
		t.Errorf("way to the loopback: %+v, %v", hops, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Ping(ctx, to); err == nil {
		t.Error("sent echoes after the end")
	}
}

func TestDefaultResolvers(t *testing.T) {
	r := probe.DefaultResolvers()
	if len(r) != 2 || r[0] == r[1] || r[1] != probe.OtherResolver || r[0].Port() != 53 {
		t.Errorf("resolvers %v, want the system's and another", r)
	}
}
