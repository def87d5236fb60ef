package story

import (
	"cmp"
	"math"
	"slices"
	"time"

	"crosscheck/internal/model"
)

// copyIndex knows of every article enough to find what repeats it: the words
// while it is inside the window, and a sketch of its text, some twenty prints,
// for long after. Articles have numbers in the order they came in.
type copyIndex struct {
	need float64 // Config.CopyShare
	keep time.Duration
	most int

	chunks []*[chunkLen]record
	base   uint32 // the number of the oldest article inside
	next   uint32 // the number of the next one
	latest int64  // the newest seen
	posts  postings

	away    map[uint32]string   // copies whose origin is not inside: its ID
	waiting map[string][]uint32 // the same by the origin
	nums    []uint32            // scratch
}

// record is an article inside the index. Parent, child and sibling are numbers,
// 0 for none: the text it was taken from, the newest article taken from it,
// and the one before that is taken from the same text.
type record struct {
	id, story              string
	at, seen               int64   // Unix nanoseconds, undated for none
	body                   *[]word // nil once it left the window
	credit                 *credit // nil where it credits nobody
	outlet                 uint32  // publisher of Doc.Outlet
	parent, child, sibling uint32
	words, prints          uint32
	share, score           float32 // of its words in parent; nearness to it
}

// credit is whom an article names as the origin of its text.
type credit struct {
	name      string
	publisher uint32
	url       uint64 // addressPrint of the original, 0 where it is not given
}

const (
	chunkLen = 1024
	undated  = math.MaxInt64
	// maxCompared articles are compared in full with a new one, and as many of
	// the copies of those it repeats.
	maxCompared = 16
	// minStanding origins that hold a passage, and are no copies of one another,
	// make it a standing text: a notice, a background paragraph, a handout.
	minStanding = 3
	// standingUnit is the longest paragraph, in words, that is marked as a
	// whole; of a longer one, the sentence is.
	standingUnit = 100
	// mostShare of a text is most of it.
	mostShare = 0.5
	// standingMost of an article's words may be standing text; beyond that the
	// marks say nothing.
	standingMost = 0.8
)

func newCopyIndex(c Config) *copyIndex {
	return &copyIndex{
		need: c.CopyShare, keep: c.CopyWindow, most: c.Sketches, base: 1, next: 1,
		away: map[uint32]string{}, waiting: map[string][]uint32{},
	}
}

// Remember keeps a sketch of an article that was assigned before the window
// began. A restart calls it, oldest first, before Add, for the articles of
// CopyWindow.
func (g *Grouper) Remember(d Doc) {
	r := readCopy(d)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.copies.add(r)
	g.copies.fade(d.ID)
}

// CopyWindow is how long a sketch of an article is kept.
func (g *Grouper) CopyWindow() time.Duration { return g.cfg.CopyWindow }

// reading is an article prepared for the index.
type reading struct {
	record
	ws       []word
	grams    []shingle
	address  uint64
	restored Assignment // with a story: it was assigned before
}

// readCopy prepares an article. It needs no lock.
func readCopy(d Doc) *reading {
	ws := bodyWords(d.Text)
	r := &reading{ws: ws, grams: shingles(ws)}
	r.id, r.at, r.seen = d.ID, stamp(d.At), stamp(d.Seen)
	if d.At.IsZero() {
		r.at = r.seen
	}
	r.words, r.outlet = uint32(len(ws)), publisher(d.Outlet)
	if d.URL != "" {
		r.address = addressPrint(d.URL)
	}
	if o := d.Origin; o.Name != "" || o.URL != "" {
		r.credit = &credit{name: o.Name, publisher: publisher(o.Name)}
		if o.URL != "" {
			r.credit.url = addressPrint(o.URL)
		}
	}
	r.restored = Assignment{Story: d.Story, CopyOf: d.Copy, From: d.From, Share: d.Share}
	return r
}

func stamp(t time.Time) int64 {
	if t.IsZero() {
		return undated
	}
	return t.UnixNano()
}

// prints of other things than shingles, kept apart by their first byte.
func idPrint(id string) uint64       { return stringPrint('i', id) }
func addressPrint(url string) uint64 { return stringPrint('a', model.URLKey(url)) }
func creditPrint(u uint64) uint64    { return shingle(u).print() }

