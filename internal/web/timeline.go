package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// line is an entry of a timeline as pages show it.
type line struct {
	model.Entry
	Situation string
	Number    int       // of its claim on the board; 0: it is not there
	Known     time.Time // the moment it is told as of; zero: now
	Evidence  string    // address of what it rests on, or ""
	Sources   string    // Article.Source, of entries that quote one
	Changed   []string  // of a revision: what of weight changed, as revision.Flags; of the others nil
}

// known is when it was known here, as far as that is told.
func (l line) known() time.Time {
	if l.Seen.IsZero() {
		return l.At
	}
	return l.Seen
}

// Link is the permanent address of the entry.
func (l line) Link() string {
	link := "/situation/" + l.Situation + "/entry/" + url.PathEscape(l.ID)
	if !l.Known.IsZero() {
		link += "?known=" + url.QueryEscape(l.Known.Format(time.RFC3339Nano))
	}
	return link
}

// Measured reports whether an instrument saw it.
func (l line) Measured() bool { return measuredKind(l.Kind) }

func measuredKind(k model.EntryKind) bool {
	return k == model.EntryOnset || k == model.EntryConfirmed || k == model.EntryResolved
}

// Quoted reports whether its text is somebody's words.
func (l line) Quoted() bool {
	return !l.Measured() && l.Kind != model.EntryStory && l.Kind != model.EntryRevision
}

// OfArticle reports whether the article itself says it, nobody quoted in it.
func (l line) OfArticle() bool {
	return l.Kind == model.EntryMovement && l.Statement == "" && l.Speaker == ""
}

// Note says what makes the entry more than a statement; "" for one.
func (l line) Note() string {
	if l.Detail != "" {
		return entryNotes[l.Kind] + " · " + l.Detail
	}
	return entryNotes[l.Kind]
}

var entryNotes = map[model.EntryKind]string{
	model.EntryAsserted: "first heard", model.EntryDenied: "first disputed", model.EntryMovement: "movement, as stated",
}

// entryWords are the kinds as the reader chooses between them, in their order.
var entryWords = []struct {
	Kind model.EntryKind
	Word string
}{
	{model.EntryAsserted, "claim first heard"},
	{model.EntryDenied, "claim first disputed"},
	{model.EntryReversal, "change of side"},
	{model.EntryStatement, "other statement"},
	{model.EntryMovement, "movement"},
	{model.EntryStory, "story begins"},
	{model.EntryRevision, "article changed"},
	{model.EntryOnset, "service lost"},
	{model.EntryConfirmed, "loss confirmed"},
	{model.EntryResolved, "service back"},
}

func entryWord(k model.EntryKind) string {
	for _, w := range entryWords {
		if w.Kind == k {
			return w.Word
		}
	}
	return string(k)
}

// Word is the kind of the entry in words.
func (l line) Word() string { return entryWord(l.Kind) }

// lines is a page of entries, the newest first, as far as they may be shown.
type lines struct {
	list []line
	held int    // those the licence of their source keeps back
	next string // Entry.ID before which the next page begins; "" after the last
}

// entries returns a page of q.Limit entries, with what the reader may see.
func (s *Server) entries(r *http.Request, id string, q model.EntryQuery, numbers map[string]int) (lines, error) {
	limit := q.Limit
	q.Limit++
	list, err := s.cfg.Situations.SituationEntries(r.Context(), id, q)
	if err != nil {
		return lines{}, fmt.Errorf("web: entries of situation %s: %w", id, err)
	}
	a, err := s.access(r.Context(), r)
	if err != nil {
		return lines{}, err
	}
	var out lines
	if len(list) > limit {
		list = list[:limit]
		out.next = list[limit-1].ID
	}
	list = foldEntries(list)
	found, err := s.st.EntrySources(r.Context(), list)
	if err != nil {
		return lines{}, fmt.Errorf("web: articles of entries of situation %s: %w", id, err)
	}
	for _, e := range list {
		l := line{Entry: e, Situation: id, Number: numbers[e.Claim], Known: q.Known}
		l.lead(found)
		if l.Quoted() && !a.words(l.Sources) {
			out.held++
			continue
		}
		out.list = append(out.list, l)
	}
	return out, nil
}

