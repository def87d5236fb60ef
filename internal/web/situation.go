package web

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// Situations is what the pages of situations read and what the desk changes of
// them. An unknown id is a model.ErrNotFound.
type Situations interface {
	Situations(ctx context.Context) ([]model.SituationFacts, error) // latest first
	Situation(ctx context.Context, id string) (*model.SituationFacts, error)
	SituationEntries(ctx context.Context, id string, q model.EntryQuery) ([]model.Entry, error)
	SituationClaims(ctx context.Context, id string, limit int) ([]model.Claim, error)
	SituationSpots(ctx context.Context, id string) ([]model.Spot, error)
	// SituationEntry returns one entry by its id as it was known at a moment, zero:
	// now; one that stopped being so has Gone.
	SituationEntry(ctx context.Context, id, entry string, known time.Time) (*model.Entry, error)
	// SituationMakeup counts the articles by outlet.
	SituationMakeup(ctx context.Context, id string) (model.Makeup, error)
	// SituationArticles returns the articles that belong and those a person has put
	// out, at most limit of either, the newest first.
	SituationArticles(ctx context.Context, id string, limit int) ([]model.MemberArticle, error)
	// SaveSituation keeps a definition and fills what it leaves open: ID, Revision,
	// Created. One that is not of the newest revision is a model.ErrConflict.
	SaveSituation(ctx context.Context, s *model.Situation) error
	PinMember(ctx context.Context, m model.Pin) error
	// PreviewSituation says what a definition would take in of the articles seen
	// since a time, with at most limit of them as a sample.
	PreviewSituation(ctx context.Context, s model.Situation, since time.Time, limit int) (model.Preview, error)
	// ClaimMeasured returns what is measured beside the claims of statements, by
	// Claim.ID; one that
	// speaks of no service is missing.
	ClaimMeasured(ctx context.Context, said []model.Ledger) (map[string]model.Measured, error)
}

// Bounds of one situation's page.
const (
	situationClaims  = 12
	situationEntries = 200 // of the newest
	situationTurns   = 40  // listed under the chart
	situationChanges = 12
	situationRecent  = 50 // statements among which changes are looked for
	maxMembers       = 500
)

// situationPage is one situation: what changed, who says what, what is
// measured, when, where, and how we know.
type situationPage struct {
	chrome
	model.SituationFacts
	Changes   changes
	Board     board
	Measured  measuredTable
	Chart     chart
	Days      []entryDay // the turning points
	Held      int        // turning points the licence of their source keeps back
	Map       atlas
	Sources   sourceTable
	Belongs   []criterion
	Services  int // that are measured
	Briefings []model.Briefing
	Post      template.JS // schema.org description of the page, or ""
}

// Left is the number of claims that are not on the board.
func (p situationPage) Left() int { return max(0, p.Claims-len(p.Board.Rows)) }

// Copies is the number of articles that repeat another.
func (p situationPage) Copies() int {
	return max(0, p.SituationFacts.Articles-p.SituationFacts.Origins)
}

// situationsOn returns a model.ErrNotFound where no situations are followed.
func (s *Server) situationsOn() (Situations, error) {
	if s.cfg.Situations == nil {
		return nil, tell(model.ErrNotFound, "No situations are followed here.")
	}
	return s.cfg.Situations, nil
}

// situationFacts is the situation an address names.
func (s *Server) situationFacts(r *http.Request) (*model.SituationFacts, error) {
	st, err := s.situationsOn()
	if err != nil {
		return nil, err
	}
	f, err := st.Situation(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, fmt.Errorf("web: situation: %w", hide(err, "There is no such situation."))
	}
	return f, nil
}

