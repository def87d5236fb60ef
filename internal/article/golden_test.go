package article

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden is what a golden file keeps of an article.
type golden struct {
	Title       string
	Bylines     []string
	Outlet      string
	Published   string
	From        model.DateFrom
	Modified    string
	Language    string
	Canonical   string
	Image       string
	Origin      model.Origin
	Readability model.Readability
	Problem     string
	Text        []string
}

// TestGolden reads the pages of testdata, which cover every kind of furniture.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, ".golden") {
			continue
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			body, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			h := Hints{}
			if strings.Contains(name, "fragment") {
				h.Item = &model.Item{Title: "Airport closed", Byline: "Ida Roth", URL: "https://radio.example/airport", Published: time.Date(2024, 3, 1, 6, 0, 0, 0, time.UTC)}
			}
			a, err := Read(body, h)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, name+".golden", goldenOf(a))
		})
	}
}

func goldenOf(a *model.Article) golden {
	g := golden{a.Title, a.Bylines, a.Outlet, "", a.PublishedFrom, "", a.Language, a.Canonical, a.Image, a.Origin, a.Readability, a.Problem, strings.Split(a.Text, "\n\n")}
	if !a.Published.IsZero() {
		g.Published = a.Published.Format(time.RFC3339)
	}
	if !a.Modified.IsZero() {
		g.Modified = a.Modified.Format(time.RFC3339)
	}
	return g
}

// compare checks got against a golden file, or rewrites it with -update.
func compare(t *testing.T, name string, got golden) {
	t.Helper()
	if *update {
		var b strings.Builder
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(got); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var want golden
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}
