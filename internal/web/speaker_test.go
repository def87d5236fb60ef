package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
)

// spoken is what a speaker says in original articles, newest first.
func (m *memory) spoken(q model.SpeakerQuery, positions bool) []model.Ledger {
	var out []model.Ledger
	for _, a := range m.articles {
		if a.CopyOf != "" || q.Quotable && m.licence(a.Source) == model.LicenceLink {
			continue
		}
		for _, st := range m.statements[a.ID] {
			if st.SpeakerID == q.ID && (st.Class == model.ClassPosition) == positions {
				out = append(out, m.ledger(&a, st))
			}
		}
	}
	slices.SortStableFunc(out, func(x, y model.Ledger) int { return y.Published.Compare(x.Published) })
	return out
}

func (m *memory) Speaker(_ context.Context, q model.SpeakerQuery) (*model.SpeakerFacts, error) {
	if into := m.merged[q.ID]; into != "" {
		q.ID = into
	}
	everything := q
	everything.Quotable = false
	said, all := m.spoken(q, false), m.spoken(everything, false)
	f := &model.SpeakerFacts{Opinions: len(m.spoken(q, true)), Doubts: m.doubts[q.ID]}
	if len(all)+f.Opinions == 0 {
		return nil, model.Errorf(model.ErrNotFound, "store: no speaker %s", q.ID)
	}
	f.ID, f.Statements, f.Held = q.ID, len(said), len(all)-len(said)
	articles := map[string]bool{}
	add := func(list []model.Tally, v string) []model.Tally {
		for i := range list {
			if list[i].Value == v {
				list[i].N++
				return list
			}
		}
		return append(list, model.Tally{Value: v, N: 1})
	}
	for _, l := range append(said, m.spoken(q, true)...) {
		f.Name, f.Type, articles[l.Article] = cmp.Or(f.Name, l.Speaker), l.SpeakerType, true
		f.Stances, f.Channels = add(f.Stances, string(l.Stance)), add(f.Channels, l.Channel)
		f.Names = append(f.Names, model.SpeakerName{Name: l.Speaker, Outlet: l.Outlet, N: 1})
		if l.Role != "" && len(f.Roles) == 0 {
			f.Roles = []model.SpeakerRole{{Role: l.Role, First: l.Published, Latest: l.Published, N: 1}}
		}
	}
	f.Origins = len(articles)
	for _, a := range m.articles {
		if articles[a.CopyOf] {
			f.Copies++
		}
	}
	return f, m.err
}

func (m *memory) SpeakerLedger(_ context.Context, q model.SpeakerQuery) ([]model.Ledger, int, error) {
	var out []model.Ledger
	for _, l := range m.spoken(q, q.Positions) {
		if (q.Stance == "" || l.Stance == q.Stance) && (q.Channel == "" || l.Channel == q.Channel) {
			out = append(out, l)
		}
	}
	n := len(out)
	return out[min(q.Offset, n):min(q.Offset+q.Limit, n)], n, m.err
}

func (m *memory) Speakers(ctx context.Context, prefix string, public bool, limit, offset int) ([]model.Speaker, error) {
	var out []model.Speaker
	seen := map[string]bool{}
	for _, a := range m.articles {
		for _, st := range m.statements[a.ID] {
			if st.SpeakerID == "" || seen[st.SpeakerID] || !strings.HasPrefix(strings.ToLower(st.Speaker), strings.ToLower(prefix)) {
				continue
			}
			seen[st.SpeakerID] = true
			if f, err := m.Speaker(ctx, model.SpeakerQuery{ID: st.SpeakerID, Quotable: public}); err == nil && f.Statements > 0 {
				out = append(out, f.Speaker)
			}
		}
	}
	return out[min(offset, len(out)):min(offset+limit, len(out))], m.err
}