func (s *Server) situation(w http.ResponseWriter, r *http.Request) error {
	since, err := momentOf("since", r.URL.Query().Get("since"))
	if err != nil {
		return err
	}
	d, err := s.situationData(r)
	if err != nil {
		return err
	}
	p := situationPage{
		chrome: s.chrome(r, "situations"), SituationFacts: d.SituationFacts, Board: d.board, Measured: d.measured,
		Held: d.turns.held, Map: d.atlas, Sources: d.sources, Belongs: d.belongs, Services: len(d.Services),
	}
	p.PageTitle, p.Live, p.NoIndex = d.Title, true, !since.IsZero()
	p.About = fmt.Sprintf("%s, %d disputed, in %s.", countWord(d.Claims, "claim", "claims"), d.Disputed, countWord(d.Origins, "independent origin", "independent origins"))
	p.Feeds = situationFeeds(d.ID)
	p.Script = "map.js"
	if p.Changes, err = s.changes(r, d, since); err != nil {
		return err
	}
	p.Chart = chartOf(d.board.Rows, p.Now)
	p.Days = daysOf(d.turns.list)
	if s.cfg.Briefings != nil {
		if p.Briefings, err = s.cfg.Briefings.Briefings(r.Context(), d.ID); err != nil {
			return fmt.Errorf("web: briefings of situation %s: %w", d.ID, err)
		}
	}
	if p.Post, err = s.liveBlog(r, d); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "situation", p)
}

// situationData is what the page of a situation and its other forms share.
type situationData struct {
	model.SituationFacts
	board    board
	turns    lines            // the turning points
	moves    map[int64][]line // what is said to have moved, by place
	measured measuredTable
	spots    []model.Spot
	atlas    atlas
	sources  sourceTable
	belongs  []criterion
	numbers  map[string]int // of the claims on the board, by Claim.ID
}

func (s *Server) situationData(r *http.Request) (*situationData, error) {
	facts, err := s.situationFacts(r)
	if err != nil {
		return nil, err
	}
	d := &situationData{SituationFacts: *facts}
	if d.board, d.numbers, err = s.situationBoard(r, d.ID, situationClaims); err != nil {
		return nil, err
	}
	if err = s.turns(r, d); err != nil {
		return nil, err
	}
	if d.measured, err = s.measuredTable(r.Context(), d); err != nil {
		return nil, err
	}
	if d.spots, err = s.cfg.Situations.SituationSpots(r.Context(), d.ID); err != nil {
		return nil, fmt.Errorf("web: places of situation %s: %w", d.ID, err)
	}
	d.atlas = s.atlasOf(d)
	if d.sources, err = s.sourceTable(r.Context(), d.ID); err != nil {
		return nil, err
	}
	d.belongs, err = s.criteria(r.Context(), d)
	return d, err
}

// situationBoard is the claims of a situation, numbered in their order: those
// that are disputed first, then those that most origins and speakers carry.
func (s *Server) situationBoard(r *http.Request, id string, limit int) (board, map[string]int, error) {
	claims, err := s.cfg.Situations.SituationClaims(r.Context(), id, 2*limit+1)
	if err != nil {
		return board{}, nil, fmt.Errorf("web: claims of situation %s: %w", id, err)
	}
	// What one speaker says in one origin is counted, not shown: its statements
	// need not be read, nor those of claims far down.
	carried := slices.DeleteFunc(slices.Clone(claims), func(c model.Claim) bool { return c.Speakers < 2 && c.Origins < 2 })
	rows, ledger, err := s.rows(r, carried[:min(2*limit, len(carried))])
	if err != nil {
		return board{}, nil, err
	}
	slices.SortStableFunc(rows, func(a, b boardRow) int { return cmp.Or(bothFirst(a, b), b.Origins-a.Origins, b.voices()-a.voices()) })
	b := boardOf(rows, limit)
	b.Single += len(claims) - len(carried)
	numbers := map[string]int{}
	for i := range b.Rows {
		b.Rows[i].Number = i + 1
		numbers[b.Rows[i].ID] = i + 1
	}
	return b, numbers, s.gauges(r.Context(), b.Rows, ledger)
}

// member is an article of a situation, or one a person has put out.
type member struct{ model.MemberArticle }

// Dated is when the article was published, or first seen.
func (m member) Dated() time.Time { return dated(&m.Article) }

