package web

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/outage"
)

// instruments is a Reach over slices, for tests.
type instruments struct {
	services []model.ServiceFacts
	events   []model.OutageFacts
	seen     []model.Observation // by time
	fine     []model.Rollup
	coarse   []model.Rollup
	posts    []model.VantageFacts
	ledger   []model.Ledger
	err      error // answers every question when set
}

func (m *instruments) Services(context.Context) ([]model.ServiceFacts, error) {
	return slices.Clone(m.services), m.err
}

func (m *instruments) Service(_ context.Context, id string) (*model.ServiceFacts, error) {
	for i := range m.services {
		if m.services[i].ID == id {
			f := m.services[i]
			return &f, m.err
		}
	}
	return nil, cmp.Or(m.err, model.Errorf(model.ErrNotFound, "service %q", id))
}

func (m *instruments) Outages(_ context.Context, q model.OutageQuery) ([]model.OutageFacts, error) {
	var out []model.OutageFacts
	for _, o := range m.events {
		switch {
		case len(q.Services) > 0 && !slices.Contains(q.Services, o.Service),
			!q.From.IsZero() && !o.End.IsZero() && o.End.Before(q.From), !q.To.IsZero() && o.Onset.After(q.To),
			q.Grave && !graveOutage(&o), !q.Before.IsZero() && !o.Onset.Before(q.Before):
			continue
		}
		out = append(out, o)
	}
	slices.SortStableFunc(out, func(a, b model.OutageFacts) int { return b.Onset.Compare(a.Onset) })
	return out[:min(len(out), q.Limit)], m.err
}

func (m *instruments) Outage(_ context.Context, id string) (*model.OutageFacts, error) {
	for i := range m.events {
		if m.events[i].ID == id {
			o := m.events[i]
			return &o, m.err
		}
	}
	return nil, cmp.Or(m.err, model.Errorf(model.ErrNotFound, "outage %q", id))
}

func (m *instruments) Rollups(_ context.Context, service string, width time.Duration, from, to time.Time) ([]model.Rollup, error) {
	list := m.coarse
	if width == model.RollupFine {
		list = m.fine
	}
	var out []model.Rollup
	for _, r := range list {
		if r.Service == service && !r.Start.Before(from) && r.Start.Before(to) {
			out = append(out, r)
		}
	}
	return out, m.err
}

// ServiceDays takes every hour alike: the roll-ups of quiet days are by the hour.
func (m *instruments) ServiceDays(_ context.Context, service string, from, to time.Time) ([]model.ServiceDay, error) {
	type sum struct{ ok, all int }
	hours := map[time.Time]sum{}
	for _, r := range m.coarse {
		if r.Service == service && !r.Start.Before(from) && r.Start.Before(to) {
			h := hours[r.Start.UTC()]
			hours[r.Start.UTC()] = sum{h.ok + count(&r, reached), h.all + count(&r, reached) + count(&r, lost)}
		}
	}
	var out []model.ServiceDay
	for day := from; day.Before(to); day = day.Add(24 * time.Hour) {
		d, n := model.ServiceDay{Day: day}, 0.
		for h := day; h.Before(day.Add(24 * time.Hour)); h = h.Add(time.Hour) {
			if hours[h].all > 0 {
				d.Availability += float64(hours[h].ok) / float64(hours[h].all)
				n++
			}
		}
		if n > 0 {
			d.Availability /= n
			out = append(out, d)
		}
	}
	return out, m.err
}

func (m *instruments) Vantages(context.Context) ([]model.VantageFacts, error) { return m.posts, m.err }

func (m *instruments) LastObservations(_ context.Context, service string, at time.Time) ([]model.Observation, error) {
	last := map[string]model.Observation{}
	for _, o := range m.seen {
		if o.Service == service && !o.At.After(at) {
			last[o.Vantage] = o
		}
	}
	var out []model.Observation
	for _, o := range last {
		out = append(out, o)
	}
	return out, m.err
}

