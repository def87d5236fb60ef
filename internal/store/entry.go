package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

const entryColumns = `e.id, e.kind, e.at, e.happened, e.said, e.published, e.seen, e.gone, e.text, e.detail, e.speaker, e.speaker_id, e.stance, e.was,
	e.claim, e.story, e.article, e.statement, e.service, e.outage, e.place, e.outlet, e.origins`

// entryRow receives entryColumns.
type entryRow struct {
	e                                         model.Entry
	at, happened, said, published, seen, gone int64
}

func (r *entryRow) fields() []any {
	e := &r.e
	return []any{
		&e.ID, &e.Kind, &r.at, &r.happened, &r.said, &r.published, &r.seen, &r.gone, &e.Text, &e.Detail, &e.Speaker, &e.SpeakerID, &e.Stance, &e.Before,
		&e.Claim, &e.Story, &e.Article, &e.Statement, &e.Service, &e.Outage, &e.Place, &e.Outlet, &e.Origins,
	}
}

func (r *entryRow) entry() model.Entry {
	e := r.e
	e.At, e.Happened, e.Said = fromMicros(r.at), fromMicros(r.happened), fromMicros(r.said)
	e.Published, e.Seen, e.Gone = fromMicros(r.published), fromMicros(r.seen), fromMicros(r.gone)
	return e
}

func scanEntry(row scanner) (model.Entry, error) {
	var r entryRow
	err := row.Scan(r.fields()...)
	return r.entry(), err
}

// scanHeard reads entryColumns, voice, root, dated and n.
func scanHeard(row scanner) (h model.Heard, err error) {
	var r entryRow
	var dated int64
	err = row.Scan(append(r.fields(), &h.Voice, &h.Root, &dated, &h.N)...)
	h.Entry, h.Dated = r.entry(), fromMicros(dated)
	h.When = h.At
	return h, err
}

// heardWhere returns entries of a situation with what their positions are
// computed from.
func heardWhere(ctx context.Context, c conn, where string, args ...any) ([]model.Heard, error) {
	return all(ctx, c, scanHeard, `SELECT `+entryColumns+`, e.voice, e.root, e.dated, e.n FROM situation_entry e WHERE e.situation = $1 AND `+where, args...)
}

// stored is an entry as it comes back from the database.
func stored(h model.Heard) model.Heard {
	h.When = h.At
	times := []*time.Time{&h.At, &h.Happened, &h.Said, &h.Published, &h.Seen, &h.Gone, &h.Dated, &h.When}
	for _, t := range times {
		*t = fromMicros(micros(*t))
	}
	for _, s := range []*string{&h.Text, &h.Detail, &h.Speaker, &h.Outlet, &h.Voice} {
		*s = clean(*s)
	}
	return h
}

func insertEntry(ctx context.Context, tx *sql.Tx, situation string, h *model.Heard) error {
	e := &h.Entry
	_, err := exec(ctx, tx, `INSERT INTO situation_entry (situation, id, kind, at, happened, said, published, seen, gone, text, detail, speaker, speaker_id,
			stance, was, claim, story, article, statement, service, outage, place, outlet, origins, voice, root, dated, n)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)`,
		situation, e.ID, string(e.Kind), micros(e.At), micros(e.Happened), micros(e.Said), micros(e.Published), micros(e.Seen), micros(e.Gone),
		e.Text, e.Detail, e.Speaker, e.SpeakerID, string(e.Stance), string(e.Before), e.Claim, e.Story, e.Article, e.Statement, e.Service, e.Outage,
		e.Place, e.Outlet, e.Origins, h.Voice, h.Root, micros(h.Dated), h.N)
	return err
}

func deleteEntry(ctx context.Context, tx *sql.Tx, situation string, h *model.Heard) error {
	_, err := exec(ctx, tx, `DELETE FROM situation_entry WHERE situation = $1 AND id = $2 AND seen = $3`, situation, h.ID, micros(h.Seen))
	return err
}

// replaceEntries puts entries in the place of others and returns those that
// went or came. What stays the same is left alone.
func replaceEntries(ctx context.Context, tx *sql.Tx, situation string, old, now []model.Heard) ([]model.Heard, error) {
	var changed []model.Heard
	for i := range old {
		if !slices.Contains(now, old[i]) {
			if err := deleteEntry(ctx, tx, situation, &old[i]); err != nil {
				return nil, err
			}
			changed = append(changed, old[i])
		}
	}
	for i := range now {
		if !slices.Contains(old, now[i]) {
			if err := insertEntry(ctx, tx, situation, &now[i]); err != nil {
				return nil, err
			}
			changed = append(changed, now[i])
		}
	}
	return changed, nil
}