func stringPrint(kind byte, s string) uint64 {
	h := (uint64(14695981039346656037) ^ uint64(kind)) * 1099511628211
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return shingle(h).print()
}

func (x *copyIndex) rec(n uint32) *record {
	return &x.chunks[n/chunkLen-x.base/chunkLen][n%chunkLen]
}

// number is the number of an article, 0 where it is not inside.
func (x *copyIndex) number(id string) uint32 {
	x.nums = x.posts.find(idPrint(id), x.base, x.nums[:0])
	for _, n := range x.nums {
		if x.rec(n).id == id {
			return n
		}
	}
	return 0
}

// story is the story of an article inside, "" for none.
func (x *copyIndex) story(id string) string {
	if n := x.number(id); n != 0 {
		return x.rec(n).story
	}
	return ""
}

// place notes the story of an article inside.
func (x *copyIndex) place(id, story string) {
	if n := x.number(id); n != 0 {
		x.rec(n).story = story
	}
}

// add puts an article in and returns where it belongs, without a story where
// it is no copy, and the earlier articles whose origin or nearest text is
// another one now. An article that is inside is replaced, with its copies.
func (x *copyIndex) add(r *reading) (own Assignment, moved []Assignment) {
	n := x.number(r.id)
	found := x.look(r, n)
	n, before := x.put(n, r)
	if r.restored.Story != "" {
		x.restore(n, r.restored)
	} else {
		moved = x.settle(n, before, r, found)
	}
	x.index(n, r)
	x.expire()
	return x.assignment(n), moved
}

// put stores the record of an article, as a copy of none. It returns its number
// and what an earlier version was taken from, 0 for nothing.
func (x *copyIndex) put(n uint32, r *reading) (num, before uint32) {
	if n == 0 {
		n = x.next
		x.next++
		if int(n/chunkLen-x.base/chunkLen) == len(x.chunks) {
			x.chunks = append(x.chunks, new([chunkLen]record))
		}
	} else {
		before = x.rec(n).parent
		x.unlink(n)
		old := x.rec(n)
		r.story, r.child, r.prints = old.story, old.child, old.prints
	}
	body := slices.Clone(r.ws)
	r.body = &body
	*x.rec(n) = r.record
	if r.seen != undated {
		x.latest = max(x.latest, r.seen)
	}
	return n, before
}

// index enters what an article is found by. The prints of a copy that its
// origin or its nearest text holds are left out, unless that will be gone long
// before the copy.
func (x *copyIndex) index(n uint32, r *reading) {
	rec, root := x.rec(n), x.root(n)
	holders := []uint32{n}
	if x.rec(root).seen == undated || x.latest-x.rec(root).seen < int64(x.keep)/2 {
		holders = append(holders, root, rec.parent)
	}
	for _, i := range sketch(r.ws, r.grams) {
		if x.enter(r.grams[i].print(), n, holders) {
			rec.prints++
		}
	}
	x.enter(idPrint(r.id), n, holders[:1])
	if r.address != 0 {
		x.enter(r.address, n, holders[:1])
	}
	if r.credit != nil && r.credit.url != 0 {
		x.enter(creditPrint(r.credit.url), n, holders[:1])
	}
}

// enter adds n to a print, unless one of the holders is there, or too many.
func (x *copyIndex) enter(print uint64, n uint32, holders []uint32) bool {
	x.nums = x.posts.find(print, x.base, x.nums[:0])
	if len(x.nums) == maxSame {
		return false
	}
	for _, m := range x.nums {
		if slices.Contains(holders, m) {
			return false
		}
	}
	x.posts.put(print, n, x.base)
	return true
}

// fade forgets the words of an article; its sketch stays.
func (x *copyIndex) fade(id string) {
	if n := x.number(id); n != 0 {
		x.rec(n).body = nil
	}
}

// expire lets the oldest go: those that left the window and were seen too long
// ago, or are too many.
func (x *copyIndex) expire() {
	for x.base < x.next {
		old := x.rec(x.base)
		late := old.seen != undated && x.latest-old.seen > int64(x.keep)
		if old.body != nil || !late && int(x.next-x.base) <= x.most {
			return
		}
		x.leave(x.base)
		*old = record{}
		x.base++
		if x.base%chunkLen == 0 {
			x.chunks = slices.Delete(x.chunks, 0, 1)
		}
	}
}

