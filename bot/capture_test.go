package bot_test

import (
	"strings"
	"testing"
	"time"

	"heed/bot"
)

func heard(author, words string) bot.Heard {
	return bot.Heard{
		Message: "m-5", Thread: "m-4", Author: bot.MemberSeen{Account: author, Name: author}, Words: words,
		Permalink: "https://chat.example/C1/m-5", At: monday,
	}
}

func (w *world) saves(account, channel string, h bot.Heard) bot.Reply {
	w.t.Helper()
	r, err := w.bot.Save(w.t.Context(), w.by(account, channel), h)
	w.must(err)
	return r
}

// notes are the notes in a channel, as their readers see them.
func (w *world) notes(channel string) []bot.Say {
	w.t.Helper()
	var out []bot.Say
	for _, c := range w.chat.in(channel) {
		if n, ok := c.(bot.Note); ok {
			out = append(out, bot.Say{Doc: n.Doc})
		}
	}
	return out
}

func TestSave(t *testing.T) {
	t.Parallel()
	t.Run("the_author_is_the_requester_and_is_told_in_the_thread", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		h := heard("rui", "My eyes hurt after 9 pm. Dark mode?")
		h.Votes = []bot.Reacted{{Account: "omar", Emoji: "+1"}, {Account: "lena", Emoji: "+1::skin-tone-3"}, {Account: "B1", Emoji: "+1"}, {Account: "zoe", Emoji: "heart"}}
		form := w.saves("mira", "C1", h)
		reads(t, form, "In the name of rui", "Dark mode?", "Count the 2 👍 already there")
		saved := w.fills("mira", "C1", form, nil)
		reads(t, saved, "Saved as #1", "in the name of rui, with 3 people", "[Follow]", "[That's not a request]")
		hides(t, saved, "your 👍", "[Undo]", "I'll tell you")
		it := w.numbered(1)
		if it.Votes != 3 { // rui, omar, lena; never Heed itself
			t.Errorf("%d votes", it.Votes)
		}
		w.drain()
		notes := w.notes("C1")
		if len(notes) != 1 {
			t.Fatalf("%d notes", len(notes))
		}
		reads(t, notes[0], "mira saved this as #1", "[Remove my name]", "[That's not a request]")
		if marks := w.chat.messages["C1/m-5"].Marks; len(marks) != 1 {
			t.Errorf("marks %v", marks)
		}
		reads(t, w.says("rui", "C1", "/heed mine"), "#1 My eyes hurt")
	})
	t.Run("a_thumb_on_the_message_counts_from_then_on", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.fills("mira", "C1", w.saves("mira", "C1", heard("rui", "Dark mode")), nil)
		w.must(w.bot.React(t.Context(), []bot.Ballot{{Workspace: acme, Account: "zoe", Channel: "C1", Message: "m-5", Emoji: "+1", Act: bot.Support, At: monday}}))
		if v := w.numbered(1).Votes; v != 2 {
			t.Errorf("%d votes", v)
		}
	})
	t.Run("the_note_leads_to_the_card_though_that_came_later", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.channel("C2", func(c *bot.Channel) { c.Joined = true })
		away := true
		w.chat.fail = func(call, at string) error {
			if call == "post" && at == "C1" && away {
				return &bot.Fault{Kind: bot.FaultTransient, Reason: "internal_error"}
			}
			return nil
		}
		h := heard("rui", "Dark mode")
		h.Pictures = 2
		w.fills("mira", "C2", w.saves("mira", "C2", h), nil)
		w.drain()
		reads(t, w.notes("C2")[0], "[See it]")
		away = false
		w.clock.move(time.Minute)
		w.drain()
		reads(t, w.notes("C2")[0], "[See the card]")
		hides(t, w.notes("C2")[0], "[See it]")
		if card := w.chat.in("C1")[0].(bot.Card); card.Pictures != 2 {
			t.Errorf("%d pictures on the card, want the message's 2", card.Pictures)
		}
	})
	t.Run("the_same_act_that_came_as_words_before_is_answered_as_these", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		call := w.by("mira", "C1")
		asked := must(w.bot.Command(t.Context(), call, "/feedback", "top bar"))
		reads(t, asked, "Is this a command or a request?")
		reads(t, must(w.bot.Save(t.Context(), call, heard("rui", "Dark mode?"))), "Is this a command or a request?")
	})
	t.Run("saved_twice_it_votes", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		h := heard("rui", "Dark mode")
		one, two := w.saves("mira", "C1", h), w.saves("lena", "C1", h)
		w.fills("mira", "C1", one, nil)
		reads(t, w.fills("lena", "C1", two, nil), "already, so I counted your 👍 instead: 2 now")
		reads(t, w.saves("omar", "C1", h), "already, so I counted your 👍 instead: 3 now")
		reads(t, w.fills("mira", "C1", one, nil), "Saved as #1")
		if n := w.number(`select count(*) from items`); n != 1 {
			t.Errorf("%d items", n)
		}
	})
	t.Run("from_a_private_channel_it_is_the_teams_without_a_way_there", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.channel("C7", func(c *bot.Channel) { c.Audience, c.Joined, c.Saving = bot.Community, true, bot.SavingEveryone })
		w.exec(`update channels set kind = 'private', name = 'secret' where channel_ref = 'C7'`)
		w.channel("C1", func(c *bot.Channel) { c.Audience = bot.Team })
		call := w.by("mira", "C7")
		call.Channel = bot.ChannelSeen{Ref: "C7", Name: "secret", Kind: bot.PrivateChannel}
		form, err := w.bot.Save(t.Context(), call, heard("rui", "Dark mode"))
		w.must(err)
		hides(t, form, "Everyone")
		w.fills("mira", "C7", form, nil)
		if it := w.numbered(1); it.Audience != bot.Team {
			t.Errorf("for the %s", it.Audience)
		}
		w.drain()
		card := w.chat.in("C1")[0].(bot.Card)
		if card.AskedIn != "" || card.Original != "" {
			t.Errorf("the card leads to %q %q", card.AskedIn, card.Original)
		}
		for _, n := range w.notes("C7") { // its readers are the community: no title for them
			hides(t, n, "#1", "Dark mode")
		}
	})
	t.Run("from_a_conversation_between_people_the_author_is_told_in_private", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		call := w.by("mira", "")
		form, err := w.bot.Save(t.Context(), call, heard("rui", "Dark mode"))
		w.must(err)
		reads(t, form, "told in private")
		w.fills("mira", "", form, nil)
		w.drain()
		if len(w.notes("Drui")) != 1 || len(w.notes("Dmira")) != 0 || w.chat.count("mark") != 0 {
			t.Errorf("calls %v", w.chat.calls)
		}
	})
	t.Run("a_long_message_is_kept_whole_unless_it_is_changed", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		long := strings.TrimSpace(strings.Repeat("dark mode for the calendar ", 300))
		form := w.saves("mira", "C1", heard("rui", long))
		reads(t, form, "longer than fits here")
		w.fills("mira", "C1", form, nil)
		if got := w.numbered(1).Body; got != long {
			t.Errorf("%d of %d bytes are kept", len(got), len(long))
		}
	})
	t.Run("a_bots_message_has_the_saver_as_requester", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		h := heard("ci", "The build takes an hour")
		h.Author.Bot, h.Author.Complete = true, true
		w.fills("mira", "C1", w.saves("mira", "C1", h), nil)
		reads(t, w.says("mira", "C1", "/heed mine"), "#1 The build")
	})
	t.Run("heeds_own_message_is_no_request", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		reads(t, w.saves("mira", "C1", heard("B1", "#3 Dark mode")), "a message of mine")
	})
	t.Run("similar_is_asked_here_too", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.asks("omar", "C1", "Dark theme")
		r := w.fills("mira", "C1", w.saves("mira", "C1", heard("rui", "dark mode please")), nil)
		reads(t, r, "This sounds like #1 Dark theme")
		reads(t, w.presses("mira", "C1", r, "👍 That's it"), "Added, with its words: #1 Dark theme · 2 👍")
		if it := w.numbered(1); it.Votes != 2 || w.number(`select count(*) from evidence where kind = 'message' and item_id = $1`, it.ID) != 1 {
			t.Errorf("%d votes", it.Votes)
		}
	})
	t.Run("saved_by_another_while_the_first_was_asked_it_is_one_request", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.asks("omar", "C1", "Dark theme")
		ask := w.fills("mira", "C1", w.saves("mira", "C1", heard("rui", "dark mode please")), nil)
		w.presses("lena", "C1", w.fills("lena", "C1", w.saves("lena", "C1", heard("rui", "dark mode please")), nil), "Mine is different")
		w.presses("mira", "C1", ask, "Mine is different")
		if n := w.number(`select count(*) from items`); n != 2 || w.numbered(2).Votes != 2 {
			t.Errorf("%d items, %d votes", n, w.numbered(2).Votes)
		}
	})
	t.Run("an_unsent_form_is_let_go_in_a_day", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.saves("mira", "C1", heard("rui", "Dark mode"))
		hides(t, w.says("mira", "C1", "/heed mine"), "Dark mode")
		w.clock.move(25 * 3600 * 1e9)
		if n, err := w.bot.HeldOnce(t.Context()); n != 1 || err != nil || w.number(`select count(*) from held where words <> ''`) != 0 {
			t.Errorf("%d, %v", n, err)
		}
	})
}

