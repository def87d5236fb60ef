package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"crosscheck/internal/app"
)

type groupCmd struct {
	Online bool   `help:"Print each answer as it stood when the article came in, instead of all at the end."`
	Input  string `arg:"" optional:"" default:"-" help:"File of JSON lines, or - for standard input."`
}

// Help is printed below the flags.
func (groupCmd) Help() string {
	return `Reads {"id","title","text","published","url","outlet"}, one a line, in the order the articles would arrive;
writes {"id","story","copy_of"}. A line that cannot be read is reported and left out; the exit status is 1 then.

Example:
  crosscheck group < articles.jsonl > stories.jsonl`
}

// maxLine bounds one JSON line, bytes.
const maxLine = 16 << 20

// Run groups the articles of the input.
func (c groupCmd) Run(e *env) error {
	g := app.NewGrouping()
	out := bufio.NewWriter(e.stdout)
	enc := json.NewEncoder(out)
	lines, bad := 0, 0
	err := eachLine(e, c.Input, func(n int, line []byte) error {
		lines++
		var a app.GroupInput
		err := json.Unmarshal(line, &a)
		if err == nil && a.ID == "" {
			err = errors.New(`"id" is missing`)
		}
		if err != nil {
			bad++
			fmt.Fprintf(e.stderr, "crosscheck: line %d: %v\n", n, err)
			return nil
		}
		answer := g.Add(a)
		if c.Online {
			return enc.Encode(answer)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !c.Online {
		for _, answer := range g.Answers() {
			if err := enc.Encode(answer); err != nil {
				return err
			}
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d lines could not be read", bad, lines)
	}
	return nil
}

// eachLine calls fn for each line of the input that is not blank, numbered
// from 1.
func eachLine(e *env, input string, fn func(n int, line []byte) error) error {
	var r io.Reader = e.stdin
	if input != "-" {
		body, err := readFile(input)
		if err != nil {
			return err
		}
		r = bytes.NewReader(body)
	}
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxLine)
	n := 0
	for s.Scan() {
		n++
		if len(s.Bytes()) == 0 {
			continue
		}
		if err := fn(n, s.Bytes()); err != nil {
			return err
		}
	}
	if err := s.Err(); err != nil {
		return fmt.Errorf("line %d: %w", n+1, err)
	}
	return nil
}
