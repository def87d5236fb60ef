package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"crosscheck/internal/model"
)

// What is listed of one speaker at most: names, roles and channels, and others
// who may be the same.
const (
	maxFacts  = 60
	maxDoubts = 20
)

// spoken joins what a speaker has said, in the newest revision of articles; the
// conditions narrow it.
const spoken = ` FROM speaker_alias l JOIN statement s ON s.alias = l.id AND s.alias <> ''
	JOIN article a ON a.id = s.article AND a.revision = s.revision WHERE l.speaker = $1`

// originals leaves out the articles that copy another: their words are the
// original's.
const originals = ` AND a.copy_of = ''`

// quotable leaves out what the public may not read.
func quotable(public bool) string {
	if !public {
		return ""
	}
	return ` AND NOT EXISTS (SELECT 1 FROM source WHERE source.id = a.source AND source.licence = 'link')`
}

func classIs(positions bool) string {
	if positions {
		return ` AND s.class = 'position'`
	}
	return ` AND s.class = ''`
}

// Speaker returns what is known of a speaker, counting what the query lets be
// read. Of one that was merged into another it returns the other.
func (s *Store) Speaker(ctx context.Context, q model.SpeakerQuery) (*model.SpeakerFacts, error) {
	f, err := s.speakerFacts(ctx, q)
	if err != nil {
		return nil, s.wrap("speaker "+q.ID, err)
	}
	return f, nil
}

func (s *Store) speakerFacts(ctx context.Context, q model.SpeakerQuery) (*model.SpeakerFacts, error) {
	id, err := mergedInto(ctx, s.r, q.ID)
	if err != nil {
		return nil, err
	}
	f := &model.SpeakerFacts{}
	if err := one(ctx, s.r, `SELECT id, name, type FROM speaker WHERE id = $1`, id).Scan(&f.ID, &f.Name, &f.Type); err != nil {
		return nil, err
	}
	may := quotable(q.Quotable)
	if err := s.countSpoken(ctx, &f.Speaker, may); err != nil {
		return nil, err
	}
	err = one(ctx, s.r, `SELECT count(CASE WHEN s.class = '' THEN 1 END), count(CASE WHEN s.class = 'position' THEN 1 END)`+spoken+originals, id).
		Scan(&f.Held, &f.Opinions)
	if err != nil {
		return nil, err
	}
	f.Held -= f.Statements
	if may != "" {
		err = one(ctx, s.r, `SELECT count(*)`+spoken+originals+classIs(true)+may, id).Scan(&f.Opinions)
		if err != nil {
			return nil, err
		}
	}
	if err := s.nameFor(ctx, &f.Speaker, may); err != nil {
		return nil, err
	}
	if f.Doubts, err = s.doubts(ctx, f.ID, q.Quotable); err != nil {
		return nil, err
	}
	return f, s.speakerLists(ctx, f, classIs(q.Positions)+may)
}

// nameFor gives a speaker the name in most use among what may be read, unless
// the one it has is among it, and the role and outlet that tell it from others.
func (s *Store) nameFor(ctx context.Context, sp *model.Speaker, may string) error {
	err := one(ctx, s.r, `SELECT s.speaker, l.scope`+spoken+may+` GROUP BY s.speaker, l.scope
		ORDER BY CASE WHEN s.speaker = $2 THEN 0 ELSE 1 END, count(*) DESC, s.speaker LIMIT 1`, sp.ID, sp.Name).Scan(&sp.Name, &sp.Outlet)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	sp.Role, err = scanOne[string](one(ctx, s.r, `SELECT coalesce((SELECT s.role`+spoken+may+` AND s.role <> ''
		GROUP BY s.role ORDER BY count(*) DESC, s.role LIMIT 1), '')`, sp.ID))
	return err
}

// countSpoken counts statements, the independent articles they stand in and the
// copies of those.
func (s *Store) countSpoken(ctx context.Context, sp *model.Speaker, may string) error {
	err := one(ctx, s.r, `SELECT count(*), count(DISTINCT a.id)`+spoken+originals+classIs(false)+may, sp.ID).
		Scan(&sp.Statements, &sp.Origins)
	if err != nil {
		return err
	}
	return one(ctx, s.r, `SELECT count(*) FROM article c WHERE c.copy_of <> '' AND c.copy_of IN (SELECT a.id`+
		spoken+originals+classIs(false)+may+`)`, sp.ID).Scan(&sp.Copies)
}

func (s *Store) speakerLists(ctx context.Context, f *model.SpeakerFacts, narrow string) error {
	tally := func(column string) ([]model.Tally, error) {
		return all(ctx, s.r, func(row scanner) (t model.Tally, err error) {
			err = row.Scan(&t.Value, &t.N)
			return t, err
		}, `SELECT `+column+`, count(*)`+spoken+originals+narrow+` GROUP BY `+column+` ORDER BY count(*) DESC, `+column+` LIMIT $2`, f.ID, maxFacts)
	}
	var err error
	if f.Stances, err = tally(`s.stance`); err != nil {
		return err
	}
	if f.Channels, err = tally(`s.channel`); err != nil {
		return err
	}
	f.Names, err = all(ctx, s.r, func(row scanner) (n model.SpeakerName, err error) {
		err = row.Scan(&n.Name, &n.Outlet, &n.N)
		return n, err
	}, `SELECT s.speaker, a.outlet, count(*)`+spoken+originals+narrow+` GROUP BY s.speaker, a.outlet
		ORDER BY count(*) DESC, s.speaker, a.outlet LIMIT $2`, f.ID, maxFacts)
	if err != nil {
		return err
	}
	f.Roles, err = all(ctx, s.r, func(row scanner) (r model.SpeakerRole, err error) {
		var first, latest int64
		err = row.Scan(&r.Role, &first, &latest, &r.N)
		r.First, r.Latest = fromMicros(first), fromMicros(latest)
		return r, err
	}, `SELECT s.role, min(a.at), max(a.at), count(*)`+spoken+originals+narrow+` AND s.role <> '' GROUP BY s.role
		ORDER BY max(a.at) DESC, s.role LIMIT $2`, f.ID, maxFacts)
	return err
}

