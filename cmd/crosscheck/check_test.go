package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"crosscheck/internal/model"
	"crosscheck/internal/probe"
	"crosscheck/internal/probe/fakenet"
)

// checked is one command line in a network of its own, in virtual time.
type checked struct {
	arrange func(n *fakenet.Net, name func(string, ...string))
	cmd     checkCmd
	cut     bool
}

var checkResolvers = []netip.AddrPort{netip.MustParseAddrPort("203.0.113.53:53"), netip.MustParseAddrPort("203.0.113.54:53")}

func (c checked) run(t *testing.T) (out string, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		n, e := fakenet.New(time.Now())
		if e != nil {
			t.Fatal(e)
		}
		cfg := probe.Config{
			Vantage: model.Vantage{ID: "here"}, Resolvers: checkResolvers, Roots: n.Roots(), Network: n,
			Allow: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")},
		}
		for _, a := range []string{"198.51.100.1:443", "198.51.100.2:443", "198.51.100.3:443", "198.51.100.4:443", "198.51.100.5:443"} {
			cfg.Anchors = append(cfg.Anchors, probe.Anchor{Address: a, Network: a})
			n.Listen(netip.MustParseAddrPort(a), fakenet.Host{})
		}
		if c.arrange != nil {
			c.arrange(n, func(name string, addrs ...string) {
				var a fakenet.Answer
				for _, s := range addrs {
					a.Addrs = append(a.Addrs, netip.MustParseAddr(s))
				}
				for _, r := range checkResolvers {
					n.Resolve(r, name, a)
				}
			})
		}
		n.Cut(c.cut)
		var b bytes.Buffer
		err = c.cmd.check(&env{ctx: t.Context(), stdout: &b, stderr: &b}, cfg)
		out = b.String()
		n.Close()
	})
	return out, err
}

// bankOn arranges the site of a bank.
func bankOn(h fakenet.Host) func(*fakenet.Net, func(string, ...string)) {
	return func(n *fakenet.Net, name func(string, ...string)) {
		name("bank.example", "192.0.2.10")
		if h.Name == "" {
			h.Name = "bank.example"
		}
		h.Delay = 20 * time.Millisecond
		n.Listen(netip.MustParseAddrPort("192.0.2.10:443"), h)
	}
}

func TestCheckExplains(t *testing.T) {
	page := fakenet.Late(80*time.Millisecond, fakenet.Status(200, "<title>The \x1b[31mBank</title>"))
	out, err := checked{arrange: bankOn(fakenet.Host{TLS: fakenet.TLSGood, Page: page}), cmd: checkCmd{Targets: []string{"bank.example"}}}.run(t)
	if err != nil {
		t.Error(err)
	}
	want := `https://bank.example/
  DNS      asked 203.0.113.53:53 for bank.example: 192.0.2.10 (0.001 ms)
           asked 203.0.113.54:53 for bank.example: 192.0.2.10 (0.001 ms)
  TCP      192.0.2.10:443: connected (20 ms)
  TLS      bank.example at 192.0.2.10:443: TLS 1.3 (0.001 ms)
           certificate: good; for bank.example, by CN=Fakenet Root, 2 Dec 1999 to 1 Mar 2000
  HTTP     GET https://bank.example/: 200 OK, 28 bytes, “The [31mBank” (80 ms)
  Verdict  Reachable from here.
  Not told Whether others reach it: this was one look from one place.

`
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
}

