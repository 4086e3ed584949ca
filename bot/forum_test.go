package bot_test

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/bot"
)

func TestForumPost(t *testing.T) {
	t.Parallel()
	t.Run("a_post_is_a_request_and_its_card_the_first_answer", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.begins("rui", "t1", "Dark mode", "My eyes hurt after nine.")
		w.settled()
		it := w.numbered(1)
		if it.Title != "Dark mode" || it.Body != "My eyes hurt after nine." || it.Votes != 1 || it.Audience != bot.Community {
			t.Errorf("%+v", it)
		}
		rui, err := w.store.Member(t.Context(), it.Board, it.Author)
		w.must(err)
		if rui.Account != "rui" {
			t.Errorf("asked by %s", rui.Account)
		}
		card, _ := w.cardOf("t1")
		if card.Number != 1 || card.Excerpt != "" || card.AskedBy != "rui" {
			t.Errorf("%+v", card)
		}
		if marks := w.guild.messages["F1/t1"].Marks; !slices.Equal(marks, []string{"+1"}) {
			t.Errorf("marks on the post: %v", marks)
		}
		if n := len(w.guild.in("F1")); n != 1 {
			t.Errorf("%d messages of Heed's in the forum, want the card alone", n)
		}
		if w.guild.tags["t1"] != bot.StatusNew {
			t.Errorf("its tag shows %q", w.guild.tags["t1"])
		}
	})
	t.Run("without_the_words_the_title_stands", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.begins("rui", "t1", "Dark mode", "")
		if it := w.numbered(1); it.Title != "Dark mode" || it.Body != "Dark mode" {
			t.Errorf("%+v", it)
		}
	})
	t.Run("told_twice_or_by_two_at_once_it_is_one", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if err := w.tellsOf(w.forumPost("rui", "t1", "Dark mode", "please")); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := w.numberOfItems(); n != 1 {
			t.Errorf("%d items", n)
		}
		w.settled()
		if n := w.guild.count("post"); n != 1 {
			t.Errorf("%d cards", n)
		}
	})
	t.Run("reactions_on_the_post_and_on_its_card_are_votes", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.begins("rui", "t1", "Dark mode", "please", "omar", "BG")
		w.settled()
		_, card := w.cardOf("t1")
		w.reactsIn("lena", "t1", bot.Support)
		w.reactsIn("mira", card, bot.Support)
		w.reactsIn("mira", "t1", bot.Support) // twice the same person
		if n := w.count(w.numbered(1)); n != 4 {
			t.Errorf("%d votes, want rui, omar, lena and mira", n)
		}
		w.reactsIn("omar", "t1", bot.Retract)
		if n := w.count(w.numbered(1)); n != 3 {
			t.Errorf("%d votes after one was taken back", n)
		}
	})
	t.Run("another_forum_is_none_of_heeds_business", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		call := bot.Call{Workspace: acmeGuild, Channel: bot.ChannelSeen{Ref: "F2"}}
		w.must(w.bot.Posted(t.Context(), call, w.forumPost("rui", "t1", "Dark mode", "please")))
		for channel, want := range map[string]bool{"F1": true, "F2": false, "D1": false, "F9": false} {
			takes, err := w.bot.TakesPosts(t.Context(), acmeGuild, channel)
			w.must(err)
			if takes != want {
				t.Errorf("takes posts of %s: %v", channel, takes)
			}
		}
		if n := w.numberOfItems(); n != 0 {
			t.Errorf("%d items", n)
		}
	})
	t.Run("bots_and_heed_itself_ask_for_nothing", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.begins("BG", "t1", "Dark mode", "please")
		p := w.forumPost("otherbot", "t2", "Dark mode", "please")
		p.Author.Bot, p.First.Author.Bot = true, true
		w.must(w.tellsOf(p))
		if n := w.numberOfItems(); n != 0 {
			t.Errorf("%d items", n)
		}
	})
	t.Run("something_alike_is_marked_for_triage", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.begins("rui", "t1", "Dark mode", "please")
		w.clock.move(time.Minute)
		w.begins("omar", "t2", "Dark mode", "for the night")
		if it := w.numbered(2); !it.Triage || it.MaybeSame != w.numbered(1).ID {
			t.Errorf("%+v", it)
		}
	})
	t.Run("more_than_a_days_worth_is_kept_and_said_so", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		for i, title := range []string{"Dark mode", "CSV export", "Bulk edit", "Invoice PDF", "Faster search", "Saved filters"} {
			w.clock.move(time.Second) // no pause between posts is asked for
			w.begins("rui", "t"+string(rune('1'+i)), title, "")
		}
		w.settled()
		if n := w.numberOfItems(); n != 5 {
			t.Fatalf("%d items, want a day's 5", n)
		}
		reads(t, bot.Say{Doc: w.guild.messages[inThread(w.guild, "t6")].Content.(bot.Note).Doc}, "isn't a request yet", "/heed mine")
		mine := w.guildSays("rui", "D1", "/heed mine")
		reads(t, mine, "Saved filters", "[Send as feedback]")
		w.clock.move(25 * time.Hour)
		for _, b := range buttonsOf(mine) {
			if b.Label == "Send as feedback" {
				w.guildPresses("rui", "D1", b.Action)
			}
		}
		w.settled()
		if card, _ := w.cardOf("t6"); card.Title != "Saved filters" {
			t.Errorf("%+v", card)
		}
	})
	t.Run("a_newcomers_post_waits_for_a_moderator", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.roles("UANA pm")
		p := w.forumPost("rui", "t1", "Dark mode", "please")
		p.Author.JoinedAt = w.clock.Now().Add(-time.Hour)
		p.First.Votes = []bot.Reacted{{Account: "omar", Emoji: "+1"}}
		w.must(w.tellsOf(p))
		w.settled()
		if n := w.numberOfItems(); n != 0 {
			t.Fatalf("%d items before anybody looked", n)
		}
		at := inThread(w.guild, "t1")
		reads(t, bot.Say{Doc: w.guild.messages[at].Content.(bot.Note).Doc}, "A moderator looks at this first")
		r := w.says("UANA", "C1", "/heed held")
		reads(t, r, "please", "[Approve]")
		w.presses("UANA", "C1", r, "Approve")
		w.settled()
		if it := w.numbered(1); it.Title != "Dark mode" || it.Votes != 2 {
			t.Errorf("%+v", it)
		}
		if card, _ := w.cardOf("t1"); card.Number != 1 {
			t.Errorf("%+v", card)
		}
		for at, m := range w.guild.messages {
			if n, ok := m.Content.(bot.Note); ok && strings.Contains(n.Doc.Plain(), "A moderator looks") {
				t.Errorf("%s still says that it waits", at)
			}
		}
	})
	t.Run("of_whom_nobody_says_when_they_joined_waits_too", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.guild.members = map[string]bot.MemberSeen{"gone": {Account: "gone", Gone: true, Complete: true}}
		w.guild.fail = func(call, at string) error {
			if call == "member" && at == "silent" {
				return &bot.Fault{Kind: bot.FaultTransient, Reason: "http_503"}
			}
			return nil
		}
		for i, who := range []string{"gone", "silent"} {
			p := w.forumPost(who, "t"+strconv.Itoa(i), "Buy pills from "+who, "now")
			p.Author = bot.MemberSeen{Account: who, Name: who}
			w.must(w.tellsOf(p))
		}
		if n := w.numberOfItems(); n != 0 {
			t.Errorf("%d items before anybody looked", n)
		}
	})
	t.Run("a_database_that_is_away_is_told_again", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		_ = w.db.Close()
		if err := w.tellsOf(w.forumPost("rui", "t1", "Dark mode", "please")); err == nil {
			t.Error("taken for done")
		}
	})
}

