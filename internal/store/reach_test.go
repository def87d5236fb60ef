package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"crosscheck/internal/model"
)

var (
	equateEmpty = cmpopts.EquateEmpty()
	equateAddr  = cmp.Options{cmp.Comparer(func(a, b netip.Addr) bool { return a == b }), cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })}
)

// measure adds services and vantage points.
func measure(t testing.TB, s *Store, services, vantages []string) {
	t.Helper()
	ctx := t.Context()
	for _, id := range services {
		check(t, s.SaveService(ctx, &model.Service{ID: id, Target: "https://" + id + ".example/"}))
	}
	for i, id := range vantages {
		check(t, s.SaveVantage(ctx, model.VantageFacts{Vantage: model.Vantage{ID: id, ASN: uint32(100 + i), Country: "SE", Group: "g"}, Created: at(0, 0)}, model.HashOf([]byte(id))))
	}
}

// seen is an observation that reached its service.
func seen(service, vantage string, when time.Time) model.Observation {
	return model.Observation{At: when, Service: service, Vantage: vantage, ASN: 100, Country: "SE", Group: "g", Valid: true, Outcome: model.OutcomeOK, Status: 200, TTFB: 80}
}

// lost is one that did not.
func lost(service, vantage string, when time.Time) model.Observation {
	o := seen(service, vantage, when)
	o.Outcome, o.Layer, o.Failure, o.Status, o.TTFB = model.OutcomeFail, model.LayerTCP, "generic_timeout_error", 0, 0
	return o
}

func testServices(t *testing.T, s *Store) {
	ctx := t.Context()
	if got := must(s.Services(ctx))(t); len(got) != 0 {
		t.Errorf("Services of nothing = %v", got)
	}
	bank := model.Service{
		ID: "bank", Name: "Landbank", Target: "https://bank.example/", Status: "200,403", Text: "Sign in", Slow: 1500 * time.Millisecond,
		Aliases: []string{"the bank", "landbank.example"}, Private: true, Country: "SE", ASN: 64500,
		Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.7")}, Prefixes: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")}, NameServers: []string{"ns.example"},
		Maintenance: []model.TimeInterval{{Start: at(3, 0), End: at(4, 0)}},
	}
	check(t, s.SaveService(ctx, &bank))
	check(t, s.SaveService(ctx, &model.Service{ID: "a", Target: "dns:a.example"}))
	want := []model.ServiceFacts{
		{Service: bank, Now: model.Outage{Service: "bank", State: model.StateUnknown}, Availability: -1},
		{Service: model.Service{ID: "a", Name: "a", Target: "dns:a.example"}, Now: model.Outage{Service: "a", State: model.StateUnknown}, Availability: -1},
	}
	if d := cmp.Diff(want, must(s.Services(ctx))(t), equateAddr); d != "" {
		t.Errorf("Services (-want +got):\n%s", d)
	}
	bank.Text, bank.Maintenance = "", nil
	check(t, s.SaveService(ctx, &bank))
	if d := cmp.Diff(want[0].Now, must(s.Service(ctx, "bank"))(t).Now); d != "" {
		t.Errorf("Service (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]model.Service{want[1].Service, bank}, must(s.Measured(ctx))(t), equateAddr); d != "" {
		t.Errorf("Measured (-want +got):\n%s", d)
	}
	check(t, s.DeleteService(ctx, "a"))
	if err := s.DeleteService(ctx, "a"); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("DeleteService again = %v, want an ErrNotFound", err)
	}
	if got := must(s.Services(ctx))(t); len(got) != 1 || got[0].ID != "bank" {
		t.Errorf("Services after a deletion = %+v", got)
	}
	if _, err := s.Service(ctx, "nobody"); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("Service(nobody) = %v, want an ErrNotFound", err)
	}
	for _, bad := range []model.Service{{}, {ID: "x"}, {ID: "x", Target: "y", Country: "Sweden"}} {
		if err := s.SaveService(ctx, &bad); !errors.Is(err, model.ErrInvalid) {
			t.Errorf("SaveService(%+v) = %v, want an ErrInvalid", bad, err)
		}
	}
}

