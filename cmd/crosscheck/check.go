package main

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/probe"
)

type checkCmd struct {
	JSON         bool     `help:"One JSON line per target: the observation, and its detail."`
	AllowPrivate bool     `help:"Also probe loopback, private and link-local addresses."`
	ExpectStatus string   `placeholder:"STATUS" help:"Statuses that count as an answer, such as 200,301,400-404; default 200-399."`
	ExpectText   string   `placeholder:"TEXT" help:"Text that must stand on the page, byte for byte."`
	Resolver     []string `placeholder:"IP[:PORT]" help:"Resolvers to ask instead of the system's and an independent one; may be repeated."`
	Targets      []string `arg:"" name:"url" help:"http or https URL, host:port, tls:host:port, dns:name, icmp:host or a network such as 192.0.2.0/24."`
}

// Help is printed below the flags.
func (checkCmd) Help() string {
	return `Examples:
  crosscheck check https://www.example.org/
  crosscheck check --expect-text "Sign in" https://bank.example.org/
  crosscheck check --allow-private https://192.168.1.1/ tcp:10.0.0.5:5432
  crosscheck check --json https://www.example.org/ dns:example.org
Exit status: 0 when all were reachable from here (turned away counts), 1 when one was not or that could not be told.`
}

// checksAtOnce bounds the targets of one command line probed at a time.
const checksAtOnce = 8

// Run probes every target once and prints what happened, in their order.
func (c checkCmd) Run(e *env) error {
	cfg := probe.Config{Vantage: model.Vantage{ID: "here"}}
	for _, s := range c.Resolver {
		resolver, err := parseResolver(s)
		if err != nil {
			return usage(err)
		}
		cfg.Resolvers = append(cfg.Resolvers, resolver)
	}
	if c.AllowPrivate {
		cfg.Allow = probe.Private
	}
	return c.check(e, cfg)
}

// check probes with a prober of the configuration.
func (c checkCmd) check(e *env, cfg probe.Config) error {
	targets, err := c.targets()
	if err != nil {
		return usage(err)
	}
	p, err := probe.New(cfg)
	if err != nil {
		return err
	}
	reports := make([]chan probe.Report, len(targets))
	for i := range reports {
		reports[i] = make(chan probe.Report, 1)
	}
	places := make(chan struct{}, checksAtOnce)
	go func() { // ends with the last of the reports, all of which are waited for
		for i, t := range targets {
			places <- struct{}{}
			go func() {
				reports[i] <- p.Probe(e.ctx, t)
				<-places
			}()
		}
	}()
	lost := false
	var written error
	for i, report := range reports {
		progress(e, i, len(targets), c.Targets[i])
		r := <-report
		lost = lost || !r.Valid || r.Outcome == model.OutcomeFail
		if written == nil {
			written = c.print(e, &r)
		}
	}
	if written != nil {
		return fmt.Errorf("write: %w", written)
	}
	if lost {
		return errReported
	}
	return nil
}

func (c checkCmd) print(e *env, r *probe.Report) error {
	if !c.JSON {
		return printCheck(e.stdout, r)
	}
	out := json.NewEncoder(e.stdout)
	out.SetEscapeHTML(false)
	return out.Encode(r)
}

// targets reads the command line.
func (c checkCmd) targets() ([]probe.Target, error) {
	var status []probe.StatusRange
	if c.ExpectStatus != "" {
		var err error
		if status, err = probe.ParseStatus(c.ExpectStatus); err != nil {
			return nil, fmt.Errorf("--expect-status: %w", err)
		}
	}
	var targets []probe.Target
	for _, s := range c.Targets {
		t, err := probe.ParseTarget(s)
		if err != nil {
			return nil, err
		}
		t.Status, t.Text = status, c.ExpectText
		targets = append(targets, t)
	}
	return targets, nil
}

// parseResolver reads an address with or without a port.
func parseResolver(s string) (netip.AddrPort, error) {
	if a, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
		return netip.AddrPortFrom(a, 53), nil
	}
	resolver, err := netip.ParseAddrPort(s)
	if err != nil {
		return resolver, fmt.Errorf("--resolver %q: want an address such as 9.9.9.9 or 192.0.2.1:5353", s)
	}
	return resolver, nil
}
