package demo

import (
	"strings"
	"time"

	"crosscheck/internal/model"
)

// Decision is something the desk of the script decides by hand: the claim of one
// passage is merged into that of another, and what attitude the passage has to
// it.
type Decision struct {
	At         time.Time
	By         string
	From, Into Passage
	Attitude   model.Stance // "": as the machine found
}

// Passage is words of an article.
type Passage struct {
	URL   string
	Words string // the first of a statement
}

// Decisions returns what the desk decides, in the order of the script.
func (w *Web) Decisions() []Decision { return w.decisions }

// addDecision reads a decision; From and Into are "HOST/PATH words".
func (w *Web) addDecision(s section) (err error) {
	d := Decision{By: s.get("By"), Attitude: model.Stance(s.get("Attitude"))}
	if d.At, err = time.Parse("2006-01-02T15:04Z", s.get("At")); err != nil {
		return err
	}
	if d.From, err = w.passage(s.get("From")); err != nil {
		return err
	}
	if d.Into, err = w.passage(s.get("Into")); err != nil {
		return err
	}
	w.decisions = append(w.decisions, d)
	return nil
}

func (w *Web) passage(s string) (Passage, error) {
	name, words, _ := strings.Cut(s, " ")
	a := w.lookup(name)
	if a == nil {
		return Passage{}, model.Errorf(model.ErrNotFound, "no article %q before it", name)
	}
	for _, b := range a.versions[0].Blocks {
		if strings.Contains(b.Text, words) && words != "" {
			return Passage{URL: scheme + name, Words: words}, nil
		}
	}
	return Passage{}, model.Errorf(model.ErrNotFound, "article %q does not hold %q", name, words)
}
