package probe

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"
	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
)

func TestParseTarget(t *testing.T) {
	for in, want := range map[string]string{
		"https://bank.example":             "https://bank.example/",
		"HTTP://Bank.Example:8080/a?b#":    "http://bank.example:8080/a?b",
		"https://u:p@bank.example/":        "https://bank.example/",
		"https://bücher.example/":          "https://xn--bcher-kva.example/",
		"https://[2001:DB8::1]:8443/":      "https://[2001:db8::1]:8443/",
		"bank.example":                     "https://bank.example/",
		"bank.example/path":                "https://bank.example/path",
		"192.0.2.1":                        "https://192.0.2.1/",
		"2001:db8::1":                      "https://[2001:db8::1]/",
		"bank.example:22":                  "tcp:bank.example:22",
		"tcp://bank.example:22":            "tcp:bank.example:22",
		"tls:[2001:db8::1]:853":            "tls:[2001:db8::1]:853",
		"dns:Bank.Example.":                "dns:bank.example",
		"ping:bank_1.example":              "icmp:bank_1.example",
		"192.0.2.77/24":                    "prefix:192.0.2.0/24",
		"prefix:192.0.2.0/25,10.0.0.0/8":   "",
		"192.0.0.0/15":                     "",
		"ftp://bank.example/":              "",
		"dns:192.0.2.1":                    "",
		"bank.example:0":                   "",
		"bank.example:65536":               "",
		"tls:bank.example":                 "",
		"..":                               "",
		"https://":                         "",
		"https://a b/":                     "",
		"https://bank.example:0/":          "",
		"":                                 "",
		"dns:" + strings.Repeat("a.", 200): "",
	} {
		got, err := ParseTarget(in)
		if want == "" {
			if err == nil {
				t.Errorf("ParseTarget(%q) = %s, want a fault", in, got.String())
			}
			continue
		}
		if err != nil || got.String() != want {
			t.Errorf("ParseTarget(%q) = %s, %v; want %s", in, got.String(), err, want)
			continue
		}
		again, err := ParseTarget(got.String())
		again.Service = got.Service
		if diff := cmp.Diff(got, again, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" || err != nil {
			t.Errorf("ParseTarget(%q) read again: %v\n%s", in, err, diff)
		}
	}
}