func testVantages(t *testing.T, s *Store) {
	ctx := t.Context()
	v := model.VantageFacts{Vantage: model.Vantage{ID: "fra-1", ASN: 3320, Country: "DE", Group: "east"}, Created: at(8, 0)}
	check(t, s.SaveVantage(ctx, v, "abc"))
	check(t, s.SaveVantage(ctx, model.VantageFacts{Vantage: model.Vantage{ID: "here"}, Name: "this machine", Created: at(8, 0), Own: true}, ""))
	check(t, s.TouchVantage(ctx, "fra-1", at(9, 0), -3*time.Second, "v2"))
	check(t, s.RevokeVantage(ctx, "fra-1", at(10, 0)))
	v.Name, v.Seen, v.Skew, v.Version, v.Revoked = "fra-1", at(9, 0), -3*time.Second, "v2", at(10, 0)
	got := must(s.Vantages(ctx))(t)
	if d := cmp.Diff(v, got[0]); d != "" || len(got) != 2 || got[1].Name != "this machine" || !got[1].Own {
		t.Errorf("Vantages = %+v (-want +got):\n%s", got, d)
	}
	if d := cmp.Diff(map[string]string{"fra-1": "abc"}, must(s.VantageTokens(ctx))(t)); d != "" {
		t.Errorf("VantageTokens (-want +got):\n%s", d)
	}
	for _, id := range []string{"fra-1", "here", "nobody"} {
		if err := s.RevokeVantage(ctx, id, at(11, 0)); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("RevokeVantage(%s) = %v, want an ErrNotFound", id, err)
		}
	}
	v.ASN = 1
	check(t, s.SaveVantage(ctx, v, "def"))
	v.Revoked = time.Time{}
	if d := cmp.Diff(v, must(s.Vantages(ctx))(t)[0]); d != "" {
		t.Errorf("a token issued again (-want +got):\n%s", d)
	}
	if err := s.SaveVantage(ctx, model.VantageFacts{}, ""); !errors.Is(err, model.ErrInvalid) {
		t.Errorf("SaveVantage of nothing = %v, want an ErrInvalid", err)
	}
}

func testObservations(t *testing.T, s *Store) {
	ctx := t.Context()
	measure(t, s, []string{"bank", "shop"}, []string{"a", "b"})
	full := lost("bank", "a", at(9, 1).Add(123*time.Microsecond))
	full.DNS, full.TCP, full.TLS, full.TTFB, full.Maintenance = 1.5, 2, 3, 4, true
	full.Addresses = []string{"192.0.2.1", "2001:db8::1"}
	full.Evidence = &model.Evidence{Lookups: []model.Lookup{{Host: "bank.example", Resolver: "system", Addresses: []string{"192.0.2.1"}}}}
	many := []model.Observation{seen("bank", "b", at(9, 1)), full, seen("bank", "a", at(9, 0)), seen("bank", "a", at(9, 0))}
	for i := range 3 * chunk {
		many = append(many, seen("shop", "a", at(8, 0).Add(time.Duration(i)*time.Second)))
	}
	for range 2 {
		check(t, s.SaveVantage(ctx, model.VantageFacts{Vantage: model.Vantage{ID: "a", ASN: 9, Country: "NO"}, Created: at(0, 0)}, "x"))
	}
	accepted, duplicates, err := s.SaveObservations(ctx, many, at(9, 2))
	if err != nil || accepted != len(many)-1 || duplicates != 1 {
		t.Fatalf("SaveObservations = %d, %d, %v", accepted, duplicates, err)
	}
	accepted, duplicates, err = s.SaveObservations(ctx, append(many[:3:3], lost("shop", "b", at(9, 0))), at(9, 3))
	if err != nil || accepted != 1 || duplicates != 3 {
		t.Fatalf("SaveObservations again = %d, %d, %v", accepted, duplicates, err)
	}
	rows := must(s.ObservationsAfter(ctx, 0, 2))(t)
	if d := cmp.Diff([]model.Observation{many[0], full}, plain(rows)); d != "" || !rows[1].Received.Equal(at(9, 2)) {
		t.Errorf("ObservationsAfter (-want +got):\n%s", d)
	}
	rest := must(s.ObservationsAfter(ctx, rows[1].N, 5000))(t)
	if len(rest) != len(many)-3+1 || rest[len(rest)-1].N != must(s.LastArrival(ctx))(t) {
		t.Errorf("%d observations after the second, the last %d", len(rest), rest[len(rest)-1].N)
	}
	for when, want := range map[time.Time][]model.Observation{
		at(9, 30): {full, many[0]}, full.At: {full, many[0]}, at(9, 1): {many[2], many[0]}, at(9, 0): {many[2]}, at(7, 0): {},
	} {
		if d := cmp.Diff(want, must(s.LastObservations(ctx, "bank", when))(t), equateEmpty); d != "" {
			t.Errorf("LastObservations at %s (-want +got):\n%s", when, d)
		}
	}
	if d := cmp.Diff([]model.Observation{many[2], lost("shop", "b", at(9, 0)), many[0]}, must(s.Observations(ctx, []string{"shop", "bank"}, at(9, 0), full.At))(t)); d != "" {
		t.Errorf("Observations (-want +got):\n%s", d)
	}
	facts := must(s.Service(ctx, "bank"))(t)
	if facts.Availability != 2.0/3 || facts.Refused != 0 || !facts.Observed.Equal(full.At) {
		t.Errorf("availability %v, refused %v, observed %s", facts.Availability, facts.Refused, facts.Observed)
	}
	for _, bad := range []model.Observation{seen("nobody", "a", at(9, 0)), seen("bank", "nobody", at(9, 0))} {
		if _, _, err := s.SaveObservations(ctx, []model.Observation{seen("bank", "b", at(9, 9)), bad}, at(9, 9)); !errors.Is(err, model.ErrInvalid) {
			t.Errorf("SaveObservations(%+v) = %v, want an ErrInvalid", bad, err)
		}
	}
	if got := must(s.LastObservations(ctx, "bank", at(10, 0)))(t); !got[1].At.Equal(at(9, 1)) {
		t.Error("a transaction that failed left an observation")
	}
}

