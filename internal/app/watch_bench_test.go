package app

import (
	"fmt"
	"testing"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/store"
	"crosscheck/internal/testkit"
)

// BenchmarkReplay judges again what 100 services were observed as from six
// vantage points in an hour, as after a restart.
func BenchmarkReplay(b *testing.B) {
	st, err := store.Open(b.Context(), testkit.Logger(b), store.Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	for v := range 6 {
		facts := model.VantageFacts{Vantage: model.Vantage{ID: fmt.Sprint("v", v), ASN: uint32(v + 1), Country: []string{"DE", "NO"}[v%2]}}
		if err := st.SaveVantage(b.Context(), facts, ""); err != nil {
			b.Fatal(err)
		}
	}
	for i := range 100 {
		if err := st.SaveService(b.Context(), &model.Service{ID: fmt.Sprint("s", i), Target: "bank.example"}); err != nil {
			b.Fatal(err)
		}
	}
	for minute := range 60 {
		var list []model.Observation
		at := reachStart.Add(time.Duration(minute) * time.Minute)
		for v := range 6 {
			for i := range 100 {
				list = append(list, model.Observation{
					At: at.Add(time.Duration(v) * time.Second), Service: fmt.Sprint("s", i), Vantage: fmt.Sprint("v", v), ASN: uint32(v + 1), Country: []string{"DE", "NO"}[v%2],
					Valid: true, Outcome: model.OutcomeOK, Status: 200, TTFB: 80, Evidence: &model.Evidence{Lookups: []model.Lookup{{Host: "bank.example", Resolver: "system", Addresses: []string{"192.0.2.1"}}}},
				})
			}
		}
		if _, _, err := st.SaveObservations(b.Context(), list, at.Add(10*time.Second)); err != nil {
			b.Fatal(err)
		}
	}
	judged := 0
	for b.Loop() {
		a := &App{store: st, watch: newWatch(), now: func() time.Time { return reachStart.Add(time.Hour) }}
		if err := a.judgeArrivals(b.Context()); err != nil {
			b.Fatal(err)
		}
		judged += a.watch.judge.Stats().Observations
	}
	b.ReportMetric(float64(judged)/b.Elapsed().Seconds(), "observations/s")
}
