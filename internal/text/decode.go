package text

import (
	"bytes"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// declared finds the charset a document names in its first lines: an XML
// declaration or an HTML meta element.
var declared = regexp.MustCompile(`(?i)(?:<\?xml[^>]{0,200}?encoding\s*=|<meta[^>]{0,400}?charset\s*=)\s*["']?\s*([a-z0-9_:.-]{2,40})`)

// Decode returns body as UTF-8 without a byte order mark, and the name of the
// charset it was taken to be in.
//
// What the bytes are counts for more than what is said about them: a byte
// order mark first, then valid UTF-8 with anything beyond ASCII in it, then
// the Content-Type header, then the document's own declaration, then
// Windows-1252. Bytes that stand for nothing become U+FFFD. ASCII comes back
// as it is, without being copied.
func Decode(contentType string, body []byte) ([]byte, string) {
	enc, name := detect(contentType, body)
	if enc == nil {
		return bytes.ToValidUTF8(bytes.TrimPrefix(body, []byte("\ufeff")), []byte("\ufffd")), name
	}
	out, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return bytes.ToValidUTF8(body, []byte("\ufffd")), "utf-8"
	}
	return bytes.TrimPrefix(out, []byte("\ufeff")), name
}

// detect returns nil for UTF-8.
func detect(contentType string, body []byte) (encoding.Encoding, string) {
	switch {
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		return nil, "utf-8"
	case bytes.HasPrefix(body, []byte("\xff\xfe")), bytes.HasPrefix(body, []byte("<\x00")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "utf-16le"
	case bytes.HasPrefix(body, []byte("\xfe\xff")), bytes.HasPrefix(body, []byte("\x00<")):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "utf-16be"
	}
	valid, ascii := classify(body)
	if valid && !ascii {
		return nil, "utf-8"
	}
	if enc, name := said(contentType, body); enc != nil && !strings.HasPrefix(name, "utf-") {
		return enc, name
	}
	if valid || mostlyUTF8(body) {
		return nil, "utf-8"
	}
	return charmap.Windows1252, "windows-1252"
}

// said looks up the charset named by the header or, failing that, by the
// document.
func said(contentType string, body []byte) (encoding.Encoding, string) {
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		if enc, name := charset.Lookup(params["charset"]); enc != nil {
			return enc, name
		}
	}
	if m := declared.FindSubmatch(body[:min(len(body), 4096)]); m != nil {
		return charset.Lookup(string(m[1]))
	}
	return nil, ""
}

// classify reports whether body is valid UTF-8, and whether all of it is
// ASCII. A body cut in the middle of a character counts as valid, and so does
// ISO-2022, which hides in ASCII behind escapes, as not ASCII-only UTF-8.
func classify(body []byte) (valid, ascii bool) {
	ascii = true
	for _, b := range body {
		if b >= utf8.RuneSelf || b == 0x1b {
			ascii = false
			break
		}
	}
	if ascii {
		return true, true
	}
	if bytes.IndexByte(body, 0x1b) >= 0 {
		return false, false
	}
	if utf8.Valid(body) {
		return true, false
	}
	whole := body[:len(body)-cutTail(body)]
	return len(whole) < len(body) && utf8.Valid(whole) && bytes.ContainsFunc(whole, func(r rune) bool { return r >= utf8.RuneSelf }), false
}

// cutTail is the length of the beginning of a character body ends in.
func cutTail(body []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(body); n++ {
		if tail := body[len(body)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}

// mostlyUTF8 reports whether the characters beyond ASCII that are valid UTF-8
// far outnumber the bytes that are not: one bad byte does not make a page
// Windows-1252.
func mostlyUTF8(body []byte) bool {
	good, bad := 0, 0
	for len(body) > 0 {
		r, n := utf8.DecodeRune(body)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		body = body[n:]
	}
	return good > 0 && good >= 4*bad
}
