package probe_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
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

var (
	resolver1 = netip.MustParseAddrPort("203.0.113.53:53")
	resolver2 = netip.MustParseAddrPort("203.0.113.54:53")
	here      = model.Vantage{ID: "fra-1", ASN: 64500, Country: "DE", Group: "rack"}
)

const (
	bank   = "bank.example"
	bankV4 = "192.0.2.10"
	bankV6 = "2001:db8::10"
)

// world is a network with healthy anchors and a prober in it.
type world struct {
	*fakenet.Net
	*probe.Prober
}

// inWorld runs f in virtual time.
func inWorld(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		n, err := fakenet.New(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		p, err := probe.New(config(n))
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range anchors {
			n.Listen(netip.MustParseAddrPort(a.Address), fakenet.Host{})
		}
		f(t, &world{n, p})
		n.Close()
	})
}

var anchors = []probe.Anchor{
	{Address: "198.51.100.1:443", Network: "A"},
	{Address: "198.51.100.2:443", Network: "B"},
	{Address: "198.51.100.3:443", Network: "C"},
	{Address: "198.51.100.4:443", Network: "D"},
	{Address: "198.51.100.5:443", Network: "D"},
	{Address: "198.51.100.6:443", Network: "D"},
}

func config(n *fakenet.Net) probe.Config {
	return probe.Config{
		Vantage: here, Resolvers: []netip.AddrPort{resolver1, resolver2}, Anchors: anchors, Roots: n.Roots(), Network: n,
		Allow: []netip.Prefix{
			netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("2001:db8::/32"),
		},
	}
}

// name makes both resolvers give the addresses of a name.
func (w *world) name(name string, addrs ...string) {
	for _, r := range []netip.AddrPort{resolver1, resolver2} {
		w.Resolve(r, name, fakenet.Answer{Addrs: parse(addrs...)})
	}
}

func parse(addrs ...string) []netip.Addr {
	var parsed []netip.Addr
	for _, a := range addrs {
		parsed = append(parsed, netip.MustParseAddr(a))
	}
	return parsed
}

// serve puts a host at port 443 of an address.
func (w *world) serve(addr string, h fakenet.Host) {
	if h.TLS == "" {
		h.TLS = fakenet.TLSGood
	}
	if h.Name == "" {
		h.Name = bank
	}
	w.Listen(netip.AddrPortFrom(netip.MustParseAddr(addr), 443), h)
}

// target reads a target or fails the test.
func target(t *testing.T, s string) probe.Target {
	t.Helper()
	tgt, err := probe.ParseTarget(s)
	if err != nil {
		t.Fatal(err)
	}
	return tgt
}

var home = fakenet.Status(200, "<html><head><TITLE>\n The Bank &amp; Co\n</title></head><body>Welcome to online banking</body></html>")

func TestGood(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.name(bank, bankV4, bankV6)
		w.serve(bankV4, fakenet.Host{Page: fakenet.Late(80*time.Millisecond, home), Delay: 20 * time.Millisecond})
		w.serve(bankV6, fakenet.Host{Page: home, Delay: 30 * time.Millisecond})
		r := w.Probe(t.Context(), target(t, "https://bank.example/"))
		if !r.Valid || r.Outcome != model.OutcomeOK || r.Status != 200 || r.TCP != 20 || r.TTFB != 80 {
			t.Errorf("observation %+v", r.Observation)
		}
		if err := r.Validate(); err != nil {
			t.Error(err)
		}
		d := r.Detail
		if d.IPv4 != probe.FamilyOK || d.IPv6 != probe.FamilyOK || !d.Reached || len(d.Tries) != 1 || d.Certificate.Failure() != "" {
			t.Errorf("detail %+v", d)
		}
		want := &model.Evidence{
			Lookups: []model.Lookup{
				{Host: bank, Resolver: resolver1.String(), Addresses: []string{bankV4, bankV6}},
				{Host: bank, Resolver: resolver2.String(), Addresses: []string{bankV4, bankV6}},
			},
			Connects:   []model.Attempt{{Address: bankV4 + ":443", Host: bank}, {Address: "[" + bankV6 + "]:443", Host: bank}},
			Handshakes: []model.Attempt{{Address: bankV4 + ":443", Host: bank}},
			Fetches: []model.Fetch{{
				URL: "https://bank.example/", Status: 200, Length: 99, Title: "The Bank & Co",
				Headers: []string{"Content-Length"},
			}},
		}
		if diff := cmp.Diff(want, r.Evidence); diff != "" {
			t.Error(diff)
		}
	})
}

