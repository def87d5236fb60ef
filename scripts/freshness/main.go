// Command freshness measures how long it takes from the poll that finds an article
// to the page of a situation that shows it, and how many articles a second the
// whole program takes. scripts/freshness.sh builds and starts what it needs.
//
//	freshness -program BIN -rate 12 -sources 240 -for 120s -burst 1200
//
// It serves local feeds, each with its own articles, runs the service on a
// temporary folder with a situation that one article in twelve belongs to, and
// reads the situation's page again and again. At the end a burst of articles comes
// at once, and how fast they are through is told.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		log.Fatal(err)
	}
}

// marked is which share of the articles belongs to the situation: one in so many.
const marked = 12

// feedLength is how many articles a feed lists, the newest.
const feedLength = 20

// look is how often the page is read.
const look = 200 * time.Millisecond

// site is the local outlets and what is known of their articles.
type site struct {
	mu      sync.Mutex
	feeds   [][]int           // numbers of the articles of each, the newest last
	next    int               // number of the next article
	served  map[int]time.Time // when a marked article was first listed to the service
	waiting map[int]time.Time // those of served that no page has shown
	shown   []time.Duration
}

func run(ctx context.Context) error {
	program := flag.String("program", "bin/crosscheck", "the service")
	rate := flag.Float64("rate", 12, "articles a second, all sources together")
	sources := flag.Int("sources", 240, "feeds")
	lasts := flag.Duration("for", 2*time.Minute, "how long articles come at that rate")
	burst := flag.Int("burst", 1200, "articles that come at once at the end")
	flag.Parse()

	s := &site{feeds: make([][]int, *sources), served: map[int]time.Time{}, waiting: map[int]time.Time{}}
	srv := httptest.NewServer(s)
	defer srv.Close()
	dir, err := os.MkdirTemp("", "freshness-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	base, end, err := serve(ctx, *program, dir, srv.URL, *sources)
	if err != nil {
		return err
	}
	defer end()

	page := base + "/situation/quern-sound"
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	wg.Go(func() { s.read(ctx, page) })
	begin := time.Now()
	tick := time.NewTicker(time.Duration(float64(time.Second) / *rate))
	defer tick.Stop()
	for time.Since(begin) < *lasts {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			s.add(1)
		}
	}
	for give := time.Now().Add(time.Minute); s.open() > 0 && time.Now().Before(give) && ctx.Err() == nil; {
		time.Sleep(look)
	}
	s.report(time.Since(begin), *rate)

	return s.flood(ctx, base, *burst)
}

// flood publishes many articles at once and tells how fast they come through, from
// the first poll that lists one to the last of them that belongs to the situation.
func (s *site) flood(ctx context.Context, base string, n int) error {
	first := s.count()
	s.add(n)
	for give := time.Now().Add(15 * time.Minute); time.Now().Before(give); time.Sleep(look) {
		got, err := members(ctx, base)
		if err != nil {
			return err
		}
		if last := s.count(); got == (last+marked-1)/marked {
			took := time.Since(s.listed(first)).Seconds()
			fmt.Printf("%d articles at once: %.1f articles/s from the poll into the situation\n", n, float64(n)/took)
			return nil
		}
	}
	return errors.New("the articles did not come through in 15 minutes")
}

// members is how many articles the situation has.
func members(ctx context.Context, base string) (int, error) {
	body, err := fetch(ctx, base+"/api/v1/situations")
	if err != nil {
		return 0, err
	}
	m := memberCount.FindSubmatch(body)
	if m == nil {
		return 0, fmt.Errorf("no article count in %s", body)
	}
	return strconv.Atoi(string(m[1]))
}

var memberCount = regexp.MustCompile(`"article_count":\s*(\d+)`)

// listed is when the service first saw a marked article from number n on.
func (s *site) listed(n int) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := time.Now()
	for a, at := range s.served {
		if a >= n && at.Before(first) {
			first = at
		}
	}
	return first
}

// serve starts the service on a folder with its sources and situation, and returns
// where its pages are and how it ends.
func serve(ctx context.Context, program, dir, site string, sources int) (base string, end func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	address := l.Addr().String()
	l.Close()
	var cfg strings.Builder
	fmt.Fprintf(&cfg, "listen: %s\ndata: %s\nvantage: {id: \"\"}\ncollect: {min: 1m, max: 1m}\nfetch: {allow: [127.0.0.1], pace: -1s, per_host: 16}\nsources:\n", address, filepath.Join(dir, "data"))
	for i := range sources {
		fmt.Fprintf(&cfg, "  - {url: \"%s/feed/%d\", outlet: \"Outlet %d\"}\n", site, i, i)
	}
	file := filepath.Join(dir, "crosscheck.yaml")
	if err := os.WriteFile(file, []byte(cfg.String()), 0o600); err != nil {
		return "", nil, err
	}
	add := exec.CommandContext(ctx, program, "situation", "add", "--config", file, "--id", "quern-sound", "--title", "Quern Sound", "--word", "garrison", "--by", "bench")
	if out, err := add.CombinedOutput(); err != nil {
		return "", nil, fmt.Errorf("%w: %s", err, out)
	}
	service := exec.CommandContext(ctx, program, "serve", "--config", file)
	service.Stderr = os.Stderr
	if err := service.Start(); err != nil {
		return "", nil, err
	}
	end = func() {
		_ = service.Process.Signal(syscall.SIGTERM)
		_ = service.Wait()
	}
	base = "http://" + address
	for range 600 {
		if _, err = fetch(ctx, base+"/healthz"); err == nil {
			return base, end, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	end()
	return "", nil, err
}

func fetch(ctx context.Context, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, resp.Status)
	}
	return body, err
}

