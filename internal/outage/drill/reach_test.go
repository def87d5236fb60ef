package drill

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
	"crosscheck/internal/outage"
)

// The long runs are printed by the command; this holds a short one to what is
// promised of them.
func TestReach(t *testing.T) {
	for _, seed := range []uint64{101, 102} {
		r := Standard(seed)
		r.Days, r.Outages = 20, 4
		f := r.Run()
		t.Log(f)
		if f.Outages < 50 {
			t.Fatalf("%d outages are too few to tell", f.Outages)
		}
		if f.FalseConfirmed > 0 || f.Recall() < 0.97 || f.ProbablePrecision() < 0.98 || f.ProbableRecall() < 0.98 || f.MedianDelay() > 3*time.Minute || f.OnsetShare() < 0.95 {
			t.Errorf("seed %d: %s", seed, f)
		}
	}
}

// The scorer counts what it says it counts.
func TestScore(t *testing.T) {
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	change := func(at time.Duration, s model.OutageState, event string, onset time.Duration) model.Outage {
		return model.Outage{At: start.Add(at), State: s, Event: event, Onset: start.Add(onset)}
	}
	truths := []truth{{time.Hour, 2 * time.Hour}, {5 * time.Hour, 5*time.Hour + 3*time.Minute}, {8 * time.Hour, 9 * time.Hour}}
	f := Reach{Interval: time.Minute}.score([]model.Outage{
		change(62*time.Minute, model.StateProbable, "a", time.Hour),
		change(63*time.Minute, model.StateConfirmed, "a", time.Hour+20*time.Second),
		change(2*time.Hour, model.StateResolved, "a", time.Hour),
		change(3*time.Hour, model.StateProbable, "b", 3*time.Hour),
		change(4*time.Hour, model.StateConfirmed, "c", 4*time.Hour),
		change(500*time.Minute, model.StateProbable, "d", 8*time.Hour),
	}, truths, start)
	want := Figures{
		Outages: 2, Found: 1, FoundProbable: 2, Confirmed: 2, Probable: 4, FalseConfirmed: 1, FalseProbable: 2,
		Delays: []time.Duration{3 * time.Minute}, Errors: []time.Duration{20 * time.Second}, Within: 1,
	}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Error(diff)
	}
}

// Every vantage point that watches many services has some that fail from it
// alone while its uplink is cut; the others are judged without it.
func TestManyServices(t *testing.T) {
	var services []string
	for i := range 12 {
		services = append(services, string(rune('a'+i)))
	}
	w := World{Seed: 9, Length: 24 * time.Hour, Loss: 0.05, Services: services}
	for h := range 20 {
		from := time.Duration(h+2) * time.Hour
		w.Faults = append(w.Faults, Fault{From: from, To: from + 20*time.Minute, Vantages: []string{"v01", "v02", "v03", "v04"}[h%4 : h%4+1], Effect: Uplink(0)})
	}
	w.Faults = append(w.Faults, Fault{From: 10 * time.Hour, To: 11 * time.Hour, Services: services[:1], Effect: closed})
	j := outage.New()
	confirmed := map[string]int{}
	quarantined := false
	for _, o := range w.Observations() {
		for _, c := range j.Observe(&o) {
			if c.State == model.StateConfirmed {
				confirmed[c.Service]++
			}
			quarantined = quarantined || slices.ContainsFunc(c.Excluded, func(e model.Exclusion) bool { return e.Why == "half of its services fail from it alone" })
		}
	}
	if diff := cmp.Diff(map[string]int{"a": 1}, confirmed); diff != "" || !quarantined {
		t.Errorf("confirmed: %s; quarantined: %v", diff, quarantined)
	}
}
