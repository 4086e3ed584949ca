package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/bot"
)

var accounts = []string{"URUI", "ULENA", "UOMAR", "UMIRA"}

// anyBallot draws a ballot of one of a few accounts on one of the items.
func (w *votesWorld) anyBallot(t *rapid.T, toggles bool) bot.Ballot {
	item := rapid.IntRange(0, len(w.items)-1).Draw(t, "item")
	acts := []bot.BallotAct{bot.Support, bot.Retract}
	if toggles {
		acts = append(acts, bot.Toggle)
	}
	at := monday.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "hour")) * time.Hour)
	who := rapid.SampledFrom(accounts).Draw(t, "who")
	place := rapid.SampledFrom([]string{"card", "toned", "saved", bot.PlaceButton, bot.PlaceCommand, bot.PlaceAsked}).Draw(t, "place")
	act := rapid.SampledFrom(acts).Draw(t, "act")
	var b bot.Ballot
	switch place {
	case "card":
		b = w.thumb(who, item, act, at)
	case "toned":
		b = w.thumb(who, item, act, at)
		b.Emoji = "+1::skin-tone-3"
	case "saved":
		b = w.thumb(who, item, act, at)
		b.Channel, b.Message = "C2", savedOf(item-item%2)
	default:
		b = w.press(who, item, place, act, at)
	}
	if b.Act == bot.Toggle && b.Emoji != "" {
		b.Act = bot.Support
	}
	if rapid.Bool().Draw(t, "guild") && b.Emoji == "" { // the same names on the other platform are other accounts
		b.Workspace = w.guild
	}
	return b
}

// turn draws a change of a lens: a merge, an unmerge, a link or an unlink.
func (w *votesWorld) turn(rt *rapid.T, t testing.TB) {
	pick := func(name string) bot.ItemID {
		return w.items[rapid.IntRange(0, len(w.items)-1).Draw(rt, name)].ID
	}
	what := rapid.SampledFrom([]string{"merge", "unmerge", "link", "unlink", "bot"}).Draw(rt, "turn")
	from, into := pick("from"), pick("into")
	var members []struct {
		Member bot.MemberID `db:"member_id"`
		Person bot.PersonID `db:"own_person_id"`
	}
	if err := w.db.SelectContext(w.ctx, &members, `select member_id, own_person_id from members order by member_id`); err != nil {
		t.Fatal(err)
	}
	a, z := 0, 0
	if len(members) > 0 {
		a, z = rapid.IntRange(0, len(members)-1).Draw(rt, "member"), rapid.IntRange(0, len(members)-1).Draw(rt, "other")
	}
	err := w.store.InTx(w.ctx, func(tx bot.Tx) error {
		switch {
		case what == "merge":
			return tx.MergeItem(w.ctx, w.board, from, into, monday)
		case what == "unmerge":
			return tx.UnmergeItem(w.ctx, w.board, from, monday)
		case len(members) == 0:
			return nil
		case what == "link":
			return tx.LinkMember(w.ctx, w.board, members[a].Member, members[z].Person, monday)
		case what == "unlink":
			return tx.LinkMember(w.ctx, w.board, members[a].Member, 0, monday)
		}
		return nil
	})
	if err != nil && !errors.Is(err, bot.ErrMerged) {
		t.Fatal(err)
	}
	if what == "bot" && len(members) > 0 {
		w.must(t, `update members set is_bot = not is_bot where member_id = $1`, members[a].Member)
		if err := w.store.InTx(w.ctx, func(tx bot.Tx) error { return tx.RecountMember(w.ctx, w.board, members[a].Member, monday) }); err != nil {
			t.Fatal(err)
		}
	}
}

