package drill

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/outage"
)

// Reach is a long run: services watched for days with noise, faults of the
// vantage points, and outages at random times.
type Reach struct {
	Name     string
	Seed     uint64
	Days     int
	Vantages int
	Interval time.Duration
	Loss     float64
	Uplinks  float64 // faults of each vantage point's uplink a day, 2 to 20 minutes long
	Caught   float64 // probability that a self-check notices
	PerProbe bool    // caught or not is drawn for each probe instead of for each fault
	Shared   float64 // faults a day that two vantage points have together
	Outages  float64 // a day, of Shortest to Longest
	Shortest time.Duration
	Longest  time.Duration
	Seen     float64 // share of the vantage points that see an outage
	SeenEach bool    // every probe sees it with probability Seen instead
}

// Standard is the run the figures are quoted from.
func Standard(seed uint64) Reach {
	return Reach{
		Name: "standard", Seed: seed, Days: 180, Vantages: 6, Interval: time.Minute, Loss: 0.05, Uplinks: 2, Caught: 0.8, Shared: 0.5,
		Outages: 1, Shortest: 3 * time.Minute, Longest: time.Hour, Seen: 0.85,
	}
}

// counted outages are those of at least this length.
const counted = 6 * time.Minute

// slack is how long after its end an outage may still be confirmed.
const slack = 2 * time.Minute

// Figures are what a run came to.
type Figures struct {
	Outages, Found, FoundProbable int // of at least counted
	Confirmed, Probable           int // events
	FalseConfirmed, FalseProbable int
	Delays                        []time.Duration // onset to confirmation
	Errors                        []time.Duration // of the onset
	Within                        int             // onsets at most an interval wrong
}

// truth is an outage that was made.
type truth struct{ from, to time.Duration }

// Run plays the days one after the other, as one service.
func (r Reach) Run() Figures {
	rnd := rand.New(rand.NewPCG(r.Seed, 0x7265))
	w := World{Seed: r.Seed, Length: time.Duration(r.Days) * 24 * time.Hour, Interval: r.Interval, Loss: r.Loss}
	w.Vantages = Fleet(r.Vantages, "DE", "FR", "US", "GB")
	w.defaults()
	days := float64(r.Days)
	w.Faults = r.uplinks(rnd, w.Vantages, days)
	truths := r.truths(rnd, w.Length)
	for _, t := range truths {
		f := Fault{From: t.from, To: t.to, Effect: timeout}
		if r.SeenEach {
			f.Seen = r.Seen
		} else {
			seen := int(r.Seen*float64(r.Vantages) + 0.5)
			ids := IDs(w.Vantages)
			rnd.Shuffle(len(ids), func(i, k int) { ids[i], ids[k] = ids[k], ids[i] })
			f.Vantages = ids[:seen]
		}
		w.Faults = append(w.Faults, f)
	}
	j := outage.New()
	var changes []model.Outage
	for _, o := range w.play() {
		changes = append(changes, j.Observe(&o)...)
	}
	return r.score(changes, truths, w.Start)
}

// play is Observations for long worlds: a day at a time, with the faults of
// that day only.
func (w World) play() func(yield func(int, model.Observation) bool) {
	const day = 24 * time.Hour
	return func(yield func(int, model.Observation) bool) {
		n := 0
		for from := time.Duration(0); from < w.Length; from += day {
			part := w
			part.Seed, part.Start, part.Length, part.Faults = w.Seed+uint64(from/day)<<20, w.Start.Add(from), min(day, w.Length-from), nil
			for _, f := range w.Faults {
				if f.To > from && f.From < from+day {
					f.From, f.To = f.From-from, f.To-from
					part.Faults = append(part.Faults, f)
				}
			}
			for _, o := range part.Observations() {
				if !yield(n, o) {
					return
				}
				n++
			}
		}
	}
}

// uplinks are the faults of vantage points, alone and two together.
func (r Reach) uplinks(rnd *rand.Rand, vantages []model.Vantage, days float64) []Fault {
	var out []Fault
	add := func(ids ...string) {
		from := time.Duration(rnd.Float64() * days * float64(24*time.Hour))
		caught := r.Caught
		if !r.PerProbe {
			caught = 0
			if rnd.Float64() < r.Caught {
				caught = 1
			}
		}
		length := 2*time.Minute + time.Duration(rnd.Float64()*float64(18*time.Minute))
		out = append(out, Fault{From: from, To: from + length, Vantages: ids, Effect: Uplink(caught)})
	}
	for _, v := range vantages {
		for range int(r.Uplinks * days) {
			add(v.ID)
		}
	}
	for range int(r.Shared * days) {
		a := rnd.IntN(len(vantages))
		b := (a + 1 + rnd.IntN(len(vantages)-1)) % len(vantages)
		add(vantages[a].ID, vantages[b].ID)
	}
	return out
}

