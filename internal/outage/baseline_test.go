package outage

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"crosscheck/internal/model"
)

func TestCentre(t *testing.T) {
	for _, spread := range []float64{0.05, 0.2, 0.6} {
		r := rand.New(rand.NewPCG(1, uint64(spread*100)))
		var c centre
		var all []float64
		for range 2000 {
			x := 4 + spread*r.NormFloat64()
			if r.Float64() < 0.03 {
				x += 4 // now and then very slow
			}
			c.add(float32(x))
			all = append(all, x)
		}
		median := middle(all)
		for i := range all {
			all[i] = math.Abs(all[i] - median)
		}
		mad := middle(all)
		if math.Abs(float64(c.median)-median) > 0.35*mad || float64(c.mad) < 0.6*mad || float64(c.mad) > 1.6*mad {
			t.Errorf("spread %v: median %.3f, mad %.3f, want about %.3f, %.3f", spread, c.median, c.mad, median, mad)
		}
	}
}

func middle(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	return x[len(x)/2]
}

func TestHistory(t *testing.T) {
	var h history
	day := int64(24 * time.Hour)
	if got := h.share(); got != priorShare {
		t.Errorf("nothing seen: %v", got)
	}
	for d := range int64(20) {
		for i := range int64(1000) {
			h.add(20000*day+d*day+i, d < 6 || i%10 != 0) // all good for six days, then nine of ten
		}
	}
	if got := h.share(); math.Abs(got-0.9) > 0.001 {
		t.Errorf("availability of the last fortnight %.4f, want 0.9", got)
	}
	for d := range int64(14) {
		for i := range int64(1000) {
			h.add(20020*day+d*day+i, false)
		}
	}
	if got := h.share(); got != minAvailability {
		t.Errorf("never reached: %v", got)
	}
}

// Trouble does not become the ordinary until it has lasted a week.
func TestInpainting(t *testing.T) {
	f := newFleet(t, "DE", "FR", "US")
	slowly := func(_ int, o *model.Observation) { o.TTFB = 2000 }
	f.rounds(24*60, "bank", nil)
	f.rounds(6*24*60, "bank", slowly)
	if o := f.state("bank"); o.State != model.StateUp || o.Class != model.ClassSlow {
		t.Errorf("slow for six days: %s %q", o.State, o.Class)
	}
	f.rounds(6*24*60, "bank", slowly)
	if o := f.state("bank"); o.Class != "" {
		t.Errorf("slow for twelve days is still %q", o.Class)
	}
}

func TestSlowNeedsQuorumAndPoints(t *testing.T) {
	slowly := func(_ int, o *model.Observation) { o.TTFB = 2000 }
	f := newFleet(t, "DE", "FR", "US", "GB")
	f.rounds(120, "bank", nil)
	f.rounds(20, "bank", only(2, slowly))
	if o := f.state("bank"); o.Class != "" {
		t.Errorf("slow from two of four: %q", o.Class)
	}
	f = newFleet(t, "DE", "FR", "US", "GB")
	f.rounds(minPoints-10, "bank", nil)
	f.rounds(5, "bank", slowly)
	if o := f.state("bank"); o.Class != "" {
		t.Errorf("slow by %d points: %q", minPoints-10, o.Class)
	}
}
