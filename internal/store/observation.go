package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// StoredObservation is an observation with its place in the order of arrival.
type StoredObservation struct {
	N        int64 // rises with the order of arrival
	Received time.Time
	model.Observation
}

const (
	// chunk is how many rows are written by one statement. SQLite takes time that
	// grows with the square of the number of arguments.
	chunk = 50
	// observationKey is the lock that keeps arrivals in one order.
	observationKey = "observation"
)

const observationColumns = `o.n, o.received, o.at, s.id, v.id, o.asn, o.country, o.hosting, o.valid, o.outcome, o.layer, o.failure, o.status,
	o.dns, o.tcp, o.tls, o.ttfb, o.maintenance, o.addresses, coalesce(e.evidence, '')`

const observationTables = `observation o JOIN service s ON s.n = o.service JOIN vantage v ON v.n = o.vantage
	LEFT JOIN observation_evidence e ON e.n = o.n`

func scanObservation(row scanner) (StoredObservation, error) {
	var o StoredObservation
	var received, at int64
	var addresses, evidence string
	err := row.Scan(&o.N, &received, &at, &o.Service, &o.Vantage, &o.ASN, &o.Country, &o.Group, &o.Valid, &o.Outcome, &o.Layer, &o.Failure, &o.Status,
		&o.DNS, &o.TCP, &o.TLS, &o.TTFB, &o.Maintenance, &addresses, &evidence)
	if err != nil {
		return o, err
	}
	o.Received, o.At = fromMicros(received), fromMicros(at)
	if addresses != "" {
		o.Addresses = strings.Fields(addresses)
	}
	if evidence != "" {
		o.Evidence = &model.Evidence{}
		err = json.Unmarshal([]byte(evidence), o.Evidence)
	}
	return o, err
}

// pairAt is the natural key of an observation.
type pairAt struct{ service, vantage, at int64 }

// SaveObservations stores observations that came at a time, and counts them in
// the roll-ups. One of a service, vantage point and microsecond that is stored
// already is left out; it returns how many were new and how many were not.
// Services and vantage points must be known.
func (s *Store) SaveObservations(ctx context.Context, list []model.Observation, received time.Time) (accepted, duplicates int, err error) {
	err = s.write(ctx, "save observations", func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, observationKey); err != nil {
			return err
		}
		ids, err := s.numbers(ctx, tx)
		if err != nil {
			return err
		}
		keyed := make(map[pairAt]*model.Observation, len(list))
		keys := make([]pairAt, 0, len(list))
		for i := range list {
			k, err := ids.key(&list[i])
			if err != nil {
				return err
			}
			if keyed[k] == nil {
				keyed[k] = &list[i]
				keys = append(keys, k)
			}
		}
		sums := rollups{}
		accepted = 0
		for part := range slices.Chunk(keys, chunk) {
			n, err := s.saveChunk(ctx, tx, part, keyed, received, sums)
			if err != nil {
				return err
			}
			accepted += n
		}
		duplicates = len(list) - accepted
		return sums.save(ctx, tx)
	})
	return accepted, duplicates, err
}

// saveChunk writes some observations by one statement, the evidence of the new
// ones by another, and counts these.
func (s *Store) saveChunk(ctx context.Context, tx *sql.Tx, keys []pairAt, keyed map[pairAt]*model.Observation, received time.Time, sums rollups) (int, error) {
	args := make([]any, 0, len(keys)*18)
	for _, k := range keys {
		o := keyed[k]
		args = append(args, k.service, k.vantage, k.at, micros(received), int64(o.ASN), o.Country, o.Group, o.Valid, string(o.Outcome), string(o.Layer),
			o.Failure, o.Status, o.DNS, o.TCP, o.TLS, o.TTFB, o.Maintenance, strings.Join(o.Addresses, " "))
	}
	type stored struct {
		n int64
		pairAt
	}
	fresh, err := all(ctx, tx, func(row scanner) (r stored, err error) {
		err = row.Scan(&r.n, &r.service, &r.vantage, &r.at)
		return r, err
	}, `INSERT INTO observation (service, vantage, at, received, asn, country, hosting, valid, outcome, layer, failure, status, dns, tcp, tls, ttfb, maintenance, addresses)
		VALUES `+tuples(len(keys), 18)+` ON CONFLICT (service, vantage, at) DO NOTHING RETURNING n, service, vantage, at`, args...)
	if err != nil {
		return 0, err
	}
	var evidence []any
	for _, r := range fresh {
		o := keyed[r.pairAt]
		sums.observation(r.pairAt, o)
		if o.Evidence == nil {
			continue
		}
		text, err := json.Marshal(o.Evidence)
		if err != nil {
			return 0, err
		}
		evidence = append(evidence, r.n, micros(received), o.Valid && o.Outcome == model.OutcomeOK, string(text))
	}
	if len(evidence) > 0 {
		_, err = exec(ctx, tx, `INSERT INTO observation_evidence (n, received, good, evidence) VALUES `+tuples(len(evidence)/4, 4), evidence...)
	}
	return len(fresh), err
}

