package bot_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/bot"
)

// fact is one ballot as a test compares it: what, who, where.
type fact struct {
	Board    bot.BoardID
	Item     bot.ItemID      `db:"item_id"`
	Root     bot.ItemID      `db:"root_id"`
	Member   bot.MemberID    `db:"member_id"`
	Person   bot.PersonID    `db:"person_id"`
	Home     bot.WorkspaceID `db:"workspace_id"`
	Place    string
	Supports bool
	At       time.Time
}

func (w *linkWorld) facts() []fact {
	w.t.Helper()
	var out []fact
	w.must(w.db.Select(&out, `
		select b.board_id as board, b.item_id, i.root_id, b.member_id, m.person_id, m.workspace_id, b.place, b.supports, b.at
		  from ballots b join items i using (board_id, item_id) join members m using (board_id, member_id) where not m.is_bot`))
	return out
}

// stands checks all that is derived against bot.VoteOf over the facts.
func (w *linkWorld) stands(when string) {
	w.t.Helper()
	type vote struct {
		Board  bot.BoardID  `db:"board_id"`
		Item   bot.ItemID   `db:"item_id"`
		Person bot.PersonID `db:"person_id"`
	}
	facts := map[vote][]bot.Fact{}
	for _, f := range w.facts() {
		k := vote{f.Board, f.Root, f.Person}
		facts[k] = append(facts[k], bot.Fact{Place: f.Place, Supports: f.Supports, At: f.At})
	}
	var stored []struct {
		vote
		Supports bool
		Since    time.Time
	}
	w.must(w.db.Select(&stored, `select board_id, item_id, person_id, supports, since from votes`))
	if len(stored) != len(facts) {
		w.t.Errorf("%s: %d votes stored, %d by the ballots", when, len(stored), len(facts))
	}
	for _, v := range stored {
		supports, since, known := bot.VoteOf(facts[v.vote])
		if !known || supports != v.Supports || !since.Equal(v.Since) {
			w.t.Errorf("%s: vote of %d on %d/%d is %v since %v, by its ballots %v since %v", when, v.Person, v.Board, v.Item, v.Supports, v.Since, supports, since)
		}
	}
	w.votesHold()
}

// supporters are, by a request's title, the accounts of each person who supports it.
func (w *linkWorld) supporters(board bot.BoardID) map[string]string {
	w.t.Helper()
	var rows []struct{ Title, Account string }
	w.must(w.db.Select(&rows, `
		select i.title, string_agg(m.account, '+' order by m.account) as account
		  from votes v join items i using (board_id, item_id) join members m on m.board_id = v.board_id and m.person_id = v.person_id
		 where v.supports and v.board_id = $1 group by i.title, v.person_id order by 1, 2`, board))
	out := map[string]string{}
	for _, r := range rows {
		out[r.Title] += " " + r.Account
	}
	return out
}

// TestCarriedVotesAreTheSame has people of two workspaces do anything, in any order,
// while one of them joins the other's board, leaves and comes back. All that is derived
// follows from the facts at any time, no fact is lost on the way, and joining changes
// nobody's vote.
func TestCarriedVotesAreTheSame(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed_", seed), func(t *testing.T) {
			t.Parallel()
			w, r := newLinkWorld(t), rand.New(rand.NewPCG(seed, 3))
			people := []string{"U1", "U2", "U3", "D1", "D2", "D3", "UZOE", "DGIL"}
			asked := 0
			act := func() {
				account := people[r.IntN(len(people))]
				ref := acme
				if account[0] == 'D' {
					ref = w.guildRef
				}
				board := w.here(ref).Board
				most := w.number(`select next_number - 1 from boards where board_id = $1`, board)
				some := func() int { return 1 + r.IntN(max(most, 1)) }
				w.clock.move(time.Second)
				switch n := r.IntN(20); {
				case n < 4 || most == 0:
					asked++
					w.asks(account, fmt.Sprintf("Wish %s of %d", strings.Repeat(string(rune('a'+asked%26)), 9+asked), seed))
				case n < 10:
					_, err := w.store.CastVotes(t.Context(), w.clock.Now(), []bot.Ballot{{Workspace: ref, Account: account, Item: some(), Place: bot.PlaceButton, Act: bot.Toggle, At: w.clock.Now()}})
					w.must(err)
				case n < 14:
					_, err := w.store.CastVotes(t.Context(), w.clock.Now(), []bot.Ballot{{Workspace: ref, Account: account, Item: some(), Place: bot.PlaceCommand, Act: bot.Support, At: w.clock.Now()}})
					w.must(err)
				case n < 16:
					w.say("UZOE", fmt.Sprintf("heed merge %d into %d", some(), 1+r.IntN(9)))
				case n < 17:
					w.say(map[bot.WorkspaceRef]string{acme: "UZOE", w.guildRef: "DGIL"}[ref], fmt.Sprintf("heed unmerge %d", some()))
				case n < 19 && w.here(acme).Board == w.here(w.guildRef).Board:
					other := people[r.IntN(len(people))]
					if code := codeWritten.FindString(answer(w.say(account, "heed link me"))); code != "" {
						if ask := w.say(other, "heed link me "+code); strings.Contains(answer(ask), "[Yes, both are mine]") {
							w.press(other, ask, "Yes, both are mine")
						}
					}
				case n < 20 && r.IntN(3) == 0:
					w.say(account, "heed link me off")
				}
			}
			for range 30 {
				act()
			}
			w.stands("apart")
			for round := range 2 {
				guild, slack := w.here(w.guildRef).Board, w.here(acme).Board
				before, facts := w.supporters(guild), w.facts()
				theirs := w.supporters(slack)
				w.share()
				w.stands("shared")
				after := w.supporters(slack)
				if round == 0 {
					maps.Copy(before, theirs)
					if !maps.Equal(before, after) {
						t.Errorf("votes before %v\nand after %v", before, after)
					}
				}
				w.kept(facts, slack)
				for range 20 {
					act()
				}
				w.stands("on one board")
				facts = slices.DeleteFunc(w.facts(), func(f fact) bool { return f.Board != slack })
				w.leave()
				w.stands("left")
				home := w.here(w.guildRef).Board
				w.kept(slices.DeleteFunc(facts, func(f fact) bool {
					return f.Home != w.here(w.guildRef).ID || w.number(`select count(*) from items where board_id = $1 and item_id = $2`, home, f.Item) == 0
				}), home)
				for range 15 {
					act()
				}
				w.stands("apart again")
			}
		})
	}
}

// kept fails unless every fact stands on the board, or a newer one of the same place.
func (w *linkWorld) kept(facts []fact, board bot.BoardID) {
	w.t.Helper()
	for _, f := range facts {
		if w.number(`select count(*) from ballots where board_id = $1 and item_id = $2 and member_id = $3 and place = $4 and at >= $5`, board, f.Item, f.Member, f.Place, f.At) == 0 {
			w.t.Errorf("lost on board %d: %+v", board, f)
		}
	}
}
