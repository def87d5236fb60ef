package fetch

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"crosscheck/internal/model"
)

func TestGuard(t *testing.T) {
	g := newGuard([]netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")})
	err := g.control("tcp4", "10.2.0.1:80", nil)
	if err == nil || !strings.Contains(err.Error(), ": a private address; add it to fetch.allow") {
		t.Errorf("control of an inside address = %v", err)
	}
	for _, a := range []string{"8.8.8.8:80", "8.8.8.8:8443", "10.1.9.9:80"} {
		if err := g.control("tcp4", a, nil); err != nil {
			t.Errorf("control(%s) = %v, want nil", a, err)
		}
	}
	if err := g.control("udp4", "8.8.8.8:80", nil); err == nil {
		t.Error("udp is let through")
	}
}

func TestBlockedAddress(t *testing.T) {
	srv, cfg := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the guard let a request through") })
	cfg.Allow = nil
	c := newClient(t, cfg)
	for _, raw := range []string{srv.URL, "http://aldwire.example/", "http://localhost:1/", "http://[::ffff:127.0.0.1]:1/", "http://[::1]:1/", "https://10.0.0.1/"} {
		_, err := c.Get(t.Context(), Request{URL: raw, Page: strings.Contains(raw, "aldwire")})
		if !errors.Is(err, model.ErrForbidden) || !strings.Contains(err.Error(), "refused to connect to ") {
			t.Errorf("Get(%s) = %v, want the guard's refusal", raw, err)
		}
	}
}

func TestRedirectToInside(t *testing.T) {
	_, cfg := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+strings.TrimPrefix(r.URL.Path, "/")+":9/", http.StatusFound)
	})
	c := newClient(t, cfg)
	for _, to := range []string{"127.0.0.2", "10.0.0.1", "169.254.169.254", "[::1]", "[64:ff9b::7f00:1]"} {
		_, err := c.Get(t.Context(), Request{URL: "http://aldwire.example/" + to})
		if !errors.Is(err, model.ErrForbidden) || !strings.Contains(err.Error(), "refused to connect") {
			t.Errorf("redirect to %s: %v, want the guard's refusal", to, err)
		}
	}
}

// A name that resolves to an allowed address at first and to another inside
// address afterwards is refused at the second connection.
func TestRebinding(t *testing.T) {
	srv, cfg := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") })
	_, port, _ := net.SplitHostPort(srv.Listener.Addr().String())
	c := newClient(t, cfg)
	var answer atomic.Value
	answer.Store([4]byte{127, 0, 0, 1})
	c.dialer.Resolver = &net.Resolver{PreferGo: true, Dial: fakeDNS(func() [4]byte { return answer.Load().([4]byte) })}

	target := "http://rebind.test:" + port + "/"
	if _, err := c.Get(t.Context(), Request{URL: target}); err != nil {
		t.Fatalf("first look-up: %v", err)
	}
	answer.Store([4]byte{127, 0, 0, 2})
	_, err := c.Get(t.Context(), Request{URL: target})
	want := target + ": refused to connect to 127.0.0.2: a loopback address; add it to fetch.allow to permit it"
	if !errors.Is(err, model.ErrForbidden) || err.Error() != want {
		t.Errorf("second look-up: %v, want %q", err, want)
	}
}

// fakeDNS answers every A question with one address, over a pipe.
func fakeDNS(address func() [4]byte) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go answerDNS(server, address)
		return client, nil
	}
}

// answerDNS speaks DNS over a stream: each message after its length.
func answerDNS(conn net.Conn, address func() [4]byte) {
	defer conn.Close()
	head := make([]byte, 2)
	for {
		if _, err := conn.Read(head); err != nil {
			return
		}
		buf := make([]byte, int(head[0])<<8|int(head[1]))
		if _, err := conn.Read(buf); err != nil {
			return
		}
		var m dnsmessage.Message
		if err := m.Unpack(buf); err != nil {
			return
		}
		m.Response, m.Additionals = true, nil
		if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
			m.Answers = []dnsmessage.Resource{{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
				Body:   &dnsmessage.AResource{A: address()},
			}}
		}
		out, err := m.Pack()
		if err != nil {
			return
		}
		if _, err := conn.Write(append([]byte{byte(len(out) >> 8), byte(len(out))}, out...)); err != nil {
			return
		}
	}
}
