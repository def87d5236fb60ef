package collect

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"testing"

	"crosscheck/internal/model"
)

func gz(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func sitemapOf(n int) string {
	var b strings.Builder
	b.WriteString(`<urlset>`)
	for i := range n {
		fmt.Fprintf(&b, "<url><loc>https://a.example/%d</loc><lastmod>2026-02-%02d</lastmod></url>", i, 1+i%28)
	}
	b.WriteString(`</urlset>`)
	return b.String()
}

func TestSitemapGzip(t *testing.T) {
	whole := gz(t, sitemapOf(20))
	for name, c := range map[string]struct {
		body  string
		items int
		note  string
		err   error
	}{
		"whole": {whole, 20, "", nil},
		"cut":   {whole[:len(whole)-20], -1, "is cut off", nil},
		"bomb":  {gz(t, sitemapOf(10)+strings.Repeat(" ", maxSitemap)), 10, "larger than 5 MiB", nil},
		"junk":  {"\x1f\x8bjunk", 0, "", model.ErrInvalid},
	} {
		res, err := pollText(t, model.SourceSitemap, c.body)
		if !errors.Is(err, c.err) || (c.items >= 0 && len(res.Items) != c.items) || !strings.Contains(strings.Join(res.Notes, " "), c.note) {
			t.Errorf("%s: %d items, notes %q, %v", name, len(res.Items), res.Notes, err)
		}
	}
}

// Of a large index the news and then the newest are read.
func TestSitemapIndexCap(t *testing.T) {
	const base = "https://aldwire.example/"
	w := web{}
	var index strings.Builder
	index.WriteString("<sitemapindex>")
	for i := range 10 {
		name := fmt.Sprintf("%smap%d.xml", base, i)
		if i == 0 {
			name = base + "news.xml"
		}
		fmt.Fprintf(&index, "<sitemap><loc>%s</loc><lastmod>2026-01-%02d</lastmod></sitemap>", name, i+1)
		w[name] = page(name, "text/xml", fmt.Sprintf("<urlset><url><loc>%sitem%d</loc></url></urlset>", base, i))
	}
	index.WriteString("</sitemapindex>")
	w[base+"index.xml"] = page(base+"index.xml", "text/xml", index.String())
	res, err := newCollector(w).Poll(t.Context(), source(t, model.SourceSitemap, base+"index.xml"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, it := range res.Items {
		got = append(got, strings.TrimPrefix(it.URL, base))
	}
	if want := "item0 item9 item8 item7 item6"; strings.Join(got, " ") != want {
		t.Errorf("items %q, want %q", got, want)
	}
	if want := "is an index of 10 sitemaps; the newest 5 were read"; len(res.Notes) != 1 || res.Notes[0] != want {
		t.Errorf("notes %q, want %q", res.Notes, want)
	}
}

// An index none of whose parts can be had is a failure.
func TestSitemapIndexFails(t *testing.T) {
	res, err := pollText(t, model.SourceSitemap, "<sitemapindex><sitemap><loc>https://aldwire.example/gone.xml</loc></sitemap></sitemapindex>")
	if !errors.Is(err, model.ErrNotFound) || res.State.Failures != 1 {
		t.Errorf("Poll = %+v, %v", res.State, err)
	}
}
