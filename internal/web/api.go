package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"crosscheck/internal/model"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// apiRoot is where the API lives. Its shapes may gain fields; whatever else
// changes them gets another number.
const apiRoot = "/api/v1"

// isAPI reports whether a request is for the API, so that it is answered in its
// forms.
func isAPI(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, apiRoot+"/") }

// operations registers the API on the site's mux and returns the document that
// describes it.
func (s *Server) operations(mux *http.ServeMux) *huma.OpenAPI {
	cfg := huma.Config{
		OpenAPI:       apiDocument(s.cfg),
		Formats:       map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat}, // the latter for problem+json
		DefaultFormat: "application/json",
		Transformers:  []huma.Transformer{refusal},
	}
	cfg.AllowAdditionalPropertiesByDefault = true // readers must bear new fields
	api := huma.NewAPI(cfg, humago.NewAdapter(apiMux{mux, s}, ""))
	s.situationOperations(api)
	s.storyOperations(api)
	s.claimOperations(api)
	s.speakerOperations(api)
	s.articleOperations(api)
	s.serviceOperations(api)
	s.outageOperations(api)
	neverNull(api.OpenAPI().Components.Schemas)
	return api.OpenAPI()
}

// apiMux lets huma register what it serves, each behind Server.operation.
type apiMux struct {
	*http.ServeMux
	s *Server
}

func (m apiMux) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	m.Handle(pattern, m.s.handle(m.s.operation(h)))
}

// call is one request to the API on its way through huma.
type call struct {
	r   *http.Request
	err error // why it cannot be answered
}

type callKey struct{}

func callOf(ctx context.Context) *call { return ctx.Value(callKey{}).(*call) }

// operation lets huma read the parameters and write the answer, and sends it the
// way pages are sent.
func (s *Server) operation(h func(http.ResponseWriter, *http.Request)) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		c := &call{r: r}
		a := answer{head: http.Header{}, status: http.StatusOK}
		h(&a, r.WithContext(context.WithValue(r.Context(), callKey{}, c)))
		if to, ok := errors.AsType[movedTo](c.err); ok {
			_, pattern, _ := strings.Cut(r.Pattern, " ")
			there := strings.Replace(pattern, "{id}", url.PathEscape(string(to)), 1)
			if r.URL.RawQuery != "" {
				there += "?" + r.URL.RawQuery
			}
			w.Header().Set("Cache-Control", "no-cache") // a person may part them again
			http.Redirect(w, r, there, http.StatusMovedPermanently)
			return nil
		}
		if c.err != nil {
			return c.err
		}
		maps.Copy(w.Header(), a.head)
		s.send(w, r, a.status, a.head.Get("Content-Type"), a.body.Bytes())
		return nil
	}
}

// answer keeps what huma writes.
type answer struct {
	head   http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.head }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }

// movedTo is the id under which a thing is found now.
type movedTo string

func (m movedTo) Error() string { return "web: moved to " + string(m) }

// present returns an error that leads to the id a thing has now, where it is not
// the one it was asked for by.
func present(asked, now string) error {
	if asked != now {
		return movedTo(now)
	}
	return nil
}

// refused is what does not fit in the parameters of a request.
type refused struct{ details []*huma.ErrorDetail }

func (refused) Error() string { return "The parameters do not fit. See the errors." }
func (refused) Unwrap() error { return model.ErrInvalid }

// refusal is a huma.Transformer that notes why huma refuses a request. It is
// answered as every other error is.
func refusal(ctx huma.Context, _ string, v any) (any, error) {
	if e, ok := v.(*huma.ErrorModel); ok {
		if c := callOf(ctx.Context()); c.err == nil {
			c.err = told{refused{e.Errors}}
		}
	}
	return v, nil
}

// problem answers with an error as RFC 9457 writes it.
func (s *Server) problem(w http.ResponseWriter, r *http.Request, page errorPage, err error) error {
	p := huma.ErrorModel{Title: http.StatusText(page.Status), Status: page.Status, Detail: page.Reason}
	if e, ok := errors.AsType[refused](err); ok {
		p.Errors = e.details
	}
	body, err := json.Marshal(p)
	if err == nil {
		s.send(w, r, page.Status, "application/problem+json", body)
	}
	return err
}

// noSuchCall answers for the addresses under the API at which there is nothing.
func (s *Server) noSuchCall(http.ResponseWriter, *http.Request) error {
	return tell(model.ErrNotFound, "Nothing is kept at this address. /api lists those there are.")
}

// apiCall says what one call of the API is for.
type apiCall struct {
	id      string // of the operation
	path    string // below apiRoot
	summary string
	about   string
}

// register adds a call to the API. What find returns is the answer.
func register[I, O any](s *Server, api huma.API, a apiCall, find func(f form, in *I) (*O, error)) {
	huma.Register(api, a.describe(api), func(ctx context.Context, in *I) (*struct{ Body *O }, error) {
		c := callOf(ctx)
		var body *O
		if body, c.err = find(form{s, c.r}, in); c.err != nil {
			return nil, c.err
		}
		return &struct{ Body *O }{body}, nil
	})
}

// registerCSV adds a call that answers with a table of the statements that find
// returns, one a row. The name is that of the file.
func registerCSV[I any](s *Server, api huma.API, a apiCall, find func(f form, in *I) (name string, list []model.Ledger, err error)) {
	registerTable(s, api, a, "statement", columnNames(), func(f form, in *I) (string, [][]string, error) {
		name, list, err := find(f, in)
		return name, f.rows(list), err
	})
}

// registerTable adds a call that answers with a table: under a row of names, one
// row for each of what is counted.
func registerTable[I any](s *Server, api huma.API, a apiCall, what string, names []string, find func(f form, in *I) (name string, rows [][]string, err error)) {
	type table struct {
		Type string `header:"Content-Type" hidden:"true"`
		File string `header:"Content-Disposition" hidden:"true"`
		Body []byte
	}
	op := a.describe(api)
	op.Responses["200"] = &huma.Response{
		Description: "One row a " + what + ", under a row of names: " + strings.Join(names, ", ") + ".",
		Content:     map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}
	huma.Register(api, op, func(ctx context.Context, in *I) (*table, error) {
		c := callOf(ctx)
		name, rows, err := find(form{s, c.r}, in)
		if c.err = err; err != nil {
			return nil, err
		}
		body, err := tableOf(names, rows)
		if c.err = err; err != nil {
			return nil, err
		}
		return &table{"text/csv; charset=utf-8; header=present", mime.FormatMediaType("attachment", map[string]string{"filename": fileName(name) + ".csv"}), body}, nil
	})
}

// fileName is a name that every system can keep a file by.
func fileName(s string) string {
	return clip(80, strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == '.' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '_'
	}, s))
}
