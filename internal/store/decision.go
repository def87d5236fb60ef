package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// decision keeps what a person has decided. No later evidence undoes it.
func keepDecision(ctx context.Context, tx *sql.Tx, d *model.Decision) error {
	return one(ctx, tx, `INSERT INTO decision (noun, verb, id, other, parts, who, at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING n`,
		d.Noun, d.Verb, d.ID, d.Other, jsonList(d.Parts), d.Who, micros(d.At)).Scan(&d.N)
}

const decisionColumns = `SELECT n, noun, verb, id, other, parts, who, at FROM decision `

func scanDecision(row scanner) (d model.Decision, err error) {
	var parts string
	var at int64
	if err := row.Scan(&d.N, &d.Noun, &d.Verb, &d.ID, &d.Other, &parts, &d.Who, &at); err != nil {
		return d, err
	}
	d.At = fromMicros(at)
	return d, json.Unmarshal([]byte(parts), &d.Parts)
}

// Decisions returns what people have decided about stories and claims, the
// newest first; with a noun and an id, what concerns that one.
func (s *Store) Decisions(ctx context.Context, noun, id string, limit int) ([]model.Decision, error) {
	out, err := all(ctx, s.r, scanDecision, decisionColumns+`WHERE ($1 = '' OR noun = $1) AND ($2 = '' OR id = $2 OR other = $2)
		ORDER BY n DESC LIMIT $3`, noun, id, limit)
	return out, s.wrap("decisions", err)
}

// DecisionsSince returns the decisions with a higher N, the oldest first.
func (s *Store) DecisionsSince(ctx context.Context, n int64) ([]model.Decision, error) {
	out, err := all(ctx, s.r, scanDecision, decisionColumns+`WHERE n > $1 ORDER BY n`, n)
	return out, s.wrap("decisions", err)
}

// MoveArticles puts articles into a story by hand and returns what was decided.
// With verb "merge", all those of the story go into other; with "split", the
// articles named leave the story for one of their own, which the decision
// names; with "move" they go into other. Copies go with their origin. From then
// on every article of both stories stays where it is: no later evidence merges
// or splits them again.
func (s *Store) MoveArticles(ctx context.Context, verb, story, other string, articles []string, who string, at time.Time) (*model.Decision, error) {
	d := &model.Decision{Noun: "story", Verb: verb, Who: who, At: at}
	err := s.write(ctx, verb+" story "+story, func(tx *sql.Tx) (err error) {
		if d.ID, err = nowAt(ctx, tx, "story", story); err != nil {
			return err
		}
		if d.Other, err = nowAt(ctx, tx, "story", other); err != nil {
			return err
		}
		if d.Parts, err = movedParts(ctx, tx, d, articles); err != nil {
			return err
		}
		if verb == "split" {
			d.Other = model.ID("story", append([]string{"split", d.ID}, d.Parts...)...)
		}
		if err := s.lock(ctx, tx, claimLock); err != nil {
			return err
		}
		if err := s.lockAll(ctx, tx, []string{d.ID, d.Other}); err != nil {
			return err
		}
		for _, id := range d.Parts {
			if _, err := exec(ctx, tx, `UPDATE article SET story = $2, situated_rev = 0 WHERE id = $1`, id, d.Other); err != nil {
				return err
			}
		}
		if _, err := exec(ctx, tx, `UPDATE article SET pinned = TRUE WHERE story IN ($1, $2)`, d.ID, d.Other); err != nil {
			return err
		}
		if err := moveStory(ctx, tx, d.ID, d.Other); err != nil {
			return err
		}
		return keepDecision(ctx, tx, d)
	})
	return d, err
}

