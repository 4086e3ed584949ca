package bot_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/bot"
)

func TestLinkBoardCode(t *testing.T) {
	t.Parallel()

	t.Run("who_gives_a_code_reads_what_it_opens", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		reads(t, w.say("UZOE", "heed link"), "read all of it, also what only the team sees", "they keep what is on this board")
		w.share()
		reads(t, w.say("UZOE", "heed unlink"), "Whoever decides there goes on reading it, also what only the team sees")
	})
	t.Run("a_wrong_code_changes_nothing_and_a_sixth_is_not_looked_at", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		good := w.code("UZOE", "heed link")
		for range 5 {
			reads(t, w.say("DGIL", "heed link 222-222"), "doesn't work", "Nothing has changed")
		}
		reads(t, w.say("DGIL", "heed link "+good), "too many wrong codes")
		w.clock.move(16 * time.Minute)
		reads(t, w.say("DGIL", "heed link "+w.code("UZOE", "heed link")), "Share a board with Acme (Slack)?")
	})

	t.Run("many_at_once_are_no_more_tries", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() { _, _ = w.bot.Command(context.Background(), w.call("DGIL"), "heed", "link 333-333") })
		}
		all.Wait()
		if n := w.number(`select count(*) from link_misses`); n != 5 {
			t.Errorf("%d codes were looked at, want 5", n)
		}
	})

	t.Run("an_old_one_is_worth_nothing", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		code := w.code("UZOE", "heed link")
		w.clock.move(15*time.Minute + time.Second)
		reads(t, w.say("DGIL", "heed link "+code), "doesn't work")
	})

	t.Run("a_new_one_ends_the_one_before", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		code := w.code("UZOE", "heed link")
		w.code("UZOE", "heed link")
		reads(t, w.say("DGIL", "heed link "+code), "doesn't work")
	})

	t.Run("it_is_for_one_thing", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.share()
		me := w.code("U1", "heed link me")
		w.say("DGIL", "heed unlink")
		w.leave()
		reads(t, w.say("DGIL", "heed link "+me), "doesn't work")
	})

	t.Run("its_own_board_does_not_take_it", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		reads(t, w.say("UZOE", "heed link "+w.code("UZOE", "heed link")), "for this very board")
	})

	t.Run("who_is_no_admin_gets_and_uses_none", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.say("UZOE", "heed help")
		w.say("DGIL", "heed help")
		reads(t, w.say("U1", "heed link"), "Only an admin can")
		reads(t, w.say("D1", "heed link "+w.code("UZOE", "heed link")), "Only an admin can")
		ask := w.say("DGIL", "heed link "+w.code("UZOE", "heed link"))
		reads(t, w.press("D1", ask, "Share the board"), "Only an admin can")
	})

	t.Run("it_dies_with_the_role_of_who_gave_it", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		code := w.code("UZOE", "heed link")
		ask := w.say("DGIL", "heed link "+code)
		w.exec(`update members set is_admin = false where account = 'UZOE'`)
		reads(t, w.press("DGIL", ask, "Share the board"), "doesn't work")
	})

	t.Run("who_typed_it_last_confirms_it", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		code := w.code("UZOE", "heed link")
		ask := w.say("DGIL", "heed link "+code)
		_, err := w.bot.Attach(t.Context(), bot.Workspace{Ref: bot.WorkspaceRef{Platform: bot.Discord, Ref: "G2"}, Name: "Elsewhere"})
		w.must(err)
		other := w.call("DGIL")
		other.Workspace.Ref = "G2"
		r, err := w.bot.Press(t.Context(), other, actionOf(t, ask, "Share the board"))
		w.must(err)
		reads(t, r, "doesn't work")
		w.press("DGIL", ask, "Share the board")
	})

	t.Run("of_two_confirmations_one_counts", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.asks("D1", "Bulk edit")
		ask := w.say("DGIL", "heed link "+w.code("UZOE", "heed link"))
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() { _, _ = w.bot.Press(context.Background(), w.call("DGIL"), actionOf(t, ask, "Share the board")) })
		}
		all.Wait()
		if n := w.number(`select count(*) from items where board_id = $1`, w.here(acme).Board); n != 1 || w.here(w.guildRef).Board != w.here(acme).Board {
			t.Errorf("%d items on the shared board, want 1", n)
		}
		if n := w.number(`select count(*) from history where act = 'board_joined'`); n != 1 {
			t.Errorf("joined %d times", n)
		}
	})

	t.Run("only_its_hash_is_kept", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		code := strings.ReplaceAll(w.code("UZOE", "heed link"), "-", "")
		if n := w.number(`select count(*) from link_codes where position($1::bytea in code_hash) > 0`, []byte(code)); n != 0 {
			t.Error("the code itself is kept")
		}
	})
}

