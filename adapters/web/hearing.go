package web

import (
	"github.com/prometheus/client_golang/prometheus"

	"heed/bot"
)

var platformConnected = prometheus.NewDesc("heed_platform_connected",
	"1 when this process, or another replica for it, hears the platform; of one that delivers by HTTP always 1.", []string{"platform"}, nil)

// Hearing shows which platforms are heard at the moment of a scrape.
type Hearing struct {
	ask func() map[bot.Platform]bool
}

// NewHearing makes a source of /metrics. ask answers for each configured platform.
func NewHearing(ask func() map[bot.Platform]bool) Hearing { return Hearing{ask} }

// Describe names the figure.
func (h Hearing) Describe(out chan<- *prometheus.Desc) { out <- platformConnected }

// Collect asks.
func (h Hearing) Collect(out chan<- prometheus.Metric) {
	for p, hears := range h.ask() {
		v := 0.0
		if hears {
			v = 1
		}
		out <- prometheus.MustNewConstMetric(platformConnected, prometheus.GaugeValue, v, string(p))
	}
}
