package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"crosscheck/internal/model"
)

// The statements on one page of a speaker, the speakers on one page of their
// list, and the most of a channel's name that is asked for, in bytes.
const (
	speakerPageSize  = 40
	speakersPageSize = 60
	maxChannel       = 200
)

// speakerPage is one speaker: names, roles and every statement over time.
type speakerPage struct {
	chrome
	model.SpeakerFacts
	Stance   model.Stance // picked, "" is any
	Channel  string       // picked, "" is any
	Position bool         // positions are shown instead of statements
	Attitude []option
	By       []option
	GoesBy   []goesBy
	Outlets  int
	Articles []heardIn
	disputes
	Total int // statements of what is picked
	Start int // number of the first one shown
	Prev  string
	Next  string
}

// heardIn is an article and what the speaker says in it.
type heardIn struct {
	saying // the first of them
	Role   string
	As     string // the name given there, where it is another than the page's
	Said   []heard
}

// heard is a statement on its speaker's page.
type heard struct{ saying }

// Href leads to the exact words in their article.
func (h heard) Href() string {
	if h.Class == model.ClassPosition {
		return fmt.Sprintf("/article/%s?positions=1#s%d", h.Article, h.N)
	}
	return h.Link()
}

// Notes are the small print of a statement.
func (h heard) Notes() []string {
	var out []string
	if c := via(h.Channel, h.Outlet); c != "" {
		out = append(out, clip(60, c))
	}
	if h.Kind != model.KindDirect && kindWords(h.Kind) != "" {
		out = append(out, kindWords(h.Kind))
	}
	if by := speakerName(h.Reporter); by != "" {
		out = append(out, "reported by "+clip(80, by))
	}
	return out
}

// goesBy is a name and the outlets that use it.
type goesBy struct {
	Name    string
	Outlets []string
	More    int // outlets not named
}

// namedOutlets bounds the outlets named beside one name.
const namedOutlets = 6

func (s *Server) speaker(w http.ResponseWriter, r *http.Request) error {
	v := r.URL.Query()
	p := speakerPage{chrome: s.chrome(r, "speakers"), Stance: pickOf(v).Stance, Position: v.Get("positions") == "1"}
	if c := v.Get("channel"); len(c) <= maxChannel {
		p.Channel = c
	}
	n, err := pageNumber(v.Get("page"))
	if err != nil {
		return err
	}
	q := model.SpeakerQuery{ID: r.PathValue("id"), Positions: p.Position, Quotable: !p.Desk}
	f, err := s.speakerFacts(r.Context(), q)
	if err != nil {
		return err
	}
	if f.ID != q.ID {
		to := url.URL{Path: whoURL(f.ID, f.Name), RawQuery: r.URL.RawQuery}
		http.Redirect(w, r, to.String(), http.StatusMovedPermanently)
		return nil
	}
	p.SpeakerFacts = *f
	q.Stance, q.Channel, q.Limit, q.Offset = p.Stance, p.Channel, speakerPageSize, (n-1)*speakerPageSize
	list, total, err := s.st.SpeakerLedger(r.Context(), q)
	if err != nil {
		return fmt.Errorf("web: ledger of speaker %s: %w", q.ID, err)
	}
	p.fill(list, total, n)
	if p.disputes, err = s.speakerDisputes(r, p.ID); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "speaker", p)
}

// speakerFacts is what the speaker's statements say about the speaker; not found
// where nothing of it may be shown.
func (s *Server) speakerFacts(ctx context.Context, q model.SpeakerQuery) (*model.SpeakerFacts, error) {
	f, err := s.st.Speaker(ctx, q)
	if err == nil && f.Statements+f.Opinions == 0 {
		err = model.Errorf(model.ErrNotFound, "web: nothing to be read of speaker %s", q.ID)
	}
	if err != nil {
		return nil, fmt.Errorf("web: speaker: %w", hide(err, "There is no such speaker, or none whose words may be shown."))
	}
	return f, nil
}

