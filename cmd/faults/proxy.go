package main

import (
	"context"
	"io"
	"net"
	"sync"
	"time"
)

// proxy is the network between Heed and Postgres. It passes bytes on, and can be slow,
// swallow everything without a word, cut, or call back at every step. Safe for
// concurrent use.
type proxy struct {
	listener net.Listener
	to       string

	mu    sync.Mutex
	delay time.Duration // of each round trip
	hole  chan struct{} // not nil: what is sent now vanishes; closed when connections may come again
	step  stepHook
	conns map[net.Conn]*line
}

// stepHook is called for each round trip, before it is passed on and again before its
// answer is; while it runs, nothing of that connection passes. false: what it was called
// for never arrives. label says what the round trip is.
type stepHook func(label string, answered bool) bool

// line is one connection through the proxy. A line that was in a hole stays dead.
type line struct {
	client, server net.Conn
	dead           bool // guarded by proxy.mu

	turn  sync.Mutex // of what follows
	back  bool       // the server spoke last
	label string     // of the round trip that is under way
	last  string     // the label before it, of what was no mere begin or commit
}

// newProxy listens on loopback and passes on to an address.
func newProxy(ctx context.Context, to string) (*proxy, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{listener: l, to: to, conns: map[net.Conn]*line{}}
	go p.accept()
	return p, nil
}

// at is where it listens, host:port.
func (p *proxy) at() string { return p.listener.Addr().String() }

func (p *proxy) close() {
	_ = p.listener.Close()
	p.fill()
	p.cut()
}

// slow has every round trip take longer from now on; 0 ends it.
func (p *proxy) slow(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = d
}

// swallow opens a hole: everything vanishes, nothing is closed, and new connections get no
// answer. Those of now never come back, also when the hole is filled.
func (p *proxy) swallow() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hole = make(chan struct{})
	for _, c := range p.conns {
		c.dead = true
	}
}

// fill ends the hole for connections that are made from now on.
func (p *proxy) fill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hole != nil {
		close(p.hole)
		p.hole = nil
	}
}

// cut closes every connection.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		_ = c.client.Close()
		if c.server != nil {
			_ = c.server.Close()
		}
	}
}

// onStep sets what is called at every round trip; nil for nothing.
func (p *proxy) onStep(f stepHook) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.step = f
}

func (p *proxy) accept() {
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.serve(c)
	}
}

func (p *proxy) serve(client net.Conn) {
	l := &line{client: client}
	p.mu.Lock()
	p.conns[client] = l
	l.dead = p.hole != nil
	dead := l.dead
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.conns, client)
		p.mu.Unlock()
		_ = client.Close()
	}()
	if dead { // a connection request that vanishes: the client gives up by itself
		_, _ = io.Copy(io.Discard, client)
		return
	}
	server, err := (&net.Dialer{Timeout: 5 * time.Second}).Dial("tcp", p.to)
	if err != nil {
		return
	}
	p.mu.Lock()
	l.server = server
	p.mu.Unlock()
	defer func() { _ = server.Close() }()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.copy(l, client, server, true)
		_ = client.Close()
	}()
	p.copy(l, server, client, false)
	_ = server.Close()
	_ = client.Close()
	<-ended
}

// turns tells whether these bytes are the first of a run in a direction, which makes a
// round trip, and its label.
func (l *line) turns(answered bool, data []byte) (first bool, label string) {
	l.turn.Lock()
	defer l.turn.Unlock()
	if first = l.back != answered; !first {
		return false, ""
	}
	if l.back = answered; !answered {
		l.label = labelOf(data)
		if control[l.label] {
			l.label += " after " + l.last
		} else {
			l.last = l.label
		}
	}
	return true, l.label
}

func (p *proxy) copy(l *line, to io.Writer, from io.Reader, answered bool) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		p.mu.Lock()
		dead, delay, step := l.dead, p.delay, p.step
		p.mu.Unlock()
		if dead { // nothing comes through, not even the end
			if err != nil {
				return
			}
			continue
		}
		if n > 0 {
			first, label := l.turns(answered, buffer[:n])
			if first && !answered && delay > 0 {
				time.Sleep(delay)
			}
			if first && step != nil && !step(label, answered) {
				return
			}
		}
		if n > 0 {
			if _, werr := to.Write(buffer[:n]); werr != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