// foldEntries leaves out the plain entry of a statement that another entry says
// more about.
func foldEntries(list []model.Entry) []model.Entry {
	more := map[string]bool{}
	for i := range list {
		more[list[i].Statement] = more[list[i].Statement] || entryWeights[list[i].Kind] > 0
	}
	return slices.DeleteFunc(list, func(e model.Entry) bool {
		return e.Kind == model.EntryStatement && e.Statement != "" && more[e.Statement]
	})
}

// lead sets the Evidence and the source of a line. An article that is gone
// leaves it without.
func (l *line) lead(found map[string]model.EntrySource) {
	switch got, known := found[l.Article]; {
	case l.Measured():
		if l.Evidence = outageURL(l.Outage); l.Outage == "" {
			l.Evidence = serviceURL(l.Service)
		}
	case l.Article == "" && l.Story != "":
		l.Evidence = "/story/" + l.Story
	case known:
		l.Sources, l.Evidence = got.Source, "/article/"+l.Article
		if n := got.N[l.Statement]; n > 0 {
			l.Evidence = statementURL(l.Article, n)
		}
	}
}

// entryDay is the entries of one day, in UTC.
type entryDay struct {
	Day  time.Time
	List []line
}

// Key names the day for the page's script.
func (d entryDay) Key() string { return d.Day.Format(time.DateOnly) }

// daysOf parts entries by day; both stay newest first.
func daysOf(list []line) []entryDay {
	var out []entryDay
	for _, l := range list {
		day := l.At.UTC().Truncate(24 * time.Hour)
		if n := len(out); n == 0 || !out[n-1].Day.Equal(day) {
			out = append(out, entryDay{Day: day})
		}
		out[len(out)-1].List = append(out[len(out)-1].List, l)
	}
	return out
}

// timelinePage is the entries of a situation, as far as the reader picks them.
type timelinePage struct {
	chrome
	model.SituationFacts
	Days     []entryDay
	Shown    int
	Held     int
	Next     string // address of the next page, or ""
	Known    time.Time
	First    bool // of the pages
	Speakers []option
	Claims   []option
	Places   []option
	Kinds    []option
	Narrow   bool // something is picked
}

// timelineSize is the entries on one page.
const timelineSize = 50

// entryQuery reads what is asked of a timeline out of an address.
func entryQuery(v url.Values) (model.EntryQuery, error) {
	q := model.EntryQuery{Speaker: v.Get("speaker"), Claim: v.Get("claim"), Service: v.Get("service"), Before: v.Get("before")}
	for _, k := range v["kind"] {
		if slices.ContainsFunc(entryWords, func(w struct {
			Kind model.EntryKind
			Word string
		},
		) bool {
			return string(w.Kind) == k
		}) {
			q.Kinds = append(q.Kinds, model.EntryKind(k))
		}
	}
	var err error
	if p := v.Get("place"); p != "" {
		if q.Place, err = strconv.ParseInt(p, 10, 64); err != nil {
			return q, tell(model.ErrInvalid, "“place” should be the number of a place.")
		}
	}
	for name, t := range map[string]*time.Time{"known": &q.Known, "from": &q.From, "to": &q.To} {
		if *t, err = momentOf(name, v.Get(name)); err != nil {
			return q, err
		}
	}
	return q, nil
}

