package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"crosscheck/internal/model"
)

// membership is how an article stands to a situation; nil where it does not
// belong and no person has put it out.
func (s *Server) membership(ctx context.Context, id, article string) (*model.Member, error) {
	m, err := s.cfg.Situations.SituationWhy(ctx, id, article)
	if isNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("web: why article %s is in situation %s: %w", article, id, err)
	}
	if !m.In && !m.Excluded {
		return nil, nil
	}
	return m, nil
}

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
