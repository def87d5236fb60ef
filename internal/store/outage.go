package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

const verdictColumns = `coalesce(v.outage, ''), coalesce(v.event, ''), coalesce(v.at, 0), coalesce(v.since, 0), coalesce(v.state, ''), coalesce(v.class, ''),
	coalesce(v.onset, 0), coalesce(v.uncertainty, 0), coalesce(v.ended, 0), coalesce(v.rule, ''), coalesce(v.reviewed, FALSE), coalesce(v.grounds, ''), s.id`

// verdictRow is where a verdict is scanned to.
type verdictRow struct {
	outageID                            string
	at, since, onset, uncertainty, ends int64
	grounds                             string
	review                              int64 // grounds.Review, once unpacked
	o                                   model.Outage
}

func (r *verdictRow) dest() []any {
	return []any{
		&r.outageID, &r.o.Event, &r.at, &r.since, &r.o.State, &r.o.Class, &r.onset, &r.uncertainty, &r.ends,
		&r.o.Rule, &r.o.Reviewed, &r.grounds, &r.o.Service,
	}
}

// grounds is who said what in a verdict, as it is stored.
type grounds struct {
	Down      []string          `json:"down"`
	Up        []string          `json:"up"`
	Excluded  []model.Exclusion `json:"excluded"`
	Asked     int               `json:"asked"`
	Networks  int               `json:"networks"`
	Countries int               `json:"countries"`
	Support   []string          `json:"support,omitempty"`
	// Seen is the newest observation of each vantage point, without its evidence:
	// it outlives the observations themselves.
	Seen   []model.Observation `json:"seen,omitempty"`
	Review int64               `json:"review,omitempty"` // the newest observation that a review knew
}

// outage unpacks what was scanned.
func (r *verdictRow) outage() (model.Outage, error) {
	o := r.o
	o.At, o.Onset, o.End = fromMicros(r.at), fromMicros(r.onset), fromMicros(r.ends)
	o.Uncertainty = time.Duration(r.uncertainty) * time.Microsecond
	if r.grounds == "" {
		return o, nil
	}
	var g grounds
	if err := json.Unmarshal([]byte(r.grounds), &g); err != nil {
		return o, err
	}
	r.review = g.Review
	o.Down, o.Up, o.Excluded, o.Asked, o.Networks, o.Countries, o.Support = g.Down, g.Up, g.Excluded, g.Asked, g.Networks, g.Countries, g.Support
	return o, nil
}

// Judged is how far arrivals have been judged and their verdicts stored.
type Judged struct {
	Observation, Signal int64     // the last ones
	At                  time.Time // the last time that was told
}

// SaveVerdicts stores changes of the state of services in their order, with the
// outages they belong to, and how far was judged. A verdict that is stored
// already is left as it is. It returns the ids of the outages that changed.
func (s *Store) SaveVerdicts(ctx context.Context, list []model.Outage, judged Judged) (changed []string, err error) {
	err = s.write(ctx, "save verdicts", func(tx *sql.Tx) error {
		changed = nil
		for i := range list {
			id, err := s.saveVerdict(ctx, tx, &list[i], "", 0)
			if err != nil {
				return err
			}
			if id != "" && !slices.Contains(changed, id) {
				changed = append(changed, id)
			}
		}
		_, err := exec(ctx, tx, `UPDATE judged SET observation = $1, signal = $2, at = $3`, judged.Observation, judged.Signal, micros(judged.At))
		return err
	})
	return changed, err
}

// Judged returns how far verdicts are stored.
func (s *Store) Judged(ctx context.Context) (Judged, error) {
	var j Judged
	var at int64
	err := one(ctx, s.r, `SELECT observation, signal, at FROM judged`).Scan(&j.Observation, &j.Signal, &at)
	j.At = fromMicros(at)
	return j, s.wrap("judged", err)
}

