package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"

	"github.com/danielgtaylor/huma/v2"
)

// callAPI reads an answer of the API into v.
func callAPI(t *testing.T, h http.Handler, path string, v any, who ...asker) *httptest.ResponseRecorder {
	t.Helper()
	w := get(t, h, path, who...)
	if err := json.Unmarshal(w.Body.Bytes(), v); err != nil {
		t.Fatalf("GET %s = %d: %v\n%s", path, w.Code, err, clip(400, w.Body.String()))
	}
	return w
}

// described is the API's own description of itself.
type described struct {
	t   *testing.T
	doc *huma.OpenAPI
}

func describe(t *testing.T, s *Server) described {
	d := described{t, s.operations(http.NewServeMux())}
	for _, shape := range d.doc.Components.Schemas.Map() {
		shape.AdditionalProperties = false // no field goes undescribed
	}
	return d
}

// fits checks an answer against what the document says of its status.
func (d described) fits(path string, w *httptest.ResponseRecorder, op *huma.Operation) {
	d.t.Helper()
	said := cmp.Or(op.Responses[strconv.Itoa(w.Code)], op.Responses["default"])
	kind, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
	media := said.Content[kind]
	if media == nil {
		d.t.Errorf("GET %s = %d, %s, which the document does not know", path, w.Code, kind)
		return
	}
	if kind == "text/csv" {
		return // TestTable reads it
	}
	var v any
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		d.t.Errorf("GET %s: %v", path, err)
		return
	}
	var res huma.ValidateResult
	huma.Validate(d.doc.Components.Schemas, media.Schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, v, &res)
	for _, err := range res.Errors {
		d.t.Errorf("GET %s = %d does not fit the document: %v", path, w.Code, err)
	}
}

// apiIDs are those that stand for {id} in a path.
var apiIDs = map[string][]string{
	"situations": {"quern-sound", "ferries", "nowhere"}, "stories": {"withdrawal", "ferries", "s", "bare", "nowhere"}, "claims": {"c1", "c4", "c", "nowhere"},
	"services": {"landbank", "aldwire", url.PathEscape(bad), "nowhere"}, "outages": {"o1", url.PathEscape(bad), "nowhere"},
	"speakers": {"pellmark", "mod", "who", url.PathEscape(bad), "nowhere"}, "articles": {"lanthorn-1", "courier-1", "a", "b", "c", "bare", "nowhere"},
}

// TestAPIFitsItsDocument asks for everything there is, of every store, and holds
// each answer against the OpenAPI document.
func TestAPIFitsItsDocument(t *testing.T) {
	linked := quernSound()
	linked.restrict("Aldwire", "The Lanthorn")
	bare := newMemory()
	bare.stories, bare.articles = []model.Story{{ID: "bare"}}, []model.Article{{ID: "bare", Story: "bare"}}
	told := quernSoundFollowed()
	followed := situationSite(t, told)
	post(followed, "/desk/situation/quern-sound/briefing", load(t, followed, "/situation/quern-sound/briefing/new", 200, desk).formValues(), desk)
	if len(told.briefs) != 1 {
		t.Fatal("no briefing was published")
	}
	for name, st := range map[string]*memory{"quern": quernSound(), "hostile": hostile(), "linked": linked, "bare": bare, "followed": told.memory} {
		s := site(t, st)
		switch name {
		case "hostile":
			s = measuring(t, st, hostileReach())
		case "quern", "linked":
			s = measuring(t, st, measuredCrisis(t))
		case "followed":
			s = followed
		}
		d := describe(t, s)
		for pattern, item := range d.doc.Paths {
			found := 0
			noun := item.Get.Tags[0]
			ids := apiIDs[noun]
			if !strings.Contains(pattern, "{id}") {
				ids = ids[:1]
			}
			for _, id := range ids {
				path := strings.Replace(pattern, "{id}", id, 1)
				for _, who := range []asker{desk, public} {
					w := get(t, s, path, who)
					d.fits(path, w, item.Get)
					if w.Code == 200 {
						found++
					} else if w.Code != 404 && id != url.PathEscape(bad) {
						t.Errorf("%s: GET %s = %d", name, path, w.Code)
					}
				}
			}
			if found == 0 && name != "bare" && (noun != "situations" || s.cfg.Situations != nil) {
				t.Errorf("%s: GET %s never answers", name, pattern)
			}
		}
	}
}

