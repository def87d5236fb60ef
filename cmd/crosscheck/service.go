package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"crosscheck/internal/app"
	"crosscheck/internal/model"
)

type serviceCmd struct {
	Add         serviceAddCmd         `cmd:"" help:"Measure a service, or change what is stated about it."`
	List        serviceListCmd        `cmd:"" help:"List the services and how they stand."`
	Show        serviceShowCmd        `cmd:"" help:"Show one service: what is judged of it, by whom, and its last outages."`
	Test        serviceTestCmd        `cmd:"" help:"Probe a service once from here and explain what happened; nothing is stored."`
	Remove      serviceRemoveCmd      `cmd:"" help:"Stop measuring a service; what was observed and judged stays."`
	Maintenance serviceMaintenanceCmd `cmd:"" help:"Announce work on a service: a loss in that time is said to be that."`
	Import      serviceImportCmd      `cmd:"" help:"Measure every service of a file, YAML or JSON lines."`
	Export      serviceExportCmd      `cmd:"" help:"Write the services as YAML, as the configuration and import take them."`
}

// serviceFlags states what a service is.
type serviceFlags struct {
	Target  string         `arg:"" help:"http or https URL, host:port, tls:host:port, dns:name, icmp:host or a network such as 192.0.2.0/24."`
	Name    string         `placeholder:"NAME" help:"Name readers see; default the id."`
	Alias   []string       `sep:"none" placeholder:"NAME" help:"Name by which reports call it; may be repeated."`
	Country string         `placeholder:"CC" help:"Country it is at home in, ISO 3166 alpha-2."`
	Place   string         `placeholder:"PLACE" help:"Place it is at home in, by name or gazetteer id; for the map of a situation."`
	ASN     uint32         `name:"asn" placeholder:"N" help:"Network that hosts it."`
	Prefix  []netip.Prefix `placeholder:"NETWORK" help:"Announced network it lies in, such as 192.0.2.0/24; may be repeated."`
	Status  string         `placeholder:"STATUS" help:"Statuses that count as reached, such as 200,301,400-404; default 200-399."`
	Text    string         `placeholder:"TEXT" help:"Text that must stand on the page, byte for byte."`
	Slow    time.Duration  `placeholder:"TIME" help:"A first byte later than this is slow, such as 2s."`
	Private bool           `help:"It may lie outside the public internet."`
}

func (f serviceFlags) service(id string) model.Service {
	return model.Service{
		ID: id, Name: f.Name, Target: f.Target, Status: f.Status, Text: f.Text, Slow: f.Slow, Aliases: f.Alias,
		Private: f.Private, Country: strings.ToUpper(f.Country), ASN: f.ASN, Prefixes: f.Prefix,
	}
}

type serviceAddCmd struct {
	ID string `arg:"" help:"Short name, for ever: it stands in addresses."`
	serviceFlags
}

// Help is printed below the flags.
func (serviceAddCmd) Help() string {
	return `Examples:
  crosscheck service add bank https://www.bank.example/ --name "Landbank" --alias landbank.example --country SE
  crosscheck service add mail tls:mail.example.org:993
  crosscheck service add intranet http://10.1.0.7/ --private`
}

// Run adds the service.
func (c serviceAddCmd) Run(e *env) error {
	s := c.service(c.ID)
	if err := app.CheckService(&s); err != nil {
		return usage(err)
	}
	return withAdmin(e, func(a *app.Admin) (err error) {
		if s.Place, err = app.PlaceOf(c.Place); err != nil {
			return usage(err)
		}
		if err := a.Measure(e.ctx, &s); err != nil {
			return err
		}
		_, err = fmt.Fprintf(e.stdout, "measuring %s (%s, %s)\n", s.ID, s.Name, s.Target)
		return err
	})
}

type serviceListCmd struct {
	JSON bool `help:"One JSON line per service."`
}

