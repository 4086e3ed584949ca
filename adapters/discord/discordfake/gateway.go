package discordfake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// IdentifiesPerDay is how often a bot may identify in 24 hours; then its token is
// reset. Source: https://docs.discord.com/developers/events/gateway#rate-limiting
const IdentifiesPerDay = 1000

// Gateway close codes.
// Source: https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
const (
	CloseUnknownError         = 4000
	CloseUnknownOpcode        = 4001
	CloseDecodeError          = 4002
	CloseNotAuthenticated     = 4003
	CloseAuthenticationFailed = 4004
	CloseAlreadyAuthenticated = 4005
	CloseInvalidSeq           = 4007
	CloseRateLimited          = 4008
	CloseSessionTimedOut      = 4009
	CloseInvalidShard         = 4010
	CloseShardingRequired     = 4011
	CloseInvalidVersion       = 4012
	CloseInvalidIntents       = 4013
	CloseDisallowedIntents    = 4014
)

// gateway is what the fake knows of connections. Guarded by Server.mu.
type gateway struct {
	sessions   map[string]*session
	conns      map[*conn]struct{}
	serial     int
	remaining  int // identifies left today
	resetAt    time.Time
	identifies int
	resumes    int
	deaf       bool // heartbeats are not acknowledged
	refusing   bool // no connection is taken
	closed     bool
	lastStart  map[int]time.Time // of an identify, by shard modulo max_concurrency
	paced      bool
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

// GatewayURL is where the gateway listens, without its query.
func (s *Server) GatewayURL() string {
	return "ws" + strings.TrimPrefix(s.http.URL, "http") + "/gateway/"
}

// serveGateway holds one connection until it ends.
func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	refusing := s.gateway.refusing || s.gateway.closed
	s.mu.Unlock()
	if refusing {
		http.Error(w, "upstream connect error", http.StatusServiceUnavailable)
		return
	}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	version, _ := strconv.Atoi(orDefault(r.URL.Query().Get("v"), "10"))
	c := newConn(s, ws, version)
	s.mu.Lock()
	if s.gateway.conns == nil {
		s.gateway.conns = map[*conn]struct{}{}
	}
	s.gateway.conns[c] = struct{}{}
	s.mu.Unlock()
	defer c.gone()
	if version < 9 || version > 10 || orDefault(r.URL.Query().Get("encoding"), "json") != "json" {
		c.close(CloseInvalidVersion, "Invalid version.")
		return
	}
	c.sendOp(10, object{"heartbeat_interval": s.config.Heartbeat.Milliseconds(), "_trace": []string{"discordfake"}})
	c.read()
}

// packet is what an app sends.
type packet struct {
	Op   *int            `json:"op"`
	Data json.RawMessage `json:"d"`
}

// take does what one packet asks for; a code other than 0 closes the connection.
// Called with mu held.
func (c *conn) take(p packet) (code int, why string) {
	switch *p.Op {
	case 1:
		c.beaten(p.Data)
		if !c.s.gateway.deaf {
			c.sendOp(11, nil)
		}
		return 0, ""
	case 2:
		return c.identify(p.Data)
	case 6:
		return c.resume(p.Data)
	case 3, 4, 8, 31:
		if c.session == nil {
			return CloseNotAuthenticated, "Not authenticated."
		}
		if *p.Op == 8 {
			c.members(p.Data)
		}
		return 0, ""
	default:
		return CloseUnknownOpcode, "Unknown opcode."
	}
}

type identify struct {
	Token      *string  `json:"token"`
	Intents    *Intents `json:"intents"`
	Shard      *[2]int  `json:"shard"`
	Compress   bool     `json:"compress"`
	Properties object   `json:"properties"`
}

