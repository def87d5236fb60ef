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
	return &Reader{fetch: client, extractor: statement.New()}, nil
}

// Input is one thing to read.
type Input struct {
	ID          string
	Body        []byte
	URL         string // where it was fetched, or ""
	ContentType string
	Plain       bool      // finished text, taken byte for byte
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
	Places     []struct{}         `json:"places"`
}

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

	words string // the content, for people
}

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
	return newReading(in.ID, art, r.extractor.Extract(art))
}

// Unread is the reading of an input that cannot be read.
func Unread(id, url string, err error) Reading {
	return Reading{ID: id, URL: url, Error: err.Error(), Bylines: []string{}, Statements: []ReadingStatement{}, Places: []struct{}{}}
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

func newReading(id string, art *model.Article, statements []model.Statement) Reading {
	r := Reading{
		ID: id, URL: art.URL, Title: art.Title, Bylines: art.Bylines, Outlet: art.Outlet,
		Published: timeOrNil(art.Published), Modified: timeOrNil(art.Modified),
		Language: art.Language, Origin: art.Origin, Text: art.Text, State: art.Readability, Problem: art.Problem,
		Statements: make([]ReadingStatement, 0, len(statements)), Places: []struct{}{},
	}
	if r.Bylines == nil {
		r.Bylines = []string{}
	}
	points := text.RuneOffsets(art.Text)
	for _, s := range statements {
		r.Statements = append(r.Statements, newReadingStatement(points, art.Text, s))
	}
	return r
}

func newReadingStatement(points *text.Offsets, body string, s model.Statement) ReadingStatement {
	pair := func(sp model.Span) [2]int { return [2]int{points.Rune(sp.Start), points.Rune(sp.End)} }
	optional := func(sp model.Span) *[2]int {
		if sp.Len() == 0 {
			return nil
		}
		p := pair(sp)
		return &p
	}
	out := ReadingStatement{
		Cue: optional(s.Cue), Mention: optional(s.Mention), Speaker: s.Speaker, SpeakerType: s.SpeakerType,
		Role: orNil(s.Role), Kind: s.Kind, Stance: s.Stance, Channel: orNil(s.Channel), SaidOn: orNil(s.SaidOn),
	}
	words := make([]string, len(s.Content))
	for i, c := range s.Content {
		out.Content = append(out.Content, pair(c))
		words[i] = c.Of(body)
	}
	out.words = strings.Join(words, " … ")
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
