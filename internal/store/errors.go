package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"crosscheck/internal/model"
)

// wrap says what was being done when err happened, and gives it its kind.
func (s *Store) wrap(op string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return model.Errorf(model.ErrNotFound, "store: %s: not found", op)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("store: %s: %w", op, err)
	}
	return fmt.Errorf("store: %s: %w", op, s.fault(err))
}

// sqliteFaults says in words what went wrong with the database file.
var sqliteFaults = map[int]string{
	sqlite3.SQLITE_FULL:     "the disk that holds database %s is full",
	sqlite3.SQLITE_BUSY:     "database %s is locked by another program",
	sqlite3.SQLITE_LOCKED:   "database %s is locked by another program",
	sqlite3.SQLITE_READONLY: "database %s, or its folder, is not writable",
	sqlite3.SQLITE_CANTOPEN: "database %s cannot be opened: its folder is missing or not writable",
	sqlite3.SQLITE_IOERR:    "database %s cannot be read or written by the disk",
	sqlite3.SQLITE_CORRUPT:  "database %s is damaged",
	sqlite3.SQLITE_NOTADB:   "%s is not a crosscheck database",
}

func (s *Store) fault(err error) error {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		if words, ok := sqliteFaults[lite.Code()&0xff]; ok {
			return model.Errorf(model.ErrTemporary, words+": %w", s.where, err)
		}
	}
	var refused *pgconn.ConnectError
	if errors.As(err, &refused) {
		return model.Errorf(model.ErrTemporary, "%s cannot be reached: %w", s.where, err)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (pg.Code[:2] == "53" || pg.Code[:2] == "57" || pg.Code[:2] == "08") {
		return model.Errorf(model.ErrTemporary, "%s: %s", s.where, pg.Message)
	}
	return err
}

// isConflict reports whether PostgreSQL broke a transaction off so that another
// could proceed: begun again, it succeeds.
func isConflict(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01" || pg.Code == "23505")
}

// pathFault puts the common faults of files into words; the error names the path.
func pathFault(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return model.Errorf(model.ErrTemporary, "the disk is full: %w", err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return model.Errorf(model.ErrTemporary, "not writable: %w", err)
	}
	return err
}