// add publishes articles, in turn among the feeds.
func (s *site) add(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		f := s.next % len(s.feeds)
		s.feeds[f] = append(s.feeds[f], s.next)
		s.next++
	}
}

func (s *site) count() int { s.mu.Lock(); defer s.mu.Unlock(); return s.next }
func (s *site) open() int  { s.mu.Lock(); defer s.mu.Unlock(); return len(s.waiting) }

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	kind, num, _ := strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
	n, err := strconv.Atoi(num)
	switch {
	case err != nil:
		http.NotFound(w, r)
	case kind == "feed":
		s.feed(w, r, n)
	default:
		write(w, n)
	}
}

func (s *site) feed(w io.Writer, r *http.Request, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.feeds[n]
	list = list[max(0, len(list)-feedLength):]
	fmt.Fprint(w, `<?xml version="1.0"?><rss version="2.0"><channel><title>Load</title>`)
	for _, a := range list {
		fmt.Fprintf(w, `<item><title>%s</title><link>http://%s/article/%d</link></item>`, title(a), r.Host, a)
		if _, known := s.served[a]; a%marked == 0 && !known {
			s.served[a] = time.Now()
			s.waiting[a] = s.served[a]
		}
	}
	fmt.Fprint(w, `</channel></rss>`)
}

// read looks at the page until ctx is done, and takes down what it shows first.
func (s *site) read(ctx context.Context, page string) {
	for ctx.Err() == nil {
		body, err := fetch(ctx, page)
		now := time.Now()
		if err == nil {
			s.mu.Lock()
			for _, m := range number.FindAllSubmatch(body, -1) {
				n, _ := strconv.Atoi(string(m[1]))
				if at, waits := s.waiting[n]; waits {
					delete(s.waiting, n)
					s.shown = append(s.shown, now.Sub(at))
				}
			}
			s.mu.Unlock()
		}
		time.Sleep(look)
	}
}

// number finds the number a marked article has in what it quotes.
var number = regexp.MustCompile(`gate (\d+) of the garrison`)

func (s *site) report(took time.Duration, rate float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.Sort(s.shown)
	if len(s.shown) == 0 {
		fmt.Println("no article was shown")
		return
	}
	at := func(share float64) time.Duration {
		return s.shown[int(share*float64(len(s.shown)-1))].Round(10 * time.Millisecond)
	}
	load, _ := os.ReadFile("/proc/loadavg") // not everywhere
	fmt.Printf("%.0f s at %.1f articles/s: from the poll to the page p50 %v, p99 %v, longest %v (%d looked for, %d never seen on the page); load %s",
		took.Seconds(), rate, at(.5), at(.99), at(1), len(s.shown)+len(s.waiting), len(s.waiting), load)
}

var syllables = strings.Fields("ba ke li mo nu ra se ti vo za dor fel gan hol jur kem lop mir nas pel rud sav tor wen yar")

// word is the name number n of an invented world of 15,625.
func word(n int) string {
	n %= 25 * 25 * 25
	return syllables[n%25] + syllables[n/25%25] + syllables[n/625]
}

func title(n int) string {
	event := n / 4 // four articles tell each event
	return fmt.Sprintf("Council of %s meets over the %s of %s", word(event*7), word(event*11+3), word(event*13+5))
}

// write is a page of about 450 words with ten statements and the usual furniture.
func write(w io.Writer, n int) {
	rng := rand.New(rand.NewPCG(uint64(n), 7))
	name := func(k int) string { s := word(n/4*17 + k); return strings.ToUpper(s[:1]) + s[1:] }
	fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>%s</title><meta property="article:published_time" content="%s"></head><body>
<header><nav><a href="/">Home</a> <a href="/world">World</a></nav></header><main><article><h1>%s</h1>`, title(n), time.Now().UTC().Format(time.RFC3339), title(n))
	if n%marked == 0 {
		fmt.Fprintf(w, `<p>“The soldiers have left by gate %d of the garrison,” said %s %s, the mayor.</p>`, n, name(2), name(3))
	}
	for range 10 {
		fmt.Fprintf(w, `<p>The council of %s came together in the hall by the %s, and most of its members had read the papers of %s before they sat down. `, name(0), word(rng.IntN(15625)), name(1))
		fmt.Fprintf(w, `“The %s has to be mended before the %s, and nobody else will pay for it,” said %s %s, the mayor. `, word(rng.IntN(15625)), word(rng.IntN(15625)), name(2), name(3))
		fmt.Fprintf(w, `The clerk added the %s to the list of the day.</p>`, word(rng.IntN(15625)))
	}
	fmt.Fprint(w, `</article></main><footer>All rights reserved</footer></body></html>`)
}
