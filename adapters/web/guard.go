package web

import (
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
)

// bodyMost bounds what any request may bring, in bytes. No handler takes more.
const bodyMost = 1 << 20

// Guard has every answer of next carry what a browser needs to be told, whatever next
// does: a handler that serves a page of its own opens in its own policy what that page
// needs. It bounds every body too. A defect ends its request alone, without an answer, and
// is logged without its own words, which may be somebody's. https is whether the world reaches Heed by TLS alone.
func Guard(https bool, log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if https {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		defer func() {
			broke := recover()
			if broke == nil {
				return
			}
			if err, ok := broke.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
				log.ErrorContext(r.Context(), "a defect broke a request off", "stack", string(debug.Stack()))
			}
			panic(http.ErrAbortHandler)
		}()
		r.Body = http.MaxBytesReader(w, r.Body, bodyMost)
		next.ServeHTTP(w, r)
	})
}
