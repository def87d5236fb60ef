package web

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"net/http"
	"strings"
	"time"
	"unicode"

	"crosscheck/internal/model"
)

// Pictures of a service stand on other sites' pages: they carry their own style,
// need nothing else, and may be kept for a minute.
const (
	pictureAge    = time.Minute
	picturePolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
	maxBadgeName  = 40
)

// pictureStyle is the part of the style sheet that the drawings need, for both
// colour schemes.
const pictureStyle = `svg{font:12px/1 -apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif;--paper:#fdfdfb;--ink:#15181b;--soft:#565d64;--rule:#c9cdd1;--blue:#0b4c86}` +
	`@media(prefers-color-scheme:dark){svg{--paper:#121518;--ink:#e5e6e3;--soft:#a2a9b0;--rule:#3b4147;--blue:#8fc0ee}}` +
	`text{fill:var(--ink)}.sf{fill:var(--soft)}.b{font-weight:600}.e{text-anchor:end}.c{text-anchor:middle}.mt{fill:var(--blue)}.halo{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}` +
	`.bg{fill:var(--paper);stroke:var(--rule)}.h,.axis{stroke:var(--rule);fill:none}.axis{stroke:var(--ink)}.mb{fill:var(--blue)}.ok{fill:var(--blue);opacity:.3}.band{fill:var(--blue);opacity:.13}.ex{fill:url(#hatch)}.hl{stroke:var(--soft);stroke-width:1.2}`

// picture is what both templates of pictures know.
type picture struct {
	Style        template.CSS
	Title        string
	Name, Word   string
	Glyph        string // path of the state's glyph
	Width        int
	NameX, WordX int
	NameW, WordW int
	Chart        reachChart
	From, To, By string
}

var pictures = template.Must(template.New("badge").Funcs(template.FuncMap{"sub": func(a, b int) int { return a - b }}).Parse(
	`<svg xmlns="http://www.w3.org/2000/svg" width="{{.Width}}" height="24" viewBox="0 0 {{.Width}} 24" role="img" aria-labelledby="t"><title id="t">{{.Title}}</title><style>{{.Style}}</style>` +
		`<rect class="bg" x=".5" y=".5" width="{{sub .Width 1}}" height="23"/><text x="{{.NameX}}" y="16" textLength="{{.NameW}}" lengthAdjust="spacingAndGlyphs">{{.Name}}</text>` +
		`<svg x="{{sub .WordX 16}}" y="7" width="10" height="10"><path class="mb" d="{{.Glyph}}"/></svg><text class="b mt" x="{{.WordX}}" y="16" textLength="{{.WordW}}" lengthAdjust="spacingAndGlyphs">{{.Word}}</text></svg>
`))

// glyphPaths are the symbols of the states, in a box of ten by ten; the same as
// in base.html.
var glyphPaths = map[string]string{
	"m": "M0 1h1.5v8H0zM8.5 1H10v8H8.5zM1.5 4.2h7v1.6h-7z", "lost": "M0 1h10v8H0z",
	"part": "M0 1h1.5v8H0zM8.5 1H10v8H8.5zM1.5 4.2h7v4.8h-7z", "unk": "M0 1h1.5v8H0zM8.5 1H10v8H8.5zM4.2 4.2h1.6v1.6H4.2z",
}