// restrict lets some outlets be linked to only.
func (m *memory) restrict(outlets ...string) {
	for i := range m.sources {
		if slices.Contains(outlets, m.sources[i].Outlet) {
			m.sources[i].Licence = model.LicenceLink
		}
	}
}

func TestAPIClaim(t *testing.T) {
	m := quernSound()
	m.decisions = []model.Decision{{Noun: "claim", Verb: "merge", ID: "c9", Other: "c1", Who: "Ada", At: crisisNow}}
	var c apiClaimWhole
	callAPI(t, site(t, m), "/api/v1/claims/c1", &c)
	if c.Claim.Statement != "aldwire-1-1" || !strings.HasPrefix(c.Claim.Words, "Units of the 4th") || c.Claim.Page != "/claim/c1" || len(c.Stories) != 1 {
		t.Errorf("claim: %+v", c.Claim)
	}
	last := c.Claim.Positions[len(c.Claim.Positions)-1]
	if last.Speaker.ID != "pellmark" || !last.Reversal || last.Until != nil || last.Stance != "confirms" || !slices.Equal(last.Statements, []string{"courier-3-1"}) {
		t.Errorf("the last position: %+v", last)
	}
	if c.Claim.Positions[1].Until == nil || !c.Claim.Positions[1].Until.Equal(*last.Since) {
		t.Errorf("what was held before it: %+v", c.Claim.Positions[1])
	}
	if want := (apiSupport{"denies", 1, 1, 3}); c.Support[2] != want {
		t.Errorf("support: %+v, want %+v", c.Support[2], want)
	}
	if o := c.Origins[0]; o.Article.ID != "aldwire-1" || len(o.Copies) != 5 || o.Copies[1].Share != .64 || o.Copies[1].Article.CopyOf != "aldwire-1" || len(c.Origins) != 8 {
		t.Errorf("%d origins, the first: %+v", len(c.Origins), o)
	}
	have := map[string]bool{}
	for _, st := range c.Statements {
		have[st.ID] = true
	}
	for _, p := range c.Claim.Positions {
		for _, id := range p.Statements {
			if !have[id] {
				t.Errorf("%s shows a position and is not among the statements", id)
			}
		}
	}
	if len(c.Decisions) != 1 || c.Decisions[0].By != "Ada" {
		t.Errorf("decisions: %+v", c.Decisions)
	}
}

func TestAPIStory(t *testing.T) {
	s := site(t, quernSound())
	var st apiStoryWhole
	callAPI(t, s, "/api/v1/stories/withdrawal", &st)
	if st.Story.OriginCount != 11 || len(st.Origins) != 11 || len(st.Origins[0].Copies) != 5 || len(st.Claims) == 0 {
		t.Errorf("%d origins, %d copies, %d claims", len(st.Origins), len(st.Origins[0].Copies), len(st.Claims))
	}
	x := st.Statements[0]
	if x.ID != "aldwire-1-1" || *x.SaidOn != "2031-03-11" || !x.Article.Published.Equal(at("11 08:24")) || !x.Article.FirstSeen.Equal(at("11 08:28")) ||
		len(x.AlsoIn) != 1 || x.AlsoIn[0].Page != "/article/lanthorn-1#s1" || x.CopyCount != 5 {
		t.Errorf("the first statement: %+v", x)
	}
	path, id, _ := strings.Cut(x.AlsoIn[0].Page, "#")
	load(t, s, path, 200).count("mark#"+id, 1)
	load(t, s, st.Story.Page, 200).says("main .note", "JSON, CSV")
	for page, api := range map[string]string{"/speaker/pellmark": "/api/v1/speakers/pellmark", "/article/radio-2": "/api/v1/articles/radio-2"} {
		load(t, s, page, 200).count("main .note a[href='"+api+"']", 1)
	}
}

