package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// situationLock is what whoever changes situations or their members waits for.
const situationLock = "situations"

// SaveSituation keeps a new situation, or a change of a known one as its next
// revision, and has the articles gone through again by WorkSituations. One that
// says nothing new changes nothing. A situation without an ID gets one from its
// title. ID, Revision, Created and Changed are filled in; By says who, Changed
// when (zero: now).
//
// A definition that contradicts itself, or names a speaker, source or
// service that is not known, is an ErrInvalid that names the field. A Revision that is not zero
// and not the newest is an ErrConflict: somebody else was faster.
func (s *Store) SaveSituation(ctx context.Context, sit *model.Situation) error {
	if err := sit.Validate(); err != nil {
		return err
	}
	if _, err := s.newCatcher(sit); err != nil {
		return err
	}
	if err := s.knownParts(ctx, sit); err != nil {
		return err
	}
	return s.write(ctx, "save situation "+firstOf(sit.ID, sit.Title), func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, situationLock); err != nil {
			return err
		}
		next := *sit
		if next.ID == "" {
			var err error
			if next.ID, err = freeID(ctx, tx, next.Title); err != nil {
				return err
			}
		}
		old, err := situationNow(ctx, tx, next.ID)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err := saveRevision(ctx, tx, &next, old); err != nil {
			return err
		}
		*sit = next
		return nil
	})
}

// saveRevision keeps next as the revision after old, nil where there is none.
func saveRevision(ctx context.Context, tx *sql.Tx, next, old *model.Situation) error {
	if next.Changed.IsZero() || old != nil && !next.Changed.After(old.Changed) {
		next.Changed = time.Now().UTC()
	}
	next.Created, next.Changed = next.Changed.UTC().Truncate(time.Microsecond), next.Changed.UTC().Truncate(time.Microsecond)
	was := 0
	if old != nil {
		was, next.Created = old.Revision, old.Created
		switch {
		case next.Revision != 0 && next.Revision != was:
			return model.Errorf(model.ErrConflict, "situation %s was changed by %s meanwhile: it is at revision %d, not %d",
				next.ID, old.By, was, next.Revision)
		case definition(next) == definition(old):
			*next = *old
			return nil
		}
	}
	last, err := scanOne[int](one(ctx, tx, `SELECT coalesce(max(n), 0) FROM situation_revision WHERE situation = $1`, next.ID))
	if err != nil {
		return err
	}
	next.Revision = last + 1
	_, err = exec(ctx, tx, `INSERT INTO situation (id, revision, todo) VALUES ($1, $2, (SELECT coalesce(max(n), 0) FROM article))
		ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, todo = excluded.todo, removed = FALSE, stale = situation.stale + 1`, next.ID, next.Revision)
	if err != nil {
		return err
	}
	return keepRevision(ctx, tx, next, definition(next))
}

func keepRevision(ctx context.Context, tx *sql.Tx, sit *model.Situation, definition string) error {
	_, err := exec(ctx, tx, `INSERT INTO situation_revision (situation, n, definition, who, at) VALUES ($1, $2, $3, $4, $5)`,
		sit.ID, sit.Revision, definition, sit.By, micros(sit.Changed))
	return err
}

// definition writes what a situation is, without its identity and history.
func definition(s *model.Situation) string {
	d := *s
	d.ID, d.By, d.Created, d.Changed, d.Revision = "", "", time.Time{}, time.Time{}, 0
	d.From, d.Until = d.From.UTC(), d.Until.UTC()
	b, err := json.Marshal(d)
	if err != nil {
		panic(err) // strings, numbers and times of years that were validated
	}
	return clean(string(b))
}

// knownParts checks that the speakers, sources and services of a definition are
// known.
func (s *Store) knownParts(ctx context.Context, sit *model.Situation) error {
	for _, part := range []struct {
		field, query string
		ids          []string
	}{
		{"speakers", `SELECT count(*) FROM speaker WHERE id = $1`, sit.Speakers},
		{"sources", `SELECT count(*) FROM source WHERE id = $1 AND deleted = FALSE`, sit.Sources},
		{"services", `SELECT count(*) FROM service WHERE id = $1 AND deleted = FALSE`, sit.Services},
	} {
		for _, id := range part.ids {
			n, err := scanOne[int](one(ctx, s.r, part.query, id))
			if err != nil {
				return s.wrap(part.field+" of a situation", err)
			}
			if n == 0 {
				return model.Errorf(model.ErrInvalid, "situation %s: %q is not known", part.field, id)
			}
		}
	}
	return nil
}

