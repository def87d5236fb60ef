package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"crosscheck/internal/model"

	"github.com/danielgtaylor/huma/v2"
)

// apiService is a service and how it stands.
type apiService struct {
	ID           string     `json:"id"`
	Page         string     `json:"page" format:"uri-reference" doc:"where people read it"`
	Name         string     `json:"name"`
	Target       string     `json:"target" doc:"what is probed; empty where the public is not to know"`
	State        string     `json:"state" doc:"of the newest verdict: unknown, up, suspect, partial, regional, probable, confirmed, recovering, resolved or flapping"`
	Word         string     `json:"word" doc:"how it stands now, as pages say it; what has not been heard of for a while is not known"`
	Class        string     `json:"class" doc:"how it fails, or empty"`
	Since        *time.Time `json:"since" doc:"when the state began"`
	Observed     *time.Time `json:"observed" doc:"newest observation"`
	Availability *float64   `json:"availability" doc:"how much of 14 days it was reached, 0 to 1: the share of valid observations that reached it, every interval of 5 minutes with the same weight; null where there are none"`
	Refused      *float64   `json:"refused" doc:"share of that which was turned away, taken likewise; the service was reached"`
}

type apiServices struct {
	Services []apiService `json:"services" doc:"grave ones first"`
}

type apiServiceWhole struct {
	Service  apiService   `json:"service"`
	Verdict  apiVerdict   `json:"verdict" doc:"the newest"`
	Report   string       `json:"report" doc:"the verdict in a sentence"`
	Unknowns []string     `json:"unknowns" doc:"what it leaves open"`
	Last     []apiProbe   `json:"last" doc:"newest observation of each vantage point"`
	Outages  []apiOutage  `json:"outages" doc:"of 14 days, newest first"`
	Days     []apiReached `json:"days" doc:"the last 14, in UTC, oldest first"`
}

type apiReached struct {
	Day          string   `json:"day" format:"date"`
	Availability *float64 `json:"availability" doc:"0 to 1, taken likewise; null where nothing was measured"`
	Lost         int      `json:"lost_s" doc:"seconds of probable or confirmed loss"`
}

// apiProbe is what one vantage point met.
type apiProbe struct {
	Vantage string     `json:"vantage"`
	ASN     uint32     `json:"asn" doc:"0 where it is not known"`
	Country string     `json:"country" doc:"ISO 3166 alpha-2, or empty"`
	At      *time.Time `json:"at"`
	Valid   bool       `json:"valid" doc:"the vantage point proved itself before and after"`
	Outcome string     `json:"outcome" doc:"ok, slow, refused or fail"`
	Layer   string     `json:"layer" doc:"that failed: dns, tcp, tls or http; or empty"`
	Failure string     `json:"failure" doc:"a name of OONI's df-007, or empty"`
	Status  int        `json:"status" doc:"of HTTP; 0 without an answer"`
	DNS     float64    `json:"dns_ms" doc:"0 where the stage was not reached"`
	TCP     float64    `json:"tcp_ms"`
	TLS     float64    `json:"tls_ms"`
	TTFB    float64    `json:"ttfb_ms"`
}

// apiVerdict is what was judged of a service at a moment.
type apiVerdict struct {
	At          *time.Time        `json:"at"`
	State       string            `json:"state"`
	Class       string            `json:"class"`
	Onset       *time.Time        `json:"onset" doc:"back-dated"`
	Uncertainty int               `json:"uncertainty_s" doc:"of onset and end, seconds"`
	End         *time.Time        `json:"end" doc:"back-dated"`
	Down        []string          `json:"down" doc:"vantage points that lost it"`
	Up          []string          `json:"up" doc:"that reached it"`
	Excluded    []model.Exclusion `json:"excluded" doc:"whose word did not count, and why"`
	Asked       int               `json:"asked_count" doc:"whose word counted"`
	Networks    int               `json:"network_count" doc:"of those that lost it"`
	Countries   int               `json:"country_count"`
	Support     []string          `json:"support" doc:"outside signals that agree"`
	Rule        string            `json:"rule" doc:"version of the rule"`
	Reviewed    bool              `json:"reviewed" doc:"judged again, with late observations in their place"`
}

