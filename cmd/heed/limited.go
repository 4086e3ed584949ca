package main

import (
	"net"
	"sync"
)

// limited is a listener that has so many connections open at most; of more, each waits
// in the kernel's queue until another ends. Those that say nothing end soon.
type limited struct {
	net.Listener
	room   chan struct{}
	ending chan struct{}
	end    sync.Once
}

func limit(l net.Listener, most int) *limited {
	return &limited{Listener: l, room: make(chan struct{}, most), ending: make(chan struct{})}
}

// Accept waits for room, then for a connection.
func (l *limited) Accept() (net.Conn, error) {
	select {
	case l.room <- struct{}{}:
	case <-l.ending:
		return nil, net.ErrClosed
	}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.room
		return nil, err
	}
	return &roomed{Conn: c, leave: sync.OnceFunc(func() { <-l.room })}, nil
}

// Close ends waiting too.
func (l *limited) Close() error {
	l.end.Do(func() { close(l.ending) })
	return l.Listener.Close()
}

// roomed is a connection that makes room when it is closed.
type roomed struct {
	net.Conn
	leave func()
}

// Close makes room once, however often it is called.
func (c *roomed) Close() error {
	defer c.leave()
	return c.Conn.Close()
}
