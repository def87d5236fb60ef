package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"crosscheck/internal/model"
)

// How much the front shows.
const (
	frontStories = 20
	frontSaid    = 10
	frontCopied  = 6
	frontVoices  = 4 // speakers named for each stance
	leadQuotes   = 6
)

// frontPage is the newest stories.
type frontPage struct {
	chrome
	Situation  *frontSituation // nil: none is followed, or these are earlier stories
	Tally      []tally
	Reach      *reachMini // what is measured; nil: nothing is
	Lead       *storyCard
	LeadNewest bool // the lead is the newest story of all
	Stories    []storyCard
	Said       []frontSaying
	Copied     []copied
	Before     time.Time // the page starts before this moment; zero: at the newest
	Earlier    string    // where the next older stories are; "" when there are none
}

// tally is one figure of the line under the title.
type tally struct {
	N    int64
	Word string
}

// storyCard is a story on the front.
type storyCard struct {
	*dossier
	Voices    []voices
	Board     board      // of the lead, where some of its claims are disputed
	Positions []position // of the lead, where it has no board and there are two sides to it
	Quotes    []saying   // of the lead, where there are not
}

// quoted is the statements the card quotes.
func (c storyCard) quoted() []saying {
	if len(c.Positions) == 0 {
		return c.Quotes
	}
	var out []saying
	for _, p := range c.Positions {
		out = append(out, p.Sayings...)
	}
	return out
}

// Copies is the number of articles that repeat another.
func (c storyCard) Copies() int { return max(0, c.Articles-c.Story.Origins) }

// voices is who takes one stance in a story.
type voices struct {
	Stance model.Stance
	Names  []model.Speaker
	More   int // speakers not named
}

type frontSaying struct {
	saying
	StoryID string
}

// copied is an article and how many repeat it.
type copied struct {
	origin
	StoryID string
}

func (s *Server) front(w http.ResponseWriter, r *http.Request) error {
	before, err := moment3339(r.URL.Query().Get("before"))
	if err != nil {
		return err
	}
	page := frontPage{chrome: s.chrome(r, "stories"), Before: before}
	page.PageTitle, page.Live = "Stories", before.IsZero()
	page.About = "The newest stories: who says what in them, how many independent origins carry them, and which articles are copies."
	page.Feeds = []feedLink{{"application/rss+xml", "Newest stories", "/feed.rss"}, {"application/feed+json", "Newest stories", "/feed.json"}}
	list, err := s.newest(r.Context(), r, frontStories+1, before)
	if err != nil {
		return err
	}
	if len(list) > frontStories {
		list = list[:frontStories]
		page.Earlier = "/?before=" + url.QueryEscape(list[frontStories-1].Latest.UTC().Format(time.RFC3339Nano))
	}
	page.fill(list)
	counts, err := s.st.Counts(r.Context())
	if err != nil {
		return fmt.Errorf("web: counts: %w", err)
	}
	page.Tally = tallies(counts)
	if page.Before.IsZero() {
		if page.Situation, err = s.frontSituations(r); err != nil {
			return err
		}
		if page.Situation == nil || len(page.Situation.Measured.Rows) == 0 {
			page.Reach, err = s.reachMini(r.Context(), page.Now)
		}
		if err != nil {
			return err
		}
	}
	if page.Lead != nil {
		if err := s.leadBoard(r, page.Lead, page.Situation); err != nil {
			return err
		}
	}
	return s.render(w, r, http.StatusOK, "front", page)
}

// frontClaims is the claims the front shows of its lead.
const frontClaims = 4

// leadBoard gives the lead the board of its disputed claims, without those that
// the situation above it shows.
func (s *Server) leadBoard(r *http.Request, lead *storyCard, above *frontSituation) error {
	claims, err := s.st.StoryClaims(r.Context(), lead.ID)
	if err != nil {
		return fmt.Errorf("web: claims of story %s: %w", lead.ID, err)
	}
	claims = slices.DeleteFunc(claims, func(c model.Claim) bool {
		return c.Upheld == 0 || c.Disputed == 0 ||
			above != nil && slices.ContainsFunc(above.Board.Rows, func(b boardRow) bool { return b.ID == c.ID })
	})
	lead.Board, err = s.board(r, claims, frontClaims)
	lead.Board.Mini = true
	return err
}

func moment3339(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return t, tell(model.ErrInvalid, "“before” should be a moment such as 2031-03-12T18:10:00Z.")
	}
	return t, nil
}

