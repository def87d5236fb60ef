package tag

// table holds a linear model's weights: a row of one weight per label for each
// feature that has any. Features are 32-bit hashes; a feature without a row
// adds nothing, so that unknown words do not disturb. Read-only once loaded.
type table struct {
	labels int
	slots  []slot // open addressing, a power of two
	rows   []int8 // labels weights a row
	n      int    // rows in use
}

// slot maps a feature to its row; row 0 means that the slot is free.
type slot struct {
	key uint32
	row uint32 // number of the row, plus one
}

// newTable makes room for n features.
func newTable(labels, n int) *table {
	size := 16
	for size < 2*n {
		size *= 2
	}
	return &table{labels: labels, slots: make([]slot, size), rows: make([]int8, 0, n*labels)}
}

// slot is where a feature is, or would be.
func (t *table) slot(key uint32) *slot {
	mask := uint32(len(t.slots) - 1)
	i := (key ^ key>>15) & mask
	for t.slots[i].row != 0 && t.slots[i].key != key {
		i = (i + 1) & mask
	}
	return &t.slots[i]
}

// add appends a feature's row.
func (t *table) add(key uint32, row []int8) {
	t.rows = append(t.rows, row...)
	t.n++
	*t.slot(key) = slot{key, uint32(t.n)}
}

// score adds up the rows of the features into sum, which has a place per
// label.
func (t *table) score(features []uint32, sum []int32) {
	clear(sum)
	for _, f := range features {
		s := t.slot(f)
		if s.row == 0 {
			continue
		}
		at := int(s.row-1) * t.labels
		row := t.rows[at : at+len(sum)]
		for k, w := range row {
			sum[k] += int32(w)
		}
	}
}

// best is the label with the greatest sum, the earliest of equals.
func best(sum []int32) int {
	b := 0
	for k, v := range sum {
		if v > sum[b] {
			b = k
		}
	}
	return b
}
