package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/publish"
)

// Briefings keeps what was published. A version that is kept is never changed.
type Briefings interface {
	// Briefings returns the newest version of each briefing of a situation, the
	// newest briefing first.
	Briefings(ctx context.Context, situation string) ([]model.Briefing, error)
	// Briefing returns every version of a briefing, the oldest first; an unknown
	// one is a model.ErrNotFound.
	Briefing(ctx context.Context, situation string, n int) ([]model.Briefing, error)
	// SaveBriefing keeps b as the next version of briefing b.N, or as the next
	// briefing where N is 0, and fills N and Version.
	SaveBriefing(ctx context.Context, b *model.Briefing) error
}

// briefingPage is one version of a briefing.
type briefingPage struct {
	chrome
	model.SituationFacts
	Briefing  model.Briefing
	Versions  []model.Briefing
	Newest    bool
	Held      int             // sentences that the licence of their source keeps back by now
	Before    *model.Briefing // the briefing or version it is set against; nil: the first
	Changed   publish.Difference
	Sentences []sentence
}

// sentence is one sentence as the page shows it.
type sentence struct{ model.Sentence }

// Who is who says it.
func (s sentence) Who() string { return publish.Who(&s.Sentence) }

// Origin is where it comes from.
func (s sentence) Origin() string { return publish.Origin(&s.Sentence) }

// Link leads to what it rests on; "" for what has no page of its own.
func (s sentence) Link() string { return publish.Link(&s.Sentence) }

func (s *Server) briefingsOn() (Briefings, error) {
	if s.cfg.Briefings == nil {
		return nil, tell(model.ErrNotFound, "There are no briefings here.")
	}
	return s.cfg.Briefings, nil
}

// briefing answers with a briefing as a page, as Markdown ("3.md") or as HTML
// for e-mail ("3.html"), or with the form for the next one ("new").
func (s *Server) briefing(w http.ResponseWriter, r *http.Request) error {
	st, err := s.briefingsOn()
	if err != nil {
		return err
	}
	facts, err := s.situationFacts(r)
	if err != nil {
		return err
	}
	name, form, _ := strings.Cut(r.PathValue("n"), ".")
	if name == "new" && form == "" {
		return s.newBriefing(w, r, facts)
	}
	n, err := strconv.Atoi(name)
	if err != nil || n < 1 {
		return tell(model.ErrNotFound, "There is no such briefing.")
	}
	versions, err := st.Briefing(r.Context(), facts.ID, n)
	if err != nil {
		return fmt.Errorf("web: briefing %d of situation %s: %w", n, facts.ID, hide(err, "There is no such briefing."))
	}
	versions, held, err := s.allowed(r, versions)
	if err != nil {
		return err
	}
	at := len(versions) - 1
	if v := r.URL.Query().Get("version"); v != "" {
		if at = slices.IndexFunc(versions, func(x model.Briefing) bool { return strconv.Itoa(x.Version) == v }); at < 0 {
			return tell(model.ErrNotFound, "There is no such version of this briefing.")
		}
	}
	b := versions[at]
	switch form {
	case "md":
		s.send(w, r, http.StatusOK, "text/markdown; charset=utf-8", publish.Markdown(&b, s.link(r, "")))
		return nil
	case "html":
		body, err := publish.Mail(&b, s.link(r, ""))
		if err == nil {
			s.send(w, r, http.StatusOK, "text/html; charset=utf-8", body)
		}
		return err
	case "":
		return s.briefingPage(w, r, facts, versions, at, held[at])
	}
	return tell(model.ErrNotFound, "A briefing is a page, .md or .html.")
}

