package slack

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestTerse holds what is read of Slack's answers: all but the message that it repeats.
func TestTerse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path   string
		status int
		said   string
		want   string
	}{
		"the_message_that_was_sent_is_left_out": {"/api/chat.postMessage", 200, `{"ok":true,"channel":"C1","ts":"1.2","message":{"blocks":[{"type":"section"}]}}`, `{"channel":"C1","ok":true,"ts":"1.2"}`},
		"of_an_edit_too":                        {"/api/chat.update", 200, `{"ok":true,"ts":"1.2","message":{}}`, `{"ok":true,"ts":"1.2"}`},
		"a_refusal_is_whole":                    {"/api/chat.update", 200, `{"ok":false,"error":"missing_scope","needed":"chat:write"}`, `{"ok":false,"error":"missing_scope","needed":"chat:write"}`},
		"what_is_no_answer_of_slacks_is_whole":  {"/api/chat.postMessage", 200, `<html>down for maintenance</html>`, `<html>down for maintenance</html>`},
		"one_that_was_cut_is_whole":             {"/api/chat.postMessage", 200, `{"ok":true,"message":{"te`, `{"ok":true,"message":{"te`},
		"of_other_methods_nothing_is_left_out":  {"/api/conversations.info", 200, `{"ok":true,"message":1}`, `{"ok":true,"message":1}`},
		"nor_of_what_is_no_success":             {"/api/chat.update", 503, `{"message":"busy"}`, `{"message":"busy"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.said)
			}))
			defer server.Close()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+c.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := terse{server.Client()}.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = res.Body.Close() }()
			got, err := io.ReadAll(res.Body)
			if err != nil || string(got) != c.want {
				t.Errorf("read %q, %v; want %q", got, err, c.want)
			}
		})
	}
}
