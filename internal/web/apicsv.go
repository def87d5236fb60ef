package web

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"crosscheck/internal/model"
)

// column is one column of a table of statements.
type column struct {
	name string
	cell func(st *apiStatement) string
}

// columns are those of every table, left to right.
var columns = []column{
	{"id", func(st *apiStatement) string { return st.ID }},
	{"story", func(st *apiStatement) string { return st.Article.Story }},
	{"claim", func(st *apiStatement) string { return st.Claim }},
	{"attitude", func(st *apiStatement) string { return st.Attitude }},
	{"speaker_id", func(st *apiStatement) string { return st.Speaker.ID }},
	{"speaker", func(st *apiStatement) string { return st.Speaker.Name }},
	{"speaker_type", func(st *apiStatement) string { return st.Speaker.Type }},
	{"role", func(st *apiStatement) string { return st.Speaker.Role }},
	{"stance", func(st *apiStatement) string { return st.Stance }},
	{"words", func(st *apiStatement) string { return st.Words }},
	{"kind", func(st *apiStatement) string { return st.Kind }},
	{"channel", func(st *apiStatement) string { return st.Channel }},
	{"reported_by", func(st *apiStatement) string { return st.ReportedBy }},
	{"said_on", func(st *apiStatement) string {
		if st.SaidOn == nil {
			return ""
		}
		return *st.SaidOn
	}},
	{"published", func(st *apiStatement) string { return momentCell(st.Article.Published) }},
	{"first_seen", func(st *apiStatement) string { return momentCell(st.Article.FirstSeen) }},
	{"outlet", func(st *apiStatement) string { return st.Article.Outlet }},
	{"title", func(st *apiStatement) string { return st.Article.Title }},
	{"url", func(st *apiStatement) string { return st.Article.URL }},
	{"page", func(st *apiStatement) string { return st.Page }},
	{"article", func(st *apiStatement) string { return st.Article.ID }},
	{"copy_of", func(st *apiStatement) string { return st.Article.CopyOf }},
	{"copy_count", func(st *apiStatement) string { return strconv.Itoa(st.CopyCount) }},
}

func columnNames() []string { return each(columns, func(c column) string { return c.name }) }

func momentCell(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.RFC3339)
}

// rows are statements, each with a cell for every column.
func (f form) rows(list []model.Ledger) [][]string {
	return each(list, func(l model.Ledger) []string {
		st := f.statement(l)
		return each(columns, func(c column) string { return c.cell(&st) })
	})
}

// tableOf writes rows as CSV (RFC 4180, UTF-8) under a row of names.
func tableOf(names []string, rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	all := [][]string{names}
	for _, row := range rows {
		all = append(all, each(row, safeCell))
	}
	if err := w.WriteAll(all); err != nil {
		return nil, fmt.Errorf("web: write table: %w", err)
	}
	return b.Bytes(), nil
}

// safeCell is a text that a spreadsheet shows instead of carrying it out: what it
// would take for the beginning of a formula gets an apostrophe before it, and
// control characters but line breaks and tabs go. The signs are those of OWASP's
// page on CSV injection, also after white space, which some programs drop.
func safeCell(s string) string {
	s = printable(s)
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(s, unicode.IsSpace))
	if strings.ContainsRune("=+-@＝＋－＠", first) || strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\n") {
		return "'" + s
	}
	return s
}
