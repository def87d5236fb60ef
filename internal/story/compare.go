package story

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"crosscheck/internal/text"
)

// Text is what Compare reads of an article.
type Text struct {
	Title string
	Body  string
}

// Change is what became of a text in a copy of it.
type Change struct {
	Kept      float64 // share of the origin's words that stand in the copy, 0 to 1
	Own       float64 // share of the copy's words that do not stand in the origin, 0 to 1
	Retitled  bool    // another headline
	Cut       int     // paragraphs of the origin that are left out
	Added     int     // paragraphs of the copy that are not from the origin
	Words     int     // words changed, dropped or put in inside the paragraphs that were kept
	Reordered bool    // paragraphs that were kept stand in another order
}

const (
	// goneShare of a paragraph's words, or less, found in the other text: it is
	// not there.
	goneShare = 0.3
	// cutShare of a text kept, or less, is called a cut even where every
	// paragraph left a trace.
	cutShare = 0.9
	// maxGap is how many words may be dropped or changed in one place inside a
	// paragraph that was kept; more is a cut.
	maxGap = 15
)

// Compare says how a copy differs from its origin. It looks at the first 64 KiB
// of either text.
func Compare(origin, copied Text) Change {
	d := difference{from: split(origin.Body), to: split(copied.Body)}
	d.align()
	c := Change{Retitled: retitled(origin.Title, copied.Title)}
	last := -1
	for _, p := range d.to.paragraphs {
		if share(d.to.hit[p.Start:p.End]) <= goneShare {
			c.Added++
			continue
		}
		first := d.first(p)
		c.Reordered = c.Reordered || first < last
		last = first
		c.Words += d.changed(p)
	}
	for _, p := range d.from.paragraphs {
		if share(d.from.hit[p.Start:p.End]) <= goneShare {
			c.Cut++
		}
	}
	c.Kept = min(1, share(d.from.hit)+ratio(d.same, len(d.from.words)))
	if n := len(d.to.words); n > 0 {
		c.Own = max(0, 1-share(d.to.hit)-ratio(d.same, n))
	}
	return c
}

// String is the change in a few words: "cut to 40 %, new headline, one
// paragraph added".
func (c Change) String() string {
	var parts []string
	if c.Cut > 0 || c.Kept < cutShare {
		parts = append(parts, fmt.Sprintf("cut to %.0f %%", min(99, math.Round(100*c.Kept))))
	}
	if c.Retitled {
		parts = append(parts, "new headline")
	}
	if c.Added > 0 {
		parts = append(parts, counted(c.Added, "paragraph")+" added")
	}
	if c.Reordered {
		parts = append(parts, "reordered")
	}
	if c.Words > 0 {
		parts = append(parts, counted(c.Words, "word")+" changed")
	}
	if len(parts) == 0 {
		return "unchanged"
	}
	return strings.Join(parts, ", ")
}