// tuples are the places of the arguments of rows: "($1, $2), ($3, $4)".
func tuples(rows, columns int) string {
	var b strings.Builder
	for i := range rows * columns {
		switch {
		case i == 0:
			b.WriteString("($")
		case i%columns == 0:
			b.WriteString("), ($")
		default:
			b.WriteString(", $")
		}
		b.WriteString(strconv.Itoa(i + 1))
	}
	return b.String() + ")"
}

// numbers are the rows of services and vantage points by their ids.
type numbers struct{ services, vantages map[string]int64 }

func (s *Store) numbers(ctx context.Context, c conn) (numbers, error) {
	ids := numbers{map[string]int64{}, map[string]int64{}}
	_, err := all(ctx, c, func(row scanner) (struct{}, error) {
		var noun, id string
		var n int64
		err := row.Scan(&noun, &id, &n)
		if noun == "service" {
			ids.services[id] = n
		} else {
			ids.vantages[id] = n
		}
		return struct{}{}, err
	}, `SELECT 'service', id, n FROM service UNION ALL SELECT 'vantage', id, n FROM vantage`)
	return ids, err
}

func (ids numbers) key(o *model.Observation) (pairAt, error) {
	service, ok := ids.services[o.Service]
	if !ok {
		return pairAt{}, model.Errorf(model.ErrInvalid, "store: save observations: service %q is not known", o.Service)
	}
	vantage, ok := ids.vantages[o.Vantage]
	if !ok {
		return pairAt{}, model.Errorf(model.ErrInvalid, "store: save observations: vantage point %q is not known", o.Vantage)
	}
	return pairAt{service, vantage, micros(o.At)}, nil
}

// ObservationsAfter returns observations that came after the n-th, in the order
// they came.
func (s *Store) ObservationsAfter(ctx context.Context, n int64, limit int) ([]StoredObservation, error) {
	out, err := all(ctx, s.r, scanObservation, `SELECT `+observationColumns+` FROM `+observationTables+`
		WHERE o.n > $1 ORDER BY o.n LIMIT $2`, n, limit)
	return out, s.wrap("observations", err)
}

// LastArrival returns the place of the newest observation in the order of
// arrival, 0 when there is none.
func (s *Store) LastArrival(ctx context.Context) (int64, error) {
	n, err := scanOne[int64](one(ctx, s.r, `SELECT coalesce(max(n), 0) FROM observation`))
	return n, s.wrap("last arrival", err)
}

// LastObservations returns the newest observation of a service by each vantage
// point at or before a time, by vantage point. Where those are no longer kept,
// it returns the ones that the newest verdict by then was given on, without
// their evidence.
func (s *Store) LastObservations(ctx context.Context, service string, at time.Time) ([]model.Observation, error) {
	out, err := lastObservations(ctx, s.r, service, at)
	if err != nil || len(out) > 0 {
		return out, s.wrap("last observations of "+service, err)
	}
	texts, err := all(ctx, s.r, scanOne[string], `SELECT v.grounds FROM verdict v JOIN service s ON s.n = v.service
		WHERE s.id = $1 AND v.at <= $2 ORDER BY v.at DESC, v.n DESC LIMIT 1`, service, micros(at))
	if err != nil || len(texts) == 0 {
		return nil, s.wrap("last observations of "+service, err)
	}
	var g grounds
	err = json.Unmarshal([]byte(texts[0]), &g)
	return g.Seen, s.wrap("last observations of "+service, err)
}