func TestSpeakerPage(t *testing.T) {
	m := quernSound()
	m.doubts = map[string][]model.DoubtedSpeaker{"pellmark": {{Speaker: model.Speaker{ID: "pellmark-2", Name: "J. Pellmark"}, Why: "one has an initial only"}}}
	m.merged = map[string]string{"okafell-old": "okafell"}
	s := site(t, m)
	for _, c := range []struct{ path, selector, want string }{
		{"/speaker/pellmark", "h1", "Joran Pellmark"},
		{"/speaker/pellmark", ".crumb", "Speakers · person"},
		{"/speaker/pellmark", "main .stand", "Latest role given: Defence Minister, Tolmark"},
		{"/speaker/pellmark", ".doubt", "May be the same as J. Pellmark (one has an initial only)"},
		{"/speaker/pellmark", ".led > li:nth-child(1)", "12 Mar 14:38Sennabruk Courier · Defence Minister, Tolmark · story confirms I can confirm that two battalions"},
		{"/speaker/pellmark", ".led > li:nth-child(2)", "denies No withdrawal has taken place. The columns stand where they stood on Sunday said 11 Mar · via reporters"},
		{"/speaker/mod", ".facts", "Origins ■3 at 3 outletsCopies □5 not counted"},
		{"/speaker/mod", ".led", "also in The Lanthorn"},
		{"/speaker/mod", "main .stand", "Described as: Kestria"},
		{"/speaker/pellmark?stance=denies", ".alt", "1 statement. Show all."},
		{"/speaker/pellmark?stance=doubts&channel=post", "main .note", "Nothing fits that choice. Show all."},
		{"/speaker/pellmark?page=40", "main .note", "This page lies after the last one."},
		{"/speaker/pellmark?stance=nonsense", ".led > li:nth-child(2)", "denies"},
		{"/speakers", "main table", "Joran Pellmark"},
		{"/speakers?q=oda", "main table", "Oda Rasmirel"},
		{"/speakers?q=zzz", "main .note", "No speaker has a name that begins so."},
		{"/speakers", "nav[aria-label=Main] [aria-current=page]", "Speakers"},
	} {
		p := load(t, s, c.path, 200)
		p.sound()
		p.says(c.selector, c.want)
	}
	p := load(t, s, "/speaker/pellmark", 200)
	p.count(".led > li", 2)
	for _, n := range p.all(".led q a") {
		path, id, _ := strings.Cut(attr(n, "href"), "#")
		load(t, s, path, 200).count("mark#"+id, 1)
	}
	load(t, s, "/speaker/nobody", 404).says("main", "There is no such speaker")
	load(t, s, "/speaker/pellmark?page=0", 400).says("main", "There is no page")
	if w := get(t, s, "/speaker/okafell-old?stance=denies"); w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != "/speaker/okafell?stance=denies" {
		t.Errorf("a merged speaker: %d to %q", w.Code, w.Header().Get("Location"))
	}
	for _, path := range []string{"/", "/story/withdrawal", "/article/lanthorn-1", "/search?q=line"} {
		if len(load(t, s, path, 200).all("main a[href^='/speaker/']")) == 0 {
			t.Errorf("%s leads to no speaker", path)
		}
	}
}

func TestSpeakerPaging(t *testing.T) {
	m := newMemory()
	for i := range 100 {
		id := fmt.Sprint("a", i)
		m.articles = append(m.articles, model.Article{ID: id, Text: fmt.Sprintf("Words %03d", i), Published: crisisNow.Add(-time.Duration(i) * time.Hour)})
		m.statements[id] = []model.Statement{{Article: id, N: 1, Content: []model.Span{{Start: 0, End: 9}}, Speaker: "Ann Bell", SpeakerID: "ann", Stance: model.StanceAsserts}}
	}
	s := site(t, m)
	seen := 0
	for path := "/speaker/ann?stance=asserts"; path != ""; {
		p := load(t, s, path, 200)
		seen += len(p.all(".led > li"))
		path = ""
		for _, n := range p.all("a[rel=next]") {
			path = attr(n, "href")
		}
	}
	if seen != 100 {
		t.Errorf("paging shows %d statements, want 100", seen)
	}
}

