package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"crosscheck/internal/model"
)

const briefingColumns = `SELECT situation, n, version, title, since, until, at, who, sentences FROM briefing `

func scanBriefing(row scanner) (b model.Briefing, err error) {
	var since, until, at int64
	var sentences string
	if err := row.Scan(&b.Situation, &b.N, &b.Version, &b.Title, &since, &until, &at, &b.By, &sentences); err != nil {
		return b, err
	}
	b.From, b.To, b.At = fromMicros(since), fromMicros(until), fromMicros(at)
	return b, json.Unmarshal([]byte(sentences), &b.Sentences)
}

// Briefings returns the newest version of each briefing of a situation, the
// newest briefing first.
func (s *Store) Briefings(ctx context.Context, situation string) ([]model.Briefing, error) {
	out, err := all(ctx, s.r, scanBriefing, briefingColumns+`b WHERE situation = $1
		AND version = (SELECT max(version) FROM briefing v WHERE v.situation = b.situation AND v.n = b.n) ORDER BY n DESC`, situation)
	return out, s.wrap("briefings of situation "+situation, err)
}

// Briefing returns every version of a briefing, the oldest first; an unknown one
// is a model.ErrNotFound.
func (s *Store) Briefing(ctx context.Context, situation string, n int) ([]model.Briefing, error) {
	out, err := all(ctx, s.r, scanBriefing, briefingColumns+`WHERE situation = $1 AND n = $2 ORDER BY version`, situation, n)
	if err == nil && len(out) == 0 {
		err = sql.ErrNoRows
	}
	return out, s.wrap(fmt.Sprintf("briefing %d of situation %s", n, situation), err)
}

// briefingLock is what whoever publishes a briefing waits for.
const briefingLock = "briefings"

// SaveBriefing keeps a briefing as the next version of briefing b.N, or, where
// N is 0, as the next briefing of its situation, and fills N and Version. What
// is kept is never changed; a correction of a briefing that there is not is a
// model.ErrNotFound.
func (s *Store) SaveBriefing(ctx context.Context, b *model.Briefing) error {
	if err := b.Validate(); err != nil {
		return err
	}
	sentences, err := json.Marshal(b.Sentences)
	if err != nil {
		return fmt.Errorf("store: write sentences of a briefing: %w", err)
	}
	return s.write(ctx, "save briefing of situation "+b.Situation, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, briefingLock); err != nil {
			return err
		}
		n, version := b.N, 1
		if n == 0 {
			if n, err = scanOne[int](one(ctx, tx, `SELECT coalesce(max(n), 0) + 1 FROM briefing WHERE situation = $1`, b.Situation)); err != nil {
				return err
			}
		} else {
			if version, err = scanOne[int](one(ctx, tx, `SELECT coalesce(max(version), 0) + 1 FROM briefing WHERE situation = $1 AND n = $2`, b.Situation, n)); err != nil {
				return err
			}
			if version == 1 {
				return sql.ErrNoRows
			}
		}
		_, err := exec(ctx, tx, `INSERT INTO briefing (situation, n, version, title, since, until, at, who, sentences) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			b.Situation, n, version, b.Title, micros(b.From), micros(b.To), micros(b.At), b.By, string(sentences))
		if err == nil {
			b.N, b.Version = n, version
		}
		return err
	})
}