// lost is what becomes of a bank that fails in one way.
type lost struct {
	name     string
	arrange  func(w *world)
	layer    model.Layer
	failure  string
	target   string // "": the bank's page
	reached  bool
	status   int
	mutate   func(t *probe.Target)
	tries    int // 0: two
	maintain bool
}

func page(p fakenet.Page) func(*world) {
	return func(w *world) {
		w.name(bank, bankV4)
		w.serve(bankV4, fakenet.Host{Page: p})
	}
}

func host(h fakenet.Host) func(*world) {
	return func(w *world) {
		w.name(bank, bankV4)
		if h.Page == nil {
			h.Page = home
		}
		w.serve(bankV4, h)
	}
}

func answers(a fakenet.Answer) func(*world) {
	return func(w *world) {
		for _, r := range []netip.AddrPort{resolver1, resolver2} {
			w.Resolve(r, bank, a)
		}
	}
}

func TestFailures(t *testing.T) {
	for _, c := range []lost{
		{name: "nxdomain", arrange: answers(fakenet.Answer{Rcode: dns.RcodeNameError}), layer: "dns", failure: "dns_nxdomain_error"},
		{name: "servfail", arrange: answers(fakenet.Answer{Rcode: dns.RcodeServerFailure}), layer: "dns", failure: "dns_servfail_error"},
		{name: "dns refused", arrange: answers(fakenet.Answer{Rcode: dns.RcodeRefused}), layer: "dns", failure: "dns_refused_error"},
		{name: "dns not implemented", arrange: answers(fakenet.Answer{Rcode: dns.RcodeNotImplemented}), layer: "dns", failure: "dns_server_misbehaving"},
		{name: "no address", arrange: answers(fakenet.Answer{}), layer: "dns", failure: "dns_no_answer"},
		{name: "alias to nowhere", arrange: answers(fakenet.Answer{Alias: "edge.example"}), layer: "dns", failure: "dns_no_answer"},
		{name: "wrong id", arrange: answers(fakenet.Answer{WrongID: true}), layer: "dns", failure: "dns_reply_with_wrong_query_id"},
		{name: "garbage", arrange: answers(fakenet.Answer{Garbage: []byte("not dns")}), layer: "dns", failure: "dns_server_misbehaving"},
		{name: "dns silent", arrange: answers(fakenet.Answer{Silent: true}), layer: "dns", failure: "generic_timeout_error"},
		{name: "bogon", arrange: answers(fakenet.Answer{Addrs: parse("10.10.34.34")}), layer: "dns", failure: "dns_bogon_error"},
		{name: "dns kind", target: "dns:bank.example", arrange: answers(fakenet.Answer{Rcode: dns.RcodeNameError}), layer: "dns", failure: "dns_nxdomain_error"},

		{name: "tcp silent", arrange: host(fakenet.Host{Connect: fakenet.Silent}), layer: "tcp", failure: "generic_timeout_error"},
		{name: "tcp refused", arrange: host(fakenet.Host{Connect: fakenet.Refuse}), layer: "tcp", failure: "connection_refused"},
		{name: "unreachable", arrange: host(fakenet.Host{Connect: fakenet.Unreachable}), layer: "tcp", failure: "host_unreachable"},
		{name: "no network", arrange: host(fakenet.Host{Connect: fakenet.NoNetwork}), layer: "tcp", failure: "network_unreachable"},
		{name: "no network but for one", arrange: func(w *world) {
			w.name(bank, bankV4, bankV6)
			w.serve(bankV4, fakenet.Host{Connect: fakenet.Refuse, Delay: time.Millisecond})
			w.serve(bankV6, fakenet.Host{Connect: fakenet.NoNetwork})
		}, layer: "tcp", failure: "connection_refused"},
		{name: "tcp kind", target: "bank.example:443", arrange: host(fakenet.Host{Connect: fakenet.Refuse}), layer: "tcp", failure: "connection_refused"},

		{name: "hello reset", arrange: host(fakenet.Host{TLS: fakenet.TLSReset}), layer: "tls", failure: "connection_reset"},
		{name: "reset after accept", arrange: host(fakenet.Host{Connect: fakenet.Reset}), layer: "tls", failure: "connection_reset"},
		{name: "hello closed", arrange: host(fakenet.Host{TLS: fakenet.TLSHangup}), layer: "tls", failure: "eof_error"},
		{name: "hello silent", arrange: host(fakenet.Host{TLS: fakenet.TLSSilent}), layer: "tls", failure: "generic_timeout_error"},
		{name: "hello alert", arrange: host(fakenet.Host{TLS: fakenet.TLSRefuse}), layer: "tls", failure: "ssl_failed_handshake"},
		{name: "not tls", arrange: host(fakenet.Host{TLS: fakenet.TLSNot}), layer: "tls", failure: "ssl_failed_handshake"},
		{name: "tls kind", target: "tls:bank.example:443", arrange: host(fakenet.Host{TLS: fakenet.TLSReset}), layer: "tls", failure: "connection_reset"},

		{name: "expired", arrange: host(fakenet.Host{TLS: fakenet.TLSExpired}), layer: "tls", failure: "ssl_invalid_certificate", reached: true, status: 200},
		{name: "not yet", arrange: host(fakenet.Host{TLS: fakenet.TLSNotYet}), layer: "tls", failure: "ssl_invalid_certificate", reached: true, status: 200},
		{name: "wrong name", arrange: host(fakenet.Host{TLS: fakenet.TLSWrongName}), layer: "tls", failure: "ssl_invalid_hostname", reached: true, status: 200},
		{name: "self-signed", arrange: host(fakenet.Host{TLS: fakenet.TLSSelfSigned}), layer: "tls", failure: "ssl_unknown_authority", reached: true, status: 200},
		{name: "unknown issuer", arrange: host(fakenet.Host{TLS: fakenet.TLSUnknown}), layer: "tls", failure: "ssl_unknown_authority", reached: true, status: 200},
		{name: "tls kind expired", target: "tls:bank.example:443", arrange: host(fakenet.Host{TLS: fakenet.TLSExpired}), layer: "tls", failure: "ssl_invalid_certificate", reached: true},
		{name: "error under an expired certificate", arrange: host(fakenet.Host{TLS: fakenet.TLSExpired, Page: fakenet.Status(500, "")}), layer: "http", failure: "http_request_failed", reached: true, status: 500},

		{name: "refusal of an impostor", arrange: host(fakenet.Host{TLS: fakenet.TLSUnknown, Page: fakenet.Status(403, "blocked")}), layer: "tls", failure: "ssl_unknown_authority", reached: true, status: 403},
		{name: "impostor that redirects", arrange: func(w *world) {
			host(fakenet.Host{TLS: fakenet.TLSSelfSigned, Page: fakenet.Redirect("https://block.example/")})(w)
			w.name("block.example", "192.0.2.20")
			w.serve("192.0.2.20", fakenet.Host{Name: "block.example", Page: home})
		}, layer: "tls", failure: "ssl_unknown_authority", reached: true, status: 200},

		{name: "500", arrange: page(fakenet.Status(500, "")), layer: "http", failure: "http_request_failed", reached: true, status: 500},
		{name: "404", arrange: page(fakenet.Status(404, "")), layer: "http", failure: "http_request_failed", reached: true, status: 404},
		{name: "maintenance", arrange: page(fakenet.Status(503, "", "Retry-After: 7200")), layer: "http", failure: "http_request_failed", reached: true, status: 503, maintain: true},
		{name: "maintenance page", arrange: page(fakenet.Status(503, "<title>Wartungsarbeiten</title>")), layer: "http", failure: "http_request_failed", reached: true, status: 503, maintain: true},
		{
			name: "status not expected", arrange: page(fakenet.Status(200, "")), layer: "http", failure: "http_unexpected_status_code", reached: true, status: 200,
			mutate: func(t *probe.Target) { t.Status = []probe.StatusRange{{From: 404, To: 404}} },
		},
		{
			name: "text missing", arrange: page(home), layer: "http", failure: "unknown_failure: the expected text is not on the page", reached: true, status: 200,
			mutate: func(t *probe.Target) { t.Text = "Willkommen" },
		},
		{name: "mute", arrange: page(fakenet.Mute()), layer: "http", failure: "generic_timeout_error"},
		{name: "closes", arrange: page(fakenet.Raw("")), layer: "http", failure: "eof_error"},
		{name: "truncated", arrange: page(fakenet.Truncated()), layer: "http", failure: "eof_error", status: 200},
		{name: "torn", arrange: page(fakenet.Torn()), layer: "http", failure: "connection_reset", status: 200},
		{name: "drip", arrange: page(fakenet.Drip()), layer: "http", failure: "generic_timeout_error", status: 200},
		{name: "endless header", arrange: page(fakenet.Headers()), layer: "http", failure: "unknown_failure: header larger than 64 KiB"},
		{name: "not http", arrange: page(fakenet.Raw("SSH-2.0-OpenSSH\r\n\x00\x1b[31m\r\n")), layer: "http", failure: `unknown_failure: malformed HTTP response "SSH-2.0-OpenSSH"`},
		{name: "only interim answers", arrange: page(fakenet.Raw(strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 9))), layer: "http", failure: "unknown_failure: too many interim answers"},
		{name: "redirect loop", arrange: page(fakenet.Redirect("/")), layer: "http", failure: "unknown_failure: stopped after 5 redirects", status: 302},
		{name: "redirect to another scheme", arrange: page(fakenet.Redirect("gopher://bank.example/")), layer: "http", failure: "http_invalid_redirect_location_host", status: 302},
		{name: "redirect to nowhere", arrange: page(fakenet.Redirect("https:///x")), layer: "http", failure: "http_invalid_redirect_location_host", status: 302},
		{name: "redirect to a bad port", arrange: page(fakenet.Redirect("https://bank.example:99999/")), layer: "http", failure: "http_invalid_redirect_location_host", status: 302},
		{name: "redirect inside", arrange: page(fakenet.Redirect("http://169.254.169.254/latest/")), layer: "http", failure: "unknown_failure: redirected to 169.254.169.254, a link-local address", status: 302},
		{name: "redirect inside by mapped address", arrange: page(fakenet.Redirect("http://[::ffff:127.0.0.1]/")), layer: "http", failure: "unknown_failure: redirected to 127.0.0.1, a loopback address", status: 302},
		{name: "redirect inside by name", arrange: func(w *world) {
			page(fakenet.Redirect("https://inside.example/"))(w)
			w.name("inside.example", "192.168.1.1")
		}, layer: "dns", failure: "dns_bogon_error", status: 302},
		{name: "redirect to a dead host", arrange: func(w *world) {
			page(fakenet.Redirect("https://www.example/"))(w)
			w.name("www.example", "192.0.2.99")
		}, layer: "tcp", failure: "connection_refused", status: 302},

		{name: "icmp", target: "icmp:192.0.2.7", arrange: func(*world) {}, failure: "generic_timeout_error"},
		{name: "prefix", target: "192.0.2.0/24", arrange: func(w *world) {
			for _, a := range []string{"192.0.2.1", "192.0.2.2", "192.0.2.254"} {
				w.serve(a, fakenet.Host{Connect: fakenet.Silent})
			}
		}, failure: "generic_timeout_error"},
	} {
		t.Run(c.name, func(t *testing.T) { inWorld(t, c.run) })
	}
}

