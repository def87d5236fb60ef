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
	lic, err := s.st.Licences(ctx)
	if err != nil {
		return access{}, fmt.Errorf("web: licences: %w", err)
	}
	return access{desk: s.cfg.Desk(r), lic: lic}, nil
}

// licence is the one that binds this request: a source that is not known
// counts as an excerpt, and the desk sees all.
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
