package app

import (
	"slices"
	"time"

	"crosscheck/internal/claim"
	"crosscheck/internal/model"
)

// CompareInput is one line for `crosscheck compare`.
type CompareInput struct {
	ID          string            `json:"id"`
	Article     string            `json:"article"`
	Title       string            `json:"title"`
	Published   string            `json:"published"`
	Outlet      string            `json:"outlet"`
	Speaker     string            `json:"speaker"`
	SpeakerType model.SpeakerType `json:"speaker_type"`
	Stance      model.Stance      `json:"stance"`
	Content     string            `json:"content"`
}

// CompareAnswer says which claim a statement is about and how its speaker
// stands to it.
type CompareAnswer struct {
	ID     string       `json:"id"`
	Claim  string       `json:"claim"`
	Stance model.Stance `json:"stance"`
}

// Comparing compares statements outside the service. It is not safe for
// concurrent use.
type Comparing struct {
	grouper *claim.Grouper
	order   []string
	answers map[string]CompareAnswer
	last    time.Time
}

// NewComparing returns an empty Comparing, for statements picked because they
// bear on what is disputed, or, with whole, for all those of whole articles, as
// the service has them.
func NewComparing(whole bool) *Comparing {
	return &Comparing{grouper: claim.New(claim.Config{Whole: whole}), answers: map[string]CompareAnswer{}}
}

// Add compares a statement as it arrives and returns its answer at that moment.
// A statement without a date that can be read counts as published with the one
// before it, one without a stance that is known as an assertion.
func (c *Comparing) Add(in CompareInput) CompareAnswer {
	c.last = stated(in.Published, c.last)
	if !slices.Contains(model.Stances, in.Stance) {
		in.Stance = model.StanceAsserts
	}
	if _, known := c.answers[in.ID]; !known {
		c.order = append(c.order, in.ID)
	}
	for _, a := range c.grouper.Add(claim.Statement{
		ID: in.ID, Article: in.Article, Title: in.Title, Outlet: in.Outlet, At: c.last, Seen: c.last,
		Speaker: in.Speaker, SpeakerType: in.SpeakerType, Stance: in.Stance, Content: in.Content,
	}) {
		c.answers[a.ID] = CompareAnswer{ID: a.ID, Claim: a.Claim, Stance: a.Stance}
	}
	return c.answers[in.ID]
}

// Answers returns the answers as they stand now, in the order of the input.
func (c *Comparing) Answers() []CompareAnswer {
	out := make([]CompareAnswer, len(c.order))
	for i, id := range c.order {
		out[i] = c.answers[id]
	}
	return out
}
