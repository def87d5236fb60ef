package model

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Claim is the statements, across articles, about one proposition. Its text is
// verbatim: the words of the statement that puts the proposition best. The
// counts are of the newest revisions; an article and its copies are one origin.
type Claim struct {
	ID         string
	Text       string
	Statement  string // Statement.ID the text is taken from
	Started    time.Time
	Latest     time.Time
	Statements int
	Origins    int
	Speakers   int
	Upheld     int // speakers who assert or confirm it in some statement
	Disputed   int // speakers who deny or doubt it in some statement
}

// ClaimQuery asks for a page of claims, the latest first.
type ClaimQuery struct {
	Disputed bool // only those some uphold and some dispute
	Carried  bool // only those with more than one speaker or origin
	Limit    int
	Before   time.Time // only those whose Latest is earlier; zero: all
}

// Side is which side of a claim's line a stance stands on.
type Side int

// The sides. A demand or a question takes none.
const (
	NoSide Side = iota
	Upholds
	Disputes
)

// Side returns the side a stance takes.
func (s Stance) Side() Side {
	switch s {
	case StanceAsserts, StanceConfirms:
		return Upholds
	case StanceDenies, StanceDoubts:
		return Disputes
	}
	return NoSide
}

// Position is one speaker's attitude to a claim over a time, with the
// statements that show it.
type Position struct {
	Key      string // tells speakers apart, see Statement.Voice
	Stance   Stance
	Since    time.Time
	Until    time.Time // when another stance took its place, which a demand or question never does to a side; zero: current
	Reversal bool      // it crosses the line: the one before stood on the other side
	Origins  int       // independent origins that carry it
	Copies   int       // articles that copy one of these
	Said     []Ledger  // one an origin and wording, oldest first
}

// Voice tells speakers apart: by who they are across articles where that is
// known, else a person by name, an organisation by name and what it belongs to,
// since every country has a ministry of defence ("Ministry, Kestria" and
// "Ministry of Kestria" are one). Two articles' unnamed sources are not known to
// be one.
func (s *Statement) Voice() string {
	if s.SpeakerID != "" {
		return s.SpeakerID
	}
	key := strings.ToLower(strings.TrimSpace(s.Speaker))
	switch s.SpeakerType {
	case SpeakerUnnamed:
		key += "\x00" + s.Article
	case SpeakerOrganisation:
		key = strings.TrimPrefix(strings.ReplaceAll(key, ", ", " of "), "the ")
		key += "\x00" + strings.ToLower(s.Role)
	}
	return key
}

// Positions follows every speaker of one claim through its statements: one
// position for each time a speaker holds one stance. They come in the order in
// which they were taken up. Statements in copies count for their origin.
//
// A position is only shown to change by words that are new: a later report of
// what was said before the change changes nothing, and neither do two attitudes
// within one article, where it cannot be told which one holds. A statement without
// an attitude takes no position. Who demands or asks goes on upholding or disputing
// what was upheld or disputed before.
func Positions(list []Ledger) []Position {
	byVoice := map[string][]Ledger{}
	var order []string
	for _, l := range inTime(list) {
		if l.Attitude == "" {
			continue // it could not be told on which side it stands
		}
		key := l.Voice()
		if l.SpeakerType == SpeakerUnnamed && l.SpeakerID == "" { // a copy has its origin's sources
			st := l.Statement
			st.Article = l.Root()
			key = st.Voice()
		}
		if byVoice[key] == nil {
			order = append(order, key)
		}
		byVoice[key] = append(byVoice[key], *l)
	}
	var out []Position
	for _, key := range order {
		out = append(out, track(key, byVoice[key])...)
	}
	slices.SortStableFunc(out, func(a, b Position) int { return a.Since.Compare(b.Since) })
	return out
}

// inTime orders statements by when they were said as far as that is known,
// with those of copies behind all others of their day.
func inTime(list []Ledger) []*Ledger {
	type said struct {
		*Ledger
		at time.Time
	}
	order := make([]said, len(list))
	for i := range list {
		order[i] = said{&list[i], list[i].When()}
	}
	slices.SortStableFunc(order, func(a, b said) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.CopyOf, b.CopyOf), cmp.Compare(a.Article, b.Article), a.N-b.N)
	})
	out := make([]*Ledger, len(order))
	for i := range order {
		out[i] = order[i].Ledger
	}
	return out
}

// track is the positions of one speaker.
func track(key string, list []Ledger) []Position {
	var out []Position
	words := map[string]int{} // where words were said before
	mixed := mixedArticles(list)
	var keys [][]string // the words of each one's Said
	for _, l := range list {
		at, said := lastAlike(out, l.Attitude), l.Words()
		if i, known := words[said]; known {
			at = i // a repetition belongs to the position it was taken with
		} else if at < 0 || out[at].Stance != l.Attitude {
			if at >= 0 && mixed[l.Root()] {
				continue
			}
			p := Position{Key: key, Stance: l.Attitude, Since: l.Dated()}
			if at >= 0 {
				out[at].Until = p.Since
				p.Reversal = out[at].Stance.Side() != l.Attitude.Side()
			}
			out, keys = append(out, p), append(keys, nil)
			at = len(out) - 1
		}
		words[said] = at
		out[at].Said, keys[at] = append(out[at].Said, l), append(keys[at], said)
	}
	for i := range out {
		out[i].count(keys[i])
	}
	return out
}

// lastAlike is the place of the last position that has a side, for a stance that
// has one, or of the last that has none; -1 for none.
func lastAlike(list []Position, stance Stance) int {
	for i := len(list) - 1; i >= 0; i-- {
		if (list[i].Stance.Side() == NoSide) == (stance.Side() == NoSide) {
			return i
		}
	}
	return -1
}

// mixedArticles are the origins in which a speaker stands on both sides.
func mixedArticles(list []Ledger) map[string]bool {
	side := map[string]Side{}
	mixed := map[string]bool{}
	for i := range list {
		s, root := list[i].Attitude.Side(), list[i].Root()
		if s == NoSide {
			continue
		}
		if side[root] != NoSide && side[root] != s {
			mixed[root] = true
		}
		side[root] = s
	}
	return mixed
}

// count counts origins and copies and leaves one statement an origin and
// wording; words are those of each statement.
func (p *Position) count(words []string) {
	articles, origins := map[string]bool{}, map[string]bool{}
	seen := map[string]bool{}
	var said []Ledger
	for i, l := range p.Said {
		articles[l.Article], origins[l.Root()] = true, true
		if k := l.Root() + "\x00" + words[i]; !seen[k] {
			seen[k] = true
			said = append(said, l)
		}
	}
	p.Said, p.Origins, p.Copies = said, len(origins), len(articles)-len(origins)
}

// Speaker is who holds the position, as its newest statement names them.
func (p *Position) Speaker() *Ledger { return &p.Said[len(p.Said)-1] }

// Decision is what a person has decided about stories or claims. No later
// evidence undoes it.
type Decision struct {
	N     int64    // rises with time
	Noun  string   // "story" or "claim"
	Verb  string   // "merge", "split", "move" or "attitude"
	ID    string   // the story or claim they were in
	Other string   // the one they are in from then on, or the attitude
	Parts []string // the articles or statements
	Who   string
	At    time.Time
}
