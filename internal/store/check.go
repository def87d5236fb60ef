package store

import (
	"context"
	"database/sql"
	"time"
)

// SetItemCheck keeps the validators of an item's newest capture and when to
// look again whether its page was edited; a zero time means no more.
func (s *Store) SetItemCheck(ctx context.Context, itemID, etag, lastModified string, next time.Time) error {
	_, err := exec(ctx, s.w, `UPDATE item SET etag = $2, last_modified = $3, next_check = $4 WHERE id = $1`,
		itemID, etag, lastModified, micros(next))
	return s.wrap("next check of item "+itemID, err)
}

// TakeChecks returns the items whose page is to be looked at again by now, the
// longest overdue first, and puts each off until the lease is over, when it is
// due again unless SetItemCheck said otherwise.
func (s *Store) TakeChecks(ctx context.Context, now time.Time, lease time.Duration, limit int) (ids []string, err error) {
	ids, err = all(ctx, s.r, scanOne[string], `SELECT id FROM item WHERE next_check > 0 AND next_check <= $1
		ORDER BY next_check, id LIMIT $2`, micros(now), limit)
	if err != nil || len(ids) == 0 {
		return nil, s.wrap("items to check", err)
	}
	err = s.write(ctx, "put off checks", func(tx *sql.Tx) error {
		for _, id := range ids {
			if _, err := exec(ctx, tx, `UPDATE item SET next_check = $2 WHERE id = $1`, id, micros(now.Add(lease))); err != nil {
				return err
			}
		}
		return nil
	})
	return ids, err
}
