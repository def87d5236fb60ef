package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/netip"
	"time"

	"crosscheck/internal/model"
)

const serviceColumns = `s.id, s.name, s.target, s.status, s.text, s.slow, s.private, s.country, s.asn, s.aliases, s.addresses, s.prefixes, s.name_servers, s.maintenance, s.place`

// serviceRow is where a service is scanned to.
type serviceRow struct {
	model.Service
	slow                                                    int64
	aliases, addresses, prefixes, nameServers, maintenances string
}

func (r *serviceRow) dest() []any {
	return []any{
		&r.ID, &r.Name, &r.Target, &r.Status, &r.Text, &r.slow, &r.Private, &r.Country, &r.ASN,
		&r.aliases, &r.addresses, &r.prefixes, &r.nameServers, &r.maintenances, &r.Place,
	}
}

// service unpacks what was scanned.
func (r *serviceRow) service() (model.Service, error) {
	r.Slow = time.Duration(r.slow) * time.Microsecond
	return r.Service, errors.Join(unlist(r.aliases, &r.Aliases), unlist(r.addresses, &r.Addresses), unlist(r.prefixes, &r.Prefixes),
		unlist(r.nameServers, &r.NameServers), unlist(r.maintenances, &r.Maintenance))
}

// list writes a list as it is stored: JSON, or nothing.
func list[T string | netip.Addr | netip.Prefix | model.TimeInterval](l []T) string {
	if len(l) == 0 {
		return ""
	}
	text, _ := json.Marshal(l) // of these types it cannot fail
	return string(text)
}

// unlist reverses list.
func unlist[T any](text string, l *[]T) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), l)
}

// SaveService validates a service, which fills its defaults, and adds it or
// changes what is stated about a known one. A deleted service comes back.
func (s *Store) SaveService(ctx context.Context, v *model.Service) error {
	if err := v.Validate(); err != nil {
		return err
	}
	if v.Target == "" {
		return model.Errorf(model.ErrInvalid, "service %s: target is missing", v.ID)
	}
	_, err := exec(ctx, s.w, `INSERT INTO service (id, name, target, status, text, slow, private, country, asn, aliases, addresses, prefixes, name_servers, maintenance, added, place)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, target = excluded.target, status = excluded.status, text = excluded.text,
			slow = excluded.slow, private = excluded.private, country = excluded.country, asn = excluded.asn, aliases = excluded.aliases,
			addresses = excluded.addresses, prefixes = excluded.prefixes, name_servers = excluded.name_servers, maintenance = excluded.maintenance, place = excluded.place, deleted = FALSE`,
		v.ID, v.Name, v.Target, v.Status, v.Text, v.Slow.Microseconds(), v.Private, v.Country, int64(v.ASN),
		list(v.Aliases), list(v.Addresses), list(v.Prefixes), list(v.NameServers), list(v.Maintenance), micros(time.Now()), v.Place)
	return s.wrap("save service "+v.ID, err)
}

// DeleteService stops measuring a service. What was observed and judged stays;
// an outage that lasts ends, as far as is known.
func (s *Store) DeleteService(ctx context.Context, id string) error {
	return s.write(ctx, "delete service "+id, func(tx *sql.Tx) error {
		open, err := all(ctx, tx, scanOne[string], `SELECT u.id FROM outage u JOIN service s ON s.n = u.service WHERE s.id = $1 AND u.ended = 0`, id)
		if err != nil {
			return err
		}
		for _, outage := range open {
			if _, err := s.saveVerdict(ctx, tx, &model.Outage{At: time.Now().UTC(), Service: id, State: model.StateUnknown}, outage, 0); err != nil {
				return err
			}
		}
		n, err := exec(ctx, tx, `UPDATE service SET deleted = TRUE WHERE id = $1 AND deleted = FALSE`, id)
		if err == nil && n == 0 {
			err = sql.ErrNoRows
		}
		return err
	})
}

// Measured returns the definitions of the services that are measured, by id.
func (s *Store) Measured(ctx context.Context) ([]model.Service, error) {
	out, err := all(ctx, s.r, func(row scanner) (model.Service, error) {
		var r serviceRow
		if err := row.Scan(r.dest()...); err != nil {
			return r.Service, err
		}
		return r.service()
	}, `SELECT `+serviceColumns+` FROM service s WHERE s.deleted = FALSE ORDER BY s.id`)
	return out, s.wrap("measured services", err)
}

