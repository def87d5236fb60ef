// Command crosscheck-vantage is `crosscheck vantage` alone, for small machines:
// a sixth of the program, and a third of the memory.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	"crosscheck/internal/model"
	"crosscheck/internal/vantage"
)

// The exit statuses, as those of crosscheck.
const (
	exitOK    = 0
	exitFail  = 1
	exitUsage = 2
)

const defaultSpool = "spool"

type cli struct{ vantage.Command }

// Help is printed below the flags.
func (c cli) Help() string { return c.Explain("crosscheck-vantage") }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run executes one command line and returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c cli
	helped := false
	parser, err := kong.New(&c, kong.Name("crosscheck-vantage"), kong.Description("Run this machine as a vantage point: measure for a server elsewhere."),
		kong.Vars{"spool": defaultSpool}, kong.Writers(stdout, stderr), kong.Exit(func(int) { helped = true }))
	if err == nil {
		_, err = parser.Parse(args)
	}
	if helped {
		return exitOK
	}
	if err == nil {
		if c.Spool == "" {
			c.Spool = defaultSpool
		}
		err = c.Execute(ctx, slog.New(slog.NewTextHandler(stderr, nil)), stderr, version())
	} else {
		err = model.Errorf(model.ErrInvalid, "%w (crosscheck-vantage --help has examples)", err)
	}
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, model.ErrInvalid):
		fmt.Fprintf(stderr, "crosscheck: %s\n", err)
		return exitUsage
	}
	fmt.Fprintf(stderr, "crosscheck: %s\n", err)
	return exitFail
}

// version is that of the module the binary was built from.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "unknown"
}
