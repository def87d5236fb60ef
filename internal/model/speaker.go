package model

import "time"

// Speaker is the person or organisation statements are attributed to, across
// articles and outlets. The counts are of what was asked for.
type Speaker struct {
	ID         string
	Name       string // the name in most use
	Type       SpeakerType
	Role       string // the one articles give most; not in SearchHit
	Outlet     string // the one outlet a name that says little by itself is known from
	Statements int    // in articles that are copies of none
	Origins    int    // those articles
	Copies     int    // articles that repeat one of them
}

// SpeakerDescription is what one article says about a speaker, before anything
// is known about who it is.
type SpeakerDescription struct {
	Name   string
	Type   SpeakerType
	Role   string
	Outlet string // of the article
}

// SpeakerAlias is a description a speaker goes by.
type SpeakerAlias struct {
	SpeakerDescription      // Outlet is the scope of its name, see SpeakerKeys
	ByHand             bool // a person has decided whose it is
}

// SpeakerProfile is what is known of a speaker when a description is compared
// with it: what it goes by, in most use first.
type SpeakerProfile struct {
	ID      string
	Aliases []SpeakerAlias
}

// SpeakerKeys is how a description finds those it may be the same as, without
// comparing it with all: two that may be the same have a block under which one
// is filed and the other looks.
type SpeakerKeys struct {
	File  []string // none: no speaker with a name of its own
	Look  []string // the narrowest first
	Scope string   // what a name that says little is bound to; "" where the name stands by itself
}

// SpeakerChoice says whose description it is.
type SpeakerChoice struct {
	ID      string // Speaker.ID; "" is nobody known yet
	Homonym bool   // several known speakers fit equally well, so it is kept apart from all of them
	Unsure  []SpeakerDoubt
}

// SpeakerDoubt is another speaker who may be the same.
type SpeakerDoubt struct {
	ID  string
	Why string // for people
}

// SpeakerQuery asks for a speaker's statements, newest first. Zero fields do
// not filter.
type SpeakerQuery struct {
	ID        string
	Stance    Stance
	Channel   string
	Positions bool // the positions instead of the statements
	Quotable  bool // only what the licence of its source lets the public read
	Limit     int
	Offset    int
}

// SpeakerFacts is what a speaker's statements say about the speaker.
type SpeakerFacts struct {
	Speaker
	Held     int // statements that SpeakerQuery.Quotable left out
	Opinions int // positions
	Stances  []Tally
	Channels []Tally
	Names    []SpeakerName
	Roles    []SpeakerRole
	Doubts   []DoubtedSpeaker
}

// Tally is how many statements have a value.
type Tally struct {
	Value string
	N     int
}

// SpeakerName is a name a speaker goes by at an outlet.
type SpeakerName struct {
	Name   string
	Outlet string
	N      int
}

// SpeakerRole is a role articles give a speaker, from the first to the latest
// time.
type SpeakerRole struct {
	Role   string
	First  time.Time
	Latest time.Time
	N      int
}

// DoubtedSpeaker is a speaker who may be the same as another.
type DoubtedSpeaker struct {
	Speaker
	Why string
}
