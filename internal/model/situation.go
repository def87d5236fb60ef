package model

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Situation is what a desk follows: which articles belong to it, and what is
// measured beside them. An article belongs when it has one of the Words or
// Phrases, or a statement of one of the Speakers, or names one of the Places, or
// comes from one of the Sources, and has none of Exclude, and lies within the
// Languages and the time. Where it wants nothing but All, every article that has
// those belongs. A person's pin or exclusion of a story or an article outweighs
// that.
type Situation struct {
	ID        string // stable, in addresses: letters a to z, digits and hyphens
	Title     string
	Note      string    // the desk's own words under the title, or ""
	Words     []string  // whole words, folded; with * at the end: beginnings of words
	Phrases   []string  // words in a row
	All       []string  // every one of these words must be there too
	Exclude   []string  // words and phrases
	Speakers  []string  // Speaker IDs
	Places    []int64   // gazetteer ids; what lies in one counts as it
	Sources   []string  // Source IDs
	Services  []string  // Service IDs
	Languages []string  // ISO 639-1; none: all
	From      time.Time // zero: open
	Until     time.Time // zero: open
	By        string    // who made this revision of it
	Created   time.Time
	Changed   time.Time
	Revision  int // rises with every change of the definition
}

// Bounds of a definition.
const (
	maxWanted = 200 // values of a list
	maxTitle  = 200 // bytes
)

var (
	situationID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	languageTag = regexp.MustCompile(`^[a-z]{2}$`)
)

// Validate fills defaults and reports the first fault of a situation as an
// ErrInvalid naming the field. Whether words contradict each other shows only
// when they are folded, which who stores it does.
func (s *Situation) Validate() error {
	s.Title = strings.TrimSpace(s.Title)
	switch {
	case s.Title == "":
		return Errorf(ErrInvalid, "situation title is missing")
	case len(s.Title) > maxTitle:
		return Errorf(ErrInvalid, "situation title: longer than %d bytes", maxTitle)
	case s.ID != "" && (!situationID.MatchString(s.ID) || len(s.ID) > 64):
		return Errorf(ErrInvalid, "situation id %q: want letters a to z, digits and single hyphens, at most 64", s.ID)
	}
	for field, list := range s.lists() {
		if len(*list) > maxWanted {
			return Errorf(ErrInvalid, "situation %s: %d, want at most %d", field, len(*list), maxWanted)
		}
		*list = tidy(*list)
	}
	for i, l := range s.Languages {
		if s.Languages[i] = strings.ToLower(l); !languageTag.MatchString(s.Languages[i]) {
			return Errorf(ErrInvalid, "situation languages: %q is no code of two letters, such as en", l)
		}
	}
	slices.Sort(s.Places)
	if s.Places = slices.Compact(s.Places); len(s.Places) == 0 {
		s.Places = nil
	}
	if len(s.Places) > maxWanted {
		return Errorf(ErrInvalid, "situation places: %d, want at most %d", len(s.Places), maxWanted)
	}
	for field, t := range map[string]time.Time{"from": s.From, "until": s.Until} {
		if !t.IsZero() && (t.Year() < 1900 || !t.Before(lastTime)) {
			return Errorf(ErrInvalid, "situation %s %s: want a time from 1900 to 2199", field, t.Format(time.RFC3339))
		}
	}
	if !s.From.IsZero() && !s.Until.IsZero() && !s.From.Before(s.Until) {
		return Errorf(ErrInvalid, "situation from %s is not before until %s", s.From.Format(time.RFC3339), s.Until.Format(time.RFC3339))
	}
	if len(s.Words)+len(s.Phrases)+len(s.All)+len(s.Speakers)+len(s.Places)+len(s.Sources)+len(s.Services) == 0 {
		return Errorf(ErrInvalid, "situation wants nothing: give it words, phrases, speakers, places, sources or services")
	}
	return nil
}

// lists are the lists of text of a definition by the names of their fields.
func (s *Situation) lists() map[string]*[]string {
	return map[string]*[]string{
		"words": &s.Words, "phrases": &s.Phrases, "all": &s.All, "exclude": &s.Exclude,
		"speakers": &s.Speakers, "sources": &s.Sources, "services": &s.Services, "languages": &s.Languages,
	}
}

// tidy trims values and drops empty ones and repetitions.
func tidy(list []string) []string {
	var out []string
	for _, v := range list {
		if v = strings.TrimSpace(v); v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// Wants reports whether an article can belong by the definition; otherwise only
// by a person's pin.
func (s *Situation) Wants() bool {
	return len(s.Words)+len(s.Phrases)+len(s.All)+len(s.Speakers)+len(s.Places)+len(s.Sources) > 0
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
	Lines     int       // of its timeline: entries that hold, without the plain one of a statement that another says more of
	Latest    time.Time // when something last changed in it
	Working   bool      // the articles are still being gone through after a change
}

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
	Places     []int64  // that it names and that are one of the definition's, or lie in one
	Source     string   // Source ID of the definition that it comes from
	Pinned     bool     // a person has put it in
	Excluded   bool     // a person has put it out
	Story      string   // the person has put its story in or out
	By         string   // that person
	At         time.Time
}

// MemberArticle is an article, without text, with how it stands to a situation.
type MemberArticle struct {
	Article
	Why Member
}

// Makeup is where the articles of a situation come from.
type Makeup struct {
	Outlets  []OutletShare // in no order
	Excluded int           // articles a person has put out
}

// OutletShare is the articles of a situation that come from one outlet.
type OutletShare struct {
	Outlet   string // "": it is not known
	Articles int
	Origins  int       // those that copy none
	Pinned   int       // those a person has put in
	Versions int       // kept of them: one for every revision
	Latest   time.Time // when the newest was published, or first seen
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
	Availability float64      // how much of it the service was reached, by the hour, 0 to 1; -1: not known
}

// What a claim may say of a service.
const (
	SaidDown      = "down"
	SaidAttacked  = "attacked"
	SaidReachable = "reachable"
)

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
	Gone      time.Time // when it was known not to be so any more: words that were taken out, a claim upheld earlier; zero: it is so
	Text      string    // verbatim words, a headline, or the report sentence of an outage
	Detail    string    // of a movement: Movement.Detail
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
	Claims   []string // of what is said of claims, only what is said of these; nil: of all
	Service  string
	Place    int64
	From, To time.Time // of At; zero: open
	Known    time.Time // only what was seen by then; zero: now
	Before   string    // Entry.ID of the last one of the page before; "": from the newest
	Limit    int
}

// EntrySource is an article that entries of a timeline quote.
type EntrySource struct {
	Source string         // Article.Source
	N      map[string]int // Statement.N by Statement.ID, of the newest revision
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
