package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"crosscheck/internal/model"
)

// Speakers is how the store tells speakers apart across articles. Both are pure
// functions; the store looks up who may be the same and keeps the answers.
type Speakers struct {
	// Keys says what a description is filed under.
	Keys func(model.SpeakerDescription) model.SpeakerKeys
	// Choose says which of the known speakers a description is of.
	Choose func(model.SpeakerDescription, []model.SpeakerProfile) model.SpeakerChoice
}

// speakerLock is what whoever changes speakers waits for.
const speakerLock = "speakers"

// Bounds of what one description is compared with, so that an article costs
// the same however many speakers are known.
const (
	maxFiled      = 100 // speakers taken of one block
	maxCandidates = 40
	maxAliases    = 12
)

// orByName fills what is not set: one folded name is one speaker.
func (sp Speakers) orByName() Speakers {
	if sp.Keys == nil {
		sp.Keys = func(d model.SpeakerDescription) model.SpeakerKeys {
			if d.Type == model.SpeakerUnnamed || d.Type == model.SpeakerDocument || foldKey(d.Name) == "" {
				return model.SpeakerKeys{}
			}
			block := []string{string(d.Type) + " " + foldKey(d.Name)}
			return model.SpeakerKeys{File: block, Look: block}
		}
	}
	if sp.Choose == nil {
		sp.Choose = func(_ model.SpeakerDescription, known []model.SpeakerProfile) (c model.SpeakerChoice) {
			if len(known) > 0 {
				c.ID = known[0].ID
			}
			return c
		}
	}
	return sp
}

// describe is what a statement says about its speaker.
func describe(st *model.Statement, outlet string) model.SpeakerDescription {
	return model.SpeakerDescription{Name: clean(st.Speaker), Type: st.SpeakerType, Role: clean(st.Role), Outlet: outlet}
}

// identify returns the alias of a description: a known speaker's, or that of a
// new one; "" for who has no name of their own.
func (s *Store) identify(ctx context.Context, tx *sql.Tx, d model.SpeakerDescription) (string, error) {
	keys := s.speakers.Keys(d)
	if len(keys.File) == 0 {
		return "", nil
	}
	known, err := candidates(ctx, tx, foldKey(d.Name), keys)
	if err != nil {
		return "", err
	}
	choice := s.speakers.Choose(d, known)
	if choice.ID == "" {
		if choice.ID, err = addSpeaker(ctx, tx, d, keys, choice.Homonym); err != nil {
			return "", err
		}
	}
	alias, err := addAlias(ctx, tx, choice.ID, d, keys)
	if err != nil {
		return "", err
	}
	return alias, addDoubts(ctx, tx, choice)
}

// candidates are the speakers filed where a description looks, those of the very
// name first, then those who speak most.
func candidates(ctx context.Context, tx *sql.Tx, key string, keys model.SpeakerKeys) ([]model.SpeakerProfile, error) {
	args := []any{key, maxCandidates, maxFiled}
	filed := make([]string, len(keys.Look))
	for i, b := range keys.Look {
		args = append(args, b)
		filed[i] = fmt.Sprintf("SELECT speaker FROM (SELECT speaker FROM speaker_block WHERE block = $%d LIMIT $3) f%d", i+4, i)
	}
	ids, err := all(ctx, tx, scanOne[string], `SELECT p.id FROM speaker p WHERE p.id IN (`+strings.Join(filed, " UNION ")+`)
		ORDER BY CASE WHEN EXISTS (SELECT 1 FROM speaker_alias l WHERE l.speaker = p.id AND l.key = $1) THEN 0 ELSE 1 END,
			p.n DESC, p.id LIMIT $2`, args...)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return profiles(ctx, tx, key, ids)
}

// profiles loads what speakers go by: decisions and the very name first, then
// what is in most use.
func profiles(ctx context.Context, tx *sql.Tx, key string, ids []string) ([]model.SpeakerProfile, error) {
	at := map[string]int{}
	args := []any{key, maxAliases}
	marks := make([]string, len(ids))
	out := make([]model.SpeakerProfile, len(ids))
	for i, id := range ids {
		at[id], out[i].ID = i, id
		args = append(args, id)
		marks[i] = fmt.Sprintf("$%d", i+3)
	}
	_, err := all(ctx, tx, func(row scanner) (struct{}, error) {
		var id string
		var a model.SpeakerAlias
		err := row.Scan(&id, &a.Name, &a.Type, &a.Role, &a.Outlet, &a.ByHand)
		out[at[id]].Aliases = append(out[at[id]].Aliases, a)
		return struct{}{}, err
	}, `SELECT speaker, name, type, role, scope, by_hand FROM (SELECT l.*, row_number() OVER (PARTITION BY l.speaker
			ORDER BY CASE WHEN l.key = $1 THEN 0 ELSE 1 END, l.by_hand DESC, l.n DESC, l.id) AS place
			FROM speaker_alias l WHERE l.speaker IN (`+strings.Join(marks, ", ")+`)) x
		WHERE place <= $2 ORDER BY speaker, place`, args...)
	return out, err
}