func (c *conn) identify(data json.RawMessage) (int, string) {
	var asked identify
	switch err := json.Unmarshal(data, &asked); {
	case c.session != nil:
		return CloseAlreadyAuthenticated, "Already authenticated."
	case err != nil || asked.Token == nil || asked.Intents == nil || asked.Properties == nil:
		return CloseDecodeError, "Error while decoding payload."
	case !c.s.authentic(*asked.Token):
		return CloseAuthenticationFailed, "Authentication failed."
	case *asked.Intents < 0 || *asked.Intents&^knownIntents != 0:
		return CloseInvalidIntents, "Invalid intent(s)."
	case *asked.Intents&privilegedIntents&^c.s.config.Privileged != 0:
		return CloseDisallowedIntents, "Disallowed intent(s)."
	}
	shard := [2]int{0, 1}
	if asked.Shard != nil {
		shard = *asked.Shard
	}
	if shard[1] < 1 || shard[0] < 0 || shard[0] >= shard[1] {
		return CloseInvalidShard, "Invalid shard."
	}
	g := &c.s.gateway
	if !c.s.mayStart(shard[0]) {
		c.sendOp(9, false)
		return 0, ""
	}
	g.identifies++
	if g.remaining--; g.remaining < 0 {
		c.s.resetToken()
		return CloseAuthenticationFailed, "Authentication failed."
	}
	g.serial++
	sum := sha256.Sum256([]byte(strconv.Itoa(g.serial) + c.s.appID))
	x := &session{id: hex.EncodeToString(sum[:16]), s: c.s, shard: shard, intents: *asked.Intents, conn: c}
	g.sessions[x.id], c.session = x, x
	x.tell("READY", x.ready(c.version))
	for _, guild := range x.guilds() {
		if guild.outage {
			continue
		}
		if x.intents&IntentGuilds != 0 {
			x.tell("GUILD_CREATE", guild.create())
		}
	}
	c.s.touch()
	return 0, ""
}

// resetToken is what Discord does to a bot that identifies too often: its sessions end,
// and nothing answers to its token any more. Called with mu held.
func (s *Server) resetToken() {
	s.token = ""
	for c := range s.gateway.conns {
		c.forget()
		c.shut(CloseAuthenticationFailed, "Authentication failed.")
	}
}

// authentic says whether the token is the bot's, with or without "Bot ".
func (s *Server) authentic(token string) bool {
	return s.token != "" && strings.TrimPrefix(token, "Bot ") == s.token
}

// mayStart says whether this shard may identify now: one each five seconds where the
// fake paces them. Called with mu held.
func (s *Server) mayStart(shard int) bool {
	g := &s.gateway
	s.refillIdentifies()
	if g.lastStart == nil {
		g.lastStart = map[int]time.Time{}
	}
	key := shard % MaxConcurrency
	if last, ok := g.lastStart[key]; ok && g.paced && s.Now().Sub(last) < 5*time.Second {
		return false
	}
	g.lastStart[key] = s.Now()
	return true
}

// refillIdentifies starts a new day's budget when the old one is over. Called with mu
// held.
func (s *Server) refillIdentifies() {
	g, now := &s.gateway, s.Now()
	if g.resetAt.IsZero() {
		g.resetAt = now.Add(24 * time.Hour)
	}
	if !now.Before(g.resetAt) {
		g.remaining, g.resetAt = IdentifiesPerDay, now.Add(24*time.Hour)
	}
}

func (c *conn) resume(data json.RawMessage) (int, string) {
	var asked struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int64  `json:"seq"`
	}
	if json.Unmarshal(data, &asked) != nil {
		return CloseDecodeError, "Error while decoding payload."
	}
	if c.session != nil {
		return CloseAlreadyAuthenticated, "Already authenticated."
	}
	if !c.s.authentic(asked.Token) {
		return CloseAuthenticationFailed, "Authentication failed."
	}
	x := c.s.gateway.sessions[asked.Session]
	if x != nil && x.conn == nil && c.s.Now().Sub(x.awayAt) > SessionLife {
		delete(c.s.gateway.sessions, x.id)
		x = nil
	}
	if x == nil {
		c.sendOp(9, false)
		return 0, ""
	}
	if asked.Seq > x.seq {
		delete(c.s.gateway.sessions, x.id)
		return CloseInvalidSeq, "Invalid seq."
	}
	frames, ok := x.missed(asked.Seq)
	if !ok {
		delete(c.s.gateway.sessions, x.id)
		c.sendOp(9, false)
		return 0, ""
	}
	if x.conn != nil {
		x.conn.session = nil
		x.conn.shut(CloseUnknownError, "Resumed elsewhere.")
	}
	x.conn, c.session = c, x
	for _, f := range frames {
		c.send(f.raw)
	}
	c.s.gateway.resumes++
	x.tell("RESUMED", object{"_trace": []string{"discordfake"}})
	c.s.touch()
	return 0, ""
}

// WaitReady waits until n sessions are connected and were told READY or RESUMED.
func (s *Server) WaitReady(ctx context.Context, n int) error {
	return s.WaitFor(ctx, func() bool { return s.Connected() >= n })
}
