package discordfake_test

import (
	"encoding/json"
	"errors"
	"slices"
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
		w := newWorld(t, discordfake.Config{Heartbeat: 20 * time.Millisecond})
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

func TestEvents(t *testing.T) {
	t.Parallel()
	t.Run("by the declared intents only", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		quiet, full := w.identified(0), w.identified(discordfake.IntentGuilds|discordfake.IntentGuildMessages|discordfake.IntentGuildMessageReactions|discordfake.IntentDirectMessages)
		full.rest()
		m, err := w.rui.Say(w.support, "dark mode")
		must(t, err)
		must(t, w.mira.React(m, "👍"))
		_, err = w.rui.Tell("hello")
		must(t, err)
		w.guild.SetNick(w.rui, "Rui")
		if got := namesOf(quiet.rest()); got != nil {
			t.Errorf("without intents comes %v", got)
		}
		want := []string{"MESSAGE_CREATE", "MESSAGE_REACTION_ADD", "MESSAGE_CREATE"}
		if got := namesOf(full.rest()); !slices.Equal(got, want) {
			t.Errorf("comes %v, want %v", got, want)
		}
	})

	t.Run("words are left out but for mentions, direct messages and one's own", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		s := w.identified(discordfake.IntentGuildMessages | discordfake.IntentDirectMessages)
		for _, words := range []string{"secret", "hello @heed"} {
			_, err := w.rui.Say(w.support, words, discordfake.File{Name: "a.png"})
			must(t, err)
		}
		_, err := w.rui.Tell("psst")
		must(t, err)
		_, err = w.api.ChannelMessageSend(w.support.ID, "mine")
		must(t, err)
		want := []struct {
			content string
			files   int
			guild   any
		}{{"", 0, w.guild.ID}, {"hello " + w.Bot().Mention(), 1, w.guild.ID}, {"psst", 0, nil}, {"mine", 0, w.guild.ID}}
		for _, c := range want {
			p := s.named("MESSAGE_CREATE")
			if files, _ := p.Data["attachments"].([]any); p.Data["content"] != c.content || len(files) != c.files || p.Data["guild_id"] != c.guild {
				t.Errorf("it says %v, want %+v", p.Data, c)
			}
		}
	})

	t.Run("with the privileged intent the words are there", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Privileged: discordfake.IntentMessageContent})
		s := w.identified(discordfake.IntentGuildMessages | discordfake.IntentMessageContent)
		_, err := w.rui.Say(w.support, "dark mode")
		must(t, err)
		if p := s.named("MESSAGE_CREATE"); p.Data["content"] != "dark mode" {
			t.Errorf("it says %v", p.Data)
		}
	})

	t.Run("a channel that the bot does not see is silent", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		s := w.identified(discordfake.IntentGuilds | discordfake.IntentGuildMessageReactions)
		hidden := w.guild.AddPrivateChannel("hidden", w.rui)
		m, err := w.rui.Say(hidden, "x")
		must(t, err)
		must(t, w.rui.React(m, "👍"))
		if got := namesOf(s.rest()); !slices.Equal(got, []string{"GUILD_CREATE"}) {
			t.Errorf("comes %v", got)
		}
		hidden.AllowUser(w.Bot(), discordfake.ViewChannel)
		must(t, w.rui.React(m, "🎉"))
		if got := namesOf(s.rest()); !slices.Equal(got, []string{"CHANNEL_UPDATE", "MESSAGE_REACTION_ADD"}) {
			t.Errorf("comes %v", got)
		}
	})

	t.Run("each shard hears its guilds, the first the direct messages", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{Shards: 2})
		var guilds []*discordfake.Guild
		for range 6 {
			w.clock.Advance(time.Second / 64)
			guilds = append(guilds, w.AddGuild("g"))
		}
		heard := map[int][]string{}
		shards := [2]*socket{}
		for i := range 2 {
			s := w.dial("?v=10")
			s.next()
			id := identity(w.Token(), int(discordfake.IntentGuilds|discordfake.IntentDirectMessages))
			id["shard"] = []int{i, 2}
			s.send(2, id)
			s.named("READY")
			for _, p := range s.rest() {
				heard[i] = append(heard[i], p.Data["id"].(string))
			}
			shards[i] = s
		}
		if len(heard[0])+len(heard[1]) != len(guilds)+1 || len(heard[0]) == 0 || len(heard[1]) == 0 {
			t.Errorf("the shards hear %v", heard)
		}
		_, err := w.rui.Tell("hi")
		must(t, err)
		if a, b := namesOf(shards[0].rest()), namesOf(shards[1].rest()); len(a) != 1 || len(b) != 0 {
			t.Errorf("the direct message comes to %v and %v", a, b)
		}
	})

	t.Run("kicked, invited again, an outage", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, discordfake.Config{})
		s := w.identified(discordfake.IntentGuilds)
		s.rest()
		w.guild.Outage(true)
		w.guild.Outage(false)
		w.guild.KickBot()
		_, err := w.api.ChannelMessageSend(w.support.ID, "x")
		wantCode(t, err, 403, 50001)
		_, err = w.api.Guild(w.guild.ID)
		wantCode(t, err, 404, 10004)
		w.guild.InviteBot()
		all := s.rest()
		if got := namesOf(all); !slices.Equal(got, []string{"GUILD_DELETE", "GUILD_CREATE", "GUILD_DELETE", "GUILD_CREATE"}) || all[0].Data["unavailable"] != true || all[2].Data["unavailable"] != nil {
			t.Errorf("comes %v", all)
		}
	})
}
