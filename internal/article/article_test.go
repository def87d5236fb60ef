package article

import (
	"testing"
	"time"

	"crosscheck/internal/model"
)

func TestPlainKeepsEveryByte(t *testing.T) {
	const text = "  Leave a Reply\r\n\r\n\tShare\u00a0this \n"
	a := Plain(text, Hints{URL: "https://example.org/a?utm_source=x"})
	if a.Text != text {
		t.Errorf("Plain changed the text: %q", a.Text)
	}
	if a.URL != "https://example.org/a" {
		t.Errorf("URL %q, want it without what only says how one came", a.URL)
	}
	if a.Key != "example.org/a" || a.ID != model.ID("article", a.Key) {
		t.Errorf("key %q, ID %q", a.Key, a.ID)
	}
}

func TestHintsAndKey(t *testing.T) {
	page := func(canonical string) []byte {
		return []byte(`<html><head><title>Ferry line closed</title><link rel="canonical" href="` + canonical + `"><meta property="og:site_name" content="Other">` +
			`<meta property="article:published_time" content="2024-03-05T12:00:00Z"></head><body><p>` + sentence + `</p></body></html>`)
	}
	now := time.Date(2024, 3, 5, 10, 0, 0, 0, time.UTC)
	h := Hints{URL: "https://www.courier.example/a?id=1", Outlet: "The Courier", Now: now}
	a, err := Read(page("https://courier.example/a"), h)
	if err != nil {
		t.Fatal(err)
	}
	if a.Key != "courier.example/a" || a.Outlet != "The Courier" || !a.Future || a.Origin.Name != "" {
		t.Errorf("own canonical: key %q, outlet %q, future %v, origin %v", a.Key, a.Outlet, a.Future, a.Origin)
	}
	if a, err = Read(page("https://mirror.example/b"), h); err != nil {
		t.Fatal(err)
	}
	if a.Key != "courier.example/a?id=1" || a.Origin.Name != "mirror.example" {
		t.Errorf("foreign canonical: key %q, origin %v", a.Key, a.Origin)
	}
}

func TestNames(t *testing.T) {
	r := &reading{}
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"By Lena Orth and Jonas Feld", []string{"Lena Orth", "Jonas Feld"}},
		{"Written by: Lena Orth, Ph.D.", []string{"Lena Orth"}},
		{"LENA ORTH | 5 March 2024", []string{"LENA ORTH"}},
		{"By Lena Orth Updated 5 March 2024", []string{"Lena Orth"}},
		{"admin", nil},
		{"https://example.org/lena", nil},
		{"5 March 2024", nil},
	} {
		got := r.names(c.in)
		if len(got) != len(c.want) {
			t.Errorf("names(%q) = %q, want %q", c.in, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("names(%q) = %q, want %q", c.in, got, c.want)
			}
		}
	}
}