// members lists the articles that belong to a situation and those put out by
// hand, the newest first.
func (s *Server) members(ctx context.Context, id string) ([]member, error) {
	list, err := s.cfg.Situations.SituationArticles(ctx, id, maxMembers)
	if err != nil {
		return nil, fmt.Errorf("web: articles of situation %s: %w", id, err)
	}
	out := each(list, func(m model.MemberArticle) member { return member{m} })
	slices.SortStableFunc(out, func(a, b member) int { return b.Dated().Compare(a.Dated()) })
	return out, nil
}

// sourceTable counts the articles of a situation by outlet.
type sourceTable struct {
	Rows     []sourceRow
	Sum      sourceRow
	Pinned   int
	Excluded int
	Captures int // kept of them: one for every revision
}

type sourceRow struct {
	Outlet                    string
	Articles, Origins, Copies int
	Latest                    time.Time
}

func (r *sourceRow) add(o *model.OutletShare) {
	r.Articles += o.Articles
	r.Origins += o.Origins
	r.Copies += o.Articles - o.Origins
	if o.Latest.After(r.Latest) {
		r.Latest = o.Latest
	}
}

// sourceTable is the table of a situation, most origins first.
func (s *Server) sourceTable(ctx context.Context, id string) (sourceTable, error) {
	m, err := s.cfg.Situations.SituationMakeup(ctx, id)
	if err != nil {
		return sourceTable{}, fmt.Errorf("web: outlets of situation %s: %w", id, err)
	}
	t := sourceTable{Excluded: m.Excluded}
	at := map[string]int{}
	for i := range m.Outlets {
		o := &m.Outlets[i]
		name := outletOr(o.Outlet)
		n, known := at[name]
		if !known {
			n = len(t.Rows)
			at[name] = n
			t.Rows = append(t.Rows, sourceRow{Outlet: name})
		}
		t.Rows[n].add(o)
		t.Sum.add(o)
		t.Pinned += o.Pinned
		t.Captures += o.Versions
	}
	slices.SortFunc(t.Rows, func(a, b sourceRow) int {
		return cmp.Or(b.Origins-a.Origins, b.Articles-a.Articles, strings.Compare(a.Outlet, b.Outlet))
	})
	return t, nil
}

// criterion is one part of what belongs to a situation, in words.
type criterion struct {
	Word   string
	Values []string
}

// criteria says what belongs to a situation, as its definition has it.
func (s *Server) criteria(ctx context.Context, d *situationData) ([]criterion, error) {
	var out []criterion
	add := func(word string, values []string) {
		if len(values) > 0 {
			out = append(out, criterion{word, values})
		}
	}
	add("has one of the words", d.Words)
	add("has one of the phrases", d.Phrases)
	add("quotes", s.speakerNames(ctx, d))
	add("names", s.placeNames(d))
	outlets, err := s.outletsOf(ctx, d.Situation.Sources)
	add("comes from", outlets)
	add("and has all of", d.All)
	add("and none of", d.Exclude)
	add("in", d.Languages)
	return out, err
}

// speakerNames is what the speakers of the definition are called.
func (s *Server) speakerNames(ctx context.Context, d *situationData) []string {
	var out []string
	for _, id := range d.Situation.Speakers {
		name := id
		if f, err := s.st.Speaker(ctx, model.SpeakerQuery{ID: id}); err == nil { // one that is gone keeps its id
			name = speakerName(f.Name)
		}
		out = append(out, name)
	}
	return out
}

// placeNames is what the places of the definition are called.
func (s *Server) placeNames(d *situationData) []string {
	var out []string
	for _, id := range d.Places {
		name := fmt.Sprintf("place %d", id)
		if s.cfg.Places != nil {
			name = cmp.Or(s.cfg.Places.PlaceName(id), name)
		}
		for i := range d.spots {
			if d.spots[i].ID == id {
				name = d.spots[i].Name
			}
		}
		out = append(out, name)
	}
	return out
}

