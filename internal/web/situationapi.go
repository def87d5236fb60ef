package web

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"crosscheck/internal/model"

	"github.com/danielgtaylor/huma/v2"
)

type apiSituation struct {
	ID        string     `json:"id"`
	Page      string     `json:"page" format:"uri-reference" doc:"where people read it"`
	Title     string     `json:"title"`
	Note      string     `json:"note" doc:"the desk's own words"`
	By        string     `json:"by" doc:"who keeps it"`
	Created   *time.Time `json:"created"`
	Latest    *time.Time `json:"latest" doc:"when something last changed in it"`
	From      *time.Time `json:"from" doc:"null: open"`
	Until     *time.Time `json:"until" doc:"null: open"`
	Revision  int        `json:"revision" doc:"of the definition"`
	Articles  int        `json:"article_count"`
	Origins   int        `json:"origin_count" doc:"articles that are copies of none"`
	Stories   int        `json:"story_count"`
	Claims    int        `json:"claim_count"`
	Disputed  int        `json:"disputed_count" doc:"claims some uphold and some dispute"`
	Speakers  int        `json:"speaker_count"`
	Reversals int        `json:"reversal_count"`
	Outages   int        `json:"outage_count" doc:"grave ones of its services"`
}

type apiSituations struct {
	Situations []apiSituation `json:"situations"`
}

type apiSituationWhole struct {
	Situation apiSituation    `json:"situation"`
	Belongs   []apiCriterion  `json:"belongs" doc:"what makes an article belong"`
	Claims    []apiClaim      `json:"claims" doc:"in the order of the page"`
	Single    int             `json:"single_claim_count" doc:"claims that one speaker makes in one origin, left out of claims"`
	Services  []apiServiceRow `json:"services"`
	Reports   []string        `json:"reports" doc:"one sentence for each outage"`
	Entries   []apiEntryOf    `json:"entries" doc:"the newest; /timeline has all"`
	Held      int             `json:"held_count" doc:"entries that the licence of their source keeps back"`
	Places    []apiSpot       `json:"places"`
	Sources   []apiSourceRow  `json:"sources"`
	Articles  []apiMember     `json:"articles" doc:"the newest 500"`
}

type apiCriterion struct {
	What   string   `json:"what" doc:"in words"`
	Values []string `json:"values"`
}

// apiGauge is what is measured beside a claim.
type apiGauge struct {
	Service string     `json:"service" doc:"id"`
	Words   string     `json:"words"`
	Lost    bool       `json:"lost" doc:"an outage was judged"`
	State   string     `json:"state" doc:"the gravest of the outage; empty without one"`
	From    *time.Time `json:"from"`
	To      *time.Time `json:"to" doc:"null: it lasts"`
}

type apiServiceRow struct {
	ID           string   `json:"id"`
	Page         string   `json:"page" format:"uri-reference"`
	Name         string   `json:"name"`
	Now          string   `json:"now" doc:"in words"`
	Window       string   `json:"in_this_time" doc:"in words"`
	Availability *float64 `json:"availability" doc:"how much of 14 days it was reached, 0 to 1; null: not measured"`
}

// apiEntryOf is an entry of a timeline.
type apiEntryOf struct {
	ID        string     `json:"id"`
	Page      string     `json:"page" format:"uri-reference" doc:"its permanent address"`
	Kind      string     `json:"kind" doc:"statement, asserted, denied, reversal, story, revision, onset, confirmed, resolved or movement"`
	At        *time.Time `json:"at" doc:"what it is ordered by: happened, else said, published, seen"`
	Happened  *time.Time `json:"happened"`
	Said      *time.Time `json:"said"`
	Published *time.Time `json:"published"`
	Seen      *time.Time `json:"first_seen" doc:"by us"`
	Text      string     `json:"text" doc:"verbatim words, a headline, or the report of an outage"`
	Speaker   string     `json:"speaker"`
	SpeakerID string     `json:"speaker_id"`
	Stance    string     `json:"stance" doc:"to the claim"`
	Before    string     `json:"before" doc:"of a reversal, the former stance"`
	Claim     string     `json:"claim" doc:"id"`
	Story     string     `json:"story" doc:"id"`
	Article   string     `json:"article" doc:"id"`
	Statement string     `json:"statement" doc:"id"`
	Service   string     `json:"service" doc:"id"`
	Outage    string     `json:"outage" doc:"id"`
	Place     int64      `json:"place" doc:"number in the gazetteer; 0: none"`
	Outlet    string     `json:"outlet"`
	Origins   int        `json:"origin_count"`
	Evidence  string     `json:"evidence" format:"uri-reference" doc:"the page of what it rests on"`
}