func (c lost) run(t *testing.T, w *world) {
	c.arrange(w)
	if c.target == "" {
		c.target = "https://bank.example/"
	}
	tgt := target(t, c.target)
	if c.mutate != nil {
		c.mutate(&tgt)
	}
	start := time.Now()
	r := w.Probe(t.Context(), tgt)
	type verdict struct {
		Outcome         model.Outcome
		Layer           model.Layer
		Failure         string
		Status, Tries   int
		Reached, Valid  bool
		Maintenance, In bool
	}
	if c.tries == 0 {
		c.tries = 2
	}
	want := verdict{model.OutcomeFail, c.layer, c.failure, c.status, c.tries, c.reached, true, c.maintain, true}
	took := time.Since(start)
	got := verdict{r.Outcome, r.Layer, r.Failure, r.Status, len(r.Detail.Tries), r.Detail.Reached, r.Valid, r.Maintenance, took <= 60*time.Second}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s\n%+v\n%+v took %v", diff, r.Observation, r.Detail, took)
	}
	if err := r.Validate(); err != nil {
		t.Error(err)
	}
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}
}

func TestReached(t *testing.T) {
	for _, c := range []struct {
		name    string
		arrange func(w *world)
		target  string
		mutate  func(*probe.Target)
		outcome model.Outcome
		status  int
	}{
		{name: "401", arrange: page(fakenet.Status(401, "")), outcome: "refused", status: 401},
		{name: "403", arrange: page(fakenet.Status(403, "")), outcome: "refused", status: 403},
		{name: "407", arrange: page(fakenet.Status(407, "")), outcome: "refused", status: 407},
		{name: "429", arrange: page(fakenet.Status(429, "")), outcome: "refused", status: 429},
		{name: "451", arrange: page(fakenet.Status(451, "")), outcome: "refused", status: 451},
		{name: "challenge", arrange: page(fakenet.Challenge()), outcome: "refused", status: 503},
		{name: "challenge by header", arrange: page(fakenet.Status(202, "", "X-Amzn-Waf-Action: challenge")), outcome: "refused", status: 202},
		{
			name: "challenge in place of the text", arrange: page(fakenet.Status(200, `<script src="/.within.website/x/cmd/anubis/static/js/main.mjs">`)), outcome: "refused", status: 200,
			mutate: func(t *probe.Target) { t.Text = "Welcome" },
		},
		{
			name: "403 expected", arrange: page(fakenet.Status(403, "")), outcome: "ok", status: 403,
			mutate: func(t *probe.Target) { t.Status = []probe.StatusRange{{From: 403, To: 403}} },
		},
		{
			name: "redirect expected", arrange: page(fakenet.Redirect("http://127.0.0.1/")), outcome: "ok", status: 302,
			mutate: func(t *probe.Target) { t.Status = []probe.StatusRange{{From: 300, To: 399}} },
		},
		{
			name: "text", arrange: page(fakenet.Gzip(strings.Repeat(" ", 100_000) + "Welcome")), outcome: "ok", status: 200,
			mutate: func(t *probe.Target) { t.Text = "Welcome" },
		},
		{
			name: "slow", arrange: page(fakenet.Late(3*time.Second, home)), outcome: "slow", status: 200,
			mutate: func(t *probe.Target) { t.Slow = 2 * time.Second },
		},
		{name: "soon to expire", arrange: host(fakenet.Host{TLS: fakenet.TLSSoon}), outcome: "ok", status: 200},
		{name: "huge", arrange: page(fakenet.Huge()), outcome: "ok", status: 200},
		{name: "bomb", arrange: page(fakenet.Bomb(64)), outcome: "ok", status: 200},
		{name: "hints first", arrange: page(fakenet.Raw("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")), outcome: "ok", status: 204},
		{name: "cookie", arrange: page(fakenet.Cookie(home)), outcome: "ok", status: 200},
		{name: "alias", arrange: func(w *world) {
			answers(fakenet.Answer{Alias: "edge.example", Addrs: parse(bankV4)})(w)
			w.serve(bankV4, fakenet.Host{Page: home})
		}, outcome: "ok", status: 200},
		{name: "address", target: "https://192.0.2.10/", arrange: func(w *world) {
			w.serve(bankV4, fakenet.Host{Name: bankV4, Page: home})
		}, outcome: "ok", status: 200},
		{name: "dns", target: "dns:bank.example", arrange: answers(fakenet.Answer{Addrs: parse(bankV4)}), outcome: "ok"},
		{name: "tcp", target: "tcp:bank.example:443", arrange: host(fakenet.Host{}), outcome: "ok"},
		{name: "tls", target: "tls:bank.example:443", arrange: host(fakenet.Host{}), outcome: "ok"},
		{name: "icmp", target: "icmp:bank.example", arrange: func(w *world) {
			w.name(bank, bankV4)
			w.Answers(netip.MustParseAddr(bankV4), fakenet.Echo{Delay: 9 * time.Millisecond})
		}, outcome: "ok"},
		{name: "prefix", target: "prefix:192.0.2.0/24,198.51.100.0/24", arrange: func(w *world) {
			for _, a := range []string{"192.0.2.1", "192.0.2.2", "192.0.2.254"} {
				w.serve(a, fakenet.Host{Connect: fakenet.Silent})
			}
		}, outcome: "ok"},
		{name: "http", target: "http://bank.example", arrange: func(w *world) {
			w.name(bank, bankV4)
			w.Listen(netip.MustParseAddrPort(bankV4+":80"), fakenet.Host{Page: fakenet.Redirect("https://bank.example/start?x=1#y")})
			w.serve(bankV4, fakenet.Host{Page: home})
		}, outcome: "ok", status: 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				c.arrange(w)
				if c.target == "" {
					c.target = "https://bank.example/"
				}
				tgt := target(t, c.target)
				if c.mutate != nil {
					c.mutate(&tgt)
				}
				r := w.Probe(t.Context(), tgt)
				if r.Outcome != c.outcome || r.Status != c.status || !r.Valid || r.Layer != "" || r.Failure != "" || !r.Detail.Reached || len(r.Detail.Tries) != 1 {
					t.Errorf("%+v\n%+v", r.Observation, r.Detail)
				}
			})
		})
	}
}

