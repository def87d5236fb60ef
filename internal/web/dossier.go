package web

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"crosscheck/internal/model"
)

// dossier is a story with its articles and what may be shown of the
// statements in them.
type dossier struct {
	model.Story
	Origins []origin
	Sayings []saying // oldest first, each once
	Held    int      // statements the licence of their source keeps back
}

// origin is an article that copies no other of the story, and its copies.
type origin struct {
	model.Article
	Copies  []model.Article
	Stances []stanceCount
}

// Dated is when the article was published, or first seen where it says
// nothing about it.
func (o origin) Dated() time.Time { return dated(&o.Article) }

// FirstSeen is when any version of it was first captured.
func (o origin) FirstSeen() time.Time { return firstSeen(&o.Article) }

type stanceCount struct {
	Stance model.Stance
	N      int
}

// saying is a statement as pages show it, with the other articles that carry
// it in the same words.
type saying struct {
	model.Ledger
	Also []model.Ledger
}

// maxCopies bounds the copies a page lists under one original.
const maxCopies = 60

// few is the copies a page lists.
func few(copies []model.Article) []model.Article { return copies[:min(len(copies), maxCopies)] }

// repeat is an article that repeats another, with those that seem taken from it.
type repeat struct {
	model.Article
	Repeated []repeat
}

// copyTree puts the first few copies of an origin under the texts that they seem
// taken from.
func copyTree(copies []model.Article) []repeat {
	under := map[string][]model.Article{}
	listed := map[string]bool{}
	for _, a := range copies[:min(len(copies), maxCopies)] {
		from := a.CopyFrom
		if !listed[from] { // the origin, or one that is not shown: a text is older than what is taken from it
			from = ""
		}
		under[from] = append(under[from], a)
		listed[a.ID] = true
	}
	var grow func(from string) []repeat
	grow = func(from string) []repeat {
		var out []repeat
		for _, a := range under[from] {
			out = append(out, repeat{a, grow(a.ID)})
		}
		return out
	}
	return grow("")
}

// Link leads to the exact words in their article.
func (s saying) Link() string { return statementURL(s.Article, s.N) }

// who is the speaker, by name and page.
func (s *saying) who() model.Speaker { return model.Speaker{ID: s.SpeakerID, Name: s.Speaker} }

// unnamed reports whether the article does not say who said it.
func (s *saying) unnamed() bool { return s.SpeakerType == model.SpeakerUnnamed || s.Speaker == "" }

func statementURL(article string, n int) string {
	return fmt.Sprintf("/article/%s#s%d", article, n)
}

func dated(a *model.Article) time.Time {
	if a.Published.IsZero() {
		return firstSeen(a)
	}
	return a.Published
}

func firstSeen(a *model.Article) time.Time {
	if a.FirstSeen.IsZero() {
		return a.Seen
	}
	return a.FirstSeen
}

func (s *Server) dossier(ctx context.Context, st model.Story, a access) (*dossier, error) {
	articles, err := s.st.StoryArticles(ctx, st.ID)
	if err != nil {
		return nil, fmt.Errorf("web: articles of story %s: %w", st.ID, err)
	}
	ledger, err := s.st.StoryLedger(ctx, st.ID)
	if err != nil {
		return nil, fmt.Errorf("web: ledger of story %s: %w", st.ID, err)
	}
	d := &dossier{Story: st}
	d.Origins = foldCopies(articles)
	byID := make(map[string]*model.Article, len(articles))
	for i := range articles {
		byID[articles[i].ID] = &articles[i]
	}
	origins := make(map[string]*origin, len(d.Origins))
	for i := range d.Origins {
		origins[d.Origins[i].ID] = &d.Origins[i]
	}
	var shown []model.Ledger
	for _, l := range ledger {
		o := origins[l.Article]
		if o == nil && byID[l.Article] != nil {
			continue // a copy: its words are its origin's
		}
		if o != nil {
			o.Stances = countStance(o.Stances, l.Stance)
			l.Copies = len(o.Copies)
			if !a.words(o.Source) {
				d.Held++
				continue
			}
		}
		shown = append(shown, l)
	}
	d.Sayings = foldSayings(shown)
	return d, nil
}

// countStance adds one to a stance's count and keeps their order.
func countStance(list []stanceCount, st model.Stance) []stanceCount {
	for i := range list {
		if list[i].Stance == st {
			list[i].N++
			return list
		}
	}
	list = append(list, stanceCount{st, 1})
	slices.SortFunc(list, func(x, y stanceCount) int { return stanceRank(x.Stance) - stanceRank(y.Stance) })
	return list
}

// stanceRank orders stances as every page does; unknown ones come last.
func stanceRank(s model.Stance) int {
	if i := slices.Index(model.Stances, s); i >= 0 {
		return i
	}
	return len(model.Stances)
}

// foldCopies orders articles by date and hangs each copy under its origin. A
// copy whose origin is not of this story stands for itself.
func foldCopies(articles []model.Article) []origin {
	sorted := slices.Clone(articles)
	slices.SortStableFunc(sorted, func(x, y model.Article) int {
		return cmp.Or(dated(&x).Compare(dated(&y)), cmp.Compare(x.ID, y.ID))
	})
	at := map[string]int{}
	var out []origin
	have := make(map[string]bool, len(sorted))
	for _, a := range sorted {
		have[a.ID] = true
	}
	for _, a := range sorted {
		if a.CopyOf == "" || !have[a.CopyOf] || a.CopyOf == a.ID {
			at[a.ID] = len(out)
			out = append(out, origin{Article: a})
		}
	}
	for _, a := range sorted {
		if _, ok := at[a.ID]; ok {
			continue
		}
		if i, ok := at[a.CopyOf]; ok {
			out[i].Copies = append(out[i].Copies, a)
			continue
		}
		out = append(out, origin{Article: a}) // a copy of a copy: shown rather than lost
	}
	return out
}

// foldSayings orders statements by date and folds those that give one
// speaker the same words.
func foldSayings(ledger []model.Ledger) []saying {
	slices.SortStableFunc(ledger, func(x, y model.Ledger) int {
		return cmp.Or(x.Dated().Compare(y.Dated()), cmp.Compare(x.Article, y.Article), x.N-y.N)
	})
	var out []saying
	seen := map[string]int{}
	for _, l := range ledger {
		key := speakerKey(&l.Statement) + "\x00" + string(l.Stance) + "\x00" + l.Words()
		if i, ok := seen[key]; ok {
			if out[i].Article != l.Article {
				out[i].Also = append(out[i].Also, l)
			}
			continue
		}
		seen[key] = len(out)
		out = append(out, saying{Ledger: l})
	}
	return out
}
