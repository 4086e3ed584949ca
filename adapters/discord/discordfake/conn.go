package discordfake

import (
	"encoding/json"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// MaxPacket is how many bytes an app may send at once, MaxPackets how many packets
	// a minute. Source: https://docs.discord.com/developers/events/gateway#sending-events
	MaxPacket  = 4096
	MaxPackets = 120

	// MaxConcurrency is how many shards may identify at once, each five seconds.
	MaxConcurrency = 1
)

// conn is one WebSocket. What it sends goes out in order, by a goroutine of its own, so
// that a slow app holds up nobody.
type conn struct {
	s       *Server
	ws      *websocket.Conn
	version int
	session *session // guarded by Server.mu

	mu    sync.Mutex
	queue [][]byte
	last  []byte // the close frame that ends it
	wake  chan struct{}
	ended chan struct{}
	wrote sync.WaitGroup

	minute  time.Time // of the packets counted; only the reader's
	packets int
}

func newConn(s *Server, ws *websocket.Conn, version int) *conn {
	c := &conn{s: s, ws: ws, version: version, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	c.wrote.Go(c.write)
	return c
}

func (c *conn) send(raw []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last == nil {
		c.queue = append(c.queue, raw)
		c.stir()
	}
}

func (c *conn) stir() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *conn) sendOp(op int, data any) {
	raw, err := json.Marshal(object{"op": op, "d": data, "s": nil, "t": nil})
	if err != nil {
		panic("discordfake: " + err.Error())
	}
	c.send(raw)
}

// shut ends the connection with a code once what is queued has gone out. It waits for
// nothing.
func (c *conn) shut(code int, why string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last == nil {
		c.last = websocket.FormatCloseMessage(code, why)
		c.stir()
	}
}

// close is shut, and waits until the connection has ended.
func (c *conn) close(code int, why string) {
	c.shut(code, why)
	c.wrote.Wait()
}

// cut ends the connection without a word.
func (c *conn) cut() { _ = c.ws.UnderlyingConn().Close() }

func (c *conn) write() {
	defer c.cut()
	for {
		c.mu.Lock()
		queue, last := c.queue, c.last
		c.queue = nil
		c.mu.Unlock()
		for _, raw := range queue {
			_ = c.ws.SetWriteDeadline(time.Now().Add(10 * time.Second))
			if c.ws.WriteMessage(websocket.TextMessage, raw) != nil {
				return
			}
		}
		if last != nil {
			_ = c.ws.WriteControl(websocket.CloseMessage, last, time.Now().Add(time.Second))
			return
		}
		select {
		case <-c.wake:
		case <-c.ended:
			return
		}
	}
}

// read takes packets until the connection ends. Who sends no heartbeat for two
// intervals is cut off as a zombie.
func (c *conn) read() {
	beat := func() { _ = c.ws.SetReadDeadline(time.Now().Add(2 * c.s.config.Heartbeat)) }
	beat()
	for {
		_, raw, err := c.ws.ReadMessage()
		if err != nil {
			c.lost(err)
			return
		}
		var p packet
		code, why := 0, ""
		switch {
		case len(raw) > MaxPacket || json.Unmarshal(raw, &p) != nil || p.Op == nil:
			code, why = CloseDecodeError, "Error while decoding payload."
		case !c.paced():
			code, why = CloseRateLimited, "Rate limited."
		default:
			if *p.Op == 1 {
				beat()
			}
			c.s.mu.Lock()
			code, why = c.take(p)
			c.s.mu.Unlock()
		}
		if code != 0 {
			c.drop(code, why)
			return
		}
	}
}

// paced counts packets, heartbeats too.
func (c *conn) paced() bool {
	if now := time.Now(); now.Sub(c.minute) >= time.Minute {
		c.minute, c.packets = now, 0
	}
	c.packets++
	return c.packets <= MaxPackets
}

// drop closes on the app's fault. Codes after which an app must not come back end its
// session.
func (c *conn) drop(code int, why string) {
	c.s.mu.Lock()
	switch code {
	case CloseInvalidSeq, CloseSessionTimedOut, CloseAuthenticationFailed:
		c.forget()
	}
	c.s.mu.Unlock()
	c.close(code, why)
}

// lost is the end of the connection from the app's side, or of its heartbeats.
func (c *conn) lost(err error) {
	var late net.Error
	if errors.As(err, &late) && late.Timeout() {
		c.drop(CloseSessionTimedOut, "Session timed out.")
		return
	}
	// An app that leaves with 1000 or 1001 gives its session up.
	// Source: https://docs.discord.com/developers/events/gateway#initiating-a-disconnect
	if websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway) {
		c.s.mu.Lock()
		c.forget()
		c.s.mu.Unlock()
	}
}

// forget ends the session. Called with Server.mu held.
func (c *conn) forget() {
	if c.session != nil {
		delete(c.s.gateway.sessions, c.session.id)
		c.session.conn, c.session = nil, nil
	}
}

// gone cleans up when the connection has ended.
func (c *conn) gone() {
	close(c.ended)
	c.wrote.Wait()
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	delete(c.s.gateway.conns, c)
	if c.session != nil {
		c.session.conn, c.session.awayAt = nil, c.s.Now()
		c.session = nil
	}
	c.s.touch()
}
