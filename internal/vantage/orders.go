package vantage

import (
	"encoding/json"
	"fmt"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/probe"
)

// The bounds of what a server can ask for. A service is never visited more
// often than probe.Spacing, whatever the server says.
const (
	maxEvery    = time.Hour
	maxServices = 5000
	maxOrders   = 8 << 20 // bytes of JSON
)

// orders is what the server asks of a vantage point.
type orders struct {
	vantage  model.Vantage
	schedule probe.Schedule
	anchors  []probe.Anchor // nil: probe.DefaultAnchors
	targets  []probe.Target
	private  map[string]bool // services that may lie outside the public internet
}

// wireOrders is the JSON form of orders.
type wireOrders struct {
	Vantage struct {
		ID      string `json:"id"`
		ASN     uint32 `json:"asn"`
		Country string `json:"country"`
		Group   string `json:"group"`
	} `json:"vantage"`
	Every   float64 `json:"every_s"`
	Suspect float64 `json:"suspect_s"`
	Anchors []struct {
		Address string `json:"address"`
		Network string `json:"network"`
	} `json:"anchors"`
	Services []wireService `json:"services"`
}

type wireService struct {
	ID      string  `json:"id"`
	Target  string  `json:"target"`
	Status  string  `json:"status"`
	Text    string  `json:"text"`
	Slow    float64 `json:"slow_ms"`
	Private bool    `json:"private"`
}

// parseOrders reads the configuration a server sends. A service that cannot be
// read is left out and named in faults; err is an ErrInvalid about the whole.
func parseOrders(b []byte) (o *orders, faults []error, err error) {
	var w wireOrders
	if err := json.Unmarshal(b, &w); err != nil {
		return nil, nil, model.Errorf(model.ErrInvalid, "configuration: %w", err)
	}
	if len(w.Services) > maxServices {
		return nil, nil, model.Errorf(model.ErrInvalid, "configuration: %d services, want at most %d", len(w.Services), maxServices)
	}
	o = &orders{
		vantage:  model.Vantage{ID: w.Vantage.ID, ASN: w.Vantage.ASN, Country: w.Vantage.Country, Group: w.Vantage.Group},
		schedule: probe.Schedule{Every: interval(w.Every, probe.Every), EverySuspect: interval(w.Suspect, probe.EverySuspect)},
		private:  map[string]bool{},
	}
	if err := o.vantage.Validate(); err != nil {
		return nil, nil, model.Errorf(model.ErrInvalid, "configuration: %w", err)
	}
	for _, a := range w.Anchors {
		o.anchors = append(o.anchors, probe.Anchor{Address: a.Address, Network: a.Network})
	}
	known := map[string]bool{}
	for _, s := range w.Services {
		t, err := s.target()
		if err == nil && known[s.ID] {
			err = model.Errorf(model.ErrInvalid, "named twice")
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("service %q: %w", s.ID, err))
			continue
		}
		known[s.ID], o.private[s.ID] = true, s.Private
		o.targets = append(o.targets, t)
	}
	return o, faults, nil
}

// target is what to probe of a service.
func (s *wireService) target() (probe.Target, error) {
	if err := (&model.Service{ID: s.ID}).Validate(); err != nil {
		return probe.Target{}, err
	}
	t, err := probe.ParseTarget(s.Target)
	if err != nil {
		return t, err
	}
	t.Service, t.Text, t.Slow = s.ID, s.Text, seconds(s.Slow/1000)
	if s.Status != "" {
		t.Status, err = probe.ParseStatus(s.Status)
	}
	return t, err
}

// interval is a time between visits in seconds, within its bounds; what is not
// given is the default.
func interval(s float64, fallback time.Duration) time.Duration {
	if !(s > 0) {
		return fallback
	}
	return min(max(seconds(s), probe.Spacing), maxEvery)
}

// seconds is a number of seconds as a duration, from 0 to a day.
func seconds(s float64) time.Duration {
	const most = 24 * time.Hour
	if !(s > 0) {
		return 0
	}
	return time.Duration(min(s, most.Seconds()) * float64(time.Second))
}

// answer is what the server says of a batch.
type answer struct {
	Accepted   int `json:"accepted"`
	Duplicates int `json:"duplicates"`
	Rejected   []struct {
		Line  int    `json:"line"`
		Error string `json:"error"`
	} `json:"rejected"`
	Skew    *float64 `json:"skew_ms"` // between this clock and the server's
	Suspect []string `json:"suspect"` // services that may be failing
	Config  string   `json:"config"`  // ETag of the configuration
}

// parseAnswer reads the answer to a batch. Anything else, a page of a gate on
// the way for instance, is an ErrInvalid: nothing was accepted.
func parseAnswer(b []byte) (*answer, error) {
	var w struct {
		Accepted *int `json:"accepted"`
		answer
	}
	if err := json.Unmarshal(b, &w); err != nil {
		return nil, model.Errorf(model.ErrInvalid, "answer: %w", err)
	}
	if w.Accepted == nil {
		return nil, model.Errorf(model.ErrInvalid, "answer: does not say how many were accepted")
	}
	w.answer.Accepted = *w.Accepted
	return &w.answer, nil
}
