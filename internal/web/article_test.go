package web

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"crosscheck/internal/model"

	"github.com/google/go-cmp/cmp"
)

// readText is the text of an article as its page shows it, without the
// numbers of the statements and the marks of what is left out.
func readText(p page) string {
	for _, n := range p.all(".read > p:not(.cut) sup, .read > p:not(.cut) .cut, .read del") {
		n.Parent.RemoveChild(n)
	}
	return p.text(".read > p:not(.cut)")
}

func TestLicences(t *testing.T) {
	filler := strings.Repeat("Nobody on the quay would say what came next, and the kiosk was shut. ", 12)
	for _, c := range []struct {
		licence model.Licence
		who     asker
		words   bool // statements are shown
		whole   bool
	}{
		{model.LicenceExcerpt, public, true, false},
		{"", public, true, false},
		{model.LicenceLink, public, false, false},
		{model.LicenceFull, public, true, true},
		{model.LicenceLink, desk, true, true},
		{model.LicenceExcerpt, desk, true, true},
	} {
		m := quernSound()
		a := m.add("withdrawal", "long", "The Weir", "12 17:00", "A quay, and nobody on it", filler+"\n\n"+filler+"“{x okafell 12|Nothing is leaving the yard at Ambry},” Mirrin Okafell said. "+filler+"\n\n"+filler)
		m.revisions["long"] = append(m.revisions["long"], model.Revision{Article: "long", N: 2, Title: a.Title, Text: a.Text + "\n\nA late paragraph: " + filler})
		a.Text = m.revisions["long"][1].Text
		for i := range m.sources {
			if m.sources[i].ID == a.Source {
				m.sources[i].Licence = c.licence
			}
		}
		s := site(t, m)
		p := load(t, s, "/article/long", 200, c.who)
		p.sound()
		name := fmt.Sprintf("licence %q", c.licence)
		if got := p.text("main a.orig"); got != "Read the original" {
			t.Errorf("%s: no link to the original", name)
		}
		p.says("h1", "A quay, and nobody on it")
		whole := p.text(".read")
		body := readText(p)
		if got := strings.Contains(body, "Nothing is leaving the yard"); got != c.words {
			t.Errorf("%s: statement shown is %v, want %v", name, got, c.words)
		}
		more := strings.Replace(squeeze(body), squeeze("“Nothing is leaving the yard at Ambry,” Mirrin Okafell said."), "", 1)
		if n := utf8.RuneCountInString(strings.TrimSpace(more)); c.words && !c.whole && (n > excerptRunes || n < excerptRunes/2) {
			t.Errorf("%s: %d characters beyond the statement, want at most %d", name, n, excerptRunes)
		}
		if got := strings.Count(whole, "the kiosk was shut") > 20; got != c.whole {
			t.Errorf("%s: whole text shown is %v, want %v", name, got, c.whole)
		}
		if n := len([]rune(p.text("section[aria-labelledby=rev]"))); !c.whole && n > 500 {
			t.Errorf("%s: the revisions show %d characters", name, n)
		}
		for _, path := range []string{"/", "/story/withdrawal", "/search?q=kiosk", "/feed.rss", "/feed.json", "/story/withdrawal/feed.rss"} {
			got := get(t, s, path, c.who).Body.String()
			if c.licence == model.LicenceLink && !c.words && strings.Contains(got, "Nothing is leaving the yard") {
				t.Errorf("%s: %s quotes it", name, path)
			}
			if strings.Count(got, "the kiosk was shut") > 4 {
				t.Errorf("%s: %s shows %d sentences of it", name, path, strings.Count(got, "the kiosk was shut"))
			}
		}
		if c.who != nil && !c.words {
			load(t, s, "/story/withdrawal", 200, c.who).says("main", "allows no quotation")
		}
	}
}

