package web

import (
	"fmt"
	"io"
	"net/http"
)

// healthz says whether the service is up and ready. Why it is not, is for
// the desk.
func (s *Server) healthz(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if s.cfg.Ready != nil {
		if err := s.cfg.Ready(r.Context()); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			text := "not ready\n"
			if s.cfg.Desk(r) {
				text = fmt.Sprintf("not ready: %v\n", err)
			}
			_, _ = io.WriteString(w, text)
			return nil
		}
	}
	_, _ = io.WriteString(w, "ok\n")
	return nil
}

func (s *Server) metrics(w http.ResponseWriter, r *http.Request) error {
	if s.cfg.Metrics == nil || !s.cfg.Desk(r) {
		return s.nothing(w, r)
	}
	s.cfg.Metrics.ServeHTTP(w, r)
	return nil
}

// robots keeps crawlers to the pages that are worth finding.
func (s *Server) robots(w http.ResponseWriter, r *http.Request) error {
	s.send(w, r, http.StatusOK, "text/plain; charset=utf-8", []byte("User-agent: *\nDisallow: /search\nDisallow: /events\nDisallow: /article/\nDisallow: /speaker\nDisallow: /api/\n"))
	return nil
}
