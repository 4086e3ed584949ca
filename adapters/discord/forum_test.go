package discord_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"heed/adapters/adaptertest"
	"heed/adapters/discord/discordfake"
)

// forum is a guild with a forum that an admin made the intake, from within a post there.
type forum struct {
	*chat
	ideas *discordfake.Channel
}

func newForum(t *testing.T, change func(*chat, *discordfake.Channel), tags ...string) *forum {
	t.Helper()
	return newForumOn(t, newChat(t), change, tags...)
}

func newForumOn(t *testing.T, c *chat, change func(*chat, *discordfake.Channel), tags ...string) *forum {
	t.Helper()
	f := &forum{chat: c}
	f.guild.SetBotPermissions(discordfake.DefaultBotPermissions | discordfake.ManageChannels)
	f.ideas = f.guild.AddForum("ideas", tags...)
	if change != nil {
		change(f.chat, f.ideas)
	}
	welcome, err := f.people[adaptertest.Zoe].Post(f.ideas, "Welcome", "Read this first", f.someTag(tags)...)
	f.ok(err)
	f.channels["welcome"] = welcome
	f.clock.Advance(time.Hour)
	f.Command(adaptertest.Zoe, adaptertest.Feedback, "/heed channel intake off")
	f.Command(adaptertest.Zoe, "welcome", "/heed channel intake")
	f.Settle()
	return f
}

// someTag is a tag for a forum that asks for one.
func (f *forum) someTag(tags []string) []string {
	if len(tags) == 0 {
		return nil
	}
	return tags[:1]
}

// posts begins a post, and waits until Heed has heard of it.
func (f *forum) posts(who, title, words string, tags ...string) *discordfake.Channel {
	f.t.Helper()
	f.clock.Advance(time.Second)
	post, err := f.people[who].Post(f.ideas, title, words, tags...)
	f.ok(err)
	f.heard()
	f.Settle()
	f.channels[title] = post
	return post
}

// card is Heed's card in a post.
func (f *forum) card(post *discordfake.Channel) discordfake.Message {
	f.t.Helper()
	for _, m := range f.discord.Messages(post) {
		if m.AuthorID == f.discord.Bot().ID && len(m.Buttons()) > 0 {
			return m
		}
	}
	f.t.Fatalf("no card in %s: %v", post.Name(), f.texts(post))
	return discordfake.Message{}
}

func (f *forum) texts(post *discordfake.Channel) []string {
	var out []string
	for _, m := range f.discord.Messages(post) {
		out = append(out, m.String())
	}
	return out
}

func (f *forum) reads(post *discordfake.Channel, parts ...string) {
	f.t.Helper()
	text := f.card(post).String()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			f.t.Errorf("%q is not on the card:\n%s", part, text)
		}
	}
}

// TestForumStory is a forum's way from being made the intake to something shipped.
func TestForumStory(t *testing.T) {
	t.Parallel()
	f := newForum(t, nil, "Bug", "Idea")
	post := f.posts(adaptertest.Rui, "Dark mode", "My eyes hurt after nine.", "Idea")
	f.reads(post, "#1 Dark mode", "New", "Asked by Rui", "1 person", "[👍 Vote]", "[Details]")
	if strings.Contains(f.card(post).String(), "Discuss") {
		t.Error("a post is a discussion already")
	}
	if got := post.Tags(); !slices.Equal(got, []string{"Idea", "New"}) {
		t.Errorf("tags of the post: %v", got)
	}
	if got := f.ideas.Tags(); len(got) != 9 || !slices.Contains(got, "Bug") || !slices.Contains(got, "In progress") {
		t.Errorf("tags of the forum: %v", got)
	}

	starter := f.discord.Messages(post)[0]
	f.clock.Advance(time.Second)
	f.ok(f.people[adaptertest.Omar].React(starter, "👍"))
	f.ok(f.people[adaptertest.Ana].React(f.card(post), "👍"))
	f.ok(f.discord.WaitHeard(f.soon()))
	f.Settle()
	f.reads(post, "3 people")

	f.Command(adaptertest.Zoe, "welcome", "/heed role @zoe po")
	f.Command(adaptertest.Zoe, "welcome", "/heed status 1 planned")
	f.Settle()
	f.reads(post, "Planned")
	if got := post.Tags(); !slices.Equal(got, []string{"Idea", "Planned"}) {
		t.Errorf("tags of the post: %v", got)
	}

	f.Command(adaptertest.Zoe, "welcome", "/ship 1")
	f.Submit(adaptertest.Zoe, map[string]string{"note": "Settings → Dark"})
	f.Later(adaptertest.Undo + time.Minute)
	f.reads(post, "Shipped", "Voting closed")
	if got := post.Tags(); !slices.Equal(got, []string{"Idea", "Shipped"}) {
		t.Errorf("tags of the post: %v", got)
	}
	if all := strings.Join(f.texts(post), "\n"); !strings.Contains(all, "You asked, it's here") {
		t.Errorf("nobody was answered in the post:\n%s", all)
	}
	if welcome := f.texts(f.channels["welcome"]); slices.ContainsFunc(welcome, func(s string) bool { return strings.Contains(s, "Welcome") && strings.Contains(s, "[👍 Vote]") }) {
		t.Error("what stood there before became a request")
	}
}