// SaveReview keeps that an outage was judged again with the observations until
// the n-th, and what that changed: nothing, or verdicts marked as reviewed.
func (s *Store) SaveReview(ctx context.Context, outage string, corrections []model.Outage, n int64) error {
	return s.write(ctx, "save review of outage "+outage, func(tx *sql.Tx) error {
		for i := range corrections {
			if _, err := s.saveVerdict(ctx, tx, &corrections[i], outage, n); err != nil {
				return err
			}
		}
		_, err := exec(ctx, tx, `UPDATE outage SET reviewed = $2 WHERE id = $1`, outage, n)
		return err
	})
}

// saveVerdict stores one, of a given outage or of the one it belongs to, and
// returns the outage it changed, if any. review is the newest observation that a
// review knew, 0 outside one.
func (s *Store) saveVerdict(ctx context.Context, tx *sql.Tx, o *model.Outage, outage string, review int64) (string, error) {
	var service, last int64
	var deleted bool
	if err := one(ctx, tx, `SELECT n, verdict, deleted FROM service WHERE id = $1`, o.Service).Scan(&service, &last, &deleted); err != nil {
		return "", fmt.Errorf("service %q: %w", o.Service, err)
	}
	if deleted && !o.Reviewed {
		return "", nil // that nobody measures it any more is no news
	}
	if outage == "" {
		var err error
		if outage, err = outageOf(ctx, tx, service, o); err != nil {
			return "", err
		}
	}
	since, err := all(ctx, tx, scanOne[int64], `SELECT since FROM verdict WHERE n = $1 AND state = $2`, last, string(o.State))
	if err != nil {
		return "", err
	}
	since = append(since, micros(o.At))
	seen, err := lastObservations(ctx, tx, o.Service, o.At)
	if err != nil {
		return "", err
	}
	for i := range seen {
		seen[i].Evidence = nil
	}
	text, err := json.Marshal(grounds{o.Down, o.Up, o.Excluded, o.Asked, o.Networks, o.Countries, o.Support, seen, review})
	if err != nil {
		return "", err
	}
	fresh, err := all(ctx, tx, scanOne[int64], `INSERT INTO verdict (id, service, outage, event, at, since, state, class, onset, uncertainty, ended, rule, reviewed, grounds)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (id) DO NOTHING RETURNING n`,
		verdictID(o, review), service, outage, o.Event, micros(o.At), since[0], string(o.State), string(o.Class), micros(o.Onset), o.Uncertainty.Microseconds(),
		micros(o.End), o.Rule, o.Reviewed, string(text))
	if err != nil || len(fresh) == 0 {
		return "", err
	}
	if !o.Reviewed {
		if _, err := exec(ctx, tx, `UPDATE service SET verdict = $2 WHERE n = $1`, service, fresh[0]); err != nil {
			return "", err
		}
	}
	if outage == "" {
		return "", nil
	}
	return outage, s.saveOutage(ctx, tx, outage, service)
}

// verdictID names a verdict by all that makes it another one.
func verdictID(o *model.Outage, review int64) string {
	stamp := func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
	return model.ID("verdict", o.Service, stamp(o.At), o.Event, string(o.State), string(o.Class), stamp(o.Onset), stamp(o.End), o.Rule, fmt.Sprint(o.Reviewed, review))
}

// outageOf is the id of the outage a verdict belongs to, "" for one outside. An
// outage that lasts keeps its id when its event turns out to be that of another
// service too; where the judge no longer knows of it and the service is up, the
// verdict ends it.
func outageOf(ctx context.Context, tx *sql.Tx, service int64, o *model.Outage) (string, error) {
	if o.Event == "" && o.State != model.StateUp && o.State != model.StateResolved {
		return "", nil
	}
	known, err := all(ctx, tx, scanOne[string], `SELECT id FROM outage WHERE service = $1 AND (event = $2 OR ended = 0)
		ORDER BY CASE WHEN event = $2 THEN 0 ELSE 1 END, onset DESC LIMIT 1`, service, o.Event)
	switch {
	case err != nil || len(known) > 0:
		return first(known), err
	case o.Event == "":
		return "", nil
	}
	return model.ID("outage", o.Event, o.Service), nil
}

