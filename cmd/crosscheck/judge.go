package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"crosscheck/internal/app"
	"crosscheck/internal/model"
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

// maxObservation bounds one line, bytes.
const maxObservation = 1 << 20

// Run judges the observations of the input.
func (c judgeCmd) Run(e *env) error {
	in, err := c.open(e)
	if err != nil {
		return err
	}
	defer in.Close()
	j := app.NewJudging(c.Review)
	lines, bad, err := c.judge(e, j, bufio.NewReaderSize(in, maxObservation))
	if err != nil {
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

// judge reads lines until the end, prints the changes, names the lines that
// cannot be read, and counts both.
func (c judgeCmd) judge(e *env, j *app.Judging, r *bufio.Reader) (lines, bad int, err error) {
	for n := 1; ; n++ {
		line, err := nextLine(r)
		if err == io.EOF {
			break
		}
		if err == nil && len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		lines++
		var answers []app.JudgeAnswer
		if err == nil {
			answers, err = j.Add(line)
		}
		switch {
		case errors.Is(err, model.ErrInvalid), errors.Is(err, model.ErrTooLarge):
			bad++
			fmt.Fprintf(e.stderr, "crosscheck: line %d: %s\n", n, err)
		case err != nil:
			return lines, bad, fmt.Errorf("line %d: %w", n, err)
		}
		if err := c.write(e.stdout, answers); err != nil {
			return lines, bad, err
		}
	}
	answers, err := j.End()
	if err != nil {
		return lines, bad, err
	}
	return lines, bad, c.write(e.stdout, answers)
}

// write prints answers at once: whoever reads them acts on them.
func (c judgeCmd) write(w io.Writer, answers []app.JudgeAnswer) error {
	if len(answers) == 0 {
		return nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, a := range answers {
		if c.Text {
			fmt.Fprintf(&b, "%s  %s\n", a.At.Format(time.DateTime), a.Report)
		} else if err := enc.Encode(a); err != nil {
			return err
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// open opens the input, unpacked when its name ends in .gz. It is read as it
// comes and may be of any length.
func (c judgeCmd) open(e *env) (io.ReadCloser, error) {
	if c.Input == "-" {
		return io.NopCloser(e.stdin), nil
	}
	f, err := os.Open(c.Input)
	if err != nil || !strings.HasSuffix(c.Input, ".gz") {
		return f, err
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", c.Input, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{z, f}, nil
}

// nextLine reads a line, valid until the next call. One that is too long is
// skipped and reported as an ErrTooLarge; the end of the input is io.EOF.
func nextLine(r *bufio.Reader) ([]byte, error) {
	line, err := r.ReadSlice('\n')
	tooLong := false
	for err == bufio.ErrBufferFull {
		tooLong = true
		_, err = r.ReadSlice('\n')
	}
	switch {
	case tooLong && (err == nil || err == io.EOF):
		return nil, model.Errorf(model.ErrTooLarge, "longer than %d bytes", maxObservation)
	case err == io.EOF && len(line) > 0:
		return line, nil
	}
	return line, err
}