// A tampered answer of one resolver shows in the evidence, and the second try
// asks the other.
func TestSecondTry(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.Resolve(resolver1, bank, fakenet.Answer{Addrs: parse("192.0.2.66")})
		w.Resolve(resolver2, bank, fakenet.Answer{Addrs: parse(bankV4)})
		w.serve("192.0.2.66", fakenet.Host{TLS: fakenet.TLSWrongName, Page: fakenet.Status(200, "blocked")})
		w.serve(bankV4, fakenet.Host{Page: home})
		start := time.Now()
		r := w.Probe(t.Context(), target(t, "https://bank.example/"))
		if pause := time.Since(start); pause < 2*time.Second || pause > 6*time.Second {
			t.Errorf("second try after %v, want 2 to 5 s", pause)
		}
		if r.Outcome != model.OutcomeOK || r.Failure != "" || r.Detail.Lost != "ssl_invalid_hostname" || len(r.Detail.Tries) != 2 {
			t.Errorf("%+v\n%+v", r.Observation, r.Detail)
		}
		if l := r.Evidence.Lookups; len(l) != 4 || slices.Equal(l[0].Addresses, l[1].Addresses) {
			t.Errorf("lookups %+v", l)
		}
		if h := r.Evidence.Handshakes; len(h) != 2 || h[0].Failure != "ssl_invalid_hostname" || h[1].Failure != "" {
			t.Errorf("handshakes %+v", h)
		}
	})
}

