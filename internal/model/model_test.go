package model

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

func TestURLKey(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"https://www.Example.org/a/?utm_source=x&b=2&a=1#top", "example.org/a?a=1&b=2"},
		{"http://example.org:80/a", "example.org/a"},
		{"http://example.org:8080/a", "example.org:8080/a"},
		{"https://example.org/a?fbclid=1", "example.org/a"},
		{"https://example.org/", "example.org"},
		{"not a url", "not a url"},
	} {
		if got := URLKey(c.in); got != c.want {
			t.Errorf("URLKey(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestErrorf(t *testing.T) {
	cause := errors.New("cause")
	err := Errorf(ErrInvalid, "bad thing: %w", cause)
	if !errors.Is(err, ErrInvalid) || !errors.Is(err, cause) || errors.Is(err, ErrNotFound) {
		t.Errorf("kinds of %v are wrong", err)
	}
	if got, want := err.Error(), "bad thing: cause"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
}

func TestSourceValidate(t *testing.T) {
	good := Source{URL: "https://www.example.org/feed"}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	if good.Outlet != "example.org" || good.Kind != SourceFeed || good.Licence != LicenceExcerpt || good.ID == "" {
		t.Errorf("defaults: %+v", good)
	}
	for _, s := range []Source{{URL: "ftp://x/y"}, {URL: "/feed"}, {URL: "https://x/", Kind: "pigeon"}, {URL: "https://x/", Licence: "all"}} {
		if err := s.Validate(); !errors.Is(err, ErrInvalid) {
			t.Errorf("Validate(%+v) = %v, want an ErrInvalid", s, err)
		}
	}
}

func TestPlainURL(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"https://www.Example.org/a/?utm_source=rss&b=2&a=1#top", "https://www.Example.org/a/?b=2&a=1#top"},
		{"https://example.org/a?utm_source=rss&utm_medium=feed", "https://example.org/a"},
		{"https://example.org/a?q=a%26b&FBCLID=1#?utm_source=x", "https://example.org/a?q=a%26b#?utm_source=x"},
		{"https://example.org/a?b&&c=%zz", "https://example.org/a?b&&c=%zz"},
		{"https://example.org/a?", "https://example.org/a?"},
		{"https://example.org/utm_source=rss", "https://example.org/utm_source=rss"},
		{"not a url", "not a url"},
		{"", ""},
	} {
		if got := PlainURL(c.in); got != c.want {
			t.Errorf("PlainURL(%q) = %q, want %q", c.in, got, c.want)
		}
		if URLKey(c.in) != URLKey(c.want) {
			t.Errorf("%q and %q are two pages", c.in, c.want)
		}
	}
}

func FuzzURLKey(f *testing.F) {
	f.Add("https://www.example.org/a/?utm_source=x&b=2&a=1#top")
	f.Add("HTTP://[::1]:8080/%zz?=&&;")
	f.Add("//")
	f.Fuzz(func(t *testing.T, raw string) {
		key := URLKey(raw)
		u, err := url.Parse(raw)
		if err != nil || u.Host == "" {
			return
		}
		u.Fragment, u.RawFragment = "top", ""
		if got := URLKey(u.String()); got != key && !strings.ContainsAny(raw, " \t\n") {
			t.Errorf("URLKey(%q) = %q, with a fragment %q", raw, key, got)
		}
	})
}
