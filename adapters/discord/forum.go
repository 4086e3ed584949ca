package discord

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"heed/bot"
)

var _ bot.ForumReader = (*Messenger)(nil)

const (
	// archivedPage is how many closed posts one call lists, archivedPages how many calls
	// a gap is worth.
	// https://docs.discord.com/developers/resources/channel#list-public-archived-threads
	archivedPage  = 100
	archivedPages = 20
	// starterWait is how long a post's first message may take to be there: Discord tells of
	// the post before it.
	starterWait = 10 * time.Second
	// maxStates bounds how many posts are asked for one by one after a gap.
	maxStates = 200
)

// forum tells whether a channel holds posts and no messages.
func (c wireChannel) forum() bool { return c.Type == channelForum || c.Type == channelMedia }

// forumPost is a post with its first message, which has the post's own id. What is
// written there is empty unless Discord lets Heed read what people write.
// https://docs.discord.com/developers/events/gateway#message-content-intent
func (m *Messenger) forumPost(ctx context.Context, guild string, t wireChannel) (bot.ForumPost, error) {
	began := snowflakeTime(t.ID)
	p := bot.ForumPost{
		Thread: t.ID, Title: t.Name, At: began, Paused: t.paused(), Author: bot.MemberSeen{Account: t.OwnerID},
		First: bot.Heard{Message: t.ID, Thread: t.ID, At: began, Permalink: "https://discord.com/channels/" + guild + "/" + t.ID},
	}
	first, err := get[targetMessage](ctx, m.rest, at(http.MethodGet, "channels", t.ID, "messages", t.ID))
	switch {
	case refusedWith(err, unknownMessage) && m.clock.Now().Sub(began) < starterWait:
		return p, err // not there yet
	case bot.FaultOf(err).Kind == bot.FaultGone || bot.FaultOf(err).Kind == bot.FaultForbidden:
		return p, nil // deleted, or not for Heed to read: the title stands
	case err != nil:
		return p, err
	}
	if first.Author.ID == t.OwnerID {
		p.Author = memberSeen(wireMember{User: first.Author}, false)
		p.Author.Complete = false
		p.Author.Bot = p.Author.Bot || first.WebhookID != ""
	}
	p.First.Author, p.First.Words, p.First.Pictures = p.Author, first.words(), first.pictures()
	if len(first.Reactions) > 0 {
		if p.First.Votes, err = m.Reactions(ctx, bot.Workspace{}, t.ID, t.ID); err != nil {
			return p, err
		}
	}
	return p, nil
}

// wireThreads is a list of threads.
type wireThreads struct {
	Threads []wireChannel `json:"threads"`
	More    bool          `json:"has_more"`
}

