package probe

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/net/idna"

	"crosscheck/internal/model"
)

// Kind is what is asked of a service.
type Kind string

// The kinds of target.
const (
	KindHTTP   Kind = "http"   // a page, over http or https
	KindTCP    Kind = "tcp"    // a connection
	KindTLS    Kind = "tls"    // a connection and a TLS handshake
	KindDNS    Kind = "dns"    // a name
	KindICMP   Kind = "icmp"   // an echo
	KindPrefix Kind = "prefix" // hosts of networks
)

// Target is what to probe of a service.
type Target struct {
	Service  string // model.Service.ID
	Kind     Kind
	URL      string         // KindHTTP
	Host     string         // name in ASCII, or address; KindTCP, KindTLS, KindDNS, KindICMP
	Port     uint16         // KindTCP, KindTLS
	Prefixes []netip.Prefix // KindPrefix
	Hosts    []netip.Addr   // KindPrefix: hosts known to answer, at most four a block; a block without any is asked at .1, .2 and .254

	Status []StatusRange // KindHTTP: what counts as an answer; empty: 200 to 399
	Text   string        // KindHTTP: must stand on the page, byte for byte
	Slow   time.Duration // first byte later than this is slow; 0: never said
}

// StatusRange is an inclusive range of HTTP statuses.
type StatusRange struct{ From, To int }

// maxBlocks bounds the blocks of one prefix target.
const maxBlocks = 256

// ParseTarget reads what a person writes: an http or https URL, host:port,
// tcp:host:port, tls:host:port, dns:name, icmp:host, prefix:a/n,b/n or a bare
// prefix; a bare name or address is taken as https. The service is named by
// the text itself. Faults are ErrInvalid.
func ParseTarget(s string) (Target, error) {
	t := Target{Service: s}
	scheme, rest, _ := strings.Cut(s, ":")
	switch strings.ToLower(scheme) {
	case "http", "https":
		t.Kind, t.URL = KindHTTP, s
	case "tcp", "tls":
		t.Kind = Kind(strings.ToLower(scheme))
		return t, t.setHostPort(s, strings.TrimPrefix(rest, "//"))
	case "dns":
		t.Kind, t.Host = KindDNS, strings.TrimPrefix(rest, "//")
	case "icmp", "ping":
		t.Kind, t.Host = KindICMP, strings.TrimPrefix(rest, "//")
	case "prefix":
		return t, t.setPrefixes(rest)
	default:
		return parseBare(s)
	}
	return t, t.Validate()
}

func parseBare(s string) (Target, error) {
	t := Target{Service: s}
	if strings.Contains(s, "://") {
		return t, model.Errorf(model.ErrInvalid, "target %q: want an http or https URL, host:port, tls:host:port, dns:name, icmp:host or prefix:network", s)
	}
	if _, err := netip.ParsePrefix(s); err == nil {
		return t, t.setPrefixes(s)
	}
	if _, _, err := net.SplitHostPort(s); err == nil {
		t.Kind = KindTCP
		return t, t.setHostPort(s, s)
	}
	if a, err := netip.ParseAddr(s); err == nil && a.Is6() {
		s = "[" + s + "]"
	}
	t.Kind, t.URL = KindHTTP, "https://"+s
	return t, t.Validate()
}

func (t *Target) setHostPort(whole, s string) error {
	host, port, err := net.SplitHostPort(s)
	n, perr := strconv.ParseUint(port, 10, 16)
	if err != nil || perr != nil || n == 0 {
		return model.Errorf(model.ErrInvalid, "target %q: want host:port with a port from 1 to 65535", whole)
	}
	t.Host, t.Port = host, uint16(n)
	return t.Validate()
}

func (t *Target) setPrefixes(list string) error {
	t.Kind = KindPrefix
	for s := range strings.SplitSeq(list, ",") {
		p, err := netip.ParsePrefix(strings.TrimSpace(s))
		if err != nil {
			return model.Errorf(model.ErrInvalid, "target prefix %q: want a network such as 192.0.2.0/24", s)
		}
		t.Prefixes = append(t.Prefixes, p.Masked())
	}
	return t.Validate()
}

// Validate reports the first fault of a target as ErrInvalid, and brings its
// names into the form that is asked for.
func (t *Target) Validate() error {
	if t.Service == "" {
		return model.Errorf(model.ErrInvalid, "target without a service")
	}
	switch t.Kind {
	case KindHTTP:
		u, err := pageURL(t.URL)
		if err != nil {
			return model.Errorf(model.ErrInvalid, "target %q: %w", t.URL, err)
		}
		t.URL = u.String()
	case KindTCP, KindTLS, KindDNS, KindICMP:
		host, err := asciiHost(t.Host)
		if err != nil {
			return model.Errorf(model.ErrInvalid, "target %q: %w", t.Host, err)
		}
		if t.Host = host; t.Kind == KindDNS {
			if _, err := netip.ParseAddr(host); err == nil {
				return model.Errorf(model.ErrInvalid, "target %q: want a name, not an address", t.Host)
			}
		}
		if t.Port == 0 && (t.Kind == KindTCP || t.Kind == KindTLS) {
			return model.Errorf(model.ErrInvalid, "target %q: want a port", t.Host)
		}
	case KindPrefix:
		return t.validateBlocks()
	default:
		return model.Errorf(model.ErrInvalid, "target kind %q: want http, tcp, tls, dns, icmp or prefix", t.Kind)
	}
	for _, r := range t.Status {
		if r.From < 100 || r.To > 599 || r.From > r.To {
			return model.Errorf(model.ErrInvalid, "target status %d-%d: want 100 to 599", r.From, r.To)
		}
	}
	return nil
}