func testRollups(t *testing.T, s *Store) {
	ctx := t.Context()
	measure(t, s, []string{"bank"}, []string{"a", "b"})
	slow, turned, unproven, other := seen("bank", "a", at(9, 1)), seen("bank", "a", at(9, 2)), lost("bank", "a", at(9, 3)), lost("bank", "a", at(9, 4))
	slow.Outcome, slow.TTFB, turned.Outcome, turned.TTFB, unproven.Valid, other.Layer = model.OutcomeSlow, 120, model.OutcomeRefused, 0, false, model.LayerDNS
	_, _, err := s.SaveObservations(ctx, []model.Observation{seen("bank", "a", at(9, 0)), slow, turned}, at(9, 5))
	check(t, err)
	late := []model.Observation{
		seen("bank", "a", at(9, 0)), unproven, other, lost("bank", "a", at(9, 4).Add(30*time.Second)), lost("bank", "a", at(9, 4).Add(59*time.Second)),
		seen("bank", "b", at(9, 0)), seen("bank", "a", at(9, 5)),
	}
	_, _, err = s.SaveObservations(ctx, late, at(9, 9))
	check(t, err)
	want := []model.Rollup{
		{Service: "bank", Vantage: "a", Start: at(9, 0), Width: model.RollupFine, OK: 1, Slow: 1, Refused: 1, Fail: 3, Invalid: 1, Layer: model.LayerTCP, TTFB: 100},
		{Service: "bank", Vantage: "b", Start: at(9, 0), Width: model.RollupFine, OK: 1, TTFB: 80},
		{Service: "bank", Vantage: "a", Start: at(9, 5), Width: model.RollupFine, OK: 1, TTFB: 80},
	}
	if d := cmp.Diff(want, must(s.Rollups(ctx, "bank", model.RollupFine, at(9, 0), at(10, 0)))(t)); d != "" {
		t.Errorf("fine (-want +got):\n%s", d)
	}
	if d := cmp.Diff(want[2:], must(s.Rollups(ctx, "bank", model.RollupFine, at(9, 5), at(10, 0)))(t)); d != "" {
		t.Errorf("from five past (-want +got):\n%s", d)
	}
	want[0].OK, want[0].Width, want[1].Width = 2, model.RollupCoarse, model.RollupCoarse
	want[0].TTFB = 280.0 / 3
	if d := cmp.Diff(want[:2], must(s.Rollups(ctx, "bank", model.RollupCoarse, at(9, 0), at(10, 0)))(t), cmpopts.EquateApprox(0, 1e-9)); d != "" {
		t.Errorf("coarse (-want +got):\n%s", d)
	}
	if _, err := s.Rollups(ctx, "bank", time.Minute, at(9, 0), at(10, 0)); !errors.Is(err, model.ErrInvalid) {
		t.Errorf("roll-ups of a minute: %v, want an ErrInvalid", err)
	}
}