// ForumPosts lists the posts of a forum since an instant, and how others are; see
// bot.ForumReader.
func (m *Messenger) ForumPosts(ctx context.Context, w bot.Workspace, channel string, since time.Time, others []string) ([]bot.ForumPost, map[string]bot.Paused, error) {
	own, err := m.self(ctx)
	if err != nil {
		return nil, nil, err
	}
	all, err := m.activeThreads(ctx, w.Ref.Ref, channel)
	if err != nil {
		return nil, nil, err
	}
	closed, err := m.archivedThreads(ctx, channel, since)
	if err != nil {
		return nil, nil, err
	}
	all = append(all, closed...)
	states := map[string]bot.Paused{}
	var begun []wireChannel
	for _, t := range all {
		states[t.ID] = t.paused()
		if t.OwnerID != own.user && !snowflakeTime(t.ID).Before(since) {
			begun = append(begun, t)
		}
	}
	asked := 0
	for _, thread := range others {
		if _, told := states[thread]; told || asked == maxStates {
			continue
		}
		asked++
		t, err := get[wireChannel](ctx, m.rest, at(http.MethodGet, "channels", thread))
		if bot.FaultOf(err).Kind == bot.FaultGone {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		states[thread] = t.paused()
	}
	slices.SortFunc(begun, func(a, b wireChannel) int { return snowflakeTime(a.ID).Compare(snowflakeTime(b.ID)) })
	var posts []bot.ForumPost
	for _, t := range begun {
		p, err := m.forumPost(ctx, w.Ref.Ref, t)
		if err != nil {
			return nil, nil, err
		}
		posts = append(posts, p)
	}
	return posts, states, nil
}

// activeThreads are the open threads of a channel.
// https://docs.discord.com/developers/resources/guild#list-active-guild-threads
func (m *Messenger) activeThreads(ctx context.Context, guild, channel string) ([]wireChannel, error) {
	list, err := get[wireThreads](ctx, m.rest, at(http.MethodGet, "guilds", guild, "threads", "active"))
	if err != nil {
		return nil, err
	}
	var out []wireChannel
	for _, t := range list.Threads {
		if t.ParentID == channel {
			out = append(out, t)
		}
	}
	return out, nil
}

// archivedThreads are those that were closed since an instant: one that was begun since
// then and is closed is among them. The one closed last comes first.
func (m *Messenger) archivedThreads(ctx context.Context, channel string, since time.Time) ([]wireChannel, error) {
	var out []wireChannel
	before := ""
	for range archivedPages {
		query := url.Values{"limit": {strconv.Itoa(archivedPage)}}
		if before != "" {
			query.Set("before", before)
		}
		page, err := get[wireThreads](ctx, m.rest, at(http.MethodGet, "channels", channel, "threads", "archived", "public").with(query))
		if err != nil {
			return nil, err
		}
		for _, t := range page.Threads {
			if t.ThreadMetadata == nil {
				continue
			}
			closed, err := time.Parse(time.RFC3339, t.ThreadMetadata.At)
			if err == nil && closed.Before(since) {
				return out, nil
			}
			out, before = append(out, t), t.ThreadMetadata.At
		}
		if !page.More || len(page.Threads) == 0 {
			break
		}
	}
	return out, nil
}

// begin begins a post in a forum with what is sent, and answers it. A forum may ask for
// a tag on every post.
// https://docs.discord.com/developers/resources/channel#start-thread-in-forum-or-media-channel
func (m *Messenger) begin(ctx context.Context, to bot.Destination, body message, c bot.Content) (bot.Sent, error) {
	body.Nonce, body.EnforceNonce = "", false // a post takes none; the key stands in the components
	post := struct {
		Name    string   `json:"name"`
		Message message  `json:"message"`
		Tags    []string `json:"applied_tags,omitempty"`
	}{Name: postName(c), Message: body}
	if card, ok := c.(bot.Card); ok {
		post.Tags, _ = m.statusTag(ctx, to.Channel, card.Status) // [Messenger.Tag] tells what is wrong
	}
	send := func() (wireChannel, error) {
		var begun wireChannel
		err := m.rest.call(ctx, at(http.MethodPost, "channels", to.Channel, "threads"), post, &begun)
		return begun, err
	}
	begun, err := send()
	if refusedWith(err, tagRequired) && len(post.Tags) == 0 {
		if post.Tags, err = m.anyTag(ctx, to.Channel); err == nil {
			begun, err = send()
		}
	}
	if err != nil {
		return bot.Sent{}, err
	}
	to.Thread = begun.ID
	sent := sentAs(to, to.Channel, wireMessage{ID: begun.ID})
	sent.Thread = begun.ID
	return sent, nil
}

// postName is what a post of Heed's own is called.
func postName(c bot.Content) string {
	name := ""
	switch c := c.(type) {
	case bot.Card:
		name = "#" + strconv.Itoa(c.Number) + " " + c.Title
	case bot.Digest:
		name = c.Headline
	case bot.Note:
		name = c.Doc.Plain()
	case bot.Announcement:
		name = c.Doc.Plain()
	}
	name, _, _ = strings.Cut(strings.TrimSpace(name), "\n")
	if name = oneLine(name); name == "" {
		name = "Heed"
	}
	return cut(name, maxThreadName)
}

// findBegun looks for a post of Heed's own in a forum by its key.
func (m *Messenger) findBegun(ctx context.Context, to bot.Destination, key string, since time.Time) (bot.Sent, bool, error) {
	own, err := m.self(ctx)
	if err != nil {
		return bot.Sent{}, false, err
	}
	all, err := m.activeThreads(ctx, to.Workspace.Ref.Ref, to.Channel)
	if err != nil {
		return bot.Sent{}, false, err
	}
	for _, t := range all {
		if t.OwnerID != own.user || snowflakeTime(t.ID).Before(since.Add(-findSlack)) {
			continue
		}
		first, err := get[wireMessage](ctx, m.rest, at(http.MethodGet, "channels", t.ID, "messages", t.ID))
		if bot.FaultOf(err).Kind == bot.FaultGone {
			continue
		}
		if err != nil {
			return bot.Sent{}, false, err
		}
		if carries(first, key) {
			to.Thread = t.ID
			sent := sentAs(to, to.Channel, first)
			sent.Thread = t.ID
			return sent, true, nil
		}
	}
	return bot.Sent{}, false, nil
}
