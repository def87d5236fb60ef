package web

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// memory is a Store over slices, for tests.
type memory struct {
	sources    []model.Source
	gone       []model.Source // no longer followed
	stories    []model.Story
	articles   []model.Article
	statements map[string][]model.Statement
	revisions  map[string][]model.Revision
	moves      map[string][]model.Movement
	bodies     map[string][]byte
	dead       []DeadLetter
	counts     map[string]int64

	alertDoubts []string
	merged      map[string]string // speakers and stories that have become part of another
	doubts      map[string][]model.DoubtedSpeaker
	decisions   []model.Decision
	err         error // answers every question when set
}

func newMemory() *memory {
	return &memory{statements: map[string][]model.Statement{}, revisions: map[string][]model.Revision{}, bodies: map[string][]byte{}}
}

func (m *memory) Sources(context.Context) ([]model.Source, error) { return m.sources, m.err }

func (m *memory) Licences(context.Context) (map[string]model.Licence, error) {
	out := map[string]model.Licence{}
	for _, s := range append(m.sources, m.gone...) {
		out[s.ID] = s.Licence
	}
	return out, m.err
}

func (m *memory) Stories(_ context.Context, limit int, before time.Time) ([]model.Story, error) {
	var out []model.Story
	for _, s := range m.stories {
		if before.IsZero() || s.Latest.Before(before) {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(x, y model.Story) int { return y.Latest.Compare(x.Latest) })
	return out[:min(limit, len(out))], m.err
}

func (m *memory) Story(_ context.Context, id string) (*model.Story, error) {
	if into := m.merged[id]; into != "" {
		id = into
	}
	for _, s := range m.stories {
		if s.ID == id {
			return &s, m.err
		}
	}
	return nil, model.Errorf(model.ErrNotFound, "store: no story %s", id)
}

func (m *memory) StoryArticles(_ context.Context, id string) ([]model.Article, error) {
	var out []model.Article
	for _, a := range m.articles {
		if a.Story == id {
			out = append(out, a)
		}
	}
	return out, m.err
}

func (m *memory) StoryLedger(ctx context.Context, id string) ([]model.Ledger, error) {
	var out []model.Ledger
	list, _ := m.StoryArticles(ctx, id)
	for _, a := range list {
		for _, st := range m.statements[a.ID] {
			if st.Class == model.ClassStatement {
				out = append(out, m.ledger(&a, st))
			}
		}
	}
	return out, m.err
}

func (m *memory) ledger(a *model.Article, st model.Statement) model.Ledger {
	var words []string
	for _, sp := range st.Content {
		words = append(words, sp.Of(a.Text))
	}
	l := model.Ledger{
		Statement: st, Text: strings.Join(words, " … "), Title: a.Title, Source: a.Source, Outlet: a.Outlet,
		URL: a.URL, Published: a.Published, Seen: firstSeen(a), Story: a.Story, CopyOf: a.CopyOf,
	}
	for _, by := range m.statements[a.ID] {
		if by.N == st.Outer {
			l.Reporter = by.Speaker
		}
	}
	return l
}

func (m *memory) Article(_ context.Context, id string) (*model.Article, error) {
	for _, a := range m.articles {
		if a.ID == id {
			return &a, m.err
		}
	}
	return nil, model.Errorf(model.ErrNotFound, "store: no article %s", id)
}

func (m *memory) Revisions(_ context.Context, id string) ([]model.Revision, error) {
	return m.revisions[id], m.err
}

func (m *memory) AllStatements(_ context.Context, id string) ([]model.Statement, error) {
	return m.statements[id], m.err
}

func (m *memory) AlertDoubts(context.Context) ([]string, error) { return m.alertDoubts, m.err }

func (m *memory) Movements(_ context.Context, id string) ([]model.Movement, error) {
	return m.moves[id], m.err
}

func (m *memory) EntrySources(_ context.Context, list []model.Entry) (map[string]model.EntrySource, error) {
	out := map[string]model.EntrySource{}
	for _, a := range m.articles {
		if slices.ContainsFunc(list, func(e model.Entry) bool { return e.Article == a.ID }) {
			out[a.ID] = model.EntrySource{Source: a.Source, N: map[string]int{}}
			for _, st := range m.statements[a.ID] {
				out[a.ID].N[st.ID] = st.N
			}
		}
	}
	return out, m.err
}

func (m *memory) Capture(_ context.Context, hash string) (model.Capture, error) {
	if b, ok := m.bodies[hash]; ok {
		return model.Capture{Hash: hash, Size: int64(len(b))}, nil
	}
	return model.Capture{}, model.Errorf(model.ErrNotFound, "no capture")
}

func (m *memory) CaptureBody(_ context.Context, hash string) ([]byte, error) {
	if b, ok := m.bodies[hash]; ok {
		return b, nil
	}
	return nil, model.Errorf(model.ErrNotFound, "no capture")
}

func (m *memory) Search(_ context.Context, q model.SearchQuery) (model.SearchResult, error) {
	var out model.SearchResult
	for _, a := range m.articles {
		at := strings.Index(strings.ToLower(a.Text), strings.ToLower(q.Text))
		if at < 0 || q.Outlet != "" && a.Outlet != q.Outlet {
			continue
		}
		h := model.SearchHit{Article: a, Licence: m.licence(a.Source), Snippet: clip(280, a.Text[:runeStart(a.Text, min(len(a.Text), at+200))])}
		if at+len(q.Text) <= len(h.Snippet) && q.Text != "" {
			h.Matches = []model.Span{{Start: at, End: at + len(q.Text)}}
		}
		said := false
		for _, st := range m.statements[a.ID] {
			said = said || strings.EqualFold(st.Speaker, q.Speaker)
			if sp := (model.Speaker{ID: st.SpeakerID, Name: st.Speaker, Type: st.SpeakerType}); !slices.Contains(h.Speakers, sp) {
				h.Speakers = append(h.Speakers, sp)
			}
		}
		if q.Speaker == "" || said {
			out.Hits = append(out.Hits, h)
		}
	}
	out.Total = len(out.Hits)
	out.Hits = out.Hits[min(q.Offset, out.Total):min(q.Offset+q.Limit, out.Total)]
	return out, m.err
}

func (m *memory) licence(source string) model.Licence {
	for _, s := range m.sources {
		if s.ID == source {
			return s.Licence
		}
	}
	return ""
}

func (m *memory) Outlets(context.Context) ([]string, error) {
	var out []string
	for _, a := range m.articles {
		out = append(out, a.Outlet)
	}
	slices.Sort(out)
	return slices.Compact(out), m.err
}

func (m *memory) Counts(context.Context) (map[string]int64, error) { return m.counts, m.err }

func (m *memory) DeadLetters(context.Context, int) ([]DeadLetter, error) { return m.dead, m.err }

// crisisNow is when the pages of the crisis are looked at.
var crisisNow = time.Date(2031, 3, 12, 18, 10, 0, 0, time.UTC)

// at reads "11 08:24" as a moment of March 2031.
func at(s string) time.Time {
	t, err := time.Parse("2006-01-2 15:04", "2031-03-"+s)
	if err != nil {
		panic(err)
	}
	return t
}

// speakers of the crisis: key, name, type, role.
var crisisSpeakers = map[string]model.Statement{
	"mod":       {Speaker: "Ministry of Defence", SpeakerType: model.SpeakerOrganisation, Role: "Kestria", Channel: "written statement"},
	"pellmark":  {Speaker: "Joran Pellmark", SpeakerType: model.SpeakerPerson, Role: "Defence Minister, Tolmark", Channel: "reporters"},
	"varrenhof": {Speaker: "Ilse Varrenhof", SpeakerType: model.SpeakerPerson, Role: "Secretary General, Meridian Compact", Channel: "press conference"},
	"okafell":   {Speaker: "Mirrin Okafell", SpeakerType: model.SpeakerPerson, Role: "analyst of open sources, Plumbline Research"},
	"rasmirel":  {Speaker: "Oda Rasmirel", SpeakerType: model.SpeakerPerson, Role: "spokeswoman, Foreign Ministry of Kestria", Channel: "channel"},
	"staff":     {Speaker: "General Staff", SpeakerType: model.SpeakerOrganisation, Role: "Tolmark"},
	"sorvane":   {Speaker: "Annik Sorvane", SpeakerType: model.SpeakerPerson, Role: "head of mission, Quern Observers"},
	"dressik":   {Speaker: "Halvar Dressik", SpeakerType: model.SpeakerPerson, Role: "Chief of the General Staff, Kestria"},
	"landbank":  {Speaker: "Landbank of Tolmark", SpeakerType: model.SpeakerOrganisation, Channel: "statement"},
	"fathom":    {Speaker: "Fathom Observatory", SpeakerType: model.SpeakerOrganisation, Role: "monitors internet activity"},
	"tessary":   {Speaker: "Bram Tessary", SpeakerType: model.SpeakerPerson, Role: "Interior Minister, Tolmark"},
	"driver":    {Speaker: "unnamed: a lorry driver", SpeakerType: model.SpeakerUnnamed},
}

var stanceLetters = map[string]model.Stance{
	"a": model.StanceAsserts, "k": model.StanceConfirms, "x": model.StanceDenies,
	"d": model.StanceDoubts, "!": model.StanceDemands, "?": model.StanceAsks,
}

// stated matches {x okafell 11 c1|words} in a text: stance, speaker, day, claim,
// words.
var stated = regexp.MustCompile(`\{(\S) (\w+)(?: (\d+))?(?: (c\d))?\|([^}]*)\}`)

// add writes an article; its text carries statements as {x speaker day claim|words}.
func (m *memory) add(story, id, outlet, published, title, marked string) *model.Article {
	a := model.Article{
		ID: id, Story: story, Source: "s-" + strings.ToLower(strings.ReplaceAll(outlet, " ", "-")), Outlet: outlet, Title: title,
		URL: "https://" + strings.ToLower(strings.ReplaceAll(outlet, " ", "")) + ".example/" + id, Published: at(published), PublishedFrom: model.DateStructured,
		Language: "en", Readability: model.ReadOK, Revision: 1,
	}
	a.Seen = a.Published.Add(4 * time.Minute)
	a.FirstSeen = a.Seen
	a.Text = m.mark(id, 1, marked)
	body := []byte("<!doctype html><title>" + title + "</title><script>alert(1)</script>" + a.Text)
	a.Capture = model.HashOf(body)
	m.bodies[a.Capture] = body
	m.revisions[id] = []model.Revision{{Article: id, N: 1, Capture: a.Capture, Title: title, Text: a.Text, Seen: a.Seen}}
	m.articles = append(m.articles, a)
	return &m.articles[len(m.articles)-1]
}

func (m *memory) mark(id string, revision int, marked string) string {
	var text strings.Builder
	var list []model.Statement
	pos := 0
	for i, x := range stated.FindAllStringSubmatchIndex(marked, -1) {
		text.WriteString(marked[pos:x[0]])
		st := crisisSpeakers[marked[x[4]:x[5]]]
		if st.SpeakerType != model.SpeakerUnnamed {
			st.SpeakerID = marked[x[4]:x[5]]
		}
		st.ID, st.Article, st.Revision, st.N = fmt.Sprint(id, "-", i+1), id, revision, i+1
		st.Stance = stanceLetters[marked[x[2]:x[3]]]
		if x[6] > 0 {
			st.SaidOn = "2031-03-" + marked[x[6]:x[7]]
		}
		if x[8] > 0 {
			st.Claim, st.Attitude = marked[x[8]:x[9]], st.Stance
		}
		words := marked[x[10]:x[11]]
		st.Kind = model.KindIndirect
		if text.Len() > 0 && strings.HasSuffix(text.String(), "“") {
			st.Kind = model.KindDirect
		}
		st.Content = []model.Span{{Start: text.Len(), End: text.Len() + len(words)}}
		text.WriteString(words)
		pos = x[1]
		list = append(list, st)
	}
	text.WriteString(marked[pos:])
	m.statements[id] = list
	return text.String()
}

// copied adds an article that copies another.
func (m *memory) copied(of, id, outlet, published, title string, share float64) {
	for _, a := range m.articles {
		if a.ID == of {
			c := m.add(a.Story, id, outlet, published, title, a.Text)
			c.CopyOf, c.CopyShare = of, share
			for _, st := range m.statements[of] {
				st.Article, st.ID = id, fmt.Sprint(id, "-", st.N)
				m.statements[id] = append(m.statements[id], st)
			}
			return
		}
	}
	panic("no article " + of)
}

// sum counts a story from its articles, as the store does.
func (m *memory) sum(id string) {
	s := model.Story{ID: id}
	outlets := map[string]bool{}
	list, _ := m.StoryArticles(context.Background(), id)
	slices.SortFunc(list, func(x, y model.Article) int { return cmp.Compare(x.Published.Unix(), y.Published.Unix()) })
	for _, a := range list {
		s.Articles++
		if s.Title == "" {
			s.Title, s.Started = a.Title, a.Published
		}
		s.Latest = a.Published
		if a.CopyOf == "" {
			s.Origins++
			outlets[a.Outlet] = true
			s.Stated += len(m.statements[a.ID])
		}
	}
	s.Outlets = len(outlets)
	m.stories = append(m.stories, s)
}

func replaceOnce(s, old, now string) string { return strings.Replace(s, old, now, 1) }
