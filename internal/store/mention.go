package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"crosscheck/internal/model"
)

// SaveMentions puts the places that one revision of an article names in the
// place of any that were there. A span outside the text is an ErrInvalid, and
// then nothing is saved.
func (s *Store) SaveMentions(ctx context.Context, articleID string, revision int64, list []model.Mention) error {
	return s.write(ctx, "save mentions of article "+articleID, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, articleID); err != nil {
			return err
		}
		var text string
		if err := one(ctx, tx, `SELECT text FROM revision WHERE article = $1 AND n = $2`, articleID, revision).Scan(&text); err != nil {
			return err
		}
		if _, err := exec(ctx, tx, `DELETE FROM mention WHERE article = $1 AND revision = $2`, articleID, revision); err != nil {
			return err
		}
		for i, m := range list {
			if (model.Span{Start: m.Start, End: m.End}).Of(text) == "" {
				return model.Errorf(model.ErrInvalid, "mention %q: span %d to %d does not lie in the text", m.Name, m.Start, m.End)
			}
			p := m.Place
			_, err := exec(ctx, tx, `INSERT INTO mention (article, revision, n, start_byte, end_byte, name, place, place_name, country, kind, lat, lon)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
				articleID, revision, i+1, m.Start, m.End, m.Name, p.ID, p.Name, p.Country, string(p.Kind), p.Lat, p.Lon)
			if err != nil {
				return err
			}
		}
		return unsituate(ctx, tx, articleID)
	})
}

// Mentions returns the places the newest revision of an article names, in text
// order.
func (s *Store) Mentions(ctx context.Context, articleID string) ([]model.Mention, error) {
	out, err := mentionsOf(ctx, s.r, articleID)
	return out, s.wrap("mentions of article "+articleID, err)
}

func mentionsOf(ctx context.Context, c conn, articleID string) ([]model.Mention, error) {
	return all(ctx, c, func(row scanner) (m model.Mention, err error) {
		p := &m.Place
		err = row.Scan(&m.Article, &m.Start, &m.End, &m.Name, &p.ID, &p.Name, &p.Country, &p.Kind, &p.Lat, &p.Lon)
		return m, err
	}, `SELECT m.article, m.start_byte, m.end_byte, m.name, m.place, m.place_name, m.country, m.kind, m.lat, m.lon
		FROM mention m JOIN article a ON a.id = m.article AND a.revision = m.revision WHERE m.article = $1 ORDER BY m.start_byte, m.n`, articleID)
}

// SaveMovements puts what one revision of an article tells of movements in the
// place of what was there.
func (s *Store) SaveMovements(ctx context.Context, articleID string, revision int64, list []model.Movement) error {
	return s.write(ctx, "save movements of article "+articleID, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, articleID); err != nil {
			return err
		}
		if _, err := exec(ctx, tx, `DELETE FROM movement WHERE article = $1 AND revision = $2`, articleID, revision); err != nil {
			return err
		}
		for i := range list {
			doc, err := json.Marshal(&list[i])
			if err != nil {
				return err
			}
			if _, err := exec(ctx, tx, `INSERT INTO movement (article, revision, n, doc) VALUES ($1, $2, $3, $4)`, articleID, revision, i+1, clean(string(doc))); err != nil {
				return err
			}
		}
		return unsituate(ctx, tx, articleID)
	})
}

// Movements returns what the newest revision of an article tells of movements, in
// text order.
func (s *Store) Movements(ctx context.Context, articleID string) ([]model.Movement, error) {
	out, err := movementsOf(ctx, s.r, articleID)
	return out, s.wrap("movements of article "+articleID, err)
}

func movementsOf(ctx context.Context, c conn, articleID string) ([]model.Movement, error) {
	return all(ctx, c, scanDoc[model.Movement], `SELECT m.doc FROM movement m
		JOIN article a ON a.id = m.article AND a.revision = m.revision WHERE m.article = $1 ORDER BY m.n`, articleID)
}
