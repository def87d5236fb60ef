package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
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
	Voices    []speaker
	Figure    figure
	Shown     int // articles listed
}

// speaker is one speaker's statements in a story, oldest first.
type speaker struct {
	Name    string
	Type    model.SpeakerType
	Role    string
	Sayings []saying
	Folded  []saying // the ones after the first few
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
	page := storyPage{chrome: s.chrome(r, "stories"), dossier: d}
	page.PageTitle, page.Live = titleOr(d.Story.Title), true
	page.About = fmt.Sprintf("%s from %s, who says what in them, and which are copies.",
		countWord(d.Articles, "article", "articles"), countWord(d.Story.Origins, "independent origin", "independent origins"))
	page.Feeds = []feedLink{{"application/rss+xml", "This story", "/story/" + d.ID + "/feed.rss"}, {"application/feed+json", "This story", "/story/" + d.ID + "/feed.json"}}
	var all []model.Article
	for _, o := range d.Origins {
		all = append(append(all, o.Article), o.Copies...)
		page.Copies += len(o.Copies)
	}
	for i := range all {
		page.Revisions += max(0, all[i].Revision-1)
	}
	if len(d.Origins) > 0 {
		page.First = &d.Origins[0]
	}
	page.Voices = bySpeaker(d.Sayings)
	page.Speakers = len(page.Voices)
	page.Voices = page.Voices[:min(len(page.Voices), maxSpeakers)]
	page.Figure = articlesAnHour(d.Origins)
	page.Shown = min(len(d.Origins), maxOrigins)
	return s.render(w, r, http.StatusOK, "story", page)
}

// Listed is the origins the page lists.
func (p storyPage) Listed() []origin { return p.dossier.Origins[:p.Shown] }

// Latest is the date of the newest article.
func (p storyPage) Newest() time.Time {
	latest := p.Latest
	for _, o := range p.dossier.Origins {
		if t := o.Dated(); t.After(latest) && !o.Future {
			latest = t
		}
	}
	return latest
}

// bySpeaker groups statements by speaker in the order they first spoke;
// those without a name come last.
func bySpeaker(list []saying) []speaker {
	at := map[string]int{}
	var out []speaker
	for _, x := range list {
		key := speakerKey(&x.Statement)
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, speaker{Name: x.Speaker, Type: x.SpeakerType})
		}
		v := &out[i]
		if len(x.Role) > len(v.Role) {
			v.Role = x.Role
		}
		switch {
		case len(v.Sayings) < firstSayings:
			v.Sayings = append(v.Sayings, x)
		case len(v.Folded) < maxSayings:
			v.Folded = append(v.Folded, x)
		}
	}
	slices.SortStableFunc(out, func(x, y speaker) int { return cmp.Compare(x.rank(), y.rank()) })
	return out
}

// rank puts named speakers first.
func (v speaker) rank() int {
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