// freeID makes an id of a title that no situation has.
func freeID(ctx context.Context, tx *sql.Tx, title string) (string, error) {
	var words []string
	for _, w := range tokens(title) {
		w = strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, w)
		if w != "" && len(strings.Join(words, "-"))+len(w) < 48 {
			words = append(words, w)
		}
	}
	base := firstOf(strings.Join(words, "-"), "situation")
	for i := 1; ; i++ {
		id := base
		if i > 1 {
			id = fmt.Sprintf("%s-%d", base, i)
		}
		n, err := scanOne[int](one(ctx, tx, `SELECT count(*) FROM situation WHERE id = $1`, id))
		if err != nil || n == 0 {
			return id, err
		}
	}
}

// RemoveSituation takes a situation away. Its definitions and what people have
// decided stay; SaveSituation with its ID brings it back.
func (s *Store) RemoveSituation(ctx context.Context, id, who string, at time.Time) error {
	return s.write(ctx, "remove situation "+id, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, situationLock); err != nil {
			return err
		}
		sit, err := situationNow(ctx, tx, id)
		if err != nil {
			return err
		}
		sit.Revision, sit.By, sit.Changed = sit.Revision+1, who, at
		if _, err := exec(ctx, tx, `UPDATE situation SET removed = TRUE, revision = $2, todo = 0 WHERE id = $1`, id, sit.Revision); err != nil {
			return err
		}
		return keepRevision(ctx, tx, sit, "")
	})
}

const situationColumns = `x.id, x.revision, r.definition, r.who, r.at, (SELECT at FROM situation_revision f WHERE f.situation = x.id AND f.n = 1)`

const situationFrom = ` FROM situation x JOIN situation_revision r ON r.situation = x.id AND r.n = x.revision WHERE x.removed = FALSE`

// situationRow receives situationColumns.
type situationRow struct {
	id, definition, who string
	revision            int
	at, created         int64
}

func (r *situationRow) fields() []any {
	return []any{&r.id, &r.revision, &r.definition, &r.who, &r.at, &r.created}
}

func (r *situationRow) situation() (s model.Situation, err error) {
	if r.definition != "" {
		err = json.Unmarshal([]byte(r.definition), &s)
	}
	s.ID, s.Revision, s.By, s.Changed, s.Created = r.id, r.revision, r.who, fromMicros(r.at), fromMicros(r.created)
	return s, err
}

func scanSituation(row scanner) (model.Situation, error) {
	var r situationRow
	if err := row.Scan(r.fields()...); err != nil {
		return model.Situation{}, err
	}
	return r.situation()
}

// situationNow returns a situation that was not removed.
func situationNow(ctx context.Context, c conn, id string) (*model.Situation, error) {
	s, err := scanSituation(one(ctx, c, `SELECT `+situationColumns+situationFrom+` AND x.id = $1`, id))
	if err != nil {
		return nil, err
	}
	return &s, nil
}

