package model

import (
	"strings"
	"time"
)

// Member is how an article stands to a situation.
type Member struct {
	Situation  string
	Article    string
	In         bool     // it belongs
	Definition int      // Situation.Revision that was asked
	Why        []string // in words without a full stop: `has the word “garrison”`; what keeps it out where it does not belong
	Words      []Hit    // of Words, Phrases and All that it has
	Shut       []Hit    // of Exclude that it has
	Speakers   []string // Speaker IDs of the definition with statements in it
	Places     []int64  // of the definition that it names
	Source     string   // Source ID of the definition that it comes from
	Pinned     bool     // a person has put it in
	Excluded   bool     // a person has put it out
	Story      string   // the person has put its story in or out
	By         string   // that person
	At         time.Time
}

// Hit is a word or phrase of a definition and how the article first writes it.
type Hit struct{ Want, Found string }

// Pin is what a person decides about an article or a story of a situation. It
// outweighs the definition until it is freed, and what is decided of an article
// outweighs what is decided of its story.
type Pin struct {
	Situation string
	Article   string // Article.ID, or "" where it is about a story
	Story     string // Story.ID, or ""
	Verb      string // one of the Pin constants
	By        string
	At        time.Time
}

// What a person may decide.
const (
	PinIn   = "pin"
	PinOut  = "exclude"
	PinFree = "free" // the definition decides again
)

// Validate fills the time and reports the first fault of a decision as an
// ErrInvalid naming the field.
func (p *Pin) Validate() error {
	switch {
	case p.Verb != PinIn && p.Verb != PinOut && p.Verb != PinFree:
		return Errorf(ErrInvalid, "decision %q: want pin, exclude or free", p.Verb)
	case (p.Article == "") == (p.Story == ""):
		return Errorf(ErrInvalid, "decision to %s: want an article or a story", p.Verb)
	case strings.TrimSpace(p.By) == "":
		return Errorf(ErrInvalid, "decision to %s: who decides is missing", p.Verb)
	}
	if p.At.IsZero() {
		p.At = time.Now().UTC()
	}
	return nil
}

// Preview is what a definition of a situation would have caught. Decisions by
// hand are left out.
type Preview struct {
	Since    time.Time
	Articles int       // that belong
	Origins  int       // those that are copies of none
	Stories  int       // they stand in
	All      int       // articles filed since Since
	Share    float64   // Articles of All, 0 to 1
	Sample   []Article // of those that belong, newest first, without text
	Why      []Member  // of each of the sample
	Warnings []string  // what makes the definition too wide, in words
}

// Broad is the share of all articles from which a definition says too little.
const Broad = 0.5

// Measured is what is measured beside a claim: whether the service it speaks of
// was reached in the time it speaks of. It proves no cause.
type Measured struct {
	Service      string
	Name         string       // of the service
	Said         string       // what is claimed of it: one of the Said constants
	From, To     time.Time    // the time looked at
	Outage       *OutageFacts // in that time; nil: none
	Observed     bool         // it was observed through all of that time
	Availability float64      // share of the valid observations in that time that reached it, 0 to 1; -1: not known
}

// What a claim may say of a service.
const (
	SaidDown      = "down"
	SaidAttacked  = "attacked"
	SaidReachable = "reachable"
)
