package demo

import (
	"bytes"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// page is what the templates see.
type page struct {
	Outlet     *outlet
	Zone       *time.Location
	Now        time.Time
	Article    entry
	Others     []entry // the outlet's other articles, newest first
	Older      *entry  // the article before this one
	Newer      *entry  // the article after this one
	Everything []entry // the outlet's articles, newest first
}

// inZone formats a time as a page of the outlet states it.
func inZone(zone *time.Location, layout string, t time.Time) string {
	return t.In(zone).Format(layout)
}

func (w *Web) front(o *outlet, now time.Time) (document, error) {
	p := page{Outlet: o, Zone: o.zone, Now: now, Everything: o.at(now)}
	return w.render("front.html", p, newest(p.Everything))
}

// article renders the article at a path; its body is nil where none stands.
func (w *Web) article(o *outlet, path string, now time.Time) (document, error) {
	e, ok := o.find(path, now)
	if !ok {
		return document{}, nil
	}
	p := page{Outlet: o, Zone: o.zone, Now: now, Article: e, Everything: o.at(now)}
	for i, other := range p.Everything {
		if other.Path != path {
			p.Others = append(p.Others, other)
			continue
		}
		if i > 0 {
			p.Newer = &p.Everything[i-1]
		}
		if i+1 < len(p.Everything) {
			p.Older = &p.Everything[i+1]
		}
	}
	return w.render(o.Template+".html", p, newest(p.Everything))
}

func (w *Web) render(name string, p page, at time.Time) (document, error) {
	var b bytes.Buffer
	if err := w.templates.ExecuteTemplate(&b, name, p); err != nil {
		return document{}, err
	}
	d := document{contentType: "text/html; charset=utf-8", body: b.Bytes(), at: at}
	if p.Outlet.Charset != "windows-1252" || name == "front.html" {
		return d, nil
	}
	// The page alone says in which charset it is, as on many an old server.
	body, err := encoding.HTMLEscapeUnsupported(charmap.Windows1252.NewEncoder()).Bytes(d.body)
	d.body, d.contentType = body, "text/html"
	return d, err
}

// newest is the last change among articles, Start where there is none.
func newest(entries []entry) time.Time {
	at := Start
	for _, e := range entries {
		if e.Modified.After(at) {
			at = e.Modified
		}
	}
	return at
}
