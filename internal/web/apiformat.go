package web

import (
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"crosscheck/internal/model"
)

// form puts things into the shapes of the API, for one request.
type form struct {
	s *Server
	r *http.Request
}

// each puts a list into another shape; it is never nil.
func each[A, B any](list []A, f func(A) B) []B {
	out := make([]B, len(list))
	for i, x := range list {
		out[i] = f(x)
	}
	return out
}

func same[A any](x A) A { return x }

// utc is a moment in UTC, nil for one that is not stated or that RFC 3339
// cannot write.
func utc(t time.Time) *time.Time {
	if t = t.UTC(); t.IsZero() || t.Year() < 0 || t.Year() > 9999 {
		return nil
	}
	return &t
}

func (f form) page(path string) string { return f.s.link(f.r, path) }

func headlineOf(s string) string { return clip(maxTitle, strings.TrimSpace(s)) }

func (f form) storyPage(id string) string { return f.page("/story/" + url.PathEscape(id)) }

func (f form) storyLink(id string) apiLink { return apiLink{id, f.storyPage(id)} }

func (f form) storyHead(st model.Story) apiStory {
	return apiStory{st.ID, f.storyPage(st.ID), headlineOf(st.Title), utc(st.Started), utc(st.Latest), st.Articles, st.Origins, st.Outlets, st.Stated}
}

func (f form) articleHead(a *model.Article) apiArticle {
	return apiArticle{
		a.ID, f.page("/article/" + url.PathEscape(a.ID)), webURL(a.URL), headlineOf(a.Title), a.Outlet,
		utc(a.Published), utc(firstSeen(a)), a.Story, a.CopyOf,
	}
}

// standsIn is the article a statement stands in.
func (f form) standsIn(l *model.Ledger) apiArticle {
	return f.articleHead(&model.Article{
		ID: l.Article, URL: l.URL, Title: l.Title, Outlet: l.Outlet, Published: l.Published, Seen: l.Seen, Story: l.Story, CopyOf: l.CopyOf,
	})
}

func (f form) copied(a model.Article) apiCopy {
	return apiCopy{f.articleHead(&a), a.CopyShare, a.CopyChange, a.CopyFrom}
}

func (f form) storyOrigins(d *dossier) []apiOrigin {
	ids := map[string][]string{} // of statements, by article
	for _, l := range unfold(d.Sayings) {
		ids[l.Article] = append(ids[l.Article], l.ID)
	}
	return each(d.Origins, func(o origin) apiOrigin {
		return apiOrigin{f.articleHead(&o.Article), each(ids[o.ID], same), each(o.Copies, f.copied)}
	})
}

func (f form) claimOrigins(d *claimData) []apiOrigin {
	out := []apiOrigin{}
	at := map[string]int{}
	for _, src := range d.sources(math.MaxInt) {
		i, known := at[src.Root()]
		if !known {
			i = len(out)
			at[src.Root()] = i
			out = append(out, apiOrigin{Article: f.standsIn(&src.Ledger), Copies: each(src.Copied, f.copied)})
		}
		out[i].Statements = append(out[i].Statements, src.ID)
	}
	return out
}

// unfold lists statements with those that were folded under them, oldest first.
func unfold(list []saying) []model.Ledger {
	var out []model.Ledger
	for _, x := range list {
		out = append(append(out, x.Ledger), x.Also...)
	}
	slices.SortStableFunc(out, func(x, y model.Ledger) int { return x.Dated().Compare(y.Dated()) })
	return out
}

func (f form) speakerOf(id, name string, t model.SpeakerType, role string) apiSpeaker {
	sp := apiSpeaker{ID: id, Name: speakerName(name), Type: string(t), Role: role}
	if id != "" {
		sp.Page = f.page(whoURL(id, name))
	}
	return sp
}

