package discordfake

import (
	"errors"
	"fmt"
	"slices"
)

// Say posts what the person typed into a channel, a thread or a direct message, with
// files. "@rui", "#support" and "@Role" become mentions where such names exist.
func (u *User) Say(ch *Channel, words string, files ...File) (Message, error) {
	return u.say(ch, nil, words, files)
}

// Reply answers a message, which notifies its author.
func (u *User) Reply(to Message, words string, files ...File) (Message, error) {
	return u.say(to.Channel, &to, words, files)
}

// Tell writes to the bot directly.
func (u *User) Tell(words string, files ...File) (Message, error) {
	return u.say(u.DM(), nil, words, files)
}

func (u *User) say(ch *Channel, to *Message, words string, files []File) (Message, error) {
	s := u.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := u.mayWrite(ch); err != nil {
		return Message{}, err
	}
	m := &message{channel: ch, author: u, content: u.typed(ch, words)}
	if to != nil {
		if m.reply = ch.find(to.ID); m.reply != nil {
			m.replyTo, m.kind = to.ID, typeReply
		}
	}
	for _, f := range files {
		m.attachments = append(m.attachments, s.keep(ch, f))
	}
	m.notify()
	ch.post(m)
	return m.copy(), nil
}

// mayWrite says why the person can't write there. Called with mu held.
func (u *User) mayWrite(ch *Channel) error {
	bits := SendMessages
	if ch.isThread() {
		bits = SendMessagesInThreads
	}
	switch {
	case ch.deleted:
		return errors.New("the channel is deleted")
	case !ch.takesMessages():
		return errors.New("no messages stand in such a channel")
	case !ch.permissions(u).has(ViewChannel | bits):
		return fmt.Errorf("%s may not write in %s", u.name, ch.name)
	case ch.locked && !ch.permissions(u).has(ManageThreads):
		return errors.New("the thread is locked")
	}
	return nil
}

// Edit changes what the person said.
func (u *User) Edit(m Message, words string) error {
	return u.change(m, func(found *message) error {
		if found.author != u {
			return errors.New("nobody edits another's message")
		}
		found.content, found.edited = u.typed(found.channel, words), u.s.Now()
		found.notify()
		found.changed()
		return nil
	})
}

// Delete deletes a message: one's own, or any as a moderator.
func (u *User) Delete(m Message) error {
	return u.change(m, func(found *message) error {
		if found.author != u && !found.channel.permissions(u).has(ManageMessages) {
			return fmt.Errorf("%s may not delete it", u.name)
		}
		found.channel.drop(found)
		return nil
	})
}

// DeleteAll deletes messages of one channel at once, as moderators' tools do.
func (u *User) DeleteAll(all ...Message) error {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	var found []*message
	for _, m := range all {
		x := m.Channel.find(m.ID)
		if x == nil || !m.Channel.permissions(u).has(ManageMessages) {
			return fmt.Errorf("%s may not delete it", u.name)
		}
		found = append(found, x)
	}
	if len(found) > 0 {
		found[0].channel.drop(found...)
	}
	return nil
}

// Pin pins a message; Unpin takes the pin away.
func (u *User) Pin(m Message) error { return u.pin(m, true) }

// Unpin takes the pin of a message away.
func (u *User) Unpin(m Message) error { return u.pin(m, false) }

func (u *User) pin(m Message, pinned bool) error {
	return u.change(m, func(found *message) error {
		if !found.channel.permissions(u).has(PinMessages) {
			return fmt.Errorf("%s may not pin it", u.name)
		}
		found.pin(u, pinned)
		return nil
	})
}

// Hide is the person dismissing an ephemeral message.
func (u *User) Hide(m Message) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	for _, e := range u.ephemerals {
		if e.id == m.ID {
			e.gone = true
		}
	}
	u.ephemerals = slices.DeleteFunc(u.ephemerals, func(e *message) bool { return e.gone })
	u.s.touch()
}

// change does something with a message that stands in a channel.
func (u *User) change(m Message, do func(*message) error) error {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	found := m.Channel.find(m.ID)
	if found == nil || !found.channel.sees(u) {
		return errGone
	}
	return do(found)
}

