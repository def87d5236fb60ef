package demo

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// Briefing is a briefing that the desk of the script publishes.
type Briefing struct {
	At        time.Time
	By        string
	Title     string
	Situation string
	Corrects  int // number of the briefing it is another version of; 0: a new one
	Parts     []BriefingPart
}

// BriefingPart is one sentence: words of the desk, or what to take of the draft.
type BriefingPart struct {
	Kind  model.SentenceKind
	Words string // of a statement: its first ones
	URL   string // of the statement's article
	Key   string // Service of an outage; what a count counts
}

// Means reports whether a sentence of a draft is the part.
func (p BriefingPart) Means(s model.Sentence) bool {
	switch {
	case s.Kind != p.Kind:
		return false
	case p.Kind == model.SentenceOutage:
		return s.Service == p.Key
	case p.Kind == model.SentenceCount:
		return s.Key == "count:"+p.Key
	}
	return s.Article == model.ID("article", model.URLKey(p.URL)) && strings.HasPrefix(s.Text, p.Words)
}

// Briefings returns what the desk publishes, in the order of the script.
func (w *Web) Briefings() []Briefing { return w.briefings }

// addBriefing reads a briefing. Its body has a paragraph for each sentence:
// "@count claims", "@count articles", "@outage SERVICE", "@HOST/PATH words" with
// the first words of a statement, or the desk's own words.
func (w *Web) addBriefing(s section) (err error) {
	b := Briefing{By: s.get("By"), Title: s.get("Title"), Situation: s.get("Situation")}
	if b.At, err = time.Parse("2006-01-02T15:04Z", s.get("At")); err != nil {
		return err
	}
	if n := s.get("Corrects"); n != "" {
		if b.Corrects, err = strconv.Atoi(n); err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(w.situations, func(v model.Situation) bool { return v.ID == b.Situation }) {
		return model.Errorf(model.ErrNotFound, "no situation %q before it", b.Situation)
	}
	for paragraph := range strings.SplitSeq(s.body, "\n\n") {
		text := strings.Join(strings.Fields(paragraph), " ")
		if text == "" {
			continue
		}
		p, err := w.briefingPart(text)
		if err != nil {
			return err
		}
		b.Parts = append(b.Parts, p)
	}
	if len(b.Parts) == 0 {
		return model.Errorf(model.ErrInvalid, "no sentence")
	}
	w.briefings = append(w.briefings, b)
	return nil
}

func (w *Web) briefingPart(text string) (BriefingPart, error) {
	taken, isTaken := strings.CutPrefix(text, "@")
	if !isTaken {
		return BriefingPart{Kind: model.SentenceDesk, Words: text}, nil
	}
	switch kind, key, _ := strings.Cut(taken, " "); kind {
	case "count":
		if key != "claims" && key != "articles" {
			return BriefingPart{}, model.Errorf(model.ErrInvalid, "count of %q: want claims or articles", key)
		}
		return BriefingPart{Kind: model.SentenceCount, Key: key}, nil
	case "outage":
		if !slices.ContainsFunc(w.measured.Services, func(v Service) bool { return v.ID == key }) {
			return BriefingPart{}, model.Errorf(model.ErrNotFound, "no service %q before it", key)
		}
		return BriefingPart{Kind: model.SentenceOutage, Key: key}, nil
	}
	words, err := w.passage(taken)
	return BriefingPart{Kind: model.SentenceStatement, Words: words.Words, URL: words.URL}, err
}
