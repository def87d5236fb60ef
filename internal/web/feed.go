package web

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"

	"crosscheck/internal/model"
)

// feedItems bounds a feed.
const feedItems = 30

// feed is a list of entries, written as RSS or JSON Feed.
type feed struct {
	Title, About string
	Home, Self   string // addresses of the page and of the feed
	Items        []feedItem
	Updated      time.Time // when it last changed
}

type feedItem struct {
	ID, Title, URL, Summary string
	At                      time.Time
}

// rss and json answer with a feed that a function puts together.
func (s *Server) rss(f func(*http.Request) (feed, error)) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		out, err := f(r)
		if err != nil {
			return err
		}
		return s.sendRSS(w, r, out)
	}
}

func (s *Server) json(f func(*http.Request) (feed, error)) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		out, err := f(r)
		if err != nil {
			return err
		}
		return s.sendJSON(w, r, out)
	}
}

func (s *Server) frontFeed(r *http.Request) (feed, error) {
	f := feed{
		Title: s.cfg.Title + ": newest stories", About: "Who says what, in how many independent origins, and which articles are copies.",
		Home: s.link(r, "/"), Self: s.link(r, r.URL.EscapedPath()),
	}
	list, err := s.newest(r.Context(), r, feedItems, time.Time{})
	if err != nil {
		return f, err
	}
	for _, d := range list {
		f.Items = append(f.Items, feedItem{"story:" + d.ID, d.Title, s.link(r, "/story/"+d.ID), storySummary(d), d.Latest})
	}
	return f, nil
}

// storyFeed lists the origins of a story, newest first.
func (s *Server) storyFeed(r *http.Request) (feed, error) {
	d, err := s.storyDossier(r)
	if err != nil {
		return feed{}, err
	}
	f := feed{Title: titleOr(d.Title), About: storySummary(d), Home: s.link(r, "/story/"+d.ID), Self: s.link(r, r.URL.EscapedPath())}
	for i := len(d.Origins) - 1; i >= 0 && len(f.Items) < feedItems; i-- {
		o := d.Origins[i]
		sum := o.Outlet
		if n := len(o.Copies); n > 0 {
			sum += ", with " + countWord(n, "copy", "copies")
		}
		for _, c := range o.Stances {
			sum += fmt.Sprintf("; %s %d", stanceWord(c.Stance), c.N)
		}
		f.Items = append(f.Items, feedItem{"article:" + o.ID, o.Title, s.link(r, "/article/"+o.ID), sum, o.Dated()})
	}
	return f, nil
}

// claimFeed lists the positions on a claim, newest first.
func (s *Server) claimFeed(r *http.Request) (feed, error) {
	d, err := s.claimData(r.Context(), r, r.PathValue("id"))
	if err != nil {
		return feed{}, err
	}
	home := "/claim/" + d.row.ID
	f := feed{Title: "Claim: " + clip(120, d.row.Words), About: claimSummary(&d.row), Home: s.link(r, home), Self: s.link(r, r.URL.EscapedPath())}
	for i := len(d.row.Positions) - 1; i >= 0 && len(f.Items) < feedItems; i-- {
		p := d.row.Positions[i]
		first := p.Said[0]
		title := fmt.Sprintf("%s %s", speakerName(first.Speaker), p.Stance)
		if p.Reversal {
			title += " (reversal)"
		}
		f.Items = append(f.Items, feedItem{"position:" + first.ID, title, s.link(r, statementURL(first.Article, first.N)), "“" + clip(400, first.Text) + "” " + first.Outlet, p.Since})
	}
	return f, nil
}

// claimsFeed lists the newest disputed claims.
func (s *Server) claimsFeed(r *http.Request) (feed, error) {
	f := feed{
		Title: s.cfg.Title + ": disputed claims", About: "Claims that some uphold and some dispute, with independent support.",
		Home: s.link(r, "/claims"), Self: s.link(r, r.URL.EscapedPath()),
	}
	b, _, err := s.newestClaims(r, model.ClaimQuery{Disputed: true, Carried: true, Limit: feedItems})
	for i := range b.Rows {
		row := &b.Rows[i]
		f.Items = append(f.Items, feedItem{"claim:" + row.ID, clip(200, row.Words), s.link(r, "/claim/"+row.ID), claimSummary(row), row.Latest})
	}
	return f, err
}

