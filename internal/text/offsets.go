package text

import (
	"sort"
	"unicode/utf8"
)

// Offsets converts between byte offsets and Unicode code points of one text.
type Offsets struct {
	size   int
	starts []int32 // byte offset of every code point; nil when all are one byte
}

// RuneOffsets prepares the conversion for a text. An invalid byte counts as
// one code point.
func RuneOffsets(text string) *Offsets {
	n := utf8.RuneCountInString(text)
	o := &Offsets{size: len(text)}
	if n == len(text) {
		return o
	}
	o.starts = make([]int32, 0, n)
	for i := range text {
		o.starts = append(o.starts, int32(i))
	}
	return o
}

// Rune returns the number of code points before byte offset b. An offset
// inside a code point counts as that code point's end; one outside the text is
// moved to its nearest end.
func (o *Offsets) Rune(b int) int {
	b = min(max(b, 0), o.size)
	if o.starts == nil {
		return b
	}
	return sort.Search(len(o.starts), func(i int) bool { return int(o.starts[i]) >= b })
}

// Byte returns the byte offset at which code point r starts; one outside the
// text is moved to its nearest end.
func (o *Offsets) Byte(r int) int {
	switch {
	case r <= 0:
		return 0
	case o.starts == nil:
		return min(r, o.size)
	case r >= len(o.starts):
		return o.size
	}
	return int(o.starts[r])
}
