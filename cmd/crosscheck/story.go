package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"crosscheck/internal/app"
	"crosscheck/internal/model"
)

type storyCmd struct {
	List  storyListCmd  `cmd:"" help:"List the newest stories, the articles of one, or what has been decided."`
	Merge storyMergeCmd `cmd:"" help:"Make one story part of another, for ever."`
	Split storySplitCmd `cmd:"" help:"Split articles off as a story of their own, for ever."`
	Move  storyMoveCmd  `cmd:"" help:"Move articles to another story, for ever."`
}

// table prints lines of cells.
func table(e *env, head string, lines func(w *tabwriter.Writer)) error {
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, head)
	lines(w)
	return w.Flush()
}

// printDecisions lists what people have decided about stories or claims.
func printDecisions(e *env, a *app.Admin, noun string, limit int) error {
	list, err := a.Decisions(e.ctx, noun, limit)
	if err != nil {
		return err
	}
	return table(e, "WHEN\tWHO\tWHAT\t"+strings.ToUpper(noun)+"\tNOW\tPARTS", func(w *tabwriter.Writer) {
		for _, d := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\n", stamp(d.At), d.Who, d.Verb, d.ID, d.Other, len(d.Parts))
		}
	})
}

// unknown says where to find the ids of a noun to whom named one there is not.
func unknown(err error, noun string) error {
	if errors.Is(err, model.ErrNotFound) {
		return fmt.Errorf("%w (crosscheck %s list shows what there is)", err, noun)
	}
	return err
}

// none says that there is nothing to list.
func none(e *env, nouns string) error {
	_, err := fmt.Fprintf(e.stdout, "no %s\n", nouns)
	return err
}

// decideBy carries out a decision and prints what became of it.
func decideBy(e *env, by decider, d model.Decision) error {
	d.Who = by.name()
	return withAdmin(e, func(a *app.Admin) error {
		done, err := a.Decide(e.ctx, d)
		if err != nil {
			return unknown(err, d.Noun)
		}
		switch d.Verb {
		case "merge":
			_, err = fmt.Fprintf(e.stdout, "%s is part of %s from now on\n", done.ID, done.Other)
		case "attitude":
			_, err = fmt.Fprintf(e.stdout, "statement %s %s in claim %s from now on\n", done.Parts[0], done.Other, done.ID)
		default:
			_, err = fmt.Fprintf(e.stdout, "%d moved from %s to %s\n", len(done.Parts), done.ID, done.Other)
		}
		return err
	})
}

type storyListCmd struct {
	ID        string `arg:"" optional:"" help:"Story whose articles to list: the id at the end of its page's address."`
	Limit     int    `default:"50" help:"How many, at most."`
	Decisions bool   `help:"List merges, splits and moves instead, the newest first."`
}

// Run lists stories, articles or decisions.
func (c storyListCmd) Run(e *env) error {
	return withAdmin(e, func(a *app.Admin) error {
		switch {
		case c.Decisions:
			return printDecisions(e, a, "story", c.Limit)
		case c.ID != "":
			return c.articles(e, a)
		}
		list, err := a.Stories(e.ctx, c.Limit)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return none(e, "stories")
		}
		return table(e, "ID\tLATEST\tARTICLES\tORIGINS\tTITLE", func(w *tabwriter.Writer) {
			for _, s := range list {
				fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%s\n", s.ID, stamp(s.Latest), s.Articles, s.Origins, s.Title)
			}
		})
	})
}

func (c storyListCmd) articles(e *env, a *app.Admin) error {
	list, err := a.StoryArticles(e.ctx, c.ID)
	if err != nil {
		return unknown(err, "story")
	}
	return table(e, "ARTICLE\tPUBLISHED\tOUTLET\tCOPY OF\tTITLE", func(w *tabwriter.Writer) {
		for _, x := range list[:min(len(list), c.Limit)] {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", x.ID, stamp(x.Published), x.Outlet, cmp.Or(x.CopyOf, "–"), x.Title)
		}
	})
}

type storyMergeCmd struct {
	From string `arg:"" help:"Story that becomes part of the other: the id at the end of its page's address."`
	Into string `arg:"" help:"Story it becomes part of."`
	decider
}

// Run merges.
func (c storyMergeCmd) Run(e *env) error {
	return decideBy(e, c.decider, model.Decision{Noun: "story", Verb: "merge", ID: c.From, Other: c.Into})
}

type storySplitCmd struct {
	ID       string   `arg:"" help:"Story the articles leave."`
	Articles []string `arg:"" help:"Articles that leave it; their copies go along."`
	decider
}

// Run splits.
func (c storySplitCmd) Run(e *env) error {
	return decideBy(e, c.decider, model.Decision{Noun: "story", Verb: "split", ID: c.ID, Parts: c.Articles})
}

type storyMoveCmd struct {
	From     string   `arg:"" help:"Story the articles leave."`
	To       string   `arg:"" help:"Story they go to."`
	Articles []string `arg:"" help:"Articles that go; their copies go along."`
	decider
}

// Run moves.
func (c storyMoveCmd) Run(e *env) error {
	return decideBy(e, c.decider, model.Decision{Noun: "story", Verb: "move", ID: c.From, Other: c.To, Parts: c.Articles})
}
