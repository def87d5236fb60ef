package main

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/probe"
)

// printCheck explains one probe to a person, stage by stage.
func printCheck(w io.Writer, r *probe.Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.Detail.Target)
	for i := range r.Detail.Tries {
		t := &r.Detail.Tries[i]
		if len(r.Detail.Tries) > 1 {
			fmt.Fprintf(&b, "  Try %d, %s\n", i+1, t.At.Format("15:04:05 MST"))
		}
		writeTry(&b, t)
	}
	writeAround(&b, r)
	writeParagraph(&b, "Verdict", verdict(r))
	for i, s := range limits(r) {
		label := ""
		if i == 0 {
			label = "Not told"
		}
		writeParagraph(&b, label, s)
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}

func writeTry(b *strings.Builder, t *probe.Try) {
	asked := ""
	for _, l := range t.Lookups {
		label := ""
		if l.Host != asked {
			label, asked = "DNS", l.Host
		}
		answer := strings.Join(l.Addresses, ", ")
		if l.Failure != "" {
			answer = strings.TrimSpace(answer + " " + words(l.Failure))
		}
		writeStep(b, label, fmt.Sprintf("asked %s for %s", l.Resolver, l.Host), answer, l.Took)
	}
	for i, c := range t.Connects {
		writeStep(b, first(i, "TCP"), c.Address, orWords(c.Failure, "connected"), c.Took)
	}
	for i, c := range t.Pings {
		writeStep(b, first(i, "Echo"), c.Address, orWords(c.Failure, "answered"), c.Took)
	}
	for i, h := range t.Handshakes {
		writeStep(b, first(i, "TLS"), h.Host+" at "+h.Address, orWords(h.Failure, h.Version), h.Took)
		writeCertificate(b, h.Certificate)
	}
	for i, f := range t.Fetches {
		writeStep(b, first(i, "HTTP"), "GET "+f.URL, fetched(&f), f.Took)
	}
}

func first(i int, label string) string {
	if i > 0 {
		return ""
	}
	return label
}

func writeStep(b *strings.Builder, label, what, became string, took float64) {
	fmt.Fprintf(b, "  %-8s %s: %s", label, what, became)
	if took > 0 {
		fmt.Fprintf(b, " (%.4g ms)", took)
	}
	b.WriteByte('\n')
}

func writeCertificate(b *strings.Builder, c *probe.Certificate) {
	if c == nil {
		return
	}
	state := "good"
	if len(c.Verdicts) > 0 {
		faults := make([]string, len(c.Verdicts))
		for i, v := range c.Verdicts {
			faults[i] = string(v)
		}
		state = strings.Join(faults, ", ")
	}
	fmt.Fprintf(b, "  %-8s certificate: %s; for %s, by %s, %s to %s\n", "", state, orDash(strings.Join(c.Names, ", ")), orDash(c.Issuer),
		c.From.Format("2 Jan 2006"), c.Until.Format("2 Jan 2006"))
}

// fetched is an HTTP exchange in words.
func fetched(f *probe.Fetch) string {
	if f.Status == 0 {
		return words(f.Failure)
	}
	parts := []string{statusText(f.Status)}
	switch {
	case f.Location != "":
		parts = append(parts, "to "+f.Location)
	case f.Length >= 0:
		parts = append(parts, fmt.Sprintf("%d bytes", f.Length))
	}
	if f.Title != "" {
		parts = append(parts, "“"+f.Title+"”")
	}
	if f.Challenge != "" {
		parts = append(parts, "a challenge page of "+f.Challenge)
	}
	if f.Failure != "" {
		parts = append(parts, words(f.Failure))
	}
	return strings.Join(parts, ", ")
}

