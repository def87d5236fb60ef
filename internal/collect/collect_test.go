package collect

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"crosscheck/internal/fetch"
	"crosscheck/internal/model"
)

var update = flag.Bool("update", false, "rewrite the wanted parts of testdata")

// at is the time of every poll in these tests.
var at = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// web answers by URL.
type web map[string]*fetch.Response

func (w web) Get(_ context.Context, r fetch.Request) (*fetch.Response, error) {
	res, ok := w[r.URL]
	if !ok {
		return nil, model.Errorf(model.ErrNotFound, "%s: the server answered 404 Not Found", r.URL)
	}
	if res.ETag != "" && r.ETag == res.ETag {
		return &fetch.Response{Status: 304, NotModified: true, ETag: res.ETag}, nil
	}
	return res, nil
}

var _ Getter = (*fetch.Client)(nil)

// page is an answer.
func page(address, contentType, body string) *fetch.Response {
	return &fetch.Response{
		Status: 200, Body: []byte(body),
		Capture: model.Capture{Hash: model.HashOf([]byte(body)), URL: address, FinalURL: address, ContentType: contentType, At: at},
	}
}

func newCollector(get Getter) *Collector {
	return New(slog.New(slog.DiscardHandler), get, Config{Now: func() time.Time { return at }, Rand: func() float64 { return 0.5 }})
}

func source(t *testing.T, kind model.SourceKind, address string) model.Source {
	t.Helper()
	src := model.Source{Kind: kind, URL: address}
	if err := src.Validate(); err != nil {
		t.Fatal(err)
	}
	return src
}

// TestListings polls every archive of testdata: its folder is the kind of
// source, its first file the source and the others the rest of the web, each
// named by its URL; the file "want" says what a poll brings.
func TestListings(t *testing.T) {
	names, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no testdata (%v)", err)
	}
	for _, name := range names {
		t.Run(strings.TrimPrefix(name, "testdata/"), func(t *testing.T) { testListing(t, name) })
	}
}

func testListing(t *testing.T, name string) {
	ar, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	w := web{}
	for _, f := range ar.Files {
		if f.Name != "want" {
			address, contentType, _ := strings.Cut(f.Name, " ")
			w[address] = page(address, contentType, unquote(f.Data))
		}
	}
	first, _, _ := strings.Cut(ar.Files[0].Name, " ")
	res, err := newCollector(w).Poll(t.Context(), source(t, model.SourceKind(filepath.Base(filepath.Dir(name))), first))
	got := dump(res, err)
	last := &ar.Files[len(ar.Files)-1]
	if *update {
		last.Data = []byte(got)
		if err := os.WriteFile(name, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(string(last.Data), got); last.Name != "want" || d != "" {
		t.Errorf("want -, got +\n%s", d)
	}
}

// unquote writes bytes that have no place in a text file: \xNN.
func unquote(data []byte) string {
	s := string(data)
	for b := range 256 {
		s = strings.ReplaceAll(s, fmt.Sprintf(`\x%02x`, b), string([]byte{byte(b)}))
	}
	return s
}

// dump writes a result for reading.
func dump(res Result, err error) string {
	var b bytes.Buffer
	if err != nil {
		fmt.Fprintf(&b, "error: %v\n", err)
	}
	if res.State.Title != "" {
		fmt.Fprintf(&b, "title: %s\n", res.State.Title)
	}
	for _, it := range res.Items {
		fmt.Fprintf(&b, "%s\n\ttitle: %s\n", it.URL, it.Title)
		for _, f := range []struct{ name, value string }{
			{"guid", it.GUID},
			{"byline", it.Byline},
			{"published", stamp(it.Published)},
			{"updated", stamp(it.Updated)},
			{"summary", it.Summary},
			{"content", it.Content},
		} {
			if f.value != "" {
				fmt.Fprintf(&b, "\t%s: %s\n", f.name, strings.ReplaceAll(f.value, "\n", "\\n"))
			}
		}
		if it.Future {
			b.WriteString("\tin the future\n")
		}
	}
	for _, n := range res.Notes {
		fmt.Fprintf(&b, "note: %s\n", n)
	}
	return b.String()
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
