package web

import (
	"cmp"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// stateTerm is what readers call a state, its glyph, and its place on a board:
// the lower the graver.
type stateTerm struct {
	word, glyph string
	rank        int
}

var stateWords = map[model.OutageState]stateTerm{
	model.StateConfirmed:  {"unreachable", "lost", 0},
	model.StateFlapping:   {"lost and back in turn", "lost", 2},
	model.StateProbable:   {"probably unreachable", "lost", 1},
	model.StateRegional:   {"lost from one region", "part", 4},
	model.StatePartial:    {"lost from some networks", "part", 3},
	model.StateRecovering: {"recovering", "part", 5},
	model.StateSuspect:    {"trouble suspected", "part", 6},
	model.StateUnknown:    {"not known", "unk", 7},
	model.StateResolved:   {"reachable again", "m", 8},
	model.StateUp:         {"reachable", "m", 9},
}

// wordOf is the word of a state; one we do not know is not known.
func wordOf(st model.OutageState) stateTerm {
	if w, ok := stateWords[st]; ok {
		return w
	}
	return stateWords[model.StateUnknown]
}

func reachGlyph(st model.OutageState) string { return wordOf(st).glyph }

// gravityWords say what became of an event, where the state alone would say how
// a service stands now.
var gravityWords = map[model.OutageState]string{
	model.StateConfirmed: "confirmed loss",
	model.StateProbable:  "probable loss, not confirmed",
	model.StateRegional:  "loss in one region",
	model.StatePartial:   "loss from some networks",
	model.StateFlapping:  "lost and back in turn",
	model.StateSuspect:   "trouble suspected",
}

func gravity(st model.OutageState) string { return cmp.Or(gravityWords[st], wordOf(st).word) }

// verdictWords name a verdict in a list of them.
var verdictWords = map[model.OutageState]string{
	model.StateUnknown: "not known: too few vantage points can say", model.StateUp: "reachable", model.StateSuspect: "suspect",
	model.StatePartial: "partial", model.StateRegional: "regional", model.StateProbable: "probable", model.StateConfirmed: "confirmed",
	model.StateRecovering: "recovering", model.StateResolved: "resolved", model.StateFlapping: "flapping",
}

// standing is how a service stands now, for readers.
type standing struct {
	Word  string
	Glyph string
	State model.OutageState
	Stale bool // nothing was heard of it for a while
}

func standingOf(f *model.ServiceFacts, now time.Time) standing {
	w := wordOf(f.Now.State)
	st := standing{w.word, w.glyph, f.Now.State, false}
	switch {
	case f.Observed.IsZero():
		st = standing{"not measured yet", "unk", model.StateUnknown, false}
	case now.Sub(f.Observed) > staleAfter:
		st = standing{"not known now", "unk", model.StateUnknown, true}
	}
	return st
}

func (st standing) rank() int { return wordOf(st.State).rank }

func (st standing) known() bool { return st.State != model.StateUnknown }

// Troubled reports whether it is lost, in part or whole, or may be.
func (st standing) Troubled() bool { return st.rank() < wordOf(model.StateUnknown).rank }

// availability writes a share as pages do: "98.4 %"; "–" where there is none.
func availability(share float64) string {
	if math.IsNaN(share) || share < 0 {
		return "–"
	}
	p := min(share, 1) * 100
	if p < 100 && p > 99.95 {
		return ">\u00a099.9\u00a0%" // a hundred would deny what was lost
	}
	return fmt.Sprintf("%.1f\u00a0%%", p)
}

// millis writes milliseconds: "9 ms", "4.0 s".
func millis(ms float64) string {
	switch {
	case finite(ms) == 0:
		return ""
	case ms < 1:
		return "< 1\u00a0ms"
	case ms < 1000:
		return fmt.Sprintf("%.0f\u00a0ms", ms)
	case ms < 10_000:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", ms/1000), ".0") + "\u00a0s"
	}
	return fmt.Sprintf("%.0f\u00a0s", ms/1000)
}

// failureWords are names of OONI's df-007 in words.
var failureWords = map[string]string{
	"generic_timeout_error": "time-out", "eof_error": "cut off", "interrupted": "interrupted", "connection_already_closed": "closed",
	"connection_aborted": "broken off", "connection_refused": "refused by the host", "connection_reset": "reset", "host_unreachable": "host unreachable",
	"network_unreachable": "network unreachable", "network_down": "network down", "network_reset": "network reset",
	"dns_bogon_error": "an address that cannot be", "dns_nxdomain_error": "no such name", "dns_servfail_error": "the name server failed",
	"dns_refused_error": "the name server refused", "dns_no_answer": "no address", "dns_reply_with_wrong_query_id": "a forged answer",
	"dns_server_misbehaving": "the name server misbehaved", "ssl_failed_handshake": "handshake failed", "ssl_invalid_hostname": "certificate of another name",
	"ssl_unknown_authority": "certificate of an unknown authority", "ssl_invalid_certificate": "certificate not valid",
	"http_request_failed": "request failed", "http_unexpected_status_code": "unexpected status", "http_invalid_redirect_location_host": "redirected to nowhere",
}

// failureWord is a failure in words; what has no words is given as it stands.
func failureWord(o *model.Observation) string {
	word := failureWords[o.Failure]
	if word == "" {
		word = clip(80, strings.TrimPrefix(strings.TrimPrefix(o.Failure, "unknown_failure"), ": "))
	}
	if o.Status > 0 && o.Layer == model.LayerHTTP && (word == "" || o.Failure == "http_unexpected_status_code") {
		word = fmt.Sprintf("status %d", o.Status)
	}
	return cmp.Or(word, "failed")
}

// layerNames are the layers as readers know them.
var layerNames = map[model.Layer]string{model.LayerDNS: "DNS", model.LayerTCP: "TCP", model.LayerTLS: "TLS", model.LayerHTTP: "HTTP"}

func layerName(l model.Layer) string { return layerNames[l] }

// className is a class in a few words.
func className(c model.OutageClass) string {
	if land, ok := strings.CutPrefix(string(c), string(model.ClassBlockedFrom)); ok {
		return "lost from " + clip(8, land) + " only"
	}
	return classNames[c]
}

var classNames = map[model.OutageClass]string{
	model.ClassDNSAuthority: "its name is not answered", model.ClassDNSResolver: "the name is not resolved from some networks",
	model.ClassDNSTampered: "the name is answered differently in some networks", model.ClassTCP: "no connection (TCP)", model.ClassTLS: "no secure connection (TLS)",
	model.ClassHTTP: "the web server does not answer as it should (HTTP)", model.ClassGeoFenced: "let in at home, turned away abroad", model.ClassSlow: "slower than ordinary",
	model.ClassRouting: "no way to its address (routing)", model.ClassMaintenance: "announced as maintenance",
	model.ClassFloodLike: "pattern consistent with a flood; cause not established", model.ClassCertificate: "its certificate does not hold",
	model.ClassMixed: "different failures from different places",
}

// targetShown is the address of what is measured, without what may be secret
// in it; "" for one that the public is not to know.
func targetShown(s *model.Service, desk bool) string {
	if s.Private && !desk {
		return ""
	}
	if u, err := url.Parse(s.Target); err == nil && u.Host != "" {
		u.User, u.RawQuery, u.Fragment = nil, "", ""
		return clip(200, u.String())
	}
	return clip(200, s.Target)
}

// clockAfter writes a moment beside an earlier one: the time of day, with the day
// where that is another.
func clockAfter(t, before time.Time) string {
	t = t.UTC()
	if t.Format(time.DateOnly) == before.UTC().Format(time.DateOnly) {
		return t.Format("15:04")
	}
	return t.Format("2 Jan 15:04")
}

// clockIn writes a moment for a text about a stretch of time. In one of a day or
// less the time of day says it all.
func clockIn(t time.Time, x axis) string {
	if x.end.Sub(x.start) <= 24*time.Hour {
		return t.UTC().Format("15:04")
	}
	return clockAfter(t, x.start)
}

// within writes a stretch of time for a text about a longer one: "16:41–22:07",
// "since 16:41", "until 22:07", "throughout".
func within(from, to time.Time, x axis) string {
	from, to = from.Round(time.Minute), to.Round(time.Minute)
	first, last := !from.After(x.start), !to.Before(x.end.Add(-time.Minute))
	switch {
	case first && last:
		return "throughout"
	case last:
		return "since " + clockIn(from, x)
	case first:
		return "until " + clockIn(to, x)
	}
	if a, b := from.UTC().Format(time.DateOnly), to.UTC().Format(time.DateOnly); a == b {
		return clockIn(from, x) + "–" + to.UTC().Format("15:04")
	}
	return clockIn(from, x) + "–" + clockIn(to, x)
}

// someNames joins a few names and counts the others.
func someNames(list []string, limit int) string {
	list = slices.Clone(list)
	for i := range list {
		list[i] = clip(40, list[i])
	}
	if n := len(list); n > limit {
		return strings.Join(list[:limit], ", ") + fmt.Sprintf(" and %d more", n-limit)
	}
	return strings.Join(list, ", ")
}

// minutes writes how long something lasted: "5 h 26 min".
func minutes(d time.Duration) string {
	m := int(d.Round(time.Minute) / time.Minute)
	switch {
	case m < 1:
		return "less than a minute"
	case m < 60:
		return fmt.Sprintf("%d min", m)
	case m < 48*60:
		if m%60 == 0 {
			return fmt.Sprintf("%d h", m/60)
		}
		return fmt.Sprintf("%d h %d min", m/60, m%60)
	}
	return countWord((m+720)/1440, "day", "days")
}
