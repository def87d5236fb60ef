package signal

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
)

func outage(asns, locations, scope, end string) string {
	return fmt.Sprintf(`{"id":"1","asns":[%s],"asnsDetails":[],"dataSource":"ALL","description":"Words","eventType":"OUTAGE","locations":[%s],"locationsDetails":[],"outage":{"outageCause":"POWER_OUTAGE","outageType":"NATIONWIDE"},"scope":%s,"startDate":"2026-03-02T11:00:00Z","endDate":%s}`,
		asns, locations, scope, end)
}

func anomaly(asn, location, status, end string) string {
	kind, details := "LOCATION", fmt.Sprintf(`"locationDetails":{"code":%q,"name":"A country"}`, location)
	if asn != "" {
		kind, details = "AS", fmt.Sprintf(`"asnDetails":{"asn":%q,"name":"A network","locations":{"code":%q,"name":"A country"}}`, asn, location)
	}
	return fmt.Sprintf(`{"uuid":"u","type":%q,"status":%q,"startDate":"2026-03-02T11:30:00Z","endDate":%s,"visibleInDataSources":["Traffic"],%s}`, kind, status, end, details)
}

func TestRadar(t *testing.T) {
	hour, half := time.Hour, 30*time.Minute
	signal := func(service string, ratio float64, d time.Duration) []model.Signal {
		return []model.Signal{{Source: Radar, Service: service, At: ago(d), Ratio: ratio, Stale: d + 15*time.Minute}}
	}
	for _, c := range []struct {
		name, outages, anomalies string
		want                     []model.Signal
	}{
		{"silence", "", "", nil},
		{"an outage of a network", outage("64500", `"QQ"`, "null", "null"), "", signal("bank", 20, hour)},
		{"an outage of another network there", outage("64599", `"QQ"`, "null", "null"), "", nil},
		{"an outage of a country", outage("", `"QQ"`, "null", "null"), "", signal("bank", 20, hour)},
		{"an outage of a part of a country", outage("", `"QQ"`, `"A region"`, `""`), "", signal("bank", 3, hour)},
		{"over", outage("64500", `"QQ"`, "null", `"2026-03-02T11:59:00Z"`), anomaly("64500", "QQ", "VERIFIED", `"2026-03-02T11:50:00Z"`), nil},
		{"verified", "", anomaly("", "XX", "VERIFIED", "null"), signal("mill", 20, half)},
		{"unverified", "", anomaly("64501", "XX", "UNVERIFIED", "null"), signal("mill", 3, half)},
		{"a false alarm", "", anomaly("64501", "XX", "FALSE_POSITIVE", "null"), nil},
		{"of another network there", "", anomaly("64599", "XX", "VERIFIED", "null"), nil},
		{"one row cannot be read", outage(`"none"`, `"QQ"`, "null", "null") + "," + outage("64500", `"QQ"`, "null", "12"), "", signal("bank", 20, hour)},
		{"a time that is none", strings.Replace(outage("64500", `"QQ"`, "null", "null"), "2026-03-02T11:00:00Z", "lately", 1), "", nil},
		{"a time without zone", strings.Replace(outage("64500", `"QQ"`, "null", "null"), "11:00:00Z", "11:00:00", 1), "", signal("bank", 20, hour)},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &serve{answers: map[string]string{
				"/annotations/outages": `{"success":true,"errors":[],"result":{"annotations":[` + c.outages + `]}}`,
				"/traffic_anomalies":   `{"success":true,"errors":[],"result":{"trafficAnomalies":[` + c.anomalies + `]}}`,
			}}
			got, err := runner(t, s).askRadar(t.Context(), []model.Service{bank, mill})
			if err != nil {
				t.Fatal(err)
			}
			same(t, got, c.want)
			for _, req := range s.requests() {
				if req.Header.Get("Authorization") != "Bearer hush" {
					t.Errorf("%s has authorization %q", req.URL, req.Header.Get("Authorization"))
				}
			}
		})
	}
}

func TestRadarFault(t *testing.T) {
	for _, c := range []struct{ answer, want string }{
		{`{"success":false,"errors":[{"code":1,"message":"no such range"}],"result":null}`, "no such range"},
		{`{}`, "no reason"},
	} {
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, c.answer) })
		_, err := runner(t, h).askRadar(t.Context(), []model.Service{bank})
		if !errors.Is(err, model.ErrUnsupported) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.answer, err, c.want)
		}
	}
}
