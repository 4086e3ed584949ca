package discordfake

import (
	"slices"
	"time"
)

// hides says whether the API leaves out what people wrote: to an app for which the
// message content intent is not switched on.
// Source: https://docs.discord.com/developers/events/gateway#message-content-intent
func (s *Server) hides(m *message) bool {
	return s.config.Privileged&IntentMessageContent == 0 && !m.open()
}

func (s *Server) wireMessage(m *message) object { return m.wire(s.hides(m)) }

// getMessages lists a hundred messages at most, the newest first.
// Source: https://docs.discord.com/developers/resources/message#get-channel-messages
func getMessages(c *call) (answer, *apiError) {
	ch, refused := c.channel()
	if refused != nil {
		return answer{}, refused
	}
	limit, refused := c.limit(50, 100)
	if refused != nil {
		return answer{}, refused
	}
	if !ch.takesMessages() {
		return answer{}, noTextChannel
	}
	out := []object{}
	if !ch.permissions(c.s.bot).has(ReadMessageHistory) {
		return ok(out), nil
	}
	page := ch.messages
	after := func(id string) int {
		return slices.IndexFunc(append(slices.Clone(ch.messages), &message{id: "99999999999999999999"}), func(m *message) bool { return before(id, m.id) })
	}
	switch q := c.query; {
	case q.Get("around") != "":
		at := after(q.Get("around")) - 1
		page = page[max(0, at-limit/2):max(0, min(len(page), at+(limit+1)/2))]
	case q.Get("after") != "":
		i := after(q.Get("after"))
		page = page[i:min(len(page), i+limit)]
	case q.Get("before") != "":
		i := slices.IndexFunc(page, func(m *message) bool { return !before(m.id, q.Get("before")) })
		if i >= 0 {
			page = page[:i]
		}
	}
	page = page[max(0, len(page)-limit):]
	for _, m := range slices.Backward(page) {
		out = append(out, c.s.wireMessage(m))
	}
	return ok(out), nil
}

// found finds the message of the path.
func (c *call) found() (*Channel, *message, *apiError) {
	ch, refused := c.channel()
	if refused != nil {
		return nil, nil, refused
	}
	m := ch.find(c.id("message"))
	if m == nil {
		return ch, nil, unknownMessage
	}
	return ch, m, nil
}

func getMessage(c *call) (answer, *apiError) {
	ch, m, refused := c.found()
	if refused == nil {
		refused = c.may(ch, ReadMessageHistory)
	}
	if refused != nil {
		return answer{}, refused
	}
	return ok(c.s.wireMessage(m)), nil
}

// postMessage posts. A nonce that is enforced answers with what it made before.
// Source: https://docs.discord.com/developers/resources/message#create-message
func postMessage(c *call) (answer, *apiError) {
	ch, refused := c.channel()
	if refused == nil {
		refused = c.mayPost(ch)
	}
	if refused != nil {
		return answer{}, refused
	}
	nonce := c.body["nonce"]
	key := ""
	if nonce != nil && c.body["enforce_nonce"] == true {
		key = plain(nonce) // of the author, in whatever channel
		if made, ok := c.s.nonces[key]; ok && !made.message.gone && c.s.Now().Sub(made.at) < NonceLife {
			return answer{200, made.message.wire(false)}, nil
		}
	}
	if refused := checkUpload(c.raw, len(c.files)); refused != nil {
		return answer{}, refused
	}
	m := c.compose(ch, c.body, nil)
	if m.flags&flagEphemeral != 0 {
		m.flags &^= flagEphemeral // only an interaction's answer can be
	}
	if refused := c.answers(ch, m); refused != nil {
		return answer{}, refused
	}
	m.nonce = nonce
	ch.post(m)
	if key != "" {
		c.s.prune()
		c.s.nonces[key] = posted{m, c.s.Now()}
	}
	out := m.wire(false)
	if nonce != nil {
		out["nonce"] = nonce
	}
	return ok(out), nil
}

// mayPost refuses where the bot can't write.
func (c *call) mayPost(ch *Channel) *apiError {
	switch {
	case ch.guild == nil && !c.s.reachable(ch.recipients[0]):
		return closedDM
	case !ch.takesMessages():
		return noTextChannel
	case ch.isThread():
		if refused := c.may(ch, SendMessagesInThreads); refused != nil {
			return refused
		}
		if ch.locked && !ch.permissions(c.s.bot).has(ManageThreads) {
			return threadLocked
		}
		if ch.archived && ch.locked {
			return threadArchived
		}
	default:
		if refused := c.may(ch, SendMessages); refused != nil {
			return refused
		}
	}
	if len(c.files) > 0 {
		return c.may(ch, AttachFiles)
	}
	return nil
}