func (f form) statement(l model.Ledger) apiStatement {
	st := apiStatement{
		ID: l.ID, Page: f.page(statementURL(l.Article, l.N)), Words: l.Text, Speaker: f.speakerOf(l.SpeakerID, l.Speaker, l.SpeakerType, l.Role),
		Stance: string(l.Stance), Kind: string(l.Kind), Channel: l.Channel, ReportedBy: speakerName(l.Reporter), Claim: l.Claim, Attitude: string(l.Attitude),
		Article: f.standsIn(&l), CopyCount: l.Copies, AlsoIn: []apiPlace{},
	}
	if _, err := time.Parse(time.DateOnly, l.SaidOn); err == nil {
		st.SaidOn = &l.SaidOn
	}
	return st
}

func (f form) saying(x saying) apiStatement {
	st := f.statement(x.Ledger)
	st.AlsoIn = each(x.Also, f.place)
	return st
}

func (f form) place(l model.Ledger) apiPlace {
	return apiPlace{l.ID, f.page(statementURL(l.Article, l.N)), l.Article, l.Outlet}
}

func (f form) claimPage(id string) string { return f.page("/claim/" + url.PathEscape(id)) }

func (f form) claimHead(row boardRow) apiClaim {
	return apiClaim{
		row.ID, f.claimPage(row.ID), row.Words, row.Statement, utc(row.Started), utc(row.Latest),
		row.Statements, row.Origins, row.Speakers, row.Upheld, row.Disputed, gaugeShape(row.Gauge), each(row.Positions, f.position),
	}
}

func (f form) position(p model.Position) apiPosition {
	by := p.Speaker()
	return apiPosition{
		f.speakerOf(by.SpeakerID, by.Speaker, by.SpeakerType, by.Role), string(p.Stance), utc(p.Since), utc(p.Until), p.Reversal,
		p.Origins, p.Copies, each(p.Said, func(l model.Ledger) string { return l.ID }),
	}
}

func support(s stanceSupport) apiSupport {
	return apiSupport{string(s.Stance), s.Speakers, s.Former, s.Origins}
}

func decision(d model.Decision) apiDecision {
	return apiDecision{d.Verb, d.ID, d.Other, each(d.Parts, same), d.Who, utc(d.At)}
}

func (f form) speakerHead(sp model.Speaker) apiSpeakerHead {
	return apiSpeakerHead{f.speakerOf(sp.ID, sp.Name, sp.Type, sp.Role), sp.Outlet, sp.Statements, sp.Origins, sp.Copies}
}

func tallied(t model.Tally) apiTally { return apiTally{t.Value, t.N} }

func namedAt(n model.SpeakerName) apiName { return apiName{n.Name, n.Outlet, n.N} }

func roleOf(r model.SpeakerRole) apiRole {
	return apiRole{r.Role, utc(r.First), utc(r.Latest), r.N}
}

func (f form) doubt(d model.DoubtedSpeaker) apiDoubt {
	return apiDoubt{f.speakerHead(d.Speaker), d.Why}
}

func (f form) contested(c contested) apiContested {
	others := each(c.Others, func(h holder) apiPosition { return f.position(h.Position) })
	return apiContested{apiClaimLink{c.ID, f.claimPage(c.ID), c.Words}, f.position(c.Own), others, c.More}
}

func (f form) turned(t turned) apiSpeakerTurn {
	return apiSpeakerTurn{apiClaimLink{t.Claim, f.claimPage(t.Claim), t.Words}, f.statement(t.Last()), f.statement(t.First())}
}

