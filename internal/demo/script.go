package demo

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"crosscheck/internal/model"

	"golang.org/x/tools/txtar"
)

// section is one entry of the script: header lines, a blank line, a body.
type section struct {
	script string // archive without extension
	name   string // after the kind
	header map[string][]string
	body   string
}

// readers says what each kind of section adds to the web.
var readers = map[string]func(*Web, section) error{
	"outlet":    (*Web).addOutlet,
	"article":   (*Web).addArticle,
	"revision":  (*Web).addRevision,
	"decision":  (*Web).addDecision,
	"service":   (*Web).addService,
	"vantage":   (*Web).addVantage,
	"fault":     (*Web).addFault,
	"situation": (*Web).addSituation,
	"place":     (*Web).addPlace,
	"briefing":  (*Web).addBriefing,
}

// load reads every archive, outlets before the others.
func (w *Web) load(fsys fs.FS) error {
	names, err := fs.Glob(fsys, "data/*.txtar")
	if err != nil {
		return err
	}
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		if err := w.loadArchive(strings.TrimSuffix(path.Base(name), ".txtar"), txtar.Parse(data)); err != nil {
			return err
		}
	}
	for _, o := range w.outlets {
		slices.SortStableFunc(o.articles, func(a, b *article) int { return a.versions[0].At.Compare(b.versions[0].At) })
	}
	return nil
}

func (w *Web) loadArchive(script string, a *txtar.Archive) error {
	for _, f := range a.Files {
		kind, name, _ := strings.Cut(f.Name, "/")
		read := readers[kind]
		if read == nil {
			return model.Errorf(model.ErrInvalid, "demo: %s: section %q: want one of %s", script, f.Name, strings.Join(slices.Sorted(maps.Keys(readers)), ", "))
		}
		s := section{script: script, name: name}
		s.header, s.body = cutHeader(string(f.Data))
		if err := read(w, s); err != nil {
			return model.Errorf(model.ErrInvalid, "demo: %s: %s: %w", script, f.Name, err)
		}
	}
	return nil
}

// cutHeader splits "Key: value" lines from the body after the first blank line.
func cutHeader(s string) (map[string][]string, string) {
	head, body, _ := strings.Cut(s, "\n\n")
	h := map[string][]string{}
	for line := range strings.Lines(head) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		h[key] = append(h[key], strings.TrimSpace(value))
	}
	return h, body
}

func (s section) get(key string) string {
	if v := s.header[key]; len(v) > 0 {
		return v[0]
	}
	return ""
}

func (w *Web) addOutlet(s section) error {
	kind, feedPath, _ := strings.Cut(s.get("Feed"), " ")
	zone := time.UTC
	if h := s.get("Zone"); h != "" {
		n, err := strconv.Atoi(h)
		if err != nil {
			return err
		}
		zone = time.FixedZone("", n*3600)
	}
	w.outlets[s.name] = &outlet{
		Host: s.name, Name: s.get("Name"), Tagline: s.get("Tagline"), Template: s.get("Template"),
		FeedKind: kind, FeedPath: feedPath, Robots: s.body, Charset: s.get("Charset"),
		licence: model.Licence(s.get("Licence")), zone: zone,
	}
	w.hosts = append(w.hosts, s.name)
	return nil
}

func (w *Web) addArticle(s section) error {
	host, p, _ := strings.Cut(s.name, "/")
	o := w.outlets[host]
	if o == nil {
		return model.Errorf(model.ErrNotFound, "no outlet %q before it", host)
	}
	v, err := w.version(s)
	if err != nil {
		return err
	}
	o.articles = append(o.articles, &article{outlet: o, path: "/" + p, script: s.script, versions: []version{v}})
	return nil
}

// addRevision adds a later version; headers it does not give stay as they were.
func (w *Web) addRevision(s section) error {
	a := w.lookup(s.name)
	if a == nil {
		return model.Errorf(model.ErrNotFound, "no article before it")
	}
	v, err := w.version(s)
	if err != nil {
		return err
	}
	last := a.versions[len(a.versions)-1]
	if !v.At.After(last.At) {
		return model.Errorf(model.ErrInvalid, "not later than the version before it")
	}
	last.At, last.Blocks = v.At, v.Blocks
	if v.Headline != "" {
		last.Headline = v.Headline
	}
	a.versions = append(a.versions, last)
	return nil
}

// lookup finds an article by "HOST/PATH".
func (w *Web) lookup(name string) *article {
	host, p, _ := strings.Cut(name, "/")
	o := w.outlets[host]
	if o == nil {
		return nil
	}
	for _, a := range o.articles {
		if a.path == "/"+p {
			return a
		}
	}
	return nil
}

func (w *Web) version(s section) (version, error) {
	at, err := time.Parse("2006-01-02T15:04Z", s.get("At"))
	if err != nil {
		return version{}, err
	}
	if at.Before(Start) || at.After(End) {
		return version{}, model.Errorf(model.ErrInvalid, "At: %s lies outside the script", s.get("At"))
	}
	v := version{
		At: at, Headline: s.get("Headline"), Standfirst: s.get("Standfirst"), Byline: s.get("Byline"),
		Section: s.get("Section"), Caption: s.get("Caption"), Photo: s.get("Photo"), About: s.get("About"),
		Credit: s.get("Credit"), SourceURL: s.get("Source"),
	}
	for _, c := range s.header["Comment"] {
		name, text, _ := strings.Cut(c, " | ")
		v.Comments = append(v.Comments, comment{name, text})
	}
	v.Blocks, err = w.blocks(s.body)
	return v, err
}

// blocks reads a body: blocks are separated by blank lines, their lines are
// joined by a space; "## " begins a heading and "@HOST/PATH 2-11" repeats
// those paragraphs of an article given before.
func (w *Web) blocks(body string) ([]Block, error) {
	var out []Block
	for part := range strings.SplitSeq(body, "\n\n") {
		text := strings.Join(strings.Fields(part), " ")
		switch {
		case text == "":
		case strings.HasPrefix(text, "## "):
			out = append(out, Block{Heading: true, Text: text[3:]})
		case strings.HasPrefix(text, "@"):
			repeated, err := w.repeat(text[1:])
			if err != nil {
				return nil, err
			}
			out = append(out, repeated...)
		default:
			out = append(out, Block{Text: text})
		}
	}
	if len(out) == 0 {
		return nil, model.Errorf(model.ErrInvalid, "no text")
	}
	return out, nil
}

func (w *Web) repeat(ref string) ([]Block, error) {
	name, span, _ := strings.Cut(ref, " ")
	first, last, isRange := strings.Cut(span, "-")
	if !isRange {
		last = first
	}
	from, err1 := strconv.Atoi(first)
	to, err2 := strconv.Atoi(last)
	a := w.lookup(name)
	if err1 != nil || err2 != nil || a == nil || from < 1 || to < from || to > len(a.versions[0].Blocks) {
		return nil, model.Errorf(model.ErrInvalid, "cannot repeat %q", ref)
	}
	return a.versions[0].Blocks[from-1 : to], nil
}