// entries writes those of a member's statements and revisions; with none, it
// takes them away. Words that the origin, or another copy of it, carries too
// are one entry: the origin's where it is a member and still has them, with the
// first sighting.
func (t *touchedTimeline) entries(ctx context.Context, tx *sql.Tx, a *candidate, list []model.Heard) error {
	old, err := heardWhere(ctx, tx, `e.article = $2 AND e.kind IN ('statement', 'revision', 'movement')`, t.situation, a.ID)
	if err != nil {
		return err
	}
	before := map[string]model.Heard{}
	for _, h := range old {
		before[h.ID] = h
	}
	var now []model.Heard
	for _, h := range list {
		h = stored(h)
		if was, known := before[h.ID]; known {
			if was.Seen.Before(h.Seen) { // in a copy
				h.Seen = was.Seen
			}
			if was.Claim == h.Claim { // which counts them
				h.Origins = was.Origins
			}
		}
		mine, err := t.share(ctx, tx, &h)
		if err != nil {
			return err
		}
		if mine {
			now = append(now, h)
		}
	}
	changed, err := replaceEntries(ctx, tx, t.situation, old, now)
	for i := range changed {
		t.changed = true
		if c := changed[i].Claim; c != "" {
			t.claims[c] = true
		}
	}
	return err
}

// share reports whether an article carries words of its origin's family in the
// timeline. Where another member does, the entry has the earlier sighting.
func (t *touchedTimeline) share(ctx context.Context, tx *sql.Tx, h *model.Heard) (bool, error) {
	others, err := heardWhere(ctx, tx, `e.id = $2 AND e.article <> $3`, t.situation, h.ID, h.Article)
	if err != nil || len(others) == 0 {
		return true, err
	}
	o := others[0]
	mine := h.Article == h.Root // it is the origin
	if gone := !h.Gone.IsZero(); gone != !o.Gone.IsZero() {
		mine = !gone
	}
	if !mine && !h.Seen.Before(o.Seen) {
		return false, nil
	}
	if err := deleteEntry(ctx, tx, t.situation, &o); err != nil {
		return false, err
	}
	if t.changed = true; o.Claim != "" {
		t.claims[o.Claim] = true
	}
	if mine {
		if o.Seen.Before(h.Seen) {
			h.Seen = o.Seen
		}
		return true, nil
	}
	o.Seen = h.Seen
	return false, insertEntry(ctx, tx, t.situation, &o)
}

// refreshClaimTimeline computes anew who first upheld and disputed a claim in a
// situation and who crossed its line, and lists the claim or takes it away.
func refreshClaimTimeline(ctx context.Context, tx *sql.Tx, situation, claim string) error {
	rows, err := heardWhere(ctx, tx, `e.claim = $2 AND e.claim <> ''`, situation, claim)
	if err != nil {
		return err
	}
	var said, old []model.Heard
	current := false
	for _, h := range rows {
		switch h.Kind {
		case model.EntryStatement:
			said = append(said, h)
			current = current || h.Gone.IsZero()
		case model.EntryAsserted, model.EntryDenied, model.EntryReversal:
			old = append(old, h)
		}
	}
	if err := countOrigins(ctx, tx, situation, said); err != nil {
		return err
	}
	var now []model.Heard
	for _, e := range model.ClaimEntries(said) {
		now = append(now, stored(model.Heard{Entry: e}))
	}
	if _, err := replaceEntries(ctx, tx, situation, old, now); err != nil {
		return err
	}
	if !current {
		_, err := exec(ctx, tx, `DELETE FROM situation_claim WHERE situation = $1 AND claim = $2`, situation, claim)
		return err
	}
	_, err = exec(ctx, tx, `INSERT INTO situation_claim (situation, claim, contested, speakers, origins)
		SELECT $1, c.id, CASE WHEN c.upheld > 0 AND c.disputed > 0 THEN 1 ELSE 0 END, c.speakers, c.origins FROM claim c WHERE c.id = $2
		ON CONFLICT (situation, claim) DO UPDATE SET contested = excluded.contested, speakers = excluded.speakers, origins = excluded.origins`,
		situation, claim)
	return err
}

