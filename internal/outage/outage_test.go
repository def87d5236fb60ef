package outage

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

var start = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// fleet feeds a judge: every vantage point probes once a minute, ten seconds
// apart.
type fleet struct {
	t        *testing.T
	j        *Judge
	vantages []model.Vantage
	now      time.Time
	changes  []model.Outage
}

func newFleet(t *testing.T, countries ...string) *fleet {
	f := &fleet{t: t, j: New(), now: start}
	for i, c := range countries {
		f.vantages = append(f.vantages, model.Vantage{ID: fmt.Sprintf("v%d", i+1), ASN: uint32(100 + i), Country: c})
	}
	return f
}

// rounds plays minutes of a service; as says what becomes of an observation
// from vantage point i, nil leaves it good.
func (f *fleet) rounds(n int, service string, as func(i int, o *model.Observation)) {
	for range n {
		for i, v := range f.vantages {
			o := f.observation(i, v, service)
			if as != nil {
				as(i, &o)
			}
			f.changes = append(f.changes, f.j.Observe(&o)...)
		}
		f.now = f.now.Add(time.Minute)
	}
}

func (f *fleet) observation(i int, v model.Vantage, service string) model.Observation {
	return model.Observation{
		At: f.now.Add(time.Duration(i) * 10 * time.Second), Service: service, Vantage: v.ID, ASN: v.ASN, Country: v.Country, Group: v.Group,
		Valid: true, Outcome: model.OutcomeOK, Status: 200, TCP: 20, TTFB: 60,
	}
}

func (f *fleet) state(service string) model.Outage {
	o, _ := f.j.State(service)
	return o
}

func failAt(layer model.Layer, failure string) func(int, *model.Observation) {
	return func(_ int, o *model.Observation) {
		o.Outcome, o.Layer, o.Failure, o.Status = model.OutcomeFail, layer, failure, 0
	}
}

var refusedConnection = failAt(model.LayerTCP, "connection_refused")

// only applies as to the first n vantage points.
func only(n int, as func(int, *model.Observation)) func(int, *model.Observation) {
	return func(i int, o *model.Observation) {
		if i < n {
			as(i, o)
		}
	}
}

func TestBelief(t *testing.T) {
	for _, c := range []struct {
		availability float64
		want         []float64 // after each failure
	}{
		{0.97, []float64{0.246, 0.914}},
		{0.80, []float64{0.047, 0.192, 0.536, 0.848, 0.964}},
	} {
		b := prior
		for i, want := range c.want {
			if b = bayes(b, 1-okIfDown, 1-c.availability); math.Abs(b-want) > 0.002 {
				t.Errorf("availability %v: belief after %d failures %.3f, want %.3f", c.availability, i+1, b, want)
			}
		}
	}
	if got := faded(0.91, int64(beliefAge)); math.Abs(got-0.46) > 0.001 {
		t.Errorf("belief after ten minutes of silence %.3f, want 0.46", got)
	}
}