// TestLicenceOutlivesItsSource stops following a source whose articles may not
// be quoted: they still may not.
func TestLicenceOutlivesItsSource(t *testing.T) {
	m := quernSound()
	a := m.add("withdrawal", "long", "The Weir", "12 17:00", "A quay", "“{x okafell 12|Nothing is leaving the yard at Ambry},” Mirrin Okafell said.")
	kept := m.sources[:0:0]
	for _, src := range m.sources {
		if src.ID == a.Source {
			src.Licence = model.LicenceLink
			m.gone = append(m.gone, src)
			continue
		}
		kept = append(kept, src)
	}
	m.sources = kept
	p := load(t, site(t, m), "/article/long", 200, public)
	if strings.Contains(readText(p), "Nothing is leaving the yard") || len(m.gone) != 1 {
		t.Errorf("an article of a source no longer followed is quoted (%d gone)", len(m.gone))
	}
}

func TestExcerptIsNeverTheWhole(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		list []model.Span
	}{
		"one quotation":      {"“Nobody has left the camp at all.”", []model.Span{{Start: 3, End: 35}}},
		"all of it":          {"Nobody has left.", []model.Span{{Start: 0, End: 16}}},
		"two sentences":      {"He left. She stayed.", []model.Span{{Start: 0, End: 8}}},
		"nothing said":       {"A short note.", nil},
		"two paragraphs":     {"All said.\n\nSaid again.", []model.Span{{Start: 0, End: 9}, {Start: 11, End: 22}}},
		"spans out of range": {"Short.", []model.Span{{Start: -4, End: 900}}},
		"empty":              {"", nil},
	} {
		var list []model.Statement
		for i, sp := range c.list {
			list = append(list, model.Statement{N: i + 1, Content: []model.Span{sp}})
		}
		e := excerptOf(c.text, list, excerptRunes)
		if whole(c.text, e.Visible) {
			t.Errorf("%s: excerpt of %q is all of it", name, c.text)
		}
	}
}

func FuzzExcerpt(f *testing.F) {
	f.Add("He said no. “Never,” he said.\n\nThe rest.", 12, 20, 10)
	f.Add("ü.ü\n\n\xff.\x80 “", 0, 3, 2)
	f.Fuzz(func(t *testing.T, text string, start, end, extra int) {
		extra = max(0, extra%300)
		st := []model.Statement{{N: 1, Stance: "x", Content: []model.Span{{Start: start, End: end}}, Cue: model.Span{Start: end, End: start}}, {N: 2, Content: []model.Span{{Start: start / 2, End: end + 3}, {Start: end, End: end * 2}}}}
		e := excerptOf(text, st, extra)
		if whole(text, e.Visible) {
			t.Fatalf("the excerpt %v of %q is all of it", e.Visible, text)
		}
		pos := 0
		for _, s := range e.Visible {
			if s.Start < pos || s.End < s.Start || s.End > len(text) {
				t.Fatalf("bad spans %v in %q", e.Visible, text)
			}
			pos = s.End
		}
		for _, visible := range [][]model.Span{nil, e.Visible} {
			var shown strings.Builder
			for _, p := range layout(text, marksOf(text, st), nil, visible) {
				for _, pc := range p.Pieces {
					shown.WriteString(pc.Text)
				}
			}
			if visible == nil && squash(shown.String()) != squash(text) {
				t.Fatalf("layout shows %q of %q", shown.String(), text)
			}
		}
	})
}

// squash drops white space.
func squash(s string) string { return strings.Join(strings.Fields(s), "") }