type apiTimeline struct {
	Entries []apiEntryOf `json:"entries"`
	Held    int          `json:"held_count" doc:"entries of this page that the licence of their source keeps back"`
	Next    string       `json:"next" format:"uri-reference" doc:"where the next ones are; empty after the last"`
}

type apiSpot struct {
	ID         int64    `json:"id" doc:"number in the gazetteer; 0: it could not be told which place it is"`
	Name       string   `json:"name"`
	Country    string   `json:"country" doc:"ISO 3166 alpha-2"`
	Kind       string   `json:"kind"`
	Lat        *float64 `json:"lat" doc:"null: not known"`
	Lon        *float64 `json:"lon"`
	Articles   int      `json:"article_count" doc:"that name it"`
	Statements int      `json:"statement_count" doc:"in the sentences that name it"`
	Services   []string `json:"services"`
	Vantages   []string `json:"vantages"`
}

type apiSourceRow struct {
	Outlet   string     `json:"outlet"`
	Articles int        `json:"article_count"`
	Origins  int        `json:"origin_count"`
	Copies   int        `json:"copy_count"`
	Latest   *time.Time `json:"latest"`
}

type apiMember struct {
	Article  apiArticle `json:"article"`
	Why      []string   `json:"why" doc:"it belongs"`
	Pinned   bool       `json:"pinned" doc:"put in by hand"`
	Excluded bool       `json:"excluded" doc:"put out by hand"`
}

// askTimeline asks for entries.
type askTimeline struct {
	ID      string   `path:"id" maxLength:"64" pattern:"^[0-9A-Za-z_-]+$" patternDescription:"an id" doc:"of the situation"`
	Kind    []string `query:"kind,explode" maxItems:"10" doc:"only these kinds"`
	Speaker string   `query:"speaker" maxLength:"64" doc:"id"`
	Claim   string   `query:"claim" maxLength:"64" doc:"id"`
	Place   int64    `query:"place" minimum:"0" doc:"number in the gazetteer"`
	Known   string   `query:"known" maxLength:"40" doc:"a moment: only what was seen here by then, statements in the claims and with the attitudes they had"`
	Limit   int      `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"how many at most"`
	Before  string   `query:"before" maxLength:"80" doc:"id of the last entry of the page before"`
}

func (s *Server) situationOperations(api huma.API) {
	register(s, api, apiCall{"list-situations", "/situations", "What the desk follows", "Those in which something changed last come first."}, form.situations)
	register(s, api, apiCall{
		"get-situation", "/situations/{id}", "One situation",
		"All of its page: claims with who stands where and what is measured beside them, services, the newest entries, places, sources, and why each article belongs.",
	}, form.situation)
	register(s, api, apiCall{"list-situation-entries", "/situations/{id}/timeline", "The timeline of a situation", "Newest first."}, form.timeline)
	register(s, api, apiCall{"list-situation-briefings", "/situations/{id}/briefings", "The briefings of a situation", "Each in its newest version, with where every sentence comes from."}, form.briefings)
	registerRows(s, api, apiCall{"get-situation-timeline", "/situations/{id}/timeline.csv", "The timeline of a situation, as a table", fmt.Sprintf("The newest %d.", maxRows)}, "entry", entryColumns, form.timelineTable)
	registerRows(s, api, apiCall{"get-situation-sources", "/situations/{id}/sources.csv", "The articles of a situation by source, as a table", ""}, "source", sourceColumns, form.sourceTable)
	registerCSV(s, api, apiCall{
		"get-situation-statements", "/situations/{id}/statements.csv", "The statements of a situation’s claims, as a table", "Those in copies have copy_of.",
	}, form.situationTable)
}

func (f form) situationHead(x model.SituationFacts) apiSituation {
	return apiSituation{
		x.ID, f.page("/situation/" + url.PathEscape(x.ID)), x.Title, x.Note, x.By, utc(x.Created), utc(x.Latest), utc(x.From), utc(x.Until), x.Revision,
		x.Articles, x.Origins, x.Stories, x.Claims, x.Disputed, x.Speakers, x.Reversals, x.Outages,
	}
}

