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
}

const (
	defaultWindow    = 14 * 24 * time.Hour
	defaultHalfLife  = 14 * 24 * time.Hour
	defaultThreshold = 0.12
	defaultCopyShare = 0.5
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
	return c
}

// Doc is what grouping needs of an article.
type Doc struct {
	ID    string
	Title string
	Text  string
	At    time.Time // published, or first seen where that is not stated
	Seen  time.Time // first seen: the window runs by it; zero never leaves the window
	Story string    // set to restore an earlier assignment after a restart
	Copy  string    // the origin of an earlier assignment, with Story
	Share float64   // the share of an earlier assignment, with Copy
}

// Assignment is where an article belongs.
type Assignment struct {
	ID     string
	Story  string
	CopyOf string  // the origin whose text it repeats, "" for an origin
	Share  float64 // of the article's text that stands in its origin, 0 to 1
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
	prints map[uint64][]*entry
	latest time.Time // the newest Seen
}

// entry is an article inside the window.
type entry struct {
	id     string
	at     time.Time
	seen   time.Time
	story  string
	copyOf string
	share  float64
	vector []weight // the heaviest terms
	prints []uint64 // shingle fingerprints, sorted
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
	return &Grouper{cfg: cfg.withDefaults(), docs: map[string]*entry{}, terms: map[string]*term{}, prints: map[uint64][]*entry{}}
}

// Add assigns an article. The first assignment is the article's own; further
// ones are earlier articles that turn out to be copies of it. An article added
// before keeps its story: its text is replaced.
func (g *Grouper) Add(d Doc) []Assignment {
	e := &entry{id: d.ID, at: d.At, seen: d.Seen, prints: shingles(d.Text)}
	counts := countTerms(d.Title, d.Text)
	g.mu.Lock()
	defer g.mu.Unlock()
	e.vector = g.vector(counts)
	if old, ok := g.docs[d.ID]; ok {
		g.drop(old)
		d.Story = old.story
	}
	own := Assignment{ID: d.ID, Story: d.Story, CopyOf: d.Copy, Share: d.Share}
	if d.Copy == "" {
		own = g.assign(e, d.Story)
	}
	e.story, e.copyOf, e.share = own.Story, own.CopyOf, own.Share
	var moved []Assignment
	if e.copyOf == "" {
		moved = g.adopt(e)
	}
	if len(moved) > 0 && d.Story == "" {
		own.Story = moved[0].Story
		e.story = own.Story
	}
	g.insert(e)
	return append([]Assignment{own}, moved...)
}

// assign finds the origin of an article that is not yet inside, and its story
// unless that is known.
func (g *Grouper) assign(e *entry, known string) Assignment {
	a := Assignment{ID: e.id, Story: known}
	if origin, share := g.originOf(e); origin != nil {
		a.CopyOf, a.Share = origin.id, share
		a.Story = cmp.Or(known, origin.story)
		a.Why = Why{Near: origin.id, Score: share}
		return a
	}
	if known != "" {
		return a
	}
	near, score := g.nearest(e)
	if near == nil || score < g.cfg.Threshold {
		a.Story = model.ID("story", e.id)
		return a
	}
	a.Story = near.story
	a.Why = Why{Near: near.id, Score: score, Terms: g.shared(e, near)}
	return a
}

// insert puts e into the indexes and lets what is older than the window go.
func (g *Grouper) insert(e *entry) {
	g.docs[e.id] = e
	g.order = append(g.order, e)
	for _, w := range e.vector {
		w.term.docs = append(w.term.docs, e)
		g.terms[w.term.stem] = w.term
	}
	for _, p := range e.prints {
		g.prints[p] = append(g.prints[p], e)
	}
	if e.seen.After(g.latest) {
		g.latest = e.seen
	}
	for !g.order[0].seen.IsZero() && g.order[0].seen.Before(g.latest.Add(-g.cfg.Window)) {
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
	for _, p := range e.prints {
		if list := without(g.prints[p], e); len(list) > 0 {
			g.prints[p] = list
		} else {
			delete(g.prints, p)
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