func (m *instruments) ServiceLedger(_ context.Context, service string, limit int) ([]model.Ledger, error) {
	if service != "landbank" {
		return nil, m.err
	}
	return m.ledger[:min(limit, len(m.ledger))], m.err
}

// roll counts the observations of a service in intervals of one width.
func (m *instruments) roll(service string, width time.Duration) []model.Rollup {
	type key struct {
		service, vantage string
		start            time.Time
	}
	by := map[key]*model.Rollup{}
	var order []key
	for i := range m.seen {
		o := &m.seen[i]
		if o.Service != service {
			continue
		}
		k := key{o.Service, o.Vantage, o.At.Truncate(width)}
		r := by[k]
		if r == nil {
			r = &model.Rollup{Service: o.Service, Vantage: o.Vantage, Start: k.start, Width: width}
			by[k] = r
			order = append(order, k)
		}
		switch {
		case !o.Valid:
			r.Invalid++
			continue
		case o.Outcome == model.OutcomeFail:
			r.Fail++
			r.Layer = o.Layer
			continue
		case o.Outcome == model.OutcomeRefused:
			r.Refused++
		default:
			r.OK++
		}
		n := float64(r.OK + r.Refused)
		r.TTFB += (o.TTFB - r.TTFB) / n
	}
	out := make([]model.Rollup, len(order))
	for i, k := range order {
		out[i] = *by[k]
	}
	return out
}

// crisisPosts are the vantage points of the crisis; the last's uplink is down
// for hours.
var crisisPosts = []struct {
	id, name string
	asn      uint32
	country  string
	from, to string  // when it loses the bank, on 11 March
	dns      float64 // ms
}{
	{"sen-1", "Sennabruk, Tolmark", 64496, "XA", "16:41", "22:07", 9},
	{"isl-1", "Islemere, Tolmark", 64497, "XA", "16:41", "22:13", 12},
	{"arv-1", "Arvenholt, Kestria", 64499, "XB", "16:36", "22:07", 31},
	{"hal-1", "Hallin, Ostmere", 64500, "XC", "16:29", "22:07", 18},
	{"hal-2", "Hallin, Ostmere", 64500, "XC", "16:41", "22:07", 17},
	{"wes-1", "Westrey, Skerrin", 64501, "XD", "15:52", "22:31", 22},
}

// measuredCrisis is what was measured of the services of the crisis: the bank
// probe by probe since 11 March 12:00, everything else by the hour.
func measuredCrisis(t testing.TB) *instruments {
	t.Helper()
	m := &instruments{}
	for _, p := range crisisPosts {
		m.posts = append(m.posts, model.VantageFacts{Vantage: model.Vantage{ID: p.id, ASN: p.asn, Country: p.country}, Name: p.name, Seen: crisisNow})
	}
	names := []string{"Landbank of Tolmark", "Ministry of Defence, Tolmark", "Ministry of Defence, Kestria", "Sennabruk Courier", "Aldwire"}
	for i, id := range []string{"landbank", "mod-tolmark", "mod-kestria", "courier", "aldwire"} {
		s := model.Service{ID: id, Name: names[i], Target: "https://user:secret@" + id + ".example/?key=hunter2"}
		m.services = append(m.services, model.ServiceFacts{
			Service: s, Availability: 1, Observed: crisisNow, Since: at("1 00:00"),
			Now: model.Outage{At: crisisNow, Service: id, State: model.StateUp, Up: []string{"sen-1", "isl-1", "arv-1", "hal-1", "hal-2", "wes-1"}, Asked: 6, Rule: "v1"},
		})
		m.hours(id, at("12 00:00").AddDate(0, 0, -14), crisisNow)
	}
	for i, p := range crisisPosts {
		for _, s := range m.services[1:] {
			o := model.Observation{
				At: crisisNow.Add(-time.Duration(i) * time.Second), Service: s.ID, Vantage: p.id, ASN: p.asn, Country: p.country, Valid: true, Outcome: model.OutcomeOK,
				Status: 200, DNS: p.dns, TCP: 20, TLS: 41, TTFB: 80,
			}
			if s.ID == "mod-kestria" && p.country != "XB" {
				o.Outcome, o.Layer, o.Status = model.OutcomeRefused, model.LayerHTTP, 403
			}
			m.seen = append(m.seen, o)
		}
	}
	m.services[0].Availability = .984
	m.services[2].Refused = .83
	m.probe("landbank")
	m.judge(t, "landbank")
	return m
}