func first(l []string) string {
	if len(l) == 0 {
		return ""
	}
	return l[0]
}

// saveOutage brings the row of an outage up to its verdicts.
func (s *Store) saveOutage(ctx context.Context, tx *sql.Tx, id string, service int64) error {
	verdicts, err := s.verdicts(ctx, tx, []string{id})
	if err != nil {
		return err
	}
	f := verdicts[id].facts()
	_, err = exec(ctx, tx, `INSERT INTO outage (id, service, event, state, grave, class, onset, uncertainty, confirmed, ended)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO UPDATE SET event = excluded.event, state = excluded.state, grave = excluded.grave, class = excluded.class, onset = excluded.onset,
			uncertainty = excluded.uncertainty, confirmed = excluded.confirmed, ended = excluded.ended`,
		id, service, f.Event, string(f.State), gravity[f.State] >= gravity[model.StateFlapping], string(f.Class), micros(f.Onset), f.Uncertainty.Microseconds(),
		micros(f.Confirmed), micros(f.End))
	return err
}

// gravity orders the states of an outage.
var gravity = map[model.OutageState]int{
	model.StateRegional: 1, model.StatePartial: 2, model.StateFlapping: 3, model.StateProbable: 4, model.StateConfirmed: 5,
}

// verdictsOf are those of an outage, oldest first.
type verdictsOf struct {
	all    []model.Outage
	last   []model.Outage // of the newest review
	review int64          // which one that is
}

func (v *verdictsOf) add(o model.Outage, review int64) {
	v.all = append(v.all, o)
	if review > v.review {
		v.last, v.review = nil, review
	}
	if o.Reviewed && review == v.review {
		v.last = append(v.last, o)
	}
}

// facts sums them up: those of the newest review, where there was one.
func (v *verdictsOf) facts() model.OutageFacts {
	f := Facts(v.all)
	if len(v.last) > 0 {
		f = Facts(v.last)
	}
	f.Verdicts = v.all
	return f
}

// Facts sums the verdicts of an outage up, oldest first.
func Facts(verdicts []model.Outage) model.OutageFacts {
	f := model.OutageFacts{Verdicts: verdicts}
	for i, o := range verdicts {
		if i == 0 || cmp.Or(cmp.Compare(gravity[o.State], gravity[f.Peak.State]), cmp.Compare(len(o.Down), len(f.Peak.Down))) > 0 {
			f.Peak = o
		}
		f.Service, f.Event = o.Service, cmp.Or(o.Event, f.Event)
		if !o.Onset.IsZero() {
			f.Onset, f.Uncertainty = o.Onset, cmp.Or(o.Uncertainty, f.Uncertainty)
		}
		if o.State == model.StateConfirmed && f.Confirmed.IsZero() {
			f.Confirmed = o.At
		}
		f.End = o.End
		if o.Event == "" {
			f.End = o.At
		}
	}
	f.State, f.Class = f.Peak.State, f.Peak.Class
	for i := len(verdicts) - 1; i >= 0 && f.Class == ""; i-- {
		f.Class = verdicts[i].Class
	}
	return f
}