func testSpooled(t *testing.T, s *Store) {
	ctx := t.Context()
	measure(t, s, []string{"bank"}, []string{"a"})
	sum := model.Rollup{Service: "bank", Vantage: "a", Start: at(9, 2), Width: 20 * time.Minute, OK: 10, Fail: 3, Slow: 1, Refused: 2, Invalid: 4}
	if n := must(s.SaveSpooled(ctx, []model.Rollup{sum}))(t); n != 1 {
		t.Errorf("%d accepted", n)
	}
	if n := must(s.SaveSpooled(ctx, []model.Rollup{sum}))(t); n != 0 {
		t.Errorf("%d accepted a second time", n)
	}
	all := model.Rollup{}
	fine := must(s.Rollups(ctx, "bank", model.RollupFine, at(9, 0), at(10, 0)))(t)
	for _, r := range fine {
		all.OK, all.Fail, all.Slow, all.Refused, all.Invalid = all.OK+r.OK, all.Fail+r.Fail, all.Slow+r.Slow, all.Refused+r.Refused, all.Invalid+r.Invalid
	}
	if len(fine) != 4 || all.OK != 10 || all.Fail != 3 || all.Slow != 1 || all.Refused != 2 || all.Invalid != 4 || fine[1].OK > 3 {
		t.Errorf("%d intervals with %+v in all: %+v", len(fine), all, fine)
	}
	if n := must(s.LastArrival(ctx))(t); n != 0 {
		t.Errorf("%d observations of counts", n)
	}
}

func testForget(t *testing.T, s *Store) {
	ctx := t.Context()
	measure(t, s, []string{"bank"}, []string{"a"})
	day := 24 * time.Hour
	for _, when := range []time.Time{at(9, 0).Add(-100 * day), at(9, 0).Add(-15 * day), at(9, 0).Add(-3 * day), at(9, 0)} {
		good, bad := seen("bank", "a", when), lost("bank", "a", when.Add(time.Minute))
		good.Evidence, bad.Evidence = &model.Evidence{Lookups: []model.Lookup{{Host: "x"}}}, &model.Evidence{Lookups: []model.Lookup{{Host: "x"}}}
		_, _, err := s.SaveObservations(ctx, []model.Observation{good, bad}, when.Add(2*time.Minute))
		check(t, err)
	}
	spooled := []model.Rollup{{Service: "bank", Vantage: "a", Start: at(9, 0).Add(-100 * day), Width: time.Hour, OK: 1}}
	must(s.SaveSpooled(ctx, spooled))(t)
	for _, age := range []time.Duration{101 * day, 100 * day, day} {
		check(t, s.SaveSignal(ctx, model.Signal{Source: "ooni", Service: "bank", At: at(9, 0).Add(-age), Ratio: 4, Stale: time.Hour}, at(9, 0).Add(-age)))
	}
	keep := Keep{Observations: 14 * day, Good: 2 * day, Fine: 90 * day}
	if gone := must(s.Forget(ctx, at(10, 0), keep))(t); gone != 4 {
		t.Errorf("%d observations are gone, want 4", gone)
	}
	var got []string
	for _, o := range must(s.ObservationsAfter(ctx, 0, 100))(t) {
		got = append(got, fmt.Sprint(at(9, 0).Sub(o.At).Round(time.Hour), " ", o.Outcome, " ", o.Evidence != nil))
	}
	if d := cmp.Diff([]string{"72h0m0s ok false", "72h0m0s fail true", "0s ok true", "0s fail true"}, got); d != "" {
		t.Errorf("left (-want +got):\n%s", d)
	}
	for width, want := range map[time.Duration]int{model.RollupFine: 3, model.RollupCoarse: 4} {
		if got := must(s.Rollups(ctx, "bank", width, time.Time{}, at(12, 0)))(t); len(got) != want {
			t.Errorf("%d roll-ups of %s are left, want %d", len(got), width, want)
		}
	}
	_, _, err := s.SaveObservations(ctx, []model.Observation{seen("bank", "a", at(11, 0))}, at(11, 0))
	check(t, err)
	check(t, must2(s.SaveVerdicts(ctx, []model.Outage{verdict("bank", "", model.StateUp, at(11, 0))}, Judged{})))
	if gone := must(s.Forget(ctx, at(11, 0).Add(30*day), keep))(t); gone != 5 {
		t.Errorf("%d observations are gone after a month, want 5", gone)
	}
	if d := cmp.Diff([]model.Observation{seen("bank", "a", at(11, 0))}, must(s.LastObservations(ctx, "bank", at(12, 0)))(t)); d != "" {
		t.Errorf("what a verdict was given on is gone (-want +got):\n%s", d)
	}
	_, _, err = s.SaveObservations(ctx, []model.Observation{seen("bank", "a", at(12, 0))}, at(12, 0))
	check(t, err)
	if n := must(s.LastArrival(ctx))(t); n != 10 {
		t.Errorf("the order of arrival began again: %d", n)
	}
	if left := must(s.SignalsAfter(ctx, 0, 10))(t); len(left) != 1 || left[0].N != 3 { // the last, however old
		t.Errorf("signals left: %+v", left)
	}
	check(t, s.SaveSignal(ctx, model.Signal{Source: "ooni", Service: "bank", At: at(12, 0), Ratio: 4, Stale: time.Hour}, at(12, 0)))
	if next := must(s.SignalsAfter(ctx, 3, 10))(t); len(next) != 1 {
		t.Errorf("the order of signals began again: %+v", next)
	}
	if n := must(s.SaveSpooled(ctx, spooled))(t); n != 1 {
		t.Error("a spool that is no longer taken is still known")
	}
}