func (s *Server) timeline(w http.ResponseWriter, r *http.Request) error {
	facts, err := s.situationFacts(r)
	if err != nil {
		return err
	}
	v := r.URL.Query()
	q, err := entryQuery(v)
	if err != nil {
		return err
	}
	q.Limit = timelineSize
	b, numbers, err := s.situationBoard(r, facts.ID, maxBoard)
	if err != nil {
		return err
	}
	got, err := s.entries(r, facts.ID, q, numbers)
	if err != nil {
		return err
	}
	spots, err := s.cfg.Situations.SituationSpots(r.Context(), facts.ID)
	if err != nil {
		return fmt.Errorf("web: places of situation %s: %w", facts.ID, err)
	}
	p := timelinePage{
		chrome: s.chrome(r, "situations"), SituationFacts: *facts, Days: daysOf(got.list), Shown: len(got.list), Held: got.held,
		Known: q.Known, First: q.Before == "",
	}
	p.PageTitle, p.Live = "Timeline: "+facts.Title, q.Known.IsZero() && p.First
	p.Narrow = len(q.Kinds) > 0 || q.Speaker != "" || q.Claim != "" || q.Place != 0 || q.Service != ""
	p.NoIndex = p.Narrow || !p.First || !q.Known.IsZero()
	p.Feeds = situationFeeds(facts.ID)
	p.choices(q, b, spots)
	if got.next != "" {
		v.Set("before", got.next)
		p.Next = "/situation/" + facts.ID + "/timeline?" + v.Encode()
	}
	return s.render(w, r, http.StatusOK, "timeline", p)
}

// choices fills in what there is to pick.
func (p *timelinePage) choices(q model.EntryQuery, b board, spots []model.Spot) {
	seen := map[string]bool{}
	for i := range b.Rows {
		row := &b.Rows[i]
		p.Claims = append(p.Claims, option{row.ID, fmt.Sprintf("%d: %s", row.Number, clip(60, row.Words)), row.Number, row.ID == q.Claim})
		for j := range row.Positions {
			if by := row.Positions[j].Speaker(); by.SpeakerID != "" && !seen[by.SpeakerID] && len(seen) < maxOptions {
				seen[by.SpeakerID] = true
				p.Speakers = append(p.Speakers, option{by.SpeakerID, clip(60, speakerName(by.Speaker)), 0, by.SpeakerID == q.Speaker})
			}
		}
	}
	slices.SortStableFunc(p.Speakers, func(a, b option) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	for i := range spots {
		if sp := &spots[i]; sp.ID != 0 && len(p.Places) < maxOptions {
			p.Places = append(p.Places, option{fmt.Sprint(sp.ID), clip(60, sp.Name), 0, sp.ID == q.Place})
		}
	}
	for _, k := range entryWords {
		p.Kinds = append(p.Kinds, option{string(k.Kind), k.Word, 0, slices.Contains(q.Kinds, k.Kind)})
	}
}

// entryPage is one entry of a timeline with its four times and what it rests on.
type entryPage struct {
	chrome
	model.SituationFacts
	Line line
}

func (s *Server) entry(w http.ResponseWriter, r *http.Request) error {
	facts, err := s.situationFacts(r)
	if err != nil {
		return err
	}
	known, err := momentOf("known", r.URL.Query().Get("known"))
	if err != nil {
		return err
	}
	found, err := s.findEntry(r, facts.ID, r.PathValue("entry"), known)
	if err != nil {
		return err
	}
	p := entryPage{chrome: s.chrome(r, "situations"), SituationFacts: *facts, Line: *found}
	p.PageTitle, p.NoIndex = facts.Title+": "+clip(80, found.Text), true
	return s.render(w, r, http.StatusOK, "entry", p)
}

// findEntry looks for an entry by its id, as it was known at a moment.
func (s *Server) findEntry(r *http.Request, id, entry string, known time.Time) (*line, error) {
	_, numbers, err := s.situationBoard(r, id, maxBoard)
	if err != nil {
		return nil, err
	}
	a, err := s.access(r.Context(), r)
	if err != nil {
		return nil, err
	}
	e, err := s.cfg.Situations.SituationEntry(r.Context(), id, entry, known)
	if err != nil {
		return nil, fmt.Errorf("web: entry %s of situation %s: %w", entry, id, hide(err, "There is no such entry in this situation."))
	}
	l := line{Entry: *e, Situation: id, Number: numbers[e.Claim], Known: known}
	evidence, err := s.st.EntrySources(r.Context(), []model.Entry{*e})
	if err != nil {
		return nil, fmt.Errorf("web: article of entry %s of situation %s: %w", entry, id, err)
	}
	l.lead(evidence)
	if l.Quoted() && !a.words(l.Sources) {
		return nil, tell(model.ErrNotFound, "The source of this entry allows no quotation.")
	}
	return &l, nil
}
