package model

import (
	"net/netip"
	"strings"
	"time"
	"unicode"
)

// Service is something whose reachability is measured.
type Service struct {
	ID          string
	Name        string         // what readers see; "" is the ID
	Target      string         // what is probed, as probe.ParseTarget reads it
	Status      string         // answers that count as reached, as probe.ParseStatus reads them; "": 200 to 399
	Text        string         // must stand on the page, or ""
	Slow        time.Duration  // a first byte later than this is slow; 0: never said
	Aliases     []string       // names and domains by which reports call it
	Private     bool           // may lie outside the public internet
	Country     string         // where it is at home, ISO 3166 alpha-2, or ""
	ASN         uint32         // network that hosts it, 0 when not known
	Addresses   []netip.Addr   // last known good addresses
	Prefixes    []netip.Prefix // announced networks it lies in; none: not stated
	NameServers []string       // names of the zone's servers, lower case
	Maintenance []TimeInterval // announced work
	Place       int64          // where it is at home, gazetteer id, 0: not stated
}

// TimeInterval is a half-open span of time [Start, End).
type TimeInterval struct{ Start, End time.Time }

// Contains reports whether t lies in the interval.
func (i TimeInterval) Contains(t time.Time) bool { return !t.Before(i.Start) && t.Before(i.End) }

// Validate fills defaults and reports the first fault of a service as an
// ErrInvalid naming the field.
func (s *Service) Validate() error {
	if err := validName("service", s.ID); err != nil {
		return err
	}
	if s.Name = strings.TrimSpace(s.Name); s.Name == "" {
		s.Name = s.ID
	}
	if !validCountry(s.Country) {
		return Errorf(ErrInvalid, "service country %q: want two letters or nothing", s.Country)
	}
	for _, p := range s.Prefixes {
		if !p.IsValid() || p != p.Masked() {
			return Errorf(ErrInvalid, "service prefix %s: want the network itself, such as %s", p, p.Masked())
		}
	}
	for _, m := range s.Maintenance {
		if !m.Start.Before(m.End) {
			return Errorf(ErrInvalid, "service maintenance %s to %s: want a start before its end", m.Start, m.End)
		}
	}
	return nil
}

// Vantage is a vantage point: an installed agent with a network and a country.
type Vantage struct {
	ID      string
	ASN     uint32 // 0 when not known
	Country string // ISO 3166 alpha-2, or ""
	Group   string // hosting provider or site inside the network, or ""; one vote per (ASN, Group)
	Place   int64  // gazetteer id, 0: not stated
}

// Validate reports the first fault of a vantage point as an ErrInvalid naming
// the field.
func (v *Vantage) Validate() error {
	if err := validName("vantage", v.ID); err != nil {
		return err
	}
	if !validCountry(v.Country) {
		return Errorf(ErrInvalid, "vantage country %q: want two letters or nothing", v.Country)
	}
	if len(v.Group) > maxName {
		return Errorf(ErrInvalid, "vantage group: longer than %d bytes", maxName)
	}
	return nil
}

// Outcome is what one probe came to.
type Outcome string

// The outcomes.
const (
	OutcomeOK      Outcome = "ok"
	OutcomeFail    Outcome = "fail"
	OutcomeSlow    Outcome = "slow"    // reached, but late
	OutcomeRefused Outcome = "refused" // reached, and turned away: 401, 403, 407, 429, 451, a challenge page
)

// Layer is the stage of a probe that failed, or "".
type Layer string

// The layers, in the order a probe passes them.
const (
	LayerDNS  Layer = "dns"
	LayerTCP  Layer = "tcp"
	LayerTLS  Layer = "tls"
	LayerHTTP Layer = "http"
)

