package main

import (
	"errors"
	"path/filepath"

	"crosscheck/internal/model"
	"crosscheck/internal/vantage"
)

type vantageCmd struct{ vantage.Command }

// Help is printed below the flags.
func (c vantageCmd) Help() string { return c.Explain("crosscheck vantage") }

// Run measures until interrupted.
func (c vantageCmd) Run(e *env) error {
	if c.Spool == "" {
		c.Spool = filepath.Join(e.cfg.Data, "vantage")
	}
	err := c.Execute(e.ctx, e.logger(), e.stderr, version())
	if errors.Is(err, model.ErrInvalid) {
		return usage(err)
	}
	return err
}
