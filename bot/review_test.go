package bot_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/bot"
)

// newcomer makes somebody join the workspace so long ago.
func (w *deskWorld) newcomer(t *testing.T, account string, ago time.Duration) {
	t.Helper()
	w.member(t, account)
	w.exec(t, `update members set joined_at = $1 where account = $2`, w.clock.Now().Add(-ago), account)
}

// waits is how many words wait for a moderator.
func (w *deskWorld) waits(t *testing.T) int {
	t.Helper()
	return w.count(t, `select count(*) from held where why = 'review' and settled_at is null`)
}

// shown is everything that the community can read of the board: lists, details, cards.
func (w *deskWorld) shown(t *testing.T) string {
	t.Helper()
	w.dispatch(t)
	out := plain(w.say(t, "UOMAR", "/heed", "top 50"))
	for n := 1; n <= w.count(t, `select count(*) from items`); n++ {
		out += plain(w.say(t, "UOMAR", "/heed", fmt.Sprintf("show %d", n)))
	}
	for _, channel := range []string{"CFEEDBACK", "CSUPPORT", "CNEWS"} {
		for _, m := range w.to(channel) {
			out += m.words()
		}
	}
	return out
}

func (w *deskWorld) unseen(t *testing.T, words string) {
	t.Helper()
	if s := w.shown(t); strings.Contains(s, words) {
		t.Errorf("%q can be read:\n%s", words, s)
	}
}

