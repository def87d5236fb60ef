package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// Situate compares an article with every situation: it becomes a member or
// stops being one, and the timelines follow. It marks the situation stage as
// done for the article's newest revision.
func (s *Store) Situate(ctx context.Context, articleID string) error {
	return s.write(ctx, "situations of article "+articleID, func(tx *sql.Tx) error {
		if err := s.lockSituations(ctx, tx, articleID); err != nil {
			return err
		}
		list, err := s.catchers(ctx, tx, "")
		if err != nil {
			return err
		}
		if err := situate(ctx, tx, list, articleID); err != nil {
			return err
		}
		n, err := exec(ctx, tx, `UPDATE article SET situated_rev = revision WHERE id = $1 AND claimed_rev >= revision`, articleID)
		if err != nil || n == 0 {
			return err
		}
		return clearDead(ctx, tx, articleID, StageSituation)
	})
}

// lockSituations waits for whoever changes what situations are made of.
func (s *Store) lockSituations(ctx context.Context, tx *sql.Tx, articles ...string) error {
	if err := s.lockAll(ctx, tx, articles); err != nil {
		return err
	}
	return s.lock(ctx, tx, claimLock, speakerLock, situationLock)
}

// situate compares articles with situations.
func situate(ctx context.Context, tx *sql.Tx, list []*catcher, articles ...string) error {
	if len(list) == 0 {
		return nil
	}
	t := touchedTimelines{}
	for _, id := range articles {
		a, err := loadCandidate(ctx, tx, id)
		if err != nil {
			return err
		}
		pins, err := pinsOn(ctx, tx, a)
		if err != nil {
			return err
		}
		told := &telling{}
		for _, c := range list {
			m := c.match(a)
			pins[c.sit.ID].decide(&m)
			if err := t.of(c.sit.ID).keep(ctx, tx, a, &m, told); err != nil {
				return err
			}
		}
	}
	return t.refresh(ctx, tx)
}

// loadCandidate loads what a definition is compared with.
func loadCandidate(ctx context.Context, c conn, id string) (*candidate, error) {
	a := &candidate{}
	var r articleRow
	err := one(ctx, c, `SELECT `+articleColumns+`, r.text, a.n, a.at FROM article a
		JOIN revision r ON r.article = a.id AND r.n = a.revision WHERE a.id = $1`, id).Scan(append(r.fields(), &r.a.Text, &a.n, &a.at)...)
	if err != nil {
		return nil, err
	}
	if a.Article, err = r.article(); err != nil {
		return nil, err
	}
	if a.mentions, err = mentionsOf(ctx, c, id); err != nil {
		return nil, err
	}
	a.speakers, err = all(ctx, c, scanOne[string], `SELECT DISTINCT l.speaker FROM statement s JOIN speaker_alias l ON l.id = s.alias
		WHERE s.article = $1 AND s.revision = $2 AND s.class = '' AND s.alias <> '' ORDER BY l.speaker`, id, a.Revision)
	a.read()
	return a, err
}

// root is the article that counts as the origin of the words.
func (c *candidate) root() string { return firstOf(c.CopyOf, c.ID) }

// handPin is what people have decided about an article and about its story.
type handPin struct{ article, story *model.Pin }

// decide lets a person's word outweigh the definition.
func (h handPin) decide(m *model.Member) {
	p := h.article
	if p == nil {
		p = h.story
	}
	if p == nil {
		return
	}
	m.In = p.Verb == model.PinIn
	m.Pinned, m.Excluded, m.Story, m.By, m.At = m.In, !m.In, p.Story, p.By, p.At
}

// pinsOn are the decisions that hold for an article, by situation.
func pinsOn(ctx context.Context, c conn, a *candidate) (map[string]handPin, error) {
	out := map[string]handPin{}
	list, err := all(ctx, c, scanPin, pinColumns+`WHERE article = $1 AND article <> '' ORDER BY n`, a.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		out[p.Situation] = handPin{article: holds(p)}
	}
	if a.Story == "" {
		return out, nil
	}
	list, err = all(ctx, c, scanPin, pinColumns+`WHERE story <> '' AND (story = $1 OR story IN
		(SELECT id FROM moved WHERE noun = 'story' AND now = $1)) ORDER BY n`, a.Story)
	for _, p := range list {
		h := out[p.Situation]
		h.story = holds(p)
		out[p.Situation] = h
	}
	return out, err
}

