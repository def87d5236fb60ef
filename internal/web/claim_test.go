package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
)

func (m *memory) Copies(_ context.Context, origins ...string) ([]model.Article, error) {
	var out []model.Article
	for _, a := range m.articles {
		if a.CopyOf != "" && slices.Contains(origins, a.CopyOf) {
			out = append(out, a)
		}
	}
	return out, m.err
}

func (m *memory) StoryWhy(_ context.Context, id string) (map[string]string, error) {
	out := map[string]string{}
	for _, a := range m.articles {
		if a.Story == id {
			out[a.ID] = `{"near":"aldwire-1","score":0.41,"names":["Kestria","Dorrin"],"terms":["brigad"],"hours":2.4}`
		}
	}
	return out, m.err
}

func (m *memory) ClaimWhy(_ context.Context, id string) (map[string]string, error) {
	out := map[string]string{}
	for _, l := range m.claimed() {
		if l.Claim == id {
			out[l.ID] = `{"near":"gone","score":2.1,"terms":["garrison","brigades"]}`
		}
	}
	return out, m.err
}

// claimed is every statement in a claim, oldest article first.
func (m *memory) claimed() []model.Ledger {
	var out []model.Ledger
	for i := range m.articles {
		for _, st := range m.statements[m.articles[i].ID] {
			if st.Claim != "" && st.Class == model.ClassStatement {
				out = append(out, m.ledger(&m.articles[i], st))
			}
		}
	}
	slices.SortStableFunc(out, func(a, b model.Ledger) int { return a.Published.Compare(b.Published) })
	return out
}

// tellClaims counts claims as the store does.
func (m *memory) tellClaims(fits func(*model.Ledger) bool) []model.Claim {
	var out []model.Claim
	at := map[string]int{}
	have := map[string]bool{}
	picked := map[string]bool{}
	for _, l := range m.claimed() {
		i, ok := at[l.Claim]
		if !ok {
			i = len(out)
			at[l.Claim] = i
			out = append(out, model.Claim{ID: l.Claim, Statement: l.ID, Started: l.Published})
		}
		c := &out[i]
		c.Statements++
		c.Latest = l.Published
		count := func(what, key string, n *int) {
			if k := l.Claim + what + key; !have[k] {
				have[k] = true
				*n++
			}
		}
		count("origin", l.Root(), &c.Origins)
		count("speaker", l.Voice(), &c.Speakers)
		switch l.Attitude.Side() {
		case model.Upholds:
			count("up", l.Voice(), &c.Upheld)
		case model.Disputes:
			count("down", l.Voice(), &c.Disputed)
		}
		picked[l.Claim] = picked[l.Claim] || fits(&l)
	}
	return slices.DeleteFunc(out, func(c model.Claim) bool { return !picked[c.ID] })
}

func (m *memory) Claims(_ context.Context, q model.ClaimQuery) ([]model.Claim, error) {
	list := m.tellClaims(func(*model.Ledger) bool { return true })
	list = slices.DeleteFunc(list, func(c model.Claim) bool {
		return q.Disputed && (c.Upheld == 0 || c.Disputed == 0) || !q.Before.IsZero() && !c.Latest.Before(q.Before)
	})
	slices.SortStableFunc(list, func(a, b model.Claim) int { return b.Latest.Compare(a.Latest) })
	return list[:min(q.Limit, len(list))], m.err
}

func (m *memory) Claim(_ context.Context, id string) (*model.Claim, error) {
	if id == "c0" {
		id = "c1"
	}
	for _, c := range m.tellClaims(func(l *model.Ledger) bool { return l.Claim == id }) {
		return &c, m.err
	}
	return nil, model.Errorf(model.ErrNotFound, "store: no claim %s", id)
}

func (m *memory) StoryClaims(_ context.Context, id string) ([]model.Claim, error) {
	return m.tellClaims(func(l *model.Ledger) bool { return l.Story == id }), m.err
}

func (m *memory) SpeakerClaims(_ context.Context, id string) ([]model.Claim, error) {
	return m.tellClaims(func(l *model.Ledger) bool { return l.SpeakerID == id }), m.err
}

func (m *memory) ClaimLedger(_ context.Context, ids ...string) ([]model.Ledger, error) {
	return slices.DeleteFunc(m.claimed(), func(l model.Ledger) bool { return !slices.Contains(ids, l.Claim) }), m.err
}

func (m *memory) Decisions(_ context.Context, noun, id string, _ int) ([]model.Decision, error) {
	return slices.DeleteFunc(slices.Clone(m.decisions), func(d model.Decision) bool { return d.Noun != noun || d.ID != id && d.Other != id }), m.err
}

func (m *memory) Decide(_ context.Context, d model.Decision) (*model.Decision, error) {
	if d.Other == "none" {
		return nil, model.Errorf(model.ErrNotFound, "there is no %s none", d.Noun)
	}
	m.decisions = append(m.decisions, d)
	return &d, m.err
}