// truths are outages at random times, at least half an hour apart.
func (r Reach) truths(rnd *rand.Rand, length time.Duration) []truth {
	var out []truth
	for range int(r.Outages * length.Hours() / 24) {
		from := time.Hour + time.Duration(rnd.Float64()*float64(length-3*time.Hour))
		out = append(out, truth{from, from + r.Shortest + time.Duration(rnd.Float64()*float64(r.Longest-r.Shortest))})
	}
	slices.SortFunc(out, func(a, b truth) int { return cmp.Compare(a.from, b.from) })
	kept := out[:0]
	for _, t := range out {
		if len(kept) == 0 || t.from-kept[len(kept)-1].to >= 30*time.Minute {
			kept = append(kept, t)
		}
	}
	return kept
}

func (r Reach) score(changes []model.Outage, truths []truth, start time.Time) Figures {
	var f Figures
	confirmed, probable := map[int]bool{}, map[int]bool{}
	match := func(at time.Time) int {
		return slices.IndexFunc(truths, func(t truth) bool { d := at.Sub(start); return d >= t.from && d <= t.to+slack })
	}
	var event string
	before := model.StateUp
	for _, c := range changes {
		i := match(c.At)
		if lost := c.State == model.StateProbable || c.State == model.StateConfirmed; lost && c.Event != event {
			event = c.Event
			f.Probable++
			if i < 0 {
				f.FalseProbable++
			}
		}
		if i >= 0 && (c.State == model.StateProbable || c.State == model.StateConfirmed) {
			probable[i] = true
		}
		if c.State == model.StateConfirmed && before != c.State {
			f.Confirmed++
			if i < 0 {
				f.FalseConfirmed++
			} else if !confirmed[i] {
				confirmed[i] = true
				onset := start.Add(truths[i].from)
				f.Delays = append(f.Delays, c.At.Sub(onset))
				off := c.Onset.Sub(onset).Abs()
				f.Errors = append(f.Errors, off)
				if off <= r.Interval {
					f.Within++
				}
			}
		}
		before = c.State
	}
	for i, t := range truths {
		if t.to-t.from >= counted {
			f.Outages++
			f.Found += count(confirmed[i])
			f.FoundProbable += count(probable[i])
		}
	}
	return f
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Precision and recall, of confirmed and of probable events.
func (f Figures) Precision() float64         { return share(f.Confirmed-f.FalseConfirmed, f.Confirmed) }
func (f Figures) Recall() float64            { return share(f.Found, f.Outages) }
func (f Figures) ProbablePrecision() float64 { return share(f.Probable-f.FalseProbable, f.Probable) }
func (f Figures) ProbableRecall() float64    { return share(f.FoundProbable, f.Outages) }

// OnsetShare is the share of confirmed onsets at most an interval wrong.
func (f Figures) OnsetShare() float64 { return share(f.Within, len(f.Errors)) }

// MedianDelay is the median time from onset to confirmation.
func (f Figures) MedianDelay() time.Duration { return quantile(f.Delays, 0.5) }

func share(k, n int) float64 {
	if n == 0 {
		return 1
	}
	return float64(k) / float64(n)
}

func quantile(d []time.Duration, q float64) time.Duration {
	if len(d) == 0 {
		return 0
	}
	d = slices.Sorted(slices.Values(d))
	return d[int(q*float64(len(d)-1))]
}

// String is one line of figures.
func (f Figures) String() string {
	return fmt.Sprintf("confirmed P %.3f (%d false) R %.3f of %d; probable P %.3f (%d false) R %.3f; after %s median, %s p90; onset within an interval %.3f, median error %s",
		f.Precision(), f.FalseConfirmed, f.Recall(), f.Outages, f.ProbablePrecision(), f.FalseProbable, f.ProbableRecall(),
		f.MedianDelay().Round(time.Second), quantile(f.Delays, 0.9).Round(time.Second), f.OnsetShare(), quantile(f.Errors, 0.5).Round(time.Second))
}

// Runs are the long runs that are printed: the standard one with several
// seeds, and others that vary one thing each.
func Runs() []Reach {
	var out []Reach
	vary := func(name string, seed uint64, change func(*Reach)) {
		r := Standard(seed)
		r.Name = name
		change(&r)
		out = append(out, r)
	}
	for seed := range uint64(3) {
		vary(fmt.Sprintf("standard, seed %d", seed+1), seed+1, func(*Reach) {})
	}
	vary("every probe sees an outage with .85", 4, func(r *Reach) { r.SeenEach = true })
	vary("every self-check notices with .8", 5, func(r *Reach) { r.PerProbe = true })
	vary("outages of 6 to 10 minutes", 6, func(r *Reach) { r.Shortest, r.Longest, r.Outages = 6*time.Minute, 10*time.Minute, 4 })
	vary("loss .01", 7, func(r *Reach) { r.Loss = 0.01 })
	vary("loss .1", 8, func(r *Reach) { r.Loss = 0.1 })
	vary("3 vantage points, all see it", 9, func(r *Reach) { r.Vantages, r.Seen = 3, 1 })
	vary("4 vantage points", 10, func(r *Reach) { r.Vantages = 4 })
	vary("12 vantage points", 11, func(r *Reach) { r.Vantages = 12 })
	vary("every 20 seconds", 12, func(r *Reach) { r.Interval, r.Days = 20*time.Second, 60 })
	vary("every 5 minutes, outages from half an hour", 13, func(r *Reach) {
		r.Interval, r.Shortest, r.Longest = 5*time.Minute, 30*time.Minute, 3*time.Hour
	})
	return out
}
