package article

import (
	"errors"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
)

const sentence = "The harbour office of Ostmere said on Tuesday that the ferry line would stay closed until the inquiry had ended, and that tickets would be refunded. "

// TestReadHostile reads pages made to be slow. The bound is generous: what
// these pages must not be is quadratic.
func TestReadHostile(t *testing.T) {
	const size = 5 << 20
	fill := func(unit string) string { return strings.Repeat(unit, size/len(unit)) }
	para := "<p>" + strings.Repeat(sentence, 3) + "</p>"
	for name, page := range map[string]string{
		"nested divs":       strings.Repeat("<div>", 100_000) + para + strings.Repeat("</div>", 100_000),
		"unclosed inline":   fill("<b><i><a href=x>") + para,
		"unclosed blocks":   fill("<p><b><div>"),
		"nested tables":     fill("<table><tr><td>"),
		"misnested":         fill("<a><p></a></p>"),
		"lists":             fill("<ul><li>"),
		"one word":          fill("word "),
		"many paragraphs":   fill(para),
		"many headings":     fill("<h2>Share</h2><h2>x</h2>"),
		"many titles":       fill("<h1>A title of a page</h1>"),
		"many times":        fill("<time datetime=2024-01-02>x</time>"),
		"many links":        fill("<a href=/author/x>Ann Example</a> "),
		"unclosed comment":  para + "<!--" + fill("x"),
		"unclosed script":   para + "<script>" + fill("x"),
		"attributes":        fill("<p a b c d e f g class='share ad nav'>"),
		"json":              "<script type=application/ld+json>" + fill(`{"a":[`) + "</script>" + para,
		"entities":          fill("&amp;&#x41;"),
		"streamed parts":    fill(`<template id="P:1"></template><div hidden id="S:1">x</div>`),
		"truncated":         "<html><body><article>" + para + "<p>The office said on Wed",
		"select and option": fill("<select><option>a"),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			if _, err := Read([]byte(page), Hints{ContentType: "text/html"}); err != nil {
				t.Fatal(err)
			}
			if d := time.Since(start); d > time.Minute { // what is not linear takes longer, also under the race detector
				t.Errorf("Read took %v", d)
			}
		})
	}
}

// TestReadDeep shows that the text of a page nested beyond the parser's limit
// is still read.
func TestReadDeep(t *testing.T) {
	text := strings.TrimSpace(strings.Repeat(sentence, 3))
	page := "<title>Ferry line closed</title>" + strings.Repeat("<div>", 5000) + "<p>" + text + "</p>"
	a, err := Read([]byte(page), Hints{})
	if err != nil {
		t.Fatal(err)
	}
	if a.Text != text || a.Title != "Ferry line closed" {
		t.Errorf("Read = %q, %q", a.Title, a.Text)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct {
		name, body string
		kind       error
		says       string
	}{
		{"nothing", "", model.ErrInvalid, "empty"},
		{"blanks", " \n\t ", model.ErrInvalid, "empty"},
		{"pdf", "%PDF-1.7\n%âãÏÓ", model.ErrUnsupported, "PDF"},
		{"png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", model.ErrUnsupported, "PNG"},
		{"zip", "PK\x03\x04\x14\x00\x06\x00", model.ErrUnsupported, "ZIP"},
		{"unknown", strings.Repeat("\x00\x01\x02\x03", 100), model.ErrUnsupported, "binary"},
	} {
		_, err := Read([]byte(c.body), Hints{})
		if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: Read = %v, want a %v that says %q", c.name, err, c.kind, c.says)
		}
	}
}
