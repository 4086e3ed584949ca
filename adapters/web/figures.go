package web

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"heed/bot"
)

const (
	// figuresPatience bounds how long a scrape asks the database.
	figuresPatience = 2 * time.Second
	// figuresKept is how long an answer, also none, serves other scrapes: several that
	// watch don't ask several times.
	figuresKept = 5 * time.Second
)

var (
	databaseUp = prometheus.NewDesc("heed_database_up",
		"1 when the database answered this scrape in time, else 0; then what is read from it is left out.", nil, nil)
	postsWaiting = prometheus.NewDesc("heed_posts_waiting",
		"Messages that are due and not shown yet, of all replicas.", []string{"platform"}, nil)
	postQueueAge = prometheus.NewDesc("heed_post_queue_age_seconds",
		"How long the oldest of them is due.", []string{"platform"}, nil)
	gapsOpen = prometheus.NewDesc("heed_gaps_open",
		"Workspaces whose votes are being read back after nobody heard them.", []string{"platform"}, nil)
	workspacesActive = prometheus.NewDesc("heed_workspaces",
		"Workspaces that Heed is in.", []string{"platform"}, nil)
	digestsLate = prometheus.NewDesc("heed_digests_late",
		"Schedules whose time has passed by more than five minutes.", nil, nil)
)

// Figures shows what the database says at the moment of a scrape. With the database away
// the scrape goes on without it.
type Figures struct {
	read func(context.Context) (bot.Figures, error)
	now  func() time.Time

	mu   sync.Mutex // held while the database is asked: others wait for the same answer
	at   time.Time
	last bot.Figures
	err  error
}

var _ prometheus.Collector = (*Figures)(nil)

// NewFigures makes a source of /metrics. read is asked with two seconds of patience, and
// at most every five; now is the machine's clock where nil.
func NewFigures(read func(context.Context) (bot.Figures, error), now func() time.Time) *Figures {
	if now == nil {
		now = time.Now
	}
	return &Figures{read: read, now: now}
}

// Describe names the figures.
func (f *Figures) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{databaseUp, postsWaiting, postQueueAge, gapsOpen, workspacesActive, digestsLate} {
		out <- d
	}
}

// Collect reads them, or shows what was read just now.
func (f *Figures) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	now, err := f.current()
	if err != nil {
		gauge(databaseUp, 0)
		return
	}
	gauge(databaseUp, 1)
	gauge(digestsLate, float64(now.DigestsLate))
	waiting := map[bot.Platform]bot.PostFigures{}
	for _, p := range now.Posts {
		waiting[p.Platform] = p
	}
	for _, w := range now.Workspaces {
		platform := string(w.Platform)
		gauge(workspacesActive, float64(w.Active), platform)
		gauge(gapsOpen, float64(w.Gaps), platform)
		gauge(postsWaiting, float64(waiting[w.Platform].Waiting), platform) // zero is said too
		gauge(postQueueAge, waiting[w.Platform].Age.Seconds(), platform)
	}
}

// current is what the database said at most five seconds ago.
func (f *Figures) current() (bot.Figures, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if at := f.now(); f.at.IsZero() || at.Sub(f.at) >= figuresKept {
		ctx, cancel := context.WithTimeout(context.Background(), figuresPatience)
		f.last, f.err = f.read(ctx)
		cancel()
		f.at = at
	}
	return f.last, f.err
}
