package collect

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

func TestReadOPML(t *testing.T) {
	const file = `Exported by a program that writes things here
<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>My feeds</title></head><body>
<outline text="News">
  <outline text="Deeper" title="Deeper">
    <outline type="rss" text="Aldwire &amp; Sons" title="Aldwire" xmlUrl="https://aldwire.example/feed.xml?a=1&amp;b=2" htmlUrl="https://aldwire.example/" language="en-GB"/>
    <outline text='Kestria "Kurier"' xmlURL='feed://kestria.example/rdf' unknown=yes>
  </outline>
</outline>
<outline title="Folder without feeds"/>
<outline text="Again" xmlUrl="https://aldwire.example/feed.xml?a=1&b=2"/>
<outline text="No address" xmlUrl="pigeon"/>
<OUTLINE text="Landbank" xmlUrl="https://landbank.example/status" crosscheck:kind="page" crosscheck:country="ks" crosscheck:licence="link" crosscheck:paused="true"/>
<outline xmlUrl="https://www.ostmere.example/map.xml" crosscheck:kind="pigeon"`
	got, err := ReadOPML(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	want := []model.Source{
		{URL: "https://aldwire.example/feed.xml?a=1&b=2", Outlet: "Aldwire", Language: "en"},
		{URL: "http://kestria.example/rdf", Outlet: `Kestria "Kurier"`},
		{URL: "https://landbank.example/status", Outlet: "Landbank", Kind: model.SourcePage, Country: "KS", Licence: model.LicenceLink, Paused: true},
		{URL: "https://www.ostmere.example/map.xml"},
	}
	for i := range want {
		if err := want[i].Validate(); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestReadOPMLRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		kind error
	}{
		"empty":            {"", model.ErrInvalid},
		"a page":           {"<html><body>Hello</body></html>", model.ErrInvalid},
		"folders only":     {`<opml><body><outline text="x"/></body></opml>`, model.ErrInvalid},
		"too large":        {strings.Repeat(" ", maxOPML+1), model.ErrTooLarge},
		"too many sources": {manyOutlines(maxSources + 1), model.ErrTooLarge},
	} {
		if _, err := ReadOPML(strings.NewReader(c.in)); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v, want kind %v", name, err, c.kind)
		}
	}
}

func manyOutlines(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<outline xmlUrl="https://a.example/%d"/>`, i)
	}
	return b.String()
}

// What is written is read back: outlet, kind, country, language, licence.
func TestOPMLRoundTrip(t *testing.T) {
	sources := []model.Source{
		{URL: "https://aldwire.example/feed.xml?a=1&b=2", Outlet: `Aldwire <"&'> Sons`, Language: "en", Country: "OS", Licence: model.LicenceFull},
		{URL: "https://landbank.example/status", Kind: model.SourcePage, Licence: model.LicenceLink, Paused: true},
		{URL: "https://ostmere.example/map.xml", Kind: model.SourceSitemap, Outlet: "Остмере сегодня"},
	}
	for i := range sources {
		if err := sources[i].Validate(); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := WriteOPML(&b, sources); err != nil {
		t.Fatal(err)
	}
	got, err := ReadOPML(&b)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(sources, got); d != "" {
		t.Error(d)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteOPMLFails(t *testing.T) {
	if err := WriteOPML(brokenWriter{}, nil); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("WriteOPML = %v", err)
	}
}

func FuzzOPML(f *testing.F) {
	f.Add([]byte(`<opml><body><outline text="x" xmlUrl="https://a.example/"/></body></opml>`))
	f.Add([]byte(`<outline xmlUrl='feed://a.example' crosscheck:kind="page" title="&lt;b&gt;"`))
	f.Fuzz(func(t *testing.T, file []byte) {
		sources, err := ReadOPML(bytes.NewReader(file))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := WriteOPML(&b, sources); err != nil {
			t.Fatal(err)
		}
		again, err := ReadOPML(&b)
		if err != nil {
			t.Fatalf("written and not read: %v", err)
		}
		if d := cmp.Diff(sources, again); d != "" {
			t.Error(d)
		}
	})
}
