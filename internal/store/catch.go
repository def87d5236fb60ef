package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"crosscheck/internal/model"
)

// catcher is a situation's definition, ready to be asked: of one article by
// match, of the whole store by where. Both give the same answer.
type catcher struct {
	sit      *model.Situation
	words    []wanted // of Words and Phrases: one is enough
	all      []wanted
	exclude  []wanted
	speakers []string          // as they are known now
	asked    map[string]string // of these, the definition's id of each
	around   func(place int64) []int64
	inside   []int64 // the places that are named anywhere and wanted
}

// wanted is a word or phrase and how the definition writes it.
type wanted struct {
	term
	text string
}

// wantedOf reads words ("beginn*" for beginnings) or phrases. One without a
// letter or digit is an ErrInvalid naming the field.
func wantedOf(field string, list []string) ([]wanted, error) {
	var out []wanted
	for _, text := range list {
		w := wanted{term{tokens: tokens(text), prefix: strings.HasSuffix(text, "*")}, text}
		switch {
		case len(w.tokens) == 0:
			return nil, model.Errorf(model.ErrInvalid, "situation %s: %q has no letter or digit", field, text)
		case len(w.tokens) > maxTerms:
			return nil, model.Errorf(model.ErrInvalid, "situation %s: %q has more than %d words", field, text, maxTerms)
		}
		out = append(out, w)
	}
	return out, nil
}

// newCatcher reads a valid definition. Words that contradict each other are an
// ErrInvalid naming the field.
func (s *Store) newCatcher(sit *model.Situation) (*catcher, error) {
	c := &catcher{sit: sit, speakers: sit.Speakers, asked: map[string]string{}, around: s.around}
	for _, id := range sit.Speakers {
		c.asked[id] = id
	}
	words, err := wantedOf("words", sit.Words)
	if err != nil {
		return nil, err
	}
	phrases, err := wantedOf("phrases", sit.Phrases)
	if err != nil {
		return nil, err
	}
	if c.all, err = wantedOf("all", sit.All); err != nil {
		return nil, err
	}
	if c.exclude, err = wantedOf("exclude", sit.Exclude); err != nil {
		return nil, err
	}
	c.words = append(words, phrases...)
	for _, list := range []struct {
		field string
		words []wanted
	}{{"words", words}, {"phrases", phrases}, {"all", c.all}} {
		for _, w := range list.words {
			for _, x := range c.exclude {
				if x.within(w.term) {
					return nil, model.Errorf(model.ErrInvalid, "situation %s: %q is excluded by %q", list.field, w.text, x.text)
				}
			}
		}
	}
	return c, nil
}

// within reports whether every text that has w has t.
func (t term) within(w term) bool {
	for i := 0; i+len(t.tokens) <= len(w.tokens); i++ {
		open := w.prefix && i+len(t.tokens) == len(w.tokens) // the last word of w may go on
		if t.ends(asTokens(w.tokens[i:i+len(t.tokens)])) && (!open || t.prefix) {
			return true
		}
	}
	return false
}

func asTokens(words []string) []token {
	out := make([]token, len(words))
	for i, w := range words {
		out[i].word = w
	}
	return out
}

// known follows the merges of the speakers.
func (c *catcher) known(ctx context.Context, q conn) error {
	if len(c.sit.Speakers) == 0 {
		return nil
	}
	c.speakers = nil
	for _, id := range c.sit.Speakers {
		now, err := mergedInto(ctx, q, id)
		if err != nil {
			now = id
		}
		c.asked[now] = id
		c.speakers = append(c.speakers, now)
	}
	return nil
}

// candidate is what a definition is compared with: one article.
type candidate struct {
	model.Article
	n, at    int64
	parts    [][]token // title and text
	texts    []string
	speakers []string // of the statements of the newest revision
	mentions []model.Mention
}

// read folds the title and the text.
func (c *candidate) read() {
	c.texts = []string{c.Title, c.Text}
	c.parts = make([][]token, len(c.texts))
	for i, text := range c.texts {
		scanTokens(text, func(t token) bool {
			c.parts[i] = append(c.parts[i], t)
			return len(c.parts[i]) < maxIndexed
		})
	}
}

