package discordfake_test

import (
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"heed/adapters/discord/discordfake"
)

func TestResume(t *testing.T) {
	t.Parallel()
	resume := func(s *socket, token string, old *socket, seq int64) {
		s.t.Helper()
		s.next()
		s.send(6, map[string]any{"token": token, "session_id": old.id, "seq": seq})
	}

	t.Run("what was missed is told again, in order, then RESUMED", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		old := w.identified(discordfake.IntentGuilds | discordfake.IntentGuildMessageReactions)
		old.rest()
		m, err := w.rui.Say(w.support, "dark mode")
		must(t, err)
		must(t, w.rui.React(m, "👍"))
		p := old.named("MESSAGE_REACTION_ADD")
		w.Disconnect(true)
		if code := old.closed(); code != discordfake.CloseUnknownError {
			t.Errorf("closed with %d", code)
		}
		must(t, w.mira.React(m, "👍"))
		must(t, w.rui.Unreact(m, "👍"))
		s := w.dial("?v=10")
		resume(s, w.Token(), old, p.Seq)
		first, second, last := s.next(), s.next(), s.next()
		if first.Name != "MESSAGE_REACTION_ADD" || first.Data["user_id"] != w.mira.ID || first.Seq != p.Seq+1 || second.Name != "MESSAGE_REACTION_REMOVE" || last.Name != "RESUMED" || w.Resumes() != 1 || w.Identifies() != 1 {
			t.Errorf("told %v %v %v", first, second, last)
		}
	})

	t.Run("after an end that is not resumable the session is invalid, and the connection takes an identify", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		old := w.identified(1)
		w.Disconnect(false)
		old.closed()
		s := w.dial("?v=10")
		resume(s, w.Token(), old, old.seq)
		if p := s.next(); p.Op != 9 || string(p.Raw) != "false" {
			t.Errorf("it says %+v", p)
		}
		s.send(2, identity(w.Token(), 1))
		s.named("READY")
	})

	t.Run("an app that leaves with 1000 gives its session up", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		old := w.identified(1)
		must(t, old.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(time.Second)))
		w.wait(func() bool { return w.Connected() == 0 })
		s := w.dial("?v=10")
		resume(s, w.Token(), old, old.seq)
		if p := s.next(); p.Op != 9 {
			t.Errorf("it says %+v", p)
		}
	})

	t.Run("too late, a sequence that never was, another's token", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		for name, c := range map[string]struct {
			token string
			seq   int64
			late  time.Duration
			code  int
		}{
			"late":   {w.Token(), 1, discordfake.SessionLife + time.Second, 0},
			"beyond": {w.Token(), 99, 0, discordfake.CloseInvalidSeq},
			"token":  {"no", 1, 0, discordfake.CloseAuthenticationFailed},
		} {
			old := w.identified(1)
			w.CutGateway()
			w.wait(func() bool { return w.Connected() == 0 })
			w.clock.Advance(c.late)
			s := w.dial("?v=10")
			resume(s, c.token, old, c.seq)
			if c.code == 0 {
				if p := s.next(); p.Op != 9 {
					t.Errorf("%s: it says %+v", name, p)
				}
				continue
			}
			if got := s.closed(); got != c.code {
				t.Errorf("%s: closed with %d, want %d", name, got, c.code)
			}
		}
	})

	t.Run("who missed more than is kept has to begin anew", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		old := w.identified(discordfake.IntentGuildMessageReactions)
		m, err := w.rui.Say(w.support, "x")
		must(t, err)
		w.CutGateway()
		w.wait(func() bool { return w.Connected() == 0 })
		for range discordfake.ReplayLimit/2 + 1 {
			must(t, w.rui.React(m, "👍"))
			must(t, w.rui.Unreact(m, "👍"))
		}
		s := w.dial("?v=10")
		resume(s, w.Token(), old, old.seq)
		if p := s.next(); p.Op != 9 {
			t.Errorf("it says %+v", p)
		}
	})

	t.Run("op 9 with true can be resumed, op 7 asks for it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		old := w.identified(1)
		old.rest()
		w.InvalidateSessions(true)
		if p := old.next(); p.Op != 9 || string(p.Raw) != "true" {
			t.Errorf("it says %+v", p)
		}
		s := w.dial("?v=10")
		resume(s, w.Token(), old, old.seq)
		s.named("RESUMED")
		w.AskReconnect()
		if p := s.next(); p.Op != 7 || string(p.Raw) != "null" {
			t.Errorf("it says %+v", p)
		}
		w.InvalidateSessions(false)
		if p := s.next(); p.Op != 9 || string(p.Raw) != "false" {
			t.Errorf("it says %+v", p)
		}
		s.send(2, identity(w.Token(), 1))
		s.named("READY")
	})
}

func TestHeartbeats(t *testing.T) {
	t.Parallel()
	t.Run("are acknowledged", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		s := w.identified(1)
		s.rest()
		w.AskHeartbeat()
		if p := s.next(); p.Op != 1 {
			t.Errorf("it asks %+v", p)
		}
	})

	t.Run("missing from the app, the session times out", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Heartbeat: 500 * time.Millisecond})
		s := w.identified(1)
		if got := s.closed(); got != discordfake.CloseSessionTimedOut {
			t.Errorf("closed with %d", got)
		}
	})

	t.Run("dropped, nothing is acknowledged and events come all the same", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		s := w.identified(discordfake.IntentGuilds)
		s.rest()
		w.DropHeartbeats(true)
		s.send(1, s.seq)
		w.support.Rename("help")
		if p := s.next(); p.Name != "CHANNEL_UPDATE" {
			t.Errorf("it says %+v", p)
		}
		w.DropHeartbeats(false)
		s.rest()
	})

	t.Run("a gateway that is away takes nobody", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		w.RefuseGateway(true)
		_, r, err := websocket.DefaultDialer.Dial(w.GatewayURL(), nil)
		if err == nil || r == nil || r.StatusCode != 503 {
			t.Errorf("it was taken: %v", err)
		}
		if r != nil {
			_ = r.Body.Close()
		}
		w.RefuseGateway(false)
		w.identified(1)
	})
}