// countOrigins gives each statement of a claim the number of independent
// origins that carry the speaker's stance.
func countOrigins(ctx context.Context, tx *sql.Tx, situation string, said []model.Heard) error {
	type position struct {
		voice  string
		stance model.Stance
	}
	roots := map[position]map[string]bool{}
	for _, h := range said {
		p := position{h.Voice, h.Stance}
		if roots[p] == nil {
			roots[p] = map[string]bool{}
		}
		if h.Gone.IsZero() {
			roots[p][h.Root] = true
		}
	}
	for i := range said {
		h := &said[i]
		n := max(1, len(roots[position{h.Voice, h.Stance}]))
		if n == h.Origins {
			continue
		}
		h.Origins = n
		if err := deleteEntry(ctx, tx, situation, h); err != nil {
			return err
		}
		if err := insertEntry(ctx, tx, situation, h); err != nil { // anew: more carry it
			return err
		}
	}
	return nil
}

// refreshStoryStart finds anew with which member a story started, as it was
// known over time.
func refreshStoryStart(ctx context.Context, tx *sql.Tx, situation, story string) error {
	members, err := all(ctx, tx, func(row scanner) (m starter, err error) {
		err = row.Scan(&m.article, &m.root, &m.at, &m.seen)
		return m, err
	}, `SELECT article, root, at, seen FROM situation_member WHERE situation = $1 AND story = $2`, situation, story)
	if err != nil {
		return err
	}
	old, err := heardWhere(ctx, tx, `e.kind = 'story' AND e.story = $2`, situation, story)
	if err != nil {
		return err
	}
	origins := map[string]bool{}
	for _, m := range members {
		origins[m.root] = true
	}
	var now []model.Heard
	for _, m := range starts(members) {
		a, err := scanHead(one(ctx, tx, `SELECT `+articleColumns+` FROM article a WHERE a.id = $1`, m.article))
		if err != nil {
			return err
		}
		now = append(now, stored(model.Heard{Root: m.root, Entry: model.Entry{
			ID: model.ID("entry", "story", story), Kind: model.EntryStory, At: fromMicros(m.at), Published: a.Published,
			Seen: fromMicros(m.seen), Gone: fromMicros(m.gone), Text: a.Title, Story: story, Article: a.ID, Outlet: a.Outlet, Origins: len(origins),
		}}))
	}
	_, err = replaceEntries(ctx, tx, situation, old, now)
	return err
}

// starter is a member with which a story started, as was known from seen until
// gone.
type starter struct {
	article, root  string
	at, seen, gone int64
}

// starts are the members that were the first of their story when they were
// seen: each is before all that were seen before it.
func starts(members []starter) []starter {
	slices.SortFunc(members, func(a, b starter) int {
		return cmp.Or(cmp.Compare(a.seen, b.seen), cmp.Compare(a.at, b.at), cmp.Compare(a.article, b.article))
	})
	var out []starter
	for _, m := range members {
		if n := len(out); n > 0 && m.at >= out[n-1].at {
			continue
		} else if n > 0 {
			out[n-1].gone = m.seen
		}
		out = append(out, m)
	}
	return out
}

// KnownEntry is an entry of a situation's timeline with its place in the order in
// which entries became known.
type KnownEntry struct {
	Serial    int64
	Situation string
	model.Entry
}

// EntriesAfter returns the entries of all timelines that became known, or are
// carried by more origins, after one, in that order.
func (s *Store) EntriesAfter(ctx context.Context, serial int64, limit int) ([]KnownEntry, error) {
	out, err := all(ctx, s.r, func(row scanner) (k KnownEntry, err error) {
		var r entryRow
		err = row.Scan(append(r.fields(), &k.Serial, &k.Situation)...)
		k.Entry = r.entry()
		return k, err
	}, `SELECT `+entryColumns+`, e.serial, e.situation FROM situation_entry e WHERE e.serial > $1 ORDER BY e.serial LIMIT $2`, serial, limit)
	return out, s.wrap("new entries", err)
}

// derived are the kinds of entry the store makes of articles itself.
var derived = []model.EntryKind{
	model.EntryStatement, model.EntryAsserted, model.EntryDenied, model.EntryReversal, model.EntryStory, model.EntryRevision,
	model.EntryMovement,
}

