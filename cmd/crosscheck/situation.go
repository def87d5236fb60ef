package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/goccy/go-yaml"

	"crosscheck/internal/app"
	"crosscheck/internal/config"
	"crosscheck/internal/model"
)

type situationCmd struct {
	Add     situationAddCmd     `cmd:"" help:"Define a situation."`
	List    situationListCmd    `cmd:"" help:"List the situations with their counts."`
	Show    situationShowCmd    `cmd:"" help:"Show a situation: its definition, counts and newest entries, its history or decisions."`
	Edit    situationEditCmd    `cmd:"" help:"Change a situation; every former definition is kept."`
	Remove  situationRemoveCmd  `cmd:"" help:"Take a situation away; add with its id brings it back."`
	Preview situationPreviewCmd `cmd:"" help:"Show what a definition would have caught; nothing is stored."`
	Pin     situationPinCmd     `cmd:"" help:"Put an article or a story into a situation, for ever."`
	Exclude situationExcludeCmd `cmd:"" help:"Put an article or a story out of a situation, for ever."`
	Free    situationFreeCmd    `cmd:"" help:"Take a pin or an exclusion back: the definition decides again."`
	Why     situationWhyCmd     `cmd:"" help:"Say why an article is in a situation, or why not."`
}

// situationFile is a definition as a YAML file and the JSON output have it.
type situationFile struct {
	ID        string   `yaml:"id,omitempty" json:"id,omitempty"`
	Title     string   `yaml:"title" json:"title"`
	Note      string   `yaml:"note,omitempty" json:"note,omitempty"`
	Words     []string `yaml:"words,omitempty" json:"words,omitempty"`
	Phrases   []string `yaml:"phrases,omitempty" json:"phrases,omitempty"`
	All       []string `yaml:"all,omitempty" json:"all,omitempty"`
	Exclude   []string `yaml:"exclude,omitempty" json:"exclude,omitempty"`
	Speakers  []string `yaml:"speakers,omitempty" json:"speakers,omitempty"`
	Places    []int64  `yaml:"places,omitempty" json:"places,omitempty"`
	Sources   []string `yaml:"sources,omitempty" json:"sources,omitempty"`
	Services  []string `yaml:"services,omitempty" json:"services,omitempty"`
	Languages []string `yaml:"languages,omitempty" json:"languages,omitempty"`
	From      string   `yaml:"from,omitempty" json:"from,omitempty"`
	Until     string   `yaml:"until,omitempty" json:"until,omitempty"`
}

func fileOf(s *model.Situation) situationFile {
	return situationFile{
		ID: s.ID, Title: s.Title, Note: s.Note, Words: s.Words, Phrases: s.Phrases, All: s.All, Exclude: s.Exclude, Speakers: s.Speakers,
		Places: s.Places, Sources: s.Sources, Services: s.Services, Languages: s.Languages, From: rfc(s.From), Until: rfc(s.Until),
	}
}

