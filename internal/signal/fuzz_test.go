package signal

import (
	"testing"
	"time"

	"crosscheck/internal/model"
)

// FuzzAnswers reads any bytes as every source's answer; what comes of it must
// be signals that are valid.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		`{"data":[` + alert("bgp", "64500", "critical", time.Hour) + `]}`,
		`{"data":[` + event("asn/64500", time.Hour, time.Hour) + `]}`,
		`{"dimension_count":2,"result":[` + row("QQ", 64500, 9, 0, 0) + `]}`,
		`{"success":true,"result":{"annotations":[` + outage("64500", `"QQ"`, "null", "null") + `],"trafficAnomalies":[` + anomaly("64500", "QQ", "VERIFIED", "null") + `]}}`,
		message(1, at, "192.0.2.0/24", "2001:db8::/32"),
	} {
		f.Add([]byte(seed))
	}
	services := []model.Service{bank, mill}
	f.Fuzz(func(t *testing.T, raw []byte) {
		seen := map[network]found{}
		var alerts iodaAlerts
		var events iodaEvents
		if decode(raw, &alerts) == nil && decode(raw, &events) == nil {
			for _, n := range networks(&bank) {
				seen[n] = graver(standing(alerts.Data, n), ongoing(events.Data, n, at))
			}
		}
		var radar radarAnswer
		if decode(raw, &radar) == nil {
			for i := range radar.Result.Annotations {
				radar.Result.Annotations[i].into(seen, at)
			}
			for i := range radar.Result.Anomalies {
				radar.Result.Anomalies[i].into(seen, at)
			}
		}
		for _, s := range lastingOf(Radar, services, seen, at, radarEvery) {
			if s.Ratio > ratioStrong || s.Stale <= 0 {
				t.Errorf("signal %+v", s)
			}
		}
		var ooni ooniAggregation
		if decode(raw, &ooni) == nil {
			for _, cc := range blockedFrom(ooni.Result) {
				if !isCountry(cc) {
					t.Errorf("blocked from %q", cc)
				}
			}
		}
		var r routes
		r.count(net4, risPeers)
		if u, err := parseRIS(raw); err == nil {
			r.take(u, at)
		}
	})
}
