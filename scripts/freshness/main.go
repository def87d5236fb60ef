// Command freshness measures how long it takes from the poll that finds an article
// to the timeline of a situation that shows it, and how many articles a second the
// whole program takes. scripts/freshness.sh builds and starts what it needs.
//
//	freshness -program BIN -rate 12 -sources 120 -for 120s -burst 1200
//
// It serves local feeds, each with its own articles, runs the service on a
// temporary folder with a situation that one article in twelve belongs to, and
// reads that page again and again. At the end a burst of articles comes
// at once, and how fast they are through is told.
package main

import (
	"context"
	"encoding/json"
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

// every is how often a feed is polled. The feeds are added in so many batches over
// that time, so that they take turns: polled all at once, they would bring all
// articles at once.
const (
	every   = 20 * time.Second
	batches = 20
)

// look is how often the page is read.
const look = 200 * time.Millisecond

// site is the local outlets and what is known of their articles.
type site struct {
	mu      sync.Mutex
	feeds   [][]int           // numbers of the articles of each, the newest last
	polled  []bool            // feeds that were polled
	next    int               // number of the next article
	served  map[int]time.Time // when a marked article was first listed to the service
	waiting map[int]time.Time // those of served that no page has shown
	shown   []time.Duration
	below   int // of served, those that were further down the timeline when they came
}

func run(ctx context.Context) error {
	program := flag.String("program", "bin/crosscheck", "the service")
	rate := flag.Float64("rate", 12, "articles a second, all sources together")
	sources := flag.Int("sources", 120, "feeds")
	lasts := flag.Duration("for", 2*time.Minute, "how long articles come at that rate")
	burst := flag.Int("burst", 1200, "articles that come at once at the end")
	flag.Parse()

	s := &site{feeds: make([][]int, *sources), polled: make([]bool, *sources), served: map[int]time.Time{}, waiting: map[int]time.Time{}}
	srv := httptest.NewServer(s)
	defer srv.Close()
	dir, err := os.MkdirTemp("", "freshness-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	base, end, err := serve(ctx, *program, dir)
	if err != nil {
		return err
	}
	defer end()
	if err := follow(ctx, *program, dir, srv.URL, *sources); err != nil {
		return err
	}
	for !s.begun() { // until each feed had its turn
		if ctx.Err() != nil {
			return ctx.Err()
		}
		time.Sleep(look)
	}
	page := base + "/situation/quern-sound/timeline"
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
	took := time.Since(begin)
	for give := time.Now().Add(time.Minute); s.open() > 0 && time.Now().Before(give) && ctx.Err() == nil; {
		time.Sleep(look)
		if err := s.lookBelow(ctx, base); err != nil {
			return err
		}
	}
	s.report(took, *rate)
	return s.flood(ctx, base, *burst)
}

// lookBelow looks for what no page has shown in the whole timeline. The page has
// its newest entries: what came after newer ones filled it stands further down.
func (s *site) lookBelow(ctx context.Context, base string) error {
	for next := "/api/v1/situations/quern-sound/timeline?limit=200"; next != ""; {
		body, err := fetch(ctx, base+next)
		if err != nil {
			return err
		}
		s.mu.Lock()
		for _, m := range number.FindAllSubmatch(body, -1) {
			n, _ := strconv.Atoi(string(m[1]))
			if at, waits := s.waiting[n]; waits && time.Since(at) > 10*time.Second { // time for the page
				delete(s.waiting, n)
				s.below++
			}
		}
		s.mu.Unlock()
		var page struct {
			Next string `json:"next"`
		}
		if err := json.Unmarshal(body, &page); err != nil {
			return err
		}
		next = strings.TrimPrefix(page.Next, base)
	}
	return nil
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

// serve starts the service on a folder with the situation, and returns where its
// pages are and how it ends.
func serve(ctx context.Context, program, dir string) (base string, end func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	address := l.Addr().String()
	l.Close()
	cfg := fmt.Sprintf("listen: %s\ndata: %s\nvantage: {id: \"\"}\ncollect: {min: %s, max: %s}\nfetch: {allow: [127.0.0.1], pace: -1s, per_host: 256}\n",
		address, filepath.Join(dir, "data"), every, every)
	file := filepath.Join(dir, "crosscheck.yaml")
	if err := os.WriteFile(file, []byte(cfg), 0o600); err != nil {
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

// follow adds the feeds in batches, so that they take turns.
func follow(ctx context.Context, program, dir, site string, sources int) error {
	tick := time.NewTicker(every / batches)
	defer tick.Stop()
	for i := range batches {
		opml := "<opml version=\"2.0\"><body>"
		for n := i; n < sources; n += batches {
			opml += fmt.Sprintf(`<outline text="Outlet %d" type="rss" xmlUrl="%s/feed/%d"/>`, n, site, n)
		}
		file := filepath.Join(dir, "feeds.opml")
		if err := os.WriteFile(file, []byte(opml+"</body></opml>"), 0o600); err != nil {
			return err
		}
		add := exec.CommandContext(ctx, program, "source", "import", "--config", filepath.Join(dir, "crosscheck.yaml"), file)
		if out, err := add.CombinedOutput(); err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		<-tick.C
	}
	return nil
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

// begun reports whether every feed was polled.
func (s *site) begun() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !slices.Contains(s.polled, false)
}

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
	s.polled[n] = true
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
	fmt.Printf("%.0f s at %.1f articles/s: from the poll to the page p50 %v, p99 %v, longest %v (%d looked for; %d came when newer entries had filled the page, %d never); load %s",
		took.Seconds(), rate, at(.5), at(.99), at(1), len(s.shown)+s.below+len(s.waiting), s.below, len(s.waiting), load)
}

var syllables = strings.Fields("ba ke li mo nu ra se ti vo za dor fel gan hol jur kem lop mir nas pel rud sav tor wen yar")

// word is the name number n of an invented world of 15,625.
func word(n int) string {
	n %= 25 * 25 * 25
	return syllables[n%25] + syllables[n/25%25] + syllables[n/625]
}

func title(n int) string {
	rng := rand.New(rand.NewPCG(uint64(n), 3))
	return fmt.Sprintf("%s meets %s over the %s of %s", name(rng), name(rng), word(rng.IntN(15625)), name(rng))
}

func name(rng *rand.Rand) string {
	w := word(rng.IntN(15625))
	return strings.ToUpper(w[:1]) + w[1:]
}

// patterns are sentences with holes for words.
var patterns = strings.Split(`Nobody in % had seen the % since the % was closed.
The % that stood by the % of % was sold to a % last autumn.
Two days after the %, a % came down the road from % with its % uncovered.
What the % costs is written on a % in the hall of %.
% has a % of its own, and a % which is older than the %.
In the valley of % the % is counted by hand, because the % does not work in the %.
A % from % brought the % and left without the %.
When the % rang, the % of % went home, and so did the %.`, "\n")

// write is a page of about 450 words with four statements and the usual furniture.
func write(w io.Writer, n int) {
	rng := rand.New(rand.NewPCG(uint64(n), 7))
	fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>%s</title><meta property="article:published_time" content="%s"></head><body>
<header><nav><a href="/">Home</a> <a href="/world">World</a></nav></header><main><article><h1>%s</h1>`, title(n), time.Now().UTC().Format(time.RFC3339), title(n))
	if n%marked == 0 {
		fmt.Fprintf(w, `<p>“The soldiers of %s have left by gate %d of the garrison,” said %s %s, the mayor.</p>`, name(rng), n, name(rng), name(rng))
	}
	for i := range 12 {
		fmt.Fprint(w, "<p>")
		for range 3 {
			parts := strings.Split(patterns[rng.IntN(len(patterns))], "%")
			for j, part := range parts {
				if fmt.Fprint(w, part); j < len(parts)-1 {
					fmt.Fprint(w, word(rng.IntN(15625)))
				}
			}
			fmt.Fprint(w, " ")
		}
		if i%4 == 0 {
			fmt.Fprintf(w, `“The %s has to be mended before the %s,” said %s %s.`, word(rng.IntN(15625)), word(rng.IntN(15625)), name(rng), name(rng))
		}
		fmt.Fprint(w, "</p>")
	}
	fmt.Fprint(w, `</article></main><footer>All rights reserved</footer></body></html>`)
}
