package net

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/text"
)

// fixture is a text and what the reference implementation makes of it. Its
// tokens include the paragraph marks.
type fixture struct {
	Text       string
	Tokens     []string
	Features   [][]int
	Logits     [][]float32
	Labels     []int
	Statements []struct {
		Cue, Source []int
		Content     [][]int
	}
}

func readFixtures(t testing.TB) []fixture {
	t.Helper()
	b, err := os.ReadFile("testdata/fixtures.json")
	if err != nil {
		t.Fatal(err)
	}
	var out []fixture
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// loaded returns the network with the kernels of this machine, and plain.
func loaded(t testing.TB) map[string]*Net {
	t.Helper()
	n, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*Net{"fastest": n, "plain": withKernels(n, plain)}
}

func withKernels(n *Net, k kernels) *Net {
	return &Net{
		vocab: n.vocab, glove: n.glove, gloveScale: n.gloveScale, tables: n.tables, word: n.word, places: n.places,
		layers: n.layers, norm: n.norm, out: n.out, trans: n.trans, moves: n.moves,
		link: n.link, noneW: n.noneW, noneB: n.noneB, linkFeat: n.linkFeat, kernels: k,
	}
}

func TestParity(t *testing.T) {
	for name, n := range loaded(t) {
		worst := 0.0
		for _, f := range readFixtures(t) {
			d := text.Parse(f.Text)
			n.each(d, func(r *run, s *scratch) {
				checkFeatures(t, f, d, r)
				worst = max(worst, logitGap(f, s))
				n.decode(r, s)
				for i, want := range f.Labels {
					if got := int(s.labels[i]); got != want {
						t.Errorf("%s: %q: label of token %d (%s) = %d, want %d", name, f.Text, i, f.Tokens[i], got, want)
					}
				}
			})
			if diff := cmp.Diff(wantLinks(f), links(n.Propose(d))); diff != "" {
				t.Errorf("%s: %q: attributions (-want +got):\n%s", name, f.Text, diff)
			}
		}
		t.Logf("%s: largest difference of a logit %.6f", name, worst)
		if worst > 1e-3 {
			t.Errorf("%s: a logit differs by %.6f, want at most 0.001", name, worst)
		}
	}
}

func checkFeatures(t *testing.T, f fixture, d *text.Doc, r *run) {
	t.Helper()
	if len(r.seq) != len(f.Tokens) {
		t.Fatalf("%q: %d tokens, want %d", f.Text, len(r.seq), len(f.Tokens))
	}
	for i, want := range f.Tokens {
		got := "<p>"
		if k := r.tokens[i]; k >= 0 {
			got = d.Token(int(k))
		}
		if got != want {
			t.Errorf("%q: token %d = %q, want %q", f.Text, i, got, want)
		}
		if diff := cmp.Diff(f.Features[i], features(r, i)); diff != "" {
			t.Errorf("%q: features of %q (-want +got):\n%s", f.Text, want, diff)
		}
	}
}

func features(r *run, i int) []int {
	var out []int
	for _, v := range r.words[r.seq[i]].ids {
		out = append(out, int(v))
	}
	for _, v := range r.places[i] {
		out = append(out, int(v))
	}
	return out
}

func logitGap(f fixture, s *scratch) float64 {
	worst := 0.0
	for i, row := range f.Logits {
		for c, want := range row {
			worst = max(worst, math.Abs(float64(want-s.logits[i*panel+c])))
		}
	}
	return worst
}

// linked is an attribution without its scores.
type linked struct {
	Cue, Source text.Range
	Content     []text.Range
}

func links(as []Attribution) []linked {
	var out []linked
	for _, a := range as {
		l := linked{Cue: a.Cue.Range, Source: a.Source.Range}
		for _, c := range a.Content {
			l.Content = append(l.Content, c.Range)
		}
		if l.Cue.Len() > 0 {
			out = append(out, l)
		}
	}
	return out
}

func wantLinks(f fixture) []linked {
	marks, before := 0, make([]int, len(f.Tokens))
	for i, w := range f.Tokens {
		if w == "<p>" {
			marks++
		}
		before[i] = marks
	}
	move := func(r []int) text.Range {
		if r == nil {
			return text.Range{}
		}
		return text.Range{Start: r[0] - before[r[0]], End: r[1] - before[r[1]-1]}
	}
	var out []linked
	for _, s := range f.Statements {
		l := linked{Cue: move(s.Cue), Source: move(s.Source)}
		for _, c := range s.Content {
			l.Content = append(l.Content, move(c))
		}
		out = append(out, l)
	}
	return out
}

func TestProposeHostile(t *testing.T) {
	n, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string]string{
		"empty":             "",
		"white space":       " \n\n\t",
		"one token":         "Yes",
		"one mark":          "“",
		"invalid bytes":     "He said \xff\xfe ‘\xc3’ to \xe2\x80.",
		"combining marks":   "Le ministre a de\u0301clare\u0301 que “e\u0301”.",
		"many quotes":       strings.Repeat("“", 3000),
		"one long line":     strings.Repeat("The minister said on Monday that nobody had fired, but he denied it. ", 200),
		"many paragraphs":   strings.Repeat("“Go,” he said.\n\n", 500),
		"a cue every token": strings.Repeat("said ", 3000),
		"one long word":     strings.Repeat("z", 100000),
	} {
		d := text.Parse(in)
		checkShape(t, name, d, n.Propose(d))
	}
}

