package app

import (
	"context"
	"net/http"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"crosscheck/internal/bus"
	"crosscheck/internal/model"
	"crosscheck/internal/store"
)

// metrics is what /metrics shows besides the runtime's own figures.
type metrics struct {
	polls     *prometheus.CounterVec
	freshness prometheus.Histogram
	probes    *prometheus.CounterVec
	reports   *prometheus.CounterVec
}

func newMetrics(reg prometheus.Registerer, st *store.Store, b *bus.Bus, w *watch) *metrics {
	m := &metrics{
		polls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "crosscheck_polls_total", Help: "Polls of sources, by result.",
		}, []string{"result"}),
		freshness: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "crosscheck_article_seconds", Help: "Time from seeing an article to showing it in its story.",
			Buckets: []float64{.1, .25, .5, 1, 2, 5, 10, 30, 60, 300},
		}),
		probes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "crosscheck_probes_total", Help: "Probes of the server's own vantage point, by outcome; invalid where it could not prove itself.",
		}, []string{"outcome"}),
		reports: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "crosscheck_observations_total", Help: "Observations that came, by what became of them: accepted, duplicate, unproven (the sender's clock was off, beside accepted), or why one was rejected.",
		}, []string{"result"}),
	}
	reg.MustRegister(m.polls, m.freshness, m.probes, m.reports, counts{st}, consumers{b}, reach{st, w},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func metricsHandler(reg *prometheus.Registry) http.Handler {
	return promhttp.HandlerFor(reg, promhttp.HandlerOpts{})
}

func (m *metrics) polled(err error) {
	result := "ok"
	if err != nil {
		result = "error"
	}
	m.polls.WithLabelValues(result).Inc()
}

func (m *metrics) grouped(art *model.Article, now time.Time) {
	if d := now.Sub(art.Seen); d >= 0 {
		m.freshness.Observe(d.Seconds())
	}
}

// counts collects how much is stored.
type counts struct{ store *store.Store }

var storedDesc = prometheus.NewDesc("crosscheck_stored", "Rows stored, by noun.", []string{"noun"}, nil)

// Describe implements prometheus.Collector.
func (c counts) Describe(ch chan<- *prometheus.Desc) { ch <- storedDesc }

// Collect implements prometheus.Collector.
func (c counts) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	n, err := c.store.Counts(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(storedDesc, err)
		return
	}
	for noun, v := range map[string]int64{
		"source": n.Sources, "item": n.Items, "capture": n.Captures, "article": n.Articles,
		"statement": n.Statements, "story": n.Stories, "dead_letter": n.DeadLetters,
	} {
		ch <- prometheus.MustNewConstMetric(storedDesc, prometheus.GaugeValue, float64(v), noun)
	}
}

// consumers collects what the stages have done.
type consumers struct{ bus *bus.Bus }

var handledDesc = prometheus.NewDesc("crosscheck_stage_total", "Messages a stage has handled, by outcome.", []string{"stage", "outcome"}, nil)

// Describe implements prometheus.Collector.
func (c consumers) Describe(ch chan<- *prometheus.Desc) { ch <- handledDesc }

// Collect implements prometheus.Collector.
func (c consumers) Collect(ch chan<- prometheus.Metric) {
	for stage, s := range c.bus.Stats() {
		for outcome, v := range map[string]uint64{"handled": s.Handled, "retried": s.Retried, "dead": s.Dead} {
			ch <- prometheus.MustNewConstMetric(handledDesc, prometheus.CounterValue, float64(v), stage, outcome)
		}
	}
}

// busDir is the folder of the embedded bus.
func busDir(data string) string { return filepath.Join(data, "bus") }