// claimSummary says who stands where on a claim now.
func claimSummary(row *boardRow) string {
	parts := []string{countWord(row.Origins, "independent origin", "independent origins")}
	for _, c := range row.Cells {
		var names []string
		for _, h := range c.Holders {
			if !h.Former() {
				names = append(names, speakerName(h.Name()))
			}
		}
		if len(names) > 0 {
			parts = append(parts, string(c.Stance)+": "+strings.Join(names, ", "))
		}
	}
	if row.Reversals > 0 {
		parts = append(parts, countWord(row.Reversals, "reversal", "reversals"))
	}
	return strings.Join(parts, "; ")
}

// storySummary counts a story and quotes the latest words in it.
func storySummary(d *dossier) string {
	parts := []string{countWord(d.Articles, "article", "articles") + " from " + countWord(d.Story.Origins, "independent origin", "independent origins")}
	for _, x := range leadSayings(d.Sayings) {
		parts = append(parts, fmt.Sprintf("%s %s: “%s”", x.Speaker, stanceWord(x.Stance), clip(240, x.Text)))
	}
	return strings.Join(parts, ". ")
}

// link makes an address of this site absolute where the site knows its own, or
// the reader sits at this machine. Any other Host may be anybody's word.
func (s *Server) link(r *http.Request, path string) string {
	if s.cfg.BaseURL == "" && loopbackHost(r.Host) {
		return "http://" + r.Host + path
	}
	return s.cfg.BaseURL + path
}

type rssDoc struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	TTL         int       `xml:"ttl"`
	Items       []rssItem `xml:"item"`
}

type rssItem struct {
	Title       string  `xml:"title"`
	Link        string  `xml:"link"`
	GUID        rssGUID `xml:"guid"`
	PubDate     string  `xml:"pubDate,omitempty"`
	Description string  `xml:"description"`
}

type rssGUID struct {
	IsPermaLink bool   `xml:"isPermaLink,attr"`
	ID          string `xml:",chardata"`
}

func (s *Server) sendRSS(w http.ResponseWriter, r *http.Request, f feed) error {
	doc := rssDoc{Version: "2.0", Channel: rssChannel{Title: printable(f.Title), Link: f.Home, Description: printable(f.About), TTL: 5}}
	for _, it := range f.Items {
		x := rssItem{Title: printable(titleOr(it.Title)), Link: it.URL, GUID: rssGUID{ID: it.ID}, Description: printable(it.Summary)}
		if !it.At.IsZero() {
			x.PubDate = it.At.UTC().Format(time.RFC1123Z)
		}
		doc.Channel.Items = append(doc.Channel.Items, x)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(doc); err != nil {
		return fmt.Errorf("web: write RSS: %w", err)
	}
	s.send(w, r, http.StatusOK, "application/rss+xml; charset=utf-8", b.Bytes())
	return nil
}

// printable drops control characters, which XML cannot carry.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}

type jsonFeed struct {
	Version     string         `json:"version"`
	Title       string         `json:"title"`
	HomePageURL string         `json:"home_page_url"`
	FeedURL     string         `json:"feed_url"`
	Description string         `json:"description"`
	Items       []jsonFeedItem `json:"items"`
}

type jsonFeedItem struct {
	ID            string `json:"id"`
	URL           string `json:"url"`
	Title         string `json:"title"`
	ContentText   string `json:"content_text"`
	DatePublished string `json:"date_published,omitempty"`
}

func (s *Server) sendJSON(w http.ResponseWriter, r *http.Request, f feed) error {
	doc := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: f.Title, HomePageURL: f.Home, FeedURL: f.Self,
		Description: f.About, Items: []jsonFeedItem{},
	}
	for _, it := range f.Items {
		x := jsonFeedItem{ID: it.ID, URL: it.URL, Title: titleOr(it.Title), ContentText: it.Summary}
		if !it.At.IsZero() {
			x.DatePublished = it.At.UTC().Format(time.RFC3339)
		}
		doc.Items = append(doc.Items, x)
	}
	body, err := json.Marshal(doc)
	if err != nil {
		return fmt.Errorf("web: write JSON Feed: %w", err)
	}
	s.send(w, r, http.StatusOK, "application/feed+json; charset=utf-8", body)
	return nil
}
