package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"crosscheck/internal/model"
)

// searchPageSize is the answers on one page; maxPages and maxQuery bound what
// can be asked.
const (
	searchPageSize = 20
	maxPages       = 50
	maxQuery       = 300
)

// searchPage is the form and the answers.
type searchPage struct {
	chrome
	Q, Outlet, Speaker, From, To string
	Outlets                      []string
	Asked                        bool
	Problem                      string // what to correct in the form
	Total                        int
	Start                        int // number of the first answer shown
	Hits                         []hit
	Prev, Next                   string
}

// hit is one article found.
type hit struct {
	model.SearchHit
	Runs []snippetRun
}

// Dated is when the article was published, or seen.
func (h hit) Dated() time.Time { return dated(&h.Article) }

// snippetRun is a piece of a snippet, matched or not.
type snippetRun struct {
	Text  string
	Match bool
}

func (s *Server) search(w http.ResponseWriter, r *http.Request) error {
	v := r.URL.Query()
	p := searchPage{
		chrome: s.chrome(r, "search"), Q: strings.TrimSpace(v.Get("q")), Outlet: v.Get("outlet"),
		Speaker: strings.TrimSpace(v.Get("speaker")), From: v.Get("from"), To: v.Get("to"),
	}
	p.PageTitle, p.NoIndex, p.About = "Search", true, "Search articles by words, outlet, speaker and date."
	if p.Q != "" {
		p.PageTitle = "Search: " + clip(60, p.Q)
	}
	var err error
	if p.Outlets, err = s.st.Outlets(r.Context()); err != nil {
		return fmt.Errorf("web: outlets: %w", err)
	}
	q, n, err := p.query(v.Get("page"))
	if err == nil && p.Asked {
		err = s.answer(r, &p, q, n)
	}
	status := http.StatusOK
	if errors.Is(err, model.ErrInvalid) {
		p.Problem, status = cmp.Or(forReader(err), "The search could not be understood. Use plain words."), http.StatusBadRequest
	} else if err != nil {
		return err
	}
	return s.render(w, r, status, "search", p)
}

// query reads the form.
func (p *searchPage) query(page string) (model.SearchQuery, int, error) {
	q := model.SearchQuery{Text: p.Q, Outlet: p.Outlet, Speaker: p.Speaker, Limit: searchPageSize}
	p.Asked = p.Q != "" || p.Outlet != "" || p.Speaker != "" || p.From != "" || p.To != ""
	if utf8.RuneCountInString(p.Q)+utf8.RuneCountInString(p.Speaker)+utf8.RuneCountInString(p.Outlet) > maxQuery {
		return q, 0, tell(model.ErrInvalid, "That is too long. Use fewer words.")
	}
	var err error
	if q.From, err = formDate("from", p.From); err != nil {
		return q, 0, err
	}
	if q.To, err = formDate("to", p.To); err != nil {
		return q, 0, err
	}
	if !q.To.IsZero() {
		q.To = q.To.AddDate(0, 0, 1) // the day named is included
		if !q.From.Before(q.To) {
			return q, 0, tell(model.ErrInvalid, "The first day lies after the last. Swap the two dates.")
		}
	}
	n, err := pageNumber(page)
	if err != nil {
		return q, 0, err
	}
	q.Offset = (n - 1) * searchPageSize
	return q, n, nil
}

func formDate(name, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return t, tell(model.ErrInvalid, "“%s” is not a date. Write the “%s” date as 2031-03-12.", clip(30, s), name)
	}
	return t, nil
}

// answer asks the store and fills the page with what may be shown.
func (s *Server) answer(r *http.Request, p *searchPage, q model.SearchQuery, n int) error {
	res, err := s.st.Search(r.Context(), q)
	if err != nil {
		return fmt.Errorf("web: search: %w", err)
	}
	p.Total, p.Start = res.Total, q.Offset+1
	for _, h := range res.Hits {
		if !p.Desk && h.Licence == model.LicenceLink {
			h.Snippet, h.Matches, h.Speakers = "", nil, nil
		}
		p.Hits = append(p.Hits, hit{h, snippetRuns(h.Snippet, h.Matches, excerptRunes)})
	}
	if n > 1 {
		p.Prev = p.At(n - 1)
	}
	if q.Offset+len(res.Hits) < res.Total && n < maxPages && len(res.Hits) > 0 {
		p.Next = p.At(n + 1)
	}
	return nil
}

// At is the address of another page of the same answers.
func (p searchPage) At(n int) string {
	v := url.Values{}
	for name, x := range map[string]string{"q": p.Q, "outlet": p.Outlet, "speaker": p.Speaker, "from": p.From, "to": p.To} {
		if x != "" {
			v.Set(name, x)
		}
	}
	if n > 1 {
		v.Set("page", strconv.Itoa(n))
	}
	return "/search?" + v.Encode()
}

// snippetRuns cuts a snippet at its matches and to at most limit characters.
func snippetRuns(snippet string, matches []model.Span, limit int) []snippetRun {
	end := clipAt(snippet, limit)
	var out []snippetRun
	pos := 0
	for _, m := range matches {
		m = sane(snippet, m)
		if m.Start < pos || m.End > end || m.Start == m.End {
			continue
		}
		if m.Start > pos {
			out = append(out, snippetRun{Text: snippet[pos:m.Start]})
		}
		out = append(out, snippetRun{m.Of(snippet), true})
		pos = m.End
	}
	if pos < end {
		out = append(out, snippetRun{Text: snippet[pos:end]})
	}
	if end < len(snippet) {
		out = append(out, snippetRun{Text: "…"})
	}
	return out
}

// Last is the number of the last answer shown.
func (p searchPage) Last() int { return p.Start + len(p.Hits) - 1 }
