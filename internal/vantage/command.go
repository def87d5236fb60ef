package vantage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"crosscheck/internal/model"
)

// Command is the command line of a vantage point, as kong reads it.
type Command struct {
	Join         string `required:"" placeholder:"URL" help:"Address of the server to measure for: https, or http on this machine."`
	TokenFile    string `required:"" placeholder:"FILE" help:"File with the token that the server gave out for this vantage point."`
	Spool        string `placeholder:"DIR" help:"Folder for what could not be sent yet; default: ${spool}."`
	AllowPrivate bool   `help:"Also probe services that the server marks as private, at loopback, private and link-local addresses."`
}

// Explain is what stands below the flags; name is the command's.
func (Command) Explain(name string) string {
	return `Asks the server what to measure, measures it from here until interrupted, and sends what it saw. While the server
is away it goes on, and keeps what it saw in the spool. It listens to nobody and needs no rights.

Examples:
  ` + name + ` --join https://monitor.example.org --token-file token
  ` + name + ` --join https://monitor.example.org --token-file /etc/crosscheck/token --spool /var/lib/crosscheck-vantage
Exit status: 0 when interrupted, 1 when the server turned this vantage point away, 2 when the command line is wrong.`
}

// maxToken bounds a token file, bytes.
const maxToken = 4 << 10

// Execute measures until ctx ends. Faults of the command line are ErrInvalid;
// what a person is to know goes to stderr.
func (c Command) Execute(ctx context.Context, lg *slog.Logger, stderr io.Writer, version string) error {
	token, err := c.token(stderr)
	if err != nil {
		return err
	}
	a, err := New(lg, Config{Join: c.Join, Token: token, Spool: c.Spool, AllowPrivate: c.AllowPrivate, Version: version})
	if err != nil {
		return err
	}
	fmt.Fprintf(stderr, "crosscheck: measuring for %s (Ctrl-C stops)\n", c.Join)
	if err := a.Run(ctx); err != nil {
		return fmt.Errorf("%w; what was not sent stays in %s", err, c.Spool)
	}
	return nil
}

// token reads the token file, and warns when others may read it too.
func (c Command) token(stderr io.Writer) (string, error) {
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
		return "", model.Errorf(model.ErrInvalid, "--token-file: %w", err)
	}
	token := strings.TrimSpace(string(b))
	if token == "" {
		return "", model.Errorf(model.ErrInvalid, "--token-file %s: holds no token", c.TokenFile)
	}
	if info.Mode().Perm()&0o007 != 0 {
		fmt.Fprintf(stderr, "crosscheck: warning: everybody on this machine can read %s (mode %04o); chmod 600 %[1]s\n", c.TokenFile, info.Mode().Perm())
	}
	return token, nil
}
