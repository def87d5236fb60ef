package store

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"crosscheck/internal/model"
)

// rollupKey is the natural key of a roll-up; vantage 0 is all of them.
type rollupKey struct{ service, width, start, vantage int64 }

// rollupSum is what a roll-up counts.
type rollupSum struct {
	ok, slow, refused, fail, invalid int
	dns, tcp, tls, http              int
	ttfb                             float64
	timed                            int
}

// rollups are the counts of one transaction.
type rollups map[rollupKey]*rollupSum

// at calls fn for every roll-up that the time of a pair falls into.
func (r rollups) at(k pairAt, fn func(*rollupSum)) {
	for _, w := range [...]struct {
		width   time.Duration
		vantage int64
	}{{model.RollupFine, k.vantage}, {model.RollupCoarse, k.vantage}, {model.RollupFine, 0}} {
		start := k.at - k.at%w.width.Microseconds()
		key := rollupKey{k.service, int64(w.width / time.Second), start, w.vantage}
		if r[key] == nil {
			r[key] = &rollupSum{}
		}
		fn(r[key])
	}
}

// observation counts one.
func (r rollups) observation(k pairAt, o *model.Observation) {
	r.at(k, func(sum *rollupSum) { sum.count(o) })
}

func (sum *rollupSum) count(o *model.Observation) {
	if !o.Valid {
		sum.invalid++
		return
	}
	switch o.Outcome {
	case model.OutcomeOK:
		sum.ok++
	case model.OutcomeSlow:
		sum.slow++
	case model.OutcomeRefused:
		sum.refused++
	default:
		sum.fail++
		switch o.Layer {
		case model.LayerDNS:
			sum.dns++
		case model.LayerTCP:
			sum.tcp++
		case model.LayerTLS:
			sum.tls++
		case model.LayerHTTP:
			sum.http++
		}
		return
	}
	if o.TTFB > 0 {
		sum.ttfb += o.TTFB
		sum.timed++
	}
}

// save adds the counts to those stored, in the order of their keys, and brings
// the days up to them.
func (r rollups) save(ctx context.Context, tx *sql.Tx) error {
	keys := make([]rollupKey, 0, len(r))
	for k := range r {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b rollupKey) int {
		return cmp.Or(cmp.Compare(a.service, b.service), cmp.Compare(a.width, b.width), cmp.Compare(a.start, b.start), cmp.Compare(a.vantage, b.vantage))
	})
	changed := days{}
	for part := range slices.Chunk(keys, chunk) {
		args := make([]any, 0, len(part)*15)
		for _, k := range part {
			s := r[k]
			args = append(args, k.service, k.width, k.start, k.vantage, s.ok, s.slow, s.refused, s.fail, s.invalid, s.dns, s.tcp, s.tls, s.http, s.ttfb, s.timed)
		}
		_, err := all(ctx, tx, func(row scanner) (struct{}, error) {
			var k rollupKey
			var now rollupSum
			err := row.Scan(&k.service, &k.width, &k.start, &k.vantage, &now.ok, &now.slow, &now.refused, &now.fail)
			if k.vantage == 0 {
				changed.add(k, &now, r[k])
			}
			return struct{}{}, err
		}, `INSERT INTO rollup (service, width, start, vantage, ok, slow, refused, fail, invalid, dns, tcp, tls, http, ttfb, timed)
			VALUES `+tuples(len(part), 15)+`
			ON CONFLICT (service, width, start, vantage) DO UPDATE SET ok = rollup.ok + excluded.ok, slow = rollup.slow + excluded.slow,
				refused = rollup.refused + excluded.refused, fail = rollup.fail + excluded.fail, invalid = rollup.invalid + excluded.invalid,
				dns = rollup.dns + excluded.dns, tcp = rollup.tcp + excluded.tcp, tls = rollup.tls + excluded.tls, http = rollup.http + excluded.http,
				ttfb = rollup.ttfb + excluded.ttfb, timed = rollup.timed + excluded.timed
			RETURNING service, width, start, vantage, ok, slow, refused, fail`, args...)
		if err != nil {
			return err
		}
	}
	return changed.save(ctx, tx)
}

// dayKey is a service and the start of a day.
type dayKey struct{ day, service int64 }

// daySum is what a day is changed by, see the table service_day.
type daySum struct {
	intervals        int
	reached, refused float64
}

// days are the changes of one transaction.
type days map[dayKey]*daySum

// add brings an interval of all vantage points from what it was to what it is
// now that added was counted. Intervals weigh the same however many
// observations they have: a service in trouble is probed more often.
func (d days) add(k rollupKey, now, added *rollupSum) {
	valid := func(s *rollupSum) int { return s.ok + s.slow + s.refused + s.fail }
	if valid(added) == 0 {
		return
	}
	key := dayKey{k.start - k.start%(24*time.Hour).Microseconds(), k.service}
	if d[key] == nil {
		d[key] = &daySum{}
	}
	sum, n := d[key], float64(valid(now))
	sum.reached += (n - float64(now.fail)) / n
	sum.refused += float64(now.refused) / n
	before := float64(valid(now) - valid(added))
	if before == 0 {
		sum.intervals++
		return
	}
	sum.reached -= (before - float64(now.fail-added.fail)) / before
	sum.refused -= float64(now.refused-added.refused) / before
}