func rfc(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// into writes the definition of a file over s.
func (f *situationFile) into(s *model.Situation) (err error) {
	s.Title, s.Note, s.Words, s.Phrases, s.All, s.Exclude = f.Title, f.Note, f.Words, f.Phrases, f.All, f.Exclude
	s.Speakers, s.Places, s.Services, s.Languages = f.Speakers, f.Places, f.Services, f.Languages
	s.Sources = sourceIDs(f.Sources)
	if s.From, err = parseTime("from", f.From); err != nil {
		return err
	}
	s.Until, err = parseTime("until", f.Until)
	return err
}

// sourceIDs are sources given by address or id.
func sourceIDs(list []string) []string {
	var out []string
	for _, src := range list {
		if strings.Contains(src, "://") {
			src = model.ID("source", src)
		}
		out = append(out, src)
	}
	return out
}

// situationFlags are a definition as flags give it. Lists that are given take
// the place of those there were.
type situationFlags struct {
	File     string   `short:"f" placeholder:"FILE" help:"Definition as YAML, - for standard input; flags are laid over it."`
	Title    string   `help:"What readers see."`
	Note     string   `help:"The desk's own words under the title."`
	Word     []string `sep:"none" placeholder:"W" help:"Word that puts an article in; W* for beginnings. Repeat it for more, as all of these."`
	Phrase   []string `sep:"none" placeholder:"P" help:"Words in a row that put an article in."`
	All      []string `sep:"none" placeholder:"W" help:"Word that must be there too."`
	Exclude  []string `sep:"none" placeholder:"W" help:"Word or phrase that keeps an article out."`
	Speaker  []string `sep:"none" placeholder:"ID" help:"Speaker whose statements put an article in; crosscheck speaker list shows them."`
	Place    []string `sep:"none" placeholder:"NAME" help:"Place whose name, or that of a place in it, puts an article in: its name, or its gazetteer id where several have that."`
	Source   []string `sep:"none" placeholder:"URL" help:"Source all of whose articles are in: its address or id."`
	Service  []string `sep:"none" placeholder:"ID" help:"Service measured beside it."`
	Language []string `placeholder:"LL" help:"Only articles in that language."`
	From     string   `placeholder:"T" help:"Only articles from then on."`
	Until    string   `placeholder:"T" help:"Only articles before then."`
	Clear    []string `placeholder:"FIELD" enum:"note,words,phrases,all,exclude,speakers,places,sources,services,languages,from,until" help:"Empty a field: note, words, phrases, all, exclude, speakers, places, sources, services, languages, from or until."`
}

// lay lays the file and the flags over a definition.
func (f *situationFlags) lay(e *env, s *model.Situation) error {
	if f.File != "" {
		file, err := readSituation(e, f.File)
		if err != nil {
			return err
		}
		if file.ID != "" && s.ID != "" && file.ID != s.ID {
			return fmt.Errorf("%s is of situation %s, not %s", f.File, file.ID, s.ID)
		}
		if s.ID == "" {
			s.ID = file.ID
		}
		if err := file.into(s); err != nil {
			return fmt.Errorf("%s: %w", f.File, err)
		}
	}
	for _, name := range f.Clear {
		f.empty(s, name)
	}
	return f.over(s)
}

func readSituation(e *env, path string) (situationFile, error) {
	var file situationFile
	var in io.Reader = e.stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return file, err
		}
		defer f.Close()
		in = f
	}
	text, err := readAll(in)
	if err == nil {
		err = config.CheckText(text)
	}
	if err != nil {
		return file, fmt.Errorf("%s: %w", path, err)
	}
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&file); err != nil && err != io.EOF {
		return file, fmt.Errorf("%s: %s", path, config.YAMLFault(err))
	}
	return file, nil
}

// empty empties a field.
func (f *situationFlags) empty(s *model.Situation, name string) {
	switch name {
	case "note":
		s.Note = ""
	case "places":
		s.Places = nil
	case "from":
		s.From = time.Time{}
	case "until":
		s.Until = time.Time{}
	default:
		*map[string]*[]string{
			"words": &s.Words, "phrases": &s.Phrases, "all": &s.All, "exclude": &s.Exclude,
			"speakers": &s.Speakers, "sources": &s.Sources, "services": &s.Services, "languages": &s.Languages,
		}[name] = nil
	}
}

// over lays the flags over s.
func (f *situationFlags) over(s *model.Situation) error {
	s.Title, s.Note = cmp.Or(f.Title, s.Title), cmp.Or(f.Note, s.Note)
	for _, l := range []struct {
		given []string
		field *[]string
	}{
		{f.Word, &s.Words},
		{f.Phrase, &s.Phrases},
		{f.All, &s.All},
		{f.Exclude, &s.Exclude},
		{f.Speaker, &s.Speakers},
		{sourceIDs(f.Source), &s.Sources},
		{f.Service, &s.Services},
		{f.Language, &s.Languages},
	} {
		if len(l.given) > 0 {
			*l.field = l.given
		}
	}
	if len(f.Place) > 0 {
		s.Places = nil
	}
	for _, given := range f.Place {
		id, err := app.FindPlace(given)
		if err != nil {
			return err
		}
		s.Places = append(s.Places, id)
	}
	for _, t := range []struct {
		flag, given string
		field       *time.Time
	}{{"--from", f.From, &s.From}, {"--until", f.Until, &s.Until}} {
		if t.given == "" {
			continue
		}
		at, err := parseTime(t.flag, t.given)
		if err != nil {
			return err
		}
		*t.field = at
	}
	return nil
}

