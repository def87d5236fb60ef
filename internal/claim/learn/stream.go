package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"crosscheck/internal/model"
)

var marked = regexp.MustCompile(`^(c[0-9]+|x) ([-+?!q])$`)

var signs = map[string]model.Stance{
	"+": model.StanceAsserts, "-": model.StanceDenies, "?": model.StanceDoubts, "!": model.StanceDemands, "q": model.StanceAsks,
}

// readStream reads the form of testdata/streams.
func readStream(path, text string) ([]statement, error) {
	var out []statement
	var article, title string
	var at time.Time
	articles, alone := 0, 0
	name := strings.TrimSuffix(filepath.Base(path), ".txt")
	for i, line := range strings.Split(text, "\n") {
		fault := func(what string) error { return fmt.Errorf("%s:%d: %s", path, i+1, what) }
		switch line = strings.TrimSpace(line); {
		case line == "" || line[0] == '#' || strings.HasPrefix(line, "= "):
			continue
		case strings.HasPrefix(line, "@ "):
			f := strings.SplitN(line[2:], " | ", 3)
			var err error
			if at, err = time.Parse("2006-01-02T15:04", f[0]); err != nil || len(f) != 3 {
				return nil, fault("no time, outlet and title of an article")
			}
			articles++
			article, title = fmt.Sprintf("%s-%d", name, articles), f[2]
			continue
		}
		f := strings.SplitN(line, " | ", 4)
		if len(f) != 4 {
			return nil, fault("no speaker, stance, claim and content")
		}
		m := marked.FindStringSubmatch(f[2])
		if m == nil {
			return nil, fault("no claim and attitude: " + f[2])
		}
		if m[1] == "x" {
			alone++
			m[1] = fmt.Sprint("x", alone)
		}
		stance, attitude := model.Stance(f[1]), signs[m[2]]
		if attitude == model.StanceAsserts && stance == model.StanceConfirms {
			attitude = stance
		}
		out = append(out, statement{
			ID: fmt.Sprintf("%s-%d", name, len(out)), Article: article, Title: title, Published: at, Speaker: f[0], Stance: stance,
			Content: f[3], Claim: name + m[1], Attitude: attitude,
		})
	}
	return out, nil
}
