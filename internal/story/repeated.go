package story

import (
	"cmp"
	"slices"
)

// candidate is an article that may share text with a new one.
type candidate struct {
	num  uint32
	hits int // of its prints that stand in the new one
	cite citation
}

// citation says which of a candidate and the new article gives the other's
// address as its source.
type citation int

const (
	none citation = iota
	isSource
	cites
)

// look returns the articles that share most prints with r, without the article
// self, and marks the standing passages of r as lent.
func (x *copyIndex) look(r *reading, self uint32) []candidate {
	hits, links := map[uint32]int{}, x.citations(r)
	standing := make([]bool, len(r.grams))
	places := indexGrams(r.grams)
	for i, g := range r.grams {
		if !places.first(i) {
			continue
		}
		x.nums = x.posts.find(g.print(), x.base, x.nums[:0])
		for _, n := range x.nums {
			hits[n]++
		}
		standing[i] = len(x.nums) >= minStanding && x.origins(x.nums, self) >= minStanding
	}
	for n := range links {
		hits[n] += 0
	}
	delete(hits, self)
	markStanding(r.ws, standing)
	out := make([]candidate, 0, len(hits))
	for n, h := range hits {
		out = append(out, candidate{n, h, links[n]})
	}
	slices.SortFunc(out, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(bit(b.cite != none), bit(a.cite != none)), cmp.Compare(b.hits, a.hits),
			compareRecords(x.rec(a.num), x.rec(b.num)))
	})
	return out[:min(len(out), maxCompared)]
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// citations finds the article whose address r gives as its source, and those
// that give the address of r.
func (x *copyIndex) citations(r *reading) map[uint32]citation {
	out := map[uint32]citation{}
	if r.address != 0 {
		for _, n := range x.posts.find(creditPrint(r.address), x.base, nil) {
			out[n] = cites
		}
	}
	if r.credit != nil && r.credit.url != 0 {
		for _, n := range x.posts.find(r.credit.url, x.base, nil) {
			out[n] = isSource
		}
	}
	return out
}

// origins counts the trees that articles belong to, without that of self.
func (x *copyIndex) origins(nums []uint32, self uint32) int {
	var roots [minStanding]uint32
	n := 0
	for _, m := range nums {
		root := x.family(m)
		if self != 0 && root == x.family(self) || slices.Contains(roots[:n], root) {
			continue
		}
		roots[n] = root
		if n++; n == len(roots) {
			break
		}
	}
	return n
}

// markStanding marks as lent the paragraphs that hold a standing shingle; of
// long ones, the sentences.
func markStanding(ws []word, grams []bool) {
	marked := make([]bool, len(ws))
	total := 0
	eachUnit(ws, func(from, to int) {
		if !slices.Contains(grams[min(from, len(grams)):min(max(from, to-gramLen+1), len(grams))], true) {
			return
		}
		for i := from; i < to; i++ {
			marked[i] = true
		}
		total += to - from
	})
	if float64(total) > standingMost*float64(len(ws)) {
		return
	}
	for i := range ws {
		if marked[i] {
			ws[i] |= lent
		}
	}
}

// eachUnit calls fn for each paragraph of a text, or for each sentence of a
// long one.
func eachUnit(ws []word, fn func(from, to int)) {
	eachPart(ws, 0, len(ws), starts, func(from, to int) {
		if to-from <= standingUnit {
			fn(from, to)
			return
		}
		eachPart(ws, from, to, opens, fn)
	})
}

// eachPart calls fn for the parts of ws[from:to] that begin with a mark.
func eachPart(ws []word, from, to int, m word, fn func(from, to int)) {
	for i := from + 1; i <= to; i++ {
		if i == to || ws[i]&m != 0 {
			fn(from, i)
			from = i
		}
	}
}

// match is an article that r repeats, or that repeats r.
type match struct {
	num   uint32
	score float64 // how near the texts are to each other, 0 to 1
	share float64 // of the words of the later one that stand in the earlier
}