// faulty makes faults of a definition faults of the command line, and says
// where to find the ids of what there is.
func faulty(err error) error {
	switch {
	case errors.Is(err, model.ErrInvalid):
		return usage(err)
	case errors.Is(err, model.ErrNotFound):
		return fmt.Errorf("%w (crosscheck situation list shows the situations, story list the stories and articles)", err)
	}
	return err
}

// printJSON writes v on one line.
func printJSON(e *env, v any) error {
	enc := json.NewEncoder(e.stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

type situationAddCmd struct {
	Name string `arg:"" optional:"" name:"title" help:"Title, where no file or flag gives it."`
	ID   string `placeholder:"ID" help:"Name in addresses; default made from the title."`
	situationFlags
	decider
}

// Help is printed below the flags.
func (situationAddCmd) Help() string {
	return `An article is in when it has a word or phrase, a statement of a speaker, the name of a place or comes from a source,
and has every word of --all, none of --exclude, and lies in the languages and the time.

Examples:
  crosscheck situation preview --word bridge --phrase "ferry strike" --exclude "card game"
  crosscheck situation add "The Ostmere bridge" --word bridge --phrase "ferry strike" --exclude "card game"
  crosscheck situation add -f ostmere.yaml

ostmere.yaml:
  title: The Ostmere bridge
  words: [bridge, bridges, ferr*]
  phrases: [pontoon crossing]
  exclude: [card game]
  services: [ferry-site]
  from: 2026-03-01`
}

// Run defines the situation.
func (c situationAddCmd) Run(e *env) error {
	s := model.Situation{ID: c.ID, By: c.name()}
	if err := c.lay(e, &s); err != nil {
		return usage(err)
	}
	s.Title = cmp.Or(s.Title, c.Name)
	return withAdmin(e, func(a *app.Admin) error {
		if s.ID != "" {
			if _, err := a.Situation(e.ctx, s.ID); err == nil {
				return model.Errorf(model.ErrConflict, "situation %s is there already; crosscheck situation edit changes it", s.ID)
			}
		}
		return saveSituation(e, a, &s, 0)
	})
}

// saveSituation keeps a situation that was at a revision, 0 for a new one, and
// says what it has caught.
func saveSituation(e *env, a *app.Admin, s *model.Situation, was int) error {
	if err := warn(e, a, s); err != nil {
		return faulty(err)
	}
	if err := a.SaveSituation(e.ctx, s); err != nil {
		return faulty(err)
	}
	f, err := a.Situation(e.ctx, s.ID)
	if err != nil {
		return err
	}
	if was == f.Revision {
		_, err = fmt.Fprintf(e.stdout, "nothing changed: situation %s is at revision %d\n", f.ID, f.Revision)
		return err
	}
	_, err = fmt.Fprintf(e.stdout, "situation %s, revision %d: %d articles of %d origins, %d claims (%d disputed)\n",
		f.ID, f.Revision, f.Articles, f.Origins, f.Claims, f.Disputed)
	return err
}

// warn prints what is odd about a definition, by the last week.
func warn(e *env, a *app.Admin, s *model.Situation) error {
	p, err := a.PreviewSituation(e.ctx, *s, time.Now().Add(-week), 0)
	for _, w := range p.Warnings {
		fmt.Fprintln(e.stderr, "warning:", w)
	}
	return err
}

const week = 7 * 24 * time.Hour

type situationEditCmd struct {
	ID string `arg:"" help:"Situation."`
	situationFlags
	decider
}

// Help is printed below the flags.
func (situationEditCmd) Help() string {
	return `A list that is given takes the place of the one there was.

Examples:
  crosscheck situation edit the-ostmere-bridge --exclude "card game" --exclude dental
  crosscheck situation show the-ostmere-bridge --yaml > b.yaml
  crosscheck situation edit the-ostmere-bridge -f b.yaml`
}

// Run changes the situation.
func (c situationEditCmd) Run(e *env) error {
	return withAdmin(e, func(a *app.Admin) error {
		f, err := a.Situation(e.ctx, c.ID)
		if err != nil {
			return faulty(err)
		}
		s := f.Situation
		s.By, s.Changed = c.name(), time.Time{}
		if err := c.lay(e, &s); err != nil {
			return usage(err)
		}
		return saveSituation(e, a, &s, f.Revision)
	})
}

type situationListCmd struct {
	JSON bool `name:"json" help:"One JSON line for each."`
}

// situationLine is a situation as JSON.
type situationLine struct {
	situationFile
	Revision  int    `json:"revision"`
	By        string `json:"by"`
	Created   string `json:"created"`
	Changed   string `json:"changed"`
	Articles  int    `json:"articles"`
	Origins   int    `json:"origins"`
	Stories   int    `json:"stories"`
	Claims    int    `json:"claims"`
	Disputed  int    `json:"disputed"`
	Speakers  int    `json:"speakers"`
	Reversals int    `json:"reversals"`
	Outages   int    `json:"outages"`
	Latest    string `json:"latest,omitempty"`
	Working   bool   `json:"working"`
}

func lineOf(f *model.SituationFacts) situationLine {
	return situationLine{
		situationFile: fileOf(&f.Situation), Revision: f.Revision, By: f.By, Created: rfc(f.Created), Changed: rfc(f.Changed), Articles: f.Articles,
		Origins: f.Origins, Stories: f.Stories, Claims: f.Claims, Disputed: f.Disputed, Speakers: f.Speakers, Reversals: f.Reversals,
		Outages: f.Outages, Latest: rfc(f.Latest), Working: f.Working,
	}
}

// Run lists the situations.
func (c situationListCmd) Run(e *env) error {
	return withAdmin(e, func(a *app.Admin) error {
		list, err := a.Situations(e.ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			for i := range list {
				if err := printJSON(e, lineOf(&list[i])); err != nil {
					return err
				}
			}
			return nil
		}
		if len(list) == 0 {
			_, err := fmt.Fprintln(e.stdout, "no situations yet; define one with: crosscheck situation add TITLE --word WORD")
			return err
		}
		return table(e, "ID\tLATEST\tARTICLES\tORIGINS\tCLAIMS\tDISPUTED\tTITLE", func(w *tabwriter.Writer) {
			for _, f := range list {
				fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%s\n", f.ID, stamp(f.Latest), f.Articles, f.Origins, f.Claims, f.Disputed, f.Title)
			}
		})
	})
}

type situationShowCmd struct {
	ID        string `arg:"" help:"Situation."`
	JSON      bool   `name:"json" help:"Definition and counts as one JSON line."`
	YAML      bool   `name:"yaml" help:"Only the definition, as edit -f takes it."`
	History   bool   `help:"Every definition it had, the newest first."`
	Decisions bool   `help:"What has been pinned and excluded by hand, the newest first."`
	Known     string `placeholder:"T" help:"The timeline as it was known then."`
	Limit     int    `default:"20" help:"How many entries, at most."`
}

// Run shows the situation.
func (c situationShowCmd) Run(e *env) error {
	return withAdmin(e, func(a *app.Admin) error {
		if c.History {
			return c.history(e, a)
		}
		f, err := a.Situation(e.ctx, c.ID)
		switch {
		case err != nil:
			return faulty(err)
		case c.JSON:
			return printJSON(e, lineOf(f))
		case c.YAML:
			return c.yaml(e.stdout, &f.Situation)
		case c.Decisions:
			return c.decisions(e, a)
		}
		return c.page(e, a, f)
	})
}

func (c situationShowCmd) yaml(w io.Writer, s *model.Situation) error {
	b, err := yaml.Marshal(fileOf(s))
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

func (c situationShowCmd) page(e *env, a *app.Admin, f *model.SituationFacts) error {
	known, err := parseTime("--known", c.Known)
	if err != nil {
		return usage(err)
	}
	list, err := a.SituationEntries(e.ctx, c.ID, model.EntryQuery{Known: known, Limit: c.Limit})
	if err != nil {
		return err
	}
	if err := c.yaml(e.stdout, &f.Situation); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "\nrevision %d by %s, %s\n%d articles of %d origins in %d stories; %d claims, %d of them disputed; %d speakers, %d reversals; %d outages\n",
		f.Revision, f.By, stamp(f.Changed), f.Articles, f.Origins, f.Stories, f.Claims, f.Disputed, f.Speakers, f.Reversals, f.Outages)
	if f.Working {
		fmt.Fprintln(e.stdout, "the articles are still being gone through; a running service does that")
	}
	if len(list) == 0 {
		return nil
	}
	fmt.Fprintln(e.stdout)
	return table(e, "AT\tWHAT\tSPEAKER\tOUTLET\tWORDS", func(w *tabwriter.Writer) {
		for _, x := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", stamp(x.At), x.Kind, orDash(x.Speaker), orDash(x.Outlet), strings.Join(strings.Fields(x.Text), " "))
		}
	})
}

func (c situationShowCmd) history(e *env, a *app.Admin) error {
	list, err := a.SituationHistory(e.ctx, c.ID)
	if err != nil {
		return faulty(err)
	}
	for i := range list {
		s := &list[i]
		fmt.Fprintf(e.stdout, "# revision %d by %s, %s\n", s.Revision, s.By, stamp(s.Changed))
		if s.Title == "" {
			fmt.Fprintln(e.stdout, "# removed")
			continue
		}
		if err := c.yaml(e.stdout, s); err != nil {
			return err
		}
	}
	return nil
}

func (c situationShowCmd) decisions(e *env, a *app.Admin) error {
	list, err := a.SituationPins(e.ctx, c.ID, c.Limit)
	if err != nil {
		return err
	}
	return table(e, "WHEN\tWHO\tWHAT\tARTICLE\tSTORY", func(w *tabwriter.Writer) {
		for _, p := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", stamp(p.At), p.By, p.Verb, orDash(p.Article), orDash(p.Story))
		}
	})
}