// verdict is a change of a service's state.
func verdict(service, event string, state model.OutageState, when time.Time, down ...string) model.Outage {
	o := model.Outage{At: when, Service: service, Event: event, State: state, Down: down, Up: []string{"z"}, Asked: len(down) + 1, Networks: 2, Countries: 2, Rule: "v1"}
	if event != "" {
		o.Onset, o.Uncertainty, o.Class = at(9, 0), time.Minute, model.ClassTCP
	}
	return o
}

func testVerdicts(t *testing.T, s *Store) {
	ctx := t.Context()
	measure(t, s, []string{"bank", "shop"}, []string{"a"})
	full := verdict("bank", "e1", model.StatePartial, at(9, 2), "a", "b")
	full.Excluded, full.Support = []model.Exclusion{{Vantage: "c", Why: "silent"}}, []string{"ioda"}
	probable := verdict("bank", "e0", model.StateProbable, at(9, 3), "a", "b", "c") // it is the event of another service
	confirmed := verdict("bank", "e0", model.StateConfirmed, at(9, 4), "a", "b", "c", "d")
	shop := verdict("shop", "e0", model.StateRegional, at(9, 4), "a")
	up := verdict("bank", "", model.StateUp, at(8, 0))
	changed := must(s.SaveVerdicts(ctx, []model.Outage{up, full, probable, confirmed, shop}, Judged{7, 2, at(9, 4)}))(t)
	if len(changed) != 2 {
		t.Errorf("%v changed, want two outages", changed)
	}
	if again := must(s.SaveVerdicts(ctx, []model.Outage{full, confirmed}, Judged{7, 2, at(9, 4)}))(t); len(again) != 0 {
		t.Errorf("verdicts that are stored changed %v", again)
	}
	if d := cmp.Diff(Judged{7, 2, at(9, 4)}, must(s.Judged(ctx))(t)); d != "" {
		t.Errorf("Judged (-want +got):\n%s", d)
	}
	want := model.OutageFacts{
		ID: model.ID("outage", "e1", "bank"), Event: "e0", Service: "bank", ServiceName: "bank", State: model.StateConfirmed, Class: model.ClassTCP,
		Onset: at(9, 0), Uncertainty: time.Minute, Confirmed: at(9, 4), Peak: confirmed, Verdicts: []model.Outage{full, probable, confirmed},
	}
	if d := cmp.Diff(want, *must(s.Outage(ctx, want.ID))(t), equateEmpty); d != "" {
		t.Errorf("Outage (-want +got):\n%s", d)
	}
	facts := must(s.Service(ctx, "bank"))(t)
	if d := cmp.Diff(confirmed, facts.Now, equateEmpty); d != "" || !facts.Since.Equal(at(9, 4)) {
		t.Errorf("since %s (-want +got):\n%s", facts.Since, d)
	}
	if d := cmp.Diff(map[string]model.OutageState{"bank": model.StateConfirmed, "shop": model.StateRegional}, must(s.States(ctx))(t)); d != "" {
		t.Errorf("States (-want +got):\n%s", d)
	}
	flood, resolved := confirmed, verdict("bank", "e0", model.StateResolved, at(9, 40))
	flood.At, flood.Class, flood.Down, resolved.End = at(9, 5), model.ClassFloodLike, []string{"a"}, at(9, 30)
	gone := verdict("shop", "", model.StateUp, at(9, 50)) // the judge knows nothing of the event any more
	check(t, must2(s.SaveVerdicts(ctx, []model.Outage{flood, resolved, gone}, Judged{At: at(9, 50)})))
	if got := must(s.Service(ctx, "bank"))(t); !got.Since.Equal(at(9, 40)) || got.Now.State != model.StateResolved {
		t.Errorf("bank: %s since %s", got.Now.State, got.Since)
	}
	if d := cmp.Diff([]model.Outage{full, probable, confirmed, flood}, must(s.Verdicts(ctx, "bank", at(9, 0), at(9, 40)))(t), equateEmpty); d != "" {
		t.Errorf("Verdicts (-want +got):\n%s", d)
	}
	outages := func(q model.OutageQuery) (ids string) {
		for _, o := range must(s.Outages(ctx, q))(t) {
			ids += fmt.Sprint(o.Service, " ", o.State, " until ", o.End.Format("15:04"), ";")
		}
		return ids
	}
	const bank, shopLine = "bank confirmed until 09:30;", "shop regional until 09:50;"
	later := verdict("shop", "e2", model.StatePartial, at(11, 0), "a")
	later.Onset = at(10, 58)
	check(t, must2(s.SaveVerdicts(ctx, []model.Outage{later}, Judged{At: at(11, 0)})))
	const open = "shop partial until 00:00;"
	for _, c := range []struct {
		q    model.OutageQuery
		want string
	}{
		{model.OutageQuery{Grave: true}, bank},
		{model.OutageQuery{Services: []string{"shop"}}, open + shopLine},
		{model.OutageQuery{Services: []string{}}, ""},
		{model.OutageQuery{From: at(9, 45)}, open + shopLine},
		{model.OutageQuery{From: at(10, 0)}, open},
		{model.OutageQuery{To: at(9, 0)}, ""},
		{model.OutageQuery{Limit: 1}, open},
		{model.OutageQuery{Before: at(10, 58), Services: []string{"bank"}}, bank},
	} {
		if got := outages(c.q); got != c.want {
			t.Errorf("Outages(%+v) = %s, want %s", c.q, got, c.want)
		}
	}
	check(t, s.DeleteService(ctx, "shop"))
	silent := later
	silent.At, silent.State = at(11, 5), model.StateUnknown
	if got := must(s.SaveVerdicts(ctx, []model.Outage{silent}, Judged{}))(t); len(got) != 0 {
		t.Errorf("a verdict on a service that is gone changed %v", got)
	}
	if got := must(s.Outages(ctx, model.OutageQuery{Services: []string{"shop"}, Limit: 1}))(t); got[0].End.IsZero() || got[0].State != model.StatePartial {
		t.Errorf("the outage of a service that is gone: %+v", got[0])
	}
	if _, err := s.Outage(ctx, "nobody"); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("Outage(nobody) = %v, want an ErrNotFound", err)
	}
	if _, err := s.SaveVerdicts(ctx, []model.Outage{verdict("nobody", "", model.StateUp, at(9, 0))}, Judged{At: at(9, 0)}); err == nil {
		t.Error("a verdict about a service nobody knows was stored")
	}
}

