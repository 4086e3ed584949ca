package slack

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"

	"heed/bot"
)

// Socket Mode: Slack's deliveries over a WebSocket that Heed opens. Slack spreads
// them over all open connections of an app, up to ten, so several replicas may
// run. The loop is our own: the library's hands a delivery on before anybody
// knows whether it was kept, and here it is acknowledged only after that.
// https://docs.slack.dev/apis/events-api/using-socket-mode

const (
	// socketSilence is how long a connection may be silent. Slack pings every few
	// seconds; the library's own bound is the same.
	socketSilence = 30 * time.Second
	socketPing    = 10 * time.Second
	socketWrite   = 5 * time.Second
	// socketAtOnce bounds how many deliveries of a connection are looked at: more than the
	// doors let in, so that reading goes on and each is kept or turned away in time.
	socketAtOnce = votesAtOnce + eventsAtOnce + actsAtOnce + 512
	// socketBackoff bounds the wait between two tries to connect.
	socketBackoff = 30 * time.Second
)

// Run keeps a Socket Mode connection open until ctx ends, then lets what was
// begun end and returns nil. Its error is a *bot.Fault of kind FaultRevoked: the
// app token is not good. Without an app token it only waits for ctx.
func (a *Adapter) Run(ctx context.Context) error {
	defer a.Wait()
	if a.options.AppToken == "" {
		<-ctx.Done()
		return nil
	}
	for failures := 0; ctx.Err() == nil; {
		opened, err := a.connect(ctx)
		if ctx.Err() != nil {
			return nil
		}
		fault := bot.FaultOf(err)
		if err != nil && fault.Kind == bot.FaultRevoked {
			return fault
		}
		if opened {
			failures = 0
			continue // Slack asks for a new connection every few hours
		}
		failures++
		wait := min(time.Second<<min(failures, 5), socketBackoff)
		wait = max(fault.RetryAfter, wait/2+rand.N(wait/2+1))
		a.log.WarnContext(ctx, "socket not open", "reason", fault.Reason, "tries", failures, "wait", wait)
		if a.options.Clock.Wait(ctx, a.options.Clock.Now().Add(wait)) != nil {
			return nil
		}
	}
	return nil
}

// connect opens one connection and serves it until it ends. It reports whether
// Slack said hello on it.
func (a *Adapter) connect(ctx context.Context) (bool, error) {
	api := slack.New("", slack.OptionAppLevelToken(a.options.AppToken), slack.OptionHTTPClient(a.options.HTTP), slack.OptionAPIURL(a.options.APIURL))
	_, address, err := api.StartSocketModeContext(ctx)
	if err != nil {
		return false, faultOf("apps.connections.open", err)
	}
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: 10 * time.Second}
	conn, resp, err := dialer.DialContext(ctx, address, http.Header{"Origin": {"https://api.slack.com"}})
	if err != nil {
		return false, &bot.Fault{Kind: bot.FaultTransient, Reason: "no_socket"} // the address holds a ticket
	}
	if resp != nil && resp.Body != nil {
		_ = resp.Body.Close()
	}
	s := &socket{a: a, conn: conn, ended: ctx.Err, slots: make(chan struct{}, socketAtOnce)}
	return s.serve(ctx)
}

// socket is one open connection.
type socket struct {
	a     *Adapter
	conn  *websocket.Conn
	ended func() error // not nil once Heed shall end
	write sync.Mutex
	busy  sync.WaitGroup
	slots chan struct{}
}

// delivery is what comes over the socket.
type delivery struct {
	Type     string          `json:"type"`
	ID       string          `json:"envelope_id"`
	Payload  json.RawMessage `json:"payload"`
	Takes    bool            `json:"accepts_response_payload"`
	Reason   string          `json:"reason"`
	RetryNum int             `json:"retry_attempt"`
}

