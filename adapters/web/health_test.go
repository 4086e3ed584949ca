package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"heed/adapters/web"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path string
		why  []string
		want int
		says string
	}{
		"alive_even_when_not_ready":           {"/healthz", []string{"migrations are running"}, http.StatusOK, "ok\n"},
		"not_ready_says_all_that_is_missing":  {"/readyz", []string{"a", "b"}, http.StatusServiceUnavailable, "not ready: a\nnot ready: b\n"},
		"ready_when_it_can_do_its_work":       {"/readyz", nil, http.StatusOK, "ready\n"},
		"nothing_else_is_served_from_this_up": {"/readyz/more", nil, http.StatusNotFound, "404 page not found\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			web.Health(func(context.Context) []string { return c.why }, func() string { return "a-word" }).ServeHTTP(w, httptest.NewRequest(http.MethodGet, c.path, nil))
			if w.Code != c.want {
				t.Errorf("answered %d, want %d", w.Code, c.want)
			}
			if w.Body.String() != c.says {
				t.Errorf("said %q, want %q", w.Body.String(), c.says)
			}
		})
	}
}
