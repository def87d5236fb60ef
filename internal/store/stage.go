package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"crosscheck/internal/model"
)

// The stages whose marks the store keeps.
const (
	StageFetch     = "fetch"     // item → capture
	StageRead      = "read"      // item with a capture → article
	StageStatement = "statement" // article → statements
	StageStory     = "story"     // article with statements → story
	StageClaim     = "claim"     // article in a story → claims
	StageSituation = "situation" // article with claims → situations
)

// stage says how the rows a stage works on are found and marked.
type stage struct {
	table   string
	pending string // the rows without their mark
	reset   string // takes the mark away
	since   string // the time reset compares
}

var stages = map[string]stage{
	StageFetch:     {"item", `t.fetched <> t.fingerprint`, `fetched = ''`, `seen`},
	StageRead:      {"item", `t.capture <> t.read`, `read = ''`, `seen`},
	StageStatement: {"article", `t.stated_rev < t.revision`, `stated_rev = 0`, `first_seen`},
	StageStory:     {"article", `t.grouped_rev < t.revision AND t.stated_rev >= t.revision`, `grouped_rev = 0`, `first_seen`},
	StageClaim:     {"article", `t.claimed_rev < t.revision AND t.grouped_rev >= t.revision`, `claimed_rev = 0`, `first_seen`},
	StageSituation: {"article", `t.situated_rev < t.revision AND t.claimed_rev >= t.revision`, `situated_rev = 0`, `first_seen`},
}

func stageNamed(name string) (stage, error) {
	st, ok := stages[name]
	if !ok {
		return st, model.Errorf(model.ErrInvalid, "store: stage %q: want fetch, read, statement, story, claim or situation", name)
	}
	return st, nil
}

// Pending returns the ids (of items for fetch and read, of articles for
// the later ones) a stage has not done, oldest first. What lies in the
// dead letters is left out.
func (s *Store) Pending(ctx context.Context, stage string, limit int) ([]string, error) {
	st, err := stageNamed(stage)
	if err != nil {
		return nil, err
	}
	ids, err := all(ctx, s.r, scanOne[string], fmt.Sprintf(`SELECT t.id FROM %s t WHERE %s
		AND NOT EXISTS (SELECT 1 FROM dead_letter d WHERE d.stage = $1 AND d.id = t.id)
		ORDER BY t.n LIMIT $2`, st.table, st.pending), stage, limit)
	return ids, s.wrap("pending of stage "+stage, err)
}

// Done reports whether a stage has nothing to do for an id.
func (s *Store) Done(ctx context.Context, stage, id string) (bool, error) {
	st, err := stageNamed(stage)
	if err != nil {
		return false, err
	}
	n, err := scanOne[int](one(ctx, s.r, fmt.Sprintf(`SELECT count(*) FROM %s t WHERE t.id = $1 AND %s`, st.table, st.pending), id))
	return n == 0, s.wrap("mark of stage "+stage, err)
}

// ResetStage takes a stage's marks from every row first seen at since or later,
// and drops their dead letters, so that Pending returns them again. It returns
// how many rows that are.
func (s *Store) ResetStage(ctx context.Context, stage string, since time.Time) (int64, error) {
	st, err := stageNamed(stage)
	if err != nil {
		return 0, err
	}
	var n int64
	err = s.write(ctx, "reset stage "+stage, func(tx *sql.Tx) error {
		_, err := exec(ctx, tx, fmt.Sprintf(`DELETE FROM dead_letter WHERE stage = $1
			AND id IN (SELECT id FROM %s WHERE %s >= $2)`, st.table, st.since), stage, micros(since))
		if err != nil {
			return err
		}
		n, err = exec(ctx, tx, fmt.Sprintf(`UPDATE %s SET %s WHERE %s >= $1`, st.table, st.reset, st.since), micros(since))
		return err
	})
	return n, err
}

// DeadLetter is an id a stage has given up on.
type DeadLetter struct {
	Stage    string
	ID       string
	Attempts int
	Problem  string // in words
	At       time.Time
}

// SaveDeadLetter keeps a dead letter; a later one for the same stage and id
// takes its place.
func (s *Store) SaveDeadLetter(ctx context.Context, d DeadLetter) error {
	if d.At.IsZero() {
		d.At = time.Now()
	}
	_, err := exec(ctx, s.w, `INSERT INTO dead_letter (stage, id, attempts, problem, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (stage, id) DO UPDATE SET attempts = excluded.attempts, problem = excluded.problem, at = excluded.at`,
		d.Stage, d.ID, d.Attempts, d.Problem, micros(d.At))
	return s.wrap("save dead letter of "+d.Stage+" "+d.ID, err)
}

// DeadLetters returns the newest dead letters.
func (s *Store) DeadLetters(ctx context.Context, limit int) ([]DeadLetter, error) {
	out, err := all(ctx, s.r, func(row scanner) (d DeadLetter, err error) {
		var at int64
		err = row.Scan(&d.Stage, &d.ID, &d.Attempts, &d.Problem, &at)
		d.At = fromMicros(at)
		return d, err
	}, `SELECT stage, id, attempts, problem, at FROM dead_letter ORDER BY at DESC, stage, id LIMIT $1`, limit)
	return out, s.wrap("dead letters", err)
}

// clearDead drops what was given up on for id in the stages named.
func clearDead(ctx context.Context, c conn, id string, stages ...string) error {
	for _, st := range stages {
		if _, err := exec(ctx, c, `DELETE FROM dead_letter WHERE stage = $1 AND id = $2`, st, id); err != nil {
			return err
		}
	}
	return nil
}
