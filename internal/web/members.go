package web

import (
	"net/http"
	"slices"
	"strconv"

	"crosscheck/internal/model"
)

// situationArticlesPage lists the articles of a situation, each with why it is
// there.
type situationArticlesPage struct {
	chrome
	model.SituationFacts
	List     []member
	Excluded []member
	Page     int
	Pages    int
}

// articlesPageSize is the articles on one page.
const articlesPageSize = 50

func (s *Server) situationArticles(w http.ResponseWriter, r *http.Request) error {
	facts, err := s.situationFacts(r)
	if err != nil {
		return err
	}
	list, err := s.members(r.Context(), facts.ID)
	if err != nil {
		return err
	}
	p := situationArticlesPage{chrome: s.chrome(r, "situations"), SituationFacts: *facts, Page: 1}
	p.PageTitle, p.NoIndex = "Articles: "+facts.Title, true
	for _, m := range list {
		if m.Why.Excluded {
			p.Excluded = append(p.Excluded, m)
		}
	}
	list = slices.DeleteFunc(list, func(m member) bool { return m.Why.Excluded })
	p.Pages = max(1, (len(list)+articlesPageSize-1)/articlesPageSize)
	if n := r.URL.Query().Get("page"); n != "" {
		if p.Page, err = strconv.Atoi(n); err != nil || p.Page < 1 || p.Page > p.Pages {
			return tell(model.ErrNotFound, "There is no such page of this list.")
		}
	}
	from := (p.Page - 1) * articlesPageSize
	p.List = list[min(from, len(list)):min(from+articlesPageSize, len(list))]
	return s.render(w, r, http.StatusOK, "situationarticles", p)
}
