package movement_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/movement"
	"crosscheck/internal/place"
	"crosscheck/internal/statement"
)

// item is a sentence with what it tells of, as the files of testdata write it.
type item struct {
	text string
	want []string
}

func items(t *testing.T, file string) []item {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var out []item
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case strings.Count(line, ";") == 7:
			last := &out[len(out)-1]
			last.want = append(last.want, line)
		default:
			out = append(out, item{text: line})
		}
	}
	return out
}

func names(ms []model.Mention) string {
	var out []string
	for _, m := range ms {
		out = append(out, m.Name)
	}
	return strings.Join(out, ", ")
}

// found lists the events of a text in the form of testdata.
func found(t *testing.T, ex *statement.Extractor, body string) []string {
	t.Helper()
	a := &model.Article{ID: "a", Text: body, Published: time.Date(2031, 3, 12, 18, 0, 0, 0, time.UTC)}
	st := ex.Extract(a)
	var out []string
	for _, m := range movement.Extract(a, st, place.Mentions(a, st)) {
		if m.Start < 0 || m.Start >= m.End || m.End > len(body) || m.Cue.Start < m.Start || m.Cue.End > m.End || !strings.Contains(body, m.What) {
			t.Fatalf("%q: %+v", body, m)
		}
		fields := []string{string(m.Verb), m.What, m.By, names(m.From), names(m.To), names(m.At), m.When, m.Speaker}
		for i, f := range fields {
			if fields[i] = strings.TrimPrefix(f, "unnamed: "); f == "" {
				fields[i] = "-"
			}
		}
		out = append(out, strings.Join(fields, "; "))
	}
	return out
}

func TestSeen(t *testing.T) {
	ex, err := statement.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range items(t, "seen.txt") {
		if got := found(t, ex, it.text); fmt.Sprint(got) != fmt.Sprint(it.want) {
			t.Errorf("%s\n got %s\nwant %s", it.text, strings.Join(got, "\n     "), strings.Join(it.want, "\n     "))
		}
	}
}

// TestUnseen measures on sentences that were not looked at while the rules were
// made. An event counts as right when all its fields are.
func TestUnseen(t *testing.T) {
	ex, err := statement.New()
	if err != nil {
		t.Fatal(err)
	}
	right, got, want := 0, 0, 0
	for _, it := range items(t, "unseen.txt") {
		events := found(t, ex, it.text)
		got, want = got+len(events), want+len(it.want)
		for _, e := range events {
			if slices.Contains(it.want, e) {
				right++
			}
		}
	}
	t.Logf("%d right of %d found, %d to find", right, got, want)
	if right*10 < got*8 || right*10 < want*7 {
		t.Errorf("%d right of %d found, %d to find; want 8 of 10 found and 7 of 10 to find right", right, got, want)
	}
}

// Whatever the text, events lie inside it.
func FuzzExtract(f *testing.F) {
	for _, s := range []string{
		"Troops left Kyiv on Monday.", "Two missiles hit a depot", "- hit the port of , and", "Had been closed by at least", "struck\xff a bridge in Rome", "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a := &model.Article{Text: s, Published: time.Date(2031, 3, 12, 0, 0, 0, 0, time.UTC)}
		for _, m := range movement.Extract(a, nil, place.Mentions(a, nil)) {
			if m.Start < 0 || m.Start > m.Cue.Start || m.Cue.Start >= m.Cue.End || m.Cue.End > m.End || m.End > len(s) || !strings.Contains(s, m.What) || !strings.Contains(s, m.By) {
				t.Fatalf("%q: %+v", s, m)
			}
		}
	})
}

func BenchmarkExtract(b *testing.B) {
	a := &model.Article{Text: strings.Repeat("A column of tanks left Melitopol on Monday and reached Kherson a day later. Officials said that the bridge was closed after two drones hit a depot near Odesa. ", 16)}
	mentions := place.Mentions(a, nil)
	for b.Loop() {
		movement.Extract(a, nil, mentions)
	}
}