// TestReview_no_way_around goes every way on which a newcomer's words could reach
// others' eyes.
func TestReview_no_way_around(t *testing.T) {
	t.Parallel()
	spam := "Buy cheap watches"
	const kept = "A moderator looks"
	ways := map[string]func(t *testing.T, w *deskWorld){
		"command": func(t *testing.T, w *deskWorld) {
			w.says(t, w.say(t, "URUI", "/feedback", spam), kept, "usually within a day", spam, "/heed mine")
		},
		"behind_heed": func(t *testing.T, w *deskWorld) { w.says(t, w.say(t, "URUI", "/heed", "feedback "+spam), kept) },
		"form_with_a_title": func(t *testing.T, w *deskWorld) {
			form := w.form(t, w.say(t, "URUI", "/feedback", ""))
			w.says(t, w.submit(t, "URUI", form, map[string]string{"words": "All is well", "title": spam}), kept)
		},
		"direct_message": func(t *testing.T, w *deskWorld) {
			call := w.call("URUI")
			call.Channel = bot.ChannelSeen{Ref: "D1", Kind: bot.DirectChannel}
			r, err := w.bot.Say(w.ctx, call, spam, bot.Heard{})
			if err != nil {
				t.Fatal(err)
			}
			w.says(t, r, kept)
		},
		"mention": func(t *testing.T, w *deskWorld) {
			r, err := w.bot.Say(w.ctx, w.call("URUI"), "<@UHEED> "+spam, bot.Heard{Message: "7.1", At: w.clock.Now()})
			if err != nil {
				t.Fatal(err)
			}
			w.says(t, r, kept)
		},
		"own_message_saved": func(t *testing.T, w *deskWorld) {
			r, err := w.bot.Save(w.ctx, w.call("URUI"), bot.Heard{Message: "7.2", Author: bot.MemberSeen{Account: "URUI"}, Words: spam, At: w.clock.Now()})
			if err != nil {
				t.Fatal(err)
			}
			w.says(t, w.submit(t, "URUI", w.form(t, r), nil), kept)
		},
		"typed_as_a_command": func(t *testing.T, w *deskWorld) {
			w.says(t, w.press(t, "URUI", action(t, w.say(t, "URUI", "/feedback", "top "+spam[4:9]), "Send as feedback")), kept)
		},
		"too_long_for_now": func(t *testing.T, w *deskWorld) {
			w.exec(t, `update boards set settings = '{"requests_per_day": 1}'`)
			w.item(t, "URUI", "All is well", bot.Community, "", "")
			r := w.say(t, "URUI", "/feedback", strings.Repeat(spam+" ", 200))
			w.clock.move(25 * time.Hour)
			w.newcomer(t, "URUI", time.Hour)
			w.says(t, w.press(t, "URUI", action(t, r, "Send as feedback")), kept)
		},
		"mine_is_different": func(t *testing.T, w *deskWorld) {
			w.item(t, "ULENA", spam[:10]+" clocks", bot.Community, "", "")
			w.says(t, w.press(t, "URUI", action(t, w.say(t, "URUI", "/feedback", spam[:10]+" clocks, "+spam), "Mine is different")), kept)
		},
		"similar_and_silence": func(t *testing.T, w *deskWorld) {
			w.item(t, "ULENA", spam[:10]+" clocks", bot.Community, "", "")
			w.says(t, w.say(t, "URUI", "/feedback", spam[:10]+" clocks, "+spam), "This sounds like")
			w.clock.move(16 * time.Minute)
			if _, err := w.bot.HeldOnce(w.ctx); err != nil {
				t.Fatal(err)
			}
		},
		"thats_it": func(t *testing.T, w *deskWorld) {
			it := w.item(t, "ULENA", spam[:10]+" clocks", bot.Community, "", "")
			w.says(t, w.press(t, "URUI", action(t, w.say(t, "URUI", "/feedback", spam[:10]+" clocks, "+spam), "👍 That's it")), kept, "Counted")
			if n := w.read(t, it).Votes; n != 1 {
				t.Errorf("%d votes: a 👍 needs nobody's look", n)
			}
		},
		"why_do_you_need_it": func(t *testing.T, w *deskWorld) {
			w.item(t, "ULENA", "Dark mode", bot.Community, "", "")
			form := w.form(t, w.press(t, "URUI", "why 1"))
			for range 2 { // the same words again wait once
				w.says(t, w.submit(t, "URUI", form, map[string]string{"words": spam}), kept)
			}
		},
		"what_did_we_miss": func(t *testing.T, w *deskWorld) {
			w.item(t, "ULENA", "Dark mode", bot.Community, "", "")
			w.says(t, w.submit(t, "URUI", w.form(t, w.press(t, "URUI", "missed 1")), map[string]string{"words": spam}), kept)
		},
		"edited_text": func(t *testing.T, w *deskWorld) {
			w.item(t, "URUI", "Dark mode", bot.Community, "", "")
			w.says(t, w.submit(t, "URUI", w.form(t, w.say(t, "URUI", "/heed", "edit 1")), map[string]string{"words": spam}), kept, spam)
		},
		"edited_title": func(t *testing.T, w *deskWorld) {
			w.item(t, "URUI", "Dark mode", bot.Community, "", "")
			w.says(t, w.submit(t, "URUI", w.form(t, w.say(t, "URUI", "/heed", "edit 1")), map[string]string{"title": spam}), kept, spam)
		},
		"retitled": func(t *testing.T, w *deskWorld) {
			w.item(t, "URUI", "Dark mode", bot.Community, "", "")
			w.says(t, w.say(t, "URUI", "/heed", "retitle 1 "+spam), kept, spam)
		},
		"details_added": func(t *testing.T, w *deskWorld) {
			w.item(t, "URUI", "Dark mode", bot.Community, "", "")
			w.says(t, w.submit(t, "URUI", w.form(t, w.press(t, "URUI", "more 1")), map[string]string{"words": spam}), kept)
		},
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDeskWorld(t).withRoles(t)
			w.newcomer(t, "URUI", time.Hour)
			way(t, w)
			w.unseen(t, spam)
			if n := w.waits(t); n != 1 {
				t.Errorf("%d texts wait", n)
			}
			card := w.say(t, "UANA", "/heed", "held")
			if strings.Contains(plain(card), "[Read on]") {
				card = w.press(t, "UANA", action(t, card, "Read on"))
			}
			w.says(t, card, "1 of 1 for a moderator", "joined", "Rui", "[Approve]", "[Hide]", "[Block]")
			w.says(t, w.say(t, "URUI", "/heed", "mine"), "a moderator looks first", "[Let it go]")
			w.press(t, "UANA", action(t, card, "Approve"))
			if s := w.shown(t); name != "typed_as_a_command" && !strings.Contains(s, spam) {
				t.Errorf("approved, it is nowhere to read:\n%s", s)
			}
			if n := w.waits(t); n != 0 {
				t.Errorf("%d texts wait still", n)
			}
		})
	}
}