// inThread is where Heed's message in a conversation stands.
func inThread(c *chat, thread string) string {
	for at, m := range c.messages {
		if m.Thread == thread && m.Content != nil {
			return at
		}
	}
	return ""
}

func TestForumTag(t *testing.T) {
	t.Parallel()
	t.Run("the_tag_follows_the_status", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.roles("UANA pm")
		w.begins("rui", "t1", "Dark mode", "please")
		w.settled()
		w.says("UANA", "C1", "/heed status 1 planned")
		w.settled()
		if w.guild.tags["t1"] != bot.StatusPlanned {
			t.Errorf("its tag shows %q", w.guild.tags["t1"])
		}
		before := w.guild.count("tag")
		w.reactsIn("lena", "t1", bot.Support)
		w.settled()
		if card, _ := w.cardOf("t1"); card.Votes != 2 || w.guild.count("tag") != before {
			t.Errorf("a vote set the tag again: %d, then %d; %d votes", before, w.guild.count("tag"), card.Votes)
		}
	})
	t.Run("merged_it_shows_none", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.roles("UANA pm")
		w.begins("rui", "t1", "Dark mode", "please")
		w.begins("omar", "t2", "Night colours", "please")
		w.settled()
		w.says("UANA", "C1", "/heed merge 2 into 1")
		w.settled()
		if w.guild.tags["t2"] != "" || w.guild.tags["t1"] != bot.StatusNew {
			t.Errorf("%v", w.guild.tags)
		}
	})
	t.Run("refused_the_card_stands_all_the_same_and_the_doctor_knows", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.roles("UZOE admin")
		w.guild.fail = func(call, _ string) error {
			if call == "tag" {
				return &bot.Fault{Kind: bot.FaultForbidden, Reason: "discord_50013"}
			}
			return nil
		}
		w.begins("rui", "t1", "Dark mode", "please")
		w.begins("rui", "t2", "CSV export", "please")
		w.settled()
		if card, _ := w.cardOf("t1"); card.Number != 1 {
			t.Errorf("%+v", card)
		}
		if n := w.guild.count("tag"); n != 1 {
			t.Errorf("asked %d times in a forum that refuses", n)
		}
		reads(t, w.says("UZOE", "C1", "/heed doctor"), "doesn't show as a tag", "Manage Threads")
		w.guild.fail = nil
		w.clock.move(11 * time.Minute)
		w.reactsIn("lena", "t1", bot.Support)
		w.settled()
		if w.guild.tags["t1"] != bot.StatusNew {
			t.Errorf("allowed by now, its tag shows %q", w.guild.tags["t1"])
		}
	})
	t.Run("too_fast_it_is_set_later", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.guild.fail = func(call, _ string) error {
			if call == "tag" && w.guild.countLocked("tag") == 1 {
				return &bot.Fault{Kind: bot.FaultLimited, Reason: "ratelimited", RetryAfter: 7 * time.Second}
			}
			return nil
		}
		w.begins("rui", "t1", "Dark mode", "please")
		w.settled()
		w.clock.move(8 * time.Second)
		w.settled()
		if w.guild.tags["t1"] != bot.StatusNew || w.guild.count("post") != 1 {
			t.Errorf("%v after %v", w.guild.tags, w.guild.calls)
		}
	})
}

