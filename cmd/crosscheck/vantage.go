package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/vantage"
)

type vantageCmd struct {
	Join         string `required:"" placeholder:"URL" help:"Address of the server to measure for: https, or http on this machine."`
	TokenFile    string `required:"" placeholder:"FILE" help:"File with the token that the server gave out for this vantage point."`
	Spool        string `placeholder:"DIR" help:"Folder for what could not be sent yet; default: vantage in the data folder."`
	AllowPrivate bool   `help:"Also probe services that the server marks as private, at loopback, private and link-local addresses."`
}

// Help is printed below the flags.
func (vantageCmd) Help() string {
	return `Asks the server what to measure, measures it from here until interrupted, and sends what it saw. While the server
is away it goes on, and keeps what it saw in the spool. It listens to nobody and needs no rights.

Examples:
  crosscheck vantage --join https://monitor.example.org --token-file token
  crosscheck vantage --join https://monitor.example.org --token-file /etc/crosscheck/token --spool /var/lib/crosscheck-vantage
Exit status: 0 when interrupted, 1 when the server turned this vantage point away, 2 when the command line is wrong.`
}

// maxToken bounds a token file, bytes.
const maxToken = 4 << 10

// Run measures until interrupted.
func (c vantageCmd) Run(e *env) error {
	token, err := c.token(e)
	if err != nil {
		return usage(err)
	}
	if c.Spool == "" {
		c.Spool = filepath.Join(e.cfg.Data, "vantage")
	}
	a, err := vantage.New(e.logger(), vantage.Config{
		Join: c.Join, Token: token, Spool: c.Spool, AllowPrivate: c.AllowPrivate, Version: version(),
	})
	if errors.Is(err, model.ErrInvalid) {
		return usage(err)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stderr, "crosscheck: measuring for %s (Ctrl-C stops)\n", c.Join)
	if err := a.Run(e.ctx); err != nil {
		return fmt.Errorf("%w; what was not sent stays in %s", err, c.Spool)
	}
	return nil
}

// token reads the token file, and warns when others may read it too.
func (c vantageCmd) token(e *env) (string, error) {
	info, err := os.Stat(c.TokenFile)
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "read", Path: c.TokenFile, Err: errors.New("not a file")}
	}
	if err == nil && info.Size() > maxToken {
		err = &fs.PathError{Op: "read", Path: c.TokenFile, Err: fmt.Errorf("larger than %d bytes", maxToken)}
	}
	var b []byte
	if err == nil {
		b, err = os.ReadFile(c.TokenFile)
	}
	if err != nil {
		return "", fmt.Errorf("--token-file: %w", err)
	}
	token := strings.TrimSpace(string(b))
	if token == "" {
		return "", fmt.Errorf("--token-file %s: holds no token", c.TokenFile)
	}
	if info.Mode().Perm()&0o007 != 0 {
		fmt.Fprintf(e.stderr, "crosscheck: warning: everybody on this machine can read %s (mode %04o); chmod 600 %[1]s\n", c.TokenFile, info.Mode().Perm())
	}
	return token, nil
}
