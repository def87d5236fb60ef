package main

import (
	"fmt"
	"strings"
	"time"

	"crosscheck/internal/app"
)

type reprocessCmd struct {
	Stage string `required:"" enum:"fetch,read,statement,story,claim,situation" help:"Stage to run again: fetch, read, statement, story, claim or situation."`
	Since string `placeholder:"T" help:"Only what was first seen since then; default everything."`
}

// Help is printed below the flags.
func (reprocessCmd) Help() string {
	return `Marks what is stored for that stage; the service, running now or started later, does the work.

Example:
  crosscheck reprocess --stage statement --since 2022-02-01
Stages: ` + strings.Join(app.StageNames, ", ")
}

// Run marks the rows.
func (c reprocessCmd) Run(e *env) error {
	since := time.Unix(0, 0)
	if c.Since != "" {
		t, err := parseTime("--since", c.Since)
		if err != nil {
			return usage(err)
		}
		since = t
	}
	return withAdmin(e, func(a *app.Admin) error {
		n, err := a.Reset(e.ctx, c.Stage, since)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(e.stdout, "%d marked; a running service does them within its next sweep\n", n)
		return err
	})
}
