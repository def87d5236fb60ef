package outage

import (
	"testing"

	"crosscheck/internal/model"
)

// parts of evidence, put together by the cases.
func evidence(parts ...func(*model.Evidence)) *model.Evidence {
	e := &model.Evidence{}
	for _, p := range parts {
		p(e)
	}
	return e
}

func lookup(failure string, addrs ...string) func(*model.Evidence) {
	return func(e *model.Evidence) {
		e.Lookups = append(e.Lookups, model.Lookup{Host: "a.example", Resolver: SystemResolver, Failure: failure, Addresses: addrs})
	}
}

func connect(addr, failure string) func(*model.Evidence) {
	return func(e *model.Evidence) {
		e.Connects = append(e.Connects, model.Attempt{Address: addr, Failure: failure})
	}
}

func handshake(addr, failure string) func(*model.Evidence) {
	return func(e *model.Evidence) {
		e.Handshakes = append(e.Handshakes, model.Attempt{Address: addr, Host: "a.example", Failure: failure})
	}
}

func fetchOf(url, failure string, status, length int, title string, headers ...string) func(*model.Evidence) {
	return func(e *model.Evidence) {
		e.Fetches = append(e.Fetches, model.Fetch{URL: url, Failure: failure, Status: status, Length: length, Title: title, Headers: headers})
	}
}

func TestContrast(t *testing.T) {
	const secureURL, plainURL = "https://a.example/", "http://a.example/"
	page := fetchOf(plainURL, "", 200, 1000, "Harbour office")
	control := evidence(lookup("", "192.0.2.7"), connect("192.0.2.7:443", ""), page)
	dead := evidence(lookup("", "192.0.2.7"), connect("192.0.2.7:443", "generic_timeout_error"), fetchOf(plainURL, "generic_timeout_error", 0, -1, ""))
	for _, c := range []struct {
		name          string
		here, control *model.Evidence
		want          Verdict
	}{
		{"page over TLS", evidence(lookup("", "192.0.2.7"), fetchOf(secureURL, "", 200, 5, "")), &model.Evidence{}, VerdictOK},
		{"no control", evidence(lookup("", "192.0.2.7"), page), &model.Evidence{}, VerdictNull},
		{"control without a page", evidence(lookup("", "192.0.2.7"), page), dead, VerdictNull},
		{"no such name here", evidence(lookup("dns_nxdomain_error")), control, VerdictDNS},
		{"no such name anywhere", evidence(lookup("dns_nxdomain_error")), evidence(lookup("dns_nxdomain_error"), fetchOf(plainURL, "dns_lookup_error", 0, -1, "")), VerdictDown},
		{"a private address", evidence(lookup("", "10.0.0.1"), page), control, VerdictDNS},
		{"another address that proves the name", evidence(lookup("", "198.51.100.1"), handshake("198.51.100.1:443", ""), page), control, VerdictOK},
		{"another address that does not", evidence(lookup("", "198.51.100.1"), handshake("198.51.100.1:443", "ssl_unknown_authority")), control, VerdictDNS},
		{"no connection here", evidence(lookup("", "192.0.2.7"), connect("192.0.2.7:443", "connection_refused")), control, VerdictTCP},
		{"no connection there either", evidence(lookup("", "192.0.2.7"), connect("192.0.2.7:443", "connection_refused")), dead, VerdictDown},
		{"reset in the handshake", evidence(lookup("", "192.0.2.7"), connect("192.0.2.7:443", ""), handshake("192.0.2.7:443", "connection_reset")), control, VerdictHTTPFailure},
		{"redirect to nowhere", evidence(lookup("", "192.0.2.7"), connect("192.0.2.7:443", ""), fetchOf(secureURL, "", 302, 0, "")), control, VerdictHTTPFailure},
		{"another page", evidence(lookup("", "192.0.2.7"), fetchOf(plainURL, "", 200, 90, "Access denied")), control, VerdictHTTPDiff},
		{"another page of a shared title", evidence(lookup("", "192.0.2.7"), fetchOf(plainURL, "", 200, 90, "The Harbour")), control, VerdictOK},
		{"a page cut off", evidence(lookup("", "192.0.2.7"), fetchOf(plainURL, "", 200, -1, "")), control, VerdictOK},
		{"another status", evidence(lookup("", "192.0.2.7"), fetchOf(plainURL, "", 403, 1000, "Harbour office")), control, VerdictHTTPDiff},
		{"a header of its own", evidence(lookup("", "192.0.2.7"), fetchOf(plainURL, "", 200, 9, "", "X-Quay")), evidence(lookup("", "192.0.2.7"), fetchOf(plainURL, "", 200, 1000, "", "x-quay")), VerdictOK},
	} {
		if got := Contrast(c.here, c.control); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
