// Package demo is the scripted crisis: a small fictional web, told by eleven
// fictional outlets over a day and a half, served from memory by host name
// and bound to a clock of its own. Every country, person, outlet and address
// in it is invented.
//
// The script is the txtar archives under data. The name of a section says
// what it holds: "outlet/HOST" an outlet, "article/HOST/PATH" an article as
// first published, "revision/HOST/PATH" a later version of it, "decision/NAME"
// what the desk decides by hand, "service/ID", "vantage/ID" and "fault/NAME" what
// is measured, from where, and what goes wrong, "situation/ID" what the desk
// follows, "place/NAME" where a place of the script lies, "briefing/NAME" what the
// desk publishes. A section of any other kind is an error, so that new kinds are
// added by name.
package demo

import (
	"embed"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// scheme of every address in the fictional web.
const scheme = "http://"

//go:embed data/*.txtar
var dataFS embed.FS

// Outlines is the map of the script, GeoJSON: its places lie in the open sea.
//
//go:embed data/outlines.geojson
var Outlines []byte

//go:embed templates/*.html
var templateFS embed.FS

// Start and End bound the script: nothing is published before Start or after End.
var (
	Start = time.Date(2031, time.March, 11, 8, 0, 0, 0, time.UTC)
	End   = time.Date(2031, time.March, 12, 18, 10, 0, 0, time.UTC)
)

// Web is the fictional web. It is an http.Handler that answers for every host
// of the script, showing what is published at the present fictional time and
// nothing later. Safe for concurrent use.
type Web struct {
	now        func() time.Time
	outlets    map[string]*outlet
	hosts      []string // in the order of the script
	decisions  []Decision
	measured   Measured
	situations []model.Situation
	places     []Place
	briefings  []Briefing
	templates  *template.Template
}

// New reads the script. now is the fictional clock.
func New(now func() time.Time) (*Web, error) {
	w := &Web{now: now, outlets: map[string]*outlet{}}
	if err := w.load(dataFS); err != nil {
		return nil, err
	}
	t, err := template.New("").Funcs(template.FuncMap{"in": inZone}).ParseFS(templateFS, "templates/*.html")
	if err != nil {
		return nil, model.Errorf(model.ErrInvalid, "demo: %w", err)
	}
	w.templates = t
	return w, w.check()
}

// check reports an outlet whose template or feed does not exist.
func (w *Web) check() error {
	for _, host := range w.hosts {
		o := w.outlets[host]
		if w.templates.Lookup(o.Template+".html") == nil {
			return model.Errorf(model.ErrInvalid, "demo: outlet %s: no template %q", host, o.Template)
		}
		if feeds[o.FeedKind] == nil {
			return model.Errorf(model.ErrInvalid, "demo: outlet %s: no kind of feed %q", host, o.FeedKind)
		}
	}
	return nil
}

// Hosts lists the host names the web answers for.
func (w *Web) Hosts() []string { return slices.Clone(w.hosts) }

// Sources lists one source to follow for each outlet, ready to be stored.
func (w *Web) Sources() []model.Source {
	out := make([]model.Source, 0, len(w.hosts))
	for _, host := range w.hosts {
		out = append(out, w.outlets[host].source())
	}
	return out
}

// ServeHTTP answers one request by its Host header.
func (w *Web) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	host := strings.ToLower(r.Host)
	if i := strings.LastIndexByte(host, ':'); i >= 0 {
		host = host[:i]
	}
	o := w.outlets[host]
	now := w.now().UTC()
	rw.Header().Set("Date", now.Format(http.TimeFormat))
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		rw.Header().Set("Allow", "GET, HEAD")
		http.Error(rw, "method not allowed", http.StatusMethodNotAllowed)
	case o == nil:
		http.NotFound(rw, r)
	default:
		w.serveOutlet(rw, r, o, now)
	}
}

func (w *Web) serveOutlet(rw http.ResponseWriter, r *http.Request, o *outlet, now time.Time) {
	var (
		d   document
		err error
	)
	switch path := r.URL.Path; path {
	case "/robots.txt":
		d = document{contentType: "text/plain; charset=utf-8", body: []byte(o.Robots), at: Start}
	case o.FeedPath:
		d, err = feeds[o.FeedKind](w, o, now)
	case "/":
		d, err = w.front(o, now)
	default:
		if d, err = w.article(o, path, now); err == nil && d.body == nil {
			http.NotFound(rw, r)
			return
		}
	}
	if err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	d.serve(rw, r)
}
