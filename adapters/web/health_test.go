package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"heed/adapters/web"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path  string
		ready error
		want  int
	}{
		"alive_even_when_not_ready":           {"/healthz", errors.New("postgres://secret"), http.StatusOK},
		"not_ready_without_saying_why":        {"/readyz", errors.New("postgres://secret"), http.StatusServiceUnavailable},
		"ready_when_it_can_do_its_work":       {"/readyz", nil, http.StatusOK},
		"nothing_else_is_served_from_this_up": {"/readyz/more", nil, http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			web.Health(func(context.Context) error { return c.ready }).ServeHTTP(w, httptest.NewRequest(http.MethodGet, c.path, nil))
			if w.Code != c.want {
				t.Errorf("answered %d, want %d", w.Code, c.want)
			}
			if strings.Contains(w.Body.String(), "secret") {
				t.Error("the reason went over the wire")
			}
		})
	}
}
