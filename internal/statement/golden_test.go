package statement

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden reads every text of testdata and compares what it states with the
// file beside it.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no texts: %v", err)
	}
	e := newExtractor(t)
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			got := golden(e, readText(t, name))
			file := strings.TrimSuffix(name, ".txt") + ".golden"
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), got); d != "" {
				t.Errorf("statements (-want +got):\n%s", d)
			}
		})
	}
}

// readText reads a text with its line "published: DATE" and a blank one.
func readText(t *testing.T, name string) *model.Article {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, body, _ := strings.Cut(string(b), "\n\n")
	at, err := time.Parse(time.DateOnly, strings.TrimPrefix(head, "published: "))
	if err != nil {
		t.Fatal(err)
	}
	return &model.Article{ID: "a", Revision: 1, Text: strings.TrimSuffix(body, "\n"), Published: at}
}

// golden writes statements so that a person can check them.
func golden(e *Extractor, a *model.Article) string {
	var b strings.Builder
	for _, s := range e.Extract(a) {
		if s.Class == model.ClassPosition {
			continue
		}
		fmt.Fprintf(&b, "%d %s, %s, %s\n", s.N, s.Speaker, s.SpeakerType, or(s.Role))
		fmt.Fprintf(&b, "  %s %s, cue %s, mention %s, by %s, on %s\n", s.Kind, s.Stance, or(s.Cue.Of(a.Text)), or(s.Mention.Of(a.Text)), or(s.Channel), or(s.SaidOn))
		for _, c := range s.Content {
			fmt.Fprintf(&b, "  | %s\n", c.Of(a.Text))
		}
	}
	return b.String()
}

func or(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func newExtractor(tb testing.TB) *Extractor {
	tb.Helper()
	e, err := New()
	if err != nil {
		tb.Fatal(err)
	}
	return e
}