func statusText(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

// writeAround tells what stands beside the stages: this machine's own line, and
// the way.
func writeAround(b *strings.Builder, r *probe.Report) {
	if before, after := r.Detail.Before, r.Detail.After; before != nil && after != nil {
		fmt.Fprintf(b, "  %-8s before: %s; after: %s\n", "Here", before, after)
		for _, f := range after.Failed {
			address, failure, _ := strings.Cut(f, " ")
			fmt.Fprintf(b, "  %-8s %s: %s\n", "", address, words(failure))
		}
	}
	for i, h := range r.Detail.Trace {
		writeStep(b, first(i, "Way"), fmt.Sprint(h.TTL), orDash(h.Address), h.Took)
	}
	if r.Detail.NoTrace != "" {
		fmt.Fprintf(b, "  %-8s %s\n", "Way", r.Detail.NoTrace)
	}
	if n := r.Detail.Blocks; n != nil {
		fmt.Fprintf(b, "  %-8s %d of %d answer\n", "Blocks", n.Up, n.Asked)
	}
}

func writeParagraph(b *strings.Builder, label, text string) {
	for i, line := range wrap(text, ledgerWidth-11) {
		fmt.Fprintf(b, "  %-8s %s\n", first(i, label), line)
	}
}

// verdict is what a probe came to, in words.
func verdict(r *probe.Report) string {
	d := &r.Detail
	switch {
	case !r.Valid && len(d.Tries) == 0:
		return "Not probed: " + d.Invalid + "." + remedy(r)
	case !r.Valid:
		return "Cannot be told from here: " + d.Invalid + ". What was seen may be this machine's own trouble: " + words(r.Failure) + "." + remedy(r)
	case r.Outcome == model.OutcomeRefused:
		return "Reachable from here. It turned this probe away (" + turnedAway(r) + "), which is an answer and no outage."
	case r.Outcome == model.OutcomeSlow:
		return "Reachable from here, but slow." + lost(r)
	case r.Outcome == model.OutcomeOK:
		return "Reachable from here." + lost(r)
	case d.Reached && r.Layer == model.LayerTLS:
		return "Reached from here, but with a bad certificate (" + faults(d.Certificate) + "): browsers turn visitors away. " + words(r.Failure) + "."
	case d.Reached:
		return "Reached from here, but the answer is not what it should be: " + answerOf(r) + "."
	case r.Layer == "":
		return "Not reachable from here: " + words(r.Failure) + "."
	}
	return "Not reachable from here. It fails at " + strings.ToUpper(string(r.Layer)) + ": " + words(r.Failure) + "." + remedy(r)
}

// remedy says how to go on where the guard stopped the probe.
func remedy(r *probe.Report) string {
	if r.Failure == "dns_bogon_error" || strings.HasSuffix(r.Detail.Invalid, "not permitted") {
		return " Where that is your own network, --allow-private permits it."
	}
	return ""
}

func lost(r *probe.Report) string {
	if r.Detail.Lost == "" {
		return ""
	}
	return " A first try failed: " + words(r.Detail.Lost) + "."
}

func turnedAway(r *probe.Report) string {
	fetches := r.Detail.Tries[len(r.Detail.Tries)-1].Fetches
	if c := fetches[len(fetches)-1].Challenge; c != "" {
		return "a challenge page of " + c
	}
	return statusText(r.Status)
}

func answerOf(r *probe.Report) string {
	if r.Maintenance {
		return statusText(r.Status) + ", as during announced work"
	}
	if r.Status != 0 && strings.HasPrefix(r.Failure, "http_") {
		return statusText(r.Status)
	}
	return words(r.Failure)
}

func faults(c *probe.Certificate) string {
	var s []string
	for _, v := range c.Verdicts {
		if v != probe.CertSoon {
			s = append(s, string(v))
		}
	}
	return strings.Join(s, ", ")
}

// limits is what a probe does not tell, the most particular first.
func limits(r *probe.Report) []string {
	var s []string
	d := &r.Detail
	if len(d.Tries) == 0 || !r.Valid {
		return nil
	}
	last := &d.Tries[len(d.Tries)-1]
	if disagree(last.Lookups) {
		s = append(s, "The resolvers disagree. Services that answer by region do that, and so does tampering; a good certificate shows that the service itself was reached.")
	}
	if d.IPv4 == probe.FamilyOK && d.IPv6 == probe.FamilyFail {
		s = append(s, "Over IPv6 it was not reached.")
	}
	if d.IPv4 == probe.FamilyFail && d.IPv6 == probe.FamilyOK {
		s = append(s, "Over IPv4 it was not reached.")
	}
	if d.IPv6 == probe.FamilyNotHere {
		s = append(s, "Whether it answers over IPv6: this machine has none.")
	}
	if c := d.Certificate; c != nil && slices.Contains(c.Verdicts, probe.CertSoon) {
		s = append(s, "The certificate expires on "+c.Until.Format("2 Jan 2006 15:04 MST")+", in "+inDays(c.Until.Sub(r.At))+".")
	}
	if d.Reached && len(last.Fetches) > 0 && d.Certificate == nil {
		s = append(s, "Without TLS nothing shows that the answer was the service's own.")
	}
	if r.Outcome == model.OutcomeFail {
		return append(s, "One place that fails is no outage: it may be the way from here, or a gate that does not let this machine in. Why it fails, no probe can say.")
	}
	return append(s, "Whether others reach it: this was one look from one place.")
}

func inDays(d time.Duration) string {
	if n := int(d.Hours() / 24); n != 1 {
		return fmt.Sprintf("%d days", n)
	}
	return "1 day"
}

// disagree reports whether two resolvers that answered gave nothing in common.
func disagree(lookups []probe.Lookup) bool {
	for i, a := range lookups {
		for _, b := range lookups[i+1:] {
			if a.Host != b.Host || len(a.Addresses) == 0 || len(b.Addresses) == 0 {
				continue
			}
			if !slices.ContainsFunc(a.Addresses, func(s string) bool { return slices.Contains(b.Addresses, s) }) {
				return true
			}
		}
	}
	return false
}

// failureWords are the failures in words; the name stands behind them.
var failureWords = map[string]string{
	"generic_timeout_error":               "no answer in time",
	"connection_refused":                  "refused: nothing listens there",
	"connection_reset":                    "the connection was reset, by the server or on the way",
	"connection_aborted":                  "the connection was aborted",
	"host_unreachable":                    "a router says that the host cannot be reached",
	"network_unreachable":                 "this machine has no way to that network",
	"network_down":                        "this machine's network is down",
	"eof_error":                           "the server closed the connection too early",
	"interrupted":                         "interrupted",
	"dns_nxdomain_error":                  "there is no such name",
	"dns_servfail_error":                  "the resolver could not find out",
	"dns_refused_error":                   "the resolver refuses to say",
	"dns_no_answer":                       "the name has no address",
	"dns_bogon_error":                     "an address outside the public internet",
	"dns_server_misbehaving":              "the resolver's answer makes no sense",
	"dns_reply_with_wrong_query_id":       "the answer was to another question",
	"ssl_failed_handshake":                "no TLS could be agreed on",
	"ssl_invalid_certificate":             "the certificate is not valid at this time",
	"ssl_invalid_hostname":                "the certificate is for another name",
	"ssl_unknown_authority":               "nobody known vouches for the certificate",
	"http_request_failed":                 "an error status",
	"http_unexpected_status_code":         "not a status that was expected",
	"http_invalid_redirect_location_host": "redirected to an address that makes no sense",
}

// words is a failure for a person, with its name.
func words(failure string) string {
	if w := failureWords[failure]; w != "" {
		return w + " [" + failure + "]"
	}
	return strings.TrimPrefix(failure, "unknown_failure: ")
}

func orWords(failure, success string) string {
	if failure != "" {
		return words(failure)
	}
	return success
}