func (f form) situations(*struct{}) (*apiSituations, error) {
	st, err := f.s.situationsOn()
	if err != nil {
		return nil, err
	}
	list, err := st.Situations(f.r.Context())
	if err != nil {
		return nil, fmt.Errorf("web: situations: %w", err)
	}
	return &apiSituations{each(list, f.situationHead)}, nil
}

func (f form) situation(*byID) (*apiSituationWhole, error) {
	d, err := f.s.situationData(f.r)
	if err != nil {
		return nil, err
	}
	newest, err := f.s.entries(f.r, d.ID, model.EntryQuery{Limit: situationEntries}, d.numbers)
	if err != nil {
		return nil, err
	}
	members, err := f.s.members(f.r.Context(), d.ID)
	if err != nil {
		return nil, err
	}
	return &apiSituationWhole{
		Situation: f.situationHead(d.SituationFacts), Belongs: each(d.belongs, func(c criterion) apiCriterion { return apiCriterion{c.Word, each(c.Values, same)} }),
		Claims: each(d.board.Rows, f.claimHead), Single: d.board.Single, Services: each(d.measured.Rows, f.serviceRow),
		Reports: each(d.measured.Reports, func(r outageReport) string { return r.Text }), Entries: each(newest.list, f.entryOf), Held: newest.held,
		Places: each(d.spots, spotOf), Sources: each(d.sources.Rows, sourceRowOf), Articles: each(members, f.memberOf),
	}, nil
}

func gaugeShape(g *gauge) *apiGauge {
	if g == nil {
		return nil
	}
	out := &apiGauge{g.Service, g.Words, g.Lost, g.Grade, utc(g.From), utc(g.To)}
	if g.Open {
		out.To = nil
	}
	return out
}

func (f form) serviceRow(r measuredRow) apiServiceRow {
	out := apiServiceRow{ID: r.ID, Page: f.page(serviceURL(r.ID)), Name: r.Name, Now: r.Now.Word, Window: r.Window}
	if r.Availability >= 0 {
		out.Availability = &r.Availability
	}
	return out
}

func (f form) entryOf(l line) apiEntryOf {
	e := apiEntryOf{
		l.ID, f.page(l.Link()), string(l.Kind), utc(l.At), utc(l.Happened), utc(l.Said), utc(l.Published), utc(l.Seen), l.Text, speakerName(l.Speaker), l.SpeakerID,
		string(l.Stance), string(l.Before), l.Claim, l.Story, l.Article, l.Statement, l.Service, l.Outage, l.Place, l.Outlet, l.Origins, "",
	}
	if l.Evidence != "" {
		e.Evidence = f.page(l.Evidence)
	}
	return e
}

func spotOf(sp model.Spot) apiSpot {
	out := apiSpot{sp.ID, sp.Name, sp.Country, string(sp.Kind), nil, nil, sp.Articles, sp.Statements, each(sp.Services, same), each(sp.Vantages, same)}
	if located(&sp.Place) {
		out.Lat, out.Lon = &sp.Lat, &sp.Lon
	}
	return out
}

func sourceRowOf(r sourceRow) apiSourceRow {
	return apiSourceRow{r.Outlet, r.Articles, r.Origins, r.Copies, utc(r.Latest)}
}

func (f form) memberOf(m member) apiMember {
	return apiMember{f.articleHead(&m.Article), each(m.Why.Why, same), m.Why.Pinned, m.Why.Excluded}
}

// query is what is asked of a timeline, read as its page reads it.
func (in *askTimeline) query() (model.EntryQuery, error) {
	v := url.Values{"kind": in.Kind, "speaker": {in.Speaker}, "claim": {in.Claim}, "known": {in.Known}, "before": {in.Before}}
	if in.Place != 0 {
		v.Set("place", strconv.FormatInt(in.Place, 10))
	}
	q, err := entryQuery(v)
	q.Limit = in.Limit
	return q, err
}

// timelineOf is the entries asked for.
func (f form) timelineOf(q model.EntryQuery) (lines, string, error) {
	facts, err := f.s.situationFacts(f.r)
	if err != nil {
		return lines{}, "", err
	}
	got, err := f.s.entries(f.r, facts.ID, q, nil)
	return got, facts.ID, err
}

