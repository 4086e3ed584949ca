package bot_test

import (
	"errors"
	"slices"
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

func TestForumPaused(t *testing.T) {
	t.Parallel()
	begun := func(t *testing.T) (*world, string) {
		t.Helper()
		w := inForum(t)
		w.roles("UANA pm")
		w.begins("rui", "t1", "Dark mode", "please")
		w.settled()
		_, card := w.cardOf("t1")
		return w, card
	}
	press := func(w *world, account, card string) bot.Reply {
		call := w.onGuild(account, "F1")
		call.Message, call.Thread = card, "t1"
		r, err := w.bot.Press(w.t.Context(), call, "openagain 1")
		w.must(err)
		return r
	}
	t.Run("archived_the_card_says_so_once_and_anybody_opens_it", func(t *testing.T) {
		t.Parallel()
		w, card := begun(t)
		w.must(w.bot.ThreadChanged(t.Context(), acmeGuild, "F1", "t1", bot.PausedArchived))
		w.settled()
		if c, _ := w.cardOf("t1"); c.Paused != bot.PausedArchived {
			t.Fatalf("%+v", c)
		}
		before := w.guild.count("update")
		w.must(w.bot.ThreadChanged(t.Context(), acmeGuild, "F1", "t1", bot.PausedArchived)) // told again
		w.guildSays("omar", "D1", "/heed vote 1")                                           // and counted, but not shown yet
		w.settled()
		if n := w.guild.count("update"); n != before {
			t.Errorf("a paused card was edited %d times more", n-before)
		}
		reads(t, press(w, "omar", card), "open again")
		w.settled()
		if c, _ := w.cardOf("t1"); c.Paused != "" || c.Votes != 2 {
			t.Errorf("%+v", c)
		}
		reads(t, press(w, "omar", card), "is open")
	})
	t.Run("locked_only_who_moderates_opens_it", func(t *testing.T) {
		t.Parallel()
		w, card := begun(t)
		w.must(w.bot.ThreadChanged(t.Context(), acmeGuild, "F1", "t1", bot.PausedLocked))
		w.settled()
		reads(t, press(w, "omar", card), "A moderator locked this")
		if n := w.guild.count("reopen"); n != 0 {
			t.Errorf("asked %d times", n)
		}
	})
	for name, c := range map[string]struct {
		kind bot.FaultKind
		want string
	}{
		"full": {bot.FaultFull, "as many open posts"}, "forbidden": {bot.FaultForbidden, "Manage Threads"},
		"gone": {bot.FaultGone, "was deleted"}, "away": {bot.FaultTransient, "press again in a minute"},
	} {
		t.Run(name+"_is_said", func(t *testing.T) {
			t.Parallel()
			w, card := begun(t)
			w.must(w.bot.ThreadChanged(t.Context(), acmeGuild, "F1", "t1", bot.PausedArchived))
			w.guild.fail = func(call, _ string) error {
				if call == "reopen" {
					return &bot.Fault{Kind: c.kind}
				}
				return nil
			}
			reads(t, press(w, "omar", card), c.want)
		})
	}
	t.Run("a_closed_request_has_nothing_to_pause", func(t *testing.T) {
		t.Parallel()
		w, _ := begun(t)
		w.says("UANA", "C1", "/heed status 1 declined it is out of scope")
		w.settled()
		before := w.guild.count("update")
		w.must(w.bot.ThreadChanged(t.Context(), acmeGuild, "F1", "t1", bot.PausedArchived))
		w.settled()
		if c, _ := w.cardOf("t1"); c.Paused != "" || w.guild.count("update") != before {
			t.Errorf("%+v, edited %d times", c, w.guild.count("update")-before)
		}
	})
	t.Run("a_deleted_post_keeps_its_request", func(t *testing.T) {
		t.Parallel()
		w, card := begun(t)
		w.must(w.bot.ThreadGone(t.Context(), acmeGuild, "F1", "t1"))
		delete(w.guild.messages, "F1/"+card)
		w.settled()
		if it := w.numbered(1); it.Votes != 1 || !it.GoneAt.IsZero() {
			t.Errorf("%+v", it)
		}
		if n := w.number(`select count(*) from posts where kind = 'card' and channel_ref = 'F1' and gone_at is null`); n != 0 {
			t.Errorf("%d cards stand", n)
		}
		r := w.guildSays("rui", "D1", "/heed show 1")
		reads(t, r, "Dark mode")
		hides(t, r, "chat.example")
		if _, err := w.bot.Press(t.Context(), w.by("UANA", "C1"), "putback 1"); err != nil {
			t.Fatal(err)
		}
		w.settled()
		if cards := cardsIn(w.guild, "F1"); len(cards) != 1 { // as a post of its own
			t.Errorf("%d cards in the forum", len(cards))
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

func TestForumGap(t *testing.T) {
	t.Parallel()
	t.Run("posts_begun_while_away_are_taken_in", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.begins("rui", "t1", "Dark mode", "please")
		w.settled()
		since := w.clock.Now().Add(30 * time.Minute)
		old := w.forumPost("mira", "t0", "From before", "not asked here")
		old.At = since.Add(-time.Hour)
		w.clock.move(time.Hour)
		missed := w.forumPost("omar", "t2", "CSV export", "of all items")
		missed.First.Votes = []bot.Reacted{{Account: "lena", Emoji: "+1"}}
		w.guild.forum = []bot.ForumPost{old, w.guild.forumAt("t1"), missed}
		w.must(w.bot.Gap(t.Context(), acmeGuild, since))
		_, err := w.bot.ReconcileOnce(t.Context())
		w.must(err)
		if n := w.numberOfItems(); n != 2 {
			t.Fatalf("%d items", n)
		}
		if it := w.numbered(2); it.Title != "CSV export" || it.Votes != 2 {
			t.Errorf("%+v", it)
		}
	})
	t.Run("posts_from_before_the_forum_was_an_intake_stay_as_they_are", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.roles("UZOE admin")
		since := w.clock.Now()
		w.clock.move(time.Minute)
		before := w.forumPost("rui", "t1", "Dark mode", "please")
		w.clock.move(time.Hour)
		for _, line := range []string{"/heed channel intake off", "/heed channel intake on"} {
			name, text, _ := strings.Cut(line, " ")
			call := w.onGuild("zoe", "F1")
			call.Member.Admin = true
			if _, err := w.bot.Command(t.Context(), call, name, text); err != nil {
				t.Fatal(err)
			}
		}
		w.clock.move(time.Minute)
		w.guild.forum = []bot.ForumPost{before, w.forumPost("omar", "t2", "CSV export", "please")}
		w.must(w.bot.Gap(t.Context(), acmeGuild, since))
		_, err := w.bot.ReconcileOnce(t.Context())
		w.must(err)
		if n := w.numberOfItems(); n != 1 || w.numbered(1).Title != "CSV export" {
			t.Errorf("%d items", n)
		}
	})
	t.Run("posts_closed_and_opened_while_away_say_so", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.begins("rui", "t1", "Dark mode", "please")
		w.begins("rui", "t2", "CSV export", "please")
		w.settled()
		w.must(w.bot.ThreadChanged(t.Context(), acmeGuild, "F1", "t2", bot.PausedArchived))
		w.settled()
		w.guild.forum = []bot.ForumPost{w.guild.forumAt("t1"), w.guild.forumAt("t2")}
		w.guild.paused = map[string]bot.Paused{"t1": bot.PausedLocked}
		w.must(w.bot.Gap(t.Context(), acmeGuild, w.clock.Now().Add(time.Hour)))
		_, err := w.bot.ReconcileOnce(t.Context())
		w.must(err)
		w.settled()
		one, _ := w.cardOf("t1")
		two, _ := w.cardOf("t2")
		if one.Paused != bot.PausedLocked || two.Paused != "" {
			t.Errorf("%q and %q", one.Paused, two.Paused)
		}
	})
	t.Run("a_forum_that_may_not_be_read_ends_the_gap_all_the_same", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.guild.fail = func(call, _ string) error {
			if call == "posts" {
				return &bot.Fault{Kind: bot.FaultForbidden}
			}
			return nil
		}
		w.must(w.bot.Gap(t.Context(), acmeGuild, w.clock.Now()))
		_, err := w.bot.ReconcileOnce(t.Context())
		w.must(err)
		if n := w.number(`select count(*) from workspaces where gap_since is not null`); n != 0 {
			t.Errorf("%d gaps stay open", n)
		}
	})
	t.Run("a_forum_that_does_not_answer_keeps_it_open", func(t *testing.T) {
		t.Parallel()
		w := inForum(t)
		w.guild.fail = func(call, _ string) error {
			if call == "posts" {
				return errors.New("away")
			}
			return nil
		}
		w.must(w.bot.Gap(t.Context(), acmeGuild, w.clock.Now()))
		if _, err := w.bot.ReconcileOnce(t.Context()); err == nil {
			t.Error("taken for read")
		}
	})
}
