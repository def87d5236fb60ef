package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// storyPage is one story: who says what in it, and its articles.
type storyPage struct {
	chrome
	*dossier
	First     *origin // the earliest article, nil without any
	Copies    int
	Revisions int
	Speakers  int
	Board     board
	Decisions []model.Decision
	Evidence  []grouped
	Edited    map[string]string // what changed in an article since its first version, by Article.ID
	Voices    []voice           // with a name
	Unnamed   []voice
	Figure    figure
	Shown     int // articles listed
}

// voice is one speaker's statements in a story, newest first.
type voice struct {
	Key     string // tells this speaker from the others of the page
	ID      string // of the speaker's page, or ""
	Name    string
	Type    model.SpeakerType
	Role    string
	Stances []stanceCount
	Sayings []saying
	Folded  []saying
}

// maxOrigins bounds the articles of one story page, maxSpeakers the speakers,
// firstSayings those of one speaker's statements that are not folded.
const (
	maxOrigins   = 300
	maxSpeakers  = 150
	firstSayings = 6
	maxSayings   = 60
)

func (s *Server) storyDossier(r *http.Request) (*dossier, error) {
	st, err := s.st.Story(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, fmt.Errorf("web: story: %w", hide(err, "There is no such story. It may have been merged into another."))
	}
	a, err := s.access(r.Context(), r)
	if err != nil {
		return nil, err
	}
	return s.dossier(r.Context(), *st, a)
}

func (s *Server) story(w http.ResponseWriter, r *http.Request) error {
	d, err := s.storyDossier(r)
	if err != nil {
		return err
	}
	if d.ID != r.PathValue("id") {
		http.Redirect(w, r, "/story/"+d.ID, http.StatusMovedPermanently)
		return nil
	}
	page := storyPage{chrome: s.chrome(r, "stories"), dossier: d}
	page.PageTitle, page.Live = titleOr(d.Story.Title), true
	page.About = fmt.Sprintf("%s from %s, who says what in them, and which are copies.",
		countWord(d.Articles, "article", "articles"), countWord(d.Story.Origins, "independent origin", "independent origins"))
	page.Feeds = []feedLink{{"application/rss+xml", "This story", "/story/" + d.ID + "/feed.rss"}, {"application/feed+json", "This story", "/story/" + d.ID + "/feed.json"}}
	for _, o := range d.Origins {
		page.Copies += len(o.Copies)
		for _, a := range append([]model.Article{o.Article}, o.Copies...) {
			page.Revisions += max(0, a.Revision-1)
		}
	}
	if len(d.Origins) > 0 {
		page.First = &d.Origins[0]
	}
	if page.Board, page.Decisions, err = s.disputes(r, d.ID, maxBoard); err != nil {
		return err
	}
	if page.Evidence, err = s.evidence(r, d); err != nil {
		return err
	}
	if err := s.edited(r, &page); err != nil {
		return err
	}
	all := bySpeaker(d.Sayings)
	page.Speakers = len(all)
	all = all[:min(len(all), maxSpeakers)]
	named := sort.Search(len(all), func(i int) bool { return all[i].rank() > 0 })
	page.Voices, page.Unnamed = all[:named], all[named:]
	page.Figure = articlesAnHour(d.Origins)
	page.Shown = min(len(d.Origins), maxOrigins)
	return s.render(w, r, http.StatusOK, "story", page)
}

// disputes is the board of a story's claims, and what was decided by hand.
func (s *Server) disputes(r *http.Request, story string, limit int) (b board, decided []model.Decision, err error) {
	claims, err := s.st.StoryClaims(r.Context(), story)
	if err != nil {
		return b, nil, fmt.Errorf("web: claims of story %s: %w", story, err)
	}
	if b, err = s.board(r, claims, limit); err != nil {
		return b, nil, err
	}
	decided, err = s.decisions(r.Context(), "story", story)
	return b, decided, err
}

// maxEdited bounds the articles of a story whose versions one page compares.
const maxEdited = 12

// edited says what of weight changed in articles that were edited.
func (s *Server) edited(r *http.Request, page *storyPage) error {
	page.Edited = map[string]string{}
	for i := range page.dossier.Origins {
		a := &page.dossier.Origins[i].Article
		if a.Revision < 2 || len(page.Edited) == maxEdited {
			continue
		}
		revs, err := s.st.Revisions(r.Context(), a.ID)
		if err != nil {
			return fmt.Errorf("web: revisions of %s: %w", a.ID, err)
		}
		stated, err := s.st.AllStatements(r.Context(), a.ID)
		if err != nil {
			return fmt.Errorf("web: statements of %s: %w", a.ID, err)
		}
		slices.SortFunc(revs, func(x, y model.Revision) int { return x.N - y.N })
		list, _ := revisionsOf(revs, stated)
		var flags []string
		for _, rv := range list {
			for _, f := range rv.Flags {
				if !slices.Contains(flags, f) {
					flags = append(flags, f)
				}
			}
		}
		page.Edited[a.ID] = flagWords(flags)
	}
	return nil
}

// Listed is the origins the page lists.
func (p storyPage) Listed() []origin { return p.dossier.Origins[:p.Shown] }

// Listing is the number of speakers the page lists.
func (p storyPage) Listing() int { return len(p.Voices) + len(p.Unnamed) }

// Newest is the date of the newest article.
func (p storyPage) Newest() time.Time {
	latest := p.Latest
	for _, o := range p.dossier.Origins {
		if t := o.Dated(); t.After(latest) && !o.Future {
			latest = t
		}
	}
	return latest
}

// bySpeaker groups statements by speaker, who spoke last first; those without
// a name come last.
func bySpeaker(list []saying) []voice {
	at := map[string]int{}
	var out []voice
	for _, x := range latestFirst(list) {
		key := speakerKey(&x.Statement)
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, voice{Key: strings.ReplaceAll(key, "\x00", "|"), ID: x.SpeakerID, Name: x.Speaker, Type: x.SpeakerType})
		}
		v := &out[i]
		if len(x.Role) > len(v.Role) {
			v.Role = x.Role
		}
		v.Stances = countStance(v.Stances, x.Stance)
		v.Sayings = append(v.Sayings, x)
	}
	for i := range out {
		out[i].fold()
	}
	slices.SortStableFunc(out, func(x, y voice) int { return cmp.Compare(x.rank(), y.rank()) })
	return out
}

// fold keeps the newest words of each stance in sight, fills up with the
// newest of the others and folds the rest.
func (v *voice) fold() {
	shown := make([]bool, len(v.Sayings))
	taken := map[model.Stance]bool{}
	room := firstSayings
	for i, x := range v.Sayings {
		if !taken[x.Stance] && room > 0 {
			taken[x.Stance], shown[i] = true, true
			room--
		}
	}
	var first, rest []saying
	for i, x := range v.Sayings {
		if !shown[i] && room > 0 {
			shown[i] = true
			room--
		}
		if shown[i] {
			first = append(first, x)
		} else if len(rest) < maxSayings {
			rest = append(rest, x)
		}
	}
	v.Sayings, v.Folded = first, rest
}

// rank puts named speakers first.
func (v voice) rank() int {
	if v.Type == model.SpeakerUnnamed || v.Name == "" {
		return 1
	}
	return 0
}

// hide replaces the text of a not-found error by one for readers.
func hide(err error, text string) error {
	if isNotFound(err) {
		return tell(model.ErrNotFound, "%s", text)
	}
	return err
}
