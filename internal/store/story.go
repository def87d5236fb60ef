package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"crosscheck/internal/model"
)

// Assignment says which story an article belongs to.
type Assignment struct {
	Article  string
	Revision int // the revision that was grouped; 0: the newest
	Story    string
	CopyOf   string  // Article.ID of the origin it repeats, or ""
	Share    float64 // of its text that stands in the origin, 0 to 1
	Why      string  // the evidence, JSON
}

// AssignStory puts an article into a story, which comes to be with its first
// article and ends with its last, and marks the story stage as done for it.
func (s *Store) AssignStory(ctx context.Context, as Assignment) error {
	if as.Story == "" || as.CopyOf == as.Article {
		return model.Errorf(model.ErrInvalid, "store: article %s: story %q, copy of %q", as.Article, as.Story, as.CopyOf)
	}
	return s.write(ctx, "assign article "+as.Article+" to story "+as.Story, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, as.Article); err != nil {
			return err
		}
		if err := originKnown(ctx, tx, as.CopyOf); err != nil {
			return err
		}
		var was string
		if err := one(ctx, tx, `SELECT story FROM article WHERE id = $1`, as.Article).Scan(&was); err != nil {
			return err
		}
		if err := s.assign(ctx, tx, as, was); err != nil {
			return err
		}
		return clearDead(ctx, tx, as.Article, StageStory)
	})
}

func originKnown(ctx context.Context, tx *sql.Tx, id string) error {
	if id == "" {
		return nil
	}
	_, err := scanOne[int](one(ctx, tx, `SELECT 1 FROM article WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return model.Errorf(model.ErrInvalid, "copy of article %s, which is not known", id)
	}
	return err
}

// assign writes the grouping and brings the story it left and the one it
// joined up to date.
func (s *Store) assign(ctx context.Context, tx *sql.Tx, as Assignment, was string) error {
	touched := []string{was, as.Story}
	slices.Sort(touched) // one order for everybody, so that nobody waits in a ring
	touched = slices.Compact(touched)
	if err := s.lock(ctx, tx, touched...); err != nil {
		return err
	}
	_, err := exec(ctx, tx, `UPDATE article SET story = $2, copy_of = $3, copy_share = $4, why = $5,
			grouped_rev = CASE WHEN $6 = 0 THEN revision ELSE $6 END WHERE id = $1`,
		as.Article, as.Story, as.CopyOf, as.Share, as.Why, as.Revision)
	if err != nil {
		return err
	}
	for _, id := range touched {
		if err := refreshStory(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// refreshStory recomputes a story's aggregates, from an index that holds all
// they need. A story without articles goes.
func refreshStory(ctx context.Context, tx *sql.Tx, id string) error {
	if id == "" {
		return nil
	}
	_, err := exec(ctx, tx, `INSERT INTO story (id, title, started, latest, articles, origins, outlets, stated)
		SELECT story, '', min(at), max(at), count(*),
			count(CASE WHEN copy_of = '' THEN 1 END),
			count(DISTINCT CASE WHEN copy_of = '' THEN house END),
			CAST(sum(CASE WHEN copy_of = '' THEN stated ELSE 0 END) AS BIGINT)
		FROM article WHERE story = $1 GROUP BY story
		ON CONFLICT (id) DO UPDATE SET started = excluded.started, latest = excluded.latest, articles = excluded.articles,
			origins = excluded.origins, outlets = excluded.outlets, stated = excluded.stated`, id)
	if err != nil {
		return err
	}
	n, err := exec(ctx, tx, `UPDATE story SET title = a.title FROM article a WHERE story.id = $1 AND a.n = (
		SELECT n FROM article WHERE story = $1 ORDER BY copy_of <> '', at, n LIMIT 1)`, id)
	if err == nil && n == 0 {
		_, err = exec(ctx, tx, `DELETE FROM story WHERE id = $1`, id)
	}
	return err
}

// Why returns the evidence an article was grouped on, as AssignStory got it.
func (s *Store) Why(ctx context.Context, articleID string) (string, error) {
	why, err := scanOne[string](one(ctx, s.r, `SELECT why FROM article WHERE id = $1`, articleID))
	return why, s.wrap("grouping of article "+articleID, err)
}

// StoryQuery asks for a page of stories, the latest first.
type StoryQuery struct {
	Limit    int
	Before   time.Time // only those whose Latest is earlier; zero: all
	BeforeID string    // with Before: also those of that very moment with a smaller ID
}

const storyColumns = `id, title, started, latest, articles, origins, outlets, stated`

func scanStory(row scanner) (model.Story, error) {
	var st model.Story
	var started, latest int64
	err := row.Scan(&st.ID, &st.Title, &started, &latest, &st.Articles, &st.Origins, &st.Outlets, &st.Stated)
	st.Started, st.Latest = fromMicros(started), fromMicros(latest)
	return st, err
}

// Stories returns stories, the one with the latest article first. To page, ask
// with Latest and ID of the last one as Before and BeforeID.
func (s *Store) Stories(ctx context.Context, q StoryQuery) ([]model.Story, error) {
	before := int64(1<<63 - 1)
	if !q.Before.IsZero() {
		before = micros(q.Before)
	}
	out, err := all(ctx, s.r, scanStory, `SELECT `+storyColumns+` FROM story WHERE (latest, id) < ($1, $2)
		ORDER BY latest DESC, id DESC LIMIT $3`, before, q.BeforeID, q.Limit)
	return out, s.wrap("stories", err)
}

// Story returns one story.
func (s *Store) Story(ctx context.Context, id string) (*model.Story, error) {
	st, err := scanStory(one(ctx, s.r, `SELECT `+storyColumns+` FROM story WHERE id = $1`, id))
	if err != nil {
		return nil, s.wrap("story "+id, err)
	}
	return &st, nil
}

// StoryArticles returns the articles of a story, without their text, in the
// order they were published.
func (s *Store) StoryArticles(ctx context.Context, id string) ([]model.Article, error) {
	out, err := all(ctx, s.r, scanHead, `SELECT `+articleColumns+` FROM article a
		WHERE a.story = $1 ORDER BY a.at, a.n`, id)
	return out, s.wrap("articles of story "+id, err)
}

// recentBatch is how many articles Recent holds in memory.
const recentBatch = 100

// Recent calls fn for every grouped article first seen at since or later, with
// its text, in the order they came in. An error of fn ends it.
func (s *Store) Recent(ctx context.Context, since time.Time, fn func(*model.Article) error) error {
	var after int64
	for {
		var n int64
		batch, err := all(ctx, s.r, func(row scanner) (model.Article, error) {
			var r articleRow
			if err := row.Scan(append(r.fields(), &r.a.Text, &n)...); err != nil {
				return model.Article{}, err
			}
			return r.article()
		}, `SELECT `+articleColumns+`, r.text, a.n FROM article a JOIN revision r ON r.article = a.id AND r.n = a.revision
			WHERE a.n > $1 AND a.n >= (SELECT min(n) FROM article WHERE first_seen >= $2)
			AND a.first_seen >= $2 AND a.story <> '' ORDER BY a.n LIMIT $3`, after, micros(since), recentBatch)
		if err != nil {
			return s.wrap("recent articles", err)
		}
		for i := range batch {
			if err := fn(&batch[i]); err != nil {
				return err
			}
		}
		if len(batch) < recentBatch {
			return nil
		}
		after = n
	}
}