// serve reads deliveries until the connection ends or Slack asks for another.
func (s *socket) serve(ctx context.Context) (hello bool, err error) {
	defer func() { _ = s.conn.Close() }()
	defer func() { s.a.ear.Set("socket", false, time.Now()) }()
	defer s.busy.Wait() // what was begun is acknowledged before the connection closes
	done := make(chan struct{})
	defer close(done)
	s.busy.Go(func() { s.keepAlive(ctx, done) })

	s.conn.SetReadLimit(maxBody)
	s.alive()
	s.conn.SetPongHandler(func(string) error { s.alive(); return nil })
	s.conn.SetPingHandler(func(data string) error {
		s.alive()
		return s.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(socketWrite))
	})
	for {
		_, data, err := s.conn.ReadMessage()
		if err != nil {
			return hello, &bot.Fault{Kind: bot.FaultTransient, Reason: "socket_closed"}
		}
		s.alive()
		d, ok := raw[delivery](data)
		if !ok {
			s.a.log.WarnContext(ctx, "delivery not readable", "type", "malformed")
			continue
		}
		switch d.Type {
		case "hello":
			hello = true
			s.a.ear.Set("socket", true, time.Now())
			s.a.log.InfoContext(ctx, "socket open")
		case "disconnect":
			s.a.log.InfoContext(ctx, "socket closes", "reason", logType(d.Reason))
			return hello, nil
		default:
			s.slots <- struct{}{}
			s.busy.Go(func() {
				defer func() { <-s.slots }()
				s.take(ctx, d)
			})
		}
	}
}

// alive gives the connection time until its next sign of life, unless Heed shall
// end: looked at afterwards, so that keepAlive's deadline is never put off.
func (s *socket) alive() {
	_ = s.conn.SetReadDeadline(time.Now().Add(socketSilence))
	if s.ended() != nil {
		_ = s.conn.SetReadDeadline(time.Now())
	}
}

// keepAlive pings, and ends the reading when ctx does.
func (s *socket) keepAlive(ctx context.Context, done <-chan struct{}) {
	tick := time.NewTicker(socketPing)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-ctx.Done():
			_ = s.conn.SetReadDeadline(time.Now()) // reading ends; answers may still be written
			return
		case <-tick.C:
			_ = s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(socketWrite))
		}
	}
}

// take works on one delivery and acknowledges it when it is kept.
func (s *socket) take(ctx context.Context, d delivery) {
	defer s.a.replies.Survive()
	ctx = context.WithoutCancel(ctx)
	var out answer
	switch d.Type {
	case "events_api":
		env, ok := raw[envelope](d.Payload)
		if !ok {
			s.a.log.WarnContext(ctx, "event not readable", "type", "malformed")
		} else if s.a.event(ctx, env, strconv.Itoa(d.RetryNum) == lastRetry) != nil {
			return // not acknowledged: Slack delivers it again
		}
	case "slash_commands":
		cmd, ok := raw[slash](d.Payload)
		if !ok {
			s.a.log.WarnContext(ctx, "command not readable", "type", "malformed")
			break
		}
		out = s.a.command(ctx, cmd)
	case "interactive":
		i, ok := decodeInteraction(d.Payload)
		if !ok {
			s.a.log.WarnContext(ctx, "interaction not readable", "type", "malformed")
			break
		}
		out = s.a.interaction(ctx, i)
	default:
		s.a.log.DebugContext(ctx, "delivery not taken", "type", logType(d.Type))
	}
	ctx = bot.WithEvent(ctx, out.event)
	s.a.finish(ctx, out, func() { s.ack(ctx, d, out.body) })
}

// ack acknowledges a delivery, with an answer where Slack takes one.
func (s *socket) ack(ctx context.Context, d delivery, body any) {
	if d.ID == "" {
		return
	}
	a := struct {
		ID      string `json:"envelope_id"`
		Payload any    `json:"payload,omitempty"`
	}{ID: d.ID}
	if d.Takes {
		a.Payload = body
	}
	s.write.Lock()
	defer s.write.Unlock()
	_ = s.conn.SetWriteDeadline(time.Now().Add(socketWrite))
	if err := s.conn.WriteJSON(a); err != nil && !errors.Is(err, websocket.ErrCloseSent) {
		s.a.log.WarnContext(ctx, "acknowledgement not sent", "type", logType(d.Type))
	}
}
