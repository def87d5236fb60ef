package article

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// facts is what a page states about itself outside its running text.
type facts struct {
	meta      map[string][]string // values by lower-case name, property or itemprop
	ld        []ldNode            // JSON-LD objects, in document order
	base      *url.URL            // against which links are resolved, or nil
	canonical string
	lang      string
	title     string  // the title element
	h1        []int32 // headings of the first order
	times     []int32 // time elements and microdata dates
	authors   []int32 // elements marked as naming an author
}

// gather collects the facts in one pass.
func gather(t *tree, h Hints) *facts {
	f := &facts{meta: map[string][]string{}}
	f.base, _ = url.Parse(h.URL)
	for i := range t.nodes {
		nd := &t.nodes[i]
		if nd.n.Type == html.ElementNode {
			f.element(t, int32(i), nd)
		}
	}
	if f.base == nil || f.base.Host == "" {
		f.rebase(first(f.canonical, f.get("og:url")))
	}
	return f
}

func (f *facts) element(t *tree, i int32, nd *node) {
	switch nd.tag {
	case atom.Html:
		if f.lang == "" {
			f.lang = first(attr(nd.n, "lang"), attr(nd.n, "xml:lang"))
		}
	case atom.Base:
		f.rebase(attr(nd.n, "href"))
	case atom.Meta:
		f.metaElement(nd.n)
	case atom.Link:
		f.linkElement(nd.n)
	case atom.Title:
		if f.title == "" && t.body == 0 || i < t.body && f.title == "" {
			f.title = t.textOf(i)
		}
	case atom.Script:
		if strings.Contains(strings.ToLower(attr(nd.n, "type")), "ld+json") && nd.n.FirstChild != nil {
			f.ld = append(f.ld, parseLD(nd.n.FirstChild.Data)...)
		}
	case atom.H1:
		if len(f.h1) < 50 {
			f.h1 = append(f.h1, i)
		}
	case atom.Time:
		f.times = append(f.times, i)
	}
	f.microdata(t, i, nd)
}

// microdata notes what class, rel and itemprop say about dates and authors.
func (f *facts) microdata(t *tree, i int32, nd *node) {
	if i < t.body || nd.tag == atom.Meta {
		return
	}
	prop := attr(nd.n, "itemprop")
	if prop == "" && nd.marks&markByline == 0 && attr(nd.n, "rel") == "" {
		return
	}
	switch {
	case strings.HasPrefix(prop, "date"):
		f.times = append(f.times, i)
		f.addMeta(prop, first(attr(nd.n, "content"), attr(nd.n, "datetime"), t.textOf(i)))
	case prop == "author", strings.Contains(attr(nd.n, "rel"), "author"):
		f.authors = append(f.authors, i)
	case nd.marks&markByline != 0:
		f.authors = append(f.authors, i)
	}
}

func (f *facts) rebase(href string) {
	if u, err := url.Parse(strings.TrimSpace(href)); err == nil && href != "" {
		if f.base != nil {
			u = f.base.ResolveReference(u)
		}
		f.base = u
	}
}

func (f *facts) metaElement(n *html.Node) {
	content := strings.TrimSpace(attr(n, "content"))
	for _, key := range [...]string{"name", "property", "itemprop", "http-equiv"} {
		if name := attr(n, key); name != "" {
			f.addMeta(name, content)
		}
	}
}

func (f *facts) addMeta(name, content string) {
	if content != "" {
		name = strings.ToLower(strings.TrimSpace(name))
		f.meta[name] = append(f.meta[name], content)
	}
}

func (f *facts) linkElement(n *html.Node) {
	rel := strings.ToLower(attr(n, "rel"))
	if rel == "canonical" && f.canonical == "" {
		f.canonical = strings.TrimSpace(attr(n, "href"))
	}
	if rel == "image_src" {
		f.addMeta("image_src", attr(n, "href"))
	}
}

// get returns the first value stated under any of the names, in their order.
func (f *facts) get(names ...string) string {
	for _, name := range names {
		if v := f.meta[name]; len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

// absolute resolves a link of the page; "" when it is no web address.
func (f *facts) absolute(href string) string {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil || href == "" {
		return ""
	}
	if f.base != nil {
		u = f.base.ResolveReference(u)
	}
	if u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

func first(values ...string) string {
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			return v
		}
	}
	return ""
}