// SaveEntries puts entries that come from elsewhere, of outages, into a situation's timeline, each in the place of one with the same ID. One
// that turns out not to be so is saved again with Gone.
func (s *Store) SaveEntries(ctx context.Context, situation string, list []model.Entry) error {
	for _, e := range list {
		if slices.Contains(derived, e.Kind) || e.ID == "" || e.At.IsZero() || e.Seen.IsZero() {
			return model.Errorf(model.ErrInvalid, "entry %q of kind %q at %s, seen %s: want an id, both times, and none of %s",
				e.ID, e.Kind, e.At, e.Seen, kindList(derived...))
		}
	}
	if len(list) == 0 {
		return nil
	}
	return s.write(ctx, "entries of situation "+situation, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, situationLock); err != nil {
			return err
		}
		if _, err := situationNow(ctx, tx, situation); err != nil {
			return err
		}
		changed := false
		for _, e := range list {
			old, err := heardWhere(ctx, tx, `e.id = $2`, situation, e.ID)
			if err != nil {
				return err
			}
			now := stored(model.Heard{Entry: e})
			now.Origins = max(now.Origins, 1)
			moved, err := replaceEntries(ctx, tx, situation, old, []model.Heard{now})
			if err != nil {
				return err
			}
			changed = changed || len(moved) > 0
		}
		if !changed {
			return nil
		}
		_, err := exec(ctx, tx, `UPDATE situation SET stale = stale + 1 WHERE id = $1`, situation)
		return err
	})
}

const (
	// entryLimit is the page size of a timeline where the query states none.
	entryLimit = 100
	// maxEntries is the most.
	maxEntries = 1000
)