func TestQuorum(t *testing.T) {
	for _, c := range []struct {
		name      string
		countries []string
		down      int
		same      uint32 // network all are in, 0 for one each
		want      model.OutageState
	}{
		{"all of six", []string{"DE", "FR", "DE", "FR", "DE", "FR"}, 6, 0, model.StateConfirmed},
		{"four of six", []string{"DE", "FR", "DE", "FR", "DE", "FR"}, 4, 0, model.StateConfirmed},
		{"three of six", []string{"DE", "FR", "DE", "FR", "DE", "FR"}, 3, 0, model.StateProbable},
		{"two of six", []string{"DE", "FR", "DE", "FR", "DE", "FR"}, 2, 0, model.StatePartial},
		{"one of six", []string{"DE", "FR", "DE", "FR", "DE", "FR"}, 1, 0, model.StateSuspect},
		{"all of three", []string{"DE", "FR", "DE"}, 3, 0, model.StateConfirmed},
		{"two of three", []string{"DE", "FR", "DE"}, 2, 0, model.StateProbable},
		{"both of two", []string{"DE", "FR"}, 2, 0, model.StateUnknown},
		{"all of six in one country", []string{"DE", "DE", "DE", "DE", "DE", "DE"}, 6, 0, model.StateProbable},
		{"all of six in unknown countries", []string{"", "", "", "", "", ""}, 6, 0, model.StateProbable},
		{"all of six in one network", []string{"DE", "FR", "DE", "FR", "DE", "FR"}, 6, 7, model.StateUnknown},
		{"the country's three of seven", []string{"RU", "RU", "RU", "DE", "FR", "US", "NL"}, 3, 0, model.StateRegional},
		{"all but the two at home", []string{"US", "FR", "NL", "GB", "DE", "DE"}, 4, 0, model.StateRegional},
	} {
		f := newFleet(t, c.countries...)
		if c.same != 0 {
			for i := range f.vantages {
				f.vantages[i].ASN = c.same
			}
		}
		f.rounds(60, "bank", nil)
		f.rounds(30, "bank", only(c.down, refusedConnection))
		if got := f.state("bank").State; got != c.want {
			t.Errorf("%s down: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestGroupsVoteOnce(t *testing.T) {
	// Two hosts of one network at two sites have two votes; two at one site one.
	for _, c := range []struct {
		groups [2]string
		want   model.OutageState
	}{{[2]string{"a", "a"}, model.StateUnknown}, {[2]string{"a", "b"}, model.StateUp}} {
		f := newFleet(t, "DE", "DE", "FR")
		f.vantages[1].ASN = f.vantages[0].ASN
		f.vantages[0].Group, f.vantages[1].Group = c.groups[0], c.groups[1]
		f.rounds(3, "bank", nil)
		if got := f.state("bank").State; got != c.want {
			t.Errorf("groups %v: %s, want %s", c.groups, got, c.want)
		}
	}
}

func TestOnsetAndEnd(t *testing.T) {
	f := newFleet(t, "DE", "FR", "US", "DE", "FR", "US")
	f.rounds(40, "bank", nil)
	onset := f.now
	f.rounds(20, "bank", refusedConnection)
	end := f.now
	f.rounds(20, "bank", nil)
	o := f.state("bank")
	if o.State != model.StateResolved || o.Onset.Sub(onset).Abs() > 10*time.Second || o.End.Sub(end).Abs() > 10*time.Second {
		t.Errorf("%s from %s to %s, want resolved from %s to %s", o.State, o.Onset, o.End, onset, end)
	}
	var states []model.OutageState
	for _, c := range f.changes {
		states = append(states, c.State)
	}
	want := []model.OutageState{"up", "suspect", "partial", "probable", "confirmed", "recovering", "resolved"}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Error(diff)
	}
	f.rounds(70, "bank", nil)
	if o := f.state("bank"); o.State != model.StateUp || !o.Onset.IsZero() {
		t.Errorf("an hour later %s, onset %s", o.State, o.Onset)
	}
}

func TestInvalidLeavesBothSides(t *testing.T) {
	f := newFleet(t, "DE", "FR", "US", "DE", "FR")
	f.rounds(30, "bank", nil)
	f.rounds(6, "bank", func(i int, o *model.Observation) {
		refusedConnection(i, o)
		o.Valid = i != 0
	})
	o := f.state("bank")
	want := []model.Exclusion{{Vantage: "v1", Why: "its own uplink was down"}}
	if diff := cmp.Diff(want, o.Excluded); diff != "" || o.Asked != 4 || o.State != model.StateConfirmed {
		t.Errorf("%s of %d asked; excluded: %s", o.State, o.Asked, diff)
	}
}

// A failure just before or after a failed self-check was not proven.
func TestBracketing(t *testing.T) {
	f := newFleet(t, "DE", "FR", "US", "DE")
	f.rounds(30, "bank", nil)
	n := 0
	f.rounds(12, "bank", only(1, func(i int, o *model.Observation) {
		refusedConnection(i, o)
		o.Valid = n%2 == 0
		n++
	}))
	if b, why := f.j.services["bank"].pairs[0].ballot(f.j.now); b != absent || f.j.services["bank"].pairs[0].belief > 0.5 {
		t.Errorf("ballot %v, %q", b, why)
	}
	f.rounds(4, "bank", nil)
	if b, _ := f.j.services["bank"].pairs[0].ballot(f.j.now); b != up {
		t.Errorf("ballot after four good rounds %v", b)
	}
}

func TestQuarantine(t *testing.T) {
	f := newFleet(t, "DE", "FR", "US", "DE")
	services := []string{"bank", "mail", "news", "rail"}
	minutes := func(n int, as func(string) func(int, *model.Observation)) {
		for range n {
			at := f.now
			for _, s := range services {
				f.now = at
				f.rounds(1, s, as(s))
			}
		}
	}
	good := func(string) func(int, *model.Observation) { return nil }
	minutes(30, good)
	minutes(5, func(string) func(int, *model.Observation) { return only(1, refusedConnection) })
	o := f.state("bank")
	if len(o.Excluded) != 1 || o.Excluded[0].Why != "half of its services fail from it alone" || o.State != model.StateUp {
		t.Fatalf("%s, excluded %v", o.State, o.Excluded)
	}
	minutes(8, good)
	if o := f.state("bank"); len(o.Excluded) != 0 {
		t.Errorf("after eight clean minutes still excluded: %v", o.Excluded)
	}
	// What fails for everybody is nobody's fault.
	minutes(10, func(string) func(int, *model.Observation) { return refusedConnection })
	for _, s := range services {
		if o := f.state(s); o.State != model.StateConfirmed || len(o.Excluded) != 0 {
			t.Errorf("%s lost for all: %s, excluded %v", s, o.State, o.Excluded)
		}
	}
}

func TestSilence(t *testing.T) {
	f := newFleet(t, "DE", "FR", "US", "DE")
	f.rounds(30, "bank", nil)
	if changes := f.j.Tick(f.now.Add(time.Minute)); len(changes) != 0 {
		t.Errorf("changes after a minute of silence: %v", changes)
	}
	changes := f.j.Tick(f.now.Add(10 * time.Minute))
	if len(changes) != 1 || changes[0].State != model.StateUnknown || len(changes[0].Excluded) != 4 || changes[0].Excluded[0].Why != "silent" {
		t.Errorf("changes after ten minutes of silence: %+v", changes)
	}
	if changes := f.j.Tick(f.now); len(changes) != 0 {
		t.Errorf("time went back: %v", changes)
	}
}

// A loss that goes on over a silence is one event.
func TestLossOverSilence(t *testing.T) {
	f := newFleet(t, "DE", "FR", "US", "DE")
	f.rounds(30, "bank", nil)
	f.rounds(10, "bank", refusedConnection)
	before := f.state("bank")
	f.now = f.now.Add(20 * time.Minute)
	f.rounds(10, "bank", refusedConnection)
	after := f.state("bank")
	if before.State != model.StateConfirmed || after.State != model.StateConfirmed || after.Event != before.Event || !after.Onset.Equal(before.Onset) {
		t.Errorf("before %+v\nafter %+v", before, after)
	}
}

func TestDuplicatesAndDisorder(t *testing.T) {
	var all []model.Observation
	f := newFleet(t, "DE", "FR", "US", "DE", "FR", "US")
	f.rounds(40, "bank", func(_ int, o *model.Observation) { all = append(all, *o) })
	f.rounds(10, "bank", func(i int, o *model.Observation) { refusedConnection(i, o); all = append(all, *o) })
	want := f.state("bank")

	twice := New()
	for i := range all {
		twice.Observe(&all[i])
		if changes := twice.Observe(&all[i]); len(changes) != 0 {
			t.Fatalf("a duplicate changed something: %v", changes)
		}
	}
	got, _ := twice.State("bank")
	if diff := cmp.Diff(want, got); diff != "" || twice.Stats().Duplicates != len(all) {
		t.Errorf("%d duplicates: %s", twice.Stats().Duplicates, diff)
	}

	mixed := slices.Clone(all)
	r := rand.New(rand.NewPCG(1, 2))
	for i := 0; i+8 <= len(mixed); i += 8 {
		r.Shuffle(8, func(a, b int) { mixed[i+a], mixed[i+b] = mixed[i+b], mixed[i+a] })
	}
	disordered := New()
	for i := range mixed {
		disordered.Observe(&mixed[i])
	}
	got, _ = disordered.State("bank")
	if got.State != want.State || got.Onset.Sub(want.Onset).Abs() > 10*time.Second || disordered.Stats().Reordered == 0 || disordered.Stats().Skewed+disordered.Stats().Late > 0 {
		t.Errorf("in disorder: %+v, %+v", got, disordered.Stats())
	}
	p, q := twice.services["bank"].pairs[0], disordered.services["bank"].pairs[0]
	if p.fails != q.fails || p.runStart != q.runStart || math.Abs(p.belief-q.belief) > 1e-6 {
		t.Errorf("pair in order: %d fails, %v; in disorder %d, %v", p.fails, p.belief, q.fails, q.belief)
	}
}

func TestReviewTakesLateData(t *testing.T) {
	var all []model.Observation
	f := newFleet(t, "DE", "FR", "US")
	f.rounds(60, "bank", func(_ int, o *model.Observation) { all = append(all, *o) })
	f.rounds(20, "bank", func(i int, o *model.Observation) { refusedConnection(i, o); all = append(all, *o) })
	// The third vantage point was cut off from us and sends the hour at once.
	live := New()
	var onTime, late []model.Observation
	for _, o := range all {
		if o.Vantage == "v3" && o.At.After(start.Add(30*time.Minute)) {
			late = append(late, o)
		} else {
			onTime = append(onTime, o)
		}
	}
	arrived := append(onTime, late...)
	for i := range arrived {
		live.Observe(&arrived[i])
	}
	if o, _ := live.State("bank"); o.State == model.StateConfirmed {
		t.Errorf("live: %s", o.State)
	}
	changes, err := Review(arrived, nil)
	if err != nil {
		t.Fatal(err)
	}
	last := changes[len(changes)-1]
	if last.State != model.StateConfirmed || !last.Reviewed {
		t.Errorf("reviewed: %+v", last)
	}
	last.Reviewed = false
	if diff := cmp.Diff(f.state("bank"), last, cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "At" || p.String() == "Down" || p.String() == "Networks" }, cmp.Ignore())); diff != "" {
		t.Errorf("reviewed and in order differ: %s", diff)
	}
}

