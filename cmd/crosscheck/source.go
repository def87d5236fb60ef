package main

import (
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"crosscheck/internal/app"
	"crosscheck/internal/model"
)

type sourceCmd struct {
	Add    sourceAddCmd    `cmd:"" help:"Follow a source."`
	List   sourceListCmd   `cmd:"" help:"List the sources and how they are."`
	Test   sourceTestCmd   `cmd:"" help:"Fetch a source now and show what would be taken; nothing is stored."`
	Remove sourceRemoveCmd `cmd:"" help:"Stop following a source; what was taken from it stays."`
	Import sourceImportCmd `cmd:"" help:"Follow every source of an OPML file."`
	Export sourceExportCmd `cmd:"" help:"Write the sources as OPML."`
}

// sourceFlags states what a source is.
type sourceFlags struct {
	URL      string `arg:"" help:"Address of a feed, a news sitemap or a page."`
	Kind     string `default:"feed" enum:"feed,sitemap,page" help:"feed (RSS, Atom, JSON Feed), sitemap (news sitemap) or page (watched for change)."`
	Outlet   string `placeholder:"NAME" help:"Name readers see; default the host."`
	Country  string `placeholder:"CC" help:"Country, ISO 3166 alpha-2."`
	Language string `placeholder:"LL" help:"Language, BCP 47."`
	Licence  string `default:"excerpt" enum:"link,excerpt,full" help:"How much public pages may show: link, excerpt or full."`
}

func (f sourceFlags) source() model.Source {
	return model.Source{
		URL: f.URL, Kind: model.SourceKind(f.Kind), Outlet: f.Outlet,
		Country: f.Country, Language: f.Language, Licence: model.Licence(f.Licence),
	}
}

// withAdmin runs fn on the opened store.
func withAdmin(e *env, fn func(*app.Admin) error) (err error) {
	admin, err := app.OpenAdmin(e.ctx, e.logger(), e.cfg)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := admin.Close(); err == nil {
			err = cerr
		}
	}()
	return fn(admin)
}

type sourceAddCmd struct{ sourceFlags }

// Help is printed below the flags.
func (sourceAddCmd) Help() string {
	return `Examples:
  crosscheck source add https://www.example.org/feed.xml --outlet "Example Courier"
  crosscheck source add https://www.example.org/notices --kind page --licence full`
}

// Run follows the source.
func (c sourceAddCmd) Run(e *env) error {
	src := c.source()
	if err := src.Validate(); err != nil {
		return usage(err)
	}
	return withAdmin(e, func(a *app.Admin) error {
		if err := a.Follow(e.ctx, &src); err != nil {
			return err
		}
		_, err := fmt.Fprintf(e.stdout, "following %s (%s, %s, licence %s)\n", src.Outlet, src.Kind, src.URL, src.Licence)
		return err
	})
}

type sourceListCmd struct{}

// Run lists the sources.
func (sourceListCmd) Run(e *env) error {
	return withAdmin(e, func(a *app.Admin) error {
		list, err := a.Sources(e.ctx)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			_, err := fmt.Fprintln(e.stdout, "no sources yet; add one with: crosscheck source add URL")
			return err
		}
		w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "OUTLET\tKIND\tLICENCE\tLAST SUCCESS\tPER DAY\tSTATE\tURL")
		for _, s := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%.1f\t%s\t%s\n", s.Outlet, s.Kind, s.Licence, stamp(s.State.LastSuccess), s.State.ItemsPerDay, sourceState(s), s.URL)
		}
		return w.Flush()
	})
}

func sourceState(s model.Source) string {
	switch {
	case s.Paused:
		return "paused"
	case s.State.LastError != "":
		return s.State.LastError
	case s.State.LastSuccess.IsZero():
		return "not yet polled"
	}
	return "ok"
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2006-01-02 15:04Z")
}

type sourceTestCmd struct{ sourceFlags }

// Help is printed below the flags.
func (sourceTestCmd) Help() string {
	return `Example:
  crosscheck source test https://www.example.org/feed.xml`
}

// Run polls the source once and prints what it lists.
func (c sourceTestCmd) Run(e *env) error {
	src := c.source()
	if err := src.Validate(); err != nil {
		return usage(err)
	}
	res, err := app.TestSource(e.ctx, e.logger(), e.cfg.Fetch, src)
	if err != nil {
		return err
	}
	for _, note := range res.Notes {
		fmt.Fprintln(e.stderr, "note:", note)
	}
	fmt.Fprintf(e.stdout, "%s: %d items would be taken, %.1f a day; next poll in %s\n",
		orDash(res.State.Title), len(res.Items), res.State.ItemsPerDay, res.State.Interval.Round(time.Second))
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	for _, it := range res.Items {
		flag := ""
		if it.Future {
			flag = " (in the future)"
		}
		fmt.Fprintf(w, "%s%s\t%s\t%s\n", stamp(it.Published), flag, orDash(it.Title), it.URL)
	}
	return w.Flush()
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

type sourceRemoveCmd struct {
	URL string `arg:"" help:"Address or id of the source."`
}

// Run stops following the source.
func (c sourceRemoveCmd) Run(e *env) error {
	return withAdmin(e, func(a *app.Admin) error {
		if err := a.Unfollow(e.ctx, c.URL); err != nil {
			return err
		}
		_, err := fmt.Fprintf(e.stdout, "no longer following %s\n", c.URL)
		return err
	})
}

type sourceImportCmd struct {
	File string `arg:"" help:"OPML file, or - for standard input."`
}

// Run follows every source of the file.
func (c sourceImportCmd) Run(e *env) error {
	var in io.Reader = e.stdin
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	return withAdmin(e, func(a *app.Admin) error {
		list, err := a.Import(e.ctx, in)
		for _, s := range list {
			fmt.Fprintf(e.stdout, "following %s (%s)\n", s.Outlet, s.URL)
		}
		return err
	})
}

type sourceExportCmd struct {
	File string `arg:"" optional:"" default:"-" help:"File to write, or - for standard output."`
}

// Run writes the sources.
func (c sourceExportCmd) Run(e *env) error {
	return withAdmin(e, func(a *app.Admin) error {
		if c.File == "-" {
			return a.Export(e.ctx, e.stdout)
		}
		f, err := os.Create(c.File)
		if err != nil {
			return err
		}
		if err := a.Export(e.ctx, f); err != nil {
			f.Close()
			return err
		}
		return f.Close()
	})
}