// TestPositionsAreApart holds positions back until they are asked for, and says
// who reports a statement.
func TestPositionsAreApart(t *testing.T) {
	m := quernSound()
	list := m.statements["radio-3"]
	list[0].Class = model.ClassPosition
	list[1].Outer = 1
	s := site(t, m)
	words := "Two battalions are welcome. We do not yet see a withdrawal"
	for _, path := range []string{"/", "/story/withdrawal", "/speaker/varrenhof", "/feed.json"} {
		if strings.Contains(get(t, s, path).Body.String(), words) {
			t.Errorf("%s shows a position", path)
		}
	}
	p := load(t, s, "/article/radio-3", 200)
	p.count("mark[id]", 1)
	p.says(".side", "reported by Ilse Varrenhof")
	p.says(".alt", "Show 1 position held, not said")
	p = load(t, s, "/article/radio-3?positions=1", 200, desk)
	p.sound()
	p.count("mark[id]", 2)
	p.says("#n1", "holds, not said · Ilse Varrenhof")
	load(t, s, "/speaker/varrenhof", 200).says(".alt", "Show 1 position held, not said")
	p = load(t, s, "/speaker/varrenhof?positions=1", 200)
	p.sound()
	p.says(".led", words)
	if got := attr(p.all(".led q a")[0], "href"); got != "/article/radio-3?positions=1#s1" {
		t.Errorf("a position leads to %q", got)
	}
	load(t, s, "/story/withdrawal", 200).says("main", "reported by Ilse Varrenhof")
}

func TestArticlePick(t *testing.T) {
	s := site(t, quernSound())
	for _, c := range []struct {
		query string
		marks int
		says  string
	}{
		{"", 6, "6 statements by 5 speakers. Underlines"},
		{"?speaker=okafell", 2, "2 of 6 shown."},
		{"?speaker=okafell&stance=denies", 1, "1 of 6 shown."},
		{"?stance=asserts", 3, "3 of 6 shown."},
		{"?speaker=%22%3E%3Cscript%3E&stance=x", 0, "0 of 6 shown."},
	} {
		for _, who := range []asker{desk, public} {
			p := load(t, s, "/article/lanthorn-1"+c.query, 200, who)
			p.sound()
			p.count("mark[id]", c.marks)
			p.count(".side p[id]", c.marks)
			p.says("main", c.says)
		}
	}
	p := load(t, s, "/article/lanthorn-1?speaker=okafell&stance=denies", 200)
	p.says("#speaker option[selected]", "Mirrin Okafell (2)")
	p.says("#stance option[selected]", "denies")
	whole, part := load(t, s, "/article/lanthorn-1", 200, public), load(t, s, "/article/lanthorn-1?speaker=okafell", 200, public)
	if squeeze(readText(whole)) != squeeze(readText(part)) {
		t.Error("what the reader picks changes what of the text is shown")
	}
}

// TestSpeakerLicence never names who speaks only where nothing may be quoted.
func TestSpeakerLicence(t *testing.T) {
	m := quernSound()
	a := m.add("withdrawal", "long", "The Weir", "12 17:00", "A quay", "“{x okafell 12|Nothing is leaving the yard at Ambry},” she said. “{x tessary 12|Hush},” he said.")
	for i := range m.sources {
		if m.sources[i].ID == a.Source {
			m.sources[i].Licence = model.LicenceLink
		}
	}
	m.statements["long"][1].SpeakerID, m.statements["long"][1].Speaker = "whisper", "Una Whisper"
	s := site(t, m)
	p := load(t, s, "/speaker/okafell", 200)
	p.says("main .note", "1 more statement stands in sources whose licence allows no quotation.")
	if strings.Contains(p.text("main"), "leaving the yard") {
		t.Error("words of a source that may only be linked to are shown")
	}
	load(t, s, "/speaker/whisper", 404)
	if strings.Contains(load(t, s, "/speakers", 200).text("main"), "Whisper") {
		t.Error("the list names who may not be quoted")
	}
	load(t, s, "/speaker/whisper", 200, desk).says(".led", "Hush")
}