// All blocks have their turn within one try, and only hosts that may be probed
// are asked.
func TestManySilentBlocks(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		tgt := target(t, "2001:db8::/40")
		tgt.Hosts = nil
		for i := range 256 {
			for _, last := range []string{"1", "2", "fe"} {
				w.serve(fmt.Sprintf("2001:db8:%x::%s", i, last), fakenet.Host{Connect: fakenet.Silent})
			}
		}
		start := time.Now()
		r := w.Probe(t.Context(), tgt)
		for _, try := range r.Detail.Tries {
			for _, c := range try.Connects {
				if strings.HasSuffix(c.Address, ":443") && c.Took < 2900 {
					t.Fatalf("%s had %v ms", c.Address, c.Took)
				}
			}
		}
		if b := r.Detail.Blocks; b == nil || b.Asked != 256 || b.Up != 0 || time.Since(start) > 45*time.Second {
			t.Errorf("blocks %+v in %v", b, time.Since(start))
		}
		if r = w.Probe(t.Context(), target(t, "203.0.112.0/23")); r.Detail.Blocks == nil || r.Detail.Blocks.Asked != 1 {
			t.Errorf("blocks %+v, want one of two", r.Detail.Blocks)
		}
	})
}

// One resolver that fails is not the service's failure.
func TestOneResolverFails(t *testing.T) {
	for _, a := range []fakenet.Answer{{Silent: true}, {Rcode: dns.RcodeServerFailure}, {Addrs: parse("127.0.0.1")}} {
		inWorld(t, func(t *testing.T, w *world) {
			w.Resolve(resolver1, bank, a)
			w.Resolve(resolver2, bank, fakenet.Answer{Addrs: parse(bankV4)})
			w.serve(bankV4, fakenet.Host{Page: home})
			start := time.Now()
			r := w.Probe(t.Context(), target(t, "https://bank.example/"))
			if r.Outcome != model.OutcomeOK || r.Evidence.Lookups[0].Failure == "" || time.Since(start) > 4*time.Second {
				t.Errorf("after %v: %+v %+v", time.Since(start), r.Observation, r.Evidence)
			}
		})
	}
}

