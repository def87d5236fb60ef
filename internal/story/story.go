// Package story groups articles into stories and finds copies, online: each
// article joins the nearest recent story or starts one, stories become one or
// two as more is known, and an article whose text repeats another's is folded
// under its origin.
//
// Memory is bounded by the window: articles seen before it leave the index.
package story

import (
	"cmp"
	"sync"
	"time"

	"crosscheck/internal/model"
)

// Config tunes a Grouper; the zero value takes the defaults.
type Config struct {
	Window    time.Duration // how long an article can be joined; default 14 days
	HalfLife  time.Duration // age that takes half of what age can take of nearness; default 14 days
	Threshold float64       // least nearness that joins, 0 to 1
	CopyShare float64       // least share of repeated text that makes a copy, 0 to 1

	CopyWindow time.Duration // how long a sketch of an article is kept to find copies of it; default 90 days
	Sketches   int           // most articles of which a sketch is kept; default 200,000, of 400 bytes each
}

const (
	defaultWindow     = 14 * 24 * time.Hour
	defaultHalfLife   = 14 * 24 * time.Hour
	defaultThreshold  = 0.12
	defaultCopyShare  = 0.6
	defaultCopyWindow = 90 * 24 * time.Hour
	defaultSketches   = 200_000
)

func (c Config) withDefaults() Config {
	if c.Window == 0 {
		c.Window = defaultWindow
	}
	if c.HalfLife == 0 {
		c.HalfLife = defaultHalfLife
	}
	if c.Threshold == 0 {
		c.Threshold = defaultThreshold
	}
	if c.CopyShare == 0 {
		c.CopyShare = defaultCopyShare
	}
	if c.CopyWindow == 0 {
		c.CopyWindow = defaultCopyWindow
	}
	if c.Sketches == 0 {
		c.Sketches = defaultSketches
	}
	return c
}

// Doc is what grouping needs of an article.
type Doc struct {
	ID    string
	Title string
	Text  string
	At    time.Time // published, or first seen where that is not stated
	Seen  time.Time // first seen: the window runs by it; zero never leaves the window

	Outlet string       // its name or host, "" where unknown
	URL    string       // its own address
	Origin model.Origin // whom it credits for its text

	Story string  // set to restore an earlier assignment after a restart
	Copy  string  // CopyOf of that assignment
	From  string  // From of that assignment
	Share float64 // Share of that assignment
	// Pinned says that a person put the article into Story: no evidence moves it.
	Pinned bool
}

// Assignment is where an article belongs.
type Assignment struct {
	ID     string
	Story  string
	CopyOf string  // the origin whose text it repeats, "" for an origin
	From   string  // the earlier article it seems taken from: CopyOf, or a copy of it; "" for an origin
	Share  float64 // of the article's words that stand in CopyOf, 0 to 1
	Credit string  // the agency named as the origin of the text, where that has no article here; as written
	Why    Why
}

// Grouper holds the recent articles. It is safe for concurrent use; articles
// are assigned in the order of the calls.
type Grouper struct {
	cfg Config

	mu      sync.Mutex
	docs    map[string]*entry
	order   []*entry // as they came in, nil where one has left
	base    uint32   // entry.seq of order[0]
	vocab   vocabulary
	stories map[string]*cluster
	copies  *copyIndex
	latest  time.Time // the newest Seen

	query query     // scratch: the article that is compared
	sums  []float32 // scratch, by place in order: weight shared with it
}

// entry is an article inside the window.
type entry struct {
	id       string
	seq      uint32 // rises with every article: enough for ten years of a million a day
	at       time.Time
	seen     time.Time
	story    string
	pinned   bool
	copyOf   string
	vector   []weight // the heaviest terms
	mentions []uint32 // see digest
	slots    []slot
}

// New returns an empty Grouper.
func New(cfg Config) *Grouper {
	cfg = cfg.withDefaults()
	return &Grouper{
		cfg: cfg, docs: map[string]*entry{}, copies: newCopyIndex(cfg),
		vocab: vocabulary{ids: map[string]uint32{}}, stories: map[string]*cluster{},
	}
}

// Add assigns an article. The first assignment is the article's own; further
// ones are other articles whose origin, or nearest text, it changed or that, by
// what it says, belong to another story. An article added before keeps its
// story: its text is replaced. One with a story is taken as it was assigned.
func (g *Grouper) Add(d Doc) []Assignment {
	e := &entry{id: d.ID, at: d.At, seen: d.Seen, pinned: d.Pinned}
	r, copied := read(d.Title, d.Text), readCopy(d)
	e.mentions, e.slots = r.mentions, r.slots
	g.mu.Lock()
	defer g.mu.Unlock()
	g.expire(e.seen)
	known := cmp.Or(g.copies.story(d.ID), d.Story)
	if d.Pinned {
		known = d.Story
	}
	old := g.docs[d.ID]
	if old != nil {
		e.pinned = d.Pinned || old.pinned
		g.drop(old)
	}
	g.place(e, r, old)
	own, moved := g.copies.add(copied)
	var views []view
	switch {
	case known != "":
		own.Story = known
	case own.CopyOf == "" && len(moved) > 0:
		own.Story = moved[0].Story
	case own.CopyOf == "":
		views = g.assign(e, &own)
	}
	e.copyOf = own.CopyOf
	g.join(e, own.Story)
	g.insert(e)
	c := changes{why: map[*entry]Why{}}
	if len(views) > 0 {
		g.revise(e, views, &c)
	}
	own.Story = e.story
	g.copies.place(e.id, e.story)
	for i := range moved {
		g.follow(&moved[i], own, &c)
	}
	delete(c.why, e)
	return append(append([]Assignment{own}, moved...), g.changed(&c)...)
}