func TestForumHome(t *testing.T) {
	t.Parallel()
	t.Run("words_typed_elsewhere_begin_a_post_of_their_own", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.guildSays("rui", "D1", "/feedback dark mode")
		w.settled()
		card, ref := w.cardOf("m1")
		if card.Number != 1 || ref != "m1" || card.Excerpt != "" {
			t.Errorf("%+v as %s", card, ref)
		}
		if p := w.post("card:" + key(w, 1)); p.Thread != "m1" || p.Message != "m1" {
			t.Errorf("%+v", p)
		}
		if w.guild.tags["m1"] != bot.StatusNew {
			t.Errorf("tags: %v", w.guild.tags)
		}
		w.begins("BG", "m1", "#1 dark mode", "") // as the gateway tells of it
		if n := w.numberOfItems(); n != 1 {
			t.Errorf("%d items", n)
		}
	})
	t.Run("ship_answers_in_the_post", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.roles("UBEN po")
		w.begins("rui", "t1", "Dark mode", "please")
		w.settled()
		w.says("UBEN", "C1", "/heed status 1 planned")
		form := w.says("UBEN", "C1", "/ship 1 It's dark")
		w.fills("UBEN", "C1", form, map[string]string{"note": "Settings → Dark"})
		w.clock.move(10 * time.Minute)
		w.settled()
		found := false
		for _, m := range w.guild.messages {
			if note, ok := m.Content.(bot.Note); ok && m.Thread == "t1" {
				found = true
				reads(t, bot.Say{Doc: note.Doc}, "You asked, it's here", "Settings → Dark")
			}
		}
		if !found || w.guild.tags["t1"] != bot.StatusShipped {
			t.Errorf("answered: %v, tag %q", found, w.guild.tags["t1"])
		}
	})
}

// key is what a card's key ends with: item, workspace and channel of the forum.
func key(w *world, number int) string {
	g, err := w.store.Workspace(w.t.Context(), acmeGuild)
	w.must(err)
	return idText(int64(w.numbered(number).ID)) + ":" + idText(int64(g.ID)) + ":F1"
}
