package playground

import (
	"context"
	"errors"
	"slices"
	"strings"

	"heed/bot"
)

// errRoomsFull is that no more channels are made.
var errRoomsFull = errors.New("there are too many channels")

// rooms are all rooms.
func (c *chat) rooms() []room {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.list)
}

// room finds a room by its ref.
func (c *chat) room(ref string) (room, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.list, func(r room) bool { return r.Ref == ref })
	if i < 0 {
		return room{}, false
	}
	return c.list[i], true
}

// roomNamed finds a channel by its name, in any case.
func (c *chat) roomNamed(name string) (room, bool) {
	for _, r := range c.rooms() {
		if r.Kind != bot.DirectChannel && strings.EqualFold(r.Name, name) {
			return r, true
		}
	}
	return room{}, false
}

// saveRoom keeps and shows a room.
func (c *chat) saveRoom(ctx context.Context, r room) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	known, channels := false, 0
	for _, x := range c.list {
		known = known || x.Ref == r.Ref
		if x.Kind != bot.DirectChannel {
			channels++
		}
	}
	if !known && channels >= roomsMost {
		return errRoomsFull
	}
	if err := c.keep(ctx, r.Ref, roomRef, r); err != nil {
		return err
	}
	c.setRoom(r)
	c.hub.publish(event{Name: eventRoom, Channel: r.Ref, Data: r})
	return nil
}

// setRoom puts channels before direct conversations.
func (c *chat) setRoom(r room) {
	for i, x := range c.list {
		if x.Ref == r.Ref {
			c.list[i] = r
			return
		}
	}
	i := slices.IndexFunc(c.list, func(x room) bool { return x.Kind == bot.DirectChannel })
	if i < 0 || r.Kind == bot.DirectChannel {
		i = len(c.list)
	}
	c.list = slices.Insert(c.list, i, r)
}
