package article

import (
	"bytes"
	"strings"

	"crosscheck/internal/model"
)

// magics are the first bytes of what is no page.
var magics = []struct{ prefix, name string }{
	{"%PDF-", "a PDF document"},
	{"PK\x03\x04", "a ZIP archive or office document"},
	{"\x89PNG", "a PNG image"},
	{"\xff\xd8\xff", "a JPEG image"},
	{"GIF8", "a GIF image"},
	{"\x1f\x8b", "gzip-compressed data"},
	{"Rar!", "a RAR archive"},
	{"7z\xbc\xaf", "a 7-Zip archive"},
	{"BZh", "bzip2-compressed data"},
	{"\x00\x00\x00\x20ftyp", "an MP4 film"},
	{"\x00\x00\x00\x18ftyp", "an MP4 film"},
	{"ID3", "an MP3 sound file"},
	{"OggS", "an Ogg sound or film"},
	{"RIFF", "a RIFF image, sound or film"},
	{"\x7fELF", "a program"},
	{"MZ\x90", "a program"},
	{"\xd0\xcf\x11\xe0", "an old office document"},
	{"\x28\xb5\x2f\xfd", "zstd-compressed data"},
	{"{\\rtf", "an RTF document"},
	{"wOF", "a font"},
}

// refuse reports bytes that are no text.
func refuse(body []byte) error {
	for _, m := range magics {
		if bytes.HasPrefix(body, []byte(m.prefix)) {
			return model.Errorf(model.ErrUnsupported, "this is %s, not a page or a text", m.name)
		}
	}
	head := body[:min(len(body), 2048)]
	if bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) {
		return nil
	}
	if n := bytes.Count(head, []byte{0}); n > 0 && n*20 > len(head) {
		return model.Errorf(model.ErrUnsupported, "this is binary data of an unknown kind, not a page or a text")
	}
	return nil
}

// looksLikeHTML tells a page from a text.
func looksLikeHTML(s, contentType string) bool {
	ct := strings.ToLower(contentType)
	if strings.Contains(ct, "html") {
		return true
	}
	head := strings.ToLower(s[:min(len(s), 4096)])
	for _, tag := range [...]string{"<!doctype html", "<html", "<head", "<body", "<p>", "<p ", "<div", "<article", "<br", "<h1", "<meta", "<script", "<table", "<span", "<a href"} {
		if strings.Contains(head, tag) {
			return true
		}
	}
	return false
}