// newest returns the newest stories with what may be shown of them.
func (s *Server) newest(ctx context.Context, r *http.Request, limit int, before time.Time) ([]*dossier, error) {
	stories, err := s.st.Stories(ctx, limit, before)
	if err != nil {
		return nil, fmt.Errorf("web: stories: %w", err)
	}
	a, err := s.access(ctx, r)
	if err != nil {
		return nil, err
	}
	out := make([]*dossier, 0, len(stories))
	for _, st := range stories {
		d, err := s.dossier(ctx, st, a)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

func (p *frontPage) fill(list []*dossier) {
	lead := leadOf(list)
	for i, d := range list {
		c := storyCard{dossier: d, Voices: voicesOf(d.Sayings)}
		if i == lead && p.Before.IsZero() {
			p.LeadNewest = i == 0
			c.Positions, c.Quotes = positionsOf(d.Sayings), leadSayings(d.Sayings)
			p.Lead = &c
		} else {
			p.Stories = append(p.Stories, c)
		}
		p.Said = append(p.Said, saidLast(d, c.quoted())...)
		for _, o := range d.Origins {
			if len(o.Copies) > 0 {
				p.Copied = append(p.Copied, copied{o, d.ID})
			}
		}
	}
	slices.SortStableFunc(p.Said, func(x, y frontSaying) int { return y.Dated().Compare(x.Dated()) })
	p.Said = p.Said[:min(len(p.Said), frontSaid)]
	slices.SortStableFunc(p.Copied, func(x, y copied) int {
		return cmp.Or(len(y.Copies)-len(x.Copies), y.Dated().Compare(x.Dated()))
	})
	p.Copied = p.Copied[:min(len(p.Copied), frontCopied)]
}

// leadOf picks the story with the most independent origins among those that
// moved in the day before the newest.
func leadOf(list []*dossier) int {
	lead := 0
	for i, d := range list {
		if list[0].Latest.Sub(d.Latest) <= 24*time.Hour && d.Story.Origins > list[lead].Story.Origins {
			lead = i
		}
	}
	return lead
}

// voicesOf names who takes which stance, the latest to speak first.
func voicesOf(list []saying) []voices {
	byStance := map[model.Stance]*voices{}
	seen := map[string]bool{}
	for _, x := range latestFirst(list) {
		key := string(x.Stance) + "\x00" + speakerKey(&x.Statement)
		if x.unnamed() || seen[key] {
			continue
		}
		seen[key] = true
		v := byStance[x.Stance]
		if v == nil {
			v = &voices{Stance: x.Stance}
			byStance[x.Stance] = v
		}
		if len(v.Names) < frontVoices {
			v.Names = append(v.Names, x.who())
		} else {
			v.More++
		}
	}
	var out []voices
	for _, v := range byStance {
		out = append(out, *v)
	}
	slices.SortFunc(out, func(x, y voices) int {
		return cmp.Or(stanceRank(x.Stance)-stanceRank(y.Stance), cmp.Compare(x.Stance, y.Stance))
	})
	return out
}

// leadSayings picks the newest words of each position, then the newest of
// anybody with a name, each speaker once, and returns them newest first.
func leadSayings(list []saying) []saying {
	sorted := latestFirst(list)
	var out []saying
	taken := map[string]bool{}
	pick := func(limit int, fits func(*saying) bool) {
		for i := 0; i < len(sorted) && len(out) < limit; i++ {
			x := &sorted[i]
			if key := speakerKey(&x.Statement); !taken[key] && !x.unnamed() && fits(x) {
				taken[key] = true
				out = append(out, *x)
			}
		}
	}
	for _, st := range model.Stances[:sides] {
		pick(len(out)+1, func(x *saying) bool { return x.Stance == st })
	}
	pick(leadQuotes, func(*saying) bool { return true })
	return latestFirst(out)
}

// saidLast is the newest words of a story: of each named speaker in an article
// the first that no other part of the page quotes.
func saidLast(d *dossier, quoted []saying) []frontSaying {
	var out []frontSaying
	seen := map[string]bool{}
	for _, x := range latestFirst(d.Sayings) {
		key := x.Article + "\x00" + speakerKey(&x.Statement)
		if x.unnamed() || seen[key] || slices.ContainsFunc(quoted, func(q saying) bool { return q.Link() == x.Link() }) {
			continue
		}
		seen[key] = true
		if out = append(out, frontSaying{x, d.ID}); len(out) == frontSaid {
			break
		}
	}
	return out
}

func tallies(counts map[string]int64) []tally {
	var out []tally
	for _, k := range []struct{ key, one, many string }{
		{"stories", "story", "stories"},
		{"articles", "article", "articles"},
		{"origins", "independent origin", "independent origins"},
		{"statements", "statement", "statements"},
		{"sources", "source", "sources"},
	} {
		if n, ok := counts[k.key]; ok {
			word := k.many
			if n == 1 {
				word = k.one
			}
			out = append(out, tally{n, word})
		}
	}
	return out
}
