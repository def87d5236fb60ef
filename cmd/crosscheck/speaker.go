package main

import (
	"cmp"
	"fmt"
	"os"
	"text/tabwriter"

	"crosscheck/internal/app"
)

type speakerCmd struct {
	List  speakerListCmd  `cmd:"" help:"List speakers, or what has been decided about them."`
	Merge speakerMergeCmd `cmd:"" help:"Make one speaker part of another, for ever."`
	Split speakerSplitCmd `cmd:"" help:"Take a name away from a speaker, for ever."`
}

// decider is who decides.
type decider struct {
	By string `placeholder:"NAME" help:"Who decides; default the user's name."`
}

func (d decider) name() string {
	return cmp.Or(d.By, os.Getenv("USER"), "somebody at the command line")
}

type speakerListCmd struct {
	Prefix    string `arg:"" optional:"" help:"Beginning of a word of the name."`
	Limit     int    `default:"50" help:"How many, at most."`
	Decisions bool   `help:"List merges and splits instead, the newest first."`
}

// Run lists speakers or decisions.
func (c speakerListCmd) Run(e *env) error {
	return withAdmin(e, func(a *app.Admin) error {
		w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
		list := c.speakers
		if c.Decisions {
			list = c.decisions
		}
		if err := list(e, a, w); err != nil {
			return err
		}
		return w.Flush()
	})
}

func (c speakerListCmd) speakers(e *env, a *app.Admin, w *tabwriter.Writer) error {
	list, err := a.Speakers(e.ctx, c.Prefix, c.Limit)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return none(e, "speakers")
	}
	fmt.Fprintln(w, "ID\tNAME\tTYPE\tROLE OR OUTLET\tSTATEMENTS\tORIGINS")
	for _, s := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%d\n", s.ID, s.Name, s.Type, cmp.Or(s.Role, s.Outlet, "–"), s.Statements, s.Origins)
	}
	return nil
}

func (c speakerListCmd) decisions(e *env, a *app.Admin, w *tabwriter.Writer) error {
	list, err := a.SpeakerDecisions(e.ctx, c.Limit)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "WHEN\tWHO\tWHAT\tSPEAKER\tOTHER\tNAME")
	for _, d := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", stamp(d.At), d.Who, d.Verb, d.Speaker, d.Other, cmp.Or(d.Name, "–"))
	}
	return nil
}

type speakerMergeCmd struct {
	From string `arg:"" help:"Speaker that becomes part of the other: the id at the end of its page's address."`
	Into string `arg:"" help:"Speaker it becomes part of."`
	decider
}

// Run merges.
func (c speakerMergeCmd) Run(e *env) error {
	return withAdmin(e, func(a *app.Admin) error {
		if err := a.MergeSpeakers(e.ctx, c.From, c.Into, c.name()); err != nil {
			return unknown(err, "speaker")
		}
		_, err := fmt.Fprintf(e.stdout, "%s is part of %s from now on\n", c.From, c.Into)
		return err
	})
}

type speakerSplitCmd struct {
	ID   string `arg:"" help:"Speaker that goes by the name: the id at the end of its page's address."`
	Name string `arg:"" help:"Name that is another's."`
	Role string `help:"Only where it comes with this role."`
	decider
}

// Run splits.
func (c speakerSplitCmd) Run(e *env) error {
	return withAdmin(e, func(a *app.Admin) error {
		id, err := a.SplitSpeaker(e.ctx, c.ID, c.Name, c.Role, c.name())
		if err != nil {
			return unknown(err, "speaker")
		}
		_, err = fmt.Fprintf(e.stdout, "%s is speaker %s from now on\n", c.Name, id)
		return err
	})
}
