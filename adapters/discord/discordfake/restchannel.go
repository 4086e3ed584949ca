package discordfake

import (
	"net/http"
	"slices"
)

// channel finds the channel of the path; one that the bot does not see is refused.
func (c *call) channel() (*Channel, *apiError) {
	ch := c.s.channels[c.id("channel")]
	if ch == nil {
		return nil, unknownChannel
	}
	if !ch.sees(c.s.bot) {
		return nil, missingAccess
	}
	return ch, nil
}

// may refuses where the bot lacks a permission.
func (c *call) may(ch *Channel, bits Permissions) *apiError {
	if !ch.permissions(c.s.bot).has(bits) {
		return missingPermission
	}
	return nil
}

func getChannel(c *call) (answer, *apiError) {
	ch, refused := c.channel()
	if refused != nil {
		return answer{}, refused
	}
	return ok(ch.wire()), nil
}

// patchChannel changes a channel, or a thread. An archived thread takes only the change
// that brings it back.
// Source: https://docs.discord.com/developers/resources/channel#modify-channel
func patchChannel(c *call) (answer, *apiError) {
	ch, refused := c.channel()
	if refused != nil {
		return answer{}, refused
	}
	if ch.guild == nil {
		return answer{}, notInDM
	}
	if refused := checkChannel(c.raw, ch.kind == ForumChannel); refused != nil {
		return answer{}, refused
	}
	if ch.isThread() {
		return c.patchThread(ch)
	}
	if refused := c.may(ch, ManageChannels); refused != nil {
		return answer{}, refused
	}
	if name, given := c.body["name"].(string); given {
		ch.name = name
	}
	if topic, given := c.body["topic"].(string); given {
		ch.topic = topic
	}
	if tags, given := c.body["available_tags"].([]any); given {
		if refused := ch.retag(tags); refused != nil {
			return answer{}, refused
		}
	}
	ch.updated()
	return ok(ch.wire()), nil
}

func (ch *Channel) retag(tags []any) *apiError {
	if ch.kind != ForumChannel {
		return wrongChannelType
	}
	var next []*Tag
	for _, v := range tags {
		o, _ := v.(object)
		t := &Tag{ID: plain(o["id"]), Name: str(o, "name"), Moderated: o["moderated"] == true}
		if !slices.ContainsFunc(ch.tags, func(x *Tag) bool { return x.ID == t.ID }) {
			t.ID = ch.s.nextID()
		}
		next = append(next, t)
	}
	ch.tags = next
	return nil
}

func (c *call) patchThread(th *Channel) (answer, *apiError) {
	bits := th.permissions(c.s.bot)
	manages := bits.has(ManageThreads)
	archived, setsArchived := c.body["archived"].(bool)
	locked, setsLocked := c.body["locked"].(bool)
	reopens := setsArchived && !archived
	if th.archived && !reopens {
		return answer{}, threadArchived
	}
	own := th.owner == c.s.bot
	onlyReopens := reopens && len(c.body) == 1
	switch {
	case manages:
	case onlyReopens && !th.locked && bits.has(SendMessagesInThreads):
	case own && !setsLocked && !th.locked:
	default:
		return answer{}, missingPermission
	}
	if v, given := c.body["applied_tags"].([]any); given {
		applied, refused := th.parent.takeTags(v, manages)
		if refused != nil {
			return answer{}, refused
		}
		th.applied = applied
	}
	if name, given := c.body["name"].(string); given {
		th.name = name
	}
	if n := num(c.body, "auto_archive_duration"); n != 0 {
		th.autoArchive = n
	}
	if setsLocked {
		th.locked = locked
	}
	if setsArchived && th.archived != archived {
		th.archived, th.archivedAt = archived, c.s.Now()
	}
	th.changed("THREAD_UPDATE")
	return ok(th.wire()), nil
}

// takeTags checks the tags for a post of the forum.
func (ch *Channel) takeTags(ids []any, manages bool) ([]string, *apiError) {
	if ch.kind != ForumChannel {
		return nil, wrongChannelType
	}
	out := []string{}
	for _, v := range ids {
		i := slices.IndexFunc(ch.tags, func(t *Tag) bool { return t.ID == plain(v) })
		if i < 0 {
			return nil, refuse(http.StatusBadRequest, 10087, "Unknown Tag")
		}
		if ch.tags[i].Moderated && !manages {
			return nil, missingPermission
		}
		out = append(out, plain(v))
	}
	if ch.requireTag && len(out) == 0 {
		return nil, tagRequired
	}
	return out, nil
}

func deleteChannel(c *call) (answer, *apiError) {
	ch, refused := c.channel()
	if refused != nil {
		return answer{}, refused
	}
	if ch.guild == nil {
		return ok(ch.wire()), nil
	}
	bits := ManageChannels
	if ch.isThread() {
		bits = ManageThreads
	}
	if refused := c.may(ch, bits); refused != nil {
		return answer{}, refused
	}
	said := ok(ch.wire())
	ch.remove()
	return said, nil
}

func postTyping(c *call) (answer, *apiError) {
	ch, refused := c.channel()
	if refused != nil {
		return answer{}, refused
	}
	return noContent, c.may(ch, SendMessages)
}
