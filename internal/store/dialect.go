package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // driver "sqlite"
)

// dialect is what the two engines do differently.
type dialect struct {
	goose      goose.Dialect
	migrations string
	lock       string // takes a lock on a key until the transaction ends; "" where there is one writer
	index      string // writes the full-text row $1 from what doc returns
	doc        func(title, body, speakers []string) []any
	match      string // joins and filters by the query $1
	rank       string // orders best first
	query      func([]term) string
	has        string                                  // the numbers of the articles that have what inText asks for
	hasN       string                                  // the number in it
	inText     func(terms []term, joint string) string // asks for terms in title or text, joined by " AND " or " OR "
}

// fileName is the SQLite database's name in the data folder.
const fileName = "crosscheck.db"

// readers is how many SQLite connections read at a time. Each keeps a cache of
// its own, so the number is small.
const readers = 4

var sqliteDialect = dialect{
	goose:      goose.DialectSQLite3,
	migrations: "migrations/sqlite",
	index:      `INSERT OR REPLACE INTO article_fts (rowid, title, body, speakers) VALUES ($1, $2, $3, $4)`,
	doc:        fts5Doc,
	match:      `JOIN article_fts f ON f.rowid = a.n AND f.article_fts MATCH $1`,
	rank:       `f.rank, a.at DESC`,
	query:      fts5Query,
	has:        `SELECT rowid FROM article_fts WHERE article_fts MATCH $%d`,
	hasN:       `rowid`,
	inText:     fts5InText,
}

var postgresDialect = dialect{
	goose:      goose.DialectPostgres,
	migrations: "migrations/postgres",
	lock:       `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`,
	index:      `INSERT INTO article_fts (n, doc) VALUES ($1, CAST($2 AS tsvector)) ON CONFLICT (n) DO UPDATE SET doc = excluded.doc`,
	doc:        tsvectorDoc,
	match:      `JOIN article_fts f ON f.n = a.n AND f.doc @@ CAST($1 AS tsquery)`,
	rank:       `ts_rank('{0.1, 0.2, 0.5, 1.0}', f.doc, CAST($1 AS tsquery), 1) DESC, a.at DESC`,
	query:      tsQuery,
	has:        `SELECT n FROM article_fts WHERE doc @@ CAST($%d AS tsquery)`,
	hasN:       `n`,
	inText:     tsInText,
}

func (s *Store) openSQLite(cfg Config) (err error) {
	s.dialect = sqliteDialect
	s.where = filepath.Join(cfg.Dir, fileName)
	if s.w, err = sql.Open("sqlite", sqliteDSN(s.where, 8<<10, "journal_mode(WAL)")+"&_txlock=immediate"); err != nil {
		return s.wrap("open", err)
	}
	s.w.SetMaxOpenConns(1)
	if s.r, err = sql.Open("sqlite", sqliteDSN(s.where, 8<<10, "query_only(1)")); err != nil {
		return s.wrap("open", err)
	}
	s.r.SetMaxOpenConns(readers)
	s.r.SetMaxIdleConns(readers)
	return nil
}

// sqliteDSN opens path with a page cache of the given KiB. A commit is safe
// against the program's death at once and against a power cut from the next
// checkpoint on (synchronous=NORMAL): what a power cut takes, the sources'
// items bring again, and captures are synced on their own.
func sqliteDSN(path string, cacheKiB int, pragmas ...string) string {
	pragmas = append([]string{"busy_timeout(10000)"}, pragmas...)
	pragmas = append(pragmas, "synchronous(NORMAL)", "foreign_keys(1)", "temp_store(MEMORY)",
		"journal_size_limit(67108864)", fmt.Sprintf("cache_size(-%d)", cacheKiB))
	return (&url.URL{Scheme: "file", OmitHost: true, Path: path}).String() + "?" + url.Values{"_pragma": pragmas}.Encode()
}

func (s *Store) openPostgres(cfg Config) (err error) {
	s.dialect = postgresDialect
	s.where = "PostgreSQL"
	if u, err := url.Parse(cfg.DSN); err == nil && u.Host != "" {
		s.where = "PostgreSQL " + u.Host + u.Path // never the password
	}
	if s.w, err = sql.Open("pgx", cfg.DSN); err != nil {
		return s.wrap("open", err)
	}
	s.w.SetMaxOpenConns(4)
	if s.r, err = sql.Open("pgx", cfg.DSN); err != nil {
		return s.wrap("open", err)
	}
	s.r.SetMaxOpenConns(8)
	s.r.SetMaxIdleConns(4)
	s.r.SetConnMaxIdleTime(5 * time.Minute)
	return nil
}

// lock makes concurrent transactions on one key wait for each other.
func (s *Store) lock(ctx context.Context, tx *sql.Tx, keys ...string) error {
	if s.dialect.lock == "" {
		return nil
	}
	for _, k := range keys {
		if _, err := tx.ExecContext(ctx, s.dialect.lock, k); err != nil {
			return err
		}
	}
	return nil
}

func fts5Doc(title, body, speakers []string) []any {
	return []any{strings.Join(title, " "), strings.Join(body, " "), strings.Join(speakers, " ")}
}

// fts5Query writes terms in the query language of FTS5: each a quoted phrase,
// all of which must occur. Tokens hold letters and digits only.
func fts5Query(terms []term) string { return fts5Terms(terms, " AND ") }

func fts5InText(terms []term, joint string) string {
	return "{title body} : (" + fts5Terms(terms, joint) + ")"
}

func fts5Terms(terms []term, joint string) string {
	var b strings.Builder
	for i, t := range terms {
		if i > 0 {
			b.WriteString(joint)
		}
		b.WriteString(`"` + strings.Join(t.tokens, " ") + `"`)
		if t.prefix {
			b.WriteByte('*')
		}
	}
	return b.String()
}

// tsvectorDoc writes a tsvector in its text form, so that both engines index
// exactly the same words.
func tsvectorDoc(title, body, speakers []string) []any {
	const last = 16383 // greatest position a tsvector knows
	var b strings.Builder
	at := 0
	for _, part := range []struct {
		weight string
		tokens []string
	}{{"A", title}, {"D", body}, {"B", speakers}} {
		for _, t := range part.tokens {
			at = min(at+1, last)
			fmt.Fprintf(&b, "'%s':%d%s ", t, at, part.weight)
		}
		at = min(at+1, last) // no phrase runs from one part into the next
	}
	return []any{b.String()}
}

func tsQuery(terms []term) string {
	all := make([]string, len(terms))
	for i, t := range terms {
		all[i] = "('" + strings.Join(t.tokens, "' <-> '") + "'"
		if t.prefix {
			all[i] += ":*"
		}
		all[i] += ")"
	}
	return strings.Join(all, " & ")
}

func tsInText(terms []term, joint string) string {
	out := make([]string, len(terms))
	for i, t := range terms {
		words := make([]string, len(t.tokens))
		for j, w := range t.tokens {
			words[j] = "'" + w + "':AD"
		}
		if t.prefix {
			words[len(words)-1] = strings.TrimSuffix(words[len(words)-1], "AD") + "*AD"
		}
		out[i] = "(" + strings.Join(words, " <-> ") + ")"
	}
	return strings.Join(out, map[string]string{" AND ": " & ", " OR ": " | "}[joint])
}
