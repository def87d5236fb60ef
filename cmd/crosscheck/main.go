// Command crosscheck is a situation monitor: it collects what is said about a
// developing situation, reads it, and shows who says what, with the evidence.
//
// Exit status: 0 when everything asked for was done; 1 when some of it could
// not be; 2 when the command line or the configuration is wrong.
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
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"crosscheck/internal/app"
	"crosscheck/internal/config"
	"crosscheck/internal/place"
)

// The exit statuses.
const (
	exitOK    = 0
	exitFail  = 1
	exitUsage = 2
)

// cli is the command line.
type cli struct {
	Config string `short:"c" placeholder:"FILE" help:"Configuration file (YAML)."`
	Data   string `placeholder:"DIR" help:"Data folder, instead of the configuration's."`

	Demo       demoCmd       `cmd:"" help:"Play a scripted crisis, offline, with the whole system running."`
	Serve      serveCmd      `cmd:"" help:"Run the service: poll, read, group, and serve the pages."`
	Read       readCmd       `cmd:"" help:"Read pages and print who says what in them."`
	Check      checkCmd      `cmd:"" help:"Probe services once from here and explain what happened, layer by layer."`
	Group      groupCmd      `cmd:"" help:"Group articles into stories: JSON lines in, JSON lines out."`
	Compare    compareCmd    `cmd:"" help:"Put statements into claims and say who asserts and who denies: JSON lines in, JSON lines out."`
	Judge      judgeCmd      `cmd:"" help:"Judge whether services can be reached: JSON lines of observations in, changes out."`
	Vantage    vantageCmd    `cmd:"" help:"Run this machine as a vantage point: measure for a server elsewhere."`
	Source     sourceCmd     `cmd:"" help:"Add, list, test, import, export and remove sources."`
	Service    serviceCmd    `cmd:"" help:"Add, list, show, test, import, export and remove services."`
	Vantages   vantagesCmd   `cmd:"" help:"Let vantage points in, list and revoke them."`
	Speaker    speakerCmd    `cmd:"" help:"List, merge and split speakers."`
	Story      storyCmd      `cmd:"" help:"List, merge and split stories, move their articles."`
	Claim      claimCmd      `cmd:"" help:"List, merge and split claims, move their statements."`
	Situation  situationCmd  `cmd:"" help:"Define, preview, list, show and change situations, and pin articles to them."`
	Alert      alertCmd      `cmd:"" help:"Say what you want to be told of, and try it out."`
	Reprocess  reprocessCmd  `cmd:"" help:"Run a stage again over what is stored."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
	Completion completionCmd `cmd:"" help:"Print a completion script for bash, zsh or fish."`
}

// env is what a command gets besides its own flags.
type env struct {
	ctx    context.Context
	cfg    config.Config
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	model  *kong.Application
}

// errReported marks what has been said already.
var errReported = errors.New("reported")

// errUsage marks faults of the command line and the configuration.
var errUsage = errors.New("usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run executes one command line and returns the exit status.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	e := &env{ctx: ctx, stdin: stdin, stdout: stdout, stderr: stderr}
	if len(args) == 0 {
		fmt.Fprint(stdout, welcome)
		return exitOK
	}
	err := execute(e, args)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errDone):
		return exitOK
	case errors.Is(err, errReported):
		return exitFail
	case errors.Is(err, errUsage):
		fmt.Fprintf(stderr, "crosscheck: %s\n", message(err))
		return exitUsage
	default:
		fmt.Fprintf(stderr, "crosscheck: %s\n", message(err))
		return exitFail
	}
}

// message is the error for a person: the kinds and the package that wrap it say
// nothing.
func message(err error) string {
	return printable(strings.TrimPrefix(strings.TrimPrefix(err.Error(), errUsage.Error()+"\n"), "store: "))
}

// errDone ends a command line that asked for help only.
var errDone = errors.New("done")

func execute(e *env, args []string) (err error) {
	var c cli
	parser, err := kong.New(&c,
		kong.Name("crosscheck"),
		kong.Description(description),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 96}),
		kong.Vars{"spool": "vantage in the data folder"},
		kong.Writers(e.stdout, e.stderr),
		kong.Exit(func(int) { panic(errDone) }),
	)
	if err != nil {
		return err
	}
	addExamples(parser.Model.Node, "")
	defer func() {
		if r := recover(); r == errDone {
			err = errDone
		} else if r != nil {
			panic(r)
		}
	}()
	kctx, err := parser.Parse(args)
	if err != nil {
		return usage(fmt.Errorf("%w (%s --help has examples)", err, commandOf(err)))
	}
	e.model = parser.Model
	if e.cfg, err = config.Load(c.Config, os.Getenv); err != nil {
		return usage(err)
	}
	if c.Data != "" {
		e.cfg.Data = c.Data
	}
	if len(e.cfg.Places) > 0 { // the gazetteer is not opened for nothing
		if err := app.AddPlaces(e.cfg.Places); err != nil {
			return usage(err)
		}
	}
	return kctx.Run(e)
}

// commandOf is the command a faulty command line was meant for, as far as it
// could be read.
func commandOf(err error) string {
	var fault *kong.ParseError
	if errors.As(err, &fault) && fault.Context != nil {
		if n := fault.Context.Selected(); n != nil {
			return n.FullPath()
		}
		for _, p := range slices.Backward(fault.Context.Path) {
			if p.Command != nil {
				return p.Command.FullPath()
			}
		}
	}
	return "crosscheck"
}

func usage(err error) error { return errors.Join(errUsage, err) }

// logger writes what an operator cares about to stderr.
func (e *env) logger() *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(e.cfg.Log)) // validated with the configuration
	return slog.New(slog.NewTextHandler(e.stderr, &slog.HandlerOptions{Level: level}))
}

// version is the module version or the commit the binary was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "devel-" + s.Value[:12]
		}
	}
	return "devel"
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(e *env) error {
	_, err := fmt.Fprintf(e.stdout, "crosscheck %s\n%s\n", version(), place.Credit)
	return err
}

type serveCmd struct {
	Listen string   `placeholder:"HOST:PORT" help:"Address of the web server."`
	Roles  []string `placeholder:"ROLE" help:"What this process does: all, or some of collect, read, judge, web."`
}

// Help is printed below the flags.
func (serveCmd) Help() string {
	return `Examples:
  crosscheck serve                         everything in one process, data in ./data
  crosscheck serve -c crosscheck.yaml      with a configuration
  crosscheck serve --listen 0.0.0.0:8080   open to other machines`
}

// Run serves until interrupted.
func (c serveCmd) Run(e *env) error {
	if c.Listen != "" {
		e.cfg.Listen = c.Listen
	}
	if len(c.Roles) > 0 {
		e.cfg.Roles = c.Roles
	}
	if err := e.cfg.Validate(); err != nil {
		return usage(err)
	}
	if _, err := app.ConfiguredServices(e.cfg); err != nil {
		return usage(err)
	}
	a, err := app.New(e.ctx, e.logger(), app.Options{Config: e.cfg, Version: version()})
	if err != nil {
		return err
	}
	if a.URL() != "" {
		fmt.Fprintf(e.stderr, "crosscheck: serving %s (Ctrl-C stops)\n", a.URL())
	}
	return a.Run(e.ctx)
}
