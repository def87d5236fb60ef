package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// Reach is what the pages of the measuring half read. An unknown id is a
// model.ErrNotFound.
type Reach interface {
	Services(ctx context.Context) ([]model.ServiceFacts, error)
	Service(ctx context.Context, id string) (*model.ServiceFacts, error)
	// Outages returns events with their verdicts, the newest onset first.
	Outages(ctx context.Context, q model.OutageQuery) ([]model.OutageFacts, error)
	Outage(ctx context.Context, id string) (*model.OutageFacts, error)
	// Rollups returns the counts of a service in the intervals of one width that
	// start in [from, to).
	Rollups(ctx context.Context, service string, width time.Duration, from, to time.Time) ([]model.Rollup, error)
	// ServiceDays returns how a service was reached on the days, in UTC, that
	// start in [from, to); those on which nothing was measured are missing.
	ServiceDays(ctx context.Context, service string, from, to time.Time) ([]model.ServiceDay, error)
	Vantages(ctx context.Context) ([]model.VantageFacts, error)
	// LastObservations returns, for each vantage point, its newest observation of
	// the service that is not later than at.
	LastObservations(ctx context.Context, service string, at time.Time) ([]model.Observation, error)
}

// Heard is what a Reach may offer besides: what is said about a service, newest
// first.
type Heard interface {
	ServiceLedger(ctx context.Context, service string, limit int) ([]model.Ledger, error)
}

// How far back the pages look, how much they list, and how long after its
// newest observation a service still counts as measured.
const (
	boardWindow  = 24 * time.Hour
	usualWindow  = 14 * 24 * time.Hour
	longestLook  = 72 * time.Hour // of one chart by fine roll-ups
	maxServices  = 200
	maxOutages   = 50
	maxSaid      = 12
	staleAfter   = 15 * time.Minute
	vantageStale = 15 * time.Minute
	mutedAt      = 2 // votes with which nothing is ever confirmed
)

// noReach answers where nothing is measured.
func (s *Server) noReach() error {
	if s.cfg.Reach == nil {
		return tell(model.ErrNotFound, "Nothing is measured here.")
	}
	return nil
}

// serviceRow is a service on the board.
type serviceRow struct {
	model.ServiceFacts
	standing
	Strip     []box
	Day       string // the last 24 hours in words
	Reporting int    // vantage points heard lately
	Known     int    // that reported within the day
}

// servicesPage is all services, grave ones first.
type servicesPage struct {
	chrome
	Measured  bool // something is
	Services  []serviceRow
	More      int
	Trouble   int // services that are lost in part or whole
	Reachable int
	Unknown   int // how they stand is not known
	Vantages  int // heard lately
	Votes     int
	Outages   []model.OutageFacts
	Head      stripHead
}

// Muted reports whether so few vantage points report that nothing is ever
// confirmed.
func (p servicesPage) Muted() bool { return p.Votes <= mutedAt }

func (s *Server) services(w http.ResponseWriter, r *http.Request) error {
	p := servicesPage{chrome: s.chrome(r, "services")}
	p.PageTitle, p.Live = "Services", true
	p.About = "Which services can be reached, measured from several vantage points."
	x := axis{p.Now.Add(-boardWindow), p.Now}
	if s.cfg.Reach == nil {
		return s.render(w, r, http.StatusOK, "services", p)
	}
	p.Feeds = []feedLink{{"application/rss+xml", "Outages", "/services/feed.rss"}, {"application/feed+json", "Outages", "/services/feed.json"}}
	list, err := s.standings(r.Context(), p.Now)
	if err != nil {
		return err
	}
	p.Measured = len(list) > 0
	p.Head = headOf(x)
	if err := s.boardDay(r.Context(), &p, list, x); err != nil {
		return err
	}
	if p.Outages, err = s.outages(r.Context(), model.OutageQuery{From: p.Now.Add(-usualWindow), Limit: maxOutages}); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "services", p)
}

// standings is all services with how they stand, grave ones first.
func (s *Server) standings(ctx context.Context, now time.Time) ([]serviceRow, error) {
	list, err := s.cfg.Reach.Services(ctx)
	if err != nil {
		return nil, fmt.Errorf("web: services: %w", err)
	}
	rows := make([]serviceRow, len(list))
	for i := range list {
		rows[i] = serviceRow{ServiceFacts: list[i], standing: standingOf(&list[i], now)}
	}
	slices.SortStableFunc(rows, func(x, y serviceRow) int {
		return cmp.Or(x.rank()-y.rank(), strings.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)), strings.Compare(x.ID, y.ID))
	})
	return rows, nil
}

// boardDay fills the board with the last day of each service.
func (s *Server) boardDay(ctx context.Context, p *servicesPage, list []serviceRow, x axis) error {
	events, err := s.outages(ctx, model.OutageQuery{From: x.start, To: x.end})
	if err != nil {
		return err
	}
	of := map[string][]model.OutageFacts{}
	for _, o := range events {
		of[o.Service] = append(of[o.Service], o)
	}
	vantages, err := s.vantages(ctx)
	if err != nil {
		return err
	}
	heard := map[string]bool{}
	for i := range list {
		row := &list[i]
		switch {
		case row.Troubled():
			p.Trouble++
		case row.known():
			p.Reachable++
		default:
			p.Unknown++
		}
		if i >= maxServices {
			p.More++
			continue
		}
		look, err := s.look(ctx, row.ID, x, model.RollupCoarse, vantages)
		if err != nil {
			return err
		}
		row.Known = len(look.Lanes)
		row.Strip, row.Day = dayStrip(look, of[row.ID])
		last, err := s.lastSeen(ctx, row.ID, p.Now)
		if err != nil {
			return err
		}
		for _, o := range last {
			if p.Now.Sub(o.At) <= vantageStale {
				row.Reporting++
				heard[o.Vantage] = true
			}
		}
		p.Services = append(p.Services, *row)
	}
	p.Vantages = len(heard)
	p.Votes = votesOf(heard, vantages)
	return nil
}