func lastObservations(ctx context.Context, c conn, service string, at time.Time) ([]model.Observation, error) {
	rows, err := all(ctx, c, scanObservation, `SELECT `+observationColumns+` FROM `+observationTables+`
		JOIN (SELECT (SELECT x.n FROM observation x JOIN service y ON y.n = x.service WHERE y.id = $1 AND x.vantage = w.n AND x.at <= $2 ORDER BY x.at DESC LIMIT 1) AS n
			FROM vantage w) last ON last.n = o.n ORDER BY v.id`, service, micros(at))
	return plain(rows), err
}

// Observations returns what was observed of services from a time until before
// another, in the order of the times of the observations.
func (s *Store) Observations(ctx context.Context, services []string, from, to time.Time) ([]model.Observation, error) {
	var out []model.Observation
	for _, id := range services {
		rows, err := all(ctx, s.r, scanObservation, `SELECT `+observationColumns+` FROM `+observationTables+`
			WHERE o.service = (SELECT n FROM service WHERE id = $1) AND o.vantage IN (SELECT n FROM vantage) AND o.at >= $2 AND o.at < $3`, id, micros(from), micros(to))
		if err != nil {
			return nil, s.wrap("observations of "+id, err)
		}
		out = append(out, plain(rows)...)
	}
	slices.SortFunc(out, func(a, b model.Observation) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Vantage, b.Vantage))
	})
	return out, nil
}

func plain(rows []StoredObservation) []model.Observation {
	out := make([]model.Observation, len(rows))
	for i := range rows {
		out[i] = rows[i].Observation
	}
	return out
}

// Keep says for how long observations and their roll-ups are kept; 0 is for
// ever. Signals, and which counts of a spool were taken, are kept as long as
// observations. The evidence of an observation in which nothing failed is kept for Good.
type Keep struct{ Observations, Good, Fine, Coarse time.Duration }

// forgetAtOnce bounds what one transaction deletes, so that others get their
// turn.
const forgetAtOnce = 5000

// Forget deletes what is older than it is to be kept, a part at a time, and
// returns how many observations went.
func (s *Store) Forget(ctx context.Context, now time.Time, keep Keep) (gone int64, err error) {
	steps := []struct {
		keep  time.Duration
		query string
	}{
		{keep.Observations, `DELETE FROM observation WHERE n IN (SELECT n FROM observation ORDER BY n LIMIT $2) AND received < $1`},
		{keep.Observations, `DELETE FROM observation_evidence WHERE n IN (SELECT n FROM observation_evidence ORDER BY n LIMIT $2) AND received < $1`},
		{keep.Good, `DELETE FROM observation_evidence WHERE n IN (SELECT n FROM observation_evidence WHERE good ORDER BY n LIMIT $2) AND received < $1`},
		// The last one stays, so that the order of arrival does not begin again.
		{keep.Observations, `DELETE FROM signal WHERE n IN (SELECT n FROM signal WHERE n < (SELECT max(n) FROM signal) ORDER BY n LIMIT $2) AND received < $1`},
		{keep.Observations, `DELETE FROM spooled WHERE (service, vantage, start) IN (SELECT service, vantage, start FROM spooled WHERE start < $1 LIMIT $2)`},
		{keep.Fine, `DELETE FROM rollup WHERE (service, width, start, vantage) IN (SELECT service, width, start, vantage FROM rollup WHERE width = 300 AND start < $1 LIMIT $2)`},
		{keep.Coarse, `DELETE FROM rollup WHERE (service, width, start, vantage) IN (SELECT service, width, start, vantage FROM rollup WHERE width = 3600 AND start < $1 LIMIT $2)`},
	}
	for i, step := range steps {
		for n := int64(forgetAtOnce); step.keep > 0 && n == forgetAtOnce; {
			if n, err = exec(ctx, s.w, step.query, micros(now.Add(-step.keep)), forgetAtOnce); err != nil {
				return gone, s.wrap("forget observations", err)
			}
			if i == 0 {
				gone += n
			}
		}
	}
	return gone, nil
}