// catchers are all situations, ready to be asked.
func (s *Store) catchers(ctx context.Context, c conn, id string) ([]*catcher, error) {
	list, err := definitions(ctx, c, id)
	if err != nil {
		return nil, err
	}
	out := make([]*catcher, len(list))
	for i := range list {
		if out[i], err = s.newCatcher(&list[i]); err != nil {
			return nil, err
		}
		if err := out[i].known(ctx, c); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Definitions returns every situation as it is defined now, without counts.
func (s *Store) Definitions(ctx context.Context) ([]model.Situation, error) {
	out, err := definitions(ctx, s.r, "")
	return out, s.wrap("definitions of situations", err)
}

func definitions(ctx context.Context, c conn, id string) ([]model.Situation, error) {
	return all(ctx, c, scanSituation, `SELECT `+situationColumns+situationFrom+` AND ($1 = '' OR x.id = $1) ORDER BY x.id`, id)
}

const factColumns = situationColumns + `, x.todo > 0 OR EXISTS (SELECT 1 FROM situation_member m WHERE m.situation = x.id AND m.definition < x.revision), x.stale,
	x.articles, x.origins, x.stories, x.claims, x.disputed, x.speakers, x.reversals, x.outages, x.lines, x.latest`

// countedSituation is a situation with its counts, which may be stale.
type countedSituation struct {
	model.SituationFacts
	stale int64 // 0: the counts are as things are
}

func scanFacts(row scanner) (c countedSituation, err error) {
	var r situationRow
	var latest int64
	f := &c.SituationFacts
	err = row.Scan(append(r.fields(), &f.Working, &c.stale, &f.Articles, &f.Origins, &f.Stories, &f.Claims, &f.Disputed,
		&f.Speakers, &f.Reversals, &f.Outages, &f.Lines, &latest)...)
	if err != nil {
		return c, err
	}
	f.Latest = fromMicros(latest)
	f.Situation, err = r.situation()
	return c, err
}

// Situations returns all situations with their counts, the one in which
// something changed last first.
func (s *Store) Situations(ctx context.Context) ([]model.SituationFacts, error) {
	out, err := s.facts(ctx, "")
	return out, s.wrap("situations", err)
}

// Situation returns one situation with its counts.
func (s *Store) Situation(ctx context.Context, id string) (*model.SituationFacts, error) {
	out, err := s.facts(ctx, id)
	if err == nil && len(out) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return nil, s.wrap("situation "+id, err)
	}
	return &out[0], nil
}

// facts returns one situation, or all. What is stale is counted on the spot.
func (s *Store) facts(ctx context.Context, id string) ([]model.SituationFacts, error) {
	list, err := all(ctx, s.r, scanFacts, `SELECT `+factColumns+situationFrom+` AND ($1 = '' OR x.id = $1) ORDER BY x.latest DESC, x.id`, id)
	if err != nil {
		return nil, err
	}
	out := make([]model.SituationFacts, len(list))
	for i := range list {
		out[i] = list[i].SituationFacts
		if list[i].stale > 0 {
			if err := countSituation(ctx, s.r, &out[i]); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// countSituation takes the counts of a situation.
func countSituation(ctx context.Context, c conn, f *model.SituationFacts) error {
	var latest int64
	err := one(ctx, c, `SELECT count(*), count(DISTINCT root), count(DISTINCT CASE WHEN story <> '' THEN story END), coalesce(max(seen), 0)
		FROM situation_member WHERE situation = $1`, f.ID).Scan(&f.Articles, &f.Origins, &f.Stories, &latest)
	if err != nil {
		return err
	}
	err = one(ctx, c, `SELECT count(*), coalesce(CAST(sum(contested) AS BIGINT), 0) FROM situation_claim WHERE situation = $1`, f.ID).Scan(&f.Claims, &f.Disputed)
	if err != nil {
		return err
	}
	var seen int64
	err = one(ctx, c, `SELECT count(DISTINCT CASE WHEN kind = 'statement' AND gone = 0 AND speaker_id <> '' THEN speaker_id END),
			count(CASE WHEN kind = 'reversal' AND gone = 0 THEN 1 END),
			count(DISTINCT CASE WHEN kind IN ('onset', 'confirmed') AND gone = 0 AND outage <> '' THEN outage END),
			count(CASE WHEN gone = 0 THEN 1 END) - count(DISTINCT CASE WHEN statement <> '' AND gone = 0
				AND kind IN ('asserted', 'denied', 'reversal', 'movement') THEN statement END),
			coalesce(max(CASE WHEN gone > seen THEN gone ELSE seen END), 0)
		FROM situation_entry WHERE situation = $1`, f.ID).Scan(&f.Speakers, &f.Reversals, &f.Outages, &f.Lines, &seen)
	f.Latest = fromMicros(max(latest, seen))
	return err
}

// refreshFacts keeps the counts of the situations where they are stale. What
// changes while it counts leaves them stale.
func (s *Store) refreshFacts(ctx context.Context) error {
	list, err := all(ctx, s.r, scanFacts, `SELECT `+factColumns+situationFrom+` AND x.stale > 0`)
	if err != nil {
		return err
	}
	for i := range list {
		f := &list[i].SituationFacts
		if err := countSituation(ctx, s.r, f); err != nil {
			return err
		}
		_, err := exec(ctx, s.w, `UPDATE situation SET articles = $2, origins = $3, stories = $4, claims = $5, disputed = $6,
			speakers = $7, reversals = $8, outages = $9, lines = $10, latest = $11, stale = CASE WHEN stale = $12 THEN 0 ELSE stale END WHERE id = $1`,
			f.ID, f.Articles, f.Origins, f.Stories, f.Claims, f.Disputed, f.Speakers, f.Reversals, f.Outages, f.Lines, micros(f.Latest), list[i].stale)
		if err != nil {
			return err
		}
	}
	return nil
}

// SituationHistory returns every definition a situation had, the newest first.
// One without a title says that it was removed.
func (s *Store) SituationHistory(ctx context.Context, id string) ([]model.Situation, error) {
	out, err := all(ctx, s.r, scanSituation, `SELECT r.situation, r.n, r.definition, r.who, r.at,
			(SELECT at FROM situation_revision f WHERE f.situation = r.situation AND f.n = 1)
		FROM situation_revision r WHERE r.situation = $1 ORDER BY r.n DESC`, id)
	if err == nil && len(out) == 0 {
		err = sql.ErrNoRows
	}
	return out, s.wrap("history of situation "+id, err)
}
