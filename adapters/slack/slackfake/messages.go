package slackfake

import (
	"encoding/json"
	"slices"
)

// message is what stands in a channel, or what one person sees there.
type message struct {
	channel   *Channel
	ts        string
	threadTS  string // the root's ts in a reply, its own in a root with replies
	broadcast bool   // a reply that is shown in the channel too
	author    *User  // nil for what a response_url posted
	byApp     bool
	text      string
	blocks    []any // nil when there are none
	metadata  object
	files     []File
	edited    string // ts of the last edit
	editor    string
	reactions []*reaction
	onlyFor   *User // an ephemeral
	unfurl    bool
	pinned    bool
	gone      bool // deleted, or an ephemeral that was replaced or reloaded
}

// File is a picture or a document that hangs on a message.
type File struct {
	ID       string
	Name     string
	MimeType string
}

// Metadata is what an app keeps on its message, out of people's sight.
type Metadata struct {
	EventType string         `json:"event_type"`
	Payload   map[string]any `json:"event_payload"`
}

// Message is a copy of a message as it stands now.
type Message struct {
	Channel   *Channel
	ChannelID string
	TS        string
	ThreadTS  string // "" outside of a thread
	UserID    string // its author
	ByApp     bool   // posted by the app under test
	Text      string // what stands in a notification when there are blocks
	Blocks    []map[string]any
	Metadata  *Metadata
	Files     []File
	Reactions []Reaction
	Edited    bool // people see "(edited)"
	Ephemeral bool
	Pinned    bool // to the top of its channel
	Unfurls   bool // links in it are unfolded

	s *Server
}

func (m *message) copy() Message {
	out := Message{
		Channel: m.channel, ChannelID: m.channel.id, TS: m.ts, ThreadTS: m.threadTS, ByApp: m.byApp, Text: m.text,
		Files: slices.Clone(m.files), Edited: m.edited != "", Ephemeral: m.onlyFor != nil, Pinned: m.pinned,
		Unfurls: m.unfurl, s: m.channel.team.s,
	}
	if m.author != nil {
		out.UserID = m.author.ID
	}
	clone(m.blocks, &out.Blocks)
	if m.metadata != nil {
		out.Metadata = &Metadata{}
		clone(m.metadata, out.Metadata)
	}
	for _, r := range m.reactions {
		out.Reactions = append(out.Reactions, r.copy())
	}
	return out
}

// clone copies a JSON value into another of fitting type.
func clone(from, to any) {
	raw, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(raw, to)
	}
	if err != nil {
		panic("slackfake: " + err.Error()) // both sides are this package's
	}
}

// wire is the message object as the app reads it.
// Source: https://docs.slack.dev/messaging/#structure
func (m *message) wire(withMetadata bool) object {
	out := object{"type": "message", "ts": m.ts, "text": m.text, "team": m.channel.team.ID}
	if m.author != nil {
		out["user"] = m.author.ID
		if m.author.stranger() {
			out["user_team"], out["source_team"] = m.author.home.ID, m.author.home.ID
		}
		if m.author.isBot {
			out["bot_id"] = m.author.botID
			out["bot_profile"] = object{
				"id": m.author.botID, "deleted": m.author.deleted, "name": m.author.realName, "updated": m.channel.created,
				"app_id": "", "icons": object{}, "team_id": m.channel.team.ID,
			}
		} else {
			out["client_msg_id"] = "00000000-0000-4000-8000-" + m.ts[:10] + "00"
		}
	}
	if m.byApp {
		out["app_id"] = m.channel.team.s.appID
		if profile, ok := out["bot_profile"].(object); ok {
			profile["app_id"] = m.channel.team.s.appID
		}
	}
	if m.blocks != nil {
		out["blocks"] = m.blocks
	} else if m.author != nil && !m.author.isBot {
		out["blocks"] = richText(m.text)
	}
	if m.threadTS != "" {
		out["thread_ts"] = m.threadTS
		replies := m.channel.replies(m.threadTS)
		if root := m.channel.find(m.threadTS); m.threadTS == m.ts {
			var people []string
			for _, r := range replies {
				if r.author != nil && !slices.Contains(people, r.author.ID) {
					people = append(people, r.author.ID)
				}
			}
			out["reply_count"], out["reply_users"], out["reply_users_count"] = len(replies), people, len(people)
			if len(replies) > 0 {
				out["latest_reply"] = replies[len(replies)-1].ts
			}
			out["is_locked"], out["subscribed"] = false, false
		} else if root != nil && root.author != nil {
			out["parent_user_id"] = root.author.ID
		}
	}
	if m.broadcast {
		out["subtype"] = "thread_broadcast"
	}
	if m.edited != "" {
		out["edited"] = object{"user": m.editor, "ts": m.edited}
	}
	if m.metadata != nil && withMetadata {
		out["metadata"] = m.metadata
	}
	if len(m.reactions) > 0 {
		var list []object
		for _, r := range m.reactions {
			list = append(list, r.wire())
		}
		out["reactions"] = list
	}
	if len(m.files) > 0 {
		var list []object
		for _, f := range m.files {
			list = append(list, f.wire(m))
		}
		out["files"], out["upload"] = list, false
	}
	return out
}

// wire is the file object, cut to what apps read.
// Source: https://docs.slack.dev/reference/objects/file-object
func (f File) wire(m *message) object {
	link := "https://files.slack.example/" + f.ID + "/" + f.Name
	user := ""
	if m.author != nil {
		user = m.author.ID
	}
	return object{
		"id": f.ID, "name": f.Name, "title": f.Name, "mimetype": f.MimeType, "filetype": "", "user": user,
		"mode": "hosted", "size": 1024, "is_external": false, "is_public": true, "url_private": link, "permalink": link,
		"created": m.channel.created, "timestamp": m.channel.created,
	}
}

// richText is how Slack stores what a person typed.
func richText(text string) []any {
	return []any{object{"type": "rich_text", "block_id": "rt0", "elements": []any{object{
		"type": "rich_text_section", "elements": []any{object{"type": "text", "text": text}},
	}}}}
}

// find returns the message with this ts that everyone sees, nil when there is
// none.
func (ch *Channel) find(ts string) *message {
	for _, m := range ch.messages {
		if m.ts == ts {
			return m
		}
	}
	return nil
}

// replies returns a thread without its root, the oldest first.
func (ch *Channel) replies(threadTS string) []*message {
	var out []*message
	for _, m := range ch.messages {
		if m.threadTS == threadTS && m.ts != threadTS {
			out = append(out, m)
		}
	}
	return out
}

// post puts a message into the channel and gives it its ts.
func (ch *Channel) post(m *message) *message {
	m.channel, m.ts = ch, ch.team.s.nextTS()
	if root := ch.find(m.threadTS); root != nil {
		if root.threadTS != "" && root.threadTS != root.ts {
			root = ch.find(root.threadTS) // a reply to a reply lands in its thread
		}
		if root != nil {
			root.threadTS, m.threadTS = root.ts, root.ts
		}
	}
	ch.messages = append(ch.messages, m)
	return m
}
