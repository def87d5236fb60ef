package web

import (
	"context"
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
	articleData
	Headline  []diffRun
	Paras     []paragraph
	Short     bool // part of the text is left out: the licence
	Truncated bool // part of the text is left out: its length
	Stated    int
	Speakers  int
	Stances   []model.Stance // that occur
	Pick      picked
	Moves     []happening // at most maxHappenings
	MoreMoves int         // movements beyond them
	HeldMoves int         // whose sentences are not shown
	Revisions []revision
	Capture   model.Capture // zero when it is gone
}

// articleData is what the page of an article shares with the API.
type articleData struct {
	model.Article
	Licence  model.Licence
	Story    *model.Story
	Original *model.Article // the article it is a copy of
	Copies   []model.Article
	all      []model.Statement // and positions
	revs     []model.Revision  // oldest first
	moves    []model.Movement
	also     map[int][]model.Ledger // other articles that carry a statement, by its N
}

// FirstSeen is when any version of the article was first captured.
func (d articleData) FirstSeen() time.Time { return firstSeen(&d.Article) }

// said is the statements without the positions.
func (d articleData) said() []model.Statement {
	return slices.DeleteFunc(slices.Clone(d.all), func(x model.Statement) bool { return x.Class != model.ClassStatement })
}

// isNotFound reports whether an error is of the kind not found.
func isNotFound(err error) bool { return errors.Is(err, model.ErrNotFound) }

func (s *Server) article(w http.ResponseWriter, r *http.Request) error {
	d, err := s.articleData(r, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := articlePage{chrome: s.chrome(r, "stories"), articleData: *d}
	p.PageTitle, p.Live, p.NoIndex = titleOr(p.Title), true, true
	p.About = fmt.Sprintf("%s: who says what in this article, since when, and where the original is.", clip(80, p.Outlet))
	if p.Capture, err = s.st.Capture(r.Context(), p.Article.Capture); err != nil && !isNotFound(err) {
		return fmt.Errorf("web: capture of %s: %w", p.ID, err)
	}
	p.write(pickOf(r.URL.Query()))
	return s.render(w, r, http.StatusOK, "article", p)
}

func (s *Server) articleData(r *http.Request, id string) (*articleData, error) {
	ctx := r.Context()
	a, err := s.st.Article(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("web: article: %w", hide(err, "There is no such article."))
	}
	acc, err := s.access(ctx, r)
	if err != nil {
		return nil, err
	}
	d := &articleData{Article: *a, Licence: acc.licence(a.Source)}
	if d.all, err = s.st.AllStatements(ctx, a.ID); err != nil {
		return nil, fmt.Errorf("web: statements of %s: %w", a.ID, err)
	}
	if d.revs, err = s.st.Revisions(ctx, a.ID); err != nil {
		return nil, fmt.Errorf("web: revisions of %s: %w", a.ID, err)
	}
	if d.moves, err = s.st.Movements(ctx, a.ID); err != nil {
		return nil, fmt.Errorf("web: movements of %s: %w", a.ID, err)
	}
	slices.SortFunc(d.revs, func(x, y model.Revision) int { return x.N - y.N })
	return d, d.surroundings(ctx, s, acc)
}

// surroundings loads the article's story, its copies and original, and the
// other articles that carry each of its statements.
func (d *articleData) surroundings(ctx context.Context, s *Server, acc access) error {
	if d.Article.Story == "" {
		return nil
	}
	st, err := s.st.Story(ctx, d.Article.Story)
	if isNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("web: story of %s: %w", d.ID, err)
	}
	d.Story = st
	whole, err := s.dossier(ctx, *st, acc)
	if err != nil {
		return err
	}
	for i := range whole.Origins {
		o := &whole.Origins[i]
		switch o.ID {
		case d.ID:
			d.Copies = o.Copies
		case d.CopyOf:
			d.Original = &o.Article
		}
	}
	d.also = alsoIn(whole.Sayings, d.ID)
	return nil
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
func (p *articlePage) write(pick picked) {
	list, revs := p.said(), p.revs
	p.Stated = len(list)
	p.Speakers = countSpeakers(list)
	p.Pick = pick.from(p.all)
	shown := p.Pick.apply(p.all)
	for _, st := range model.Stances[:4] {
		if slices.ContainsFunc(shown, func(x model.Statement) bool { return x.Stance == st }) {
			p.Stances = append(p.Stances, st)
		}
	}
	var last comparison
	p.Revisions, last = revisionsOf(revs, p.all)
	p.Headline = headline(revs, p.Article.Title)
	text := p.Text
	if len(text) > maxArticle {
		text, p.Truncated = text[:runeStart(text, maxArticle)], true
	}
	marks := marksOf(text, shown[:min(len(shown), maxNotes)])
	visible := []model.Span{{End: len(text)}}
	defer func() { p.tellMoves(visible) }()
	switch p.Licence {
	case model.LicenceLink:
		visible = nil
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
		p.Short, p.Truncated, visible = text != "", false, e.Visible
		if e.Visible != nil {
			p.Paras = layout(text, marks, nil, e.Visible)
		}
	}
	p.annotate(shown, reporters(p.all), p.also)
}

// tellMoves lists the movements whose sentences the reader may see.
func (p *articlePage) tellMoves(visible []model.Span) {
	p.Moves, p.HeldMoves = p.happenings(visible)
	p.MoreMoves = max(0, len(p.Moves)-maxHappenings)
	p.Moves = p.Moves[:len(p.Moves)-p.MoreMoves]
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
