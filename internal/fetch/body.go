package fetch

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const acceptEncoding = "gzip, br, zstd, deflate"

// maxLayers bounds how often a body may be compressed over.
const maxLayers = 2

// maxWindow bounds the memory a zstd stream can ask for; RFC 9659 allows no
// more on the web.
const maxWindow = 8 << 20

// tooLargeError says that a body passed the cap; the rest of it is not read.
type tooLargeError struct{ limit int64 }

func (e *tooLargeError) Error() string { return "larger than " + bytesInWords(e.limit) }

// encodingError says that a body came in a Content-Encoding we do not know.
type encodingError struct{ name string }

func (e *encodingError) Error() string {
	return fmt.Sprintf("sent in the encoding %q, which is not understood", clip(e.name))
}

// decoders open a Content-Encoding.
var decoders = map[string]func(*bufio.Reader) (io.ReadCloser, error){
	"gzip":    openGzip,
	"x-gzip":  openGzip,
	"deflate": openDeflate,
	"br":      func(r *bufio.Reader) (io.ReadCloser, error) { return io.NopCloser(brotli.NewReader(r)), nil },
	"zstd":    openZstd,
}

// readBody reads a whole body, decompressed, up to limit bytes. Past it, it
// returns a tooLargeError, or what it has when truncate is set; either way it
// stops there, so a decompression bomb costs no more than an honest page.
func readBody(resp *http.Response, limit int64, truncate bool) ([]byte, error) {
	if resp.ContentLength > limit && !truncate {
		return nil, &tooLargeError{limit}
	}
	var r io.Reader = &capReader{r: resp.Body, left: limit, limit: limit}
	for _, name := range encodings(resp.Header) {
		open, ok := decoders[name]
		if !ok {
			return nil, &encodingError{name}
		}
		layer, err := open(bufio.NewReader(r))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		defer layer.Close()
		r = &capReader{r: layer, left: limit, limit: limit}
	}
	var buf bytes.Buffer
	if resp.ContentLength > 0 {
		buf.Grow(int(min(resp.ContentLength, limit)))
	}
	_, err := buf.ReadFrom(r)
	if big := (*tooLargeError)(nil); truncate && errors.As(err, &big) {
		err = nil
	}
	return buf.Bytes(), err
}

// encodings lists the Content-Encodings to undo, outermost first.
func encodings(h http.Header) []string {
	var names []string
	for _, name := range strings.Split(strings.Join(h.Values("Content-Encoding"), ","), ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		if name != "" && name != "identity" {
			names = append([]string{name}, names...)
		}
	}
	if len(names) > maxLayers {
		return []string{strings.Join(names, ", ")}
	}
	return names
}

// capReader fails once more than the limit has been read. Each layer of
// compression has its own, so that a stream which expands to nothing but more
// compressed data is stopped too.
type capReader struct {
	r           io.Reader
	left, limit int64
}

func (c *capReader) Read(p []byte) (int, error) {
	if c.left < 0 {
		return 0, &tooLargeError{c.limit}
	}
	if int64(len(p)) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return n - 1, &tooLargeError{c.limit}
	}
	return n, err
}

// openGzip undoes gzip. Some servers declare it and send plain text; the
// first bytes tell.
func openGzip(r *bufio.Reader) (io.ReadCloser, error) {
	magic, _ := r.Peek(2)
	if !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return io.NopCloser(r), nil
	}
	return gzip.NewReader(r)
}

// openDeflate undoes "deflate", which is zlib by the standard and raw deflate
// from some servers.
func openDeflate(r *bufio.Reader) (io.ReadCloser, error) {
	head, _ := r.Peek(2)
	if len(head) == 2 && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(r)
	}
	return flate.NewReader(r), nil
}

func openZstd(r *bufio.Reader) (io.ReadCloser, error) {
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	return d.IOReadCloser(), nil
}

// bytesInWords writes a size as people say it.
func bytesInWords(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
