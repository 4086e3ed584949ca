package main

import (
	"context"
	"io"
	"log/slog"

	"heed/bot"
	"heed/store"
)

// newLog is the program's log: text for a terminal, JSON for machines. Lines of one
// event share its id.
func newLog(c config, w io.Writer) *slog.Logger {
	level := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}[c.LogLevel]
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: untold}
	if c.Log == "json" {
		return slog.New(eventHandler{slog.NewJSONHandler(w, options)})
	}
	return slog.New(eventHandler{slog.NewTextHandler(w, options)})
}

// untold keeps out of an error's text what the database quotes of the rows.
func untold(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() != slog.KindAny {
		return a
	}
	if err, ok := a.Value.Any().(error); ok {
		return slog.String(a.Key, store.Untold(err))
	}
	return a
}

// eventHandler adds the id of the event that a line's context serves, if it serves one.
type eventHandler struct{ slog.Handler }

// Handle writes a line.
func (h eventHandler) Handle(ctx context.Context, r slog.Record) error {
	if id := bot.EventOf(ctx); id != "" {
		r.AddAttrs(slog.String("event", id))
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs is a handler with more on every line.
func (h eventHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return eventHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup is a handler whose further attributes stand in a group.
func (h eventHandler) WithGroup(name string) slog.Handler {
	return eventHandler{h.Handler.WithGroup(name)}
}
