package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"crosscheck/internal/app"
	"crosscheck/internal/model"
)

type readCmd struct {
	JSON      bool     `help:"One JSON line per input."`
	Plain     bool     `help:"The input is finished text: take it byte for byte."`
	Explain   bool     `help:"Say what found each statement, and what was rejected and why."`
	Published string   `placeholder:"T" help:"Publication time, where the input states none (2006-01-02 or RFC 3339)."`
	Inputs    []string `arg:"" name:"input" help:"File, URL, or - for standard input."`
}

// Help is printed below the flags.
func (readCmd) Help() string {
	return `Examples:
  crosscheck read https://www.example.org/article.html
  crosscheck read --json page.html *.txt
  crosscheck read --explain page.html
  curl -s … | crosscheck read -
An input that cannot be read gives a line with "error"; the others are still read, and the exit status is 1.`
}

// maxInput bounds one input, bytes.
const maxInput = 64 << 20

// Run reads every input and prints what it found.
func (c readCmd) Run(e *env) error {
	published, err := parseTime("--published", c.Published)
	if err != nil {
		return usage(err)
	}
	reader, err := app.NewReader(e.logger(), e.cfg.Fetch)
	if err != nil {
		return err
	}
	out := json.NewEncoder(e.stdout)
	out.SetEscapeHTML(false)
	failed := 0
	for i, input := range c.Inputs {
		progress(e, i, len(c.Inputs), input)
		r := c.readOne(e, reader, input, published)
		if r.Error != "" {
			failed++
		}
		if c.JSON {
			err = out.Encode(r)
		} else {
			err = printLedger(e.stdout, e.stderr, input, r)
		}
		if err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	if failed > 0 && len(c.Inputs) == 1 && !c.JSON {
		return errReported
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d inputs could not be read", failed, len(c.Inputs))
	}
	return nil
}

func (c readCmd) readOne(e *env, reader *app.Reader, input string, published time.Time) app.Reading {
	name, body, err := c.load(e, reader, input)
	if err == nil && !c.Plain && !isText(body.Body) {
		err = model.Errorf(model.ErrUnsupported, "not text: it holds zero bytes")
	}
	if err != nil {
		return app.Unread(name, "", err)
	}
	return reader.Read(app.Input{ID: name, Body: body.Body, URL: body.URL, ContentType: body.ContentType, Plain: c.Plain, Explain: c.Explain, Published: published})
}

// isText reports whether an input may be a page or a text: it has no zero byte,
// or says that it is in UTF-16.
func isText(body []byte) bool {
	return bytes.IndexByte(body, 0) < 0 || bytes.HasPrefix(body, []byte("\xfe\xff")) || bytes.HasPrefix(body, []byte("\xff\xfe"))
}

// load returns the bytes of an input and the name it goes by: the file's
// without extension, or the last part of the URL's path.
func (c readCmd) load(e *env, reader *app.Reader, input string) (string, app.Input, error) {
	switch {
	case input == "":
		return "", app.Input{}, model.Errorf(model.ErrInvalid, `"": want a file, an address, or - for standard input`)
	case input == "-":
		body, err := readAll(e.stdin)
		return "-", app.Input{Body: body}, err
	case strings.HasPrefix(input, "http://"), strings.HasPrefix(input, "https://"):
		in, err := reader.Fetch(e.ctx, input)
		return idOf(strings.TrimRight(input, "/")), in, err
	case strings.Contains(input, "://"):
		return input, app.Input{}, model.Errorf(model.ErrUnsupported, "only files and http and https addresses can be read")
	}
	body, err := readFile(input)
	return idOf(input), app.Input{Body: body}, err
}

// idOf is empty only for an empty path.
func idOf(path string) string {
	if path == "" {
		return ""
	}
	if u, err := url.Parse(path); err == nil && u.Host != "" && strings.Trim(u.Path, "/") == "" {
		return u.Host
	}
	base := strings.TrimSuffix(filepath.Base(path), ".gz")
	if id := strings.TrimSuffix(base, filepath.Ext(base)); id != "" {
		return id
	}
	return base
}

// readFile reads a file, unpacked when its name ends in .gz.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if !strings.HasSuffix(path, ".gz") {
		return readAll(f)
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return readAll(z)
}

func readAll(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxInput+1))
	if err == nil && len(body) > maxInput {
		err = model.Errorf(model.ErrTooLarge, "larger than %d bytes", maxInput)
	}
	return body, err
}

// parseTime reads the time given to a flag; "" is the zero time.
func parseTime(flag, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%s %q: want a date such as 2022-02-15 or 2022-02-15T18:00:00Z", flag, s)
}

// progress says on a terminal how far long work has come.
func progress(e *env, i, n int, what string) {
	if n > 1 && isTerminal(e.stderr) {
		fmt.Fprintf(e.stderr, "\r\x1b[K%d/%d %s", i+1, n, what)
		if i == n-1 {
			fmt.Fprint(e.stderr, "\r\x1b[K")
		}
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