// save adds the changes to the days, in the order of their keys.
func (d days) save(ctx context.Context, tx *sql.Tx) error {
	keys := slices.SortedFunc(maps.Keys(d), func(a, b dayKey) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.service, b.service)) })
	for part := range slices.Chunk(keys, chunk) {
		args := make([]any, 0, len(part)*5)
		for _, k := range part {
			args = append(args, k.day, k.service, d[k].intervals, d[k].reached, d[k].refused)
		}
		_, err := exec(ctx, tx, `INSERT INTO service_day (day, service, intervals, reached, refused) VALUES `+tuples(len(part), 5)+`
			ON CONFLICT (day, service) DO UPDATE SET intervals = service_day.intervals + excluded.intervals,
				reached = service_day.reached + excluded.reached, refused = service_day.refused + excluded.refused`, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// ServiceDays returns how a service was reached on the days, in UTC, that begin
// from a time until before another, in their order. Days on which nothing valid
// was observed are missing.
func (s *Store) ServiceDays(ctx context.Context, service string, from, to time.Time) ([]model.ServiceDay, error) {
	out, err := all(ctx, s.r, func(row scanner) (d model.ServiceDay, err error) {
		var day int64
		var n int
		var sum daySum
		err = row.Scan(&day, &n, &sum.reached, &sum.refused)
		d.Day = fromMicros(day)
		d.Availability, d.Refused = sum.shares(n)
		return d, err
	}, `SELECT d.day, d.intervals, d.reached, d.refused FROM service_day d JOIN service s ON s.n = d.service
		WHERE s.id = $1 AND d.day >= $2 AND d.day < $3 ORDER BY d.day`, service, micros(from), micros(to))
	return out, s.wrap("days of "+service, err)
}

// shares are the mean share that reached a service over n intervals, and the
// part of it that was turned away.
func (d daySum) shares(n int) (reached, refused float64) {
	part := func(x, of float64) float64 { return min(1, max(0, x/of)) } // what was taken away again leaves an error of rounding
	if d.reached > 0 {
		refused = part(d.refused, d.reached)
	}
	return part(d.reached, float64(n)), refused
}

// Rollups returns the counts of a service from each vantage point, of intervals
// of one of the widths of package model that begin from a time until before
// another, in their order and by vantage point.
func (s *Store) Rollups(ctx context.Context, service string, width time.Duration, from, to time.Time) ([]model.Rollup, error) {
	if width != model.RollupFine && width != model.RollupCoarse {
		return nil, model.Errorf(model.ErrInvalid, "store: roll-ups of %s: want %s or %s", width, model.RollupFine, model.RollupCoarse)
	}
	out, err := all(ctx, s.r, func(row scanner) (model.Rollup, error) {
		r := model.Rollup{Service: service, Width: width}
		var start int64
		var sum rollupSum
		err := row.Scan(&r.Vantage, &start, &r.OK, &r.Slow, &r.Refused, &r.Fail, &r.Invalid, &sum.dns, &sum.tcp, &sum.tls, &sum.http, &sum.ttfb, &sum.timed)
		r.Start, r.Layer, r.TTFB = fromMicros(start), sum.layer(), sum.ttfb/float64(max(sum.timed, 1))
		return r, err
	}, `SELECT v.id, r.start, r.ok, r.slow, r.refused, r.fail, r.invalid, r.dns, r.tcp, r.tls, r.http, r.ttfb, r.timed
		FROM rollup r JOIN vantage v ON v.n = r.vantage
		WHERE r.service = (SELECT n FROM service WHERE id = $1) AND r.width = $2 AND r.start >= $3 AND r.start < $4
		ORDER BY r.start, v.id`, service, int64(width/time.Second), micros(from), micros(to))
	return out, s.wrap("roll-ups of "+service, err)
}

// layer is the one at which most failed, the first of them where some tie.
func (sum *rollupSum) layer() model.Layer {
	best, most := model.Layer(""), 0
	for i, n := range [...]int{sum.dns, sum.tcp, sum.tls, sum.http} {
		if n > most {
			best, most = [...]model.Layer{model.LayerDNS, model.LayerTCP, model.LayerTLS, model.LayerHTTP}[i], n
		}
	}
	return best
}

// SaveSpooled counts observations of a service by a vantage point that were
// dropped before they could be sent: Start and Width are their time. They are
// spread evenly over the roll-ups it covers. The same service, vantage point
// and start again is left out; it returns how many were new.
func (s *Store) SaveSpooled(ctx context.Context, list []model.Rollup) (accepted int, err error) {
	err = s.write(ctx, "save counts of dropped observations", func(tx *sql.Tx) error {
		accepted = 0
		if err := s.lock(ctx, tx, observationKey); err != nil {
			return err
		}
		ids, err := s.numbers(ctx, tx)
		if err != nil {
			return err
		}
		sums := rollups{}
		for i := range list {
			r := &list[i]
			k, err := ids.key(&model.Observation{Service: r.Service, Vantage: r.Vantage, At: r.Start})
			if err != nil {
				return err
			}
			n, err := exec(ctx, tx, `INSERT INTO spooled (service, vantage, start) VALUES ($1, $2, $3) ON CONFLICT (service, vantage, start) DO NOTHING`,
				k.service, k.vantage, k.at)
			if err != nil {
				return err
			}
			if n > 0 {
				accepted++
				sums.spread(k, r)
			}
		}
		return sums.save(ctx, tx)
	})
	return accepted, err
}

// spread adds the counts of a roll-up of any width to those of the store's.
func (r rollups) spread(k pairAt, of *model.Rollup) {
	start := k.at
	parts := max(1, int(of.Width/model.RollupFine))
	for i := range parts {
		share := func(n int) int { return n*(i+1)/parts - n*i/parts }
		k.at = start + of.Width.Microseconds()*int64(i)/int64(parts)
		r.at(k, func(sum *rollupSum) {
			sum.ok += share(of.OK)
			sum.slow += share(of.Slow)
			sum.refused += share(of.Refused)
			sum.fail += share(of.Fail)
			sum.invalid += share(of.Invalid)
		})
	}
}
