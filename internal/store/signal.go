package store

import (
	"context"
	"database/sql"
	"time"

	"crosscheck/internal/model"
)

// StoredSignal is a signal with its place in the order of arrival: after the
// observation After and before the next one.
type StoredSignal struct {
	N, After int64
	model.Signal
}

// SaveSignal validates what an outside source said and stores it. The very same
// again is left as it is; what is said again to hold for longer is not the same.
func (s *Store) SaveSignal(ctx context.Context, sig model.Signal, received time.Time) error {
	if err := sig.Validate(); err != nil {
		return err
	}
	return s.write(ctx, "save signal of "+sig.Source, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, observationKey); err != nil {
			return err
		}
		service, err := scanOne[int64](one(ctx, tx, `SELECT n FROM service WHERE id = $1`, sig.Service))
		if err != nil {
			return err
		}
		after, err := scanOne[int64](one(ctx, tx, `SELECT coalesce(max(n), 0) FROM observation`))
		if err != nil {
			return err
		}
		_, err = exec(ctx, tx, `INSERT INTO signal (source, service, at, ratio, stale, class, received, after_n) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (source, service, at, ratio, stale, class) DO NOTHING`,
			sig.Source, service, micros(sig.At), sig.Ratio, sig.Stale.Microseconds(), string(sig.Class), micros(received), after)
		return err
	})
}

func scanSignal(row scanner) (StoredSignal, error) {
	var g StoredSignal
	var at, stale int64
	err := row.Scan(&g.N, &g.After, &g.Source, &g.Service, &at, &g.Ratio, &stale, &g.Class)
	g.At, g.Stale = fromMicros(at), time.Duration(stale)*time.Microsecond
	return g, err
}

// SignalsAfter returns the signals that came after the n-th, in the order they
// came.
func (s *Store) SignalsAfter(ctx context.Context, n int64, limit int) ([]StoredSignal, error) {
	out, err := all(ctx, s.r, scanSignal, `SELECT g.n, g.after_n, g.source, s.id, g.at, g.ratio, g.stale, g.class
		FROM signal g JOIN service s ON s.n = g.service WHERE g.n > $1 ORDER BY g.n LIMIT $2`, n, limit)
	return out, s.wrap("signals", err)
}

// Signals returns what was said of a service from a time until before another,
// oldest first.
func (s *Store) Signals(ctx context.Context, service string, from, to time.Time) ([]model.Signal, error) {
	rows, err := all(ctx, s.r, scanSignal, `SELECT g.n, g.after_n, g.source, s.id, g.at, g.ratio, g.stale, g.class
		FROM signal g JOIN service s ON s.n = g.service WHERE s.id = $1 AND g.at >= $2 AND g.at < $3 ORDER BY g.at, g.source, g.n`,
		service, micros(from), micros(to))
	out := make([]model.Signal, len(rows))
	for i, g := range rows {
		out[i] = g.Signal
	}
	return out, s.wrap("signals of "+service, err)
}
