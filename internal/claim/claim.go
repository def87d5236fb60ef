// Package claim puts statements about one proposition into one claim, online:
// when a statement comes in, those of the claims near it are parted anew, it with
// them, and each statement's attitude to the proposition is found.
//
// Where the evidence does not suffice, statements stay apart. Memory is bounded
// by the window: statements seen before it leave.
package claim

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"crosscheck/internal/claim/pair"
	"crosscheck/internal/model"
)

// Config tunes a Grouper; the zero value takes the defaults.
type Config struct {
	Window time.Duration // how long a statement can be joined; default 14 days
	Join   float64       // least link by which statements become one claim
	Whole  bool          // all statements of whole articles come, not just those picked because they bear on what is disputed
}

const (
	defaultWindow = 14 * 24 * time.Hour
	// Found on the parts of the labelled data that may be looked at. Where whole
	// articles come, a false join would invent an agreement or a contradiction,
	// and a person can join what was left apart.
	defaultJoin  = -0.25
	defaultWhole = 2.5
	// wholeCommon is how many words some two statements of a claim have in common
	// there.
	wholeCommon = 2
)

func (c Config) withDefaults() Config {
	if c.Window == 0 {
		c.Window = defaultWindow
	}
	if c.Join == 0 && c.Whole {
		c.Join = defaultWhole
	}
	if c.Join == 0 {
		c.Join = defaultJoin
	}
	return c
}

// Statement is what grouping needs of a statement and its article.
type Statement struct {
	ID, Article   string
	Title, Outlet string            // of the article
	At            time.Time         // published
	Seen          time.Time         // first seen: the window runs by it; zero never leaves the window
	Speaker       string            // the resolved name, or "unnamed: …"
	SpeakerKey    string            // who that is across articles; Speaker where ""
	SpeakerType   model.SpeakerType // of the speaker
	Stance        model.Stance      // attitude to Content as it is worded
	Content       string            // verbatim words
	Claim         string            // set to restore an earlier assignment
	Attitude      model.Stance      // of an earlier assignment, with Claim
	Restored      bool              // Claim and Attitude are taken as they are, also if Attitude is ""
	Pinned        bool              // Claim, and Attitude if set, were decided by a person and stay
}

// Assignment is where a statement belongs.
type Assignment struct {
	ID     string
	Claim  string
	Stance model.Stance // attitude to the claim's proposition; "" where it cannot be told
	Why    Why
}

// Why is the evidence for an assignment, for people.
type Why struct {
	Near    string   `json:"near,omitempty"`    // the statement that decided
	Score   float64  `json:"score,omitempty"`   // link to the claim, log odds; what joins is Config.Join
	Terms   []string `json:"terms,omitempty"`   // what the two share, heaviest first
	Against []string `json:"against,omitempty"` // what makes the stance another than the words' own
}

// Grouper holds the recent statements. It is safe for concurrent use;
// statements are assigned in the order of the calls.
type Grouper struct {
	cfg     Config
	weights pair.Weights

	mu       sync.Mutex
	reader   pair.Reader
	stream   pair.Stream
	all      map[string]*entry
	order    []*entry // as they came in
	claims   map[string]*group
	articles map[string][]*entry
	lookup   map[*pair.Word][]*entry
	latest   time.Time // the newest Seen
	serial   int
}

// entry is a statement inside the window.
type entry struct {
	id       string
	serial   int // rises with every statement
	seen     time.Time
	content  string
	claim    *group
	attitude model.Stance
	fixed    bool         // the attitude is a person's
	rule     model.Stance // the attitude by rule
	turned   []string     // what turned it from the statement's own stance
	near     float64      // cosine with the proposition, as of the last look at the rule
	cues     []uint8      // places in Cues of those among the words
	pinned   bool
	reading  *pair.Reading
	keys     []*pair.Word
	compared bool   // with the statements before it
	links    []link // to those near it
	why      Why
	sum      float64 // scratch of a query: weight shared with its statement
}

