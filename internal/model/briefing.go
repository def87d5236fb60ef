package model

import (
	"strings"
	"time"
)

// Briefing is a dated page of a situation, put together from verbatim words,
// counts and reports of outages in the order an editor gave them. What is
// published is never changed: a correction is another version.
type Briefing struct {
	Situation string
	N         int // from 1; all versions of a briefing share it
	Version   int // from 1
	Title     string
	From, To  time.Time // what it covers
	At        time.Time // when this version was published
	By        string
	Sentences []Sentence
}

// SentenceKind is whose words a sentence of a briefing is.
type SentenceKind string

// The kinds.
const (
	SentenceStatement SentenceKind = "statement" // somebody's, verbatim
	SentenceCount     SentenceKind = "count"     // how many there are of something
	SentenceOutage    SentenceKind = "outage"    // the report of an outage
	SentenceDesk      SentenceKind = "desk"      // the editor's own
)

// Sentence is one sentence of a briefing with where it comes from.
type Sentence struct {
	Key    string       `json:"key"` // tells sentences apart from one briefing to the next
	Kind   SentenceKind `json:"kind"`
	Text   string       `json:"text"` // of a statement: the spans, joined by " … "
	Pinned bool         `json:"pinned,omitempty"`

	// Of a statement.
	Statement string    `json:"statement,omitempty"`
	N         int       `json:"n,omitempty"` // Statement.N
	Article   string    `json:"article,omitempty"`
	Revision  int       `json:"revision,omitempty"`
	Capture   string    `json:"capture,omitempty"` // hash of the bytes that revision was read from
	Spans     []Span    `json:"spans,omitempty"`   // byte offsets into the text of that revision
	Speaker   string    `json:"speaker,omitempty"`
	SpeakerID string    `json:"speaker_id,omitempty"`
	Role      string    `json:"role,omitempty"`
	Stance    Stance    `json:"stance,omitempty"` // to the claim
	Claim     string    `json:"claim,omitempty"`
	Outlet    string    `json:"outlet,omitempty"`
	URL       string    `json:"url,omitempty"` // of the original
	Published time.Time `json:"published,omitzero"`
	SaidOn    string    `json:"said_on,omitempty"`

	// Of a count: the ids of what was counted.
	Of []string `json:"of,omitempty"`

	// Of an outage.
	Service string    `json:"service,omitempty"`
	Outage  string    `json:"outage,omitempty"`
	Judged  time.Time `json:"judged,omitzero"`
	Rule    string    `json:"rule,omitempty"`
}

// Gap stands between spans of a statement that are not next to each other.
const Gap = " … "

// Words is the text a statement's spans have in a text, as Sentence.Text has
// it; "" where a span does not lie inside it.
func Words(text string, spans []Span) string {
	parts := make([]string, len(spans))
	for i, sp := range spans {
		if parts[i] = sp.Of(text); parts[i] == "" {
			return ""
		}
	}
	return strings.Join(parts, Gap)
}

// Validate fills defaults and reports the first fault of a briefing as an
// ErrInvalid naming the field.
func (b *Briefing) Validate() error {
	if b.Title = strings.TrimSpace(b.Title); b.Title == "" {
		return Errorf(ErrInvalid, "briefing title is missing")
	}
	if len(b.Sentences) == 0 {
		return Errorf(ErrInvalid, "briefing has no sentence")
	}
	for i := range b.Sentences {
		if err := b.Sentences[i].Validate(); err != nil {
			return err
		}
	}
	return nil
}

// Validate reports a sentence that does not say where it comes from as an
// ErrInvalid.
func (s *Sentence) Validate() error {
	missing := ""
	switch s.Kind {
	case SentenceStatement:
		switch {
		case s.Statement == "":
			missing = "statement"
		case s.Article == "":
			missing = "article"
		case s.Capture == "":
			missing = "capture"
		case len(s.Spans) == 0:
			missing = "spans"
		}
	case SentenceCount:
		if len(s.Of) == 0 {
			missing = "ids of what is counted"
		}
	case SentenceOutage:
		switch {
		case s.Outage == "":
			missing = "outage"
		case s.Judged.IsZero():
			missing = "time of the verdict"
		}
	case SentenceDesk:
	default:
		return Errorf(ErrInvalid, "sentence of kind %q is not known", s.Kind)
	}
	if s.Text == "" {
		missing = "text"
	}
	if missing != "" {
		return Errorf(ErrInvalid, "sentence %q (%s): its %s is missing", s.Key, s.Kind, missing)
	}
	return nil
}