func TestAPISpeaker(t *testing.T) {
	s := site(t, quernSound())
	var sp apiSpeakerWhole
	callAPI(t, s, "/api/v1/speakers/pellmark", &sp)
	if len(sp.Reversals) != 1 || sp.Reversals[0].Before.ID != "courier-2-1" || sp.Reversals[0].After.Stance != "confirms" || sp.Speaker.StatementCount != 2 || sp.Roles[0].Role != "Defence Minister, Tolmark" {
		t.Errorf("Pellmark: %+v", sp)
	}
	callAPI(t, s, "/api/v1/speakers/mod", &sp)
	if len(sp.Contested) == 0 || sp.Contested[0].Own.Stance != "asserts" || sp.Contested[0].Others[1].Stance != "denies" {
		t.Errorf("the ministry: %+v", sp.Contested)
	}
	var seen []string
	for offset := 0; ; offset++ {
		var said apiStatements
		callAPI(t, s, "/api/v1/speakers/mod/statements?limit=1&offset="+strconv.Itoa(offset), &said)
		if said.Total != 3 {
			t.Fatalf("%d statements, want 3", said.Total)
		}
		if len(said.Statements) == 0 {
			break
		}
		seen = append(seen, said.Statements[0].ID)
	}
	if !slices.Equal(seen, []string{"gazette-3-1", "lanthorn-1-1", "aldwire-1-1"}) {
		t.Errorf("one at a time: %v", seen)
	}
	var list apiSpeakers
	callAPI(t, s, "/api/v1/speakers?q=oda", &list)
	if len(list.Speakers) != 1 || list.More || list.Speakers[0].Speaker.Page != "/speaker/rasmirel" {
		t.Errorf("speakers named Oda: %+v", list)
	}
	if callAPI(t, s, "/api/v1/speakers?limit=2", &list); len(list.Speakers) != 2 || !list.More {
		t.Errorf("two speakers: %+v", list)
	}
}

// TestAPISpans checks that spans count code points and lead to the words.
func TestAPISpans(t *testing.T) {
	s := site(t, quernSound())
	var a apiArticleWhole
	callAPI(t, s, "/api/v1/articles/lanthorn-1", &a, desk)
	text := []rune(*a.Text)
	if len(a.Statements) != 6 || len(a.Revisions) != 2 || a.Revisions[0].Text == nil || a.Revisions[1].Added == 0 || !slices.Equal(a.Revisions[1].Changed, []string{"headline", "number", "statement"}) || a.Bylines[0] != "Wenna Tarrow" {
		t.Fatalf("%d statements, revisions %+v", len(a.Statements), a.Revisions)
	}
	for _, st := range a.Statements {
		if got := string(text[st.Spans[0][0]:st.Spans[0][1]]); got != st.Words {
			t.Errorf("the span of %s leads to %q, want %q", st.ID, got, st.Words)
		}
	}
	callAPI(t, s, "/api/v1/articles/courier-1", &a)
	if a.Article.CopyOf != "aldwire-1" || a.Origin == nil || a.Origin.Outlet != "Aldwire" || a.Share != 1 {
		t.Errorf("a copy: %+v", a)
	}
	p := points{text: "aü\xff€b"}
	for _, c := range [][2]int{{7, 4}, {1, 1}, {3, 2}, {4, 3}, {0, 0}, {8, 5}} {
		if got := p.before(c[0]); got != c[1] {
			t.Errorf("%d code points before byte %d, want %d", got, c[0], c[1])
		}
	}
}

