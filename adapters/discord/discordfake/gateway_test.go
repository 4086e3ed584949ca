package discordfake_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"heed/adapters/discord/discordfake"
)

// socket is a gateway connection without a library.
type socket struct {
	t   *testing.T
	ws  *websocket.Conn
	seq int64
	id  string
}

type packet struct {
	Op   int             `json:"op"`
	Seq  int64           `json:"s"`
	Name string          `json:"t"`
	Raw  json.RawMessage `json:"d"`
	Data map[string]any  `json:"-"`
}

// dial connects and takes Hello.
func (w *world) dial(query string) *socket {
	w.t.Helper()
	ws, r, err := websocket.DefaultDialer.Dial(w.GatewayURL()+query, nil)
	must(w.t, err)
	_ = r.Body.Close()
	s := &socket{t: w.t, ws: ws}
	w.t.Cleanup(func() { _ = ws.Close() })
	return s
}

func (s *socket) send(op int, data any) {
	s.t.Helper()
	must(s.t, s.ws.WriteJSON(map[string]any{"op": op, "d": data}))
}

// next is what comes; it fails the test when nothing does.
func (s *socket) next() packet {
	s.t.Helper()
	p, err := s.read()
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

func (s *socket) read() (packet, error) {
	_ = s.ws.SetReadDeadline(time.Now().Add(5 * time.Second))
	var p packet
	if err := s.ws.ReadJSON(&p); err != nil {
		return p, err
	}
	_ = json.Unmarshal(p.Raw, &p.Data)
	if p.Seq > 0 {
		s.seq = p.Seq
	}
	return p, nil
}

// closed reads until the connection ends and returns the code.
func (s *socket) closed() int {
	s.t.Helper()
	for {
		_, err := s.read()
		var end *websocket.CloseError
		if errors.As(err, &end) {
			return end.Code
		}
		if err != nil {
			s.t.Fatalf("no close frame: %v", err)
		}
	}
}

// named takes what comes until an event of this name.
func (s *socket) named(name string) packet {
	s.t.Helper()
	for {
		if p := s.next(); p.Name == name {
			return p
		}
	}
}

// until the heartbeat is acknowledged, these events come.
func (s *socket) rest() []packet {
	s.t.Helper()
	s.send(1, s.seq)
	var out []packet
	for {
		p := s.next()
		if p.Op == 11 {
			return out
		}
		out = append(out, p)
	}
}

func namesOf(all []packet) []string {
	var out []string
	for _, p := range all {
		out = append(out, p.Name)
	}
	return out
}

func identity(token string, intents int) map[string]any {
	return map[string]any{"token": token, "intents": intents, "properties": map[string]any{"os": "linux", "browser": "t", "device": "t"}, "compress": true}
}

// identified connects, identifies and takes READY.
func (w *world) identified(intents discordfake.Intents) *socket {
	w.t.Helper()
	s := w.dial("?v=10&encoding=json")
	s.next()
	s.send(2, identity(w.Token(), int(intents)))
	s.id, _ = s.named("READY").Data["session_id"].(string)
	return s
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	t.Run("hello, ready, and every guild", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		s := w.dial("?v=9&encoding=json")
		if hello := s.next(); hello.Op != 10 || hello.Data["heartbeat_interval"] != float64(41250) {
			t.Errorf("hello is %+v", hello)
		}
		s.send(2, identity(w.Token(), 1))
		ready := s.next()
		guilds, _ := ready.Data["guilds"].([]any)
		if ready.Name != "READY" || ready.Seq != 1 || ready.Data["v"] != float64(9) || len(guilds) != 1 || ready.Data["user"].(map[string]any)["id"] != w.Bot().ID {
			t.Errorf("ready is %+v", ready)
		}
		made := s.next()
		channels, _ := made.Data["channels"].([]any)
		members, _ := made.Data["members"].([]any)
		if made.Name != "GUILD_CREATE" || made.Seq != 2 || made.Data["id"] != w.guild.ID || len(channels) != 2 || len(members) != 1 || made.Data["member_count"] != float64(5) {
			t.Errorf("the guild is %+v", made.Data)
		}
	})

	for name, c := range map[string]struct {
		query string
		op    int
		data  any
		code  int
	}{
		"a wrong token":           {"?v=10", 2, identity("no", 1), discordfake.CloseAuthenticationFailed},
		"an intent that is none":  {"?v=10", 2, identity("fake.discord.token", 1<<17), discordfake.CloseInvalidIntents},
		"a privileged intent":     {"?v=10", 2, identity("fake.discord.token", 1<<15), discordfake.CloseDisallowedIntents},
		"no intents":              {"?v=10", 2, map[string]any{"token": "fake.discord.token", "properties": map[string]any{}}, discordfake.CloseDecodeError},
		"no identify before":      {"?v=10", 3, map[string]any{}, discordfake.CloseNotAuthenticated},
		"an opcode that is none":  {"?v=10", 99, nil, discordfake.CloseUnknownOpcode},
		"an old version":          {"?v=6", 1, nil, discordfake.CloseInvalidVersion},
		"a shard beyond the last": {"?v=10", 2, map[string]any{"token": "fake.discord.token", "intents": 1, "properties": map[string]any{}, "shard": []int{2, 2}}, discordfake.CloseInvalidShard},
	} {
		t.Run(name+" closes", func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, discordfake.Config{})
			s := w.dial(c.query)
			if c.code != discordfake.CloseInvalidVersion {
				s.next()
				s.send(c.op, c.data)
			}
			if got := s.closed(); got != c.code {
				t.Errorf("closed with %d, want %d", got, c.code)
			}
		})
	}

	t.Run("twice on one connection closes", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		s := w.identified(1)
		s.send(2, identity(w.Token(), 1))
		if got := s.closed(); got != discordfake.CloseAlreadyAuthenticated {
			t.Errorf("closed with %d", got)
		}
	})

	t.Run("more than 4096 bytes close", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		s := w.identified(1)
		s.send(3, map[string]any{"status": string(make([]byte, 4096))})
		if got := s.closed(); got != discordfake.CloseDecodeError {
			t.Errorf("closed with %d", got)
		}
	})

	t.Run("121 packets a minute close", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		s := w.identified(1)
		for range discordfake.MaxPackets {
			s.send(3, map[string]any{})
		}
		if got := s.closed(); got != discordfake.CloseRateLimited {
			t.Errorf("closed with %d", got)
		}
	})

	t.Run("the day's budget is told and counted, and one too many resets the token", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Unchecked: true})
		other := w.identified(1)
		w.clock.Advance(time.Hour)
		b, err := w.api.GatewayBot()
		must(t, err)
		if l := b.SessionStartLimit; l.Total != 1000 || l.Remaining != 999 || l.MaxConcurrency != 1 || l.ResetAfter != 23*3600*1000 || b.URL != w.GatewayURL() {
			t.Errorf("the limit is %+v at %s", l, b.URL)
		}
		w.SetIdentifiesLeft(0)
		s := w.dial("?v=10")
		s.next()
		s.send(2, identity(w.Token(), 1))
		if got := s.closed(); got != discordfake.CloseAuthenticationFailed {
			t.Errorf("closed with %d", got)
		}
		if got := other.closed(); got != discordfake.CloseAuthenticationFailed {
			t.Errorf("the other session closed with %d", got)
		}
		_, err = w.api.User("@me")
		wantCode(t, err, 401, 0)
	})

	t.Run("the budget is whole again after a day", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		w.SetIdentifiesLeft(0)
		w.clock.Advance(24 * time.Hour)
		w.identified(1)
	})

	t.Run("paced, the second within five seconds is invalid", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		w.PaceIdentifies(true)
		w.identified(1)
		s := w.dial("?v=10")
		s.next()
		s.send(2, identity(w.Token(), 1))
		if p := s.next(); p.Op != 9 || string(p.Raw) != "false" {
			t.Errorf("it says %+v", p)
		}
		w.clock.Advance(5 * time.Second)
		s.send(2, identity(w.Token(), 1))
		s.named("READY")
	})
}
