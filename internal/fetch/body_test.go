package fetch

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"crosscheck/internal/model"
)

// packers compress, by name of the encoding.
var packers = map[string]func(io.Writer) io.WriteCloser{
	"gzip":    func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
	"deflate": func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
	"raw":     func(w io.Writer) io.WriteCloser { f, _ := flate.NewWriter(w, 6); return f },
	"br":      func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, 3) },
	"zstd":    func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z },
}

func pack(name string, body []byte) []byte {
	var b bytes.Buffer
	w := packers[name](&b)
	_, _ = w.Write(body)
	_ = w.Close()
	return b.Bytes()
}

// send answers with a body in an encoding.
func send(encoding string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", encoding)
		_, _ = w.Write(body)
	}
}

func TestEncodings(t *testing.T) {
	const text = "The harbour reopened on Monday."
	for _, c := range []struct {
		header string
		body   []byte
	}{
		{"gzip", pack("gzip", []byte(text))},
		{"GZIP", pack("gzip", []byte(text))},
		{"x-gzip", pack("gzip", []byte(text))},
		{"deflate", pack("deflate", []byte(text))},
		{"deflate", pack("raw", []byte(text))},
		{"br", pack("br", []byte(text))},
		{"zstd", pack("zstd", []byte(text))},
		{"identity", []byte(text)},
		{"gzip", []byte(text)},
		{"gzip, br", pack("br", pack("gzip", []byte(text)))},
	} {
		res, err := get(t, send(c.header, c.body), Request{URL: "http://aldwire.example/"})
		if err != nil || string(res.Body) != text {
			t.Errorf("%s: %v, %+v", c.header, err, res)
		}
	}
	if res, err := get(t, send("gzip", nil), Request{URL: "http://aldwire.example/"}); err != nil || len(res.Body) != 0 {
		t.Errorf("empty gzip body: %v", err)
	}
}

func TestBadEncodings(t *testing.T) {
	cut := pack("gzip", bytes.Repeat([]byte("harbour "), 1000))
	for _, c := range []struct {
		header string
		body   []byte
		kind   error
	}{
		{"pigeon", []byte("x"), model.ErrUnsupported},
		{"gzip, gzip, gzip", pack("gzip", pack("gzip", pack("gzip", []byte("x")))), model.ErrUnsupported},
		{"gzip", cut[:len(cut)/2], model.ErrTemporary},
		{"zstd", []byte("not zstd at all"), model.ErrTemporary},
		{"br", []byte("\xff\xff\xff\xff not brotli"), model.ErrTemporary},
	} {
		if _, err := get(t, send(c.header, c.body), Request{URL: "http://aldwire.example/"}); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v, want kind %v", c.header, err, c.kind)
		}
	}
}

func TestTooLarge(t *testing.T) {
	zeros := make([]byte, 32<<20)
	for _, c := range []struct {
		header string
		body   []byte
	}{
		{"identity", zeros[:5<<20+1]},
		{"gzip", pack("gzip", zeros)},
		{"br", pack("br", zeros)},
		{"zstd", pack("zstd", zeros)},
		{"deflate", pack("deflate", zeros)},
		{"gzip, gzip", pack("gzip", pack("gzip", zeros))},
	} {
		_, err := get(t, send(c.header, c.body), Request{URL: "http://aldwire.example/bomb"})
		if want := "http://aldwire.example/bomb: larger than 5 MiB"; !errors.Is(err, model.ErrTooLarge) || err.Error() != want {
			t.Errorf("%s: %v, want %q", c.header, err, want)
		}
	}
	if res, err := get(t, send("gzip", pack("gzip", zeros[:5<<20])), Request{URL: "http://aldwire.example/"}); err != nil || res.Capture.Size != 5<<20 {
		t.Errorf("a body of exactly 5 MiB: %v", err)
	}
}

// A stream that expands only to more compressed data is stopped as well.
func TestBombOfEmptyBlocks(t *testing.T) {
	var inner bytes.Buffer
	inner.Write([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255})
	inner.Write(bytes.Repeat([]byte{0, 0, 0, 0xff, 0xff}, 8<<20/5)) // stored blocks of length nought
	resp := &http.Response{Header: http.Header{"Content-Encoding": {"gzip, gzip"}}, Body: io.NopCloser(bytes.NewReader(pack("gzip", inner.Bytes()))), ContentLength: -1}
	large := (*tooLargeError)(nil)
	if _, err := readBody(resp, 1<<20, false); !errors.As(err, &large) {
		t.Errorf("readBody = %v, want too large", err)
	}
}

// The rest of an oversized body is never read.
func TestStopsEarly(t *testing.T) {
	src := &counter{r: strings.NewReader(strings.Repeat("x", 1<<20))}
	resp := &http.Response{Header: http.Header{}, Body: io.NopCloser(src), ContentLength: -1}
	if _, err := readBody(resp, 1000, false); err == nil || src.n > 2000 {
		t.Errorf("read %d bytes of a body capped at 1000 (%v)", src.n, err)
	}
	resp.Body = io.NopCloser(strings.NewReader(strings.Repeat("x", 5000)))
	if body, err := readBody(resp, 1000, true); err != nil || len(body) != 1000 {
		t.Errorf("truncated: %d bytes, %v", len(body), err)
	}
}

type counter struct {
	r io.Reader
	n int
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

func TestBytesInWords(t *testing.T) {
	for n, want := range map[int64]string{5 << 20: "5 MiB", 1 << 10: "1 KiB", 1500: "1500 bytes"} {
		if got := bytesInWords(n); got != want {
			t.Errorf("bytesInWords(%d) = %q, want %q", n, got, want)
		}
	}
}