// find returns how the article first writes a term.
func (c *candidate) find(t term) (string, bool) {
	for i, part := range c.parts {
		for j := 0; j+len(t.tokens) <= len(part); j++ {
			if run := part[j : j+len(t.tokens)]; t.ends(run) {
				return c.texts[i][run[0].Start:run[len(run)-1].End], true
			}
		}
	}
	return "", false
}

// hits returns those of a list that the article has.
func (c *candidate) hits(list []wanted) []model.Hit {
	var out []model.Hit
	for _, w := range list {
		if found, ok := c.find(w.term); ok {
			out = append(out, model.Hit{Want: w.text, Found: found})
		}
	}
	return out
}

// match compares an article with the definition.
func (c *catcher) match(a *candidate) model.Member {
	m := model.Member{Situation: c.sit.ID, Article: a.ID, Definition: c.sit.Revision}
	words, all := a.hits(c.words), a.hits(c.all)
	m.Words, m.Shut = append(words, all...), a.hits(c.exclude)
	for _, id := range a.speakers {
		if as, ok := c.asked[id]; ok && !slices.Contains(m.Speakers, as) {
			m.Speakers = append(m.Speakers, as)
		}
	}
	for _, x := range a.mentions {
		if !slices.Contains(m.Places, x.Place.ID) && c.wantsPlace(x.Place.ID) {
			m.Places = append(m.Places, x.Place.ID)
		}
	}
	if slices.Contains(c.sit.Sources, a.Source) {
		m.Source = a.Source
	}
	one := len(words)+len(m.Speakers)+len(m.Places) > 0 || m.Source != "" || c.onlyAll()
	against := c.against(&m, a, len(all))
	m.In = one && len(against) == 0 && c.sit.Wants()
	if m.In {
		m.Why = reasons(&m, a)
		return m
	}
	if !one {
		against = append(against, "has nothing of what is wanted")
	}
	m.Why = against
	return m
}

// wantsPlace reports whether a place is one of the definition's, or lies in one.
func (c *catcher) wantsPlace(id int64) bool {
	return id != 0 && len(c.sit.Places) > 0 && (slices.Contains(c.sit.Places, id) ||
		slices.ContainsFunc(c.around(id), func(a int64) bool { return slices.Contains(c.sit.Places, a) }))
}

// look finds which of the places that are named anywhere are wanted, for where.
// It steps from place to place through an index.
func (c *catcher) look(ctx context.Context, q conn) error {
	if len(c.sit.Places) == 0 {
		return nil
	}
	named, err := all(ctx, q, scanOne[int64], `WITH RECURSIVE p (id) AS (
			SELECT min(place) FROM mention WHERE place <> 0
			UNION ALL
			SELECT (SELECT min(place) FROM mention WHERE place <> 0 AND place > p.id) FROM p WHERE p.id IS NOT NULL
		) SELECT id FROM p WHERE id IS NOT NULL`)
	for _, id := range named {
		if c.wantsPlace(id) {
			c.inside = append(c.inside, id)
		}
	}
	return err
}

// onlyAll reports whether nothing is wanted but All.
func (c *catcher) onlyAll() bool {
	return len(c.words)+len(c.sit.Speakers)+len(c.sit.Places)+len(c.sit.Sources) == 0
}

// reasons is why an article belongs, in words.
func reasons(m *model.Member, a *candidate) []string {
	var out []string
	for _, h := range m.Words {
		out = append(out, fmt.Sprintf("has “%s”", oneLine(h.Found)))
	}
	if len(m.Speakers) > 0 {
		out = append(out, "has statements of a speaker that is followed")
	}
	named := map[int64]bool{}
	for _, x := range a.mentions {
		if slices.Contains(m.Places, x.Place.ID) && !named[x.Place.ID] {
			named[x.Place.ID] = true
			out = append(out, fmt.Sprintf("names %s", firstOf(x.Place.Name, x.Name)))
		}
	}
	if m.Source != "" {
		out = append(out, "comes from a source that is followed")
	}
	return out
}

