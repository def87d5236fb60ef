// Command ooni sets measurements of OONI's web connectivity test against their
// controls with outage.Contrast and compares the verdicts with the expected
// ones: go run ./internal/outage/ooni DIR, DIR holding SCENARIO.json and
// expected.jsonl. Of a measurement it reads what was measured and what the
// control measured, never what was concluded from it.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/outage"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: ooni DIR")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "ooni:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	f, err := os.Open(filepath.Join(dir, "expected.jsonl"))
	if err != nil {
		return err
	}
	defer f.Close()
	var all, right, coarse int
	s := bufio.NewScanner(f)
	for s.Scan() {
		var want struct{ Scenario, Class string }
		if err := json.Unmarshal(s.Bytes(), &want); err != nil {
			return err
		}
		got, err := judge(filepath.Join(dir, want.Scenario+".json"))
		if err != nil {
			return err
		}
		all++
		if string(got) == want.Class {
			right++
		} else {
			fmt.Printf("%s: %s, expected %s\n", want.Scenario, got, want.Class)
		}
		if coarseOf(string(got)) == coarseOf(want.Class) {
			coarse++
		}
	}
	fmt.Printf("class right %d of %d (%.3f); blocked, down, ok or none right %d (%.3f)\n", right, all, float64(right)/float64(all), coarse, float64(coarse)/float64(all))
	return s.Err()
}

func coarseOf(class string) string {
	switch class {
	case "ok", "down", "null":
		return class
	}
	return "blocked"
}

// measurement is the part of OONI's format that is read.
type measurement struct {
	Input    string `json:"input"`
	TestKeys struct {
		Queries []struct {
			Engine   string
			Hostname string
			Failure  *string
			Answers  []struct {
				ASN  uint32 `json:"asn"`
				IPv4 string `json:"ipv4"`
				IPv6 string `json:"ipv6"`
			}
		} `json:"queries"`
		Connects []struct {
			IP     string
			Port   int
			Status struct{ Failure *string }
			Tags   []string
		} `json:"tcp_connect"`
		Handshakes []struct {
			Address string
			Name    string `json:"server_name"`
			Failure *string
			Tags    []string
		} `json:"tls_handshakes"`
		Requests []request `json:"requests"`
		Control  *control  `json:"control"`
	} `json:"test_keys"`
}

type request struct {
	Failure  *string
	Request  struct{ URL string }
	Response struct {
		Body    json.RawMessage
		Cut     bool `json:"body_is_truncated"`
		Code    int
		Headers map[string]json.RawMessage
	}
	Tags []string
}

type control struct {
	Connects map[string]struct{ Failure *string } `json:"tcp_connect"`
	HTTP     struct {
		Length  int `json:"body_length"`
		Failure *string
		Title   string
		Headers map[string]string
		Status  int `json:"status_code"`
	} `json:"http_request"`
	DNS struct {
		Failure *string
		Addrs   []string
	} `json:"dns"`
	IPs map[string]struct{ ASN uint32 } `json:"ip_info"`
}

func judge(path string) (outage.Verdict, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	var m measurement
	if err := json.Unmarshal(body, &m); err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return outage.Contrast(m.here(), m.control()), nil
}

// depth is the number of redirects before a step, from its tags.
func depth(tags []string) int {
	n := 0
	for _, t := range tags {
		fmt.Sscanf(t, "depth=%d", &n)
	}
	return n
}

// here is what the machine itself saw: the steps it took with the addresses
// its own resolver gave it ("classic"), and what the other resolvers said.
func (m *measurement) here() *model.Evidence {
	e := &model.Evidence{}
	name := outage.HostOf(m.Input)
	e.Lookups = append(e.Lookups, model.Lookup{Host: name})
	for _, q := range m.TestKeys.Queries {
		l := model.Lookup{Host: q.Hostname, Resolver: q.Engine, Failure: text(q.Failure)}
		if q.Engine == "getaddrinfo" {
			l.Resolver = outage.SystemResolver
		}
		for _, a := range q.Answers {
			if addr := a.IPv4 + a.IPv6; addr != "" {
				l.Addresses = append(l.Addresses, addr)
				if a.ASN != 0 {
					l.ASNs = append(l.ASNs, a.ASN)
				}
			}
		}
		e.Lookups = append(e.Lookups, l)
	}
	for _, c := range m.TestKeys.Connects {
		if slices.Contains(c.Tags, "classic") {
			e.Connects = append(e.Connects, model.Attempt{Address: address(c.IP, c.Port), Failure: text(c.Status.Failure)})
		}
	}
	for _, h := range m.TestKeys.Handshakes {
		if slices.Contains(h.Tags, "classic") {
			e.Handshakes = append(e.Handshakes, model.Attempt{Address: h.Address, Host: h.Name, Failure: text(h.Failure)})
		}
	}
	m.fetches(e)
	return e
}

func (m *measurement) fetches(e *model.Evidence) {
	requests := slices.Clone(m.TestKeys.Requests)
	slices.SortStableFunc(requests, func(a, b request) int { return depth(a.Tags) - depth(b.Tags) })
	for _, r := range requests {
		if !slices.Contains(r.Tags, "classic") {
			continue
		}
		f := model.Fetch{URL: r.Request.URL, Failure: text(r.Failure), Status: r.Response.Code, Length: -1}
		var body string
		if json.Unmarshal(r.Response.Body, &body) == nil {
			f.Length, f.Title = len(body), title(body)
		}
		if r.Response.Cut {
			f.Length = -1
		}
		for h := range r.Response.Headers {
			f.Headers = append(f.Headers, h)
		}
		e.Fetches = append(e.Fetches, f)
	}
}

func (m *measurement) control() *model.Evidence {
	e := &model.Evidence{}
	c := m.TestKeys.Control
	if c == nil {
		return e
	}
	l := model.Lookup{Host: outage.HostOf(m.Input), Failure: text(c.DNS.Failure), Addresses: c.DNS.Addrs}
	for _, a := range c.DNS.Addrs {
		if asn := c.IPs[a].ASN; asn != 0 {
			l.ASNs = append(l.ASNs, asn)
		}
	}
	e.Lookups = append(e.Lookups, l)
	for a, conn := range c.Connects {
		e.Connects = append(e.Connects, model.Attempt{Address: a, Failure: text(conn.Failure)})
	}
	f := model.Fetch{URL: m.Input, Failure: text(c.HTTP.Failure), Status: c.HTTP.Status, Length: c.HTTP.Length, Title: c.HTTP.Title}
	for h := range c.HTTP.Headers {
		f.Headers = append(f.Headers, h)
	}
	e.Fetches = append(e.Fetches, f)
	return e
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func address(ip string, port int) string {
	if strings.Contains(ip, ":") {
		return fmt.Sprintf("[%s]:%d", ip, port)
	}
	return fmt.Sprintf("%s:%d", ip, port)
}

// title is the text of the first title element of a page.
func title(body string) string {
	_, rest, ok := strings.Cut(body, "<title>")
	if !ok {
		return ""
	}
	t, _, _ := strings.Cut(rest, "</title>")
	return strings.TrimSpace(t)
}