// movedParts are the articles a decision moves, the copies with their origins,
// or the statements.
func movedParts(ctx context.Context, tx *sql.Tx, d *model.Decision, named []string) ([]string, error) {
	const ofStory = `SELECT id FROM article WHERE story = $1 ORDER BY id`
	const ofClaim = `SELECT s.id FROM statement s WHERE s.claim = $1 ORDER BY s.id`
	query := ofStory
	if d.Noun == "claim" {
		query = ofClaim
	}
	if d.Verb != "merge" && d.Verb != "split" && d.Verb != "move" {
		return nil, model.Errorf(model.ErrInvalid, "decision %q: want merge, split or move", d.Verb)
	}
	have, err := all(ctx, tx, scanOne[string], query, d.ID)
	if err != nil {
		return nil, err
	}
	if len(have) == 0 {
		return nil, model.Errorf(model.ErrNotFound, "there is no %s %s", d.Noun, d.ID)
	}
	if d.Verb != "split" {
		there, err := all(ctx, tx, scanOne[string], query, d.Other)
		switch {
		case err != nil:
			return nil, err
		case len(there) == 0:
			return nil, model.Errorf(model.ErrNotFound, "there is no %s %s", d.Noun, d.Other)
		case d.ID == d.Other:
			return nil, model.Errorf(model.ErrConflict, "%s and %s are one %s already", d.ID, d.Other, d.Noun)
		}
	}
	if d.Verb == "merge" {
		return have, nil
	}
	for _, id := range named {
		if !slices.Contains(have, id) {
			return nil, model.Errorf(model.ErrNotFound, "%s is not in %s %s", id, d.Noun, d.ID)
		}
	}
	if d.Noun == "story" {
		if named, err = withCopies(ctx, tx, d.ID, named); err != nil {
			return nil, err
		}
	}
	slices.Sort(named)
	named = slices.Compact(named)
	switch {
	case len(named) == 0:
		return nil, model.Errorf(model.ErrInvalid, "nothing is named that should leave %s %s", d.Noun, d.ID)
	case d.Verb == "split" && len(named) == len(have):
		return nil, model.Errorf(model.ErrConflict, "that is all of %s %s", d.Noun, d.ID)
	}
	return named, nil
}

// withCopies adds the origins and copies of articles within a story.
func withCopies(ctx context.Context, tx *sql.Tx, story string, ids []string) ([]string, error) {
	out := slices.Clone(ids)
	for _, id := range ids {
		family, err := all(ctx, tx, scanOne[string], `SELECT b.id FROM article a JOIN article b
			ON b.story = $2 AND (b.copy_of = a.id OR b.id = a.copy_of OR (b.copy_of = a.copy_of AND a.copy_of <> ''))
			WHERE a.id = $1`, id, story)
		if err != nil {
			return nil, err
		}
		out = append(out, family...)
	}
	return out, nil
}

// StoryArticleIDs returns the articles of a story.
func (s *Store) StoryArticleIDs(ctx context.Context, story string) ([]string, error) {
	out, err := all(ctx, s.r, scanOne[string], `SELECT id FROM article WHERE story = $1 ORDER BY at, n`, story)
	return out, s.wrap("articles of story "+story, err)
}

// ClaimStatementIDs returns the statements of a claim, of the newest revisions.
func (s *Store) ClaimStatementIDs(ctx context.Context, claim string) ([]string, error) {
	out, err := all(ctx, s.r, scanOne[string], `SELECT s.id FROM statement s JOIN article a ON a.id = s.article AND a.revision = s.revision
		WHERE s.claim = $1 ORDER BY a.at, a.n, s.n`, claim)
	return out, s.wrap("statements of claim "+claim, err)
}

// MoveStatements does for claims and their statements what MoveArticles does
// for stories and articles.
func (s *Store) MoveStatements(ctx context.Context, verb, claim, other string, statements []string, who string, at time.Time) (*model.Decision, error) {
	d := &model.Decision{Noun: "claim", Verb: verb, Who: who, At: at}
	err := s.write(ctx, verb+" claim "+claim, func(tx *sql.Tx) (err error) {
		if err := s.lock(ctx, tx, claimLock); err != nil {
			return err
		}
		if d.ID, err = nowAt(ctx, tx, "claim", claim); err != nil {
			return err
		}
		if d.Other, err = nowAt(ctx, tx, "claim", other); err != nil {
			return err
		}
		if d.Parts, err = movedParts(ctx, tx, d, statements); err != nil {
			return err
		}
		if verb == "split" {
			d.Other = model.ID("claim", append([]string{"split", d.ID}, d.Parts...)...)
		}
		for _, id := range d.Parts {
			if err := keepReadings(ctx, tx, at, `s.id = $1`, id); err != nil {
				return err
			}
			if _, err := exec(ctx, tx, `UPDATE statement SET claim = $2 WHERE id = $1`, id, d.Other); err != nil {
				return err
			}
			if _, err := exec(ctx, tx, `UPDATE article SET situated_rev = 0 WHERE id IN (SELECT article FROM statement WHERE id = $1)`, id); err != nil {
				return err
			}
		}
		for _, id := range []string{d.ID, d.Other} {
			if err := pinClaim(ctx, tx, id); err != nil {
				return err
			}
		}
		t := touchedClaims{}
		t.move(d.ID, d.Other)
		if err := t.refresh(ctx, tx); err != nil {
			return err
		}
		for _, id := range []string{d.ID, d.Other} {
			if err := giveWords(ctx, tx, id); err != nil {
				return err
			}
		}
		return keepDecision(ctx, tx, d)
	})
	return d, err
}