// against is what keeps an article out, in words.
func (c *catcher) against(m *model.Member, a *candidate, all int) []string {
	var out []string
	for _, h := range m.Shut {
		out = append(out, fmt.Sprintf("has “%s”, which is excluded", oneLine(h.Found)))
	}
	if all < len(c.all) {
		for _, w := range c.all {
			if _, ok := a.find(w.term); !ok {
				out = append(out, fmt.Sprintf("lacks “%s”", w.text))
			}
		}
	}
	if len(c.sit.Languages) > 0 && !slices.Contains(c.sit.Languages, a.Language) {
		out = append(out, fmt.Sprintf("its language is %s", firstOf(a.Language, "not known")))
	}
	if from := micros(c.sit.From); from != 0 && a.at < from {
		out = append(out, "is older than the situation")
	}
	if until := micros(c.sit.Until); until != 0 && a.at >= until {
		out = append(out, "is younger than the situation")
	}
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// where writes the condition of match on articles a with lo < a.n <= hi, and
// its arguments. What look finds must have been found.
func (c *catcher) where(d *dialect, lo, hi int64) (string, []any) {
	q := conditions{}
	bounds := fmt.Sprintf(" AND %%s > %d AND %%s <= %d", lo, hi)
	words := func(list []wanted, joint string) string {
		terms := make([]term, len(list))
		for i, w := range list {
			terms[i] = w.term
		}
		return `a.n IN (` + q.use(d.has, d.inText(terms, joint)) + strings.ReplaceAll(bounds, "%s", d.hasN) + `)`
	}
	var one []string
	if len(c.words) > 0 {
		one = append(one, words(c.words, " OR "))
	}
	if len(c.speakers) > 0 {
		one = append(one, `a.id IN (SELECT s.article FROM speaker_alias l JOIN statement s ON s.alias = l.id AND s.alias <> ''
			JOIN article b ON b.id = s.article AND b.revision = s.revision WHERE s.class = '' AND l.speaker IN (`+q.list(c.speakers)+`))`)
	}
	if len(c.inside) > 0 {
		one = append(one, `a.id IN (SELECT m.article FROM mention m JOIN article b ON b.id = m.article AND b.revision = m.revision
			WHERE m.place <> 0 AND m.place IN (`+idList(c.inside)+`))`)
	}
	if len(c.sit.Sources) > 0 {
		one = append(one, `a.source IN (`+q.list(c.sit.Sources)+`)`)
	}
	every := []string{fmt.Sprintf(`a.n > %d AND a.n <= %d`, lo, hi)}
	switch {
	case len(one) > 0:
		every = append(every, `(`+strings.Join(one, ` OR `)+`)`)
	case !c.onlyAll() || len(c.all) == 0:
		every = append(every, `1 = 0`)
	}
	if len(c.all) > 0 {
		every = append(every, words(c.all, " AND "))
	}
	if len(c.exclude) > 0 {
		every = append(every, `NOT (`+words(c.exclude, " OR ")+`)`)
	}
	if len(c.sit.Languages) > 0 {
		every = append(every, `a.language IN (`+q.list(c.sit.Languages)+`)`)
	}
	if !c.sit.From.IsZero() {
		every = append(every, `a.at >= `+strconv.FormatInt(micros(c.sit.From), 10))
	}
	if !c.sit.Until.IsZero() {
		every = append(every, `a.at < `+strconv.FormatInt(micros(c.sit.Until), 10))
	}
	return strings.Join(every, ` AND `), q.args
}

// conditions collects the arguments of a query.
type conditions struct{ args []any }

// use writes format with the place of an argument.
func (q *conditions) use(format string, arg any) string {
	q.args = append(q.args, arg)
	return fmt.Sprintf(format, len(q.args))
}

// list writes the places of values.
func (q *conditions) list(values []string) string {
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = q.use("$%d", v)
	}
	return strings.Join(marks, ", ")
}

// idList writes a list of numbers.
func idList(list []int64) string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = strconv.FormatInt(n, 10)
	}
	return strings.Join(out, ", ")
}
