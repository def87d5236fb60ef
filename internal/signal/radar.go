package signal

import (
	"context"
	"errors"
	"strings"
	"time"

	"crosscheck/internal/model"
)

const radarEvery = 5 * time.Minute

// radarAnswer is the envelope of the Cloudflare API around the results of
// /annotations/outages and /traffic_anomalies.
type radarAnswer struct {
	Success bool `json:"success"`
	Errors  []struct {
		Message string `json:"message"`
	} `json:"errors"`
	Result struct {
		Annotations []radarOutage  `json:"annotations"`
		Anomalies   []radarAnomaly `json:"trafficAnomalies"`
	} `json:"result"`
}

// radarOutage is an outage that Cloudflare's people have published.
type radarOutage struct {
	ASNs      []number `json:"asns"`      // of a network's outage
	Locations []string `json:"locations"` // country codes
	Scope     string   `json:"scope"`     // which part of the country, or ""
	Start     moment   `json:"startDate"`
	End       moment   `json:"endDate"` // zero while it lasts
}

// radarAnomaly is a drop of traffic that Cloudflare's machines found.
type radarAnomaly struct {
	ASN struct {
		ASN number `json:"asn"`
	} `json:"asnDetails"` // of a network's anomaly
	Location struct {
		Code string `json:"code"`
	} `json:"locationDetails"` // of a country's
	Status string `json:"status"` // VERIFIED, UNVERIFIED
	Start  moment `json:"startDate"`
	End    moment `json:"endDate"`
}

// askRadar asks for the outages and anomalies of the last day everywhere.
func (r *Runner) askRadar(ctx context.Context, services []model.Service) ([]model.Signal, error) {
	now := r.now()
	seen := map[network]found{}
	err := each(ctx, []string{"/annotations/outages", "/traffic_anomalies"}, func(path string) error {
		var answer radarAnswer
		if err := r.get(ctx, r.base.radar+path+"?dateRange=1d&format=json&limit=100", r.cfg.RadarToken, &answer); err != nil {
			return err
		}
		if !answer.Success {
			return radarFault(&answer)
		}
		for i := range answer.Result.Annotations {
			answer.Result.Annotations[i].into(seen, now)
		}
		for i := range answer.Result.Anomalies {
			answer.Result.Anomalies[i].into(seen, now)
		}
		return nil
	})
	return lastingOf(Radar, services, seen, now, radarEvery), err
}

// radarFault is what the API says went wrong.
func radarFault(a *radarAnswer) error {
	if len(a.Errors) == 0 {
		return model.Errorf(model.ErrUnsupported, "gives no result and no reason")
	}
	faults := make([]error, min(len(a.Errors), maxMisses))
	for i := range faults {
		faults[i] = model.Errorf(model.ErrUnsupported, "says: %.200s", a.Errors[i].Message)
	}
	return errors.Join(faults...)
}

// into enters an outage. One of networks says nothing of the others in their
// country, and one of a part of a country little of the whole.
func (o *radarOutage) into(seen map[network]found, now time.Time) {
	f := found{o.Start.Time, ratioStrong}
	if !lasts(o.Start.Time, o.End.Time, now) {
		return
	}
	for _, asn := range o.ASNs {
		seen[system(uint32(asn))] = graver(seen[system(uint32(asn))], f)
	}
	if len(o.ASNs) > 0 {
		return
	}
	if o.Scope != "" {
		f.ratio = ratioWarning
	}
	for _, cc := range o.Locations {
		seen[country(cc)] = graver(seen[country(cc)], f)
	}
}

// into enters an anomaly; one of another status, such as a false alarm, is
// left out.
func (a *radarAnomaly) into(seen map[network]found, now time.Time) {
	f := found{at: a.Start.Time}
	switch strings.ToUpper(a.Status) {
	case "VERIFIED":
		f.ratio = ratioStrong
	case "UNVERIFIED":
		f.ratio = ratioWarning
	}
	if f.ratio == 0 || !lasts(a.Start.Time, a.End.Time, now) {
		return
	}
	n := country(a.Location.Code)
	if a.ASN.ASN != 0 {
		n = system(uint32(a.ASN.ASN))
	}
	seen[n] = graver(seen[n], f)
}

// lasts reports whether something goes on.
func lasts(start, end, now time.Time) bool {
	return !start.IsZero() && !start.After(now) && (end.IsZero() || end.After(now))
}
