// Command fnc measures the features of internal/claim/pair on another task, as
// a check of their sense: the stance of an article to a headline, on the Fake
// News Challenge's training part.
//
//	go run ./internal/claim/fnc DIR [PRED.jsonl]
//
// DIR holds pairs.jsonl and bodies.jsonl. A linear classifier over the features
// of headline and body is cross-validated in five folds; a pair is scored if
// both its headline and its body are of the fold left out, and trained on if
// neither is, so that no text is seen twice. It prints accuracy, macro-F1,
// P/R/F1 by class and the challenge's weighted score as a share of the best
// possible, and writes {"id","stance"} of the scored pairs. Nothing of it is
// used by the program.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"log"
	"math"
	"os"
	"path/filepath"
	"slices"

	"crosscheck/internal/claim/pair"
	"crosscheck/internal/text"
)

const folds = 5

var classes = []string{"agree", "disagree", "discuss", "unrelated"}

// sample is a pair of headline and body.
type sample struct {
	id             string
	class          int
	headline, body int // folds
	features       []float64
	predicted      int // -1 until it has been scored
}

func main() {
	log.SetFlags(0)
	if len(os.Args) < 2 {
		log.Fatal("usage: fnc DIR [PRED.jsonl]")
	}
	samples, err := load(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	for k := range folds {
		var train []*sample
		for _, s := range samples {
			if s.headline != k && s.body != k {
				train = append(train, s)
			}
		}
		w := fit(train)
		for _, s := range samples {
			if s.headline == k && s.body == k {
				s.predicted = w.best(s.features)
			}
		}
	}
	report(samples)
	if len(os.Args) > 2 {
		if err := write(os.Args[2], samples); err != nil {
			log.Fatal(err)
		}
	}
}

// lines calls fn for each line of a file of JSON.
func lines[T any](path string, fn func(T)) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	d := json.NewDecoder(bufio.NewReader(f))
	for {
		var v T
		if err := d.Decode(&v); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		fn(v)
	}
}

// body is an article, read whole and by its first sentences.
type body struct {
	whole     *pair.Reading
	sentences []*pair.Reading
}

// maxSentences of a body are compared with a headline one by one.
const maxSentences = 12

func load(dir string) ([]*sample, error) {
	var reader pair.Reader
	var stream pair.Stream
	bodies := map[int]*body{}
	err := lines(filepath.Join(dir, "bodies.jsonl"), func(l struct {
		ID   int `json:"body_id"`
		Text string
	},
	) {
		b := &body{whole: reader.Read(pair.Said{Article: "body", Content: l.Text})}
		for _, s := range text.Sentences(l.Text) {
			if len(b.sentences) < maxSentences {
				b.sentences = append(b.sentences, reader.Read(pair.Said{Content: s.Of(l.Text)}))
			}
		}
		bodies[l.ID] = b
		stream.Add(b.whole)
	})
	if err != nil {
		return nil, err
	}
	var out []*sample
	err = lines(filepath.Join(dir, "pairs.jsonl"), func(l struct {
		ID       string
		Headline string
		Body     int `json:"body_id"`
		Stance   string
	},
	) {
		h := reader.Read(pair.Said{Article: "headline", Content: l.Headline})
		out = append(out, &sample{
			id: l.ID, class: slices.Index(classes, l.Stance), predicted: -1,
			headline: fold(l.Headline), body: fold(fmt.Sprint(l.Body)),
			features: features(&stream, h, bodies[l.Body]),
		})
	})
	return out, err
}

func fold(s string) int {
	h := fnv.New32a()
	io.WriteString(h, s)
	return int(h.Sum32()>>8) % folds
}

// features are those of the pair, the nearness of the nearest sentence, and
// the tones of headline, body and that sentence.
func features(x *pair.Stream, headline *pair.Reading, b *body) []float64 {
	q := x.Ask(headline)
	f := q.Features(b.whole)
	best, tone := 0.0, pair.Tone{}
	doubts, dismisses := 0.0, 0.0
	for _, s := range b.sentences {
		if c := q.Cover(s); c > best {
			best, tone = c, s.Tone
		}
		doubts += is(s.Tone.Doubts)
		dismisses += is(s.Tone.Dismisses)
	}
	f = append(f, best, best*best, doubts/4, dismisses/4)
	for _, t := range []pair.Tone{headline.Tone, b.whole.Tone, tone} {
		f = append(f, is(t.Negated), is(t.Dismisses), is(t.Doubts))
	}
	return append(f, best*is(tone.Dismisses || tone.Doubts), best*is(headline.Tone.Dismisses || headline.Tone.Doubts), best*dismisses/4)
}

