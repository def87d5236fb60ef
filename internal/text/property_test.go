package text

import (
	"strings"
	"testing"
	"time"
	"unicode"
)

// check fails the test when a part of the document does not map back to its
// text.
func check(t *testing.T, s string) {
	t.Helper()
	d := Parse(s)
	var b strings.Builder
	end := 0
	for i, k := range d.Tokens {
		if k.Start < end || k.End <= k.Start || k.End > len(s) {
			t.Fatalf("token %d %v after %d in %d bytes", i, k, end, len(s))
		}
		gap := s[end:k.Start]
		if strings.TrimFunc(gap, unicode.IsSpace) != "" {
			t.Fatalf("gap %q before token %d is not white space", gap, i)
		}
		b.WriteString(gap)
		b.WriteString(d.Token(i))
		end = k.End
	}
	if b.WriteString(s[end:]); b.String() != s {
		t.Fatalf("tokens and gaps make %q, want %q", b.String(), s)
	}
	cover(t, "paragraphs", d.Paragraphs, len(d.Tokens))
	cover(t, "sentences", d.Sentences, len(d.Tokens))
	for i, q := range d.Quotes {
		in := q.Inner()
		if q.Open != q.Tokens.Start || in.Start > in.End || q.Tokens.End > len(d.Tokens) || i > 0 && q.Open <= d.Quotes[i-1].Open {
			t.Fatalf("quote %d is %+v", i, q)
		}
		if i > 0 && q.Depth == 0 && q.Open < d.Quotes[i-1].Tokens.End && d.Quotes[i-1].Depth == 0 {
			t.Fatalf("quotes %d and %d overlap", i-1, i)
		}
	}
}

func cover(t *testing.T, what string, rs []Range, n int) {
	t.Helper()
	end := 0
	for _, r := range rs {
		if r.Start != end || r.Len() <= 0 {
			t.Fatalf("%s: %v after %d", what, r, end)
		}
		end = r.End
	}
	if end != n {
		t.Fatalf("%s end at %d of %d tokens", what, end, n)
	}
}

var hostile = []string{
	"", " ", "\n\n", "\xff\xfe", "“", "”", `"`, "'", "‘’", "“‘„«»”", "...", "\u0301", "a\u0301\u0302", "1.,2", "‘a’b’ c",
	`"a "b" c"`, "U.S.\nU.K. “Go.” 'x' 'y", "“A.\n\n“B ‘c.\n\n‘D.’ e”",
}

func TestOffsetsMapBack(t *testing.T) {
	for _, s := range hostile {
		check(t, s)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(check)
}

// TestLinear runs a megabyte of hostile text of each kind; quadratic work
// would take minutes.
func TestLinear(t *testing.T) {
	for _, unit := range []string{"“", "\"", "'", "‘a", "‘a’ ", "a", "a\u0301", "1.", ".", "“a.\n\n", "' a", "U.", "”", "«‘"} {
		start := time.Now()
		Parse(strings.Repeat(unit, (1<<20)/len(unit)))
		if took := time.Since(start); took > time.Minute {
			t.Errorf("1 MiB of %q took %v", unit, took)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	s := strings.Repeat("“We have not seen it,” said Mr. Olm, who studies Tolmark’s 4th Brigade. It left at 8.15.\n\n", 50)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		Parse(s)
	}
}
