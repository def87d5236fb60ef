package publish

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"

	"crosscheck/internal/model"
)

// Markdown writes a briefing as Markdown (CommonMark). Links are below base,
// the address of the site without a slash at its end.
func Markdown(b *model.Briefing, base string) []byte {
	var w bytes.Buffer
	fmt.Fprintf(&w, "# %s\n\nBriefing %d, version %d, %s, by %s.\n", mark(b.Title), b.N, b.Version, clock(b.At), mark(b.By))
	for i := range b.Sentences {
		s := &b.Sentences[i]
		w.WriteString("\n")
		switch s.Kind {
		case model.SentenceStatement:
			fmt.Fprintf(&w, "> “%s”\n>\n> %s %s", mark(s.Text), s.Stance, mark(Who(s)))
		case model.SentenceDesk:
			fmt.Fprintf(&w, "*Desk:* %s", mark(s.Text))
		default:
			w.WriteString(mark(s.Text))
		}
		if from := Origin(s); from != "" {
			link := base + Link(s)
			if Link(s) == "" {
				link = base + "/situation/" + b.Situation + "/articles"
			}
			fmt.Fprintf(&w, " ([%s](<%s>))", mark(from), strings.NewReplacer("<", "%3C", ">", "%3E", "\n", "").Replace(link))
		}
		w.WriteString("\n")
	}
	fmt.Fprintf(&w, "\n%s/situation/%s/briefing/%d?version=%d\n", base, b.Situation, b.N, b.Version)
	return w.Bytes()
}

// mark takes from a text what Markdown would act on, and puts it on one line.
func mark(s string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(s), " ") {
		if strings.ContainsRune("\\`*_{}[]()<>#+-!|&~=", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// mail is a briefing as HTML that needs no style.
var mail = template.Must(template.New("mail").Funcs(template.FuncMap{
	"who": func(s model.Sentence) string { return Who(&s) }, "origin": func(s model.Sentence) string { return Origin(&s) },
	"link": func(s model.Sentence) string { return Link(&s) }, "clock": clock,
}).Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{.B.Title}}</title></head><body>
<h1>{{.B.Title}}</h1>
<p>Briefing {{.B.N}}, version {{.B.Version}}, {{clock .B.At}}, by {{.B.By}}.</p>
{{range .B.Sentences}}{{if eq .Kind "statement"}}<blockquote><p>“{{.Text}}”</p><p>{{.Stance}} <b>{{who .}}</b><br><small><a href="{{$.Base}}{{link .}}">{{origin .}}</a></small></p></blockquote>
{{else if eq .Kind "desk"}}<p><b>Desk:</b> <i>{{.Text}}</i></p>
{{else}}<p>{{.Text}}<br><small><a href="{{$.Base}}{{with link .}}{{.}}{{else}}/situation/{{$.B.Situation}}/articles{{end}}">{{origin .}}</a></small></p>
{{end}}{{end}}<p><small><a href="{{.Base}}/situation/{{.B.Situation}}/briefing/{{.B.N}}?version={{.B.Version}}">This version on the site</a></small></p>
</body></html>
`))

// Mail writes a briefing as HTML for e-mail: no style, no picture, no script.
func Mail(b *model.Briefing, base string) ([]byte, error) {
	var w bytes.Buffer
	if err := mail.Execute(&w, struct {
		B    *model.Briefing
		Base string
	}{b, base}); err != nil {
		return nil, fmt.Errorf("publish: write mail: %w", err)
	}
	return w.Bytes(), nil
}