func is(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// weights of each feature, by class.
type weights [][]float64

func (w weights) scores(f []float64) []float64 {
	out := make([]float64, len(w))
	for c := range w {
		for k, x := range f {
			out[c] += w[c][k] * x
		}
	}
	return out
}

func (w weights) best(f []float64) int {
	s := w.scores(f)
	return slices.Index(s, slices.Max(s))
}

// fit is multinomial logistic regression by gradient ascent (Adam); classes
// weigh by the root of their rarity, so that the rare ones are not given up.
func fit(train []*sample) weights {
	const steps, rate, penalty = 120, 0.05, 1e-4
	n := len(train[0].features)
	w, m, v := make(weights, len(classes)), make(weights, len(classes)), make(weights, len(classes))
	share := make([]float64, len(classes))
	for _, s := range train {
		share[s.class] += 1 / float64(len(train))
	}
	for c := range classes {
		w[c], m[c], v[c] = make([]float64, n), make([]float64, n), make([]float64, n)
	}
	for step := 1; step <= steps; step++ {
		grad := make(weights, len(classes))
		for c := range grad {
			grad[c] = make([]float64, n)
		}
		for _, s := range train {
			p := w.scores(s.features)
			top, all := slices.Max(p), 0.0
			for c := range p {
				p[c] = math.Exp(p[c] - top)
				all += p[c]
			}
			for c := range p {
				g := (is(c == s.class) - p[c]/all) / math.Sqrt(share[s.class]) / float64(len(train))
				for k, x := range s.features {
					grad[c][k] += g * x
				}
			}
		}
		c1, c2 := 1-math.Pow(.9, float64(step)), 1-math.Pow(.99, float64(step))
		for c := range grad {
			for k, g := range grad[c] {
				g -= penalty * w[c][k]
				m[c][k] = .9*m[c][k] + .1*g
				v[c][k] = .99*v[c][k] + .01*g*g
				w[c][k] += rate * m[c][k] / c1 / (math.Sqrt(v[c][k]/c2) + 1e-8)
			}
		}
	}
	return w
}

func report(samples []*sample) {
	hit, pred, gold := make([]float64, len(classes)), make([]float64, len(classes)), make([]float64, len(classes))
	unrelated := slices.Index(classes, "unrelated")
	right, n, got, most := 0.0, 0.0, 0.0, 0.0
	for _, s := range samples {
		if s.predicted < 0 {
			continue
		}
		n++
		pred[s.predicted]++
		gold[s.class]++
		if s.predicted == s.class {
			hit[s.class]++
			right++
		}
		most += 0.25 + 0.75*is(s.class != unrelated)
		if (s.predicted == unrelated) == (s.class == unrelated) {
			got += 0.25 + 0.75*is(s.predicted == s.class && s.class != unrelated)
		}
	}
	macro := 0.0
	fmt.Printf("pairs scored %.0f of %d\n", n, len(samples))
	for c, name := range classes {
		p, r := hit[c]/max(1, pred[c]), hit[c]/max(1, gold[c])
		f := 2 * p * r / max(1e-9, p+r)
		macro += f / float64(len(classes))
		fmt.Printf("  %-9s n %5.0f  P %.3f  R %.3f  F1 %.3f\n", name, gold[c], p, r, f)
	}
	fmt.Printf("accuracy %.3f, macro-F1 %.3f, weighted score %.3f\n", right/n, macro, got/most)
}

func write(path string, samples []*sample) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(f)
	for _, s := range samples {
		if s.predicted < 0 {
			continue
		}
		if err := enc.Encode(map[string]any{"id": s.id, "stance": classes[s.predicted]}); err != nil {
			f.Close()
			return err
		}
	}
	return f.Close()
}