func TestOtherAddress(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.name(bank, "192.0.2.1", "192.0.2.2", bankV4)
		w.serve("192.0.2.1", fakenet.Host{Connect: fakenet.Silent})
		w.serve("192.0.2.2", fakenet.Host{Connect: fakenet.Refuse})
		w.serve(bankV4, fakenet.Host{Page: home})
		r := w.Probe(t.Context(), target(t, "https://bank.example/"))
		if r.Outcome != model.OutcomeOK || r.Detail.Lost != "generic_timeout_error" && r.Detail.Lost != "connection_refused" {
			t.Errorf("%+v\n%+v", r.Observation, r.Detail)
		}
		if n := len(r.Detail.Tries[0].Connects); n != 2 {
			t.Errorf("%d connections in the first try, want at most two of a family", n)
		}
	})
}

func TestFamilies(t *testing.T) {
	for _, c := range []struct {
		v4, v6 fakenet.Connect
		want   [2]probe.Family
	}{
		{fakenet.Accept, fakenet.Silent, [2]probe.Family{probe.FamilyOK, probe.FamilyFail}},
		{fakenet.Accept, fakenet.NoNetwork, [2]probe.Family{probe.FamilyOK, probe.FamilyNotHere}},
		{fakenet.Refuse, fakenet.Accept, [2]probe.Family{probe.FamilyFail, probe.FamilyOK}},
	} {
		inWorld(t, func(t *testing.T, w *world) {
			w.name(bank, bankV4, bankV6)
			w.serve(bankV4, fakenet.Host{Connect: c.v4, Page: home})
			w.serve(bankV6, fakenet.Host{Connect: c.v6, Page: home})
			r := w.Probe(t.Context(), target(t, "https://bank.example/"))
			if got := [2]probe.Family{r.Detail.IPv4, r.Detail.IPv6}; got != c.want || r.Outcome != model.OutcomeOK {
				t.Errorf("families %v, want %v; %s", got, c.want, r.Outcome)
			}
		})
	}
}

