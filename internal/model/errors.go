package model

import (
	"errors"
	"fmt"
)

// The kinds of error. A package reports what went wrong by wrapping one of
// them; web maps the kind to an HTTP status, the bus to acknowledge, retry or
// give up. An error of no kind is an internal one: retried, and shown as 500.
var (
	ErrNotFound    = errors.New("not found")
	ErrInvalid     = errors.New("invalid")
	ErrConflict    = errors.New("conflict")
	ErrForbidden   = errors.New("forbidden")
	ErrTooLarge    = errors.New("too large")
	ErrTemporary   = errors.New("temporary")
	ErrUnsupported = errors.New("unsupported")
)

// Errorf returns an error of the given kind whose text is the formatted
// message alone; errors.Is(err, kind) holds, and so it does for any error
// formatted with %w.
func Errorf(kind error, format string, args ...any) error {
	return &kindError{kind: kind, err: fmt.Errorf(format, args...)}
}

type kindError struct{ kind, err error }

func (e *kindError) Error() string   { return e.err.Error() }
func (e *kindError) Unwrap() []error { return []error{e.kind, e.err} }
