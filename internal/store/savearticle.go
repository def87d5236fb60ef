package store

import (
	"context"
	"database/sql"

	"crosscheck/internal/model"
)

// SaveArticle keeps a reading by the article's key and reports whether there is
// something new to work on: an article not known before, or a new revision of
// one. Revision, FirstSeen and the grouping are filled in.
//
//   - Same title and text as known: what the known one does not state is filled
//     from this reading.
//   - Different, at the same URL and not older: a new revision; every earlier
//     one stays, and the marks of the later stages are taken away.
//   - Different, from another URL: the known one stays.
//
// A reading without text (paywall, empty page) never takes the place of one
// with text, and one with text takes the place of one without from any URL.
func (s *Store) SaveArticle(ctx context.Context, a *model.Article) (changed bool, err error) {
	prepare(a)
	err = s.write(ctx, "save article "+a.URL, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, a.ID); err != nil {
			return err
		}
		old, err := knownArticle(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		changed = old == nil || replaces(a, old)
		switch {
		case old == nil:
			err = s.addArticle(ctx, tx, a)
		case changed:
			err = s.reviseArticle(ctx, tx, a, old)
		default:
			err = s.fillArticle(ctx, tx, a, old)
		}
		return err
	})
	return changed, err
}

// replaces reports whether reading a is a new revision of old.
func replaces(a, old *model.Article) bool {
	if a.Title == old.Title && a.Text == old.Text {
		return false
	}
	readable, was := a.Readability == model.ReadOK, old.Readability == model.ReadOK
	if readable != was {
		return readable
	}
	return model.URLKey(a.URL) == model.URLKey(old.URL) && !a.Seen.Before(old.Seen)
}

func (s *Store) addArticle(ctx context.Context, tx *sql.Tx, a *model.Article) error {
	a.Future = a.Future || a.Published.After(a.FirstSeen.Add(futureSlack))
	if err := insertArticle(ctx, tx, a); err != nil {
		return err
	}
	return s.addRevision(ctx, tx, a)
}

func (s *Store) reviseArticle(ctx context.Context, tx *sql.Tx, a, old *model.Article) error {
	inherit(a, old)
	a.Revision = old.Revision + 1
	if err := updateArticle(ctx, tx, a); err != nil {
		return err
	}
	// Marks count revisions, so a higher revision is by itself unmarked.
	if _, err := exec(ctx, tx, `UPDATE article SET stated = 0 WHERE id = $1`, a.ID); err != nil {
		return err
	}
	if err := clearDead(ctx, tx, a.ID, StageStatement, StageStory, StageClaim, StageSituation); err != nil {
		return err
	}
	return s.addRevision(ctx, tx, a)
}

// fillArticle adds to old what only a states; a gets the result's identity.
func (s *Store) fillArticle(ctx context.Context, tx *sql.Tx, a, old *model.Article) error {
	same := a.Title == old.Title && a.Text == old.Text
	filled := *old
	inherit(&filled, a)
	filled.FirstSeen, filled.Story, filled.CopyOf, filled.CopyShare = old.FirstSeen, old.Story, old.CopyOf, old.CopyShare
	filled.Future = filled.Future || filled.Published.After(filled.FirstSeen.Add(futureSlack))
	a.FirstSeen, a.Revision, a.Future = old.FirstSeen, old.Revision, filled.Future
	a.Story, a.CopyOf, a.CopyShare = old.Story, old.CopyOf, old.CopyShare
	if !same || sameStated(&filled, old) {
		return nil
	}
	if err := updateArticle(ctx, tx, &filled); err != nil {
		return err
	}
	if err := unsituate(ctx, tx, old.ID); err != nil {
		return err
	}
	return refreshStory(ctx, tx, old.Story)
}

// inherit fills what a does not state from b, and takes over b's first sighting
// and grouping.
func inherit(a, b *model.Article) {
	a.Source = firstOf(a.Source, b.Source)
	a.Canonical = firstOf(a.Canonical, b.Canonical)
	if len(a.Bylines) == 0 {
		a.Bylines = b.Bylines
	}
	a.Outlet = firstOf(a.Outlet, b.Outlet)
	if a.Published.IsZero() {
		a.Published, a.PublishedFrom = b.Published, b.PublishedFrom
	}
	if a.Modified.IsZero() {
		a.Modified = b.Modified
	}
	a.Language = firstOf(a.Language, b.Language)
	a.Image = firstOf(a.Image, b.Image)
	a.Origin = firstOf(a.Origin, b.Origin)
	a.FirstSeen, a.Future = b.FirstSeen, a.Future || b.Future
	a.Story, a.CopyOf, a.CopyShare = b.Story, b.CopyOf, b.CopyShare
}

// sameStated reports whether inherit changed nothing.
func sameStated(a, b *model.Article) bool {
	return a.Source == b.Source && a.Canonical == b.Canonical && len(a.Bylines) == len(b.Bylines) &&
		a.Outlet == b.Outlet && a.Published.Equal(b.Published) && a.Modified.Equal(b.Modified) &&
		a.Language == b.Language && a.Image == b.Image && a.Origin == b.Origin
}

// addRevision keeps the text of a and makes it searchable.
func (s *Store) addRevision(ctx context.Context, tx *sql.Tx, a *model.Article) error {
	_, err := exec(ctx, tx, `INSERT INTO revision (article, n, capture, title, modified, seen, text)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		a.ID, a.Revision, a.Capture, a.Title, micros(a.Modified), micros(a.Seen), a.Text)
	if err != nil {
		return err
	}
	return s.indexArticle(ctx, tx, a.ID, a.Title, a.Text, nil)
}

// indexArticle puts an article's words into the full-text index.
func (s *Store) indexArticle(ctx context.Context, tx *sql.Tx, id, title, text string, speakers []string) error {
	var n int64
	if err := one(ctx, tx, `SELECT n FROM article WHERE id = $1`, id).Scan(&n); err != nil {
		return err
	}
	var names []string
	for _, name := range speakers {
		names = append(names, tokens(name)...)
	}
	_, err := exec(ctx, tx, s.dialect.index, append([]any{n}, s.dialect.doc(tokens(title), tokens(text), names)...)...)
	return err
}