// Observation is the staged result of one probe of one service from one
// vantage point. Its JSON form is what a vantage point sends and `crosscheck
// judge` reads; the fields that form must carry are At, Service, Vantage,
// Valid and Outcome.
type Observation struct {
	At      time.Time `json:"at"`
	Service string    `json:"service"`
	Vantage string    `json:"vantage"`
	ASN     uint32    `json:"asn"`
	Country string    `json:"country"`
	Valid   bool      `json:"valid"` // the vantage point proved itself before and after
	Outcome Outcome   `json:"outcome"`
	Layer   Layer     `json:"layer"`
	Failure string    `json:"failure"` // OONI df-007 name, or ""
	Status  int       `json:"status"`  // HTTP status, 0 without an answer
	DNS     float64   `json:"dns_ms"`  // milliseconds; 0 when the stage was not reached
	TCP     float64   `json:"tcp_ms"`
	TLS     float64   `json:"tls_ms"`
	TTFB    float64   `json:"ttfb_ms"`

	Group       string    `json:"group,omitempty"`       // Vantage.Group
	Addresses   []string  `json:"addresses,omitempty"`   // what the name resolved to
	Maintenance bool      `json:"maintenance,omitempty"` // 503 with Retry-After, or a known maintenance page
	Evidence    *Evidence `json:"evidence,omitempty"`
}

// Evidence is the detail of an observation that lets two of them be set
// against each other. Failures are OONI df-007 names, "" for success.
type Evidence struct {
	Lookups    []Lookup  `json:"lookups,omitempty"`
	Connects   []Attempt `json:"connects,omitempty"`
	Handshakes []Attempt `json:"handshakes,omitempty"`
	Fetches    []Fetch   `json:"fetches,omitempty"` // in the order of the redirects
}

// Lookup is one question to one resolver.
type Lookup struct {
	Host      string   `json:"host"`
	Resolver  string   `json:"resolver"`
	Failure   string   `json:"failure,omitempty"`
	Addresses []string `json:"addresses,omitempty"`
	ASNs      []uint32 `json:"asns,omitempty"` // networks of the addresses, where known
}

// Attempt is one connection or TLS handshake.
type Attempt struct {
	Address string `json:"address"` // IP:port
	Host    string `json:"host,omitempty"`
	Failure string `json:"failure,omitempty"`
}

// Fetch is one HTTP exchange.
type Fetch struct {
	URL     string   `json:"url"`
	Failure string   `json:"failure,omitempty"`
	Status  int      `json:"status,omitempty"`
	Length  int      `json:"length"` // bytes of the body, -1 when not known
	Title   string   `json:"title,omitempty"`
	Headers []string `json:"headers,omitempty"` // names
}

// maxName bounds the identifiers of services and vantage points, bytes.
const maxName = 256