// must2 drops the value of a call whose error alone matters.
func must2[T any](_ T, err error) error { return err }

func testReviews(t *testing.T, s *Store) {
	ctx := t.Context()
	measure(t, s, []string{"bank"}, []string{"a"})
	confirmed, resolved := verdict("bank", "e", model.StateConfirmed, at(9, 4), "a", "b"), verdict("bank", "e", model.StateResolved, at(9, 40))
	resolved.End = at(9, 30)
	id := must(s.SaveVerdicts(ctx, []model.Outage{confirmed, resolved}, Judged{At: at(9, 40)}))(t)[0]
	due := func(n int) {
		t.Helper()
		if got := must(s.ToReview(ctx, at(0, 0), at(10, 30), 2*time.Minute))(t); len(got) != n {
			t.Errorf("to review: %v, want %d", got, n)
		}
	}
	_, _, err := s.SaveObservations(ctx, []model.Observation{lost("bank", "a", at(9, 10)), lost("bank", "a", at(8, 50))}, at(9, 11))
	check(t, err)
	due(0) // one came in time, the other is of another time
	_, _, err = s.SaveObservations(ctx, []model.Observation{lost("bank", "a", at(9, 15))}, at(11, 0))
	check(t, err)
	due(1)
	earlier := verdict("bank", "other", model.StateProbable, at(9, 3), "a")
	earlier.Reviewed, earlier.Onset, earlier.End = true, at(8, 50), at(9, 31)
	check(t, s.SaveReview(ctx, id, []model.Outage{earlier}, must(s.LastArrival(ctx))(t)))
	due(0)
	got := must(s.Outage(ctx, id))(t)
	if got.State != model.StateProbable || !got.Onset.Equal(at(8, 50)) || !got.End.Equal(at(9, 31)) || len(got.Verdicts) != 3 || !got.Verdicts[2].Reviewed {
		t.Errorf("after the review: %+v", got)
	}
	_, _, err = s.SaveObservations(ctx, []model.Observation{lost("bank", "a", at(9, 16))}, at(11, 0))
	check(t, err)
	due(1)
	less := earlier
	less.State, less.Onset = model.StatePartial, at(8, 55)
	for range 2 {
		check(t, s.SaveReview(ctx, id, []model.Outage{less}, must(s.LastArrival(ctx))(t)))
	}
	if got := must(s.Outage(ctx, id))(t); got.State != model.StatePartial || !got.Onset.Equal(at(8, 55)) || len(got.Verdicts) != 4 {
		t.Errorf("after another review: %+v", got)
	}
	if now := must(s.Service(ctx, "bank"))(t).Now; now.State != model.StateResolved {
		t.Errorf("a review changed how the service stands: %s", now.State)
	}
}

