package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"crosscheck/internal/model"
)

// ledgerText is what the statements of one article share while a ledger is put
// together.
type ledgerText struct {
	id, title, source, outlet, url, story, copyOf, text string
	revision, copies                                    int
	published, seen, at, n                              int64 // at and n order articles
}

// ledgerColumns are statementColumns and who reports the statement.
const ledgerColumns = statementColumns + `, CASE WHEN s.outer_n > 0 THEN coalesce((SELECT o.speaker FROM statement o
	WHERE o.article = s.article AND o.revision = s.revision AND o.n = s.outer_n), '') ELSE '' END`

// scanLedger reads ledgerColumns.
func scanLedger(row scanner) (model.Ledger, error) {
	var r statementRow
	var reporter string
	if err := row.Scan(append(r.fields(), &reporter)...); err != nil {
		return model.Ledger{}, err
	}
	st, err := r.statement()
	return model.Ledger{Statement: st, Reporter: reporter}, err
}

// StoryLedger returns the statements of all articles of a story, of their
// newest revisions, by the articles' times and then in text order. Positions
// are left out.
func (s *Store) StoryLedger(ctx context.Context, id string) ([]model.Ledger, error) {
	out, err := s.ledger(ctx, `a.story = $1 AND a.stated > 0`, `a.story = $1 AND s.class = ''`, id)
	return out, s.wrap("ledger of story "+id, err)
}

// NamedLedger returns the statements of the articles in whose title or text one
// of some names stands, of the newest that many and of their newest revisions,
// newest article first. Copies and positions are left out.
func (s *Store) NamedLedger(ctx context.Context, names []string, articles int) ([]model.Ledger, error) {
	var want []term
	for _, name := range names {
		if t := (term{tokens: tokens(name)}); len(t.tokens) > 0 && len(want) < maxTerms {
			want = append(want, t)
		}
	}
	if len(want) == 0 {
		return nil, nil
	}
	ids, err := all(ctx, s.r, scanOne[string], `SELECT a.id FROM article a WHERE a.copy_of = '' AND a.stated > 0 AND a.n IN (`+
		fmt.Sprintf(s.dialect.has, 1)+`) ORDER BY a.at DESC, a.n DESC LIMIT $2`, s.dialect.inText(want, " OR "), articles)
	if err != nil || len(ids) == 0 {
		return nil, s.wrap("statements that name somebody", err)
	}
	in, args := inList(ids)
	out, err := s.ledger(ctx, `a.id IN (`+in+`)`, `a.id IN (`+in+`) AND s.class = ''`, args...)
	slices.Reverse(out)
	return out, s.wrap("statements that name somebody", err)
}

// textsWhere loads articles with what a ledger needs of them.
func (s *Store) textsWhere(ctx context.Context, where string, args ...any) (map[string]*ledgerText, error) {
	texts := map[string]*ledgerText{}
	_, err := all(ctx, s.r, func(row scanner) (struct{}, error) {
		t := &ledgerText{}
		err := row.Scan(&t.id, &t.revision, &t.title, &t.source, &t.outlet, &t.url, &t.story, &t.copyOf, &t.published, &t.seen, &t.at, &t.n, &t.text, &t.copies)
		texts[t.id] = t
		return struct{}{}, err
	}, `SELECT a.id, a.revision, a.title, a.source, a.outlet, a.url, a.story, a.copy_of, a.published, a.first_seen, a.at, a.n, r.text,
		CASE WHEN a.copy_of = '' THEN (SELECT count(*) FROM article c WHERE c.copy_of = a.id AND c.copy_of <> '') ELSE 0 END
		FROM article a JOIN revision r ON r.article = a.id AND r.n = a.revision WHERE `+where, args...)
	return texts, err
}

// withText puts a statement beside its article. An article that came to its
// statements between the two queries is not known here: it shows next time.
func withText(l model.Ledger, t *ledgerText) model.Ledger {
	if t == nil || t.revision != l.Revision {
		return l
	}
	l.Text, l.Sentence = contentText(&l.Statement, t.text), sentenceAround(t.text, l.Span())
	l.Title, l.Source, l.Outlet, l.URL, l.Story = t.title, t.source, t.outlet, t.url, t.story
	l.Published, l.Seen, l.Copies, l.CopyOf = fromMicros(t.published), fromMicros(t.seen), t.copies, t.copyOf
	return l
}

func contentText(st *model.Statement, text string) string {
	parts := make([]string, len(st.Content))
	for i, sp := range st.Content {
		parts[i] = sp.Of(text)
	}
	return strings.Join(parts, " … ")
}

// sentenceAround returns the sentences sp touches: from the last sentence end
// before it to the first one at its end or later, never past a paragraph.
func sentenceAround(text string, sp model.Span) string {
	return strings.TrimSpace(sentenceSpan(text, sp).Of(text))
}

// sentenceSpan is where sentenceAround stands, with the space about it; nothing
// where sp does not lie in text.
func sentenceSpan(text string, sp model.Span) model.Span {
	if sp.Of(text) == "" {
		return model.Span{}
	}
	start := strings.LastIndex(text[:sp.Start], "\n\n") + 1
	for i := start; i < sp.Start; {
		_, n := utf8.DecodeRuneInString(text[i:])
		if end := sentenceEnd(text, i); end > 0 && end <= sp.Start {
			start = end
		}
		i += n
	}
	stop := len(text)
	if p := strings.Index(text[sp.End:], "\n\n"); p >= 0 {
		stop = sp.End + p
	}
	_, last := utf8.DecodeLastRuneInString(text[:sp.End])
	for i := sp.End - last; i < stop; {
		_, n := utf8.DecodeRuneInString(text[i:])
		if end := sentenceEnd(text, i); end >= sp.End {
			stop = min(stop, end)
			break
		}
		i += n
	}
	return model.Span{Start: start, End: stop}
}

// closers may stand between a full stop and the space after it.
const closers = `"'”’»)]`

// sentenceEnd returns where the next sentence's text begins if a sentence ends
// with the punctuation at i, and 0 otherwise.
func sentenceEnd(text string, i int) int {
	r, n := utf8.DecodeRuneInString(text[i:])
	if !strings.ContainsRune(".!?…。！？", r) {
		return 0
	}
	end := i + n
	for end < len(text) {
		c, m := utf8.DecodeRuneInString(text[end:])
		if !strings.ContainsRune(closers, c) {
			break
		}
		end += m
	}
	if r == '.' && abbreviated(text[:i]) {
		return 0
	}
	rest := strings.TrimLeftFunc(text[end:], unicode.IsSpace)
	next, _ := utf8.DecodeRuneInString(rest)
	switch {
	case rest == "", n > 1 && r != '…':
		return end
	case len(rest) == len(text)-end, unicode.IsLower(next), next == ',':
		return 0
	}
	return end
}

// abbreviated reports whether a full stop after before ends an initial or a
// title rather than a sentence.
func abbreviated(before string) bool {
	word := before[strings.LastIndexFunc(before, func(r rune) bool { return !unicode.IsLetter(r) && r != '.' })+1:]
	switch word {
	case "Mr", "Mrs", "Ms", "Dr", "Prof", "Gen", "Col", "Lt", "Maj", "Capt", "Sgt", "Sen", "Rep", "Gov", "Rev", "St", "Jr", "No":
		return true
	}
	return utf8.RuneCountInString(word) == 1 && unicode.IsUpper([]rune(word)[0])
}