func TestForum(t *testing.T) {
	t.Parallel()
	t.Run("without_message_content_the_title_stands", func(t *testing.T) {
		t.Parallel()
		f := newForum(t, nil)
		post := f.posts(adaptertest.Rui, "Dark mode", "My eyes hurt after nine.")
		f.Command(adaptertest.Rui, "welcome", "/heed show 1")
		shown, _ := f.lastPrivate(adaptertest.Rui)
		if !strings.Contains(shown.Text, "#1 Dark mode") || strings.Contains(shown.Text, "My eyes") {
			t.Errorf("%s", shown.Text)
		}
		f.reads(post, "#1 Dark mode")
	})
	t.Run("with_it_the_words_are_the_request", func(t *testing.T) {
		t.Parallel()
		f := newForumOn(t, newChatWith(t, discordfake.Config{Unchecked: true, Privileged: discordfake.IntentMessageContent}, nil), nil)
		f.posts(adaptertest.Rui, "Dark mode", "My eyes hurt after nine.")
		f.Command(adaptertest.Rui, "welcome", "/heed show 1")
		if shown, _ := f.lastPrivate(adaptertest.Rui); !strings.Contains(shown.Text, "My eyes hurt after nine.") {
			t.Errorf("%s", shown.Text)
		}
	})
	t.Run("a_locked_post_opens_for_who_moderates", func(t *testing.T) {
		t.Parallel()
		f := newForum(t, nil)
		post := f.posts(adaptertest.Rui, "Dark mode", "please")
		post.Lock(true)
		post.Archive()
		f.rested(post, "a moderator locked this post")
		for _, who := range []string{adaptertest.Omar, adaptertest.Zoe} {
			f.ok(f.people[who].PressLabel(f.card(post), "Open it again"))
			f.heard()
			said, _ := f.lastPrivate(who)
			want := map[string]string{adaptertest.Omar: "A moderator locked this post", adaptertest.Zoe: "is open again"}[who]
			if !strings.Contains(said.Text, want) {
				t.Errorf("%s reads %s", who, said.Text)
			}
		}
		f.rested(post, "[👍 Vote]")
	})
	t.Run("told_twice_it_is_one", func(t *testing.T) {
		t.Parallel()
		f := newForum(t, nil)
		post := f.posts(adaptertest.Rui, "Dark mode", "please")
		f.Repeat()
		f.Settle()
		if n := len(f.discord.Messages(post)); n != 2 {
			t.Errorf("%d messages in the post: %v", n, f.texts(post))
		}
		f.Command(adaptertest.Rui, "welcome", "/heed show 2")
		if last, _ := f.lastPrivate(adaptertest.Rui); !strings.Contains(last.Text, "There's no #2") {
			t.Errorf("%s", last.Text)
		}
	})
	t.Run("in_another_forum_nothing_is_read", func(t *testing.T) {
		t.Parallel()
		f := newForum(t, nil)
		other := f.guild.AddForum("memes")
		post, err := f.people[adaptertest.Rui].Post(other, "Dark mode", "please")
		f.ok(err)
		f.heard()
		f.Settle()
		if n := len(f.discord.Messages(post)); n != 1 {
			t.Errorf("Heed answered in it: %v", f.texts(post))
		}
		for _, r := range f.discord.Requests("") {
			if strings.Contains(r.Path, post.ID) {
				t.Errorf("Heed asked for %s %s", r.Method, r.Path)
			}
		}
	})
	t.Run("words_typed_elsewhere_begin_a_post", func(t *testing.T) {
		t.Parallel()
		f := newForum(t, func(_ *chat, ideas *discordfake.Channel) { ideas.RequireTag(true) }, "Idea")
		f.Command(adaptertest.Rui, adaptertest.Support, "/feedback Dark mode please")
		f.Settle()
		var own *discordfake.Channel
		for _, post := range f.discord.Threads(f.ideas) {
			if strings.HasPrefix(post.Name(), "#1 ") {
				own = post
			}
		}
		if own == nil {
			t.Fatalf("no post among %d", len(f.discord.Threads(f.ideas)))
		}
		f.reads(own, "#1 Dark mode please", "[👍 Vote]")
		if got := own.Tags(); !slices.Equal(got, []string{"New"}) {
			t.Errorf("tags of the post: %v", got)
		}
		f.clock.Advance(time.Second)
		f.ok(f.people[adaptertest.Omar].React(f.card(own), "👍"))
		f.ok(f.discord.WaitHeard(f.soon()))
		f.Settle()
		f.reads(own, "2 people")
	})
	t.Run("no_rights_to_tags_leave_the_card_alone", func(t *testing.T) {
		t.Parallel()
		f := newForum(t, func(c *chat, ideas *discordfake.Channel) {
			ideas.DenyUser(c.discord.Bot(), discordfake.ManageThreads|discordfake.ManageChannels)
		})
		post := f.posts(adaptertest.Rui, "Dark mode", "please")
		f.reads(post, "#1 Dark mode")
		if got := post.Tags(); len(got) != 0 {
			t.Errorf("tags of the post: %v", got)
		}
		f.Command(adaptertest.Zoe, "welcome", "/heed setup doctor")
		if last, _ := f.lastPrivate(adaptertest.Zoe); !strings.Contains(last.Text, "Manage Threads") {
			t.Errorf("the doctor says %s", last.Text)
		}
	})
	t.Run("a_forum_full_of_tags_stays_as_it_is", func(t *testing.T) {
		t.Parallel()
		var tags []string
		for i := range 20 {
			tags = append(tags, "tag "+string(rune('a'+i)))
		}
		f := newForum(t, nil, tags...)
		post := f.posts(adaptertest.Rui, "Dark mode", "please", "tag b")
		f.reads(post, "#1 Dark mode")
		if got := post.Tags(); !slices.Equal(got, []string{"tag b"}) || len(f.ideas.Tags()) != 20 {
			t.Errorf("tags of the post: %v, of the forum: %v", got, f.ideas.Tags())
		}
	})
	t.Run("five_tags_of_people_stay", func(t *testing.T) {
		t.Parallel()
		tags := []string{"a", "b", "c", "d", "e"}
		f := newForum(t, nil, tags...)
		post := f.posts(adaptertest.Rui, "Dark mode", "please", tags...)
		f.reads(post, "#1 Dark mode")
		if got := post.Tags(); !slices.Equal(got, tags) {
			t.Errorf("tags of the post: %v", got)
		}
	})
	t.Run("a_closed_post_says_so_and_opens_by_its_button", func(t *testing.T) {
		t.Parallel()
		f := newForum(t, nil)
		post := f.posts(adaptertest.Rui, "Dark mode", "please")
		post.Archive()
		f.rested(post, "Voting paused")
		if !post.Archived() {
			t.Error("Heed left it open")
		}
		edits := f.edits(post)
		f.Command(adaptertest.Omar, "welcome", "/heed vote 1")
		f.Settle()
		if n := f.edits(post); n != edits {
			t.Errorf("edited %d times more while it was closed", n-edits)
		}
		f.clock.Advance(time.Second)
		f.ok(f.people[adaptertest.Omar].PressLabel(f.card(post), "Open it again"))
		f.heard()
		if post.Archived() {
			t.Error("it is closed still")
		}
		f.rested(post, "2 people")
		f.reads(post, "[👍 Vote]")
	})
	t.Run("a_deleted_post_leaves_its_request", func(t *testing.T) {
		t.Parallel()
		f := newForum(t, nil)
		post := f.posts(adaptertest.Rui, "Dark mode", "please")
		post.Delete()
		f.heard()
		f.Settle()
		f.Command(adaptertest.Rui, "welcome", "/heed show 1")
		if last, _ := f.lastPrivate(adaptertest.Rui); !strings.Contains(last.Text, "#1 Dark mode") || strings.Contains(last.Text, post.ID) {
			t.Errorf("%s", last.Text)
		}
	})
	t.Run("what_was_begun_while_heed_was_away_is_taken_in", func(t *testing.T) {
		t.Parallel()
		f := newForum(t, nil)
		post := f.posts(adaptertest.Rui, "Dark mode", "please")
		f.stop()
		f.clock.Advance(time.Minute)
		missed, err := f.people[adaptertest.Omar].Post(f.ideas, "CSV export", "of all items")
		f.ok(err)
		closed, err := f.people[adaptertest.Omar].Post(f.ideas, "Bulk edit", "please")
		f.ok(err)
		f.ok(f.people[adaptertest.Ana].React(f.discord.Messages(missed)[0], "👍"))
		f.ok(f.people[adaptertest.Ana].React(f.discord.Messages(post)[0], "👍"))
		closed.Archive()
		f.clock.Advance(time.Minute)
		f.start()
		f.Settle()
		f.reads(missed, "CSV export", "2 people")
		f.reads(post, "2 people")
		f.reads(closed, "Bulk edit", "[👍 Vote]") // what Heed says in it opened it
		if closed.Archived() {
			t.Error("a card that takes votes stands in a closed post")
		}
	})
}

// rested waits until a card says something: a closed thread counts once it has stayed so.
func (f *forum) rested(post *discordfake.Channel, part string) {
	f.t.Helper()
	f.heard()
	f.Settle()
	f.heard() // what Heed itself opened and closed rests too
	f.Settle()
	f.reads(post, part)
}

// edits counts the edits of messages in a post.
func (f *forum) edits(post *discordfake.Channel) int {
	n := 0
	for _, r := range f.discord.Requests("") {
		if r.Method == "PATCH" && strings.Contains(r.Path, post.ID+"/messages") {
			n++
		}
	}
	return n
}
