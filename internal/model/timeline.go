package model

import (
	"cmp"
	"slices"
	"time"
)

// Heard is a statement of a claim as a timeline has it: an EntryStatement, with
// what tells whose it is and when it can have been said.
type Heard struct {
	Entry
	Voice string    // Statement.Voice, with Root for the article
	Root  string    // Article.ID of the origin of the words
	Dated time.Time // Ledger.Dated
	When  time.Time // Ledger.When
	N     int       // Statement.N
}

func (h *Heard) ledger() Ledger {
	l := Ledger{Text: h.Text, Published: h.Dated, Seen: h.Dated}
	l.ID, l.Article, l.N, l.SpeakerID, l.Attitude = h.ID, h.Article, h.N, h.Voice, h.Stance
	if h.Root != h.Article {
		l.CopyOf = h.Root
	}
	if h.When.Before(h.Dated) {
		l.SaidOn = h.When.UTC().Format(time.DateOnly)
	}
	return l
}

// ClaimEntries follows a claim through the statements of it in the order they
// came to be known: who first upheld it, who first denied or doubted it, and
// which speakers crossed its line, as Positions shows it. What is learnt later
// may take an entry's place: the earlier one then has the moment as Gone. Each
// is a copy of its statement's entry with Kind, ID, Seen and Gone of its own,
// and for reversals Before.
func ClaimEntries(list []Heard) []Entry {
	c := claimTimeline{open: map[string]*Entry{}, voices: map[string][]*Heard{}}
	type event struct {
		at   time.Time
		h    *Heard
		gone bool
	}
	var events []event
	for i := range list {
		h := &list[i]
		events = append(events, event{h.Seen, h, false})
		if !h.Gone.IsZero() {
			events = append(events, event{h.Gone, h, true})
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return a.at.Compare(b.at) })
	for i := 0; i < len(events); {
		touched := map[string]bool{}
		now := events[i].at
		for ; i < len(events) && events[i].at.Equal(now); i++ {
			e := events[i]
			touched[e.h.Voice] = true
			if e.gone {
				c.voices[e.h.Voice] = slices.DeleteFunc(c.voices[e.h.Voice], func(h *Heard) bool { return h == e.h })
				continue
			}
			c.voices[e.h.Voice] = append(c.voices[e.h.Voice], e.h)
		}
		c.step(now, touched)
	}
	for _, e := range c.open {
		c.done = append(c.done, *e)
	}
	slices.SortFunc(c.done, func(a, b Entry) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID), a.Seen.Compare(b.Seen))
	})
	return c.done
}

// claimTimeline is a claim at one moment of what was known.
type claimTimeline struct {
	voices map[string][]*Heard
	open   map[string]*Entry // by the key of what they say
	done   []Entry
	first  [Disputes + 1]map[string]*Heard // by side, the first statement of each voice
}

// step brings the entries up to what is known at a moment.
func (c *claimTimeline) step(now time.Time, touched map[string]bool) {
	for side := Upholds; side <= Disputes; side++ {
		if c.first[side] == nil {
			c.first[side] = map[string]*Heard{}
		}
		for v := range touched {
			delete(c.first[side], v)
			if h := firstOn(side, c.voices[v]); h != nil {
				c.first[side][v] = h
			}
		}
		var first *Heard
		for _, h := range c.first[side] {
			if first == nil || earlier(h, first) {
				first = h
			}
		}
		kind := EntryAsserted
		if side == Disputes {
			kind = EntryDenied
		}
		c.set(now, string(kind), kind, first, "")
	}
	for v := range touched {
		c.reversals(now, v)
	}
}

// set has an entry of that key be about h from now on, or about nothing.
func (c *claimTimeline) set(now time.Time, key string, kind EntryKind, h *Heard, before Stance) {
	old := c.open[key]
	var e Entry
	if h != nil {
		e = h.Entry
		e.Kind, e.Before, e.Seen, e.Gone = kind, before, now, time.Time{}
		e.ID = ID("entry", string(kind), e.Claim, h.ID)
	}
	if old != nil && h != nil && old.ID == e.ID && old.Before == before {
		return
	}
	if old != nil {
		if old.Gone = now; old.Seen.Before(now) {
			c.done = append(c.done, *old)
		}
		delete(c.open, key)
	}
	if h != nil {
		c.open[key] = &e
	}
}

// reversals brings those of one voice up to date.
func (c *claimTimeline) reversals(now time.Time, voice string) {
	found := map[string]bool{}
	list := c.voices[voice]
	if firstOn(Upholds, list) != nil && firstOn(Disputes, list) != nil {
		byID := map[string]*Heard{}
		said := make([]Ledger, len(list))
		for i, h := range list {
			byID[h.ID], said[i] = h, h.ledger()
		}
		var before Stance
		for _, p := range Positions(said) {
			if p.Reversal {
				key := "reversal\x00" + voice + "\x00" + p.Said[0].ID
				found[key] = true
				c.set(now, key, EntryReversal, byID[p.Said[0].ID], before)
			}
			if p.Stance.Side() != NoSide {
				before = p.Stance
			}
		}
	}
	prefix := "reversal\x00" + voice + "\x00"
	for key := range c.open {
		if len(key) > len(prefix) && key[:len(prefix)] == prefix && !found[key] {
			c.set(now, key, EntryReversal, nil, "")
		}
	}
}

// firstOn is the first statement on a side, or nil.
func firstOn(side Side, list []*Heard) *Heard {
	var first *Heard
	for _, h := range list {
		if h.Stance.Side() == side && (first == nil || earlier(h, first)) {
			first = h
		}
	}
	return first
}

// earlier orders statements as Positions does.
func earlier(a, b *Heard) bool {
	copied := func(h *Heard) int {
		if h.Root != h.Article {
			return 1
		}
		return 0
	}
	return cmp.Or(a.When.Compare(b.When), copied(a)-copied(b), cmp.Compare(a.Article, b.Article), a.N-b.N, cmp.Compare(a.ID, b.ID)) < 0
}