func TestSavedAuthor(t *testing.T) {
	t.Parallel()
	saved := func(t *testing.T) (*world, bot.Say) {
		w := newWorld(t)
		w.fills("mira", "C1", w.saves("mira", "C1", heard("rui", "Dark mode")), nil)
		w.drain()
		return w, w.notes("C1")[0]
	}
	t.Run("removes_their_name_and_nobody_else_can", func(t *testing.T) {
		t.Parallel()
		w, note := saved(t)
		reads(t, w.presses("mira", "C1", note, "Remove my name"), "Only the person who wrote")
		reads(t, w.presses("rui", "C1", note, "Remove my name"), "your name and the link to your message are off #1")
		reads(t, w.presses("rui", "C1", note, "Remove my name"), "no name on it")
		hides(t, w.says("mira", "C1", "/heed show 1"), "by rui")
		w.drain()
		hides(t, w.notes("C1")[0], "[Remove my name]")
	})
	t.Run("takes_the_whole_back", func(t *testing.T) {
		t.Parallel()
		w, note := saved(t)
		reads(t, w.presses("omar", "C1", note, "That's not a request"), "Nothing has changed")
		reads(t, w.presses("rui", "C1", note, "That's not a request"), "nothing of it is shown")
		reads(t, w.says("mira", "C1", "/heed show 1"), "There's no #1")
		w.drain()
		reads(t, w.notes("C1")[0], "not kept as a request")
		w.must(w.bot.React(t.Context(), []bot.Ballot{{Workspace: acme, Account: "zoe", Channel: "C1", Message: "m-5", Emoji: "+1", Act: bot.Support, At: monday}}))
	})
	t.Run("where_others_want_it_only_the_title_stays", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.fills("mira", "C1", w.saves("mira", "C1", heard("rui", "Dark mode please. My eyes hurt.")), nil)
		w.says("omar", "C1", "/heed vote 1")
		w.drain()
		reads(t, w.presses("rui", "C1", w.notes("C1")[0], "That's not a request"), "1 other person wants it by now")
		r := w.says("omar", "C1", "/heed show 1")
		reads(t, r, "#1 Dark mode please")
		hides(t, r, "My eyes hurt", "rui")
	})
}