// verdicts returns those of outages, by outage, oldest first.
func (s *Store) verdicts(ctx context.Context, c conn, outages []string) (map[string]*verdictsOf, error) {
	out := map[string]*verdictsOf{}
	for _, id := range outages {
		out[id] = &verdictsOf{}
	}
	for part := range slices.Chunk(outages, chunk) {
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = id
		}
		_, err := all(ctx, c, func(row scanner) (struct{}, error) {
			var r verdictRow
			if err := row.Scan(r.dest()...); err != nil {
				return struct{}{}, err
			}
			o, err := r.outage()
			out[r.outageID].add(o, r.review)
			return struct{}{}, err
		}, `SELECT `+verdictColumns+` FROM verdict v JOIN service s ON s.n = v.service
			WHERE v.outage <> '' AND v.outage IN `+tuples(1, len(part))+` ORDER BY v.n`, args...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Verdicts returns what was judged of a service from a time until before
// another, in the order it was stored.
func (s *Store) Verdicts(ctx context.Context, service string, from, to time.Time) ([]model.Outage, error) {
	out, err := all(ctx, s.r, func(row scanner) (model.Outage, error) {
		var r verdictRow
		if err := row.Scan(r.dest()...); err != nil {
			return r.o, err
		}
		return r.outage()
	}, `SELECT `+verdictColumns+` FROM verdict v JOIN service s ON s.n = v.service WHERE s.id = $1 AND v.at >= $2 AND v.at < $3 ORDER BY v.n`,
		service, micros(from), micros(to))
	return out, s.wrap("verdicts of "+service, err)
}

// maxOutages bounds one answer.
const maxOutages = 1000

// Outages returns outages, the newest onset first.
func (s *Store) Outages(ctx context.Context, q model.OutageQuery) ([]model.OutageFacts, error) {
	where := []string{"1 = 1"}
	var args []any
	arg := func(cond string, v any) {
		args = append(args, v)
		where = append(where, strings.ReplaceAll(cond, "?", fmt.Sprint("$", len(args))))
	}
	if q.Services != nil {
		names := []string{"''"}
		for _, id := range q.Services {
			args = append(args, id)
			names = append(names, fmt.Sprint("$", len(args)))
		}
		where = append(where, "s.id IN ("+strings.Join(names, ", ")+")")
	}
	if !q.From.IsZero() {
		arg("(u.ended = 0 OR u.ended >= ?)", micros(q.From))
	}
	if !q.To.IsZero() {
		arg("u.onset < ?", micros(q.To))
	}
	if !q.Before.IsZero() {
		arg("u.onset < ?", micros(q.Before))
	}
	if q.Grave {
		where = append(where, "u.grave")
	}
	if q.Limit <= 0 || q.Limit > maxOutages {
		q.Limit = maxOutages
	}
	args = append(args, q.Limit)
	out, err := s.outages(ctx, strings.Join(where, " AND ")+fmt.Sprintf(" ORDER BY u.onset DESC, u.id LIMIT $%d", len(args)), args...)
	return out, s.wrap("outages", err)
}

// Outage returns one outage with its verdicts.
func (s *Store) Outage(ctx context.Context, id string) (*model.OutageFacts, error) {
	out, err := s.outages(ctx, `u.id = $1`, id)
	if err == nil && len(out) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return nil, s.wrap("outage "+id, err)
	}
	return &out[0], nil
}

func (s *Store) outages(ctx context.Context, where string, args ...any) ([]model.OutageFacts, error) {
	type row struct{ id, name string }
	rows, err := all(ctx, s.r, func(sc scanner) (r row, err error) {
		err = sc.Scan(&r.id, &r.name)
		return r, err
	}, `SELECT u.id, s.name FROM outage u JOIN service s ON s.n = u.service WHERE `+where, args...)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.id
	}
	verdicts, err := s.verdicts(ctx, s.r, ids)
	if err != nil {
		return nil, err
	}
	out := make([]model.OutageFacts, len(rows))
	for i, r := range rows {
		out[i] = verdicts[r.id].facts()
		out[i].ID, out[i].ServiceName = r.id, r.name
	}
	return out, nil
}

// ToReview returns outages that ended before a time and after another of which
// observations of their time came late, by more than the delay, since they were
// last reviewed.
func (s *Store) ToReview(ctx context.Context, after, before time.Time, delay time.Duration) ([]string, error) {
	out, err := all(ctx, s.r, scanOne[string], `SELECT u.id FROM outage u WHERE u.ended > $1 AND u.ended < $2 AND EXISTS (
			SELECT 1 FROM vantage v JOIN observation o ON o.service = u.service AND o.vantage = v.n AND o.at > u.onset - $3 AND o.at < u.ended + $3
			WHERE o.received - o.at > $3 AND o.n > u.reviewed)
		ORDER BY u.onset, u.id`, micros(after), micros(before), delay.Microseconds())
	return out, s.wrap("outages to review", err)
}