func testSignals(t *testing.T, s *Store) {
	ctx := t.Context()
	measure(t, s, []string{"bank"}, []string{"a"})
	first := model.Signal{Source: "ioda", Service: "bank", At: at(9, 0), Ratio: 10, Stale: time.Hour}
	second := model.Signal{Source: "ris", Service: "bank", At: at(8, 0), Ratio: 1, Stale: time.Minute, Class: "blocked-from-XB"}
	other := second
	other.Class = "blocked-from-XC"
	check(t, s.SaveSignal(ctx, first, at(9, 1)))
	_, _, err := s.SaveObservations(ctx, []model.Observation{seen("bank", "a", at(9, 1)), seen("bank", "a", at(9, 2))}, at(9, 2))
	check(t, err)
	check(t, s.SaveSignal(ctx, second, at(9, 3)))
	check(t, s.SaveSignal(ctx, first, at(9, 4)))
	check(t, s.SaveSignal(ctx, other, at(9, 4)))
	longer := first
	longer.Stale = 2 * time.Hour
	check(t, s.SaveSignal(ctx, longer, at(9, 5)))
	rows := must(s.SignalsAfter(ctx, 0, 10))(t)
	if d := cmp.Diff([]StoredSignal{{Signal: first}, {After: 2, Signal: second}, {After: 2, Signal: other}, {After: 2, Signal: longer}}, rows, cmpopts.IgnoreFields(StoredSignal{}, "N")); d != "" {
		t.Fatalf("SignalsAfter (-want +got):\n%s", d)
	}
	if got := must(s.SignalsAfter(ctx, rows[3].N, 10))(t); len(got) != 0 || rows[0].N >= rows[1].N || rows[1].N >= rows[2].N {
		t.Errorf("after the last: %v", got)
	}
	if d := cmp.Diff([]model.Signal{second, other, first, longer}, must(s.Signals(ctx, "bank", at(8, 0), at(9, 1)))(t)); d != "" {
		t.Errorf("Signals (-want +got):\n%s", d)
	}
	if err := s.SaveSignal(ctx, model.Signal{Source: "x", Service: "nobody", At: at(9, 0), Ratio: 2, Stale: 1}, at(9, 0)); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("a signal about nobody: %v, want an ErrNotFound", err)
	}
	if err := s.SaveSignal(ctx, model.Signal{Source: "x", Service: "bank", At: at(9, 0)}, at(9, 0)); !errors.Is(err, model.ErrInvalid) {
		t.Errorf("a signal without a ratio: %v, want an ErrInvalid", err)
	}
}

