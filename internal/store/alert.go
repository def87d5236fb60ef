package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"crosscheck/internal/model"
)

// SaveAlertRule adds a rule or replaces the one of its id. The time a known one
// was created stays: what came before it is not told.
func (s *Store) SaveAlertRule(ctx context.Context, r *model.AlertRule) error {
	return s.write(ctx, "save alert rule "+r.ID, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, "alert rule "+r.ID); err != nil {
			return err
		}
		var created int64
		switch err := one(ctx, tx, `SELECT created FROM alert_rule WHERE id = $1`, r.ID).Scan(&created); err {
		case nil:
			r.Created = fromMicros(created)
		case sql.ErrNoRows:
		default:
			return err
		}
		doc, err := json.Marshal(r)
		if err != nil {
			return err
		}
		_, err = exec(ctx, tx, `INSERT INTO alert_rule (id, name, doc, created) VALUES ($1, $2, $3, $4)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, doc = excluded.doc`, r.ID, r.Name, string(doc), micros(r.Created))
		return err
	})
}

// AlertRules returns every rule by name.
func (s *Store) AlertRules(ctx context.Context) ([]model.AlertRule, error) {
	out, err := all(ctx, s.r, scanDoc[model.AlertRule], `SELECT doc FROM alert_rule ORDER BY name, id`)
	return out, s.wrap("alert rules", err)
}

// scanDoc reads a row of one column of JSON.
func scanDoc[T any](row scanner) (v T, err error) {
	doc, err := scanOne[string](row)
	if err != nil {
		return v, err
	}
	return v, json.Unmarshal([]byte(doc), &v)
}

// DeleteAlertRule removes a rule with its alerts and what waits to be delivered.
func (s *Store) DeleteAlertRule(ctx context.Context, id string) error {
	return s.write(ctx, "delete alert rule "+id, func(tx *sql.Tx) error {
		n, err := exec(ctx, tx, `DELETE FROM alert_rule WHERE id = $1`, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return sql.ErrNoRows
		}
		if _, err := exec(ctx, tx, `DELETE FROM alert WHERE rule = $1`, id); err != nil {
			return err
		}
		_, err = exec(ctx, tx, `DELETE FROM outbox WHERE rule = $1 AND state = 'waiting'`, id)
		return err
	})
}

// AlertsByID returns those there are.
func (s *Store) AlertsByID(ctx context.Context, ids []string) ([]model.Alert, error) {
	var out []model.Alert
	for _, id := range ids {
		a, err := all(ctx, s.r, scanDoc[model.Alert], `SELECT doc FROM alert WHERE id = $1`, id)
		if err != nil {
			return nil, s.wrap("alert "+id, err)
		}
		out = append(out, a...)
	}
	return out, nil
}

// KeepAlerts stores what came of entries that became known at a time, all of it
// or nothing. An entry is kept once for each number of origins; a delivery that
// is there already is left as it is.
func (s *Store) KeepAlerts(ctx context.Context, situation string, at time.Time, entries []model.Entry, alerts []model.Alert, deliveries []model.Delivery) error {
	return s.write(ctx, "keep alerts", func(tx *sql.Tx) error {
		for i := range entries {
			doc, err := json.Marshal(&entries[i])
			if err != nil {
				return err
			}
			if _, err := exec(ctx, tx, `INSERT INTO alert_entry (situation, id, origins, known, doc) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (situation, id, origins) DO NOTHING`, situation, entries[i].ID, entries[i].Origins, micros(at), string(doc)); err != nil {
				return err
			}
		}
		for i := range alerts {
			doc, err := json.Marshal(&alerts[i])
			if err != nil {
				return err
			}
			if _, err := exec(ctx, tx, `INSERT INTO alert (id, rule, changed, doc) VALUES ($1, $2, $3, $4)
				ON CONFLICT (id) DO UPDATE SET changed = excluded.changed, doc = excluded.doc`,
				alerts[i].ID, alerts[i].Rule, micros(alerts[i].Changed), string(doc)); err != nil {
				return err
			}
		}
		for i := range deliveries {
			d := &deliveries[i]
			doc, err := json.Marshal(&d.Item)
			if err != nil {
				return err
			}
			if _, err := exec(ctx, tx, `INSERT INTO outbox (id, rule, recipient, doc, gather, since, due, tries, err, state, done)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING`,
				d.ID, d.Rule, d.To, string(doc), d.Gather, micros(d.Since), micros(d.Due), d.Tries, d.Err, string(d.State), micros(d.Done)); err != nil {
				return err
			}
		}
		return nil
	})
}

// AlertEntries returns the entries of a situation that became known from a time
// on, in that order, with the time in Seen; situation "" is every one.
func (s *Store) AlertEntries(ctx context.Context, situation string, since time.Time) (map[string][]model.Entry, error) {
	type row struct {
		situation string
		entry     model.Entry
	}
	list, err := all(ctx, s.r, func(r scanner) (out row, err error) {
		var doc string
		var known int64
		if err := r.Scan(&out.situation, &known, &doc); err != nil {
			return out, err
		}
		if err := json.Unmarshal([]byte(doc), &out.entry); err != nil {
			return out, err
		}
		out.entry.Seen = fromMicros(known)
		return out, nil
	}, `SELECT situation, known, doc FROM alert_entry WHERE ($1 = '' OR situation = $1) AND known >= $2 ORDER BY known, id, origins`, situation, micros(since))
	out := map[string][]model.Entry{}
	for _, r := range list {
		out[r.situation] = append(out[r.situation], r.entry)
	}
	return out, s.wrap("alert entries", err)
}

