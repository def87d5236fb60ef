package web

import (
	"fmt"
	"math"
	"strings"
	"time"

	"crosscheck/internal/model"

	"github.com/danielgtaylor/huma/v2"
)

// maxRows bounds the statements of a speaker in one table.
const maxRows = 2000

// byID asks for one thing.
type byID struct {
	ID string `path:"id" maxLength:"64" pattern:"^[0-9A-Za-z_-]+$" patternDescription:"an id" doc:"of the thing"`
}

// newestFirst asks for a page of a list.
type newestFirst struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"25" doc:"how many at most"`
	Before string `query:"before" format:"date-time" maxLength:"40" doc:"only those whose latest is earlier"`
}

type askClaims struct {
	Disputed bool   `query:"disputed" default:"false" doc:"only those that some uphold and some dispute"`
	All      bool   `query:"all" default:"false" doc:"also those that one speaker makes in one origin"`
	Limit    int    `query:"limit" minimum:"1" maximum:"50" default:"25" doc:"how many at most"`
	Before   string `query:"before" format:"date-time" maxLength:"40" doc:"only those whose latest is earlier"`
}

type askSpeakers struct {
	Q     string `query:"q" maxLength:"200" doc:"how a word of the name begins"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"60" doc:"how many at most"`
}

type askStatements struct {
	ID     string `path:"id" maxLength:"64" pattern:"^[0-9A-Za-z_-]+$" patternDescription:"an id" doc:"of the speaker"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"40" doc:"how many at most"`
	Offset int    `query:"offset" minimum:"0" maximum:"100000" default:"0" doc:"how many of the newest to leave out"`
}

func (s *Server) storyOperations(api huma.API) {
	register(s, api, apiCall{"list-stories", "/stories", "The newest stories", "Those that moved last come first."}, form.stories)
	register(s, api, apiCall{
		"get-story", "/stories/{id}", "One story",
		"Its origins with their copies, the claims made in it with who stands where, and what is said in the origins, oldest first.",
	}, form.story)
	registerCSV(s, api, apiCall{
		"get-story-statements", "/stories/{id}/statements.csv", "What is said in a story, as a table", "Copies are left out: their words are their origin’s.",
	}, form.storyTable)
}

func (s *Server) claimOperations(api huma.API) {
	register(s, api, apiCall{
		"list-claims", "/claims", "The newest claims", "Those that more than one speaker or origin carries, with who stands where.",
	}, form.claims)
	register(s, api, apiCall{
		"get-claim", "/claims/{id}", "One claim",
		"Its clearest words, who stands where since when and who changed sides, with the statements that show it, and the origins it comes from with their copies.",
	}, form.claim)
	registerCSV(s, api, apiCall{
		"get-claim-statements", "/claims/{id}/statements.csv", "The statements of a claim, as a table", "Those in copies have copy_of.",
	}, form.claimTable)
}

func (s *Server) speakerOperations(api huma.API) {
	register(s, api, apiCall{"list-speakers", "/speakers", "Speakers", "Those with most statements come first."}, form.speakers)
	register(s, api, apiCall{
		"get-speaker", "/speakers/{id}", "One speaker", "Names, roles over time, who may be the same, which claims others dispute, and changes of side.",
	}, form.speaker)
	register(s, api, apiCall{
		"list-speaker-statements", "/speakers/{id}/statements", "What a speaker says", "In originals, newest first.",
	}, form.speakerStatements)
	registerCSV(s, api, apiCall{
		"get-speaker-statements", "/speakers/{id}/statements.csv", "What a speaker says, as a table", fmt.Sprintf("The newest %d.", maxRows),
	}, form.speakerTable)
}

func (s *Server) articleOperations(api huma.API) {
	register(s, api, apiCall{
		"get-article", "/articles/{id}", "One article",
		"Where it comes from, its copies, its revisions and the statements in it. Its text is there only where the licence of the source allows all of it to be shown.",
	}, form.article)
}

func (f form) stories(in *newestFirst) (*apiStories, error) {
	before, err := moment3339(in.Before)
	if err != nil {
		return nil, err
	}
	list, err := f.s.st.Stories(f.r.Context(), in.Limit+1, before)
	if err != nil {
		return nil, fmt.Errorf("web: stories: %w", err)
	}
	var last time.Time
	if len(list) > in.Limit {
		list = list[:in.Limit]
		last = list[in.Limit-1].Latest
	}
	return &apiStories{each(list, f.storyHead), f.next(last)}, nil
}

// dossier is the story asked for, or where it has gone.
func (f form) dossier(in *byID) (*dossier, error) {
	d, err := f.s.storyDossier(f.r)
	if err == nil {
		err = present(in.ID, d.ID)
	}
	return d, err
}

func (f form) story(in *byID) (*apiStoryWhole, error) {
	d, err := f.dossier(in)
	if err != nil {
		return nil, err
	}
	b, decided, err := f.s.disputes(f.r, d.ID, math.MaxInt)
	if err != nil {
		return nil, err
	}
	return &apiStoryWhole{
		Story: f.storyHead(d.Story), Origins: f.storyOrigins(d), Claims: each(b.Rows, f.claimHead), Single: b.Single,
		Statements: each(d.Sayings, f.saying), Held: d.Held, Decisions: each(decided, decision),
	}, nil
}

func (f form) storyTable(in *byID) (string, []model.Ledger, error) {
	d, err := f.dossier(in)
	if err != nil {
		return "", nil, err
	}
	return "story-" + d.ID, unfold(d.Sayings), nil
}

func (f form) claims(in *askClaims) (*apiClaims, error) {
	before, err := moment3339(in.Before)
	if err != nil {
		return nil, err
	}
	rows, last, err := f.s.newestRows(f.r, model.ClaimQuery{Disputed: in.Disputed, Carried: !in.All, Limit: in.Limit + 1, Before: before})
	if err != nil {
		return nil, err
	}
	if !in.All {
		rows = boardOf(rows, in.Limit).Rows
	}
	return &apiClaims{each(rows, f.claimHead), f.next(last)}, nil
}

// claimData is the claim asked for, or where it has gone.
func (f form) claimData(in *byID) (*claimData, error) {
	d, err := f.s.claimData(f.r.Context(), f.r, in.ID)
	if err == nil {
		err = present(in.ID, d.row.ID)
	}
	return d, err
}

func (f form) claim(in *byID) (*apiClaimWhole, error) {
	d, err := f.claimData(in)
	if err != nil {
		return nil, err
	}
	if err := f.s.claimCopies(f.r.Context(), d); err != nil {
		return nil, err
	}
	decided, err := f.s.decisions(f.r.Context(), "claim", d.row.ID)
	if err != nil {
		return nil, err
	}
	return &apiClaimWhole{
		Claim: f.claimHead(d.row), Support: each(supportsOf(d.row.Positions), support), Stories: each(d.stories(), f.storyLink),
		Origins: f.claimOrigins(d), Statements: each(d.shown, f.statement), Held: d.held, Decisions: each(decided, decision),
	}, nil
}

func (f form) claimTable(in *byID) (string, []model.Ledger, error) {
	d, err := f.claimData(in)
	if err != nil {
		return "", nil, err
	}
	return "claim-" + d.row.ID, d.shown, nil
}

func (f form) speakers(in *askSpeakers) (*apiSpeakers, error) {
	list, more, err := f.s.speakerList(f.r, strings.TrimSpace(in.Q), in.Limit, 0)
	return &apiSpeakers{each(list, f.speakerHead), more}, err
}

// speakerFacts is the speaker asked for, or where it has gone, and the query for
// what it says.
func (f form) speakerFacts(id string) (*model.SpeakerFacts, model.SpeakerQuery, error) {
	q := model.SpeakerQuery{ID: id, Quotable: !f.s.cfg.Desk(f.r)}
	facts, err := f.s.speakerFacts(f.r.Context(), q)
	if err == nil {
		err = present(id, facts.ID)
	}
	return facts, q, err
}

func (f form) speaker(in *byID) (*apiSpeakerWhole, error) {
	facts, _, err := f.speakerFacts(in.ID)
	if err != nil {
		return nil, err
	}
	d, err := f.s.speakerDisputes(f.r, facts.ID)
	if err != nil {
		return nil, err
	}
	return &apiSpeakerWhole{
		Speaker: f.speakerHead(facts.Speaker), Held: facts.Held, Opinions: facts.Opinions, Stances: each(facts.Stances, tallied), Channels: each(facts.Channels, tallied),
		Names: each(facts.Names, namedAt), Roles: each(facts.Roles, roleOf), Doubts: each(facts.Doubts, f.doubt),
		Contested: each(d.Contested, f.contested), Reversals: each(d.Turned, f.turned),
	}, nil
}

func (f form) speakerLedger(q model.SpeakerQuery) ([]model.Ledger, int, error) {
	list, total, err := f.s.st.SpeakerLedger(f.r.Context(), q)
	if err != nil {
		return nil, 0, fmt.Errorf("web: ledger of speaker %s: %w", q.ID, err)
	}
	return list, total, nil
}

func (f form) speakerStatements(in *askStatements) (*apiStatements, error) {
	_, q, err := f.speakerFacts(in.ID)
	if err != nil {
		return nil, err
	}
	q.Limit, q.Offset = in.Limit, in.Offset
	list, total, err := f.speakerLedger(q)
	return &apiStatements{each(list, f.statement), total}, err
}

func (f form) speakerTable(in *byID) (string, []model.Ledger, error) {
	facts, q, err := f.speakerFacts(in.ID)
	if err != nil {
		return "", nil, err
	}
	q.Limit = maxRows
	list, _, err := f.speakerLedger(q)
	return "speaker-" + facts.ID, list, err
}

func (f form) article(in *byID) (*apiArticleWhole, error) {
	d, err := f.s.articleData(f.r, in.ID)
	if err != nil {
		return nil, err
	}
	return f.articleWhole(d), nil
}

// next is the address of the next page of a list whose last entry is of the
// given time; "" after a zero one.
func (f form) next(last time.Time) string {
	if last.IsZero() {
		return ""
	}
	v := f.r.URL.Query()
	v.Set("before", last.UTC().Format(time.RFC3339Nano))
	return f.s.link(f.r, f.r.URL.Path+"?"+v.Encode())
}
