package outage

import (
	"encoding/json"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// maxEvidence bounds the lists an observation may carry.
const maxEvidence = 256

// Line is one line of input: an observation, or an outside signal.
type Line struct {
	Observation model.Observation
	Signal      *model.Signal // nil for an observation
}

// ParseLine reads a line of JSON: an observation, or a signal
// {"signal":"ioda","service":"bank","at":"…","ratio":10,"stale_s":3600}. The
// error is an ErrInvalid that names the fault.
func ParseLine(raw []byte) (Line, error) {
	var o model.Observation
	if !parseFlat(raw, &o) {
		line, err := parseAny(raw)
		if err != nil || line.Signal != nil {
			return line, err
		}
		o = line.Observation
	}
	o.Country = strings.ToUpper(o.Country)
	if err := o.Validate(); err != nil {
		return Line{}, err
	}
	return Line{Observation: o}, nil
}

// parseAny reads any line of JSON; an observation is not validated yet.
func parseAny(raw []byte) (Line, error) {
	var in struct {
		model.Observation
		Valid  *bool   `json:"valid"`
		Signal string  `json:"signal"`
		Ratio  float64 `json:"ratio"`
		Stale  float64 `json:"stale_s"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return Line{}, model.Errorf(model.ErrInvalid, "%w", err)
	}
	if in.Signal != "" {
		s := model.Signal{Source: in.Signal, Service: in.Service, At: in.At, Ratio: in.Ratio}
		s.Stale = time.Duration(min(in.Stale, 1e8) * float64(time.Second))
		if err := s.Validate(); err != nil {
			return Line{}, err
		}
		return Line{Signal: &s}, nil
	}
	o := in.Observation
	if in.Valid == nil {
		return Line{}, model.Errorf(model.ErrInvalid, "valid is missing")
	}
	o.Valid = *in.Valid
	if e := o.Evidence; len(o.Addresses) > maxEvidence || e != nil && max(len(e.Lookups), len(e.Connects), len(e.Handshakes), len(e.Fetches)) > maxEvidence {
		return Line{}, model.Errorf(model.ErrInvalid, "more than %d addresses, lookups or attempts", maxEvidence)
	}
	return Line{Observation: o}, nil
}
