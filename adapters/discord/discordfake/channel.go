package discordfake

import (
	"slices"
	"time"
)

// ChannelKind is what a channel is.
// Source: https://docs.discord.com/developers/resources/channel#channel-object-channel-types
type ChannelKind int

// The kinds that the fake has.
const (
	TextChannel   ChannelKind = 0
	DirectMessage ChannelKind = 1
	VoiceChannel  ChannelKind = 2
	Category      ChannelKind = 4
	Announcements ChannelKind = 5
	NewsThread    ChannelKind = 10
	PublicThread  ChannelKind = 11
	PrivateThread ChannelKind = 12
	ForumChannel  ChannelKind = 15
)

// Channel is a channel, a thread, a forum's post or a direct message. Its id never
// changes.
type Channel struct {
	ID string

	s          *Server
	guild      *Guild // nil for a direct message
	kind       ChannelKind
	name       string
	topic      string
	parent     *Channel // a thread's channel, a channel's category
	overwrites []*overwrite
	messages   []*message // the oldest first
	byID       map[string]*message
	slowmode   int
	pinnedAt   time.Time
	deleted    bool
	recipients []*User // of a direct message

	tags        []*Tag // a forum's
	requireTag  bool
	autoArchive int // minutes, the default of its threads

	// of a thread
	owner         *User
	threadMembers []*User
	applied       []string // tag ids of a forum's post
	archived      bool
	archivedAt    time.Time
	locked        bool
	createdAt     time.Time
	sent          int // messages ever, the first one of a thread from a message not counted
}

// Tag is one that a forum offers to its posts.
type Tag struct {
	ID, Name  string
	Moderated bool // only who manages threads sets it
}

// AddChannel makes a text channel that everybody sees. A connected bot hears
// CHANNEL_CREATE.
func (g *Guild) AddChannel(name string) *Channel { return g.addChannel(TextChannel, name, nil) }

// AddPrivateChannel makes a text channel that only these people, the owner and
// administrators see; name the bot among them to let it in.
func (g *Guild) AddPrivateChannel(name string, people ...*User) *Channel {
	return g.addChannel(TextChannel, name, func(ch *Channel) {
		ch.overwrites = []*overwrite{{id: g.ID, deny: ViewChannel}}
		for _, u := range people {
			ch.overwrites = append(ch.overwrites, &overwrite{id: u.ID, member: true, allow: ViewChannel})
		}
	})
}

// AddAnnouncements makes a news channel, AddVoice one to speak in, AddCategory a folder.
func (g *Guild) AddAnnouncements(name string) *Channel { return g.addChannel(Announcements, name, nil) }

// AddVoice makes a voice channel, which takes messages too.
func (g *Guild) AddVoice(name string) *Channel { return g.addChannel(VoiceChannel, name, nil) }

// AddCategory makes a category; see [Channel.MoveTo].
func (g *Guild) AddCategory(name string) *Channel { return g.addChannel(Category, name, nil) }

// AddForum makes a forum with these tags.
func (g *Guild) AddForum(name string, tags ...string) *Channel {
	return g.addChannel(ForumChannel, name, func(ch *Channel) {
		for _, t := range tags {
			ch.tags = append(ch.tags, &Tag{ID: g.s.nextID(), Name: t})
		}
	})
}

func (g *Guild) addChannel(kind ChannelKind, name string, more func(*Channel)) *Channel {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	ch := &Channel{s: g.s, ID: g.s.nextID(), guild: g, kind: kind, name: name, autoArchive: 1440}
	if more != nil {
		more(ch)
	}
	g.channels = append(g.channels, ch)
	g.s.channels[ch.ID] = ch
	ch.changed("CHANNEL_CREATE")
	return ch
}

// Guild is the channel's guild, nil for a direct message.
func (ch *Channel) Guild() *Guild { return ch.guild }

// Mention is how a message names the channel.
func (ch *Channel) Mention() string { return "<#" + ch.ID + ">" }

// Name is the channel's name; a thread's is its title.
func (ch *Channel) Name() string {
	ch.s.mu.Lock()
	defer ch.s.mu.Unlock()
	return ch.name
}

func (ch *Channel) isThread() bool {
	return ch.kind == NewsThread || ch.kind == PublicThread || ch.kind == PrivateThread
}

// isPost says whether it is a post in a forum.
func (ch *Channel) isPost() bool { return ch.isThread() && ch.parent.kind == ForumChannel }

// takesMessages says whether messages can stand in it.
func (ch *Channel) takesMessages() bool { return ch.kind != Category && ch.kind != ForumChannel }

// changed raises a channel or thread event. Called with mu held.
func (ch *Channel) changed(name string) {
	ch.s.dispatch(event{name: name, guild: ch.guild, channel: ch, intents: IntentGuilds, data: ch.wire})
}

// wire is the channel object.
// Source: https://docs.discord.com/developers/resources/channel#channel-object
func (ch *Channel) wire() object {
	out := object{"id": ch.ID, "type": int(ch.kind), "last_message_id": nil, "flags": 0}
	if n := len(ch.messages); n > 0 {
		out["last_message_id"] = ch.messages[n-1].id
	}
	if !ch.pinnedAt.IsZero() {
		out["last_pin_timestamp"] = timestamp(ch.pinnedAt)
	}
	if ch.guild == nil {
		people := []object{}
		for _, u := range ch.recipients {
			people = append(people, u.wire())
		}
		out["recipients"] = people
		return out
	}
	out["guild_id"], out["name"], out["parent_id"], out["rate_limit_per_user"] = ch.guild.ID, ch.name, nil, ch.slowmode
	if ch.parent != nil {
		out["parent_id"] = ch.parent.ID
	}
	if ch.isThread() {
		ch.wireThread(out)
		return out
	}
	overwrites := []object{}
	for _, o := range ch.overwrites {
		overwrites = append(overwrites, o.wire())
	}
	out["permission_overwrites"], out["position"], out["topic"], out["nsfw"] = overwrites, slices.Index(ch.guild.channels, ch), nil, false
	if ch.topic != "" {
		out["topic"] = ch.topic
	}
	out["default_auto_archive_duration"] = ch.autoArchive
	if ch.kind == ForumChannel {
		out["available_tags"], out["default_reaction_emoji"], out["default_sort_order"], out["default_forum_layout"] = wireTags(ch.tags), nil, nil, 0
		if ch.requireTag {
			out["flags"] = 1 << 4
		}
	}
	return out
}

func wireTags(tags []*Tag) []object {
	out := []object{}
	for _, t := range tags {
		out = append(out, object{"id": t.ID, "name": t.Name, "moderated": t.Moderated, "emoji_id": nil, "emoji_name": nil})
	}
	return out
}

func (ch *Channel) wireThread(out object) {
	replies := len(ch.messages)
	if ch.isPost() && replies > 0 && ch.messages[0].id == ch.ID {
		replies--
	}
	at := ch.createdAt
	if !ch.archivedAt.IsZero() {
		at = ch.archivedAt
	}
	meta := object{
		"archived": ch.archived, "auto_archive_duration": ch.autoArchive, "archive_timestamp": timestamp(at), "locked": ch.locked,
		"create_timestamp": timestamp(ch.createdAt),
	}
	if ch.kind == PrivateThread {
		meta["invitable"] = true
	}
	out["owner_id"], out["thread_metadata"] = ch.owner.ID, meta
	out["message_count"], out["total_message_sent"], out["member_count"] = replies, ch.sent, min(len(ch.threadMembers), 50)
	if ch.isPost() {
		applied := ch.applied
		if applied == nil {
			applied = []string{}
		}
		out["applied_tags"] = applied
	}
}
