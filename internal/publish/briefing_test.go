package publish

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
)

// crisis makes material at random: captures, the articles read from them, and
// statements in these.
func crisis(r *rand.Rand) (Material, map[string][]byte) {
	words := strings.Fields("the companies have left Dorrin and nobody counted them “at the line” 🚋 вагони стоять wagons, said the minister; 14 — or forty?")
	text := func() string {
		var b strings.Builder
		for range 5 + r.IntN(60) {
			b.WriteString(words[r.IntN(len(words))])
			b.WriteString([]string{" ", ", ", ".\n\n"}[r.IntN(3)])
		}
		return b.String()
	}
	m := Material{}
	captures := map[string][]byte{}
	for i := range 1 + r.IntN(6) {
		m.Claims = append(m.Claims, model.Claim{ID: fmt.Sprint("c", i), Upheld: r.IntN(2), Disputed: r.IntN(2)})
	}
	for i := range r.IntN(12) {
		whole := text()
		hash := model.HashOf([]byte(whole))
		captures[hash] = []byte(whole)
		a := model.Article{ID: fmt.Sprint("a", i)}
		if i > 0 && r.IntN(4) == 0 {
			a.CopyOf = "a0"
		}
		m.Articles = append(m.Articles, a)
		for n := range r.IntN(5) {
			st := model.Statement{
				ID: fmt.Sprint("s", i, "-", n), Article: a.ID, Revision: 1 + r.IntN(3), N: n + 1, Claim: m.Claims[r.IntN(len(m.Claims))].ID,
				Attitude: model.Stances[r.IntN(len(model.Stances))], SpeakerID: fmt.Sprint("p", r.IntN(5)), Content: spans(r, whole),
			}
			at := time.Date(2031, 3, 11, r.IntN(24), 0, 0, 0, time.UTC)
			m.Quotes = append(m.Quotes, Quote{Ledger: model.Ledger{Statement: st, CopyOf: a.CopyOf, Published: at, Seen: at}, Capture: hash, Whole: whole})
		}
	}
	for i := range r.IntN(3) {
		m.Reports = append(m.Reports, Report{model.OutageFacts{ID: fmt.Sprint("o", i), Peak: model.Outage{At: time.Date(2031, 3, 11, 17, 0, 0, 0, time.UTC)}}, "Confirmed: loss."})
	}
	return m, captures
}

// spans is one to three spans of whole characters; now and then they lie
// outside the text, as those of a damaged statement would.
func spans(r *rand.Rand, text string) []model.Span {
	var ends []int
	for i := range text {
		ends = append(ends, i)
	}
	var out []model.Span
	at := 0
	for range 1 + r.IntN(3) {
		if at+2 >= len(ends) {
			break
		}
		from := at + r.IntN(len(ends)-at-1)
		to := from + 1 + r.IntN(len(ends)-from-1)
		out = append(out, model.Span{Start: ends[from], End: ends[to]})
		at = to
	}
	if r.IntN(20) == 0 {
		out = append(out, model.Span{Start: len(text), End: len(text) + 9})
	}
	return out
}

// TestEverySentenceTraces: over random briefings every statement is the bytes
// of a capture at its spans, and every other sentence says what it rests on.
func TestEverySentenceTraces(t *testing.T) {
	traced := 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 1))
		m, captures := crisis(r)
		draft := Draft(m)
		var picks []Pick
		for _, s := range draft {
			if r.IntN(3) > 0 {
				picks = append(picks, Pick{Key: s.Key, Order: r.IntN(50), Pinned: r.IntN(8) == 0})
			}
		}
		picks = append(picks, Pick{Words: "Whether one has to do with the other, nobody has shown.", Order: r.IntN(50)}, Pick{Words: " "})
		b, err := Assemble(model.Briefing{Situation: "x", Title: "Briefing", By: "A"}, draft, picks)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for _, s := range b.Sentences {
			if err := s.Validate(); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if s.Kind != model.SentenceStatement {
				continue
			}
			body, ok := captures[s.Capture]
			if !ok || model.HashOf(body) != s.Capture {
				t.Fatalf("seed %d: %s names capture %s, which is not kept", seed, s.Key, s.Capture)
			}
			if err := Trace(s, string(body)); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			traced++
		}
		if !inOrder(b.Sentences) {
			t.Fatalf("seed %d: a pinned sentence stands behind another", seed)
		}
	}
	if traced < 500 {
		t.Errorf("only %d statements were traced", traced)
	}
}