// allowed leaves out of briefings the words that the licence of their source, as
// it is today, keeps from whoever asks, and counts them: what was published is
// kept as it is, and shown as far as it may be.
func (s *Server) allowed(r *http.Request, list []model.Briefing) (shown []model.Briefing, held []int, err error) {
	held = make([]int, len(list))
	a, err := s.access(r.Context(), r)
	if err != nil || a.desk {
		return list, held, err
	}
	sources := map[string]string{} // Article.Source by Article.ID
	shown = slices.Clone(list)
	for i := range shown {
		var kept []model.Sentence
		for _, x := range shown[i].Sentences {
			source, known := sources[x.Article]
			if x.Kind == model.SentenceStatement && !known {
				article, err := s.st.Article(r.Context(), x.Article)
				if err != nil && !isNotFound(err) {
					return nil, nil, fmt.Errorf("web: article %s of a briefing: %w", x.Article, err)
				}
				if err == nil {
					source = article.Source
				}
				sources[x.Article] = source
			}
			if x.Kind != model.SentenceStatement || a.words(source) {
				kept = append(kept, x)
			}
		}
		held[i], shown[i].Sentences = len(shown[i].Sentences)-len(kept), kept
	}
	return shown, held, nil
}

// briefingPage shows one of the versions of a briefing, of which held sentences
// are kept back.
func (s *Server) briefingPage(w http.ResponseWriter, r *http.Request, facts *model.SituationFacts, versions []model.Briefing, at, held int) error {
	b := versions[at]
	p := briefingPage{chrome: s.chrome(r, "situations"), SituationFacts: *facts, Briefing: b, Versions: versions, Newest: at == len(versions)-1, Held: held}
	p.PageTitle, p.NoIndex = fmt.Sprintf("Briefing %d: %s", b.N, b.Title), !p.Newest
	p.Sentences = each(b.Sentences, func(x model.Sentence) sentence { return sentence{x} })
	if at > 0 {
		p.Before = &versions[at-1]
	} else if b.N > 1 {
		before, err := s.cfg.Briefings.Briefing(r.Context(), facts.ID, b.N-1)
		if err != nil {
			return fmt.Errorf("web: briefing %d of situation %s: %w", b.N-1, facts.ID, err)
		}
		if before, _, err = s.allowed(r, before); err != nil {
			return err
		}
		for i := range before { // the version that stood when this one was published
			if !before[i].At.After(b.At) {
				p.Before = &before[i]
			}
		}
	}
	if p.Before != nil {
		p.Changed = publish.Compare(p.Before, &b)
	}
	return s.render(w, r, http.StatusOK, "briefing", p)
}

// briefingFormPage is the form in which an editor puts a briefing together.
type briefingFormPage struct {
	chrome
	model.SituationFacts
	N       int // that is revised; 0: the next one
	Title   string
	By      string
	Rows    []draftRow
	Own     []ownRow
	Problem string
}

// draftRow is a sentence to pick.
type draftRow struct {
	sentence
	Order string // "" leaves it out
	On    bool   // pinned
}

// ownRow is a place for the desk's own words.
type ownRow struct {
	Words, Order string
	On           bool
}

// ownRows is how many places for own words the form has.
const ownRows = 4

