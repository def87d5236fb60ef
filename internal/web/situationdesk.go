package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// situationFormPage is the form in which the desk defines a situation, and what
// the definition would take in.
type situationFormPage struct {
	chrome
	ID      string // "new" for one that is not kept yet
	Form    situationForm
	Preview *model.Preview // nil: not asked for yet
	Problem string         // why it cannot be kept, or ""
	Window  string         // what the preview looked at, in words
}

// situationForm is the fields as they are written: lists have one value a line.
type situationForm struct {
	Title, Note                                    string
	Words, Phrases, All, Exclude                   string
	Speakers, Places, Sources, Services, Languages string
	From, Until, By                                string
	Revision                                       int
}

// previewSpan is how far back a preview looks, previewSample how many articles
// it shows.
const (
	previewSpan   = 7 * 24 * time.Hour
	previewSample = 20
)

// deskOnly refuses everybody else, with the words of a page that is not there.
func (s *Server) deskOnly(r *http.Request) error {
	if !s.cfg.Desk(r) {
		return tell(model.ErrForbidden, "Only the desk defines situations.")
	}
	return nil
}

func (s *Server) newSituation(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.situationsOn(); err != nil {
		return err
	}
	if err := s.deskOnly(r); err != nil {
		return err
	}
	return s.situationForm(w, r, http.StatusOK, situationFormPage{ID: "new"})
}

func (s *Server) editSituation(w http.ResponseWriter, r *http.Request) error {
	if err := s.deskOnly(r); err != nil {
		return err
	}
	f, err := s.situationFacts(r)
	if err != nil {
		return err
	}
	return s.situationForm(w, r, http.StatusOK, situationFormPage{ID: f.ID, Form: s.formOf(f.Situation)})
}

func (s *Server) situationForm(w http.ResponseWriter, r *http.Request, status int, p situationFormPage) error {
	p.chrome = s.chrome(r, "situations")
	p.PageTitle, p.NoIndex = "Follow a situation", true
	if p.ID != "new" {
		p.PageTitle = "Change what belongs here"
	}
	return s.render(w, r, status, "situationform", p)
}

// formOf writes a definition into the fields.
func (s *Server) formOf(now model.Situation) situationForm {
	lines := func(list []string) string { return strings.Join(list, "\n") }
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format("2006-01-02T15:04Z")
	}
	return situationForm{
		Title: now.Title, Note: now.Note, Words: lines(now.Words), Phrases: lines(now.Phrases), All: lines(now.All), Exclude: lines(now.Exclude),
		Speakers: lines(now.Speakers), Places: lines(each(now.Places, s.placeGiven)), Sources: lines(now.Sources),
		Services: lines(now.Services), Languages: lines(now.Languages), From: day(now.From), Until: day(now.Until), By: now.By, Revision: now.Revision,
	}
}

// placeGiven is how a form gives a place: by its name where that means no other.
func (s *Server) placeGiven(id int64) string {
	if s.cfg.Places != nil {
		if name := s.cfg.Places.PlaceName(id); name != "" {
			if found, err := s.cfg.Places.FindPlace(name); err == nil && found == id {
				return name
			}
		}
	}
	return strconv.FormatInt(id, 10)
}

// placeID is the place that a form gives by name or number.
func (s *Server) placeID(given string) (int64, error) {
	if s.cfg.Places != nil {
		id, err := s.cfg.Places.FindPlace(given)
		if err != nil {
			return 0, told{err}
		}
		return id, nil
	}
	id, err := strconv.ParseInt(given, 10, 64)
	if err != nil || id == 0 {
		return 0, tell(model.ErrInvalid, "“%s” is not the number of a place.", clip(40, given))
	}
	return id, nil
}

// readForm takes the fields out of what was sent.
func readForm(v url.Values) situationForm {
	get := func(name string) string { return strings.TrimSpace(strings.ReplaceAll(v.Get(name), "\r\n", "\n")) }
	rev, _ := strconv.Atoi(get("revision")) // what is no number is no revision
	return situationForm{
		Title: get("title"), Note: get("note"), Words: get("words"), Phrases: get("phrases"), All: get("all"), Exclude: get("exclude"),
		Speakers: get("speakers"), Places: get("places"), Sources: get("sources"), Services: get("services"), Languages: get("languages"),
		From: get("from"), Until: get("until"), By: clip(80, get("by")), Revision: rev,
	}
}

