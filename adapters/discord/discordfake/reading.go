package discordfake

// Messages returns what stands in a channel, a thread, a forum's post or a direct
// message, the oldest first, without ephemerals.
func (s *Server) Messages(ch *Channel) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return copies(ch.messages)
}

func copies(all []*message) []Message {
	var out []Message
	for _, m := range all {
		if !m.gone {
			out = append(out, m.copy())
		}
	}
	return out
}

// Message returns the message as it stands now; false when it was deleted or, for an
// ephemeral, dismissed.
func (s *Server) Message(m Message) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.current(m); found != nil {
		return found.copy(), true
	}
	return Message{}, false
}

// current is the message that a copy was made of, nil when it is gone. Called with mu
// held.
func (s *Server) current(m Message) *message {
	if m.Channel == nil {
		return nil
	}
	if found := m.Channel.find(m.ID); found != nil {
		return found
	}
	for _, u := range s.users {
		for _, e := range u.ephemerals {
			if e.id == m.ID && !e.gone {
				return e
			}
		}
	}
	return nil
}

// Thread is the thread that began at a message, and what stands in it, the oldest
// first; nil and nothing when there is none.
func (s *Server) Thread(root Message) (*Channel, []Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.current(root)
	if m == nil || m.thread == nil {
		if th := s.channels[root.ID]; th != nil && th.isThread() {
			return th, copies(th.messages)
		}
		return nil, nil
	}
	return m.thread, copies(m.thread.messages)
}

// Threads are the threads of a channel, or the posts of a forum, archived ones too, in
// the order in which they were made.
func (s *Server) Threads(ch *Channel) []*Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*Channel
	if ch.guild != nil {
		for _, th := range ch.guild.threads {
			if th.parent == ch {
				out = append(out, th)
			}
		}
	}
	return out
}

// Channel is the channel or thread with this id, nil when there is none.
func (s *Server) Channel(id string) *Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.channels[id]
}

// User is the account with this id, nil when there is none.
func (s *Server) User(id string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.users[id]
}

// Ephemerals returns what only this person sees, in all channels, the oldest first.
func (s *Server) Ephemerals(u *User) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return copies(u.ephemerals)
}

// DMs returns what stands between the person and the bot, the oldest first, what the
// person said included.
func (s *Server) DMs(u *User) []Message { return s.Messages(u.DM()) }

// Pins returns the channel's pinned messages, the one pinned last first.
func (s *Server) Pins(ch *Channel) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return copies(ch.pins())
}

// Commands returns what is registered globally (nil) or in a guild, as the API lists it.
func (s *Server) Commands(g *Guild) []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	set := &s.commands.global
	if g != nil {
		set = &g.commands
	}
	var out []map[string]any
	for _, c := range set.all {
		var one map[string]any
		clone(c.body, &one)
		out = append(out, one)
	}
	return out
}

// Reload is the person reloading their client: every ephemeral is gone, and an open
// form with what was typed into it.
func (u *User) Reload() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	for _, m := range u.ephemerals {
		m.gone = true
	}
	u.ephemerals, u.modal = nil, nil
}

// Archived says whether the thread or post is archived.
func (ch *Channel) Archived() bool {
	ch.s.mu.Lock()
	defer ch.s.mu.Unlock()
	return ch.archived
}

// Tags are the names of the tags on a forum's post, or of those that a forum offers.
func (ch *Channel) Tags() []string {
	ch.s.mu.Lock()
	defer ch.s.mu.Unlock()
	var out []string
	if ch.kind == ForumChannel {
		for _, t := range ch.tags {
			out = append(out, t.Name)
		}
		return out
	}
	for _, id := range ch.applied {
		for _, t := range ch.parent.tags {
			if t.ID == id {
				out = append(out, t.Name)
			}
		}
	}
	return out
}

// Exists says whether the channel or thread has not been deleted.
func (ch *Channel) Exists() bool {
	ch.s.mu.Lock()
	defer ch.s.mu.Unlock()
	return !ch.deleted
}