func TestReview_whose(t *testing.T) {
	t.Parallel()
	t.Run("only_who_joined_lately", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.newcomer(t, "URUI", 25*time.Hour)
		w.says(t, w.say(t, "URUI", "/feedback", "Dark mode"), "Saved as #1")
		w.says(t, w.say(t, "ULENA", "/feedback", "Export invoices as PDF"), "Saved as #2") // nobody says when she joined
		w.newcomer(t, "UBEN", time.Hour)
		w.says(t, w.say(t, "UBEN", "/feedback", "Keyboard shortcuts"), "Saved as #3") // a role is trust enough
	})
	t.Run("the_platform_says_when_with_the_act", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		call := w.call("URUI")
		call.Member.JoinedAt, call.Member.Complete = w.clock.Now().Add(-time.Minute), false
		r, err := w.bot.Command(w.ctx, call, "/feedback", "Dark mode")
		if err != nil {
			t.Fatal(err)
		}
		w.says(t, r, "A moderator looks first")
		w.says(t, w.say(t, "URUI", "/feedback", "Keyboard shortcuts, please"), "One at a time") // kept from the act before, and it counts
		w.clock.move(time.Minute)
		w.says(t, w.say(t, "URUI", "/feedback", "Keyboard shortcuts, please"), "A moderator looks first")
	})
	t.Run("a_teams_channel_lets_everyone_speak", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.newcomer(t, "ULENA", time.Hour)
		call := w.call("ULENA")
		call.Channel.Ref = "CINSIDE"
		r, err := w.bot.Command(w.ctx, call, "/feedback", "Dark mode")
		if err != nil {
			t.Fatal(err)
		}
		w.says(t, r, "Saved as #1")
	})
	t.Run("where_the_card_would_stand_counts_too", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.newcomer(t, "URUI", time.Hour)
		w.exec(t, `update channels set review = 'off' where channel_ref = 'CSUPPORT'`)
		w.says(t, w.say(t, "URUI", "/feedback", "Dark mode"), "A moderator looks first")
		w.exec(t, `update channels set review = 'off' where channel_ref = 'CFEEDBACK'`)
		w.clock.move(time.Minute)
		w.says(t, w.say(t, "URUI", "/feedback", "Keyboard shortcuts"), "Saved as #1")
	})
	t.Run("everyone_when_a_channel_says_so", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.says(t, w.say(t, "ULENA", "/heed", "channel review everyone"), "Only a product manager or an admin")
		w.says(t, w.say(t, "UZOE", "/heed", "channel review everyone"), "anybody without a role")
		w.says(t, w.say(t, "ULENA", "/feedback", "Dark mode"), "A moderator looks first")
		w.says(t, w.say(t, "UANA", "/heed", "channel review"), "anybody without a role")
		w.says(t, w.say(t, "UANA", "/heed", "channel review off"), "shows at once", "1 text from before")
		w.says(t, w.say(t, "ULENA", "/feedback", "Keyboard shortcuts"), "Saved as #1")
		w.says(t, w.say(t, "UANA", "/heed", "channel review newcomers"), "joined less than a day ago")
		w.says(t, w.say(t, "UANA", "/heed", "channel review off everyone"), "goes with review alone")
	})
	t.Run("a_channel_that_opens_to_the_community_is_not_left_open_to_everything", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		form := w.form(t, w.press(t, "UANA", "channelform CINSIDE"))
		w.says(t, w.submit(t, "UANA", form, map[string]string{"audience": "community"}), "Saved")
		if n := w.count(t, `select count(*) from channels where channel_ref = 'CINSIDE' and review = '' and saving = ''`); n != 1 {
			t.Error("what was shown for the team was kept for the community")
		}
		form = w.form(t, w.press(t, "UANA", "channelform CINSIDE"))
		w.says(t, form2say(form), "Whose words does a moderator see first? = newcomers", "Who may save what others said? = moderators")
		w.submit(t, "UANA", form, map[string]string{"review": "everyone", "saving": "everyone"})
		if n := w.count(t, `select count(*) from channels where channel_ref = 'CINSIDE' and review = 'everyone' and saving = 'everyone'`); n != 1 {
			t.Error("the form kept nothing")
		}
	})
}

