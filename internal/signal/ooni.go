package signal

import (
	"context"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

const (
	ooniEvery = time.Hour
	// ooniEnough is how many measurements that did not fail let a network say
	// something without a confirmed one.
	ooniEnough = 3
	// ooniNetworks must be blocked in the country, and as many elsewhere must
	// reach it.
	ooniNetworks = 2
)

// ooniAggregation is the answer of /aggregation for the axes probe_cc and
// probe_asn. The counts of anomalies leave out the confirmed ones.
type ooniAggregation struct {
	Error  string    `json:"error"`
	Result []ooniRow `json:"result"`
}

type ooniRow struct {
	Country   string `json:"probe_cc"`
	ASN       number `json:"probe_asn"`
	Anomaly   int    `json:"anomaly_count"`
	Confirmed int    `json:"confirmed_count"`
	OK        int    `json:"ok_count"`
}

// askOONI asks how the site of each service was reached in the last day. What
// OONI says comes hours late: it is evidence of a class, never of a loss.
func (r *Runner) askOONI(ctx context.Context, services []model.Service) ([]model.Signal, error) {
	about := slices.DeleteFunc(slices.Clone(services), func(s model.Service) bool { return domain(s.Target) == "" })
	now := r.now().UTC()
	var out []model.Signal
	err := each(ctx, about, func(s model.Service) error {
		q := url.Values{
			"test_name": {"web_connectivity"}, "domain": {domain(s.Target)}, "axis_x": {"probe_cc"}, "axis_y": {"probe_asn"},
			"since": {now.AddDate(0, 0, -1).Format(time.DateOnly)}, "until": {now.AddDate(0, 0, 1).Format(time.DateOnly)},
		}
		var answer ooniAggregation
		if err := r.get(ctx, r.base.ooni+"/aggregation?"+q.Encode(), "", &answer); err != nil {
			return err
		}
		if answer.Error != "" {
			return model.Errorf(model.ErrUnsupported, "about %s says: %.200s", domain(s.Target), answer.Error)
		}
		for _, cc := range blockedFrom(answer.Result) {
			out = append(out, model.Signal{
				Source: OONI, Service: s.ID, At: now, Ratio: ratioNone, Stale: 3 * ooniEvery, Class: model.ClassBlockedFrom + model.OutageClass(cc),
			})
		}
		return nil
	})
	return out, err
}

// blockedFrom lists the countries, sorted, in which more networks are kept
// from a site than reach it, two at least, while two elsewhere reach it.
func blockedFrom(rows []ooniRow) []string {
	type count struct{ blocked, reached int }
	each := map[string]count{}
	reached := 0
	for _, row := range rows {
		if !isCountry(row.Country) || row.ASN == 0 {
			continue
		}
		c := each[row.Country]
		bad, usable := row.Anomaly+row.Confirmed, row.Anomaly+row.Confirmed+row.OK
		switch {
		case row.Confirmed > 0, usable >= ooniEnough && 2*bad >= usable:
			c.blocked++
		case row.OK > 0:
			c.reached++
			reached++
		}
		each[row.Country] = c
	}
	var out []string
	for cc, c := range each {
		if c.blocked >= ooniNetworks && c.blocked > c.reached && reached-c.reached >= ooniNetworks {
			out = append(out, cc)
		}
	}
	slices.Sort(out)
	return out
}

// isCountry reports whether it is the code of a country; ZZ is OONI's word for
// one that is not known.
func isCountry(cc string) bool {
	return len(cc) == 2 && cc != "ZZ" && cc[0] >= 'A' && cc[0] <= 'Z' && cc[1] >= 'A' && cc[1] <= 'Z'
}

// domain is the name in the target of a web site, or "".
func domain(target string) string {
	scheme, _, _ := strings.Cut(target, ":")
	switch scheme = strings.ToLower(scheme); {
	case scheme == "tcp" || scheme == "icmp" || scheme == "ping" || scheme == "dns" || scheme == "prefix":
		return ""
	case scheme == "tls":
		target = target[len("tls:"):]
	}
	if !strings.Contains(target, "//") {
		target = "//" + target
	}
	u, err := url.Parse(target)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") {
		return ""
	}
	return host
}
