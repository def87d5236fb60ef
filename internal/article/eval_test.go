package article

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPredict writes predictions for the pages of ARTICLE_PAGES/html to
// ARTICLE_PRED, for the scorer. It is skipped without those variables.
func TestPredict(t *testing.T) {
	dir, out := os.Getenv("ARTICLE_PAGES"), os.Getenv("ARTICLE_PRED")
	if dir == "" || out == "" {
		t.Skip("ARTICLE_PAGES and ARTICLE_PRED name no folder of pages and no output file")
	}
	f, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	enc := json.NewEncoder(w)
	files, _ := filepath.Glob(filepath.Join(dir, "html", "*.gz"))
	for _, name := range files {
		a, err := Read(unzip(t, name), Hints{ContentType: "text/html"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		published := ""
		if !a.Published.IsZero() {
			published = a.Published.Format("2006-01-02T15:04:05Z07:00")
		}
		if err := enc.Encode(map[string]any{"id": strings.TrimSuffix(filepath.Base(name), ".html.gz"), "text": a.Text, "title": a.Title,
			"byline": strings.Join(a.Bylines, ", "), "published": published, "from": a.PublishedFrom, "outlet": a.Outlet, "origin": a.Origin, "problem": a.Problem}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func unzip(tb testing.TB, name string) []byte {
	tb.Helper()
	f, err := os.Open(name)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil {
		tb.Fatal(err)
	}
	return body
}
