package app

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"crosscheck/internal/model"
)

// TestHostileReports reads what a vantage point may send, broken in many ways:
// what is taken of it is valid, of that vantage point, of a service that is
// measured and of its time. The lines themselves are fuzzed in package outage.
func TestHostileReports(t *testing.T) {
	seeds := [][]byte{
		[]byte(`{"at":"2031-03-11T08:00:00Z","service":"bank","vantage":"fra-1","asn":1,"country":"DE","valid":true,"outcome":"fail","layer":"tcp","failure":"generic_timeout_error","status":0,"dns_ms":1,"tcp_ms":0,"tls_ms":0,"ttfb_ms":0}` + "\n\n{}\n"),
		[]byte(`{"summary":{"service":"bank","from":"2031-03-11T06:00:00Z","to":"2031-03-11T07:00:00Z","ok":50,"fail":10,"slow":1,"refused":2,"invalid":3}}` + "\n"),
		[]byte(`{ "summary":{"service":"bank","from":"2031-03-11T06:00:00+23:59","to":"2262-03-11T07:00:00Z","ok":-1}}` + "\n" + `{"signal":"x"}`),
	}
	r := rand.New(rand.NewPCG(5, 8))
	taken, refused := 0, 0
	for range 20_000 {
		body := slices.Clone(seeds[r.IntN(len(seeds))])
		for range r.IntN(4) {
			i, other := r.IntN(len(body)), seeds[r.IntN(len(seeds))]
			switch r.IntN(4) {
			case 0:
				body[i] = byte(r.IntN(256))
			case 1:
				body = slices.Delete(body, i, min(len(body)-1, i+r.IntN(8)+1))
			case 2:
				body[i] = "0123456789-+:{}\"\n"[r.IntN(17)]
			default:
				body = slices.Concat(body[:i], other[r.IntN(len(other)):], body[i:])
			}
		}
		in := reading{v: model.VantageFacts{Vantage: model.Vantage{ID: "fra-1", ASN: 7}}, now: reachStart, keep: 24 * time.Hour, services: map[string]bool{"bank": true}}
		if err := in.lines(body); err != nil {
			t.Fatalf("%q: %v", body, err)
		}
		taken, refused = taken+len(in.observations)+len(in.spooled), refused+len(in.rejected)
		for _, o := range in.observations {
			if err := o.Validate(); err != nil || o.Vantage != "fra-1" || o.ASN != 7 || o.Service != "bank" || o.At.Sub(in.now) > maxFuture || in.now.Sub(o.At) > in.keep {
				t.Errorf("%q is taken as %+v, %v", body, o, err)
			}
		}
		for _, s := range in.spooled {
			if s.Vantage != "fra-1" || s.Service != "bank" || s.Start.Add(s.Width).Sub(in.now) > maxFuture || in.now.Sub(s.Start) > in.keep {
				t.Errorf("%q is taken as %+v", body, s)
			}
		}
	}
	if taken < 1000 || refused < 1000 {
		t.Errorf("%d taken and %d refused: the test says little", taken, refused)
	}
}