// draft is every sentence a briefing of the situation may have now. It is for
// the public, whoever asks: what a source does not let be quoted is not in it.
func (s *Server) draft(ctx context.Context, facts *model.SituationFacts) ([]model.Sentence, error) {
	claims, err := s.cfg.Situations.SituationClaims(ctx, facts.ID, situationClaims)
	if err != nil {
		return nil, fmt.Errorf("web: claims of situation %s: %w", facts.ID, err)
	}
	ledger, err := s.st.ClaimLedger(ctx, each(claims, func(c model.Claim) string { return c.ID })...)
	if err != nil {
		return nil, fmt.Errorf("web: ledger of claims: %w", err)
	}
	lic, err := s.st.Licences(ctx)
	if err != nil {
		return nil, fmt.Errorf("web: licences: %w", err)
	}
	m := publish.Material{Claims: claims}
	texts := map[string][]model.Revision{}
	for _, l := range ledger {
		if l.CopyOf != "" || !(access{lic: lic}).words(l.Source) {
			continue
		}
		if _, known := texts[l.Article]; !known {
			if texts[l.Article], err = s.st.Revisions(ctx, l.Article); err != nil {
				return nil, fmt.Errorf("web: versions of article %s: %w", l.Article, err)
			}
		}
		for _, rev := range texts[l.Article] {
			if rev.N == l.Revision {
				m.Quotes = append(m.Quotes, publish.Quote{Ledger: l, Capture: rev.Capture, Whole: rev.Text})
			}
		}
	}
	list, err := s.members(ctx, facts.ID)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if !list[i].Why.Excluded {
			m.Articles = append(m.Articles, list[i].Article)
		}
	}
	if s.cfg.Reach != nil && len(facts.Services) > 0 {
		outages, err := s.cfg.Reach.Outages(ctx, model.OutageQuery{Services: facts.Services, From: facts.From, To: facts.Until, Grave: true, Limit: situationOutages})
		if err != nil {
			return nil, fmt.Errorf("web: outages: %w", err)
		}
		for i := range outages {
			m.Reports = append(m.Reports, publish.Report{OutageFacts: outages[i], Sentence: s.cfg.Report(verdictOf(&outages[i]), outages[i].ServiceName)})
		}
	}
	return publish.Draft(m), nil
}

// newBriefing shows the form: all there is, what was pinned last in front; with
// ?n= a briefing to be corrected.
func (s *Server) newBriefing(w http.ResponseWriter, r *http.Request, facts *model.SituationFacts) error {
	if err := s.deskOnly(r); err != nil {
		return err
	}
	draft, err := s.draft(r.Context(), facts)
	if err != nil {
		return err
	}
	list, err := s.cfg.Briefings.Briefings(r.Context(), facts.ID)
	if err != nil {
		return fmt.Errorf("web: briefings of situation %s: %w", facts.ID, err)
	}
	p := briefingFormPage{SituationFacts: *facts, Title: facts.Title, By: facts.By}
	var last *model.Briefing
	if n, err := strconv.Atoi(r.URL.Query().Get("n")); err == nil {
		if i := slices.IndexFunc(list, func(b model.Briefing) bool { return b.N == n }); i >= 0 {
			p.N, last = n, &list[i]
			p.Title, p.By = last.Title, last.By
		}
	} else if len(list) > 0 {
		last = &list[0]
	}
	p.rows(draft, last)
	return s.briefingForm(w, r, http.StatusOK, p)
}

func (s *Server) briefingForm(w http.ResponseWriter, r *http.Request, status int, p briefingFormPage) error {
	p.chrome = s.chrome(r, "situations")
	p.PageTitle, p.NoIndex = "Write a briefing", true
	if p.N > 0 {
		p.PageTitle = fmt.Sprintf("Correct briefing %d", p.N)
	}
	return s.render(w, r, status, "briefingform", p)
}

// rows lays the draft out. A briefing that is corrected keeps its sentences and
// their order; the next one begins with all there is, and keeps the pins.
func (p *briefingFormPage) rows(draft []model.Sentence, last *model.Briefing) {
	at, pinned := map[string]int{}, map[string]bool{}
	if last != nil {
		for i := range last.Sentences {
			x := &last.Sentences[i]
			at[x.Key], pinned[x.Key] = (i+1)*10, x.Pinned
			if x.Kind == model.SentenceDesk && (p.N > 0 || x.Pinned) {
				p.Own = append(p.Own, ownRow{x.Text, strconv.Itoa((i + 1) * 10), x.Pinned})
			}
		}
	}
	for i, x := range draft {
		row := draftRow{sentence: sentence{x}, Order: strconv.Itoa((i + 1) * 10), On: pinned[x.Key]}
		if p.N > 0 {
			row.Order = ""
			if n := at[x.Key]; n > 0 {
				row.Order = strconv.Itoa(n)
			}
		}
		p.Rows = append(p.Rows, row)
	}
	for range max(1, ownRows-len(p.Own)) {
		p.Own = append(p.Own, ownRow{})
	}
}

