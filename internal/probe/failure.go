package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"unicode"
)

// The failure names a probe gives, from OONI's data format df-007. What has no
// name of its own there is failUnknown followed by ": " and the cause.
const (
	failTimeout       = "generic_timeout_error"
	failEOF           = "eof_error"
	failInterrupted   = "interrupted"
	failClosed        = "connection_already_closed"
	failAborted       = "connection_aborted"
	failRefused       = "connection_refused"
	failReset         = "connection_reset"
	failHost          = "host_unreachable"
	failNetwork       = "network_unreachable"
	failNetworkDown   = "network_down"
	failNetworkReset  = "network_reset"
	failDNSBogon      = "dns_bogon_error"
	failDNSNX         = "dns_nxdomain_error"
	failDNSServfail   = "dns_servfail_error"
	failDNSRefused    = "dns_refused_error"
	failDNSNoAnswer   = "dns_no_answer"
	failDNSWrongID    = "dns_reply_with_wrong_query_id"
	failDNSServer     = "dns_server_misbehaving"
	failTLSHandshake  = "ssl_failed_handshake"
	failTLSName       = "ssl_invalid_hostname"
	failTLSAuthority  = "ssl_unknown_authority"
	failTLSInvalid    = "ssl_invalid_certificate"
	failHTTPRequest   = "http_request_failed"
	failHTTPStatus    = "http_unexpected_status_code"
	failHTTPLocation  = "http_invalid_redirect_location_host"
	failUnknown       = "unknown_failure"
	maxFailure        = 160 // bytes of a failure with its cause
	textMissing       = failUnknown + ": the expected text is not on the page"
	tooManyRedirects  = failUnknown + ": stopped after 5 redirects"
	headerTooLarge    = failUnknown + ": header larger than 64 KiB"
	failHere          = failUnknown + ": this machine has no socket or memory left"
	forbiddenRedirect = failUnknown + ": redirected to "
)

// errnos are the names of the operating system's errors.
var errnos = []struct {
	errno syscall.Errno
	name  string
}{
	{syscall.ECONNREFUSED, failRefused},
	{syscall.ECONNRESET, failReset},
	{syscall.EPIPE, failReset}, // the reset came before what was written
	{syscall.ECONNABORTED, failAborted},
	{syscall.EHOSTUNREACH, failHost},
	{syscall.ENETUNREACH, failNetwork},
	{syscall.EADDRNOTAVAIL, failNetwork}, // no address of that family here
	{syscall.ENETDOWN, failNetworkDown},
	{syscall.ENETRESET, failNetworkReset},
	{syscall.ETIMEDOUT, failTimeout},
	{syscall.EMFILE, failHere},
	{syscall.ENFILE, failHere},
	{syscall.ENOBUFS, failHere},
	{syscall.ENOMEM, failHere},
}

// failureOf names an error by df-007; nil is "".
func failureOf(err error) string {
	if err == nil {
		return ""
	}
	for _, e := range errnos {
		if errors.Is(err, e.errno) {
			return e.name
		}
	}
	var timeout net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return failInterrupted
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		errors.As(err, &timeout) && timeout.Timeout():
		return failTimeout
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return failEOF
	case errors.Is(err, net.ErrClosed), errors.Is(err, io.ErrClosedPipe):
		return failClosed
	}
	return unknown(err.Error())
}

// handshakeFailure names an error of a TLS handshake: an alert of the server,
// or an answer that is not TLS.
func handshakeFailure(err error) string {
	name := failureOf(err)
	var record tls.RecordHeaderError
	if errors.As(err, &record) || strings.HasPrefix(name, failUnknown) {
		return failTLSHandshake
	}
	return name
}

// unknown is the name of a failure without one: the cause is part of it, made
// fit for a log line.
func unknown(cause string) string {
	return cut(failUnknown+": "+printable(cause), maxFailure)
}

// printable puts a blank for whatever does not print.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// cut shortens s to at most n bytes without breaking a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
