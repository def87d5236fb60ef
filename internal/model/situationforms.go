package model

import "time"

// Member is how an article stands to a situation.
type Member struct {
	Situation string
	Article   string
	Why       []string // in sentences without a full stop: `has the word "garrison"`
	Pinned    bool     // a person has put it in
	Excluded  bool     // a person has put it out; it does not belong
	By        string   // that person
	At        time.Time
}

// Pin is what a person decides about an article or a story of a situation. It
// outweighs the definition until it is freed.
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

// Preview is what a definition of a situation would take in.
type Preview struct {
	Articles int       // that belong
	All      int       // that were looked at
	Stories  int       // they stand in
	Sample   []Article // of those that belong, newest first
	Warnings []string  // what makes the definition too wide or too narrow, in words
}

// Measured is what is measured beside a claim: whether the service it speaks of
// was reached in the time it speaks of. It proves no cause.
type Measured struct {
	Service  string
	Name     string // of the service
	From, To time.Time
	Outage   *OutageFacts // in that time; nil: none
	Observed bool         // somebody looked in that time
}
