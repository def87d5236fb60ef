package probe

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"
	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"

	"crosscheck/internal/model"
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

func TestBlockFaults(t *testing.T) {
	for want, target := range map[string]Target{
		"without a network":    {Service: "s", Kind: KindPrefix},
		"more than 256 blocks": {Service: "s", Kind: KindPrefix, Prefixes: []netip.Prefix{netip.MustParsePrefix("2001:db8::/32")}},
		"in none of its":       {Service: "s", Kind: KindPrefix, Prefixes: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, Hosts: []netip.Addr{netip.MustParseAddr("10.0.0.1")}},
		"target kind":          {Service: "s", Kind: "smoke"},
		"without a service":    {Kind: KindDNS, Host: "bank.example"},
		"want a port":          {Service: "s", Kind: KindTLS, Host: "bank.example"},
		"target status":        {Service: "s", Kind: KindHTTP, URL: "https://bank.example/", Status: []StatusRange{{1, 2}}},
	} {
		if err := target.Validate(); !errors.Is(err, model.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("Validate: %v, want %q", err, want)
		}
	}
}

// The pacer forgets the services that it has not seen for long.
func TestPacerForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPacer(Spacing)
		for i := range 3000 {
			p.reserve(strconv.Itoa(i))
			time.Sleep(time.Second)
		}
		if len(p.next) > 1100 {
			t.Errorf("%d services remembered, 15 are fresh", len(p.next))
		}
	})
}

func TestReadReply(t *testing.T) {
	quoted := func(header int, first byte) []byte {
		b := append([]byte{first}, make([]byte, header-1)...)
		return append(b, 8, 0, 0, 0, 0x12, 0x34, 0, 7)
	}
	for name, c := range map[string]struct {
		proto int
		m     icmp.Message
		ok    bool
	}{
		"echo reply":      {1, icmp.Message{Type: ipv4.ICMPTypeEchoReply, Body: &icmp.Echo{ID: 0x1234, Seq: 7}}, true},
		"echo":            {1, icmp.Message{Type: ipv4.ICMPTypeEcho, Body: &icmp.Echo{ID: 0x1234, Seq: 7}}, false},
		"time exceeded":   {1, icmp.Message{Type: ipv4.ICMPTypeTimeExceeded, Body: &icmp.TimeExceeded{Data: quoted(20, 0x45)}}, true},
		"options":         {1, icmp.Message{Type: ipv4.ICMPTypeTimeExceeded, Body: &icmp.TimeExceeded{Data: quoted(24, 0x46)}}, true},
		"unreachable":     {1, icmp.Message{Type: ipv4.ICMPTypeDestinationUnreachable, Body: &icmp.DstUnreach{Data: quoted(20, 0x45)}}, true},
		"bad header":      {1, icmp.Message{Type: ipv4.ICMPTypeTimeExceeded, Body: &icmp.TimeExceeded{Data: quoted(20, 0x41)}}, false},
		"time exceeded 6": {58, icmp.Message{Type: ipv6.ICMPTypeTimeExceeded, Body: &icmp.TimeExceeded{Data: quoted(40, 0x60)}}, true},
	} {
		b, err := c.m.Marshal(nil)
		if err != nil {
			t.Fatal(err)
		}
		id, seq, ok := readReply(c.proto, b)
		if ok != c.ok || ok && (id != 0x1234 || seq != 7) {
			t.Errorf("%s: id %#x, sequence %d, %v", name, id, seq, ok)
		}
	}
}

// An expired certificate between leaf and root is not the leaf's fault, and an
// expired leaf still has its issuer judged.
func TestCertificateChain(t *testing.T) {
	now := time.Now()
	root, rootKey := certificate(t, nil, nil, now.AddDate(1, 0, 0), true)
	old, oldKey := certificate(t, root, rootKey, now.AddDate(0, 0, -1), true)
	roots := x509.NewCertPool()
	roots.AddCert(root)
	below, _ := certificate(t, old, oldKey, now.AddDate(0, 6, 0), false)
	expired, _ := certificate(t, root, rootKey, now.AddDate(0, 0, -1), false)
	both, _ := certificate(t, old, oldKey, now.AddDate(0, 0, -2), false)
	alone, _ := certificate(t, nil, nil, now.AddDate(0, 0, -1), false)
	for name, c := range map[string]struct {
		chain []*x509.Certificate
		want  []Verdict
	}{
		"expired between":     {[]*x509.Certificate{below, old}, []Verdict{CertExpired}},
		"none between":        {[]*x509.Certificate{below}, []Verdict{CertUnknownIssuer}},
		"expired":             {[]*x509.Certificate{expired}, []Verdict{CertExpired}},
		"expired before":      {[]*x509.Certificate{both, old}, []Verdict{CertExpired}},
		"expired and unknown": {[]*x509.Certificate{alone}, []Verdict{CertExpired, CertSelfSigned}},
	} {
		if diff := cmp.Diff(c.want, judge(c.chain, "bank.example", roots, now).Verdicts); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// certificate issues one for bank.example, or an authority's.
func certificate(t *testing.T, by *x509.Certificate, byKey *ecdsa.PrivateKey, until time.Time, ca bool) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(until.Unix()), Subject: pkix.Name{CommonName: until.String()}, DNSNames: []string{"bank.example"},
		NotBefore: until.AddDate(-2, 0, 0), NotAfter: until, IsCA: ca, BasicConstraintsValid: true,
	}
	if by == nil {
		by, byKey = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, by, key.Public(), byKey)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return parsed, key
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

// endless is a stream of zeros.
type endless struct{}

func (endless) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// However much a body unpacks to, little of it is read and less kept.
func TestScanIsBounded(t *testing.T) {
	s := scan{text: []byte("never there")}
	s.readAll(endless{})
	if s.total > maxBody+64<<10 || len(s.head) > headSize || cap(s.tail) > 1<<20 {
		t.Errorf("read %d bytes, kept %d and %d", s.total, len(s.head), cap(s.tail))
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
