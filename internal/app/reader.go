package app

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"crosscheck/internal/article"
	"crosscheck/internal/config"
	"crosscheck/internal/fetch"
	"crosscheck/internal/model"
	"crosscheck/internal/place"
	"crosscheck/internal/statement"
	"crosscheck/internal/text"
)

// Reader reads single pages, outside the service: what `crosscheck read`
// does. It is safe for concurrent use.
type Reader struct {
	fetch     *fetch.Client
	extractor *statement.Extractor
}

// NewReader returns a Reader that fetches within the given bounds.
func NewReader(lg *slog.Logger, cfg config.Fetch) (*Reader, error) {
	client, err := newFetcher(lg, cfg)
	if err != nil {
		return nil, err
	}
	extractor, err := statement.New()
	if err != nil {
		return nil, err
	}
	return &Reader{fetch: client, extractor: extractor}, nil
}

// Input is one thing to read.
type Input struct {
	ID          string
	Body        []byte
	URL         string // where it was fetched, or ""
	ContentType string
	Plain       bool      // finished text, taken byte for byte
	Explain     bool      // say where each statement comes from, and what was rejected
	Published   time.Time // used where the input states none
}

// Fetch gets the input behind a URL; the ID is left to the caller.
func (r *Reader) Fetch(ctx context.Context, url string) (Input, error) {
	res, err := r.fetch.Get(ctx, fetch.Request{URL: url, Page: true})
	if err != nil {
		return Input{}, err
	}
	return Input{Body: res.Body, URL: res.Capture.FinalURL, ContentType: res.Capture.ContentType}, nil
}

// Reading is the JSON line of one input. Offsets count Unicode code points of
// Text.
type Reading struct {
	ID         string             `json:"id"`
	Error      string             `json:"error,omitempty"`
	URL        string             `json:"url"`
	Title      string             `json:"title"`
	Bylines    []string           `json:"bylines"`
	Outlet     string             `json:"outlet"`
	Published  *time.Time         `json:"published"`
	Modified   *time.Time         `json:"modified"`
	Language   string             `json:"language"`
	Origin     model.Origin       `json:"origin"`
	Text       string             `json:"text"`
	State      model.Readability  `json:"readability,omitempty"`
	Problem    string             `json:"problem,omitempty"`
	Statements []ReadingStatement `json:"statements"`
	Places     []ReadingPlace     `json:"places"`
	Positions  []ReadingStatement `json:"positions,omitempty"` // where asked to explain
	Rejected   []Rejected         `json:"rejected,omitempty"`  // where asked to explain
}

// Rejected is what looked like a statement and is none.
type Rejected struct {
	Cue     *[2]int  `json:"cue"`
	Mention *[2]int  `json:"mention"`
	Content [][2]int `json:"content"`
	By      string   `json:"by"`
	Score   float64  `json:"score"`
	Why     string   `json:"why"`

	words, cue string
}

// Words is the content verbatim, and the cue.
func (r *Rejected) Words() (content, cue string) { return r.words, r.cue }

// ReadingStatement is one statement of a Reading.
type ReadingStatement struct {
	Content     [][2]int          `json:"content"`
	Cue         *[2]int           `json:"cue"`
	Mention     *[2]int           `json:"mention"`
	Speaker     string            `json:"speaker"`
	SpeakerType model.SpeakerType `json:"speaker_type"`
	Role        *string           `json:"role"`
	Kind        model.Kind        `json:"kind"`
	Stance      model.Stance      `json:"stance"`
	Channel     *string           `json:"channel"`
	SaidOn      *string           `json:"said_on"`
	Outer       int               `json:"outer,omitempty"` // number of the statement that reports this one, from 1
	By          string            `json:"by,omitempty"`    // what found it, where asked to explain
	Score       float64           `json:"score,omitempty"`
	Follows     int               `json:"follows,omitempty"` // number of the statement whose quotation it continues, likewise

	words string // the content, for people
}

// ReadingPlace is a name of a place in a Reading. What could not be told is null.
type ReadingPlace struct {
	Span      [2]int    `json:"span"`
	Name      string    `json:"name"` // as the gazetteer has it, or as it is written
	GeonameID *int64    `json:"geoname_id"`
	Lat       *float64  `json:"lat"`
	Lon       *float64  `json:"lon"`
	Country   string    `json:"country"`
	Use       place.Use `json:"use,omitempty"` // none: the place itself

	in string
}

// In names the region and the country around the place, for people.
func (p *ReadingPlace) In() string { return p.in }

// Words is the content verbatim; spans are joined by " … ".
func (s *ReadingStatement) Words() string { return s.words }

