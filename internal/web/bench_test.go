package web

import (
	"bytes"
	"compress/gzip"
	"log/slog"
	"testing"
	"time"

	"crosscheck/internal/outage"
)

// BenchmarkPages renders each page for the public and reports what it weighs
// with and without compression.
func BenchmarkPages(b *testing.B) {
	s := New(slog.New(slog.DiscardHandler), quernSound(), Config{Now: func() time.Time { return crisisNow }, Reach: measuredCrisis(b), Report: outage.Sentence, Unknowns: outage.Unknowns})
	for name, path := range map[string]string{
		"front": "/", "story": "/story/withdrawal", "article": "/article/lanthorn-1", "sources": "/sources", "services": "/services", "service": "/service/landbank", "outage": "/outage/o1",
		"style": s.assets.url("crosscheck.css"), "script": s.assets.url("live.js"),
	} {
		b.Run(name, func(b *testing.B) {
			var size int
			var body []byte
			for b.Loop() {
				w := ask(s, path)
				size, body = w.Body.Len(), w.Body.Bytes()
			}
			b.ReportMetric(float64(size), "bytes")
			b.ReportMetric(float64(zipped(body)), "gzip-bytes")
		})
	}
}

func zipped(body []byte) int {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	return b.Len()
}
