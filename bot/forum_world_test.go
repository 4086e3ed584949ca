package bot_test

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"heed/bot"
)

// Tag shows a status as the tag of a conversation.
func (c *chat) Tag(_ context.Context, to bot.Destination, s bot.Status) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.begin("tag", to.Channel+"/"+to.Thread); err != nil {
		return err
	}
	if c.tags == nil {
		c.tags = map[string]bot.Status{}
	}
	c.tags[to.Thread] = s
	return nil
}

// Reopen opens a conversation.
func (c *chat) Reopen(_ context.Context, to bot.Destination) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.begin("reopen", to.Channel+"/"+to.Thread)
}

// ForumPosts lists what the test put into the forum.
func (c *chat) ForumPosts(_ context.Context, _ bot.Workspace, channel string, since time.Time, others []string) ([]bot.ForumPost, map[string]bot.Paused, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.begin("posts", channel); err != nil {
		return nil, nil, err
	}
	var out []bot.ForumPost
	states := map[string]bot.Paused{}
	for _, p := range c.forum {
		if !p.At.Before(since) {
			out = append(out, p)
		}
		if slices.Contains(others, p.Thread) || c.paused[p.Thread] == "" {
			states[p.Thread] = c.paused[p.Thread]
		}
	}
	return out, states, nil
}

// inForum is a world with a forum, F1, that is the guild's intake.
func inForum(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	g := w.joinGuild()
	w.guildChannel(g, "D1", bot.Community, func(c *bot.Channel) { c.Intake, c.Main = false, false })
	yes := true
	_, err := w.store.MeetChannel(t.Context(), g.Board, g.ID, bot.ChannelSeen{Ref: "F1", Name: "ideas", Kind: bot.PublicChannel, Forum: &yes}, bot.Community)
	w.must(err)
	w.guildChannel(g, "F1", bot.Community, func(c *bot.Channel) { c.Intake, c.Main = true, true })
	return w
}

// begins is a post that somebody begins in the forum.
func (w *world) begins(account, thread, title, words string, reactors ...string) {
	w.t.Helper()
	p := w.forumPost(account, thread, title, words)
	for _, who := range reactors {
		p.First.Votes = append(p.First.Votes, bot.Reacted{Account: who, Emoji: "+1"})
	}
	w.must(w.tellsOf(p))
}

func (w *world) forumPost(account, thread, title, words string) bot.ForumPost {
	author := bot.MemberSeen{Account: account, Name: account, Complete: true}
	return bot.ForumPost{
		Thread: thread, Title: title, Author: author, At: w.clock.Now(),
		First: bot.Heard{Message: thread, Thread: thread, Author: author, Words: words, Permalink: "https://chat.example/F1/" + thread},
	}
}

func (w *world) tellsOf(p bot.ForumPost) error {
	return w.bot.Posted(w.t.Context(), bot.Call{Workspace: acmeGuild, Channel: bot.ChannelSeen{Ref: "F1"}}, p)
}

// reactsIn is a reaction on a message in the forum.
func (w *world) reactsIn(account, message string, act bot.BallotAct) {
	w.t.Helper()
	w.clock.move(time.Second)
	w.must(w.bot.React(w.t.Context(), []bot.Ballot{{
		Workspace: acmeGuild, Account: account, Channel: "F1", Message: message, Emoji: "+1", Act: act, At: w.clock.Now(),
	}}))
}

// cardOf is the one card that stands in a conversation, and its message.
func (w *world) cardOf(thread string) (bot.Card, string) {
	w.t.Helper()
	for at, m := range w.guild.messages {
		if card, ok := m.Content.(bot.Card); ok && (m.Thread == thread || at == "F1/"+thread) {
			_, ref, _ := cut(at)
			return card, ref
		}
	}
	w.t.Fatalf("no card in the post %s: %v", thread, w.guild.messages)
	return bot.Card{}, ""
}

// forumAt is a post that began long ago.
func (c *chat) forumAt(thread string) bot.ForumPost {
	return bot.ForumPost{Thread: thread, Title: "x", Author: bot.MemberSeen{Account: "rui"}, At: monday.AddDate(0, -1, 0)}
}

func idText(id int64) string { return strconv.FormatInt(id, 10) }