// pageNumber reads the number of a page; the first needs none.
func pageNumber(s string) (int, error) {
	if s == "" {
		return 1, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > maxPages {
		return 0, tell(model.ErrInvalid, "There is no page “%s”. Pages run from 1 to %d; narrow the choice to see more.", clip(20, s), maxPages)
	}
	return n, nil
}

func (p *speakerPage) fill(list []model.Ledger, total, n int) {
	p.PageTitle, p.Live, p.NoIndex = clip(80, p.Name), n == 1, true
	p.About = fmt.Sprintf("%s of %s in %s, newest first, each with the place it stands in.",
		countWord(p.Statements, "statement", "statements"), clip(80, p.Name), countWord(p.Origins, "independent origin", "independent origins"))
	for _, st := range model.Stances {
		o := option{Value: string(st), Name: string(st), On: st == p.Stance}
		for _, t := range p.Stances {
			if t.Value == string(st) {
				o.N = t.N
			}
		}
		if o.N > 0 || o.On {
			p.Attitude = append(p.Attitude, o)
		}
	}
	for _, t := range p.Channels {
		if t.Value != "" && len(t.Value) <= maxChannel {
			p.By = append(p.By, option{t.Value, t.Value, t.N, t.Value == p.Channel})
		}
	}
	p.names()
	p.Total, p.Start = total, (n-1)*speakerPageSize+1
	p.Articles = byArticle(latestFirst(foldSayings(list)), p.Name)
	if n > 1 {
		p.Prev = p.At(n - 1)
	}
	if n < maxPages && (n-1)*speakerPageSize+len(list) < total && len(list) > 0 {
		p.Next = p.At(n + 1)
	}
}

// byArticle gathers statements that follow each other in one article.
func byArticle(list []saying, name string) []heardIn {
	var out []heardIn
	for _, x := range list {
		if n := len(out); n == 0 || out[n-1].Article != x.Article {
			out = append(out, heardIn{saying: x})
			if plainName(x.Speaker) != plainName(name) {
				out[n].As = x.Speaker
			}
		}
		in := &out[len(out)-1]
		in.Role = cmp.Or(in.Role, x.Role)
		in.Said = append(in.Said, heard{x})
	}
	return out
}

// plainName is a name without what only tells how it is put together.
func plainName(s string) string {
	return strings.TrimPrefix(model.FoldWords(strings.ReplaceAll(s, " of ", " ")), "the")
}

// names gathers the outlets of each name and counts them.
func (p *speakerPage) names() {
	at := map[string]int{}
	outlets := map[string]bool{}
	for _, n := range p.Names {
		i, known := at[n.Name]
		if !known {
			i = len(p.GoesBy)
			at[n.Name] = i
			p.GoesBy = append(p.GoesBy, goesBy{Name: n.Name})
		}
		outlets[n.Outlet] = true
		if g := &p.GoesBy[i]; len(g.Outlets) < namedOutlets {
			g.Outlets = append(g.Outlets, n.Outlet)
		} else {
			g.More++
		}
	}
	p.Outlets = len(outlets)
}

// At is the address of another page of the same choice.
func (p speakerPage) At(n int) string {
	page := ""
	if n > 1 {
		page = strconv.Itoa(n)
	}
	return p.address(string(p.Stance), p.Channel, p.Position, page)
}

// Other is the address of the positions where statements are shown, and of the
// statements where positions are.
func (p speakerPage) Other() string { return p.address("", "", !p.Position, "") }

// All is the address without a choice.
func (p speakerPage) All() string { return p.address("", "", p.Position, "") }

func (p speakerPage) address(stance, channel string, positions bool, page string) string {
	v := url.Values{}
	for name, x := range map[string]string{"stance": stance, "channel": channel, "page": page} {
		if x != "" {
			v.Set(name, x)
		}
	}
	if positions {
		v.Set("positions", "1")
	}
	path := whoURL(p.ID, p.Name)
	if len(v) > 0 {
		path += "?" + v.Encode()
	}
	return path
}

// Narrow reports whether some are left out by choice.
func (p speakerPage) Narrow() bool { return p.Stance != "" || p.Channel != "" }

// Choice reports whether there is anything to choose between.
func (p speakerPage) Choice() bool { return len(p.Attitude) > 1 || len(p.By) > 0 || p.Narrow() }

// Noun is the word for what is listed.
func (p speakerPage) Noun(n int) string {
	if p.Position {
		return countWord(n, "position", "positions")
	}
	return countWord(n, "statement", "statements")
}

// speakersPage is a list of speakers.
type speakersPage struct {
	chrome
	Q          string
	Speakers   []model.Speaker
	Prev, Next string
}

func (s *Server) speakers(w http.ResponseWriter, r *http.Request) error {
	v := r.URL.Query()
	p := speakersPage{chrome: s.chrome(r, "speakers"), Q: clip(maxChannel, strings.TrimSpace(v.Get("q")))}
	p.PageTitle, p.NoIndex, p.About = "Speakers", true, "Who is quoted or reported, and in how many independent origins."
	n, err := pageNumber(v.Get("page"))
	if err != nil {
		return err
	}
	list, more, err := s.speakerList(r, p.Q, speakersPageSize, (n-1)*speakersPageSize)
	if err != nil {
		return err
	}
	p.Speakers = list
	if more && n < maxPages {
		p.Next = p.at(n + 1)
	}
	if n > 1 {
		p.Prev = p.at(n - 1)
	}
	return s.render(w, r, http.StatusOK, "speakers", p)
}

// speakerList is a page of speakers, and whether there are more.
func (s *Server) speakerList(r *http.Request, prefix string, limit, offset int) (list []model.Speaker, more bool, err error) {
	list, err = s.st.Speakers(r.Context(), prefix, !s.cfg.Desk(r), limit+1, offset)
	if err != nil {
		return nil, false, fmt.Errorf("web: speakers: %w", err)
	}
	more = len(list) > limit
	list = list[:min(len(list), limit)]
	slices.SortStableFunc(list, func(x, y model.Speaker) int { return y.Statements - x.Statements })
	return list, more, nil
}

func (p speakersPage) at(n int) string {
	v := url.Values{}
	if p.Q != "" {
		v.Set("q", p.Q)
	}
	if n > 1 {
		v.Set("page", strconv.Itoa(n))
	}
	return cmp.Or("/speakers?"+v.Encode(), "/speakers")
}
