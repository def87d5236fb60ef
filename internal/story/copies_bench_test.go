package story

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
)

// press writes articles whose words are drawn from a distribution like that of
// a language (Zipf), 400 on average; every fifth is a cut of a recent one with
// one word in thirty replaced.
type press struct {
	rng    *rand.Rand
	zipf   *rand.Zipf
	words  []string
	hashes []word
	recent [64][]int
	n      int
}

func newPress() *press {
	p := &press{rng: rand.New(rand.NewPCG(1, 2))}
	p.words = make([]string, 50_000)
	p.hashes = make([]word, len(p.words))
	for i := range p.words {
		p.words[i] = strings.Map(func(r rune) rune { return r - '0' + 'a' }, fmt.Sprint(i)) + "ka"
		p.hashes[i] = hashWord(p.words[i])
	}
	p.zipf = rand.NewZipf(p.rng, 1.1, 4, uint64(len(p.words)-1))
	return p
}

// next is an article as the numbers of its words.
func (p *press) next() []int {
	p.n++
	if p.n > len(p.recent) && p.n%5 == 0 {
		old := p.recent[p.rng.IntN(len(p.recent))]
		cut := append([]int{}, old[:len(old)/2+p.rng.IntN(len(old)/2)]...)
		for i := 15; i < len(cut); i += 30 {
			cut[i] = int(p.zipf.Uint64())
		}
		return cut
	}
	out := make([]int, 150+p.rng.IntN(500))
	for i := range out {
		out[i] = int(p.zipf.Uint64())
	}
	p.recent[p.n%len(p.recent)] = out
	return out
}

func (p *press) doc(words []int) Doc {
	var s strings.Builder
	for i, w := range words {
		s.WriteString(p.words[w])
		s.WriteString([]string{" ", ".\n\n"}[bit(i%60 == 59)])
	}
	at := day.Add(time.Duration(p.n) * time.Second)
	return Doc{ID: model.ID("article", fmt.Sprint(p.n)), Text: s.String(), At: at, Seen: at, Outlet: "a.example", URL: fmt.Sprint("https://a.example/", p.n)}
}

// reading is readCopy without the cutting into words, for filling an index.
func (p *press) reading(words []int) *reading {
	r := readCopy(p.doc(nil))
	r.ws = make([]word, len(words))
	for i, w := range words {
		r.ws[i] = p.hashes[w]
	}
	r.grams, r.words = shingles(r.ws), uint32(len(r.ws))
	return r
}

// BenchmarkCopyIndexMillion measures one article more in an index that holds
// so many sketches: reading and adding it, and the memory of each inside.
func BenchmarkCopyIndexMillion(b *testing.B) {
	for _, size := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			p := newPress()
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			x := newCopyIndex(Config{Sketches: 2 * size, CopyWindow: 1000 * time.Hour}.withDefaults())
			copies := 0
			for range size {
				r := p.reading(p.next())
				own, _ := x.add(r)
				x.place(r.id, model.ID("story", r.id))
				x.fade(model.ID("article", fmt.Sprint(p.n-100)))
				copies += bit(own.CopyOf != "")
			}
			for i := range 100 {
				x.fade(model.ID("article", fmt.Sprint(p.n-i)))
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			b.ResetTimer()
			n := 0
			for b.Loop() {
				d := p.doc(p.next())
				x.add(readCopy(d))
				x.fade(model.ID("article", fmt.Sprint(p.n-100)))
				n++
			}
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(size), "bytes/article")
			b.ReportMetric(float64(copies)/float64(size/5), "copies_found")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/article")
		})
	}
}