const deliveryColumns = `SELECT id, rule, recipient, doc, gather, since, due, tries, err, state, done FROM outbox `

func scanDelivery(row scanner) (d model.Delivery, err error) {
	var doc, state string
	var since, due, done int64
	if err := row.Scan(&d.ID, &d.Rule, &d.To, &doc, &d.Gather, &since, &due, &d.Tries, &d.Err, &state, &done); err != nil {
		return d, err
	}
	d.Since, d.Due, d.Done, d.State = fromMicros(since), fromMicros(due), fromMicros(done), model.DeliveryState(state)
	return d, json.Unmarshal([]byte(doc), &d.Item)
}

// DueDeliveries returns waiting ones to be tried by a time that nobody has
// claimed beyond it, the oldest first.
func (s *Store) DueDeliveries(ctx context.Context, by time.Time, limit int) ([]model.Delivery, error) {
	out, err := all(ctx, s.r, scanDelivery, deliveryColumns+`WHERE state = 'waiting' AND due <= $1 AND claimed <= $1 ORDER BY due, id LIMIT $2`, micros(by), limit)
	return out, s.wrap("due deliveries", err)
}

// ClaimDeliveries claims deliveries until a time, and returns the ids of those
// that are the caller's now: the others were claimed by somebody else, or are no
// longer due. A claim ends with KeepDeliveries.
func (s *Store) ClaimDeliveries(ctx context.Context, ids []string, now, until time.Time) (claimed []string, err error) {
	err = s.write(ctx, "claim deliveries", func(tx *sql.Tx) error {
		claimed = nil
		for _, id := range ids {
			n, err := exec(ctx, tx, `UPDATE outbox SET claimed = $3 WHERE id = $1 AND state = 'waiting' AND due <= $2 AND claimed <= $2`,
				id, micros(now), micros(until))
			if err != nil {
				return err
			}
			if n > 0 {
				claimed = append(claimed, id)
			}
		}
		return nil
	})
	return claimed, err
}

// NextDelivery is when the next one is to be tried, zero when none waits.
func (s *Store) NextDelivery(ctx context.Context) (time.Time, error) {
	var due sql.NullInt64
	err := one(ctx, s.r, `SELECT MIN(CASE WHEN claimed > due THEN claimed ELSE due END) FROM outbox WHERE state = 'waiting'`).Scan(&due)
	return fromMicros(due.Int64), s.wrap("next delivery", err)
}

// Deliveries returns those in a state, the newest first; "" is any.
func (s *Store) Deliveries(ctx context.Context, state model.DeliveryState, limit int) ([]model.Delivery, error) {
	out, err := all(ctx, s.r, scanDelivery, deliveryColumns+`WHERE ($1 = '' OR state = $1) ORDER BY since DESC, id LIMIT $2`, string(state), limit)
	return out, s.wrap("deliveries", err)
}

// KeepDeliveries stores what became of deliveries, which are nobody's then; one
// whose rule is gone stays gone.
func (s *Store) KeepDeliveries(ctx context.Context, deliveries []model.Delivery) error {
	return s.write(ctx, "keep deliveries", func(tx *sql.Tx) error {
		for _, d := range deliveries {
			if _, err := exec(ctx, tx, `UPDATE outbox SET due = $2, tries = $3, err = $4, state = $5, done = $6, claimed = 0 WHERE id = $1`,
				d.ID, micros(d.Due), d.Tries, d.Err, string(d.State), micros(d.Done)); err != nil {
				return err
			}
		}
		return nil
	})
}

// PruneAlerts forgets entries known, alerts changed and deliveries finished
// before a time.
func (s *Store) PruneAlerts(ctx context.Context, before time.Time) error {
	return s.write(ctx, "prune alerts", func(tx *sql.Tx) error {
		for _, query := range []string{
			`DELETE FROM alert_entry WHERE known < $1`, `DELETE FROM alert WHERE changed < $1`, `DELETE FROM outbox WHERE state <> 'waiting' AND done < $1`,
		} {
			if _, err := exec(ctx, tx, query, micros(before)); err != nil {
				return fmt.Errorf("%s: %w", query, err)
			}
		}
		return nil
	})
}

// AlertMark is up to which KnownEntry.Serial entries have been held against the
// rules; 0 before the first.
func (s *Store) AlertMark(ctx context.Context) (int64, error) {
	n, err := scanOne[int64](one(ctx, s.r, `SELECT coalesce(max(serial), 0) FROM alert_mark`))
	return n, s.wrap("alert mark", err)
}

// SetAlertMark keeps how far entries have been held against the rules.
func (s *Store) SetAlertMark(ctx context.Context, serial int64) error {
	return s.write(ctx, "alert mark", func(tx *sql.Tx) error {
		_, err := exec(ctx, tx, `INSERT INTO alert_mark (one, serial) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET serial = excluded.serial`, serial)
		return err
	})
}