// holds is a decision unless it takes one back.
func holds(p model.Pin) *model.Pin {
	if p.Verb == model.PinFree {
		return nil
	}
	return &p
}

const pinColumns = `SELECT situation, article, story, verb, who, at FROM situation_pin `

func scanPin(row scanner) (p model.Pin, err error) {
	var at int64
	err = row.Scan(&p.Situation, &p.Article, &p.Story, &p.Verb, &p.By, &at)
	p.At = fromMicros(at)
	return p, err
}

// pinnedNow bounds the articles of a story whose members are changed at once
// when a person decides about it; the stage does the others.
const pinnedNow = 50

// PinMember keeps what a person has decided about an article or a story of a
// situation, for ever, and has it show at once. Deciding the same again changes
// nothing.
func (s *Store) PinMember(ctx context.Context, p model.Pin) error {
	if err := p.Validate(); err != nil {
		return err
	}
	var articles []string
	err := s.write(ctx, p.Verb+" in situation "+p.Situation, func(tx *sql.Tx) (err error) {
		if err := s.lock(ctx, tx, situationLock); err != nil {
			return err
		}
		if _, err := situationNow(ctx, tx, p.Situation); err != nil {
			return err
		}
		if articles, err = pinnedArticles(ctx, tx, &p); err != nil {
			return err
		}
		last, err := all(ctx, tx, scanPin, pinColumns+`WHERE situation = $1 AND article = $2 AND story = $3 ORDER BY n DESC LIMIT 1`,
			p.Situation, p.Article, p.Story)
		if err != nil || len(last) > 0 && last[0].Verb == p.Verb {
			return err
		}
		_, err = exec(ctx, tx, `INSERT INTO situation_pin (situation, article, story, verb, who, at) VALUES ($1, $2, $3, $4, $5, $6)`,
			p.Situation, p.Article, p.Story, p.Verb, p.By, micros(p.At))
		if err != nil {
			return err
		}
		return unsituate(ctx, tx, articles...)
	})
	if err != nil {
		return err
	}
	for _, id := range articles[:min(len(articles), pinnedNow)] {
		if err := s.Situate(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// pinnedArticles are the articles a decision concerns; none is an ErrNotFound.
func pinnedArticles(ctx context.Context, tx *sql.Tx, p *model.Pin) (out []string, err error) {
	what := "article " + p.Article
	if p.Story != "" {
		what = "story " + p.Story
		if p.Story, err = nowAt(ctx, tx, "story", p.Story); err != nil {
			return nil, err
		}
		out, err = all(ctx, tx, scanOne[string], `SELECT id FROM article WHERE story = $1 ORDER BY at DESC, n`, p.Story)
	} else {
		out, err = all(ctx, tx, scanOne[string], `SELECT id FROM article WHERE id = $1`, p.Article)
	}
	if err == nil && len(out) == 0 {
		err = model.Errorf(model.ErrNotFound, "there is no %s", what)
	}
	return out, err
}

// SituationPins returns what people have decided about the members of a
// situation, the newest first.
func (s *Store) SituationPins(ctx context.Context, id string, limit int) ([]model.Pin, error) {
	out, err := all(ctx, s.r, scanPin, pinColumns+`WHERE situation = $1 ORDER BY n DESC LIMIT $2`, id, limit)
	return out, s.wrap("decisions about situation "+id, err)
}

// unsituate has the situation stage take articles up again.
func unsituate(ctx context.Context, tx *sql.Tx, articles ...string) error {
	for _, id := range articles {
		if _, err := exec(ctx, tx, `UPDATE article SET situated_rev = 0 WHERE id = $1`, id); err != nil {
			return err
		}
	}
	return nil
}

// unsituateSpeaker does so for the articles with statements of a speaker.
func unsituateSpeaker(ctx context.Context, tx *sql.Tx, speaker string) error {
	_, err := exec(ctx, tx, `UPDATE article SET situated_rev = 0 WHERE id IN (SELECT s.article FROM speaker_alias l
		JOIN statement s ON s.alias = l.id AND s.alias <> '' WHERE l.speaker = $1)`, speaker)
	return err
}

const (
	// workWindow is how many articles, by number, WorkSituations looks through
	// at a time.
	workWindow = 2000
	// workBatch is how many articles it compares in one transaction.
	workBatch = 20
)

// WorkSituations goes on with the situations whose definition was changed: a
// bounded number of articles each, those that came in last first, and then the
// members an earlier definition has left. It takes the counts of what has
// changed, and reports whether there is more to do. How far it has come is
// kept, so that a crash costs one batch.
func (s *Store) WorkSituations(ctx context.Context) (more bool, err error) {
	list, err := s.catchers(ctx, s.r, "")
	if err != nil {
		return false, s.wrap("situations", err)
	}
	for _, c := range list {
		left, err := s.workSituation(ctx, c)
		if err != nil {
			return false, s.wrap("work on situation "+c.sit.ID, err)
		}
		more = more || left
	}
	return more, s.wrap("counts of situations", s.refreshFacts(ctx))
}

// workSituation does a batch of one and reports whether more is left.
func (s *Store) workSituation(ctx context.Context, c *catcher) (bool, error) {
	todo, err := scanOne[int64](one(ctx, s.r, `SELECT todo FROM situation WHERE id = $1`, c.sit.ID))
	if err != nil {
		return false, err
	}
	if todo == 0 {
		old, err := all(ctx, s.r, scanOne[string], `SELECT article FROM situation_member WHERE situation = $1 AND definition < $2
			ORDER BY article LIMIT $3`, c.sit.ID, c.sit.Revision, workBatch)
		if err != nil || len(old) == 0 {
			return false, err
		}
		return true, s.compare(ctx, c, old)
	}
	if err := c.look(ctx, s.r); err != nil {
		return false, err
	}
	low := max(todo-workWindow, 0)
	where, args := c.where(&s.dialect, low, todo)
	ids, err := all(ctx, s.r, scanOne[string], `SELECT a.id FROM article a WHERE `+where+` ORDER BY a.n DESC`, args...)
	if err != nil {
		return false, err
	}
	for batch := range slices.Chunk(ids, workBatch) {
		if err := s.compare(ctx, c, batch); err != nil {
			return false, err
		}
	}
	_, err = exec(ctx, s.w, `UPDATE situation SET todo = $3 WHERE id = $1 AND revision = $2 AND todo = $4`, c.sit.ID, c.sit.Revision, low, todo)
	return true, err
}

// compare compares articles with one situation, unless it was changed
// meanwhile.
func (s *Store) compare(ctx context.Context, c *catcher, articles []string) error {
	return s.write(ctx, "members of situation "+c.sit.ID, func(tx *sql.Tx) error {
		if err := s.lockSituations(ctx, tx, articles...); err != nil {
			return err
		}
		now, err := s.catchers(ctx, tx, c.sit.ID)
		if err != nil || len(now) == 0 || now[0].sit.Revision != c.sit.Revision {
			return err
		}
		return situate(ctx, tx, now, articles...)
	})
}

// touchedTimelines are what has to be brought up to date once some articles were
// compared, by situation.
type touchedTimelines map[string]*touchedTimeline

type touchedTimeline struct {
	situation string
	claims    map[string]bool
	stories   map[string]bool
	changed   bool
}

func (t touchedTimelines) of(situation string) *touchedTimeline {
	if t[situation] == nil {
		t[situation] = &touchedTimeline{situation: situation, claims: map[string]bool{}, stories: map[string]bool{}}
	}
	return t[situation]
}

// refresh brings them up to date.
func (t touchedTimelines) refresh(ctx context.Context, tx *sql.Tx) error {
	for id, x := range t {
		for claim := range x.claims {
			if err := refreshClaimTimeline(ctx, tx, id, claim); err != nil {
				return err
			}
		}
		for story := range x.stories {
			if err := refreshStoryStart(ctx, tx, id, story); err != nil {
				return err
			}
		}
		if !x.changed && len(x.claims)+len(x.stories) == 0 {
			continue
		}
		if _, err := exec(ctx, tx, `UPDATE situation SET stale = stale + 1 WHERE id = $1`, id); err != nil {
			return err
		}
	}
	return nil
}

// keep writes how an article stands to a situation, with its entries.
func (t *touchedTimeline) keep(ctx context.Context, tx *sql.Tx, a *candidate, m *model.Member, told *telling) error {
	was, err := all(ctx, tx, func(row scanner) (old memberRow, err error) {
		err = row.Scan(&old.definition, &old.story, &old.root, &old.at, &old.seen, &old.why)
		return old, err
	}, `SELECT definition, story, root, at, seen, why FROM situation_member WHERE situation = $1 AND article = $2`, t.situation, a.ID)
	switch {
	case err != nil:
		return err
	case !m.In && len(was) == 0:
		return nil
	case !m.In:
		return t.leave(ctx, tx, a.ID, was[0])
	}
	why, err := json.Marshal(m)
	if err != nil {
		return err
	}
	now := memberRow{m.Definition, a.Story, a.root(), a.at, micros(a.FirstSeen), clean(string(why))}
	if len(was) == 0 || was[0] != now {
		if err := t.join(ctx, tx, a.ID, now); err != nil {
			return err
		}
		if len(was) > 0 && was[0].story != now.story {
			t.touchStory(was[0].story)
		}
		if len(was) == 0 || was[0].story != now.story || was[0].at != now.at || was[0].root != now.root {
			t.touchStory(now.story)
		}
	}
	if err := told.load(ctx, tx, a); err != nil {
		return err
	}
	if err := t.entries(ctx, tx, a, told.entries); err != nil {
		return err
	}
	return keepPlaces(ctx, tx, t.situation, a, told.places)
}

// memberRow is a row of situation_member.
type memberRow struct {
	definition  int
	story, root string
	at, seen    int64
	why         string
}

func (t *touchedTimeline) touchStory(id string) {
	if id != "" {
		t.stories[id] = true
	}
}

func (t *touchedTimeline) join(ctx context.Context, tx *sql.Tx, article string, m memberRow) error {
	t.changed = true
	_, err := exec(ctx, tx, `INSERT INTO situation_member (situation, article, definition, story, root, at, seen, why)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (situation, article) DO UPDATE SET definition = excluded.definition,
		story = excluded.story, root = excluded.root, at = excluded.at, seen = excluded.seen, why = excluded.why`,
		t.situation, article, m.definition, m.story, m.root, m.at, m.seen, m.why)
	return err
}

// leave takes a member out. Others of the same origin are looked at again: they
// may carry words that were shown as its.
func (t *touchedTimeline) leave(ctx context.Context, tx *sql.Tx, article string, was memberRow) error {
	t.changed = true
	t.touchStory(was.story)
	for _, q := range []string{
		`DELETE FROM situation_member WHERE situation = $1 AND article = $2`,
		`DELETE FROM situation_place WHERE situation = $1 AND article = $2`,
	} {
		if _, err := exec(ctx, tx, q, t.situation, article); err != nil {
			return err
		}
	}
	_, err := exec(ctx, tx, `UPDATE article SET situated_rev = 0 WHERE id IN
		(SELECT article FROM situation_member WHERE situation = $1 AND root = $2)`, t.situation, was.root)
	if err != nil {
		return err
	}
	return t.entries(ctx, tx, &candidate{Article: model.Article{ID: article}}, nil)
}

// telling is what an article tells a timeline, loaded once however many
// situations it belongs to.
type telling struct {
	loaded  bool
	entries []model.Heard
	places  map[int64]int // places it names, with the statements in the sentences that name them
}

// version is one revision of an article with its statements.
type version struct {
	n              int
	title, text    string
	modified, seen time.Time // modified as the page states it
	said           []model.Statement
}

func (t *telling) load(ctx context.Context, tx *sql.Tx, a *candidate) error {
	if t.loaded {
		return nil
	}
	t.loaded, t.places = true, map[int64]int{}
	versions, err := versionsOf(ctx, tx, a)
	if err != nil {
		return err
	}
	for _, m := range a.mentions {
		if m.Place.ID != 0 {
			t.places[m.Place.ID] += 0
		}
	}
	moves, err := movementsOf(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	t.entries = slices.Concat(t.heard(a, versions), revised(a, versions), movements(a, versions, moves))
	for i := range t.entries {
		if e := &t.entries[i]; e.Claim != "" {
			if e.Claim, err = nowAt(ctx, tx, "claim", e.Claim); err != nil {
				return err
			}
		}
	}
	return nil
}

// versionsOf loads the revisions of an article.
func versionsOf(ctx context.Context, tx *sql.Tx, a *candidate) ([]version, error) {
	out, err := all(ctx, tx, func(row scanner) (v version, err error) {
		var modified, seen int64
		err = row.Scan(&v.n, &v.title, &v.text, &modified, &seen)
		v.modified, v.seen = fromMicros(modified), fromMicros(seen)
		return v, err
	}, `SELECT n, title, text, modified, seen FROM revision WHERE article = $1 ORDER BY n`, a.ID)
	if err != nil || len(out) == 0 {
		return nil, err
	}
	if a.FirstSeen.Before(out[0].seen) {
		out[0].seen = a.FirstSeen
	}
	said, err := all(ctx, tx, scanStatement, `SELECT `+statementColumns+` FROM statement s WHERE s.article = $1 AND s.class = ''
		ORDER BY s.revision, s.n`, a.ID)
	for _, st := range said {
		for i := range out {
			if out[i].n == st.Revision {
				out[i].said = append(out[i].said, st)
			}
		}
	}
	return out, err
}

// heard are the statements of all versions of an article as entries: one for
// each wording of a speaker, as the last version that has it has it, with when
// it was first seen and when it was taken out.
func (t *telling) heard(a *candidate, versions []version) []model.Heard {
	at := map[string]int{}
	last := map[string]int{} // the version that has it last
	var out []model.Heard
	for i, v := range versions {
		newest := i == len(versions)-1
		for j := range v.said {
			h := hear(a, &v, &v.said[j])
			if newest {
				h.Place = t.placesIn(a, v.text, &v.said[j])
			}
			if k, known := at[h.ID]; known {
				if last[h.ID] == i { // twice in one article
					continue
				}
				h.Seen = out[k].Seen
				out[k] = h
			} else {
				at[h.ID] = len(out)
				out = append(out, h)
			}
			last[h.ID] = i
		}
	}
	for i := range out {
		for j := last[out[i].ID] + 1; j < len(versions); j++ {
			// An earlier version without any may never have come to the stage.
			if len(versions[j].said) > 0 || j == len(versions)-1 {
				out[i].Gone = versions[j].seen
				break
			}
		}
	}
	return out
}

// hear is a statement of a version as an entry.
func hear(a *candidate, v *version, st *model.Statement) model.Heard {
	l := model.Ledger{Statement: *st, Text: contentText(st, v.text), Published: fromMicros(a.at), Seen: a.FirstSeen}
	l.Article = a.root() // an unnamed source of a copy is its origin's
	h := model.Heard{Voice: l.Voice(), Root: a.root(), Dated: l.Dated(), When: l.When(), N: st.N}
	said, _ := time.Parse(time.DateOnly, st.SaidOn) // zero where it states none
	h.Entry = model.Entry{
		ID:   model.ID("entry", "statement", h.Root, foldKey(st.Speaker), l.Words()),
		Kind: model.EntryStatement, At: h.When, Said: said, Published: a.Published, Seen: v.seen, Text: l.Text,
		Speaker: st.Speaker, SpeakerID: st.SpeakerID, Stance: firstOf(st.Attitude, st.Stance), Claim: st.Claim, Story: a.Story,
		Article: a.ID, Statement: st.ID, Outlet: a.Outlet, Origins: 1,
	}
	return h
}

// placesIn counts a statement to the places its sentences name, and returns the
// one it speaks of: the only one its words name, or else the only one its
// sentences do. 0: none, or it cannot be told.
func (t *telling) placesIn(a *candidate, text string, st *model.Statement) int64 {
	words, sentence := map[int64]bool{}, map[int64]bool{}
	around := sentenceSpan(text, st.Span())
	for _, m := range a.mentions {
		sp := model.Span{Start: m.Start, End: m.End}
		if m.Place.ID == 0 || !sp.Overlaps(around) {
			continue
		}
		sentence[m.Place.ID] = true
		if slices.ContainsFunc(st.Content, sp.Overlaps) {
			words[m.Place.ID] = true
		}
	}
	for id := range sentence {
		t.places[id]++
	}
	for _, set := range []map[int64]bool{words, sentence} {
		for id := range set {
			if len(set) == 1 {
				return id
			}
		}
		if len(set) > 0 {
			return 0
		}
	}
	return 0
}

// movements are those that the newest version of an article tells of.
func movements(a *candidate, versions []version, list []model.Movement) []model.Heard {
	if len(versions) == 0 {
		return nil
	}
	v := versions[len(versions)-1]
	var out []model.Heard
	for i := range list {
		m := &list[i]
		words := (model.Span{Start: m.Start, End: m.End}).Of(v.text)
		if words == "" {
			continue // read from another text
		}
		h := model.Heard{Root: a.root(), Entry: model.Entry{
			ID: model.ID("entry", "movement", a.root(), string(m.Verb), m.What, model.FoldWords(words)), Kind: model.EntryMovement, At: fromMicros(a.at),
			Published: a.Published, Seen: v.seen, Text: words, Detail: m.Detail(), Speaker: m.Speaker, Story: a.Story, Article: a.ID,
			Place: m.Place(), Outlet: a.Outlet, Origins: 1,
		}}
		if day, err := time.Parse(time.DateOnly, m.When); err == nil { // a month or a year is no time
			h.At, h.Happened = day, day
		}
		for k := range v.said {
			if st := &v.said[k]; st.N == m.Statement {
				h.SpeakerID, h.Statement = st.SpeakerID, st.ID
			}
		}
		if !slices.ContainsFunc(out, func(o model.Heard) bool { return o.ID == h.ID }) {
			out = append(out, h)
		}
	}
	return out
}

// revised are the changes of an article as entries.
func revised(a *candidate, versions []version) []model.Heard {
	var out []model.Heard
	for _, v := range versions[min(1, len(versions)):] {
		if v.modified.Before(fromMicros(a.at)) || v.modified.After(v.seen) { // a slip
			v.modified = time.Time{}
		}
		out = append(out, model.Heard{Root: a.root(), Entry: model.Entry{
			ID: model.ID("entry", "revision", a.ID, strconv.Itoa(v.n)), Kind: model.EntryRevision, At: firstOf(v.modified, v.seen),
			Happened: v.modified, Published: a.Published, Seen: v.seen, Text: v.title, Story: a.Story, Article: a.ID, Outlet: a.Outlet, Origins: 1,
		}})
	}
	return out
}

// keepPlaces writes the places a member names.
func keepPlaces(ctx context.Context, tx *sql.Tx, situation string, a *candidate, places map[int64]int) error {
	if _, err := exec(ctx, tx, `DELETE FROM situation_place WHERE situation = $1 AND article = $2`, situation, a.ID); err != nil {
		return err
	}
	for id, n := range places {
		_, err := exec(ctx, tx, `INSERT INTO situation_place (situation, place, article, root, statements) VALUES ($1, $2, $3, $4, $5)`,
			situation, id, a.ID, a.root(), n)
		if err != nil {
			return err
		}
	}
	return nil
}

// relistClaim notes what the list of a situation's claims goes by.
func relistClaim(ctx context.Context, tx *sql.Tx, claim string) error {
	n, err := exec(ctx, tx, `UPDATE situation_claim SET contested = CASE WHEN c.upheld > 0 AND c.disputed > 0 THEN 1 ELSE 0 END,
		speakers = c.speakers, origins = c.origins FROM claim c WHERE situation_claim.claim = $1 AND c.id = $1`, claim)
	if err != nil || n == 0 {
		return err
	}
	_, err = exec(ctx, tx, `UPDATE situation SET stale = stale + 1 WHERE id IN (SELECT situation FROM situation_claim WHERE claim = $1)`, claim)
	return err
}

// kindList writes kinds as a list of SQL.
func kindList(kinds ...model.EntryKind) string {
	out := make([]string, len(kinds))
	for i, k := range kinds {
		out[i] = "'" + string(k) + "'"
	}
	return strings.Join(out, ", ")
}
