package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"runtime/debug"
	"strings"

	"crosscheck/internal/model"
)

// told is an error whose text is written for the reader.
type told struct{ error }

func (e told) Unwrap() error { return e.error }

// tell returns an error of the given kind that the reader gets to see.
func tell(kind error, format string, args ...any) error {
	return told{model.Errorf(kind, format, args...)}
}

// forReader is the part of an error that is written for the reader, or "".
func forReader(err error) string {
	if e, ok := errors.AsType[told](err); ok {
		return e.Error()
	}
	return ""
}

// handler answers a request or says why it cannot.
type handler func(w http.ResponseWriter, r *http.Request) error

// statuses maps the kind of an error to what the reader gets. The first match
// wins; an error of no kind is an internal one.
var statuses = []struct {
	kind   error
	status int
	title  string
	advice string
}{
	{
		model.ErrNotFound, http.StatusNotFound, "There is no such page",
		"The address may be mistyped or older than this collection. Look at the newest stories, or search for words you remember.",
	},
	{
		model.ErrInvalid, http.StatusBadRequest, "That request could not be understood",
		"Correct the address or the form and try again.",
	},
	{
		model.ErrForbidden, http.StatusForbidden, "That is for the desk",
		"Whole texts and captures are shown only on the machine that runs this service. The public page links to the original.",
	},
	{model.ErrConflict, http.StatusConflict, "That no longer fits what is stored", "Load the page again."},
	{model.ErrTooLarge, http.StatusRequestEntityTooLarge, "That is too large to show", "Ask for less."},
	{model.ErrTemporary, http.StatusServiceUnavailable, "Not available for the moment", "Wait a minute, then load the page again."},
	{model.ErrUnsupported, http.StatusMethodNotAllowed, "That cannot be done here", "Pages here can only be read."},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, "That took too long", "Wait a minute, then load the page again."},
}

// errorPage is the page of an error.
type errorPage struct {
	chrome
	Status int
	Reason string // for the reader; "" when the cause is none of theirs
	Advice string
}

func (s *Server) handle(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.lg.Error("handler panicked", "path", r.URL.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				s.fail(w, r, errors.New("panic"))
			}
		}()
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// fail answers with the page of an error. A reader who went away gets none.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return
	}
	page := errorPage{
		chrome: s.chrome(r, ""), Status: http.StatusInternalServerError,
		Advice: "The fault is ours and has been logged. Load the page again; if it stays, tell whoever runs this site.",
	}
	page.PageTitle, page.NoIndex = "Something went wrong here", true
	for _, c := range statuses {
		if errors.Is(err, c.kind) {
			page.Status, page.PageTitle, page.Advice = c.status, c.title, c.advice
			page.Reason = forReader(err)
			break
		}
	}
	if page.Status >= 500 {
		s.lg.Error("request failed", "path", r.URL.Path, "status", page.Status, "error", err)
	}
	if page.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "60")
	}
	w.Header().Set("Cache-Control", "no-store")
	if isAPI(r) {
		err = s.problem(w, r, page, err)
	} else {
		err = s.render(w, r, page.Status, "error", page)
	}
	if err != nil {
		s.lg.Error("error page failed", "path", r.URL.Path, "error", err)
		http.Error(w, page.PageTitle+". "+page.Advice, page.Status)
	}
}

// slashless matches the pages a slash too many is forgiven for.
var slashless = regexp.MustCompile(`^/(search|sources|speakers|claims|situations|services|api|(story|claim|article|speaker|situation|service|outage)/[0-9A-Za-z_-]+)$`)

func (s *Server) nothing(w http.ResponseWriter, r *http.Request) error {
	if p := strings.TrimRight(r.URL.Path, "/"); p != r.URL.Path && slashless.MatchString(p) {
		to := url.URL{Path: p, RawQuery: r.URL.RawQuery}
		http.Redirect(w, r, to.String(), http.StatusMovedPermanently)
		return nil
	}
	return tell(model.ErrNotFound, "Nothing is kept at this address.")
}

// policy lets pages load their own style, script and pictures, and nothing
// else from anywhere.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// guard sets the headers every answer carries and refuses every method but
// reading, and what other sites' pages would have the desk's browser send.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		if isAPI(r) && !s.cfg.Desk(r) {
			// Pages of other sites may read what everybody may. What the desk gets is
			// another matter: its browser asks from the machine itself, whichever
			// site's page makes it ask, and gets whole texts. Without this header the
			// browser keeps the answer from that page.
			h.Set("Access-Control-Allow-Origin", "*")
		}
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		desk := strings.HasPrefix(r.URL.Path, "/desk/")
		switch {
		case r.Method == http.MethodPost && r.URL.Path == reportPath && s.cfg.Vantage != nil: // it carries a token
		case desk && r.Method == http.MethodPost:
			if err := http.NewCrossOriginProtection().Check(r); err != nil {
				s.fail(w, r, tell(model.ErrForbidden, "That was sent by a page of another site."))
				return
			}
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			h.Set("Allow", "GET, HEAD")
			s.fail(w, r, tell(model.ErrUnsupported, "%s is not allowed.", r.Method))
			return
		}
		next.ServeHTTP(w, r)
	})
}
