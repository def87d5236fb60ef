package outage

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"crosscheck/internal/model"
)

// Verdict is what setting one vantage point's evidence against another's shows.
type Verdict string

// The verdicts, named as OONI's web connectivity test names them.
const (
	VerdictOK          Verdict = "ok"
	VerdictDNS         Verdict = "dns"          // the name is answered falsely or not at all, here only
	VerdictTCP         Verdict = "tcp_ip"       // the address of the name cannot be connected to, here only
	VerdictHTTPFailure Verdict = "http-failure" // TLS or HTTP fails, or a redirect's target, here only
	VerdictHTTPDiff    Verdict = "http-diff"    // another page is shown here
	VerdictDown        Verdict = "down"         // fails there too
	VerdictNull        Verdict = "null"         // nothing to compare with
)

// Contrast sets the evidence of one vantage point against that of another, the
// control, taken at about the same time.
func Contrast(here, control *model.Evidence) Verdict {
	if secure(here) {
		return VerdictOK
	}
	if len(control.Lookups) == 0 && len(control.Connects) == 0 && len(control.Fetches) == 0 {
		return VerdictNull
	}
	if !sameNames(here, control) {
		return VerdictDNS
	}
	reachedThere := fetched(control)
	if f, ok := final(here); ok {
		return contrastPages(f, control, reachedThere)
	}
	if !reachedThere {
		return VerdictDown
	}
	return failure(here, control)
}

// secure reports whether the last page came over HTTPS: a certificate that
// holds proves who answered.
func secure(e *model.Evidence) bool {
	f, ok := final(e)
	return ok && strings.HasPrefix(f.URL, "https:")
}

// final is the page at the end of the redirects, if there is one.
func final(e *model.Evidence) (model.Fetch, bool) {
	if len(e.Fetches) == 0 {
		return model.Fetch{}, false
	}
	f := e.Fetches[len(e.Fetches)-1]
	return f, f.Failure == "" && f.Status > 0 && !(f.Status >= 301 && f.Status <= 308 && f.Status != 304)
}

func fetched(control *model.Evidence) bool {
	return len(control.Fetches) > 0 && control.Fetches[len(control.Fetches)-1].Failure == ""
}

// firstHost is the name the measurement began with.
func firstHost(e *model.Evidence) string {
	if len(e.Lookups) > 0 {
		return e.Lookups[0].Host
	}
	return ""
}

// sameNames reports whether the names were answered here as they were there:
// with an address or a network in common, or one on which TLS proves the name.
// Where neither gets an answer, they agree.
func sameNames(here, control *model.Evidence) bool {
	first := firstHost(here)
	mine, theirs := answers(here, first, true), answers(control, first, false)
	switch {
	case len(mine.addrs) == 0 && len(theirs.addrs) == 0:
		return laterNames(here, control, first)
	case len(mine.addrs) == 0 || len(theirs.addrs) == 0:
		// An address in the name's place needs no lookup.
		return isAddress(first)
	case slices.ContainsFunc(mine.addrs, bogon) && !slices.ContainsFunc(theirs.addrs, bogon):
		return false
	case overlap(mine.addrs, theirs.addrs), overlap(mine.asns, theirs.asns), proven(here, first):
		return laterNames(here, control, first)
	}
	return false
}

// laterNames reports whether the names redirects led to were answered, where
// the control reached the end of them.
func laterNames(here, control *model.Evidence, first string) bool {
	if !fetched(control) {
		return true
	}
	if _, ok := final(here); ok {
		return true
	}
	for _, l := range here.Lookups {
		if l.Host != first && !isAddress(l.Host) && len(answers(here, l.Host, true).addrs) == 0 {
			return false
		}
	}
	return true
}

type answer struct {
	addrs []string
	asns  []uint32
}

