package slackfake

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// unshown is the text that Slack gives a message of blocks without a text.
const unshown = "This content can't be displayed."

// body reads and checks the content of a message: text, blocks, metadata.
func (c *call) body(maxText int) (*message, *refusal) {
	m := &message{author: c.team.bot, byApp: true, text: c.args["text"], unfurl: c.args["unfurl_links"] != "false"}
	if !c.args.decode("blocks", &m.blocks) {
		return nil, refuse("invalid_blocks_format")
	}
	if refused := checkMessage(m, maxText); refused != nil {
		return nil, refused
	}
	if !c.args.decode("metadata", &m.metadata) {
		return nil, refuse("invalid_metadata_format")
	}
	if len(m.metadata) > 0 && (str(m.metadata, "event_type") == "" || m.metadata["event_payload"] == nil) {
		return nil, refuse("invalid_metadata_schema")
	}
	if len(c.args["metadata"]) > MaxMetadata {
		return nil, refuse("metadata_too_large")
	}
	return m, nil
}

// checkMessage refuses content as Slack does, and names its unnamed blocks.
func checkMessage(m *message, maxText int) *refusal {
	switch {
	case m.text == "" && len(m.blocks) == 0:
		return refuse("no_text")
	case utf8.RuneCountInString(m.text) > maxText:
		return refuse("msg_too_long")
	}
	if problems := checkBlocks("/blocks", m.blocks, onMessage); len(problems) > 0 {
		return &refusal{code: "invalid_blocks", messages: problems}
	}
	if textSize(m.blocks) > MaxBlocksText {
		return refuse("msg_blocks_too_long")
	}
	if m.text == "" {
		m.text = unshown
	}
	nameBlocks(m.blocks)
	return nil
}

// writable refuses a channel that the app may not write to.
func (c *call) writable(ch *Channel) *refusal {
	switch {
	case ch.archived || ch.kind == directMessage && ch.abandoned():
		return refuse("is_archived")
	case slices.Contains(ch.members, c.team.bot):
		return nil
	case ch.kind == publicChannel && c.token.hasAny([]string{"chat:write.public"}):
		return nil
	}
	return refuse("not_in_channel")
}

// abandoned says that the person of a direct message was deactivated.
func (ch *Channel) abandoned() bool {
	return slices.ContainsFunc(ch.members, func(u *User) bool { return u.deleted })
}

func chatPostMessage(c *call) (object, *refusal) {
	ch, refused := c.channel("channel", true)
	if refused == nil {
		refused = c.writable(ch)
	}
	if refused != nil {
		return nil, refused
	}
	m, refused := c.body(MaxPostText)
	if refused != nil {
		return nil, refused
	}
	m.threadTS, m.broadcast = c.args["thread_ts"], c.args.bool("reply_broadcast")
	if m.threadTS != "" && ch.find(m.threadTS) == nil && len(ch.replies(m.threadTS)) == 0 {
		return nil, refuse("cannot_reply_to_message")
	}
	ch.post(m)
	c.then(m.said())
	return object{"channel": ch.id, "ts": m.ts, "message": m.wire(true)}, nil
}

func chatPostEphemeral(c *call) (object, *refusal) {
	ch, refused := c.channel("channel", false)
	if refused == nil {
		refused = c.writable(ch)
	}
	if refused != nil {
		return nil, refused
	}
	u := c.team.user(c.args["user"])
	if u == nil || u.deleted || !slices.Contains(ch.members, u) {
		return nil, refuse("user_not_in_channel")
	}
	m, refused := c.body(MaxPostText)
	if refused != nil {
		return nil, refused
	}
	m.threadTS = c.args["thread_ts"]
	u.show(ch, m)
	return object{"message_ts": m.ts}, nil
}

// show gives the person an ephemeral message.
func (u *User) show(ch *Channel, m *message) {
	m.channel, m.onlyFor, m.ts = ch, u, u.team.s.nextTS()
	u.ephemerals = append(u.ephemerals, m)
}

// own finds the app's own message that ts names.
func (c *call) own(ch *Channel, refusalOfOthers string) (*message, *refusal) {
	m := ch.find(c.args["ts"])
	switch {
	case m == nil:
		return nil, refuse("message_not_found")
	case !m.byApp:
		return nil, refuse(refusalOfOthers)
	}
	return m, nil
}

// chatUpdate renders what is given: blocks, or a text without them, which
// removes the blocks that were there. Only an update to a mere text is shown as
// edited.
// Source: https://docs.slack.dev/reference/methods/chat.update
func chatUpdate(c *call) (object, *refusal) {
	ch, refused := c.channel("channel", false)
	if refused != nil {
		return nil, refused
	}
	m, refused := c.own(ch, "cant_update_message")
	if refused == nil {
		refused = c.writable(ch)
	}
	if refused != nil {
		return nil, refused
	}
	if window := c.s.edits; window > 0 && c.s.Now().Sub(tsTime(m.ts)) > window {
		return nil, refuse("edit_window_closed")
	}
	next := *m
	if c.args.has("text") || c.args.has("blocks") {
		fresh := &message{text: m.text, blocks: m.blocks}
		if c.args["text"] != "" {
			fresh.text, fresh.blocks = c.args["text"], nil
		}
		if c.args["blocks"] != "" {
			fresh.blocks = nil
			if !c.args.decode("blocks", &fresh.blocks) {
				return nil, refuse("invalid_blocks_format")
			}
		}
		if refused := checkMessage(fresh, MaxUpdateText); refused != nil {
			return nil, refused
		}
		next.text, next.blocks = fresh.text, fresh.blocks
	} else if !c.args.has("metadata") {
		return nil, refuse("no_text")
	}
	if c.args["metadata"] != "" {
		next.metadata = nil
		if !c.args.decode("metadata", &next.metadata) {
			return nil, refuse("invalid_metadata_format")
		}
	}
	if len(next.blocks) == 0 {
		next.editor, next.edited = c.team.bot.ID, c.s.nextTS()
	}
	before := *m
	*m = next
	c.then(m.changed(&before))
	return object{"channel": ch.id, "ts": m.ts, "text": m.text, "message": m.wire(true)}, nil
}

func chatDelete(c *call) (object, *refusal) {
	ch, refused := c.channel("channel", false)
	if refused != nil {
		return nil, refused
	}
	m, refused := c.own(ch, "cant_delete_message")
	if refused != nil {
		return nil, refused
	}
	ch.drop(m)
	c.then(m.removed())
	return object{"channel": ch.id, "ts": m.ts}, nil
}

func (ch *Channel) drop(m *message) {
	m.gone = true
	ch.messages = slices.DeleteFunc(ch.messages, func(other *message) bool { return other == m })
}

func chatGetPermalink(c *call) (object, *refusal) {
	ch, refused := c.channel("channel", false)
	if refused != nil {
		return nil, refused
	}
	m := ch.find(c.args["message_ts"])
	if m == nil {
		return nil, refuse("message_not_found")
	}
	return object{"channel": ch.id, "permalink": m.permalink()}, nil
}

// permalink as Slack writes it: the ts without its dot, and the thread of a
// reply.
func (m *message) permalink() string {
	link := "https://" + m.channel.team.Domain + ".slack.com/archives/" + m.channel.id + "/p" + strings.Replace(m.ts, ".", "", 1)
	if m.threadTS != "" && m.threadTS != m.ts {
		link += "?thread_ts=" + m.threadTS + "&cid=" + m.channel.id
	}
	return link
}

// tsTime is the instant that a ts names; zero when it is none.
func tsTime(ts string) time.Time {
	micro, err := parseTS(ts)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMicro(micro)
}
