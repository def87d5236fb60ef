package fakenet_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/probe"
	"crosscheck/internal/probe/fakenet"
)

// A day of probing on a clock of its own takes no day: delays and silences are
// measured as they would have been.
func TestClock(t *testing.T) {
	p, n, clock, target := onClock(t)
	r := p.Probe(t.Context(), target)
	if r.Outcome != model.OutcomeOK || r.DNS < 12 || r.DNS > 24 || r.TCP != 30 {
		t.Errorf("outcome %s, dns %v ms, tcp %v ms, want ok, 12 to 24, 30", r.Outcome, r.DNS, r.TCP)
	}
	n.Listen(netip.MustParseAddrPort("198.51.100.1:443"), fakenet.Host{Connect: fakenet.Silent})
	clock.Set(clock.Now().Add(time.Minute))
	before := clock.Now()
	r = p.Probe(t.Context(), target)
	took := clock.Now().Sub(before)
	if r.Outcome != model.OutcomeFail || r.Layer != model.LayerTCP || !r.Valid || took < 12*time.Second || took > time.Minute {
		t.Errorf("outcome %s at %s, valid %v, took %s; want a valid failure at tcp after two time-outs", r.Outcome, r.Layer, r.Valid, took)
	}
}

// BenchmarkClock is a round of a service that answers, over TLS.
func BenchmarkClock(b *testing.B) {
	p, _, clock, target := onClock(b)
	for b.Loop() {
		if r := p.Probe(b.Context(), target); r.Outcome != model.OutcomeOK {
			b.Fatal(r.Failure)
		}
		clock.Set(clock.Now().Add(time.Minute))
	}
}

func onClock(tb testing.TB) (*probe.Prober, *fakenet.Net, *fakenet.Clock, probe.Target) {
	start := time.Date(2031, 3, 11, 8, 0, 0, 0, time.UTC)
	clock := fakenet.NewClock(start)
	n, err := fakenet.New(start)
	if err != nil {
		tb.Fatal(err)
	}
	n.On(clock)
	tb.Cleanup(n.Close)
	resolver := netip.MustParseAddrPort("198.51.100.53:53")
	at := netip.MustParseAddrPort("198.51.100.1:443")
	n.Resolve(resolver, "landbank.example", fakenet.Answer{Addrs: []netip.Addr{at.Addr()}, Delay: 12 * time.Millisecond})
	n.Listen(at, fakenet.Host{TLS: fakenet.TLSGood, Name: "landbank.example", Delay: 30 * time.Millisecond, Page: fakenet.Status(200, "<title>Landbank</title>")})
	var anchors []probe.Anchor
	for i := range 6 {
		a := netip.AddrPortFrom(netip.AddrFrom4([4]byte{203, 0, 113, byte(i + 1)}), 443)
		n.Listen(a, fakenet.Host{})
		anchors = append(anchors, probe.Anchor{Address: a.String(), Network: fmt.Sprint(i)})
	}
	p, err := probe.New(probe.Config{
		Vantage: model.Vantage{ID: "hal-1", ASN: 64500, Country: "SE"}, Network: n, Roots: n.Roots(), Now: clock.Now, Wait: clock.Wait,
		Resolvers: []netip.AddrPort{resolver}, Anchors: anchors, Allow: []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24")},
	})
	if err != nil {
		tb.Fatal(err)
	}
	target, err := probe.ParseTarget("https://landbank.example/")
	if err != nil {
		tb.Fatal(err)
	}
	return p, n, clock, target
}
