package main

import (
	"bufio"
	"encoding/json"
	"fmt"

	"crosscheck/internal/app"
)

type judgeCmd struct {
	Review bool   `help:"Judge at the end of the input, all observations in the order of their own times; the answers are marked as reviewed."`
	Text   bool   `help:"Print sentences instead of JSON lines."`
	Input  string `arg:"" optional:"" default:"-" help:"File of JSON lines, or - for standard input."`
}

// Help is printed below the flags.
func (judgeCmd) Help() string {
	return `Reads observations, one a line, in the order they arrive:
  {"at","service","vantage","asn","country","valid","outcome","layer","failure","status","dns_ms","tcp_ms","tls_ms","ttfb_ms"}
and outside signals {"signal","service","at","ratio","stale_s"}; writes a line for each change of a service's state:
  {"at","service","state","onset","end","class","down","up","excluded","rule","report"}

Examples:
  crosscheck judge < observations.jsonl
  crosscheck judge --text --review yesterday.jsonl
A line that cannot be read is named on standard error; the others are still judged, and the exit status is 1.`
}

// Run judges the observations of the input.
func (c judgeCmd) Run(e *env) error {
	j := app.NewJudging(c.Review)
	out := bufio.NewWriter(e.stdout)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	print := func(answers []app.JudgeAnswer) error {
		for _, a := range answers {
			var err error
			if c.Text {
				_, err = fmt.Fprintf(out, "%s  %s\n", a.At.Format("2006-01-02 15:04:05"), a.Report)
			} else {
				err = enc.Encode(a)
			}
			if err != nil {
				return err
			}
		}
		if len(answers) == 0 {
			return nil
		}
		return out.Flush() // whoever reads it acts on it
	}
	lines, bad := 0, 0
	err := eachLine(e, c.Input, func(n int, line []byte) error {
		lines++
		answers, err := j.Add(line)
		if err != nil {
			bad++
			fmt.Fprintf(e.stderr, "crosscheck: line %d: %s\n", n, err)
			return nil
		}
		return print(answers)
	})
	if err != nil {
		return err
	}
	answers, err := j.End()
	if err != nil {
		return err
	}
	if err := print(answers); err != nil {
		return err
	}
	if s := j.Stats(); s.Skewed+s.Late+s.Duplicates > 0 {
		fmt.Fprintf(e.stderr, "crosscheck: not judged: %d at times the others contradict, %d too late (--review takes them), %d twice\n", s.Skewed, s.Late, s.Duplicates)
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d lines could not be read", bad, lines)
	}
	return nil
}
