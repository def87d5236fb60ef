package store

import (
	"context"
	"time"

	"crosscheck/internal/model"
)

const sourceColumns = `id, kind, url, outlet, country, language, licence, paused, added,
	etag, last_modified, poll_interval, next_poll, last_attempt, last_success, last_error,
	failures, items_per_day, items, title`

func scanSource(row scanner) (model.Source, error) {
	var s model.Source
	var added, interval, next, attempt, success int64
	st := &s.State
	err := row.Scan(&s.ID, &s.Kind, &s.URL, &s.Outlet, &s.Country, &s.Language, &s.Licence, &s.Paused, &added,
		&st.ETag, &st.LastModified, &interval, &next, &attempt, &success, &st.LastError,
		&st.Failures, &st.ItemsPerDay, &st.Items, &st.Title)
	s.Added, st.Interval = fromMicros(added), time.Duration(interval)*time.Microsecond
	st.NextPoll, st.LastAttempt, st.LastSuccess = fromMicros(next), fromMicros(attempt), fromMicros(success)
	return s, err
}

// SaveSource validates src, which fills its defaults, and adds it, or changes
// what is stated about a known one. When it was added and what polling has
// learnt are kept. A deleted source comes back.
func (s *Store) SaveSource(ctx context.Context, src *model.Source) error {
	if err := src.Validate(); err != nil {
		return err
	}
	if src.Added.IsZero() {
		src.Added = time.Now().UTC()
	}
	_, err := exec(ctx, s.w, `INSERT INTO source (id, kind, url, outlet, country, language, licence, paused, added)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, outlet = excluded.outlet, country = excluded.country,
			language = excluded.language, licence = excluded.licence, paused = excluded.paused, deleted = FALSE`,
		src.ID, string(src.Kind), src.URL, src.Outlet, src.Country, src.Language, string(src.Licence), src.Paused, micros(src.Added))
	return s.wrap("save source "+src.URL, err)
}

// Source returns one source.
func (s *Store) Source(ctx context.Context, id string) (*model.Source, error) {
	src, err := scanSource(one(ctx, s.r,
		`SELECT `+sourceColumns+` FROM source WHERE id = $1 AND deleted = FALSE`, id))
	if err != nil {
		return nil, s.wrap("source "+id, err)
	}
	return &src, nil
}

// Sources returns every source, by outlet.
func (s *Store) Sources(ctx context.Context) ([]model.Source, error) {
	out, err := all(ctx, s.r, scanSource,
		`SELECT `+sourceColumns+` FROM source WHERE deleted = FALSE ORDER BY outlet, url`)
	return out, s.wrap("sources", err)
}

// DeleteSource stops following a source. What was taken from it stays, under
// the licence it had.
func (s *Store) DeleteSource(ctx context.Context, id string) error {
	n, err := exec(ctx, s.w, `UPDATE source SET deleted = TRUE WHERE id = $1 AND deleted = FALSE`, id)
	if err == nil && n == 0 {
		return model.Errorf(model.ErrNotFound, "store: delete source %s: not found", id)
	}
	return s.wrap("delete source "+id, err)
}

// Licence returns how much public pages may show of a source's articles, also
// of a deleted source. An unknown source, or none, has LicenceExcerpt.
func (s *Store) Licence(ctx context.Context, id string) (model.Licence, error) {
	got, err := all(ctx, s.r, scanOne[model.Licence], `SELECT licence FROM source WHERE id = $1`, id)
	if err != nil || len(got) == 0 {
		return model.LicenceExcerpt, s.wrap("licence of source "+id, err)
	}
	return got[0], nil
}

// Licences returns the licence of every source, by id, deleted ones included.
func (s *Store) Licences(ctx context.Context) (map[string]model.Licence, error) {
	out := map[string]model.Licence{}
	_, err := all(ctx, s.r, func(row scanner) (struct{}, error) {
		var id string
		var l model.Licence
		err := row.Scan(&id, &l)
		out[id] = l
		return struct{}{}, err
	}, `SELECT id, licence FROM source`)
	return out, s.wrap("licences", err)
}

// DueSources returns the sources to poll at now, the longest overdue first.
func (s *Store) DueSources(ctx context.Context, now time.Time, limit int) ([]model.Source, error) {
	out, err := all(ctx, s.r, scanSource, `SELECT `+sourceColumns+` FROM source
		WHERE next_poll <= $1 AND paused = FALSE AND deleted = FALSE ORDER BY next_poll, id LIMIT $2`, micros(now), limit)
	return out, s.wrap("due sources", err)
}

// SaveSourceState keeps what polling has learnt about a source.
func (s *Store) SaveSourceState(ctx context.Context, id string, st model.SourceState) error {
	n, err := exec(ctx, s.w, `UPDATE source SET etag = $2, last_modified = $3, poll_interval = $4, next_poll = $5,
			last_attempt = $6, last_success = $7, last_error = $8, failures = $9, items_per_day = $10, items = $11, title = $12
		WHERE id = $1`,
		id, st.ETag, st.LastModified, st.Interval.Microseconds(), micros(st.NextPoll),
		micros(st.LastAttempt), micros(st.LastSuccess), st.LastError, st.Failures, st.ItemsPerDay, st.Items, st.Title)
	if err == nil && n == 0 {
		return model.Errorf(model.ErrNotFound, "store: state of source %s: not found", id)
	}
	return s.wrap("state of source "+id, err)
}
