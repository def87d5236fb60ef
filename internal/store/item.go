package store

import (
	"context"
	"database/sql"
	"errors"

	"crosscheck/internal/model"
)

// ItemState is how far an item has come.
type ItemState struct {
	Fetched      string // fingerprint the item had when it was fetched last, or ""
	Capture      string // hash of the newest capture, or ""
	ETag         string // of the newest capture
	LastModified string // of the newest capture, verbatim
	Read         string // hash of the capture that was read last, or ""
	Article      string // Article.ID it was read into, or ""
	Sources      []string
}

// SaveItem keeps an item by its key and reports whether it is new or the
// source says that it changed. A known item keeps the source and the time it
// was first seen with, which are filled into it.
func (s *Store) SaveItem(ctx context.Context, it *model.Item) (changed bool, err error) {
	if it.Key == "" {
		it.Key = model.URLKey(it.URL)
	}
	it.ID = model.ID("item", it.Key)
	if known, err := s.itemUnchanged(ctx, it); known || err != nil {
		return false, s.wrap("save item "+it.URL, err)
	}
	err = s.write(ctx, "save item "+it.URL, func(tx *sql.Tx) (err error) {
		if err := s.lock(ctx, tx, it.ID); err != nil {
			return err
		}
		changed, err = saveItem(ctx, tx, it)
		return err
	})
	return changed, err
}

// itemUnchanged is the way of nearly every item of every poll: known, the same
// and listed by this source before. It needs no turn at writing.
func (s *Store) itemUnchanged(ctx context.Context, it *model.Item) (bool, error) {
	var first string
	var seen int64
	err := one(ctx, s.r, `SELECT i.source, i.seen FROM item i JOIN item_source l ON l.item = i.id AND l.source = $2
		WHERE i.id = $1 AND i.fingerprint = $3`, it.ID, it.Source, it.Fingerprint()).Scan(&first, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err == nil {
		it.Source, it.Seen = first, fromMicros(seen)
	}
	return err == nil, err
}

func saveItem(ctx context.Context, tx *sql.Tx, it *model.Item) (changed bool, err error) {
	lister, listed := it.Source, it.Seen
	var first, fingerprint string
	var seen int64
	err = one(ctx, tx, `SELECT source, seen, fingerprint FROM item WHERE id = $1`, it.ID).
		Scan(&first, &seen, &fingerprint)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		changed, err = true, insertItem(ctx, tx, it)
	case err == nil:
		it.Source, it.Seen = first, fromMicros(seen)
		if changed = fingerprint != it.Fingerprint(); changed {
			err = updateItem(ctx, tx, it)
		}
	}
	if err != nil {
		return false, err
	}
	_, err = exec(ctx, tx, `INSERT INTO item_source (item, source, seen) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
		it.ID, lister, micros(listed))
	return changed, err
}

func insertItem(ctx context.Context, tx *sql.Tx, it *model.Item) error {
	_, err := exec(ctx, tx, `INSERT INTO item (id, key, source, url, guid, title, byline, published, updated,
			summary, content, future, seen, fingerprint)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		it.ID, it.Key, it.Source, it.URL, it.GUID, it.Title, it.Byline, micros(it.Published), micros(it.Updated),
		it.Summary, it.Content, it.Future, micros(it.Seen), it.Fingerprint())
	return err
}

func updateItem(ctx context.Context, tx *sql.Tx, it *model.Item) error {
	if err := clearDead(ctx, tx, it.ID, StageFetch, StageRead); err != nil {
		return err
	}
	_, err := exec(ctx, tx, `UPDATE item SET url = $2, guid = $3, title = $4, byline = $5, published = $6, updated = $7,
			summary = $8, content = $9, future = $10, fingerprint = $11 WHERE id = $1`,
		it.ID, it.URL, it.GUID, it.Title, it.Byline, micros(it.Published), micros(it.Updated),
		it.Summary, it.Content, it.Future, it.Fingerprint())
	return err
}

// Item returns one item.
func (s *Store) Item(ctx context.Context, id string) (*model.Item, error) {
	it := model.Item{ID: id}
	var published, updated, seen int64
	err := one(ctx, s.r, `SELECT key, source, url, guid, title, byline, published, updated,
			summary, content, future, seen FROM item WHERE id = $1`, id).
		Scan(&it.Key, &it.Source, &it.URL, &it.GUID, &it.Title, &it.Byline, &published, &updated,
			&it.Summary, &it.Content, &it.Future, &seen)
	if err != nil {
		return nil, s.wrap("item "+id, err)
	}
	it.Published, it.Updated, it.Seen = fromMicros(published), fromMicros(updated), fromMicros(seen)
	return &it, nil
}

// ItemState returns how far an item has come, and which sources list it, the
// first one first.
func (s *Store) ItemState(ctx context.Context, id string) (ItemState, error) {
	var st ItemState
	err := one(ctx, s.r, `SELECT fetched, capture, etag, last_modified, read, article FROM item WHERE id = $1`, id).
		Scan(&st.Fetched, &st.Capture, &st.ETag, &st.LastModified, &st.Read, &st.Article)
	if err == nil {
		st.Sources, err = all(ctx, s.r, scanOne[string],
			`SELECT source FROM item_source WHERE item = $1 ORDER BY seen, source`, id)
	}
	return st, s.wrap("state of item "+id, err)
}

// SetItemCapture marks an item as fetched in the state of the given
// fingerprint, with the capture that holds its page.
func (s *Store) SetItemCapture(ctx context.Context, itemID, fingerprint, hash string) error {
	return s.markItem(ctx, itemID, StageFetch,
		`UPDATE item SET fetched = $2, capture = $3 WHERE id = $1`, fingerprint, hash)
}

// SetItemRead marks the capture hash of an item as read into an article.
func (s *Store) SetItemRead(ctx context.Context, itemID, hash, articleID string) error {
	return s.markItem(ctx, itemID, StageRead, `UPDATE item SET read = $2, article = $3 WHERE id = $1`, hash, articleID)
}

// markItem runs an update of the item $1 and clears its dead letter.
func (s *Store) markItem(ctx context.Context, id, stage, update string, args ...any) error {
	return s.write(ctx, "mark item "+id+" for "+stage, func(tx *sql.Tx) error {
		n, err := exec(ctx, tx, update, append([]any{id}, args...)...)
		if err == nil && n == 0 {
			err = sql.ErrNoRows
		}
		if err != nil {
			return err
		}
		return clearDead(ctx, tx, id, stage)
	})
}
