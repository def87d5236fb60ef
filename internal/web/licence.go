package web

import (
	"context"
	"fmt"
	"net/http"

	"crosscheck/internal/model"
)

// access says what one request may see.
type access struct {
	desk bool
	lic  map[string]model.Licence // by Source.ID
}

func (s *Server) access(ctx context.Context, r *http.Request) (access, error) {
	sources, err := s.st.Sources(ctx)
	if err != nil {
		return access{}, fmt.Errorf("web: licences: %w", err)
	}
	a := access{desk: s.cfg.Desk(r), lic: make(map[string]model.Licence, len(sources))}
	for _, src := range sources {
		a.lic[src.ID] = src.Licence
	}
	return a, nil
}

// licence is the one that binds this request: a source that is not known
// (any more) counts as an excerpt, and the desk sees all.
func (a access) licence(source string) model.Licence {
	if a.desk {
		return model.LicenceFull
	}
	if l := a.lic[source]; l == model.LicenceLink || l == model.LicenceFull {
		return l
	}
	return model.LicenceExcerpt
}

// words reports whether statements of the source may be quoted.
func (a access) words(source string) bool { return a.licence(source) != model.LicenceLink }
