package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"crosscheck/internal/model"
)

//go:embed templates/*.html templates/chart.svg
var templateFiles embed.FS

// pages holds one parsed template for each page, by name.
type pages map[string]*template.Template

// chrome is what every page shows round its content.
type chrome struct {
	Site      string
	PageTitle string
	About     string // description for search engines and previews
	Nav       string // the entry of the navigation this page belongs to
	Now       time.Time
	Desk      bool
	Live      bool // the module refreshes the page when something changes
	NoIndex   bool
	Version   string
	Address   string // of the page, absolute, or ""
	Feeds     []feedLink
	Follows   bool   // situations are followed
	Script    string // module of this page beside the one of all, or ""
}

// feedLink leads to a feed of the page.
type feedLink struct{ Type, Title, URL string }

func (s *Server) chrome(r *http.Request, nav string) chrome {
	c := chrome{Follows: s.cfg.Situations != nil, Site: s.cfg.Title, Nav: nav, Now: s.cfg.Now().UTC().Truncate(time.Minute), Desk: s.cfg.Desk(r), Version: s.cfg.Version}
	if s.cfg.BaseURL != "" {
		c.Address = s.cfg.BaseURL + r.URL.EscapedPath()
	}
	return c
}

func parsePages(a assets, now func() time.Time) pages {
	funcs := template.FuncMap{
		"asset": a.url, "glyph": glyph, "num": anyNumber, "count": countWord, "clip": clip, "web": webURL, "hash": shortHash,
		"when":  func(t time.Time) template.HTML { return timeTag(t, now()) },
		"clock": clockTag, "full": fullTag, "day": func(date string) template.HTML { return dayTag(date, now()) },
		"squares": squares, "via": via, "kind": kindWords, "name": speakerName, "who": whoURL, "noun": typeNoun, "few": few, "tree": copyTree, "title": titleOr, "outlet": outletOr, "stance": stanceWord, "as": func(s string) model.Stance { return model.Stance(s) }, "percent": percent, "flags": flagWords,
		"entryword": entryWord, "atlasstyle": func() template.CSS { return atlasStyle }, "join": strings.Join, "inc": func(n int) int { return n + 1 }, "sub": func(a, b int) int { return a - b },
		"reachglyph": reachGlyph, "gravity": gravity, "avail": availability, "spell": minutes, "classname": className, "serviceurl": serviceURL, "outageurl": outageURL,
		"near": func(t time.Time) time.Time { return t.Round(time.Minute) }, "pathid": url.PathEscape, "isgrave": isGrave,
	}
	base := template.Must(template.New("base").Funcs(funcs).ParseFS(templateFiles, "templates/base.html", "templates/parts.html", "templates/reach.html"))
	all := pages{}
	for _, name := range []string{"front", "story", "claim", "claims", "article", "speaker", "speakers", "sources", "search", "situations", "situation", "timeline", "entry", "situationarticles", "situationform", "briefing", "briefingform", "services", "service", "outage", "api", "error"} {
		all[name] = template.Must(template.Must(base.Clone()).ParseFS(templateFiles, "templates/"+name+".html"))
	}
	all["chart"] = template.Must(template.Must(base.Clone()).New("chart.svg").ParseFS(templateFiles, "templates/chart.svg"))
	return all
}

// render answers with a page, or with 304 where the reader has it already.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, name string, page any) error {
	var b bytes.Buffer
	if err := s.pages[name].ExecuteTemplate(&b, "base.html", page); err != nil {
		return fmt.Errorf("web: render %s: %w", name, err)
	}
	s.send(w, r, status, "text/html; charset=utf-8", b.Bytes())
	return nil
}

// send answers with a body that may be cached but must be asked for again.
// Its tag is weak: it names the content, however it is compressed.
func (s *Server) send(w http.ResponseWriter, r *http.Request, status int, contentType string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Add("Vary", "Accept-Encoding")
	if status == http.StatusOK {
		sum := sha256.Sum256(body)
		tag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
		h.Set("ETag", tag)
		h.Set("Cache-Control", "no-cache")
		if s.cfg.Desk(r) {
			h.Set("Cache-Control", "private, no-cache")
		}
		if tagged(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the reader went away: nobody to tell
	}
}

// tagged reports whether an If-None-Match header names the tag.
func tagged(header, tag string) bool {
	for _, t := range strings.Split(header, ",") {
		if t = strings.TrimSpace(t); t == "*" || strings.TrimPrefix(t, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}