const (
	// MaxRequest is how large a request may be.
	// Source: https://docs.discord.com/developers/resources/message#create-message-limitations
	MaxRequest = 25 << 20
	// MaxFile is how large a file may be in a guild without boosts.
	// Source: https://docs.discord.com/developers/reference#uploading-files
	MaxFile = 10 << 20
)

// prune forgets nonces that are over.
func (s *Server) prune() {
	for key, made := range s.nonces {
		if s.Now().Sub(made.at) >= NonceLife {
			delete(s.nonces, key)
		}
	}
}

// answers reads message_reference. A reply needs to read the history.
func (c *call) answers(ch *Channel, m *message) *apiError {
	ref, given := c.body["message_reference"].(object)
	if !given || num(ref, "type") != 0 {
		return nil
	}
	id := plain(ref["message_id"])
	m.reply = ch.find(id)
	if m.reply != nil && m.reply.system() {
		return invalid("message_reference", "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", "Cannot reply to a system message")
	}
	if m.reply == nil {
		if must, given := ref["fail_if_not_exists"].(bool); !given || must {
			return invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
		}
		return nil
	}
	if refused := c.may(ch, ReadMessageHistory); refused != nil {
		return invalid("message_reference", "REPLIES_CANNOT_REPLY_WITHOUT_READ_HISTORY", "Cannot reply without permission to read message history")
	}
	m.replyTo, m.kind = id, typeReply
	m.notify()
	return nil
}

// patchMessage edits the bot's own; of others' it may only change the flags.
// Source: https://docs.discord.com/developers/resources/message#edit-message
func patchMessage(c *call) (answer, *apiError) {
	ch, m, refused := c.found()
	switch {
	case refused != nil:
		return answer{}, refused
	case m.system():
		return answer{}, systemMessage
	case !m.byApp:
		return answer{}, othersMessage
	case ch.archived:
		return answer{}, threadArchived
	case ch.locked && !ch.permissions(c.s.bot).has(ManageThreads):
		return answer{}, threadLocked
	case ch.guild == nil && !c.s.reachable(ch.recipients[0]):
		return answer{}, closedDM
	}
	if !c.s.config.Unchecked {
		if c.tooFast = c.s.rates.editOld(c.s.Now(), m.at, ch.ID); c.tooFast != nil {
			return answer{}, nil
		}
	}
	if refused := checkEdit(c.raw, m.wire(false), len(c.files)); refused != nil {
		return answer{}, refused
	}
	c.compose(ch, c.body, m)
	m.changed()
	return ok(m.wire(false)), nil
}

func deleteMessage(c *call) (answer, *apiError) {
	ch, m, refused := c.found()
	switch {
	case refused != nil:
		return answer{}, refused
	case m.byApp:
	case ch.guild == nil:
		return answer{}, notInDM
	default:
		if refused := c.may(ch, ManageMessages); refused != nil {
			return answer{}, refused
		}
	}
	if ch.archived && ch.locked && !ch.permissions(c.s.bot).has(ManageThreads) {
		return answer{}, threadArchived
	}
	ch.drop(m)
	return noContent, nil
}

// bulkDelete deletes 2 to 100 messages that are younger than two weeks.
// Source: https://docs.discord.com/developers/resources/message#bulk-delete-messages
func bulkDelete(c *call) (answer, *apiError) {
	ch, refused := c.channel()
	if refused != nil {
		return answer{}, refused
	}
	if ch.guild == nil {
		return answer{}, notInDM
	}
	if refused := c.may(ch, ManageMessages); refused != nil {
		return answer{}, refused
	}
	list := list(c.body["messages"])
	if len(list) < 2 || len(list) > 100 {
		return answer{}, invalid("messages", "BASE_TYPE_BAD_LENGTH", "Must be between 2 and 100 in length.")
	}
	var all []*message
	for _, v := range list {
		if c.s.Now().Sub(IDTime(plain(v))) > 14*24*time.Hour {
			return answer{}, tooOldToDelete
		}
		if m := ch.find(plain(v)); m != nil && !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	if len(all) > 0 {
		ch.drop(all...)
	}
	return noContent, nil
}
