package store

import (
	"context"
	"time"
)

// Counts is how much there is of everything.
type Counts struct {
	Sources, Items, Captures, Articles, Statements, Stories, DeadLetters int64
}

// Counts counts.
func (s *Store) Counts(ctx context.Context) (Counts, error) {
	var c Counts
	err := one(ctx, s.r, `SELECT (SELECT count(*) FROM source WHERE deleted = FALSE), (SELECT count(*) FROM item),
		(SELECT count(*) FROM capture), (SELECT count(*) FROM article), (SELECT count(*) FROM statement WHERE class = ''),
		(SELECT count(*) FROM story), (SELECT count(*) FROM dead_letter)`).
		Scan(&c.Sources, &c.Items, &c.Captures, &c.Articles, &c.Statements, &c.Stories, &c.DeadLetters)
	return c, s.wrap("counts", err)
}

// Latest returns when the newest article or revision was seen; zero when there
// is none.
func (s *Store) Latest(ctx context.Context) (time.Time, error) {
	us, err := scanOne[int64](one(ctx, s.r, `SELECT coalesce(max(seen), 0) FROM article`))
	return fromMicros(us), s.wrap("latest", err)
}

// Outlets returns the names of all outlets that have articles, in order. It
// steps from name to name through an index, whatever the number of articles.
func (s *Store) Outlets(ctx context.Context) ([]string, error) {
	out, err := all(ctx, s.r, scanOne[string], `WITH RECURSIVE o (name) AS (
			SELECT min(outlet) FROM article WHERE outlet <> ''
			UNION ALL
			SELECT (SELECT min(outlet) FROM article WHERE outlet > o.name) FROM o WHERE o.name IS NOT NULL
		) SELECT name FROM o WHERE name IS NOT NULL ORDER BY name`)
	return out, s.wrap("outlets", err)
}