type situationRemoveCmd struct {
	ID string `arg:"" help:"Situation."`
	decider
}

// Run removes the situation.
func (c situationRemoveCmd) Run(e *env) error {
	return withAdmin(e, func(a *app.Admin) error {
		if err := a.RemoveSituation(e.ctx, c.ID, c.name()); err != nil {
			return faulty(err)
		}
		_, err := fmt.Fprintf(e.stdout, "situation %s is removed; its definitions and decisions are kept\n", c.ID)
		return err
	})
}

type situationPreviewCmd struct {
	ID    string `arg:"" optional:"" help:"Situation whose definition the flags are laid over."`
	Since string `placeholder:"T" help:"Look at articles from then on; default the last week."`
	Limit int    `default:"10" help:"Size of the sample."`
	JSON  bool   `name:"json" help:"As one JSON line."`
	situationFlags
}

// previewLine is a preview as JSON.
type previewLine struct {
	Since    string       `json:"since"`
	Articles int          `json:"articles"`
	Origins  int          `json:"origins"`
	Stories  int          `json:"stories"`
	All      int          `json:"all"`
	Share    float64      `json:"share"`
	Warnings []string     `json:"warnings"`
	Sample   []sampleLine `json:"sample"`
}

type sampleLine struct {
	ID        string   `json:"id"`
	URL       string   `json:"url"`
	Title     string   `json:"title"`
	Outlet    string   `json:"outlet"`
	Published string   `json:"published,omitempty"`
	Why       []string `json:"why"`
}