// Whatever happens, by two writers at once, what is stored is what the facts say.
func TestVotesAreAFunctionOfBallots(t *testing.T) {
	t.Parallel()
	w := newVotesWorld(t, 4)
	rapid.Check(t, func(rt *rapid.T) {
		w.reset(t)
		for range rapid.IntRange(1, 4).Draw(rt, "rounds") {
			var batches [2][]bot.Ballot
			for i := range batches {
				for range rapid.IntRange(0, 12).Draw(rt, "ballots") {
					batches[i] = append(batches[i], w.anyBallot(rt, true))
				}
			}
			var writers sync.WaitGroup
			errs := make([]error, len(batches))
			for i, batch := range batches {
				writers.Go(func() { _, errs[i] = w.store.CastVotes(w.ctx, monday, batch) })
			}
			w.turn(rt, t)
			writers.Wait()
			if err := errors.Join(errs...); err != nil {
				rt.Fatal(err)
			}
			w.turn(rt, t)
		}
		w.check(t)
		if t.Failed() {
			rt.FailNow()
		}
	})
}

// The same acts in any order, any number of times, under the same merges and links
// come to the same votes.
func TestVotesConverge(t *testing.T) {
	t.Parallel()
	one, two := newVotesWorld(t, 4), newVotesWorld(t, 4)
	rapid.Check(t, func(rt *rapid.T) {
		one.reset(t)
		two.reset(t)
		ballots := make([]bot.Ballot, rapid.IntRange(1, 30).Draw(rt, "n"))
		for i := range ballots {
			ballots[i] = one.anyBallot(rt, false)
		}
		merges := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) [2]int {
			return [2]int{rapid.IntRange(0, 3).Draw(t, "from"), rapid.IntRange(0, 3).Draw(t, "into")}
		}), 0, 3).Draw(rt, "merges")
		linked := rapid.Bool().Draw(rt, "linked")

		one.cast(t, ballots...)
		one.lens(t, merges, linked)

		// Two accounts must be known before they can be linked.
		two.lens(t, merges, false)
		shuffled := rapid.Permutation(append(ballots, ballots[:len(ballots)/2]...)).Draw(rt, "order")
		for len(shuffled) > 0 {
			n := rapid.IntRange(1, len(shuffled)).Draw(rt, "batch")
			two.cast(t, shuffled[:n]...)
			shuffled = shuffled[n:]
		}
		two.lens(t, nil, linked)

		a, b := one.named(t), two.named(t)
		for k, v := range a {
			if b[k] != v {
				rt.Errorf("%s: %q in one order, %q in the other", k, v, b[k])
			}
		}
		if len(a) != len(b) {
			rt.Errorf("%d votes in one order, %d in the other", len(a), len(b))
		}
	})
}

// lens merges items and, if linked, makes Rui's two accounts one person.
func (w *votesWorld) lens(t testing.TB, merges [][2]int, linked bool) {
	t.Helper()
	err := w.store.InTx(w.ctx, func(tx bot.Tx) error {
		for _, m := range merges {
			err := tx.MergeItem(w.ctx, w.board, w.items[m[0]].ID, w.items[m[1]].ID, monday)
			if err != nil && !errors.Is(err, bot.ErrMerged) {
				return err
			}
		}
		if !linked {
			return nil
		}
		guild, err := tx.Workspace(w.ctx, w.guild)
		if err != nil {
			return err
		}
		a, errA := tx.MemberByAccount(w.ctx, w.board, w.slack.ID, "URUI")
		b, errB := tx.MemberByAccount(w.ctx, w.board, guild.ID, "URUI")
		if errA != nil || errB != nil { // one of them never spoke: nothing to unite
			return nil
		}
		return tx.LinkMember(w.ctx, w.board, b.ID, a.Person, monday)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// named are the votes by item number and account, for worlds whose ids differ.
func (w *votesWorld) named(t testing.TB) standing {
	t.Helper()
	var rows []struct {
		Number   int
		Account  string
		Supports bool
		Since    time.Time
	}
	if err := w.db.SelectContext(w.ctx, &rows, `
		select i.number, min(k.platform || k.ref || m.account) as account, v.supports, v.since
		  from votes v join items i using (board_id, item_id)
		  join members m on m.board_id = v.board_id and m.person_id = v.person_id
		  join workspaces k on k.board_id = m.board_id and k.workspace_id = m.workspace_id
		 group by i.number, v.person_id, v.supports, v.since`); err != nil {
		t.Fatal(err)
	}
	out := standing{}
	for _, r := range rows {
		out[fmt.Sprintf("#%d %s", r.Number, r.Account)] = fmt.Sprint(r.Supports, r.Since.UTC())
	}
	return out
}