func TestSelfCheck(t *testing.T) {
	fail := func(n int) func(*world) {
		return func(w *world) {
			for _, a := range anchors[:n] {
				w.Listen(netip.MustParseAddrPort(a.Address), fakenet.Host{Connect: fakenet.Silent})
			}
		}
	}
	for _, c := range []struct {
		name    string
		arrange func(*world)
		valid   bool
		why     string
	}{
		{"all well", fail(0), true, ""},
		{"two of six gone", fail(2), true, ""},
		{"three of six gone", fail(3), false, "3 of 6 anchors answered"},
		{"cut off", func(w *world) { w.Cut(true) }, false, "cut off"},
		{"cut off before", func(w *world) {
			w.Cut(true)
			time.AfterFunc(4*time.Second, func() { w.Cut(false) })
		}, false, "cut off before: 0 of 6"},
		{"cut off meanwhile", func(w *world) { time.AfterFunc(3*time.Second, func() { w.Cut(true) }) }, false, "was cut off: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				host(fakenet.Host{Connect: fakenet.Silent})(w)
				c.arrange(w)
				r := w.Probe(t.Context(), target(t, "https://bank.example/"))
				if r.Valid != c.valid || !strings.Contains(r.Detail.Invalid, c.why) || r.Outcome != model.OutcomeFail {
					t.Errorf("valid %v because %q, want %v because %q", r.Valid, r.Detail.Invalid, c.valid, c.why)
				}
				if r.Detail.Before == nil || r.Detail.After == nil || !r.Detail.After.At.After(r.Detail.Before.At) {
					t.Errorf("checks %+v %+v", r.Detail.Before, r.Detail.After)
				}
			})
		})
	}
}

// Anchors by name fail with the resolvers, and the failure that DNS had is the
// vantage point's own.
func TestSelfCheckAsksDNS(t *testing.T) {
	for silent, valid := range map[bool]bool{false: true, true: false} {
		inWorld(t, func(t *testing.T, w *world) {
			cfg := config(w.Net)
			cfg.Anchors = slices.Clone(anchors)
			for i, name := range []string{"a.example", "b.example", "c.example"} {
				cfg.Anchors[i].Address = name + ":443"
				w.name(name, "198.51.100.1")
				if silent {
					w.Resolve(resolver1, name, fakenet.Answer{Silent: true})
					w.Resolve(resolver2, name, fakenet.Answer{Rcode: dns.RcodeServerFailure})
				}
			}
			p, err := probe.New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			answers(fakenet.Answer{Silent: true})(w)
			if r := p.Probe(t.Context(), target(t, "https://bank.example/")); r.Valid != valid || r.Layer != model.LayerDNS {
				t.Errorf("resolvers silent for anchors %v: valid %v, %q; want %v", silent, r.Valid, r.Detail.Invalid, valid)
			}
		})
	}
}

// Many failures at once cost few self-checks.
func TestSelfChecksAreShared(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		done := make(chan probe.Report)
		const n = 50
		for i := range n {
			tgt := target(t, "192.0.2.77:80")
			tgt.Service += string(rune('a' + i))
			go func() { done <- w.Probe(t.Context(), tgt) }()
		}
		for range n {
			if r := <-done; !r.Valid || r.Failure != "connection_refused" {
				t.Errorf("%+v %s", r.Observation, r.Detail.Invalid)
			}
		}
		if d := w.Dials(netip.MustParseAddrPort(anchors[0].Address)); d > 5 {
			t.Errorf("an anchor was asked %d times for %d failures", d, n)
		}
	})
}

func TestForbidden(t *testing.T) {
	for s, want := range map[string]string{
		"https://127.0.0.1/":           "a loopback address",
		"https://[::1]:8443/":          "a loopback address",
		"http://10.1.2.3/":             "a private address",
		"192.168.7.7:22":               "a private address",
		"tls:[fe80::1%25eth0]:443":     "a link-local address",
		"icmp:169.254.169.254":         "a link-local address",
		"prefix:10.0.0.0/24":           "a private address",
		"http://[::ffff:10.0.0.1]/":    "a private address",
		"http://168.63.129.16/":        "a cloud provider's internal address",
		"http://100.64.3.2/":           "an address behind a provider's shared NAT",
		"http://0.0.0.0/":              "the unspecified address",
		"http://224.0.0.1/":            "a multicast address",
		"http://240.0.0.1/":            "reserved for special use",
		"http://[64:ff9b::7f00:1]/":    "a NAT64 address",
		"http://[2002:7f00:1::]/":      "a 6to4 address",
		"http://[2001:0:1:2:3:4:5:6]/": "a Teredo address",
	} {
		inWorld(t, func(t *testing.T, w *world) {
			start := time.Now()
			r := w.Probe(t.Context(), target(t, s))
			if r.Valid || !strings.Contains(r.Detail.Invalid, want) || len(r.Detail.Tries) != 0 || time.Since(start) != 0 {
				t.Errorf("%s: valid %v, %q; want %q at once", s, r.Valid, r.Detail.Invalid, want)
			}
		})
	}
}

