package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
)

// lexicon is made-up words, the first ones frequent as in a language.
func lexicon() []string {
	r := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 20_000)
	for i := range words {
		var b strings.Builder
		for range 1 + r.IntN(3) {
			b.WriteByte("bdfgklmnprstv"[r.IntN(13)])
			b.WriteByte("aeiou"[r.IntN(5)])
			b.WriteByte("lnrst"[r.IntN(5)])
		}
		words[i] = b.String()
	}
	return words
}

// newsroom writes articles of about 500 words, with statements.
type newsroom struct {
	words []string
	zipf  *rand.Zipf
	n     int
}

func newNewsroom() *newsroom {
	r := rand.New(rand.NewPCG(3, 4))
	return &newsroom{words: lexicon(), zipf: rand.NewZipf(r, 1.1, 8, 19_999)}
}

func (w *newsroom) article() (*model.Article, []model.Statement) {
	w.n++
	var b strings.Builder
	for i := range 500 {
		if i > 0 {
			b.WriteString([]string{" ", " ", "\n\n"}[min(i%60, 59)/59*2])
		}
		b.WriteString(w.words[w.zipf.Uint64()])
	}
	a := sample(fmt.Sprint("outlet", w.n%200), fmt.Sprint("n", w.n), b.String(), at(0, 0).Add(time.Duration(w.n)*time.Second))
	a.ID = model.ID("article", model.URLKey(a.URL))
	a.Revision = 1
	var list []model.Statement
	for i := range 6 {
		st := said(a, i+1, a.Text[i*100:i*100+60], a.Text[i*100+60:i*100+80])
		st.Speaker = fmt.Sprintf("%s %s", w.words[w.n%5000], w.words[i])
		list = append(list, st)
	}
	return a, list
}

// keep takes one article all the way through the store, as the stages do.
func keep(ctx context.Context, s *Store, a *model.Article, list []model.Statement, story string) error {
	body := []byte("<html>" + strings.Repeat(a.Text, 8) + "</html>")
	it := &model.Item{Source: "src", URL: a.URL, Title: a.Title, Published: a.Published, Seen: a.Seen}
	if _, err := s.SaveItem(ctx, it); err != nil {
		return err
	}
	c := model.Capture{Hash: model.HashOf(body), URL: a.URL, At: a.Seen}
	if err := s.SaveCapture(ctx, c, body); err != nil {
		return err
	}
	if err := s.SetItemCapture(ctx, it.ID, it.Fingerprint(), c.Hash); err != nil {
		return err
	}
	a.Capture = c.Hash
	if _, err := s.SaveArticle(ctx, a); err != nil {
		return err
	}
	if err := s.SetItemRead(ctx, it.ID, c.Hash, a.ID); err != nil {
		return err
	}
	if err := s.SaveStatements(ctx, a.ID, a.Revision, list); err != nil {
		return err
	}
	return s.AssignStory(ctx, Assignment{Article: a.ID, Story: story})
}

// BenchmarkSaveArticle is everything the store does for one article: item,
// capture of 20 kB synced to disk, article of 500 words, six statements, story.
func BenchmarkSaveArticle(b *testing.B) {
	s := openAt(b, b.TempDir())
	w := newNewsroom()
	for b.Loop() {
		b.StopTimer()
		a, list := w.article()
		b.StartTimer()
		if err := keep(b.Context(), s, a, list, fmt.Sprint("story", w.n/5)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
}

// BenchmarkKnownItem is what every poll does for every item it has seen before.
func BenchmarkKnownItem(b *testing.B) {
	s := openAt(b, b.TempDir())
	it := &model.Item{Source: "src", URL: "https://o.example/1", Seen: at(9, 0)}
	for b.Loop() {
		if _, err := s.SaveItem(b.Context(), it); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	s := openAt(b, b.TempDir())
	w := newNewsroom()
	for range 1000 {
		a, list := w.article()
		if err := keep(b.Context(), s, a, list, fmt.Sprint("story", w.n/5)); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if _, err := s.Search(b.Context(), model.SearchQuery{Text: w.words[0] + " " + w.words[40], Limit: 20}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSaveObservations is a round of 1,000 services from each of six
// vantage points, as reports of 250 observations with their evidence; a round
// comes once a minute. It counts rows of observations.
func BenchmarkSaveObservations(b *testing.B) {
	s := openAt(b, b.TempDir())
	services, vantages := make([]string, 1000), []string{"a", "b", "c", "d", "e", "f"}
	for i := range services {
		services[i] = fmt.Sprint("service-", i)
	}
	measure(b, s, services, vantages)
	evidence := &model.Evidence{
		Lookups:  []model.Lookup{{Host: "www.service.example", Resolver: "system", Addresses: []string{"192.0.2.1", "192.0.2.2"}}, {Host: "www.service.example", Resolver: "9.9.9.10", Addresses: []string{"192.0.2.1"}}},
		Connects: []model.Attempt{{Address: "192.0.2.1:443", Host: "www.service.example"}}, Handshakes: []model.Attempt{{Address: "192.0.2.1:443", Host: "www.service.example"}},
		Fetches: []model.Fetch{{URL: "https://www.service.example/", Status: 200, Length: 48211, Title: "The service of an example", Headers: []string{"Content-Type", "Date", "Server", "Cache-Control", "Set-Cookie"}}},
	}
	rows, now := 0, at(0, 0)
	for b.Loop() {
		now = now.Add(time.Minute)
		for _, v := range vantages {
			for part := range slices.Chunk(services, 250) {
				list := make([]model.Observation, len(part))
				for i, id := range part {
					list[i] = seen(id, v, now)
					list[i].Evidence, list[i].Addresses = evidence, []string{"192.0.2.1"}
				}
				n, _, err := s.SaveObservations(b.Context(), list, now)
				if err != nil {
					b.Fatal(err)
				}
				rows += n
			}
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}
