package web

import (
	"fmt"
	"testing"

	"crosscheck/internal/model"
)

func TestCopyTree(t *testing.T) {
	copy := func(id, from string) model.Article { return model.Article{ID: id, CopyOf: "origin", CopyFrom: from} }
	var shape func([]repeat) string
	shape = func(list []repeat) string {
		out := ""
		for _, r := range list {
			out += fmt.Sprintf("(%s%s)", r.ID, shape(r.Repeated))
		}
		return out
	}
	for _, c := range []struct {
		want string
		list []model.Article
	}{
		{"", nil},
		{"(a(c(d)))(b)", []model.Article{copy("a", "origin"), copy("b", "origin"), copy("c", "a"), copy("d", "c")}},
		{"(a)(b)", []model.Article{copy("a", "b"), copy("b", "")}}, // taken from a later one: not to be believed
		{"(a)", []model.Article{copy("a", "a")}},
	} {
		if got := shape(copyTree(c.list)); got != c.want {
			t.Errorf("copyTree(%v) = %s, want %s", c.list, got, c.want)
		}
	}
}
