package web

import (
	"slices"
	"unicode"

	"crosscheck/internal/model"
)

// maxEdits bounds the work of a comparison: texts that differ in more words
// count as rewritten between their first and last common word.
const maxEdits = 800

// change is one place where a text became another: the words Del of the old
// text gave way to the span Ins of the new one. Either may be empty.
type change struct {
	Del string
	Ins model.Span
}

// comparison is what became of a text.
type comparison struct {
	Changes []change
	Added   int // words
	Removed int
	Words   int // of the new text
}

// Rewritten reports whether so much changed that marking it would not help.
func (c comparison) Rewritten() bool {
	return len(c.Changes) > 0 && (c.Added+c.Removed)*2 > c.Words+20
}

// compare finds the words that were removed and added between two texts.
func compare(old, now string) comparison {
	a, b := wordSpans(old), wordSpans(now)
	c := comparison{Words: len(b)}
	lo := 0
	for lo < len(a) && lo < len(b) && a[lo].Of(old) == b[lo].Of(now) {
		lo++
	}
	hi := 0
	for hi < len(a)-lo && hi < len(b)-lo && a[len(a)-1-hi].Of(old) == b[len(b)-1-hi].Of(now) {
		hi++
	}
	am, bm := a[lo:len(a)-hi], b[lo:len(b)-hi]
	keep := commonWords(words(am, old), words(bm, now))
	i, j := 0, 0
	for _, k := range append(keep, [2]int{len(am), len(bm)}) {
		if k[0] > i || k[1] > j {
			c.add(old, am[i:k[0]], b, lo+j, lo+k[1])
		}
		i, j = k[0]+1, k[1]+1
	}
	return c
}

// add records that the words del of the old text gave way to b[from:to]. Words
// only removed are anchored after the word before them.
func (c *comparison) add(old string, del, b []model.Span, from, to int) {
	var ch change
	if len(del) > 0 {
		ch.Del = old[del[0].Start:del[len(del)-1].End]
	}
	switch {
	case to > from:
		ch.Ins = model.Span{Start: b[from].Start, End: b[to-1].End}
	case from > 0:
		ch.Ins = model.Span{Start: b[from-1].End, End: b[from-1].End}
	}
	c.Removed += len(del)
	c.Added += to - from
	c.Changes = append(c.Changes, ch)
}

func words(spans []model.Span, text string) []string {
	out := make([]string, len(spans))
	for i, s := range spans {
		out[i] = s.Of(text)
	}
	return out
}

// wordSpans cuts a text at white space.
func wordSpans(text string) []model.Span {
	var out []model.Span
	start := -1
	for i, r := range text {
		switch space := unicode.IsSpace(r); {
		case space && start >= 0:
			out = append(out, model.Span{Start: start, End: i})
			start = -1
		case !space && start < 0:
			start = i
		}
	}
	if start >= 0 {
		out = append(out, model.Span{Start: start, End: len(text)})
	}
	return out
}

// commonWords returns the index pairs of a longest common subsequence, by the
// greedy algorithm of Myers (1986); none when more than maxEdits words differ.
func commonWords(a, b []string) [][2]int {
	n, m := len(a), len(b)
	if n == 0 || m == 0 {
		return nil
	}
	limit := min(n+m, maxEdits)
	v := make([]int, 2*limit+3)
	mid := limit + 1
	var trace [][]int
	for d := 0; d <= limit; d++ {
		trace = append(trace, append([]int(nil), v[mid-d:mid+d+1]...))
		for k := -d; k <= d; k += 2 {
			x := v[mid+k-1] + 1
			if k == -d || k != d && v[mid+k-1] < v[mid+k+1] {
				x = v[mid+k+1]
			}
			y := x - k
			for x < n && y < m && a[x] == b[y] {
				x, y = x+1, y+1
			}
			v[mid+k] = x
			if x >= n && y >= m {
				return walkBack(a, b, trace)
			}
		}
	}
	return nil
}

func walkBack(a, b []string, trace [][]int) [][2]int {
	var out [][2]int
	x, y := len(a), len(b)
	for d := len(trace) - 1; d >= 0; d-- {
		at := func(k int) int { // furthest x on diagonal k after d-1 edits
			if i := k + d; i >= 0 && i < len(trace[d]) {
				return trace[d][i]
			}
			return 0
		}
		k := x - y
		prev := k - 1
		if k == -d || k != d && at(k-1) < at(k+1) {
			prev = k + 1
		}
		px := at(prev)
		py := px - prev
		if d == 0 {
			px, py = 0, 0
		}
		for x > px && y > py && x > 0 && y > 0 && a[x-1] == b[y-1] {
			x, y = x-1, y-1
			out = append(out, [2]int{x, y})
		}
		x, y = px, py
	}
	slices.Reverse(out)
	return out
}

// diffRun is a piece of a comparison in words, for headlines.
type diffRun struct{ Same, Del, Ins string }

// compareRuns writes the whole of a short text with its changes in place.
func compareRuns(old, now string) []diffRun {
	var out []diffRun
	pos := 0
	for _, ch := range compare(old, now).Changes {
		out = append(out, diffRun{Same: now[pos:ch.Ins.Start]}, diffRun{Del: ch.Del, Ins: ch.Ins.Of(now)})
		pos = ch.Ins.End
	}
	return append(out, diffRun{Same: now[pos:]})
}
