// Package web serves what is for programs and browsers rather than for a chat:
// whether Heed is alive and ready.
package web

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// readyPatience bounds how long /readyz asks.
const readyPatience = 2 * time.Second

// InstanceHeader is the header by which /healthz names the Heed that answers: a random
// word of its database, so that whoever knows it recognizes it behind proxies.
const InstanceHeader = "Heed-Instance"

// Health answers /healthz (the process is alive; instance names it, "" not yet) and /readyz (it can do its work: notReady
// names nothing). What it names goes over the wire to whoever asks, one a line: it is
// the program's own words, never an error's.
func Health(notReady func(context.Context) []string, instance func() string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		if id := instance(); id != "" {
			w.Header().Set(InstanceHeader, id)
		}
		say(w, http.StatusOK, "ok\n")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyPatience)
		defer cancel()
		if why := notReady(ctx); len(why) > 0 {
			say(w, http.StatusServiceUnavailable, "not ready: "+strings.Join(why, "\nnot ready: ")+"\n")
			return
		}
		say(w, http.StatusOK, "ready\n")
	})
	return mux
}

func say(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = w.Write([]byte(text)) // a caller that hung up needs no answer
}