func TestClaimPages(t *testing.T) {
	s := site(t, quernSound())
	for _, c := range []struct {
		path, selector, want string
	}{
		{"/claims", ".board tbody tr:nth-child(1) th", "Fourteen companies remain within fifteen kilometres of the line"},
		{"/claims", ".board tbody tr:nth-child(2) td:nth-child(3)", "Joran Pellmark⇄ reversed 12 Mar 14:38"},
		{"/claims", ".board tbody tr:nth-child(2) td:nth-child(4) s", "Joran Pellmark"},
		{"/claims", ".board tbody tr:nth-child(2) td:nth-child(2)", "Ministry of Defence11 Mar 08:242 origins, 5 copies"},
		{"/claims", "nav[aria-label=Main] [aria-current=page]", "Claims"},
		{"/claims?before=2031-03-01T00:00:00Z", "main .note", "Nobody disputes a claim in what has been read before then"},
		{"/claim/c1", "h1", "Units of the 4th and 9th Brigades that have completed their exercises have begun to return to garrison"},
		{"/claim/c1", "main .stand", "Disputed within 88 minutes. 1 reversal."},
		{"/claim/c1", ".facts", "denies1 speaker, 3 origins; 1 former"},
		{"/claim/c1", ".word > div:nth-child(1) h3", "Upheld by 3 speakers"},
		{"/claim/c1", ".word > div:nth-child(2)", "former position, until 12 Mar 14:38"},
		{"/claim/c1", "svg.fig title", "Joran Pellmark denies from 11 March 09:52 until 12 March 14:38"},
		{"/claim/c1", "section[aria-labelledby=h-r0] .note", "29 hours after the first position was heard"},
		{"/claim/c1", ".arts .tree", "Islemere Post 11 Mar 08:47"},
		{"/claim/c3", "section[aria-labelledby=h-a]", "asks Where are the other fourteen companies"},
		{"/story/withdrawal", ".board tbody tr:nth-child(1) td:nth-child(4)", "Mirrin Okafell11 Mar 11:022 origins"},
		{"/story/withdrawal", ".board", "More equipment is moving towards the line"},
		{"/story/withdrawal", "section[aria-labelledby=h-y] tbody tr:nth-child(2)", "Aldwire 41 % near, 2 hours apartnames Kestria, Dorrin; words brigad"},
		{"/story/withdrawal", ".arts", "revision 2: the headline, a number and a statement changed"},
		{"/article/lanthorn-1", "section[aria-labelledby=rev] tr.hot b", "the headline, a number and a statement changed"},
		{"/speaker/pellmark", "section[aria-labelledby=h-t]", "⇄ confirms"},
		{"/speaker/mod", "section[aria-labelledby=h-x]", "denied by Mirrin Okafell"},
		{"/claim/nowhere", "main", "There is no such claim"},
	} {
		status := 200
		if strings.Contains(c.path, "nowhere") {
			status = 404
		}
		p := load(t, s, c.path, status)
		p.sound()
		p.says(c.selector, c.want)
	}
	p := load(t, s, "/claim/c1", 200, desk)
	p.sound()
	p.says(".byhand", "Merge this claim into that")
	p.count("input[type=checkbox][name=part]", 11)
	load(t, s, "/claim/c1", 200).count("form", 0)
	if w := get(t, s, "/claim/c0"); w.Code != 301 || w.Header().Get("Location") != "/claim/c1" {
		t.Errorf("a merged claim answers %d, %s", w.Code, w.Header().Get("Location"))
	}
	for _, path := range []string{"/claim/c1/feed.rss", "/claim/c1/feed.json", "/claims/feed.rss", "/claims/feed.json"} {
		if w := get(t, s, path); w.Code != 200 || !strings.Contains(w.Body.String(), "Pellmark") {
			t.Errorf("%s = %d\n%s", path, w.Code, clip(400, w.Body.String()))
		}
	}
}

// TestHeldClaims checks that words of a source that allows no quotation stand
// nowhere.
func TestHeldClaims(t *testing.T) {
	m := quernSound()
	for i := range m.sources {
		if m.sources[i].Outlet == "Aldwire" || m.sources[i].Outlet == "The Lanthorn" {
			m.sources[i].Licence = model.LicenceLink
		}
	}
	s := site(t, m)
	p := load(t, s, "/claim/c1", 200)
	p.says("main", "in sources whose licence allows no quotation")
	for _, path := range []string{"/claim/c1", "/claims", "/claim/c1/feed.rss"} {
		if body := get(t, s, path).Body.String(); strings.Contains(body, "Fourteen companies remain") {
			t.Errorf("%s quotes a source that allows none", path)
		}
	}
}