// TestAPILicence asks for everything about a source that may only be linked to.
func TestAPILicence(t *testing.T) {
	m := quernSound()
	m.restrict("Aldwire", "The Lanthorn")
	s := site(t, m)
	held := []string{"Fourteen companies remain", "We confirm the loss", "On the quay at Islemere", "The count is slow"}
	for _, path := range []string{
		"/stories", "/stories/withdrawal", "/stories/bank", "/stories/withdrawal/statements.csv", "/claims?all=1", "/claims/c1", "/claims/c3", "/claims/c3/statements.csv",
		"/speakers", "/speakers/sorvane", "/speakers/fathom", "/speakers/fathom/statements", "/speakers/fathom/statements.csv", "/speakers/okafell", "/articles/lanthorn-1", "/articles/count-1",
	} {
		body := get(t, s, apiRoot+path).Body.String()
		for _, words := range held {
			if strings.Contains(body, words) {
				t.Errorf("%s quotes a source that allows none: %q", path, words)
			}
		}
	}
	var a apiArticleWhole
	callAPI(t, s, "/api/v1/articles/lanthorn-1", &a)
	if a.Held != 6 || len(a.Statements) != 0 || a.Text != nil || a.Revisions[0].Text != nil || a.Licence != "link" || a.Article.Title == "" {
		t.Errorf("a source that may be linked to: %+v", a)
	}
	var st apiStoryWhole
	if callAPI(t, s, "/api/v1/stories/withdrawal", &st); st.Held != 8 || len(st.Origins) != 11 {
		t.Errorf("%d held, %d origins", st.Held, len(st.Origins))
	}
	if callAPI(t, s, "/api/v1/stories/withdrawal", &st, desk); st.Held != 0 {
		t.Errorf("%d are held back from the desk", st.Held)
	}
	if callAPI(t, s, "/api/v1/articles/lanthorn-1", &a, desk); a.Held != 0 || a.Text == nil {
		t.Error("the desk does not get the whole")
	}
	callAPI(t, s, "/api/v1/articles/radio-2", &a)
	if a.Text != nil || a.Licence != "excerpt" || len(a.Statements) != 1 {
		t.Errorf("an excerpt: %+v", a)
	}
	callAPI(t, s, "/api/v1/articles/plumbline-1", &a)
	if a.Text == nil || a.Licence != "full" {
		t.Errorf("a source that may be shown whole: %+v", a)
	}
	var claim apiClaimWhole
	if callAPI(t, s, "/api/v1/claims/c1", &claim); claim.Claim.Statement != "courier-1-1" || claim.Held != 5 {
		t.Errorf("the words of a copy that may be quoted do not stand for the claim: %+v, %d held", claim.Claim, claim.Held)
	}
}

// TestAPIExcerptIsNeverTheWhole quotes an article that is nothing but statements.
func TestAPIExcerptIsNeverTheWhole(t *testing.T) {
	m := quernSound()
	m.add("withdrawal", "all", "The Weir", "12 17:00", "All of it", "{x okafell 12|Nobody has left the camp}. {x okafell 12|Nobody will}.")
	var a apiArticleWhole
	callAPI(t, site(t, m), "/api/v1/articles/all", &a)
	if a.Held != 1 || len(a.Statements) != 1 {
		t.Errorf("%d statements shown, %d held: %+v", len(a.Statements), a.Held, a.Statements)
	}
}

func TestAPIMoved(t *testing.T) {
	m := quernSound()
	m.merged = map[string]string{"okafell-old": "okafell", "attack": "bank"}
	s := site(t, m)
	for path, want := range map[string]string{
		"/claims/c0": "/claims/c1", "/claims/c0/statements.csv": "/claims/c1/statements.csv", "/stories/attack": "/stories/bank",
		"/stories/attack/statements.csv?x=%2F": "/stories/bank/statements.csv?x=%2F", "/speakers/okafell-old": "/speakers/okafell",
		"/speakers/okafell-old/statements?limit=3": "/speakers/okafell/statements?limit=3", "/speakers/okafell-old/statements.csv": "/speakers/okafell/statements.csv",
	} {
		w := get(t, s, apiRoot+path)
		if got := w.Header().Get("Location"); w.Code != http.StatusMovedPermanently || got != apiRoot+want || w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d to %q, want %q", path, w.Code, got, apiRoot+want)
		}
	}
}

