package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func tokenStrings(s string) []string {
	var out []string
	for _, t := range Tokenize(s) {
		out = append(out, s[t.Start:t.End])
	}
	return out
}

func TestTokenize(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Don’t stop.", "Don’t|stop|."},
		{"Tolmark's U.S. envoy", "Tolmark's|U|.|S|.|envoy"},
		{"1,200.5 men, 14.", "1,200.5|men|,|14|."},
		{"4th “Şöyle” e\u0301te\u0301", "4|th|“|Şöyle|”|e\u0301te\u0301"},
		{"rock'n'roll ministers’ plan", "rock'n|'|roll|ministers|’|plan"},
		{"a\u00a0b\xff", "a|b|\xff"},
		{"", ""},
	} {
		if got := strings.Join(tokenStrings(c.in), "|"); got != c.want {
			t.Errorf("Tokenize(%q) = %s, want %s", c.in, got, c.want)
		}
	}
}

func TestSentences(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"It fell. Nobody saw it.", "It fell.|Nobody saw it."},
		{"Gen. Olm spoke. He left.", "Gen. Olm spoke.|He left."},
		{"The U.S. envoy left the U.S. The door closed.", "The U.S. envoy left the U.S.|The door closed."},
		{"J. K. Marr paid $1.5 million. Why?", "J. K. Marr paid $1.5 million.|Why?"},
		{"“It is over.” He left. “Is it?” she asked.", "“It is over.”|He left.|“Is it?” she asked."},
		{"It is item No. 5 of ten. “No.” Next.", "It is item No. 5 of ten.|“No.”|Next."},
		{"One line\n\nAnother. Third", "One line|Another.|Third"},
		{"see example.org for more… Really", "see example.org for more…|Really"},
	} {
		var got []string
		for _, s := range Sentences(c.in) {
			got = append(got, s.Of(c.in))
		}
		if d := cmp.Diff(strings.Split(c.want, "|"), got); d != "" {
			t.Errorf("Sentences(%q) (-want +got):\n%s", c.in, d)
		}
	}
}

func TestParagraphs(t *testing.T) {
	long := "This line was wrapped by hand because it had become too long"
	in := "Title\n\nFirst one.\nSecond one.\n" + long + "\nand goes on here.\n \n last "
	want := []string{"Title", "First one.", "Second one.", long + "\nand goes on here.", "last"}
	var got []string
	for _, s := range Paragraphs(in) {
		got = append(got, s.Of(in))
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("Paragraphs (-want +got):\n%s", d)
	}
}

// quoteStrings writes quotations as depth, text between the marks, and c, r, u
// for continuing, running on and unclosed.
func quoteStrings(s string) []string {
	toks := Tokenize(s)
	var out []string
	for _, q := range Quotes(s) {
		in := q.Inner()
		inner := ""
		if in.Len() > 0 {
			inner = s[toks[in.Start].Start:toks[in.End-1].End]
		}
		mark := ""
		for _, f := range []struct {
			on   bool
			name string
		}{{q.Continues, "c"}, {q.Runs, "r"}, {q.Close < 0, "u"}} {
			if f.on {
				mark += f.name
			}
		}
		out = append(out, strings.Repeat(">", q.Depth)+inner+"/"+mark)
	}
	return out
}

func TestQuotes(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"curly", "“It is so,” he said. “Go.”", []string{"It is so,/", "Go./"}},
		{"straight", `"It is so," he said. "Go."`, []string{"It is so,/", "Go./"}},
		{"single curly", "‘It is so,’ he said of the ministers’ plan. ‘Don’t.’", []string{"It is so,/", "Don’t./"}},
		{"single straight", "'It is so,' he said. Don't.", []string{"It is so,/"}},
		{"apostrophes", "The boys’ dog, Tolmark’s dog, o’clock, rock 'n' roll and the ’90s", []string{}},
		{"inches", `a 6" pipe`, []string{}},
		{"guillemets", "«It is so», he said", []string{"It is so/"}},
		{"german", "„It is so“, he said", []string{"It is so/"}},
		{"nested", "“He said ‘go’ to me,” she said", []string{"He said ‘go’ to me,/", ">go/"}},
		{"nested straight", `"He said 'go' to me," she said`, []string{"He said 'go' to me,/", ">go/"}},
		{"possessive inside", "‘The ministers’ plan failed,’ he said", []string{"The ministers’ plan failed,/"}},
		{"paragraphs", "“One.\n\n“Two.\n\n“Three,” he said.", []string{"One./ru", "Two./cru", "Three,/c"}},
		{"straight paragraphs", "He said: \"One.\n\n\"Two,\" and left.", []string{"One./ru", "Two,/c"}},
		{"unclosed", "“One, he said.\n\nTwo.", []string{"One, he said./u"}},
		{"unclosed, then another", "\"One, he said. \"Two,\" she said.", []string{"One, he said./u", "Two,/"}},
		{"stray close", "One,” he said.", []string{}},
		{"at the dash", "he said—\"go\"—and went", []string{"go/"}},
		{"two apostrophes", "''It is so,'' he said. ''Don't say 'no.' ''", []string{"It is so,/", "Don't say 'no.'/", ">no./"}},
		{"three apostrophes", "''I would say 'go,''' he said. ''Go.''", []string{"I would say 'go,'/", ">go,/", "Go./"}},
		{"mixed marks", "\"It is so,” he said. “Go,\" he said.", []string{"It is so,/", "Go,/"}},
		{"brackets", `("go")`, []string{"go/"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := quoteStrings(c.in)
			if len(got) == 0 {
				got = []string{}
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("Quotes(%q) (-want +got):\n%s", c.in, d)
			}
		})
	}
}

func TestWords(t *testing.T) {
	want := []string{"tolmark", "don't", "pay", "1,200"}
	if d := cmp.Diff(want, Words("Tolmark’s “don’t pay” 1,200!")); d != "" {
		t.Errorf("Words (-want +got):\n%s", d)
	}
	if !IsStop("the") || IsStop("brigade") || Stem("brigades") != "brigad" {
		t.Error("stop words or stems are wrong")
	}
}

func TestOffsets(t *testing.T) {
	for _, s := range []string{"", "plain", "“Şöyle” \xff é 🙂 end"} {
		o := RuneOffsets(s)
		n := 0
		for b := range s {
			if o.Rune(b) != n || o.Byte(n) != b {
				t.Errorf("%q: byte %d is rune %d, got %d and back %d", s, b, n, o.Rune(b), o.Byte(n))
			}
			n++
		}
		if o.Rune(len(s)) != utf8.RuneCountInString(s) || o.Byte(n) != len(s) || o.Byte(-1) != 0 || o.Byte(n+9) != len(s) {
			t.Errorf("%q: ends are wrong", s)
		}
	}
}
