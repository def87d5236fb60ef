package probe

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"html"
	"io"
	"net/http"
	"strings"
	"sync"
)

// headSize is how much of a page is kept, to find its title and to tell a
// challenge from it, bytes.
const headSize = 64 << 10

var (
	readers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 4<<10) }}
	chunks  = sync.Pool{New: func() any { b := make([]byte, 16<<10); return &b }}
	unzips  = sync.Pool{New: func() any { return new(gzip.Reader) }}
)

// readBody reads a body up to its bound. A body that the server breaks off is
// an error, one that is cut at the bound or cannot be decompressed is not.
func (resp *response) readBody(raw *http.Response, wire *capped, text string) error {
	body := &watched{r: raw.Body}
	r, clean := io.Reader(body), true
	if strings.EqualFold(raw.Header.Get("Content-Encoding"), "gzip") {
		z := unzips.Get().(*gzip.Reader)
		defer unzips.Put(z)
		if clean = z.Reset(body) == nil; clean {
			r = z
		}
	}
	s := scan{text: []byte(text)}
	clean = s.readAll(r) && clean
	resp.found, resp.length = s.found, s.total
	if !clean || wire.full || s.total > maxBody {
		resp.length = -1
	}
	resp.title = title(s.head)
	resp.challenge = challenge(resp.header, s.head)
	if body.err != nil && body.err != io.EOF && !wire.full {
		return body.err
	}
	return nil
}

// watched remembers how the reader below ended, whatever the one above makes
// of it.
type watched struct {
	r   io.Reader
	err error
}

// Read implements io.Reader.
func (w *watched) Read(b []byte) (int, error) {
	n, err := w.r.Read(b)
	if err != nil {
		w.err = err
	}
	return n, err
}

// scan looks for a text in a stream and keeps the stream's head.
type scan struct {
	text  []byte
	found bool
	total int
	head  []byte
	tail  []byte // of what was read, shorter than text
}

// readAll reads r to its end or a little beyond maxBody, and reports whether
// it ended well.
func (s *scan) readAll(r io.Reader) bool {
	buf := chunks.Get().(*[]byte)
	defer chunks.Put(buf)
	for s.total <= maxBody {
		n, err := r.Read(*buf)
		s.add((*buf)[:n])
		if err != nil {
			return err == io.EOF
		}
	}
	return true
}

func (s *scan) add(b []byte) {
	s.total += len(b)
	if room := headSize - len(s.head); room > 0 {
		s.head = append(s.head, b[:min(room, len(b))]...)
	}
	if len(s.text) == 0 || s.found {
		return
	}
	window := append(s.tail, b...)
	s.found = bytes.Contains(window, s.text)
	s.tail = append(s.tail[:0], window[max(0, len(window)-len(s.text)+1):]...)
}

// title returns the title of a page, on one line, at most 200 bytes.
func title(head []byte) string {
	lower := make([]byte, len(head))
	for i, c := range head {
		if lower[i] = c; 'A' <= c && c <= 'Z' {
			lower[i] += 'a' - 'A'
		}
	}
	start := bytes.Index(lower, []byte("<title"))
	if start < 0 {
		return ""
	}
	open := bytes.IndexByte(lower[start:], '>')
	if open < 0 {
		return ""
	}
	start += open + 1
	end := bytes.Index(lower[start:], []byte("</title"))
	if end < 0 {
		return ""
	}
	text := html.UnescapeString(strings.ToValidUTF8(string(head[start:start+end]), "\uFFFD"))
	return cut(strings.Join(strings.Fields(printable(text)), " "), 200)
}
