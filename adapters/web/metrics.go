package web

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"heed/bot"
)

// scrapePatience bounds a whole scrape, the database's part in it included.
const scrapePatience = 5 * time.Second

// Metrics counts what happens, and answers /metrics in Prometheus' format. It is the
// bot's and the adapters' Meter. Labels hold kinds alone, from sets that are fixed in the
// program: never a name, an id, a word or a token. Safe for concurrent use.
// https://prometheus.io/docs/practices/naming
type Metrics struct {
	registry *prometheus.Registry

	events  *prometheus.CounterVec
	acks    *prometheus.CounterVec
	took    *prometheus.HistogramVec
	groups  prometheus.Histogram
	posts   *prometheus.CounterVec
	digests *prometheus.CounterVec
}

var _ bot.Meter = (*Metrics)(nil)

// NewMetrics makes the counters, with those of the Go program and its process.
func NewMetrics(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "heed_events_total", Help: "What platforms delivered, repeats included.",
		}, []string{"platform", "kind"}),
		acks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "heed_acks_total", Help: "What became of it: kept (committed), failed (delivered again, or given back), shed (turned away for too much at once, likewise), refused (not signed, not readable).",
		}, []string{"platform", "kind", "outcome"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "heed_ack_seconds", Help: "From hearing it to its being committed.",
			// The platforms give three seconds; the goal for a vote is 30 ms.
			Buckets: []float64{.001, .0025, .005, .01, .02, .03, .05, .1, .25, .5, 1, 2, 3, 10},
		}, []string{"platform", "kind"}),
		groups: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "heed_vote_group_size", Help: "Ballots that shared one commit.", Buckets: []float64{1, 2, 4, 8, 16, 32, 64, 128, 256},
		}),
		posts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "heed_posts_total", Help: "Tries to make a message show what it should: shown, or failed with its fault.",
		}, []string{"platform", "kind", "outcome", "fault"}),
		digests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "heed_digests_total", Help: "Due times of digests: sent, empty (nothing to say) or skipped (too late).",
		}, []string{"platform", "state"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "heed_build_info", Help: "1; the version is the label.", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	m.registry.MustRegister(m.events, m.acks, m.took, m.groups, m.posts, m.digests, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, p := range []bot.Platform{bot.Slack, bot.Discord} {
		for _, state := range []bot.DigestState{bot.DigestSent, bot.DigestEmpty, bot.DigestSkipped} {
			m.digests.WithLabelValues(string(p), string(state)) // at zero from the start: the first one is a rise
		}
	}
	return m
}

// Handler answers GET /metrics with the counters and with what the sources say at that
// moment. It may be called once. A source that fails is left out and logged.
func (m *Metrics) Handler(log *slog.Logger, sources ...prometheus.Collector) http.Handler {
	m.registry.MustRegister(sources...)
	serve := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn), ErrorHandling: promhttp.ContinueOnError,
		MaxRequestsInFlight: 4, Timeout: scrapePatience,
	})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		serve.ServeHTTP(w, r)
	})
	return mux
}

// Heard counts a delivery; see bot.Meter.
func (m *Metrics) Heard(p bot.Platform, kind string) {
	m.events.WithLabelValues(string(p), kind).Inc()
}

// Acked counts what became of it.
func (m *Metrics) Acked(p bot.Platform, kind string, outcome bot.AckOutcome, took time.Duration) {
	m.acks.WithLabelValues(string(p), kind, string(outcome)).Inc()
	if outcome != bot.AckShed { // at once, which would make the others look quicker than they are
		m.took.WithLabelValues(string(p), kind).Observe(took.Seconds())
	}
}

// Grouped counts one commit of ballots.
func (m *Metrics) Grouped(ballots int) { m.groups.Observe(float64(ballots)) }

// Posted counts a try to show a post.
func (m *Metrics) Posted(p bot.Platform, kind bot.PostKind, fault bot.FaultKind) {
	outcome := "shown"
	if fault != "" {
		outcome = "failed"
	}
	m.posts.WithLabelValues(string(p), string(kind), outcome, string(fault)).Inc()
}

// Froze counts a digest's due time.
func (m *Metrics) Froze(p bot.Platform, state bot.DigestState) {
	m.digests.WithLabelValues(string(p), string(state)).Inc()
}
