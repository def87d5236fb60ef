package store

import (
	"context"
	"database/sql"
	"errors"
)

// moved notes that the id of a story or claim leads to another from now on, and
// so does whatever led to it.
func moved(ctx context.Context, tx *sql.Tx, noun, id, now string) error {
	if _, err := exec(ctx, tx, `UPDATE moved SET now = $3 WHERE noun = $1 AND now = $2`, noun, id, now); err != nil {
		return err
	}
	_, err := exec(ctx, tx, `INSERT INTO moved (noun, id, now) VALUES ($1, $2, $3)
		ON CONFLICT (noun, id) DO UPDATE SET now = excluded.now`, noun, id, now)
	return err
}

// unmoved takes that back for an id that is in use again.
func unmoved(ctx context.Context, tx *sql.Tx, noun, id string) error {
	_, err := exec(ctx, tx, `DELETE FROM moved WHERE noun = $1 AND id = $2`, noun, id)
	return err
}

// nowAt is where an id leads: itself, unless it was moved.
func nowAt(ctx context.Context, c conn, noun, id string) (string, error) {
	now, err := scanOne[string](one(ctx, c, `SELECT now FROM moved WHERE noun = $1 AND id = $2`, noun, id))
	if errors.Is(err, sql.ErrNoRows) {
		return id, nil
	}
	return now, err
}
