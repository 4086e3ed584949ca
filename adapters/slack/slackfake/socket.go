package slackfake

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// MaxSockets is how many connections an app may have; each event goes to one.
// Source: https://docs.slack.dev/apis/events-api/using-socket-mode#multiple
const MaxSockets = 10

// pingEvery is how often the fake pings a client. Slack does every few seconds.
const pingEvery = 5 * time.Second

type sockets struct {
	mu      sync.Mutex
	conns   []*socketConn
	turn    int
	opened  int
	tickets map[string]bool
	changed chan struct{} // closed and replaced whenever conns changes
}

type socketConn struct {
	ws   *websocket.Conn
	mu   sync.Mutex // one writer at a time
	acks map[string]chan json.RawMessage
	done chan struct{}
}

func (c *socketConn) write(message any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ws.WriteJSON(message)
}

func connectionsOpen(c *call) (object, *refusal) {
	ticket := c.s.id("ticket")
	k := &c.s.sockets
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.tickets == nil {
		k.tickets = map[string]bool{}
	}
	k.tickets[ticket] = true
	return object{"url": "ws" + c.s.http.URL[len("http"):] + "/link/?ticket=" + ticket + "&app_id=" + c.s.appID}, nil
}

// serveSocket is one Socket Mode connection. A ticket opens one.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	k := &s.sockets
	ticket := r.URL.Query().Get("ticket")
	k.mu.Lock()
	known := k.tickets[ticket]
	delete(k.tickets, ticket)
	k.mu.Unlock()
	if !known {
		http.Error(w, "invalid ticket", http.StatusForbidden)
		return
	}
	// Clients send "Origin: https://api.slack.com", which is not this host.
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	c := &socketConn{ws: ws, acks: map[string]chan json.RawMessage{}, done: make(chan struct{})}
	defer func() { _ = ws.Close() }()
	k.mu.Lock()
	if len(k.conns) >= MaxSockets {
		k.mu.Unlock()
		_ = c.write(s.goodbye("too_many_websockets"))
		return
	}
	count := len(k.conns) + 1
	k.mu.Unlock()
	if c.write(object{
		"type": "hello", "num_connections": count, "connection_info": object{"app_id": s.appID},
		"debug_info": object{"host": "applink-fake", "build_number": 1, "approximate_connection_time": 18060},
	}) != nil {
		return
	}
	k.add(c)
	go c.ping()
	c.read()
	k.remove(c)
	close(c.done)
}

func (s *Server) goodbye(reason string) object {
	return object{"type": "disconnect", "reason": reason, "debug_info": object{"host": "applink-fake"}}
}

func (c *socketConn) ping() {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		_ = c.ws.WriteControl(websocket.PingMessage, []byte("ping"), time.Now().Add(time.Second))
		select {
		case <-tick.C:
		case <-c.done:
			return
		}
	}
}

// read passes acknowledgements on until the connection ends.
func (c *socketConn) read() {
	for {
		var ack struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		if err := c.ws.ReadJSON(&ack); err != nil {
			return
		}
		c.mu.Lock()
		waiting := c.acks[ack.EnvelopeID]
		delete(c.acks, ack.EnvelopeID)
		c.mu.Unlock()
		if waiting != nil {
			waiting <- ack.Payload
		}
	}
}

func (k *sockets) add(c *socketConn) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.conns = append(k.conns, c)
	k.opened++
	k.tell()
}

func (k *sockets) remove(c *socketConn) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.conns = slices.DeleteFunc(k.conns, func(other *socketConn) bool { return other == c })
	k.tell()
}

// tell wakes who waits for connections. Called with mu held.
func (k *sockets) tell() {
	if k.changed != nil {
		close(k.changed)
	}
	k.changed = make(chan struct{})
}

// next takes the connections in turn, nil when there is none.
func (k *sockets) next() *socketConn {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.conns) == 0 {
		return nil
	}
	k.turn++
	return k.conns[k.turn%len(k.conns)]
}

type lateError struct{}

func (lateError) Error() string { return "no acknowledgement in time" }
func (lateError) Timeout() bool { return true }

var (
	errNoSocket   = errors.New("no Socket Mode connection and no URL of the app")
	errSocketGone = errors.New("the connection ended before the acknowledgement")
)

// sendSocket sends an envelope over one connection and waits for its
// acknowledgement.
func (s *Server) sendSocket(p parcel) ([]byte, error) {
	c := s.sockets.next()
	if c == nil {
		return nil, errNoSocket
	}
	s.mu.Lock()
	id := s.id("envelope-")
	s.mu.Unlock()
	envelope := object{
		"envelope_id": id, "payload": p.payload, "type": envelopeType(p.kind),
		"accepts_response_payload": p.kind == "command" || p.payload["type"] == "view_submission",
	}
	if p.kind == "event" {
		envelope["retry_attempt"], envelope["retry_reason"] = p.attempt, p.reason
	}
	waiting := make(chan json.RawMessage, 1)
	c.mu.Lock()
	c.acks[id] = waiting
	c.mu.Unlock()
	if err := c.write(envelope); err != nil {
		return nil, err
	}
	late := time.NewTimer(s.config.AckTimeout)
	defer late.Stop()
	select {
	case answer := <-waiting:
		return answer, nil
	case <-c.done:
		return nil, errSocketGone
	case <-late.C:
		return nil, lateError{}
	}
}

func envelopeType(kind string) string {
	return map[string]string{"event": "events_api", "command": "slash_commands", "interaction": "interactive"}[kind]
}

// WaitForSockets waits until exactly n Socket Mode connections stand.
func (s *Server) WaitForSockets(ctx context.Context, n int) error {
	return s.sockets.wait(ctx, func(k *sockets) bool { return len(k.conns) == n })
}

// WaitForSocketsOpened waits until n connections were opened in all: after a
// disconnect, until the client is back.
func (s *Server) WaitForSocketsOpened(ctx context.Context, n int) error {
	return s.sockets.wait(ctx, func(k *sockets) bool { return k.opened >= n })
}

func (k *sockets) wait(ctx context.Context, done func(*sockets) bool) error {
	for {
		k.mu.Lock()
		if done(k) {
			k.mu.Unlock()
			return nil
		}
		if k.changed == nil {
			k.changed = make(chan struct{})
		}
		changed := k.changed
		k.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// SocketsOpened is how many connections were opened in all.
func (s *Server) SocketsOpened() int {
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	return s.sockets.opened
}

// DisconnectSockets tells every client to reconnect. With "warning" the
// connections stay for the client to close; with "refresh_requested" or
// "link_disabled" they end. Reason "" cuts them without a word.
// Source: https://docs.slack.dev/apis/events-api/using-socket-mode#disconnect
func (s *Server) DisconnectSockets(reason string) {
	s.sockets.mu.Lock()
	conns := slices.Clone(s.sockets.conns)
	s.sockets.mu.Unlock()
	for _, c := range conns {
		if reason != "" {
			_ = c.write(s.goodbye(reason))
		}
		if reason != "warning" {
			_ = c.ws.Close()
		}
	}
}