func TestAPIPaging(t *testing.T) {
	m := quernSound()
	s := site(t, m)
	for path, want := range map[string]int{"/stories?limit=1": 6, "/claims?limit=1": 4, "/claims?limit=1&disputed=1": 4, "/claims?limit=1&all=true": 4} {
		seen := 0
		for next := apiRoot + path; next != ""; {
			var page struct {
				Stories, Claims []struct{}
				Next            string
			}
			callAPI(t, s, next, &page)
			if seen += len(page.Stories) + len(page.Claims); seen > want {
				break
			}
			next = page.Next
		}
		if seen != want {
			t.Errorf("%s leads to %d, want %d", path, seen, want)
		}
	}
	alone := quernSound()
	alone.statements["pass-1"] = []model.Statement{{ID: "p", Article: "pass-1", N: 1, Content: []model.Span{{Start: 0, End: 8}}, Claim: "c8", Attitude: model.StanceAsserts, Speaker: "Ann Bell", SpeakerID: "ann"}}
	for path, want := range map[string]int{"/claims": 4, "/claims?all=1": 5, "/claims?disputed=true&all=1": 4} {
		var list apiClaims
		if callAPI(t, site(t, alone), apiRoot+path, &list); len(list.Claims) != want {
			t.Errorf("%s: %d claims, want %d", path, len(list.Claims), want)
		}
	}
}

func TestAPIProblems(t *testing.T) {
	s := site(t, quernSound())
	for _, c := range []struct {
		path   string
		status int
		where  string
	}{
		{"/stories?limit=0", 400, "query.limit"},
		{"/stories?limit=101", 400, "query.limit"},
		{"/stories?limit=many", 400, "query.limit"},
		{"/stories?before=yesterday", 400, "query.before"},
		{"/claims?limit=51", 400, "query.limit"},
		{"/claims?all=perhaps", 400, "query.all"},
		{"/speakers?limit=201", 400, "query.limit"},
		{"/speakers?q=" + strings.Repeat("x", 201), 400, "query.q"},
		{"/speakers/mod/statements?offset=100001", 400, "query.offset"},
		{"/speakers/mod/statements?limit=201", 400, "query.limit"},
		{"/claims/" + strings.Repeat("x", 65), 400, "path.id"},
		{"/claims/%00", 400, "path.id"},
		{"/claims/nowhere", 404, ""},
		{"/stories/nowhere/statements.csv", 404, ""},
		{"/nowhere", 404, ""},
		{"/", 404, ""},
	} {
		var p huma.ErrorModel
		w := callAPI(t, s, apiRoot+c.path, &p)
		if w.Code != c.status || p.Status != c.status || w.Header().Get("Content-Type") != "application/problem+json" || p.Detail == "" || w.Header().Get("ETag") != "" {
			t.Errorf("%s = %d, %s: %+v", c.path, w.Code, w.Header().Get("Content-Type"), p)
		}
		if c.where != "" && (len(p.Errors) != 1 || p.Errors[0].Location != c.where) {
			t.Errorf("%s: %v, want a fault in %s", c.path, p.Errors, c.where)
		}
	}
	for _, path := range []string{"/stories?unknown=1", "/stories?limit=", "/claims?before=2031-03-12T00:00:00.5%2B01:00"} {
		if w := get(t, s, apiRoot+path); w.Code != 200 {
			t.Errorf("%s = %d", path, w.Code)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/api/v1/stories", nil)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != 405 || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("POST = %d, %s", w.Code, w.Header().Get("Content-Type"))
	}
}

func TestAPIFaults(t *testing.T) {
	m := quernSound()
	m.err = errors.New("disk /secret/path is full")
	reach := measuredCrisis(t)
	reach.err = m.err
	s := New(slog.New(slog.DiscardHandler), m, Config{Reach: reach, Situations: &followed{memory: m}, Briefings: &followed{memory: m}})
	broken := New(slog.New(slog.DiscardHandler), nil, Config{Reach: (*instruments)(nil), Situations: (*followed)(nil), Briefings: (*followed)(nil)}) // every question panics
	for _, h := range []http.Handler{s, broken} {
		for pattern := range describe(t, s).doc.Paths {
			var p huma.ErrorModel
			w := callAPI(t, h, strings.Replace(pattern, "{id}", append(apiIDs[strings.Split(pattern, "/")[3]], "")[0], 1), &p)
			if w.Code != 500 || p.Status != w.Code || strings.Contains(w.Body.String(), "secret") || strings.Contains(w.Body.String(), "nil pointer") {
				t.Errorf("%s = %d %s", pattern, w.Code, w.Body)
			}
		}
	}
	m.err = model.Errorf(model.ErrTemporary, "locked")
	if w := get(t, s, "/api/v1/stories"); w.Code != 503 || w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "locked") {
		t.Errorf("a temporary fault = %d %s", w.Code, w.Body)
	}
}

