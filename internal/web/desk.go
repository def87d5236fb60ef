package web

import (
	"fmt"
	"net/http"
	"strings"

	"crosscheck/internal/model"
)

// Bounds of what one decision may carry.
const (
	maxForm  = 256 << 10
	maxParts = 2000
)

// decide merges, splits or moves by hand.
func (s *Server) decide(w http.ResponseWriter, r *http.Request) error {
	noun, id := r.PathValue("noun"), r.PathValue("id")
	if !s.cfg.Desk(r) {
		return tell(model.ErrForbidden, "Only the desk decides.")
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return tell(model.ErrInvalid, "The form could not be read.")
	}
	d := model.Decision{
		Noun: noun, Verb: r.PostForm.Get("verb"), ID: id, Other: lastPart(r.PostForm.Get("other")),
		Parts: r.PostForm["part"], Who: clip(80, strings.TrimSpace(r.PostForm.Get("by"))), At: s.cfg.Now(),
	}
	if d.Verb == "attitude" {
		d.Other = r.PostForm.Get("attitude")
	}
	if d.Who == "" {
		d.Who = "the desk"
	}
	switch {
	case noun != "story" && noun != "claim", noun == "story" && d.Verb == "attitude":
		return tell(model.ErrNotFound, "Nothing of that kind is decided by hand.")
	case len(d.Parts) == 0 && d.Verb != "merge":
		return tell(model.ErrInvalid, "Nothing is picked. Go back and pick what it is about.")
	case len(d.Parts) > maxParts:
		return tell(model.ErrInvalid, "That is too much at once.")
	case d.Other == "" && d.Verb != "split":
		return tell(model.ErrInvalid, "The other %s is not named. Go back and give its address or id.", noun)
	}
	done, err := s.st.Decide(r.Context(), d)
	if err != nil {
		return fmt.Errorf("web: %s %s %s: %w", d.Verb, noun, id, told{err}) // the desk may know
	}
	s.Notify("article")
	to := done.Other
	if d.Verb == "attitude" {
		to = done.ID
	}
	http.Redirect(w, r, "/"+noun+"/"+to, http.StatusSeeOther)
	return nil
}

// lastPart is the id at the end of an address, or the id itself.
func lastPart(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "?")
	s, _, _ = strings.Cut(s, "#")
	s = strings.TrimRight(s, "/")
	return s[strings.LastIndex(s, "/")+1:]
}