// aliasKey is a description as it is told from others.
func aliasKey(d model.SpeakerDescription, scope string) []string {
	return []string{string(d.Type), foldKey(d.Name), foldKey(d.Role), scope}
}

// addSpeaker makes the speaker of a description nobody known fits. Its id comes
// of the description, so that doing it again finds it again.
func addSpeaker(ctx context.Context, tx *sql.Tx, d model.SpeakerDescription, keys model.SpeakerKeys, homonym bool) (string, error) {
	parts := aliasKey(d, keys.Scope)
	if homonym {
		parts = append(parts, "one of several")
	}
	id := model.ID("speaker", parts...)
	_, err := exec(ctx, tx, `INSERT INTO speaker (id, name, type, n) VALUES ($1, $2, $3, 0) ON CONFLICT (id) DO NOTHING`,
		id, d.Name, string(d.Type))
	if err != nil {
		return "", err
	}
	return mergedInto(ctx, tx, id)
}

// mergedInto follows the merges of a speaker; an unknown id is a not-found.
func mergedInto(ctx context.Context, c conn, id string) (string, error) {
	for {
		into, err := scanOne[string](one(ctx, c, `SELECT merged FROM speaker WHERE id = $1`, id))
		if err != nil || into == "" {
			return id, err
		}
		id = into
	}
}

// addAlias files a description under a speaker, unless it is there already.
func addAlias(ctx context.Context, tx *sql.Tx, speaker string, d model.SpeakerDescription, keys model.SpeakerKeys) (string, error) {
	parts := aliasKey(d, keys.Scope)
	id, err := scanOne[string](one(ctx, tx, `SELECT id FROM speaker_alias
		WHERE speaker = $1 AND type = $2 AND key = $3 AND role_key = $4 AND scope = $5`, speaker, parts[0], parts[1], parts[2], parts[3]))
	if err == nil || !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	id = model.ID("alias", append(parts, speaker)...)
	n, err := exec(ctx, tx, `INSERT INTO speaker_alias (id, speaker, key, name, type, role, role_key, scope, n)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0) ON CONFLICT (id) DO NOTHING`,
		id, speaker, parts[1], d.Name, parts[0], d.Role, parts[2], parts[3])
	if err != nil || n == 0 { // it has been moved to another by hand
		return id, err
	}
	for _, b := range keys.File {
		_, err := exec(ctx, tx, `INSERT INTO speaker_block (block, speaker) VALUES ($1, $2) ON CONFLICT (block, speaker) DO NOTHING`, b, speaker)
		if err != nil {
			return "", err
		}
	}
	return id, nil
}

// addDoubts records who else may be the chosen speaker, except whom a person
// has split from it.
func addDoubts(ctx context.Context, tx *sql.Tx, c model.SpeakerChoice) error {
	for _, d := range c.Unsure {
		if d.ID == c.ID {
			continue
		}
		_, err := exec(ctx, tx, `INSERT INTO speaker_doubt (a, b, why) SELECT $1, $2, $3 WHERE NOT EXISTS
				(SELECT 1 FROM speaker_decision WHERE verb = 'split' AND speaker IN ($1, $2) AND other IN ($1, $2))
			ON CONFLICT (a, b) DO NOTHING`, min(c.ID, d.ID), max(c.ID, d.ID), d.Why)
		if err != nil {
			return err
		}
	}
	return nil
}

// countSpeakers adds (or takes away) the statements of a revision to the counts
// of their speakers, and names those after the alias in most use.
func countSpeakers(ctx context.Context, tx *sql.Tx, articleID string, revision, sign int) error {
	touched, err := all(ctx, tx, scanOne[string], `SELECT DISTINCT l.speaker FROM statement s JOIN speaker_alias l ON l.id = s.alias
		WHERE s.article = $1 AND s.revision = $2 ORDER BY l.speaker`, articleID, revision)
	if err != nil {
		return err
	}
	_, err = exec(ctx, tx, `UPDATE speaker_alias SET n = speaker_alias.n + $3 * c.n FROM
		(SELECT alias, count(*) AS n FROM statement WHERE article = $1 AND revision = $2 AND class = '' AND alias <> '' GROUP BY alias) c
		WHERE speaker_alias.id = c.alias`, articleID, revision, sign)
	if err != nil {
		return err
	}
	for _, id := range touched {
		if err := refreshSpeaker(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// refreshSpeaker recomputes a speaker's count and name. Names of one word give
// way to longer ones.
func refreshSpeaker(ctx context.Context, tx *sql.Tx, id string) error {
	_, err := exec(ctx, tx, `UPDATE speaker SET n = (SELECT coalesce(CAST(sum(n) AS BIGINT), 0) FROM speaker_alias WHERE speaker = $1),
		name = coalesce((SELECT name FROM speaker_alias WHERE speaker = $1 GROUP BY name, key
			ORDER BY CASE WHEN key LIKE '% %' THEN 0 ELSE 1 END, sum(n) DESC, name DESC LIMIT 1), name) WHERE id = $1`, id)
	return err
}