// TestLongText reads 100,000 tokens and holds the memory of a run against the
// longest run, whatever the length of the text.
func TestLongText(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds without vectors")
	}
	n, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	d := text.Parse(strings.Repeat("The ministry said on Monday nobody had fired. ", 6000) + strings.Repeat("“Go,” he said.\n\n", 7000))
	if len(d.Tokens) < 100_000 {
		t.Fatalf("%d tokens, want 100,000", len(d.Tokens))
	}
	runs := 0
	n.each(d, func(r *run, s *scratch) {
		runs++
		if len(r.seq) > maxRun || cap(s.u) > 2*maxRun*4*gates {
			t.Fatalf("run of %d tokens in %d numbers", len(r.seq), cap(s.u))
		}
	})
	if least := len(d.Tokens) / maxRun; runs < least {
		t.Errorf("%d runs, want at least %d", runs, least)
	}
}

func FuzzPropose(f *testing.F) {
	for _, x := range readFixtures(f) {
		f.Add(x.Text)
	}
	n, err := Load()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, in string) {
		d := text.Parse(in)
		checkShape(t, "fuzz", d, n.Propose(d))
	})
}

// checkShape fails unless the spans lie in the document, inside a paragraph,
// and the scores are probabilities.
func checkShape(t *testing.T, name string, d *text.Doc, as []Attribution) {
	t.Helper()
	for _, a := range as {
		if a.Cue.Len() == 0 && (a.Source.Len() > 0 || len(a.Content) != 1) {
			t.Fatalf("%s: no cue, but %+v", name, a)
		}
		for _, x := range append([]Span{a.Cue, a.Source}, a.Content...) {
			if x.Len() == 0 {
				continue
			}
			in := func(p text.Range) bool { return p.Start <= x.Start && x.End <= p.End }
			if !slices.ContainsFunc(d.Paragraphs, in) {
				t.Fatalf("%s: span %v is in no paragraph", name, x)
			}
			for _, p := range []float64{x.P, x.Link} {
				if !(p >= 0 && p <= 1.000001) {
					t.Fatalf("%s: score %v of %v", name, p, x)
				}
			}
		}
	}
}

// sample is some 500 words in the manner of news.
func sample(t testing.TB) string {
	var b strings.Builder
	for b.Len() < 2900 {
		for _, f := range readFixtures(t) {
			if b.Len() < 2900 {
				b.WriteString(f.Text + "\n\n")
			}
		}
	}
	return b.String()
}

func BenchmarkPropose(b *testing.B) {
	d := text.Parse(sample(b))
	for name, n := range loaded(b) {
		b.Run(name, func(b *testing.B) {
			n.Propose(d)
			b.ReportAllocs()
			for b.Loop() {
				n.Propose(d)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
			b.ReportMetric(float64(len(d.Tokens)*b.N)/b.Elapsed().Seconds(), "tokens/s")
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := read(packedWeights, packedVocab); err != nil {
			b.Fatal(err)
		}
	}
}
