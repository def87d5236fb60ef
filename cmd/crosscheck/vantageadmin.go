package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"crosscheck/internal/app"
	"crosscheck/internal/model"
)

type vantagesCmd struct {
	Issue  vantagesIssueCmd  `cmd:"" help:"Let a vantage point in and print its token, once."`
	List   vantagesListCmd   `cmd:"" help:"List the vantage points and when they last reported."`
	Revoke vantagesRevokeCmd `cmd:"" help:"Refuse a vantage point from now on; what it observed stays."`
}

type vantagesIssueCmd struct {
	ID      string `arg:"" help:"Name of the vantage point, such as fra-1."`
	ASN     uint32 `name:"asn" placeholder:"N" help:"Network it is in. Vantage points of unknown network count as one."`
	Country string `placeholder:"CC" help:"Country it is in, ISO 3166 alpha-2."`
	Place   string `placeholder:"PLACE" help:"Place it is in, by name or gazetteer id; for the map of a situation."`
	Group   string `placeholder:"NAME" help:"Hosting provider or site inside the network: one vote for each network and group."`
	Name    string `placeholder:"NAME" help:"Name readers see; default the id."`
}

// Help is printed below the flags.
func (vantagesIssueCmd) Help() string {
	return `Examples:
  crosscheck vantages issue fra-1 --asn 3320 --country DE --name "Frankfurt" > fra-1.token
  crosscheck vantages issue fra-1 --asn 3320 --country DE     again: the former token is worth nothing from then on
The token is printed once: only its hash is stored.`
}

// Run issues a token. It alone goes to standard output, so that it can be sent
// to a file.
func (c vantagesIssueCmd) Run(e *env) error {
	v := model.VantageFacts{Name: c.Name, Vantage: model.Vantage{ID: c.ID, ASN: c.ASN, Country: strings.ToUpper(c.Country), Group: c.Group}}
	if err := v.Validate(); err != nil {
		return usage(err)
	}
	if v.ID == e.cfg.Vantage.ID {
		return usage(fmt.Errorf("%s is the server's own vantage point (vantage.id in the configuration): choose another id", v.ID))
	}
	return withAdmin(e, func(a *app.Admin) (err error) {
		if v.Place, err = app.PlaceOf(c.Place); err != nil {
			return usage(err)
		}
		token, err := a.IssueVantage(e.ctx, v)
		if err != nil {
			return err
		}
		if c.ASN == 0 {
			fmt.Fprintln(e.stderr, "crosscheck: without --asn it shares one vote with all others of unknown network")
		}
		_, err = fmt.Fprintln(e.stdout, token)
		return err
	})
}

type vantagesListCmd struct{}

// Run lists the vantage points.
func (vantagesListCmd) Run(e *env) error {
	return withAdmin(e, func(a *app.Admin) error {
		list, err := a.Vantages(e.ctx)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			_, err := fmt.Fprintln(e.stdout, "no vantage points yet; let one in with: crosscheck vantages issue ID --asn N --country CC")
			return err
		}
		w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tNAME\tAS\tCOUNTRY\tGROUP\tLAST REPORT\tCLOCK\tPROGRAM\tSTATE")
		for _, v := range list {
			fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\n", v.ID, v.Name, v.ASN, orDash(v.Country), orDash(v.Group), stamp(v.Seen),
				clock(v), orDash(v.Version), vantageState(v))
		}
		return w.Flush()
	})
}

// clock says how far the clock of a vantage point is off, if it was heard.
func clock(v model.VantageFacts) string {
	if v.Seen.IsZero() {
		return "–"
	}
	return fmt.Sprintf("%+.1f s", v.Skew.Round(100*time.Millisecond).Seconds())
}

func vantageState(v model.VantageFacts) string {
	switch {
	case v.Own:
		return "the server's own"
	case !v.Revoked.IsZero():
		return "revoked " + stamp(v.Revoked)
	case v.Seen.IsZero():
		return "not heard yet"
	}
	return "ok"
}

type vantagesRevokeCmd struct {
	ID string `arg:"" help:"Vantage point."`
}

// Run revokes the token.
func (c vantagesRevokeCmd) Run(e *env) error {
	return withAdmin(e, func(a *app.Admin) error {
		if err := a.RevokeVantage(e.ctx, c.ID); err != nil {
			return err
		}
		_, err := fmt.Fprintf(e.stdout, "%s is refused from now on\n", c.ID)
		return err
	})
}
