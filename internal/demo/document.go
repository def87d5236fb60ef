package demo

import (
	"bytes"
	"net/http"
	"time"

	"crosscheck/internal/model"
)

// document is one answer of the web.
type document struct {
	contentType string
	body        []byte
	at          time.Time // last change
	location    string    // where the document is to be found instead, or ""
}

// serve writes the document, a redirect, or 304 where the request already has it.
func (d document) serve(rw http.ResponseWriter, r *http.Request) {
	if d.location != "" {
		http.Redirect(rw, r, d.location, http.StatusFound)
		return
	}
	rw.Header().Set("Content-Type", d.contentType)
	rw.Header().Set("ETag", `"`+model.HashOf(d.body)[:16]+`"`)
	http.ServeContent(rw, r, "", d.at, bytes.NewReader(d.body))
}
