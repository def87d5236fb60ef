package web

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// apiVersion is the version of the shapes, not of the program.
const apiVersion = "1.0.0"

const apiAbout = `Everything the pages show, for programs, under the same licences: what a source does not allow to be quoted is left
out for the public and counted as held. Words are verbatim. Times are RFC 3339 in UTC; when something was said (said_on), published
and first seen by us are different times, and null is a time that is not stated. Support is counted in independent origins: an
article and its copies are one. An id that has become part of another answers 301.`

// apiDocument is the OpenAPI document without the calls.
func apiDocument(cfg Config) *huma.OpenAPI {
	doc := &huma.OpenAPI{
		OpenAPI:    "3.1.0",
		Info:       &huma.Info{Title: cfg.Title, Version: apiVersion, Description: apiAbout},
		Components: &huma.Components{Schemas: huma.NewMapRegistry("#/components/schemas/", apiNoun)},
	}
	if cfg.BaseURL != "" {
		doc.Servers = []*huma.Server{{URL: cfg.BaseURL}}
	}
	return doc
}

// apiNoun names the shapes in the document: apiStory is Story there.
func apiNoun(t reflect.Type, hint string) string {
	if t == reflect.TypeFor[huma.ErrorModel]() {
		return "Problem"
	}
	return strings.TrimPrefix(huma.DefaultSchemaNamer(t, hint), "Api")
}

// neverNull says of every list that it may be empty but is there.
func neverNull(shapes huma.Registry) {
	for _, shape := range shapes.Map() {
		for _, p := range shape.Properties {
			for ; p != nil && p.Type == huma.TypeArray; p = p.Items {
				p.Nullable = false
			}
		}
	}
}

// describe is the operation of the call, with the answers it may get beside its own.
func (a apiCall) describe(api huma.API) huma.Operation {
	noun, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(a.path, "/"), ".csv"), "/")
	problem := func(what string) *huma.Response {
		shape := api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[huma.ErrorModel](), true, "")
		return &huma.Response{Description: what, Content: map[string]*huma.MediaType{"application/problem+json": {Schema: shape}}}
	}
	op := huma.Operation{
		OperationID: a.id, Method: http.MethodGet, Path: apiRoot + a.path, Summary: a.summary, Description: a.about, Tags: []string{noun},
		Responses: map[string]*huma.Response{
			"304": {Description: "The answer is still the one whose ETag was given in If-None-Match"},
			"400": problem("A parameter does not fit"), "default": problem("It cannot be answered"),
		},
	}
	if strings.Contains(a.path, "{id}") {
		op.Responses["301"] = &huma.Response{Description: "It is part of another now: Location leads there"}
		op.Responses["404"] = problem("There is no such thing, or nothing of it may be shown")
	}
	return op
}

// apiSpec is the OpenAPI document as it is served.
type apiSpec struct {
	json, yaml []byte
	page       []apiEntry
}

func specOf(doc *huma.OpenAPI) apiSpec {
	asJSON, err := json.Marshal(doc)
	if err != nil {
		panic(err) // built from our own types
	}
	asYAML, err := doc.YAML()
	if err != nil {
		panic(err)
	}
	return apiSpec{asJSON, asYAML, apiEntries(doc)}
}

// spec answers with the document.
func (s *Server) spec(contentType string, body func(apiSpec) []byte) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		s.send(w, r, http.StatusOK, contentType, body(s.api))
		return nil
	}
}

// apiPage lists the calls of the API.
type apiPage struct {
	chrome
	Calls []apiEntry
}

// apiEntry is one call as its page shows it.
type apiEntry struct {
	Path, Summary, About string
	Params               []apiParam
}

// Whole reports whether the path is an address as it stands.
func (e apiEntry) Whole() bool { return !strings.Contains(e.Path, "{") }

type apiParam struct{ Name, About, Limits string }

func (s *Server) apiPage(w http.ResponseWriter, r *http.Request) error {
	p := apiPage{chrome: s.chrome(r, ""), Calls: s.api.page}
	p.PageTitle, p.About = "API", "What can be asked for by programs: stories, claims, speakers, articles, services and outages, as JSON and CSV."
	return s.render(w, r, http.StatusOK, "api", p)
}

// apiEntries reads the calls out of the document, in the order of their paths.
func apiEntries(doc *huma.OpenAPI) []apiEntry {
	var out []apiEntry
	for path, item := range doc.Paths {
		e := apiEntry{Path: path, Summary: item.Get.Summary, About: item.Get.Description}
		for _, p := range item.Get.Parameters {
			if p.In == "query" {
				e.Params = append(e.Params, apiParam{p.Name, p.Description, limitsOf(p.Schema)})
			}
		}
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b apiEntry) int { return cmp.Compare(a.Path, b.Path) })
	return out
}

// limitsOf says what a parameter may be.
func limitsOf(s *huma.Schema) string {
	say := cmp.Or(s.Format, s.Type)
	switch {
	case s.Minimum != nil && s.Maximum != nil:
		say = fmt.Sprintf("%.0f to %.0f", *s.Minimum, *s.Maximum)
	case s.Format == "" && s.MaxLength != nil:
		say = fmt.Sprintf("at most %d characters", *s.MaxLength)
	}
	if s.Default != nil {
		say += fmt.Sprintf(", %v unless given", s.Default)
	}
	return say
}
