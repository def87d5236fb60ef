package probe

import (
	"time"

	"crosscheck/internal/model"
)

// Report is an observation with all that was seen on the way to it.
type Report struct {
	model.Observation
	Detail Detail `json:"detail"`
}

// Detail is what an observation leaves out: it explains one probe to a person.
type Detail struct {
	Target      string        `json:"target"`
	Reached     bool          `json:"reached"`               // a server answered at the last stage there is, whatever its certificate or its answer
	Invalid     string        `json:"invalid,omitempty"`     // why Valid is false
	Lost        string        `json:"lost,omitempty"`        // failure of a first try that the second made good
	IPv4        Family        `json:"ipv4,omitempty"`        // of the target's own host
	IPv6        Family        `json:"ipv6,omitempty"`        //
	Certificate *Certificate  `json:"certificate,omitempty"` // of the last server asked
	Tries       []Try         `json:"tries"`                 // one, or two
	Before      *SelfCheck    `json:"before,omitempty"`      // the vantage point before a failure
	After       *SelfCheck    `json:"after,omitempty"`       // and after it
	Trace       []Hop         `json:"trace,omitempty"`       // once per run of failures
	NoTrace     string        `json:"no_trace,omitempty"`    // why there is none
	Blocks      *Blocks       `json:"blocks,omitempty"`      // KindPrefix
	RetryAfter  time.Duration `json:"-"`                     // what the server asked for
}

// Family is how a host was reached over IPv4 or IPv6.
type Family string

// The ways.
const (
	FamilyOK      Family = "ok"
	FamilyFail    Family = "fail"
	FamilyNone    Family = "none"     // the name has no such address
	FamilyNotHere Family = "not here" // the vantage point has no such network
)

// Try is one pass through the stages.
type Try struct {
	At         time.Time     `json:"at"`
	Outcome    model.Outcome `json:"outcome"`
	Layer      model.Layer   `json:"layer"`
	Failure    string        `json:"failure"`
	Lookups    []Lookup      `json:"lookups,omitempty"`
	Connects   []Connect     `json:"connects,omitempty"`
	Handshakes []Handshake   `json:"handshakes,omitempty"`
	Fetches    []Fetch       `json:"fetches,omitempty"`
	Pings      []Connect     `json:"pings,omitempty"` // echoes: addresses without a port

	skipped              string // why the stage was not done
	status               int
	dns, tcp, tls, ttfb  time.Duration // of the last host asked
	reached, maintenance bool
	certificate          *Certificate
	retryAfter           time.Duration
	blocks               *Blocks
	family4, family6     Family
	ownAddresses         []string // of the target's own host
}

// Lookup is one question to one resolver, for addresses of both families.
type Lookup struct {
	model.Lookup
	Took float64 `json:"ms"`
}

// Connect is one connection, or one echo.
type Connect struct {
	model.Attempt
	Took float64 `json:"ms"`
}

// Handshake is one TLS handshake. Failure speaks of the handshake alone; what
// the server showed of itself is judged in Certificate.
type Handshake struct {
	model.Attempt
	Took        float64      `json:"ms"`
	Version     string       `json:"version,omitempty"`
	Certificate *Certificate `json:"certificate,omitempty"`
}

// Fetch is one HTTP exchange.
type Fetch struct {
	model.Fetch
	Address   string  `json:"address"` // IP:port that answered
	Took      float64 `json:"ms"`      // to the first byte
	Location  string  `json:"location,omitempty"`
	Challenge string  `json:"challenge,omitempty"` // whose page asks whether the visitor is a person
}

// Blocks counts the blocks of a prefix target, a /24 or a /48 each.
type Blocks struct {
	Asked int `json:"asked"`
	Up    int `json:"up"` // a host of it answered
}

// fail sets the verdict of a try.
func (t *Try) fail(layer model.Layer, failure string) {
	t.Outcome, t.Layer, t.Failure = model.OutcomeFail, layer, failure
}

// ms is a duration as observations carry it: milliseconds, and never zero for
// a stage that was reached.
func ms(d time.Duration) float64 {
	if d < time.Microsecond {
		d = time.Microsecond
	}
	return float64(d.Microseconds()) / 1000
}

func msOrZero(d time.Duration) float64 {
	if d <= 0 {
		return 0
	}
	return ms(d)
}

// fill takes over the verdict of a try.
func (r *Report) fill(t *Try) {
	r.Outcome, r.Layer, r.Failure, r.Status = t.Outcome, t.Layer, t.Failure, t.status
	r.DNS, r.TCP, r.TLS, r.TTFB = msOrZero(t.dns), msOrZero(t.tcp), msOrZero(t.tls), msOrZero(t.ttfb)
	r.Maintenance, r.Addresses = t.maintenance, t.ownAddresses
	r.Detail.Reached, r.Detail.Certificate = t.reached, t.certificate
	r.Detail.IPv4, r.Detail.IPv6 = t.family4, t.family6
	r.Detail.Blocks, r.Detail.RetryAfter = t.blocks, t.retryAfter
}

// evidence gathers what both tries saw, in their order.
func (r *Report) evidence() *model.Evidence {
	e := &model.Evidence{}
	for i := range r.Detail.Tries {
		t := &r.Detail.Tries[i]
		for _, l := range t.Lookups {
			e.Lookups = append(e.Lookups, l.Lookup)
		}
		for _, c := range t.Connects {
			e.Connects = append(e.Connects, c.Attempt)
		}
		for _, h := range t.Handshakes {
			a := h.Attempt
			if a.Failure == "" && h.Certificate != nil {
				a.Failure = h.Certificate.Failure()
			}
			e.Handshakes = append(e.Handshakes, a)
		}
		for _, f := range t.Fetches {
			e.Fetches = append(e.Fetches, f.Fetch)
		}
	}
	if e.Lookups == nil && e.Connects == nil && e.Handshakes == nil && e.Fetches == nil {
		return nil
	}
	return e
}
