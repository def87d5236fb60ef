package store

import (
	"context"
	"time"

	"crosscheck/internal/model"
)

const vantageColumns = `id, asn, country, hosting, name, created, revoked, seen, skew, version, own, place`

func scanVantage(row scanner) (model.VantageFacts, error) {
	var v model.VantageFacts
	var created, revoked, seen, skew int64
	err := row.Scan(&v.ID, &v.ASN, &v.Country, &v.Group, &v.Name, &created, &revoked, &seen, &skew, &v.Version, &v.Own, &v.Place)
	v.Created, v.Revoked, v.Seen = fromMicros(created), fromMicros(revoked), fromMicros(seen)
	v.Skew = time.Duration(skew) * time.Microsecond
	return v, err
}

// SaveVantage adds a vantage point or changes what is stated about a known one.
// token is the SHA-256 of its token in hexadecimal, "" for the server's own;
// the former token is worth nothing from then on, and a revoked vantage point
// is let in again. When it was created and what it has reported are kept.
func (s *Store) SaveVantage(ctx context.Context, v model.VantageFacts, token string) error {
	if err := v.Validate(); err != nil {
		return err
	}
	if v.Name == "" {
		v.Name = v.ID
	}
	_, err := exec(ctx, s.w, `INSERT INTO vantage (id, asn, country, hosting, name, token, own, created, place) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET asn = excluded.asn, country = excluded.country, hosting = excluded.hosting, name = excluded.name,
			token = excluded.token, own = excluded.own, place = excluded.place, revoked = 0`,
		v.ID, int64(v.ASN), v.Country, v.Group, v.Name, token, v.Own, micros(v.Created), v.Place)
	return s.wrap("save vantage point "+v.ID, err)
}

// RevokeVantage refuses a vantage point from now on. What it observed stays.
func (s *Store) RevokeVantage(ctx context.Context, id string, at time.Time) error {
	n, err := exec(ctx, s.w, `UPDATE vantage SET revoked = $2 WHERE id = $1 AND revoked = 0 AND own = FALSE`, id, micros(at))
	if err == nil && n == 0 {
		return model.Errorf(model.ErrNotFound, "store: revoke vantage point %s: not found, or revoked already", id)
	}
	return s.wrap("revoke vantage point "+id, err)
}

// Vantages returns every vantage point, by id, revoked ones too.
func (s *Store) Vantages(ctx context.Context) ([]model.VantageFacts, error) {
	out, err := all(ctx, s.r, scanVantage, `SELECT `+vantageColumns+` FROM vantage ORDER BY id`)
	return out, s.wrap("vantage points", err)
}

// VantageTokens returns the SHA-256 of every token, in hexadecimal, by the id of
// its vantage point, revoked ones too.
func (s *Store) VantageTokens(ctx context.Context) (map[string]string, error) {
	out := map[string]string{}
	_, err := all(ctx, s.r, func(row scanner) (struct{}, error) {
		var id, token string
		err := row.Scan(&id, &token)
		out[id] = token
		return struct{}{}, err
	}, `SELECT id, token FROM vantage WHERE token <> ''`)
	return out, s.wrap("tokens of vantage points", err)
}

// TouchVantage keeps what a report told about the vantage point itself.
func (s *Store) TouchVantage(ctx context.Context, id string, seen time.Time, skew time.Duration, version string) error {
	_, err := exec(ctx, s.w, `UPDATE vantage SET seen = $2, skew = $3, version = $4 WHERE id = $1`,
		id, micros(seen), skew.Microseconds(), version)
	return s.wrap("report of vantage point "+id, err)
}
