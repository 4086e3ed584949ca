package bot_test

import (
	"fmt"
	"strings"
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
