package app

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/config"
	"crosscheck/internal/demo"
	"crosscheck/internal/model"
	"crosscheck/internal/place"
	"crosscheck/internal/store"
	"crosscheck/internal/testkit"
)

// BenchmarkSituationPage renders the public page of a situation of 1,000 articles
// with five statements each, from SQLite, and reports what it weighs compressed.
func BenchmarkSituationPage(b *testing.B) {
	cfg := config.Default()
	cfg.Listen, cfg.Data, cfg.Vantage.ID = "127.0.0.1:0", b.TempDir(), ""
	now := demo.Start.Add(1001 * time.Minute)
	a, err := New(b.Context(), testkit.Logger(b), Options{Config: cfg, Now: func() time.Time { return now }})
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	a.bigSituation(b, 1000)
	render := func() []byte {
		r := httptest.NewRequest("GET", "/situation/"+crisis, nil)
		r.RemoteAddr = "192.0.2.1:5000"
		w := httptest.NewRecorder()
		if a.web.ServeHTTP(w, r); w.Code != 200 {
			b.Fatalf("%d %s", w.Code, w.Body)
		}
		return w.Body.Bytes()
	}
	var body []byte
	for b.Loop() {
		body = render()
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	b.ReportMetric(float64(zipped.Len())/1000, "gzip-kB")
}

// bigSituation fills the store with a situation of n articles from 40 outlets in
// n/4 stories, one in five a copy: 20 claims are carried by many and disputed, the
// others by few; five services are measured, one of which was out of reach.
func (a *App) bigSituation(b *testing.B, n int) {
	b.Helper()
	ctx := b.Context()
	check := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	var sources []model.Source
	for i := range 40 {
		src := model.Source{URL: fmt.Sprintf("https://o%d.example/feed", i), Outlet: "Outlet " + loadWord(i*31)}
		check(a.store.SaveSource(ctx, &src))
		sources = append(sources, src)
	}
	sit := model.Situation{ID: crisis, Title: "Quern Sound", Words: []string{"council"}, By: "Ada"}
	for i := range 5 {
		svc := model.Service{ID: fmt.Sprint("service-", i), Name: "The bank of " + loadWord(i), Target: fmt.Sprintf("https://s%d.example/", i)}
		check(a.store.SaveService(ctx, &svc))
		sit.Services = append(sit.Services, svc.ID)
	}
	check(a.store.SaveSituation(ctx, &sit))
	towns := place.Find("Springfield")
	stances := []model.Stance{model.StanceAsserts, model.StanceConfirms, model.StanceDenies, model.StanceDoubts}
	root := ""
	for i := range n {
		at := demo.Start.Add(time.Duration(i) * time.Minute)
		src := sources[i%len(sources)]
		art := &model.Article{
			URL: fmt.Sprintf("%s/%d", strings.TrimSuffix(src.URL, "/feed"), i), Title: loadTitle(i), Outlet: src.Outlet, Source: src.ID, Published: at,
			PublishedFrom: model.DateMeta, Language: "en", Readability: model.ReadOK, Seen: at, Capture: model.HashOf(fmt.Append(nil, i)),
		}
		art.Text = "The council met in Springfield. "
		var said []model.Statement
		var claims []store.ClaimAssignment
		span := func(words string) model.Span {
			art.Text += words
			return model.Span{Start: len(art.Text) - len(words), End: len(art.Text)}
		}
		for j := range 5 {
			art.Text += "“"
			content := span(fmt.Sprintf("The %s has to be mended before the %s comes, and nobody else will pay for it", loadWord(i*7+j), loadWord(i*13+j)))
			art.Text += "”, said "
			name := fmt.Sprintf("%s %s", strings.ToUpper(loadWord((i+j)%200)), loadWord((i+j)%200*9))
			st := model.Statement{
				N: j + 1, Content: []model.Span{content}, Mention: span(name), Speaker: name, SpeakerType: model.SpeakerPerson,
				Kind: model.KindDirect, Stance: model.StanceAsserts,
			}
			art.Text += ". "
			claim := model.ID("claim", fmt.Sprint(j, "-", i/(2+j)))
			if j == 0 {
				claim = model.ID("claim", fmt.Sprint(i%20))
			}
			said = append(said, st)
			claims = append(claims, store.ClaimAssignment{Claim: claim, Attitude: stances[(i/20+j)%len(stances)]})
		}
		_, err := a.store.SaveArticle(ctx, art)
		check(err)
		for j := range said {
			said[j].ID = model.ID("statement", art.ID, "1", fmt.Sprint(j+1))
			said[j].Article, said[j].Revision = art.ID, 1
			claims[j].Statement = said[j].ID
		}
		check(a.store.SaveStatements(ctx, art.ID, 1, said))
		as := store.Assignment{Article: art.ID, Revision: 1, Story: fmt.Sprint("s", i/4)}
		if i%5 == 4 && i%4 != 0 {
			as.CopyOf, as.Share = root, 1
		} else {
			root = art.ID
		}
		check(a.store.AssignStory(ctx, as))
		check(a.store.AssignClaims(ctx, art.ID, 1, claims, nil))
		town := towns[i%len(towns)]
		at0 := strings.Index(art.Text, "Springfield")
		check(a.store.SaveMentions(ctx, art.ID, 1, []model.Mention{{Article: art.ID, Start: at0, End: at0 + 11, Name: "Springfield", Place: town}}))
		check(a.store.Situate(ctx, art.ID))
	}
	for more := true; more; {
		var err error
		more, err = a.store.WorkSituations(ctx)
		check(err)
	}
}