// Help is printed below the flags.
func (situationPreviewCmd) Help() string {
	return `Examples:
  crosscheck situation preview --word bridge --phrase "ferry strike"
  crosscheck situation preview the-ostmere-bridge --exclude "card game" --since 2026-03-01`
}

// Run previews.
func (c situationPreviewCmd) Run(e *env) error {
	since, err := parseTime("--since", c.Since)
	if err != nil {
		return usage(err)
	}
	if since.IsZero() {
		since = time.Now().Add(-week)
	}
	return withAdmin(e, func(a *app.Admin) error {
		var s model.Situation
		if c.ID != "" {
			f, err := a.Situation(e.ctx, c.ID)
			if err != nil {
				return faulty(err)
			}
			s = f.Situation
		}
		if err := c.lay(e, &s); err != nil {
			return usage(err)
		}
		s.Title = cmp.Or(s.Title, "preview")
		p, err := a.PreviewSituation(e.ctx, s, since, c.Limit)
		if err != nil {
			return faulty(err)
		}
		if c.JSON {
			return printJSON(e, previewLineOf(&p))
		}
		return c.print(e, &p)
	})
}

func previewLineOf(p *model.Preview) previewLine {
	out := previewLine{
		Since: rfc(p.Since), Articles: p.Articles, Origins: p.Origins, Stories: p.Stories, All: p.All, Share: p.Share,
		Warnings: append([]string{}, p.Warnings...), Sample: []sampleLine{},
	}
	for i := range p.Sample {
		x := &p.Sample[i]
		out.Sample = append(out.Sample, sampleLine{x.ID, x.URL, x.Title, x.Outlet, rfc(x.Published), p.Why[i].Why})
	}
	return out
}