// badge answers with a service and how it stands, in a line.
func (s *Server) badge(w http.ResponseWriter, r *http.Request) error {
	f, err := s.serviceFacts(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	now := s.cfg.Now().UTC()
	st := standingOf(f, now)
	p := picture{Style: pictureStyle, Name: plain(clip(maxBadgeName, f.Name)), Word: st.Word, Glyph: glyphPaths[st.Glyph]}
	p.Title = fmt.Sprintf("%s: %s, measured %s UTC", p.Name, st.Word, f.Observed.UTC().Format("2 January 2006 15:04"))
	if f.Observed.IsZero() {
		p.Title = p.Name + ": " + st.Word
	}
	p.NameX, p.NameW, p.WordW = 8, textWidth(p.Name), textWidth(p.Word)+2
	p.WordX = p.NameX + p.NameW + 26
	p.Width = p.WordX + p.WordW + 8
	return s.sendPicture(w, r, pictures, p)
}

// chartImage answers with the last day of a service.
func (s *Server) chartImage(w http.ResponseWriter, r *http.Request) error {
	f, err := s.serviceFacts(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	ctx, now := r.Context(), s.cfg.Now().UTC().Truncate(time.Minute)
	vantages, err := s.vantages(ctx)
	if err != nil {
		return err
	}
	usual, err := s.usual(ctx, f.ID, now, vantages)
	if err != nil {
		return err
	}
	events, err := s.outages(ctx, model.OutageQuery{Services: []string{f.ID}, From: now.Add(-boardWindow), To: now})
	if err != nil {
		return err
	}
	x, err := (&servicePage{Now: now}).choose("", events)
	if err != nil {
		return err
	}
	m, _, err := s.measure(ctx, f, x, shownOutage(events, x), events, vantages, usual)
	if err != nil {
		return err
	}
	st := standingOf(f, now)
	p := picture{Style: pictureStyle, Name: plain(clip(60, f.Name)), Word: st.Word, Glyph: glyphPaths[st.Glyph], Chart: m.Chart, Title: plain(m.Chart.Title)}
	p.By = plain(s.cfg.Title) + ": " + countWord(len(m.Rows), "vantage point", "vantage points") + ", as of " + now.Format("2 Jan 2006 15:04") + " UTC"
	if p.Title == "" {
		p.Title = p.Name + ": not measured in the last 24 hours"
	}
	return s.sendPicture(w, r, s.pages["chart"], p)
}

func (s *Server) sendPicture(w http.ResponseWriter, r *http.Request, t *template.Template, p picture) error {
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return fmt.Errorf("web: draw %s: %w", t.Name(), err)
	}
	s.send(pictureHead{w}, r, http.StatusOK, "image/svg+xml; charset=utf-8", b.Bytes())
	return nil
}

// pictureHead sets, before an answer begins, the headers that let pages of other
// sites show it.
type pictureHead struct{ http.ResponseWriter }

func (p pictureHead) WriteHeader(status int) {
	h := p.Header()
	h.Set("Cache-Control", fmt.Sprintf("public, max-age=%d", int(pictureAge.Seconds())))
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Content-Security-Policy", picturePolicy)
	p.ResponseWriter.WriteHeader(status)
}

// plain is a text for a picture: XML bears no control characters.
func plain(s string) string {
	return strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == 0xfffe || r == 0xffff {
			return ' '
		}
		return r
	}, s), "\uFFFD")
}

// textWidth is about how wide a text of 12 pixels is; the drawing then sets it
// exactly so wide.
func textWidth(s string) int {
	w := 0.0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r >= 0x1100 && (unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hangul, r) || unicode.Is(unicode.Hiragana, r) || unicode.Is(unicode.Katakana, r) || r > 0xffff):
			w += 12
		case strings.ContainsRune("iljtfrI.,:;'!| ", r):
			w += 3.6
		case strings.ContainsRune("mwMW", r), unicode.IsUpper(r):
			w += 8.6
		default:
			w += 6.7
		}
	}
	return int(w + 1)
}

// embed is the HTML with which another page shows a picture of a service.
func (s *Server) embed(r *http.Request, f *model.ServiceFacts, kind string) string {
	home := s.link(r, serviceURL(f.ID))
	size := ""
	if kind == "chart" {
		size = ` width="720" height="240"`
	}
	return fmt.Sprintf(`<a href="%s"><img src="%s/%s.svg"%s alt="%s"></a>`, html.EscapeString(home), html.EscapeString(home), kind, size,
		html.EscapeString("Whether "+plain(clip(maxBadgeName, f.Name))+" can be reached, measured by "+s.cfg.Title))
}
