package article

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
)

// benchPages loads the pages of the folder CROSSCHECK_DATA.
func benchPages(b *testing.B) [][]byte {
	b.Helper()
	dir := os.Getenv("CROSSCHECK_DATA")
	files, _ := filepath.Glob(filepath.Join(dir, "articles", "aeb", "html", "*.gz"))
	if len(files) == 0 {
		b.Skipf("no pages in %q/articles/aeb/html: set CROSSCHECK_DATA to a folder that has them", dir)
	}
	pages := make([][]byte, len(files))
	for i, name := range files {
		pages[i] = unzip(b, name)
	}
	return pages
}

// BenchmarkRead reads every page once an iteration.
func BenchmarkRead(b *testing.B) {
	pages := benchPages(b)
	b.ReportAllocs()
	for b.Loop() {
		for _, p := range pages {
			if _, err := Read(p, Hints{ContentType: "text/html"}); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(len(pages)*b.N)/b.Elapsed().Seconds(), "pages/s")
}

// BenchmarkTrafilatura reads the same pages with go-trafilatura, without its
// fallback extractors, for comparison.
func BenchmarkTrafilatura(b *testing.B) {
	pages := benchPages(b)
	b.ReportAllocs()
	for b.Loop() {
		for _, p := range pages {
			doc, err := html.Parse(strings.NewReader(string(p)))
			if err != nil {
				b.Fatal(err)
			}
			_, _ = trafilatura.ExtractDocument(doc, trafilatura.Options{ExcludeComments: true})
		}
	}
	b.ReportMetric(float64(len(pages)*b.N)/b.Elapsed().Seconds(), "pages/s")
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
