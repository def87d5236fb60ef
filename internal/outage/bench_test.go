package outage_test

import (
	"encoding/json"
	"testing"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/outage"
	"crosscheck/internal/outage/drill"
)

// observations are those of a hundred services from six vantage points for
// two hours, with five in a hundred probes lost and an outage of everything.
func observations() []model.Observation {
	var services []string
	for i := range 100 {
		services = append(services, "service-"+string(rune('a'+i/26))+string(rune('a'+i%26)))
	}
	w := drill.World{Seed: 3, Length: 2 * time.Hour, Loss: 0.05, Services: services}
	w.Faults = []drill.Fault{{From: time.Hour, To: 70 * time.Minute, Effect: drill.Fail(model.LayerTCP, "connection_refused")}}
	return w.Observations()
}

func BenchmarkObserve(b *testing.B) {
	obs := observations()
	b.ReportAllocs()
	var j *outage.Judge
	for i := range b.N {
		if i%len(obs) == 0 {
			j = outage.New()
		}
		j.Observe(&obs[i%len(obs)])
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "observations/s")
}

// BenchmarkLine is reading and judging, as `crosscheck judge` does it.
func BenchmarkLine(b *testing.B) {
	obs := observations()
	lines := make([][]byte, len(obs))
	for i := range obs {
		lines[i], _ = json.Marshal(&obs[i])
	}
	b.ReportAllocs()
	var j *outage.Judge
	for i := range b.N {
		if i%len(obs) == 0 {
			j = outage.New()
		}
		line, err := outage.ParseLine(lines[i%len(lines)])
		if err != nil {
			b.Fatal(err)
		}
		j.Observe(&line.Observation)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "observations/s")
}