func form2say(f bot.Form) bot.Reply { return bot.Ask{Form: f} }

// heldBy has a newcomer's words wait and answers the moderator's card.
func (w *deskWorld) heldBy(t *testing.T, account, words string) bot.Reply {
	t.Helper()
	w.newcomer(t, account, time.Hour)
	w.says(t, w.say(t, account, "/feedback", words), "A moderator looks first")
	return w.say(t, "UANA", "/heed", "triage")
}

func TestReview_decisions(t *testing.T) {
	t.Parallel()
	t.Run("nobody_else_decides", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		r := w.heldBy(t, "URUI", "Dark mode")
		for _, label := range []string{"Approve", "Hide", "Block"} {
			for _, who := range []string{"URUI", "ULENA", "UBEN"} {
				w.says(t, w.press(t, who, action(t, r, label)), "Only a product manager or an admin")
			}
		}
		w.says(t, w.press(t, "ULENA", "review"), "Only a product manager or an admin")
		w.says(t, w.press(t, "ULENA", "reviewread 1 1 0"), "Only a product manager or an admin")
		w.says(t, w.press(t, "ULENA", "keepoutwhy 1"), "Only a product manager or an admin")
		if w.waits(t) != 1 {
			t.Error("somebody decided")
		}
		w.says(t, w.say(t, "UZOE", "/heed", "held"), "1 of 1 for a moderator") // an admin does
	})
	t.Run("approved_it_stands_and_its_author_hears", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.clock.move(-time.Minute)
		w.heldBy(t, "URUI", "Dark mode")
		w.clock.move(time.Minute)
		r := w.heldBy(t, "ULENA", "Keyboard shortcuts")
		w.says(t, r, "1 of 2", "Dark mode")
		r = w.press(t, "UANA", action(t, r, "Approve"))
		w.says(t, r, "Approved: it's #1 Dark mode", "1 of 1", "Keyboard shortcuts") // the next by itself
		w.dispatch(t)
		if got := w.to("@URUI"); len(got) != 1 || !strings.Contains(got[0].words(), "it's in: #1 Dark mode, with your 👍") {
			t.Errorf("Rui reads %v", got)
		}
		if got := w.to("CFEEDBACK"); len(got) != 1 {
			t.Errorf("%d cards", len(got))
		}
		it, err := w.store.ItemByNumber(w.ctx, w.ws.Board, 1)
		if err != nil || it.Votes != 1 || it.Author != w.member(t, "URUI").ID {
			t.Errorf("%+v %v", it, err)
		}
		w.says(t, w.say(t, "UANA", "/heed", "show 1"), "let in by a moderator", "Ana")
		if n := w.count(t, `select count(*) from held where item_id is not null and words <> ''`); n != 0 {
			t.Error("the words are kept twice")
		}
	})
	t.Run("undone_it_is_out_of_sight_and_its_author_knows", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		r := w.press(t, "UANA", action(t, w.heldBy(t, "URUI", "Dark mode"), "Approve"))
		w.dispatch(t)
		w.says(t, w.press(t, "ULENA", action(t, r, "Undo")), "Only a product manager or an admin")
		w.says(t, w.press(t, "UZOE", action(t, r, "Undo")), "#1 is out of sight")
		w.dispatch(t)
		w.unseen(t, "Dark mode")
		if got := w.to("@URUI"); len(got) != 1 || !strings.Contains(got[0].words(), "out of sight by now") {
			t.Errorf("Rui reads %v", got)
		}
		w.says(t, w.press(t, "UANA", action(t, r, "Undo")), "taken back already")
	})
	t.Run("hidden_it_comes_back_to_its_author_alone_with_the_reason", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		r := w.press(t, "UANA", action(t, w.heldBy(t, "URUI", "Dark mode"), "Hide"))
		w.says(t, r, "Hidden. Their author hears of it in 5 minutes", "Nothing waits for you")
		form := w.form(t, w.press(t, "UANA", action(t, r, "Say why…")))
		w.says(t, w.submit(t, "UANA", form, map[string]string{"reason": "We keep it to the app"}), "Noted")
		w.dispatch(t)
		if got := w.to("@URUI"); len(got) != 0 {
			t.Errorf("told before there was time to think again: %v", got)
		}
		w.clock.move(5 * time.Minute)
		w.dispatch(t)
		got := w.to("@URUI")
		if len(got) != 1 {
			t.Fatalf("Rui reads %v", got)
		}
		for _, want := range []string{"didn't put it on the board", "We keep it to the app", "> Dark mode", "[Say it another way]"} {
			if !strings.Contains(got[0].words(), want) {
				t.Errorf("lacks %q: %s", want, got[0].words())
			}
		}
		if strings.Contains(got[0].words(), "Ana") {
			t.Error("it names the moderator")
		}
		w.unseen(t, "Dark mode")
		w.says(t, w.say(t, "URUI", "/heed", "mine"), "Not put on the board", "Dark mode", "We keep it to the app", "until 23 December")
		w.says(t, w.say(t, "URUI", "/heed", "my-data"), "Hidden by a moderator", "Dark mode")
		if n := w.count(t, `select count(*) from history where act = 'kept_out' and member_id = $1`, w.member(t, "UANA").ID); n != 1 {
			t.Error("nobody knows who decided")
		}
		w.clock.move(31 * 24 * time.Hour)
		if _, err := w.bot.PruneOnce(w.ctx); err != nil {
			t.Fatal(err)
		}
		if n := w.count(t, `select count(*) from held where words <> '' or data::text like '%Dark%'`); n != 0 {
			t.Error("the words are kept longer than said")
		}
		w.says(t, w.press(t, "UANA", action(t, r, "Undo")), "not kept any more")
	})
	t.Run("a_hiding_undone_in_time_is_never_told", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		r := w.press(t, "UANA", action(t, w.heldBy(t, "URUI", "Dark mode"), "Hide"))
		w.says(t, w.press(t, "UANA", action(t, r, "Undo")), "wait for a moderator again")
		w.clock.move(time.Hour)
		w.dispatch(t)
		if got := w.to("@URUI"); len(got) != 0 {
			t.Errorf("Rui reads %v", got)
		}
		w.says(t, w.press(t, "UANA", action(t, w.say(t, "UANA", "/heed", "triage"), "Approve")), "Approved: it's #1")
		w.dispatch(t)
		if got := w.to("@URUI"); len(got) != 1 || !strings.Contains(got[0].words(), "it's in") {
			t.Errorf("Rui reads %v", got)
		}
	})
	t.Run("undone_after_it_was_told_its_author_hears_that_too", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		r := w.press(t, "UANA", action(t, w.heldBy(t, "URUI", "Dark mode"), "Hide"))
		w.clock.move(time.Hour)
		w.dispatch(t)
		w.press(t, "UANA", action(t, r, "Undo"))
		w.dispatch(t)
		if got := w.to("@URUI"); len(got) != 1 || !strings.Contains(got[0].words(), "once more") {
			t.Errorf("Rui reads %v", got)
		}
		w.press(t, "UANA", action(t, w.say(t, "UANA", "/heed", "triage"), "Approve"))
		w.dispatch(t)
		if got := w.to("@URUI"); len(got) != 1 || !strings.Contains(got[0].words(), "it's in: #1") {
			t.Errorf("Rui reads %v", got)
		}
	})
	t.Run("of_two_at_once_one_decides_and_the_other_is_told_who", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		card := w.heldBy(t, "URUI", "Dark mode")
		calls := []bot.Call{w.call("UANA"), w.call("UZOE")}
		acts := []bot.Action{action(t, card, "Approve"), action(t, card, "Hide")}
		said := make([]string, 2)
		var both sync.WaitGroup
		for i := range calls {
			both.Go(func() {
				r, err := w.bot.Press(context.WithoutCancel(w.ctx), calls[i], acts[i])
				if err != nil {
					t.Error(err)
				}
				said[i] = plain(r)
			})
		}
		both.Wait()
		ana := strings.Contains(said[0], "Approved") && strings.Contains(said[1], "Ana let in these words just now")
		zoe := strings.Contains(said[1], "Hidden") && strings.Contains(said[0], "Zoe hid these words just now")
		if ana == zoe {
			t.Errorf("Ana reads %s\nZoe reads %s", said[0], said[1])
		}
		if n := w.count(t, `select count(*) from history where act in ('let_in', 'kept_out')`); n != 1 {
			t.Errorf("%d decisions", n)
		}
	})
	t.Run("what_its_author_let_go_is_nobodys_to_decide", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		card := w.heldBy(t, "URUI", "Dark mode")
		w.says(t, w.press(t, "URUI", action(t, w.say(t, "URUI", "/heed", "mine"), "Let it go")), "For the last time", "Dark mode")
		w.says(t, w.press(t, "UANA", action(t, card, "Approve")), "let these words go", "Nothing waits")
		if n := w.count(t, `select count(*) from items`); n != 0 {
			t.Error("it became a request")
		}
	})
	t.Run("who_is_forgotten_takes_their_words_along", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		card := w.heldBy(t, "URUI", "Dark mode")
		w.press(t, "URUI", "forgetnow")
		w.says(t, w.press(t, "UANA", action(t, card, "Approve")), "no longer does anything")
		w.says(t, w.say(t, "UANA", "/heed", "triage"), "Nothing waits")
	})
	t.Run("all_of_long_words_is_read_before_they_are_let_in", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		words := "Dark mode" + strings.Repeat(" at night", 330) + " and cheap watches"
		r := w.heldBy(t, "URUI", words)
		w.says(t, r, "Part 1 of 2", "[Hide]")
		if strings.Contains(plain(r), "[Approve]") || strings.Contains(plain(r), "watches") {
			t.Error(plain(r))
		}
		r = w.press(t, "UANA", action(t, r, "Read on"))
		w.says(t, r, "and cheap watches", "[Approve]")
	})
	t.Run("an_edit_is_let_in_and_undone_exactly", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		it := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
		w.newcomer(t, "URUI", time.Hour)
		w.submit(t, "URUI", w.form(t, w.say(t, "URUI", "/heed", "edit 1")), map[string]string{"title": "Dark theme", "words": "Dark theme at night"})
		card := w.say(t, "UANA", "/heed", "held")
		w.says(t, card, "Other words for #1 Dark mode", "Dark theme", "> Dark theme at night")
		r := w.press(t, "UANA", action(t, card, "Approve"))
		if got := w.read(t, it); got.Title != "Dark theme" || got.Body != "Dark theme at night" {
			t.Errorf("%q %q", got.Title, got.Body)
		}
		w.says(t, w.press(t, "UANA", action(t, r, "Undo")), "as it was before")
		if got := w.read(t, it); got.Title != it.Title || got.Body != it.Body {
			t.Errorf("%q %q", got.Title, got.Body)
		}
		if w.waits(t) != 1 {
			t.Error("the words don't wait again")
		}
	})
	t.Run("a_quote_is_let_in_and_undone", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "ULENA", "Dark mode", bot.Community, "", "")
		w.newcomer(t, "URUI", time.Hour)
		w.submit(t, "URUI", w.form(t, w.press(t, "URUI", "why 1")), map[string]string{"words": "I work at night"})
		r := w.press(t, "UANA", action(t, w.say(t, "UANA", "/heed", "held"), "Approve"))
		w.says(t, w.say(t, "ULENA", "/heed", "show 1"), "I work at night")
		w.says(t, w.press(t, "UANA", action(t, r, "Undo")), "as it was before")
		w.unseen(t, "I work at night")
		w.press(t, "UANA", action(t, w.say(t, "UANA", "/heed", "held"), "Approve"))
		w.says(t, w.say(t, "ULENA", "/heed", "show 1"), "I work at night")
	})
	t.Run("words_for_what_is_gone_come_to_nothing_and_are_not_lost", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.item(t, "ULENA", "Dark mode", bot.Community, "", "")
		w.newcomer(t, "URUI", time.Hour)
		w.submit(t, "URUI", w.form(t, w.press(t, "URUI", "why 1")), map[string]string{"words": "I work at night"})
		card := w.say(t, "UANA", "/heed", "held")
		w.say(t, "UANA", "/heed", "hide 1 spam")
		w.says(t, w.press(t, "UANA", action(t, card, "Approve")), "#1 is hidden")
		if w.waits(t) != 1 {
			t.Error("the words are gone")
		}
	})
	t.Run("nobody_buries_the_queue", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.newcomer(t, "URUI", time.Hour)
		w.item(t, "ULENA", "Dark mode", bot.Community, "", "")
		for i := range 10 {
			w.says(t, w.submit(t, "URUI", w.form(t, w.press(t, "URUI", "why 1")), map[string]string{"words": fmt.Sprint("because ", i)}), "A moderator looks")
		}
		w.says(t, w.submit(t, "URUI", w.form(t, w.press(t, "URUI", "why 1")), map[string]string{"words": "because of watches"}), "10 texts of yours wait", "because of watches")
		if n := w.waits(t); n != 10 {
			t.Errorf("%d wait", n)
		}
	})
}

