package model

import (
	"strings"
	"time"
)

// Situation is what a desk follows: which articles belong to it, and what is
// measured beside them. An article belongs when it has one of the Words or
// Phrases, or a statement of one of the Speakers, or names one of the Places, or
// comes from one of the Sources, and has none of Exclude, and lies within the
// Languages and the time. A person's pin or exclusion of a story or an article
// outweighs that.
type Situation struct {
	ID        string // stable, in addresses
	Title     string
	Note      string    // the desk's own words under the title, or ""
	Words     []string  // whole words, folded; with * at the end: beginnings of words
	Phrases   []string  // words in a row
	All       []string  // every one of these words must be there too
	Exclude   []string  // words and phrases
	Speakers  []string  // Speaker IDs
	Places    []int64   // gazetteer ids
	Sources   []string  // Source IDs
	Services  []string  // Service IDs
	Languages []string  // ISO 639-1; none: all
	From      time.Time // zero: open
	Until     time.Time // zero: open
	By        string    // who keeps it
	Created   time.Time
	Changed   time.Time
	Revision  int // rises with every change of the definition
}

// Validate fills defaults and reports the first fault of a situation as an
// ErrInvalid naming the field.
func (s *Situation) Validate() error {
	if s.Title = strings.TrimSpace(s.Title); s.Title == "" {
		return Errorf(ErrInvalid, "situation title is missing")
	}
	return nil
}

// SituationFacts is a situation with its counts, of the newest revisions.
type SituationFacts struct {
	Situation
	Articles  int
	Origins   int
	Stories   int
	Claims    int
	Disputed  int // claims some uphold and some dispute
	Speakers  int
	Reversals int
	Outages   int       // grave ones of its services within its time
	Latest    time.Time // when something last changed in it
}

// EntryKind is what happened at an entry of a timeline.
type EntryKind string

// The kinds.
const (
	EntryStatement EntryKind = "statement" // somebody said something
	EntryAsserted  EntryKind = "asserted"  // a claim was first upheld
	EntryDenied    EntryKind = "denied"    // a claim was first denied or doubted
	EntryReversal  EntryKind = "reversal"  // a speaker crossed the line of a claim
	EntryStory     EntryKind = "story"     // a story started
	EntryRevision  EntryKind = "revision"  // an article was changed
	EntryOnset     EntryKind = "onset"     // a service was lost, back-dated
	EntryConfirmed EntryKind = "confirmed" // a loss was confirmed
	EntryResolved  EntryKind = "resolved"  // a service was back
	EntryMovement  EntryKind = "movement"  // something moved or was struck, as somebody states
)

// Entry is one line of a timeline. The four times are kept apart; a zero time
// is not known. At is the one it is ordered by: when it happened, else when it
// was said, published, seen.
type Entry struct {
	ID        string // stable, its permanent link
	Kind      EntryKind
	At        time.Time
	Happened  time.Time
	Said      time.Time
	Published time.Time
	Seen      time.Time // when it was known here
	Text      string    // verbatim words, a headline, or the report sentence of an outage
	Speaker   string    // as the statement names them, or ""
	SpeakerID string
	Stance    Stance // to the claim
	Before    Stance // of a reversal: the former one
	Claim     string // Claim.ID, or ""
	Story     string
	Article   string
	Statement string
	Service   string
	Outage    string
	Place     int64 // gazetteer id, 0: none
	Outlet    string
	Origins   int // independent origins that carry it
}

// EntryQuery asks for entries of a timeline, the newest At first.
type EntryQuery struct {
	Kinds    []EntryKind // nil: all
	Speaker  string
	Claim    string
	Service  string
	Place    int64
	From, To time.Time // of At; zero: open
	Known    time.Time // only what was seen by then; zero: now
	Before   string    // Entry.ID of the last one of the page before; "": from the newest
	Limit    int
}

// Mention is a span of an article that names a place.
type Mention struct {
	Article string
	Start   int // byte offsets into Article.Text
	End     int
	Name    string // as the article writes it
	Place   Place  // Place.ID 0: it could not be told which
}

// Place is an entry of the gazetteer.
type Place struct {
	ID      int64 // GeoNames id, or 0
	Name    string
	Country string // ISO 3166 alpha-2, or ""
	Kind    PlaceKind
	Lat     float64
	Lon     float64
}

// PlaceKind is what kind of place it is.
type PlaceKind string

// The kinds.
const (
	PlaceCity    PlaceKind = "city"
	PlaceRegion  PlaceKind = "region" // administrative, or by custom
	PlaceCountry PlaceKind = "country"
	PlaceSea     PlaceKind = "sea" // seas, straits, gulfs, rivers
)

// Spot is a place with what is said or measured there.
type Spot struct {
	Place
	Articles   int // that name it
	Statements int // in the sentences that name it
	Services   []string
	Vantages   []string
}