// outletsOf is what the sources of the given ids are called.
func (s *Server) outletsOf(ctx context.Context, ids []string) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	sources, err := s.st.Sources(ctx)
	if err != nil {
		return nil, fmt.Errorf("web: sources: %w", err)
	}
	var out []string
	for i := range sources {
		if slices.Contains(ids, sources[i].ID) {
			out = append(out, outletOr(cmp.Or(sources[i].Outlet, sources[i].ID)))
		}
	}
	return out, nil
}

// changes is what happened in a situation since a moment: of turning points, and
// of what else is said of the claims on the board, that which weighs most, in
// the order of time.
type changes struct {
	Since time.Time
	Word  string // "since you last came" or "in the last four hours"
	List  []line
	More  int    // lines left out
	Keep  string // address that asks for what changes from now on
}

// changeSpans are how far back changes are shown to a reader who does not say
// when they last came: the first in which there are any.
var changeSpans = []struct {
	d    time.Duration
	word string
}{{4 * time.Hour, "in the last four hours"}, {24 * time.Hour, "in the last day"}, {7 * 24 * time.Hour, "in the last week"}}

// entryWeights is which of two entries about one statement says more.
var entryWeights = map[model.EntryKind]int{model.EntryReversal: 4, model.EntryDenied: 3, model.EntryAsserted: 2, model.EntryMovement: 1}

// weight orders changes.
func (l line) weight() int {
	switch l.Kind {
	case model.EntryReversal:
		return 6
	case model.EntryDenied:
		return 5
	case model.EntryOnset, model.EntryConfirmed, model.EntryResolved:
		return 4
	case model.EntryRevision:
		if slices.Contains(l.Changed, "number") {
			return 3
		}
		return 1
	case model.EntryAsserted, model.EntryMovement:
		return 2
	case model.EntryStory:
		return 1
	}
	return 0
}

func (s *Server) changes(r *http.Request, d *situationData, since time.Time) (changes, error) {
	now := s.cfg.Now()
	c := changes{Since: since, Word: "since your link was made", Keep: "/situation/" + d.ID + "?since=" + url.QueryEscape(now.UTC().Format("2006-01-02T15:04Z"))}
	said, err := s.entries(r, d.ID, model.EntryQuery{Kinds: []model.EntryKind{model.EntryStatement}, Claims: d.onBoard(), Limit: situationRecent}, d.numbers)
	if err != nil {
		return c, err
	}
	told := map[string]bool{}
	for _, l := range d.turns.list {
		told[l.Statement] = l.Statement != ""
	}
	all := slices.Clone(d.turns.list)
	for _, l := range said.list {
		if !told[l.Statement] {
			all = append(all, l)
		}
	}
	if since.IsZero() {
		for _, span := range changeSpans {
			c.Since, c.Word = now.Add(-span.d), span.word
			if slices.ContainsFunc(all, func(l line) bool { return !l.known().Before(c.Since) }) {
				break
			}
		}
	}
	c.List = slices.DeleteFunc(all, func(l line) bool { return l.known().Before(c.Since) })
	slices.SortStableFunc(c.List, func(a, b line) int { return cmp.Or(b.weight()-a.weight(), b.At.Compare(a.At)) })
	c.More = max(0, len(c.List)-situationChanges)
	c.List = c.List[:len(c.List)-c.More]
	slices.SortStableFunc(c.List, func(a, b line) int { return b.At.Compare(a.At) })
	return c, nil
}

// turningKinds are the entries at which a situation turns; of what is said only
// those about claims on the board.
var turningKinds = []model.EntryKind{
	model.EntryAsserted, model.EntryDenied, model.EntryReversal, model.EntryStory, model.EntryRevision,
	model.EntryOnset, model.EntryConfirmed, model.EntryResolved, model.EntryMovement,
}