func (f form) timeline(in *askTimeline) (*apiTimeline, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	got, _, err := f.timelineOf(q)
	if err != nil {
		return nil, err
	}
	out := &apiTimeline{Entries: each(got.list, f.entryOf), Held: got.held}
	if got.next != "" {
		v := f.r.URL.Query()
		v.Set("before", got.next)
		out.Next = f.page(f.r.URL.Path + "?" + v.Encode())
	}
	return out, nil
}

// columnOf is one column of a table of things.
type columnOf[A any] struct {
	name string
	cell func(x *A) string
}

var entryColumns = []columnOf[apiEntryOf]{
	{"id", func(e *apiEntryOf) string { return e.ID }},
	{"kind", func(e *apiEntryOf) string { return e.Kind }},
	{"at", func(e *apiEntryOf) string { return momentCell(e.At) }},
	{"happened", func(e *apiEntryOf) string { return momentCell(e.Happened) }},
	{"said", func(e *apiEntryOf) string { return momentCell(e.Said) }},
	{"published", func(e *apiEntryOf) string { return momentCell(e.Published) }},
	{"first_seen", func(e *apiEntryOf) string { return momentCell(e.Seen) }},
	{"speaker", func(e *apiEntryOf) string { return e.Speaker }},
	{"speaker_id", func(e *apiEntryOf) string { return e.SpeakerID }},
	{"stance", func(e *apiEntryOf) string { return e.Stance }},
	{"before", func(e *apiEntryOf) string { return e.Before }},
	{"text", func(e *apiEntryOf) string { return e.Text }},
	{"outlet", func(e *apiEntryOf) string { return e.Outlet }},
	{"claim", func(e *apiEntryOf) string { return e.Claim }},
	{"story", func(e *apiEntryOf) string { return e.Story }},
	{"article", func(e *apiEntryOf) string { return e.Article }},
	{"statement", func(e *apiEntryOf) string { return e.Statement }},
	{"service", func(e *apiEntryOf) string { return e.Service }},
	{"outage", func(e *apiEntryOf) string { return e.Outage }},
	{"place", func(e *apiEntryOf) string { return strconv.FormatInt(e.Place, 10) }},
	{"origin_count", func(e *apiEntryOf) string { return strconv.Itoa(e.Origins) }},
	{"page", func(e *apiEntryOf) string { return e.Page }},
	{"evidence", func(e *apiEntryOf) string { return e.Evidence }},
}

var sourceColumns = []columnOf[apiSourceRow]{
	{"outlet", func(r *apiSourceRow) string { return r.Outlet }},
	{"article_count", func(r *apiSourceRow) string { return strconv.Itoa(r.Articles) }},
	{"origin_count", func(r *apiSourceRow) string { return strconv.Itoa(r.Origins) }},
	{"copy_count", func(r *apiSourceRow) string { return strconv.Itoa(r.Copies) }},
	{"latest", func(r *apiSourceRow) string { return momentCell(r.Latest) }},
}

// registerRows adds a call that answers with a table of what find returns. The
// name is that of the file.
func registerRows[I, A any](s *Server, api huma.API, a apiCall, what string, columns []columnOf[A], find func(f form, in *I) (name string, list []A, err error)) {
	names := each(columns, func(c columnOf[A]) string { return c.name })
	registerTable(s, api, a, what, names, func(f form, in *I) (string, [][]string, error) {
		name, list, err := find(f, in)
		rows := make([][]string, len(list))
		for i := range list {
			rows[i] = each(columns, func(c columnOf[A]) string { return c.cell(&list[i]) })
		}
		return name, rows, err
	})
}

func (f form) timelineTable(in *askTimeline) (string, []apiEntryOf, error) {
	q, err := in.query()
	if err != nil {
		return "", nil, err
	}
	q.Limit = maxRows
	got, id, err := f.timelineOf(q)
	return "timeline-" + id, each(got.list, f.entryOf), err
}

func (f form) sourceTable(*byID) (string, []apiSourceRow, error) {
	facts, err := f.s.situationFacts(f.r)
	if err != nil {
		return "", nil, err
	}
	t, err := f.s.sourceTable(f.r.Context(), facts.ID)
	return "sources-" + facts.ID, each(t.Rows, sourceRowOf), err
}

