package article

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"crosscheck/internal/model"
)

// FuzzRead asserts what holds for every page: Read returns an article or an
// error of a known kind, its text is valid UTF-8 with no empty paragraph, and
// reading is repeatable.
func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.*")
	for _, name := range files {
		if body, err := os.ReadFile(name); err == nil && !strings.HasSuffix(name, ".golden") {
			f.Add(body)
		}
	}
	f.Add([]byte("<p>a<table><a><table>b"))
	f.Add([]byte("\xff\xfe<\x00p\x00>\x00"))
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := Read(body, Hints{Now: time.Unix(1700000000, 0)})
		if err != nil {
			return
		}
		if !utf8.ValidString(a.Text) || !utf8.ValidString(a.Title) {
			t.Errorf("text or title is not UTF-8: %q, %q", a.Title, a.Text)
		}
		if a.ID != model.ID("article", a.Key) || a.Readability == "" {
			t.Errorf("ID %q, key %q, readability %q", a.ID, a.Key, a.Readability)
		}
		if (a.Readability != model.ReadOK) != (a.Problem != "") {
			t.Errorf("readability %q with problem %q", a.Readability, a.Problem)
		}
		for p := range strings.SplitSeq(a.Text, "\n\n") {
			if strings.TrimSpace(p) == "" && a.Text != "" {
				t.Errorf("empty paragraph in %q", a.Text)
			}
		}
		if b, err := Read(body, Hints{Now: time.Unix(1700000000, 0)}); err != nil || b.Text != a.Text {
			t.Errorf("second reading differs: %v", err)
		}
	})
}

// FuzzDate asserts that what is read as a date lies in the years of the web.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"2024-03-05T09:30:00+01:00", "5 March 2024", "March 5, 2024 at 3:04 PM", "05.03.2024", "20240305", "12/31/2023", "5 de março de 2024", "Updated: Oct 01, 2025T10:00:00+03:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, ok := parseDate(s); ok && (d.Year() < 1990 || d.Year() > 2100) {
			t.Errorf("parseDate(%q) = %v", s, d)
		}
		lineDate(s, true)
		wireDate(s)
	})
}
