package discord

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"heed/bot"
)

// plain is a Discord of the fewest words: routes that came late are missing, and so is
// every field that may be.
type plain struct {
	server *httptest.Server
	events []string // sent after READY

	mu    sync.Mutex
	calls []string
	seen  chan struct{} // closed and made anew with each call
	began map[string]any
}

func newPlain(t *testing.T, events ...string) *plain {
	p := &plain{events: events, seen: make(chan struct{})}
	p.server = httptest.NewServer(p)
	t.Cleanup(p.server.Close)
	return p
}

func (p *plain) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/ws" {
		p.gateway(w, r)
		return
	}
	body, _ := io.ReadAll(r.Body)
	call := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/api/v10")
	defer p.note(call + " " + string(body))
	switch call {
	case "GET /users/@me":
		_, _ = w.Write([]byte(`{"id":"900000000000000001","username":"heed","bot":true}`))
	case "GET /applications/@me":
		_, _ = w.Write([]byte(`{"id":"900000000000000002"}`))
	case "GET /gateway":
		_, _ = w.Write([]byte(`{"url":"ws://` + r.Host + `/ws"}`))
	case "PUT /applications/900000000000000002/commands":
		_, _ = w.Write([]byte(`[]`))
	case "PUT /channels/5/pins/6":
		w.WriteHeader(http.StatusNoContent)
	default:
		if strings.HasSuffix(call, "/callback") {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"message":"404: Not Found","code":0}`))
	}
}

func (p *plain) gateway(w http.ResponseWriter, r *http.Request) {
	ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer ws.Close()
	send := func(s string) { _ = ws.WriteMessage(websocket.TextMessage, []byte(s)) }
	send(`{"op":10,"d":{"heartbeat_interval":100}}`)
	for {
		var got struct {
			Op   int            `json:"op"`
			Data map[string]any `json:"d"`
		}
		_, data, err := ws.ReadMessage()
		if err != nil {
			return
		}
		_ = json.Unmarshal(data, &got) // a heartbeat's data is a number
		switch got.Op {
		case opHeartbeat:
			send(`{"op":11}`)
		case opIdentify:
			p.mu.Lock()
			p.began = got.Data
			p.mu.Unlock()
			send(`{"op":0,"s":1,"t":"READY","d":{"v":10,"user":{"id":"900000000000000001"},"guilds":[{"id":"7","unavailable":true}],"session_id":"abc"}}`)
			for _, e := range p.events {
				send(e)
			}
		}
	}
}

func (p *plain) note(call string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls = append(p.calls, call)
	close(p.seen)
	p.seen = make(chan struct{})
}

// called waits for a call that begins so, and answers all of it.
func (p *plain) called(t *testing.T, begin string) string {
	t.Helper()
	for {
		p.mu.Lock()
		calls, seen := slices.Clone(p.calls), p.seen
		p.mu.Unlock()
		for _, c := range calls {
			if strings.HasPrefix(c, begin) {
				return c
			}
		}
		select {
		case <-seen:
		case <-t.Context().Done():
			t.Fatalf("no %s among %q", begin, calls)
		}
	}
}

// TestPlainDiscord: the least that the documentation promises is enough.
func TestPlainDiscord(t *testing.T) {
	t.Parallel()
	p := newPlain(
		t,
		`{"op":0,"s":2,"t":"GUILD_CREATE","d":{"id":"7","name":"Acme"}}`,
		`{"op":0,"s":2,"t":"GUILD_CREATE","d":{"id":"17","name":"Unannounced"}}`,
		`{"op":0,"s":3,"t":"A_NEW_EVENT","d":{"of":"next year"}}`,
		`{"op":0,"s":4,"t":"MESSAGE_REACTION_ADD","d":{"user_id":"8","channel_id":"5","message_id":"6","guild_id":"7","emoji":{"id":null,"name":"👍"},"message_author_id":"900000000000000001","burst":false,"burst_colors":[],"type":0}}`,
		`{"op":0,"s":5,"t":"MESSAGE_REACTION_ADD","d":{"user_id":"9","channel_id":"5","message_id":"6","guild_id":"7","emoji":{"id":null,"name":"👍"},"burst":true,"burst_colors":["#ff0000"],"type":1,"member":{"user":{"id":"9"},"roles":[],"joined_at":null}}}`,
		`{"op":0,"s":6,"t":"INTERACTION_CREATE","d":{"id":"10","type":2,"token":"tok","channel_id":"11","user":{"id":"8","username":"rui"},"data":{"id":"1","name":"feedback","type":1}}}`,
		`{"op":0,"s":7,"t":"MESSAGE_CREATE","d":{"id":"12","channel_id":"11","author":{"id":"8","username":"rui"},"content":"dark mode","type":0}}`,
	)
	heard := newEar()
	o := Options{APIURL: p.server.URL + "/api/v10/", Token: "fake.discord.token", Shards: newLedger(), Log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	l := &listening{t: t, ear: heard}
	l.run(New(o, NewMessenger(o), heard))
	heard.hears(t, "attach 7 Acme")
	heard.hears(t, "gap 17") // READY did not name it
	heard.hears(t, "8 support +1 on 6")
	heard.hears(t, "9 support +1::burst on 6")

	t.Run("commands_are_written_where_they_can_not_be_read", func(t *testing.T) {
		if body := p.called(t, "PUT /applications/900000000000000002/commands"); !strings.Contains(body, `"feedback"`) {
			t.Error(body)
		}
	})
	t.Run("the_greeting_has_the_names_of_this_version", func(t *testing.T) {
		p.mu.Lock()
		defer p.mu.Unlock()
		properties, _ := p.began["properties"].(map[string]any)
		for _, name := range []string{"os", "browser", "device"} {
			if s, _ := properties[name].(string); s == "" {
				t.Errorf("no %s in %v", name, p.began)
			}
		}
	})
	t.Run("who_acts_in_private_is_answered", func(t *testing.T) {
		if body := p.called(t, "POST /interactions/10/tok/callback"); !strings.Contains(body, "which server") {
			t.Error(body)
		}
	})
	t.Run("an_answer_in_private_is_sent_once_and_pings_nobody", func(t *testing.T) {
		body := p.called(t, "POST /channels/11/messages")
		for _, want := range []string{`"nonce":"12-0"`, `"enforce_nonce":true`, `"allowed_mentions":{"parse":[]`} {
			if !strings.Contains(body, want) {
				t.Errorf("no %s in %s", want, body)
			}
		}
	})
	t.Run("a_message_is_pinned_the_old_way", func(t *testing.T) {
		to := bot.Destination{Workspace: bot.Workspace{Ref: guildRef("7")}, Channel: "5"}
		if err := NewMessenger(o).Pin(t.Context(), to, "6"); err != nil {
			t.Error(err)
		}
	})
}
