package discordfake

import "context"

// Disconnect ends every gateway connection with a close frame (4000). With resumable
// the sessions wait for a resume and keep what happens meanwhile; without, a resume is
// answered with Invalid Session.
func (s *Server) Disconnect(resumable bool) {
	s.eachConn(func(c *conn) {
		if !resumable {
			c.forget()
		}
		c.shut(CloseUnknownError, "Unknown error.")
	})
}

// CloseGateway ends every gateway connection with this close code. Where Discord's
// table says that one must not reconnect, or begin anew, the sessions end too.
func (s *Server) CloseGateway(code int, why string) {
	s.eachConn(func(c *conn) {
		switch code {
		case CloseUnknownError, CloseUnknownOpcode, CloseDecodeError, CloseNotAuthenticated, CloseAlreadyAuthenticated, CloseRateLimited:
		default:
			c.forget()
		}
		c.shut(code, why)
	})
}

// CutGateway ends every gateway connection without a close frame, as a network does.
// The sessions can be resumed.
func (s *Server) CutGateway() { s.eachConn(func(c *conn) { c.cut() }) }

// AskReconnect sends op 7: the app is to reconnect and resume.
func (s *Server) AskReconnect() { s.eachConn(func(c *conn) { c.sendOp(7, nil) }) }

// InvalidateSessions sends op 9. Without resumable the sessions end, and the app has to
// identify again; on the same connection it may.
func (s *Server) InvalidateSessions(resumable bool) {
	s.eachConn(func(c *conn) {
		if c.session == nil {
			return
		}
		c.sendOp(9, resumable)
		if resumable {
			c.session.conn, c.session.awayAt, c.session = nil, s.Now(), nil
			return
		}
		c.forget()
	})
}

// AskHeartbeat sends op 1: the app is to send a heartbeat at once.
func (s *Server) AskHeartbeat() { s.eachConn(func(c *conn) { c.sendOp(1, nil) }) }

// DropHeartbeats has heartbeats go without acknowledgement, or acknowledges them again:
// an app has to take such a connection for dead.
func (s *Server) DropHeartbeats(drop bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.deaf = drop
}

// RefuseGateway has new gateway connections answered with 503, or takes them again.
func (s *Server) RefuseGateway(refuse bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.refusing = refuse
}

// PaceIdentifies holds apps to [MaxConcurrency] identifies each five seconds of the
// fake's clock: who is early is answered with Invalid Session. Off at first, for tests
// that reconnect at once.
func (s *Server) PaceIdentifies(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.paced = on
}

// SetIdentifiesLeft sets what is left of the day's identifies. One too many resets the
// bot's token: nothing answers to it any more.
func (s *Server) SetIdentifiesLeft(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refillIdentifies()
	s.gateway.remaining = n
}

// Identifies is how often an app has identified, Resumes how often it has resumed.
func (s *Server) Identifies() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gateway.identifies
}

// Resumes is how often an app has resumed a session.
func (s *Server) Resumes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gateway.resumes
}

// Connected is how many sessions have a connection now.
func (s *Server) Connected() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, x := range s.gateway.sessions {
		if x.conn != nil {
			n++
		}
	}
	return n
}

// Intents are what the connected sessions asked for, all together.
func (s *Server) Intents() Intents {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all Intents
	for _, x := range s.gateway.sessions {
		all |= x.intents
	}
	return all
}

func (s *Server) eachConn(do func(*conn)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.gateway.conns {
		do(c)
	}
}

func (s *Server) closeGateway() {
	s.mu.Lock()
	s.gateway.closed = true
	s.mu.Unlock()
	s.CutGateway()
	_ = s.WaitFor(context.Background(), func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.gateway.conns) == 0
	})
}
