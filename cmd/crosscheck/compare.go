package main

import (
	"bufio"
	"encoding/json"
	"fmt"

	"crosscheck/internal/app"
)

type compareCmd struct {
	Online bool   `help:"Print each answer as it stood when the statement came in, instead of all at the end."`
	Whole  bool   `help:"The statements are all those of whole articles, most of them about nothing in dispute: join them as the service does."`
	Input  string `arg:"" optional:"" default:"-" help:"File of JSON lines, or - for standard input."`
}

// Help is printed below the flags.
func (compareCmd) Help() string {
	return `Reads {"id","article","title","published","outlet","speaker","speaker_type","stance","content"}, one a line, in the
order the statements would arrive; writes {"id","claim","stance"}, stance being the attitude to the claim's proposition.
A line that cannot be read is reported and left out; the exit status is 1 then.

Example:
  crosscheck compare < statements.jsonl > claims.jsonl`
}

// Run compares the statements of the input.
func (c compareCmd) Run(e *env) error {
	cmp := app.NewComparing(c.Whole)
	out := bufio.NewWriter(e.stdout)
	enc := json.NewEncoder(out)
	lines, bad := 0, 0
	err := eachLine(e, c.Input, func(n int, line []byte) error {
		lines++
		var s app.CompareInput
		err := json.Unmarshal(line, &s)
		if err == nil && s.ID == "" {
			err = fmt.Errorf(`"id" is missing`)
		}
		if err != nil {
			bad++
			fmt.Fprintf(e.stderr, "crosscheck: line %d: %v\n", n, err)
			return nil
		}
		answer := cmp.Add(s)
		if c.Online {
			return enc.Encode(answer)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !c.Online {
		for _, answer := range cmp.Answers() {
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
