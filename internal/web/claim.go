package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"crosscheck/internal/model"
)

// claimPage is one claim: its wordings, who stands where since when, and where
// it comes from.
type claimPage struct {
	chrome
	boardRow
	Words     *model.Ledger // the clearest wording
	Counts    []stanceSupport
	Asked     []model.Position // demands and questions
	Track     track
	Sides     [2]wording
	Turned    []reversal
	Sources   []claimSource
	Copies    int
	Held      int // statements the licence of their source keeps back
	Stories   []string
	Joined    []joined
	Decisions []model.Decision
	Stances   []model.Stance
}

// stanceSupport is who takes a stance: speakers, and independent origins.
type stanceSupport struct {
	Stance   model.Stance
	Speakers int
	Former   int
	Origins  int
}

// wording is the words on one side of the line.
type wording struct {
	Speakers int // who stand there now
	Said     []worded
	More     int
}

// worded is what one speaker says on a claim, in one wording.
type worded struct {
	model.Ledger
	Position holder
}

// reversal is a change of side with the last words before and the first after.
type reversal struct {
	Before, After model.Position
}

// Apart is the time between the two.
func (r reversal) Apart() string { return since(r.Before.Since, r.After.Since) }

// Last is the newest statement before it.
func (r reversal) Last() model.Ledger { return r.Before.Said[len(r.Before.Said)-1] }

// First is the first statement after it.
func (r reversal) First() model.Ledger { return r.After.Said[0] }

// claimSource is a statement in an origin, with the articles that copy it.
type claimSource struct {
	model.Ledger
	Copied []model.Article
}

// claimData is what the pages and feeds of a claim share.
type claimData struct {
	row    boardRow
	shown  []model.Ledger
	copies map[string][]model.Article // by origin
	held   int
}

// Bounds of one claim's page.
const (
	maxWordings = 10
	maxSources  = 120
)

func (s *Server) claimData(ctx context.Context, r *http.Request, id string) (*claimData, error) {
	c, err := s.st.Claim(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("web: claim: %w", hide(err, "There is no such claim, or all its statements have gone into others."))
	}
	a, err := s.access(ctx, r)
	if err != nil {
		return nil, err
	}
	ledger, err := s.st.ClaimLedger(ctx, c.ID)
	if err != nil {
		return nil, fmt.Errorf("web: ledger of claim %s: %w", c.ID, err)
	}
	d := &claimData{copies: map[string][]model.Article{}}
	for _, l := range ledger {
		if !a.words(l.Source) {
			d.held++
			continue
		}
		d.shown = append(d.shown, l)
	}
	if len(d.shown) == 0 {
		return nil, tell(model.ErrNotFound, "The sources of this claim allow no quotation.")
	}
	one := []boardRow{rowOf(*c, d.shown)}
	err = s.gauges(ctx, one, ledger)
	d.row = one[0]
	return d, err
}

func (s *Server) claim(w http.ResponseWriter, r *http.Request) error {
	d, err := s.claimData(r.Context(), r, r.PathValue("id"))
	if err != nil {
		return err
	}
	if d.row.ID != r.PathValue("id") {
		http.Redirect(w, r, "/claim/"+d.row.ID, http.StatusMovedPermanently)
		return nil
	}
	if err := s.claimCopies(r.Context(), d); err != nil {
		return err
	}
	p := claimPage{chrome: s.chrome(r, "claims"), boardRow: d.row, Words: wordsOf(d.row.Claim, d.shown), Held: d.held, Stances: model.Stances}
	p.PageTitle, p.Live = "Claim: "+clip(80, p.Words.Text), true
	p.About = fmt.Sprintf("Who upholds and who disputes this claim, since when, in %s.", countWord(p.Origins, "independent origin", "independent origins"))
	p.Feeds = []feedLink{{"application/rss+xml", "This claim", "/claim/" + p.ID + "/feed.rss"}, {"application/feed+json", "This claim", "/claim/" + p.ID + "/feed.json"}}
	p.fill(d)
	if p.Joined, err = s.joined(r, p.ID, d.shown); err != nil {
		return err
	}
	if p.Decisions, err = s.decisions(r.Context(), "claim", p.ID); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "claim", p)
}

