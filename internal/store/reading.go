package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"crosscheck/internal/model"
)

// keepReading keeps the claim a statement stands in and its attitude, which are
// about to change. One that stands in none was not read yet.
func keepReading(ctx context.Context, tx *sql.Tx, p pinned, until time.Time) error {
	if p.claim == "" {
		return nil
	}
	_, err := exec(ctx, tx, `INSERT INTO statement_reading (article, words, claim, attitude, until) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (article, words, until) DO NOTHING`, p.article, p.words, p.claim, string(p.attitude), micros(until))
	return err
}

// keepReadings does so for the statements a condition picks.
func keepReadings(ctx context.Context, tx *sql.Tx, until time.Time, where string, args ...any) error {
	rows, err := all(ctx, tx, scanPinned, pinnedQuery+where, args...)
	if err != nil {
		return err
	}
	for _, p := range rows {
		if err := keepReading(ctx, tx, p, until); err != nil {
			return err
		}
	}
	return nil
}

// readings are how the statements of a situation's members were read at a
// moment, where they were read otherwise later: by article and words.
type readings map[[2]string]pin

func readingsAt(ctx context.Context, c conn, situation string, known time.Time) (readings, error) {
	out := readings{}
	_, err := all(ctx, c, func(row scanner) (struct{}, error) {
		var key [2]string
		var p pin
		err := row.Scan(&key[0], &key[1], &p.claim, &p.attitude)
		out[key] = p // the latest come first, the one that held stays
		return struct{}{}, err
	}, `SELECT r.article, r.words, r.claim, r.attitude FROM statement_reading r
		JOIN situation_member m ON m.situation = $1 AND m.article = r.article WHERE r.until > $2 ORDER BY r.until DESC`, situation, micros(known))
	return out, err
}

// then puts an entry of a statement into the claim it stood in, with its attitude.
func (r readings) then(h *model.Heard) {
	l := model.Ledger{Text: h.Text}
	l.Speaker = h.Speaker
	if p, known := r[[2]string{h.Article, pinKey(&l)}]; known {
		h.Claim, h.Stance = p.claim, firstOf(p.attitude, h.Stance)
	}
}

// reread picks the claims of the situation $1 of which a statement was read
// otherwise at the moment that the argument has, or that it stands in since.
const reread = `SELECT x.claim FROM statement_reading r JOIN situation_entry x ON x.situation = $1 AND x.article = r.article
		AND x.kind = 'statement' WHERE r.until > $%[1]d
	UNION SELECT r.claim FROM statement_reading r JOIN situation_member m ON m.situation = $1 AND m.article = r.article WHERE r.until > $%[1]d`

// replayed is the entries about the claims that reread picks as they followed
// from how statements were read at a moment, the newest first; nil where
// statements are read as they were.
type replayed struct{ list []model.Entry }

// replay makes them.
func (s *Store) replay(ctx context.Context, situation string, known time.Time) (*replayed, error) {
	if known.IsZero() {
		return nil, nil
	}
	read, err := readingsAt(ctx, s.r, situation, known)
	if err != nil || len(read) == 0 {
		return nil, err
	}
	at := micros(known)
	said, err := heardWhere(ctx, s.r, fmt.Sprintf(`e.kind = 'statement' AND e.seen <= $2 AND (e.gone = 0 OR e.gone > $2) AND e.at <= $3
		AND e.claim IN (`+reread+`)`, 2), situation, at, at+futureSlack.Microseconds())
	if err != nil {
		return nil, err
	}
	then := &replayed{}
	claims := map[string][]model.Heard{}
	for _, h := range said {
		read.then(&h)
		then.list = append(then.list, h.Entry)
		if h.Gone = (time.Time{}); h.Claim != "" { // it was there still
			claims[h.Claim] = append(claims[h.Claim], h)
		}
	}
	for _, list := range claims {
		for _, e := range model.ClaimEntries(list) {
			if e.Gone.IsZero() {
				then.list = append(then.list, e)
			}
		}
	}
	slices.SortFunc(then.list, newestFirst)
	return then, nil
}

// find returns the entry of an id, or nil.
func (r *replayed) find(id string) *model.Entry {
	if r == nil {
		return nil
	}
	for i := range r.list {
		if r.list[i].ID == id {
			return &r.list[i]
		}
	}
	return nil
}

// page returns those asked for, at most q.Limit; before is when the entry
// q.Before stands.
func (r *replayed) page(q *model.EntryQuery, before int64) []model.Entry {
	if r == nil {
		return nil
	}
	var out []model.Entry
	last := model.Entry{ID: q.Before, At: fromMicros(before)}
	for i := range r.list {
		e := &r.list[i]
		if len(out) < q.Limit && fits(q, e) && (q.Before == "" || newestFirst(last, *e) < 0) {
			out = append(out, *e)
		}
	}
	return out
}

// fits reports whether an entry about a claim is among those asked for.
func fits(q *model.EntryQuery, e *model.Entry) bool {
	return (len(q.Kinds) == 0 || slices.Contains(q.Kinds, e.Kind)) &&
		(q.Speaker == "" || q.Speaker == e.SpeakerID) && (q.Claim == "" || q.Claim == e.Claim) &&
		(q.Claims == nil || slices.Contains(q.Claims, e.Claim)) && q.Service == "" && (q.Place == 0 || q.Place == e.Place) &&
		(q.From.IsZero() || !e.At.Before(q.From)) && (q.To.IsZero() || e.At.Before(q.To))
}

// newestFirst orders entries as timelines do.
func newestFirst(a, b model.Entry) int {
	return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID))
}