func TestAPIHeaders(t *testing.T) {
	s := site(t, quernSound())
	for _, path := range []string{"/stories", "/claims/c1", "/claims/c1/statements.csv", "/openapi.json", "/openapi.yaml", "/nowhere"} {
		path = apiRoot + path
		h := get(t, s, path).Header()
		if h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Content-Security-Policy") != policy || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, h)
		}
		elsewhere := func(r *http.Request) { r.Header.Set("Origin", "https://elsewhere.example") }
		if h := get(t, s, path, desk, elsewhere).Header(); h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: what the desk gets can be read by other sites: %v", path, h)
		}
		if strings.HasSuffix(path, "nowhere") {
			continue
		}
		if got := get(t, s, path, desk).Header().Get("Cache-Control"); got != "private, no-cache" {
			t.Errorf("%s for the desk: Cache-Control %q", path, got)
		}
		again := get(t, s, path, func(r *http.Request) { r.Header.Set("If-None-Match", h.Get("ETag")) })
		if h.Get("ETag") == "" || again.Code != 304 || again.Body.Len() > 0 {
			t.Errorf("%s with its tag %q = %d", path, h.Get("ETag"), again.Code)
		}
		if w := get(t, s, path, func(r *http.Request) { r.Method = http.MethodHead }); w.Code != 200 || w.Body.Len() > 0 {
			t.Errorf("HEAD %s = %d, %d bytes", path, w.Code, w.Body.Len())
		}
		zipped := get(t, s, path, func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") })
		if zipped.Header().Get("Content-Encoding") != "gzip" {
			t.Errorf("%s is not compressed", path)
		}
	}
	if h := get(t, s, "/story/bank").Header(); h.Get("Access-Control-Allow-Origin") != "" {
		t.Error("pages are open to other sites")
	}
}

func TestAPIPage(t *testing.T) {
	s := site(t, quernSound())
	p := load(t, s, "/api", 200)
	p.sound()
	for pattern := range describe(t, s).doc.Paths {
		p.says("main table", pattern)
	}
	p.says("main table", "limit how many at most: 1 to 100, 25 unless given")
	load(t, s, "/", 200).count("footer a[href='/api']", 1)
	if w := get(t, s, "/api/"); w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != "/api" {
		t.Errorf("/api/: %d to %q", w.Code, w.Header().Get("Location"))
	}
	var doc struct {
		OpenAPI string
		Paths   map[string]any
	}
	callAPI(t, s, "/api/v1/openapi.json", &doc)
	if doc.OpenAPI != "3.1.0" || len(doc.Paths) != 26 {
		t.Errorf("OpenAPI %s with %d paths", doc.OpenAPI, len(doc.Paths))
	}
	if w := get(t, s, "/api/v1/openapi.yaml"); !strings.Contains(w.Body.String(), "openapi: 3.1.0") {
		t.Errorf("as YAML: %s", clip(200, w.Body.String()))
	}
	for _, path := range []string{"/docs", "/schemas/Claim.json", "/api/v1/docs", "/api/v1/openapi-3.0.json"} {
		if w := get(t, s, path); w.Code != 404 {
			t.Errorf("%s = %d", path, w.Code)
		}
	}
}