// Run lists the services.
func (c serviceListCmd) Run(e *env) error {
	return withAdmin(e, func(a *app.Admin) error {
		list, err := a.Services(e.ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return printServices(e.stdout, list)
		}
		if len(list) == 0 {
			_, err := fmt.Fprintln(e.stdout, "no services yet; add one with: crosscheck service add ID TARGET")
			return err
		}
		w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tNAME\tSTATE\tSINCE\tREACHED\tLAST OBSERVED\tTARGET")
		for _, s := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", s.ID, s.Name, stateWords(s.Now), stamp(s.Since), percent(s.Availability), stamp(s.Observed), s.Target)
		}
		return w.Flush()
	})
}

// stateWords is a state with its class.
func stateWords(o model.Outage) string {
	if o.Class == "" {
		return string(o.State)
	}
	return fmt.Sprintf("%s (%s)", o.State, o.Class)
}

// percent writes a share; a negative one is not known.
func percent(share float64) string {
	if share < 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f %%", 100*share)
}

// serviceLine is a service in JSON.
type serviceLine struct {
	ID           string            `json:"id"`
	Name         string            `json:"name"`
	Target       string            `json:"target"`
	Private      bool              `json:"private"`
	State        model.OutageState `json:"state"`
	Class        model.OutageClass `json:"class"`
	Since        *time.Time        `json:"since"`
	Availability *float64          `json:"availability"` // of 14 days, 0 to 1
	Refused      *float64          `json:"refused"`      // of these
	Observed     *time.Time        `json:"observed"`
	Report       string            `json:"report"`
}

func printServices(w io.Writer, list []model.ServiceFacts) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for _, s := range list {
		l := serviceLine{
			ID: s.ID, Name: s.Name, Target: s.Target, Private: s.Private, State: s.Now.State, Class: s.Now.Class,
			Since: orNull(s.Since), Observed: orNull(s.Observed), Report: app.Sentence(s.Now, s.Name),
		}
		if s.Availability >= 0 {
			l.Availability, l.Refused = &s.Availability, &s.Refused
		}
		if err := out.Encode(l); err != nil {
			return err
		}
	}
	return nil
}

func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

type serviceShowCmd struct {
	ID string `arg:"" help:"Service."`
}

// shownOutages of a service are listed, at most.
const shownOutages = 10

// Run shows the service.
func (c serviceShowCmd) Run(e *env) error {
	return withAdmin(e, func(a *app.Admin) error {
		s, err := a.Service(e.ctx, c.ID)
		if err != nil {
			return err
		}
		seen, err := a.LastObservations(e.ctx, c.ID)
		if err != nil {
			return err
		}
		outages, err := a.Outages(e.ctx, model.OutageQuery{Services: []string{c.ID}, Limit: shownOutages})
		if err != nil {
			return err
		}
		fmt.Fprintf(e.stdout, "%s (%s)\n%s\n%s\nreached in 14 days: %s\n", s.Name, s.ID, s.Target, app.Sentence(s.Now, s.Name), percent(s.Availability))
		for _, m := range s.Maintenance {
			fmt.Fprintf(e.stdout, "work announced: %s to %s\n", stamp(m.Start), stamp(m.End))
		}
		w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
		if len(seen) > 0 {
			fmt.Fprintln(w, "\nVANTAGE\tAS\tCOUNTRY\tAT\tOUTCOME\tFAILURE")
		}
		for _, o := range seen {
			fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\t%s\n", o.Vantage, o.ASN, orDash(o.Country), stamp(o.At), outcomeWords(o), orDash(o.Failure))
		}
		if len(outages) > 0 {
			fmt.Fprintln(w, "\nOUTAGE\tSTATE\tFROM\tTO\tSEEN FROM")
		}
		for _, o := range outages {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d of %d\n", o.ID, stateWords(o.Peak), stamp(o.Onset), stamp(o.End), len(o.Peak.Down), o.Peak.Asked)
		}
		return w.Flush()
	})
}

func outcomeWords(o model.Observation) string {
	switch {
	case !o.Valid:
		return "not proven"
	case o.Layer != "":
		return fmt.Sprintf("%s at %s", o.Outcome, o.Layer)
	case o.Status != 0:
		return fmt.Sprintf("%s (%d)", o.Outcome, o.Status)
	}
	return string(o.Outcome)
}

type serviceTestCmd struct{ serviceFlags }