// settle finds where the article n belongs, and which articles belong to it.
// before is what n was taken from in an earlier version, 0 for nothing. It
// returns the assignments of other articles that changed.
func (x *copyIndex) settle(n, before uint32, r *reading, found []candidate) []Assignment {
	earlier, later := x.matches(n, r, found)
	slices.SortFunc(earlier, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.score, a.score), compareRecords(x.rec(a.num), x.rec(b.num)))
	})
	for _, m := range earlier {
		if x.sameSource(n, m.num) && x.attach(n, m.num, m.share, m.score) {
			break
		}
	}
	moved := map[uint32]bool{}
	if x.rec(n).parent != 0 {
		x.rec(n).story = cmp.Or(x.rec(n).story, x.rec(x.root(n)).story)
	} else if before != 0 {
		x.handOver(n, before, moved)
	}
	x.adopt(n, later, moved)
	var out []Assignment
	for m := range moved {
		out = append(out, x.assignment(m))
	}
	slices.SortFunc(out, func(a, b Assignment) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// handOver gives the copies of n to what n was taken from before its text was
// replaced: that is where theirs is from.
func (x *copyIndex) handOver(n, before uint32, moved map[uint32]bool) {
	for c := x.rec(n).child; c != 0; c = x.rec(n).child {
		if !x.attach(c, before, float64(x.rec(c).share), x.nearness(c, before)) {
			return
		}
		x.tree(c, moved)
	}
}

// adopt makes n the nearest text of later articles that repeat it and have no
// nearer one.
func (x *copyIndex) adopt(n uint32, later []match, moved map[uint32]bool) {
	slices.SortFunc(later, func(a, b match) int { return compareRecords(x.rec(a.num), x.rec(b.num)) })
	for _, m := range later {
		if partial := x.rec(m.num).child != 0 && m.share < mostShare; partial || !x.nearer(n, m) || !x.sameSource(m.num, n) {
			continue
		}
		if x.attach(m.num, n, m.share, m.score) {
			x.tree(m.num, moved)
		}
	}
}

// tree adds n and all that were taken from it.
func (x *copyIndex) tree(n uint32, to map[uint32]bool) {
	to[n] = true
	for c := x.rec(n).child; c != 0; c = x.rec(c).sibling {
		x.tree(c, to)
	}
}

// sameSource reports whether n, which repeats m, repeats what m has from its
// own origin: an article may take over what another added to a wire story.
func (x *copyIndex) sameSource(n, m uint32) bool {
	root := x.root(m)
	if root == m {
		return true
	}
	s, _, ok := x.both(n, root)
	if !ok {
		return float64(x.rec(m).share) >= mostShare
	}
	return ratio(s.hit, s.all) >= lateShare
}

// nearer reports whether n is a better text to have taken m from than the one
// it has now.
func (x *copyIndex) nearer(n uint32, m match) bool {
	rec := x.rec(m.num)
	if _, ok := x.away[m.num]; ok {
		return false
	}
	if rec.parent == 0 || float64(rec.score) < float64(float32(m.score)) {
		return true
	}
	return float64(rec.score) == float64(float32(m.score)) && x.precedes(n, rec.parent)
}

// matches compares n with the candidates, and with those taken from the same
// texts as what it has in common with.
func (x *copyIndex) matches(n uint32, r *reading, found []candidate) (earlier, later []match) {
	places := indexGrams(r.grams)
	seen, kin := map[uint32]bool{n: true}, 0
	for _, c := range found {
		seen[c.num] = true
	}
	for i := 0; i < len(found); i++ {
		c := found[i]
		before := c.cite == isSource || c.cite == none && x.precedes(c.num, n)
		m, ok := x.compare(n, r, places, c, before)
		if !ok {
			continue
		}
		if before {
			earlier = append(earlier, m)
		} else {
			later = append(later, m)
		}
		for _, parent := range []uint32{x.root(c.num), c.num} {
			for _, child := range x.children(parent) {
				if !seen[child] && kin < maxCompared {
					seen[child] = true
					found = append(found, candidate{num: child})
					kin++
				}
			}
		}
	}
	return earlier, later
}

// children are the newest texts taken from n that have their words.
func (x *copyIndex) children(n uint32) []uint32 {
	var out []uint32
	for c, i := x.rec(n).child, 0; c != 0 && i < maxCompared; c, i = x.rec(c).sibling, i+1 {
		if x.rec(c).body != nil {
			out = append(out, c)
		}
	}
	return out
}

// compare says how much n and a candidate have in common, and whether one is a
// copy of the other; before says that the candidate was published first.
func (x *copyIndex) compare(n uint32, r *reading, places *gramIndex, c candidate, before bool) (match, bool) {
	old := x.rec(c.num)
	l := linkOf(x.rec(n), old, c.cite)
	if old.body == nil {
		return x.compareSketch(r, old, c, before, l)
	}
	a, b := places.common(shingles(*old.body))
	late, early := weigh(r.ws, a), weigh(*old.body, b)
	if !before {
		late, early = early, late
	}
	return match{c.num, nearness(late, early), ratio(late.hit, late.all)}, repeats(late, early, l, x.need)
}

// compareSketch is compare for an article whose words are forgotten.
func (x *copyIndex) compareSketch(r *reading, old *record, c candidate, before bool, l link) (match, bool) {
	oldShare := min(1, ratio(c.hits, int(old.prints)))
	nowShare := min(1, oldShare*ratio(int(old.words), int(r.words)))
	m := match{c.num, (oldShare*float64(old.words) + nowShare*float64(r.words)) / float64(old.words+r.words+1), nowShare}
	if !before {
		m.share = oldShare
	}
	return m, repeatsSketch(c.hits, oldShare, nowShare, !before, l, x.need)
}

// both lays two articles side by side; ok is false where the words of one are
// forgotten.
func (x *copyIndex) both(a, b uint32) (sa, sb side, ok bool) {
	s, t := x.rec(a), x.rec(b)
	if s.body == nil || t.body == nil {
		return side{}, side{}, false
	}
	ga, gb := indexGrams(shingles(*s.body)).common(shingles(*t.body))
	return weigh(*s.body, ga), weigh(*t.body, gb), true
}

// nearness is the score of two texts: the share of all their words that they
// have in common.
func nearness(a, b side) float64 { return ratio(a.hit+b.hit, a.all+b.all) }

// nearness is the score of two articles, 0 where the words of one are
// forgotten.
func (x *copyIndex) nearness(a, b uint32) float64 {
	s, t, _ := x.both(a, b)
	return nearness(s, t)
}

// linkOf says what two articles say about each other.
func linkOf(a, b *record, c citation) link {
	switch {
	case c != none:
		return linked
	case credits(a, b) || credits(b, a) || sameSources(a.credit, b.credit):
		return sameCredit
	case a.outlet != 0 && a.outlet == b.outlet:
		return sameOutlet
	}
	return strangers
}

// sameSources reports whether two articles credit one agency, or one address.
func sameSources(a, b *credit) bool {
	return a != nil && b != nil && (a.publisher != 0 && a.publisher == b.publisher || a.url != 0 && a.url == b.url)
}

// credits reports whether a names the outlet of b as its origin.
func credits(a, b *record) bool {
	return a.credit != nil && a.credit.publisher != 0 && a.credit.publisher == b.outlet
}

// precedes reports whether a is taken for the earlier of two articles: the one
// the other credits, else the first in the order of compareRecords.
func (x *copyIndex) precedes(a, b uint32) bool {
	s, t := x.rec(a), x.rec(b)
	if s, t := credits(s, t), credits(t, s); s != t {
		return t
	}
	return compareRecords(s, t) < 0
}

// compareRecords orders articles by when they were published; of equal ones
// those that credit nobody come first, then those seen first, then by ID.
func compareRecords(a, b *record) int {
	return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(bit(a.credit != nil), bit(b.credit != nil)),
		cmp.Compare(a.seen, b.seen), cmp.Compare(a.id, b.id))
}
