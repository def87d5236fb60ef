package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// articleColumns are those of articleFields.
const articleColumns = `a.id, a.key, a.source, a.url, a.canonical, a.title, a.bylines, a.outlet, a.published,
	a.published_from, a.modified, a.language, a.image, a.origin_name, a.origin_url, a.readability, a.problem,
	a.capture, a.seen, a.first_seen, a.revision, a.future, a.story, a.copy_of, a.copy_share, a.copy_from, a.copy_change, a.credit, a.pinned`

const articleWithText = `SELECT ` + articleColumns + `, r.text FROM article a
	JOIN revision r ON r.article = a.id AND r.n = a.revision `

// articleRow receives articleColumns.
type articleRow struct {
	a                                    model.Article
	bylines                              string
	published, modified, seen, firstSeen int64
}

func (r *articleRow) fields() []any {
	a := &r.a
	return []any{
		&a.ID, &a.Key, &a.Source, &a.URL, &a.Canonical, &a.Title, &r.bylines, &a.Outlet, &r.published,
		&a.PublishedFrom, &r.modified, &a.Language, &a.Image, &a.Origin.Name, &a.Origin.URL, &a.Readability, &a.Problem,
		&a.Capture, &r.seen, &r.firstSeen, &a.Revision, &a.Future, &a.Story, &a.CopyOf, &a.CopyShare, &a.CopyFrom, &a.CopyChange, &a.Credit, &a.Pinned,
	}
}

func (r *articleRow) article() (model.Article, error) {
	r.a.Published, r.a.Modified = fromMicros(r.published), fromMicros(r.modified)
	r.a.Seen, r.a.FirstSeen = fromMicros(r.seen), fromMicros(r.firstSeen)
	return r.a, json.Unmarshal([]byte(r.bylines), &r.a.Bylines)
}

// scanArticle reads articleColumns and the text.
func scanArticle(row scanner) (model.Article, error) {
	var r articleRow
	if err := row.Scan(append(r.fields(), &r.a.Text)...); err != nil {
		return model.Article{}, err
	}
	return r.article()
}

// scanHead reads articleColumns.
func scanHead(row scanner) (model.Article, error) {
	var r articleRow
	if err := row.Scan(r.fields()...); err != nil {
		return model.Article{}, err
	}
	return r.article()
}

// Article returns the newest revision of an article, with its text.
func (s *Store) Article(ctx context.Context, id string) (*model.Article, error) {
	a, err := scanArticle(one(ctx, s.r, articleWithText+`WHERE a.id = $1`, id))
	if err != nil {
		return nil, s.wrap("article "+id, err)
	}
	return &a, nil
}

// Revisions returns every version of an article, the first one first.
func (s *Store) Revisions(ctx context.Context, articleID string) ([]model.Revision, error) {
	out, err := all(ctx, s.r, func(row scanner) (v model.Revision, err error) {
		var modified, seen int64
		err = row.Scan(&v.Article, &v.N, &v.Capture, &v.Title, &v.Text, &modified, &seen)
		v.Modified, v.Seen = fromMicros(modified), fromMicros(seen)
		return v, err
	}, `SELECT article, n, capture, title, text, modified, seen FROM revision WHERE article = $1 ORDER BY n`, articleID)
	return out, s.wrap("revisions of article "+articleID, err)
}

// futureSlack is how far ahead of our clock a published time may lie before it
// is taken for a slip rather than for a clock that runs ahead.
const futureSlack = time.Hour

// prepare fills what a new article must have.
func prepare(a *model.Article) {
	if a.Key == "" {
		a.Key = model.URLKey(firstOf(a.Canonical, a.URL))
	}
	a.ID = model.ID("article", a.Key)
	if a.Seen.IsZero() {
		a.Seen = time.Now().UTC()
	}
	if a.FirstSeen.IsZero() {
		a.FirstSeen = a.Seen
	}
	if a.Readability == "" {
		a.Readability = model.ReadOK
	}
	a.Title, a.Text = clean(a.Title), clean(a.Text)
	a.Revision = 1
}

// when is the time an article is filed under: published, or first seen where no
// usable date is stated.
func when(a *model.Article) time.Time {
	if a.Published.IsZero() || a.Published.After(a.FirstSeen.Add(futureSlack)) {
		return a.FirstSeen
	}
	return a.Published
}

// house is what counts as one outlet: its name, or its host where it states none.
func house(a *model.Article) string {
	if a.Outlet != "" {
		return strings.ToLower(a.Outlet)
	}
	u, err := url.Parse(a.URL)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// insertArticle adds the article's row.
func insertArticle(ctx context.Context, tx *sql.Tx, a *model.Article) error {
	_, err := exec(ctx, tx, `INSERT INTO article (id, key, source, url, canonical, title, bylines, outlet, house, published,
			published_from, modified, language, image, origin_name, origin_url, readability, problem,
			capture, seen, first_seen, revision, future, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`,
		articleValues(a)...)
	return err
}

// updateArticle writes every field of a known article but where it is grouped.
func updateArticle(ctx context.Context, tx *sql.Tx, a *model.Article) error {
	_, err := exec(ctx, tx, `UPDATE article SET key = $2, source = $3, url = $4, canonical = $5, title = $6, bylines = $7,
			outlet = $8, house = $9, published = $10, published_from = $11, modified = $12, language = $13, image = $14,
			origin_name = $15, origin_url = $16, readability = $17, problem = $18, capture = $19, seen = $20,
			first_seen = $21, revision = $22, future = $23, at = $24 WHERE id = $1`,
		articleValues(a)...)
	return err
}

func articleValues(a *model.Article) []any {
	return []any{
		a.ID, a.Key, a.Source, a.URL, a.Canonical, a.Title, jsonList(a.Bylines), a.Outlet, house(a), micros(a.Published),
		string(a.PublishedFrom), micros(a.Modified), a.Language, a.Image, a.Origin.Name, a.Origin.URL,
		string(a.Readability), a.Problem, a.Capture, micros(a.Seen), micros(a.FirstSeen), a.Revision, a.Future, micros(when(a)),
	}
}

// jsonList writes a list, never null.
func jsonList[T any](list []T) string {
	if len(list) == 0 {
		return "[]"
	}
	b, err := json.Marshal(list)
	if err != nil {
		panic(err) // strings and spans always marshal
	}
	return string(b)
}

// firstOf returns the first value that is not the zero one.
func firstOf[T comparable](values ...T) T {
	var zero T
	for _, v := range values {
		if v != zero {
			return v
		}
	}
	return zero
}

// knownArticle returns the stored article of an id, or nil.
func knownArticle(ctx context.Context, tx *sql.Tx, id string) (*model.Article, error) {
	a, err := scanArticle(one(ctx, tx, articleWithText+`WHERE a.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &a, err
}
