package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"crosscheck/internal/model"
)

// term is something a query asks for: one word, or several in a row.
type term struct {
	tokens []string
	prefix bool // the last token may go on
}

// maxTerms bounds the work one query can ask for.
const maxTerms = 20

// terms reads what a person typed: words, "phrases", and beginn* for words that
// begin so. Nothing is an error.
func terms(query string) []term {
	var out []term
	for i, part := range strings.FieldsFunc(markQuotes(query), func(r rune) bool { return r == '\x01' }) {
		// Parts at odd places stand between quotation marks.
		words := []string{part}
		if i%2 == 0 {
			words = strings.Fields(part)
		}
		for _, w := range words {
			t := term{tokens: tokens(w), prefix: i%2 == 0 && strings.HasSuffix(w, "*")}
			if len(t.tokens) > 0 && len(out) < maxTerms {
				t.tokens = t.tokens[:min(len(t.tokens), maxTerms)]
				out = append(out, t)
			}
		}
	}
	return out
}

// markQuotes makes every kind of double quotation mark the same separator, and
// sees to it that the text before the first one counts as a part.
func markQuotes(q string) string {
	q = strings.ReplaceAll(q, "\x01", " ")
	return " " + strings.NewReplacer(`"`, "\x01 ", "“", "\x01 ", "”", "\x01 ", "„", "\x01 ", "«", "\x01 ", "»", "\x01 ").Replace(q)
}

// searchLimit is the page size where the query states none, and the most.
const searchLimit = 200

// Search finds articles, best first; without words, the latest first. Any text
// is a valid query.
func (s *Store) Search(ctx context.Context, q model.SearchQuery) (model.SearchResult, error) {
	want := terms(q.Text)
	if len(want) == 0 && strings.TrimSpace(q.Text) != "" {
		return model.SearchResult{}, nil
	}
	from, args, order := s.searchFrom(q, want)
	var res model.SearchResult
	if err := one(ctx, s.r, `SELECT count(*) `+from, args...).Scan(&res.Total); err != nil {
		return res, s.wrap("search", err)
	}
	if q.Limit <= 0 || q.Limit > searchLimit {
		q.Limit = searchLimit
	}
	n := len(args)
	ids, err := all(ctx, s.r, scanOne[string], fmt.Sprintf(`SELECT a.id %s ORDER BY %s, a.n DESC LIMIT $%d OFFSET $%d`,
		from, order, n+1, n+2), append(args, q.Limit, max(q.Offset, 0))...)
	if err != nil {
		return res, s.wrap("search", err)
	}
	for _, id := range ids {
		hit, err := s.hit(ctx, id, want)
		if err != nil {
			return res, s.wrap("search", err)
		}
		res.Hits = append(res.Hits, hit)
	}
	return res, nil
}

// searchFrom writes the FROM and WHERE of a query.
func (s *Store) searchFrom(q model.SearchQuery, want []term) (from string, args []any, order string) {
	from, order = `FROM article a `, `a.at DESC`
	if len(want) > 0 {
		from, order = from+s.dialect.match, s.dialect.rank
		args = append(args, s.dialect.query(want))
	}
	where := []string{}
	filter := func(cond string, v any) {
		args = append(args, v)
		where = append(where, fmt.Sprintf(cond, len(args)))
	}
	if q.Outlet != "" {
		filter(`a.outlet = $%d`, clean(q.Outlet))
	}
	if q.Speaker != "" {
		filter(`a.id IN (SELECT s.article FROM statement s JOIN article b ON b.id = s.article AND b.revision = s.revision
			WHERE s.speaker_key = $%d AND s.class = '')`, foldKey(q.Speaker))
	}
	if !q.From.IsZero() {
		filter(`a.at >= $%d`, micros(q.From))
	}
	if !q.To.IsZero() {
		filter(`a.at < $%d`, micros(q.To))
	}
	if len(where) > 0 {
		from += ` WHERE ` + strings.Join(where, ` AND `)
	}
	return from, args, order
}

