package slackfake

import "strings"

// Messages returns what stands in the channel, the oldest first, without
// threads' replies, deleted messages and ephemerals.
func (s *Server) Messages(ch *Channel) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for _, m := range ch.messages {
		if m.threadTS == "" || m.threadTS == m.ts || m.broadcast {
			out = append(out, m.copy())
		}
	}
	return out
}

// Thread returns the replies to a message, the oldest first.
func (s *Server) Thread(root Message) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for _, m := range root.Channel.replies(root.TS) {
		out = append(out, m.copy())
	}
	return out
}

// Message returns the message as it stands now; false when it was deleted or,
// for an ephemeral, replaced or reloaded away.
func (s *Server) Message(m Message) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.current(m); found != nil {
		return found.copy(), true
	}
	return Message{}, false
}

func (s *Server) current(m Message) *message {
	if m.Channel == nil {
		return nil
	}
	if found := m.Channel.find(m.TS); found != nil {
		return found
	}
	for _, u := range m.Channel.team.users {
		for _, e := range u.ephemerals {
			if e.channel == m.Channel && e.ts == m.TS && !e.gone {
				return e
			}
		}
	}
	return nil
}

// Ephemerals returns what only this person sees, in all channels, the oldest
// first: ephemeral messages, answers to commands and to response URLs.
func (s *Server) Ephemerals(u *User) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for _, m := range u.ephemerals {
		if !m.gone {
			out = append(out, m.copy())
		}
	}
	return out
}

// Reload is the person reloading their client: every ephemeral is gone.
func (u *User) Reload() {
	u.team.s.mu.Lock()
	defer u.team.s.mu.Unlock()
	for _, m := range u.ephemerals {
		m.gone = true
	}
}

// DMs returns what stands between the person and the app, the oldest first,
// what the person said included.
func (s *Server) DMs(u *User) []Message {
	return s.Messages(u.DM())
}

// String renders what a person sees, one line a block: "[Vote]" is a button,
// "[Pick a status ▾]" a menu. Emoji names and mrkdwn stay as they were sent;
// &amp; &lt; &gt; and links are shown as a reader sees them.
func (m Message) String() string {
	if len(m.Blocks) == 0 {
		return shown(m.Text)
	}
	return renderBlocks(m.Blocks)
}

// Pings says whom the message would notify by its text and blocks: "<!here>",
// "<@U1>" and the like, as they stand on the wire.
func (m Message) Pings() []string {
	texts := []string{m.Text}
	for _, b := range m.Blocks {
		texts = append(texts, mrkdwnTexts(b)...)
	}
	out := pings.FindAllString(strings.Join(texts, "\n"), -1)
	for _, b := range m.Blocks {
		out = append(out, notifying(b)...)
	}
	return out
}
