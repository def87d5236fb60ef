package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/config"
	"crosscheck/internal/model"
	"crosscheck/internal/testkit"
)

// loadSite serves feeds of 100 articles; article n is made of n alone.
type loadSite struct{ articles int }

const loadPerFeed = 100

func (s loadSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	dir, num, _ := strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
	n, err := strconv.Atoi(num)
	switch {
	case err != nil:
		http.NotFound(w, r)
	case dir == "feed":
		fmt.Fprint(w, `<?xml version="1.0"?><rss version="2.0"><channel><title>Load</title>`)
		for i := n * loadPerFeed; i < min((n+1)*loadPerFeed, s.articles); i++ {
			fmt.Fprintf(w, `<item><title>%s</title><link>http://%s/article/%d</link></item>`, loadTitle(i), r.Host, i)
		}
		fmt.Fprint(w, `</channel></rss>`)
	default:
		writeLoadArticle(w, n)
	}
}

var syllables = strings.Fields("ba ke li mo nu ra se ti vo za dor fel gan hol jur kem lop mir nas pel rud sav tor wen yar")

// loadWord is the name number n of a fictional world of 15,625.
func loadWord(n int) string {
	n = n % (25 * 25 * 25)
	return syllables[n%25] + syllables[n/25%25] + syllables[n/625]
}

func loadTitle(n int) string {
	event := n / 4 // four articles tell each event
	return fmt.Sprintf("Council of %s meets over the %s of %s", loadWord(event*7), loadWord(event*11+3), loadWord(event*13+5))
}

// writeLoadArticle writes a page of about 450 words with ten statements and the
// usual furniture.
func writeLoadArticle(w http.ResponseWriter, n int) {
	event, rng := n/4, rand.New(rand.NewPCG(uint64(n), 7))
	name := func(k int) string { s := loadWord(event*17 + k); return strings.ToUpper(s[:1]) + s[1:] }
	fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>%s</title><meta property="article:published_time" content="2031-03-11T08:00:00Z"></head><body>
<header><nav><a href="/">Home</a> <a href="/world">World</a></nav></header><main><article><h1>%s</h1><p class="share"><a href="#">Share</a></p>`, loadTitle(n), loadTitle(n))
	for range 10 {
		fmt.Fprintf(w, `<p>The council of %s came together in the hall by the %s, and most of its members had read the papers of %s before they sat down. `, name(0), loadWord(rng.IntN(15625)), name(1))
		fmt.Fprintf(w, `“The %s has to be mended before the %s, and nobody else will pay for it,” said %s %s, the mayor. `, loadWord(rng.IntN(15625)), loadWord(rng.IntN(15625)), name(2), name(3))
		fmt.Fprintf(w, `The clerk added the %s to the list of the day.</p>`, loadWord(rng.IntN(15625)))
	}
	fmt.Fprint(w, `<div class="related"><a href="/a">Related: the market</a></div></article></main><footer>All rights reserved</footer></body></html>`)
}

// BenchmarkPipeline takes b.N articles through the whole program, from the poll
// to the story, storage included, and reports articles per second and the
// resident memory at the end. Run it with -benchtime=10000x.
func BenchmarkPipeline(b *testing.B) {
	srv := httptest.NewServer(loadSite{b.N})
	defer srv.Close()
	cfg := config.Default()
	cfg.Listen, cfg.Data = "127.0.0.1:0", filepath.Join(b.TempDir(), "data")
	cfg.Fetch.Pace, cfg.Fetch.PerHost, cfg.Fetch.Allow = -1, 16, []string{"127.0.0.1"}
	ctx, cancel := context.WithCancel(context.Background())
	a, err := New(ctx, testkit.Logger(b), Options{Config: cfg, Tick: 100 * time.Millisecond})
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; i*loadPerFeed < b.N; i++ {
		if err := a.Follow(ctx, model.Source{URL: fmt.Sprintf("%s/feed/%d", srv.URL, i)}); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	testkit.Eventually(b, time.Hour, "every article grouped", func() bool {
		s, err := a.store.Pending(ctx, "story", 1)
		n, cerr := a.store.Counts(ctx)
		return err == nil && cerr == nil && len(s) == 0 && n.Articles >= int64(b.N)
	})
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
	b.ReportMetric(resident(b), "MiB-resident")
	cancel()
	if err := <-done; err != nil {
		b.Error(err)
	}
}

// resident is the resident memory of the process, MiB; 0 where the system does
// not say.
func resident(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kib, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	return kib / 1024
}
