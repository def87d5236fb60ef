package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"crosscheck/internal/app"
	"crosscheck/internal/config"
	"crosscheck/internal/model"
)

type alertCmd struct {
	Add    alertAddCmd    `cmd:"" help:"Add the rules of a file, or change those known by their name."`
	List   alertListCmd   `cmd:"" help:"List the rules, and what could not be delivered."`
	Remove alertRemoveCmd `cmd:"" help:"Remove a rule, with what waits to be delivered for it."`
	Test   alertTestCmd   `cmd:"" help:"Send a test to everybody a rule names."`
	DryRun alertDryRunCmd `cmd:"" help:"Show what rules would have told in the last days; nothing is sent."`
}

// withAlerts runs fn on the opened store and the configured ways to recipients.
func withAlerts(e *env, fn func(*app.AlertDesk) error) (err error) {
	desk, err := app.OpenAlertDesk(e.ctx, e.logger(), e.cfg)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := desk.Close(); err == nil {
			err = cerr
		}
	}()
	return fn(desk)
}

// readRules reads a file of rules, or standard input for "-".
func readRules(e *env, path string) ([]model.AlertRule, error) {
	data, err := os.ReadFile(path)
	if path == "-" {
		data, err = io.ReadAll(io.LimitReader(e.stdin, 2<<20))
	}
	if err != nil {
		return nil, err
	}
	if err := config.CheckText(data); err != nil {
		return nil, usage(fmt.Errorf("%s: %w", path, err))
	}
	rules, err := app.ParseAlertRules(data)
	if err != nil {
		return nil, usage(fmt.Errorf("%s: %w", path, err))
	}
	return rules, nil
}

// warnDoubts prints what rules name that is not known.
func warnDoubts(e *env, d *app.AlertDesk, rules []model.AlertRule) error {
	doubts, err := d.Doubts(e.ctx, rules)
	for _, text := range doubts {
		fmt.Fprintln(e.stderr, "warning:", text)
	}
	return err
}

type alertAddCmd struct {
	File string `arg:"" help:"File of rules (YAML); - is standard input."`
}

// Help is printed below the flags.
func (alertAddCmd) Help() string {
	return `Example:
  crosscheck alert add rules.yaml

A rule:
  name: Denials about the garrison
  kinds: [denied, reversal]        # statement, asserted, denied, reversal, story, revision,
                                   # onset, confirmed, resolved, movement
  words: [garrison, "troop*"]
  min_origins: 2
  quiet: {from: "22:00", to: "07:00", zone: Europe/Berlin}
  digest: 1h
  to: [desk@example.org, https://example.org/hook, chat:desk]`
}