func (t *Target) validateBlocks() error {
	if len(t.Prefixes) == 0 {
		return model.Errorf(model.ErrInvalid, "target without a network")
	}
	total := 0
	for _, p := range t.Prefixes {
		if total += blockCount(p); total > maxBlocks {
			return model.Errorf(model.ErrInvalid, "target %s: more than %d blocks (a /24 or /48 each)", p, maxBlocks)
		}
	}
	for _, h := range t.Hosts {
		if !slices.ContainsFunc(t.Prefixes, func(p netip.Prefix) bool { return p.Contains(h) }) {
			return model.Errorf(model.ErrInvalid, "target host %s: in none of its networks", h)
		}
	}
	return nil
}

// String is the target as ParseTarget reads it.
func (t *Target) String() string {
	switch t.Kind {
	case KindHTTP:
		return t.URL
	case KindTCP, KindTLS:
		return string(t.Kind) + ":" + net.JoinHostPort(t.Host, strconv.Itoa(int(t.Port)))
	case KindPrefix:
		parts := make([]string, len(t.Prefixes))
		for i, p := range t.Prefixes {
			parts[i] = p.String()
		}
		return "prefix:" + strings.Join(parts, ",")
	}
	return string(t.Kind) + ":" + t.Host
}

// pageURL reads the URL of a page and brings its host into ASCII.
func pageURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, model.Errorf(model.ErrInvalid, "not a URL")
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, model.Errorf(model.ErrInvalid, "want http or https")
	}
	host, err := asciiHost(u.Hostname())
	if err != nil {
		return nil, err
	}
	if _, err := portOf(u); err != nil {
		return nil, err
	}
	port := u.Port()
	if u.Host = host; strings.Contains(host, ":") {
		u.Host = "[" + host + "]"
	}
	if port != "" {
		u.Host += ":" + port
	}
	if u.User, u.Fragment, u.RawFragment = nil, "", ""; u.Path == "" {
		u.Path = "/"
	}
	return u, nil
}

// portOf returns the port of a page's URL.
func portOf(u *url.URL) (uint16, error) {
	switch {
	case u.Port() != "":
		n, err := strconv.ParseUint(u.Port(), 10, 16)
		if err != nil || n == 0 {
			return 0, model.Errorf(model.ErrInvalid, "port %q: want 1 to 65535", u.Port())
		}
		return uint16(n), nil
	case u.Scheme == "http":
		return 80, nil
	}
	return 443, nil
}

// asciiHost returns the host as DNS and TLS take it: an address, or a name in
// lower-case ASCII without a final dot.
func asciiHost(host string) (string, error) {
	host = strings.Trim(host, "[]")
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap().WithZone("").String(), nil
	}
	name, err := names.ToASCII(strings.TrimSuffix(host, "."))
	if err == nil {
		_, err = names.ToASCII(name) // what is turned into ASCII need not be a name there
	}
	if _, isName := dns.IsDomainName(name); err != nil || name == "" || strings.HasSuffix(name, ".") || !isName || strings.Trim(name, hostLetters) != "" {
		return "", model.Errorf(model.ErrInvalid, "host %q: want a name or an address", host)
	}
	return name, nil
}

// names turns international names into ASCII; hosts with an underscore exist.
var names = idna.New(idna.MapForLookup(), idna.StrictDomainName(false))

const hostLetters = "abcdefghijklmnopqrstuvwxyz0123456789-_."

// ParseStatus reads "200,301,400-404".
func ParseStatus(s string) ([]StatusRange, error) {
	var ranges []StatusRange
	for part := range strings.SplitSeq(s, ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			to = from
		}
		a, err1 := strconv.Atoi(from)
		b, err2 := strconv.Atoi(to)
		if err1 != nil || err2 != nil || a < 100 || b > 599 || a > b {
			return nil, model.Errorf(model.ErrInvalid, "status %q: want statuses from 100 to 599, such as 200,301,400-404", s)
		}
		ranges = append(ranges, StatusRange{a, b})
	}
	return ranges, nil
}

// expects reports whether a status was asked for by name.
func (t *Target) expects(status int) bool {
	return slices.ContainsFunc(t.Status, func(r StatusRange) bool { return r.From <= status && status <= r.To })
}
