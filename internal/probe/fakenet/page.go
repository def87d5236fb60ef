package fakenet

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// Page is what a server does with a request that it has read.
type Page func(w io.Writer, req *http.Request, tear func())

// serve reads one request and answers it.
func (p Page) serve(stream net.Conn, c *conn) {
	req, err := http.ReadRequest(bufio.NewReader(stream))
	if err != nil {
		return
	}
	p(stream, req, c.reset)
}

// Status answers with a status, headers ("Name: value") and a body.
func Status(code int, body string, headers ...string) Page {
	return func(w io.Writer, _ *http.Request, _ func()) {
		answer(w, code, []byte(body), headers...)
	}
}

func answer(w io.Writer, code int, body []byte, headers ...string) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\nContent-Length: %d\r\nConnection: close\r\n", code, http.StatusText(code), len(body))
	for _, h := range headers {
		b.WriteString(h + "\r\n")
	}
	b.WriteString("\r\n")
	b.Write(body)
	_, _ = w.Write(b.Bytes())
}

// Redirect sends the visitor elsewhere.
func Redirect(location string) Page { return Status(302, "", "Location: "+location) }

// Cookie sends the visitor to the same page until it brings the cookie that it
// was given, and is page then.
func Cookie(page Page) Page {
	return func(w io.Writer, req *http.Request, tear func()) {
		if _, err := req.Cookie("seen"); err == nil {
			page(w, req, tear)
			return
		}
		answer(w, 302, nil, "Location: "+req.URL.Path, "Set-Cookie: seen=1; Path=/")
	}
}

// Challenge asks whether the visitor is a person, as a gate before the site.
func Challenge() Page {
	return Status(503, `<html><head><title>One moment</title><script>window._cf_chl_opt={};</script></head></html>`)
}

// Late answers like page after a while.
func Late(d time.Duration, page Page) Page {
	return func(w io.Writer, req *http.Request, tear func()) {
		time.Sleep(d)
		page(w, req, tear)
	}
}

// Mute reads the request and does not answer.
func Mute() Page {
	return func(w io.Writer, _ *http.Request, _ func()) {
		if r, ok := w.(io.Reader); ok {
			_, _ = io.Copy(io.Discard, r)
		}
	}
}

// Truncated promises more than it sends.
func Truncated() Page { return Raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nthe first of") }

// Torn resets the connection in the middle of the body.
func Torn() Page {
	return func(w io.Writer, _ *http.Request, tear func()) {
		_, _ = io.WriteString(w, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nthe first of")
		time.Sleep(50 * time.Millisecond) // what is on the way arrives
		tear()
	}
}

// Raw sends these bytes.
func Raw(s string) Page {
	return func(w io.Writer, _ *http.Request, _ func()) { _, _ = io.WriteString(w, s) }
}

// Endless sends the start, and then the rest again and again with a pause, as
// long as somebody reads.
func Endless(start, rest string, pause time.Duration) Page {
	return func(w io.Writer, _ *http.Request, _ func()) {
		_, err := io.WriteString(w, start)
		for err == nil {
			time.Sleep(pause)
			_, err = io.WriteString(w, rest)
		}
	}
}

// Huge is a body without end.
func Huge() Page {
	return Endless("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", strings.Repeat("all work and no play ", 500), 0)
}

// Drip is a body that comes a byte a second.
func Drip() Page {
	return Endless("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", ".", time.Second)
}

// Headers is a header without end.
func Headers() Page {
	return Endless("HTTP/1.1 200 OK\r\n", "X-Filler: "+strings.Repeat("x", 1000)+"\r\n", 0)
}

// Bomb is a small body that unpacks to megabytes.
func Bomb(megabytes int) Page {
	return func(w io.Writer, _ *http.Request, _ func()) {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		zeros := make([]byte, 1<<20)
		for range megabytes {
			_, _ = z.Write(zeros)
		}
		_ = z.Close()
		answer(w, 200, b.Bytes(), "Content-Encoding: gzip")
	}
}

// Gzip is a compressed page.
func Gzip(body string) Page {
	return func(w io.Writer, _ *http.Request, _ func()) {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = io.WriteString(z, body)
		_ = z.Close()
		answer(w, 200, b.Bytes(), "Content-Encoding: gzip")
	}
}

// drain reads until the other side closes.
func drain(r io.Reader) { _, _ = io.Copy(io.Discard, r) }