// SituationEntries returns a page of a situation's timeline, the newest At
// first. With Known it is what was known then: what was seen by that time, the
// statements in the claims and with the attitudes they had, and who upheld or
// disputed first and crossed the line as it followed from that. How a statement
// was read is known from when it was read otherwise for the first time.
func (s *Store) SituationEntries(ctx context.Context, id string, q model.EntryQuery) ([]model.Entry, error) {
	op := "timeline of situation " + id
	if _, err := situationNow(ctx, s.r, id); err != nil {
		return nil, s.wrap(op, err)
	}
	if q.Limit <= 0 {
		q.Limit = entryLimit
	}
	q.Limit = min(q.Limit, maxEntries)
	then, err := s.replay(ctx, id, q.Known)
	if err != nil {
		return nil, s.wrap(op, err)
	}
	var before int64
	if q.Before != "" {
		if before, err = s.entryAt(ctx, id, q.Before, then); err != nil {
			return nil, s.wrap(op, err)
		}
	}
	c, where := entryWhere(id, q, before, then != nil)
	kinds := q.Kinds
	if len(kinds) == 0 {
		kinds = []model.EntryKind{""}
	}
	// Each kind by its index: a timeline is nearly all statements.
	out := then.page(&q, before)
	for _, k := range slices.Compact(slices.Sorted(slices.Values(kinds))) {
		list, err := s.entriesOf(ctx, where, c, k, q)
		if err != nil {
			return nil, s.wrap(op, err)
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, newestFirst)
	return out[:min(len(out), q.Limit)], nil
}

// SituationEntry returns one entry of a situation's timeline by its id, as it
// was known at a moment; zero: now. One that stopped being so comes with its Gone.
func (s *Store) SituationEntry(ctx context.Context, id, entry string, known time.Time) (*model.Entry, error) {
	op := "entry " + entry + " of situation " + id
	if _, err := situationNow(ctx, s.r, id); err != nil {
		return nil, s.wrap(op, err)
	}
	then, err := s.replay(ctx, id, known)
	if err != nil {
		return nil, s.wrap(op, err)
	}
	if e := then.find(entry); e != nil {
		return e, nil
	}
	e, err := scanEntry(one(ctx, s.r, `SELECT `+entryColumns+` FROM situation_entry e WHERE e.situation = $1 AND e.id = $2
		ORDER BY CASE WHEN e.gone = 0 THEN 0 ELSE 1 END, e.seen DESC LIMIT 1`, id, entry))
	if err != nil {
		return nil, s.wrap(op, err)
	}
	return &e, nil
}

// EntrySources returns the articles entries quote, those that are still there,
// by Article.ID, with the statements the entries are of.
func (s *Store) EntrySources(ctx context.Context, list []model.Entry) (map[string]model.EntrySource, error) {
	var articles, statements []string
	for i := range list {
		if e := &list[i]; e.Article != "" {
			articles, statements = append(articles, e.Article), append(statements, e.Statement)
		}
	}
	if len(articles) == 0 {
		return nil, nil
	}
	slices.Sort(articles)
	var q conditions
	out := map[string]model.EntrySource{}
	_, err := all(ctx, s.r, func(row scanner) (struct{}, error) {
		var id, source, statement string
		var n int
		err := row.Scan(&id, &source, &statement, &n)
		if _, known := out[id]; !known {
			out[id] = model.EntrySource{Source: source, N: map[string]int{}}
		}
		if n > 0 {
			out[id].N[statement] = n
		}
		return struct{}{}, err
	}, `SELECT a.id, a.source, coalesce(s.id, ''), coalesce(s.n, 0) FROM article a
		LEFT JOIN statement s ON s.article = a.id AND s.revision = a.revision AND s.id IN (`+q.list(statements)+`)
		WHERE a.id IN (`+q.list(slices.Compact(articles))+`)`, q.args...)
	return out, s.wrap("articles of entries", err)
}

// claimKinds are the kinds of entry that say something of a claim.
var claimKinds = []model.EntryKind{model.EntryStatement, model.EntryAsserted, model.EntryDenied, model.EntryReversal}

// entriesOf returns the newest entries of a kind, "" of all.
func (s *Store) entriesOf(ctx context.Context, where string, c conditions, k model.EntryKind, q model.EntryQuery) ([]model.Entry, error) {
	c.args = slices.Clone(c.args)
	if k != "" {
		where += c.use(` AND e.kind = $%d`, string(k))
	}
	among := func() string {
		if len(q.Claims) == 0 {
			return `FALSE`
		}
		return `e.claim IN (` + c.list(q.Claims) + `)`
	}
	switch {
	case q.Claims == nil:
	case slices.Contains(claimKinds, k):
		where += ` AND ` + among()
	case k == "":
		where += ` AND (e.kind NOT IN (` + kindList(claimKinds...) + `) OR ` + among() + `)`
	}
	return all(ctx, s.r, scanEntry, `SELECT `+entryColumns+` FROM situation_entry e WHERE `+where+` ORDER BY e.at DESC, e.id DESC LIMIT `+
		c.use(`$%d`, q.Limit), c.args...)
}

// entryWhere writes the condition of a query but for the kinds and Claims. before
// is when the entry Before stands; replayed leaves out what replay makes.
func entryWhere(id string, q model.EntryQuery, before int64, replayed bool) (c conditions, cond string) {
	where := []string{c.use(`e.situation = $%d`, id)}
	add := func(cond string, v any) { where = append(where, c.use(cond, v)) }
	if q.Speaker != "" {
		add(`e.speaker_id <> '' AND e.speaker_id = $%d`, q.Speaker)
	}
	if q.Claim != "" {
		add(`e.claim <> '' AND e.claim = $%d`, q.Claim)
	}
	if q.Service != "" {
		add(`e.service <> '' AND e.service = $%d`, q.Service)
	}
	if q.Place != 0 {
		add(`e.place <> 0 AND e.place = $%d`, q.Place)
	}
	if !q.From.IsZero() {
		add(`e.at >= $%d`, micros(q.From))
	}
	if !q.To.IsZero() {
		add(`e.at < $%d`, micros(q.To))
	}
	if q.Known.IsZero() {
		where = append(where, `e.gone = 0`)
	} else {
		known := micros(q.Known)
		add(`e.seen <= $%d`, known)
		add(`(e.gone = 0 OR e.gone > $%d)`, known)
		// Nothing is filed further ahead of its sighting than this.
		add(`e.at <= $%d`, known+futureSlack.Microseconds())
		if replayed {
			add(`NOT (e.kind IN (`+kindList(claimKinds...)+`) AND e.claim IN (`+reread+`))`, known)
		}
	}
	if q.Before != "" {
		where = append(where, c.use(`(e.at, e.id) < ($%d, `, before)+c.use(`$%d)`, q.Before))
	}
	return c, strings.Join(where, ` AND `)
}

// entryAt is the time an entry stands at.
func (s *Store) entryAt(ctx context.Context, situation, entry string, then *replayed) (int64, error) {
	if e := then.find(entry); e != nil {
		return micros(e.At), nil
	}
	at, err := scanOne[int64](one(ctx, s.r, `SELECT at FROM situation_entry WHERE situation = $1 AND id = $2 ORDER BY seen DESC LIMIT 1`, situation, entry))
	if errors.Is(err, sql.ErrNoRows) {
		return 0, model.Errorf(model.ErrNotFound, "there is no entry %s to go on from", entry)
	}
	return at, err
}
