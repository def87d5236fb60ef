// Package store keeps the facts: sources, items, captures, articles with their
// revisions, statements and stories, and the marks that say which stage has
// done what. One SQL text runs on SQLite (embedded, the default) and on
// PostgreSQL; what differs stands in dialect.go.
//
// Every method is safe for concurrent use, and every writing method is one
// transaction keyed on a natural key, so that doing it twice is doing it once
// and a failure leaves nothing half done. Errors wrap a kind of package model.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// Config says where the facts are kept.
type Config struct {
	Dir string // folder of the captures, and of the database unless DSN is set
	DSN string // PostgreSQL connection string; empty: SQLite in Dir
	// Speakers tells speakers apart across articles. Without it they are told
	// apart by name alone.
	Speakers Speakers
	// Around lists the places, by gazetteer id, in which one lies. Without it
	// a place lies in none.
	Around func(place int64) []int64
	Now    func() time.Time // default time.Now
}

// Store is an open database and its folder of captures.
type Store struct {
	lg       *slog.Logger
	dialect  dialect
	where    string  // names the database in errors
	w        *sql.DB // one connection with SQLite
	r        *sql.DB
	captures *captures
	speakers Speakers
	around   func(place int64) []int64
	now      func() time.Time
}

// Open opens the store, creating folder, database and schema where they are
// missing. A database written by a newer program is an ErrUnsupported.
func Open(ctx context.Context, lg *slog.Logger, cfg Config) (*Store, error) {
	if err := os.MkdirAll(cfg.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("store: data folder %s: %w", cfg.Dir, pathFault(err))
	}
	caps, err := openCaptures(lg, filepath.Join(cfg.Dir, "captures"))
	if err != nil {
		return nil, err
	}
	s := &Store{lg: lg, captures: caps, speakers: cfg.Speakers.orByName(), around: cfg.Around, now: cfg.Now}
	if s.around == nil {
		s.around = func(int64) []int64 { return nil }
	}
	if s.now == nil {
		s.now = time.Now
	}
	open := s.openSQLite
	if cfg.DSN != "" {
		open = s.openPostgres
	}
	if err := open(cfg); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close closes the database. Calls under way fail.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.r, s.w} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	s.captures.close()
	return errors.Join(errs...)
}

// conn is what a database and a transaction have in common.
type conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// writeTries bounds how often a transaction that PostgreSQL broke off to
// resolve a conflict is begun again.
const writeTries = 5

// write runs fn in a transaction of the writing connection. op names it in
// errors.
func (s *Store) write(ctx context.Context, op string, fn func(*sql.Tx) error) error {
	var err error
	for range writeTries {
		if err = s.attempt(ctx, fn); !isConflict(err) {
			break
		}
	}
	return s.wrap(op, err)
}

func (s *Store) attempt(ctx context.Context, fn func(*sql.Tx) error) error {
	tx, err := s.w.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		// The cause is the error worth reporting; a rollback that fails too
		// ends with the connection.
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// exec runs a statement and returns how many rows it touched.
func exec(ctx context.Context, c conn, query string, args ...any) (int64, error) {
	res, err := c.ExecContext(ctx, query, cleanArgs(args)...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// one asks for a single row.
func one(ctx context.Context, c conn, query string, args ...any) *sql.Row {
	return c.QueryRowContext(ctx, query, cleanArgs(args)...)
}

// scanner is a row of an answer.
type scanner interface{ Scan(dest ...any) error }

// all collects the rows of a query.
func all[T any](ctx context.Context, c conn, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := c.QueryContext(ctx, query, cleanArgs(args)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// scanOne reads a row of one column.
func scanOne[T any](row scanner) (v T, err error) {
	err = row.Scan(&v)
	return v, err
}

// micros is how a time is stored; 0 means not stated.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// fromMicros reverses micros.
func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
