package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// maxArticle bounds the text of one article page, in bytes; maxNotes the
// statements marked in it.
const (
	maxArticle = 400 << 10
	maxNotes   = 400
)

// articlePage is one article: its text, or what its licence lets the public
// see of it, with the statements marked.
type articlePage struct {
	chrome
	model.Article
	Licence   model.Licence
	Headline  []diffRun
	Paras     []paragraph
	Short     bool // part of the text is left out: the licence
	Truncated bool // part of the text is left out: its length
	Stated    int
	Speakers  int
	Stances   []model.Stance // that occur
	Pick      picked
	Revisions []revision
	Capture   model.Capture // zero when it is gone
	Story     *model.Story
	Original  *model.Article // the article it is a copy of
	Copies    []model.Article
}

// FirstSeen is when any version of the article was first captured.
func (p articlePage) FirstSeen() time.Time { return firstSeen(&p.Article) }

// isNotFound reports whether an error is of the kind not found.
func isNotFound(err error) bool { return errors.Is(err, model.ErrNotFound) }

func (s *Server) article(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	a, err := s.st.Article(ctx, r.PathValue("id"))
	if err != nil {
		return fmt.Errorf("web: article: %w", hide(err, "There is no such article."))
	}
	acc, err := s.access(ctx, r)
	if err != nil {
		return err
	}
	list, err := s.st.AllStatements(ctx, a.ID)
	if err != nil {
		return fmt.Errorf("web: statements of %s: %w", a.ID, err)
	}
	revs, err := s.st.Revisions(ctx, a.ID)
	if err != nil {
		return fmt.Errorf("web: revisions of %s: %w", a.ID, err)
	}
	p := articlePage{chrome: s.chrome(r, "stories"), Article: *a, Licence: acc.licence(a.Source)}
	p.PageTitle, p.Live, p.NoIndex = titleOr(a.Title), true, true
	p.About = fmt.Sprintf("%s: who says what in this article, since when, and where the original is.", clip(80, a.Outlet))
	if p.Capture, err = s.st.Capture(ctx, a.Capture); err != nil && !isNotFound(err) {
		return fmt.Errorf("web: capture of %s: %w", a.ID, err)
	}
	also, err := p.surroundings(s, r, acc)
	if err != nil {
		return err
	}
	p.write(list, pickOf(r.URL.Query()), revs, also)
	return s.render(w, r, http.StatusOK, "article", p)
}

// surroundings loads the article's story, its copies and original, and
// returns the other articles that carry each of its statements.
func (p *articlePage) surroundings(s *Server, r *http.Request, acc access) (map[int][]model.Ledger, error) {
	if p.Article.Story == "" {
		return nil, nil
	}
	st, err := s.st.Story(r.Context(), p.Article.Story)
	if isNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("web: story of %s: %w", p.ID, err)
	}
	p.Story = st
	d, err := s.dossier(r.Context(), *st, acc)
	if err != nil {
		return nil, err
	}
	for i := range d.Origins {
		o := &d.Origins[i]
		switch p.ID {
		case o.ID:
			p.Copies = o.Copies
		default:
			if o.ID == p.CopyOf {
				p.Original = &o.Article
			}
		}
	}
	return alsoIn(d.Sayings, p.ID), nil
}

// alsoIn maps the statements of one article to the other articles that give
// the same speaker the same words.
func alsoIn(list []saying, article string) map[int][]model.Ledger {
	out := map[int][]model.Ledger{}
	for _, x := range list {
		all := append([]model.Ledger{x.Ledger}, x.Also...)
		for _, own := range all {
			if own.Article != article {
				continue
			}
			for _, other := range all {
				if other.Article != article {
					out[own.N] = append(out[own.N], other)
				}
			}
		}
	}
	return out
}

// write fills what depends on the licence: text, marks, notes and changes. What
// of the text is shown does not depend on what the reader picks.
func (p *articlePage) write(all []model.Statement, pick picked, revs []model.Revision, also map[int][]model.Ledger) {
	list := slices.DeleteFunc(slices.Clone(all), func(x model.Statement) bool { return x.Class != model.ClassStatement })
	p.Stated = len(list)
	p.Speakers = countSpeakers(list)
	p.Pick = pick.from(all)
	shown := p.Pick.apply(all)
	for _, st := range model.Stances[:4] {
		if slices.ContainsFunc(shown, func(x model.Statement) bool { return x.Stance == st }) {
			p.Stances = append(p.Stances, st)
		}
	}
	slices.SortFunc(revs, func(x, y model.Revision) int { return x.N - y.N })
	var last comparison
	p.Revisions, last = revisionsOf(revs, all)
	p.Headline = headline(revs, p.Article.Title)
	text := p.Text
	if len(text) > maxArticle {
		text, p.Truncated = text[:runeStart(text, maxArticle)], true
	}
	marks := marksOf(text, shown[:min(len(shown), maxNotes)])
	switch p.Licence {
	case model.LicenceLink:
		p.Short, p.Truncated = text != "", false
		p.hideChanges(0)
		return
	case model.LicenceFull:
		if last.Rewritten() || len(revs) == 0 || revs[len(revs)-1].Text != p.Text {
			last.Changes = nil
		}
		p.Paras = layout(text, marks, last.Changes, nil)
	default:
		spent := p.hideChanges(excerptRunes)
		e := excerptOf(text, list, excerptRunes-spent)
		p.Short, p.Truncated = text != "", false
		if e.Visible != nil {
			p.Paras = layout(text, marks, nil, e.Visible)
		}
	}
	p.annotate(shown, reporters(all), also)
}

// reporters maps the statements that another one reports to its speaker.
func reporters(list []model.Statement) map[int]*model.Statement {
	byN := make(map[int]*model.Statement, len(list))
	for i := range list {
		byN[list[i].N] = &list[i]
	}
	out := map[int]*model.Statement{}
	for i := range list {
		if by := byN[list[i].Outer]; by != nil && list[i].Outer != list[i].N {
			out[list[i].N] = by
		}
	}
	return out
}

// annotate puts each statement's note beside the paragraph it ends in.
func (p *articlePage) annotate(list []model.Statement, by map[int]*model.Statement, also map[int][]model.Ledger) {
	byN := make(map[int]*model.Statement, len(list))
	for i := range list {
		byN[list[i].N] = &list[i]
	}
	for i := range p.Paras {
		for _, pc := range p.Paras[i].Pieces {
			for _, n := range pc.Ends {
				if st := byN[n]; st != nil {
					p.Paras[i].Notes = append(p.Paras[i].Notes, note{*st, also[n], by[n]})
					delete(byN, n)
				}
			}
		}
		slices.SortFunc(p.Paras[i].Notes, func(x, y note) int { return x.N - y.N })
	}
}

func countSpeakers(list []model.Statement) int {
	seen := map[string]bool{}
	for i := range list {
		if list[i].Speaker != "" {
			seen[speakerKey(&list[i])] = true
		}
	}
	return len(seen)
}

// headline shows the headline with what changed in it since the revision
// before, where only some words did.
func headline(revs []model.Revision, title string) []diffRun {
	if n := len(revs); n > 1 && revs[n-1].Title == title && revs[n-2].Title != title {
		if c := compare(revs[n-2].Title, title); c.Added+c.Removed <= c.Words && len(title) < maxTitle {
			return compareRuns(revs[n-2].Title, title)
		}
	}
	return []diffRun{{Same: clip(maxTitle, strings.TrimSpace(title))}}
}
