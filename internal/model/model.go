// Package model holds the nouns of crosscheck: what a source, a capture, an
// article, a statement and a story are, their validation, and the kinds of
// error every other package reports. It does no I/O and imports only the
// standard library.
//
// Offsets. Every Span counts bytes of the UTF-8 text it points into, so that
// text[s.Start:s.End] is the span. The command line's JSON counts Unicode code
// points; the conversion happens where that JSON is written.
//
// Times. A zero time.Time means "not stated". Four times are kept apart and
// never substituted for one another: when it happened, when it was said, when
// it was published, when we saw it.
package model

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Span is a half-open range of byte offsets [Start, End) into a text.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Len is the length of the span in bytes.
func (s Span) Len() int { return s.End - s.Start }

// Of returns the part of text the span covers, or "" when it does not lie
// inside text.
func (s Span) Of(text string) string {
	if s.Start < 0 || s.End > len(text) || s.Start > s.End {
		return ""
	}
	return text[s.Start:s.End]
}

// Overlaps reports whether the two spans share at least one byte.
func (s Span) Overlaps(o Span) bool { return s.Start < o.End && o.Start < s.End }

// Capture is the bytes fetched from a URL at a time. It is immutable and named
// by the SHA-256 of its body.
type Capture struct {
	Hash        string    // lower-case hexadecimal SHA-256 of the body, 64 characters
	URL         string    // the URL that was asked for
	FinalURL    string    // where the redirects ended
	ContentType string    // the Content-Type header, verbatim
	Size        int64     // bytes of the body, after Content-Encoding
	At          time.Time // when we saw it
}

// HashOf names a capture's body.
func HashOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// ID returns a stable identifier for a natural key: 26 lower-case hexadecimal
// characters (104 bits) of the SHA-256 of kind and parts. The same key always
// gives the same identifier, which is what makes handlers idempotent.
func ID(kind string, parts ...string) string {
	h := sha256.New()
	h.Write([]byte(kind))
	for _, p := range parts {
		h.Write([]byte{0})
		h.Write([]byte(p))
	}
	return hex.EncodeToString(h.Sum(nil))[:26]
}
