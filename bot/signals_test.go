package bot_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"heed/bot"
)

// react is an account's reaction on a message, or its removal.
func (w *world) react(account, channel, message, emoji string, act bot.BallotAct, at time.Time) {
	w.t.Helper()
	w.must(w.bot.React(w.t.Context(), []bot.Ballot{{Workspace: acme, Account: account, Channel: channel, Message: message, Emoji: emoji, Act: act, At: at}}))
}

func (w *world) count(it bot.Item) int {
	w.t.Helper()
	got, err := w.store.Item(w.t.Context(), it.Board, it.ID)
	w.must(err)
	return got.Votes
}

// captured is a message saved as evidence of an item.
func (w *world) captured(it bot.Item, channel, message string) {
	w.t.Helper()
	w.exec(`insert into evidence (board_id, item_id, kind, quote, audience, permalink, workspace_id, channel_ref, message_ref, created_at)
		values ($1, $2, 'message', 'My eyes hurt after nine.', 'team', 'https://chat.example/x', $3, $4, $5, $6)`,
		it.Board, it.ID, w.ws.ID, channel, message, w.clock.Now())
}

func TestWorkspaceGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`update workspaces set token = 'sealed'`)
	it := w.item("Dark mode", nil)
	w.must(w.bot.WorkspaceGone(t.Context(), acme))
	w.must(w.bot.WorkspaceGone(t.Context(), acme))
	w.must(w.bot.WorkspaceGone(t.Context(), bot.WorkspaceRef{Platform: bot.Slack, Ref: "T9"}))
	if n := w.number(`select count(*) from workspaces where state = 'gone' and token is null`); n != 1 {
		t.Error("the token was not wiped")
	}
	back, err := w.bot.Attach(t.Context(), bot.Workspace{Ref: acme, BotAccount: "B2"})
	w.must(err)
	if back.ID != w.ws.ID || back.Gone || back.Name != "Acme" || back.BotAccount != "B2" {
		t.Errorf("back as %+v", back)
	}
	if w.count(it) != 0 {
		t.Error("its items are gone")
	}
}

func TestReinstalled(t *testing.T) {
	t.Parallel()
	for _, public := range []bool{true, false} {
		w := newWorld(t)
		it := w.item("Dark mode", nil)
		w.want(it, "C1")
		w.drain()
		w.must(w.bot.WorkspaceGone(t.Context(), acme)) // which takes Heed out of its channels, untold
		w.chat.joined = map[string]bool{"C1": false}
		w.chat.reactions["C1/m1"] = []bot.Reacted{{Account: "Omar", Emoji: "+1"}}
		w.clock.move(time.Minute)
		w.chat.fail = func(call, _ string) error {
			if call == "join" && !public {
				return &bot.Fault{Kind: bot.FaultForbidden, Reason: "channel_not_found"}
			}
			return nil
		}
		_, err := w.bot.Attach(t.Context(), bot.Workspace{Ref: acme})
		w.must(err)
		_, err = w.bot.ReconcileOnce(t.Context())
		w.must(err)
		w.drain()
		if n := w.count(it); n != 1 {
			t.Errorf("%d votes, want the one that came while Heed was away", n)
		}
		if card := w.chat.in("C1")[0].(bot.Card); card.Deaf == public || w.chat.count("join") != 1 {
			t.Errorf("public %v: the card says that it hears nothing: %v; %d times joined", public, card.Deaf, w.chat.count("join"))
		}
	}
}