func TestParseStatus(t *testing.T) {
	got, err := ParseStatus("200, 301,400-404")
	if diff := cmp.Diff([]StatusRange{{200, 200}, {301, 301}, {400, 404}}, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	for _, s := range []string{"", "99", "600", "404-400", "2xx", "200,,"} {
		if _, err := ParseStatus(s); err == nil {
			t.Errorf("ParseStatus(%q): want a fault", s)
		}
	}
}

func TestBlocks(t *testing.T) {
	prefixes := []netip.Prefix{
		netip.MustParsePrefix("192.0.254.0/23"), netip.MustParsePrefix("198.51.100.128/25"),
		netip.MustParsePrefix("203.0.113.4/30"), netip.MustParsePrefix("2001:db8:fffe::/47"),
	}
	given := []netip.Addr{netip.MustParseAddr("192.0.255.9"), netip.MustParseAddr("2001:db8:ffff:1::5")}
	var got []string
	for _, hosts := range blocksOf(prefixes, given) {
		got = append(got, strings.Join(texts(hosts), " "))
	}
	want := []string{
		"192.0.254.1 192.0.254.2 192.0.254.254", "192.0.255.9", "198.51.100.254", "203.0.113.4",
		"2001:db8:fffe::1 2001:db8:fffe::2 2001:db8:fffe::fe", "2001:db8:ffff:1::5",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTitle(t *testing.T) {
	for page, want := range map[string]string{
		"<TITLE lang=x>A &lt;b&gt;\x1b[31m\n c</Title>":   "A <b> [31m c",
		"<title>" + strings.Repeat("é", 300) + "</title>": strings.Repeat("é", 100),
		"<title>no end":       "",
		"<title":              "",
		"<p>none</p>":         "",
		"<title>\xff</title>": "\uFFFD",
		"<p>ẞİ</p><TITLE>After letters that change length</title>": "After letters that change length",
	} {
		if got := title([]byte(page)); got != want {
			t.Errorf("title(%q) = %q, want %q", page, got, want)
		}
	}
}

// What gates put into ordinary pages is not a challenge.
func TestOrdinaryPagesAreNoChallenge(t *testing.T) {
	for _, page := range []string{
		`<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>`,
		`<script src="/_Incapsula_Resource?SWJIYLWA=719d34d31c8e3a6e6fffd425f7e032f3"></script>`,
		`<script src="https://js.datadome.co/tags.js"></script>`,
		`<script>window._pxAppId='PX1';</script>`,
		`<p>How we tell robots from people: the captcha explained</p>`,
	} {
		if who := challenge(http.Header{"Server": {"cloudflare"}, "X-Datadome": {"protected"}}, []byte(page)); who != "" {
			t.Errorf("%s: taken for a challenge of %s", page, who)
		}
	}
}

func FuzzPage(f *testing.F) {
	f.Add("challenge", []byte("<title>a</title><script>window._cf_chl_opt</script>"))
	f.Add("", []byte("<TITLE>İ</title"))
	f.Fuzz(func(t *testing.T, value string, page []byte) {
		got := title(page)
		if len(got) > 200 || strings.ContainsAny(got, "\n\x1b\x00") || strings.ToValidUTF8(got, "") != got {
			t.Errorf("title %q", got)
		}
		with := challenge(http.Header{"Cf-Mitigated": {value}}, page)
		if without := challenge(http.Header{}, page); without != "" && with == "" {
			t.Errorf("a header hides the challenge of %s", without)
		}
		s := scan{text: []byte(value)}
		for i := 0; i < len(page); i += 3 { // however the stream is cut
			s.add(page[i:min(i+3, len(page))])
		}
		if want := value != "" && strings.Contains(string(page), value); s.found != want || s.total != len(page) {
			t.Errorf("found %q: %v, want %v", value, s.found, want)
		}
	})
}

func FuzzAnswer(f *testing.F) {
	q := new(dns.Msg)
	q.SetQuestion("bank.example.", dns.TypeA)
	q.Id = 7
	for _, rr := range []string{"bank.example. 60 IN A 192.0.2.1", "bank.example. 60 IN CNAME bank.example.", "other.example. 60 IN AAAA ::1"} {
		m := new(dns.Msg)
		m.SetReply(q)
		r, err := dns.NewRR(rr)
		if err != nil {
			f.Fatal(err)
		}
		m.Answer = append(m.Answer, r)
		wire, err := m.Pack()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(wire)
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		m := new(dns.Msg)
		if m.Unpack(wire) != nil {
			return
		}
		addrs, failure := readAnswer(q, m)
		if (len(addrs) == 0) == (failure == "") || len(addrs) > maxAddresses {
			t.Errorf("%d addresses, failure %q", len(addrs), failure)
		}
	})
}

func FuzzReply(f *testing.F) {
	echo := icmp.Message{Type: ipv4.ICMPTypeEchoReply, Body: &icmp.Echo{ID: 1, Seq: 2}}
	b, err := echo.Marshal(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(1, b)
	f.Add(1, append([]byte{11, 0, 0, 0, 0, 0, 0, 0, 0x45}, make([]byte, 40)...))
	f.Fuzz(func(t *testing.T, proto int, b []byte) {
		if proto != 1 {
			proto = 58
		}
		if id, seq, ok := readReply(proto, b); id < 0 || id > 0xffff || seq < 0 || seq > 0xffff || !ok && id+seq > 0x1fffe {
			t.Errorf("id %d, sequence %d", id, seq)
		}
	})
}

func FuzzTarget(f *testing.F) {
	for _, s := range []string{"https://bank.example/", "tcp:a:1", "\xed00", "192.0.2.0/24", "[::1]", "dns:ü", "http://%41/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseTarget(s)
		if err != nil {
			return
		}
		again, err := ParseTarget(got.String())
		if err != nil || again.String() != got.String() {
			t.Errorf("%q is %s, and that is %s, %v", s, got.String(), again.String(), err)
		}
	})
}