func counted(n int, noun string) string {
	if n == 1 {
		return "one " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// retitled reports whether two titles differ in their words; an unknown one
// does not.
func retitled(a, b string) bool {
	x, y := text.Words(a), text.Words(b)
	return len(x) > 0 && len(y) > 0 && !slices.Equal(x, y)
}

// passages is a text cut into words and paragraphs.
type passages struct {
	words      []word
	hit        []bool       // words found in the other text
	paragraphs []text.Range // of words, none empty
}

func split(body string) *passages {
	doc := text.Parse(clip(body, maxText))
	p := &passages{}
	for _, r := range doc.Paragraphs {
		start := len(p.words)
		for i := r.Start; i < r.End; i++ {
			if doc.Tokens[i].Kind != text.Mark {
				p.words = append(p.words, hashWord(text.Lower(doc.Token(i))))
			}
		}
		if len(p.words) > start {
			p.paragraphs = append(p.paragraphs, text.Range{Start: start, End: len(p.words)})
		}
	}
	return p
}

func share(hit []bool) float64 {
	n := 0
	for _, h := range hit {
		n += bit(h)
	}
	return ratio(n, len(hit))
}

// difference holds two texts side by side.
type difference struct {
	from, to *passages
	at       []int // for each word of to: where it stands in from, -1 for nowhere
	same     int   // words that are the same in both between changed ones
}

// align finds the words of each text that stand in the other: in a shingle, or
// in a paragraph too short for one.
func (d *difference) align() {
	index := indexGrams(shingles(d.from.words))
	grams := shingles(d.to.words)
	a, b := index.common(grams)
	d.from.hit, d.to.hit = covered(a, len(d.from.words)), covered(b, len(d.to.words))
	d.at = make([]int, len(d.to.words))
	for j := range d.at {
		d.at[j] = -1
	}
	next := 0
	for j, g := range grams {
		if !b[j] {
			continue
		}
		place := index.place(g, next)
		next = place + 1
		for k := range gramLen {
			if d.at[j+k] < 0 {
				d.at[j+k] = place + k
			}
		}
	}
	d.alignShort()
}

// place is where a shingle of the text stands: at want if it does, else its
// last place.
func (x *gramIndex) place(g shingle, want int) int {
	if want < len(x.grams) && x.grams[want] == g {
		return want
	}
	return int(x.heads[x.slot(g)] - 1)
}

// alignShort pairs equal paragraphs that are too short for a shingle.
func (d *difference) alignShort() {
	type key [gramLen]word
	short := func(p *passages, r text.Range) (k key, ok bool) {
		k[gramLen-1] = word(copy(k[:gramLen-1], p.words[r.Start:r.End]))
		return k, r.Len() < gramLen
	}
	places := map[key][]text.Range{}
	for _, p := range d.from.paragraphs {
		if k, ok := short(d.from, p); ok {
			places[k] = append(places[k], p)
		}
	}
	for _, p := range d.to.paragraphs {
		k, ok := short(d.to, p)
		if !ok || len(places[k]) == 0 {
			continue
		}
		q := places[k][0]
		places[k] = places[k][1:]
		for n := range p.Len() {
			d.to.hit[p.Start+n], d.from.hit[q.Start+n] = true, true
			d.at[p.Start+n] = q.Start + n
		}
	}
}

// first is where the first word of paragraph p that is from the origin stands
// there.
func (d *difference) first(p text.Range) int {
	for j := p.Start; j < p.End; j++ {
		if d.at[j] >= 0 {
			return d.at[j]
		}
	}
	return -1
}

// changed counts the words changed, dropped or put in inside a paragraph of to
// that was kept: stretch by stretch between words from the origin.
func (d *difference) changed(p text.Range) int {
	n := 0
	for j := p.Start; j <= p.End; {
		end := j
		for end < p.End && d.at[end] < 0 {
			end++
		}
		lost := d.gap(p, j, end)
		if end > j || len(lost) > 0 {
			same := commonWords(d.to.words[j:end], lost)
			d.same += same
			n += max(end-j, len(lost)) - same
		}
		j = end + 1
	}
	return n
}

// gap returns the words of from that stand, in its paragraph, where to has
// those from j to end, and are found nowhere in to.
func (d *difference) gap(p text.Range, j, end int) []word {
	lo, hi := -1, -1
	if j > p.Start {
		lo = d.at[j-1] + 1
	}
	if end < p.End {
		hi = d.at[end]
	}
	switch {
	case lo < 0 && hi < 0:
		return nil
	case lo < 0:
		lo = d.from.paragraph(hi).Start
	case hi < 0:
		hi = d.from.paragraph(lo - 1).End
	}
	if hi < lo || hi-lo > maxGap {
		return nil
	}
	var out []word
	for i := lo; i < hi; i++ {
		if !d.from.hit[i] {
			out = append(out, d.from.words[i])
		}
	}
	return out
}

// paragraph is the paragraph that word i stands in.
func (p *passages) paragraph(i int) text.Range {
	n, _ := slices.BinarySearchFunc(p.paragraphs, i, func(r text.Range, i int) int {
		if r.End <= i {
			return -1
		}
		return 1
	})
	return p.paragraphs[n]
}

// commonWords is the length of the longest common subsequence. b holds at most
// maxGap words.
func commonWords(a, b []word) int {
	row := make([]int, len(b)+1)
	for _, w := range a {
		diagonal := 0
		for i, v := range b {
			above := row[i+1]
			if w == v {
				row[i+1] = diagonal + 1
			} else {
				row[i+1] = max(above, row[i])
			}
			diagonal = above
		}
	}
	return row[len(b)]
}
