package outage

import (
	"cmp"
	"slices"

	"crosscheck/internal/model"
)

// Review judges observations again with late ones in their place, and returns
// the changes, marked as reviewed. The observations are sorted as they are
// given to it; services may describe them, and signals are taken at their
// time. Published verdicts stand beside it: a correction is a new verdict.
func Review(observations []model.Observation, signals []model.Signal, services ...model.Service) ([]model.Outage, error) {
	j := New()
	for _, s := range services {
		if err := j.Describe(s); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(observations, func(a, b model.Observation) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Vantage, b.Vantage))
	})
	signals = slices.SortedStableFunc(slices.Values(signals), func(a, b model.Signal) int { return a.At.Compare(b.At) })
	var out []model.Outage
	for i := range observations {
		for len(signals) > 0 && !signals[0].At.After(observations[i].At) {
			changes, err := j.Signal(signals[0])
			if err != nil {
				return nil, err
			}
			out = append(out, changes...)
			signals = signals[1:]
		}
		out = append(out, j.Observe(&observations[i])...)
	}
	for i := range out {
		out[i].Reviewed = true
	}
	return out, nil
}