// group is a claim: its statements inside the window, in the order of their
// coming in.
type group struct {
	id      string
	members []*entry
	anchor  *entry // whose words are the proposition, as of the last look
}

// touched reports whether a person has decided about the claim.
func (c *group) touched() bool {
	return slices.ContainsFunc(c.members, func(e *entry) bool { return e.pinned })
}

// New returns an empty Grouper.
func New(cfg Config) *Grouper {
	weights := pair.Learned()
	if cfg.Whole {
		weights = pair.LearnedWhole()
	}
	return &Grouper{
		cfg: cfg.withDefaults(), weights: weights, all: map[string]*entry{}, claims: map[string]*group{},
		articles: map[string][]*entry{}, lookup: map[*pair.Word][]*entry{},
	}
}

// Add assigns a statement. The first assignment is its own; further ones are
// earlier statements that belong to another claim now or whose attitude is now
// seen otherwise. A statement added before keeps its claim: its words are
// replaced.
func (g *Grouper) Add(s Statement) []Assignment {
	g.mu.Lock()
	defer g.mu.Unlock()
	e := g.enter(s)
	if old, ok := g.all[s.ID]; ok {
		g.drop(old)
		e.serial, e.reading.Pos = old.serial, old.reading.Pos
		old.claim.anchor = nil
		if s.Claim == "" {
			s.Claim, e.pinned = old.claim.id, old.pinned
		}
		if old.fixed && s.Attitude == "" {
			s.Attitude, e.fixed = old.attitude, true
		}
	}
	before := map[*entry]Assignment{}
	var changed []*group
	if s.Claim != "" {
		g.put(e, s.Claim)
		changed = []*group{e.claim}
	} else {
		changed = g.assign(e, before)
	}
	g.index(e)
	for _, c := range changed {
		g.note(c, before)
	}
	if s.Restored || s.Attitude != "" { // what was found before, or by a person: the others are looked at with the next new statement
		e.attitude, e.claim.anchor = s.Attitude, nil
		changed = slices.DeleteFunc(changed, func(c *group) bool { return c == e.claim })
	}
	for _, c := range changed {
		g.attitudes(c)
	}
	delete(before, e)
	moved := g.moved(before)
	g.expire(s.Seen)
	return append([]Assignment{e.assignment()}, moved...)
}

func (e *entry) assignment() Assignment {
	return Assignment{ID: e.id, Claim: e.claim.id, Stance: e.attitude, Why: e.why}
}

// enter reads a statement.
func (g *Grouper) enter(s Statement) *entry {
	key := s.SpeakerKey
	if key == "" {
		key = s.Speaker
	}
	g.serial++
	e := &entry{id: strings.Clone(s.ID), serial: g.serial, seen: s.Seen, content: strings.Clone(s.Content), attitude: s.Attitude, pinned: s.Pinned, fixed: s.Pinned && s.Attitude != ""}
	e.reading = g.reader.Read(pair.Said{
		Article: strings.Clone(s.Article), Title: s.Title, Speaker: s.Speaker, Key: strings.Clone(key), Stance: s.Stance, Content: s.Content, At: s.At,
	})
	if list := g.articles[s.Article]; len(list) > 0 {
		e.reading.Pos = list[len(list)-1].reading.Pos + 1
	}
	e.keys, e.cues = e.reading.Keys(), cuesIn(s.Content)
	return e
}

// put makes e a member of the claim with an id, a new one if need be.
func (g *Grouper) put(e *entry, id string) {
	c := g.claims[id]
	if c == nil {
		c = &group{id: strings.Clone(id)}
		g.claims[c.id] = c
	}
	e.claim = c
	c.members = with(c.members, e)
}

// leave takes e out of its claim.
func (g *Grouper) leave(e *entry) {
	c := e.claim
	c.members = without(c.members, e)
	if len(c.members) == 0 {
		delete(g.claims, c.id)
	}
}