// hit loads what a page shows of one article found.
func (s *Store) hit(ctx context.Context, id string, want []term) (model.SearchHit, error) {
	a, err := scanArticle(one(ctx, s.r, articleWithText+`WHERE a.id = $1`, id))
	if err != nil {
		return model.SearchHit{}, err
	}
	h := model.SearchHit{Article: a}
	h.Snippet, h.Matches = snippet(a.Text, want)
	h.Article.Text = ""
	if h.Licence, err = s.Licence(ctx, a.Source); err != nil {
		return h, err
	}
	h.Speakers, err = all(ctx, s.r, func(row scanner) (sp model.Speaker, err error) {
		err = row.Scan(&sp.Name, &sp.Type, &sp.ID)
		return sp, err
	}, `SELECT s.speaker, s.speaker_type, coalesce(max(l.speaker), '') FROM statement s LEFT JOIN speaker_alias l ON l.id = s.alias
		WHERE s.article = $1 AND s.revision = $2 AND s.class = '' AND s.speaker_type <> 'unnamed'
		GROUP BY s.speaker, s.speaker_type ORDER BY min(s.n)`, id, a.Revision)
	return h, err
}

// snippetLen is the length of a snippet in bytes, its dots not counted.
const snippetLen = 190

// snippet returns the part of text with the most different matches, and where
// they stand in it.
func snippet(text string, want []term) (string, []model.Span) {
	found := matches(text, want)
	start, end := 0, 0
	best := 0
	for i := range found {
		j, kinds := i, map[int]bool{}
		for ; j < len(found) && found[j].End-found[i].Start <= snippetLen/2; j++ {
			kinds[found[j].term] = true
		}
		if len(kinds) > best {
			best, start, end = len(kinds), found[i].Start, found[j-1].End
		}
	}
	sp := widen(text, model.Span{Start: start, End: end})
	return cutOut(text, sp, found)
}

// match is where a term occurs.
type match struct {
	model.Span
	term int
}

// matches returns where the terms occur in text, in text order.
func matches(text string, want []term) []match {
	if len(want) == 0 {
		return nil
	}
	var found []match
	var recent []token // as many as the longest term has tokens
	longest := 0
	for _, t := range want {
		longest = max(longest, len(t.tokens))
	}
	seen := 0
	scanTokens(text, func(tok token) bool {
		if recent = append(recent, tok); len(recent) > longest {
			recent = slices.Delete(recent, 0, 1)
		}
		for i, t := range want {
			if n := len(t.tokens); n <= len(recent) && t.ends(recent[len(recent)-n:]) {
				found = append(found, match{model.Span{Start: recent[len(recent)-n].Start, End: tok.End}, i})
			}
		}
		seen++
		return seen < maxIndexed
	})
	slices.SortStableFunc(found, func(a, b match) int { return a.Start - b.Start })
	return found
}

// ends reports whether toks, as many as t has, are t.
func (t term) ends(toks []token) bool {
	last := len(t.tokens) - 1
	for i, want := range t.tokens {
		if got := toks[i].word; got != want && !(i == last && t.prefix && strings.HasPrefix(got, want)) {
			return false
		}
	}
	return true
}

// widen grows sp to about snippetLen, to whole words.
func widen(text string, sp model.Span) model.Span {
	spare := max(snippetLen-sp.Len(), 0)
	start := max(0, sp.Start-spare/3)
	end := min(len(text), start+max(snippetLen, sp.Len()))
	if start > 0 {
		if i := strings.IndexAny(text[start:sp.Start], " \n"); i >= 0 {
			start += i + 1
		} else {
			start = sp.Start
		}
	}
	if end < len(text) {
		end = max(sp.End, len(cut(text, end)))
		if i := strings.LastIndexAny(text[sp.End:end], " \n"); i > 0 {
			end = sp.End + i
		}
	}
	return model.Span{Start: start, End: end}
}

// cutOut returns sp of text on one line, with dots where text goes on, and the
// matches that lie in it.
func cutOut(text string, sp model.Span, found []match) (string, []model.Span) {
	const dots = "…"
	var before, after string
	if sp.Start > 0 {
		before = dots
	}
	if sp.End < len(text) {
		after = dots
	}
	shift := len(before) - sp.Start
	var spans []model.Span
	for _, m := range found {
		if m.Start >= sp.Start && m.End <= sp.End && (len(spans) == 0 || m.Start+shift >= spans[len(spans)-1].End) {
			spans = append(spans, model.Span{Start: m.Start + shift, End: m.End + shift})
		}
	}
	oneLine := strings.ReplaceAll(text[sp.Start:sp.End], "\n", " ") // same length, so that spans stay
	return before + oneLine + after, spans
}
