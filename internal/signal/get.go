package signal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"crosscheck/internal/model"
)

const (
	// maxAnswer bounds one answer, bytes.
	maxAnswer = 4 << 20
	// askTimeout bounds one request with its redirects.
	askTimeout = 20 * time.Second
	// maxMisses is after how many failures in a row a round is given up.
	maxMisses = 3
)

// busyError is a source that asks for a pause.
type busyError struct {
	status int
	after  time.Duration // 0: it does not say for how long
}

func (e *busyError) Error() string { return fmt.Sprintf("answers with status %d", e.status) }
func (e *busyError) Unwrap() error { return model.ErrTemporary }

// get reads the JSON at an address into what v points to. Its errors name no
// more than the host.
func (r *Runner) get(ctx context.Context, address, token string, v any) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return model.Errorf(model.ErrInvalid, "%w", err)
	}
	req.Header.Set("Accept", "application/json")
	if r.cfg.UserAgent != "" {
		req.Header.Set("User-Agent", r.cfg.UserAgent)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return model.Errorf(model.ErrTemporary, "%s: %w", req.URL.Host, cause(err))
	}
	defer resp.Body.Close()
	if err := statusError(resp); err != nil {
		return fmt.Errorf("%s %w", req.URL.Host, err)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return model.Errorf(model.ErrTemporary, "%s: %w", req.URL.Host, cause(err))
	}
	if err := decode(body, v); err != nil {
		return fmt.Errorf("%s %w", req.URL.Host, err)
	}
	return nil
}

// decode reads an answer.
func decode(body []byte, v any) error {
	switch body = bytes.TrimSpace(body); {
	case len(body) > maxAnswer:
		return model.Errorf(model.ErrTooLarge, "answers with more than %d bytes", maxAnswer)
	case len(body) == 0:
		return model.Errorf(model.ErrTemporary, "gives an empty answer")
	}
	if err := json.Unmarshal(body, v); err != nil {
		return model.Errorf(model.ErrUnsupported, "gives an answer that cannot be read: %w", err)
	}
	return nil
}

// cause takes the address off an error of net/http.
func cause(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func statusError(resp *http.Response) error {
	switch s := resp.StatusCode; {
	case s >= 200 && s <= 299:
		return nil
	case s == http.StatusTooManyRequests || s >= 500:
		after, _ := strconv.Atoi(resp.Header.Get("Retry-After")) // a date, or nothing, is our own back-off
		return &busyError{status: s, after: time.Duration(max(0, min(after, 86400))) * time.Second}
	case s == http.StatusUnauthorized || s == http.StatusForbidden:
		return model.Errorf(model.ErrForbidden, "refuses us with status %d", s)
	default:
		return model.Errorf(model.ErrUnsupported, "answers with status %d", s)
	}
}

// each asks about one thing after the other. It gives up after a few failures
// in a row, and at once where the source asks for a pause; the error has those
// there were.
func each[T any](ctx context.Context, things []T, ask func(T) error) error {
	var faults []error
	misses := 0
	for _, t := range things {
		err := ask(t)
		if err == nil {
			misses = 0
			continue
		}
		faults = append(faults, err)
		misses++
		var busy *busyError
		if misses >= maxMisses || errors.As(err, &busy) || ctx.Err() != nil {
			break
		}
	}
	return errors.Join(faults...)
}

// number is an autonomous system written as a number or as text, with or
// without AS; what is none is 0, since one bad row must not lose the others.
type number uint32

// UnmarshalJSON reads any value.
func (n *number) UnmarshalJSON(raw []byte) error {
	text := strings.TrimPrefix(strings.ToUpper(strings.Trim(string(raw), `"`)), "AS")
	v, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		v = 0
	}
	*n = number(v)
	return nil
}

// moment is a time as RFC 3339 has it, with or without its zone; what is none
// is the zero time.
type moment struct{ time.Time }

// UnmarshalJSON reads any value.
func (m *moment) UnmarshalJSON(raw []byte) error {
	m.Time = time.Time{}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, strings.Trim(string(raw), `"`)); err == nil {
			m.Time = t
			break
		}
	}
	return nil
}