// Services returns the services that are measured and how they stand, by name.
func (s *Store) Services(ctx context.Context) ([]model.ServiceFacts, error) {
	out, err := s.services(ctx, `s.deleted = FALSE`)
	return out, s.wrap("services", err)
}

// Service returns one service and how it stands, also a deleted one.
func (s *Store) Service(ctx context.Context, id string) (*model.ServiceFacts, error) {
	out, err := s.services(ctx, `s.id = $1`, id)
	if err == nil && len(out) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return nil, s.wrap("service "+id, err)
	}
	return &out[0], nil
}

// services returns those of which a condition holds.
func (s *Store) services(ctx context.Context, where string, args ...any) ([]model.ServiceFacts, error) {
	ns := map[int64]int{}
	out, err := all(ctx, s.r, func(row scanner) (model.ServiceFacts, error) {
		var r serviceRow
		var v verdictRow
		var n int64
		if err := row.Scan(append(append(r.dest(), v.dest()...), &n)...); err != nil {
			return model.ServiceFacts{}, err
		}
		ns[n] = len(ns)
		def, err := r.service()
		if err != nil {
			return model.ServiceFacts{}, err
		}
		f := model.ServiceFacts{Service: def, Availability: -1, Since: fromMicros(v.since)}
		f.Now, err = v.outage()
		return f, err
	}, `SELECT `+serviceColumns+`, `+verdictColumns+`, s.n FROM service s LEFT JOIN verdict v ON v.n = s.verdict
		WHERE `+where+` ORDER BY s.name, s.id`, args...)
	if err != nil || len(out) == 0 {
		return nil, err
	}
	for i := range out {
		if out[i].Now.State == "" {
			out[i].Now.Service, out[i].Now.State = out[i].ID, model.StateUnknown
		}
	}
	if err := s.availability(ctx, out, ns, where, args); err != nil {
		return nil, err
	}
	return out, s.observed(ctx, out, ns, where, args)
}

// availability fills in how much of the last 14 days of which anything is
// stored services were reached, every interval of 5 minutes with the same weight.
func (s *Store) availability(ctx context.Context, out []model.ServiceFacts, ns map[int64]int, where string, args []any) error {
	_, err := all(ctx, s.r, func(row scanner) (struct{}, error) {
		var n int64
		var sum daySum
		err := row.Scan(&n, &sum.intervals, &sum.reached, &sum.refused)
		if i, ok := ns[n]; ok {
			out[i].Availability, out[i].Refused = sum.shares(sum.intervals)
		}
		return struct{}{}, err
	}, `SELECT s.n, sum(d.intervals), sum(d.reached), sum(d.refused) FROM service s JOIN service_day d ON d.service = s.n
		WHERE d.day > (SELECT max(day) FROM service_day) - 14 * 86400000000 AND `+where+`
		GROUP BY s.n`, args...)
	return err
}

// observed fills in when services were last observed.
func (s *Store) observed(ctx context.Context, out []model.ServiceFacts, ns map[int64]int, where string, args []any) error {
	_, err := all(ctx, s.r, func(row scanner) (struct{}, error) {
		var n, at int64
		err := row.Scan(&n, &at)
		if i, ok := ns[n]; ok {
			out[i].Observed = fromMicros(at)
		}
		return struct{}{}, err
	}, `SELECT s.n, coalesce(max((SELECT max(o.at) FROM observation o WHERE o.service = s.n AND o.vantage = v.n)), 0)
		FROM service s CROSS JOIN vantage v WHERE `+where+` GROUP BY s.n`, args...)
	return err
}

// States returns the newest verdict's state of every service that is measured
// and has one, by service.
func (s *Store) States(ctx context.Context) (map[string]model.OutageState, error) {
	out := map[string]model.OutageState{}
	_, err := all(ctx, s.r, func(row scanner) (struct{}, error) {
		var id, state string
		err := row.Scan(&id, &state)
		out[id] = model.OutageState(state)
		return struct{}{}, err
	}, `SELECT s.id, v.state FROM service s JOIN verdict v ON v.n = s.verdict WHERE s.deleted = FALSE`)
	return out, s.wrap("states of services", err)
}