// apiOutage is one event on one service.
type apiOutage struct {
	ID          string     `json:"id"`
	Page        string     `json:"page" format:"uri-reference"`
	Event       string     `json:"event" doc:"services that fall together share it"`
	Service     string     `json:"service" doc:"id"`
	ServiceName string     `json:"service_name"`
	State       string     `json:"state" doc:"the gravest it reached"`
	Class       string     `json:"class"`
	Onset       *time.Time `json:"onset"`
	Uncertainty int        `json:"uncertainty_s"`
	Confirmed   *time.Time `json:"confirmed" doc:"null: never"`
	End         *time.Time `json:"end" doc:"null while it lasts"`
	Down        int        `json:"down_count" doc:"vantage points that lost it at its worst"`
	Asked       int        `json:"asked_count" doc:"whose word counted then"`
	Excluded    int        `json:"excluded_count"`
	Reviewed    bool       `json:"reviewed" doc:"it was judged again"`
	Report      string     `json:"report" doc:"in a sentence"`
}

type apiOutages struct {
	Outages []apiOutage `json:"outages"`
	Next    string      `json:"next" format:"uri-reference" doc:"where the next ones are; empty after the last"`
}

type apiOutageWhole struct {
	Outage   apiOutage    `json:"outage"`
	Peak     apiVerdict   `json:"peak" doc:"the gravest verdict"`
	Unknowns []string     `json:"unknowns" doc:"what it leaves open"`
	Verdicts []apiVerdict `json:"verdicts" doc:"oldest first; a later one corrects an earlier one"`
}

type apiRollups struct {
	Service string         `json:"service"`
	Width   int            `json:"width_s" doc:"of an interval, seconds"`
	Rollups []model.Rollup `json:"rollups" doc:"of each vantage point, in the order of time"`
}

// byName asks for one service or outage.
type byName struct {
	ID string `path:"id" maxLength:"1024" doc:"of the thing"`
}

type askRollups struct {
	ID    string `path:"id" maxLength:"1024" doc:"of the service"`
	Width string `query:"width" enum:"5m,1h" default:"5m" doc:"of an interval: 5m or 1h"`
	From  string `query:"from" format:"date-time" maxLength:"40" doc:"24 hours before to unless given"`
	To    string `query:"to" format:"date-time" maxLength:"40" doc:"now unless given"`
}