func TestChannelChanged(t *testing.T) {
	t.Parallel()
	t.Run("a_new_id_takes_everything_along", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		it := w.item("Dark mode", nil)
		key := w.want(it, "C1")
		w.drain()
		w.captured(it, "C1", "x1")
		w.react("Rui", "C1", "m1", "+1", bot.Support, w.clock.Now())
		w.plan("C1", "0 9 * * 1", "Europe/Berlin")
		w.must(w.bot.ChannelChanged(t.Context(), acme, bot.ChannelChange{Ref: "C1", NewRef: "C7"}))
		if p := w.post(key); p.Channel != "C7" || p.Message != "m1" {
			t.Errorf("card at %s/%s", p.Channel, p.Message)
		}
		w.react("Rui", "C7", "m1", "+1", bot.Retract, w.clock.Now().Add(time.Second))
		if n := w.count(it); n != 0 {
			t.Errorf("%d votes after the reaction was removed under the new id", n)
		}
		w.react("Mira", "C7", "x1", "+1", bot.Support, w.clock.Now())
		if n := w.count(it); n != 1 {
			t.Errorf("%d votes after one on the captured message", n)
		}
		ch, err := w.store.Channel(t.Context(), w.ws.Board, w.ws.ID, "C7")
		w.must(err)
		if !ch.Main || !ch.Intake || !ch.Joined {
			t.Errorf("channel %+v", ch)
		}
		w.channel("C7", func(c *bot.Channel) { c.Audience = bot.Community })
		w.must(w.bot.ChannelChanged(t.Context(), acme, bot.ChannelChange{Ref: "C1", NewRef: "C7"})) // delivered again, later
		if n := w.number(`select count(*) from channels where channel_ref = 'C7' and audience = 'community' and intake`); n != 1 {
			t.Error("what was decided since was undone by a late retry")
		}
		if n := w.number(`select count(*) from schedules where channel_ref = 'C7' and next_at is not null`); n != 1 {
			t.Error("the schedule stayed behind")
		}
	})
	t.Run("a_deleted_channel_keeps_the_quotes", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		it := w.item("Dark mode", nil)
		w.want(it, "C1")
		w.drain()
		w.captured(it, "C1", "x1")
		w.plan("C1", "0 9 * * 1", "Europe/Berlin")
		w.must(w.bot.ChannelChanged(t.Context(), acme, bot.ChannelChange{Ref: "C1", State: "deleted"}))
		w.touch(it)
		w.drain()
		if w.chat.count("update") != 0 {
			t.Error("a card of a deleted channel was edited")
		}
		if n := w.number(`select count(*) from evidence where quote <> '' and message_ref = '' and permalink = ''`); n != 1 {
			t.Error("the quote is gone, or still leads somewhere")
		}
		if n := w.number(`select count(*) from schedules where next_at is not null`); n != 0 {
			t.Error("a digest is still due there")
		}
	})
	t.Run("an_archived_channel_waits_and_goes_on_once_it_is_back", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		it := w.item("Dark mode", nil)
		w.want(it, "C1")
		w.drain()
		w.plan("C1", "0 9 * * 1", "Europe/Berlin")
		w.must(w.bot.ChannelChanged(t.Context(), acme, bot.ChannelChange{Ref: "C1", State: "archived"}))
		w.chat.fail = func(string, string) error { return &bot.Fault{Kind: bot.FaultForbidden, Reason: "is_archived"} }
		w.vote(it, "Rui", bot.Support)
		w.drain()
		w.clock.move(16 * 24 * time.Hour)
		n, err := w.bot.DigestsOnce(t.Context())
		w.must(err)
		if n != 0 {
			t.Errorf("%d digests for an archived channel", n)
		}
		w.chat.fail = nil
		w.must(w.bot.ChannelChanged(t.Context(), acme, bot.ChannelChange{Ref: "C1", State: "open"}))
		_, err = w.bot.DigestsOnce(t.Context())
		w.must(err)
		w.drain()
		all := w.chat.in("C1")
		if card, ok := all[0].(bot.Card); !ok || card.Votes != 1 {
			t.Errorf("the card is %+v", all[0])
		}
		for _, c := range all[1:] {
			if d, ok := c.(bot.Digest); ok {
				t.Errorf("an old digest came: %s", d.Period)
			}
		}
		w.react("Mira", "C1", "m1", "+1", bot.Support, w.clock.Now())
		if n := w.count(it); n != 2 {
			t.Errorf("%d votes after one on the card that was away", n)
		}
	})
	t.Run("out_of_the_channel_the_card_says_so", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.want(w.item("Dark mode", nil), "C1")
		w.drain()
		no := false
		w.must(w.bot.ChannelChanged(t.Context(), acme, bot.ChannelChange{Ref: "C1", Joined: &no}))
		w.drain()
		if c := w.chat.in("C1")[0].(bot.Card); !c.Deaf {
			t.Error("the card does not say that reactions don't arrive")
		}
		yes := true
		w.must(w.bot.ChannelChanged(t.Context(), acme, bot.ChannelChange{Ref: "C1", Joined: &yes}))
		w.drain()
		if c := w.chat.in("C1")[0].(bot.Card); c.Deaf {
			t.Error("the card still says that reactions don't arrive")
		}
	})
	t.Run("a_rename_shows_and_an_unknown_channel_is_nobodys_business", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.must(w.bot.ChannelChanged(t.Context(), acme, bot.ChannelChange{Ref: "C1", Name: "ideas"}))
		w.must(w.bot.ChannelChanged(t.Context(), acme, bot.ChannelChange{Ref: "C99", Name: "lunch"}))
		if n := w.number(`select count(*) from channels where name = 'ideas' or channel_ref = 'C99'`); n != 1 {
			t.Errorf("%d channels", n)
		}
	})
}

func TestMessageGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	it := w.item("Dark mode", nil)
	w.captured(it, "C1", "x1")
	w.react("Rui", "C1", "x1", "+1", bot.Support, w.clock.Now())
	w.must(w.bot.MessageGone(t.Context(), acme, "C1", "x1"))
	w.must(w.bot.MessageGone(t.Context(), acme, "C1", "unknown"))
	w.react("Mira", "C1", "x1", "+1", bot.Support, w.clock.Now())
	if n := w.count(it); n != 1 {
		t.Errorf("%d votes, want the one from before", n)
	}
	if n := w.number(`select count(*) from evidence where quote <> '' and permalink = ''`); n != 1 {
		t.Error("the quote is gone, or still leads to the message")
	}
}

func TestMemberChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	it := w.item("Dark mode", nil)
	w.vote(it, "Rui", bot.Support)
	w.vote(it, "Hal", bot.Support)
	w.must(w.bot.MemberChanged(t.Context(), acme, bot.MemberSeen{Account: "Hal", Name: "Hal 9000", Bot: true, Complete: true}))
	if n := w.count(it); n != 1 {
		t.Errorf("%d votes with a bot's, want 1", n)
	}
	w.must(w.bot.MemberChanged(t.Context(), acme, bot.MemberSeen{Account: "Hal", Name: "Hal", Complete: true}))
	if n := w.count(it); n != 2 {
		t.Errorf("%d votes after it turned out to be a person, want 2", n)
	}
	w.must(w.bot.MemberChanged(t.Context(), acme, bot.MemberSeen{Account: "Stranger", Name: "Ann", Complete: true}))
	if n := w.number(`select count(*) from members`); n != 2 {
		t.Errorf("%d members: a stranger was kept", n)
	}
}

func TestMemberRenamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	it := w.asks("rui", "C1", "Dark mode")
	w.must(w.bot.MemberChanged(t.Context(), acme, bot.MemberSeen{Account: "rui", Name: "Rui", Complete: true}))
	w.drain()
	w.must(w.bot.MemberChanged(t.Context(), acme, bot.MemberSeen{Account: "rui", Name: "Rui Costa", Complete: true}))
	w.drain()
	if c := w.chat.in("C1")[0].(bot.Card); c.AskedBy != "Rui Costa" || c.Number != it.Number {
		t.Errorf("the card says %q", c.AskedBy)
	}
}

func TestMemberLeft(t *testing.T) {
	t.Parallel()
	w := newDeskWorld(t).withRoles(t)
	it := w.item(t, "URUI", "Dark mode", bot.Community, "", "")
	w.vote(t, "URUI", it)
	for _, account := range []string{"URUI", "UANA"} {
		if err := w.bot.MemberChanged(w.ctx, w.ref, bot.MemberSeen{Account: account, Gone: true, Complete: true}); err != nil {
			t.Fatal(err)
		}
	}
	if n := w.read(t, it).Votes; n != 1 {
		t.Errorf("%d votes: what was said stays", n)
	}
	// Nobody holds Ana's role now, so the admins do.
	w.says(t, w.say(t, "ULENA", "/heed", "status 1 planned"), "no product manager yet", "Zoe")
	w.say(t, "UZOE", "/heed", "status 1 declined Too few people need it.")
	w.clock.move(time.Hour)
	for range 3 {
		if _, err := w.bot.NoticesOnce(w.ctx); err != nil {
			t.Fatal(err)
		}
		w.dispatch(t)
	}
	if got := w.to("@URUI"); len(got) != 0 {
		t.Errorf("who left is told %s", got[0].words())
	}
}