// turns reads the turning points of a situation whose board is known. A
// statement that is several is told once, as what says most.
func (s *Server) turns(r *http.Request, d *situationData) (err error) {
	d.turns, err = s.entries(r, d.ID, model.EntryQuery{Kinds: turningKinds, Claims: d.onBoard(), Limit: situationTurns}, d.numbers)
	if err != nil {
		return err
	}
	d.moves = movesBy(d.turns.list)
	most := map[string]int{}
	for _, l := range d.turns.list {
		most[l.Statement] = max(most[l.Statement], entryWeights[l.Kind])
	}
	d.turns.list = slices.DeleteFunc(d.turns.list, func(l line) bool { return l.Statement != "" && entryWeights[l.Kind] < most[l.Statement] })
	return s.whatChanged(r.Context(), d.turns.list)
}

// whatChanged says of revisions what of weight changed with them.
func (s *Server) whatChanged(ctx context.Context, list []line) error {
	for i := range list {
		l := &list[i]
		if l.Kind != model.EntryRevision || l.Article == "" {
			continue
		}
		revs, err := s.st.Revisions(ctx, l.Article)
		if err != nil {
			return fmt.Errorf("web: revisions of article %s: %w", l.Article, err)
		}
		at := slices.IndexFunc(revs, func(rv model.Revision) bool { return rv.Seen.Equal(l.Seen) })
		if at < 1 {
			continue
		}
		compared, _ := revisionsOf(revs[at-1:at+1], nil)
		l.Changed = compared[1].Flags
	}
	return nil
}

// onBoard is the ids of the claims on the board.
func (d *situationData) onBoard() []string {
	return each(d.board.Rows, func(r boardRow) string { return r.ID })
}

// momentOf reads a moment of an address, by the minute or finer; zero for "".
func momentOf(name, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, tell(model.ErrInvalid, "“%s” should be a moment such as 2031-03-12T18:10Z.", name)
}

// situationsPage lists every situation.
type situationsPage struct {
	chrome
	List []model.SituationFacts
}

func (s *Server) situations(w http.ResponseWriter, r *http.Request) error {
	st, err := s.situationsOn()
	if err != nil {
		return err
	}
	p := situationsPage{chrome: s.chrome(r, "situations")}
	p.PageTitle, p.Live = "Situations", true
	p.About = "What the desk follows: how many claims, how many of them disputed, in how many independent origins."
	if p.List, err = st.Situations(r.Context()); err != nil {
		return fmt.Errorf("web: situations: %w", err)
	}
	return s.render(w, r, http.StatusOK, "situations", p)
}

// frontSituation is the situation the front begins with.
type frontSituation struct {
	model.SituationFacts
	Board    board
	Changes  changes
	Measured measuredTable
	Others   []model.SituationFacts
}

// Copies is the number of articles that repeat another.
func (f frontSituation) Copies() int {
	return max(0, f.SituationFacts.Articles-f.SituationFacts.Origins)
}

// frontBoard is the claims the front shows of its first situation.
const frontBoard = 3

// frontSituations returns the situation that moved last, as the front shows it,
// with the others; nil where there is none.
func (s *Server) frontSituations(r *http.Request) (*frontSituation, error) {
	if s.cfg.Situations == nil {
		return nil, nil
	}
	list, err := s.cfg.Situations.Situations(r.Context())
	if err != nil {
		return nil, fmt.Errorf("web: situations: %w", err)
	}
	if len(list) == 0 {
		return nil, nil
	}
	d := &situationData{SituationFacts: list[0]}
	if d.board, d.numbers, err = s.situationBoard(r, d.ID, situationClaims); err != nil {
		return nil, err
	}
	if err = s.turns(r, d); err != nil {
		return nil, err
	}
	if d.measured, err = s.measuredTable(r.Context(), d); err != nil {
		return nil, err
	}
	f := &frontSituation{SituationFacts: list[0], Board: d.board, Measured: d.measured, Others: list[1:]}
	f.Board.Rows = d.board.Rows[:min(frontBoard, len(d.board.Rows))]
	f.Board.Mini, f.Board.More = true, 0
	f.Changes, err = s.changes(r, d, time.Time{})
	return f, err
}

// bothFirst puts a claim that has two sides before one that has not.
func bothFirst(a, b boardRow) int {
	switch {
	case a.Both() == b.Both():
		return 0
	case a.Both():
		return -1
	}
	return 1
}
