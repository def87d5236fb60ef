package article

import (
	"encoding/json"
	"html"
	"strings"
)

// ldNode is one JSON-LD object.
type ldNode map[string]any

// parseLD reads a JSON-LD script and lists its objects, those of graphs and
// lists included. Text that is not JSON gives none.
func parseLD(s string) []ldNode {
	if len(s) > 1<<20 {
		return nil
	}
	s = strings.TrimSpace(s)
	for _, p := range [...]string{"<!--", "//<![CDATA[", "<![CDATA["} {
		s = strings.TrimPrefix(s, p)
	}
	for _, p := range [...]string{"-->", "//]]>", "]]>", ";"} {
		s = strings.TrimSuffix(strings.TrimSpace(s), p)
	}
	var v any
	if json.Unmarshal([]byte(s), &v) != nil && json.Unmarshal([]byte(mendJSON(s)), &v) != nil {
		return nil
	}
	return ldNodes(v, 0)
}

func ldNodes(v any, depth int) []ldNode {
	if depth > 4 {
		return nil
	}
	var out []ldNode
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			out = append(out, ldNodes(e, depth+1)...)
		}
	case map[string]any:
		out = append(out, v)
		for _, key := range [...]string{"@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemReviewed"} {
			if e, ok := v[key]; ok {
				out = append(out, ldNodes(e, depth+1)...)
			}
		}
	}
	return out
}

// mendJSON writes raw control characters inside strings as blanks and drops
// commas before a closing bracket, the two common faults.
func mendJSON(s string) string {
	var b strings.Builder
	quoted, escaped := false, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c < 0x20:
			c = ' '
			escaped = false
		case escaped:
			escaped = false
		case c == '\\' && quoted:
			escaped = true
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			if rest := strings.TrimLeft(s[i+1:], " \t\r\n"); rest != "" && (rest[0] == '}' || rest[0] == ']') {
				continue
			}
		}
		b.WriteByte(c)
	}
	return b.String()
}

// is reports whether the object's type ends in one of the names.
func (n ldNode) is(names ...string) bool {
	for _, t := range ldStrings(n["@type"]) {
		for _, name := range names {
			if strings.HasSuffix(t, name) {
				return true
			}
		}
	}
	return false
}

// str returns the plain text of a property: the string itself, the name of an
// object, or the first of a list.
func (n ldNode) str(keys ...string) string {
	for _, key := range keys {
		for _, s := range ldStrings(n[key]) {
			if s = cleanLD(s); s != "" {
				return s
			}
		}
	}
	return ""
}

// ldStrings lists the texts a value holds.
func ldStrings(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, e := range v {
			out = append(out, ldStrings(e)...)
			if len(out) > 100 {
				break
			}
		}
		return out
	case map[string]any:
		for _, key := range [...]string{"name", "@value", "url", "@id"} {
			if s, ok := v[key].(string); ok && s != "" {
				return []string{s}
			}
			if l, ok := v[key].([]any); ok {
				return ldStrings(l)
			}
		}
	}
	return nil
}

// cleanLD undoes the entities that some publishers leave in JSON.
func cleanLD(s string) string {
	if strings.Contains(s, "&") {
		s = html.UnescapeString(html.UnescapeString(s))
	}
	return squeeze(s)
}

// articleTypes are the types of JSON-LD object that describe the page's
// article.
var articleTypes = []string{"Article", "NewsArticle", "BlogPosting", "Report", "Review", "LiveBlogPosting", "MedicalWebPage", "HowTo", "Recipe", "TechArticle", "OpinionNewsArticle"}

// article returns the JSON-LD object that describes the article, or nil.
func (f *facts) article() ldNode {
	for _, n := range f.ld {
		if n.is(articleTypes...) && (n.str("headline", "name") != "" || n["datePublished"] != nil || n["author"] != nil) {
			return n
		}
	}
	return nil
}
