package text

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// Decode returns the bytes of a page or text as UTF-8. A byte-order mark wins,
// then bytes that are valid UTF-8, then what the Content-Type header or the
// page's own meta element states. Bytes that no encoding explains become
// U+FFFD.
func Decode(body []byte, contentType string) string {
	if utf8.Valid(body) {
		return strings.TrimPrefix(string(body), "\ufeff")
	}
	enc, name, certain := charset.DetermineEncoding(body[:min(len(body), 4096)], contentType)
	if name == "utf-8" || !certain && mostlyUTF8(body) {
		return strings.ToValidUTF8(strings.TrimPrefix(string(body), "\ufeff"), "\ufffd")
	}
	out, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return strings.ToValidUTF8(string(body), "\ufffd")
	}
	return strings.TrimPrefix(string(out), "\ufeff")
}

// mostlyUTF8 reports whether the bytes beyond ASCII are, but for a few,
// well-formed UTF-8: a cut or slightly broken page, not another encoding.
func mostlyUTF8(body []byte) bool {
	good, bad := 0, 0
	for len(body) > 0 {
		r, size := utf8.DecodeRune(body)
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case r >= utf8.RuneSelf:
			good++
		}
		body = body[size:]
	}
	return good > 10*bad
}