func (f form) situationTable(*byID) (string, []model.Ledger, error) {
	facts, err := f.s.situationFacts(f.r)
	if err != nil {
		return "", nil, err
	}
	claims, err := f.s.cfg.Situations.SituationClaims(f.r.Context(), facts.ID, maxBoard)
	if err != nil {
		return "", nil, fmt.Errorf("web: claims of situation %s: %w", facts.ID, err)
	}
	a, err := f.s.access(f.r.Context(), f.r)
	if err != nil {
		return "", nil, err
	}
	ledger, err := f.s.st.ClaimLedger(f.r.Context(), each(claims, func(c model.Claim) string { return c.ID })...)
	if err != nil {
		return "", nil, fmt.Errorf("web: ledger of claims: %w", err)
	}
	var list []model.Ledger
	for _, l := range ledger {
		if a.words(l.Source) && len(list) < maxRows {
			list = append(list, l)
		}
	}
	return "situation-" + facts.ID, list, nil
}

// apiBriefing is one version of a briefing.
type apiBriefing struct {
	N         int           `json:"n" doc:"from 1; all versions share it"`
	Version   int           `json:"version" doc:"from 1; none is changed after it was published"`
	Page      string        `json:"page" format:"uri-reference"`
	Title     string        `json:"title"`
	By        string        `json:"by"`
	At        *time.Time    `json:"at" doc:"when this version was published"`
	Sentences []apiSentence `json:"sentences"`
	Held      int           `json:"held_count" doc:"sentences that the licence of their source keeps back"`
}

type apiSentence struct {
	Kind      string     `json:"kind" doc:"statement, count, outage or desk"`
	Text      string     `json:"text" doc:"of a statement, verbatim; parts that stand apart are joined by a spaced ellipsis"`
	Pinned    bool       `json:"pinned"`
	Statement string     `json:"statement" doc:"id"`
	Article   string     `json:"article" doc:"id"`
	Revision  int        `json:"revision" doc:"of the article"`
	Capture   string     `json:"capture_sha256" doc:"of the stored bytes that revision was read from"`
	Spans     [][2]int   `json:"byte_spans" doc:"of each part in the UTF-8 text of that revision, the end excluded"`
	Speaker   string     `json:"speaker"`
	Stance    string     `json:"stance" doc:"to the claim"`
	Claim     string     `json:"claim" doc:"id"`
	Outlet    string     `json:"outlet"`
	Published *time.Time `json:"published"`
	Of        []string   `json:"of" doc:"of a count, the ids of what was counted"`
	Service   string     `json:"service" doc:"id"`
	Outage    string     `json:"outage" doc:"id"`
	Judged    *time.Time `json:"judged" doc:"of an outage, when the verdict was given"`
}

type apiBriefings struct {
	Briefings []apiBriefing `json:"briefings" doc:"the newest first"`
}

func (f form) briefings(*byID) (*apiBriefings, error) {
	facts, err := f.s.situationFacts(f.r)
	if err != nil {
		return nil, err
	}
	st, err := f.s.briefingsOn()
	if err != nil {
		return nil, err
	}
	list, err := st.Briefings(f.r.Context(), facts.ID)
	if err != nil {
		return nil, fmt.Errorf("web: briefings of situation %s: %w", facts.ID, err)
	}
	list, held, err := f.s.allowed(f.r, list)
	if err != nil {
		return nil, err
	}
	out := &apiBriefings{each(list, f.briefingOf)}
	for i := range held {
		out.Briefings[i].Held = held[i]
	}
	return out, nil
}

func (f form) briefingOf(b model.Briefing) apiBriefing {
	page := fmt.Sprintf("/situation/%s/briefing/%d?version=%d", url.PathEscape(b.Situation), b.N, b.Version)
	return apiBriefing{b.N, b.Version, f.page(page), b.Title, b.By, utc(b.At), each(b.Sentences, sentenceShape), 0}
}

func sentenceShape(x model.Sentence) apiSentence {
	return apiSentence{
		string(x.Kind), x.Text, x.Pinned, x.Statement, x.Article, x.Revision, x.Capture, each(x.Spans, func(sp model.Span) [2]int { return [2]int{sp.Start, sp.End} }),
		speakerName(x.Speaker), string(x.Stance), x.Claim, x.Outlet, utc(x.Published), each(x.Of, same), x.Service, x.Outage, utc(x.Judged),
	}
}
