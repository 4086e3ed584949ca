package discordfake

import (
	"net/http"
	"slices"
)

// MaxThreads is how many threads of a guild are active at once.
// Source: https://docs.discord.com/developers/topics/threads
const MaxThreads = 1000

func (g *Guild) active() int {
	n := 0
	for _, th := range g.threads {
		if !th.archived {
			n++
		}
	}
	return n
}

var tooManyThreads = refuse(http.StatusBadRequest, 160006, "Maximum number of active threads reached")

// postThreadFromMessage starts a thread at a message.
// Source: https://docs.discord.com/developers/resources/channel#start-thread-from-message
func postThreadFromMessage(c *call) (answer, *apiError) {
	ch, m, refused := c.found()
	if refused != nil {
		return answer{}, refused
	}
	name := str(c.body, "name")
	refused = checkThread(c.raw, false, 0)
	switch {
	case ch.guild == nil:
		return answer{}, notInDM
	case ch.kind != TextChannel && ch.kind != Announcements:
		return answer{}, wrongChannelType
	case refused != nil:
		return answer{}, refused
	case m.thread != nil || c.s.channels[m.id] != nil:
		return answer{}, hasThread
	case ch.guild.active() >= ch.guild.threadCap():
		return answer{}, tooManyThreads
	}
	if refused := c.may(ch, CreatePublicThreads|ReadMessageHistory); refused != nil {
		return answer{}, refused
	}
	kind := PublicThread
	if ch.kind == Announcements {
		kind = NewsThread
	}
	th := ch.startThread(c.s.bot, name, m, kind, nil)
	c.settings(th)
	return created(th.wire()), nil
}

func (c *call) settings(th *Channel) {
	if n := num(c.body, "auto_archive_duration"); n != 0 {
		th.autoArchive = n
	}
}

// postThread starts a thread without a message, or posts in a forum.
// Source: https://docs.discord.com/developers/resources/channel#start-thread-in-forum-or-media-channel
func postThread(c *call) (answer, *apiError) {
	ch, refused := c.channel()
	if refused != nil {
		return answer{}, refused
	}
	name := str(c.body, "name")
	refused = checkThread(c.raw, ch.kind == ForumChannel, len(c.files))
	switch {
	case ch.guild == nil:
		return answer{}, notInDM
	case refused != nil:
		return answer{}, refused
	case ch.guild.active() >= ch.guild.threadCap():
		return answer{}, tooManyThreads
	}
	if ch.kind == ForumChannel {
		return c.postInForum(ch, name)
	}
	kind, bits := PrivateThread, CreatePrivateThreads
	if t, given := c.body["type"].(float64); given && ChannelKind(t) != PrivateThread {
		kind, bits = ChannelKind(t), CreatePublicThreads
	}
	if ch.kind != TextChannel && ch.kind != Announcements || kind != PrivateThread && kind != PublicThread && kind != NewsThread {
		return answer{}, wrongChannelType
	}
	if refused := c.may(ch, bits); refused != nil {
		return answer{}, refused
	}
	th := ch.startThread(c.s.bot, name, nil, kind, nil)
	c.settings(th)
	if kind == PublicThread {
		ch.post(&message{author: c.s.bot, byApp: true, kind: typeThreadCreated, content: name, flags: flagHasThread, thread: th})
	}
	return created(th.wire()), nil
}

func (c *call) postInForum(ch *Channel, name string) (answer, *apiError) {
	if refused := c.may(ch, SendMessages); refused != nil {
		return answer{}, refused
	}
	tags, refused := ch.takeTags(list(c.body["applied_tags"]), ch.permissions(c.s.bot).has(ManageThreads))
	if refused != nil {
		return answer{}, refused
	}
	m := c.compose(ch, sub(c.body, "message"), nil)
	th := ch.startThread(c.s.bot, name, nil, PublicThread, tags)
	c.settings(th)
	m.id = th.ID // a post's first message has the post's id
	th.post(m)
	m.notify()
	out := th.wire()
	out["message"] = m.wire(false)
	return created(out), nil
}

// getActiveThreads lists the threads that the bot sees.
// Source: https://docs.discord.com/developers/resources/guild#list-active-guild-threads
func getActiveThreads(c *call) (answer, *apiError) {
	g, refused := c.guild()
	if refused != nil {
		return answer{}, refused
	}
	threads, members := []object{}, []object{}
	for _, th := range slices.Backward(g.threads) {
		if th.archived || !th.sees(c.s.bot) {
			continue
		}
		threads = append(threads, th.wire())
		if slices.Contains(th.threadMembers, c.s.bot) {
			members = append(members, th.memberWire(c.s.bot))
		}
	}
	return ok(object{"threads": threads, "members": members}), nil
}

// getArchivedThreads lists a channel's archived threads, the one archived last first.
// Source: https://docs.discord.com/developers/resources/channel#list-public-archived-threads
func getArchivedThreads(c *call) (answer, *apiError) {
	ch, refused := c.channel()
	if refused == nil {
		refused = c.may(ch, ReadMessageHistory)
	}
	if refused != nil {
		return answer{}, refused
	}
	limit, refused := c.limit(50, 100)
	if refused != nil {
		return answer{}, refused
	}
	var all []*Channel
	for _, th := range ch.guild.threads {
		until := c.query.Get("before")
		if th.parent == ch && th.archived && th.kind != PrivateThread && (until == "" || timestamp(th.archivedAt) < until) {
			all = append(all, th)
		}
	}
	slices.SortStableFunc(all, func(a, b *Channel) int { return b.archivedAt.Compare(a.archivedAt) })
	threads := []object{}
	for _, th := range all[:min(limit, len(all))] {
		threads = append(threads, th.wire())
	}
	return ok(object{"threads": threads, "members": []any{}, "has_more": len(all) > limit}), nil
}

func (c *call) thread() (*Channel, *apiError) {
	th, refused := c.channel()
	switch {
	case refused != nil:
		return nil, refused
	case !th.isThread():
		return nil, wrongChannelType
	case th.archived:
		return nil, threadArchived
	}
	return th, nil
}

func joinThread(c *call) (answer, *apiError) {
	th, refused := c.thread()
	if refused == nil {
		th.enter(c.s.bot)
	}
	return noContent, refused
}

func leaveThread(c *call) (answer, *apiError) {
	th, refused := c.thread()
	if refused == nil {
		th.exit(c.s.bot)
	}
	return noContent, refused
}

func addThreadMember(c *call) (answer, *apiError) {
	th, refused := c.thread()
	if refused == nil {
		refused = c.may(th, SendMessagesInThreads)
	}
	if refused != nil {
		return answer{}, refused
	}
	m := th.guild.members[c.id("user")]
	if m == nil {
		return answer{}, unknownMember
	}
	th.enter(m.user)
	return noContent, nil
}

// threadCap is [MaxThreads], or what [Guild.SetThreadCap] set.
func (g *Guild) threadCap() int { return orDefault(g.maxThreads, MaxThreads) }

// SetThreadCap lowers how many threads may be active at once, so that a test need not
// make a thousand.
func (g *Guild) SetThreadCap(n int) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.maxThreads = n
}