func TestSignals(t *testing.T) {
	for _, c := range []struct {
		name  string
		ratio []float64
		at    time.Duration // from the onset
		stale time.Duration
		want  model.OutageState
	}{
		{"one strong", []float64{10}, time.Minute, time.Hour, model.StateConfirmed},
		{"two that are strong together", []float64{3, 4}, time.Minute, time.Hour, model.StateConfirmed},
		{"one weak", []float64{3}, time.Minute, time.Hour, model.StateProbable},
		{"one that says nothing", []float64{1}, time.Minute, time.Hour, model.StateProbable},
		{"one stale", []float64{50}, time.Minute, 2 * time.Minute, model.StateProbable},
		{"one of hours before", []float64{50}, -20 * time.Minute, 3 * time.Hour, model.StateProbable},
	} {
		f := newFleet(t, "DE", "DE", "DE", "DE")
		f.rounds(60, "bank", nil)
		for i, ratio := range c.ratio {
			if _, err := f.j.Signal(model.Signal{Source: fmt.Sprintf("s%d", i), Service: "bank", At: f.now.Add(c.at), Ratio: ratio, Stale: c.stale}); err != nil {
				t.Fatal(err)
			}
		}
		f.rounds(4, "bank", refusedConnection)
		if o := f.state("bank"); o.State != model.StateProbable {
			t.Errorf("%s: %s after four minutes, want probable", c.name, o.State)
		}
		f.rounds(6, "bank", refusedConnection)
		o := f.state("bank")
		if o.State != c.want || (c.want == model.StateConfirmed) != (len(o.Support) == len(c.ratio)) {
			t.Errorf("%s: %s, supported by %v, want %s", c.name, o.State, o.Support, c.want)
		}
	}
	f := newFleet(t, "DE", "FR", "US")
	f.rounds(60, "bank", nil)
	if changes, err := f.j.Signal(model.Signal{Source: "ris", Service: "bank", At: f.now, Ratio: 50, Stale: time.Hour}); len(changes) != 0 || err != nil {
		t.Errorf("a signal alone: %v, %v", changes, err)
	}
	if _, err := f.j.Signal(model.Signal{Source: "ris"}); err == nil {
		t.Error("an empty signal was taken")
	}
}