type askOutages struct {
	Service string `query:"service" maxLength:"256" doc:"id of a service; all unless given"`
	From    string `query:"from" format:"date-time" maxLength:"40" doc:"only those that lasted until then or longer"`
	To      string `query:"to" format:"date-time" maxLength:"40" doc:"only those that began by then"`
	Grave   bool   `query:"grave" default:"false" doc:"only those that were probable or confirmed"`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"25" doc:"how many at most"`
	Before  string `query:"before" format:"date-time" maxLength:"40" doc:"only those with an earlier onset"`
}

// The longest time of roll-ups in one answer, by width.
const (
	mostFine   = 8 * 24 * time.Hour
	mostCoarse = 92 * 24 * time.Hour
)

func (s *Server) serviceOperations(api huma.API) {
	register(s, api, apiCall{"list-services", "/services", "What is measured", "How each service stands, grave ones first."}, form.services)
	registerTable(s, api, apiCall{"get-services-table", "/services.csv", "What is measured, as a table", "How each service stands, grave ones first."},
		"service", serviceColumns, form.servicesTable)
	register(s, api, apiCall{
		"get-service", "/services/{id}", "One service", "How it stands, what each vantage point met last, its outages and the availability of 14 days.",
	}, form.service)
	register(s, api, apiCall{
		"list-service-rollups", "/services/{id}/rollups", "What was measured of a service",
		"Counts of observations by vantage point and interval. Short intervals are kept for a shorter time than long ones.",
	}, form.rollups)
	registerTable(s, api, apiCall{
		"get-service-rollups", "/services/{id}/rollups.csv", "What was measured of a service, as a table", "Counts of observations by vantage point and interval.",
	}, "vantage point and interval", rollupColumns, form.rollupsTable)
}

func (s *Server) outageOperations(api huma.API) {
	register(s, api, apiCall{"list-outages", "/outages", "Outages", "The newest onset comes first."}, form.outages)
	registerTable(s, api, apiCall{"get-outages-table", "/outages.csv", "Outages, as a table", "The newest onset comes first."},
		"outage", outageColumns, form.outagesTable)
	register(s, api, apiCall{
		"get-outage", "/outages/{id}", "One outage", "Verdict by verdict; where it was judged again, both versions.",
	}, form.outage)
}

func seconds(d time.Duration) int { return int(d / time.Second) }

// share is a number from 0 to 1, or nil where there is none.
func share(x float64) *float64 {
	if !(x >= 0 && x <= 1) {
		return nil
	}
	return &x
}

func (f form) serviceHead(x model.ServiceFacts) apiService {
	st := standingOf(&x, f.s.cfg.Now())
	out := apiService{
		ID: x.ID, Page: f.page(serviceURL(x.ID)), Name: x.Name, Target: targetShown(&x.Service, f.s.cfg.Desk(f.r)), State: string(x.Now.State), Word: st.Word,
		Class: string(x.Now.Class), Since: utc(x.Since), Observed: utc(x.Observed), Availability: share(x.Availability),
	}
	if out.Availability != nil {
		out.Refused = share(x.Refused)
	}
	return out
}

func verdict(o model.Outage) apiVerdict {
	return apiVerdict{
		utc(o.At), string(o.State), string(o.Class), utc(o.Onset), seconds(o.Uncertainty), utc(o.End), each(o.Down, same), each(o.Up, same),
		each(o.Excluded, same), o.Asked, o.Networks, o.Countries, each(o.Support, same), o.Rule, o.Reviewed,
	}
}

func probed(o model.Observation) apiProbe {
	return apiProbe{
		o.Vantage, o.ASN, o.Country, utc(o.At), o.Valid, string(o.Outcome), string(o.Layer), o.Failure, o.Status, finite(o.DNS), finite(o.TCP), finite(o.TLS), finite(o.TTFB),
	}
}

// finite is a number that JSON can write.
func finite(x float64) float64 {
	if !(x >= 0 && x < 1e12) {
		return 0
	}
	return x
}

func (f form) outageHead(o model.OutageFacts) apiOutage {
	out := apiOutage{
		ID: o.ID, Page: f.page(outageURL(o.ID)), Event: o.Event, Service: o.Service, ServiceName: serviceName(&o), State: string(o.State), Class: string(o.Class),
		Onset: utc(o.Onset), Uncertainty: seconds(o.Uncertainty), Confirmed: utc(o.Confirmed), End: utc(o.End),
		Down: len(o.Peak.Down), Asked: o.Peak.Asked, Excluded: len(o.Peak.Excluded), Report: f.s.reportOf(&o, f.s.cfg.Now()),
	}
	out.Reviewed = reviewed(&o)
	return out
}

func (f form) services(*struct{}) (*apiServices, error) {
	out := &apiServices{Services: []apiService{}}
	if f.s.cfg.Reach == nil {
		return out, nil
	}
	rows, err := f.s.standings(f.r.Context(), f.s.cfg.Now())
	out.Services = each(rows, func(row serviceRow) apiService { return f.serviceHead(row.ServiceFacts) })
	return out, err
}

func (f form) service(in *byName) (*apiServiceWhole, error) {
	x, err := f.s.serviceFacts(f.r.Context(), in.ID)
	if err != nil {
		return nil, err
	}
	ctx, now := f.r.Context(), f.s.cfg.Now().UTC()
	usual, err := f.s.usual(ctx, x.ID, now, nil)
	if err != nil {
		return nil, err
	}
	events, err := f.s.outages(ctx, model.OutageQuery{Services: []string{x.ID}, From: usual.start, To: now})
	if err != nil {
		return nil, err
	}
	last, err := f.s.lastSeen(ctx, x.ID, now)
	if err != nil {
		return nil, err
	}
	days, err := f.s.days(ctx, x.ID, usual.axis, events)
	if err != nil {
		return nil, err
	}
	return &apiServiceWhole{
		f.serviceHead(*x), verdict(x.Now), f.s.report(x.Now, x.Name), each(f.s.cfg.Unknowns(x.Now), same), each(last, probed), each(events, f.outageHead),
		each(days, func(d reachDay) apiReached {
			return apiReached{d.Day.Format(time.DateOnly), share(d.Availability), seconds(d.Lost)}
		}),
	}, nil
}

func (f form) rollups(in *askRollups) (*apiRollups, error) {
	if _, err := f.s.serviceFacts(f.r.Context(), in.ID); err != nil {
		return nil, err
	}
	width, most := model.RollupFine, mostFine
	if in.Width == "1h" {
		width, most = model.RollupCoarse, mostCoarse
	}
	from, to, err := f.fromTo(in.From, in.To)
	if err != nil {
		return nil, err
	}
	if from.IsZero() {
		from = to.Add(-24 * time.Hour)
	}
	if to.Before(from) {
		return nil, tell(model.ErrInvalid, "“from” should be before “to”.")
	}
	if to.Sub(from) > most {
		return nil, tell(model.ErrTooLarge, "Ask for at most %d days of intervals of %s at once.", int(most.Hours()/24), in.Width)
	}
	list, err := f.s.cfg.Reach.Rollups(f.r.Context(), in.ID, width, from, to)
	if err != nil {
		return nil, fmt.Errorf("web: roll-ups of %s: %w", in.ID, err)
	}
	return &apiRollups{in.ID, seconds(width), each(list, func(r model.Rollup) model.Rollup {
		r.Start, r.TTFB = r.Start.UTC(), finite(r.TTFB)
		return r
	})}, nil
}

// fromTo reads a stretch of time; without an end it lasts until now.
func (f form) fromTo(from, to string) (a, b time.Time, err error) {
	for i, text := range []string{from, to} {
		if text == "" {
			continue
		}
		t, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return a, b, tell(model.ErrInvalid, "“from” and “to” should be moments such as 2031-03-12T18:10:00Z.")
		}
		if i == 0 {
			a = t
		} else {
			b = t
		}
	}
	if b.IsZero() {
		b = f.s.cfg.Now().UTC()
	}
	return a, b, nil
}

func (f form) outages(in *askOutages) (*apiOutages, error) {
	out := &apiOutages{Outages: []apiOutage{}}
	if f.s.cfg.Reach == nil {
		return out, nil
	}
	from, to, err := f.fromTo(in.From, in.To)
	if err != nil {
		return nil, err
	}
	before, err := moment3339(in.Before)
	if err != nil {
		return nil, err
	}
	q := model.OutageQuery{From: from, To: to, Grave: in.Grave, Limit: in.Limit + 1, Before: before}
	if in.Service != "" {
		q.Services = []string{in.Service}
	}
	list, err := f.s.outages(f.r.Context(), q)
	if err != nil {
		return nil, err
	}
	var last time.Time
	if len(list) > in.Limit {
		list = list[:in.Limit]
		last = list[in.Limit-1].Onset
	}
	return &apiOutages{each(list, f.outageHead), f.next(last)}, nil
}

func (f form) outage(in *byName) (*apiOutageWhole, error) {
	o, err := f.s.outageFacts(f.r.Context(), in.ID)
	if err != nil {
		return nil, err
	}
	v := wholeOf(o.Peak, o, f.s.cfg.Now())
	return &apiOutageWhole{f.outageHead(*o), verdict(o.Peak), each(f.s.cfg.Unknowns(v), same), each(o.Verdicts, verdict)}, nil
}

var serviceColumns = []string{"id", "name", "target", "state", "word", "class", "since", "observed", "availability", "refused", "page"}

func shareCell(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'f', 6, 64)
}

func (f form) servicesTable(in *struct{}) (string, [][]string, error) {
	list, err := f.services(in)
	if err != nil {
		return "", nil, err
	}
	return "services", each(list.Services, func(x apiService) []string {
		return []string{x.ID, x.Name, x.Target, x.State, x.Word, x.Class, momentCell(x.Since), momentCell(x.Observed), shareCell(x.Availability), shareCell(x.Refused), x.Page}
	}), nil
}

var rollupColumns = []string{"service", "vantage", "start", "width_s", "ok", "slow", "refused", "fail", "invalid", "layer", "ttfb_ms"}

func (f form) rollupsTable(in *askRollups) (string, [][]string, error) {
	list, err := f.rollups(in)
	if err != nil {
		return "", nil, err
	}
	return "service-" + in.ID, each(list.Rollups, func(r model.Rollup) []string {
		return []string{
			r.Service, r.Vantage, r.Start.Format(time.RFC3339), strconv.Itoa(list.Width), strconv.Itoa(r.OK), strconv.Itoa(r.Slow), strconv.Itoa(r.Refused),
			strconv.Itoa(r.Fail), strconv.Itoa(r.Invalid), string(r.Layer), strconv.FormatFloat(r.TTFB, 'f', 1, 64),
		}
	}), nil
}

var outageColumns = []string{
	"id", "event", "service", "service_name", "state", "class", "onset", "uncertainty_s", "confirmed", "end", "down_count", "asked_count", "excluded_count", "reviewed", "report", "page",
}

func (f form) outagesTable(in *askOutages) (string, [][]string, error) {
	list, err := f.outages(in)
	if err != nil {
		return "", nil, err
	}
	return strings.TrimSuffix("outages-"+in.Service, "-"), each(list.Outages, func(o apiOutage) []string {
		return []string{
			o.ID, o.Event, o.Service, o.ServiceName, o.State, o.Class, momentCell(o.Onset), strconv.Itoa(o.Uncertainty), momentCell(o.Confirmed), momentCell(o.End),
			strconv.Itoa(o.Down), strconv.Itoa(o.Asked), strconv.Itoa(o.Excluded), strconv.FormatBool(o.Reviewed), o.Report, o.Page,
		}
	}), nil
}