func (c situationPreviewCmd) print(e *env, p *model.Preview) error {
	for _, w := range p.Warnings {
		fmt.Fprintln(e.stderr, "warning:", w)
	}
	fmt.Fprintf(e.stdout, "%d of %d articles since %s (%.1f %%), of %d origins, in %d stories\n",
		p.Articles, p.All, stamp(p.Since), 100*p.Share, p.Origins, p.Stories)
	if len(p.Sample) == 0 {
		return nil
	}
	fmt.Fprintln(e.stdout, "the newest of them:")
	return table(e, "PUBLISHED\tOUTLET\tTITLE\tBECAUSE IT", func(w *tabwriter.Writer) {
		for i, x := range p.Sample {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", stamp(x.Published), x.Outlet, x.Title, strings.Join(p.Why[i].Why, ", "))
		}
	})
}

// situationMember names an article or a story of a situation.
type situationMember struct {
	ID    string `arg:"" help:"Situation."`
	What  string `arg:"" help:"Article; with --story, story. The id at the end of its page's address."`
	Story bool   `help:"It is a story: all its articles, and those that will come to it."`
	decider
}

// decide carries the decision out and says so.
func (m situationMember) decide(e *env, verb, done string) error {
	p := model.Pin{Situation: m.ID, Article: m.What, Verb: verb, By: m.name()}
	noun := "article"
	if m.Story {
		p.Article, p.Story, noun = "", m.What, "story"
	}
	return withAdmin(e, func(a *app.Admin) error {
		if err := a.PinMember(e.ctx, p); err != nil {
			return faulty(err)
		}
		_, err := fmt.Fprintf(e.stdout, "%s %s %s %s\n", noun, m.What, done, m.ID)
		return err
	})
}

type situationPinCmd struct{ situationMember }

// Run pins.
func (c situationPinCmd) Run(e *env) error {
	return c.decide(e, model.PinIn, "is in from now on, whatever the definition says:")
}

type situationExcludeCmd struct{ situationMember }

// Run excludes.
func (c situationExcludeCmd) Run(e *env) error {
	return c.decide(e, model.PinOut, "is out from now on, whatever the definition says:")
}

type situationFreeCmd struct{ situationMember }

// Run frees.
func (c situationFreeCmd) Run(e *env) error {
	return c.decide(e, model.PinFree, "is left to the definition again:")
}

type situationWhyCmd struct {
	ID      string `arg:"" help:"Situation."`
	Article string `arg:"" help:"Article: the id at the end of its page's address."`
	JSON    bool   `name:"json" help:"As one JSON line."`
}

// whyLine is how an article stands to a situation, as JSON.
type whyLine struct {
	Situation string   `json:"situation"`
	Article   string   `json:"article"`
	In        bool     `json:"in"`
	Why       []string `json:"why"`
	Pinned    bool     `json:"pinned"`
	Excluded  bool     `json:"excluded"`
	Story     string   `json:"story,omitempty"`
	By        string   `json:"by,omitempty"`
	At        string   `json:"at,omitempty"`
}

// Run says why.
func (c situationWhyCmd) Run(e *env) error {
	return withAdmin(e, func(a *app.Admin) error {
		m, err := a.SituationWhy(e.ctx, c.ID, c.Article)
		if err != nil {
			return faulty(err)
		}
		if c.JSON {
			return printJSON(e, whyLine{m.Situation, m.Article, m.In, m.Why, m.Pinned, m.Excluded, m.Story, m.By, rfc(m.At)})
		}
		state := "is not in"
		if m.In {
			state = "is in"
		}
		fmt.Fprintf(e.stdout, "article %s %s %s\n", m.Article, state, m.Situation)
		if m.By != "" {
			what := "its story"
			if m.Story == "" {
				what = "it"
			}
			verb := "excluded"
			if m.Pinned {
				verb = "pinned"
			}
			fmt.Fprintf(e.stdout, "%s %s %s, %s; by itself the definition finds that it\n", m.By, verb, what, stamp(m.At))
		}
		for _, w := range m.Why {
			fmt.Fprintln(e.stdout, "  "+w)
		}
		return nil
	})
}