func TestReconcile(t *testing.T) {
	t.Parallel()
	// Before the gap Rui and Mira react; in it Mira takes hers back, Omar and a forgotten
	// account add theirs; Lena adds hers and takes it back by a later, deliberate act.
	w := newWorld(t)
	it := w.item("Dark mode", nil)
	w.want(it, "C1")
	w.drain()
	w.captured(it, "C1", "x1")
	before := w.clock.Now()
	w.react("Rui", "C1", "m1", "+1", bot.Support, before)
	w.react("Mira", "C1", "m1", "+1::skin-tone-3", bot.Support, before)
	gap := before.Add(time.Minute)
	w.clock.move(time.Hour)
	w.react("Lena", "C1", "m1", "+1", bot.Retract, w.clock.Now())
	w.chat.reactions["C1/m1"] = []bot.Reacted{
		{Account: "Rui", Emoji: "+1"}, {Account: "Omar", Emoji: "+1::skin-tone-2"}, {Account: "Lena", Emoji: "+1"},
		{Account: "B1", Emoji: "+1"}, {Account: "Zoe", Emoji: "eyes"},
	}
	w.chat.reactions["C1/x1"] = []bot.Reacted{{Account: "Ana", Emoji: "+1"}}
	w.must(w.bot.Gap(t.Context(), acme, gap))
	away := true
	w.chat.fail = func(call, at string) error {
		if call == "reactions" && away {
			return &bot.Fault{Kind: bot.FaultTransient, Reason: "internal_error"}
		}
		return nil
	}
	if _, err := w.bot.ReconcileOnce(t.Context()); err == nil {
		t.Fatal("no error where the platform failed")
	}
	if n := w.number(`select count(*) from workspaces where gap_since is not null`); n != 1 {
		t.Fatal("the gap was closed though not all was read")
	}
	away = false
	for range 2 {
		_, err := w.bot.ReconcileOnce(t.Context())
		w.must(err)
		// Whoever reads sees now what Lena did.
		w.chat.reactions["C1/m1"] = slices.DeleteFunc(w.chat.reactions["C1/m1"], func(r bot.Reacted) bool { return r.Account == "Lena" })
	}
	var accounts []string
	w.must(w.db.Select(&accounts, `select m.account from votes v join members m using (board_id, person_id) where v.supports order by 1`))
	if got := fmt.Sprint(accounts); got != "[Ana Omar Rui]" {
		t.Errorf("votes of %s, want Ana, Omar and Rui", got)
	}
	if n := w.number(`select count(*) from workspaces where gap_since is not null`); n != 0 {
		t.Error("the gap is still open")
	}
	if n := w.chat.count("reactions"); n != 8 {
		t.Errorf("%d messages read, want two that failed twice, two, and two once more as Lena's was not settled", n)
	}
}

func TestReconcileForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	it := w.item("Dark mode", nil)
	w.want(it, "C1")
	w.drain()
	w.react("Rui", "C1", "m1", "+1", bot.Support, w.clock.Now())
	var hash []byte
	w.chat.reactions["C1/m1"] = []bot.Reacted{{Account: "Rui", Emoji: "+1"}}
	hash = bot.AccountHash(w.bot, acme, "Rui")
	w.must(w.store.InTx(t.Context(), func(tx bot.Tx) error {
		m, err := tx.MemberByAccount(t.Context(), w.ws.Board, w.ws.ID, "Rui")
		if err != nil {
			return err
		}
		return tx.DropBallots(t.Context(), w.ws.Board, m.ID, w.clock.Now())
	}))
	w.exec(`insert into forgotten (board_id, account_hash, at) values ($1, $2, $3)`, w.ws.Board, hash, w.clock.Now())
	w.clock.move(time.Hour)
	w.must(w.bot.Gap(t.Context(), acme, w.clock.Now()))
	_, err := w.bot.ReconcileOnce(t.Context())
	w.must(err)
	if n := w.count(it); n != 0 {
		t.Errorf("%d votes: a forgotten account came back", n)
	}
}

func TestGapNotedWhileRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.want(w.item("Dark mode", nil), "C1")
	w.drain()
	w.must(w.bot.Gap(t.Context(), acme, w.clock.Now()))
	w.chat.fail = func(call, _ string) error {
		if call == "reactions" { // the connection breaks again while the first gap is read back
			w.must(w.bot.Gap(t.Context(), acme, w.clock.Now().Add(time.Minute)))
		}
		return nil
	}
	_, err := w.bot.ReconcileOnce(t.Context())
	w.must(err)
	if n := w.number(`select count(*) from workspaces where gap_since is not null`); n != 1 {
		t.Error("the second gap was closed with the first")
	}
}