// pinClaim keeps every statement of a claim in it.
func pinClaim(ctx context.Context, tx *sql.Tx, claim string) error {
	rows, err := all(ctx, tx, scanPinned, pinnedQuery+`s.claim = $1`, claim)
	if err != nil {
		return err
	}
	for _, p := range rows {
		if err := pinStatement(ctx, tx, p, ""); err != nil {
			return err
		}
	}
	return nil
}

// pinStatement keeps a statement in its claim, and with an attitude where one is
// given.
func pinStatement(ctx context.Context, tx *sql.Tx, p pinned, attitude model.Stance) error {
	_, err := exec(ctx, tx, `INSERT INTO claim_pin (article, words, claim, attitude) VALUES ($1, $2, $3, $4)
		ON CONFLICT (article, words) DO UPDATE SET claim = excluded.claim,
			attitude = CASE WHEN excluded.attitude = '' THEN claim_pin.attitude ELSE excluded.attitude END`,
		p.article, p.words, p.claim, string(attitude))
	return err
}

// giveWords gives a claim whose words went to another claim, or that has none
// yet, those of its first statement that upholds it.
func giveWords(ctx context.Context, tx *sql.Tx, claim string) error {
	n, err := scanOne[int](one(ctx, tx, `SELECT count(*) FROM claim c JOIN statement s ON s.id = c.statement AND s.claim = c.id WHERE c.id = $1`, claim))
	if err != nil || n > 0 {
		return err
	}
	type words struct{ id, text string }
	rows, err := all(ctx, tx, func(row scanner) (w words, err error) {
		var st model.Statement
		var content, text string
		if err := row.Scan(&w.id, &content, &text); err != nil {
			return w, err
		}
		st.Content, err = spans(content)
		w.text = contentText(&st, text)
		return w, err
	}, `SELECT s.id, s.content, r.text FROM statement s JOIN article a ON a.id = s.article AND a.revision = s.revision
		JOIN revision r ON r.article = s.article AND r.n = s.revision WHERE s.claim = $1
		ORDER BY CASE WHEN s.attitude IN ('asserts', 'confirms') THEN 0 ELSE 1 END, a.at, a.n, s.n LIMIT 1`, claim)
	if err != nil || len(rows) == 0 {
		return err
	}
	_, err = exec(ctx, tx, `UPDATE claim SET statement = $2, text = $3 WHERE id = $1`, claim, rows[0].id, rows[0].text)
	return err
}

// SetAttitude gives a statement an attitude to its claim by hand, for ever.
func (s *Store) SetAttitude(ctx context.Context, statement string, attitude model.Stance, who string, at time.Time) (*model.Decision, error) {
	d := &model.Decision{Noun: "claim", Verb: "attitude", Other: string(attitude), Parts: []string{statement}, Who: who, At: at}
	err := s.write(ctx, "attitude of statement "+statement, func(tx *sql.Tx) error {
		if !slices.Contains(model.Stances, attitude) {
			return model.Errorf(model.ErrInvalid, "attitude %q: want %s", attitude, stanceList())
		}
		if err := s.lock(ctx, tx, claimLock); err != nil {
			return err
		}
		rows, err := all(ctx, tx, scanPinned, pinnedQuery+`s.id = $1`, statement)
		if err != nil {
			return err
		}
		if len(rows) == 0 || rows[0].claim == "" {
			return model.Errorf(model.ErrNotFound, "there is no statement %s in any claim", statement)
		}
		d.ID = rows[0].claim
		if err := keepReading(ctx, tx, rows[0], at); err != nil {
			return err
		}
		if err := pinStatement(ctx, tx, rows[0], attitude); err != nil {
			return err
		}
		if _, err := exec(ctx, tx, `UPDATE statement SET attitude = $2 WHERE id = $1`, statement, string(attitude)); err != nil {
			return err
		}
		if err := unsituate(ctx, tx, rows[0].article); err != nil {
			return err
		}
		if _, err := refreshClaim(ctx, tx, d.ID); err != nil {
			return err
		}
		return keepDecision(ctx, tx, d)
	})
	return d, err
}

func stanceList() string {
	names := make([]string, len(model.Stances))
	for i, st := range model.Stances {
		names[i] = string(st)
	}
	return strings.Join(names, ", ")
}
