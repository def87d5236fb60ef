package story

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	const title = "Bow of the dredger raised at Quernsound"
	for name, tt := range map[string]struct {
		copied Text
		want   Change // Kept and Own within 0.02
		say    string
	}{
		"the same":        {Text{title, dredgerText}, Change{Kept: 1}, "unchanged"},
		"other case":      {Text{strings.ToUpper(title), "  " + strings.ToUpper(dredgerText)}, Change{Kept: 1}, "unchanged"},
		"headline":        {Text{"Dredger up", dredgerText}, Change{Kept: 1, Retitled: true}, "new headline"},
		"no headline":     {Text{"", dredgerText}, Change{Kept: 1}, "unchanged"},
		"cut":             {Text{"Dredger up", paras(dredger[0], dredger[1], harbourOwn[2])}, Change{Kept: 0.29, Own: 0.36, Retitled: true, Cut: 5, Added: 1}, "cut to 28 %, new headline, one paragraph added"},
		"one line":        {Text{title, strings.Join(dredger, " ")}, Change{Kept: 1}, "unchanged"},
		"order":           {Text{title, paras(dredger[0], dredger[2], dredger[1], dredger[3], dredger[4], dredger[5], dredger[6])}, Change{Kept: 1, Reordered: true}, "reordered"},
		"added":           {Text{title, paras(dredgerText, harbourOwn[2], "Share this")}, Change{Kept: 1, Own: 0.15, Added: 2}, "2 paragraphs added"},
		"one word":        {Text{title, strings.Replace(dredgerText, "soup", "tea", 1)}, Change{Kept: 0.99, Words: 1}, "one word changed"},
		"words":           {Text{title, strings.NewReplacer("soup", "hot tea", "The crew of six climbed", "Six men climbed", "No one was", "Nobody was").Replace(dredgerText)}, Change{Kept: 0.98, Own: 0.02, Words: 7}, "7 words changed"},
		"dateline":        {Text{title, "QUERNSOUND (Aldwire) – " + dredgerText}, Change{Kept: 1, Own: 0.01, Words: 2}, "2 words changed"},
		"another text":    {Text{title, paras(harbourOwn...)}, Change{Own: 1, Cut: 7, Added: 4}, "cut to 0 %, 4 paragraphs added"},
		"nothing":         {Text{title, ""}, Change{Cut: 7}, "cut to 0 %"},
		"first sentences": {Text{title, paras(dredger[0], "The lift took most of the night.", dredger[2])}, Change{Kept: 0.30, Cut: 5}, "cut to 30 %"},
	} {
		got := Compare(Text{title, dredgerText}, tt.copied)
		if s := got.String(); s != tt.say {
			t.Errorf("%s: %q, want %q", name, s, tt.say)
		}
		near := func(a, b float64) bool { return math.Abs(a-b) <= 0.035 }
		if !near(got.Kept, tt.want.Kept) || !near(got.Own, tt.want.Own) {
			t.Errorf("%s: kept %.3f, own %.3f, want %.3f, %.3f", name, got.Kept, got.Own, tt.want.Kept, tt.want.Own)
		}
		got.Kept, got.Own, tt.want.Kept, tt.want.Own = 0, 0, 0, 0
		if got != tt.want {
			t.Errorf("%s: %#v, want %#v", name, got, tt.want)
		}
	}
	if c := Compare(Text{}, Text{}); c != (Change{}) {
		t.Errorf("two empty texts: %+v", c)
	}
}

func TestCompareShortParagraphs(t *testing.T) {
	body := paras("In brief", dredger[0], "What next", dredger[1])
	if c := Compare(Text{Body: body}, Text{Body: body}); c != (Change{Kept: 1}) {
		t.Errorf("%+v, want no change", c)
	}
	if c := Compare(Text{Body: body}, Text{Body: paras(dredger[0], "What next", dredger[1])}); c.Cut != 1 || c.Added != 0 {
		t.Errorf("%+v, want one paragraph cut", c)
	}
}

// FuzzCompare holds what must hold for any two texts: shares are shares, and a
// text is an unchanged copy of itself.
func FuzzCompare(f *testing.F) {
	f.Add(dredgerText, paras(dredger[3], harbourOwn[1]))
	f.Add("", "\xff\xfe “")
	f.Add(strings.Repeat("a b ", 300), strings.Repeat("b a\n\n", 200))
	f.Fuzz(func(t *testing.T, a, b string) {
		c := Compare(Text{a, a}, Text{b, b})
		if !(c.Kept >= 0 && c.Kept <= 1 && c.Own >= 0 && c.Own <= 1) || c.Cut < 0 || c.Added < 0 || c.Words < 0 {
			t.Errorf("%+v", c)
		}
		if c.String() == "" {
			t.Error("no words for a change")
		}
		if same := Compare(Text{a, a}, Text{a, a}); same.Cut > 0 || same.Added > 0 || same.Retitled {
			t.Errorf("a text and itself: %+v", same)
		}
	})
}

// FuzzCopies adds texts of any bytes and asks the index to stay whole.
func FuzzCopies(f *testing.F) {
	f.Add(dredgerText, paras(dredger[:3]...), paras(append(dredger[2:5:5], harbourOwn...)...))
	f.Add("", "“we we our\n\nthe statement reads:\n\nx", "\xff\xfe")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		ws := bodyWords(a)
		gs := shingles(ws)
		kept := sketch(ws, gs)
		if !slices.IsSorted(kept) || len(kept) > 0 && kept[len(kept)-1] >= len(gs) {
			t.Fatalf("sketch of %d shingles: %v", len(gs), kept)
		}
		g := New(Config{})
		for i, body := range []string{a, b, c, a, b} {
			id := string(rune('a' + i))
			addAll(g, news{id: id, outlet: id, body: body, hour: (3 * i) % 5})
		}
		for i := range 5 {
			id := string(rune('a' + i))
			as := g.copies.assignment(g.copies.number(id))
			if as.CopyOf == id || as.Share < 0 || as.Share > 1 || (as.CopyOf == "") != (as.From == "") {
				t.Errorf("%+v", as)
			}
			if as.CopyOf != "" && g.copies.originID(g.copies.number(as.CopyOf)) != "" {
				t.Errorf("%s is a copy of a copy", id)
			}
		}
	})
}
