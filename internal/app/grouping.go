package app

import (
	"time"

	"crosscheck/internal/story"
)

// GroupInput is one line for `crosscheck group`.
type GroupInput struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Text      string `json:"text"`
	Published string `json:"published"`
	URL       string `json:"url"`
	Outlet    string `json:"outlet"`
}

// GroupAnswer says where an article belongs.
type GroupAnswer struct {
	ID     string  `json:"id"`
	Story  string  `json:"story"`
	CopyOf *string `json:"copy_of"`
}

// Grouping groups articles outside the service. It is not safe for concurrent
// use.
type Grouping struct {
	grouper *story.Grouper
	order   []string
	answers map[string]GroupAnswer
	last    time.Time
}

// NewGrouping returns an empty Grouping.
func NewGrouping() *Grouping {
	return &Grouping{grouper: story.New(story.Config{}), answers: map[string]GroupAnswer{}}
}

// Add groups an article as it arrives and returns its answer at that moment.
// An article without a date that can be read counts as published with the one
// before it.
func (g *Grouping) Add(in GroupInput) GroupAnswer {
	g.last = stated(in.Published, g.last)
	if _, known := g.answers[in.ID]; !known {
		g.order = append(g.order, in.ID)
	}
	for _, a := range g.grouper.Add(story.Doc{ID: in.ID, Title: in.Title, Text: in.Text, At: g.last, Outlet: in.Outlet, URL: in.URL}) {
		g.answers[a.ID] = GroupAnswer{ID: a.ID, Story: a.Story, CopyOf: orNil(a.CopyOf)}
	}
	return g.answers[in.ID]
}

// Answers returns the answers as they stand now, in the order of the input.
func (g *Grouping) Answers() []GroupAnswer {
	out := make([]GroupAnswer, len(g.order))
	for i, id := range g.order {
		out[i] = g.answers[id]
	}
	return out
}

// stated reads the time of a line; one that cannot be read is that of the line
// before it.
func stated(published string, before time.Time) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateTime, time.DateOnly} {
		if t, err := time.Parse(layout, published); err == nil {
			return t
		}
	}
	return before
}
