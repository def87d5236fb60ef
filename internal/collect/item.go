package collect

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"crosscheck/internal/model"
)

// The caps on what a listing can make us keep.
const (
	maxItems   = 500
	maxTitle   = 1 << 10
	maxByline  = 512
	maxGUID    = 2 << 10
	maxURL     = 4 << 10
	maxSummary = 64 << 10
	maxContent = 1 << 20
)

// futureAfter is how far ahead of our clock a date may lie before it is
// flagged: clocks differ.
const futureAfter = time.Hour

// entry is an item as a listing gives it.
type entry struct {
	link      string
	guid      string
	permalink bool // the guid may serve as the link
	title     string
	byline    string
	published string
	updated   string
	summary   string
	content   string
}

// itemise turns entries into items; base is what relative links start from.
func itemise(entries []entry, base *url.URL, j job) (items []model.Item, notes []string) {
	unlinked := 0
	for _, e := range entries {
		it, ok := e.item(base, j)
		if !ok {
			unlinked++
			continue
		}
		items = append(items, it)
	}
	if unlinked > 0 {
		notes = append(notes, fmt.Sprintf("%s skipped: no link to an article", count(unlinked, "item")))
	}
	return items, notes
}

func (e entry) item(base *url.URL, j job) (model.Item, bool) {
	link := resolve(base, e.link)
	if link == "" && e.permalink {
		link = resolve(nil, e.guid)
	}
	if link == "" {
		return model.Item{}, false
	}
	it := model.Item{
		Key: model.URLKey(link), Source: j.src.ID, URL: link, GUID: cut(strings.TrimSpace(e.guid), maxGUID),
		Title: cut(plain(e.title), maxTitle), Byline: cut(plain(e.byline), maxByline),
		Summary: cut(strings.TrimSpace(e.summary), maxSummary), Content: cut(strings.TrimSpace(e.content), maxContent),
		Seen: j.now,
	}
	it.ID = model.ID("item", it.Key)
	it.Published, _ = ParseDate(e.published)
	it.Updated, _ = ParseDate(e.updated)
	it.Future = it.Published.Sub(j.now) > futureAfter
	return it, true
}

// resolve makes a link absolute and returns "" unless it is then an http or
// https address. A nil base accepts absolute links only.
func resolve(base *url.URL, link string) string {
	link = strings.Map(dropSpace, strings.TrimSpace(link))
	if link == "" || len(link) > maxURL {
		return ""
	}
	if strings.HasPrefix(strings.ToLower(link), "www.") {
		link = "//" + link
	}
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	u.User = nil
	return u.String()
}

// dropSpace removes the line breaks and tabs feeds put into long addresses.
func dropSpace(r rune) rune {
	if unicode.IsControl(r) {
		return -1
	}
	return r
}

// limit folds items of one key, puts the newest first where all are dated, and
// keeps the first 500.
func limit(items []model.Item) (kept []model.Item, notes []string) {
	seen := make(map[string]bool, len(items))
	dated := true
	for _, it := range items {
		if seen[it.Key] {
			continue
		}
		seen[it.Key] = true
		dated = dated && !when(it).IsZero()
		kept = append(kept, it)
	}
	if dated {
		slices.SortStableFunc(kept, func(a, b model.Item) int { return when(b).Compare(when(a)) })
	}
	if n := len(kept); n > maxItems {
		kept = kept[:maxItems]
		notes = append(notes, fmt.Sprintf("lists %d items; the newest %d were taken", n, maxItems))
	}
	return kept, notes
}

// when is the date an item is ordered by.
func when(it model.Item) time.Time {
	if it.Published.IsZero() {
		return it.Updated
	}
	return it.Published
}

// markup is a tag; "5 < 6" holds none.
var markup = regexp.MustCompile(`</?[a-zA-Z][^<>]*>|<!--.*?-->`)

// plain is the text of a title or a name that may hold markup and entities,
// on one line.
func plain(s string) string {
	if strings.ContainsAny(s, "<&") {
		s = markup.ReplaceAllString(html.UnescapeString(markup.ReplaceAllString(s, "")), "")
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// cut shortens s to at most n bytes, between two characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// count is "1 item" or "5 items".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