// answers are the addresses a name was given. Here the system's own resolver
// is what its users are given; the others stand in where it was not asked.
func answers(e *model.Evidence, host string, systemFirst bool) answer {
	var a, system answer
	asked := false
	for _, l := range e.Lookups {
		if l.Host != host {
			continue
		}
		a.addrs, a.asns = append(a.addrs, l.Addresses...), append(a.asns, l.ASNs...)
		if l.Resolver == SystemResolver {
			asked = true
			system.addrs, system.asns = append(system.addrs, l.Addresses...), append(system.asns, l.ASNs...)
		}
	}
	if systemFirst && asked {
		return system
	}
	return a
}

// SystemResolver is the name of the resolver of the machine itself in a
// model.Lookup.
const SystemResolver = "system"

func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

// bogon reports addresses that no public service has.
func bogon(addr string) bool {
	a, err := netip.ParseAddr(addr)
	return err == nil && (a.IsLoopback() || a.IsPrivate() || a.IsUnspecified() || a.IsLinkLocalUnicast())
}

// proven reports whether a handshake for the name held on an address the
// lookups here gave.
func proven(here *model.Evidence, host string) bool {
	return slices.ContainsFunc(here.Handshakes, func(h model.Attempt) bool { return h.Host == host && h.Failure == "" })
}

// failure says which stage failed here, where the control had none.
func failure(here, control *model.Evidence) Verdict {
	first := answers(here, firstHost(here), false).addrs
	tried, connected := 0, 0
	for _, c := range here.Connects {
		ap, err := netip.ParseAddrPort(c.Address)
		if err != nil || len(first) > 0 && !slices.Contains(first, ap.Addr().String()) {
			continue
		}
		there := slices.IndexFunc(control.Connects, func(d model.Attempt) bool { return d.Address == c.Address })
		if there >= 0 && control.Connects[there].Failure != "" {
			continue // nor can the control
		}
		tried++
		connected += count(c.Failure == "")
	}
	if tried > 0 && connected == 0 {
		return VerdictTCP
	}
	return VerdictHTTPFailure
}

// contrastPages compares a page that came without proof of who sent it with
// what the control was sent.
func contrastPages(f model.Fetch, control *model.Evidence, reachedThere bool) Verdict {
	if !reachedThere {
		return VerdictNull
	}
	c := control.Fetches[len(control.Fetches)-1]
	if f.Status/100 != c.Status/100 {
		if c.Status >= 400 {
			return VerdictOK // the control is turned away: no comparison
		}
		return VerdictHTTPDiff
	}
	if f.Length < 0 || c.Length < 0 {
		return VerdictOK // cut off: nothing shows a difference
	}
	if likeLength(f.Length, c.Length) || sharedHeader(f.Headers, c.Headers) || sharedWord(f.Title, c.Title) {
		return VerdictOK
	}
	return VerdictHTTPDiff
}

// likeLength reports bodies of which the shorter is more than seven tenths of
// the longer.
func likeLength(a, b int) bool {
	return a == b || 10*min(a, b) > 7*max(a, b)
}

// commonHeaders are names every server may send.
var commonHeaders = []string{
	"accept-ranges", "age", "alt-svc", "cache-control", "connection", "content-encoding", "content-length", "content-type",
	"date", "etag", "expires", "keep-alive", "last-modified", "location", "pragma", "server", "set-cookie",
	"strict-transport-security", "transfer-encoding", "vary", "via", "x-frame-options", "x-powered-by", "x-xss-protection",
	"x-content-type-options",
}

func sharedHeader(a, b []string) bool {
	fold := func(names []string) []string {
		var out []string
		for _, n := range names {
			if n = strings.ToLower(n); !slices.Contains(commonHeaders, n) {
				out = append(out, n)
			}
		}
		return out
	}
	return overlap(fold(a), fold(b))
}

// sharedWord reports a word of five letters or more in both titles.
func sharedWord(a, b string) bool {
	long := func(s string) []string {
		return slices.DeleteFunc(strings.Fields(strings.ToLower(s)), func(w string) bool { return len([]rune(w)) < 5 })
	}
	return overlap(long(a), long(b))
}

// HostOf is the host of a URL without its port, or "".
func HostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