func TestCheckVerdicts(t *testing.T) {
	ok := fakenet.Status(200, "Welcome")
	good := fakenet.Host{TLS: fakenet.TLSGood, Page: ok}
	https := []string{"https://bank.example/"}
	for _, c := range []struct {
		name string
		checked
		lost bool
		want []string
	}{
		{"refused", checked{arrange: bankOn(fakenet.Host{TLS: fakenet.TLSGood, Page: fakenet.Status(403, "")}), cmd: checkCmd{Targets: https}}, false, []string{"Reachable from here. It turned this probe away (403 Forbidden)"}},
		{"challenge", checked{arrange: bankOn(fakenet.Host{TLS: fakenet.TLSGood, Page: fakenet.Challenge()}), cmd: checkCmd{Targets: https}}, false, []string{"(a challenge page of Cloudflare)"}},
		{"soon", checked{arrange: bankOn(fakenet.Host{TLS: fakenet.TLSSoon, Page: ok}), cmd: checkCmd{Targets: https}}, false, []string{"Reachable from here.", "expires on 3 Jan 2000 00:00 UTC, in 2 days"}},
		{"text", checked{arrange: bankOn(good), cmd: checkCmd{Targets: https, ExpectText: "Welcome", ExpectStatus: "200"}}, false, []string{"Reachable from here."}},
		{"self-signed", checked{arrange: bankOn(fakenet.Host{TLS: fakenet.TLSSelfSigned, Page: ok}), cmd: checkCmd{Targets: https}}, true, []string{"Try 2", "Reached from here, but with a bad certificate (self-signed)", "[ssl_unknown_authority]"}},
		{"expired", checked{arrange: bankOn(fakenet.Host{TLS: fakenet.TLSExpired, Page: ok}), cmd: checkCmd{Targets: https}}, true, []string{"bad certificate (expired)", "2 Dec 1999 to 31 Dec 1999"}},
		{"unresolvable", checked{arrange: func(_ *fakenet.Net, name func(string, ...string)) { name("other.example") }, cmd: checkCmd{Targets: https}}, true, []string{"It fails at DNS: there is no such name [dns_nxdomain_error]", "before: 5 of 5 anchors answered; after: 5 of 5", "One place that fails is no outage"}},
		{"silent", checked{arrange: bankOn(fakenet.Host{Connect: fakenet.Silent}), cmd: checkCmd{Targets: https}}, true, []string{"It fails at TCP: no answer in time [generic_timeout_error]", "Way      1: 192.0.2.254 (1 ms)"}},
		{"error", checked{arrange: bankOn(fakenet.Host{TLS: fakenet.TLSGood, Page: fakenet.Status(502, "")}), cmd: checkCmd{Targets: https}}, true, []string{"Reached from here", "not what it should be: 502 Bad Gateway"}},
		{"maintenance", checked{arrange: bankOn(fakenet.Host{TLS: fakenet.TLSGood, Page: fakenet.Status(503, "", "Retry-After: 60")}), cmd: checkCmd{Targets: https}}, true, []string{"503 Service Unavailable, as during announced work"}},
		{"no text", checked{arrange: bankOn(good), cmd: checkCmd{Targets: https, ExpectText: "Willkommen"}}, true, []string{"the expected text is not on the page"}},
		{"private", checked{cmd: checkCmd{Targets: []string{"http://10.0.0.1/"}}}, true, []string{"Not probed: refused to connect to 10.0.0.1: a private address, not permitted.", "--allow-private permits it"}},
		{"private name", checked{arrange: func(_ *fakenet.Net, name func(string, ...string)) { name("bank.example", "127.0.0.1") }, cmd: checkCmd{Targets: https}}, true, []string{"fails at DNS", "[dns_bogon_error]", "--allow-private permits it"}},
		{"cut off", checked{arrange: bankOn(good), cut: true, cmd: checkCmd{Targets: https}}, true, []string{"Cannot be told from here: this vantage point was cut off before: 0 of 5 anchors answered.", "198.51.100.1:443: no answer in time"}},
		{"echo", checked{cmd: checkCmd{Targets: []string{"icmp:192.0.2.10"}}}, true, []string{"Echo     192.0.2.10: no answer in time", "Not reachable from here: no answer in time"}},
		{"network", checked{arrange: bankOn(good), cmd: checkCmd{Targets: []string{"192.0.2.8/29", "tls:bank.example:443"}}}, false, []string{"Blocks   1 of 1 answer", "tls:bank.example:443"}},
		{"tampered", checked{arrange: func(n *fakenet.Net, name func(string, ...string)) {
			bankOn(good)(n, name)
			n.Resolve(checkResolvers[1], "bank.example", fakenet.Answer{Addrs: []netip.Addr{netip.MustParseAddr("192.0.2.66")}})
		}, cmd: checkCmd{Targets: https}}, false, []string{"The resolvers disagree."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := c.run(t)
			if errors.Is(err, errReported) != c.lost || err != nil && !c.lost {
				t.Errorf("error %v, want one: %v\n%s", err, c.lost, out)
			}
			flat := strings.Join(strings.Fields(out), " ")
			for _, w := range c.want {
				if !strings.Contains(flat, strings.Join(strings.Fields(w), " ")) {
					t.Errorf("want %q in\n%s", w, out)
				}
			}
		})
	}
}

func TestCheckJSON(t *testing.T) {
	out, err := checked{
		arrange: func(n *fakenet.Net, name func(string, ...string)) {
			for _, r := range checkResolvers {
				n.Resolve(r, "bank.example", fakenet.Answer{Rcode: dns.RcodeServerFailure})
			}
		},
		cmd: checkCmd{JSON: true, Targets: []string{"https://bank.example/", "http://10.0.0.1/"}},
	}.run(t)
	if !errors.Is(err, errReported) {
		t.Error(err)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 2 {
		t.Fatalf("want a line each:\n%s", out)
	}
	var got [2]struct {
		model.Observation
		Detail struct {
			Invalid string
			Tries   []struct{ Failure string }
		}
	}
	for i, line := range lines {
		if err := json.Unmarshal([]byte(line), &got[i]); err != nil {
			t.Fatal(err)
		}
		if err := got[i].Validate(); err != nil {
			t.Error(err)
		}
	}
	if g := got[0]; !g.Valid || g.Layer != "dns" || g.Failure != "dns_servfail_error" || len(g.Detail.Tries) != 2 || g.Evidence == nil {
		t.Errorf("first line %+v", g)
	}
	if g := got[1]; g.Valid || !strings.Contains(g.Detail.Invalid, "a private address") {
		t.Errorf("second line %+v", g)
	}
}

func TestCheckUsage(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"check"}, "<url>"},
		{[]string{"check", "ftp://bank.example/"}, `target "ftp://bank.example/"`},
		{[]string{"check", "--expect-status", "ok", "bank.example"}, "--expect-status"},
		{[]string{"check", "--resolver", "dns.example", "bank.example"}, `--resolver "dns.example"`},
	} {
		if status, _, errOut := cmd(t, "", c.args...); status != exitUsage || !strings.Contains(errOut, c.want) {
			t.Errorf("%v: status %d, want 2 with %q in\n%s", c.args, status, c.want, errOut)
		}
	}
	if status, out, _ := cmd(t, "", "check", "http://127.0.0.1:9/"); status != exitFail || !strings.Contains(out, "a loopback address") {
		t.Errorf("a loopback address: status %d\n%s", status, out)
	}
	if _, out, _ := cmd(t, "", "completion", "bash"); !strings.Contains(out, "--allow-private") {
		t.Error("the completion does not know check's flags")
	}
	for s, want := range map[string]string{"9.9.9.9": "9.9.9.9:53", "2001:db8::1": "[2001:db8::1]:53", "[2001:db8::1]:5353": "[2001:db8::1]:5353"} {
		if got, err := parseResolver(s); err != nil || got.String() != want {
			t.Errorf("parseResolver(%q) = %v, %v; want %s", s, got, err, want)
		}
	}
}
