package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// SpeakerDecision is what a person has decided about speakers. No later
// evidence undoes it.
type SpeakerDecision struct {
	Verb    string // "merge" or "split"
	Speaker string
	Other   string // the speaker it became part of, or that was split from it
	Name    string // the name split off
	Who     string
	At      time.Time
}

// MergeSpeakers makes one speaker part of another: everything it goes by is the
// other's from now on, and its id leads there.
func (s *Store) MergeSpeakers(ctx context.Context, from, into, who string, at time.Time) error {
	return s.write(ctx, "merge speaker "+from+" into "+into, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, speakerLock); err != nil {
			return err
		}
		a, err := mergedInto(ctx, tx, from)
		if err != nil {
			return err
		}
		b, err := mergedInto(ctx, tx, into)
		if err != nil {
			return err
		}
		if a == b {
			return model.Errorf(model.ErrConflict, "%s and %s are one speaker already", from, into)
		}
		for _, q := range []string{
			`UPDATE speaker_alias SET by_hand = TRUE WHERE speaker IN ($1, $2)`,
			`UPDATE speaker_alias SET speaker = $2 WHERE speaker = $1`,
			`UPDATE speaker SET merged = $2, n = 0 WHERE id = $1`,
			`INSERT INTO speaker_block (block, speaker) SELECT block, $2 FROM speaker_block WHERE speaker = $1 AND speaker <> $2
				ON CONFLICT (block, speaker) DO NOTHING`,
			`DELETE FROM speaker_block WHERE speaker = $1 AND speaker <> $2`,
			`DELETE FROM speaker_doubt WHERE (a = $1 AND b = $2) OR (a = $2 AND b = $1)`,
			`INSERT INTO speaker_doubt (a, b, why) SELECT CASE WHEN o < $2 THEN o ELSE $2 END, CASE WHEN o < $2 THEN $2 ELSE o END, min(why)
				FROM (SELECT CASE WHEN a = $1 THEN b ELSE a END AS o, why FROM speaker_doubt WHERE a = $1 OR b = $1) d
				WHERE o <> $2 GROUP BY o ON CONFLICT (a, b) DO NOTHING`,
			`DELETE FROM speaker_doubt WHERE a = $1 OR (b = $1 AND a <> $2)`,
		} {
			if _, err := exec(ctx, tx, q, a, b); err != nil {
				return err
			}
		}
		if err := refreshSpeaker(ctx, tx, b); err != nil {
			return err
		}
		if err := unsituateSpeaker(ctx, tx, b); err != nil {
			return err
		}
		return decide(ctx, tx, SpeakerDecision{Verb: "merge", Speaker: a, Other: b, Who: who, At: at})
	})
}

// SplitSpeaker takes a name, or only the name with one role, away from a speaker
// and returns the id of the speaker it is from now on. A speaker keeps at least
// one name.
func (s *Store) SplitSpeaker(ctx context.Context, id, name, role, who string, at time.Time) (split string, err error) {
	err = s.write(ctx, "split speaker "+id, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, speakerLock); err != nil {
			return err
		}
		if id, err = mergedInto(ctx, tx, id); err != nil {
			return err
		}
		split, err = s.splitAliases(ctx, tx, id, name, role)
		if err != nil {
			return err
		}
		for _, sp := range []string{id, split} {
			if err := refreshSpeaker(ctx, tx, sp); err != nil {
				return err
			}
			if err := unsituateSpeaker(ctx, tx, sp); err != nil {
				return err
			}
		}
		words := strings.TrimSuffix(name+", "+role, ", ")
		return decide(ctx, tx, SpeakerDecision{Verb: "split", Speaker: id, Other: split, Name: words, Who: who, At: at})
	})
	return split, err
}

// splitAliases moves the aliases of a name, and of a role where one is given, to
// a speaker of their own.
func (s *Store) splitAliases(ctx context.Context, tx *sql.Tx, id, name, role string) (string, error) {
	const which = ` FROM speaker_alias WHERE speaker = $1 AND key = $2 AND ($3 = '' OR role_key = $3)`
	key, roleKey := foldKey(name), foldKey(role)
	var moved, total int
	if err := one(ctx, tx, `SELECT count(*)`+which, id, key, roleKey).Scan(&moved); err != nil {
		return "", err
	}
	if err := one(ctx, tx, `SELECT count(*) FROM speaker_alias WHERE speaker = $1`, id).Scan(&total); err != nil {
		return "", err
	}
	switch {
	case moved == 0:
		return "", model.Errorf(model.ErrNotFound, "speaker %s goes by no name %q with role %q", id, name, role)
	case moved == total:
		return "", model.Errorf(model.ErrConflict, "%q is all that speaker %s goes by", name, id)
	}
	split := model.ID("speaker", "split", id, key, roleKey)
	_, err := exec(ctx, tx, `INSERT INTO speaker (id, name, type, n) SELECT $1, $2, type, 0 FROM speaker WHERE id = $3
		ON CONFLICT (id) DO UPDATE SET merged = ''`, split, name, id)
	if err != nil {
		return "", err
	}
	if _, err := exec(ctx, tx, `UPDATE speaker_alias SET by_hand = TRUE WHERE speaker = $1`, id); err != nil {
		return "", err
	}
	_, err = exec(ctx, tx, `INSERT INTO speaker_block (block, speaker) SELECT block, $2 FROM speaker_block WHERE speaker = $1
		ON CONFLICT (block, speaker) DO NOTHING`, id, split)
	if err != nil {
		return "", err
	}
	_, err = exec(ctx, tx, `UPDATE speaker_alias SET speaker = $4 WHERE speaker = $1 AND key = $2 AND ($3 = '' OR role_key = $3)`,
		id, key, roleKey, split)
	return split, err
}

func decide(ctx context.Context, tx *sql.Tx, d SpeakerDecision) error {
	_, err := exec(ctx, tx, `INSERT INTO speaker_decision (verb, speaker, other, name, who, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		d.Verb, d.Speaker, d.Other, d.Name, d.Who, micros(d.At))
	return err
}

// SpeakerDecisions returns what people have decided, the newest first.
func (s *Store) SpeakerDecisions(ctx context.Context, limit int) ([]SpeakerDecision, error) {
	out, err := all(ctx, s.r, func(row scanner) (d SpeakerDecision, err error) {
		var at int64
		err = row.Scan(&d.Verb, &d.Speaker, &d.Other, &d.Name, &d.Who, &at)
		d.At = fromMicros(at)
		return d, err
	}, `SELECT verb, speaker, other, name, who, at FROM speaker_decision ORDER BY n DESC LIMIT $1`, limit)
	return out, s.wrap("decisions about speakers", err)
}
