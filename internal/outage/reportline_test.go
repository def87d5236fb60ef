package outage

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

const (
	sentObservation = `{"at":"2031-03-11T09:00:00.123456789+01:00","service":"bank","vantage":"fra-1","asn":1,"country":"DE","valid":true,"outcome":"fail","layer":"tcp","failure":"generic_timeout_error"}`
	sentSummary     = `{ "summary":{"service":"bank","from":"2031-03-11T06:00:00Z","to":"2031-03-11T07:00:00Z","ok":50,"fail":10,"slow":1,"refused":2,"invalid":3}}`
)

func TestParseReportLine(t *testing.T) {
	l, err := ParseReportLine([]byte(sentSummary))
	want := ReportLine{Summary: &model.Rollup{
		Service: "bank", Start: time.Date(2031, 3, 11, 6, 0, 0, 0, time.UTC), Width: time.Hour, OK: 50, Fail: 10, Slow: 1, Refused: 2, Invalid: 3,
	}}
	if d := cmp.Diff(want, l); err != nil || d != "" {
		t.Errorf("a summary: %v (-want +got):\n%s", err, d)
	}
	l, err = ParseReportLine([]byte(sentObservation))
	if err != nil || l.Summary != nil || !l.Observation.At.Equal(time.Date(2031, 3, 11, 8, 0, 0, 123456000, time.UTC)) {
		t.Errorf("an observation: %+v, %v", l, err)
	}
	for want, line := range map[string]string{
		"not a signal":          `{"signal":"ioda","service":"bank","at":"2031-03-11T08:00:00Z","ratio":10,"stale_s":60}`,
		"longer than":           sentObservation + strings.Repeat(" ", maxReportLine),
		"want at most":          strings.Replace(sentSummary, "T07", "T05", 1),
		"to 2031-05":            strings.Replace(sentSummary, "03-11T07", "05-11T07", 1),
		"counts from 0 to 361 ": strings.Replace(sentSummary, "50", "362", 1),
		"counts from 0":         strings.Replace(sentSummary, "50", "-1", 1),
		"cannot unmarshal":      `{"summary":7}`,
		"unexpected end":        `{"at":`,
	} {
		if _, err := ParseReportLine([]byte(line)); !errors.Is(err, model.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseReportLine(%.100s) = %v, want an ErrInvalid with %q", line, err, want)
		}
	}
}

// Whatever comes, what is taken can be stored and counted, and what is not is an
// ErrInvalid.
func FuzzParseReportLine(f *testing.F) {
	for _, line := range []string{
		sentObservation, sentSummary, `{"summary":{"from":"2031-03-11T06:00:00+23:59","to":"2262-03-11T07:00:00Z","ok":-1}}`, `{"signal":"x"}`, `{`, "\xff",
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		l, err := ParseReportLine(line)
		switch {
		case err != nil:
			if !errors.Is(err, model.ErrInvalid) {
				t.Errorf("%q: %v", line, err)
			}
		case l.Summary != nil:
			s := l.Summary
			most := int(s.Width/probeLeast) + 1
			if s.Width <= 0 || s.Width > maxSummary || min(s.OK, s.Fail, s.Slow, s.Refused, s.Invalid) < 0 || max(s.OK, s.Fail, s.Slow, s.Refused, s.Invalid) > most {
				t.Errorf("%q is taken as %+v", line, s)
			}
		default:
			o := l.Observation
			if err := o.Validate(); err != nil || o.At.Location() != time.UTC || o.At.Nanosecond()%1000 != 0 {
				t.Errorf("%q is taken as %+v, %v", line, o, err)
			}
		}
	})
}
