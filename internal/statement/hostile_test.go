package statement

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
)

// checkSpans fails the test when a statement does not map back to its text.
func checkSpans(t *testing.T, a *model.Article, sts []model.Statement) {
	t.Helper()
	last := -1
	for i, s := range sts {
		if s.N != i+1 || s.ID == "" || len(s.Content) == 0 || s.Speaker == "" || s.Kind == "" || s.Stance == "" || s.SpeakerType == "" {
			t.Fatalf("statement %d is incomplete: %+v", i, s)
		}
		if i > 0 && s.Class != sts[i-1].Class {
			last = -1 // the positions stand behind the statements
		}
		if s.Content[0].Start < last {
			t.Fatalf("statement %d starts at %d, after one at %d", i, s.Content[0].Start, last)
		}
		last = s.Content[0].Start
		end := 0
		for _, c := range s.Content {
			if c.Start < end || c.Len() <= 0 || c.End > len(a.Text) {
				t.Fatalf("statement %d: content %v after %d in %d bytes", i, c, end, len(a.Text))
			}
			end = c.End
		}
		for _, c := range []model.Span{s.Cue, s.Mention} {
			if c != (model.Span{}) && (c.Start < 0 || c.Len() <= 0 || c.End > len(a.Text)) {
				t.Fatalf("statement %d: span %v in %d bytes", i, c, len(a.Text))
			}
		}
	}
}

// TestHostile runs 256 KiB of each; quadratic work would take a minute.
func TestHostile(t *testing.T) {
	e := newExtractor(t)
	for _, unit := range []string{
		"“", "\"", "'", "said ", "“a” said ", "he said ", "“A,” he said. ", "“a.\n\n", "X, ", "who said, ", "a", ")", "“)", "according to ",
		"The minister said so. Mara Olm of Ambry left. ", "they said it. ", "on Tuesday said ", "Ab Cd ", "Ab of ", "and said that ", "U.S. ", "said: ",
	} {
		a := &model.Article{Text: strings.Repeat(unit, (1<<18)/len(unit)), Published: time.Date(2031, 3, 11, 0, 0, 0, 0, time.UTC)}
		start := time.Now()
		checkSpans(t, a, e.Extract(a))
		if took := time.Since(start); took > time.Minute {
			t.Errorf("256 KiB of %q took %v", unit, took)
		} else {
			t.Logf("%q %v", unit, took)
		}
	}
}

func FuzzExtract(f *testing.F) {
	for _, s := range corpus(f) {
		f.Add(s)
	}
	e := newExtractor(f)
	f.Fuzz(func(t *testing.T, s string) {
		a := &model.Article{ID: "a", Text: s, Published: time.Date(2031, 3, 11, 0, 0, 0, 0, time.UTC)}
		checkSpans(t, a, e.Extract(a))
	})
}

// corpus returns the golden texts.
func corpus(tb testing.TB) []string {
	tb.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		tb.Fatal(err)
	}
	var out []string
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, string(b))
	}
	return out
}

// BenchmarkExtract reads an article of some 1,300 words.
func BenchmarkExtract(b *testing.B) {
	e := newExtractor(b)
	a := &model.Article{Text: strings.Join(corpus(b), "\n\n"), Published: time.Date(2031, 3, 11, 0, 0, 0, 0, time.UTC)}
	b.SetBytes(int64(len(a.Text)))
	b.ReportAllocs()
	for b.Loop() {
		e.Extract(a)
	}
}
