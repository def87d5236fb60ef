// Package story groups articles into stories and finds copies, online: each
// article joins the nearest recent story or starts one, and an article whose
// text repeats another's is folded under its origin.
//
// Memory is bounded by the window: articles seen before it leave the index.
package story

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"crosscheck/internal/model"
)

// Config tunes a Grouper; the zero value takes the defaults.
type Config struct {
	Window    time.Duration // how long an article can be joined; default 14 days
	HalfLife  time.Duration // age at which nearness counts half; default 14 days
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

// Why is the evidence for an assignment.
type Why struct {
	Near  string   `json:"near,omitempty"`  // the article that decided
	Score float64  `json:"score,omitempty"` // nearness to it, 0 to 1
	Terms []string `json:"terms,omitempty"` // the shared terms that weigh most
}

// Grouper holds the recent articles. It is safe for concurrent use; articles
// are assigned in the order of the calls.
type Grouper struct {
	cfg Config

	mu     sync.Mutex
	docs   map[string]*entry
	order  []*entry // as they came in
	terms  map[string]*term
	copies *copyIndex
	latest time.Time // the newest Seen
}

// entry is an article inside the window.
type entry struct {
	id     string
	at     time.Time
	seen   time.Time
	story  string
	copyOf string
	vector []weight // the heaviest terms
	sum    float64  // scratch of a query: weight shared with its article
}

// term is a stem and the articles that hold it.
type term struct {
	stem  string
	docs  []*entry
	query float64 // scratch of a query: weight in its article
}

// weight is how much a term counts in one article, before its rarity.
type weight struct {
	term *term
	tf   float64
}

// New returns an empty Grouper.
func New(cfg Config) *Grouper {
	cfg = cfg.withDefaults()
	return &Grouper{cfg: cfg, docs: map[string]*entry{}, terms: map[string]*term{}, copies: newCopyIndex(cfg)}
}

// Add assigns an article. The first assignment is the article's own; further
// ones are other articles whose origin, or nearest text, it changed. An article
// added before keeps its story: its text is replaced. One with a story is taken
// as it was assigned.
func (g *Grouper) Add(d Doc) []Assignment {
	e := &entry{id: d.ID, at: d.At, seen: d.Seen}
	counts, r := countTerms(d.Title, d.Text), readCopy(d)
	g.mu.Lock()
	defer g.mu.Unlock()
	e.vector = g.vector(counts)
	known := cmp.Or(g.copies.story(d.ID), d.Story)
	if old, ok := g.docs[d.ID]; ok {
		g.drop(old)
	}
	own, moved := g.copies.add(r)
	switch {
	case known != "":
		own.Story = known
	case own.CopyOf == "" && len(moved) > 0:
		own.Story = moved[0].Story
	case own.CopyOf == "":
		g.assign(e, &own)
	}
	g.copies.place(e.id, own.Story)
	for i := range moved {
		g.move(&moved[i], own)
	}
	e.story, e.copyOf = own.Story, own.CopyOf
	g.insert(e)
	return append([]Assignment{own}, moved...)
}

// move notes the new origin of an article, and takes it into the story of own
// where that is the origin, or a copy of the same one.
func (g *Grouper) move(a *Assignment, own Assignment) {
	if a.CopyOf == own.ID || a.CopyOf == own.CopyOf {
		a.Story = own.Story
		g.copies.place(a.ID, a.Story)
	}
	if c, ok := g.docs[a.ID]; ok {
		c.copyOf, c.story = a.CopyOf, a.Story
	}
}

// assign finds the story of an article that is not yet inside.
func (g *Grouper) assign(e *entry, a *Assignment) {
	near, score := g.nearest(e)
	if near == nil || score < g.cfg.Threshold {
		a.Story = model.ID("story", e.id)
		return
	}
	a.Story = near.story
	a.Why = Why{Near: near.id, Score: score, Terms: g.shared(e, near)}
}

// insert puts e into the indexes and lets what is older than the window go.
func (g *Grouper) insert(e *entry) {
	g.docs[e.id] = e
	g.order = append(g.order, e)
	for _, w := range e.vector {
		w.term.docs = append(w.term.docs, e)
		g.terms[w.term.stem] = w.term
	}
	if e.seen.After(g.latest) {
		g.latest = e.seen
	}
	for !g.order[0].seen.IsZero() && g.order[0].seen.Before(g.latest.Add(-g.cfg.Window)) {
		g.copies.fade(g.order[0].id)
		g.drop(g.order[0])
	}
}

func (g *Grouper) drop(e *entry) {
	delete(g.docs, e.id)
	if i := slices.Index(g.order, e); i >= 0 {
		g.order = slices.Delete(g.order, i, i+1)
	}
	for _, w := range e.vector {
		if w.term.docs = without(w.term.docs, e); len(w.term.docs) == 0 {
			delete(g.terms, w.term.stem)
		}
	}
}

// without removes e from a list whose order does not matter, in place.
func without(list []*entry, e *entry) []*entry {
	i := slices.Index(list, e)
	if i < 0 {
		return list
	}
	last := len(list) - 1
	list[i], list[last] = list[last], nil
	return list[:last]
}

// Window is how long an article can be joined.
func (g *Grouper) Window() time.Duration { return g.cfg.Window }

// Len is the number of articles inside the window.
func (g *Grouper) Len() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.docs)
}