// maxPicks bounds the sentences of one form.
const maxPicks = 500

// picksOf reads what the editor picked: for each row a key and an order, and
// the keys that are pinned; own words have a number instead of a key.
func picksOf(v url.Values) ([]publish.Pick, error) {
	keys, orders := v["key"], v["order"]
	words, wordOrders := v["words"], v["words-order"]
	if len(keys) != len(orders) || len(words) != len(wordOrders) || len(keys)+len(words) > maxPicks {
		return nil, tell(model.ErrInvalid, "The form is not whole. Open it again.")
	}
	var out []publish.Pick
	add := func(p publish.Pick, order string) error {
		if order = strings.TrimSpace(order); order == "" && p.Key != "" {
			return nil
		}
		var err error
		if p.Order, err = strconv.Atoi(order); err != nil && order != "" {
			return tell(model.ErrInvalid, "“%s” is no number to order by.", clip(20, order))
		}
		out = append(out, p)
		return nil
	}
	for i, key := range keys {
		if err := add(publish.Pick{Key: key, Pinned: slices.Contains(v["pin"], key)}, orders[i]); err != nil {
			return nil, err
		}
	}
	for i, w := range words {
		if strings.TrimSpace(w) == "" {
			continue
		}
		if err := add(publish.Pick{Words: clip(1000, w), Pinned: slices.Contains(v["words-pin"], strconv.Itoa(i))}, wordOrders[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// saveBriefing publishes a briefing, or a corrected version of one.
func (s *Server) saveBriefing(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.briefingsOn(); err != nil {
		return err
	}
	if err := s.readPost(w, r); err != nil {
		return err
	}
	facts, err := s.situationFacts(r)
	if err != nil {
		return err
	}
	picks, err := picksOf(r.PostForm)
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(r.PostForm.Get("n")) // what is no number is the next one
	b, err := s.Publish(r.Context(), model.Briefing{
		Situation: facts.ID, N: n, Title: clip(200, strings.TrimSpace(r.PostForm.Get("title"))), By: clip(80, strings.TrimSpace(r.PostForm.Get("by"))),
	}, picks)
	if err != nil {
		return err
	}
	http.Redirect(w, r, fmt.Sprintf("/situation/%s/briefing/%d", facts.ID, b.N), http.StatusSeeOther)
	return nil
}

// Draft is every sentence a briefing of a situation may have now.
func (s *Server) Draft(ctx context.Context, situation string) ([]model.Sentence, error) {
	facts, err := s.cfg.Situations.Situation(ctx, situation)
	if err != nil {
		return nil, err
	}
	return s.draft(ctx, facts)
}

// Publish keeps what was picked of the draft, and words of the desk, as a briefing
// or as another version of the one whose number head has. Head gives Situation, N,
// Title and By; a pick that is not in the draft is a model.ErrConflict.
func (s *Server) Publish(ctx context.Context, head model.Briefing, picks []publish.Pick) (*model.Briefing, error) {
	facts, err := s.cfg.Situations.Situation(ctx, head.Situation)
	if err != nil {
		return nil, err
	}
	draft, err := s.draft(ctx, facts)
	if err != nil {
		return nil, err
	}
	head.From, head.To, head.At = facts.From, s.cfg.Now().UTC().Truncate(time.Second), s.cfg.Now().UTC()
	if head.By == "" {
		head.By = "the desk"
	}
	b, err := publish.Assemble(head, draft, picks)
	if err != nil {
		return nil, told{err}
	}
	if err := s.cfg.Briefings.SaveBriefing(ctx, b); err != nil {
		return nil, fmt.Errorf("web: keep briefing of situation %s: %w", facts.ID, told{err})
	}
	s.Notify("situation")
	return b, nil
}
