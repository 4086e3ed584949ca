package bot_test

import (
	"testing"
	"time"

	"heed/bot"
)

// TestForged has people send what no button and no form of theirs holds.
func TestForged(t *testing.T) {
	t.Parallel()
	t.Run("numbers_too_large_to_be_any_are_not_found", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.says("URUI", "C1", "/feedback Dark mode, please")
		for _, a := range []bot.Action{
			"read 1 9223372036854775807", "read 1 4611686018427387904", "details 99999999999", "quotes 99999999999 1", "vote 99999999999", "same 1 99999999999",
			"own 99999999999999999999", "undo 9223372036854775807", "unname 9223372036854775807", "notrequest 99999999999", "story 99999999999", "top 99999999999", "share items 1\x00", "items 99999999999",
		} {
			if _, err := w.bot.Press(t.Context(), w.by("URUI", "C1"), a); err != nil {
				t.Errorf("%s: %v", a, err)
			}
		}
		for _, form := range []string{"edit", "more", "tell", "status", "ship", "promote", "story", "tags", "audience", "merge", "hide", "save"} {
			for _, state := range []string{"99999999999", "99999999999 1", "why 99999999999", "", "1'; drop table items; --"} {
				_, err := w.bot.Submit(t.Context(), w.by("URUI", "C1"), bot.Submission{Form: form, State: state, Values: map[string]string{
					"words": "x", "title": "x", "reason": "x", "status": "declined", "i_want": "x", "criteria": "x", "into": "99999999999", "audience": "team",
				}})
				if err != nil {
					t.Errorf("form %s with %q: %v", form, state, err)
				}
			}
		}
	})
	t.Run("a_channel_of_elsewhere_is_none_of_theirs", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.chat.members["UZOE"] = bot.MemberSeen{Account: "UZOE", Admin: true, Complete: true}
		for _, a := range []bot.Action{"channelform C999", "intake C999"} {
			r, err := w.bot.Press(t.Context(), w.by("UZOE", "C1"), a)
			w.must(err)
			reads(t, r, "Nothing has changed")
		}
		r, err := w.bot.Submit(t.Context(), w.by("UZOE", "C1"), bot.Submission{Form: "channel", State: "C999", Values: map[string]string{"emoji": ":+1:", "audience": "team"}})
		w.must(err)
		reads(t, r, "Nothing has changed")
	})
	t.Run("a_guest_shares_no_more_than_they_may_read", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.chat.members["UGUEST"] = bot.MemberSeen{Account: "UGUEST", Guest: true, Complete: true}
		it := w.item("The secret merger", nil)
		for _, a := range []bot.Action{bot.Act("share", "item", it.Number), bot.Act("share", "items", it.Number), "share top", "share roadmap"} {
			_, err := w.bot.Press(t.Context(), w.by("UGUEST", "C1"), a)
			w.must(err)
		}
		w.drain()
		for _, n := range w.notes("C1") {
			hides(t, n, "merger")
		}
		_, err := w.bot.Press(t.Context(), w.by("UOMAR", "C1"), "share top")
		w.must(err)
		w.drain()
		all := w.notes("C1")
		reads(t, all[len(all)-1], "merger")
	})
	t.Run("what_was_said_among_few_is_not_opened_by_a_changed_form", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		call := w.by("ULENA", "C7")
		call.Channel = bot.ChannelSeen{Ref: "C7", Name: "privategroup", Kind: bot.PrivateChannel}
		form, err := w.bot.Save(t.Context(), call, heard("UMIRA", "Dark mode, please"))
		w.must(err)
		w.fills("ULENA", "C1", form, map[string]string{"audience": "community"})
		if it := w.numbered(1); it.Audience != bot.Team {
			t.Errorf("it is for the %s", it.Audience)
		}
	})
	t.Run("who_lost_a_role_takes_nothing_back_later", func(t *testing.T) {
		t.Parallel()
		w := newDeskWorld(t).withRoles(t)
		w.say(t, "UOMAR", "/feedback", "Dark mode, please")
		said := w.say(t, "UANA", "/heed", "status 1 planned")
		w.say(t, "UZOE", "/heed", "role <@ULENA> pm")
		w.say(t, "UZOE", "/heed", "role <@UANA> pm off")
		w.clock.move(time.Hour)
		reads(t, w.press(t, "UANA", actionOf(t, said, "Undo")), "Only a product manager")
		reads(t, w.press(t, "ULENA", actionOf(t, said, "Undo")), "Taken back")
	})
}
