package store

import (
	"context"

	"crosscheck/internal/model"
)

// SaveCapture keeps a capture: first the body, synced to disk under its hash,
// then the row. A body that is already there is not written again, and the
// first row of a hash stays.
func (s *Store) SaveCapture(ctx context.Context, c model.Capture, body []byte) error {
	if got := model.HashOf(body); got != c.Hash {
		return model.Errorf(model.ErrInvalid, "store: capture of %s: the body's hash is %s, not %q", c.URL, got, c.Hash)
	}
	if err := s.captures.save(c.Hash, body); err != nil {
		return err
	}
	_, err := exec(ctx, s.w, `INSERT INTO capture (hash, url, final_url, content_type, size, at)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		c.Hash, c.URL, c.FinalURL, c.ContentType, int64(len(body)), micros(c.At))
	return s.wrap("save capture of "+c.URL, err)
}

// Capture returns what is known about a capture, without its body.
func (s *Store) Capture(ctx context.Context, hash string) (model.Capture, error) {
	c := model.Capture{Hash: hash}
	var at int64
	err := one(ctx, s.r, `SELECT url, final_url, content_type, size, at FROM capture WHERE hash = $1`, hash).
		Scan(&c.URL, &c.FinalURL, &c.ContentType, &c.Size, &at)
	if err != nil {
		return model.Capture{}, s.wrap("capture "+hash, err)
	}
	c.At = fromMicros(at)
	return c, nil
}

// CaptureBody returns the bytes of a capture, checked against their hash. A
// damaged file is an ErrInvalid that names it.
func (s *Store) CaptureBody(_ context.Context, hash string) ([]byte, error) {
	return s.captures.load(hash)
}
