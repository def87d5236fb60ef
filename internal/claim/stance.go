package claim

import (
	"time"

	"crosscheck/internal/claim/pair"
	"crosscheck/internal/model"
)

// side is for or against a proposition; 0 is neither.
type side int

const (
	pro side = 1
	con side = -1
)

// steady is how long a speaker is taken to hold to what was said: within it, a
// statement that could be read either way is read like the earlier one.
const steady = 18 * time.Hour

// attitudes finds the attitude of each statement of a claim to its
// proposition, and what makes it another than the statement's own stance.
//
// The proposition is what the first statement says that asserts something
// affirmative; where there is none, what the first one denies; else what the
// first one says. A statement is against it if an odd number of these hold: its
// stance is a denial; its words are negated or call something false, and the
// proposition's are not; its words are the other end of the proposition's
// ("arrive" against "leave").
func (g *Grouper) attitudes(c *group) {
	anchor := proposition(c)
	for i, e := range c.members {
		if !e.fixed {
			e.attitude, e.why.Against = g.attitude(e, anchor, c.members[:i])
		}
	}
}

// proposition is the statement whose words are the claim's proposition.
func proposition(c *group) *entry {
	for _, e := range c.members {
		if s := e.reading.Stance; (s == model.StanceAsserts || s == model.StanceConfirms) && plain(e) {
			return e
		}
	}
	for _, e := range c.members {
		if !e.reading.Tone.Negated && e.reading.Stance != model.StanceAsserts && e.reading.Stance != model.StanceConfirms {
			return e
		}
	}
	return c.members[0]
}

// plain reports whether the words affirm something.
func plain(e *entry) bool {
	t := e.reading.Tone
	return !t.Negated && !t.Dismisses && !t.Doubts
}

func (g *Grouper) attitude(e, anchor *entry, earlier []*entry) (model.Stance, []string) {
	r := e.reading
	var why []string
	switch r.Stance {
	case model.StanceAsserts, model.StanceConfirms, model.StanceDenies:
	default:
		return r.Stance, nil
	}
	if r.Stance == model.StanceAsserts && r.Tone.Doubts {
		return model.StanceDoubts, []string{"says that it is not known or not shown"}
	}
	if r.Stance == model.StanceAsserts && r.Tone.Dismisses {
		return model.StanceDenies, []string{"calls it false"}
	}
	if e != anchor {
		why = append(why, g.turns(r, anchor.reading)...)
	}
	if r.Stance != model.StanceConfirms {
		if was := held(e, earlier); was != 0 && was != sideOf(e, why) {
			if was == con {
				return model.StanceDenies, []string{"its speaker denied it"}
			}
			return model.StanceAsserts, []string{"its speaker asserted it"}
		}
	}
	if len(why)%2 == 0 {
		return r.Stance, why
	}
	if r.Stance == model.StanceDenies {
		return model.StanceAsserts, why
	}
	return model.StanceDenies, why
}

// turns lists what turns the words of a against those of b.
func (g *Grouper) turns(a, b *pair.Reading) []string {
	var why []string
	if a.Tone.Negated != b.Tone.Negated {
		why = append(why, "negated")
	}
	if words := g.stream.Ask(a).Opposite(b); words != "" {
		return append(why, "opposite: "+words)
	}
	if a.Tone.Negated != b.Tone.Negated && a.Tone.Deprives != b.Tone.Deprives {
		why = append(why, "prevented or ended")
	}
	return why
}

func sideOf(e *entry, flips []string) side {
	s := pro
	if e.reading.Stance == model.StanceDenies {
		s = con
	}
	if len(flips)%2 == 1 {
		s = -s
	}
	return s
}

// held is the side that the speaker of e took shortly before.
func held(e *entry, earlier []*entry) side {
	for i := len(earlier) - 1; i >= 0; i-- {
		m := earlier[i]
		if m.reading.Key != e.reading.Key || e.reading.At.Sub(m.reading.At) > steady {
			continue
		}
		switch m.attitude {
		case model.StanceDenies:
			return con
		case model.StanceAsserts, model.StanceConfirms:
			return pro
		}
	}
	return 0
}