// leave takes an article out of its tree; its copies remember its origin.
func (x *copyIndex) leave(n uint32) {
	origin := x.originID(n)
	for c := x.rec(n).child; c != 0; {
		rec := x.rec(c)
		next := rec.sibling
		rec.parent, rec.sibling = 0, 0
		x.miss(c, cmp.Or(origin, x.rec(n).id))
		c = next
	}
	x.unlink(n)
}

// miss notes that the origin of n is not inside.
func (x *copyIndex) miss(n uint32, origin string) {
	x.away[n] = origin
	x.waiting[origin] = append(x.waiting[origin], n)
}

// unlink makes n a copy of none; its copies stay with it.
func (x *copyIndex) unlink(n uint32) {
	rec := x.rec(n)
	if rec.parent != 0 {
		at := &x.rec(rec.parent).child
		for *at != n {
			at = &x.rec(*at).sibling
		}
		*at = rec.sibling
	}
	rec.parent, rec.sibling, rec.share, rec.score = 0, 0, 0, 0
	if origin, ok := x.away[n]; ok {
		delete(x.away, n)
		if list := slices.DeleteFunc(x.waiting[origin], func(m uint32) bool { return m == n }); len(list) > 0 {
			x.waiting[origin] = list
		} else {
			delete(x.waiting, origin)
		}
	}
}

// attach makes n a copy of parent, unless that is a copy of n.
func (x *copyIndex) attach(n, parent uint32, share, score float64) bool {
	for p := parent; p != 0; p = x.rec(p).parent {
		if p == n {
			return false
		}
	}
	x.unlink(n)
	rec := x.rec(n)
	rec.parent, rec.sibling = parent, x.rec(parent).child
	rec.share, rec.score = float32(share), float32(score)
	x.rec(parent).child = n
	return true
}

// root is the article at the top of the tree of n: n itself where it is no
// copy.
func (x *copyIndex) root(n uint32) uint32 {
	for x.rec(n).parent != 0 {
		n = x.rec(n).parent
	}
	return n
}

// family is the article that stands for all copies of one origin: the root, or
// the first known copy of an origin that is not inside.
func (x *copyIndex) family(n uint32) uint32 {
	root := x.root(n)
	if origin, ok := x.away[root]; ok {
		return x.waiting[origin][0]
	}
	return root
}

// originID is the ID of the origin of n, "" where it is no copy.
func (x *copyIndex) originID(n uint32) string {
	root := x.root(n)
	if id, ok := x.away[root]; ok {
		return id
	}
	if root == n {
		return ""
	}
	return x.rec(root).id
}

// restore takes an assignment over as it was.
func (x *copyIndex) restore(n uint32, as Assignment) {
	rec := x.rec(n)
	rec.story = as.Story
	parent := x.number(as.From)
	if parent == 0 {
		parent = x.number(as.CopyOf)
	}
	switch {
	case as.CopyOf == "":
	case parent == 0 || !x.attach(n, parent, as.Share, x.nearness(n, parent)):
		x.miss(n, as.CopyOf)
		rec.share = float32(as.Share)
	}
	for _, c := range slices.Clone(x.waiting[rec.id]) {
		x.attach(c, n, float64(x.rec(c).share), x.nearness(c, n))
	}
}

// assignment says where n belongs, as it stands.
func (x *copyIndex) assignment(n uint32) Assignment {
	rec := x.rec(n)
	a := Assignment{ID: rec.id, Story: rec.story, CopyOf: x.originID(n), Credit: x.creditName(n)}
	if a.CopyOf == "" {
		return a
	}
	a.Share, a.From = float64(rec.share), a.CopyOf
	if rec.parent != 0 {
		a.From = x.rec(rec.parent).id
	}
	if root := x.root(n); root != n && root != rec.parent {
		if late, _, ok := x.both(n, root); ok {
			a.Share = ratio(late.hit, late.all)
		}
	}
	a.Why = Why{Near: a.From, Score: a.Share}
	return a
}

// creditName is the agency that n, or the nearest of those it was taken from,
// credits, unless an article of that agency is among them.
func (x *copyIndex) creditName(n uint32) string {
	var by *credit
	for ; n != 0; n = x.rec(n).parent {
		rec := x.rec(n)
		if by != nil && by.publisher == rec.outlet {
			return ""
		}
		if by == nil {
			by = rec.credit
		}
	}
	if by == nil {
		return ""
	}
	return by.name
}
