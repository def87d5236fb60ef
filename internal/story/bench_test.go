package story

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"
)

// made makes up articles: words by Zipf's law, and events with names of their
// own, of which a few are reported much and most once or twice.
type made struct {
	rng    *rand.Rand
	word   *rand.Zipf
	events *rand.Zipf
}

const (
	newsWords  = 60_000
	newsEvents = 60_000
	newsLength = 300 // words of an article
)

func newNews() *made {
	rng := rand.New(rand.NewPCG(1, 2))
	return &made{rng, rand.NewZipf(rng, 1.1, 8, newsWords-1), rand.NewZipf(rng, 1.1, 20, newsEvents-1)}
}

// spell writes a number in letters.
func spell(n uint64) string {
	var s []byte
	for n += 30; n > 0; n /= 20 {
		s = append(s, "bdfgklmnprstvzchjqwx"[n%20], "aeiou"[n/20%5])
	}
	return string(s)
}

// article is the next one, and its event.
func (n *made) article(at time.Time) (Doc, uint64) {
	event := n.events.Uint64()
	own := rand.New(rand.NewPCG(event, 3))
	names, words := make([]string, 6), make([]string, 12)
	for i := range names {
		s := spell(own.Uint64N(30_000))
		names[i] = strings.ToUpper(s[:1]) + s[1:]
	}
	for i := range words {
		words[i] = spell(own.Uint64N(newsWords))
	}
	pick := func() string {
		switch n.rng.IntN(12) {
		case 0:
			return names[n.rng.IntN(len(names))]
		case 1, 2:
			return words[n.rng.IntN(len(words))]
		}
		return spell(n.word.Uint64())
	}
	var body strings.Builder
	for i := range newsLength {
		if i%15 == 14 {
			body.WriteString(". The ")
		}
		body.WriteString(pick() + " ")
	}
	title := strings.Join([]string{"The", words[0], names[0], pick(), names[1], pick(), words[1]}, " ")
	return Doc{ID: fmt.Sprint(n.rng.Uint64()), Title: title, Text: body.String(), At: at, Seen: at}, event
}

// BenchmarkGroup100k groups articles while 100,000 are inside.
func BenchmarkGroup100k(b *testing.B) {
	const inside = 100_000
	const window = 14 * 24 * time.Hour
	n := newNews()
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	g := New(Config{Window: window})
	at := day
	next := func() (Doc, uint64) {
		at = at.Add(window / inside)
		return n.article(at)
	}
	for range inside {
		d, event := next()
		d.Story = fmt.Sprint("event ", event)
		g.Add(d)
	}
	size := float64(heap()-before) / inside
	for b.Loop() {
		b.StopTimer()
		d, _ := next()
		b.StartTimer()
		g.Add(d)
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/article")
	b.ReportMetric(size, "bytes/article")
	b.ReportMetric(float64(g.Len()), "inside")
}
