package article

import (
	"strings"

	"crosscheck/internal/model"
)

// readDump reads a text dump of a page.
func readDump(s string, h Hints) *model.Article {
	a := &model.Article{Text: strings.TrimSpace(s)}
	r := &reading{hints: h, facts: &facts{}}
	r.finish(a)
	return a
}
