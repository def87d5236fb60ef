package app

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"crosscheck/internal/model"
	"crosscheck/internal/store"
)

// probed counts a probe of the server's own vantage point.
func (m *metrics) probed(o model.Observation) {
	outcome := string(o.Outcome)
	if !o.Valid {
		outcome = "invalid"
	}
	m.probes.WithLabelValues(outcome).Inc()
}

// observed counts observations that were stored, and those that had been.
func (m *metrics) observed(accepted, duplicates int) {
	m.reports.WithLabelValues("accepted").Add(float64(accepted))
	m.reports.WithLabelValues("duplicate").Add(float64(duplicates))
}

// rejected counts an observation that was not taken.
func (m *metrics) rejected(why string) { m.reports.WithLabelValues(why).Inc() }

// reported counts what became of the lines of a report.
func (m *metrics) reported(rejected map[string]int, unproven bool, observations int) {
	for why, n := range rejected {
		m.reports.WithLabelValues(why).Add(float64(n))
	}
	if unproven {
		m.reports.WithLabelValues("unproven").Add(float64(observations))
	}
}

// reach collects how services and vantage points stand and what the judge has
// done.
type reach struct {
	store *store.Store
	watch *watch
}

var (
	upDesc    = prometheus.NewDesc("crosscheck_service_up", "1 where a service is reached, 0 where it is probably or surely lost; absent where that is not known.", []string{"service"}, nil)
	stateDesc = prometheus.NewDesc("crosscheck_service_state", "1 for the state a service is in.", []string{"service", "state"}, nil)
	seenDesc  = prometheus.NewDesc("crosscheck_vantage_seen_seconds", "When a vantage point last reported, Unix time.", []string{"vantage"}, nil)
	judgeDesc = prometheus.NewDesc("crosscheck_judge_total", "Observations judged since the start, the replay among them: all, duplicate, late, skewed (the others contradict their time), reordered.", []string{"what"}, nil)
)

// Describe implements prometheus.Collector.
func (c reach) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{upDesc, stateDesc, seenDesc, judgeDesc} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (c reach) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	states, err := c.store.States(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(stateDesc, err)
		return
	}
	for service, state := range states {
		ch <- prometheus.MustNewConstMetric(stateDesc, prometheus.GaugeValue, 1, service, string(state))
		if up, known := reached(state); known {
			ch <- prometheus.MustNewConstMetric(upDesc, prometheus.GaugeValue, up, service)
		}
	}
	vantages, err := c.store.Vantages(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(seenDesc, err)
		return
	}
	for _, v := range vantages {
		if !v.Seen.IsZero() && v.Revoked.IsZero() {
			ch <- prometheus.MustNewConstMetric(seenDesc, prometheus.GaugeValue, float64(v.Seen.UnixMilli())/1000, v.ID)
		}
	}
	s := c.watch.stats.Load()
	for what, n := range map[string]int{"all": s.Observations, "duplicate": s.Duplicates, "late": s.Late, "skewed": s.Skewed, "reordered": s.Reordered} {
		ch <- prometheus.MustNewConstMetric(judgeDesc, prometheus.CounterValue, float64(n), what)
	}
}

// reached is 1 for a state in which a service is reached and 0 for one in which
// it is lost.
func reached(s model.OutageState) (up float64, known bool) {
	switch s {
	case model.StateUnknown:
		return 0, false
	case model.StateProbable, model.StateConfirmed, model.StateFlapping:
		return 0, true
	}
	return 1, true
}
