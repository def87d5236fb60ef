package collect

import (
	"bytes"
	stdjson "encoding/json"
	"fmt"
	"strings"

	"github.com/mmcdole/gofeed/json"

	"crosscheck/internal/model"
)

// parseJSONFeed reads a JSON Feed with gofeed, and a broken one item by item.
func parseJSONFeed(body []byte, address string) (*document, error) {
	if f, err := (&json.Parser{}).Parse(bytes.NewReader(body)); err == nil {
		if len(f.Items) > 0 || strings.Contains(f.Version, "jsonfeed.org") {
			return fromJSON(f), nil
		}
		return nil, model.Errorf(model.ErrInvalid, "%s: is JSON, but no JSON Feed", address)
	}
	d := scanJSONFeed(body)
	if len(d.entries) == 0 {
		return nil, model.Errorf(model.ErrInvalid, "%s: is broken JSON; no item could be read", address)
	}
	d.broken = true
	d.notes = []string{fmt.Sprintf("is broken JSON; %s could be read", count(len(d.entries), "item"))}
	return d, nil
}

// scanJSONFeed reads items until the first that cannot be.
func scanJSONFeed(body []byte) *document {
	at := bytes.Index(body, []byte(`"items"`))
	if at < 0 {
		return &document{}
	}
	dec := stdjson.NewDecoder(bytes.NewReader(bytes.TrimLeft(body[at+len(`"items"`):], ": \t\r\n")))
	if t, err := dec.Token(); err != nil || t != stdjson.Delim('[') {
		return &document{}
	}
	var f json.Feed
	for dec.More() {
		it := new(json.Item)
		if err := dec.Decode(it); err != nil {
			break
		}
		f.Items = append(f.Items, it)
	}
	return fromJSON(&f)
}