// follow notes the new origin of an article, and takes it into the story of own
// where that is the origin, or a copy of the same one.
func (g *Grouper) follow(a *Assignment, own Assignment, c *changes) {
	x := g.docs[a.ID]
	if x != nil {
		x.copyOf = a.CopyOf
	}
	if a.CopyOf == own.ID || a.CopyOf == own.CopyOf {
		a.Story = own.Story
		if x != nil && !x.pinned {
			g.move([]*entry{x}, own.Story, a.Why, c)
		}
	}
	if x != nil {
		a.Story = x.story
		delete(c.why, x)
	}
	g.copies.place(a.ID, a.Story)
}

// changed are the assignments of the articles that changed their story.
func (g *Grouper) changed(c *changes) []Assignment {
	var out []Assignment
	for _, e := range c.order {
		why, ok := c.why[e]
		if !ok {
			continue
		}
		g.copies.place(e.id, e.story)
		a := g.copies.assignment(g.copies.number(e.id))
		a.Why = why
		out = append(out, a)
	}
	return out
}

// Move puts articles into a story by hand, those of them that are inside, and
// returns the assignments that changed: their own, and those of their copies,
// which go with them. Without a story they begin one. Pinned articles stay
// there whatever the evidence, articles nearest to one of them follow it, and
// two stories that hold pinned articles both are never made one. So a person
// who merges stories pins the articles of all of them, and one who splits a
// story pins those of both parts. Not pinned, they are left to the evidence
// again.
func (g *Grouper) Move(ids []string, story string, pinned bool) []Assignment {
	g.mu.Lock()
	defer g.mu.Unlock()
	var list []*entry
	for _, id := range ids {
		if e := g.docs[id]; e != nil {
			list = append(list, e)
		}
	}
	if len(list) == 0 {
		return nil
	}
	if story == "" {
		story = g.newStory(earliest(list).id)
	}
	c := changes{why: map[*entry]Why{}}
	for _, e := range list {
		if e.pinned != pinned {
			st := e.story
			g.leave(e)
			e.pinned = pinned
			g.join(e, st)
		}
	}
	g.move(list, story, Why{}, &c)
	return g.changed(&c)
}

// place gives e its place in the order, that of the version before it if there
// is one, and its terms their numbers.
func (g *Grouper) place(e *entry, r digest, old *entry) {
	if old != nil && old.seq >= g.base {
		e.seq = old.seq
		g.order[e.seq-g.base] = e
	} else {
		e.seq = g.base + uint32(len(g.order))
		g.order = append(g.order, e)
	}
	e.vector = g.vocab.vector(r)
	g.vocab.put(e.seq, e.vector)
}

// assign finds the story of an article that is not yet inside, and returns the
// stories it chose among.
func (g *Grouper) assign(e *entry, a *Assignment) []view {
	defer g.ask(e)()
	views := g.views()
	v := choose(views)
	if v == nil {
		a.Story = g.newStory(e.id)
		a.Why = g.apart(e, views)
		return views
	}
	a.Story = v.story.id
	a.Why = g.why(e, v.near.e, v.score)
	return views
}

// choose returns the story to join, nil for none: that of the nearest article,
// if a person put it there, or else the nearest story that takes the article.
func choose(views []view) *view {
	var best, near *view
	for i := range views {
		v := &views[i]
		if best == nil && v.score >= v.bar {
			best = v
		}
		if near == nil || v.near.score > near.near.score {
			near = v
		}
	}
	if near != nil && near.near.e.pinned && near.hand >= near.bar {
		return near
	}
	return best
}

// apart is why an article began a story, where it was near enough to another
// but for what spoke against it.
func (g *Grouper) apart(e *entry, views []view) Why {
	for _, v := range views {
		if v.raw < v.bar || len(v.clashes) == 0 {
			continue
		}
		why := g.why(e, v.near.e, v.raw)
		for _, c := range v.clashes {
			why.Against = append(why.Against, c.String())
		}
		return why
	}
	return Why{}
}

// insert lets e be found, as an article and by its text.
func (g *Grouper) insert(e *entry) {
	g.docs[e.id] = e
}

// expire lets what is older than the window go, when an article first seen then
// comes in.
func (g *Grouper) expire(seen time.Time) {
	if seen.After(g.latest) {
		g.latest = seen
	}
	since := g.latest.Add(-g.cfg.Window)
	for len(g.order) > 0 {
		if e := g.order[0]; e != nil {
			if e.seen.IsZero() || !e.seen.Before(since) {
				return
			}
			g.copies.fade(e.id)
			g.drop(e)
		}
		g.order = g.order[1:]
		g.base++
	}
}

func (g *Grouper) drop(e *entry) {
	delete(g.docs, e.id)
	g.order[e.seq-g.base] = nil
	g.vocab.take(e.seq, e.vector)
	g.leave(e)
}

// Window is how long an article can be joined.
func (g *Grouper) Window() time.Duration { return g.cfg.Window }

// Len is the number of articles inside the window.
func (g *Grouper) Len() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.docs)
}