// linesIn is the values of a list, without the empty ones.
func linesIn(s string) []string {
	var out []string
	for _, l := range strings.Split(s, "\n") {
		if l = strings.TrimSpace(l); l != "" && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// define is the definition that the fields give, on top of the one there is.
func (s *Server) define(f situationForm, now model.Situation) (model.Situation, error) {
	now.Title, now.Note, now.By, now.Revision = f.Title, f.Note, f.By, f.Revision
	now.Words, now.Phrases, now.All, now.Exclude = linesIn(f.Words), linesIn(f.Phrases), linesIn(f.All), linesIn(f.Exclude)
	now.Speakers, now.Sources, now.Services = parts(f.Speakers), parts(f.Sources), parts(f.Services)
	now.Languages = linesIn(strings.ToLower(f.Languages))
	now.Places = nil
	for _, p := range linesIn(f.Places) {
		id, err := s.placeID(p)
		if err != nil {
			return now, err
		}
		now.Places = append(now.Places, id)
	}
	var err error
	if now.From, err = momentOf("from", f.From); err != nil {
		return now, err
	}
	if now.Until, err = momentOf("until", f.Until); err != nil {
		return now, err
	}
	if err := now.Validate(); err != nil {
		return now, told{err}
	}
	return now, nil
}

// parts is the ids in a list, each of which may be given as an address.
func parts(s string) []string { return each(linesIn(s), lastPart) }

// saveSituation previews or keeps a definition.
func (s *Server) saveSituation(w http.ResponseWriter, r *http.Request) error {
	st, err := s.situationsOn()
	if err != nil {
		return err
	}
	if err := s.readPost(w, r); err != nil {
		return err
	}
	id := r.PathValue("id")
	p := situationFormPage{ID: id, Form: readForm(r.PostForm)}
	var now model.Situation
	if id != "new" {
		f, err := s.situationFacts(r)
		if err != nil {
			return err
		}
		now = f.Situation
	}
	next, err := s.define(p.Form, now)
	if err != nil {
		return s.refuseForm(w, r, p, err)
	}
	if r.PostForm.Get("verb") != "save" {
		return s.previewSituation(w, r, p, next)
	}
	next.Changed = s.cfg.Now().UTC()
	if err := st.SaveSituation(r.Context(), &next); err != nil {
		return s.refuseForm(w, r, p, fmt.Errorf("web: keep situation %s: %w", next.ID, told{err})) // the desk may know
	}
	s.Notify("situation")
	http.Redirect(w, r, "/situation/"+next.ID, http.StatusSeeOther)
	return nil
}

// refuseForm shows the form again with what is wrong in it.
func (s *Server) refuseForm(w http.ResponseWriter, r *http.Request, p situationFormPage, err error) error {
	if !errors.Is(err, model.ErrInvalid) {
		return err
	}
	p.Problem = forReader(err)
	return s.situationForm(w, r, http.StatusBadRequest, p)
}

// readPost reads a form of the desk.
func (s *Server) readPost(w http.ResponseWriter, r *http.Request) error {
	if err := s.deskOnly(r); err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return tell(model.ErrInvalid, "The form could not be read.")
	}
	return nil
}

func (s *Server) previewSituation(w http.ResponseWriter, r *http.Request, p situationFormPage, next model.Situation) error {
	got, err := s.cfg.Situations.PreviewSituation(r.Context(), next, s.cfg.Now().Add(-previewSpan), previewSample)
	if err != nil {
		return s.refuseForm(w, r, p, fmt.Errorf("web: preview situation: %w", told{err}))
	}
	p.Preview, p.Window = &got, "the last seven days"
	return s.situationForm(w, r, http.StatusOK, p)
}

// pinMember puts an article or a story in or out by hand, or frees it.
func (s *Server) pinMember(w http.ResponseWriter, r *http.Request) error {
	st, err := s.situationsOn()
	if err != nil {
		return err
	}
	if err := s.readPost(w, r); err != nil {
		return err
	}
	f, err := s.situationFacts(r)
	if err != nil {
		return err
	}
	p := model.Pin{
		Situation: f.ID, Article: lastPart(r.PostForm.Get("article")), Story: lastPart(r.PostForm.Get("story")), Verb: r.PostForm.Get("verb"),
		By: clip(80, strings.TrimSpace(r.PostForm.Get("by"))), At: s.cfg.Now().UTC(),
	}
	if p.By == "" {
		p.By = "the desk"
	}
	if err := p.Validate(); err != nil {
		return told{err}
	}
	if err := st.PinMember(r.Context(), p); err != nil {
		return fmt.Errorf("web: %s in situation %s: %w", p.Verb, f.ID, told{err})
	}
	s.Notify("situation")
	http.Redirect(w, r, "/situation/"+f.ID+"/articles", http.StatusSeeOther)
	return nil
}
