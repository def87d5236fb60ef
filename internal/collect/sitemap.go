package collect

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"crosscheck/internal/fetch"
	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

const (
	acceptSitemap = "application/xml, text/xml, application/gzip, */*;q=0.1"
	maxParts      = 5       // sitemaps of one index read at a poll, newest first
	maxSitemap    = 5 << 20 // bytes of a sitemap after decompression; the rest is not read
)

// pollSitemap reads a news sitemap, or the newest parts of an index of them.
func pollSitemap(ctx context.Context, j job) (*listing, error) {
	res, err := j.ask(ctx, acceptSitemap, false)
	if err != nil {
		return nil, err
	}
	if res.NotModified {
		return &listing{res: res, unchanged: true}, nil
	}
	text, notes, err := sitemapText(res, j.src.URL)
	if err != nil {
		return nil, err
	}
	l := &listing{res: res, notes: notes, broken: len(notes) > 0}
	root, name := findRoot(text, sitemapRoot)
	if root < 0 {
		return nil, notASitemap(text, j.src.URL)
	}
	if strings.EqualFold(name, "sitemapindex") {
		return l, l.addParts(ctx, j, text[root:])
	}
	l.notes = append(l.notes, l.add(res, j, text[root:])...)
	return l, nil
}

// sitemapText is the text of a sitemap, unpacked.
func sitemapText(res *fetch.Response, address string) (string, []string, error) {
	body := res.Body
	var notes []string
	if bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		unpacked, err := gunzip(body)
		if len(unpacked) == 0 {
			return "", nil, model.Errorf(model.ErrInvalid, "%s: is a gzip file that cannot be unpacked: %w", address, err)
		}
		if err != nil {
			notes = append(notes, "is cut off or larger than 5 MiB; what was received has been read")
		}
		body = unpacked
	}
	body, _ = text.Decode(res.Capture.ContentType, body)
	return repair(string(body)), notes, nil
}

// gunzip unpacks up to maxSitemap bytes; with an error it returns what could
// be unpacked before it.
func gunzip(body []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(io.LimitReader(z, maxSitemap+1))
	if len(out) > maxSitemap {
		return out[:maxSitemap], model.ErrTooLarge
	}
	return out, err
}

// add takes the items of one sitemap and returns what is to be said of it.
func (l *listing) add(res *fetch.Response, j job, text string) (notes []string) {
	s := newScan(text)
	if !s.matched() {
		l.broken = true
		notes = append(notes, "is broken XML; what can be read was taken")
	}
	items, more := itemise(scanSitemap(s), baseOf(res, j), j)
	l.items = append(l.items, items...)
	if len(items) == 0 {
		more = append(more, "lists no items")
	}
	return append(notes, more...)
}

// part is one sitemap an index names.
type part struct{ url, lastmod string }

// addParts reads the newest sitemaps of an index. One that fails is noted; if
// none can be read, the poll fails.
func (l *listing) addParts(ctx context.Context, j job, text string) error {
	parts := scanIndex(newScan(text))
	if len(parts) > maxParts {
		l.notes = append(l.notes, fmt.Sprintf("is an index of %d sitemaps; the newest %d were read", len(parts), maxParts))
		parts = parts[:maxParts]
	}
	var failed error
	read := 0
	for _, p := range parts {
		err := l.addPart(ctx, j, p)
		if ctx.Err() != nil {
			return err
		}
		if err != nil {
			failed, l.broken = err, true
			l.notes = append(l.notes, err.Error())
			continue
		}
		read++
	}
	if read == 0 && failed != nil {
		return failed
	}
	return nil
}

func (l *listing) addPart(ctx context.Context, j job, p part) error {
	address := resolve(baseOf(l.res, j), p.url)
	if address == "" {
		return model.Errorf(model.ErrInvalid, "%s: names a sitemap %q, which is no address", j.src.URL, cut(p.url, 200))
	}
	res, err := j.get.Get(ctx, fetch.Request{URL: address, Accept: acceptSitemap})
	if err != nil {
		return err
	}
	text, notes, err := sitemapText(res, address)
	if err != nil {
		return err
	}
	root, name := findRoot(text, sitemapRoot)
	switch {
	case root < 0:
		return notASitemap(text, address)
	case strings.EqualFold(name, "sitemapindex"):
		return model.Errorf(model.ErrInvalid, "%s: is an index inside an index, which is not followed", address)
	}
	l.broken = l.broken || len(notes) > 0
	for _, note := range append(notes, l.add(res, j, text[root:])...) {
		l.notes = append(l.notes, address+": "+note)
	}
	return nil
}

// notASitemap says what a document is that was taken for a sitemap.
func notASitemap(text, address string) error {
	if at, _ := findRoot(text, feedRoot); at >= 0 {
		return model.Errorf(model.ErrInvalid, "%s: is a feed, not a sitemap; add it with the kind feed", address)
	}
	return notA("sitemap", text, address)
}

// scanSitemap takes the entries of a sitemap, whole or broken.
func scanSitemap(s *scan) []entry {
	var entries []entry
	s.each("url", func(i, end int) {
		entries = append(entries, entry{
			link: s.within("loc", i, end), title: s.within("news:title", i, end),
			published: s.within("news:publication_date", i, end), updated: s.within("lastmod", i, end),
		})
	})
	return entries
}

// scanIndex takes the sitemaps an index names, those for news first and then
// the newest.
func scanIndex(s *scan) []part {
	var parts []part
	s.each("sitemap", func(i, end int) {
		if p := (part{url: s.within("loc", i, end), lastmod: s.within("lastmod", i, end)}); p.url != "" {
			parts = append(parts, p)
		}
	})
	slices.SortStableFunc(parts, func(a, b part) int {
		at, _ := ParseDate(a.lastmod)
		bt, _ := ParseDate(b.lastmod)
		return cmp.Or(cmp.Compare(isNews(b.url), isNews(a.url)), bt.Compare(at))
	})
	return parts
}

func isNews(address string) int {
	if strings.Contains(strings.ToLower(address), "news") {
		return 1
	}
	return 0
}

// each calls fn with the bounds of every element of the local name.
func (s *scan) each(local string, fn func(i, end int)) {
	for i := 0; i < len(s.tokens); {
		if t := s.tokens[i]; t.kind != startTag || localName(t.name) != local {
			i++
			continue
		}
		end := s.blockEnd(i)
		fn(i, end)
		i = max(end, i+1)
	}
}

// within is the text of the first element of the name between two tokens. An
// unprefixed name stands for itself under any prefix but that of images and
// videos, which have dates and titles of their own.
func (s *scan) within(name string, i, end int) string {
	for k := i + 1; k < end; k++ {
		t := s.tokens[k]
		if t.kind != startTag || t.name != name && (localName(t.name) != name || isMedia(t.name)) {
			continue
		}
		if close := s.endOf(t.name, k, end); close >= 0 {
			return s.value(k, close)
		}
	}
	return ""
}

func localName(name string) string { return name[strings.IndexByte(name, ':')+1:] }

func isMedia(name string) bool {
	return strings.HasPrefix(name, "image:") || strings.HasPrefix(name, "video:")
}
