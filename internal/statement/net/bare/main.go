// Command bare prints what the network alone proposes, a JSON line a file in the
// form of "crosscheck read --plain --json", so that both can be scored side by
// side:
//
//	go run ./internal/statement/net/bare FILE…
//
// Contents keep the network's form: with quotation marks and "that".
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"crosscheck/internal/statement/net"
	"crosscheck/internal/text"
)

type statement struct {
	Content []*[2]int `json:"content"`
	Cue     *[2]int   `json:"cue"`
	Mention *[2]int   `json:"mention"`
	Speaker string    `json:"speaker"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bare:", err)
		os.Exit(1)
	}
}

func run(files []string) error {
	n, err := net.Load()
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		id := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		if err := out.Encode(map[string]any{"id": id, "statements": propose(n, string(b))}); err != nil {
			return err
		}
	}
	return nil
}

func propose(n *net.Net, body string) []statement {
	d, points := text.Parse(body), text.RuneOffsets(body)
	pair := func(r text.Range) *[2]int {
		if r.Len() == 0 {
			return nil
		}
		s := d.Span(r)
		return &[2]int{points.Rune(s.Start), points.Rune(s.End)}
	}
	list := []statement{}
	for _, a := range n.Propose(d) {
		if len(a.Content) == 0 {
			continue
		}
		s := statement{Cue: pair(a.Cue.Range), Mention: pair(a.Source.Range), Speaker: "-"}
		for _, c := range a.Content {
			s.Content = append(s.Content, pair(c.Range))
		}
		list = append(list, s)
	}
	return list
}