func TestShareABoard(t *testing.T) {
	t.Parallel()

	t.Run("requests_come_with_new_numbers_votes_quotes_and_cards", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.asks("U1", "CSV export")
		w.asks("D1", "Dark mode")
		w.asks("D2", "Bulk edit of tags")
		w.say("D3", "heed vote 1")
		w.say("D3", "heed vote 2")
		w.drain()
		cards := w.guild.count("post")
		ask := w.say("DGIL", "heed link "+w.code("UZOE", "heed link"))
		reads(t, ask, "2 requests with 4 votes", "stays with the team", "heed unlink")
		w.press("DGIL", ask, "Share the board")
		it := w.titled(w.guildRef, "Dark mode")
		if it.Number != 2 || it.Votes != 2 {
			t.Errorf("Dark mode is #%d with %d votes, want #2 with 2", it.Number, it.Votes)
		}
		if bulk := w.titled(w.guildRef, "Bulk edit of tags"); bulk.Number != 3 || bulk.Votes != 2 {
			t.Errorf("Bulk edit is #%d with %d votes, want #3 with 2", bulk.Number, bulk.Votes)
		}
		w.votesHold()
		w.drain()
		if n := w.guild.count("post"); n != cards {
			t.Errorf("%d cards were posted again", n-cards)
		}
		for _, c := range w.guild.in("F1") {
			if card := c.(bot.Card); card.Title == "Dark mode" && card.Number != 2 {
				t.Errorf("the card says #%d", card.Number)
			}
		}
		if n := w.number(`select count(*) from posts where board_id <> $1`, it.Board); n != 0 {
			t.Errorf("%d posts stayed behind", n)
		}
	})

	t.Run("a_thumb_on_an_old_card_finds_the_request", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.asks("U1", "CSV export")
		w.asks("D1", "Dark mode")
		w.drain()
		w.share() // nothing is sent: the card still shows the old number
		p := bot.Post{}
		w.must(w.db.Get(&p.Message, `select message_ref from posts where kind = 'card' and channel_ref = 'F1'`))
		casts, err := w.store.CastVotes(t.Context(), w.clock.Now(), []bot.Ballot{{Workspace: w.guildRef, Account: "D7", Channel: "F1", Message: p.Message, Emoji: "+1", Act: bot.Support, At: w.clock.Now()}})
		w.must(err)
		if it := w.titled(w.guildRef, "Dark mode"); casts[0].Item != it.ID || it.Votes != 2 {
			t.Errorf("the thumb came to item %d (%s), Dark mode has %d votes", casts[0].Item, casts[0].Outcome, it.Votes)
		}
		call := w.call("D8")
		call.Message = p.Message
		r, err := w.bot.Press(t.Context(), call, bot.Act("vote", 1))
		w.must(err)
		if it := w.titled(w.guildRef, "Dark mode"); it.Votes != 3 {
			t.Errorf("pressed on the old card, Dark mode has %d votes: %s", it.Votes, answer(r))
		}
		if it := w.titled(acme, "CSV export"); it.Votes != 1 {
			t.Errorf("CSV export has %d votes, want 1", it.Votes)
		}
	})

	t.Run("old_numbers_say_where_they_went", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.asks("U1", "CSV export")
		w.asks("D1", "Dark mode")
		old := w.say("D1", "heed top")
		form := w.say("D1", "heed edit 1")
		w.share()
		fresh := w.say("D1", "heed show 2")
		for _, b := range buttonsOf(old) {
			if strings.HasPrefix(string(b.Action), "details 1") || strings.HasPrefix(string(b.Action), "vote 1") {
				r, err := w.bot.Press(t.Context(), w.call("D2"), b.Action)
				w.must(err)
				reads(t, r, "#1 is #2 Dark mode now", "Nothing has changed")
			}
		}
		reads(t, w.submit("D1", form, map[string]string{"title": "My very own title"}), "#1 is #2 Dark mode now", "My very own title")
		reads(t, fresh, "Dark mode")
		for _, b := range buttonsOf(fresh) {
			if r, err := w.bot.Press(t.Context(), w.call("D1"), b.Action); err == nil {
				hides(t, r, "changed boards", "is *#")
			}
		}
		reads(t, w.say("DGIL", "heed show 1"), "CSV export", "#1 here was #2 Dark mode")
		reads(t, w.say("D1", "heed show 1"), "#1 is #2 Dark mode now") // the team's own is none of theirs
	})

	t.Run("what_the_team_says_stays_with_the_team", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.asks("U1", "Secret pricing page")
		w.asks("D1", "Dark mode")
		w.share()
		for _, line := range []string{"heed top", "heed search pricing", "heed show 1", "heed roadmap"} {
			hides(t, w.say("D2", line), "Secret")
		}
		reads(t, w.say("U2", "heed top"), "Secret pricing", "Dark mode")
	})

	t.Run("a_failure_on_the_way_is_nothing", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.asks("D1", "Dark mode")
		before := w.tables()
		guild, slack := w.here(w.guildRef), w.here(acme)
		what := bot.Carriage{From: guild.Board, To: slack.Board, Workspaces: []bot.WorkspaceID{guild.ID}, Whole: true}
		err := w.store.InTx(t.Context(), func(tx bot.Tx) error {
			w.must(tx.Carry(t.Context(), what, w.clock.Now()))
			return errors.New("the power goes")
		})
		if err == nil || w.tables() != before {
			t.Errorf("something changed: %v", err)
		}
		reads(t, w.say("D2", "heed vote 1"), "Dark mode")
	})

	t.Run("a_workspace_is_on_one_board", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		w.share()
		_, err := w.bot.Attach(t.Context(), bot.Workspace{Ref: bot.WorkspaceRef{Platform: bot.Slack, Ref: "T9"}, Name: "Third"})
		w.must(err)
		third := w.call("UZOE")
		third.Workspace.Ref = "T9"
		r, err := w.bot.Command(t.Context(), third, "heed", "link")
		w.must(err)
		reads(t, w.say("DGIL", "heed link "+codeWritten.FindString(answer(r))), "shares a board with Acme (Slack) already")
	})

	t.Run("doctor_and_settings_say_who_shares_it", func(t *testing.T) {
		t.Parallel()
		w := newLinkWorld(t)
		reads(t, w.say("UZOE", "heed settings"), "Acme (Slack)'s alone")
		w.share()
		reads(t, w.say("UZOE", "heed settings"), "shared by Acme (Slack) and Acme Community (Discord)")
		found, err := w.bot.Doctor(t.Context())
		w.must(err)
		has(t, found[0].Doc.Plain(), "On this board together: Acme (Slack) and Acme Community (Discord)")
		if len(found) != 1 {
			t.Errorf("%d boards are looked at, want 1: nobody is on the other", len(found))
		}
	})
}
