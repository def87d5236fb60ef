package outage

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

const goodLine = `{"at":"2026-03-02T17:40:00.25Z","service":"bank","vantage":"fra-1","asn":3320,"country":"DE","valid":true,"outcome":"fail","layer":"tcp","failure":"generic_timeout_error","status":0,"dns_ms":12,"tcp_ms":20.5,"tls_ms":0,"ttfb_ms":0}`

func TestParseLine(t *testing.T) {
	got, err := ParseLine([]byte(goodLine))
	want := Line{Observation: model.Observation{
		At: time.Date(2026, 3, 2, 17, 40, 0, 250e6, time.UTC), Service: "bank", Vantage: "fra-1", ASN: 3320, Country: "DE", Valid: true,
		Outcome: model.OutcomeFail, Layer: model.LayerTCP, Failure: "generic_timeout_error", DNS: 12, TCP: 20.5,
	}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("ParseLine: %v %s", err, diff)
	}
	signal, err := ParseLine([]byte(`{"signal":"ioda","service":"bank","at":"2026-03-02T17:40:00Z","ratio":10,"stale_s":600}`))
	if err != nil || signal.Signal == nil || signal.Signal.Stale != 10*time.Minute || signal.Signal.Ratio != 10 {
		t.Errorf("signal: %+v, %v", signal.Signal, err)
	}
	lower, err := ParseLine([]byte(`{"at":"2026-03-02T17:40:00+01:00","service":"Bänk","vantage":"v","valid":false,"outcome":"ok","country":"de","addresses":["192.0.2.1"],"asn":null,"other":{}}`))
	if err != nil || lower.Observation.Country != "DE" || lower.Observation.Service != "Bänk" || lower.Observation.At.Hour() != 17 || len(lower.Observation.Addresses) != 1 {
		t.Errorf("unusual but right: %+v, %v", lower.Observation, err)
	}
}

func TestParseLineRefuses(t *testing.T) {
	for _, line := range []string{
		``, `null`, `[]`, `{`, `{}`, `"x"`, goodLine + "x", goodLine[:len(goodLine)-1],
		`{"at":"2026-03-02T17:40:00Z","service":"bank","vantage":"v","outcome":"ok"}`,                                  // valid is missing
		`{"at":"2026-03-02T17:40:00Z","service":"","vantage":"v","valid":true,"outcome":"ok"}`,                         // no service
		`{"at":"2026-03-02T17:40:00Z","service":"bank","valid":true,"outcome":"ok"}`,                                   // no vantage point
		`{"at":"yesterday","service":"bank","vantage":"v","valid":true,"outcome":"ok"}`,                                //
		`{"at":"0001-01-01T00:00:00Z","service":"bank","vantage":"v","valid":true,"outcome":"ok"}`,                     //
		`{"service":"bank","vantage":"v","valid":true,"outcome":"ok"}`,                                                 //
		`{"at":"2026-03-02T17:40:00Z","service":"bank","vantage":"v","valid":true,"outcome":"fine"}`,                   //
		`{"at":"2026-03-02T17:40:00Z","service":"bank","vantage":"v","valid":"yes","outcome":"ok"}`,                    //
		`{"at":"2026-03-02T17:40:00Z","service":"bank","vantage":"v","valid":true,"outcome":"fail","layer":"ip"}`,      //
		`{"at":"2026-03-02T17:40:00Z","service":"bank","vantage":"v","valid":true,"outcome":"ok","asn":-1}`,            //
		`{"at":"2026-03-02T17:40:00Z","service":"bank","vantage":"v","valid":true,"outcome":"ok","asn":4294967296}`,    //
		`{"at":"2026-03-02T17:40:00Z","service":"bank","vantage":"v","valid":true,"outcome":"ok","country":"Germany"}`, //
		`{"at":"2026-03-02T17:40:00Z","service":"bank","vantage":"v","valid":true,"outcome":"ok","ttfb_ms":-4}`,        //
		`{"at":"2026-03-02T17:40:00Z","service":"bank","vantage":"v","valid":true,"outcome":"ok","status":1000}`,       //
		`{"at":"2026-03-02T17:40:00Z","service":"bank","vantage":"v","valid":true,"outcome":"fail","failure":"` + strings.Repeat("x", 1001) + `"}`,
		`{"at":"2026-03-02T17:40:00Z","service":"b\u0000","vantage":"v","valid":true,"outcome":"ok"}`, //
		`{"signal":"ioda","service":"bank","at":"2026-03-02T17:40:00Z","ratio":0.5,"stale_s":600}`,    // a ratio against
		`{"signal":"ioda","service":"bank","at":"2026-03-02T17:40:00Z","ratio":10}`,                   // never stale
	} {
		if got, err := ParseLine([]byte(line)); !errors.Is(err, model.ErrInvalid) {
			t.Errorf("ParseLine(%s) = %+v, %v; want an ErrInvalid", line, got, err)
		}
	}
}

// FuzzParseLine reads hostile lines, holds the fast reader against the thorough
// one, and judges what comes out.
func FuzzParseLine(f *testing.F) {
	f.Add([]byte(goodLine))
	f.Add([]byte(`{"signal":"ioda","service":"bank","at":"2026-03-02T17:40:00Z","ratio":10,"stale_s":600}`))
	f.Add([]byte(` {"valid":false , "at":"2026-03-02T17:40:00.5+01:00","tcp_ms":00.1,"asn":1e3}`))
	f.Add([]byte(`{"at":"2026-03-02T17:40:00Z","service":"a","vantage":"b","valid":true,"outcome":"ok","evidence":{"lookups":[{"host":"x"}]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var fast model.Observation
		if parseFlat(raw, &fast) {
			slow, err := parseAny(raw)
			if diff := cmp.Diff(slow.Observation, fast); err != nil || diff != "" {
				t.Fatalf("the two readers of %q differ: %v %s", raw, err, diff)
			}
		}
		line, err := ParseLine(raw)
		if err != nil {
			return
		}
		j := New()
		if line.Signal != nil {
			_, err := j.Signal(*line.Signal)
			if err != nil {
				t.Fatalf("signal taken by ParseLine and refused by the judge: %v", err)
			}
			return
		}
		for range 40 {
			j.Observe(&line.Observation)
			line.Observation.At = line.Observation.At.Add(time.Minute)
		}
		if out, err := json.Marshal(&line.Observation); err != nil {
			t.Fatalf("%s: %v", out, err)
		}
	})
}