func TestClasses(t *testing.T) {
	half := func(a, b func(int, *model.Observation)) func(int, *model.Observation) {
		return func(i int, o *model.Observation) {
			if i < 3 {
				a(i, o)
			} else {
				b(i, o)
			}
		}
	}
	maintenance := func(i int, o *model.Observation) {
		failAt(model.LayerHTTP, "")(i, o)
		o.Status, o.Maintenance = 503, true
	}
	tampered := func(i int, o *model.Observation) {
		failAt(model.LayerTLS, "connection_reset")(i, o)
		o.Evidence = &model.Evidence{Lookups: []model.Lookup{{Host: "bank.example", Resolver: SystemResolver, Addresses: []string{"203.0.113.9"}}}}
	}
	plain := func(_ int, o *model.Observation) {
		o.Evidence = &model.Evidence{Lookups: []model.Lookup{{Host: "bank.example", Resolver: SystemResolver, Addresses: []string{"192.0.2.7"}}}, Fetches: []model.Fetch{{URL: "https://bank.example/", Status: 200}}}
	}
	for _, c := range []struct {
		name  string
		as    func(int, *model.Observation)
		class model.OutageClass
	}{
		{"half TCP, half TLS", half(refusedConnection, failAt(model.LayerTLS, "eof_error")), model.ClassMixed},
		{"maintenance page", maintenance, model.ClassMaintenance},
		{"bogon", failAt(model.LayerDNS, "dns_bogon_error"), model.ClassDNSTampered},
		{"no layer given", failAt("", ""), ""},
		{"other answers than elsewhere", half(tampered, plain), model.ClassDNSTampered},
		{"bad certificate", failAt(model.LayerTLS, "ssl_unknown_authority"), model.ClassCertificate},
		{"slow by the probe's word", func(_ int, o *model.Observation) { o.Outcome = model.OutcomeSlow }, model.ClassSlow},
		{"half refused", half(func(_ int, o *model.Observation) { o.Outcome, o.Status = model.OutcomeRefused, 451 }, func(int, *model.Observation) {}), ""},
	} {
		f := newFleet(t, "DE", "FR", "US", "GB", "NL", "DE")
		f.rounds(40, "bank", nil)
		f.rounds(15, "bank", c.as)
		if o := f.state("bank"); o.Class != c.class {
			t.Errorf("%s: class %q in state %s, want %q", c.name, o.Class, o.State, c.class)
		}
	}
	f := newFleet(t, "DE", "FR", "US")
	announced := model.Service{ID: "bank", Maintenance: []model.TimeInterval{{Start: start, End: start.Add(3 * time.Hour)}}}
	if err := f.j.Describe(announced); err != nil {
		t.Fatal(err)
	}
	f.rounds(40, "bank", nil)
	f.rounds(10, "bank", refusedConnection)
	if o := f.state("bank"); o.Class != model.ClassMaintenance {
		t.Errorf("announced: class %q", o.Class)
	}
}

