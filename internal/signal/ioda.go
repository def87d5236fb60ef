package signal

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

const (
	iodaEvery = 5 * time.Minute
	// iodaWindow is how far back alerts are asked for; a loss that began
	// earlier does not agree with one measured now.
	iodaWindow = 6 * time.Hour
	// iodaLag is how long after its end, as IODA knows it so far, an event
	// still counts as going on: the newest measurements are still coming in.
	iodaLag = 30 * time.Minute
)

// iodaAlerts is the answer of /outages/alerts: a change of the level at which
// a data source (bgp, ping-slash24, merit-nt, …) sees a network.
type iodaAlerts struct {
	Error string      `json:"error"`
	Data  []iodaAlert `json:"data"`
}

type iodaAlert struct {
	Datasource string `json:"datasource"`
	Entity     struct {
		Code string `json:"code"`
		Type string `json:"type"`
	} `json:"entity"`
	Time  int64  `json:"time"`  // Unix seconds
	Level string `json:"level"` // normal, warning, critical
}

// iodaEvents is the answer of /outages/events in the format codf: alerts of
// one data source joined, with a score that knows no levels.
type iodaEvents struct {
	Error string      `json:"error"`
	Data  []iodaEvent `json:"data"`
}

type iodaEvent struct {
	Location string `json:"location"` // a network
	Start    int64  `json:"start"`    // Unix seconds
	Duration int64  `json:"duration"` // seconds, so far
}

// iodaLevels maps a level to its ratio.
var iodaLevels = map[string]float64{"normal": ratioNone, "warning": ratioWarning, "critical": ratioGrave}

// askIODA asks for the alerts and events of every network.
func (r *Runner) askIODA(ctx context.Context, services []model.Service) ([]model.Signal, error) {
	var about []network
	for i := range services {
		about = append(about, networks(&services[i])...)
	}
	slices.Sort(about)
	about = slices.Compact(about)
	now := r.now()
	seen := map[network]found{}
	err := each(ctx, about, func(n network) error {
		var alerts iodaAlerts
		if err := r.getIODA(ctx, "alerts", n, now, &alerts); err != nil {
			return err
		}
		var events iodaEvents
		if err := r.getIODA(ctx, "events", n, now, &events); err != nil {
			return err
		}
		if said := cmp.Or(alerts.Error, events.Error); said != "" {
			return model.Errorf(model.ErrUnsupported, "about %s says: %.200s", n, said)
		}
		seen[n] = graver(standing(alerts.Data, n), ongoing(events.Data, n, now))
		return nil
	})
	return lastingOf(IODA, services, seen, now, iodaEvery), err
}

func (r *Runner) getIODA(ctx context.Context, what string, n network, now time.Time, v any) error {
	kind, code, _ := strings.Cut(string(n), "/")
	q := url.Values{
		"entityType": {kind}, "entityCode": {code},
		"from": {fmt.Sprint(now.Add(-iodaWindow).Unix())}, "until": {fmt.Sprint(now.Unix())},
	}
	if what == "events" {
		q.Set("format", "codf")
	}
	return r.get(ctx, r.base.ioda+"/outages/"+what+"?"+q.Encode(), "", v)
}

// standing is the gravest loss that a data source has not taken back: each
// data source's alerts since it last saw the network as normal, dated from the
// first one of their gravest level.
func standing(alerts []iodaAlert, n network) found {
	alerts = slices.SortedStableFunc(slices.Values(alerts), func(a, b iodaAlert) int { return cmp.Compare(a.Time, b.Time) })
	runs := map[string]found{}
	for _, a := range alerts {
		ratio, known := iodaLevels[strings.ToLower(a.Level)]
		if !known || network(a.Entity.Type+"/"+a.Entity.Code) != n {
			continue
		}
		switch run := runs[a.Datasource]; {
		case ratio == ratioNone:
			delete(runs, a.Datasource)
		case ratio > run.ratio:
			runs[a.Datasource] = found{time.Unix(a.Time, 0), ratio}
		}
	}
	var worst found
	for _, run := range runs {
		worst = graver(worst, run)
	}
	return worst
}

// ongoing is the newest event that is not over. A score is no level: it counts
// as a warning.
func ongoing(events []iodaEvent, n network, now time.Time) found {
	var worst found
	for _, e := range events {
		start := time.Unix(e.Start, 0)
		end := start.Add(time.Duration(min(max(e.Duration, 0), 1e8)) * time.Second)
		if network(e.Location) == n && !start.After(now) && now.Sub(end) <= iodaLag {
			worst = graver(worst, found{start, ratioWarning})
		}
	}
	return worst
}
