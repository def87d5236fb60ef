package web

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// situationFeeds are the feeds of a situation, for the head of its pages.
func situationFeeds(id string) []feedLink {
	home := "/situation/" + id
	return []feedLink{
		{"application/rss+xml", "This situation", home + "/feed.rss"},
		{"application/atom+xml", "This situation", home + "/feed.atom"},
		{"application/feed+json", "This situation", home + "/feed.json"},
	}
}

// situationFeed lists what happened in a situation last.
func (s *Server) situationFeed(r *http.Request) (feed, error) {
	facts, err := s.situationFacts(r)
	if err != nil {
		return feed{}, err
	}
	f := feed{
		Title: facts.Title, About: situationSummary(facts), Home: s.link(r, "/situation/"+facts.ID), Self: s.link(r, r.URL.EscapedPath()), Updated: facts.Latest,
	}
	if f.Updated.IsZero() { // nothing has happened in it yet
		f.Updated = facts.Changed
	}
	got, err := s.entries(r, facts.ID, model.EntryQuery{Limit: feedItems}, nil)
	for _, l := range got.list {
		f.Items = append(f.Items, feedItem{"entry:" + facts.ID + ":" + l.ID, l.headline(), s.link(r, l.Link()), l.summary(), l.known()})
	}
	return f, err
}

// situationSummary counts a situation.
func situationSummary(f *model.SituationFacts) string {
	parts := []string{
		countWord(f.Claims, "claim", "claims"), fmt.Sprintf("%d disputed", f.Disputed),
		countWord(f.Articles, "article", "articles") + " from " + countWord(f.Origins, "independent origin", "independent origins"),
	}
	if f.Reversals > 0 {
		parts = append(parts, countWord(f.Reversals, "reversal", "reversals"))
	}
	if f.Outages > 0 {
		parts = append(parts, countWord(f.Outages, "outage", "outages"))
	}
	return strings.Join(parts, ", ")
}

// headline is the entry in a line: who, and how they stand to it.
func (l line) headline() string {
	switch {
	case l.Measured():
		return "Measured: " + clip(200, l.Text)
	case l.Kind == model.EntryReversal:
		return fmt.Sprintf("%s changes sides: %s, before %s", clip(80, speakerName(l.Speaker)), stanceWord(l.Stance), stanceWord(l.Before))
	case l.OfArticle():
		return "Stated by the article: " + clip(200, l.Text)
	case l.Quoted():
		name := speakerName(l.Speaker)
		if name == "" {
			name = "Speaker not named"
		}
		return clip(80, name) + " " + stanceWord(l.Stance)
	}
	return l.Word() + ": " + clip(200, l.Text)
}

// summary is the words of the entry and where they stand.
func (l line) summary() string {
	if !l.Quoted() {
		return l.Text
	}
	text := "“" + clip(400, l.Text) + "”"
	if l.Outlet != "" {
		text += " " + l.Outlet
	}
	return text
}

// atom answers with a feed as Atom (RFC 4287).
func (s *Server) atom(f func(*http.Request) (feed, error)) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		out, err := f(r)
		if err != nil {
			return err
		}
		return s.sendAtom(w, r, out)
	}
}

type atomDoc struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	About   string      `xml:"subtitle"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Link    atomLink `xml:"link"`
	Content string   `xml:"content"`
}

func (s *Server) sendAtom(w http.ResponseWriter, r *http.Request, f feed) error {
	// Atom wants a time everywhere; what has none stands at the feed's.
	for i := range f.Items {
		if f.Updated.IsZero() || f.Updated.Before(f.Items[i].At) {
			f.Updated = f.Items[i].At
		}
	}
	if f.Updated.IsZero() {
		f.Updated = s.cfg.Now()
	}
	when := func(t time.Time) string {
		if t.IsZero() {
			t = f.Updated
		}
		return t.UTC().Format(time.RFC3339)
	}
	doc := atomDoc{
		ID: f.Home, Title: printable(f.Title), About: printable(f.About), Updated: when(f.Updated), Author: s.cfg.Title,
		Links: []atomLink{{"alternate", f.Home}, {"self", f.Self}},
	}
	for _, it := range f.Items {
		doc.Entries = append(doc.Entries, atomEntry{it.URL, printable(titleOr(it.Title)), when(it.At), atomLink{"alternate", it.URL}, printable(it.Summary)})
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(doc); err != nil {
		return fmt.Errorf("web: write Atom: %w", err)
	}
	s.send(w, r, http.StatusOK, "application/atom+xml; charset=utf-8", b.Bytes())
	return nil
}

// liveBlog describes the page to search engines (schema.org LiveBlogPosting).
// It says only what the page says.
type liveBlog struct {
	Context  string     `json:"@context"`
	Type     string     `json:"@type"`
	ID       string     `json:"@id,omitempty"`
	URL      string     `json:"url,omitempty"`
	Headline string     `json:"headline"`
	About    string     `json:"description"`
	Start    string     `json:"coverageStartTime,omitempty"`
	End      string     `json:"coverageEndTime,omitempty"`
	Modified string     `json:"dateModified,omitempty"`
	Updates  []blogPost `json:"liveBlogUpdate"`
}

type blogPost struct {
	Type     string `json:"@type"`
	Headline string `json:"headline"`
	Date     string `json:"datePublished"`
	URL      string `json:"url"`
	Body     string `json:"articleBody"`
}

// blogPosts bounds the entries the description has.
const blogPosts = 12

// liveBlog is the description of a situation's page, as JSON; nil where there
// is nothing to report yet.
func (s *Server) liveBlog(r *http.Request, d *situationData) (template.JS, error) {
	when := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339)
	}
	if len(d.turns.list) == 0 {
		return "", nil
	}
	b := liveBlog{
		Context: "https://schema.org", Type: "LiveBlogPosting", Headline: d.Title, About: situationSummary(&d.SituationFacts),
		Start: when(d.From), End: when(d.Until), Modified: when(d.Latest), Updates: []blogPost{},
	}
	if d.From.IsZero() {
		b.Start = when(d.Created)
	}
	if s.cfg.BaseURL != "" {
		b.ID = s.cfg.BaseURL + "/situation/" + d.ID
		b.URL = b.ID
	}
	for _, l := range d.turns.list[:min(blogPosts, len(d.turns.list))] {
		b.Updates = append(b.Updates, blogPost{"BlogPosting", l.headline(), when(l.known()), s.link(r, l.Link()), l.summary()})
	}
	body, err := json.Marshal(b)
	if err != nil {
		return "", fmt.Errorf("web: describe situation %s: %w", d.ID, err)
	}
	return template.JS(body), nil // Marshal leaves no < in it
}
