package main

import (
	"fmt"
	"text/tabwriter"

	"crosscheck/internal/app"
	"crosscheck/internal/model"
)

type claimCmd struct {
	List     claimListCmd     `cmd:"" help:"List the newest claims, the statements of one, or what has been decided."`
	Merge    claimMergeCmd    `cmd:"" help:"Make one claim part of another, for ever."`
	Split    claimSplitCmd    `cmd:"" help:"Split statements off as a claim of their own, for ever."`
	Move     claimMoveCmd     `cmd:"" help:"Move statements to another claim, for ever."`
	Attitude claimAttitudeCmd `cmd:"" help:"Say what attitude a statement has to its claim, for ever."`
}

type claimListCmd struct {
	ID        string `arg:"" optional:"" help:"Claim whose statements to list: the id at the end of its page's address."`
	Disputed  bool   `help:"Only claims that some uphold and some dispute."`
	Limit     int    `default:"50" help:"How many, at most."`
	Decisions bool   `help:"List what people have decided instead, the newest first."`
}

// Run lists claims, statements or decisions.
func (c claimListCmd) Run(e *env) error {
	return withAdmin(e, func(a *app.Admin) error {
		switch {
		case c.Decisions:
			return printDecisions(e, a, "claim", c.Limit)
		case c.ID != "":
			return c.statements(e, a)
		}
		list, err := a.Claims(e.ctx, model.ClaimQuery{Disputed: c.Disputed, Limit: c.Limit})
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return none(e, "claims")
		}
		return table(e, "ID\tLATEST\tORIGINS\tUPHELD\tDISPUTED\tCLAIM", func(w *tabwriter.Writer) {
			for _, x := range list {
				fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%s\n", x.ID, stamp(x.Latest), x.Origins, x.Upheld, x.Disputed, x.Text)
			}
		})
	})
}

func (c claimListCmd) statements(e *env, a *app.Admin) error {
	list, err := a.ClaimLedger(e.ctx, c.ID)
	if err != nil {
		return unknown(err, "claim")
	}
	return table(e, "STATEMENT\tPUBLISHED\tOUTLET\tSPEAKER\tATTITUDE\tWORDS", func(w *tabwriter.Writer) {
		for _, l := range list[:min(len(list), c.Limit)] {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", l.ID, stamp(l.Published), l.Outlet, l.Speaker, l.Attitude, l.Text)
		}
	})
}

type claimMergeCmd struct {
	From string `arg:"" help:"Claim that becomes part of the other: the id at the end of its page's address."`
	Into string `arg:"" help:"Claim it becomes part of."`
	decider
}

// Run merges.
func (c claimMergeCmd) Run(e *env) error {
	return decideBy(e, c.decider, model.Decision{Noun: "claim", Verb: "merge", ID: c.From, Other: c.Into})
}

type claimSplitCmd struct {
	ID         string   `arg:"" help:"Claim the statements leave."`
	Statements []string `arg:"" help:"Statements that leave it; crosscheck claim list ID shows them."`
	decider
}

// Run splits.
func (c claimSplitCmd) Run(e *env) error {
	return decideBy(e, c.decider, model.Decision{Noun: "claim", Verb: "split", ID: c.ID, Parts: c.Statements})
}

type claimMoveCmd struct {
	From       string   `arg:"" help:"Claim the statements leave."`
	To         string   `arg:"" help:"Claim they go to."`
	Statements []string `arg:"" help:"Statements that go."`
	decider
}

// Run moves.
func (c claimMoveCmd) Run(e *env) error {
	return decideBy(e, c.decider, model.Decision{Noun: "claim", Verb: "move", ID: c.From, Other: c.To, Parts: c.Statements})
}

type claimAttitudeCmd struct {
	Statement string `arg:"" help:"Statement; crosscheck claim list ID shows them."`
	Attitude  string `arg:"" enum:"asserts,confirms,denies,doubts,demands,asks" help:"asserts, confirms, denies, doubts, demands or asks."`
	decider
}

// Run sets it.
func (c claimAttitudeCmd) Run(e *env) error {
	return decideBy(e, c.decider, model.Decision{Noun: "claim", Verb: "attitude", Other: c.Attitude, Parts: []string{c.Statement}})
}
