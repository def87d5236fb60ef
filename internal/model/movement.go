package model

import "strings"

// MovementKind is what kind of event a movement is.
type MovementKind string

// The kinds.
const (
	MovementMoved    MovementKind = "moved"
	MovementArrived  MovementKind = "arrived"
	MovementLeft     MovementKind = "left"
	MovementStruck   MovementKind = "struck" // hit, shelled, destroyed, shot down
	MovementClosed   MovementKind = "closed"
	MovementOpened   MovementKind = "opened"
	MovementCaptured MovementKind = "captured"
	MovementFired    MovementKind = "fired"
)

// Movement is one candidate event, as an article tells it: who or what moved or
// was struck. All offsets are bytes of the article's text.
type Movement struct {
	Article    string
	Start, End int // the sentence that says it
	Verb       MovementKind
	Cue        Span   // the verb
	What       string // who or what moved, or what was struck, closed, opened, captured or fired; verbatim
	By         string // who or what did it to What, or ""
	From       []Mention
	To         []Mention
	At         []Mention
	When       string // YYYY-MM-DD, or "" where the sentence names no day
	Speaker    string // of the innermost statement that says it, or "": the article itself
	Statement  int    // its number in the article, from 1; 0: none
}

// Place is where it is shown: where it took place, else where it came from, else
// where it went; 0 where none of these is known.
func (m *Movement) Place() int64 {
	for _, list := range [][]Mention{m.At, m.From, m.To} {
		for _, p := range list {
			if p.Place.ID != 0 {
				return p.Place.ID
			}
		}
	}
	return 0
}

// Detail says what is known of it and what is not, by its verbatim parts.
func (m *Movement) Detail() string {
	parts := []string{string(m.Verb) + ": " + m.What}
	if m.By != "" {
		parts = append(parts, "by: "+m.By)
	}
	switch m.Verb {
	case MovementMoved, MovementArrived, MovementLeft:
		parts = append(parts, "from: "+names(m.From), "to: "+names(m.To))
	}
	if len(m.At) > 0 {
		parts = append(parts, "at: "+names(m.At))
	}
	when := m.When
	if when == "" {
		when = "not said"
	}
	return strings.Join(append(parts, "when: "+when), " · ")
}

func names(list []Mention) string {
	if len(list) == 0 {
		return "not said"
	}
	out := make([]string, len(list))
	for i, m := range list {
		out[i] = m.Name
	}
	return strings.Join(out, ", ")
}
