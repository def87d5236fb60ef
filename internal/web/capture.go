package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"

	"crosscheck/internal/model"
)

// maxCapture bounds how much of a capture is shown, in bytes.
const maxCapture = 2 << 20

// capture shows the desk the bytes of an article's capture as plain text, so
// that nothing in them can act.
func (s *Server) capture(w http.ResponseWriter, r *http.Request) error {
	if !s.cfg.Desk(r) {
		return tell(model.ErrForbidden, "Captures are kept as evidence and not published.")
	}
	a, err := s.st.Article(r.Context(), r.PathValue("id"))
	if err != nil {
		return fmt.Errorf("web: article: %w", hide(err, "There is no such article."))
	}
	hash, err := s.captureHash(r, a)
	if err != nil {
		return err
	}
	body, err := s.st.CaptureBody(r.Context(), hash)
	if err != nil {
		return fmt.Errorf("web: capture %s: %w", hash, hide(err, "The capture of this article is no longer stored."))
	}
	rest := len(body) - maxCapture
	body = bytes.ToValidUTF8(body[:min(len(body), maxCapture)], []byte("\uFFFD"))
	if rest > 0 {
		body = append(body, fmt.Sprintf("\n\n[crosscheck: %d more bytes are not shown]\n", rest)...)
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Content-Disposition", `inline; filename="capture.txt"`)
	h.Set("X-Capture-Sha256", hash)
	s.send(w, r, http.StatusOK, "text/plain; charset=utf-8", body)
	return nil
}

// captureHash is the capture of the revision asked for, or of the newest.
func (s *Server) captureHash(r *http.Request, a *model.Article) (string, error) {
	want := r.URL.Query().Get("revision")
	if want == "" {
		return a.Capture, nil
	}
	n, err := strconv.Atoi(want)
	if err != nil {
		return "", tell(model.ErrInvalid, "“revision” should be a number.")
	}
	revs, err := s.st.Revisions(r.Context(), a.ID)
	if err != nil {
		return "", fmt.Errorf("web: revisions of %s: %w", a.ID, err)
	}
	for _, rv := range revs {
		if rv.N == n {
			return rv.Capture, nil
		}
	}
	return "", tell(model.ErrNotFound, "The article has no revision %d.", n)
}