func inOrder(list []model.Sentence) bool {
	loose := false
	for _, s := range list {
		if s.Pinned && loose {
			return false
		}
		loose = loose || !s.Pinned
	}
	return true
}

func TestTraceFindsWhatWasChanged(t *testing.T) {
	s := model.Sentence{Kind: model.SentenceStatement, Text: "have left", Spans: []model.Span{{Start: 4, End: 13}}}
	if err := Trace(s, "They have left Dorrin."); err == nil {
		t.Error("spans that begin elsewhere are taken for the words")
	}
	s.Spans[0] = model.Span{Start: 5, End: 14}
	if err := Trace(s, "They have left Dorrin."); err != nil {
		t.Error(err)
	}
	if err := Trace(s, "They have lost Dorrin."); err == nil {
		t.Error("other words are taken for these")
	}
}

func TestDraft(t *testing.T) {
	const whole = "We saw nothing. They have left. They have not left."
	at := func(h int) time.Time { return time.Date(2031, 3, 11, h, 0, 0, 0, time.UTC) }
	quote := func(id, who string, st model.Stance, h, from, to int) Quote {
		return Quote{Ledger: model.Ledger{
			Statement: model.Statement{ID: id, Article: "a-" + id, N: 1, Revision: 2, Claim: "c", Attitude: st, SpeakerID: who, Speaker: who, Content: []model.Span{{Start: from, End: to}}},
			Published: at(h), Seen: at(h), Outlet: "Aldwire",
		}, Capture: model.HashOf([]byte(whole)), Whole: whole}
	}
	copied := quote("s4", "d", model.StanceAsserts, 9, 16, 31)
	copied.CopyOf = "b"
	draft := Draft(Material{
		Claims:   []model.Claim{{ID: "c", Upheld: 1, Disputed: 2}},
		Articles: []model.Article{{ID: "a"}, {ID: "b"}, {ID: "k", CopyOf: "b"}},
		Quotes: []Quote{
			quote("s1", "a", model.StanceAsserts, 8, 16, 31), quote("s2", "a", model.StanceDenies, 12, 32, 51), quote("s3", "b", model.StanceDoubts, 10, 0, 15),
			quote("s6", "b", model.StanceDoubts, 14, 0, 15), // the same words, reported later
			copied, quote("s5", "e", model.StanceAsks, 10, 0, 15),
		},
		Reports: []Report{{model.OutageFacts{ID: "o", Service: "bank", Peak: model.Outage{At: at(17), Rule: "v1"}}, "Confirmed: loss of connectivity to the bank."}, {}},
	})
	var got []string
	for i := range draft {
		got = append(got, draft[i].Key+" "+draft[i].Text+" ("+Origin(&draft[i])+")")
	}
	want := []string{
		"count:claims 1 claim, 1 of them disputed. (counted here)",
		"count:articles 3 articles from 2 independent origins; 1 copy. (counted here)",
		"statement:s3 We saw nothing. (Aldwire, published 11 Mar 2031 10:00 UTC, capture " + model.HashOf([]byte(whole))[:12] + ", bytes 0–15 of the text of version 2)",
		"statement:s2 They have not left. (Aldwire, published 11 Mar 2031 12:00 UTC, capture " + model.HashOf([]byte(whole))[:12] + ", bytes 32–51 of the text of version 2)",
		"outage:o Confirmed: loss of connectivity to the bank. (judged 11 Mar 2031 17:00 UTC, rule v1)",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("draft is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAssembleRefuses(t *testing.T) {
	draft := []model.Sentence{{Key: "count:claims", Kind: model.SentenceCount, Text: "1 claim.", Of: []string{"c"}}}
	if _, err := Assemble(model.Briefing{Title: "x"}, draft, []Pick{{Key: "statement:gone"}}); !errors.Is(err, model.ErrConflict) {
		t.Errorf("a sentence that is gone: %v", err)
	}
	if _, err := Assemble(model.Briefing{Title: "x"}, draft, nil); !errors.Is(err, model.ErrInvalid) {
		t.Errorf("an empty briefing: %v", err)
	}
	if _, err := Assemble(model.Briefing{}, draft, []Pick{{Key: "count:claims"}}); !errors.Is(err, model.ErrInvalid) {
		t.Errorf("a briefing without a title: %v", err)
	}
	b, err := Assemble(model.Briefing{Title: "x"}, draft, []Pick{{Key: "count:claims"}, {Words: "Ours."}, {Key: "count:claims", Pinned: true}})
	if err == nil || b != nil {
		t.Errorf("a sentence taken twice gives %+v, %v", b, err)
	}
}

func TestCompare(t *testing.T) {
	before := &model.Briefing{Sentences: []model.Sentence{{Key: "count:claims", Text: "4 claims."}, {Key: "statement:1", Text: "a"}, {Key: "desk:1", Kind: model.SentenceDesk, Text: "Ours."}}}
	now := &model.Briefing{Sentences: []model.Sentence{{Key: "desk:1", Kind: model.SentenceDesk, Text: "Other."}, {Key: "count:claims", Text: "5 claims."}, {Key: "statement:2", Text: "b"}, {Key: "desk:2", Kind: model.SentenceDesk, Text: "Ours."}}}
	d := Compare(before, now)
	if len(d.Added) != 2 || d.Added[0].Text != "Other." || d.Added[1].Text != "b" || len(d.Dropped) != 1 || d.Dropped[0].Text != "a" || len(d.Changed) != 1 || d.Empty() {
		t.Errorf("difference %+v", d)
	}
	if d := Compare(now, now); !d.Empty() {
		t.Errorf("a briefing differs from itself: %+v", d)
	}
}

func TestForms(t *testing.T) {
	const bad = "<script>alert(1)</script> *a* [x](javascript:alert(1))\n# b & <http://x>"
	b := &model.Briefing{Situation: "quern", N: 3, Version: 2, Title: bad, By: bad, At: time.Date(2031, 3, 12, 18, 10, 0, 0, time.UTC), Sentences: []model.Sentence{
		{Kind: model.SentenceStatement, Text: bad, Speaker: bad, Stance: model.StanceDenies, Article: "a", N: 4, Outlet: bad, Capture: strings.Repeat("e", 64), Spans: []model.Span{{Start: 1, End: 5}}, Revision: 1},
		{Kind: model.SentenceDesk, Text: bad},
		{Kind: model.SentenceCount, Text: "5 claims.", Of: []string{}},
	}}
	md := string(Markdown(b, "https://news.example"))
	for _, not := range []string{"<script", "](javascript", "\n# b", "<http://x>"} {
		if strings.Contains(strings.ReplaceAll(strings.ReplaceAll(md, `\<`, ""), `\]`, ""), not) {
			t.Errorf("Markdown has %q:\n%s", not, md)
		}
	}
	for _, want := range []string{"Briefing 3, version 2, 12 Mar 2031 18:10 UTC", "(<https://news.example/article/a#s4>)", "*Desk:* ", "https://news.example/situation/quern/briefing/3?version=2"} {
		if !strings.Contains(md, want) {
			t.Errorf("Markdown lacks %q:\n%s", want, md)
		}
	}
	html, err := Mail(b, "https://news.example")
	if err != nil {
		t.Fatal(err)
	}
	for _, not := range []string{"<script", "href=\"javascript", "style="} {
		if strings.Contains(string(html), not) {
			t.Errorf("mail has %q:\n%s", not, html)
		}
	}
	if want := `<a href="https://news.example/article/a#s4">`; !strings.Contains(string(html), want) {
		t.Errorf("mail lacks %q:\n%s", want, html)
	}
}
