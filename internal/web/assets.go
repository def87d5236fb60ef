package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"

	"crosscheck/internal/model"
)

//go:embed static
var staticFiles embed.FS

// asset is one static file under the address that names its content.
type asset struct {
	contentType string
	body        []byte
}

// assets are the static files. Both maps are read-only once loaded.
type assets struct {
	byName map[string]asset  // "crosscheck.1a2b3c4d5e6f.css"
	hashed map[string]string // "crosscheck.css" to the name above
}

var assetTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
}

func loadAssets() assets {
	a := assets{byName: map[string]asset{}, hashed: map[string]string{}}
	files, err := staticFiles.ReadDir("static")
	if err != nil {
		panic(err) // embedded
	}
	for _, f := range files {
		body, err := staticFiles.ReadFile("static/" + f.Name())
		if err != nil {
			panic(err) // embedded
		}
		sum := sha256.Sum256(body)
		ext := path.Ext(f.Name())
		name := strings.TrimSuffix(f.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext
		a.byName[name] = asset{assetTypes[ext], body}
		a.hashed[f.Name()] = name
	}
	return a
}

// url is the address of a static file, for templates.
func (a assets) url(name string) string { return "/static/" + a.hashed[name] }

func (s *Server) static(w http.ResponseWriter, r *http.Request) error {
	f, ok := s.assets.byName[r.PathValue("name")]
	if !ok {
		return tell(model.ErrNotFound, "There is no such file.")
	}
	w.Header().Set("Content-Type", f.contentType)
	if path.Ext(r.PathValue("name")) == ".svg" { // a picture may dress itself, and do nothing else
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(f.body) // the reader went away: nobody to tell
	return nil
}

func (s *Server) favicon(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, s.assets.url("favicon.svg"), http.StatusFound)
	return nil
}