func post(s http.Handler, path string, form url.Values, who ...asker) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	public(r)
	for _, set := range who {
		set(r)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestDecide(t *testing.T) {
	m := quernSound()
	s := site(t, m)
	elsewhere := func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }
	for _, c := range []struct {
		path   string
		form   url.Values
		who    []asker
		status int
		say    string
	}{
		{"/desk/story/bank", url.Values{"verb": {"merge"}, "other": {"withdrawal"}}, nil, 403, "Only the desk decides"},
		{"/desk/story/bank", url.Values{"verb": {"merge"}, "other": {"withdrawal"}}, []asker{desk, elsewhere}, 403, "a page of another site"},
		{"/desk/story/bank", url.Values{"verb": {"merge"}}, []asker{desk}, 400, "not named"},
		{"/desk/story/bank", url.Values{"verb": {"split"}}, []asker{desk}, 400, "Nothing is picked"},
		{"/desk/story/bank", url.Values{"verb": {"attitude"}, "attitude": {"denies"}, "part": {"x"}}, []asker{desk}, 404, ""},
		{"/desk/source/bank", url.Values{"verb": {"merge"}, "other": {"x"}}, []asker{desk}, 404, ""},
		{"/desk/claim/c1", url.Values{"verb": {"merge"}, "other": {"none"}}, []asker{desk}, 404, "there is no claim none"},
		{"/desk/claim/c2", url.Values{"verb": {"merge"}, "other": {"http://localhost/claim/c1?x=1#h-w"}, "by": {" Ada "}}, []asker{desk}, 303, ""},
	} {
		w := post(s, c.path, c.form, c.who...)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.say) {
			t.Errorf("POST %s %v = %d, want %d with %q\n%s", c.path, c.form, w.Code, c.status, c.say, clip(600, w.Body.String()))
		}
	}
	want := model.Decision{Noun: "claim", Verb: "merge", ID: "c2", Other: "c1", Who: "Ada"}
	if len(m.decisions) != 1 || m.decisions[0].Who != want.Who || m.decisions[0].Other != want.Other || !m.decisions[0].At.Equal(crisisNow) {
		t.Fatalf("decided %+v", m.decisions)
	}
	load(t, s, "/claim/c1", 200).says("section[aria-labelledby=h-d]", "Ada merged c2 into c1")
}

func TestSince(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "", time.Minute: "1 minute", 100 * time.Minute: "100 minutes", 5 * time.Hour: "5 hours", 80 * time.Hour: "3 days"} {
		if got := since(crisisNow, crisisNow.Add(d)); got != want {
			t.Errorf("since(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestFlags(t *testing.T) {
	for _, c := range []struct{ before, now, want string }{
		{"Forty companies remain.", "Fourteen companies remain.", "a number changed"},
		{"About 1,200 people.", "About 1,300 people.", "a number changed"},
		{"The road is shut.", "The road is closed.", ""},
		{"The road is shut.", "The road is shut. Nine cars waited.", ""},
	} {
		revs, _ := revisionsOf([]model.Revision{{N: 1, Text: c.before}, {N: 2, Text: c.now}}, nil)
		if got := flagWords(revs[1].Flags); got != c.want {
			t.Errorf("%q to %q: %q, want %q", c.before, c.now, got, c.want)
		}
	}
}

// TestBoardOfOneMouth has one speaker report what another is to have denied: no
// dispute, and not for the board.
func TestBoardOfOneMouth(t *testing.T) {
	said := func(speaker, reporter string, st model.Stance, when string) model.Ledger {
		return model.Ledger{
			Statement: model.Statement{ID: speaker + when, Article: "a" + when, Claim: "c", Speaker: speaker, SpeakerID: speaker, Attitude: st},
			Reporter:  reporter, Published: at(when), Text: speaker + " at " + when,
		}
	}
	c := model.Claim{ID: "c", Origins: 1}
	reported := rowOf(c, []model.Ledger{said("Oda", "", model.StanceAsserts, "11 08:00"), said("Bram", "Oda", model.StanceDenies, "11 08:00")})
	if reported.Both() || !reported.alone() {
		t.Error("what one speaker says of another's words is a dispute")
	}
	answered := rowOf(c, []model.Ledger{said("Oda", "", model.StanceAsserts, "11 08:00"), said("Bram", "", model.StanceDenies, "11 09:00")})
	if !answered.Both() || answered.alone() {
		t.Error("two speakers against each other are no dispute")
	}
	turned := rowOf(c, []model.Ledger{said("Oda", "", model.StanceAsserts, "11 08:00"), said("Oda", "", model.StanceDenies, "12 09:00")})
	if !turned.Both() || turned.alone() || !turned.Cells[0].Holders[0].Crossed {
		t.Errorf("a speaker who changes sides is no dispute, or did not leave the first: %+v", turned.Cells[0].Holders)
	}
	late := rowOf(c, []model.Ledger{said("Oda", "", model.StanceAsserts, "11 08:00"), said("Oda", "", model.StanceConfirms, "12 09:00"), said("Oda", "", model.StanceDenies, "13 09:00")})
	if !late.Cells[0].Holders[0].Crossed || !late.Cells[1].Holders[0].Crossed {
		t.Errorf("a speaker who asserts, confirms, then denies: %+v", late.Cells)
	}
	surer := rowOf(c, []model.Ledger{said("Oda", "", model.StanceAsserts, "11 08:00"), said("Oda", "", model.StanceConfirms, "12 09:00")})
	if h := surer.Cells[0].Holders[0]; !h.Former() || h.Crossed {
		t.Errorf("a speaker who asserts, then confirms: %+v, want former and not gone over", h)
	}
}