// doubts returns who may be the same as a speaker, those with most statements
// first.
func (s *Store) doubts(ctx context.Context, id string, public bool) ([]model.DoubtedSpeaker, error) {
	out, err := all(ctx, s.r, func(row scanner) (d model.DoubtedSpeaker, err error) {
		err = row.Scan(&d.ID, &d.Name, &d.Type, &d.Why)
		return d, err
	}, `SELECT p.id, p.name, p.type, d.why FROM speaker_doubt d
		JOIN speaker p ON p.id = CASE WHEN d.a = $1 THEN d.b ELSE d.a END
		WHERE (d.a = $1 OR d.b = $1) AND p.n > 0`+heard(public)+` ORDER BY p.n DESC, p.id LIMIT $2`, id, maxDoubts)
	return out, s.fillSpeakers(ctx, err, public, len(out), func(i int) *model.Speaker { return &out[i].Speaker })
}

// heard keeps to the speakers p of whom the public may read something.
func heard(public bool) string {
	if !public {
		return ""
	}
	return ` AND EXISTS (SELECT 1` + strings.Replace(spoken, `$1`, `p.id`, 1) + originals + classIs(false) + quotable(true) + `)`
}

// fillSpeakers counts and names the speakers of a list.
func (s *Store) fillSpeakers(ctx context.Context, err error, public bool, n int, at func(int) *model.Speaker) error {
	may := quotable(public)
	for i := 0; i < n && err == nil; i++ {
		if err = s.countSpoken(ctx, at(i), may); err == nil {
			err = s.nameFor(ctx, at(i), may)
		}
	}
	return err
}

// SpeakerLedger returns a page of a speaker's statements, the newest article
// first and within one in text order, and how many there are. Copies of another
// article are left out.
func (s *Store) SpeakerLedger(ctx context.Context, q model.SpeakerQuery) (list []model.Ledger, total int, err error) {
	from := spoken + originals + classIs(q.Positions) + quotable(q.Quotable) + ` AND ($2 = '' OR s.stance = $2) AND ($3 = '' OR s.channel = $3)`
	args := []any{q.ID, string(q.Stance), q.Channel}
	if err := one(ctx, s.r, `SELECT count(*)`+from, args...).Scan(&total); err != nil {
		return nil, 0, s.wrap("ledger of speaker "+q.ID, err)
	}
	if q.Limit <= 0 || q.Limit > searchLimit {
		q.Limit = searchLimit
	}
	list, err = all(ctx, s.r, scanLedger, `SELECT `+ledgerColumns+from+` ORDER BY a.at DESC, a.n DESC, s.n LIMIT $4 OFFSET $5`,
		append(args, q.Limit, max(q.Offset, 0))...)
	if err == nil {
		err = s.fillTexts(ctx, list)
	}
	return list, total, s.wrap("ledger of speaker "+q.ID, err)
}

// fillTexts puts statements of several articles beside their articles.
func (s *Store) fillTexts(ctx context.Context, list []model.Ledger) error {
	texts := map[string]*ledgerText{}
	for i := range list {
		id := list[i].Article
		if _, known := texts[id]; !known {
			one, err := s.textsWhere(ctx, `a.id = $1`, id)
			if err != nil {
				return err
			}
			texts[id] = one[id]
		}
		list[i] = withText(list[i], texts[id])
	}
	return nil
}

// Speakers returns speakers one of whose names has a word that begins with the
// prefix, those with most statements first. The public gets those it may read
// something of.
func (s *Store) Speakers(ctx context.Context, prefix string, public bool, limit, offset int) ([]model.Speaker, error) {
	where, args := `p.n > 0`+heard(public), []any{limit, max(offset, 0)}
	if key := foldKey(prefix); key != "" { // letters, digits and spaces: nothing LIKE would take for a wildcard
		args = append(args, key+"%", "% "+key+"%")
		where += ` AND p.id IN (SELECT speaker FROM speaker_alias WHERE n > 0 AND (key LIKE $3 OR key LIKE $4))`
	}
	out, err := all(ctx, s.r, func(row scanner) (sp model.Speaker, err error) {
		err = row.Scan(&sp.ID, &sp.Name, &sp.Type)
		return sp, err
	}, `SELECT p.id, p.name, p.type FROM speaker p WHERE p.merged = '' AND `+where+` ORDER BY p.n DESC, p.id LIMIT $1 OFFSET $2`, args...)
	err = s.fillSpeakers(ctx, err, public, len(out), func(i int) *model.Speaker { return &out[i] })
	return out, s.wrap("speakers", err)
}
