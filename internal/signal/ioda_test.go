package signal

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"crosscheck/internal/model"
)

func alert(source, network, level string, d time.Duration) string {
	kind, code := "asn", network
	if len(network) == 2 {
		kind = "country"
	}
	return fmt.Sprintf(`{"datasource":%q,"entity":{"code":%q,"name":"A network","type":%q,"attrs":{"fqid":"x"}},"time":%d,"level":%q,"condition":"< 0.8","value":12.5,"historyValue":90}`,
		source, code, kind, ago(d).Unix(), level)
}

func event(network string, start, duration time.Duration) string {
	return fmt.Sprintf(`{"location":%q,"start":%d,"duration":%d,"uncertainty":null,"status":0,"fraction":null,"score":1234.5,"location_name":"A network","overlaps_window":false,"method":"median","datasource":"bgp"}`,
		network, ago(start).Unix(), int(duration.Seconds()))
}

// TestIODA answers every question with the same alerts and events, as far as
// they are of the network asked for.
func TestIODA(t *testing.T) {
	lasts := 15 * time.Minute
	for _, c := range []struct {
		name           string
		alerts, events string
		want           []model.Signal
	}{
		{"silence", "", "", nil},
		{
			"a critical alert", alert("bgp", "64500", "critical", 20*time.Minute), "",
			[]model.Signal{{Source: IODA, Service: "bank", At: ago(20 * time.Minute), Ratio: 10, Stale: 20*time.Minute + lasts}},
		},
		{
			"a warning for a country", alert("ping-slash24", "QQ", "warning", 5*time.Minute), "",
			[]model.Signal{{Source: IODA, Service: "bank", At: ago(5 * time.Minute), Ratio: 3, Stale: 5*time.Minute + lasts}},
		},
		{"taken back", alert("bgp", "64500", "normal", time.Minute) + "," + alert("bgp", "64500", "critical", time.Hour), "", nil},
		{
			"taken back by another data source", alert("bgp", "64500", "critical", time.Hour) + "," + alert("merit-nt", "64500", "normal", time.Minute), "",
			[]model.Signal{{Source: IODA, Service: "bank", At: ago(time.Hour), Ratio: 10, Stale: time.Hour + lasts}},
		},
		{
			"a warning that grew, and shrank", alert("bgp", "64500", "warning", time.Hour) + "," + alert("bgp", "64500", "critical", 30*time.Minute) + "," + alert("bgp", "64500", "warning", 10*time.Minute), "",
			[]model.Signal{{Source: IODA, Service: "bank", At: ago(30 * time.Minute), Ratio: 10, Stale: 30*time.Minute + lasts}},
		},
		{"levels and networks of others", alert("bgp", "64500", "purple", time.Minute) + "," + alert("bgp", "64777", "critical", time.Minute), event("region/64500", time.Hour, time.Hour), nil},
		{
			"an event", "", event("asn/64501", time.Hour, 50*time.Minute),
			[]model.Signal{{Source: IODA, Service: "mill", At: ago(time.Hour), Ratio: 3, Stale: time.Hour + lasts}},
		},
		{"an event that is over, and one to come", "", event("asn/64501", 2*time.Hour, time.Hour) + "," + event("asn/64501", -time.Hour, time.Hour), nil},
		{
			"the gravest of the networks of a service", alert("bgp", "QQ", "warning", 5*time.Minute) + "," + alert("bgp", "64500", "critical", time.Hour), event("asn/64500", time.Minute, time.Minute),
			[]model.Signal{{Source: IODA, Service: "bank", At: ago(time.Hour), Ratio: 10, Stale: time.Hour + lasts}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &serve{answers: map[string]string{
				"/outages/alerts": `{"type":"outages.alerts","metadata":{},"requestParameters":{},"error":null,"perf":null,"data":[` + c.alerts + `],"copyright":""}`,
				"/outages/events": `{"type":"outages.events","metadata":{},"requestParameters":{},"error":null,"perf":null,"data":[` + c.events + `],"copyright":""}`,
			}}
			got, err := runner(t, s).askIODA(t.Context(), []model.Service{bank, mill})
			if err != nil {
				t.Fatal(err)
			}
			same(t, got, c.want)
			if n := len(s.requests()); n != 8 {
				t.Errorf("%d requests, want alerts and events of two networks and two countries", n)
			}
		})
	}
}

func TestIODAQuestion(t *testing.T) {
	s := &serve{answers: map[string]string{"/outages/alerts": `{"data":[]}`, "/outages/events": `{"data":[]}`}}
	if _, err := runner(t, s).askIODA(t.Context(), []model.Service{{ID: "a", ASN: 64500}, {ID: "b", ASN: 64500}, {ID: "c"}}); err != nil {
		t.Fatal(err)
	}
	got := s.requests()
	if len(got) != 2 {
		t.Fatalf("%d requests, want one for alerts and one for events", len(got))
	}
	for i, want := range []string{
		"entityCode=64500&entityType=asn&from=1772431200&until=1772452800",
		"entityCode=64500&entityType=asn&format=codf&from=1772431200&until=1772452800",
	} {
		if got[i].URL.RawQuery != want || got[i].UserAgent() != "test/1" || got[i].Header.Get("Authorization") != "" {
			t.Errorf("request %d = %s from %q, want %s", i, got[i].URL, got[i].UserAgent(), want)
		}
	}
}

// TestIODAPartly asks about networks of which some cannot be answered for.
func TestIODAPartly(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Query().Get("entityCode") == "64501" {
			fmt.Fprint(w, `{"error":"no such entity","data":[]}`)
			return
		}
		fmt.Fprint(w, `{"data":[`+alert("bgp", "64500", "critical", time.Minute)+`]}`)
	})
	got, err := runner(t, h).askIODA(t.Context(), []model.Service{{ID: "bank", ASN: 64500}, {ID: "mill", ASN: 64501}})
	if !errors.Is(err, model.ErrUnsupported) || len(got) != 1 || got[0].Service != "bank" {
		t.Errorf("got %v, %v, want the signal of the bank and an error", got, err)
	}
}

// TestGivesUp asks about more networks than a source that is down is worth.
func TestGivesUp(t *testing.T) {
	s := &serve{}
	var many []model.Service
	for i := range 20 {
		many = append(many, model.Service{ID: fmt.Sprint(i), ASN: 64500 + uint32(i)})
	}
	if _, err := runner(t, s).askIODA(t.Context(), many); err == nil || len(s.requests()) != maxMisses {
		t.Errorf("%v after %d requests, want an error after %d", err, len(s.requests()), maxMisses)
	}
	s = &serve{status: http.StatusTooManyRequests}
	if _, err := runner(t, s).askIODA(t.Context(), many); err == nil || len(s.requests()) != 1 {
		t.Errorf("%v after %d requests to a busy source, want an error after 1", err, len(s.requests()))
	}
}
