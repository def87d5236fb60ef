package web

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// TestTable reads a table back and looks for cells a spreadsheet would carry out.
func TestTable(t *testing.T) {
	m := quernSound()
	a := m.add("bank", "formula", "The Weir", "12 18:00", "=HYPERLINK(\"http://evil.example\")", "{x okafell 12 c1|+cmd|' /C calc'!A0}. {x okafell 12 c1|Two\nlines, and a comma}.")
	m.statements[a.ID][0].Role = "\t@SUM(1)"
	s := site(t, m)
	for path, want := range map[string]int{"/claims/c1/statements.csv": 18, "/stories/bank/statements.csv": 8, "/speakers/okafell/statements.csv": 6} {
		w := get(t, s, apiRoot+path)
		rows, err := csv.NewReader(bytes.NewReader(w.Body.Bytes())).ReadAll()
		if err != nil || !slices.Equal(rows[0], columnNames()) || len(rows)-1 != want {
			t.Fatalf("%s: %v, %d rows, want %d", path, err, len(rows)-1, want)
		}
		if !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment; filename=") || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv; charset=utf-8") {
			t.Errorf("%s: %v", path, w.Header())
		}
		words := slices.Index(columnNames(), "words")
		if !slices.ContainsFunc(rows, func(row []string) bool { return row[words] == "'+cmd|' /C calc'!A0" }) || !slices.ContainsFunc(rows, func(row []string) bool { return row[words] == "Two\nlines, and a comma" }) {
			t.Errorf("%s: words are lost", path)
		}
	}
	for _, path := range []string{"/claims/c/statements.csv", "/stories/s/statements.csv"} {
		rows, err := csv.NewReader(get(t, site(t, hostile()), apiRoot+path).Body).ReadAll()
		if err != nil || len(rows) < 2 {
			t.Errorf("%s of a hostile store: %v, %d rows", path, err, len(rows))
		}
	}
}

func FuzzSafeCell(f *testing.F) {
	for _, s := range []string{"", "=1", " =1", "\t+1", "-\x00", "@x", "＝1", "\x00=1", "\r\n=1", "\xff", "plain"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := safeCell(s)
		first := []rune(strings.TrimSpace(got) + "x")[0]
		if strings.ContainsRune("=+-@＝＋－＠", first) || strings.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) || got != "" && unicode.IsControl([]rune(got)[0]) {
			t.Errorf("safeCell(%q) = %q", s, got)
		}
		if !strings.HasSuffix(got, printable(s)) {
			t.Errorf("safeCell(%q) = %q has lost words", s, got)
		}
	})
}