// Move puts statements into a claim for good, as a person decided. Statements
// that are not inside the window are passed over. It returns where the other
// statements of the claims they left and came to stand now, if otherwise than
// before, and the moved ones.
func (g *Grouper) Move(ids []string, claim string) []Assignment {
	g.mu.Lock()
	defer g.mu.Unlock()
	before := map[*entry]Assignment{}
	left := map[string]bool{claim: true}
	for _, id := range ids {
		e := g.all[id]
		if e == nil {
			continue
		}
		left[e.claim.id] = true
		g.note(e.claim, before)
		g.leave(e)
		g.put(e, claim)
		g.note(e.claim, before)
		e.pinned, e.why = true, Why{}
	}
	for _, id := range slices.Sorted(maps.Keys(left)) {
		if c := g.claims[id]; c != nil {
			g.note(c, before)
			c.anchor = nil
			g.attitudes(c)
		}
	}
	return g.moved(before)
}

// note keeps where the statements of a claim stand.
func (g *Grouper) note(c *group, before map[*entry]Assignment) {
	for _, m := range c.members {
		if _, known := before[m]; !known {
			before[m] = m.assignment()
		}
	}
}

// moved are the statements that do not stand where they stood.
func (g *Grouper) moved(before map[*entry]Assignment) []Assignment {
	var out []Assignment
	for m, was := range before {
		if now := m.assignment(); now.Claim != was.Claim || now.Stance != was.Stance {
			out = append(out, now)
		}
	}
	slices.SortFunc(out, func(a, b Assignment) int { return cmp.Compare(g.all[a.ID].serial, g.all[b.ID].serial) })
	return out
}

// index makes e findable.
func (g *Grouper) index(e *entry) {
	g.all[e.id] = e
	g.order = with(g.order, e)
	g.stream.Add(e.reading)
	article := e.reading.Article
	g.articles[article] = with(g.articles[article], e)
	for _, w := range e.keys {
		g.lookup[w] = with(g.lookup[w], e)
	}
}

// expire lets go of what is older than the window.
func (g *Grouper) expire(seen time.Time) {
	if seen.After(g.latest) {
		g.latest = seen
	}
	for !g.order[0].seen.IsZero() && g.order[0].seen.Before(g.latest.Add(-g.cfg.Window)) {
		g.drop(g.order[0])
	}
}

func (g *Grouper) drop(e *entry) {
	delete(g.all, e.id)
	g.order = without(g.order, e)
	g.leave(e)
	e.unlink()
	g.stream.Remove(e.reading)
	g.reader.Release(e.reading)
	article := e.reading.Article
	if g.articles[article] = without(g.articles[article], e); len(g.articles[article]) == 0 {
		delete(g.articles, article)
	}
	for _, w := range e.keys {
		if g.lookup[w] = without(g.lookup[w], e); len(g.lookup[w]) == 0 {
			delete(g.lookup, w)
		}
	}
}

// with puts e into a list in the order of serials.
func with(list []*entry, e *entry) []*entry {
	if n := len(list); n == 0 || list[n-1].serial < e.serial {
		return append(list, e)
	}
	i, _ := slices.BinarySearchFunc(list, e, bySerial)
	return slices.Insert(list, i, e)
}

func bySerial(a, b *entry) int { return cmp.Compare(a.serial, b.serial) }

// without removes e from a list in the order of serials.
func without(list []*entry, e *entry) []*entry {
	i, ok := slices.BinarySearchFunc(list, e, bySerial)
	if !ok {
		return list
	}
	if i == 0 {
		list[0] = nil
		return list[1:]
	}
	return slices.Delete(list, i, i+1)
}

// Window is how long a statement can be joined.
func (g *Grouper) Window() time.Duration { return g.cfg.Window }

// Len is the number of statements inside the window.
func (g *Grouper) Len() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.all)
}
