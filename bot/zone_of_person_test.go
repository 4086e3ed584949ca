package bot_test

import (
	"testing"

	"heed/bot"
)

// TestDigestZone gives digests the clock of people whose platform tells none.
func TestDigestZone(t *testing.T) {
	t.Parallel()
	begin := func(t *testing.T) *world {
		w := newWorld(t)
		w.joinGuild()
		w.guildSays("ana", "D1", "/heed help")
		w.exec(`insert into grants (board_id, member_id, role, at) select board_id, member_id, 'pm', $1 from members where account = 'ana'`, w.clock.Now())
		return w
	}
	t.Run("where_nobody_knows_it_is_utc_and_says_so", func(t *testing.T) {
		t.Parallel()
		w := begin(t)
		reads(t, w.guildSays("ana", "D1", "/heed digest here"), "09:00 UTC", "I don't know your time zone", "monday 9:00 Berlin")
	})
	t.Run("the_boards_holds_where_it_has_one", func(t *testing.T) {
		t.Parallel()
		w := begin(t)
		w.exec(`update boards set zone = 'Europe/Lisbon'`)
		r := w.guildSays("ana", "D1", "/heed digest here")
		reads(t, r, "Lisbon")
		hides(t, r, "I don't know your time zone")
	})
	t.Run("their_other_account_knows_it", func(t *testing.T) {
		t.Parallel()
		w := begin(t)
		slack := w.by("UANA", "C1")
		slack.Member = bot.MemberSeen{Account: "UANA", Name: "Ana", Zone: "Europe/Berlin", Complete: true}
		must(w.bot.Command(t.Context(), slack, "heed", "help"))
		u, err := w.store.MemberByAccount(t.Context(), w.ws.Board, w.ws.ID, "UANA")
		w.must(err)
		g, err := w.store.Workspace(t.Context(), acmeGuild)
		w.must(err)
		d, err := w.store.MemberByAccount(t.Context(), g.Board, g.ID, "ana")
		w.must(err)
		w.must(w.store.LinkMember(t.Context(), g.Board, d.ID, u.Person, w.clock.Now()))
		r := w.guildSays("ana", "D1", "/heed digest here")
		reads(t, r, "Berlin")
		hides(t, r, "I don't know your time zone")
	})
	t.Run("one_that_is_named_is_theirs", func(t *testing.T) {
		t.Parallel()
		w := begin(t)
		r := w.guildSays("ana", "D1", "/heed digest here monday 9:00 Lisbon")
		reads(t, r, "Lisbon")
		hides(t, r, "I don't know your time zone")
	})
}