// hours adds quiet hours of a service.
func (m *instruments) hours(service string, from, to time.Time) {
	for at := from; at.Before(to); at = at.Add(time.Hour) {
		if service == "landbank" && !at.Before(crisisNow.Truncate(24*time.Hour).Add(-12*time.Hour)) {
			continue // probe by probe
		}
		for i, p := range crisisPosts {
			ms := 80 + float64(i) + 6*math.Sin(float64(at.Unix()/3600+int64(i)))
			m.coarse = append(m.coarse, model.Rollup{Service: service, Vantage: p.id, Start: at, Width: time.Hour, OK: 60, TTFB: ms})
		}
	}
}

// probe adds the observations of a service, minute by minute, through the loss
// of 11 March.
func (m *instruments) probe(service string) {
	for now := at("11 12:00"); !now.After(crisisNow); now = now.Add(time.Minute) {
		for i, p := range crisisPosts {
			o := model.Observation{
				At: now.Add(time.Duration((i+4)%6) * 7 * time.Second), Service: service, Vantage: p.id, ASN: p.asn, Country: p.country, Valid: true,
				Outcome: model.OutcomeOK, Status: 200, DNS: p.dns, TCP: 20, TLS: 41, TTFB: 80 + float64(now.Minute()%5) + float64(i),
			}
			from, to := at("11 "+p.from), at("11 "+p.to)
			if !now.Before(at("11 16:29")) && now.Before(at("11 16:41")) {
				o.TTFB *= math.Pow(1.4, now.Sub(at("11 16:29")).Minutes())
			}
			if !now.Before(from) && now.Before(to) {
				o.Outcome, o.Layer, o.Failure, o.Status, o.TCP, o.TLS, o.TTFB = model.OutcomeFail, model.LayerTCP, "generic_timeout_error", 0, 0, 0, 0
				o.Valid = p.id != "wes-1"
			}
			if o.At.After(crisisNow) {
				continue
			}
			m.seen = append(m.seen, o)
		}
	}
	slices.SortStableFunc(m.seen, func(a, b model.Observation) int { return a.At.Compare(b.At) })
	m.fine = m.roll(service, model.RollupFine)
	m.coarse = append(m.coarse, m.roll(service, model.RollupCoarse)...)
}

// judge has the observations judged and keeps the event that comes of it.
func (m *instruments) judge(t testing.TB, service string) {
	t.Helper()
	j := outage.New()
	o := model.OutageFacts{ID: "o1", Service: service, ServiceName: m.services[0].Name}
	for i := range m.seen {
		if m.seen[i].Service != service {
			continue
		}
		for _, v := range j.Observe(&m.seen[i]) {
			if v.Event != "" {
				o.Event = v.Event
				o.Verdicts = append(o.Verdicts, v)
			}
			m.services[0].Now, m.services[0].Since = v, v.At
		}
	}
	s := summed(o.Verdicts)
	o.State, o.Class, o.Onset, o.Uncertainty, o.End, o.Peak = s.State, s.Peak.Class, s.Onset, s.Uncertainty, s.End, s.Peak
	for _, v := range o.Verdicts {
		if v.State == model.StateConfirmed && o.Confirmed.IsZero() {
			o.Confirmed = v.At
		}
	}
	m.events = append(m.events, o)
	if testing.Verbose() {
		for _, v := range o.Verdicts {
			t.Log(v.At.Format("15:04:05"), v.State, v.Class, v.Onset.Format("15:04:05"), v.End.Format("15:04:05"), v.Down, v.Excluded)
		}
		t.Log(fmt.Sprint(m.services[0].Now))
	}
}