func TestAPIReach(t *testing.T) {
	s := measuring(t, quernSound(), measuredCrisis(t))
	var list apiServices
	callAPI(t, s, "/api/v1/services", &list)
	if len(list.Services) != 5 || list.Services[1].ID != "landbank" || list.Services[1].Word != "reachable" || *list.Services[1].Availability != .984 ||
		list.Services[1].Target != "https://landbank.example/" || list.Services[1].Page != "/service/landbank" {
		t.Errorf("services: %+v", list)
	}
	var one apiServiceWhole
	callAPI(t, s, "/api/v1/services/landbank", &one)
	if len(one.Last) != 6 || one.Last[0].Vantage != "arv-1" || len(one.Days) != 14 || one.Days[12].Lost != 19553 || len(one.Outages) != 1 || one.Outages[0].State != "confirmed" {
		t.Errorf("service: %+v", one)
	}
	var rolls apiRollups
	callAPI(t, s, "/api/v1/services/landbank/rollups?from=2031-03-11T16:00:00Z&to=2031-03-11T17:00:00Z", &rolls)
	if len(rolls.Rollups) != 72 || rolls.Width != 300 {
		t.Errorf("%d roll-ups of %d s", len(rolls.Rollups), rolls.Width)
	}
	callAPI(t, s, "/api/v1/services/landbank/rollups?width=1h&from=2031-03-11T16:00:00Z&to=2031-03-11T17:00:00Z", &rolls)
	if len(rolls.Rollups) != 6 || rolls.Width != 3600 || rolls.Rollups[0].Layer != "tcp" {
		t.Errorf("%d roll-ups of %d s: %+v", len(rolls.Rollups), rolls.Width, rolls.Rollups)
	}
	for query, status := range map[string]int{
		"width=2h": 400, "from=noon": 400, "from=2031-01-01T00:00:00Z": 413, "width=1h&from=2031-01-01T00:00:00Z": 200, "from=2031-03-12T00:00:00Z&to=2031-03-11T00:00:00Z": 400,
	} {
		if w := get(t, s, "/api/v1/services/landbank/rollups?"+query); w.Code != status {
			t.Errorf("rollups?%s = %d, want %d", query, w.Code, status)
		}
	}
	var outages apiOutages
	callAPI(t, s, "/api/v1/outages?grave=true&service=landbank", &outages)
	if len(outages.Outages) != 1 || outages.Next != "" || outages.Outages[0].Down != 5 || outages.Outages[0].Asked != 5 || outages.Outages[0].Excluded != 1 ||
		!strings.HasPrefix(outages.Outages[0].Report, "Confirmed: loss of connectivity to Landbank of Tolmark") {
		t.Errorf("outages: %+v", outages)
	}
	callAPI(t, s, "/api/v1/outages?to=2031-03-11T12:00:00Z", &outages)
	if len(outages.Outages) != 0 {
		t.Errorf("outages before the first: %+v", outages)
	}
	var whole apiOutageWhole
	callAPI(t, s, "/api/v1/outages/o1", &whole)
	if len(whole.Verdicts) != 4 || whole.Verdicts[1].State != "confirmed" || len(whole.Verdicts[1].Down) != 5 || len(whole.Unknowns) == 0 {
		t.Errorf("outage: %+v", whole)
	}
	for path, want := range map[string]string{
		"/api/v1/services.csv": "landbank,Landbank of Tolmark,https://landbank.example/,up,reachable,,", "/api/v1/outages.csv": "o1,", "/api/v1/services/landbank/rollups.csv": "landbank,arv-1,2031-03-11T22:00:00Z,300,",
	} {
		w := get(t, s, path)
		if w.Code != 200 || !strings.Contains(w.Body.String(), "\r\n"+want) || !strings.Contains(w.Header().Get("Content-Disposition"), ".csv") {
			t.Errorf("%s = %d %s", path, w.Code, clip(600, w.Body.String()))
		}
	}
}

func TestAPIOutagesPage(t *testing.T) {
	m := measuredCrisis(t)
	for i := range 60 {
		o := m.events[0]
		o.ID, o.Onset, o.End = fmt.Sprint("p", i), o.Onset.Add(-time.Duration(i+1)*time.Hour), o.Onset
		m.events = append(m.events, o)
	}
	s := measuring(t, quernSound(), m)
	seen := 0
	for path := "/api/v1/outages"; path != ""; {
		var list apiOutages
		callAPI(t, s, path, &list)
		seen += len(list.Outages)
		path = list.Next
	}
	if seen != 61 {
		t.Errorf("paging shows %d outages, want 61", seen)
	}
}