func TestOneEvent(t *testing.T) {
	for _, c := range []struct {
		name  string
		mail  model.Service
		after int // minutes between the onsets
		same  bool
	}{
		{"one address", model.Service{Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.7")}}, 2, true},
		{"one network", model.Service{ASN: 64500}, 2, true},
		{"one name server", model.Service{NameServers: []string{"ns1.example"}}, 2, true},
		{"nothing in common", model.Service{Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.8")}, ASN: 64501}, 2, false},
		{"one address, much later", model.Service{Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.7")}}, 15, false},
	} {
		f := newFleet(t, "DE", "FR", "US")
		c.mail.ID = "mail"
		bank := model.Service{ID: "bank", ASN: 64500, Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.7")}, NameServers: []string{"ns1.example"}}
		for _, s := range []model.Service{bank, c.mail} {
			if err := f.j.Describe(s); err != nil {
				t.Fatal(err)
			}
		}
		for m := range 70 {
			at := f.now
			for _, s := range []struct {
				id   string
				from int
			}{{"bank", 30}, {"mail", 30 + c.after}} {
				f.now = at
				var as func(int, *model.Observation)
				if m >= s.from {
					as = refusedConnection
				}
				f.rounds(1, s.id, as)
			}
		}
		a, b := f.state("bank"), f.state("mail")
		if a.State != model.StateConfirmed || b.State != model.StateConfirmed || (a.Event == b.Event) != c.same {
			t.Errorf("%s: %s %s, %s %s; one event: want %v", c.name, a.State, a.Event, b.State, b.Event, c.same)
		}
	}
}

func TestDeterministic(t *testing.T) {
	play := func() []model.Outage {
		f := newFleet(t, "DE", "FR", "US", "GB", "NL", "DE")
		r := rand.New(rand.NewPCG(5, 6))
		for range 400 {
			at := f.now
			for _, s := range []string{"bank", "mail", "news"} {
				f.now = at
				f.rounds(1, s, func(i int, o *model.Observation) {
					if r.Float64() < 0.25 {
						refusedConnection(i, o)
					}
					o.Valid = r.Float64() < 0.95
				})
			}
		}
		return f.changes
	}
	want := play()
	if len(want) < 50 {
		t.Fatalf("%d changes are too few to tell", len(want))
	}
	for range 3 {
		if diff := cmp.Diff(want, play()); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestMemoryIsConstant(t *testing.T) {
	if size := unsafe.Sizeof(pair{}); size > 8<<10 {
		t.Errorf("a pair takes %d bytes", size)
	}
	f := newFleet(t, "DE", "FR", "US")
	f.rounds(3, "bank", nil)
	f.j.Describe(model.Service{ID: "mail"})
	f.now = f.now.Add(15 * 24 * time.Hour)
	f.vantages = f.vantages[:2]
	f.rounds(200, "bank", nil)
	if n := len(f.j.services["bank"].pairs); n != 2 || len(f.j.vantages) != 2 || len(f.j.recent) != 2 {
		t.Errorf("%d pairs, %d vantage points, %d recent after a fortnight of silence of the third", n, len(f.j.vantages), len(f.j.recent))
	}
}
