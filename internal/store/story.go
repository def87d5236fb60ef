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
	From     string  // Article.ID of the text it seems taken from: CopyOf, or a copy of that
	Share    float64 // of its text that stands in the origin, 0 to 1
	Change   string  // what was cut or changed against the origin, in words
	Credit   string  // the agency it is from, where the original was not collected
	Why      string  // the evidence, JSON
}

// AssignStory puts articles into stories, all of them or none. A story comes to
// be with its first article and ends with its last; then its id leads to where
// that went. The story stage is marked as done for the articles. One that a
// person has put into its story stays there.
func (s *Store) AssignStory(ctx context.Context, list ...Assignment) error {
	for _, as := range list {
		if as.Story == "" || as.CopyOf == as.Article {
			return model.Errorf(model.ErrInvalid, "store: article %s: story %q, copy of %q", as.Article, as.Story, as.CopyOf)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return s.write(ctx, "assign article "+list[0].Article+" to story "+list[0].Story, func(tx *sql.Tx) error {
		// One order for everybody, so that nobody waits in a ring.
		var articles, stories []string
		for _, as := range list {
			articles, stories = append(articles, as.Article), append(stories, as.Story)
		}
		if err := s.lockAll(ctx, tx, articles); err != nil {
			return err
		}
		was := make([]string, len(list))
		for i, as := range list {
			if err := originKnown(ctx, tx, as.CopyOf); err != nil {
				return err
			}
			if err := one(ctx, tx, `SELECT story FROM article WHERE id = $1`, as.Article).Scan(&was[i]); err != nil {
				return err
			}
		}
		if err := s.lock(ctx, tx, claimLock); err != nil {
			return err
		}
		if err := s.lockAll(ctx, tx, append(stories, was...)); err != nil {
			return err
		}
		for i, as := range list {
			if err := assign(ctx, tx, as, was[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// lockAll locks every key once, in order.
func (s *Store) lockAll(ctx context.Context, tx *sql.Tx, keys []string) error {
	keys = slices.Clone(keys)
	slices.Sort(keys)
	return s.lock(ctx, tx, slices.Compact(keys)...)
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

// assign writes the grouping and brings the story it left, the one it joined
// and the claims it stands in up to date.
func assign(ctx context.Context, tx *sql.Tx, as Assignment, was string) error {
	_, err := exec(ctx, tx, `UPDATE article SET story = CASE WHEN pinned AND story <> '' THEN story ELSE $2 END,
			copy_of = $3, copy_from = $4, copy_share = $5, copy_change = $6, credit = $7, why = $8, situated_rev = 0,
			grouped_rev = CASE WHEN $9 = 0 THEN revision ELSE $9 END WHERE id = $1`,
		as.Article, as.Story, as.CopyOf, as.From, as.Share, as.Change, as.Credit, as.Why, as.Revision)
	if err != nil {
		return err
	}
	if err := moveStory(ctx, tx, was, as.Story); err != nil {
		return err
	}
	if err := refreshClaimsOf(ctx, tx, as.Article); err != nil {
		return err
	}
	return clearDead(ctx, tx, as.Article, StageStory)
}

// moveStory brings two stories between which articles were moved up to date. An
// empty one leads to the other from now on.
func moveStory(ctx context.Context, tx *sql.Tx, from, to string) error {
	if err := refreshStory(ctx, tx, to); err != nil {
		return err
	}
	if err := unmoved(ctx, tx, "story", to); err != nil {
		return err
	}
	if from == "" || from == to {
		return nil
	}
	if err := refreshStory(ctx, tx, from); err != nil {
		return err
	}
	n, err := scanOne[int](one(ctx, tx, `SELECT count(*) FROM story WHERE id = $1`, from))
	if err != nil || n > 0 {
		return err
	}
	return moved(ctx, tx, "story", from, to)
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

// StoryWhy returns the evidence each article of a story was grouped on, JSON, by
// Article.ID.
func (s *Store) StoryWhy(ctx context.Context, storyID string) (map[string]string, error) {
	out, err := s.whys(ctx, `SELECT id, why FROM article WHERE story = $1`, storyID)
	return out, s.wrap("grouping of story "+storyID, err)
}

// whys reads pairs of an id and its evidence.
func (s *Store) whys(ctx context.Context, query string, args ...any) (map[string]string, error) {
	out := map[string]string{}
	_, err := all(ctx, s.r, func(row scanner) (struct{}, error) {
		var id, why string
		err := row.Scan(&id, &why)
		out[id] = why
		return struct{}{}, err
	}, query, args...)
	return out, err
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

// Story returns one story. Of one that has become part of another it returns
// the other.
func (s *Store) Story(ctx context.Context, id string) (*model.Story, error) {
	id, err := nowAt(ctx, s.r, "story", id)
	if err != nil {
		return nil, s.wrap("story "+id, err)
	}
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
