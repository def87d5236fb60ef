package outage

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"crosscheck/internal/model"
)

// The limits of a line of a report.
const (
	maxReportLine = 128 << 10 // bytes
	// maxSummary is the longest time a summary may cover.
	maxSummary = 31 * 24 * time.Hour
	// probeLeast is less than the time between two probes of a service.
	probeLeast = 10 * time.Second
)

// ReportLine is one line of what a vantage point sends: an observation, or
// counts of observations that it dropped unsent.
type ReportLine struct {
	Observation model.Observation
	Summary     *model.Rollup // without a vantage point; nil for an observation
}

// ParseReportLine reads an observation as ParseLine does, or
// {"summary":{"service","from","to","ok","fail","slow","refused","invalid"}}.
// The error is an ErrInvalid that names the fault.
func ParseReportLine(raw []byte) (ReportLine, error) {
	if len(raw) > maxReportLine {
		return ReportLine{}, model.Errorf(model.ErrInvalid, "longer than %d bytes", maxReportLine)
	}
	if rest, ok := bytes.CutPrefix(raw, []byte("{")); ok && bytes.HasPrefix(bytes.TrimSpace(rest), []byte(`"summary"`)) {
		r, err := parseSummary(raw)
		return ReportLine{Summary: r}, err
	}
	l, err := ParseLine(raw)
	if err != nil {
		return ReportLine{}, err
	}
	if l.Signal != nil {
		return ReportLine{}, model.Errorf(model.ErrInvalid, "want an observation, not a signal")
	}
	l.Observation.At = l.Observation.At.UTC().Truncate(time.Microsecond)
	return ReportLine{Observation: l.Observation}, nil
}

func parseSummary(raw []byte) (*model.Rollup, error) {
	var l struct {
		Summary struct {
			Service string    `json:"service"`
			From    time.Time `json:"from"`
			To      time.Time `json:"to"`
			OK      int       `json:"ok"`
			Fail    int       `json:"fail"`
			Slow    int       `json:"slow"`
			Refused int       `json:"refused"`
			Invalid int       `json:"invalid"`
		} `json:"summary"`
	}
	if err := json.Unmarshal(raw, &l); err != nil {
		return nil, model.Errorf(model.ErrInvalid, "%w", err)
	}
	s := l.Summary
	width := s.To.Sub(s.From)
	if width <= 0 || width > maxSummary {
		return nil, model.Errorf(model.ErrInvalid, "summary from %s to %s: want at most %s", s.From.Format(time.RFC3339), s.To.Format(time.RFC3339), maxSummary)
	}
	counts := []int{s.OK, s.Fail, s.Slow, s.Refused, s.Invalid}
	if most := int(width/probeLeast) + 1; slices.Min(counts) < 0 || slices.Max(counts) > most {
		return nil, model.Errorf(model.ErrInvalid, "summary: want counts from 0 to %d in %s", most, width)
	}
	return &model.Rollup{
		Service: s.Service, Start: s.From.UTC().Truncate(time.Microsecond), Width: width,
		OK: s.OK, Fail: s.Fail, Slow: s.Slow, Refused: s.Refused, Invalid: s.Invalid,
	}, nil
}