// Nothing is dialled that was not asked of the guard, whatever DNS says the
// second time.
func TestRebinding(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		inside := netip.MustParseAddrPort("10.0.0.1:443")
		w.Listen(inside, fakenet.Host{TLS: fakenet.TLSGood, Name: bank, Page: home})
		w.name(bank, bankV4)
		w.serve(bankV4, fakenet.Host{Connect: fakenet.Refuse})
		time.AfterFunc(time.Second, func() { w.name(bank, "10.0.0.1") })
		r := w.Probe(t.Context(), target(t, "https://bank.example/"))
		if r.Failure != "dns_bogon_error" || w.Dials(inside) != 0 {
			t.Errorf("%+v; dialled %d times", r.Observation, w.Dials(inside))
		}
	})
}

func TestPace(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		page(home)(w)
		tgt := target(t, "https://bank.example/")
		start := time.Now()
		for range 3 {
			w.Probe(t.Context(), tgt)
		}
		if took := time.Since(start); took < 2*probe.Spacing {
			t.Errorf("three visits in %v", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if r := w.Probe(ctx, tgt); r.Valid {
			t.Errorf("visited again after %v", time.Since(start))
		}
	})
}

func TestTraceOncePerRun(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		tgt := target(t, "https://bank.example/")
		for i, c := range []struct {
			connect fakenet.Connect
			traces  int
		}{{fakenet.Silent, 1}, {fakenet.Silent, 1}, {fakenet.Accept, 1}, {fakenet.Silent, 2}} {
			host(fakenet.Host{Connect: c.connect})(w)
			r := w.Probe(t.Context(), tgt)
			if w.Traces() != c.traces {
				t.Errorf("probe %d: %d traces, want %d; %+v", i, w.Traces(), c.traces, r.Detail)
			}
		}
	})
}

func TestEchoNotPermitted(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.Answers(netip.MustParseAddr(bankV4), fakenet.Echo{NotPermitted: true})
		r := w.Probe(t.Context(), target(t, "icmp:"+bankV4))
		if r.Valid || !strings.Contains(r.Detail.Invalid, "not permitted") {
			t.Errorf("%+v %+v", r.Observation, r.Detail)
		}
	})
}

func TestNoSockets(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		host(fakenet.Host{Connect: fakenet.NoSockets})(w)
		if r := w.Probe(t.Context(), target(t, "https://bank.example/")); r.Valid || !strings.Contains(r.Detail.Invalid, "no socket") {
			t.Errorf("%+v %+v", r.Observation, r.Detail)
		}
	})
}

func TestInterrupted(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		page(fakenet.Mute())(w)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		r := w.Probe(ctx, target(t, "https://bank.example/"))
		if r.Valid || r.Failure != "interrupted" || r.Layer != "http" {
			t.Errorf("%+v %+v", r.Observation, r.Detail)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"120": 2 * time.Minute, "99999999": 5 * time.Minute, "-5": 0, "soon": 0,
		"Sat, 01 Jan 2000 00:01:00 GMT": time.Minute, // virtual time begins at midnight
	} {
		inWorld(t, func(t *testing.T, w *world) {
			page(fakenet.Status(429, "", "Retry-After: "+header))(w)
			if r := w.Probe(t.Context(), target(t, "https://bank.example/")); r.Detail.RetryAfter != want {
				t.Errorf("Retry-After %s: %v, want %v", header, r.Detail.RetryAfter, want)
			}
		})
	}
}

func TestNewFaults(t *testing.T) {
	n, err := fakenet.New(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*probe.Config){
		"vantage is missing":         func(c *probe.Config) { c.Vantage.ID = "" },
		"4 in 4 networks":            func(c *probe.Config) { c.Anchors = anchors[:4] },
		"5 in 1 networks":            func(c *probe.Config) { c.Anchors = slices.Repeat(anchors[:1], 5) },
		`anchor "x"`:                 func(c *probe.Config) { c.Anchors = append(slices.Clone(anchors), probe.Anchor{Address: "x"}) },
		"resolvers: want at least 1": func(c *probe.Config) { c.Resolvers = []netip.AddrPort{} },
	} {
		cfg := config(n)
		change(&cfg)
		if _, err := probe.New(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("New: %v, want %q", err, want)
		}
	}
}
