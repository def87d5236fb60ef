package app

import (
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/outage"
)

// JudgeAnswer is one line of `crosscheck judge`: a service's state changed.
type JudgeAnswer struct {
	At       time.Time         `json:"at"`
	Service  string            `json:"service"`
	State    model.OutageState `json:"state"`
	Onset    *time.Time        `json:"onset"`
	End      *time.Time        `json:"end"`
	Class    model.OutageClass `json:"class"`
	Down     []string          `json:"down"`
	Up       []string          `json:"up"`
	Excluded []model.Exclusion `json:"excluded"`
	Rule     string            `json:"rule"`
	Event    string            `json:"event,omitempty"`    // services that fall together share it
	Support  []string          `json:"support,omitempty"`  // outside signals that agree
	Reviewed bool              `json:"reviewed,omitempty"` // judged with late observations in their place
	Report   string            `json:"report"`             // the same as a sentence
}

// Judging judges observations outside the service. It is not safe for
// concurrent use.
type Judging struct {
	judge        *outage.Judge
	review       bool
	observations []model.Observation
	signals      []model.Signal
}

// NewJudging returns a Judging that has seen nothing. With review, nothing is
// judged before End, and then in the order of the observations' own times.
func NewJudging(review bool) *Judging { return &Judging{judge: outage.New(), review: review} }

// Add takes a line of input and returns the changes it brought about. The
// error is an ErrInvalid about the line; nothing was taken from it.
func (j *Judging) Add(line []byte) ([]JudgeAnswer, error) {
	in, err := outage.ParseLine(line)
	if err != nil {
		return nil, err
	}
	switch {
	case in.Signal != nil && j.review:
		j.signals = append(j.signals, *in.Signal)
		return nil, nil
	case in.Signal != nil:
		changes, err := j.judge.Signal(*in.Signal)
		return answers(changes), err
	case j.review:
		j.observations = append(j.observations, in.Observation)
		return nil, nil
	}
	return answers(j.judge.Observe(&in.Observation)), nil
}

// End returns what is left to say at the end of the input.
func (j *Judging) End() ([]JudgeAnswer, error) {
	if !j.review {
		return nil, nil
	}
	changes, err := outage.Review(j.observations, j.signals)
	return answers(changes), err
}

// Stats counts what became of the observations.
func (j *Judging) Stats() outage.Stats { return j.judge.Stats() }

func answers(changes []model.Outage) []JudgeAnswer {
	var out []JudgeAnswer
	for _, o := range changes {
		out = append(out, JudgeAnswer{
			At: o.At, Service: o.Service, State: o.State, Onset: orNoTime(o.Onset), End: orNoTime(o.End), Class: o.Class, Down: o.Down, Up: o.Up,
			Excluded: o.Excluded, Rule: o.Rule, Event: o.Event, Support: o.Support, Reviewed: o.Reviewed, Report: outage.Sentence(o, o.Service),
		})
	}
	return out
}

func orNoTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
