package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"

	"github.com/prometheus/client_golang/prometheus/collectors"

	"heed/adapters/web"
	"heed/bot"
)

// listen opens the port and answers probes and figures from then on.
func (s *system) listen(ctx context.Context) (err error) {
	if s.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", s.config.Listen); err != nil {
		return fmt.Errorf("listen on %s: %w; HEED_LISTEN chooses another address", s.config.Listen, err)
	}
	s.metrics = web.NewMetrics(thisVersion())
	always := http.NewServeMux()
	health := web.Health(s.notReady, s.instanceNow)
	always.Handle("/healthz", health)
	always.Handle("/readyz", health)
	always.Handle("/metrics", s.metrics.Handler(s.log,
		web.NewFigures(s.figures, nil), web.NewHearing(s.hearing), collectors.NewDBStatsCollector(s.data.db.DB, "heed")))
	s.front = newFront(always)
	s.work, s.endWork = context.WithCancel(context.WithoutCancel(ctx))
	s.server = &http.Server{
		Handler:           web.Guard(strings.HasPrefix(s.config.PublicURL, "https://"), s.log, s.front),
		ReadHeaderTimeout: headerPatience, ReadTimeout: readPatience, WriteTimeout: writePatience, IdleTimeout: idlePatience, MaxHeaderBytes: maxHeader,
		ErrorLog:    slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		BaseContext: func(net.Listener) context.Context { return s.work },
	}
	s.served = make(chan error, 1)
	go func() { s.served <- s.server.Serve(limit(s.listener, maxConnections)) }()
	return nil
}

// figures reads what the operator is shown of the database; none while there may be no
// tables yet.
func (s *system) figures(ctx context.Context) (bot.Figures, error) {
	select {
	case <-s.front.up:
		return s.store.Figures(ctx, s.clock.Now())
	default:
		return bot.Figures{}, errNotUp
	}
}

var errNotUp = errors.New("not up yet")

// hearing tells which configured platforms are heard.
func (s *system) hearing() map[bot.Platform]bool {
	out := map[bot.Platform]bool{}
	select {
	case <-s.front.up:
	default:
		return out
	}
	if s.slack != nil {
		out[bot.Slack], _, _ = s.slack.Hearing()
	}
	if s.discord != nil {
		out[bot.Discord], _, _ = s.discord.Hearing()
	}
	return out
}
