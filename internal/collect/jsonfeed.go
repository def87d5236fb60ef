package collect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/mmcdole/gofeed"

	"crosscheck/internal/model"
)

// parseJSONFeed reads a JSON Feed with gofeed, and a broken one item by item.
func parseJSONFeed(body []byte, address string) (*document, error) {
	parser := gofeed.NewParser()
	parser.KeepOriginalFeed = true
	if feed, err := parser.Parse(bytes.NewReader(body)); err == nil {
		if len(feed.Items) > 0 || strings.Contains(feed.FeedVersion, "jsonfeed") || bytes.Contains(body, []byte("jsonfeed.org")) {
			return fromGofeed(feed), nil
		}
		return nil, model.Errorf(model.ErrInvalid, "%s: is JSON, but no JSON Feed", address)
	}
	d := scanJSONFeed(body)
	if len(d.entries) == 0 {
		return nil, model.Errorf(model.ErrInvalid, "%s: is broken JSON; no item could be read", address)
	}
	d.notes = []string{fmt.Sprintf("is broken JSON; %s could be read", count(len(d.entries), "item"))}
	return d, nil
}

// jsonItem holds what is read of an item of a broken JSON Feed.
type jsonItem struct {
	ID        any    `json:"id"`
	URL       string `json:"url"`
	Title     string `json:"title"`
	HTML      string `json:"content_html"`
	Text      string `json:"content_text"`
	Summary   string `json:"summary"`
	Published string `json:"date_published"`
	Modified  string `json:"date_modified"`
}

// scanJSONFeed reads items until the first that cannot be.
func scanJSONFeed(body []byte) *document {
	d := &document{}
	at := bytes.Index(body, []byte(`"items"`))
	if at < 0 {
		return d
	}
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimLeft(body[at+len(`"items"`):], ": \t\r\n")))
	if t, err := dec.Token(); err != nil || t != json.Delim('[') {
		return d
	}
	for dec.More() {
		var it jsonItem
		if err := dec.Decode(&it); err != nil {
			break
		}
		e := entry{
			link: it.URL, title: it.Title, published: it.Published, updated: it.Modified,
			summary: it.Summary, content: firstOf(it.HTML, asHTML(it.Text)), permalink: true,
		}
		if it.ID != nil {
			e.guid = fmt.Sprint(it.ID)
		}
		d.entries = append(d.entries, e)
	}
	return d
}