// Help is printed below the flags.
func (serviceTestCmd) Help() string {
	return `Examples:
  crosscheck service test https://www.bank.example/ --text "Sign in"
  crosscheck service test http://10.1.0.7/ --private
Exit status: 0 when it was reached from here (turned away counts), 1 when not or that could not be told.`
}

// Run probes the service once.
func (c serviceTestCmd) Run(e *env) error {
	s := c.service(c.Target)
	if err := app.CheckService(&s); err != nil {
		return usage(err)
	}
	r, err := app.TestService(e.ctx, e.cfg.Vantage, s)
	if err != nil {
		return err
	}
	if err := printCheck(e.stdout, &r); err != nil {
		return err
	}
	if !r.Valid || r.Outcome == model.OutcomeFail {
		return errReported
	}
	return nil
}

type serviceRemoveCmd struct {
	ID string `arg:"" help:"Service."`
}

// Run stops measuring the service.
func (c serviceRemoveCmd) Run(e *env) error {
	return withAdmin(e, func(a *app.Admin) error {
		if err := a.Unmeasure(e.ctx, c.ID); err != nil {
			return err
		}
		_, err := fmt.Fprintf(e.stdout, "no longer measuring %s\n", c.ID)
		return err
	})
}

type serviceMaintenanceCmd struct {
	ID   string `arg:"" help:"Service."`
	From string `arg:"" help:"Start, such as 2031-03-11T02:00 (UTC) or 2031-03-11T03:00+01:00."`
	To   string `arg:"" help:"End, written the same way."`
}

// Help is printed below the flags.
func (serviceMaintenanceCmd) Help() string {
	return `Example:
  crosscheck service maintenance bank 2031-03-11T02:00 2031-03-11T04:00`
}

// Run announces the work.
func (c serviceMaintenanceCmd) Run(e *env) error {
	from, err := parseMoment(c.From)
	if err != nil {
		return usage(err)
	}
	to, err := parseMoment(c.To)
	if err != nil {
		return usage(err)
	}
	if !from.Before(to) {
		return usage(fmt.Errorf("from %s to %s: want a start before its end", c.From, c.To))
	}
	return withAdmin(e, func(a *app.Admin) error {
		if err := a.Maintain(e.ctx, c.ID, model.TimeInterval{Start: from, End: to}); err != nil {
			return err
		}
		_, err := fmt.Fprintf(e.stdout, "work on %s announced from %s to %s\n", c.ID, stamp(from), stamp(to))
		return err
	})
}

// parseMoment reads a date and time to the minute or second; UTC unless it says
// otherwise.
func parseMoment(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("time %q: want one such as 2031-03-11T02:00", s)
}

type serviceImportCmd struct {
	File string `arg:"" help:"File, or - for standard input."`
}

// Help is printed below the flags.
func (serviceImportCmd) Help() string {
	return `Takes YAML as the configuration has it ("services:" and a list), or a JSON object a line with the same keys:
  {"id":"bank","target":"https://www.bank.example/","name":"Landbank","aliases":["landbank.example"]}
A fault in one of them adds none.

Example:
  crosscheck service import services.yaml`
}

// Run adds every service of the file.
func (c serviceImportCmd) Run(e *env) error {
	in := e.stdin
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	return withAdmin(e, func(a *app.Admin) error {
		list, err := a.ImportServices(e.ctx, in)
		switch {
		case errors.Is(err, model.ErrInvalid):
			return usage(fmt.Errorf("%s: %w", c.File, err))
		case err == nil && len(list) == 0:
			return usage(fmt.Errorf("%s: has no service", c.File))
		}
		for _, s := range list {
			fmt.Fprintf(e.stdout, "measuring %s (%s, %s)\n", s.ID, s.Name, s.Target)
		}
		return err
	})
}

type serviceExportCmd struct {
	File string `arg:"" optional:"" default:"-" help:"File to write, or - for standard output."`
}

// Run writes the services.
func (c serviceExportCmd) Run(e *env) error {
	return withAdmin(e, func(a *app.Admin) error {
		if c.File == "-" {
			return a.ExportServices(e.ctx, e.stdout)
		}
		f, err := os.Create(c.File)
		if err != nil {
			return err
		}
		return errors.Join(a.ExportServices(e.ctx, f), f.Close())
	})
}