// maxDecisions bounds the decisions one page shows.
const maxDecisions = 20

// decisions is what was decided by hand about a story or claim, newest first.
func (s *Server) decisions(ctx context.Context, noun, id string) ([]model.Decision, error) {
	list, err := s.st.Decisions(ctx, noun, id, maxDecisions)
	if err != nil {
		return nil, fmt.Errorf("web: decisions on %s %s: %w", noun, id, err)
	}
	return list, nil
}

// claimCopies adds the articles that copy those the claim stands in.
func (s *Server) claimCopies(ctx context.Context, d *claimData) error {
	var ids []string
	seen := map[string]bool{}
	for i := range d.shown {
		if id := d.shown[i].Root(); !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	copies, err := s.st.Copies(ctx, ids...)
	if err != nil {
		return fmt.Errorf("web: copies of the origins of claim %s: %w", d.row.ID, err)
	}
	for _, a := range copies {
		d.copies[a.CopyOf] = append(d.copies[a.CopyOf], a)
	}
	return nil
}

func (p *claimPage) fill(d *claimData) {
	now := p.Now
	p.Track = trackOf(p.Positions, now)
	p.Counts = supportsOf(p.Positions)
	last := map[string]model.Position{}
	for _, pos := range p.Positions {
		if before, ok := last[pos.Key]; ok && pos.Reversal {
			p.Turned = append(p.Turned, reversal{before, pos})
		}
		switch pos.Stance.Side() {
		case model.Upholds:
			p.Sides[0].add(holder{Position: pos, Claim: p.ID})
		case model.Disputes:
			p.Sides[1].add(holder{Position: pos, Claim: p.ID})
		default:
			p.Asked = append(p.Asked, pos)
			continue
		}
		last[pos.Key] = pos
	}
	p.Stories = d.stories()
	p.Sources = d.sources(maxSources)
	for i := range p.Sources {
		p.Copies += len(p.Sources[i].Copied)
	}
}

// supportsOf is who takes each stance that has a side.
func supportsOf(positions []model.Position) []stanceSupport {
	out := make([]stanceSupport, sides)
	for i := range out {
		out[i] = supportOf(model.Stances[i], positions)
	}
	return out
}

// supportOf counts who takes a stance and the origins that carry it.
func supportOf(st model.Stance, positions []model.Position) stanceSupport {
	out := stanceSupport{Stance: st}
	origins := map[string]bool{}
	for _, p := range positions {
		if p.Stance != st {
			continue
		}
		if p.Until.IsZero() {
			out.Speakers++
		} else {
			out.Former++
		}
		for i := range p.Said {
			origins[p.Said[i].Root()] = true
		}
	}
	out.Origins = len(origins)
	return out
}

func (w *wording) add(h holder) {
	if !h.Former() {
		w.Speakers++
	}
	seen := map[string]bool{}
	for _, l := range h.Said {
		if seen[l.Words()] {
			continue
		}
		seen[l.Words()] = true
		if len(w.Said) == maxWordings {
			w.More++
			continue
		}
		w.Said = append(w.Said, worded{l, h})
	}
}

// stories is the stories the statements stand in, each once.
func (d *claimData) stories() []string {
	var out []string
	for i := range d.shown {
		if id := d.shown[i].Story; id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// sources lists each statement in each origin that carries it, at most limit;
// one in a copy only where the origin has it not.
func (d *claimData) sources(limit int) []claimSource {
	var out []claimSource
	have, folded := map[string]bool{}, map[string]bool{}
	for i := range d.shown {
		if l := &d.shown[i]; l.CopyOf == "" {
			have[l.Article] = true
		}
	}
	for _, l := range d.shown {
		if l.CopyOf != "" && have[l.CopyOf] || len(out) == limit {
			continue
		}
		src := claimSource{Ledger: l}
		if !folded[l.Root()] {
			folded[l.Root()] = true
			src.Copied = d.copies[l.Root()]
		}
		out = append(out, src)
	}
	return out
}

// Disputed is when the claim was first disputed; zero: never.
func (p claimPage) Disputed() time.Time {
	for _, pos := range p.Positions {
		if pos.Stance.Side() == model.Disputes {
			return pos.Since
		}
	}
	return time.Time{}
}

// Within is how long after its first word the claim was disputed.
func (p claimPage) Within() string { return since(p.Positions[0].Since, p.Disputed()) }

// Upholders and Disputers count who stands on a side now.
func (p claimPage) Upholders() int { return p.Sides[0].Speakers }

// Disputers counts who disputes it now.
func (p claimPage) Disputers() int { return p.Sides[1].Speakers }

// claimsPage is the newest claims.
type claimsPage struct {
	chrome
	Board   board
	All     bool // also those nobody disputes
	Earlier string
	Before  time.Time
}

// claimsPageSize is the claims on one page.
const claimsPageSize = 25

func (s *Server) claims(w http.ResponseWriter, r *http.Request) error {
	before, err := moment3339(r.URL.Query().Get("before"))
	if err != nil {
		return err
	}
	p := claimsPage{chrome: s.chrome(r, "claims"), All: r.URL.Query().Get("all") == "1", Before: before}
	p.PageTitle, p.Live, p.NoIndex = "Claims", before.IsZero(), !before.IsZero()
	p.About = "The newest claims that more than one speaker or origin carries: who upholds them and who disputes them."
	p.Feeds = []feedLink{{"application/rss+xml", "Disputed claims", "/claims/feed.rss"}, {"application/feed+json", "Disputed claims", "/claims/feed.json"}}
	b, last, err := s.newestClaims(r, model.ClaimQuery{Disputed: !p.All, Carried: true, Limit: claimsPageSize + 1, Before: before})
	if err != nil {
		return err
	}
	p.Board = b
	if !last.IsZero() {
		v := url.Values{"before": {last.UTC().Format(time.RFC3339Nano)}}
		if p.All {
			v.Set("all", "1")
		}
		p.Earlier = "/claims?" + v.Encode()
	}
	return s.render(w, r, http.StatusOK, "claims", p)
}

// newestClaims is a board of claims; with a full page it also returns the moment
// before which the next page begins.
func (s *Server) newestClaims(r *http.Request, q model.ClaimQuery) (board, time.Time, error) {
	rows, last, err := s.newestRows(r, q)
	return boardOf(rows, maxBoard), last, err
}

// newestRows is newestClaims with every claim, also those that one speaker makes
// in one origin.
func (s *Server) newestRows(r *http.Request, q model.ClaimQuery) (rows []boardRow, last time.Time, err error) {
	claims, err := s.st.Claims(r.Context(), q)
	if err != nil {
		return nil, last, fmt.Errorf("web: claims: %w", err)
	}
	if len(claims) == q.Limit && q.Limit > 1 {
		claims = claims[:len(claims)-1]
		last = claims[len(claims)-1].Latest
	}
	rows, ledger, err := s.rows(r, claims)
	if err != nil {
		return nil, last, err
	}
	return rows, last, s.gauges(r.Context(), rows, ledger)
}

// board is a board of claims for whoever asks.
func (s *Server) board(r *http.Request, claims []model.Claim, limit int) (board, error) {
	rows, ledger, err := s.rows(r, claims)
	if err != nil {
		return board{}, err
	}
	b := boardOf(rows, limit)
	return b, s.gauges(r.Context(), b.Rows, ledger)
}

// rows lays claims out for whoever asks, and returns their statements.
func (s *Server) rows(r *http.Request, claims []model.Claim) ([]boardRow, []model.Ledger, error) {
	a, err := s.access(r.Context(), r)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]string, len(claims))
	for i := range claims {
		ids[i] = claims[i].ID
	}
	ledger, err := s.st.ClaimLedger(r.Context(), ids...)
	if err != nil {
		return nil, nil, fmt.Errorf("web: ledger of claims: %w", err)
	}
	return rowsOf(claims, ledger, a), ledger, nil
}