var errGone = errors.New("it is not there any more")

// React puts a reaction on a message: "👍", "👍🏽", ":party:" of the guild or
// "party:1". One that stands is no news. An archived thread takes none.
func (u *User) React(m Message, name string) error { return u.react(m, name, false) }

// SuperReact puts a super reaction, which stands beside a normal one with the same emoji.
func (u *User) SuperReact(m Message, name string) error { return u.react(m, name, true) }

func (u *User) react(m Message, name string, burst bool) error {
	return u.change(m, func(found *message) error {
		e, known := u.s.emojiOf(name, found.channel.guild)
		bits := found.channel.permissions(u)
		switch {
		case !known:
			return fmt.Errorf("there is no emoji %q here", name)
		case found.channel.archived:
			return errors.New("the thread is archived: it takes no reactions")
		case !bits.has(ReadMessageHistory), found.reaction(e) == nil && !bits.has(AddReactions):
			return fmt.Errorf("%s may not react there", u.name)
		case found.reaction(e) == nil && len(found.reactions) >= MaxReactions:
			return errors.New("the message has twenty reactions")
		}
		found.react(u, e, burst)
		return nil
	})
}

// Unreact takes one's reaction back.
func (u *User) Unreact(m Message, name string) error { return u.unreact(m, name, false) }

// SuperUnreact takes one's super reaction back.
func (u *User) SuperUnreact(m Message, name string) error { return u.unreact(m, name, true) }

func (u *User) unreact(m Message, name string, burst bool) error {
	return u.change(m, func(found *message) error {
		e, _ := u.s.emojiOf(name, found.channel.guild)
		if found.channel.archived {
			return errors.New("the thread is archived: its reactions stay")
		}
		if !found.unreact(u, e, burst) {
			return fmt.Errorf("%s has no %s on it", u.name, name)
		}
		return nil
	})
}

// ClearReactions takes all reactions of a message away, or all of these emoji, as a
// moderator.
func (u *User) ClearReactions(m Message, names ...string) error {
	return u.change(m, func(found *message) error {
		if !found.channel.permissions(u).has(ManageMessages) {
			return fmt.Errorf("%s may not clear reactions", u.name)
		}
		if len(names) == 0 {
			found.clear(nil)
		}
		for _, name := range names {
			e, _ := u.s.emojiOf(name, found.channel.guild)
			found.clear(&e)
		}
		return nil
	})
}

// RemoveReaction takes somebody's reaction away, as a moderator.
func (u *User) RemoveReaction(m Message, name string, of *User) error {
	return u.change(m, func(found *message) error {
		e, _ := u.s.emojiOf(name, found.channel.guild)
		if !found.channel.permissions(u).has(ManageMessages) || !found.unreact(of, e, false) {
			return fmt.Errorf("%s can't take it away", u.name)
		}
		return nil
	})
}

// Post makes a post in a forum, with tags by their names. Its first message has the
// post's id: [Server.Messages] of the post, the first one.
func (u *User) Post(forum *Channel, title, words string, tags ...string) (*Channel, error) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	ids := forum.tagIDs(tags)
	switch {
	case forum.kind != ForumChannel:
		return nil, errors.New("it is no forum")
	case !forum.permissions(u).has(ViewChannel | SendMessages):
		return nil, fmt.Errorf("%s may not post there", u.name)
	case len(ids) < len(tags):
		return nil, errors.New("the forum has no such tag")
	case forum.requireTag && len(ids) == 0:
		return nil, errors.New("the forum asks for a tag")
	}
	post := forum.startThread(u, title, nil, PublicThread, ids)
	m := &message{id: post.ID, channel: post, author: u, content: u.typed(forum, words)}
	m.notify()
	post.post(m)
	return post, nil
}

// StartThread starts a thread at a message.
func (u *User) StartThread(m Message, name string) (*Channel, error) {
	var th *Channel
	err := u.change(m, func(found *message) error {
		if found.thread != nil || !found.channel.permissions(u).has(CreatePublicThreads) {
			return fmt.Errorf("%s can't start a thread at it", u.name)
		}
		th = found.channel.startThread(u, name, found, PublicThread, nil)
		return nil
	})
	return th, err
}
