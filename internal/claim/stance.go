package claim

import (
	"cmp"
	"slices"
	"time"

	"crosscheck/internal/claim/pair"
	"crosscheck/internal/model"
)

// steady is how long a speaker is taken to hold to what was said: within it, a
// statement that could be read either way is read like the earlier one.
const steady = 18 * time.Hour

// attitudes finds the attitude of each statement of a claim to its
// proposition, and what makes it another than the statement's own stance.
//
// The proposition is what the first statement says that asserts something
// affirmative; where there is none, what the first one denies, or doubts; else
// what the first one says. By rule a statement is against it if an odd number of
// these hold: its stance is a denial; its words are negated or call something
// false, and the proposition's are not; its words are the other end of the
// proposition's ("arrive" against "leave"). What is turned does not count where
// it stands beside a sentence repeated from the proposition. What the
// rule counts beside the circumstances and single words was learned (verdict.go).
//
// The rule is asked only for the last statement while the proposition stays
// what it was.
func (g *Grouper) attitudes(c *group) {
	anchor := g.proposition(c)
	from := len(c.members) - 1
	if anchor != c.anchor {
		c.anchor, from = anchor, 0
	}
	for i := from; i < len(c.members); i++ {
		e := c.members[i]
		if e.fixed {
			e.rule = e.attitude
		} else {
			e.rule, e.turned = g.rule(e, anchor, c.members[:i])
			e.near = 1
			if e != anchor {
				e.near = g.stream.Ask(e.reading).Cosine(anchor.reading)
			}
		}
	}
	denials := c.denials()
	for _, e := range c.members {
		if !e.fixed {
			e.attitude, e.why.Against = e.verdict(denials, g.cfg.Whole)
		}
	}
}

// proposition is the statement whose words are the claim's proposition. What
// most of those deny who say that they deny something is the proposition, also
// where the contrary was asserted first.
func (g *Grouper) proposition(c *group) *entry {
	var asserted, denied, doubted *entry
	against := 0
	for _, e := range c.members {
		switch s := e.reading.Stance; {
		case !plain(e):
		case s == model.StanceDoubts:
			if doubted == nil {
				doubted = e
			}
		case s == model.StanceAsserts || s == model.StanceConfirms:
			if asserted == nil {
				asserted = e
			}
		case denied == nil:
			denied = e
		}
	}
	if asserted == nil || denied == nil {
		return cmp.Or(asserted, denied, doubted, c.members[0])
	}
	votes := 0
	for _, e := range c.members {
		if e.reading.Stance == model.StanceDenies && plain(e) && votes < maxVotes {
			against += 1 - 2*(len(g.turns(e.reading, asserted.reading))%2)
			votes++
		}
	}
	if against < 0 {
		return denied
	}
	return asserted
}

// maxVotes denials say what the proposition is, the first ones.
const maxVotes = 5

// plain reports whether the words affirm something.
func plain(e *entry) bool {
	t := e.reading.Tone
	return !t.Negated && !t.Dismisses && !t.Doubts
}

// rule is the attitude by rule, and what turned it.
func (g *Grouper) rule(e, anchor *entry, earlier []*entry) (model.Stance, []string) {
	r := e.reading
	switch {
	case r.Stance.Side() == model.NoSide || r.Stance == model.StanceDoubts:
		return r.Stance, nil
	case r.Stance == model.StanceAsserts && r.Tone.Doubts:
		return model.StanceDoubts, []string{"says that it is not known or not shown"}
	case r.Stance == model.StanceAsserts && r.Tone.Dismisses:
		return model.StanceDenies, []string{"calls it false"}
	}
	var why []string
	if e != anchor {
		why = g.turns(r, anchor.reading)
		if len(why) > 0 {
			if repeats, whole := pair.Repeats(r, anchor.reading); whole || repeats && slices.Equal(why, []string{negated}) {
				why = nil // what is turned stands elsewhere in one of the two
			}
		}
	}
	out := r.Stance
	if len(why)%2 == 1 {
		out = contrary(out)
	}
	outright := r.Stance == model.StanceConfirms || r.Stance == model.StanceDenies && len(why) == 0
	if was := held(e, earlier); was != "" && was.Side() != out.Side() && !outright {
		return was, []string{"as the rule read its speaker shortly before"}
	}
	if e != anchor && r.Stance == model.StanceAsserts && g.agreement(e, anchor, out) < 0 {
		return "", []string{"what is near it says the contrary"}
	}
	return out, why
}

// agreement is how much the statements of the claim nearest to e, beside its
// proposition, speak for a stance of e to it: the sum of their scores, those
// counted against it from which the other side would follow.
func (g *Grouper) agreement(e, anchor *entry, stance model.Stance) float64 {
	sum := 0.0
	for _, l := range e.links {
		m := l.to
		side := m.rule.Side()
		if m == anchor || m.claim != e.claim || m.serial > e.serial || side == model.NoSide || l.score <= 0 {
			continue
		}
		follows := e.reading.Stance
		if len(g.turns(e.reading, m.reading))%2 == 1 {
			follows = contrary(follows)
		}
		if side != m.reading.Stance.Side() { // its words say the contrary of the proposition
			follows = contrary(follows)
		}
		if follows.Side() == stance.Side() {
			sum += l.score
		} else {
			sum -= l.score
		}
	}
	return sum
}

// contrary is the stance to what the contrary of the words says.
func contrary(s model.Stance) model.Stance {
	if s == model.StanceDenies {
		return model.StanceAsserts
	}
	return model.StanceDenies
}

// negated is what turns words that have a negation more or less.
const negated = "negated"

// turns lists what turns the words of a against those of b.
func (g *Grouper) turns(a, b *pair.Reading) []string {
	var why []string
	if a.Tone.Negated != b.Tone.Negated {
		why = append(why, negated)
	}
	if words := g.stream.Ask(a).Opposite(b); words != "" {
		return append(why, "opposite: "+words)
	}
	if a.Tone.Negated != b.Tone.Negated && a.Tone.Deprives != b.Tone.Deprives {
		why = append(why, "prevented or ended")
	}
	return why
}

// maxHeld statements are looked back for what their speaker held.
const maxHeld = 200

// held is what the speaker of e held shortly before: asserts or denies, "" for
// neither.
func held(e *entry, earlier []*entry) model.Stance {
	for i := len(earlier) - 1; i >= max(0, len(earlier)-maxHeld); i-- {
		m := earlier[i]
		if m.reading.Key != e.reading.Key || e.reading.At.Sub(m.reading.At) > steady {
			continue
		}
		switch m.rule {
		case model.StanceDenies:
			return model.StanceDenies
		case model.StanceAsserts, model.StanceConfirms:
			return model.StanceAsserts
		}
	}
	return ""
}
