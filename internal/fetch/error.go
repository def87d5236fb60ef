package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"crosscheck/internal/model"
)

// Error is a request that failed. It wraps one of the model's kinds of error,
// and its text is one sentence for a person.
type Error struct {
	URL        string        // what was asked for, without credentials
	Status     int           // the HTTP status, 0 when there was no answer
	RetryAfter time.Duration // how long the server asked us to wait, 0 when it did not
	Cause      string        // what went wrong, in words

	kind error
	err  error
}

func (e *Error) Error() string { return clip(e.URL) + ": " + e.Cause }

// Unwrap gives the kind and the technical cause.
func (e *Error) Unwrap() []error {
	if e.err == nil {
		return []error{e.kind}
	}
	return []error{e.kind, e.err}
}

// explain turns any failure of a request into an *Error.
func (c *Client) explain(ctx context.Context, u *url.URL, err error) error {
	if known := (*Error)(nil); errors.As(err, &known) {
		return known
	}
	if ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled) {
		return fmt.Errorf("fetch %s: %w", clip(display(u)), context.Canceled)
	}
	e := &Error{URL: display(u), kind: model.ErrTemporary, err: err}
	if busy := (*busyError)(nil); errors.As(err, &busy) {
		e.RetryAfter = busy.wait
	}
	e.Cause, e.kind = c.cause(u, err)
	return e
}

// cause says in words what err was, and of which kind.
func (c *Client) cause(u *url.URL, err error) (string, error) {
	var (
		busy     *busyError
		blocked  *blockedError
		large    *tooLargeError
		encoding *encodingError
		dns      *net.DNSError
		timeout  net.Error
		plain    tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &busy):
		return busy.Error(), model.ErrTemporary
	case errors.As(err, &blocked):
		return blocked.Error(), model.ErrForbidden
	case errors.As(err, &large):
		return large.Error(), model.ErrTooLarge
	case errors.As(err, &encoding):
		return encoding.Error(), model.ErrUnsupported
	case errors.As(err, &dns):
		return dnsInWords(dns, u), model.ErrTemporary
	case errors.As(err, &plain):
		return u.Hostname() + " does not speak TLS on this port; try http instead of https", model.ErrTemporary
	case isCertificate(err):
		return certificateInWords(err, u), model.ErrTemporary
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return u.Hostname() + " took too long: " + c.stage(err), model.ErrTemporary
	}
	return connectionInWords(err, u), model.ErrTemporary
}

// dnsInWords says which name could not be looked up, and why.
func dnsInWords(err *net.DNSError, u *url.URL) string {
	switch {
	case err.IsNotFound:
		return "no such host " + u.Hostname()
	case err.IsTimeout:
		return "looking up " + u.Hostname() + " took too long: no answer from DNS"
	}
	return "looking up " + u.Hostname() + " failed: DNS could not answer"
}

// stage says which clock ran out.
func (c *Client) stage(err error) string {
	op := (*net.OpError)(nil)
	switch msg := err.Error(); {
	case strings.Contains(msg, "TLS handshake timeout"):
		return "no TLS handshake within " + inWords(tlsTimeout)
	case strings.Contains(msg, "awaiting response headers"):
		return "no answer within " + inWords(headerTimeout)
	case errors.As(err, &op) && op.Op == "dial":
		return "no connection within " + inWords(min(dialTimeout, c.cfg.Timeout))
	}
	return "time-out after " + inWords(c.cfg.Timeout)
}

// connectionInWords names the failures of a connection that are left.
func connectionInWords(err error, u *url.URL) string {
	host := u.Hostname()
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused by " + host
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "connection reset by " + host
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "no route to " + host
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return host + " broke off in the middle of its answer"
	case strings.Contains(err.Error(), "malformed HTTP"), strings.Contains(err.Error(), "HTTP response to HTTPS"):
		return host + " did not answer in HTTP"
	case strings.Contains(err.Error(), "server response headers exceeded"):
		return host + " sent headers that are too long"
	}
	return "the answer of " + host + " could not be read: " + clip(strings.ToValidUTF8(err.Error(), ""))
}

func isCertificate(err error) bool {
	var (
		verify  *tls.CertificateVerificationError
		unknown x509.UnknownAuthorityError
		invalid x509.CertificateInvalidError
		name    x509.HostnameError
		alert   tls.AlertError
	)
	return errors.As(err, &verify) || errors.As(err, &unknown) || errors.As(err, &invalid) ||
		errors.As(err, &name) || errors.As(err, &alert)
}

// certificateInWords says what is wrong with a host's certificate.
func certificateInWords(err error, u *url.URL) string {
	var (
		unknown x509.UnknownAuthorityError
		invalid x509.CertificateInvalidError
		name    x509.HostnameError
		host    = u.Hostname()
	)
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return expiryInWords(invalid, host)
	case errors.As(err, &name):
		return "the TLS certificate is for another name than " + host
	case errors.As(err, &unknown):
		return "the TLS certificate of " + host + " was issued by an authority we do not know"
	case errors.As(err, &invalid):
		return "the TLS certificate of " + host + " is not valid"
	}
	return "the TLS handshake with " + host + " failed"
}

func expiryInWords(err x509.CertificateInvalidError, host string) string {
	if err.Cert == nil {
		return "the TLS certificate of " + host + " has expired"
	}
	if time.Now().Before(err.Cert.NotBefore) {
		return "the TLS certificate of " + host + " is valid only from " + err.Cert.NotBefore.UTC().Format(time.DateOnly)
	}
	return "the TLS certificate of " + host + " expired on " + err.Cert.NotAfter.UTC().Format(time.DateOnly)
}

// statusError is the Error of an answer that is no success.
func statusError(u *url.URL, resp *http.Response, now time.Time) *Error {
	e := &Error{URL: display(u), Status: resp.StatusCode, Cause: statusInWords(resp.StatusCode), kind: statusKind(resp.StatusCode)}
	if errors.Is(e.kind, model.ErrTemporary) {
		e.RetryAfter = retryAfter(resp.Header.Get("Retry-After"), now)
	}
	if e.RetryAfter > 0 {
		e.Cause += "; it asks us to come back in " + inWords(e.RetryAfter)
	}
	return e
}

// statusKind maps an HTTP status to the model's kind of error.
func statusKind(status int) error {
	switch status {
	case http.StatusNotFound, http.StatusGone:
		return model.ErrNotFound
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden,
		http.StatusProxyAuthRequired, http.StatusUnavailableForLegalReasons:
		return model.ErrForbidden
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return model.ErrTemporary
	}
	if status >= 500 {
		return model.ErrTemporary
	}
	return model.ErrInvalid
}

func statusInWords(status int) string {
	text := http.StatusText(status)
	if text == "" {
		return fmt.Sprintf("the server answered %d", status)
	}
	return fmt.Sprintf("the server answered %d %s", status, text)
}

// inWords writes a duration as people say it: "30 s", "5 min", "2 h".
func inWords(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Round(time.Second)/time.Second))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Round(time.Minute)/time.Minute))
	}
	return fmt.Sprintf("%d h", int(d.Round(time.Hour)/time.Hour))
}