// The earliest and the latest time an observation may carry.
var (
	firstTime = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	lastTime  = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// maxFailure bounds what an observation says of a failure, bytes.
const maxFailure = 1000

// Validate reports the first fault of an observation as an ErrInvalid naming
// the field. It does not say whether the vantage point proved itself: that is
// Valid.
func (o *Observation) Validate() error {
	if o.At.Before(firstTime) || !o.At.Before(lastTime) {
		return Errorf(ErrInvalid, "at %s: want a time from 2000 to 2199", o.At.Format(time.RFC3339))
	}
	if err := validName("service", o.Service); err != nil {
		return err
	}
	v := Vantage{ID: o.Vantage, ASN: o.ASN, Country: o.Country, Group: o.Group}
	if err := v.Validate(); err != nil {
		return err
	}
	switch o.Outcome {
	case OutcomeOK, OutcomeFail, OutcomeSlow, OutcomeRefused:
	default:
		return Errorf(ErrInvalid, "outcome %q: want ok, fail, slow or refused", o.Outcome)
	}
	switch o.Layer {
	case "", LayerDNS, LayerTCP, LayerTLS, LayerHTTP:
	default:
		return Errorf(ErrInvalid, "layer %q: want dns, tcp, tls, http or nothing", o.Layer)
	}
	if len(o.Failure) > maxFailure {
		return Errorf(ErrInvalid, "failure: longer than %d bytes", maxFailure)
	}
	if o.Status < 0 || o.Status > 999 {
		return Errorf(ErrInvalid, "status %d: want 0 to 999", o.Status)
	}
	for _, ms := range [...]float64{o.DNS, o.TCP, o.TLS, o.TTFB} {
		if !(ms >= 0 && ms < 1e9) {
			return Errorf(ErrInvalid, "time of a stage %v ms: want 0 or more", ms)
		}
	}
	return nil
}

func validName(what, s string) error {
	switch {
	case s == "":
		return Errorf(ErrInvalid, "%s is missing", what)
	case len(s) > maxName:
		return Errorf(ErrInvalid, "%s: longer than %d bytes", what, maxName)
	case strings.ContainsFunc(s, unicode.IsControl):
		return Errorf(ErrInvalid, "%s %q: has control characters", what, s)
	}
	return nil
}

func validCountry(s string) bool {
	letter := func(c byte) bool { return c >= 'A' && c <= 'Z' }
	return s == "" || len(s) == 2 && letter(s[0]) && letter(s[1])
}

// OutageState is what is judged of a service.
type OutageState string

// The states of a service.
const (
	StateUnknown    OutageState = "unknown"    // too few vantage points can say
	StateUp         OutageState = "up"         // reached
	StateSuspect    OutageState = "suspect"    // something failed, not enough to say more
	StatePartial    OutageState = "partial"    // lost from some networks
	StateRegional   OutageState = "regional"   // lost from one country, or from everywhere but one
	StateProbable   OutageState = "probable"   // lost from half, not confirmed
	StateConfirmed  OutageState = "confirmed"  // lost
	StateRecovering OutageState = "recovering" // reached again, not yet for long
	StateResolved   OutageState = "resolved"   // over
	StateFlapping   OutageState = "flapping"   // lost and reached in turn: one event
)

// OutageClass says how a service fails: one of the constants, or ClassBlockedFrom
// and a country, or "".
type OutageClass string

// The classes.
const (
	ClassDNSAuthority OutageClass = "dns-authority"
	ClassDNSResolver  OutageClass = "dns-resolver"
	ClassDNSTampered  OutageClass = "dns-tampered"
	ClassTCP          OutageClass = "tcp"
	ClassTLS          OutageClass = "tls"
	ClassHTTP         OutageClass = "http"
	ClassGeoFenced    OutageClass = "geo-fenced"
	ClassSlow         OutageClass = "slow"
	ClassRouting      OutageClass = "routing"
	ClassMaintenance  OutageClass = "maintenance"
	ClassFloodLike    OutageClass = "flood-like" // the pattern; never the cause
	ClassCertificate  OutageClass = "certificate"
	ClassMixed        OutageClass = "mixed"
	ClassBlockedFrom  OutageClass = "blocked-from-" // prefix of a country code
)

// Outage is what was judged of a service at a moment: a change of its state,
// with the event it belongs to, if any.
type Outage struct {
	At          time.Time
	Service     string
	Event       string // services that fall together share it; "" outside an event
	State       OutageState
	Class       OutageClass
	Onset       time.Time // back-dated; zero outside an event
	Uncertainty time.Duration
	End         time.Time // back-dated; zero while it lasts
	Down        []string  // vantage points, sorted
	Up          []string  // reached it; sorted
	Excluded    []Exclusion
	Asked       int      // vantage points whose word counted: down, up and undecided
	Networks    int      // distinct known networks among Down
	Countries   int      // distinct known countries among Down
	Support     []string // outside signals that agree, sorted
	Rule        string   // version of the rule
	Reviewed    bool     // judged again, with late observations in their place
}

// Exclusion is a vantage point whose word did not count, and why.
type Exclusion struct {
	Vantage string `json:"vantage"`
	Why     string `json:"why"`
}

// Signal is what an outside source says about the network of a service.
type Signal struct {
	Source  string // "ioda", "ris", …
	Service string
	At      time.Time
	Ratio   float64       // likelihood ratio for an outage against none, at least 1
	Stale   time.Duration // how long it holds
	Class   OutageClass   // evidence of how it fails, which says nothing of whether it does; or ""
}

// Validate reports the first fault of a signal as an ErrInvalid naming the
// field.
func (s *Signal) Validate() error {
	if err := validName("source", s.Source); err != nil {
		return err
	}
	if err := validName("service", s.Service); err != nil {
		return err
	}
	if s.At.Before(firstTime) || !s.At.Before(lastTime) {
		return Errorf(ErrInvalid, "at %s: want a time from 2000 to 2199", s.At.Format(time.RFC3339))
	}
	if !(s.Ratio >= 1) || s.Stale <= 0 {
		return Errorf(ErrInvalid, "signal of %s: want a ratio of at least 1 and a time it holds", s.Source)
	}
	return nil
}

// ServiceFacts is a service with how it stands.
type ServiceFacts struct {
	Service
	Now          Outage    // the newest verdict; its State is StateUnknown before the first
	Since        time.Time // when that state began; zero before the first verdict
	Availability float64   // of 14 days, as ServiceDay has it of one; -1: none
	Refused      float64   // likewise
	Observed     time.Time // newest observation; zero: none
}

// ServiceDay is how a service was reached on a day. It is taken over intervals
// of RollupFine that all weigh the same, since a service that may be failing is
// probed more often than others.
type ServiceDay struct {
	Day          time.Time // when it begins, in UTC
	Availability float64   // mean share of an interval's valid observations that reached it, 0 to 1
	Refused      float64   // share of that which was turned away
}

// OutageFacts is one event on one service with every verdict about it. Its
// State is the gravest it reached: confirmed, probable, partial, regional, or
// flapping.
type OutageFacts struct {
	ID          string // of the event and service, stable
	Event       string // services that fell together share it
	Service     string
	ServiceName string
	State       OutageState
	Class       OutageClass
	Onset       time.Time
	Uncertainty time.Duration
	Confirmed   time.Time // when it was confirmed; zero: never
	End         time.Time // zero while it lasts
	Peak        Outage    // the gravest verdict, with most vantage points down
	Verdicts    []Outage  // oldest first; a later one corrects an earlier one
}

// InForce returns the verdicts of an outage that stand: those of the newest
// review, where there was one, else all. Each review tells the outage from its
// beginning.
func InForce(verdicts []Outage) []Outage {
	var again []Outage
	for _, v := range verdicts {
		if !v.Reviewed {
			continue
		}
		if n := len(again); n > 0 && (v.At.Before(again[n-1].At) || v.At.Equal(again[n-1].At) && v.State == again[n-1].State) {
			again = nil
		}
		again = append(again, v)
	}
	if again != nil {
		return again
	}
	return verdicts
}

// OutageQuery asks for outages, the newest onset first.
type OutageQuery struct {
	Services []string  // nil: all
	From, To time.Time // those that lasted within; zero: open
	Grave    bool      // only those that were probable or confirmed
	Limit    int
	Before   time.Time // only those with an earlier onset; zero: all
}

// Rollup counts the observations of one service from one vantage point in the
// interval [Start, Start+Width). Its JSON form is what the API gives.
type Rollup struct {
	Service string        `json:"service"`
	Vantage string        `json:"vantage"`
	Start   time.Time     `json:"start"`
	Width   time.Duration `json:"-"`
	OK      int           `json:"ok"` // reached in time
	Slow    int           `json:"slow"`
	Refused int           `json:"refused"`
	Fail    int           `json:"fail"`
	Invalid int           `json:"invalid"` // the vantage point could not prove itself
	Layer   Layer         `json:"layer"`   // at which most failed, or ""
	TTFB    float64       `json:"ttfb_ms"` // mean time to the first byte of those that reached it, 0: none
}

// The widths of roll-ups. Observations themselves are kept for a shorter time
// than the first, and these for a shorter time than the second.
const (
	RollupFine   = 5 * time.Minute
	RollupCoarse = time.Hour
)

// VantageFacts is a vantage point as the desk knows it.
type VantageFacts struct {
	Vantage
	Name    string // what readers see; "" is the ID
	Created time.Time
	Revoked time.Time     // zero: its token is good
	Seen    time.Time     // last report; zero: never
	Skew    time.Duration // its clock against the server's at the last report
	Version string        // of its program
	Own     bool          // the server's own
}