// Run adds them.
func (c alertAddCmd) Run(e *env) error {
	rules, err := readRules(e, c.File)
	if err != nil {
		return err
	}
	return withAlerts(e, func(d *app.AlertDesk) error {
		unreachable, err := d.AddRules(e.ctx, rules)
		if err != nil {
			return err
		}
		for _, u := range unreachable {
			fmt.Fprintln(e.stderr, "note:", u)
		}
		if err := warnDoubts(e, d, rules); err != nil {
			return err
		}
		for _, r := range rules {
			if _, err := fmt.Fprintf(e.stdout, "watching for %s (%s)\n", r.Name, r.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

type alertListCmd struct {
	Limit int `default:"50" help:"How many deliveries, at most."`
}

// Run lists rules and deliveries.
func (c alertListCmd) Run(e *env) error {
	return withAlerts(e, func(d *app.AlertDesk) error {
		rules, err := d.Rules(e.ctx)
		if err != nil {
			return err
		}
		if len(rules) == 0 {
			_, err := fmt.Fprintln(e.stdout, "no rules yet; add some with: crosscheck alert add FILE")
			return err
		}
		if err := warnDoubts(e, d, rules); err != nil {
			return err
		}
		if err := table(e, "ID\tNAME\tWATCHES FOR\tTO", func(w *tabwriter.Writer) {
			for _, r := range rules {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.ID, r.Name, conditions(&r), recipients(&r))
			}
		}); err != nil {
			return err
		}
		list, err := d.Undelivered(e.ctx, c.Limit)
		if err != nil || len(list) == 0 {
			return err
		}
		fmt.Fprintln(e.stdout, "\nNot delivered:")
		return table(e, "SINCE\tTO\tTRIES\tNEXT\tALERT\tWHY NOT", func(w *tabwriter.Writer) {
			for _, x := range list {
				next := stamp(x.Due)
				if x.State == model.DeliveryGivenUp {
					next = "given up"
				}
				fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\t%s\n", stamp(x.Since), model.HideRecipient(x.To), x.Tries, next, x.Item.RuleName, x.Err)
			}
		})
	})
}

// conditions says on one line what a rule watches for.
func conditions(r *model.AlertRule) string {
	var out []string
	add := func(what string, values ...string) {
		if len(values) > 0 && values[0] != "" && values[0] != "0" {
			out = append(out, what+" "+strings.Join(values, ", "))
		}
	}
	kinds := make([]string, len(r.Kinds))
	for i, k := range r.Kinds {
		kinds[i] = string(k)
	}
	places := make([]string, len(r.Places))
	for i, p := range r.Places {
		places[i] = strconv.FormatInt(p, 10)
	}
	add("situation", r.Situation)
	add("kinds", kinds...)
	add("speakers", r.Speakers...)
	add("places", places...)
	add("services", r.Services...)
	add("words", r.Words...)
	add("origins from", strconv.Itoa(r.MinOrigins))
	add("speakers from", strconv.Itoa(r.MinSpeakers))
	add("not from", r.Quiet.From)
	if r.Digest > 0 {
		add("digest every", r.Digest.String())
	}
	return strings.Join(out, "; ")
}

func recipients(r *model.AlertRule) string {
	out := make([]string, len(r.To))
	for i, to := range r.To {
		out[i] = model.HideRecipient(to)
	}
	return strings.Join(out, ", ")
}

type alertRemoveCmd struct {
	Rule string `arg:"" help:"Id or name of the rule."`
}

// Run removes it.
func (c alertRemoveCmd) Run(e *env) error {
	return withAlerts(e, func(d *app.AlertDesk) error {
		r, err := d.Rule(e.ctx, c.Rule)
		if err != nil {
			return err
		}
		if err := d.RemoveRule(e.ctx, r.ID); err != nil {
			return err
		}
		_, err = fmt.Fprintf(e.stdout, "no longer watching for %s\n", r.Name)
		return err
	})
}

type alertTestCmd struct {
	Rule string `arg:"" help:"Id or name of a rule."`
}

// Run sends a test to each recipient.
func (c alertTestCmd) Run(e *env) error {
	return withAlerts(e, func(d *app.AlertDesk) error {
		r, err := d.Rule(e.ctx, c.Rule)
		if err != nil {
			return err
		}
		failed := false
		for i, err := range d.TestRule(e.ctx, &r) {
			to := model.HideRecipient(r.To[i])
			if err != nil {
				failed = true
				fmt.Fprintf(e.stderr, "crosscheck: %s: %s\n", to, strings.TrimPrefix(err.Error(), to+" "))
				continue
			}
			fmt.Fprintf(e.stdout, "sent to %s\n", to)
		}
		if failed {
			return errReported
		}
		return nil
	})
}

type alertDryRunCmd struct {
	File  string `arg:"" optional:"" help:"File of rules (YAML), - for standard input; without it, the rules there are."`
	Since string `default:"7d" help:"How far back, such as 7d or 12h."`
}

// Run replays.
func (c alertDryRunCmd) Run(e *env) error {
	back, err := daysOrDuration(c.Since)
	if err != nil {
		return usage(err)
	}
	var rules []model.AlertRule
	if c.File != "" {
		if rules, err = readRules(e, c.File); err != nil {
			return err
		}
	}
	return withAlerts(e, func(d *app.AlertDesk) error {
		if c.File == "" {
			if rules, err = d.Rules(e.ctx); err != nil {
				return err
			}
		}
		if err := warnDoubts(e, d, rules); err != nil {
			return err
		}
		told, entries, err := d.DryRun(e.ctx, rules, time.Now().Add(-back))
		if err != nil {
			return err
		}
		if len(told) > 0 {
			if err := table(e, "WHEN\tRULE\tTO\tEVENT\tWHY\tWORDS", func(w *tabwriter.Writer) {
				for _, x := range told {
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", stamp(x.Due), x.Item.RuleName, model.HideRecipient(x.To), x.Item.Kind, x.Item.Why, strings.Join(strings.Fields(x.Item.Entry.Text), " "))
				}
			}); err != nil {
				return err
			}
		}
		_, err = fmt.Fprintf(e.stdout, "%d rules would have told %d times of %d entries since %s; nothing was sent\n", len(rules), len(told), entries, stamp(time.Now().Add(-back)))
		return err
	})
}

// maxBack bounds how far back a dry run looks.
const maxBack = 90 * 24 * time.Hour

// daysOrDuration reads a duration that may be given in days.
func daysOrDuration(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n > 0 && n <= 90 {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 || d > maxBack {
		return 0, model.Errorf(model.ErrInvalid, "--since %q: want 12h, or 1d to 90d", s)
	}
	return d, nil
}
