package demo

import (
	"strings"
	"time"
)

// article is what an outlet publishes at one path, in its versions.
type article struct {
	outlet   *outlet
	path     string
	script   string // the archive it stands in
	versions []version
}

// version is an article as it stands from a time on.
type version struct {
	At         time.Time
	Headline   string
	Standfirst string
	Byline     string
	Section    string
	Caption    string
	Photo      string // the picture's credit
	About      string // about the author
	Credit     string // a line on whose text it is
	SourceURL  string // target of a “Source link”
	Comments   []comment
	Blocks     []Block
}

// comment is a reader's comment below an article.
type comment struct{ Name, Text string }

// Block is a paragraph of an article, or a heading between paragraphs.
type Block struct {
	Heading bool
	Text    string
}

// entry is an article as it stands at some time.
type entry struct {
	version
	URL       string
	Path      string
	Published time.Time
	Modified  time.Time // of the version; equal to Published for the first
}

// Edited says whether the article has changed since it was published.
func (e entry) Edited() bool { return e.Modified.After(e.Published) }

// Summary is the beginning of the article, as feeds carry it.
func (e entry) Summary() string {
	if e.Standfirst != "" {
		return e.Standfirst
	}
	for _, b := range e.Blocks {
		if !b.Heading {
			return b.Text
		}
	}
	return ""
}

// HTML is the text as a feed carries it.
func (e entry) HTML() string {
	var b strings.Builder
	for _, bl := range e.Blocks {
		tag := "p"
		if bl.Heading {
			tag = "h3"
		}
		b.WriteString("<" + tag + ">" + escape.Replace(bl.Text) + "</" + tag + ">\n")
	}
	return b.String()
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// at returns the article as it stands at a time, false before its publication.
func (a *article) at(now time.Time) (entry, bool) {
	n := 0
	for n < len(a.versions) && !a.versions[n].At.After(now) {
		n++
	}
	if n == 0 {
		return entry{}, false
	}
	return entry{
		version: a.versions[n-1], Path: a.path, URL: scheme + a.outlet.Host + a.path,
		Published: a.versions[0].At, Modified: a.versions[n-1].At,
	}, true
}