func TestOverlappingMarks(t *testing.T) {
	const text = "One two three four five six.\n\nSeven eight nine."
	list := []model.Statement{
		{N: 1, Stance: model.StanceAsserts, Content: []model.Span{{Start: 0, End: 27}}},
		{N: 2, Stance: model.StanceDenies, Content: []model.Span{{Start: 4, End: 13}}},
		{N: 3, Stance: model.StanceDoubts, Content: []model.Span{{Start: 8, End: 23}, {Start: 36, End: 41}}},
		{N: 4, Stance: model.StanceConfirms, Content: []model.Span{{Start: 4, End: 13}}},
	}
	var got []string
	for _, p := range layout(text, marksOf(text, list), nil, nil) {
		for _, pc := range p.Pieces {
			got = append(got, fmt.Sprintf("%q %d%s starts %v ends %v", pc.Text, pc.N, pc.Class, pc.Starts, pc.Ends))
		}
	}
	want := []string{
		`"One " 1 starts [1] ends []`, `"two " 2x starts [2 4] ends []`, `"three" 2x starts [3] ends [2 4]`, `" four five" 3d starts [] ends []`,
		`" six" 1 starts [] ends [1]`, `"." 0 starts [] ends []`,
		`"Seven " 0 starts [] ends []`, `"eight" 3d starts [] ends [3]`, `" nine." 0 starts [] ends []`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestCompare(t *testing.T) {
	for _, c := range []struct{ old, now, want string }{
		{"a b c", "a b c", ""},
		{"Forty companies", "Fourteen companies", "[-Forty][+Fourteen] +1-1"},
		{"a b", "a x b", "[-][+x] +1-0"},
		{"a x b", "a b", "[-x][+] +0-1"},
		{"", "new words", "[-][+new words] +2-0"},
		{"old words", "", "[-old words][+] +0-2"},
		{"a b c d", "b c d e", "[-a][+][-][+e] +1-1"},
	} {
		cmp := compare(c.old, c.now)
		got := ""
		for _, ch := range cmp.Changes {
			got += fmt.Sprintf("[-%s][+%s]", ch.Del, ch.Ins.Of(c.now))
		}
		if got != "" {
			got += fmt.Sprintf(" +%d-%d", cmp.Added, cmp.Removed)
		}
		if got != c.want {
			t.Errorf("compare(%q, %q) = %q, want %q", c.old, c.now, got, c.want)
		}
	}
}

// undo takes the changes back: what remains must be the old text.
func undo(now string, c comparison) string {
	var b strings.Builder
	pos := 0
	for _, ch := range c.Changes {
		b.WriteString(now[pos:ch.Ins.Start] + " " + ch.Del + " ")
		pos = ch.Ins.End
	}
	return squeeze(b.String() + now[pos:])
}

func TestCompareUndone(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	random := func(n, letters int) string {
		var b strings.Builder
		for range n {
			b.WriteByte(byte('a' + rnd.IntN(letters)))
			b.WriteByte(' ')
		}
		return b.String()
	}
	for range 500 {
		old, now := random(rnd.IntN(40), 4), random(rnd.IntN(40), 4)
		if got := undo(now, compare(old, now)); got != squeeze(old) {
			t.Fatalf("compare(%q, %q) undone is %q", old, now, got)
		}
	}
	old, now := random(6000, 26), random(6000, 26)
	c := compare(old, now) // beyond the bound: still right, though coarse
	if got := undo(now, c); got != squeeze(old) || !c.Rewritten() {
		t.Errorf("two long texts: %d changes, rewritten %v", len(c.Changes), c.Rewritten())
	}
}

func TestSquares(t *testing.T) {
	for _, c := range []struct {
		origins, copies int
		want            string
	}{{1, 5, "■□□□□□"}, {0, 2, "□□"}, {400, 30, ""}, {-1, 2, ""}} {
		if got := squares(c.origins, c.copies); got != c.want {
			t.Errorf("squares(%d, %d) = %q, want %q", c.origins, c.copies, got, c.want)
		}
	}
}

func TestFigure(t *testing.T) {
	m := quernSound()
	list, _ := m.StoryArticles(t.Context(), "withdrawal")
	f := articlesAnHour(foldCopies(list))
	if want := "Articles an hour: 11 origins and 5 copies; the most, 3, from 11 Mar 2031 08:00 UTC"; f.Title != want || len(f.Boxes) != 16 {
		t.Errorf("%d boxes, %q, want 16, %q", len(f.Boxes), f.Title, want)
	}
	var many []origin
	for i := range 4000 {
		a := model.Article{ID: fmt.Sprint(i), Published: crisisNow.AddDate(0, 0, -i/10)}
		many = append(many, origin{Article: a})
	}
	if f := articlesAnHour(many); len(f.Boxes) > 2*maxColumns || f.Unit != "in four weeks" {
		t.Errorf("4000 articles: %d boxes, %s", len(f.Boxes), f.Unit)
	}
	if f := articlesAnHour(many[:2]); f.Boxes != nil {
		t.Error("two articles are drawn")
	}
}

// What the revisions show counts against the same allowance as the opening.
func TestRevisionsShareTheAllowance(t *testing.T) {
	p := load(t, site(t, quernSound()), "/article/lanthorn-1", 200)
	shown := len([]rune(p.text(".hunks del"))) + len([]rune(p.text(".hunks ins")))
	body := squeeze(readText(p))
	m := quernSound()
	a, _ := m.Article(t.Context(), "lanthorn-1")
	for _, st := range m.statements[a.ID] {
		for _, s := range sentencesOf(a.Text, &st) {
			body = strings.Replace(body, squeeze(s.Of(a.Text)), "", 1)
		}
	}
	if n := shown + len([]rune(squeeze(body))); shown == 0 || n > excerptRunes {
		t.Errorf("%d characters beyond the statements, %d of them changes, want at most %d", n, shown, excerptRunes)
	}
}

// TestMovementsOfAnArticle lists what an article tells of movements, as far as
// its sentences may be shown.
func TestMovementsOfAnArticle(t *testing.T) {
	m := quernSound()
	a := m.add("withdrawal", "move", "The Weir", "12 17:00", "Who left", "“{x okafell 12|Two battalions left Dorrin for Ambry on Monday},” Mirrin Okafell said. "+
		strings.Repeat("Nobody on the quay would say what came next. ", 12)+"A shell struck the depot. "+strings.Repeat("The kiosk was shut. ", 20))
	span := func(words string) (int, int) {
		i := strings.Index(a.Text, words)
		return i, i + len(words)
	}
	moved := model.Movement{
		Article: "move", Verb: model.MovementLeft, What: "Two battalions", From: []model.Mention{{Name: "Dorrin"}}, To: []model.Mention{{Name: "Ambry"}}, When: "2031-03-10",
		Statement: m.statements["move"][0].N,
	}
	moved.Start, moved.End = span("“Two battalions left Dorrin for Ambry on Monday,” Mirrin Okafell said.")
	hit := model.Movement{Article: "move", Verb: model.MovementStruck, What: "the depot", By: "A shell"}
	hit.Start, hit.End = span("A shell struck the depot.")
	m.moves = map[string][]model.Movement{"move": {moved, hit, {Article: "move", Start: len(a.Text), End: len(a.Text) + 5, What: "from another text"}}}
	const rows = "section[aria-labelledby=h-mv] li"
	for _, c := range []struct {
		licence model.Licence
		rows    int
	}{{model.LicenceFull, 2}, {model.LicenceExcerpt, 1}, {model.LicenceLink, 0}} {
		for i := range m.sources {
			if m.sources[i].ID == a.Source {
				m.sources[i].Licence = c.licence
			}
		}
		s := site(t, m)
		p := load(t, s, "/article/move", 200, public)
		p.sound()
		p.count(rows, c.rows)
		p.says("section[aria-labelledby=h-mv] .note:last-child", fmt.Sprintf("%d candidate", 3-c.rows))
		if c.rows > 0 {
			p.says(rows+":first-child", "10 Marleft · Two battalions · from Dorrin to Ambry: “Two battalions left Dorrin for Ambry on Monday,” Mirrin Okafell said. statement 1, Mirrin Okafell")
			p.count(rows+":first-child a[href='#s1']", 1)
		}
		if c.rows > 1 {
			p.says(rows+":nth-child(2)", "day not saidstruck · the depot · by A shell: A shell struck the depot. stated by the article itself · place not said")
		}
		var api apiArticleWhole
		callAPI(t, s, "/api/v1/articles/move", &api)
		if len(api.Movements) != c.rows {
			t.Errorf("licence %s: the API tells of %d movements, want %d", c.licence, len(api.Movements), c.rows)
		}
		if c.rows > 1 {
			want := apiMovement{
				Kind: "struck", What: "the depot", By: "A shell", From: []string{}, To: []string{}, At: []string{}, Sentence: "A shell struck the depot.",
				Span: [2]int{utf8.RuneCountInString(a.Text[:hit.Start]), utf8.RuneCountInString(a.Text[:hit.End])},
			}
			if d := cmp.Diff(want, api.Movements[1]); d != "" {
				t.Errorf("a movement (-want +got):\n%s", d)
			}
		}
	}
}