// votesOf counts the votes of vantage points: one a network and group, and one
// of all whose network is not known.
func votesOf(ids map[string]bool, known map[string]model.VantageFacts) int {
	groups := map[string]bool{}
	for id := range ids {
		groups[voteOf(known[id].Vantage)] = true
	}
	return len(groups)
}

func voteOf(v model.Vantage) string {
	if v.ASN == 0 {
		return ""
	}
	return fmt.Sprintf("%d %s", v.ASN, v.Group)
}

func (s *Server) vantages(ctx context.Context) (map[string]model.VantageFacts, error) {
	list, err := s.cfg.Reach.Vantages(ctx)
	if err != nil {
		return nil, fmt.Errorf("web: vantage points: %w", err)
	}
	out := make(map[string]model.VantageFacts, len(list))
	for _, v := range list {
		out[v.ID] = v
	}
	return out, nil
}

func (s *Server) outages(ctx context.Context, q model.OutageQuery) ([]model.OutageFacts, error) {
	if q.Limit == 0 {
		q.Limit = maxServices
	}
	list, err := s.cfg.Reach.Outages(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("web: outages: %w", err)
	}
	return list, nil
}

// lastSeen is the newest observation of each vantage point, by its name.
func (s *Server) lastSeen(ctx context.Context, service string, at time.Time) ([]model.Observation, error) {
	list, err := s.cfg.Reach.LastObservations(ctx, service, at)
	if err != nil {
		return nil, fmt.Errorf("web: last observations of %s: %w", service, err)
	}
	slices.SortFunc(list, func(x, y model.Observation) int { return strings.Compare(x.Vantage, y.Vantage) })
	return list, nil
}

// look is what was measured of a service in a stretch of time.
func (s *Server) look(ctx context.Context, service string, x axis, width time.Duration, vantages map[string]model.VantageFacts) (look, error) {
	list, err := s.cfg.Reach.Rollups(ctx, service, width, x.start.UTC().Truncate(width), x.end)
	if err != nil {
		return look{}, fmt.Errorf("web: roll-ups of %s: %w", service, err)
	}
	return lookOf(list, x, width, vantages), nil
}

// usual is the ordinary range of a service, from coarse roll-ups.
func (s *Server) usual(ctx context.Context, service string, now time.Time, vantages map[string]model.VantageFacts) (look, error) {
	from := now.UTC().Truncate(24 * time.Hour).Add(24*time.Hour - usualWindow)
	return s.look(ctx, service, axis{from, now}, model.RollupCoarse, vantages)
}

// days is each day of a stretch of time, with the time lost on it.
func (s *Server) days(ctx context.Context, service string, x axis, events []model.OutageFacts) ([]reachDay, error) {
	list, err := s.cfg.Reach.ServiceDays(ctx, service, x.start, x.end)
	if err != nil {
		return nil, fmt.Errorf("web: days of %s: %w", service, err)
	}
	return reachDays(list, x, events), nil
}

// serviceURL and outageURL lead to the pages.
func serviceURL(id string) string { return "/service/" + url.PathEscape(id) }

func outageURL(id string) string { return "/outage/" + url.PathEscape(id) }

// reachMini is what is measured, in a few lines of another page.
type reachMini struct {
	Say  string
	Rows []serviceRow // that are not up, grave ones first
}

// maxMini bounds the services in a few lines.
const maxMini = 6

// reachMini returns nil where nothing is measured.
func (s *Server) reachMini(ctx context.Context, now time.Time) (*reachMini, error) {
	if s.cfg.Reach == nil {
		return nil, nil
	}
	rows, err := s.standings(ctx, now)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	m := &reachMini{}
	up, trouble := 0, 0
	for i := range rows {
		switch {
		case rows[i].Troubled():
			trouble++
		case rows[i].known():
			up++
			continue
		}
		if len(m.Rows) < maxMini {
			m.Rows = append(m.Rows, rows[i])
		}
	}
	unknown := len(rows) - up - trouble
	m.Say = fmt.Sprintf("%d of %s reachable", up, countWord(len(rows), "service", "services"))
	if up == len(rows) && up > 1 {
		m.Say = fmt.Sprintf("all %s reachable", countWord(up, "service", "services"))
	}
	recent, err := s.outages(ctx, model.OutageQuery{From: now.Add(-boardWindow), To: now, Grave: true})
	if err != nil {
		return nil, err
	}
	if n := len(recent); n > 0 {
		m.Say += "; " + countWord(n, "grave outage", "grave outages") + " in 24 hours"
	}
	if unknown > 0 {
		m.Say += fmt.Sprintf("; of %d it is not known", unknown)
	}
	return m, nil
}
