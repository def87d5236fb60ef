package signal

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
)

func row(cc string, asn, anomaly, confirmed, ok int) string {
	return fmt.Sprintf(`{"probe_cc":%q,"probe_asn":%d,"anomaly_count":%d,"confirmed_count":%d,"failure_count":1,"measurement_count":%d,"ok_count":%d}`,
		cc, asn, anomaly, confirmed, anomaly+confirmed+ok+1, ok)
}

func TestOONI(t *testing.T) {
	elsewhere := "," + row("AA", 64510, 0, 0, 9) + "," + row("BB", 64511, 1, 0, 9)
	for _, c := range []struct {
		name, rows string
		want       model.OutageClass
	}{
		{"reached everywhere", row("QQ", 64500, 0, 0, 5) + elsewhere, ""},
		{"two networks, confirmed", row("QQ", 64500, 0, 1, 0) + "," + row("QQ", 64501, 0, 2, 5) + elsewhere, "blocked-from-QQ"},
		{"two networks, by anomalies", row("QQ", 64500, 3, 0, 0) + "," + row("QQ", 64501, 4, 0, 3) + elsewhere, "blocked-from-QQ"},
		{"one network", row("QQ", 64500, 9, 9, 0) + elsewhere, ""},
		{"one network twice", row("QQ", 64500, 9, 9, 0) + "," + row("QQ", 0, 9, 9, 0) + elsewhere, ""},
		{"too few measurements", row("QQ", 64500, 2, 0, 0) + "," + row("QQ", 64501, 1, 0, 0) + elsewhere, ""},
		{"as many networks reach it", row("QQ", 64500, 9, 0, 0) + "," + row("QQ", 64501, 9, 0, 0) + "," + row("QQ", 64502, 0, 0, 9) + "," + row("QQ", 64503, 0, 0, 9) + elsewhere, ""},
		{"reached nowhere", row("QQ", 64500, 9, 0, 0) + "," + row("QQ", 64501, 9, 0, 0) + "," + row("AA", 64510, 9, 0, 0), ""},
		{"a country that is not known", row("ZZ", 64500, 9, 0, 0) + "," + row("ZZ", 64501, 9, 0, 0) + elsewhere, ""},
		{"networks as text", strings.NewReplacer("64500", `"AS64500"`, "64501", `"64501"`).Replace(row("QQ", 64500, 9, 0, 0)+","+row("QQ", 64501, 9, 0, 0)) + elsewhere, "blocked-from-QQ"},
		{"nonsense", `{"probe_cc":"QQ","probe_asn":[1],"anomaly_count":9}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &serve{answers: map[string]string{"/aggregation": `{"dimension_count":2,"result":[` + c.rows + `],"v":0}`}}
			got, err := runner(t, s).askOONI(t.Context(), []model.Service{bank, {ID: "net", Target: "prefix:192.0.2.0/24"}})
			if err != nil {
				t.Fatal(err)
			}
			var want []model.Signal
			if c.want != "" {
				want = []model.Signal{{Source: OONI, Service: "bank", At: at, Ratio: 1, Stale: 3 * time.Hour, Class: c.want}}
			}
			same(t, got, want)
			asked := s.requests()
			if q := "axis_x=probe_cc&axis_y=probe_asn&domain=bank.example&since=2026-03-01&test_name=web_connectivity&until=2026-03-03"; len(asked) != 1 || asked[0].URL.RawQuery != q {
				t.Errorf("asked %v, want %s", asked, q)
			}
		})
	}
}

func TestDomain(t *testing.T) {
	for target, want := range map[string]string{
		"https://www.Bank.example:8443/x?y": "www.bank.example", "http://bank.example": "bank.example", "bank.example": "bank.example",
		"bank.example:443": "bank.example", "tls:bank.example:443": "bank.example", "tls://bank.example:443": "bank.example",
		"tcp:bank.example:25": "", "icmp:bank.example": "", "dns:bank.example": "", "prefix:192.0.2.0/24": "", "192.0.2.0/24": "",
		"192.0.2.1": "", "https://[2001:db8::1]/": "", "2001:db8::1": "", "localhost": "", "": "", "https://%zz/": "",
	} {
		if got := domain(target); got != want {
			t.Errorf("domain(%q) = %q, want %q", target, got, want)
		}
	}
}
