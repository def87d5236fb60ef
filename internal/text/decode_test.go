package text

import (
	"bytes"
	"testing"
	"unicode/utf8"
)

func TestDecode(t *testing.T) {
	for _, c := range []struct{ name, contentType, in, want, charset string }{
		{"plain", "", "abc", "abc", "utf-8"},
		{"utf-8", "", "Zürich", "Zürich", "utf-8"},
		{"byte order mark", "", "\xef\xbb\xbfZürich", "Zürich", "utf-8"},
		{"utf-16 little", "", "\xff\xfeZ\x00\xfc\x00", "Zü", "utf-16le"},
		{"utf-16 big", "", "\xfe\xff\x00Z\x00\xfc", "Zü", "utf-16be"},
		{"utf-16 without a mark", "", "<\x00a\x00", "<a", "utf-16le"},
		{"header", "text/html; charset=iso-8859-2", "\xb1", "ą", "iso-8859-2"},
		{"xml declaration", "text/xml", "<?xml version='1.0' encoding='windows-1251'?>\xcc", "<?xml version='1.0' encoding='windows-1251'?>М", "windows-1251"},
		{"meta", "", `<meta http-equiv=x content="text/html; charset=koi8-r">` + "\xed", `<meta http-equiv=x content="text/html; charset=koi8-r">М`, "koi8-r"},
		{"declares latin, is utf-8", "text/xml; charset=iso-8859-1", "Zürich", "Zürich", "utf-8"},
		{"declares utf-8, is latin", "text/xml; charset=utf-8", "Z\xfcrich", "Zürich", "windows-1252"},
		{"declares utf-16, is ascii", "", `<?xml version="1.0" encoding="utf-16"?>`, `<?xml version="1.0" encoding="utf-16"?>`, "utf-8"},
		{"one bad byte", "", "äöüßé\xff", "äöüßé\ufffd", "utf-8"},
		{"cut in a character", "text/html", "äö\xc3", "äö\ufffd", "utf-8"},
		{"iso-2022-jp", "text/html; charset=iso-2022-jp", "\x1b$B$\"\x1b(B", "あ", "iso-2022-jp"},
		{"unknown name", "text/html; charset=pigeon", "caf\xe9", "café", "windows-1252"},
		{"empty", "", "", "", "utf-8"},
	} {
		got, name := Decode(c.contentType, []byte(c.in))
		if string(got) != c.want || name != c.charset {
			t.Errorf("%s: Decode = %q, %q, want %q, %q", c.name, got, name, c.want, c.charset)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("text/html; charset=koi8-r", []byte("\xed"))
	f.Add("", []byte("\xff\xfeZ\x00"))
	f.Add("text/xml", []byte("<?xml version='1.0' encoding='windows-1251'?>\xcc"))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		before := bytes.Clone(body)
		out, name := Decode(contentType, body)
		if !utf8.Valid(out) || name == "" {
			t.Errorf("Decode = %q, %q", out, name)
		}
		if !bytes.Equal(before, body) {
			t.Error("the body was written to")
		}
	})
}
