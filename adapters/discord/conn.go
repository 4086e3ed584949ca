package discord

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

const (
	dialPatience  = 10 * time.Second
	helloPatience = 20 * time.Second
	readyPatience = 30 * time.Second
	writePatience = 5 * time.Second
	leastBeat     = 50 * time.Millisecond // below that a heartbeat is a mistake
	maxPacket     = 64 << 20              // a GUILD_CREATE holds every channel and thread of a guild
	// closeResumable is any code but 1000 and 1001, which would end the session too.
	closeResumable = 4900
)

// The gateway's opcodes.
// https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-opcodes
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatAck   = 11
)

// packet is what the gateway sends.
type packet struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  int64           `json:"s"`
	Type string          `json:"t"`
}

// session is what it takes to go on where a connection ended.
type session struct {
	ID  string
	URL string
	Seq int64
}

// conn is one open connection.
type conn struct {
	s       *shard
	ws      *websocket.Conn
	writing sync.Mutex
	acked   atomic.Bool  // the last heartbeat was answered
	seq     atomic.Int64 // of the last event
	ready   bool         // READY or RESUMED came; only the reader's
}

// connect opens a connection and serves it until it ends. Its error is a *closing, or
// ctx's.
func (s *shard) connect(ctx context.Context) error {
	defer s.deafen()
	address := s.session.URL
	if address == "" {
		var err error
		if s.how, err = s.a.messenger.gateway(ctx); err != nil {
			return closingOf(err)
		}
		address = s.how.URL
	}
	address, err := gatewayAddress(address)
	if err != nil {
		return &closing{reason: "address_not_readable", anew: true}
	}
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: dialPatience, NetDialContext: (&net.Dialer{Timeout: dialPatience}).DialContext}
	ws, resp, err := dialer.DialContext(ctx, address, nil)
	if resp != nil && resp.Body != nil {
		_ = resp.Body.Close()
	}
	if err != nil {
		s.session.URL = "" // the address to resume at may be gone, the session not
		return &closing{reason: "no_socket"}
	}
	c := &conn{s: s, ws: ws}
	c.acked.Store(true)
	c.seq.Store(s.session.Seq)
	err = c.serve(ctx)
	s.session.Seq = c.seq.Load()
	code := closeResumable
	if ctx.Err() != nil { // this process stops, or no longer owns the shard
		code = websocket.CloseNormalClosure
	}
	_ = ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(writePatience))
	_ = ws.Close()
	return err
}

// deafen notes that nothing is heard any more.
func (s *shard) deafen() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live = false
	s.hears(false)
}

// gatewayAddress adds what the gateway wants to know first.
func gatewayAddress(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "wss" && u.Scheme != "ws" {
		return "", errors.New("not a gateway's address")
	}
	if u.Path == "" {
		u.Path = "/"
	}
	q := u.Query()
	q.Set("v", "10")
	q.Set("encoding", "json")
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// serve speaks the gateway's protocol until the connection ends.
func (c *conn) serve(ctx context.Context) error {
	var beating sync.WaitGroup
	defer beating.Wait()
	serving, end := context.WithCancel(ctx)
	defer end()
	beating.Go(func() { // reading ends when ctx does
		<-serving.Done()
		_ = c.ws.SetReadDeadline(time.Now())
	})
	c.ws.SetReadLimit(maxPacket)
	_ = c.ws.SetReadDeadline(time.Now().Add(helloPatience))
	if serving.Err() != nil {
		return serving.Err()
	}
	hello, err := c.read()
	if err != nil {
		return err
	}
	var rhythm struct {
		Interval float64 `json:"heartbeat_interval"` // milliseconds
	}
	if hello.Op != opHello || json.Unmarshal(hello.Data, &rhythm) != nil {
		return &closing{reason: "no_hello"}
	}
	every := max(time.Duration(rhythm.Interval*float64(time.Millisecond)), leastBeat)
	beating.Go(func() { c.beat(serving, every) })
	if err := c.begin(serving); err != nil {
		return err
	}
	_ = c.ws.SetReadDeadline(time.Now().Add(readyPatience))
	for serving.Err() == nil {
		p, err := c.read()
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return err
		}
		if err := c.take(p, every); err != nil {
			return err
		}
	}
	return serving.Err()
}

func (c *conn) read() (packet, error) {
	_, data, err := c.ws.ReadMessage()
	if err != nil {
		return packet{}, closingOf(err)
	}
	p, ok := raw[packet](data)
	if !ok {
		return packet{}, &closing{reason: "packet_not_readable"}
	}
	return p, nil
}

func (c *conn) write(op int, data any) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	_ = c.ws.SetWriteDeadline(time.Now().Add(writePatience))
	err := c.ws.WriteJSON(struct {
		Op   int `json:"op"`
		Data any `json:"d"`
	}{op, data})
	if err != nil {
		return closingOf(err)
	}
	return nil
}

// beat sends heartbeats; when one stays unanswered until the next is due the connection
// is dead, and is closed.
// https://docs.discord.com/developers/events/gateway#sending-heartbeats
func (c *conn) beat(ctx context.Context, every time.Duration) {
	for wait := rand.N(every); pause(ctx, wait) == nil; wait = every {
		if !c.acked.Swap(false) {
			c.s.log.WarnContext(ctx, "heartbeat not answered")
			_ = c.ws.Close()
			return
		}
		if c.heartbeat() != nil {
			_ = c.ws.Close()
			return
		}
	}
}

