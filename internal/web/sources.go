package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// maxDead bounds the dead letters shown.
const maxDead = 50

// sourcesPage is how the sources fare.
type sourcesPage struct {
	chrome
	Sources []health
	Failing int
	Paused  int
	Dead    []DeadLetter // for the desk, as the next
	Doubts  []string     // about rules of alerts
}

// health is one source and how it fares, in a word.
type health struct {
	model.Source
	Word string
}

// The words for how a source fares.
const (
	healthOK      = "working"
	healthFailing = "failing"
	healthPaused  = "paused"
	healthNew     = "not polled yet"
	healthLate    = "overdue"
)

// Host is the site of the source; its whole address may carry a key.
func (h health) Host() string {
	u, err := url.Parse(h.URL)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// PerDay writes how many items a day the source brings.
func (h health) PerDay() string {
	switch n := h.State.ItemsPerDay; {
	case h.State.LastSuccess.IsZero():
		return "–"
	case n < .05:
		return "0"
	case n < 10:
		return fmt.Sprintf("%.1f", n)
	default:
		return number(int64(n + .5))
	}
}

func (s *Server) sources(w http.ResponseWriter, r *http.Request) error {
	list, err := s.st.Sources(r.Context())
	if err != nil {
		return fmt.Errorf("web: sources: %w", err)
	}
	page := sourcesPage{chrome: s.chrome(r, "sources")}
	page.PageTitle, page.Live, page.About = "Sources", true, "Which sources are followed, and how they fare."
	for _, src := range list {
		h := health{src, healthWord(&src, s.cfg.Now())}
		switch h.Word {
		case healthFailing, healthLate:
			page.Failing++
		case healthPaused:
			page.Paused++
		}
		page.Sources = append(page.Sources, h)
	}
	slices.SortStableFunc(page.Sources, func(x, y health) int {
		return cmp.Or(healthRank(x.Word)-healthRank(y.Word), strings.Compare(strings.ToLower(x.Outlet), strings.ToLower(y.Outlet)))
	})
	if page.Desk {
		if page.Dead, err = s.st.DeadLetters(r.Context(), maxDead); err != nil {
			return fmt.Errorf("web: dead letters: %w", err)
		}
		if page.Doubts, err = s.st.AlertDoubts(r.Context()); err != nil {
			return fmt.Errorf("web: rules of alerts: %w", err)
		}
	}
	return s.render(w, r, http.StatusOK, "sources", page)
}

// healthWord says how a source fares. A poll more than ten minutes and one
// interval late means that nobody polls.
func healthWord(src *model.Source, now time.Time) string {
	st := &src.State
	switch {
	case src.Paused:
		return healthPaused
	case st.Failures > 0:
		return healthFailing
	case st.LastAttempt.IsZero():
		return healthNew
	case !st.NextPoll.IsZero() && now.Sub(st.NextPoll) > st.Interval+10*time.Minute:
		return healthLate
	}
	return healthOK
}

// healthRank puts what needs attention first.
func healthRank(word string) int {
	return slices.Index([]string{healthFailing, healthLate, healthNew, healthOK, healthPaused}, word)
}
