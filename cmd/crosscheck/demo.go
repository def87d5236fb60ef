package main

import (
	"fmt"
	"time"

	"crosscheck/internal/app"
)

type demoCmd struct {
	Listen string        `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address of the web server."`
	Length time.Duration `default:"60s" help:"How long the scripted day and a half takes."`
	Exit   bool          `help:"End when the script has been played, instead of at Ctrl-C."`
}

// Help is printed below the flags.
func (demoCmd) Help() string {
	return `The crisis, its countries, people and outlets are invented. A web inside the process tells it; polling,
reading, statements, stories and pages are the service's own. Nothing is left behind.

Example:
  crosscheck demo --length 2m`
}

// Run plays the demo until interrupted.
func (c demoCmd) Run(e *env) error {
	d, err := app.NewDemo(e.ctx, e.logger(), app.DemoOptions{Listen: c.Listen, Length: c.Length, Exit: c.Exit, Version: version()})
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "crosscheck demo: open %s\nAn invented crisis plays for %s. Ctrl-C ends it and leaves nothing behind.\n", d.URL(), c.Length)
	return d.Run(e.ctx, func(line string) { fmt.Fprintln(e.stdout, line) })
}