func (c *conn) heartbeat() error {
	if seq := c.seq.Load(); seq > 0 {
		return c.write(opHeartbeat, seq)
	}
	return c.write(opHeartbeat, nil)
}

// intents are what Heed hears: guilds, their channels and threads; reactions; what is
// said to Heed in person. None is privileged, and no message in a guild is read.
const intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessageReactions | discordgo.IntentsDirectMessages

// wireIdentify begins a session.
// https://docs.discord.com/developers/events/gateway-events#identify
type wireIdentify struct {
	Token      string            `json:"token"`
	Properties map[string]string `json:"properties"`
	Shard      [2]int            `json:"shard"`
	Intents    int               `json:"intents"`
}

// begin resumes the session, or begins a new one.
func (c *conn) begin(ctx context.Context) error {
	token := c.s.a.options.Token
	if c.s.session.ID != "" {
		return c.write(opResume, struct {
			Token   string `json:"token"`
			Session string `json:"session_id"`
			Seq     int64  `json:"seq"`
		}{token, c.s.session.ID, c.s.session.Seq})
	}
	c.seq.Store(0)
	if err := c.s.mayIdentify(ctx); err != nil {
		return err
	}
	return c.write(opIdentify, wireIdentify{
		Token: token, Intents: int(intents), Shard: [2]int{c.s.which.Index, c.s.which.Of},
		Properties: map[string]string{"os": runtime.GOOS, "browser": "heed", "device": "heed"},
	})
}

// take does what a packet asks for. Its error ends the connection.
func (c *conn) take(p packet, every time.Duration) error {
	at := c.s.a.arrival.next()
	defer c.s.hear(at) // when what it said is in the queue
	switch p.Op {
	case opDispatch:
		c.dispatch(p, at)
		if c.ready {
			// Discord answers every heartbeat: more silence than two is the end.
			_ = c.ws.SetReadDeadline(time.Now().Add(2*every + writePatience))
		}
		if p.Seq > 0 {
			c.seq.Store(p.Seq) // after the event is in the queue: a resume delivers it again otherwise
		}
	case opHeartbeat:
		return c.heartbeat()
	case opHeartbeatAck:
		c.acked.Store(true)
		if c.ready {
			_ = c.ws.SetReadDeadline(time.Now().Add(2*every + writePatience))
		}
	case opReconnect:
		return &closing{reason: "asked_to_reconnect", asked: true}
	case opInvalidSession:
		var resumable bool
		_ = json.Unmarshal(p.Data, &resumable)
		return &closing{reason: "invalid_session", asked: true, anew: !resumable, wait: time.Second + rand.N(4*time.Second)}
	}
	return nil
}

// dispatch takes an event; a defect in that costs this event only.
func (c *conn) dispatch(p packet, at time.Time) {
	defer c.s.a.asks.Survive()
	switch p.Type {
	case "READY":
		c.begun(p.Data, at)
	case "RESUMED":
		c.ready = true
		c.s.enliven(at)
		c.s.log.Info("session resumed")
	default:
		c.s.a.heard(p.Type, p.Data, at)
	}
}

// enliven notes that from now on everything is heard.
func (s *shard) enliven(at time.Time) {
	s.mu.Lock()
	s.live = true
	if at.After(s.heard) {
		s.heard = at
	}
	s.mu.Unlock()
	s.hears(true)
	s.a.asks.Go(func() { s.trouble("") }) // the database may be slow, and people wait
}

// wireReady is the start of a session.
// https://docs.discord.com/developers/events/gateway-events#ready
type wireReady struct {
	User        wireUser    `json:"user"`
	Guilds      []wireGuild `json:"guilds"`
	Session     string      `json:"session_id"`
	ResumeURL   string      `json:"resume_gateway_url"`
	Application struct {
		ID string `json:"id"`
	} `json:"application"`
}

// begun takes a READY: a new session, before which something may have been missed. The
// guilds' gaps are in the queue before anything is called heard.
func (c *conn) begun(data json.RawMessage, at time.Time) {
	ready, ok := lenient[wireReady](data)
	if !ok {
		c.s.log.Error("READY not readable")
		return
	}
	c.ready = true
	c.s.session = session{ID: ready.Session, URL: ready.ResumeURL}
	c.s.a.knowSelf(identity{user: ready.User.ID, application: ready.Application.ID})
	c.s.mu.Lock()
	since := c.s.heard
	c.s.mu.Unlock()
	if since.IsZero() {
		since = at
	}
	refs := make([]string, len(ready.Guilds))
	for i, g := range ready.Guilds {
		refs[i] = g.ID
		c.s.a.missed(g.ID, since)
	}
	c.s.a.begins(c.s.which, refs, since)
	c.s.a.remaining(c.s.which, refs, at)
	c.s.enliven(at)
	c.s.log.Info("session begun", "guilds", len(refs), "since", since)
	if len(refs) == 0 && c.s.which.Of == 1 {
		c.s.log.Info("heed is in no server yet; open this page to invite it", "invite", InviteURL(ready.Application.ID))
	}
}

// logType is an event's type as it may stand in a log.
func logType(s string) string {
	if len(s) > 64 {
		return "long"
	}
	for _, r := range s {
		if r != '_' && (r < 'A' || r > 'Z') {
			return "odd"
		}
	}
	return s
}