func TestDecisions(t *testing.T) {
	t.Parallel()
	w := newDeskWorld(t).withRoles(t)
	w.says(t, w.say(t, "UANA", "/heed", "held"), "Nothing waits, neither for you nor for a moderator", "[What was decided]")
	w.says(t, w.press(t, "UANA", "decisions"), "Nothing has been decided")
	w.says(t, w.press(t, "ULENA", "decisions"), "Only a product manager or an admin")
	w.press(t, "UANA", action(t, w.heldBy(t, "URUI", "Dark mode"), "Approve"))
	w.clock.move(time.Minute)
	r := w.press(t, "UZOE", action(t, w.heldBy(t, "URUI", "Cheap watches"), "Hide"))
	w.submit(t, "UZOE", w.form(t, w.press(t, "UZOE", action(t, r, "Say why…"))), map[string]string{"reason": "advertising"})
	w.clock.move(time.Minute)
	w.says(t, w.say(t, "UANA", "/heed", "block <@URUI> 2 days"), "can't give feedback")
	w.clock.move(time.Minute)
	w.say(t, "UZOE", "/heed", "hide 1 spam")
	r = w.press(t, "UANA", action(t, w.say(t, "UANA", "/heed", "held"), "What was decided"))
	w.says(t, r, "Zoe took #1 out of sight", "Ana blocked Rui until 25 November", "Zoe hid a text of Rui (advertising)", "Ana let in #1, a request of Rui")
	if s := plain(r); strings.Contains(s, "watches") || strings.Contains(s, "Dark mode") {
		t.Errorf("it says what was hidden:\n%s", s)
	}
	w.clock.move(24 * time.Hour) // and days later it can be taken back
	w.says(t, w.press(t, "UANA", action(t, r, "Undo")), "#1 Dark mode is back")
	w.says(t, w.press(t, "UANA", "decisions"), "taken back", "Ana brought #1 Dark mode back")
}

// TestReview_item_elsewhere has words wait for a request that stayed on another board.
func TestReview_item_elsewhere(t *testing.T) {
	t.Parallel()
	w := newDeskWorld(t).withRoles(t)
	w.item(t, "ULENA", "Dark mode", bot.Community, "", "")
	w.newcomer(t, "URUI", time.Hour)
	w.submit(t, "URUI", w.form(t, w.press(t, "URUI", "why 1")), map[string]string{"words": "I work at night"})
	w.exec(t, `update held set data = jsonb_set(data, '{review,item}', '999999')`)
	card := w.say(t, "UANA", "/heed", "held")
	w.says(t, card, "not on this board", "I work at night")
	w.says(t, w.press(t, "UANA", action(t, card, "Approve")), "not on this board any more")
	w.says(t, w.press(t, "UANA", action(t, card, "Hide")), "Hidden", "Nothing waits")
}
