package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// sameWords of a statement standing in another of its article, or more, mean
// that they may be one claim: one reports the other, or repeats it.
const sameWords = 0.7

// background reads a folder of articles whose statements are known
// (internal/statement/testdata/gold) as a stream in which every statement is a
// claim of its own: what most of the statements of a day's news are. Those that
// may repeat another of their article are left out.
func background(dir string) ([]statement, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	var out []statement
	for _, f := range files {
		list, err := article(strings.TrimSuffix(f, ".json"))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		out = append(out, list...)
	}
	slices.SortStableFunc(out, func(a, b statement) int {
		return cmp.Or(a.Published.Compare(b.Published), cmp.Compare(a.Article, b.Article))
	})
	return out, nil
}

// article reads NAME.json and NAME.txt.
func article(name string) ([]statement, error) {
	var gold struct {
		Published  time.Time
		Statements []struct {
			Content [][2]int // code points
			Speaker string
			Stance  model.Stance
		}
	}
	b, err := os.ReadFile(name + ".json")
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &gold); err != nil {
		return nil, err
	}
	if b, err = os.ReadFile(name + ".txt"); err != nil {
		return nil, err
	}
	runes := []rune(string(b))
	title, _, _ := strings.Cut(string(b), "\n")
	var out []statement
	for i, g := range gold.Statements {
		parts := make([]string, len(g.Content))
		for j, span := range g.Content {
			parts[j] = string(runes[span[0]:span[1]])
		}
		s := statement{
			ID: fmt.Sprint(filepath.Base(name), "-", i+1), Article: filepath.Base(name), Title: title, Published: gold.Published,
			Speaker: g.Speaker, Stance: g.Stance, Content: strings.Join(parts, " … "),
		}
		s.Claim = s.ID
		if !slices.ContainsFunc(out, func(o statement) bool { return alike(s.Content, o.Content) }) {
			out = append(out, s)
		}
	}
	return out, nil
}

// alike reports whether most words of one text stand in the other.
func alike(a, b string) bool {
	x, y := text.Words(a), text.Words(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	n := 0
	for _, w := range x {
		if slices.Contains(y, w) {
			n++
		}
	}
	return float64(n) >= sameWords*float64(len(x))
}