func (f form) articleWhole(d *articleData) *apiArticleWhole {
	a := &apiArticleWhole{
		Article: f.articleHead(&d.Article), Bylines: each(d.Bylines, same), Language: d.Language, PublishedFrom: string(d.PublishedFrom), Ahead: d.Future,
		Modified: utc(d.Modified), LastSeen: utc(d.Seen), Revision: d.Revision, Capture: d.Capture, Readability: string(d.Readability),
		Credits: apiCredit{d.Article.Origin.Name, webURL(d.Article.Origin.URL)}, Agency: d.Credit, Share: d.CopyShare, Change: d.CopyChange, From: d.CopyFrom,
		Copies: each(d.Copies, f.copied), Licence: string(d.Licence),
	}
	if d.Original != nil {
		origin := f.articleHead(d.Original)
		a.Origin = &origin
	}
	whole := d.Licence == model.LicenceFull
	if whole {
		a.Text = &d.Text
	}
	a.Statements, a.Held = f.statementsIn(d)
	a.Movements = movementsIn(d)
	revs, _ := revisionsOf(d.revs, d.all)
	a.Revisions = each(revs, func(rv revision) apiRevision {
		out := apiRevision{rv.N, headlineOf(rv.Title), utc(rv.Modified), utc(rv.Seen), rv.Capture, rv.Added, rv.Removed, each(rv.Flags, same), nil}
		if i := slices.IndexFunc(d.revs, func(x model.Revision) bool { return x.N == rv.N }); whole && i >= 0 {
			out.Text = &d.revs[i].Text
		}
		return out
	})
	return a
}

// statementsIn is the statements of an article as far as its page shows their
// words, and how many it does not show.
func (f form) statementsIn(d *articleData) (list []apiStatement, held int) {
	list = []apiStatement{}
	said, visible := d.said(), d.visible()
	by := reporters(d.all)
	at := points{text: d.Text}
	for _, st := range said {
		l := model.Ledger{
			Statement: st, Title: d.Title, Outlet: d.Outlet, URL: d.URL, Published: d.Published, Seen: d.FirstSeen(),
			Story: d.Article.Story, CopyOf: d.CopyOf, Copies: len(d.Copies),
		}
		if r := by[st.N]; r != nil {
			l.Reporter = r.Speaker
		}
		var words []string
		var spans [][2]int
		for _, sp := range shownOf(d.Text, &st, visible) {
			words = append(words, sp.Of(d.Text))
			spans = append(spans, [2]int{at.before(sp.Start), at.before(sp.End)})
		}
		if len(words) == 0 {
			held++
			continue
		}
		l.Text = strings.Join(words, " … ")
		x := f.saying(saying{l, d.also[st.N]})
		x.Spans = spans
		list = append(list, x)
	}
	return list, held
}

// visible is what of the text may be shown because somebody said it, or all.
func (d *articleData) visible() []model.Span {
	switch d.Licence {
	case model.LicenceLink:
		return nil
	case model.LicenceExcerpt:
		return excerptOf(d.Text, d.said(), 0).Visible
	}
	return []model.Span{{End: len(d.Text)}}
}

// movementsIn is the movements of an article whose sentences may be shown.
func movementsIn(d *articleData) []apiMovement {
	list, _ := d.happenings(d.visible())
	at := points{text: d.Text}
	names := func(list []model.Mention) []string { return each(list, func(m model.Mention) string { return m.Name }) }
	return each(list, func(h happening) apiMovement {
		m := apiMovement{
			Kind: string(h.Verb), What: h.What, By: h.By, From: names(h.From), To: names(h.To), At: names(h.At), When: h.When, Sentence: h.Sentence,
			Span: [2]int{at.before(h.Start), at.before(h.End)},
		}
		if h.Stated != nil {
			m.Statement = h.Stated.ID
		}
		return m
	})
}

// shownOf is the parts of a statement's content that lie in what is visible.
func shownOf(text string, st *model.Statement, visible []model.Span) []model.Span {
	var out []model.Span
	for _, sp := range st.Content {
		for _, v := range visible {
			if part := meet(sane(text, sp), v); part.Start < part.End {
				out = append(out, part)
			}
		}
	}
	return out
}

// points counts the code points before a place in a text. Asked in the order of
// the text, it reads it once.
type points struct {
	text  string
	at, n int
}

func (p *points) before(i int) int {
	if i < p.at {
		p.at, p.n = 0, 0
	}
	p.n += utf8.RuneCountInString(p.text[p.at:i])
	p.at = i
	return p.n
}
