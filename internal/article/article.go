// Package article reads captures: it turns the bytes of a web page, of a
// feed's content or of a text dump into a model.Article. Reading is pure and
// safe for concurrent use.
package article

import (
	"bytes"
	"net/url"
	"strings"
	"time"

	"github.com/abadojack/whatlanggo"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// Hints are what is known about a capture besides its bytes. All are optional.
type Hints struct {
	URL         string      // where it was fetched
	ContentType string      // the Content-Type header
	Outlet      string      // wins over what the page says
	Item        *model.Item // the feed entry that led to it
	Now         time.Time   // for Article.Future; zero: not judged
}

// reading is one capture being read.
type reading struct {
	hints Hints
	tree  *tree
	facts *facts
	body  *bodyReader
	title string
	sites []string // names of the outlet, filled on first use
}

// Read reads a page, the content of a feed entry or a text dump of a page, told
// apart by content type and by looking. A page without article text is no
// error: its Readability says so. Bytes that are no text at all are
// model.ErrUnsupported, and no bytes are model.ErrInvalid.
func Read(body []byte, h Hints) (*model.Article, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, model.Errorf(model.ErrInvalid, "the page is empty: it has no bytes to read")
	}
	if err := refuse(body); err != nil {
		return nil, err
	}
	decoded, _ := text.Decode(h.ContentType, body)
	s := string(decoded)
	if !looksLikeHTML(s, h.ContentType) {
		return readDump(s, h), nil
	}
	return readPage(s, h)
}

// Plain takes finished text: nothing is filtered, and Text is the input byte
// for byte.
func Plain(s string, h Hints) *model.Article {
	a := &model.Article{Text: s}
	r := &reading{hints: h, facts: &facts{}}
	r.finish(a)
	return a
}

func readPage(s string, h Hints) (*model.Article, error) {
	doc, err := parseHTML(s)
	if err != nil {
		return nil, model.Errorf(model.ErrInvalid, "the page cannot be parsed: %w", err)
	}
	r := &reading{hints: h, tree: flatten(doc)}
	r.tree.markAll()
	r.facts = gather(r.tree, h)
	r.title = r.headline()
	r.body = &bodyReader{t: r.tree, facts: r.facts, title: r.title, fragment: h.Item != nil && !strings.Contains(strings.ToLower(s[:min(len(s), 2048)]), "<html")}
	paras := r.body.paragraphs()
	a := &model.Article{Title: r.title, Bylines: r.bylines(), Outlet: r.outlet(), Image: r.image()}
	a.Text = strings.Join(dropBio(paras, a.Bylines), "\n\n")
	a.Published, a.PublishedFrom, a.Modified = r.dates()
	a.Canonical = r.facts.absolute(r.facts.canonical)
	r.complete(a)
	r.finish(a)
	a.Origin = r.origin(a)
	return a, nil
}

// image returns the address of the lead image.
func (r *reading) image() string {
	s := r.facts.get("og:image", "og:image:url", "twitter:image", "twitter:image:src", "image_src", "image")
	if n := r.facts.article(); s == "" && n != nil {
		s = n.str("image", "thumbnailUrl")
	}
	return r.facts.absolute(s)
}

// finish fills what follows from the rest.
func (r *reading) finish(a *model.Article) {
	h := r.hints
	a.URL = h.URL
	if it := h.Item; it != nil {
		a.Source = it.Source
		if a.Title == "" {
			a.Title = it.Title
		}
		if a.Published.IsZero() && !it.Published.IsZero() {
			a.Published, a.PublishedFrom = it.Published, model.DateFeed
		}
		if a.URL == "" {
			a.URL = it.URL
		}
		if len(a.Bylines) == 0 && it.Byline != "" {
			a.Bylines = r.names(it.Byline)
		}
	}
	a.URL = model.PlainURL(a.URL) // the capture keeps what was fetched
	if h.Outlet != "" {
		a.Outlet = h.Outlet
	}
	a.Key = key(a)
	a.ID = model.ID("article", a.Key)
	a.Language = language(r.facts.lang, a.Text)
	a.Future = !h.Now.IsZero() && a.Published.After(h.Now.Add(time.Hour))
	if a.Readability == "" {
		a.Readability = model.ReadOK
		if strings.TrimSpace(a.Text) == "" {
			a.Readability, a.Problem = model.ReadEmpty, "the page has no article text"
		}
	}
}

// key names the article: by its canonical address when that is on the page's
// own host, else by its address, and without one by its text.
func key(a *model.Article) string {
	u, err := url.Parse(a.URL)
	c, cerr := url.Parse(a.Canonical)
	switch {
	case err == nil && cerr == nil && u.Host != "" && bareHost(u) == bareHost(c):
		return model.URLKey(a.Canonical)
	case a.URL != "":
		return model.URLKey(a.URL)
	default:
		return model.HashOf([]byte(a.Text))
	}
}

func bareHost(u *url.URL) string { return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.") }

// language returns the primary tag of the language: what the page declares,
// else what its text looks like.
func language(declared, body string) string {
	tag, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(declared)), "-")
	tag, _, _ = strings.Cut(tag, "_")
	if len(tag) == 2 || len(tag) == 3 {
		return tag
	}
	if len(body) < 60 {
		return ""
	}
	if info := whatlanggo.Detect(body[:min(len(body), 4000)]); info.IsReliable() {
		return info.Lang.Iso6391()
	}
	return ""
}
