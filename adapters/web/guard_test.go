package web

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestGuardOfAll(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	mux := http.NewServeMux()
	mux.HandleFunc("/defect", func(http.ResponseWriter, *http.Request) { panic("somebody's words") })
	mux.HandleFunc("/read", func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		}
	})
	server := httptest.NewServer(Guard(false, slog.New(slog.NewTextHandler(&log, nil)), mux))
	t.Cleanup(server.Close)

	if r, err := http.Get(server.URL + "/defect"); err == nil {
		_ = r.Body.Close()
		t.Errorf("a defect is answered %d", r.StatusCode)
	}
	for size, want := range map[int]int{bodyMost: http.StatusOK, bodyMost + 1: http.StatusRequestEntityTooLarge} {
		r, err := http.Post(server.URL+"/read", "text/plain", strings.NewReader(strings.Repeat("x", size)))
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close()
		if r.StatusCode != want {
			t.Errorf("%d bytes are answered %d, want %d", size, r.StatusCode, want)
		}
		if r.Header.Get("Content-Security-Policy") == "" || r.Header.Get("Strict-Transport-Security") != "" {
			t.Errorf("the headers are %v", r.Header)
		}
	}
	server.Close() // waits for all that logs
	if said := log.String(); !strings.Contains(said, "defect") || !strings.Contains(said, "guard_test.go") || strings.Contains(said, "somebody's words") {
		t.Errorf("the log says %s", said)
	}
}