// A service in trouble is probed three times as often. That makes no more of
// the time it was lost, however its observations come.
func testServiceDays(t *testing.T, s *Store) {
	ctx := t.Context()
	measure(t, s, []string{"bank", "shop"}, []string{"a", "b"})
	from, to := at(10, 0), at(15, 30)
	var list []model.Observation
	for when := at(0, 0); when.Before(at(0, 0).Add(34 * time.Hour)); when = when.Add(time.Minute) {
		down := !when.Before(from) && when.Before(to)
		for _, vantage := range []string{"a", "b"} {
			o := seen("bank", vantage, when)
			switch {
			case down:
				o = lost("bank", vantage, when)
			case when.Minute()%3 != 0:
				continue
			case when.Hour() < 4 && vantage == "b":
				o.Outcome = model.OutcomeRefused
			}
			list = append(list, o)
		}
		if when.Hour() == 12 {
			unproven := lost("shop", "a", when)
			unproven.Valid = when.Minute() > 29
			list = append(list, unproven)
		}
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	for part := range slices.Chunk(list, 301) {
		for _, part := range [][]model.Observation{part, part[:len(part)/2]} {
			_, _, err := s.SaveObservations(ctx, part, at(12, 0))
			check(t, err)
		}
	}
	const hours = 34.
	up, turned := hours-5.5, (4+4)*.5
	near := cmpopts.EquateApprox(0, 1e-9)
	facts := must(s.Service(ctx, "bank"))(t)
	if d := cmp.Diff([]float64{up / hours, turned / up}, []float64{facts.Availability, facts.Refused}, near); d != "" {
		t.Errorf("availability and refused (-want +got):\n%s", d)
	}
	want := []model.ServiceDay{
		{Day: at(0, 0), Availability: 18.5 / 24, Refused: 2 / 18.5},
		{Day: at(0, 0).Add(24 * time.Hour), Availability: 1, Refused: .2},
	}
	if d := cmp.Diff(want, must(s.ServiceDays(ctx, "bank", at(0, 0), at(0, 0).Add(48*time.Hour)))(t), near); d != "" {
		t.Errorf("ServiceDays (-want +got):\n%s", d)
	}
	if d := cmp.Diff(want[:1], must(s.ServiceDays(ctx, "bank", at(0, 0), at(0, 0).Add(24*time.Hour)))(t), near); d != "" {
		t.Errorf("ServiceDays of one day (-want +got):\n%s", d)
	}
	if shop := must(s.Service(ctx, "shop"))(t); shop.Availability != 0 || shop.Refused != 0 {
		t.Errorf("the shop: availability %v, refused %v", shop.Availability, shop.Refused)
	}
	spooled := []model.Rollup{{Service: "shop", Vantage: "b", Start: at(12, 30), Width: 30 * time.Minute, OK: 30}}
	if must(s.SaveSpooled(ctx, spooled))(t); must(s.Service(ctx, "shop"))(t).Availability != .5 {
		t.Errorf("the shop with counts of what was dropped: availability %v", must(s.Service(ctx, "shop"))(t).Availability)
	}
}
