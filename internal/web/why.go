package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"crosscheck/internal/model"
)

// evidence is why an article stands in its story, as the story stage gives it.
type evidence struct {
	Near    string   `json:"near"`    // the article that decided
	Score   float64  `json:"score"`   // nearness to it, 0 to 1
	Terms   []string `json:"terms"`   // shared stems
	Names   []string `json:"names"`   // shared names
	Numbers []string `json:"numbers"` // shared numbers
	Hours   float64  `json:"hours"`   // between the two
	Against []string `json:"against"` // what kept it out of the story of Near
}

// grouped is an article with its evidence.
type grouped struct {
	Article model.Article
	evidence
	Nearest *model.Article // nil where it is not of this story
}

// Apart reports whether the evidence says why it started a story of its own.
func (g grouped) Apart() bool { return len(g.Against) > 0 }

// Gap is the time between the article and its nearest.
func (g grouped) Gap() string {
	switch {
	case g.Hours <= 0:
		return ""
	case g.Hours < 1:
		return "less than an hour apart"
	case g.Hours < 48:
		return countWord(int(g.Hours+.5), "hour", "hours") + " apart"
	}
	return countWord(int(g.Hours/24+.5), "day", "days") + " apart"
}

// Shared is what the two have in common, in words.
func (g grouped) Shared() string {
	var parts []string
	for _, x := range []struct {
		what string
		list []string
	}{{"names", g.Names}, {"numbers", g.Numbers}, {"words", g.Terms}} {
		if len(x.list) > 0 {
			parts = append(parts, x.what+" "+clip(160, strings.Join(x.list, ", ")))
		}
	}
	return strings.Join(parts, "; ")
}

// joined is a statement with why it stands in its claim, as the claim stage gives
// it.
type joined struct {
	model.Ledger
	Near    string        `json:"near"`    // the statement that decided
	Terms   []string      `json:"terms"`   // what the two share
	Against []string      `json:"against"` // what turns its words against the claim's
	Nearest *model.Ledger // nil where it is not of this claim
}

// Shared is what the two have in common, in words.
func (j joined) Shared() string {
	if len(j.Terms) == 0 {
		return ""
	}
	return "words " + clip(160, strings.Join(j.Terms, ", "))
}

// Turned is what makes its attitude another than that of its own words.
func (j joined) Turned() string {
	if len(j.Against) == 0 {
		return ""
	}
	return string(j.Attitude) + ": " + clip(160, strings.Join(j.Against, "; "))
}

// joined says why the statements of a claim stand together; nothing where there
// is but one.
func (s *Server) joined(r *http.Request, claimID string, shown []model.Ledger) ([]joined, error) {
	whys, err := s.st.ClaimWhy(r.Context(), claimID)
	if err != nil {
		return nil, fmt.Errorf("web: evidence of claim %s: %w", claimID, err)
	}
	byID := map[string]*model.Ledger{}
	for i := range shown {
		byID[shown[i].ID] = &shown[i]
	}
	var out []joined
	for i := range shown {
		if shown[i].CopyOf != "" {
			continue
		}
		j := joined{}
		// What cannot be read is no evidence.
		if json.Unmarshal([]byte(whys[shown[i].ID]), &j) != nil {
			j = joined{}
		}
		j.Ledger, j.Nearest = shown[i], byID[j.Near]
		out = append(out, j)
	}
	if len(out) < 2 {
		return nil, nil
	}
	return out[:min(len(out), maxEvidence)], nil
}

// maxEvidence bounds the articles or statements whose evidence one page shows.
const maxEvidence = 60

// evidence says why the origins of a story stand together.
func (s *Server) evidence(r *http.Request, d *dossier) ([]grouped, error) {
	whys, err := s.st.StoryWhy(r.Context(), d.ID)
	if err != nil {
		return nil, fmt.Errorf("web: evidence of story %s: %w", d.ID, err)
	}
	byID := map[string]*model.Article{}
	for i := range d.Origins {
		byID[d.Origins[i].ID] = &d.Origins[i].Article
		for j := range d.Origins[i].Copies {
			byID[d.Origins[i].Copies[j].ID] = &d.Origins[i].Copies[j]
		}
	}
	var out []grouped
	for i := range d.Origins {
		g := grouped{Article: d.Origins[i].Article}
		// What cannot be read is no evidence.
		if json.Unmarshal([]byte(whys[g.Article.ID]), &g.evidence) != nil {
			g.evidence = evidence{}
		}
		g.Nearest = byID[g.Near]
		if len(out) < maxEvidence {
			out = append(out, g)
		}
	}
	return out, nil
}
