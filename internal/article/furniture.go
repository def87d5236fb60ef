package article

import "strings"

// isFurnitureLine reports whether a line is a template's, whatever the page:
// share bars, reply forms, plugin messages, labels.
func isFurnitureLine(s string) bool {
	if len(s) > 200 {
		return false
	}
	l := strings.ToLower(strings.Trim(s, " .:»›→>-–—\u00a0"))
	if furnitureLines[l] {
		return true
	}
	for _, p := range furniturePrefixes {
		if strings.HasPrefix(l, p) {
			return true
		}
	}
	return strings.Contains(l, "app key not set")
}

var furnitureLines = map[string]bool{
	"advertisement": true, "advertising": true, "source link": true, "read more": true, "share": true, "share this": true, "share this article": true,
	"related": true, "related articles": true, "comments": true, "print": true, "email": true, "facebook": true, "twitter": true,
	"leave a reply": true, "leave a comment": true, "story continues below advertisement": true, "article continues below advertisement": true,
}

var furniturePrefixes = []string{"your email address will not be published", "leave a reply", "sign up for our ", "subscribe to our newsletter", "read more:", "read also:", "also read:", "related:", "see also:"}