// Read reads an input. What cannot be read has Error set.
func (r *Reader) Read(in Input) Reading {
	art, err := readInput(in)
	if err != nil {
		return Unread(in.ID, in.URL, err)
	}
	if art.Published.IsZero() && !in.Published.IsZero() {
		art.Published, art.PublishedFrom = in.Published, model.DateGiven
	}
	if !in.Explain {
		return newReading(in, art, r.extractor.Extract(art), nil)
	}
	statements, findings := r.extractor.Explain(art)
	return newReading(in, art, statements, findings)
}

// Unread is the reading of an input that cannot be read.
func Unread(id, url string, err error) Reading {
	return Reading{ID: id, URL: url, Error: err.Error(), Bylines: []string{}, Statements: []ReadingStatement{}, Places: []ReadingPlace{}}
}

func readInput(in Input) (*model.Article, error) {
	hints := article.Hints{URL: in.URL, ContentType: in.ContentType, Now: time.Now()}
	if in.Plain {
		return article.Plain(string(in.Body), hints), nil
	}
	art, err := article.Read(in.Body, hints)
	if err == nil && art.Text == "" {
		err = errors.New(art.Problem)
	}
	return art, err
}

func newReading(in Input, art *model.Article, statements []model.Statement, findings []statement.Finding) Reading {
	r := Reading{
		ID: in.ID, URL: art.URL, Title: art.Title, Bylines: art.Bylines, Outlet: art.Outlet,
		Published: timeOrNil(art.Published), Modified: timeOrNil(art.Modified),
		Language: art.Language, Origin: art.Origin, Text: art.Text, State: art.Readability, Problem: art.Problem,
		Statements: make([]ReadingStatement, 0, len(statements)), Places: []ReadingPlace{},
	}
	if r.Bylines == nil {
		r.Bylines = []string{}
	}
	at := points{text.RuneOffsets(art.Text), art.Text}
	for _, s := range statements {
		out := at.statement(s)
		switch {
		case s.Class == model.ClassStatement:
			r.Statements = append(r.Statements, out)
		case in.Explain:
			r.Positions = append(r.Positions, out)
		}
	}
	for _, n := range place.Names(art, statements) {
		r.Places = append(r.Places, at.place(n))
	}
	if in.Explain {
		r.explain(at, findings)
	}
	return r
}

// explain adds where each statement comes from, and what was rejected.
func (r *Reading) explain(at points, findings []statement.Finding) {
	for _, f := range findings {
		if f.Statement == 0 {
			content, words := at.content(f.Content)
			r.Rejected = append(r.Rejected, Rejected{
				Cue: at.optional(f.Cue), Mention: at.optional(f.Mention), Content: content, By: f.By, Score: f.Score, Why: f.Why,
				words: words, cue: f.Cue.Of(at.text),
			})
			continue
		}
		n, list := f.Statement-1, r.Statements
		if n >= len(list) {
			n, list = n-len(list), r.Positions
		}
		list[n].By, list[n].Score, list[n].Follows = f.By, f.Score, f.Follows
	}
}

// points turns byte offsets of a text into code points.
type points struct {
	offsets *text.Offsets
	text    string
}

func (p points) pair(sp model.Span) [2]int {
	return [2]int{p.offsets.Rune(sp.Start), p.offsets.Rune(sp.End)}
}

func (p points) optional(sp model.Span) *[2]int {
	if sp.Len() == 0 {
		return nil
	}
	pair := p.pair(sp)
	return &pair
}

func (p points) content(spans []model.Span) (pairs [][2]int, words string) {
	parts := make([]string, len(spans))
	for i, c := range spans {
		pairs = append(pairs, p.pair(c))
		parts[i] = c.Of(p.text)
	}
	return pairs, strings.Join(parts, " … ")
}

func (p points) place(n place.Name) ReadingPlace {
	out := ReadingPlace{Span: p.pair(model.Span(n.Span)), Name: n.Of(p.text), Use: n.Use}
	if n.Known {
		out.in = place.Around(n.Place)
		out.Name, out.Lat, out.Lon, out.Country = n.Place.Name, &n.Place.Lat, &n.Place.Lon, n.Place.Country
		if n.Place.ID > 0 {
			out.GeonameID = &n.Place.ID
		}
	}
	return out
}

func (p points) statement(s model.Statement) ReadingStatement {
	out := ReadingStatement{
		Cue: p.optional(s.Cue), Mention: p.optional(s.Mention), Speaker: s.Speaker, SpeakerType: s.SpeakerType,
		Role: orNil(s.Role), Kind: s.Kind, Stance: s.Stance, Channel: orNil(s.Channel), SaidOn: orNil(s.SaidOn), Outer: s.Outer,
	}
	out.Content, out.words = p.content(s.Content)
	return out
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
